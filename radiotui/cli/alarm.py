"""Command ``alarm``: a station that begins to play at a time of day, and grows louder."""

from __future__ import annotations

import asyncio
import signal
from datetime import time
from typing import TYPE_CHECKING

from radiotui.app.shapes import alarm_shape
from radiotui.cli.notes import opened
from radiotui.cli.output import (
    DONE,
    notes_alone,
    print_json,
    print_note,
    print_nothing,
    print_result,
)
from radiotui.cli.sources import find_station
from radiotui.problems import Problem

if TYPE_CHECKING:
    from radiotui.app.companion import Companion
    from radiotui.marks.alarms import Alarm
    from radiotui.marks.switch import AlarmSwitch

_LONGEST = 3600.0
"""Seconds for which an alarm plays where nobody ends it."""


async def list_alarms(companion: Companion, *, as_json: bool) -> int:
    """Print the alarms, the next one first; 1 where there is none."""
    async with opened(companion, radio=False, faults=False):
        alarms = await companion.marks.alarms.alarms()
    if as_json:
        print_json([alarm_shape(alarm) for alarm in alarms])
    else:
        for alarm in alarms:
            print_result(_line(alarm))
    return DONE if alarms else print_nothing("no alarm is set")


async def set_alarm(
    companion: Companion, at: time, name: str, days: str, *, as_json: bool
) -> Problem | None:
    """Set an alarm; the reason why no timer rings it. Raises Problem for an unknown station."""
    from radiotui.marks.alarms import read_days

    weekdays = read_days(days)
    async with opened(companion, faults=False):
        station, stream = find_station(companion.station_list, name)
        alarm, problem = await companion.marks.alarms.set(at, station, stream, weekdays)
    if as_json:
        print_json(alarm_shape(alarm))
    else:
        print_result(_line(alarm))
    if problem is None:
        print_note("a timer rings it, while you are logged in")
    else:
        print_note(f"it rings only while radiotui runs: {problem}")
    return problem


async def remove_alarms(companion: Companion, alarm_id: int | None) -> int:
    """Remove an alarm, or all of them; what rings falls silent. 1 where there was none."""
    async with opened(companion, radio=False, faults=False):
        alarms = await companion.marks.alarms.alarms()
        ids = [alarm.id for alarm in alarms] if alarm_id is None else [alarm_id]
        for number in ids:
            await companion.marks.alarms.remove(number)
    if not ids:
        return print_nothing("no alarm was set")
    print_note("the alarm is off" if len(ids) == 1 else f"{len(ids)} alarms are off")
    return DONE


async def ring_alarm(companion: Companion, alarm_id: int) -> int:
    """Ring an alarm until it is taken off, Ctrl-C, or an hour is over."""
    with notes_alone():
        async with opened(companion, faults=False):
            alarms = await companion.marks.alarms.alarms()
            alarm = next((alarm for alarm in alarms if alarm.id == alarm_id), None)
            if alarm is None or not await companion.marks.alarms.take(alarm):
                print_note("that alarm is off, or rings already")
                return DONE
            await _ring(companion, alarm)
    return DONE


async def _ring(companion: Companion, alarm: Alarm) -> None:
    from radiotui.player.intents import SetVolume

    alarms, over = companion.marks.alarms, asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, over.set)
    volume, switch = companion.player_state.volume, alarms.switch(alarm.id)
    _attend(switch, alarm, over)
    ringing = asyncio.ensure_future(alarms.ring(alarm))
    # It ends by itself when it is loud enough: only where it fails is all over.
    ringing.add_done_callback(lambda _: None if _is_well(ringing) else over.set())
    try:
        if await alarms.is_set(alarm):
            async with asyncio.timeout(_LONGEST):
                await over.wait()
    except TimeoutError:
        print_note("the alarm has played for an hour")
    finally:
        switch.close()
        ringing.cancel()
        await asyncio.wait([ringing])
        companion.do(SetVolume(volume))
    if await alarms.is_set(alarm):
        await alarms.settle(alarm)
    if not _is_well(ringing):
        ringing.result()


def _attend(switch: AlarmSwitch, alarm: Alarm, over: asyncio.Event) -> None:
    place = f"{alarm.station}/{alarm.stream}"
    try:
        switch.attend(over.set)
    except Problem as problem:
        # It wakes all the same.
        print_note(f"{place} · {problem}")
    else:
        print_note(f"{place} · 'radiotui alarm off' ends it")


def _is_well(ringing: asyncio.Future[tuple[str, str] | None]) -> bool:
    return ringing.cancelled() or ringing.exception() is None


def _line(alarm: Alarm) -> str:
    when = f"{alarm.begins_at.astimezone():%a %d %b %H:%M}"
    timer = "  timer" if alarm.has_timer else ""
    return f"{alarm.id:>3}  {when}  {alarm.station}/{alarm.stream}  {alarm.days_in_words}{timer}"
