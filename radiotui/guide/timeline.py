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
LONGEST_WITHOUT_END = timedelta(hours=6)
"""A programme whose end nobody tells is on for no longer than this."""


def timeline(programmes: Iterable[Programme]) -> tuple[Programme, ...]:
    """The programmes that have a start, in order and without overlaps.

    Of two that begin together the later one of ``programmes`` counts. An end
    beyond the next start is that start, and the programme comes back where what
    lies within it has ended; a short gap before a start is closed; an end that
    is not after its own start is none.
    """
    by_start: dict[tuple[datetime, str], Programme] = {}
    for programme in programmes:
        if programme.start is not None:
            key = programme.start, programme.title
            by_start.pop(key, None)
            by_start[key] = programme
    line: list[Programme] = []
    interrupted: list[Programme] = []
    for programme in sorted(by_start.values(), key=_start):
        _end_before(_start(programme), line, interrupted)
        has_end = programme.end is not None and programme.end > _start(programme)
        line.append(programme if has_end else replace(programme, end=None))
    _resume(line, interrupted, until=None)
    return tuple(line)


def _end_before(start: datetime, line: list[Programme], interrupted: list[Programme]) -> None:
    """Let ``line`` end where the next programme begins; what goes on longer is ``interrupted``."""
    _resume(line, interrupted, until=start)
    if not line:
        return
    last = line.pop()
    if last.end is not None and last.end > start + SNAP:
        interrupted.append(last)
    is_closed = last.end is None or last.end > start - SNAP
    if _start(last) < start:
        line.append(replace(last, end=start) if is_closed else last)


def _resume(line: list[Programme], interrupted: list[Programme], until: datetime | None) -> None:
    """Continue what was interrupted, the last one first, until the next programme begins."""
    while line and interrupted and (end := line[-1].end) is not None:
        if until is not None and end > until - SNAP:
            return
        longer = interrupted.pop()
        if longer.end is not None and longer.end > end + SNAP:
            line.append(replace(longer, start=end))


def _start(programme: Programme) -> datetime:
    assert programme.start is not None
    return programme.start


def on_at(line: Sequence[Programme], at: datetime) -> Programme | None:
    """The programme of a :func:`timeline` that is on at ``at``.

    In a gap the last one is kept for a quarter of an hour, without an end that
    was missed; without an end it is on until another begins, or for some hours.
    """
    begun = [programme for programme in line if programme.start and programme.start <= at]
    if not begun:
        return None
    last = begun[-1]
    if last.end is None:
        return last if at < _start(last) + LONGEST_WITHOUT_END else None
    if at < last.end:
        return last
    return replace(last, end=None) if at < last.end + KEPT_BETWEEN else None


def next_after(line: Sequence[Programme], at: datetime) -> Programme | None:
    """The first programme of a :func:`timeline` that begins after ``at``."""
    return next((programme for programme in line if programme.start and programme.start > at), None)
