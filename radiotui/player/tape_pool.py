"""Every stream that is taped: what is tuned to, what comes, what is kept warm or recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from radiotui.player import events
from radiotui.player.playback import Cost
from radiotui.player.sources import Reel, Reels
from radiotui.radio.tape.tape import Tape
from radiotui.stations.model import Station, Stream

Chosen = tuple[Station, Stream] | Path


class Tapes:
    """The reels of stations, by the load of their tuning. There is never a second one of a stream.

    ``in_use`` tells whether a tape is being recorded: it is kept until that is over.
    """

    def __init__(self, reels: Reels, in_use: Callable[[Tape], bool]) -> None:
        self._reels = reels
        self._in_use = in_use
        self._kept: dict[int, Reel] = {}
        self._left: list[Reel] = []
        """Nobody listens to them any more, but they are being recorded."""
        self._programmes: dict[tuple[str, str], tuple[str, datetime, datetime | None]] = {}

    def __iter__(self) -> Iterator[Reel]:
        return iter([*self._kept.values(), *self._left])

    def get(self, load: int | None) -> Reel | None:
        """The reel of a tuning."""
        return None if load is None else self._kept.get(load)

    def of(self, station: str, stream: str) -> Reel | None:
        """The reel of a stream, if it is taped."""
        return next((reel for reel in self if reel.key == (station, stream)), None)

    def tune(self, load: int, chosen: Chosen) -> None:
        """Begin to tape a stream, or take up the tape that is still there."""
        if isinstance(chosen, Path):
            self._kept[load] = self._reels.of_file(load, chosen)
            return
        station, stream = chosen
        left = next((reel for reel in self._left if reel.key == (station.id, stream.id)), None)
        if left is None:
            self._kept[load] = self._reels.of_station(load, station, stream)
        else:
            self._left.remove(left)
            self._kept[load] = left
            self._reels.take_up(left, load)

    def keep_only(self, loads: set[int]) -> None:
        """Let go of the others; what is being recorded stays on until it is done."""
        for load in [load for load in self._kept if load not in loads]:
            self._left.append(self._kept.pop(load))
        self.let_go()

    def let_go(self) -> None:
        """Close what nobody listens to and nobody records."""
        for reel in [one for one in self._left if one.tape is None or not self._in_use(one.tape)]:
            self._left.remove(reel)
            reel.close()

    def note(self, event: events.OnTape) -> None:
        """A reel's first sound is there."""
        reel = self._kept.get(event.load)
        if reel is not None:
            reel.on_tape = event
            self._mark(reel)

    def programme(
        self, station: str, stream: str, text: str, began: datetime, until: datetime | None
    ) -> None:
        """What is on, and since when: a mark on the stream's tape, now or with its first sound."""
        self._programmes[station, stream] = (text, began, until)
        reel = self.of(station, stream)
        if reel is not None and reel.on_tape is not None:
            self._mark(reel)

    def place_of(self, station: str, stream: str, wall: datetime) -> float | None:
        """Where on a stream's tape is what was sent at a time, in seconds; None: nowhere."""
        reel = self.of(station, stream)
        if reel is None or reel.tape is None:
            return None
        at = reel.tape.at_wall(wall)
        return max(at, reel.tape.start) if reel.tape.start - 1 <= at <= reel.tape.end else None

    def costs(self) -> tuple[Cost, ...]:
        """What each tape takes."""
        return tuple(_cost(reel, reel.tape) for reel in self if reel.tape is not None)

    def close(self) -> None:
        """Let go of all, whoever records."""
        for reel in self:
            reel.close()
        self._kept.clear()
        self._left.clear()

    def _mark(self, reel: Reel) -> None:
        known = self._programmes.get(reel.key)
        if reel.tape is not None and known is not None:
            reel.tape.mark_programme(*known)


def _cost(reel: Reel, tape: Tape) -> Cost:
    seconds, kept = tape.end - tape.start, tape.kept_bytes
    return Cost(
        station=reel.key[0],
        stream=reel.key[1],
        station_name=reel.station.name if reel.station else "",
        seconds=seconds,
        memory=tape.memory_bytes,
        disk=tape.disk_bytes,
        kbps=round(kept * 8 / seconds / 1000) if seconds >= 1 else None,
    )
