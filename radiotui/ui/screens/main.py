"""The one screen: what its keys do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual.binding import BindingType

from radiotui.player.step import PlayState
from radiotui.ui.commands.command import Command, Situation
from radiotui.ui.commands.keymap import bindings
from radiotui.ui.commands.table import COMMANDS
from radiotui.ui.screens.taping import Taping
from radiotui.ui.screens.wiring import PANES

_BY_ACTION: Mapping[str, Command] = {command.action: command for command in COMMANDS}


class MainScreen(Taping):
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
            stories=bool(self.story_list and self.story_list.headlines),
            story=subject is not None,
            page=bool(page),
            open=self.is_open,
            spoken=self.playback.spoken is not None,
            own_feed=self.own_feed is not None,
            recording=bool(self.playback.recordings),
        )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys do nothing where their command makes no sense."""
        call = f"{action}({', '.join(map(repr, parameters))})" if parameters else action
        command = _BY_ACTION.get(call)
        return command is None or command.when(self.situation)

    def action_pause(self) -> None:
        """Pause, resume, or tune to what is highlighted when nothing ever was."""
        if self.playback.station or self.playback.spoken:
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
            self.reader.rest()
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
