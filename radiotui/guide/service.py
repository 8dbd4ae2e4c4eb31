"""The guide: keeps what is on and what is next up to date for the streams that are followed."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from radiotui.guide.merge import SourceAnswer, join, present, same_title
from radiotui.guide.model import OnAir
from radiotui.guide.sources import PROVIDERS, weekly
from radiotui.guide.sources.answer import ScheduleAnswer
from radiotui.net.client import Net
from radiotui.problems import Problem
from radiotui.stations.model import ScheduleSource, Station, Stream
from radiotui.text import nearest

# All in seconds.
_LEAST_BETWEEN = 30.0
_MOST_BETWEEN = 6 * 3600.0
_WITHOUT_END = 5 * 60.0
_LATE = 60.0
_STILL_LATE = 2 * 60.0
_BACK_OFF = (30.0, 60.0, 120.0, 300.0, 600.0)
_LONGEST_RETRY_AFTER = 3600.0
# A name without an end is believed so long after the source has gone silent, against others.
_TRUSTED = timedelta(minutes=30)
# asyncio's clock stands still while a laptop sleeps: look at the real one every minute.
_LONGEST_NAP = 60.0
_AT_ONCE = 8

_NEVER = datetime.min.replace(tzinfo=UTC)

_Key = tuple[str, str]


@dataclass(slots=True)
class _Asked:
    """What is known of one source of one stream."""

    source: ScheduleSource
    answer: ScheduleAnswer | None = None
    answered_at: datetime | None = None
    over_at: datetime | None = None
    """When the programme in ``answer`` ends, as the sources know together."""
    late: bool = False
    """It still names what has ended a moment ago."""
    problem: Problem | None = None
    failures: int = 0
    silent: bool = False
    """The last question got no answer at all."""
    planned: bool = True
    due: datetime = _NEVER

    def answered(self, answer: ScheduleAnswer, at: datetime) -> None:
        old = self.answer
        self.late = (
            old is not None
            and old.now is not None
            and answer.now is not None
            and answer.now.end is None
            and same_title(old.now, answer.now)
            and self.over_at is not None
            and self.over_at <= at < self.over_at + timedelta(seconds=_STILL_LATE)
        )
        if not self.late:
            self.over_at = None
        self.answer, self.answered_at, self.silent = answer, at, False
        self._note(answer.problem)

    def failed(self, problem: Problem) -> None:
        self.silent = True
        self._note(problem)

    def _note(self, problem: Problem | None) -> None:
        self.problem = problem
        self.failures = self.failures + 1 if problem else 0
        self.planned = False


@dataclass(slots=True)
class _Watch:
    """A stream whose schedule has been asked for."""

    station: Station
    stream: Stream
    asked: list[_Asked] = field(init=False)

    def __post_init__(self) -> None:
        self.asked = [_Asked(source) for source in self.stream.schedule]

    def is_for(self, station: Station, stream: Stream) -> bool:
        """Whether what is known would still be known for these."""
        return (
            self.station.timezone == station.timezone
            and self.station.name == station.name
            and self.stream.schedule == stream.schedule
            and self.stream.programmes == stream.programmes
        )

    def join(self, at: datetime) -> OnAir:
        """What is known at ``at``; may read the zone's file."""
        trusted: list[SourceAnswer] = []
        stale: list[SourceAnswer] = []
        for asked in self.asked:
            if asked.answer is None or asked.answered_at is None:
                continue
            given = SourceAnswer(
                asked.source.source, asked.answered_at, present(asked.answer, asked.over_at, at)
            )
            old = asked.silent and at - asked.answered_at > _TRUSTED
            endless = given.answer.now is not None and given.answer.now.end is None
            (stale if old and endless else trusted).append(given)
        if self.stream.programmes:
            table = weekly.answer(self.stream.programmes, self.station.zone, at)
            trusted.append(SourceAnswer("weekly", at, table))
        joined = join(self.station.id, self.stream.id, [*trusted, *stale])
        problem = next((asked.problem for asked in self.asked if asked.problem), None)
        return replace(joined, problem=problem)


