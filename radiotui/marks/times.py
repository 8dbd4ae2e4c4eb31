"""Times of programme marks: the week's slots, broadcasts that have moved, and clashes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from radiotui.guide.merge import title_key
from radiotui.guide.model import Programme
from radiotui.guide.timeline import on_at
from radiotui.guide.wall_clock import to_utc
from radiotui.marks.model import ProgrammeMark, WeekSlot
from radiotui.text import clock_duration

FARTHEST_MOVE = timedelta(hours=6)
"""A broadcast that is further away is another one: many programmes come twice a day."""
_HALF_A_WEEK = timedelta(days=3.5)
_WHOLE = 0.9
"""The share of a recording without which it is none of the whole broadcast."""
_WEEKS_COMPARED = 8
"""Two weekly marks in different zones clash in some weeks only."""


def slot_of(begins_at: datetime, zone: ZoneInfo) -> WeekSlot:
    """The time of the week, on the clock in ``zone``."""
    there = begins_at.astimezone(zone)
    return WeekSlot(there.weekday(), there.time().replace(second=0, microsecond=0))


def next_in_slot(slot: WeekSlot, zone: ZoneInfo, after: datetime) -> datetime:
    """The first moment after ``after`` at which the clock in ``zone`` shows the slot's time."""
    day = after.astimezone(zone).date() - timedelta(days=1)
    days = (day + timedelta(days=ahead) for ahead in range(10))
    moments = (
        to_utc(datetime.combine(date, slot.at), zone)
        for date in days
        if date.weekday() == slot.weekday
    )
    return next(moment for moment in moments if moment > after)


def slot_moment(mark: ProgrammeMark, zone: ZoneInfo) -> datetime:
    """The time at which the mark's next broadcast begins if it has not moved."""
    if mark.slot is None:
        return mark.begins_at
    return next_in_slot(mark.slot, zone, mark.begins_at - _HALF_A_WEEK)


def of_next_week(mark: ProgrammeMark, zone: ZoneInfo, after: datetime) -> ProgrammeMark:
    """A weekly mark for the next broadcast in its slot that begins after ``after``."""
    assert mark.slot is not None
    begins_at = next_in_slot(mark.slot, zone, max(slot_moment(mark, zone), after))
    ends_at = begins_at + (mark.ends_at - mark.begins_at) if mark.ends_at else None
    return replace(mark, begins_at=begins_at, ends_at=ends_at, taken_by=None)


def is_titled(programme: Programme, title: str) -> bool:
    """Equality of titles but for case and signs; a longer one may hold the words whole."""
    key, wanted_key = title_key(programme.title), title_key(title)
    return key == wanted_key or (len(wanted_key) > 3 and wanted_key in key)


def _has_words(programme: Programme, title: str) -> bool:
    """True where a longer title has these words in their order, each of them whole."""
    return is_titled(programme, title) and f" {_words(title)} " in f" {_words(programme.title)} "


def _words(title: str) -> str:
    return " ".join(map(title_key, re.findall(r"[^\W_]+|&", title)))


def broadcast_of(mark: ProgrammeMark, line: Sequence[Programme]) -> Programme | None:
    """The mark's broadcast in a timeline: the nearest one of its title; None: it is not there."""
    exact = [p for p in line if title_key(p.title) == title_key(mark.title)]
    for programmes in (exact, [p for p in line if _has_words(p, mark.title)]):
        distances = [
            (abs(p.start - mark.begins_at), p.start, p) for p in programmes if p.start is not None
        ]
        near = [entry for entry in distances if entry[0] <= FARTHEST_MOVE]
        if near:
            return min(near, key=lambda entry: entry[:2])[2]
    return None


def moved(mark: ProgrammeMark, line: Sequence[Programme]) -> ProgrammeMark | None:
    """The mark with the times of the timeline; None where another programme has its time.

    A timeline that does not reach to the mark's time leaves it as it is.
    """
    if not any((one.end or one.start or mark.begins_at) >= mark.begins_at for one in line):
        # What comes in it is an earlier broadcast of the day.
        return mark
    programme = broadcast_of(mark, line)
    if programme is not None and programme.start is not None:
        return replace(mark, begins_at=programme.start, ends_at=programme.end)
    return None if on_at(line, mark.begins_at) is not None else mark


def lost_part(recorded: float, whole: float) -> str:
    """The reason to call a broadcast missed of which so many seconds were recorded; else empty."""
    if recorded >= whole * _WHOLE:
        return ""
    if not recorded:
        return "nothing was heard"
    return f"only {clock_duration(recorded)} of {clock_duration(whole)} was heard"


def clashes(
    mark: ProgrammeMark,
    marks: Iterable[ProgrammeMark],
    zone_of: Callable[[ProgrammeMark], ZoneInfo],
) -> list[ProgrammeMark]:
    """The other marks that tune in while this one does; recordings and reminders may overlap."""
    if mark.action != "tune":
        return []
    own_spans = _spans(mark, zone_of)
    return [
        rival
        for rival in marks
        if rival.action == "tune"
        and rival.id != mark.id
        and any(
            begin < rival_end and rival_begin < end
            for begin, end in own_spans
            for rival_begin, rival_end in _spans(rival, zone_of)
        )
    ]


def _spans(
    mark: ProgrammeMark, zone_of: Callable[[ProgrammeMark], ZoneInfo]
) -> list[tuple[datetime, datetime]]:
    spans = [(mark.begins_at, mark.over_at)]
    while mark.is_weekly and len(spans) < _WEEKS_COMPARED:
        mark = of_next_week(mark, zone_of(mark), mark.begins_at)
        spans.append((mark.begins_at, mark.over_at))
    return spans
