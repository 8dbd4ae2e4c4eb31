"""The guide: the programme on air and the next, kept up to date for the streams followed.

At debug level it logs what each source answered, and what was chosen of it and why.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from msgspec.structs import replace

from radiotui.guide.merge import SourceAnswer, join, present, same_title
from radiotui.guide.model import OnAir
from radiotui.guide.pushes import Pushes
from radiotui.guide.sources import weekly
from radiotui.guide.sources.answer import ScheduleAnswer
from radiotui.guide.sources.registry import push_of, source_key, source_type
from radiotui.guide.timeline import next_after, on_at
from radiotui.net.backoff import stepped_pause
from radiotui.net.client import Net
from radiotui.problems import Problem, as_problem
from radiotui.stations.model import ScheduleSource, Station, Stream

if TYPE_CHECKING:
    from radiotui.guide.days import Days

log = logging.getLogger(__name__)

# All in seconds.
_LEAST_BETWEEN = 30.0
_MOST_BETWEEN = 6 * 3600.0
_WITHOUT_END = 5 * 60.0
_LATE, _STILL_LATE = 60.0, 2 * 60.0
_BACK_OFF = (30.0, 60.0, 120.0, 300.0, 600.0)
_LONGEST_RETRY_AFTER = 3600.0
# A name without an end is believed so long after the source has gone silent, against others.
_TRUSTED = timedelta(minutes=30)
# asyncio's clock stands still while a laptop sleeps: look at the real one every minute.
_LONGEST_NAP = 60.0
# More joins at once only wait for each other: they hold the interpreter.
_AT_ONCE, _JOINS_AT_ONCE = 8, 2

_NEVER = datetime.min.replace(tzinfo=UTC)

_Key = tuple[str, str]


@dataclass(slots=True, weakref_slot=True, eq=False)
class _SourceState:
    """One source, of one stream or of several: its last answer, and when it is asked next."""

    source: ScheduleSource
    key: str
    """Its identity, :func:`source_key`."""
    answer: ScheduleAnswer | None = None
    answered_at: datetime | None = None
    over_at: datetime | None = None
    """The end of the programme in ``answer``, as the sources know together."""
    late: bool = False
    """It still names what has ended a moment ago."""
    problem: Problem | None = None
    failures: int = 0
    silent: bool = False
    """The last question got no answer at all."""
    planned: bool = True
    due: datetime = _NEVER
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held by whoever asks; who waited for it has the answer already."""
    replies: int = 0
    """Questions that have been answered, or have failed."""
    pushes: int = 0
    """Answers that came by themselves."""

    def note_answer(self, answer: ScheduleAnswer, at: datetime) -> None:
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

    def note_failure(self, problem: Problem) -> None:
        self.silent = True
        self._note(problem)

    def _note(self, problem: Problem | None) -> None:
        self.problem = problem
        self.failures = self.failures + 1 if problem else 0
        self.planned = False


@dataclass(slots=True)
class _Watch:
    """A stream whose schedule is asked for."""

    station: Station
    stream: Stream
    sources: list[_SourceState]

    def is_for(self, station: Station, stream: Stream) -> bool:
        """True while the answers stay valid for an edited station and stream."""
        return (
            self.station.timezone == station.timezone
            and self.station.name == station.name
            and self.stream.schedule == stream.schedule
            and self.stream.programmes == stream.programmes
        )

    @property
    def name(self) -> str:
        """The stream as the command line names it, "knau/news"."""
        return f"{self.station.id}/{self.stream.id}"

    def join(self, at: datetime, days: Days | None) -> OnAir:
        """The snapshot of all answers at ``at``; may read the zone's file."""
        trusted: list[SourceAnswer] = []
        stale: list[SourceAnswer] = []
        for state in self.sources:
            if state.answer is None or state.answered_at is None:
                continue
            source_answer = SourceAnswer(
                state.source.source, state.answered_at, present(state.answer, state.over_at, at)
            )
            old = state.silent and at - state.answered_at > _TRUSTED
            endless = source_answer.answer.now is not None and source_answer.answer.now.end is None
            if old and endless:
                log.debug("%s: %s: silent for long, asked last", self.name, state.source.source)
            (stale if old and endless else trusted).append(source_answer)
        if days is not None and (kept_answer := self._kept_answer(days, at)) is not None:
            trusted.append(kept_answer)
        if self.stream.programmes:
            table = weekly.answer(self.stream.programmes, self.station.zone, at)
            log.debug("%s: weekly: %s", self.name, table.in_words())
            trusted.append(SourceAnswer("weekly", at, table))
        if days is not None:
            # Learnt times fill what nobody publishes; against a name that is sure they are silent.
            keys = [state.key for state in self.sources]
            usual = days.weeks.answer(keys, self.station.zone, at)
            if usual.now or usual.next:
                log.debug("%s: usual: %s", self.name, usual.in_words())
                trusted.append(SourceAnswer("usual", at, usual))
        joined = join(self.station.id, self.stream.id, [*trusted, *stale])
        problem = next((state.problem for state in self.sources if state.problem), None)
        return replace(joined, problem=problem)

    def _kept_answer(self, days: Days, at: datetime) -> SourceAnswer | None:
        """Answer of a source for the whole day: for one that is silent, and for what is next."""
        day = days.around(self.station, self.stream, at)
        if day.source in {"", "weekly", "usual"} or day.asked_at is None:
            return None
        now = on_at(day.programmes, at)
        if any(
            state.source.source == day.source and state.answer and not state.silent
            for state in self.sources
        ):
            now = None  # asked for the present it knows better, also where it says nothing
        answer = ScheduleAnswer(now, next_after(day.programmes, at))
        log.debug("%s: the day of %s: %s", self.name, day.source, answer.in_words())
        return SourceAnswer(day.source, day.asked_at, answer)


