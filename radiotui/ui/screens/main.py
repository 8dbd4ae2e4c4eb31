"""The one screen: what its keys do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual.binding import BindingType

from radiotui.feeds.model import Headline
from radiotui.player.state import PlayState
from radiotui.ui.commands import COMMANDS, Command, Situation, bindings
from radiotui.ui.screens.wiring import PANES, Wiring

_BY_ACTION: Mapping[str, Command] = {command.action: command for command in COMMANDS}


class MainScreen(Wiring):
    """Every command of the table that is not the app's."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(of_app=False)

    @property
    def situation(self) -> Situation:
        """What decides which commands make sense."""
        subject = self._subject
        page = subject.link if subject else None
        if self.pane == "air":
            page = self.station.homepage if self.station else None
        return Situation(
            pane=self.pane,
            tuned=self.playback.state is not PlayState.STOPPED,
            streams=self.air.chosen is not None or bool(self.playback.station),
            stories=bool(self.shelf and self.shelf.headlines),
            story=subject is not None,
            page=bool(page),
        )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys do nothing where their command makes no sense."""
        call = f"{action}({', '.join(map(repr, parameters))})" if parameters else action
        command = _BY_ACTION.get(call)
        return command is None or command.when(self.situation)

    @property
    def _subject(self) -> Headline | None:
        """The story that commands are about."""
        return self.headline if self.pane == "story" else self.stories.chosen

    def action_pause(self) -> None:
        """Pause, resume, or tune to what is highlighted when nothing ever was."""
        if self.playback.station:
            self._companion.toggle()
        elif self.air.chosen is not None:
            station, stream = self.air.chosen
            self._companion.play(station.id, stream.id)

    def action_stop(self) -> None:
        """Let go of the station."""
        self._companion.stop()

    def action_louder(self, by: int) -> None:
        """More, or less."""
        self._companion.louder(by)

    def action_mute(self) -> None:
        """Mute or unmute."""
        self._companion.mute()

    def action_pane(self, name: str) -> None:
        """Work in that pane; where there is no room it takes another's place."""
        self.pane = name
        # At once: the next key may be here already, and is meant for that pane.
        self.set_focus(self.current)

    def action_turn(self, by: int) -> None:
        """The next pane, in a circle; the reader only once there is something in it."""
        panes = [p for p in PANES if p != "story" or self.headline or self.reader.display]
        at = panes.index(self.pane) if self.pane in panes else 0
        self.go_to(panes[(at + by) % len(panes)])

    def action_zoom(self) -> None:
        """One pane alone, and back."""
        self.zoomed = not self.zoomed

    def action_back(self) -> None:
        """One step out."""
        if self.zoomed:
            self.zoomed = False
        elif self.pane == "story":
            self.reading = False
            self.go_to("stories")
        elif self.pane == "stories":
            self.go_to("air")

    def action_move(self, where: str) -> None:
        """Up and down in whatever one is in."""
        self.current.move(where)

    def action_choose(self) -> None:
        """As Enter in the list."""
        if self.pane == "air":
            self.air.action_select()
        elif self.pane == "stories":
            self.stories.action_select()

    def action_story(self, by: int) -> None:
        """Open the next or the previous story."""
        headlines = self.shelf.headlines if self.shelf else ()
        at = self._at(headlines)
        wanted = 0 if at is None else at + by
        if 0 <= wanted < len(headlines):
            self.open_story(headlines[wanted])

    def action_unread(self, by: int) -> None:
        """Open the next or the previous story that was not read."""
        headlines = self.shelf.headlines if self.shelf else ()
        at = self._at(headlines)
        after = headlines[at + 1 :] if at is not None else headlines
        before = headlines[:at] if at is not None else ()
        order = [*after, *before] if by > 0 else [*reversed(before), *reversed(after)]
        unread = next((headline for headline in order if not headline.read), None)
        if unread is not None:
            self.open_story(unread)
        else:
            self.notify("Every story here is read", markup=False, timeout=3)

    def _at(self, headlines: tuple[Headline, ...]) -> int | None:
        """Where in the list the story is that one reads or has highlighted."""
        here = self.headline if self.headline is not None else self.stories.chosen
        if here is None:
            return None
        return next((n for n, headline in enumerate(headlines) if headline.id == here.id), None)

    def action_mark(self) -> None:
        """Read or unread."""
        if self._subject is not None:
            self._companion.mark_read(self._subject.id, read=not self._subject.read)

    def action_star(self) -> None:
        """Keep it, or no longer."""
        if self._subject is not None:
            self._companion.star(self._subject.id, starred=not self._subject.starred)

    def action_page(self) -> None:
        """The story's page, or the station's."""
        subject = self._subject if self.pane != "air" else None
        url = subject.link if subject else self.station.homepage if self.station else None
        if url:
            self.open_page(url)

    def action_refresh(self) -> None:
        """Ask for new stories."""
        self._companion.refresh()
