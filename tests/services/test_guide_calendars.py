"""A station's calendar as its schedule; foreign calendars that are made to last end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date

import pytest

from radiotui.guide.sources import ical
from radiotui.net.client import Net
from radiotui.problems import Problem
from radiotui.stations.model import ScheduleSource, Station, StationList, Stream
from tests.services.guide_lab import Question, Service, utc

DAY = date(2026, 3, 6)
NIGHT = date(2026, 3, 8)


def event(title: str, start: str, end: str = "", *more: str) -> str:
    """An event of a calendar, in New York's time where it does not say another."""
    zone = ";TZID=America/New_York" if start[-1] != "Z" and start.count(":") == 0 else ""
    lines = ["BEGIN:VEVENT", f"UID:{title}", f"SUMMARY:{title}", f"DTSTART{zone}:{start}"]
    lines += [f"DTEND{zone}:{end}"] if end else []
    return "\r\n".join([*lines, *more, "END:VEVENT", ""])


def calendar(*events: str) -> bytes:
    head = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//radio//EN\r\n"
    return f"{head}{''.join(events)}END:VCALENDAR\r\n".encode()


def titles_of(body: bytes, day: date = DAY) -> tuple[list[str], list[str]]:
    """The titles of a day and the refusals, read in this process."""
    calendar_turns = ical.turns_of(body, day, day.replace(day=day.day + 1))
    return [turn.title for turn in calendar_turns.turns], calendar_turns.refusals


@pytest.fixture
async def question(service: Service) -> AsyncIterator[Question]:
    net = Net()
    yield Question(net, service, "ical", "America/New_York", url=f"{service.base}/week.ics")
    await net.aclose()


WEEK = (
    event("Morning Edition", "20260101T050000", "20260101T090000", "RRULE:FREQ=DAILY"),
    event("Late <b>Jazz</b>", "20260302T220000", "20260303T020000", "RRULE:FREQ=WEEKLY;BYDAY=FR"),
)


async def test_its_days_and_now_and_next(service: Service, question: Question) -> None:
    service.replies["/week.ics"] = calendar(*WEEK)
    day = await question.day(DAY)
    assert [(programme.title, programme.start, programme.end) for programme in day] == [
        ("Morning Edition", utc("2026-03-06 10:00"), utc("2026-03-06 14:00")),
        ("Late <b>Jazz</b>", utc("2026-03-07 03:00"), utc("2026-03-07 07:00")),
    ]
    answer = await question.now(utc("2026-03-07 05:00"))
    assert answer.now is not None
    assert answer.next is not None
    assert (answer.now.title, answer.next.title) == ("Late <b>Jazz</b>", "Morning Edition")


async def test_the_clock_on_the_wall_counts_in_the_night_of_the_change(
    service: Service, question: Question
) -> None:
    service.replies["/week.ics"] = calendar(*WEEK)
    (programme,) = await question.day(NIGHT)
    assert (programme.start, programme.end) == (utc("2026-03-08 09:00"), utc("2026-03-08 13:00"))


async def test_a_calendar_that_is_none_is_one_line(service: Service, question: Question) -> None:
    service.replies["/week.ics"] = b"<html>not here</html>"
    with pytest.raises(Problem, match="cannot be read"):
        await question.day(DAY)
    for body in (calendar(*WEEK)[:200], b"", b"\x00\xff"):
        with pytest.raises(Problem):
            titles_of(body)


async def test_a_bomb_ends_with_its_process() -> None:
    # A day of each year since the year 1, a thousand times over: more than a second's work.
    bombs = [
        event(f"Bomb {number}", "00010101T050000Z", "", "RRULE:FREQ=DAILY;BYMONTHDAY=31;BYMONTH=2")
        for number in range(1000)
    ]
    with pytest.raises(Problem) as problem:
        await ical.read_calendar(
            calendar(*bombs), DAY, NIGHT, who="Radio", url="http://127.0.0.1/", longest=1.0
        )
    assert "more than 1 s" in problem.value.detail


