"""The main screen: keys and messages, wired to the functions of each feature."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import ClassVar

from textual import events, on
from textual.binding import BindingType

from radiotui.app.command import FEED_ROWS, STATION_ROWS, Situation
from radiotui.app.commands import BY_ID
from radiotui.app.intents import Intent, Tune
from radiotui.player.intents import GoToPlace, Move
from radiotui.stories.intents import KeepPlace
from radiotui.stories.model import StationSection
from radiotui.ui.commands.keymap import main_bindings
from radiotui.ui.kit.messages import Intended, Noticed, Opened, Snapped
from radiotui.ui.kit.rest_timer import call_after
from radiotui.ui.screens import furnishing
from radiotui.ui.screens.story_actions import close_story, draw_picture, open_page, open_story
from radiotui.ui.screens.view import PANE_IDS, MainView, is_on_station
from radiotui.ui.widgets.lists.air_messages import ListChosen, LookedAt, StreamChosen
from radiotui.ui.widgets.lists.stories import StoryPane
from radiotui.ui.widgets.player.player_bar import PlayerBar
from radiotui.ui.widgets.player.player_facts import VOLUME_CLICKS
from radiotui.ui.widgets.reader.reader_messages import PageWanted, PictureWanted, RestsAt


class MainScreen(MainView):
    """Every command of the table that is not the app's, and every message of the widgets."""

    BINDINGS: ClassVar[list[BindingType]] = main_bindings()

    after_rest = cached_property(furnishing.after_rest)

    moving = False
    """A move on the tape is being obeyed: a notice that comes now answers it."""

    # Keys

    @property
    def situation(self) -> Situation:
        """Facts that decide which commands make sense."""
        # With the first key: nothing of it is on the first screen.
        from radiotui.ui.screens.situation import situation_of

        return situation_of(self)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """True for the command of a key that is meant for the row which is highlighted."""
        command = BY_ID.get(str(parameters[0])) if action == "do" and parameters else None
        if command is not None and command.context in {STATION_ROWS, FEED_ROWS}:
            return is_on_station(self) == (command.context == STATION_ROWS)
        return super().check_action(action, parameters)

    def action_do(self, command_id: str) -> None:
        """Run a command of the table: by the screen's own function, or by its intent.

        Where it cannot be obeyed the reason is said: no key does nothing at all.
        """
        from radiotui.app.refusals import refusal
        from radiotui.ui.screens.actions import ACTIONS

        command = BY_ID[command_id]
        reason = refusal(command, self.situation)
        action, intent = ACTIONS.get(command_id), command.intent
        if reason:
            self.say(self.with_keys(reason))
        elif action is not None:
            action(self)
        elif intent is not None:
            with _moving_by(self, intent):
                self.companion.do(intent)

    # Services

    def on_mount(self) -> None:
        """Start the clock."""
        if not self.children:  # nothing could be drawn, and that ends the program
            return
        self.watch(self, "player_state", lambda: _tell_queued(self), init=False)
        self.watch(self, "offline", lambda: _tell_offline(self), init=False)
        self.tick()
        self.call_after_refresh(furnishing.furnish, self)

    def tick(self) -> None:
        """Once a second, on the second."""
        self.now = now = self.companion.clock()
        self.minute = now.replace(second=0, microsecond=0)
        self.offline = self.companion.is_offline
        call_after(self, 1 - now.microsecond / 1e6 + 0.001, self.tick)

    def on_unmount(self) -> None:
        """Remember the place in the open story."""
        close_story(self)

    @on(Opened)
    async def begin(self, event: Opened) -> None:
        """Play what was asked for, or go to where the last run ended."""
        from radiotui.ui.screens.pane_actions import begin
        from radiotui.ui.screens.station_picture import follow_station

        follow_station(self)
        await begin(self, event.play)

    @on(Snapped)
    def take_snapshot(self, event: Snapped) -> None:
        """Show the newest of everything."""
        self.after_rest.show(event.snapshot)

    @on(Noticed)
    def tell(self, event: Noticed) -> None:
        """Show a problem, or a word about what was done, once."""
        if event.calm:
            self.report_calmly(event.problem, of_move=event.moving)
        else:
            self.report(event.problem)

    # Widgets

    @on(LookedAt)
    def follow_highlight(self, event: LookedAt) -> None:
        """Show the stories of the highlighted row."""
        self.highlighted = self.air.chosen
        self.show(self.player_state)
        self.look_at(event.section)

    @on(StreamChosen)
    def tune(self, event: StreamChosen) -> None:
        """Play it, and show what belongs to it."""
        self.look_at(StationSection(event.station))
        current, pending = self.player_state.current, self.player_state.pending
        is_same = current.key == (event.station, event.stream)
        if is_same and current.is_playing and pending is None:
            hint = f" · {self.key('tape.live')} leads to live" if current.is_behind else ""
            self.say(f"This plays already{hint}")
        self.companion.do(Tune(event.station, event.stream))

    @on(ListChosen)
    def read_section(self, event: ListChosen) -> None:
        """Go to these stories."""
        self.open_section(event.section)

    @on(Intended)
    def obey(self, event: Intended) -> None:
        """Pass on an intent that a widget has by itself."""
        self.companion.do(event.intent)

    @on(PlayerBar.PlaceClicked)
    def hear_place(self, event: PlayerBar.PlaceClicked) -> None:
        """Move to the place of the tape that was clicked."""
        with _moving_by(self, GoToPlace(event.at)) as intent:
            self.companion.do(intent)

    @on(StoryPane.Chosen)
    def read(self, event: StoryPane.Chosen) -> None:
        """Open the story in the reader."""
        open_story(self, event.headline)

    @on(RestsAt)
    def remember_place(self, event: RestsAt) -> None:
        """Remember how far the story was read."""
        self.companion.do(KeepPlace(event.headline, event.place))

    @on(PageWanted)
    def follow(self, event: PageWanted) -> None:
        """Open a link of the story."""
        open_page(self, event.url)

    @on(PictureWanted)
    def picture(self, event: PictureWanted) -> None:
        """Draw a picture that comes into view."""
        draw_picture(self, event.url, event.room)

    @on(events.MouseScrollUp)
    @on(events.MouseScrollDown)
    def turn_volume(self, event: events.MouseScrollUp | events.MouseScrollDown) -> None:
        """Change the volume by the wheel over its figure."""
        if event.style.meta.get("@click") in VOLUME_CLICKS:
            is_up = isinstance(event, events.MouseScrollUp)
            self.action_do("player.louder" if is_up else "player.softer")

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Note the pane that has the focus now, by mouse or by key."""
        pane = "story" if event.widget is self.transcript else event.widget.id
        if pane in PANE_IDS:
            self.pane = pane

    @on(events.ScreenSuspend)
    @on(events.ScreenResume)
    def follow_sheets(self, event: events.ScreenSuspend | events.ScreenResume) -> None:
        """Rest while a sheet lies over the screen."""
        self.awake = isinstance(event, events.ScreenResume)


def _tell_queued(view: MainView) -> None:
    if view.queueing:
        from radiotui.ui.screens.list_actions import tell_queued

        tell_queued(view)


def _tell_offline(view: MainView) -> None:
    if view.offline:
        from radiotui.ui.screens.tape_actions import tell_offline

        tell_offline(view)


@contextmanager
def _moving_by(screen: MainScreen, intent: Intent) -> Iterator[Intent]:
    """Note of a move on the tape that its answer replaces the last one's."""
    screen.moving = isinstance(intent, Move)
    try:
        yield intent
    finally:
        screen.moving = False
