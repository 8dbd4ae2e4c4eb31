"""Weeks that are learnt: the names of sources that tell no times, kept over starts."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, tzinfo
from itertools import groupby

from radiotui.guide.learnt import REMEMBERED, LearntWeek, Sighting, with_answer
from radiotui.guide.model import Programme
from radiotui.guide.sources.answer import ScheduleAnswer
from radiotui.problems import Problem
from radiotui.store.sightings import StoredSighting, store_sighting, stored_sightings
from radiotui.store.store import Store

log = logging.getLogger(__name__)


class LearntWeeks:
    """The names that each source gave, and the usual week they make; by ``source_key``.

    The answers are for a thread; everything else belongs on the loop.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._sightings: dict[str, tuple[Sighting, ...]] = {}
        self._weeks: dict[str, tuple[tuple[Sighting, ...], LearntWeek]] = {}
        self._writing: set[asyncio.Task[None]] = set()

    async def load(self) -> None:
        """Read what earlier starts kept; a store that fails costs only that."""
        try:
            rows = await self._store.look(stored_sightings)
        except Problem as problem:
            log.warning("the names of programmes are not read: %s", problem)
            return
        self._sightings = await asyncio.to_thread(_read, rows) | self._sightings

    def observe(self, source: str, answer: ScheduleAnswer, at: datetime) -> None:
        """Note the name in an answer; of no use is one that has times, or only songs."""
        sightings = self._sightings.get(source, ())
        now = answer.now
        if answer.next is not None or (now is not None and (now.start or now.end)):
            return
        if now is None and not sightings:
            return
        longer = with_answer(sightings, now.title if now else "", at)
        if longer is sightings:
            return
        self._sightings[source] = longer
        writing = asyncio.get_running_loop().create_task(
            self._keep(source, longer[-1], at), name="name of a programme"
        )
        self._writing.add(writing)
        writing.add_done_callback(self._writing.discard)

    def answer(self, sources: Iterable[str], zone: tzinfo, at: datetime) -> ScheduleAnswer:
        """The programme that is usually on at ``at`` and the next, of the first that knows any."""
        answers = (week.answer(at) for week in self._weeks_of(sources, zone))
        return next((answer for answer in answers if answer.now or answer.next), ScheduleAnswer())

    def day(self, sources: Iterable[str], zone: tzinfo, day: date) -> tuple[Programme, ...]:
        """The usual programmes of a station's day, of the first that knows any."""
        days = (week.day(day) for week in self._weeks_of(sources, zone))
        return next(filter(None, days), ())

    async def close(self) -> None:
        """Keep what was seen last."""
        await asyncio.gather(*self._writing, return_exceptions=True)

    def _weeks_of(self, sources: Iterable[str], zone: tzinfo) -> Iterator[LearntWeek]:
        for source in sources:
            sightings = self._sightings.get(source)
            if not sightings:
                continue
            earlier, week = self._weeks.get(source, ((), None))
            if week is None or earlier is not sightings:
                week = LearntWeek(sightings, zone)
                self._weeks[source] = (sightings, week)
            yield week

    async def _keep(self, source: str, sighting: Sighting, at: datetime) -> None:
        row = StoredSighting(
            source,
            int(sighting.first_at.timestamp()),
            int(sighting.last_at.timestamp()),
            sighting.title,
        )
        forget_before = int((at - REMEMBERED).timestamp())
        try:
            await self._store.ask(lambda connection: store_sighting(connection, row, forget_before))
        except Problem as problem:
            log.warning("the name of a programme is not kept: %s", problem)


def _read(rows: list[StoredSighting]) -> dict[str, tuple[Sighting, ...]]:
    return {
        source: tuple(
            Sighting(
                row.title,
                datetime.fromtimestamp(row.first_at, UTC),
                datetime.fromtimestamp(row.last_at, UTC),
            )
            for row in group
        )
        for source, group in groupby(rows, key=lambda row: row.source)
    }
