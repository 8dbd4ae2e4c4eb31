"""Programme marks: coming programmes to be reminded of, tuned in to or recorded."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple, Protocol
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from radiotui.app.alarms import Alarms
from radiotui.app.deps import RoomDeps
from radiotui.app.intents import Intent
from radiotui.app.mark_actor import ScreenActor, day_time
from radiotui.app.mark_timers import MarkTimers, timers_here
from radiotui.app.options import Options
from radiotui.app.tasks import Lookout
from radiotui.guide.model import Day, OnAir, Programme
from radiotui.marks.model import ACTION_WORDS, MarkAction, MissedProgramme, ProgrammeMark
from radiotui.problems import Problem, ProblemKind
from radiotui.stations.model import Station, StationList, Stream
from radiotui.text import clean, shorten

if TYPE_CHECKING:
    from radiotui.marks.book import MarkBook
    from radiotui.marks.timers import SystemTimers
    from radiotui.player.state import PlayerState

_WEEK = timedelta(days=7)
_DAYS_AHEAD = 8
"""No source knows more than a week."""


class MarksHost(Protocol):
    """The part of the Companion that marks look at."""

    options: Options

    @property
    def station_list(self) -> StationList:
        """The stations."""
        ...

    @property
    def player_state(self) -> PlayerState:
        """The player, with the recordings under way."""
        ...

    async def day(self, station: Station, stream: Stream, day: date, *, anew: bool = False) -> Day:
        """A day's schedule, asked ``anew`` unless that was minutes ago."""
        ...

    async def ask_on_air(self, station: Station, stream: Stream) -> OnAir:
        """The programmes of now and next, asked now."""
        ...


class MarksDeps(RoomDeps, frozen=True):
    """Dependencies of :class:`Marks`."""

    do: Callable[[Intent], None]
    confirm: Callable[[str, str], None]
    """Shows words of something that is no problem, with a hint."""
    host: Callable[[], MarksHost]
    find_timers: Callable[[], SystemTimers | None] = timers_here


class MarkOutcome(NamedTuple):
    """A mark that was made, and what the listener should know of it."""

    mark: ProgrammeMark
    clashes: tuple[ProgrammeMark, ...]
    """Other tune-ins at the same time."""
    without_timer: Problem | None = None
    """The reason why only a radiotui that runs records it."""

    @property
    def words(self) -> str:
        """The mark in one line."""
        weekly = ", and every week" if self.mark.is_weekly else ""
        title = shorten(self.mark.title, 60)
        timer = ", by a timer where radiotui does not run" if self.mark.has_timer else ""
        when = f"on {day_time(self.mark.begins_at)}{weekly}{timer}"
        if self.mark.action == "remind":
            return f"You are reminded of {title} {when}"
        return f"{title} is {ACTION_WORDS[self.mark.action]} {when}"

    @property
    def notes(self) -> tuple[str, ...]:
        """A line for everything that may be in the way."""
        notes = [self._clash_words] if self.clashes else []
        if self.without_timer is not None:
            notes.append(f"It is recorded only while radiotui runs · {self.without_timer}")
        return tuple(notes)

    @property
    def _clash_words(self) -> str:
        rivals = " and ".join(
            f"{shorten(mark.title, 40)} ({mark.place}, {day_time(mark.begins_at)})"
            for mark in self.clashes[:3]
        )
        verb = "is" if len(self.clashes) == 1 else "are"
        return f"At the same time {rivals} {verb} tuned in to"


