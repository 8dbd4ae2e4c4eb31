"""Every stream that is taped: what is tuned to, what comes, what is kept warm or recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from radiotui.player import events
from radiotui.player.playback import Cost
from radiotui.player.sources import Source, SourceFactory
from radiotui.radio.tape.tape import Tape
from radiotui.stations.model import Station, Stream

TuneTarget = tuple[Station, Stream] | Path


class TapePool:
    """Sources of stations, by the id of their tuning; never two of one stream.

    ``in_use`` tells whether a tape is being recorded: it is kept until that is over.
    """

    def __init__(self, sources: SourceFactory, in_use: Callable[[Tape], bool]) -> None:
        self._sources = sources
        self._in_use = in_use
        self._kept: dict[int, Source] = {}
        self._left: list[Source] = []
        """Nobody listens to them any more, but they are being recorded."""
        self._programmes: dict[tuple[str, str], tuple[str, datetime, datetime | None]] = {}

    def __iter__(self) -> Iterator[Source]:
        return iter([*self._kept.values(), *self._left])

    def get(self, tuning_id: int | None) -> Source | None:
        """The reel of a tuning."""
        return None if tuning_id is None else self._kept.get(tuning_id)

    def of(self, station: str, stream: str) -> Source | None:
        """The reel of a stream, if it is taped."""
        return next((source for source in self if source.key == (station, stream)), None)

    def tune(self, tuning_id: int, chosen: TuneTarget) -> None:
        """Begin to tape a stream, or take up the tape that is still there."""
        if isinstance(chosen, Path):
            self._kept[tuning_id] = self._sources.of_file(tuning_id, chosen)
            return
        station, stream = chosen
        left = next(
            (source for source in self._left if source.key == (station.id, stream.id)), None
        )
        if left is None:
            self._kept[tuning_id] = self._sources.of_station(tuning_id, station, stream)
        else:
            self._left.remove(left)
            self._kept[tuning_id] = left
            self._sources.take_up(left, tuning_id)

    def keep_only(self, tuning_ids: set[int]) -> None:
        """Let go of the others; what is being recorded stays on until it is done."""
        for tuning_id in [tuning_id for tuning_id in self._kept if tuning_id not in tuning_ids]:
            self._left.append(self._kept.pop(tuning_id))
        self.let_go()

    def let_go(self) -> None:
        """Close what nobody listens to and nobody records."""
        for source in [one for one in self._left if one.tape is None or not self._in_use(one.tape)]:
            self._left.remove(source)
            source.close()

    def note(self, event: events.SoundArrived) -> None:
        """A reel's first sound is there."""
        source = self._kept.get(event.tuning_id)
        if source is not None:
            source.on_tape = event
            self._mark(source)

    def programme(
        self, station: str, stream: str, text: str, began: datetime, until: datetime | None
    ) -> None:
        """What is on, and since when: a mark on the stream's tape, now or with its first sound."""
        self._programmes[station, stream] = (text, began, until)
        source = self.of(station, stream)
        if source is not None and source.on_tape is not None:
            self._mark(source)

    def place_of(self, station: str, stream: str, wall: datetime) -> float | None:
        """Where on a stream's tape is what was sent at a time, in seconds; None: nowhere."""
        source = self.of(station, stream)
        if source is None or source.tape is None:
            return None
        at = source.tape.at_wall(wall)
        return (
            max(at, source.tape.start) if source.tape.start - 1 <= at <= source.tape.end else None
        )

    def costs(self) -> tuple[Cost, ...]:
        """What each tape takes."""
        return tuple(_cost(source, source.tape) for source in self if source.tape is not None)

    def close(self) -> None:
        """Let go of all, whoever records."""
        for source in self:
            source.close()
        self._kept.clear()
        self._left.clear()

    def _mark(self, source: Source) -> None:
        known = self._programmes.get(source.key)
        if source.tape is not None and known is not None:
            source.tape.mark_programme(*known)


def _cost(source: Source, tape: Tape) -> Cost:
    seconds, kept = tape.end - tape.start, tape.kept_bytes
    return Cost(
        station=source.key[0],
        stream=source.key[1],
        station_name=source.station.name if source.station else "",
        seconds=seconds,
        memory=tape.memory_bytes,
        disk=tape.disk_bytes,
        kbps=round(kept * 8 / seconds / 1000) if seconds >= 1 else None,
    )
