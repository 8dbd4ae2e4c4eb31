"""The week of a source that tells no times, learnt from the names it gave over some weeks.

Where the name in its answers changes, a programme began between the last answer with the old one
and the first with the new. A change that comes again at the same time by the clock on the
station's wall, on the same weekday or on most working days, is usual; it is never certain.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from itertools import pairwise

import msgspec

from radiotui.guide.merge import title_key
from radiotui.guide.model import Programme
from radiotui.guide.sources.answer import ScheduleAnswer
from radiotui.guide.timeline import SNAP
from radiotui.guide.wall_clock import to_utc

WATCHED = timedelta(minutes=20)
"""Answers further apart leave a hole: nobody knows what was on between them."""
REMEMBERED = timedelta(days=35)
"""Five weeks; earlier answers tell nothing of the present."""

_SAME_TIME = 7
"""Minutes that two changes of one slot may be apart: less than half a quarter of an hour."""
_BESIDE = timedelta(minutes=10)
"""A change has happened, or has not, when the names so long before and after it are known."""
_LATE = timedelta(seconds=90)
"""A source names for a moment what has ended."""
_WEEKS, _WEEKS_ALIKE = 3, 2
_WORKING_DAYS, _WORKING_DAYS_ALIKE, _DAILY = 5, 3, 4
_WORKING_DAYS_MISSED = 2
_SATURDAY = 5
_NEXT_WITHIN = timedelta(hours=3)
"""With holes in the week a later programme is no next one."""
_MOST_SIGHTINGS = 3000
"""Of five weeks: more than one in twenty minutes is no schedule."""

_DayTest = Callable[[date], bool]


class Sighting(msgspec.Struct, frozen=True):
    """A name that a source gave in answer after answer; empty where nothing was on."""

    title: str
    first_at: datetime
    last_at: datetime


def with_answer(sightings: tuple[Sighting, ...], title: str, at: datetime) -> tuple[Sighting, ...]:
    """The sightings and one answer more; an answer from before the last one changes nothing."""
    last = sightings[-1] if sightings else None
    if last is not None and at <= last.last_at:
        return sightings
    if (
        last is not None
        and title_key(last.title) == title_key(title)
        and at - last.last_at <= WATCHED
    ):
        return (*sightings[:-1], Sighting(title, last.first_at, at))
    recent = sightings
    if recent and recent[0].last_at < at - REMEMBERED:
        recent = tuple(sighting for sighting in sightings if sighting.last_at >= at - REMEMBERED)
    return (*recent[1 - _MOST_SIGHTINGS :], Sighting(title, at, at))


class _NameChange(msgspec.Struct, frozen=True):
    """A change of name on one day, at a minute of the station's clock."""

    day: date
    minute: int
    before: str
    after: str
    title: str
    """The new name, as it was written."""
    earliest: float
    latest: float
    """The minutes between which it was seen to happen."""


class _UsualBoundary(msgspec.Struct, frozen=True):
    """A beginning or an end that came more than once at about the same minute."""

    name: str
    """The folded title."""
    title: str
    minute: int
    is_start: bool
    days: frozenset[date]
    """Those on which it was seen."""