class Guide:
    """Programmes now and next, for the streams that are followed.

    ``on_change`` gets a stream's whole snapshot, on the loop, whenever it differs from the last
    one. ``days`` are the schedules of whole days that earlier starts kept: they stand in for a
    source that is silent. ``clock`` gives aware UTC; ``sleep`` and ``rng`` are there so that tests
    need no patience and no luck.
    """

    def __init__(
        self,
        net: Net,
        *,
        clock: Callable[[], datetime],
        on_change: Callable[[OnAir], None],
        days: Days | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        rng: random.Random | None = None,
    ) -> None:
        self._net = net
        self._clock = clock
        self._on_change = on_change
        self._days = days
        self._sleep = sleep
        self._rng = rng or random.Random()
        self._watches: dict[_Key, _Watch] = {}
        self._sources: WeakValueDictionary[str, _SourceState] = WeakValueDictionary()
        self._reported: dict[_Key, OnAir] = {}
        self._tasks: dict[_Key, asyncio.Task[None]] = {}
        self._ending: set[asyncio.Task[Any]] = set()
        self._gate, self._joins = asyncio.Semaphore(_AT_ONCE), asyncio.Semaphore(_JOINS_AT_ONCE)
        self._pushes = Pushes(net, clock=clock, sleep=sleep, on_answer=self._receive_push)

    def follow(self, streams: Iterable[tuple[Station, Stream]]) -> None:
        """Keep these streams, and only these, up to date from now on.

        Needs a running loop. A stream that was followed before is not asked again; one whose
        schedule was edited is.
        """
        streams_by_key = {(station.id, stream.id): (station, stream) for station, stream in streams}
        for key, task in list(self._tasks.items()):
            if key not in streams_by_key or not self._watches[key].is_for(*streams_by_key[key]):
                task.cancel()
                self._ending.add(self._tasks.pop(key))
        for key, (station, stream) in streams_by_key.items():
            if key not in self._tasks:
                watch = self._watch(station, stream)
                task = asyncio.get_running_loop().create_task(
                    self._keep(watch), name=f"guide {station.id}/{stream.id}"
                )
                self._tasks[key] = task
                task.add_done_callback(self._ended)
        self._watch_pushes()

    async def ask(self, station: Station, stream: Stream) -> OnAir:
        """One question to every source of ``stream``, now. Failures are in the snapshot."""
        watch = self._watch(station, stream)
        if self._days is not None:
            await self._days.load()
        await self._ask_all(watch, watch.sources)
        return await self._look(watch)

    async def close(self) -> None:
        """Stop following everything, at once."""
        self.follow(())
        await asyncio.gather(*self._ending, self._pushes.close(), return_exceptions=True)

    def _watch(self, station: Station, stream: Stream) -> _Watch:
        key = (station.id, stream.id)
        watch = self._watches.get(key)
        if watch is None or not watch.is_for(station, stream):
            sources = [self._source_state(station, source) for source in stream.schedule]
            watch = self._watches[key] = _Watch(station, stream, sources)
        return watch

    def _source_state(self, station: Station, source: ScheduleSource) -> _SourceState:
        """The state of a source, which several streams may have in common."""
        key = source_key(station, source)
        return self._sources.setdefault(key, _SourceState(source, key))

    def _watch_pushes(self) -> None:
        """Listen to the services of the followed streams that push."""
        watches = [self._watches[key] for key in self._tasks]
        self._pushes.watch(
            {
                state.key: (push, watch.station, state.source)
                for watch in watches
                for state in watch.sources
                if (push := push_of(state.source)) is not None
            }
        )

    def _receive_push(self, key: str, answer: ScheduleAnswer) -> None:
        """Take what a service sent by itself; it tells the song, the schedule stays."""
        state = self._sources.get(key)
        if state is None:
            return
        old = state.answer or ScheduleAnswer()
        # A programme of the schedule comes before who is live, as where the service is asked.
        now = old.now if old.now and old.now.start else answer.now
        state.pushes += 1
        state.note_answer(replace(answer, now=now, next=old.next), self._clock())
        for watch in self._with_any_of([state]):
            look = asyncio.create_task(self._look(watch), name="guide look")
            self._ending.add(look)
            look.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._ending.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            task.get_loop().call_exception_handler(
                {"message": f"{task.get_name()} stopped", "exception": error, "task": task}
            )

    async def _keep(self, watch: _Watch) -> None:
        if self._days is not None:
            await self._days.load()
        while True:
            snapshot = await self._look(watch)
            due = self._next_look(watch, snapshot)
            if due is None:
                return
            while (seconds := (due - self._clock()).total_seconds()) > 0:
                await self._sleep(min(seconds, _LONGEST_NAP))
            at = self._clock()
            states = [state for state in watch.sources if state.due <= at]
            await self._ask_all(watch, states)
            for other in self._with_any_of(states):
                if other is not watch:
                    await self._look(other)

    def _with_any_of(self, states: Sequence[_SourceState]) -> list[_Watch]:
        """The followed streams that have one of these sources."""
        watches = [self._watches[key] for key in self._tasks]
        return [w for w in watches if any(state is own for state in states for own in w.sources)]

    async def _look(self, watch: _Watch) -> OnAir:
        """Join what is known now, plan the next questions, and tell if it differs."""
        at = self._clock()
        async with self._joins:
            snapshot = await asyncio.to_thread(watch.join, at, self._days)
        for state in watch.sources:
            if not state.planned:
                self._plan(state, snapshot, at)
        key = (watch.station.id, watch.stream.id)
        waiting = any(state.answer is None and not state.problem for state in watch.sources)
        if self._watches.get(key) is not watch or (waiting and snapshot.asked_at is None):
            return snapshot
        if key in self._tasks and snapshot != self._reported.get(key):
            self._reported[key] = snapshot
            self._on_change(snapshot)
        return snapshot

    def _next_look(self, watch: _Watch, snapshot: OnAir) -> datetime | None:
        """The next moment of change: a question is due, or a programme begins or ends."""
        at = self._clock()
        ends = snapshot.now.end if snapshot.now else None
        begins = snapshot.next.start if snapshot.next else None
        moments = [moment for moment in (ends, begins) if moment is not None and moment > at]
        return min([*moments, *(state.due for state in watch.sources)], default=None)

    async def _ask_all(self, watch: _Watch, states: Iterable[_SourceState]) -> None:
        async with asyncio.TaskGroup() as questions:
            for state in states:
                questions.create_task(self._ask_one(watch, state))

    async def _ask_one(self, watch: _Watch, state: _SourceState) -> None:
        replies = state.replies
        async with state.turn, self._gate:
            if state.replies > replies:
                return
            pushes = state.pushes
            try:
                answer = await source_type(state.source.source).now(
                    self._net, watch.station, state.source, self._clock(), state.answer
                )
            except Problem as problem:
                log.debug("%s: %s: no answer: %s", watch.name, state.source.source, problem)
                state.note_failure(problem)
            except Exception as error:
                # What nobody expected of one source costs its answer alone.
                log.exception("%s: %s: unexpected", watch.name, state.source.source)
                state.note_failure(as_problem(error))
            else:
                log.debug("%s: %s: %s", watch.name, state.source.source, answer.in_words())
                if state.answer and state.pushes > pushes:
                    # A song that was pushed meanwhile is newer than the question.
                    answer = replace(answer, song=state.answer.song)
                state.note_answer(answer, self._clock())
                if self._days is not None:
                    self._days.weeks.observe(state.key, answer, self._clock())
            state.replies += 1

    def _plan(self, state: _SourceState, snapshot: OnAir, at: datetime) -> None:
        """Set the time of the next question, from what ``snapshot`` shows."""
        waits: list[float] = []
        if state.answer and not state.silent:
            waits.append(self._until_change(state, snapshot, at))
            again = state.answer.again_seconds
            if again is not None and not self._pushes.is_connected(state.key):
                waits.append(again)
        if state.problem:
            step = stepped_pause(state.failures, _BACK_OFF)
            wished = min(state.problem.retry_wait(at).total_seconds(), _LONGEST_RETRY_AFTER)
            waits.append(max(step * self._rng.uniform(1.0, 1.1), wished))
        state.due = at + timedelta(seconds=max(min(waits), _LEAST_BETWEEN))
        state.planned = True

    def _until_change(self, state: _SourceState, snapshot: OnAir, at: datetime) -> float:
        now = state.answer.now if state.answer else None
        if state.late:
            return _LATE
        on_air, following = snapshot.now, snapshot.next
        # What is only usual ends nothing: the name is asked for again, as where nobody knows.
        is_usual = on_air.usual if on_air else following is not None and following.usual
        if now and on_air and same_title(now, on_air) and not is_usual:
            state.over_at = on_air.end
        change = on_air.end if on_air else following.start if following else None
        longest = _MOST_BETWEEN
        if is_usual or change is None or change <= at:
            longest = _WITHOUT_END * self._rng.uniform(0.9, 1.1)
        if change is None or change <= at:
            return longest
        return min((change - at).total_seconds() + self._rng.uniform(1, 10), longest)
