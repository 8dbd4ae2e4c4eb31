"""The span of a programme that ``record --programme`` records, as the schedule has it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from radiotui.cli.output import print_note
from radiotui.cli.record import RecordOptions, RecordSpan, until
from radiotui.marks.model import LENGTH_UNKNOWN
from radiotui.problems import Problem, ProblemKind
from radiotui.text import time_of_day

if TYPE_CHECKING:
    import asyncio

    from radiotui.app.companion import Companion
    from radiotui.marks.model import ProgrammeMark
    from radiotui.stations.model import Station, Stream

_ASKED_ANEW = timedelta(minutes=10)
"""Before the beginning the schedule is asked once more: the programme may have moved."""


async def programme_span(
    companion: Companion,
    options: RecordOptions,
    station: Station,
    stream: Stream,
    interrupted: asyncio.Event,
) -> RecordSpan | None:
    """The span of the broadcast that is on or comes next; None: another program records it.

    It waits until shortly before the beginning. Raises Problem where the schedule has none.
    """
    if options.at is not None or options.seconds is not None:
        title = "--programme goes with neither --at nor --for"
        raise Problem(title, "it is cut at the programme's times", kind=ProblemKind.USAGE)
    if options.mark is not None:
        mark = await companion.marks.expected(options.mark, options.programme)
        if mark is None:
            print_note(f"“{options.programme}” is marked no longer")
            return None
        return _span(companion, mark.title, mark.begins_at, mark.ends_at, mark)
    programme = await companion.marks.coming(station, stream, options.programme, now_too=True)
    if programme.start is not None and programme.start - _ASKED_ANEW > companion.clock():
        begins = programme.start.astimezone()
        when = f"{begins:%a} {time_of_day(begins)}"
        print_note(f"{station.name}: {programme.title} comes on {when}")
        await until(companion, programme.start - _ASKED_ANEW, interrupted)
        if interrupted.is_set():
            return None
        programme = await companion.marks.coming(station, stream, options.programme, now_too=True)
    return _span(companion, programme.title, programme.start, programme.end)


def _span(
    companion: Companion,
    title: str,
    begins_at: datetime | None,
    ends_at: datetime | None,
    mark: ProgrammeMark | None = None,
) -> RecordSpan:
    """The part of a broadcast that is still to come."""
    if ends_at is None:
        print_note(f"{title}: nobody says when it ends; an hour is recorded")
    now = companion.clock()
    begin = max(begins_at or now, now)
    end = ends_at or (begins_at or now) + LENGTH_UNKNOWN
    return RecordSpan(begin, max(0.0, (end - begin).total_seconds()), title, mark)
