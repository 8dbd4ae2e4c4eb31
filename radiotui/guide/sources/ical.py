"""A calendar (iCalendar, RFC 5545) that a station publishes as its schedule.

A foreign calendar can keep a parser busy for ever: it is read in a process of its own, with a
limit of time and memory. What recurs more often than daily is refused before it is expanded.
Whole-day events are no programmes; times in a zone that nobody knows are refused.
"""

from __future__ import annotations

import asyncio
import html
import logging
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from radiotui.guide.model import Programme
from radiotui.guide.sources.answer import (
    ScheduleAnswer,
    answer_at,
    beginning_on,
    not_understood,
    plain,
    required,
)
from radiotui.guide.timeline import timeline
from radiotui.net.client import Net
from radiotui.net.urls import is_web
from radiotui.problems import Problem
from radiotui.stations.model import ScheduleSource, Station
from radiotui.text import clean, without_password

if TYPE_CHECKING:
    from icalendar import Calendar, Component

log = logging.getLogger(__name__)

LONGEST_SECONDS = 10.0
"""A calendar that takes longer to read is given up."""
_LARGEST = 2 * 1024 * 1024
_MOST_EVENTS = 1000
_MOST_TURNS = 2000
_AGAIN_SECONDS = 15 * 60.0
_NEAR = timedelta(days=2)
_FREQUENCIES = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
_FINE_PARTS = ("BYHOUR", "BYMINUTE", "BYSECOND")


class CalendarTurn(msgspec.Struct, array_like=True):
    """One turn of an event, in seconds since 1970."""

    title: str
    start: float
    end: float | None
    description: str


class CalendarTurns(msgspec.Struct, array_like=True):
    """The turns of a calendar between two days, and why events of it were refused."""

    turns: list[CalendarTurn]
    refusals: list[str]


async def now(
    net: Net,
    station: Station,
    source: ScheduleSource,
    at: datetime,
    previous: ScheduleAnswer | None,  # noqa: ARG001
) -> ScheduleAnswer:
    """The programme that is on, and the next. Options: ``url``."""
    today = await asyncio.to_thread(lambda: at.astimezone(station.zone).date())
    programmes = await _programmes(net, station, source, today, days_beside=1)
    return answer_at(programmes, at, again_seconds=_AGAIN_SECONDS)


async def day(net: Net, station: Station, source: ScheduleSource, day: date) -> list[Programme]:
    """The programmes of a day, as the station counts days."""
    programmes = await _programmes(net, station, source, day, days_beside=0)
    return await asyncio.to_thread(beginning_on, programmes, station, day)


async def _programmes(
    net: Net, station: Station, source: ScheduleSource, day: date, days_beside: int
) -> list[Programme]:
    url = required(source, "url")
    if not is_web(url):
        raise Problem(
            f"{without_password(url)!r} is no web address",
            "url should begin with http:// or https://",
        )
    who = f"The calendar of {station.name}"
    page = await net.fetch(url, who=who, cap=_LARGEST)
    first, last = (day + timedelta(days=days) for days in (-days_beside - 1, days_beside + 2))
    calendar_turns = await read_calendar(page.body, first, last, who=who, url=page.url)
    for refusal in calendar_turns.refusals:
        log.debug("%s: %s", station.id, refusal)
    if calendar_turns.refusals and not calendar_turns.turns:
        raise not_understood(who, url, calendar_turns.refusals[0])
    return list(
        timeline(
            Programme(
                turn.title,
                datetime.fromtimestamp(turn.start, UTC),
                None if turn.end is None else datetime.fromtimestamp(turn.end, UTC),
                description=turn.description,
            )
            for turn in calendar_turns.turns
        )
    )


async def read_calendar(
    body: bytes,
    first: date,
    last: date,
    *,
    who: str,
    url: str,
    longest: float = LONGEST_SECONDS,
) -> CalendarTurns:
    """The turns from ``first`` to before ``last``, read in a process. Raises Problem.

    A calendar that takes more than ``longest`` seconds ends with its process.
    """
    from radiotui.documents.processes import WorkerError, WorkerPool

    pool = WorkerPool(longest=longest)
    try:
        return await pool.run(CalendarTurns, turns_of, body, first, last)
    except TimeoutError:
        raise not_understood(who, url, f"it takes more than {longest:g} s to read") from None
    except WorkerError as error:
        raise not_understood(who, url, f"it cannot be read: {error}") from None
    finally:
        await pool.close()