class Guide:
    """What is on now and next, for the streams that are followed.

    ``on_change`` gets a stream's whole snapshot, on the loop, whenever it
    differs from the last one. ``clock`` gives aware UTC; ``sleep`` and ``rng``
    are there so that tests need no patience and no luck.
    """

    def __init__(
        self,
        net: Net,
        *,
        clock: Callable[[], datetime],
        on_change: Callable[[OnAir], None],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        rng: random.Random | None = None,
    ) -> None:
        self._net = net
        self._clock = clock
        self._on_change = on_change
        self._sleep = sleep
        self._rng = rng or random.Random()
        self._watches: dict[_Key, _Watch] = {}
        self._last: dict[_Key, OnAir] = {}
        self._told: dict[_Key, OnAir] = {}
        self._tasks: dict[_Key, asyncio.Task[None]] = {}
        self._ending: set[asyncio.Task[None]] = set()
        self._gate = asyncio.Semaphore(_AT_ONCE)

    def follow(self, streams: Iterable[tuple[Station, Stream]]) -> None:
        """Keep these streams, and only these, up to date from now on.

        Needs a running loop. A stream that was followed before is not asked
        again; one whose schedule was edited is.
        """
        wanted = {(station.id, stream.id): (station, stream) for station, stream in streams}
        for key, task in list(self._tasks.items()):
            if key not in wanted or not self._watches[key].is_for(*wanted[key]):
                task.cancel()
                self._ending.add(self._tasks.pop(key))
        for key, (station, stream) in wanted.items():
            if key not in self._tasks:
                watch = self._watch(station, stream)
                task = asyncio.get_running_loop().create_task(
                    self._keep(watch), name=f"guide {station.id}/{stream.id}"
                )
                self._tasks[key] = task
                task.add_done_callback(self._ended)

    async def ask(self, station: Station, stream: Stream) -> OnAir:
        """One question to every source of ``stream``, now. Failures are in the snapshot."""
        watch = self._watch(station, stream)
        await self._ask_all(watch, watch.asked)
        return await self._look(watch)

    def last(self, station_id: str, stream_id: str) -> OnAir | None:
        """The last snapshot of a stream; None before there was one."""
        return self._last.get((station_id, stream_id))

    async def close(self) -> None:
        """Stop following everything, at once."""
        self.follow(())
        await asyncio.gather(*self._ending, return_exceptions=True)

    def _watch(self, station: Station, stream: Stream) -> _Watch:
        key = (station.id, stream.id)
        watch = self._watches.get(key)
        if watch is None or not watch.is_for(station, stream):
            watch = self._watches[key] = _Watch(station, stream)
        return watch

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._ending.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            task.get_loop().call_exception_handler(
                {"message": f"{task.get_name()} stopped", "exception": error, "task": task}
            )

    async def _keep(self, watch: _Watch) -> None:
        while True:
            shown = await self._look(watch)
            due = self._next_look(watch, shown)
            if due is None:
                return
            while (seconds := (due - self._clock()).total_seconds()) > 0:
                await self._sleep(min(seconds, _LONGEST_NAP))
            at = self._clock()
            await self._ask_all(watch, [asked for asked in watch.asked if asked.due <= at])

    async def _look(self, watch: _Watch) -> OnAir:
        """Join what is known now, plan the next questions, and tell if it differs."""
        at = self._clock()
        shown = await asyncio.to_thread(watch.join, at)
        for asked in watch.asked:
            if not asked.planned:
                self._plan(asked, shown, at)
        key = (watch.station.id, watch.stream.id)
        waiting = any(asked.answer is None and not asked.problem for asked in watch.asked)
        if self._watches.get(key) is not watch or (waiting and shown.asked_at is None):
            return shown
        self._last[key] = shown
        if key in self._tasks and shown != self._told.get(key):
            self._told[key] = shown
            self._on_change(shown)
        return shown

    def _next_look(self, watch: _Watch, shown: OnAir) -> datetime | None:
        """When something may change: a question is due, or a programme begins or ends."""
        at = self._clock()
        ends = shown.now.end if shown.now else None
        begins = shown.next.start if shown.next else None
        coming = [moment for moment in (ends, begins) if moment is not None and moment > at]
        return min([*coming, *(asked.due for asked in watch.asked)], default=None)

    async def _ask_all(self, watch: _Watch, some: Iterable[_Asked]) -> None:
        async with asyncio.TaskGroup() as questions:
            for asked in some:
                questions.create_task(self._ask_one(watch, asked))

    async def _ask_one(self, watch: _Watch, asked: _Asked) -> None:
        async with self._gate:
            try:
                ask = PROVIDERS.get(asked.source.source)
                if ask is None:
                    raise _unknown(asked.source.source)
                answer = await ask(
                    self._net, watch.station, asked.source, self._clock(), asked.answer
                )
            except Problem as problem:
                asked.failed(problem)
            else:
                asked.answered(answer, self._clock())

    def _plan(self, asked: _Asked, shown: OnAir, at: datetime) -> None:
        """When to ask again, now that ``shown`` is known."""
        waits: list[float] = []
        if asked.answer and not asked.silent:
            waits.append(self._until_change(asked, shown, at))
            if asked.answer.again_seconds is not None:
                waits.append(asked.answer.again_seconds)
        if asked.problem:
            step = _BACK_OFF[min(asked.failures, len(_BACK_OFF)) - 1]
            wished = min(asked.problem.retry_wait(at).total_seconds(), _LONGEST_RETRY_AFTER)
            waits.append(max(step * self._rng.uniform(1.0, 1.1), wished))
        asked.due = at + timedelta(seconds=max(min(waits), _LEAST_BETWEEN))
        asked.planned = True

    def _until_change(self, asked: _Asked, shown: OnAir, at: datetime) -> float:
        now = asked.answer.now if asked.answer else None
        if asked.late:
            return _LATE
        if now and shown.now and same_title(now, shown.now):
            asked.over_at = shown.now.end
        following = shown.next.start if shown.next else None
        change = shown.now.end if shown.now else following
        if change is None or change <= at:
            return _WITHOUT_END * self._rng.uniform(0.9, 1.1)
        return min((change - at).total_seconds() + self._rng.uniform(1, 10), _MOST_BETWEEN)


def _unknown(name: str) -> Problem:
    meant = nearest(name, list(PROVIDERS))
    hint = f"did you mean {meant}?" if meant else f"there are: {', '.join(PROVIDERS)}"
    return Problem(f"there is no schedule source {name!r}", hint)
