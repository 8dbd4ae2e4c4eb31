"""The wires of the one screen: services to widgets, widgets to intents."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.notifications import Notification, Notify, SeverityLevel
from textual.reactive import var
from textual.screen import Screen
from textual.widgets import Static

from radiotui.app.companion import Companion
from radiotui.guide.model import OnAir
from radiotui.player.step import Playback
from radiotui.problems import Problem
from radiotui.stations.model import Station, StationList
from radiotui.stories.model import (
    Headline,
    Section,
    SectionKey,
    StationSection,
    Story,
    StoryList,
)
from radiotui.text import clean
from radiotui.ui.commands.keymap import Keymap
from radiotui.ui.kit.fault_barrier import FaultBarrier
from radiotui.ui.kit.messages import Noticed, Opened, Snapped
from radiotui.ui.widgets.key_bar import KeyBar
from radiotui.ui.widgets.lists.on_air import StationPane
from radiotui.ui.widgets.lists.stories import StoryPane
from radiotui.ui.widgets.player.player_bar import PlayerBar
from radiotui.ui.widgets.reader.reader import StoryReader

if TYPE_CHECKING:
    from radiotui.app.deck import Deck
    from radiotui.ui.widgets.reader.picture import DrawnPicture

PANES = ("air", "stories", "story")


def _zones(station_list: StationList) -> dict[str, ZoneInfo]:
    """Time zones are read from files, and let go of when nobody keeps them."""
    return {station.timezone: station.zone for station in station_list.stations}


def _notification(problem: Problem, severity: SeverityLevel, seconds: float) -> Notification:
    title, hint = clean(problem.title), clean(problem.hint)
    title, text = (title, hint) if hint else ("", title)
    return Notification(text, title, severity, timeout=seconds, markup=False)


class Wiring(FaultBarrier, Screen[None]):
    """Player, stations, stories, reader, and what each is told."""

    AUTO_FOCUS = "#air"

    station_list: var[StationList] = var(StationList())
    sections: var[tuple[Section, ...]] = var(())
    """What has stories besides the stations."""
    playback: var[Playback] = var(Playback())
    airs: var[Mapping[tuple[str, str], OnAir]] = var({})
    on_air: var[OnAir | None] = var(None)
    """What is on the stream that is tuned to."""
    tuned_station: var[Station | None] = var(None)
    station: var[Station | None] = var(None)
    """The station that is looked at; None where it is another section."""
    section: var[Section | None] = var(None)
    """What is looked at."""
    story_list: var[StoryList | None] = var(None)
    headline: var[Headline | None] = var(None)
    story: var[Story | Problem | None] = var(None)
    fetching: var[bool] = var(False)
    """Whether the page of the story is asked for."""
    drawings: var[Mapping[str, DrawnPicture]] = var({})
    """Pictures of the open story as they were drawn, by address."""
    place: var[tuple[int, int]] = var((0, 0))
    now: var[datetime] = var(datetime(1970, 1, 1, tzinfo=UTC))
    minute: var[datetime] = var(datetime(1970, 1, 1, tzinfo=UTC))
    pane: var[str] = var("air", init=False)
    reading: var[bool] = var(False, toggle_class="-reading")
    """Whether the reader is wanted where there is no room for every pane."""
    zoomed: var[bool] = var(False, toggle_class="-zoomed")
    unread_only: var[bool] = var(False)
    awake: var[bool] = var(True)
    """Whether no sheet lies over the screen."""
    moving = False
    """Whether the listener is moving on the tape just now: what is told then answers that."""
    _last_move: Notification | None = None

    def __init__(self, companion: Companion, keymap: Keymap) -> None:
        super().__init__(classes="-pane-air")
        self._companion = companion
        self._keymap = keymap
        self._zones = _zones(companion.station_list)
        self.set_reactive(Wiring.station_list, companion.station_list)
        self.set_reactive(Wiring.sections, companion.desk.sections)
        self.set_reactive(Wiring.playback, companion.playback)
        self.set_reactive(Wiring.now, companion.clock())
        self.set_reactive(Wiring.minute, companion.clock().replace(second=0, microsecond=0))

    def compose(self) -> ComposeResult:
        """Who gets what."""
        screen = Wiring
        # Who wants nothing to move on the screen gets no level.
        still = self.app.animation_level == "none"
        player = PlayerBar() if still else PlayerBar(self._companion.deck.level)
        yield player.data_bind(
            screen.playback,
            screen.on_air,
            screen.now,
            screen.awake,
            station=screen.tuned_station,
        )
        with Horizontal(id="panes"):
            self.air = StationPane(self.station_list, self.sections, self._keymap)
            yield self.air.data_bind(
                screen.station_list, screen.sections, screen.airs, screen.playback
            )
            self.stories = StoryPane(self._keymap)
            yield self.stories.data_bind(
                screen.section,
                screen.story_list,
                screen.headline,
                screen.unread_only,
                now=screen.minute,
            )
            self.reader = StoryReader(self._keymap)
            yield self.reader.data_bind(
                screen.headline,
                screen.story,
                screen.fetching,
                screen.drawings,
                number=screen.place,
                now=screen.minute,
            )
        yield KeyBar(self._keymap).data_bind(screen.playback)
        yield Static("radiotui needs 60 columns and 16 lines", id="too-small", markup=False)

    def on_mount(self) -> None:
        """The clock ticks."""
        self._tick()

    def fit(self, columns: int, lines: int) -> None:
        """Take the breakpoints' classes before the first paint, which is then the only one."""
        app = self.app
        for extent, points in (
            (columns, app.HORIZONTAL_BREAKPOINTS),
            (lines, app.VERTICAL_BREAKPOINTS),
        ):
            reached = [name for least, name in sorted(points or []) if extent >= least]
            self.set_class(True, *reached[-1:], update=False)

    # What the services tell

    @on(Snapped)
    def take(self, event: Snapped) -> None:
        """Keep the newest of everything."""
        match event.snapshot:
            case Playback() as playback:
                self._take_playback(playback)
            case OnAir() as on_air:
                self.airs = {**self.airs, (on_air.station, on_air.stream): on_air}
                self._take_playback(self.playback)
            case StoryList() as story_list if (
                self.section and story_list.section == self.section.key
            ):
                self._take_story_list(story_list)
            case StationList() as station_list:
                self._zones |= _zones(station_list)
                self.station_list = station_list
                self.sections = self._companion.desk.sections
                if self.section is not None:
                    self.section = self._companion.desk.section(self.section.key) or self.section
                if self.station is not None:
                    self.station = station_list.station(self.station.id) or self.station
                self._take_playback(self.playback)

    def _take_playback(self, playback: Playback) -> None:
        self.tuned_station = (
            self.station_list.station(playback.station) if playback.station else None
        )
        self.on_air = self.airs.get((playback.station, playback.stream))
        self.playback = playback

    def _take_story_list(self, story_list: StoryList | None) -> None:
        self.story_list = story_list
        headlines = story_list.headlines if story_list else ()
        for number, headline in enumerate(headlines, 1):
            if self.headline is not None and headline.id == self.headline.id:
                self.headline = headline
                self.place = (number, len(headlines))
                return
        self.place = (0, 0)

    @on(Noticed)
    def tell(self, event: Noticed) -> None:
        """Show a problem, or a word about what was done, once."""
        if not event.calm:
            self.tell_problem(event.problem)
        elif event.moving:
            self._tell_move(event.problem)
        else:
            self._notify(_notification(event.problem, "information", 5))

    def tell_problem(self, problem: Problem) -> None:
        """Show it for a while; its words are nobody's markup."""
        self._notify(_notification(problem, "warning", 8))

    def _tell_move(self, word: Problem) -> None:
        """How far the last move went; what was said of the one before is of no use any more."""
        if self._last_move is not None:
            self.app._unnotify(self._last_move, refresh=False)
        self._last_move = _notification(word, "information", 3)
        self._notify(self._last_move)

    def _notify(self, notification: Notification) -> None:
        # At once: the next may take its place before a message would have been handled.
        self.app._on_notify(Notify(notification))

    @on(Opened)
    async def begin(self, event: Opened) -> None:
        """Play what was asked for, or go to where the last run ended."""
        if event.play is not None:
            station, stream = self.station_list.find(event.play)
            self.air.choose(station.id, stream.id)
            self._companion.play(station.id, stream.id)
        elif self.section is None:
            self.air.choose(*await self._last())
        if self.section is None and self.air.chosen is not None:
            self._look_at(StationSection(self.air.chosen[0].id))

    async def _last(self) -> tuple[str, str]:
        """Station and stream that were played last; empty when it is not known."""
        try:
            last = await self._companion.recall("last")
        except Problem as problem:
            self.tell_problem(problem)
            return "", ""
        station, _, stream = (last or "").partition("/")
        return station, stream

    # What the widgets tell

    @on(StationPane.LookedAt)
    def look_at(self, event: StationPane.LookedAt) -> None:
        """Follow the highlight."""
        self._look_at(event.section)

    def _look_at(self, key: SectionKey) -> None:
        if self.section is not None and self.section.key == key:
            return
        station_id = key.station if isinstance(key, StationSection) else ""
        self.station = self.station_list.station(station_id)
        self.section = self._companion.desk.section(key)
        self._take_story_list(self._companion.desk.story_list(key))
        self._companion.look_at(key)

    @on(StationPane.StreamChosen)
    def tune(self, event: StationPane.StreamChosen) -> None:
        """Play it, and show what belongs to it."""
        self._look_at(StationSection(event.station))
        self._companion.play(event.station, event.stream)

    @on(StationPane.Read)
    def read_section(self, event: StationPane.Read) -> None:
        """Go to these stories."""
        self.open_section(event.section)

    def open_section(self, key: SectionKey) -> None:
        """Look at a list of stories, and go to it."""
        self.air.choose_section(key)
        self._look_at(key)
        self.go_to("stories")

    @on(PlayerBar.PlaceClicked)
    def hear_place(self, event: PlayerBar.PlaceClicked) -> None:
        """The mouse went to another place of the tape."""
        self.move_on_tape(lambda deck: deck.go_to(event.at))

    def move_on_tape(self, move: Callable[[Deck], None]) -> None:
        """Hear another place; what is said about it at once is said as one word."""
        self.moving = True
        try:
            move(self._companion.deck)
        finally:
            self.moving = False

    @on(events.ScreenSuspend)
    def rest(self) -> None:
        """A sheet lies over it."""
        self.awake = False

    @on(events.ScreenResume)
    def wake(self) -> None:
        """The sheet is gone."""
        self.awake = True

    @on(StoryPane.Older)
    def older(self) -> None:
        """Older stories of what is looked at."""
        self._companion.desk.more()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """The pane one works in, however one came there."""
        if event.widget.id in PANES:
            self.pane = event.widget.id

    # What it looks like

    def watch_pane(self, pane: str) -> None:
        """The panes' classes decide what a small screen shows."""
        self.update_classes({f"-pane-{name}": name == pane for name in PANES})
        if pane == "story":
            self.reading = True
        elif pane == "air":
            self.reading = False

    def _tick(self) -> None:
        """Once a second, on the second."""
        self.now = now = self._companion.clock()
        self.minute = now.replace(second=0, microsecond=0)
        self.set_timer(1 - now.microsecond / 1e6 + 0.001, self._tick)

    # What is opened

    def go_to(self, pane: str) -> None:
        """Work in that pane; where there is no room it takes another's place."""
        self.pane = pane
        self.set_focus(self.current)

    @property
    def current(self) -> StationPane | StoryPane | StoryReader:
        """The pane one works in."""
        match self.pane:
            case "air":
                return self.air
            case "stories":
                return self.stories
        return self.reader