@pytest.mark.parametrize(
    "rule",
    [
        *("FREQ=SECONDLY", "FREQ=MINUTELY", "FREQ=HOURLY", "FREQ=SECONDLY;COUNT=1000000000"),
        *("FREQ=DAILY;BYSECOND=1,2,3", "FREQ=DAILY;INTERVAL=0"),
    ],
)
def test_nothing_finer_than_daily_is_expanded(rule: str) -> None:
    body = calendar(*WEEK, event("Bomb", "19700101T000000Z", "", f"RRULE:{rule}"))
    found, refusals = titles_of(body)
    assert found == ["Morning Edition", "Late <b>Jazz</b>"]
    assert len(refusals) == 1


@pytest.mark.parametrize(
    "rule", ["FREQ=DAILY;COUNT=1000000000", "FREQ=OFTEN", "FREQ=DAILY;UNTIL=yesterday", "", "X"]
)
def test_a_bad_rule_costs_its_event_alone(rule: str) -> None:
    body = calendar(event("Odd", "20200101T000000Z", "20200101T010000Z", f"RRULE:{rule}"), *WEEK)
    found, _ = titles_of(body)
    assert [title for title in found if title != "Odd"] == ["Morning Edition", "Late <b>Jazz</b>"]


def test_what_is_cancelled_is_not_on() -> None:
    daily = event("Daily", "20260301T200000", "20260301T210000", "RRULE:FREQ=DAILY")
    turn = "RECURRENCE-ID;TZID=America/New_York:20260306T200000"
    off = event("Daily", "20260306T200000", "20260306T210000", turn, "STATUS:CANCELLED")
    titles, _ = titles_of(calendar(daily, off, *WEEK))
    assert titles == ["Morning Edition", "Late <b>Jazz</b>"]


@pytest.mark.parametrize("line", ["DTSTART:soon", "DTEND:soon", "SEQUENCE:x", "UID:two"])
def test_a_bad_line_costs_its_event_alone(line: str) -> None:
    body = calendar(event("Odd", "20200101T000000Z", "20200101T010000Z", line), *WEEK)
    assert titles_of(body)[0] == ["Morning Edition", "Late <b>Jazz</b>"]


def test_years_that_are_over_count_for_nothing() -> None:
    past = [event("Past", "20200306T200000Z", "20200306T203000Z")] * 1010
    assert titles_of(calendar(*past, *WEEK)) == (["Morning Edition", "Late <b>Jazz</b>"], [])


def test_whole_days_are_no_programmes_and_no_end_is_none() -> None:
    holiday = event("Holiday", "20260306", "20260307").replace(
        ";TZID=America/New_York", ";VALUE=DATE"
    )
    body = calendar(holiday, event("Live", "20260306T200000"))
    (turn,) = ical.turns_of(body, DAY, NIGHT).turns
    assert (turn.title, turn.end) == ("Live", None)


async def test_times_in_an_unknown_zone_are_refused_with_a_line(
    service: Service, question: Question
) -> None:
    odd = event("Show", "20260306T200000").replace("America/New_York", "Mars/Olympus")
    service.replies["/week.ics"] = calendar(odd)
    with pytest.raises(Problem) as problem:
        await question.day(DAY)
    assert "unknown time zone" in problem.value.detail
    assert titles_of(calendar(odd, *WEEK))[0] == ["Morning Edition", "Late <b>Jazz</b>"]


def test_many_events_are_cut() -> None:
    many = [
        event(f"Show {number}", "20260306T200000Z", "20260306T203000Z") for number in range(1010)
    ]
    turns = ical.turns_of(calendar(*many), DAY, NIGHT)
    assert (len(turns.turns), turns.refusals) == (1000, ["too many events"])


def test_its_address_is_one_of_the_list() -> None:
    source = ScheduleSource("ical", (("url", "http://127.0.0.1/week.ics"),))
    station = Station("one", "One", (Stream("live", "Live", (), schedule=(source,)),))
    assert StationList((station,)).addresses == ("http://127.0.0.1/week.ics",)
