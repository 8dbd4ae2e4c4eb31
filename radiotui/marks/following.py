"""The schedule around the time of a mark, asked anew: programmes move."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import date

from radiotui.guide.model import Day
from radiotui.guide.timeline import timeline
from radiotui.marks.model import ProgrammeMark
from radiotui.marks.times import FARTHEST_MOVE, moved
from radiotui.stations.model import Station, Stream

log = logging.getLogger(__name__)

AskDay = Callable[[Station, Stream, date], Awaitable[Day]]

_LONGEST_ANSWER = 15.0
"""Seconds for the schedule: the other marks wait meanwhile."""


async def followed(
    mark: ProgrammeMark, station: Station, stream: Stream, ask_day: AskDay
) -> ProgrammeMark | None:
    """The mark with the times that its programme has now; None: another one has its time.

    What is only usual tells of no moves, and a service that is silent leaves the times as they are.
    """
    ends = (mark.begins_at - FARTHEST_MOVE, mark.begins_at + FARTHEST_MOVE)
    dates = dict.fromkeys(moment.astimezone(station.zone).date() for moment in ends)
    days: list[Day] = []
    try:
        async with asyncio.timeout(_LONGEST_ANSWER):
            days += [await ask_day(station, stream, day) for day in dates]
    except TimeoutError:
        log.info("the schedule of %s is too slow to follow %r", station.id, mark.title)
    line = timeline(
        programme for day in days if day.source != "usual" for programme in day.programmes
    )
    return moved(mark, line) if line else mark
