"""The Test Signal's programme at any moment: one endless rundown tied to the clock.

It keeps no state: the moment alone says which programme, which piece
and which tick of sound is on, so the schedule, the titles and the sound agree
for every listener.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import msgspec

from radiotui.config import asset

TICK = 0.24
"""Seconds: the grain of the broadcast, ten frames of MP3 or one page of Ogg."""
TURN_TICKS = 125
TURN = timedelta(seconds=30)
"""Seconds of one title. Turns begin at :00 and :30 of every minute."""
PROGRAMME = timedelta(minutes=10)

_EDGE_TICKS = 30


class RundownPart(msgspec.Struct, frozen=True):
    """A file of sound within a turn."""

    sound: str
    """The file's name without its ending."""
    ticks: int


class RundownTurn(msgspec.Struct, frozen=True):
    """Thirty seconds of the broadcast: one piece, and what is said or piped beside it."""

    start: datetime
    artist: str
    title: str
    parts: tuple[RundownPart, ...]

    def tick(self, number: int) -> tuple[str, int]:
        """The sound, and the tick within it, that tick ``number`` of this turn (0 to 124) is."""
        for part in self.parts:
            if number < part.ticks:
                return part.sound, number
            number -= part.ticks
        raise IndexError(number)


class Show(msgspec.Struct, frozen=True):
    """A programme of the station, at one of its times."""

    start: datetime
    name: str
    host: str
    about: str

    @property
    def end(self) -> datetime:
        """The beginning of the next one."""
        return self.start + PROGRAMME


class Rundown:
    """The station's plan, as ``assets/test-signal/rundown.json`` has it. Times are UTC."""

    def __init__(self) -> None:
        plan = json.loads(asset("test-signal/rundown.json").read_text(encoding="utf-8"))
        self._pieces: dict[str, dict[str, str]] = plan["pieces"]
        self._programmes: list[dict[str, str]] = plan["programmes"]
        self._orders: list[list[str]] = [programme["pieces"] for programme in plan["programmes"]]
        self._openings: list[str] = plan["openings"]
        self._closing: str = plan["closing"]

    def show(self, at: datetime) -> Show:
        """The programme on air at ``at``."""
        number = int(at.timestamp() // PROGRAMME.total_seconds())
        programme = self._programmes[number % len(self._programmes)]
        start = datetime.fromtimestamp(number * PROGRAMME.total_seconds(), UTC)
        return Show(start, programme["name"], programme["host"], programme["about"])

    def turn(self, at: datetime) -> RundownTurn:
        """The piece on air at ``at``."""
        return self.turn_number(int(at.timestamp() // TURN.total_seconds()))

    def turn_number(self, number: int) -> RundownTurn:
        """The turn that begins ``number`` times thirty seconds after the epoch."""
        programme, place = divmod(number, PROGRAMME // TURN)
        order = self._orders[programme % len(self._orders)]
        piece = order[place % len(order)]
        music = RundownPart(piece, TURN_TICKS - _EDGE_TICKS)
        minute, second_half = divmod(number, 2)
        if second_half:
            parts = (music, RundownPart(self._closing, _EDGE_TICKS))
        else:
            opening = self._openings[minute % len(self._openings)]
            parts = (RundownPart(opening, _EDGE_TICKS), music)
        start = datetime.fromtimestamp(number * TURN.total_seconds(), UTC)
        return RundownTurn(
            start, self._pieces[piece]["artist"], self._pieces[piece]["title"], parts
        )


def tick_at(at: datetime) -> int:
    """The number, since the epoch, of the tick that is on air at ``at``."""
    return int(at.timestamp() / TICK + 1e-6)
