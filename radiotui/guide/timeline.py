"""A line of programmes in time: put in order, and asked for the one that is on.

Sources are believed by their times, never by a field called "now": answers are cached for
minutes, and name what has ended a moment ago.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from radiotui.guide.model import Programme

SNAP = timedelta(seconds=90)
"""Gaps and overlaps up to this are carelessness; a longer gap is the news at the hour."""
KEPT_BETWEEN = timedelta(minutes=15)
"""Between two programmes the last one is kept for so long, and no longer."""


def timeline(programmes: Iterable[Programme]) -> tuple[Programme, ...]:
    """The programmes that have a start, in order and without overlaps.

    Of two that begin together the later one of ``programmes`` counts. An end
    beyond the next start is that start; a short gap before it is closed; an end
    that is not after its own start is none.
    """
    by_start = {
        programme.start: programme for programme in programmes if programme.start is not None
    }
    line = [by_start[start] for start in sorted(by_start)]
    for number, programme in enumerate(line):
        following = line[number + 1].start if number + 1 < len(line) else None
        end = programme.end
        if end is not None and programme.start is not None and end <= programme.start:
            end = None
        if following is not None and (end is None or end > following - SNAP):
            end = following
        line[number] = replace(programme, end=end)
    return tuple(line)


def on_at(line: Sequence[Programme], at: datetime) -> Programme | None:
    """The programme of a :func:`timeline` that is on at ``at``.

    In a gap the last one is kept for a quarter of an hour, without an end that
    was missed; without an end it is on until another begins.
    """
    begun = [programme for programme in line if programme.start and programme.start <= at]
    if not begun:
        return None
    last = begun[-1]
    if last.end is None or at < last.end:
        return last
    return replace(last, end=None) if at < last.end + KEPT_BETWEEN else None


def next_after(line: Sequence[Programme], at: datetime) -> Programme | None:
    """The first programme of a :func:`timeline` that begins after ``at``."""
    return next((programme for programme in line if programme.start and programme.start > at), None)
