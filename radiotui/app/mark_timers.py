"""Timers of the system that record marked programmes where radiotui does not run."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from radiotui.app.options import Options
from radiotui.marks.model import ProgrammeMark, WeekSlot
from radiotui.problems import Problem

if TYPE_CHECKING:
    from radiotui.marks.timers import SystemTimers, TimerJob, WeeklyTimes

_EARLY = timedelta(minutes=10)
"""The schedule is asked so long before the beginning: the programme may have moved."""
_JUST_BEFORE = timedelta(seconds=30)
_SOON = timedelta(seconds=2)
_MONDAY = datetime(2024, 1, 1)  # noqa: DTZ001 - of the clock on the wall


def timers_here() -> SystemTimers | None:
    """The timers of this computer."""
    from radiotui.marks.timers import system_timers

    return system_timers()


class MarkTimers:
    """A timer for each mark that records. ``find_timers`` gives the system's; None: it has none."""

    def __init__(
        self,
        options: Options,
        clock: Callable[[], datetime],
        find_timers: Callable[[], SystemTimers | None] = timers_here,
    ) -> None:
        self._options = options
        self._clock = clock
        self._find_timers = find_timers

    async def put(self, mark: ProgrammeMark, zone: ZoneInfo) -> Problem | None:
        """Make the timer of a mark, or make it anew; the reason why there is none."""
        timers = self._find_timers()
        if timers is None:
            return Problem("This computer has no timers that radiotui knows")
        try:
            await asyncio.to_thread(timers.put, mark_job(mark, zone, self._options, self._clock()))
        except Problem as problem:
            return problem
        return None

    async def remove(self, mark_id: int) -> None:
        """Remove the timer of a mark, where it has one."""
        timers = self._find_timers()
        if timers is not None:
            await asyncio.to_thread(timers.remove, _name(mark_id))


def mark_job(mark: ProgrammeMark, zone: ZoneInfo, options: Options, at: datetime) -> TimerJob:
    """The job that records a mark's programme, and asks the schedule before."""
    from radiotui.marks.timers import TimerJob, own_command, own_environment

    early = (mark.begins_at - _EARLY, mark.begins_at - _JUST_BEFORE)
    moments = tuple(moment for moment in early if moment > at + _SOON)[:1]
    command = own_command(
        (
            *("record", mark.place, f"--programme={mark.title}", f"--mark={mark.id}"),
            *options_of(options),
        )
    )
    return TimerJob(
        _name(mark.id),
        f"radiotui records {mark.title}",
        command,
        moments,
        _weekly(mark.slot, zone) if mark.slot else None,
        own_environment(),
    )


def options_of(options: Options) -> list[str]:
    """The options of the command line that lead to the same stations and settings."""
    words = ["--demo"] if options.demo else []
    for option, path in (("--stations", options.stations), ("--config", options.config)):
        words += [f"{option}={path.absolute()}"] if path is not None else []
    return words


def _weekly(slot: WeekSlot, zone: ZoneInfo) -> WeeklyTimes:
    from radiotui.marks.timers import WeeklyTimes

    moment = datetime.combine(_MONDAY + timedelta(days=slot.weekday), slot.at) - _EARLY
    return WeeklyTimes((moment.weekday(),), moment.time(), zone.key)


def _name(mark_id: int) -> str:
    return f"radiotui-mark-{mark_id}"
