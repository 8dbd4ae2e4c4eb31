"""Alarms: set, listed, and rung by the program that runs, or by a timer of the system."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import time, timedelta
from typing import TYPE_CHECKING

from msgspec.structs import replace

from radiotui.app.mark_timers import options_of
from radiotui.app.tasks import LONGEST_NAP, Lookout
from radiotui.problems import Problem, ProblemKind
from radiotui.stations.model import Station, Stream

if TYPE_CHECKING:
    from radiotui.app.marks import MarksDeps
    from radiotui.app.ringing import Ringing
    from radiotui.marks.alarms import Alarm, AlarmBook
    from radiotui.marks.switch import AlarmSwitch
    from radiotui.player.state import PlayerState

_TAKEN_EARLY = timedelta(seconds=5)
"""The program that runs is before the timer, which comes at the very second."""
_EARLIEST = timedelta(minutes=1)
"""A timer that comes earlier comes for an alarm that has rung already."""
_LATE = timedelta(minutes=10)


class Alarms:
    """The listener's alarms. What is awaited raises Problem."""

    def __init__(
        self, deps: MarksDeps, *, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self.deps = deps
        self._sleep = sleep
        self._book: AlarmBook | None = None
        self._lookout = Lookout("alarms")
        self._ringing: list[Ringing] = []

    async def alarms(self) -> list[Alarm]:
        """All alarms, the next one first."""
        return await (await self._opened_book()).alarms()

    async def set(
        self, at: time, station: Station, stream: Stream, days: tuple[int, ...] = ()
    ) -> tuple[Alarm, Problem | None]:
        """Set an alarm; the reason why no timer rings it where radiotui does not run."""
        from radiotui.marks.alarms import Alarm, next_ring

        begins_at = next_ring(at, days, self.deps.clock())
        book = await self._opened_book()
        alarm = await book.add(Alarm(0, at, days, station.id, stream.id, begins_at))
        problem = await self._put_timer(alarm)
        alarm = replace(alarm, has_timer=problem is None)
        if not await book.change(alarm, alarm) and not await self.is_set(alarm):
            # It has rung, or was taken off, while the timer was made.
            await self._remove_timer(alarm.id)
        self._lookout.wake()
        return alarm, problem

    async def remove(self, alarm_id: int) -> None:
        """Remove an alarm; one that rings falls silent. Raises Problem where there is none."""
        if not await (await self._opened_book()).remove(alarm_id):
            title = f"There is no alarm {alarm_id}"
            raise Problem(title, "'radiotui alarm' lists them", kind=ProblemKind.NOT_FOUND)
        await self._remove_timer(alarm_id)
        await asyncio.to_thread(self.switch(alarm_id).turn)

    # Ringing

    async def keep(self) -> None:
        """Ring what is due, as long as the program runs."""
        await self._lookout.keep(self.look)

    async def look(self) -> float:
        """Ring what is due now; the seconds until the next look."""
        from radiotui.marks.taking import is_taken

        nap = LONGEST_NAP
        for alarm in await self.alarms():
            at = self.deps.clock()
            if at >= alarm.begins_at + _LATE:
                if alarm.taken_by is None:
                    when = f"{alarm.begins_at.astimezone():%a %H:%M}"
                    self.deps.notify(Problem(f"The alarm of {when} was not rung"))
                if not is_taken(alarm):
                    # Also where the process that rang it has ended without a word.
                    await self.settle(alarm)
            elif at < alarm.begins_at - _TAKEN_EARLY:
                nap = min(nap, (alarm.begins_at - _TAKEN_EARLY - at).total_seconds())
            elif self._rings_here(alarm) and await self.take(alarm):
                await self.settle(alarm)
                self.deps.spawn(self._ring(alarm))
        return max(0.1, nap)

    def _rings_here(self, alarm: Alarm) -> bool:
        """False where its timer has a list of stations with its station, and this program has none.

        Where it has no timer another station is better than silence.
        """
        station = self.deps.host().station_list.station(alarm.station)
        return station is not None or not alarm.has_timer

    async def take(self, alarm: Alarm) -> bool:
        """Ring an alarm in this process; False where it rings elsewhere, or is not due."""
        if alarm.begins_at > self.deps.clock() + _EARLIEST:
            return False
        return await (await self._opened_book()).take(alarm)

    async def settle(self, alarm: Alarm) -> None:
        """Go on from an alarm that has rung: to its next day, or to its end."""
        from radiotui.marks.alarms import next_ring

        book = await self._opened_book()
        if not alarm.days:
            await book.remove(alarm.id)
            await self._remove_timer(alarm.id)
            return
        after = max(self.deps.clock(), alarm.begins_at)
        begins_at = next_ring(alarm.at, alarm.days, after)
        await book.change(replace(alarm, begins_at=begins_at, taken_by=None), alarm)

    async def ring(self, alarm: Alarm) -> tuple[str, str] | None:
        """Play an alarm's station, louder and louder; the stream that is heard in the end.

        None: the listener ended it.
        """
        from radiotui.app.ringing import Ringing

        await self.deps.opened()
        host = self.deps.host()
        ringing = Ringing(
            alarm, lambda: host.player_state, self.deps.do, host.station_list, self._sleep
        )
        self._ringing.append(ringing)
        try:
            return await ringing.ring()
        finally:
            self._ringing.remove(ringing)

    def receive(self, player_state: PlayerState) -> None:  # noqa: ARG002
        """Follow the player, where an alarm rings."""
        for ringing in self._ringing:
            ringing.receive()

    def switch(self, alarm_id: int) -> AlarmSwitch:
        """The switch by which another process ends an alarm that rings."""
        from radiotui.marks.switch import AlarmSwitch

        return AlarmSwitch(self.deps.host().options.folders.data, alarm_id)

    async def is_set(self, alarm: Alarm) -> bool:
        """True until somebody removes it: then what rings falls silent."""
        return await (await self._opened_book()).alarm(alarm.id) is not None

    async def _ring(self, alarm: Alarm) -> None:
        early = (alarm.begins_at - self.deps.clock()).total_seconds()
        await self._sleep(max(0.0, early))
        self.deps.confirm(f"Good morning: {alarm.at:%H:%M}", "the alarm grows louder")
        heard = await self.ring(alarm)
        if heard is not None and heard != (alarm.station, alarm.stream):
            self.deps.notify(Problem("The alarm's station is not heard", f"{heard[0]} plays"))

    # Timers

    async def _put_timer(self, alarm: Alarm) -> Problem | None:
        from radiotui.marks.timers import TimerJob, WeeklyTimes, own_command, own_environment

        timers = self.deps.find_timers()
        if timers is None:
            return Problem("This computer has no timers that radiotui knows")
        job = TimerJob(
            _name(alarm.id),
            f"radiotui alarm at {alarm.at:%H:%M}",
            own_command(("alarm", f"--ring={alarm.id}", *options_of(self.deps.host().options))),
            () if alarm.days else (alarm.begins_at,),
            WeeklyTimes(alarm.days, alarm.at) if alarm.days else None,
            own_environment(),
        )
        try:
            await asyncio.to_thread(timers.put, job)
        except Problem as problem:
            return problem
        return None

    async def _remove_timer(self, alarm_id: int) -> None:
        timers = self.deps.find_timers()
        if timers is not None:
            await asyncio.to_thread(timers.remove, _name(alarm_id))

    async def _opened_book(self) -> AlarmBook:
        if self._book is None:
            from radiotui.marks.alarms import AlarmBook

            self._book = AlarmBook((await self.deps.opened()).store)
        return self._book


def _name(alarm_id: int) -> str:
    return f"radiotui-alarm-{alarm_id}"