class LearntWeek:
    """The usual programmes of one source, at a station in ``zone``.

    May take some hundredths of a second, and reads the zone's file: for a thread.
    """

    def __init__(self, sightings: Sequence[Sighting], zone: tzinfo) -> None:
        self._zone = zone
        self._sightings = sightings
        self._beginnings = [sighting.first_at for sighting in sightings]
        self._names = [title_key(sighting.title) for sighting in sightings]
        self._moment = lru_cache(maxsize=None)(self._moment_of)
        self._days: dict[date, list[tuple[datetime, _UsualBoundary]]] = {}
        changes = [
            change
            for earlier, later in pairwise(sightings)
            if (change := _change(earlier, later, zone)) is not None
        ]
        self._slots = [*_slots(changes, is_start=True), *_slots(changes, is_start=False)]
        self._seen_days = _days_of(sightings, zone) if self._slots else []

    def answer(self, at: datetime) -> ScheduleAnswer:
        """The programme that is usually on at ``at``, and the next."""
        today = at.astimezone(self._zone).date()
        line = self._line(today)
        now = next(
            (
                programme
                for programme in line
                if programme.start and programme.end and programme.start <= at < programme.end
            ),
            None,
        )
        until = (now.end if now and now.end else at) + _NEXT_WITHIN
        following = next(
            (programme for programme in line if programme.start and at < programme.start <= until),
            None,
        )
        return ScheduleAnswer(now, following)

    def day(self, day: date) -> tuple[Programme, ...]:
        """The usual programmes that begin on ``day``: those whose end is learnt too."""
        return tuple(
            programme
            for programme in self._line(day)
            if programme.end is not None
            and programme.start is not None
            and programme.start.astimezone(self._zone).date() == day
        )

    def _line(self, day: date) -> list[Programme]:
        """The usual programmes from the day before ``day`` to the one after, in order."""
        marks = sorted(
            (mark for offset in (-1, 0, 1) for mark in self._marks(day + timedelta(days=offset))),
            key=lambda mark: mark[0],
        )
        return [
            Programme(slot.title, start, _end_of(slot, marks[place + 1 :], start), usual=True)
            for place, (start, slot) in enumerate(marks)
            if slot.is_start and slot.name
        ]

    def _marks(self, day: date) -> list[tuple[datetime, _UsualBoundary]]:
        """The beginnings and ends that are usual on ``day``."""
        if day not in self._days:
            self._days[day] = [
                (self._moment(day, slot.minute), slot)
                for slot in self._slots
                if self._is_usual(slot, day)
            ]
        return self._days[day]

    def _is_usual(self, slot: _UsualBoundary, day: date) -> bool:
        """True for a slot to be expected on ``day``, by its weekday or by the working days."""
        is_working_day = day.weekday() < _SATURDAY
        own = self._evidence(slot, lambda other: other.weekday() == day.weekday())
        working = (
            self._evidence(slot, lambda other: other.weekday() < _SATURDAY)
            if is_working_day
            else []
        )
        alike = [is_seen for _, is_seen in working]
        missed = next((place for place, is_seen in enumerate(alike) if is_seen), len(alike))
        was_daily = sum(alike[missed : missed + _WORKING_DAYS]) >= _DAILY
        if was_daily and missed >= _WORKING_DAYS_MISSED:
            # It has moved: the other weekdays need not be waited for.
            return False
        if sum(is_seen for _, is_seen in own[:_WEEKS]) >= _WEEKS_ALIKE:
            return True
        if own and not own[0][1] and any(seen for other, seen in working if other < own[0][0]):
            # This weekday has something else, which is older than the slot's other days.
            return False
        return sum(alike[:_WORKING_DAYS]) >= _WORKING_DAYS_ALIKE and any(alike[:2])

    def _evidence(self, slot: _UsualBoundary, is_alike: _DayTest) -> list[tuple[date, bool]]:
        """The days that speak for or against a slot, the newest first."""
        return [
            (day, is_seen)
            for day in self._seen_days
            if is_alike(day) and (is_seen := self._is_seen(slot, day)) is not None
        ]

    def _is_seen(self, slot: _UsualBoundary, day: date) -> bool | None:
        """True for a slot that was kept on ``day``; None where nobody listened."""
        if day in slot.days:
            return True
        moment = self._moment(day, slot.minute)
        before, after = self._name_at(moment - _BESIDE), self._name_at(moment + _BESIDE)
        inside, outside = (after, before) if slot.is_start else (before, after)
        is_against = (inside is not None and inside != slot.name) or outside == slot.name
        return False if is_against else None

    def _name_at(self, moment: datetime) -> str | None:
        place = bisect_right(self._beginnings, moment) - 1
        if place < 0 or self._sightings[place].last_at < moment:
            return None
        return self._names[place]

    def _moment_of(self, day: date, minute: int) -> datetime:
        return to_utc(datetime.combine(day, time(minute // 60, minute % 60)), self._zone)


def _days_of(sightings: Sequence[Sighting], zone: tzinfo) -> list[date]:
    """The days of the station on which anything was seen, the newest first."""
    days: set[date] = set()
    for sighting in sightings:
        days |= {
            sighting.first_at.astimezone(zone).date(),
            sighting.last_at.astimezone(zone).date(),
        }
    return sorted(days, reverse=True)


def _change(earlier: Sighting, later: Sighting, zone: tzinfo) -> _NameChange | None:
    """The change between two sightings; None across a hole, and across a change of the clocks."""
    names = title_key(earlier.title), title_key(later.title)
    if later.first_at - earlier.last_at > WATCHED or names[0] == names[1]:
        return None
    low = earlier.last_at.astimezone(zone).replace(tzinfo=None)
    high = later.first_at.astimezone(zone).replace(tzinfo=None)
    if not timedelta(0) < high - low <= WATCHED:
        return None
    midnight = datetime.combine(high.date(), time())
    bounds = ((low - midnight) / timedelta(minutes=1), (high - midnight) / timedelta(minutes=1))
    return _NameChange(midnight.date(), _snap(*bounds), *names, later.title, *bounds)


def _snap(low: float, high: float) -> int:
    """The minute of a change between two bounds: the full hour, half or quarter among them."""
    for step in (60, 30, 15):
        mark = int(high // step) * step
        if mark >= 0 and mark > low - _LATE / timedelta(minutes=1):
            return mark
    return max(0, int((low + high) / 2))


def _slots(changes: Sequence[_NameChange], *, is_start: bool) -> Iterator[_UsualBoundary]:
    """The beginnings, or ends, that came at least twice at about the same minute."""
    by_name: dict[str, list[_NameChange]] = {}
    for change in changes:
        by_name.setdefault(change.after if is_start else change.before, []).append(change)
    for name, changes_of_name in by_name.items():
        rest = changes_of_name
        minutes = Counter(change.minute for change in rest)
        for anchor, _ in minutes.most_common():
            alike = [change for change in rest if abs(change.minute - anchor) <= _SAME_TIME]
            rest = [change for change in rest if abs(change.minute - anchor) > _SAME_TIME]
            days = frozenset(change.day for change in alike)
            if len(days) >= _WEEKS_ALIKE:
                yield _UsualBoundary(
                    name, alike[-1].title, _common_minute(alike, anchor), is_start, days
                )


def _common_minute(changes: Sequence[_NameChange], anchor: int) -> int:
    """The minute that lies within the bounds of all ``changes``, else ``anchor``."""
    low = max(change.earliest for change in changes)
    high = min(change.latest for change in changes)
    return anchor if anchor % 15 == 0 or low >= high else _snap(low, high)


def _end_of(
    slot: _UsualBoundary, later: Sequence[tuple[datetime, _UsualBoundary]], start: datetime
) -> datetime | None:
    """The usual end of a programme; None where another one usually begins before it."""
    end = next(
        (at for at, mark in later if not mark.is_start and mark.name == slot.name and at > start),
        None,
    )
    following = next(
        (at for at, mark in later if mark.is_start and mark.name != slot.name and at > start), None
    )
    return end if end is None or following is None or end <= following + SNAP else None
