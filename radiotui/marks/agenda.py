"""The agenda: what the marks ask for, done when its time has come.

It is looked at again and again with the clock; nothing is remembered but what was said. The
store is read at each look, for other programs add marks and record, too.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from radiotui.marks.book import MarkBook, lost_reason
from radiotui.marks.following import AskDay, followed
from radiotui.marks.model import MissedProgramme, ProgrammeMark
from radiotui.marks.times import lost_part, of_next_week
from radiotui.problems import Problem
from radiotui.stations.model import Station, Stream

log = logging.getLogger(__name__)

RECORD_EARLY = timedelta(seconds=20)
"""A recording is begun so early, for the connection; it is cut at the programme's time."""
RECORD_LATE = timedelta(seconds=10)
"""The last sound comes so late."""
_REMIND_EARLY = timedelta(minutes=1)
_TUNE_LATE = timedelta(minutes=5)
"""Who has missed so much of a programme is not tuned in to it."""
_ASKED_ANEW = (timedelta(hours=12), timedelta(hours=2), timedelta(minutes=10))
"""Times before the beginning at which the schedule is asked whether the programme has moved."""
_LOST = timedelta(minutes=10)
"""Who has taken a broadcast and does not say so long after its end what has come of it, is gone."""
LONGEST_NAP = 60.0
"""Other programs add marks, and a computer that slept must not sleep through a programme."""


class MarkActor(Protocol):
    """Actor that does what a mark asks for."""

    def remind(self, mark: ProgrammeMark) -> None:
        """Say that a programme is on."""

    def announce(self, mark: ProgrammeMark) -> None:
        """Say that a programme is tuned in to in a minute."""

    def tune(self, mark: ProgrammeMark) -> None:
        """Tune in to a programme."""

    def record(self, mark: ProgrammeMark) -> None:
        """Begin to record a programme."""

    def end_recording(self, mark: ProgrammeMark) -> float:
        """End its recording; the seconds that were recorded."""
        ...

    def tell_missed(self, missed: list[MissedProgramme]) -> None:
        """Say what was missed."""


class AgendaDeps(msgspec.Struct, frozen=True):
    """Dependencies of :class:`Agenda`."""

    book: MarkBook
    read: Callable[[], Awaitable[Sequence[ProgrammeMark]]]
    """Reads the marks, the next one first."""
    clock: Callable[[], datetime]
    find: Callable[[str, str], tuple[Station, Stream] | None]
    """The station and stream of these ids; None where the list has them no more."""
    ask_day: AskDay
    """The day's schedule, asked anew."""
    finish: Callable[[ProgrammeMark, ProgrammeMark | None], Awaitable[None]]
    """Puts the mark of the week after, or none, in the place of one that is done or has moved."""
    actor: MarkActor


