"""A weekly table from the station list, for stations whose schedule nobody publishes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import pairwise

import msgspec

from radiotui.guide.model import Programme
from radiotui.guide.sources.answer import ScheduleAnswer
from radiotui.guide.wall_clock import to_utc
from radiotui.stations.model import WeeklyProgramme
from radiotui.text import clean

# What goes on for as long as this never stops: a row's last turn may have fallen into the lost
# hour of spring, not its last two.
_NEVER_STOPS_DAYS = 14
# And a day, whose turns may run into the first of those.
_REACH_DAYS = _NEVER_STOPS_DAYS + 1


class _WeeklyTurn(msgspec.Struct, frozen=True):
    """One turn of a row of the table."""

    start: datetime
    row: int
    end: datetime


@dataclass(slots=True)
class _WeeklySpan:
    """A stretch of the timeline with one programme, or with none."""

    title: str | None
    host: str | None
    start: datetime
    end: datetime


def answer(table: Sequence[WeeklyProgramme], zone: tzinfo, at: datetime) -> ScheduleAnswer:
    """The table's answer at ``at``, in the station's ``zone``.

    Where rows overlap the one that began later is on, and of two that begin
    together the one further down; the other comes back when it ends. A
    programme that follows itself without a gap is one long programme; one that
    never stops has neither start nor end.
    """
    spans = _spans(table, sorted(_turns(table, zone, at), key=lambda turn: (turn.start, turn.row)))
    current = next((span for span in spans if span.start <= at < span.end), None)
    now = _programme(current) if current else None
    if now and now.start and now.start <= _midnight(zone, at, -_NEVER_STOPS_DAYS):
        now = Programme(now.title, host=now.host)
    later = next((span for span in spans if span.title is not None and span.start > at), None)
    return ScheduleAnswer(now=now, next=_programme(later) if later else None)


def day(table: Sequence[WeeklyProgramme], zone: tzinfo, day: date) -> tuple[Programme, ...]:
    """The programmes of the table that begin on ``day``, as the station counts days."""
    midnight = to_utc(datetime.combine(day, time()), zone)
    end = to_utc(datetime.combine(day + timedelta(days=1), time()), zone)
    turns = sorted(_turns(table, zone, midnight), key=lambda turn: (turn.start, turn.row))
    spans = (span for span in _spans(table, turns) if midnight <= span.start < end)
    programmes = (_programme(span) for span in spans)
    return tuple(programme for programme in programmes if programme is not None)


def _midnight(zone: tzinfo, at: datetime, days: int) -> datetime:
    """The beginning of the station's day, so many days after that of ``at``."""
    day = at.astimezone(zone).date() + timedelta(days=days)
    return to_utc(datetime.combine(day, time()), zone)


def _turns(table: Sequence[WeeklyProgramme], zone: tzinfo, at: datetime) -> Iterator[_WeeklyTurn]:
    today = at.astimezone(zone).date()
    for offset in range(-_REACH_DAYS, _REACH_DAYS + 1):
        day = today + timedelta(days=offset)
        for number, row in enumerate(table):
            if day.weekday() not in row.days:
                continue
            last_day = day + timedelta(days=1) if row.end <= row.start else day
            start = to_utc(datetime.combine(day, row.start), zone)
            end = to_utc(datetime.combine(last_day, row.end), zone)
            if start < end:
                yield _WeeklyTurn(start, number, end)


def _spans(table: Sequence[WeeklyProgramme], turns: Sequence[_WeeklyTurn]) -> list[_WeeklySpan]:
    """The timeline: a programme, or none, from each moment to the next."""
    moments = sorted({turn.start for turn in turns} | {turn.end for turn in turns})
    spans: list[_WeeklySpan] = []
    running: list[_WeeklyTurn] = []
    next_turn = 0
    for start, end in pairwise(moments):
        while next_turn < len(turns) and turns[next_turn].start <= start:
            running.append(turns[next_turn])
            next_turn += 1
        running = [turn for turn in running if turn.end > start]
        row = table[running[-1].row] if running else None
        title, host = (row.name, row.host) if row else (None, None)
        if spans and (spans[-1].title, spans[-1].host) == (title, host):
            spans[-1].end = end
        else:
            spans.append(_WeeklySpan(title, host, start, end))
    return spans


def _programme(span: _WeeklySpan) -> Programme | None:
    if span.title is None:
        return None
    return Programme(
        clean(span.title, 200), span.start, span.end, clean(span.host or "", 200) or None
    )
