"""Programmes by name over the schedules of all stations: the search's "where is it on?"."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from radiotui.app.deps import RoomDeps
from radiotui.app.guide import with_sources
from radiotui.guide.model import OnAir, Programme
from radiotui.stations.model import Station, StationList, Stream

if TYPE_CHECKING:
    from radiotui.guide.days import Days

_MOST = 20
_MOST_FOUND = 200
"""Airings that are looked at for those to be shown."""
_MOST_REPEATS = 3
"""Of one programme at one station: what comes every hour must not bury all else."""
_AHEAD = timedelta(hours=36)
"""The rest of today and the coming day, wherever the station is."""
_FILTERS = ("is:", "from:", "since:", "station:")
_ON = "is:on"


class Airing(msgspec.Struct, frozen=True):
    """One broadcast of a programme, on one stream."""

    station: Station
    stream: Stream
    programme: Programme
    is_on: bool

    @property
    def place(self) -> str:
        """The stream in one line."""
        names = (self.station.name, self.stream.name)
        return " · ".join(dict.fromkeys(name for name in names if name))


class AiringsDeps(RoomDeps, frozen=True):
    """Dependencies of :class:`Airings`."""

    station_list: Callable[[], StationList]
    on_air: Callable[[str, str], OnAir | None]
    """The newest snapshot of a stream's schedule."""


class _Line(NamedTuple):
    start: datetime
    folded: str
    station: Station
    stream: Stream
    programme: Programme


class Airings:
    """The broadcasts of the known days and of the present, found by the words of their titles."""

    def __init__(self, deps: AiringsDeps) -> None:
        self.deps = deps
        self._index: tuple[_Line, ...] = ()
        self._indexed: tuple[object, ...] = ()
        """The facts that the index was made of."""
        self._asking: asyncio.Task[None] | None = None

    def ask_days(self) -> None:
        """Ask for the days of all streams in the background, unless that is under way."""
        if self._asking is None or self._asking.done():
            self._asking = self.deps.spawn(self._ask_days())

    async def search(self, typed: str) -> list[Airing]:
        """The broadcasts with all of the words in their titles, the soonest first.

        ``is:on`` leaves those of now; other filters are about stories, and nothing matches.
        """
        words = [word.casefold().strip('"') for word in typed.split()]
        wants_on = _ON in words
        words = [word for word in words if word and word != _ON]
        is_too_wide = not wants_on and sum(map(len, words)) < 2
        if is_too_wide or any(word.startswith((*_FILTERS, "-")) for word in words):
            return []
        at = self.deps.clock()
        present = sorted(self._present(), key=attrgetter("start"))
        airings = {
            **_matches(await self._lines(at), words, at, on_only=wants_on),
            **_matches(present, words, at, on_only=wants_on),
        }
        return list(_with_few_repeats(airings[key] for key in sorted(airings)))[:_MOST]

    async def _lines(self, at: datetime) -> tuple[_Line, ...]:
        days, station_list = (await self.deps.opened()).days, self.deps.station_list()
        await days.load()
        facts = (station_list, days.answers, at.replace(minute=0, second=0, microsecond=0))
        if self._indexed != facts:
            # Off the loop: it reads the zones' files, and folds thousands of titles.
            self._index = await asyncio.to_thread(_index, days, station_list, at)
            self._indexed = facts
        return self._index

    def _present(self) -> Iterator[_Line]:
        """Programmes of the snapshots, by their times."""
        for station in self.deps.station_list().stations:
            for stream in station.streams:
                on_air = self.deps.on_air(station.id, stream.id)
                for programme in (on_air.now, on_air.next) if on_air else ():
                    if programme is not None and programme.start is not None:
                        yield _line(programme.start, station, stream, programme)

    async def _ask_days(self) -> None:
        days, station_list = (await self.deps.opened()).days, self.deps.station_list()
        await days.refresh(
            (station, with_sources(stream))
            for station in station_list.stations
            for stream in station.streams
        )


def _index(days: Days, station_list: StationList, at: datetime) -> tuple[_Line, ...]:
    """All broadcasts that have not ended, in order of time."""
    lines = (
        _line(programme.start, station, stream, programme)
        for station in station_list.stations
        for stream in station.streams
        for programme in days.around(station, with_sources(stream), at).programmes
        if programme.start is not None and (programme.end is None or programme.end > at)
    )
    return tuple(sorted(lines, key=attrgetter("start")))


def _with_few_repeats(airings: Iterable[Airing]) -> Iterator[Airing]:
    """The airings but for those that repeat a programme of the same station too often."""
    repeats: Counter[tuple[str, str]] = Counter()
    for airing in airings:
        key = (airing.station.id, airing.programme.title.casefold())
        repeats[key] += 1
        if repeats[key] <= _MOST_REPEATS:
            yield airing


def _line(start: datetime, station: Station, stream: Stream, programme: Programme) -> _Line:
    folded = f"{programme.title} {programme.episode}".casefold()
    return _Line(start, folded, station, stream, programme)


def _matches(
    lines: Iterable[_Line], words: Sequence[str], at: datetime, *, on_only: bool
) -> dict[tuple[datetime, str, str], Airing]:
    """The first airings of a line in order of time, by their beginning and stream."""
    airings: dict[tuple[datetime, str, str], Airing] = {}
    for line in lines:
        start, end = line.start, line.programme.end
        if start > at + _AHEAD or (on_only and start > at):
            break
        if not all(word in line.folded for word in words):
            continue
        if start > at or (end is not None and end > at):
            key = (start, line.station.id, line.stream.id)
            airings[key] = Airing(line.station, line.stream, line.programme, start <= at)
            if len(airings) == _MOST_FOUND:
                break
    return airings