class Agenda:
    """Does what the marks ask for while the program runs."""

    def __init__(self, deps: AgendaDeps) -> None:
        self.deps = deps
        self._asked_at: dict[int, datetime] = {}
        self._announced: set[tuple[int, datetime]] = set()
        self._recording: dict[tuple[int, datetime], datetime] = {}
        """The broadcasts that are recorded here, and since when they are."""

    async def look(self) -> float:
        """Do what is due now; the seconds until the next look."""
        marks = await self.deps.read()
        # At once: the schedule of one may be slow, and another is to be recorded now.
        await asyncio.gather(*map(self._look_at, marks))
        missed = [miss for miss in await self.deps.book.missed() if miss.is_new]
        if missed:
            self.deps.actor.tell_missed(missed)
            await self.deps.book.note_told()
        return self._nap(await self.deps.read() if marks else [])

    async def _look_at(self, mark: ProgrammeMark) -> None:
        streams = self.deps.find(mark.station, mark.stream)
        try:
            if streams is None:
                await self._look_without_station(mark)
                return
            current_mark = await self._follow(mark, *streams)
            if current_mark is not None:
                await self._act(current_mark, streams[0])
        except Problem as problem:
            log.warning("the mark of %r is not looked at: %s", mark.title, problem)

    # The schedule

    async def _follow(
        self, mark: ProgrammeMark, station: Station, stream: Stream
    ) -> ProgrammeMark | None:
        """The mark with the times that its programme has now; None: it does not come."""
        at = self.deps.clock()
        asked_at = self._asked_at.get(mark.id)
        due = [mark.begins_at - early for early in _ASKED_ANEW if mark.begins_at - early <= at]
        if at >= mark.begins_at or not due or (asked_at is not None and asked_at >= max(due)):
            return mark
        self._asked_at[mark.id] = at
        current_mark = await followed(mark, station, stream, self.deps.ask_day)
        if current_mark is None:
            await self._miss(mark, station, "another programme has its time")
            return None
        if current_mark != mark:
            await self.deps.finish(mark, current_mark)
        return current_mark

    # Actions

    async def _act(self, mark: ProgrammeMark, station: Station) -> None:
        at = self.deps.clock()
        if mark.action == "record":
            await self._act_on_recording(mark, station, at)
        elif mark.action == "tune":
            await self._act_on_tuning(mark, station, at)
        elif at >= mark.over_at:
            await self._miss(mark, station, "radiotui did not run")
        elif at >= mark.begins_at:
            self.deps.actor.remind(mark)
            await self._finish(mark, station)

    async def _act_on_tuning(self, mark: ProgrammeMark, station: Station, at: datetime) -> None:
        key = (mark.id, mark.begins_at)
        if at >= mark.begins_at + _TUNE_LATE:
            await self._miss(mark, station, "radiotui did not run when it began")
        elif at >= mark.begins_at:
            self.deps.actor.tune(mark)
            await self._finish(mark, station)
        elif at >= mark.begins_at - _REMIND_EARLY and key not in self._announced:
            self._announced.add(key)
            self.deps.actor.announce(mark)

    async def _act_on_recording(self, mark: ProgrammeMark, station: Station, at: datetime) -> None:
        key = (mark.id, mark.begins_at)
        if key in self._recording:
            if at >= mark.over_at + RECORD_LATE:
                since = max(self._recording.pop(key), mark.begins_at)
                seconds = self.deps.actor.end_recording(mark)
                reason = lost_part(seconds, (mark.over_at - since).total_seconds())
                if reason:
                    await self._miss(mark, station, reason)
                else:
                    await self._finish(mark, station)
        elif at >= mark.over_at:
            is_lost = mark.taken_by in (None, os.getpid())
            if is_lost or at >= mark.over_at + _LOST:
                await self._miss(mark, station, lost_reason(mark))
        elif at >= mark.begins_at - RECORD_EARLY and await self.deps.book.take(mark):
            self._recording[key] = at
            self.deps.actor.record(mark)

    async def _look_without_station(self, mark: ProgrammeMark) -> None:
        """Let go of a mark whose station was taken out of the list, long after its time.

        A weekly one stays: this program may have another list than the one that records it.
        """
        if not mark.is_weekly and self.deps.clock() >= mark.over_at + _LOST:
            await self.deps.book.note_missed(mark, "the station is not in the list any more")
            await self.deps.finish(mark, None)

    async def _miss(self, mark: ProgrammeMark, station: Station, reason: str) -> None:
        await self.deps.book.note_missed(mark, reason)
        await self._finish(mark, station)

    async def _finish(self, mark: ProgrammeMark, station: Station) -> None:
        self._asked_at.pop(mark.id, None)
        following_mark = None
        if mark.is_weekly:
            following_mark = of_next_week(mark, station.zone, self.deps.clock())
        await self.deps.finish(mark, following_mark)

    def _nap(self, marks: Sequence[ProgrammeMark]) -> float:
        at = self.deps.clock()
        moments = [
            moment
            for mark in marks
            for moment in (
                mark.begins_at - _REMIND_EARLY,
                mark.begins_at - RECORD_EARLY,
                mark.begins_at,
                mark.over_at + RECORD_LATE,
            )
            if moment > at
        ]
        nearest = min(moments, default=at + timedelta(seconds=LONGEST_NAP))
        return min(LONGEST_NAP, max(0.05, (nearest - at).total_seconds()))
