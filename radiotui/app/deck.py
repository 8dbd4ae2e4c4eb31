"""The tape deck: moving on the tape, keeping, recording, sleeping, and how loud it all is.

What a listener wants of the radio beyond tuning to it. Intents return at once;
what comes of them is in the next :class:`Playback`, or told as a word.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from radiotui.player.intents import (
    CancelSleep,
    GoLive,
    GoToBeginning,
    GoToMark,
    GoToPlace,
    GoToPlayed,
    KeepMinutes,
    KeepPlayed,
    KeepProgramme,
    KeepSong,
    PlayerIntent,
    Shift,
    SleepAfter,
    SleepIn,
    ToggleLevelLoudness,
    ToggleMuteAds,
    ToggleRecording,
)
from radiotui.player.playback import Cost

if TYPE_CHECKING:
    from radiotui.player.player import Player

__all__ = ["Cost", "Deck", "Machine"]


@dataclass(frozen=True, slots=True)
class Machine:
    """What the deck is built on."""

    player: Callable[[], Player | None]
    """None before the services are there."""


class Deck:
    """Every intent about the tape."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine

    def move(self, seconds: float) -> None:
        """Hear what is so many seconds further on the tape (below 0: back)."""
        self._do(Shift(seconds))

    def go_to(self, at: float) -> None:
        """Hear a place on the tape, in seconds."""
        self._do(GoToPlace(at))

    def live(self) -> None:
        """Hear the station as it comes."""
        self._do(GoLive())

    def beginning(self) -> None:
        """Hear the programme from its beginning, or from the tape's."""
        self._do(GoToBeginning())

    def mark(self, by: int) -> None:
        """Hear the next mark (1), or the one before (-1)."""
        self._do(GoToMark(by))

    def keep_song(self) -> None:
        """Keep the song that is heard or has just ended."""
        self._do(KeepSong())

    def keep_minutes(self, minutes: int) -> None:
        """Keep the last so many minutes before the ear."""
        self._do(KeepMinutes(minutes))

    def keep_programme(self) -> None:
        """Keep the programme from its beginning to the ear."""
        self._do(KeepProgramme())

    def record(self) -> None:
        """Record from here on, or stop doing so."""
        self._do(ToggleRecording())

    def sleep_in(self, minutes: float) -> None:
        """Fall silent in so many minutes."""
        self._do(SleepIn(minutes))

    def sleep_after(self, what: Literal["programme", "song"]) -> None:
        """Fall silent when the programme or the song (or the story) that is heard is over."""
        self._do(SleepAfter(what))

    def stay_awake(self) -> None:
        """Do not fall silent."""
        self._do(CancelSleep())

    def even(self) -> None:
        """Make every stream as loud as the others, or leave them as they are."""
        self._do(ToggleLevelLoudness())

    def mute_ads(self) -> None:
        """Be silent during what the stream says is an advertisement, or not."""
        self._do(ToggleMuteAds())

    def level(self) -> float | None:
        """How loud it is at the ear just now, from 0 to 1; None where nobody knows."""
        player = self._machine.player()
        return player.level() if player else None

    def costs(self) -> tuple[Cost, ...]:
        """What each tape takes, the one that is tuned to first."""
        player = self._machine.player()
        return player.costs() if player else ()

    def on_tape(self, station: str, stream: str, began: datetime) -> bool:
        """Whether what a station sent at a time is still on a tape."""
        player = self._machine.player()
        return player is not None and player.place_on_tape(station, stream, began) is not None

    def go_to_wall(self, station: str, stream: str, began: datetime) -> None:
        """Hear what a station sent at a time; the station is tuned to if it is not."""
        self._do(GoToPlayed(station, stream, began))

    def keep_heard(self, station: str, stream: str, began: datetime) -> None:
        """Keep the song that a station began to send at a time."""
        self._do(KeepPlayed(station, stream, began))

    def _do(self, intent: PlayerIntent) -> None:
        player = self._machine.player()
        if player is not None:
            player.do(intent)