class Marks:
    """The marks of coming programmes. What is awaited raises Problem."""

    def __init__(self, deps: MarksDeps) -> None:
        self.deps = deps
        self.current: tuple[ProgrammeMark, ...] = ()
        """The marks as they were looked at last."""
        self.alarms = Alarms(deps)
        self.lookout = Lookout("marks")
        self._book: MarkBook | None = None
        self._without_timer: Problem | None = None
        """The reason why the mark that was put last has no timer."""

    # Questions

    async def refresh(self) -> tuple[ProgrammeMark, ...]:
        """The marks as the store has them now, the next one first."""
        self.current = tuple(await (await self._opened_book()).marks())
        return self.current

    async def missed(self) -> list[MissedProgramme]:
        """The marked broadcasts that were missed, the newest first."""
        return await (await self._opened_book()).missed()

    def mark_of(self, station: str, stream: str, programme: Programme) -> ProgrammeMark | None:
        """The mark of a programme, as they were looked at last."""
        from radiotui.guide.merge import title_key
        from radiotui.marks.times import slot_of

        title = title_key(programme.title)
        for mark in self.current:
            if (mark.station, mark.stream, title_key(mark.title)) != (station, stream, title):
                continue
            if programme.start is None or mark.begins_at == programme.start:
                return mark
            is_later = programme.start > mark.begins_at
            if mark.slot and is_later and slot_of(programme.start, self._zone(mark)) == mark.slot:
                return mark
        return None

    def unguarded(self) -> list[ProgrammeMark]:
        """The marks of the coming week that nothing records while radiotui does not run."""
        at = self.deps.clock()
        return [
            mark
            for mark in self.current
            if mark.action == "record"
            and not mark.has_timer
            and mark.over_at > at
            and mark.begins_at < at + _WEEK
        ]

    async def coming(
        self, station: Station, stream: Stream, title: str, *, now_too: bool = False
    ) -> Programme:
        """The next broadcast whose title has these words, or the one that is on ``now_too``.

        Raises Problem where the schedule knows of none.
        """
        from radiotui.marks.times import is_titled

        at = self.deps.clock()
        today, problem = at.astimezone(station.zone).date(), None
        for ahead in range(-1 if now_too else 0, _DAYS_AHEAD):
            day = await self._ask_day(station, stream, today + timedelta(days=ahead))
            problem = problem or day.problem
            for programme in day.programmes:
                if is_titled(programme, title) and _comes(programme, at, now_too=now_too):
                    return programme
        # Some sources know of no days, and of the next programme.
        on_air = await self.deps.host().ask_on_air(station, stream)
        for present in (on_air.now, on_air.next):
            if present and is_titled(present, title) and _comes(present, at, now_too=now_too):
                return present
        words = f"{station.name} has no “{shorten(clean(title), 60)}” in the days to come"
        hint = str(problem) if problem else f"'radiotui day {station.id}/{stream.id}' lists them"
        raise Problem(words, hint, kind=ProblemKind.NOT_FOUND)

    # Changes

    async def add(
        self,
        action: MarkAction,
        station: Station,
        stream: Stream,
        programme: Programme,
        *,
        weekly: bool = False,
    ) -> MarkOutcome:
        """Mark a coming programme, or mark it otherwise; what clashes with it is in the answer."""
        from radiotui.marks.times import slot_of

        begins_at = programme.start
        if begins_at is None:
            raise Problem(f"Nobody says when “{programme.title}” begins", "it cannot be marked")
        if begins_at <= self.deps.clock():
            raise Problem(f"“{programme.title}” has begun already", "what comes can be marked")
        await self.refresh()
        earlier_mark = self.mark_of(station.id, stream.id, programme)
        slot = slot_of(begins_at, station.zone) if weekly else None
        mark = ProgrammeMark(
            *(0, action, station.id, stream.id, clean(programme.title)),
            *(begins_at, programme.end, slot),
        )
        if earlier_mark is None:
            mark = await (await self._opened_book()).add(mark)
            await self.put(mark, mark)
        else:
            if earlier_mark.is_weekly:
                # Also where a later week was looked at: the next broadcast stays the next one.
                mark = replace(earlier_mark, action=action)
            mark = replace(mark, id=earlier_mark.id, taken_by=earlier_mark.taken_by)
            await self.put(earlier_mark, mark)
        self.lookout.wake()
        return self._outcome(mark)

    async def set_weekly(self, mark: ProgrammeMark, *, weekly: bool) -> MarkOutcome:
        """Let a mark hold every week, or for its next broadcast alone."""
        from radiotui.marks.times import slot_of

        # It may have moved, or be recorded, since it was looked at.
        mark = await (await self._opened_book()).mark(mark.id) or mark
        slot = slot_of(mark.begins_at, self._zone(mark)) if weekly else None
        after = replace(mark, slot=slot)
        await self.put(mark, after)
        return self._outcome(after)

    async def remove(self, mark_id: int) -> ProgrammeMark:
        """Remove a mark. Raises Problem where there is none of that id."""
        mark = await (await self._opened_book()).mark(mark_id)
        if mark is None:
            title = f"There is no mark {mark_id}"
            raise Problem(title, "'radiotui marks' lists them", kind=ProblemKind.NOT_FOUND)
        await self.put(mark, None)
        await self.refresh()
        return mark

    # Of the program that records one

    async def expected(self, mark_id: int, title: str) -> ProgrammeMark | None:
        """The mark to be recorded, with the times of now; None where it is none any more."""
        from radiotui.marks.book import lost_reason
        from radiotui.marks.following import followed
        from radiotui.marks.taking import is_taken
        from radiotui.marks.times import FARTHEST_MOVE

        mark = await (await self._opened_book()).mark(mark_id)
        if mark is None:
            await self._timers.remove(mark_id)
        if mark is None or mark.action != "record" or mark.title != title:
            return None
        streams = self._find(mark.station, mark.stream)
        if streams is None:
            return None
        if mark.over_at <= self.deps.clock():
            if not mark.is_weekly or is_taken(mark):
                # It is noted as missed by the program that comes next.
                return None
            # Nobody may come before: a week that was missed costs none of the later ones.
            await self.settle(mark, lost_reason(mark))
            return await self.expected(mark_id, title)
        if mark.begins_at > self.deps.clock() + 2 * FARTHEST_MOVE:
            # This week's broadcast had moved, and is over: the timer comes for the next one.
            return None
        current_mark = await followed(mark, *streams, self._ask_day)
        if current_mark is None:
            await self.settle(mark, "another programme has its time")
        elif current_mark != mark:
            await self.put(mark, current_mark)
        return current_mark

    async def take(self, mark: ProgrammeMark) -> bool:
        """Record a mark's broadcast in this process; False where another does."""
        return await (await self._opened_book()).take(mark)

    async def settle(self, mark: ProgrammeMark, reason: str = "") -> None:
        """Go on from a broadcast that was recorded, or missed for that reason."""
        from radiotui.marks.times import of_next_week

        if reason:
            await (await self._opened_book()).note_missed(mark, reason)
        zone, at = self._zone(mark), self.deps.clock()
        await self.put(mark, of_next_week(mark, zone, at) if mark.is_weekly else None)

    # While the program runs

    async def keep(self) -> None:
        """Do what marks and alarms ask for at their times, as long as the program runs."""
        from radiotui.marks.agenda import Agenda, AgendaDeps

        deps = AgendaDeps(
            await self._opened_book(),
            self.refresh,
            self.deps.clock,
            self._find,
            self._ask_day,
            self.put,
            await self._actor(),
        )
        await asyncio.gather(self.lookout.keep(Agenda(deps).look), self.alarms.keep())

    async def _actor(self) -> ScreenActor:
        services = await self.deps.opened()
        return ScreenActor(self.deps, self._find, services.player.end_programme)

    # Inside

    async def _ask_day(self, station: Station, stream: Stream, day: date) -> Day:
        return await self.deps.host().day(station, stream, day, anew=True)

    async def put(self, mark: ProgrammeMark, following: ProgrammeMark | None) -> None:
        """Put another mark, or none, in the place of one; its timer follows."""
        book = await self._opened_book()
        if following is None:
            await book.remove(mark.id)
        else:
            following = await self._with_timer(following)
            await book.change(following, mark)
        if following is None or following.action != "record" or not await book.mark(mark.id):
            await self._timers.remove(mark.id)
        await self.refresh()

    async def _with_timer(self, mark: ProgrammeMark) -> ProgrammeMark:
        """The mark with a timer, where it needs one and there can be one."""
        self._without_timer = None
        if mark.action == "record":
            self._without_timer = await self._timers.put(mark, self._zone(mark))
        has_timer = mark.action == "record" and self._without_timer is None
        return replace(mark, has_timer=has_timer)

    @property
    def _timers(self) -> MarkTimers:
        return MarkTimers(self.deps.host().options, self.deps.clock, self.deps.find_timers)

    def _outcome(self, mark: ProgrammeMark) -> MarkOutcome:
        """Facts for the listener of a mark that was put just now."""
        from radiotui.marks.times import clashes

        current_mark = next((other for other in self.current if other.id == mark.id), mark)
        rivals = tuple(clashes(current_mark, self.current, self._zone))
        return MarkOutcome(current_mark, rivals, self._without_timer)

    async def _opened_book(self) -> MarkBook:
        if self._book is None:
            from radiotui.marks.book import MarkBook

            self._book = MarkBook((await self.deps.opened()).store)
        return self._book

    def _find(self, station_id: str, stream_id: str) -> tuple[Station, Stream] | None:
        station = self.deps.host().station_list.station(station_id)
        stream = station.stream(stream_id) if station else None
        return (station, stream) if station is not None and stream is not None else None

    def _zone(self, mark: ProgrammeMark) -> ZoneInfo:
        streams = self._find(mark.station, mark.stream)
        return streams[0].zone if streams else ZoneInfo("UTC")


def _comes(programme: Programme, at: datetime, *, now_too: bool) -> bool:
    """True for a programme that has not begun, or that goes on, ``now_too``."""
    if programme.start is None:
        return False
    return programme.start > at or (now_too and programme.end is not None and programme.end > at)
