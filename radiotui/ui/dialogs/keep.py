"""Sheet that keeps a part of the tape."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.dom import DOMNode

from radiotui.app.companion import Companion
from radiotui.player.intents import (
    KeepIntent,
    KeepMinutes,
    KeepProgramme,
    KeepSong,
    ToggleRecording,
)
from radiotui.player.state import Listening, PlayerState
from radiotui.text import clock_duration, title_words
from radiotui.ui.commands.keymap import Keymap, sheet_bindings
from radiotui.ui.dialogs.minutes import MinutesScreen, choice, minutes_word
from radiotui.ui.kit.content import BLANK, trusted, untrusted
from radiotui.ui.kit.row import Row
from radiotui.ui.kit.row_list import ListEntry
from radiotui.ui.kit.time_words import hour, local

_INTENTS: Mapping[str, KeepIntent] = {
    "song": KeepSong(),
    "programme": KeepProgramme(),
    "record": ToggleRecording(),
}


class KeepScreen(MinutesScreen):
    """The song, minutes, the programme, or from here on."""

    BINDINGS: ClassVar[list[BindingType]] = sheet_bindings({"keep.close": "dismiss"})
    SHEET_TITLE = "Keep"
    MINUTES = (1, 5, 10, 30)

    def __init__(self, keymap: Keymap, main: DOMNode, companion: Companion) -> None:
        super().__init__(keymap, main)
        self._companion = companion

    def _entries(self, player_state: PlayerState) -> Iterator[ListEntry]:
        radio = _radio(player_state)
        yield ListEntry("song", choice(_song(radio)))
        yield from self._minutes()
        began = radio.programme_at
        since = f"since {hour(local(began))}" if began else ""
        programme = trusted("This programme from its beginning  ")
        yield ListEntry("programme", choice(programme + untrusted(radio.programme, "dim"), since))
        words = (
            "Stop recording"
            if player_state.recording
            else "Record from here on, until it is stopped"
        )
        yield ListEntry("record", choice(trusted(words)))

    def _minutes_row(self, minutes: int) -> Row:
        last = "The last minute" if minutes == 1 else f"The last {minutes_word(minutes)}"
        radio = _radio(self._player_state)
        there = 0.0 if radio.position is None else max(0.0, radio.position - radio.tape_start)
        return choice(
            trusted(last), f"{clock_duration(there)} on tape" if there < minutes * 60 else ""
        )

    def _obey_minutes(self, minutes: int) -> None:
        self._companion.do(KeepMinutes(minutes))

    def _obey(self, row_id: str) -> None:
        self._companion.do(_INTENTS[row_id])


def _radio(player_state: PlayerState) -> Listening:
    """The stream that is kept from: at the ear, or waiting on its tape for a story's end."""
    return player_state.radio or Listening()


def _song(radio: Listening) -> Content:
    """The song that is heard, else the last that was named before the ear."""
    if radio.title and not radio.ad:
        return trusted("This song  ") + untrusted(title_words(radio.title), "dim")
    at = radio.position
    titles = [
        mark.text
        for mark in radio.marks
        if mark.kind == "title" and mark.text and not mark.ad and at is not None and mark.at <= at
    ]
    words = untrusted(title_words(titles[-1]), "dim") if titles else BLANK
    return trusted("The last song  ") + words