def turns_of(body: bytes, first: date, last: date) -> CalendarTurns:
    """The turns of the events of a calendar between two days; for a worker process."""
    import recurring_ical_events
    from icalendar import Calendar

    try:
        calendar = Calendar.from_ical(body)
    except (ValueError, IndexError, KeyError) as error:
        raise Problem("A calendar cannot be read", detail=clean(str(error), 200)) from None
    refusals = _without_refused(calendar, first, last)
    query = recurring_ical_events.of(calendar, skip_bad_series=True)
    turns: list[CalendarTurn] = []
    for event in query.between(first, last)[:_MOST_TURNS]:
        turn = _turn(event)
        if turn is not None:
            turns.append(turn)
    return CalendarTurns(sorted(turns, key=lambda turn: turn.start), refusals)


def _without_refused(calendar: Calendar, first: date, last: date) -> list[str]:
    """Take out of ``calendar`` what is refused, and say why, each reason once.

    What was on years ago counts for nothing: stations publish all of it.
    """
    events: list[Component] = []
    refusals: list[str] = []
    for component in calendar.subcomponents:
        if component.name == "VEVENT":
            if _is_elsewhere(component, first, last):
                continue
            refusal = "too many events" if len(events) >= _MOST_EVENTS else _refusal(component)
            if refusal:
                refusals.append(refusal)
                continue
        elif component.name != "VTIMEZONE":
            continue
        events.append(component)
    calendar.subcomponents = events
    return list(dict.fromkeys(refusals))


def _is_elsewhere(event: Component, first: date, last: date) -> bool:
    """True for an event that comes once, and neither between two days nor near them."""
    if any(name in event for name in ("RRULE", "RDATE", "RECURRENCE-ID")):
        return False
    start = _time(event, "DTSTART")
    if not isinstance(start, date):
        return False
    day = start.date() if isinstance(start, datetime) else start
    return not first - _NEAR < day < last + _NEAR


def _refusal(event: Component) -> str:
    """The reason not to expand an event; empty where there is none."""
    event.pop("EXRULE", None)
    uid: Any = event.get("UID")
    if isinstance(uid, list):
        event["UID"] = uid[0]
    if not isinstance(event.get("SEQUENCE"), int):
        event.pop("SEQUENCE", None)
    start = _time(event, "DTSTART")
    if not isinstance(start, datetime):
        return "" if isinstance(start, date) else "an event without a beginning"
    if start.tzinfo is None:
        return "times in an unknown time zone"
    rules = event.get("RRULE", [])
    for rule in rules if isinstance(rules, list) else [rules]:
        if not isinstance(rule, dict):
            return "a rule that cannot be read"
        frequency = str(next(iter(rule.get("FREQ", [])), "")).upper()
        if frequency not in _FREQUENCIES or any(part in rule for part in _FINE_PARTS):
            return f"events that recur {frequency.lower() or 'without a frequency'}"
        if any(int(count) < 1 for part in ("INTERVAL", "COUNT") for count in rule.get(part, [])):
            return "a rule that never comes"
    return ""


def _turn(event: Component) -> CalendarTurn | None:
    start, end = _time(event, "DTSTART"), _time(event, "DTEND")
    title = clean(html.unescape(_first(event, "SUMMARY")), 200)
    if not isinstance(start, datetime) or start.tzinfo is None or not title:
        return None
    if _first(event, "STATUS").upper() == "CANCELLED":
        return None
    seconds = start.timestamp()
    until = end.timestamp() if isinstance(end, datetime) and end.tzinfo else None
    return CalendarTurn(
        title,
        seconds,
        until if until is not None and until > seconds else None,
        plain(_first(event, "DESCRIPTION")),
    )


def _first(event: Component, name: str) -> str:
    """A property as text; the first one where it is written twice."""
    value = event.get(name, "")
    return str(value[0] if isinstance(value, list) and value else value)


def _time(event: Component, name: str) -> Any:
    try:
        return getattr(event.get(name), "dt", None)
    except ValueError:  # a property that cannot be read raises when it is looked at
        return None
