"""What of the tape is to be kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Protocol

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.dom import DOMNode

from radiotui.player.step import Playback
from radiotui.text import clock_duration
from radiotui.ui.dialogs.minutes import MinutesScreen, choice, minutes_word
from radiotui.ui.kit.content import BLANK, hour, is_recorded, local, trusted, untrusted
from radiotui.ui.kit.row import Row
from radiotui.ui.kit.row_list import ListEntry


class Keeper(Protocol):
    """What the sheet can do."""

    def keep_song(self) -> None:
        """Keep the song that is heard or has just ended."""

    def keep_minutes(self, minutes: int) -> None:
        """Keep the last so many minutes before the ear."""

    def keep_programme(self) -> None:
        """Keep the programme from its beginning to the ear."""

    def record(self) -> None:
        """Record from here on, or stop doing so."""


class KeepScreen(MinutesScreen):
    """The song, minutes, the programme, or from here on."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("K", "dismiss", show=False)]
    SHEET_TITLE = "Keep"
    MINUTES = (1, 5, 10, 30)

    def __init__(self, main: DOMNode, keeper: Keeper) -> None:
        super().__init__(main)
        self._keeper = keeper

    def _entries(self, playback: Playback) -> Iterator[ListEntry]:
        yield ListEntry("song", choice(_song(playback)))
        yield from self._minutes()
        began = playback.programme_at
        since = f"since {hour(local(began))}" if began else ""
        programme = trusted("This programme from its beginning  ")
        yield ListEntry(
            "programme", choice(programme + untrusted(playback.programme, "dim"), since)
        )
        words = (
            "Stop recording"
            if is_recorded(playback)
            else "Record from here on, until it is stopped"
        )
        yield ListEntry("record", choice(trusted(words)))

    def _minutes_row(self, minutes: int) -> Row:
        last = "The last minute" if minutes == 1 else f"The last {minutes_word(minutes)}"
        at = self._playback.position
        there = 0.0 if at is None else max(0.0, at - self._playback.tape_start)
        return choice(
            trusted(last), f"{clock_duration(there)} on tape" if there < minutes * 60 else ""
        )

    def _take_minutes(self, minutes: int) -> None:
        self._keeper.keep_minutes(minutes)

    def _take(self, chosen: str) -> None:
        {
            "song": self._keeper.keep_song,
            "programme": self._keeper.keep_programme,
            "record": self._keeper.record,
        }[chosen]()


def _song(playback: Playback) -> Content:
    """The song that is heard, else the last that was named before the ear."""
    if playback.title and not playback.ad:
        return trusted("This song  ") + untrusted(playback.title, "dim")
    at = playback.position
    named = [
        mark.text
        for mark in playback.marks
        if mark.kind == "title" and mark.text and not mark.ad and at is not None and mark.at <= at
    ]
    return trusted("The last song  ") + (untrusted(named[-1], "dim") if named else BLANK)
