"""When the radio is to fall silent by itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal, Protocol

from textual.binding import Binding, BindingType
from textual.dom import DOMNode

from radiotui.player.step import Playback
from radiotui.ui.dialogs.minutes import MinutesScreen, choice, minutes_word
from radiotui.ui.kit.content import hour, local, trusted, untrusted
from radiotui.ui.kit.row import Row
from radiotui.ui.kit.row_list import ListEntry


class Timer(Protocol):
    """What the sheet can do."""

    def sleep_in(self, minutes: float) -> None:
        """Fall silent in so many minutes."""

    def sleep_after(self, what: Literal["programme", "song"]) -> None:
        """Fall silent when it is over."""

    def stay_awake(self) -> None:
        """Do not fall silent."""


class SleepScreen(MinutesScreen):
    """Minutes, the end of what is heard, or not at all."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("s", "dismiss", show=False)]
    SHEET_TITLE = "Sleep"
    MINUTES = (15, 30, 45, 60, 90)

    def __init__(self, main: DOMNode, timer: Timer) -> None:
        super().__init__(main)
        self._timer = timer

    def _entries(self, playback: Playback) -> Iterator[ListEntry]:
        yield from self._minutes()
        if playback.spoken is None:
            until = playback.programme_until
            ends = hour(local(until)) if until else ""
            end = trusted("At the end of this programme  ") + untrusted(playback.programme, "dim")
            yield ListEntry("programme", choice(end, ends))
        what = "song" if playback.spoken is None else "story"
        yield ListEntry("song", choice(trusted(f"At the end of this {what}")))
        if playback.sleep is not None:
            yield ListEntry("off", choice(trusted("Not at all: stay awake")))

    def _minutes_row(self, minutes: int) -> Row:
        return choice(trusted(f"In {minutes_word(minutes)}"))

    def _take_minutes(self, minutes: int) -> None:
        self._timer.sleep_in(minutes)

    def _take(self, chosen: str) -> None:
        if chosen == "off":
            self._timer.stay_awake()
        elif chosen == "programme":
            self._timer.sleep_after("programme")
        else:
            self._timer.sleep_after("song")
