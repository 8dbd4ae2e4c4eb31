"""Whole days of schedules: asked when they are wanted, and kept over starts.

One question serves every stream that has the same source. A day without programmes is not kept:
a service that has not written its schedule yet answers so.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import msgspec

from radiotui.guide.model import Day, Programme
from radiotui.guide.sources import weekly
from radiotui.guide.sources.registry import source_key, source_type
from radiotui.guide.timeline import timeline
from radiotui.guide.wall_clock import to_utc
from radiotui.guide.weeks import LearntWeeks
from radiotui.net.client import Net
from radiotui.problems import Problem, as_problem
from radiotui.stations.model import ScheduleSource, Station, Stream
from radiotui.store.programme_days import StoredDay, store_days, stored_days
from radiotui.store.store import Store

log = logging.getLogger(__name__)

_FRESH = timedelta(hours=3)
"""A day is asked anew after so long; a day that was over when it was asked never."""
_AGAIN = timedelta(minutes=5)
"""A source that failed is left alone for so long; so is one that has just answered."""
_KEPT_DAYS = 8
_MOST_PROGRAMMES = 400
"""Of a day that are kept: more than one every four minutes."""
_AT_ONCE = 4

_Key = tuple[str, date]


@dataclass(slots=True)
class _SourceDay:
    """The last good answer of one source about one day, and the failure since."""

    programmes: tuple[Programme, ...] = ()
    asked_at: datetime | None = None
    failed_at: datetime | None = None
    problem: Problem | None = None

    def is_fresh(self, over_at: datetime, at: datetime, *, anew: bool) -> bool:
        """True while there is nothing to ask; the day ends at ``over_at``."""
        if self.failed_at is not None and at - self.failed_at < _AGAIN:
            return True
        if self.asked_at is None or self.problem is not None:
            return False
        longest = _AGAIN if anew else _FRESH
        return self.asked_at >= over_at or at - self.asked_at < longest


class Days:
    """The days of every stream's schedule that were asked for, in memory and in the store.

    ``clock`` gives aware UTC. ``weeks`` are learnt from sources that tell no times: what is
    usual stands in for a day that nobody publishes.
    """

    def __init__(self, net: Net, store: Store, *, clock: Callable[[], datetime]) -> None:
        self._net = net
        self._store = store
        self._clock = clock
        self.weeks = LearntWeeks(store)
        self.answers = 0
        """The number of answers so far: what was made of the days is old when it grows."""
        self._days: dict[_Key, _SourceDay] = {}
        self._questions: dict[_Key, asyncio.Task[None]] = {}
        self._gate = asyncio.Semaphore(_AT_ONCE)
        self._loading: asyncio.Task[None] | None = None

    async def day(self, station: Station, stream: Stream, day: date, *, anew: bool = False) -> Day:
        """The programmes that begin on ``day`` as the station counts days.

        The first source that knows any counts, then the station list's weekly table, then
        what is usual ("usual"). Failures are in the answer. It is asked ``anew`` where the
        last answer is older than some minutes, for programmes that move.
        """
        await self.load()
        for source in stream.schedule:
            await self._refresh(station, source, day, anew=anew)
        return await asyncio.to_thread(self.kept, station, stream, day)

    def kept(self, station: Station, stream: Stream, day: date) -> Day:
        """The same of what is known, without asking anybody; may read the zone's file."""
        problem: Problem | None = None
        for source in stream.schedule:
            source_day = self._days.get((source_key(station, source), day), _SourceDay())
            problem = problem or source_day.problem
            if source_day.programmes:
                return Day(
                    station.id,
                    stream.id,
                    day,
                    source_day.programmes,
                    source.source,
                    source_day.asked_at,
                    source_day.problem,
                )
        programmes = weekly.day(stream.programmes, station.zone, day) if stream.programmes else ()
        name = "weekly"
        if not stream.programmes:
            programmes, name = self._usual(station, stream, day), "usual"
        return Day(
            *(station.id, stream.id, day, programmes),
            name if programmes else "",
            self._clock() if programmes else None,
            problem,
        )

    def _usual(self, station: Station, stream: Stream, day: date) -> tuple[Programme, ...]:
        """The learnt programmes of ``day``, of the first source of which there are any."""
        keys = (source_key(station, source) for source in stream.schedule)
        return timeline(self.weeks.day(keys, station.zone, day))

    def around(self, station: Station, stream: Stream, at: datetime) -> Day:
        """Programmes known from the day before ``at`` to the day after, as one; asks nobody."""
        today = at.astimezone(station.zone).date()
        known = [
            self.kept(station, stream, today + timedelta(days=offset)) for offset in (-1, 0, 1)
        ]
        # What is published, for whichever of the days, is better than what is usual.
        by_worth = sorted((known[1], *known), key=lambda day: day.source == "usual")
        source = next((day.source for day in by_worth if day.programmes), "")
        days = [day for day in known if day.source == source]
        programmes = timeline(programme for day in days for programme in day.programmes)
        asked_at = min((day.asked_at for day in days if day.asked_at), default=None)
        return Day(station.id, stream.id, today, programmes, source, asked_at, known[1].problem)

    async def refresh(self, streams: Iterable[tuple[Station, Stream]]) -> None:
        """Ask for today and tomorrow of all these streams, each source once, a few at a time."""
        await self.load()
        async with asyncio.TaskGroup() as questions:
            for station, stream in streams:
                for day in await asyncio.to_thread(self.today_and_tomorrow, station):
                    for source in stream.schedule:
                        questions.create_task(self._refresh(station, source, day))

    def today_and_tomorrow(self, station: Station) -> tuple[date, date]:
        """As the station counts days; may read the zone's file."""
        today = self._clock().astimezone(station.zone).date()
        return today, today + timedelta(days=1)

    async def close(self) -> None:
        """Ask nobody any more."""
        for question in self._questions.values():
            question.cancel()
        await asyncio.gather(*self._questions.values(), return_exceptions=True)
        await self.weeks.close()

    async def load(self) -> None:
        """Read what earlier starts kept, once; a store that fails costs only that."""
        if self._loading is None:
            self._loading = asyncio.create_task(self._read_store(), name="days of schedules")
        await asyncio.shield(self._loading)

    async def _read_store(self) -> None:
        await self.weeks.load()
        try:
            rows = await self._store.look(stored_days)
        except Problem as problem:
            log.warning("the days of schedules are not read: %s", problem)
            return
        self._days |= await asyncio.to_thread(_read, rows)

    async def _refresh(
        self, station: Station, source: ScheduleSource, day: date, *, anew: bool = False
    ) -> None:
        """Ask ``source`` about ``day`` unless the answer is there; shared by all who wait."""
        if source_type(source.source).day is None:
            return
        key = (source_key(station, source), day)
        source_day = self._days.setdefault(key, _SourceDay())
        at = self._clock()
        over_at = await asyncio.to_thread(_end_of, day, station)
        if source_day.is_fresh(over_at, at, anew=anew):
            return
        question = self._questions.get(key)
        if question is None:
            question = asyncio.create_task(self._ask(station, source, key), name=f"day {key}")
            self._questions[key] = question
            question.add_done_callback(lambda _: self._questions.pop(key, None))
        await asyncio.shield(question)

    async def _ask(self, station: Station, source: ScheduleSource, key: _Key) -> None:
        source_day, (_, day) = self._days[key], key
        question = source_type(source.source).day
        assert question is not None
        at = self._clock()
        try:
            async with self._gate:
                answer = await question(self._net, station, source, day)
        except Problem as problem:
            log.debug("%s: %s: no answer: %s", source.source, day, problem)
            source_day.failed_at, source_day.problem = at, problem
            return
        except Exception as error:
            # What nobody expected of one source costs its answer alone.
            log.exception("%s: %s: unexpected", source.source, day)
            source_day.failed_at, source_day.problem = at, as_problem(error)
            return
        programmes = timeline(answer[:_MOST_PROGRAMMES])
        if programmes:
            # Some services tell what comes alone: what is over stays as it was told.
            begin = min(at, programmes[0].start or at)
            over = [one for one in source_day.programmes if one.end and one.end <= begin]
            programmes = (*over, *programmes)[-_MOST_PROGRAMMES:]
        log.debug("%s: %s: %d programmes", source.source, day, len(programmes))
        source_day.failed_at, source_day.problem = None, None
        if programmes or source_day.asked_at is None:
            source_day.programmes = programmes
        source_day.asked_at = at
        self.answers += 1
        if programmes:
            await self._keep(key, source_day)

    async def _keep(self, key: _Key, source_day: _SourceDay) -> None:
        assert source_day.asked_at is not None
        row = StoredDay(
            key[0],
            key[1].isoformat(),
            int(source_day.asked_at.timestamp()),
            msgspec.json.encode(source_day.programmes).decode(),
        )
        forget_before = (source_day.asked_at.date() - timedelta(days=_KEPT_DAYS)).isoformat()
        try:
            await self._store.ask(lambda connection: store_days(connection, [row], forget_before))
        except Problem as problem:
            log.warning("the day of a schedule is not kept: %s", problem)


def _end_of(day: date, station: Station) -> datetime:
    return to_utc(datetime.combine(day + timedelta(days=1), time()), station.zone)


def _read(rows: list[StoredDay]) -> dict[_Key, _SourceDay]:
    days: dict[_Key, _SourceDay] = {}
    for row in rows:
        try:
            programmes = msgspec.json.decode(row.programmes, type=tuple[Programme, ...])
            day = date.fromisoformat(row.day)
        except (msgspec.DecodeError, ValueError):
            log.warning("a day of a schedule that cannot be read: %s %s", row.source, row.day)
            continue
        days[row.source, day] = _SourceDay(
            timeline(programmes), datetime.fromtimestamp(row.asked_at, UTC)
        )
    return days
