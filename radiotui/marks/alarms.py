"""Alarms: a time of day, once or on days of the week, at which a station begins to play."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from functools import partial

import msgspec
from msgspec.structs import replace

from radiotui.guide.wall_clock import to_utc
from radiotui.marks.taking import take
from radiotui.problems import Problem, ProblemKind
from radiotui.store import alarms as rows
from radiotui.store.alarms import StoredAlarm
from radiotui.store.store import Store

DAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_SETS = {"daily": range(7), "weekdays": range(5), "weekend": range(5, 7)}


class Alarm(msgspec.Struct, frozen=True):
    """An alarm, and when it rings next."""

    id: int
    """0 before it is in the store."""
    at: time
    """On the listener's clock."""
    days: tuple[int, ...]
    """Days of the week, Monday 0; empty: once."""
    station: str
    stream: str
    begins_at: datetime
    """UTC."""
    has_timer: bool = False
    """A timer of the system rings it where radiotui does not run."""
    taken_by: int | None = None
    """The process that rings it."""

    @property
    def day_names(self) -> tuple[str, ...]:
        """The days in short: "Mon"."""
        return tuple(DAY_NAMES[day] for day in self.days)

    @property
    def days_in_words(self) -> str:
        """The days: "Mon, Tue", "daily", "once"."""
        if len(self.days) == len(DAY_NAMES):
            return "daily"
        return ", ".join(self.day_names) or "once"


def next_ring(at: time, days: tuple[int, ...], after: datetime) -> datetime:
    """The first moment after ``after`` at which clocks here show ``at``, on one of the days."""
    today = after.astimezone().date()
    dates = (today + timedelta(days=ahead) for ahead in range(9))
    moments = (
        to_utc(datetime.combine(day, at), None)
        for day in dates
        if not days or day.weekday() in days
    )
    return next(moment for moment in moments if moment > after)


def read_days(words: str) -> tuple[int, ...]:
    """Days of the week from "mon,wed", "mon-fri", "daily", "weekdays", "weekend"; empty: once.

    Raises Problem for any other word.
    """
    days: set[int] = set()
    for word in re.split(r"[,\s]+", words.strip().lower()):
        if word in _SETS:
            days |= set(_SETS[word])
            continue
        first, _, last = word.partition("-")
        if word:
            begin, end = _day(first), _day(last or first)
            days |= {(begin + ahead) % 7 for ahead in range((end - begin) % 7 + 1)}
    return tuple(sorted(days))


def _day(word: str) -> int:
    for number, name in enumerate(DAY_NAMES):
        if len(word) > 1 and (name.lower().startswith(word) or word.startswith(name.lower())):
            return number
    raise Problem(
        f"{word[:40]!r} is no day of the week",
        "mon,wed · mon-fri · daily · weekdays · weekend",
        kind=ProblemKind.USAGE,
    )


class AlarmBook:
    """Alarms in the store. Everything raises Problem."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def alarms(self) -> list[Alarm]:
        """All alarms, the next one first."""
        return [_alarm(row) for row in await self._store.look(rows.stored_alarms)]

    async def alarm(self, alarm_id: int) -> Alarm | None:
        """The alarm of that id."""
        return next((alarm for alarm in await self.alarms() if alarm.id == alarm_id), None)

    async def add(self, alarm: Alarm) -> Alarm:
        """Put a new alarm into the store; the same with its id."""
        return replace(
            alarm, id=await self._store.ask(partial(rows.store_alarm, alarm=_row(alarm)))
        )

    async def change(self, alarm: Alarm, before: Alarm) -> bool:
        """Replace an alarm; False where it has rung, or was removed, meanwhile."""
        begins_at = int(before.begins_at.timestamp())
        change = partial(rows.replace_alarm, alarm=_row(alarm), begins_at=begins_at)
        return await self._store.ask(change)

    async def remove(self, alarm_id: int) -> bool:
        """Remove an alarm; one that rings falls silent."""
        return await self._store.ask(partial(rows.remove_alarm, alarm=alarm_id))

    async def take(self, alarm: Alarm) -> bool:
        """Ring it in this process, and in no other; False where another does."""
        return await take(self._store, "alarm", alarm)


def _row(alarm: Alarm) -> StoredAlarm:
    return StoredAlarm(
        alarm.id,
        f"{alarm.at:%H:%M}",
        "".join(map(str, alarm.days)),
        alarm.station,
        alarm.stream,
        int(alarm.begins_at.timestamp()),
        int(alarm.has_timer),
        alarm.taken_by,
    )


def _alarm(row: StoredAlarm) -> Alarm:
    days = tuple(int(digit) for digit in row.days if digit in "0123456")
    at = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)", row.wall)
    begins_at = datetime.fromtimestamp(row.begins_at, UTC)
    return Alarm(
        row.id,
        time(int(at[1]), int(at[2])) if at else begins_at.astimezone().time(),
        days,
        row.station,
        row.stream,
        begins_at,
        bool(row.timer),
        row.taken_by,
    )
