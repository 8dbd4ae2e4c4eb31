"""Sources of every stream that is taped: current, pending, ready or recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import count
from pathlib import Path

from radiotui.player import events
from radiotui.player.sources import Source, SourceFactory
from radiotui.player.state import Cost
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
        self._by_tuning: dict[int, Source] = {}
        self._recorded: list[Source] = []
        """Nobody listens to them, but they are being recorded."""
        self._unheard_ids = count(-1, -1)
        """Tuning ids of streams that are recorded without having been tuned to."""
        self._programmes: dict[tuple[str, str], tuple[str, datetime, datetime | None]] = {}

    def __iter__(self) -> Iterator[Source]:
        return iter([*self._by_tuning.values(), *self._recorded])

    def get(self, tuning_id: int | None) -> Source | None:
        """The source of a tuning."""
        return None if tuning_id is None else self._by_tuning.get(tuning_id)

    def of(self, station: str, stream: str) -> Source | None:
        """The source of a stream, if it is taped."""
        return next((source for source in self if source.key == (station, stream)), None)

    def tune(self, tuning_id: int, target: TuneTarget) -> None:
        """Begin to tape a stream, or take up the tape that is still there."""
        if isinstance(target, Path):
            self._by_tuning[tuning_id] = self._sources.of_file(tuning_id, target)
            return
        station, stream = target
        recorded = next(
            (source for source in self._recorded if source.key == (station.id, stream.id)), None
        )
        if recorded is None:
            self._by_tuning[tuning_id] = self._sources.of_station(tuning_id, station, stream)
        else:
            self._recorded.remove(recorded)
            self._by_tuning[tuning_id] = recorded
            self._sources.take_up(recorded, tuning_id)

    def open(self, station: Station, stream: Stream) -> Source:
        """The source of a stream, taped from now on where it is not yet, to be recorded."""
        source = self.of(station.id, stream.id)
        if source is None:
            source = self._sources.of_station(next(self._unheard_ids), station, stream)
            self._recorded.append(source)
        return source

    def keep_only(self, tuning_ids: set[int]) -> None:
        """Let go of the others; what is being recorded stays on until it is done."""
        for tuning_id in [
            tuning_id for tuning_id in self._by_tuning if tuning_id not in tuning_ids
        ]:
            self._recorded.append(self._by_tuning.pop(tuning_id))
        self.let_go()

    def let_go(self) -> None:
        """Close what nobody listens to and nobody records."""
        for source in list(self._recorded):
            if source.tape is None or not self._in_use(source.tape):
                self._recorded.remove(source)
                source.close()

    def note(self, event: events.SoundArrived) -> None:
        """A source's first sound is there."""
        source = next((source for source in self if source.tuning_id == event.tuning_id), None)
        if source is not None:
            source.on_tape = event
            self._mark(source)

    def programme(
        self, station: str, stream: str, text: str, began: datetime, until: datetime | None
    ) -> None:
        """Mark a programme on the stream's tape, now or with its first sound."""
        self._programmes[station, stream] = (text, began, until)
        source = self.of(station, stream)
        if source is not None and source.on_tape is not None:
            self._mark(source)

    def place_of(self, station: str, stream: str, wall: datetime) -> float | None:
        """Place on a stream's tape of a time, in seconds; None: it is not on a tape."""
        source = self.of(station, stream)
        if source is None or source.tape is None:
            return None
        at = source.tape.at_wall(wall)
        return (
            max(at, source.tape.start) if source.tape.start - 1 <= at <= source.tape.end else None
        )

    def costs(self) -> tuple[Cost, ...]:
        """Memory, disk and network use of each tape."""
        return tuple(_cost(source, source.tape) for source in self if source.tape is not None)

    def close(self) -> None:
        """Let go of all, whoever records."""
        for source in self:
            source.close()
        self._by_tuning.clear()
        self._recorded.clear()

    def _mark(self, source: Source) -> None:
        programme = self._programmes.get(source.key)
        if source.tape is not None and programme is not None:
            source.tape.mark_programme(*programme)


def _cost(source: Source, tape: Tape) -> Cost:
    seconds, size = tape.end - tape.start, tape.kept_bytes
    return Cost(
        station=source.key[0],
        stream=source.key[1],
        station_name=source.station.name if source.station else "",
        seconds=seconds,
        memory=tape.memory_bytes,
        disk=tape.disk_bytes,
        kbps=round(size * 8 / seconds / 1000) if seconds >= 1 else None,
    )
