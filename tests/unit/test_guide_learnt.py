"""A week learnt from names alone: three weeks of answers, run through in a moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest

from radiotui.guide.learnt import LearntWeek, Sighting, with_answer
from radiotui.guide.model import Programme
from radiotui.guide.wall_clock import to_utc

MONDAY = date(2026, 2, 2)
PHOENIX, NEW_YORK = "America/Phoenix", "America/New_York"
LONDON, SYDNEY = "Europe/London", "Australia/Sydney"

Table = tuple[tuple[float, str], ...]
WORKING_DAY: Table = (
    *((0, "Night Music"), (4, "Morning Edition"), (9, "Fresh Air"), (10, "Here & Now")),
    *((12, "Talk"), (16, "All Things"), (18, "Marketplace"), (18.5, "Night Music")),
)
FRIDAY: Table = (*WORKING_DAY[:4], (12, "Science"), *WORKING_DAY[5:])
WEEKEND: Table = ((0, "Night Music"), (8, "Weekend"), (12, "Quiz"), (13, "Night Music"))
HOLIDAY: Table = ((0, "Night Music"), (6, "A Long Concert"), (20, "Night Music"))


def usual_table(day: date) -> Table:
    """The programmes of a day, by the hours at which they begin."""
    return WEEKEND if day.weekday() >= 5 else FRIDAY if day.weekday() == 4 else WORKING_DAY


def heard(
    zone: str,
    first: date,
    days: int,
    table: Callable[[date], Table] = usual_table,
    *,
    off: Callable[[datetime], bool] = lambda _: False,
    earlier: tuple[Sighting, ...] = (),
) -> tuple[Sighting, ...]:
    """What a source said every five minutes, but for the times at which nobody listened."""
    place = ZoneInfo(zone)
    begin = to_utc(datetime.combine(first, datetime.min.time()), place) + timedelta(minutes=2)
    end = to_utc(datetime.combine(first + timedelta(days=days), datetime.min.time()), place)
    sightings, at = earlier, begin
    while at < end:
        wall = at.astimezone(place)
        if not off(wall.replace(tzinfo=None)):
            hour = wall.hour + wall.minute / 60
            title = [name for start, name in table(wall.date()) if start <= hour][-1]
            sightings = with_answer(sightings, title, at)
        at += timedelta(minutes=5)
    return sightings


@cache
def three_weeks(zone: str = PHOENIX, first: date = MONDAY) -> tuple[Sighting, ...]:
    """The plain case: nothing missed, nothing changed."""
    return heard(zone, first, 21)


def week(sightings: Iterable[Sighting], zone: str = PHOENIX) -> LearntWeek:
    return LearntWeek(tuple(sightings), ZoneInfo(zone))


def phoenix(wall: str) -> datetime:
    """The moment at which the clock in Phoenix shows ``wall``."""
    return to_utc(datetime.fromisoformat(wall), ZoneInfo(PHOENIX))


def on_wall(programmes: Iterable[Programme], zone: str = PHOENIX) -> list[str]:
    """ "09:00-10:00 Fresh Air", as the station's clock shows it."""
    place = ZoneInfo(zone)
    return [
        "-".join(f"{at.astimezone(place):%H:%M}" for at in (one.start, one.end) if at)
        + f" {one.title}"
        for one in programmes
    ]


WHOLE_DAY = [
    *("04:00-09:00 Morning Edition", "09:00-10:00 Fresh Air", "10:00-12:00 Here & Now"),
    *("12:00-16:00 Talk", "16:00-18:00 All Things", "18:00-18:30 Marketplace"),
    "18:30-04:00 Night Music",
]


def test_three_weeks_give_the_day_that_comes():
    day = week(three_weeks()).day(MONDAY + timedelta(days=21))
    assert on_wall(day) == WHOLE_DAY
    assert all(programme.usual for programme in day)


def test_fridays_and_weekends_are_their_own():
    learnt = week(three_weeks())
    assert "12:00-16:00 Science" in on_wall(learnt.day(MONDAY + timedelta(days=25)))
    assert on_wall(learnt.day(MONDAY + timedelta(days=26))) == [
        *("08:00-12:00 Weekend", "12:00-13:00 Quiz", "13:00-08:00 Night Music")
    ]


def test_now_and_next_of_a_moment():
    at = phoenix("2026-02-23 08:20")
    answer = week(three_weeks()).answer(at)
    assert on_wall(filter(None, (answer.now, answer.next))) == WHOLE_DAY[:2]


def test_three_working_days_are_enough_for_the_fourth_and_two_are_not():
    thursday = MONDAY + timedelta(days=3)
    assert "09:00-10:00 Fresh Air" in on_wall(week(heard(PHOENIX, MONDAY, 3)).day(thursday))
    assert week(heard(PHOENIX, MONDAY, 2)).day(thursday) == ()
    saturday = MONDAY + timedelta(days=5)
    assert week(heard(PHOENIX, MONDAY, 5)).day(saturday) == ()


def test_a_friday_that_differs_once_is_not_taken_for_a_working_day():
    friday = MONDAY + timedelta(days=11)
    day = on_wall(week(heard(PHOENIX, MONDAY, 11)).day(friday))
    assert "10:00-12:00 Here & Now" in day
    assert not [programme for programme in day if "12:00-" in programme[:6]]


def test_a_holiday_changes_nothing():
    holiday = MONDAY + timedelta(days=14)
    sightings = heard(
        PHOENIX, MONDAY, 21, lambda day: HOLIDAY if day == holiday else usual_table(day)
    )
    assert on_wall(week(sightings).day(MONDAY + timedelta(days=21))) == WHOLE_DAY


def test_a_gap_of_two_days_proves_nothing():
    def off(wall: datetime) -> bool:
        return date(2026, 2, 16) <= wall.date() <= date(2026, 2, 17)

    sightings = heard(PHOENIX, MONDAY, 21, off=off)
    for offset in (21, 22):
        assert on_wall(week(sightings).day(MONDAY + timedelta(days=offset))) == WHOLE_DAY


def test_a_slot_that_moved_is_dropped_after_two_days_and_learnt_anew():
    def later(day: date) -> Table:
        hours = {9.0: 9.5} if day >= date(2026, 2, 16) else {}
        return tuple((hours.get(start, start), name) for start, name in usual_table(day))

    fresh_air, sightings = [], heard(PHOENIX, MONDAY, 14)
    for offset in range(14, 17):
        day = MONDAY + timedelta(days=offset)
        sightings = heard(PHOENIX, day, 1, later, earlier=sightings)
        following = on_wall(week(sightings).day(day + timedelta(days=1)))
        fresh_air.append([programme for programme in following if "Fresh Air" in programme])
    assert fresh_air == [["09:00-10:00 Fresh Air"], [], ["09:30-10:00 Fresh Air"]]
    # Nor does the old slot come back on the weekday that had it in the weeks before.
    sightings = heard(PHOENIX, MONDAY + timedelta(days=17), 4, later, earlier=sightings)
    monday = on_wall(week(sightings).day(MONDAY + timedelta(days=21)))
    assert [programme for programme in monday if "Fresh Air" in programme] == fresh_air[-1]


def test_a_weekly_slot_that_moved_is_dropped_after_two_weeks():
    def later(day: date) -> Table:
        moved = ((0, "Night Music"), (8, "Weekend"), (14, "Quiz"), (15, "Night Music"))
        return moved if day.weekday() == 5 and day >= date(2026, 2, 21) else usual_table(day)

    quiz, sightings = [], heard(PHOENIX, MONDAY, 14)
    for offset in (14, 21):
        sightings = heard(PHOENIX, MONDAY + timedelta(days=offset), 7, later, earlier=sightings)
        saturday = week(sightings).day(MONDAY + timedelta(days=offset + 12))
        quiz += [programme for programme in on_wall(saturday) if "Quiz" in programme]
    assert quiz == ["12:00-13:00 Quiz", "14:00-15:00 Quiz"]


def test_who_listens_from_twenty_past_learns_no_beginning():
    def off(wall: datetime) -> bool:
        return (
            not timedelta(hours=9, minutes=20)
            <= wall - datetime.combine(wall.date(), datetime.min.time())
            < timedelta(hours=10, minutes=30)
        )

    learnt = week(heard(PHOENIX, MONDAY, 21, off=off))
    assert learnt.day(MONDAY + timedelta(days=21)) == ()
    at = phoenix("2026-02-23 09:30")
    assert learnt.answer(at).now is None
    assert on_wall(filter(None, [learnt.answer(at).next])) == ["10:00 Here & Now"]


def test_a_change_beside_the_quarters_lies_between_its_bounds():
    def odd(day: date) -> Table:
        return ((0, "Night Music"), (9 + 6.5 / 60, "Late Start"), (11, "Night Music"))

    (day, *_) = week(heard(PHOENIX, MONDAY, 21, odd)).day(MONDAY + timedelta(days=21))
    assert on_wall([day])[0] in {f"09:0{minute}-11:00 Late Start" for minute in (4, 5, 6, 7)}


@pytest.mark.parametrize(
    ("zone", "night"),
    [
        *((PHOENIX, date(2026, 3, 8)), (NEW_YORK, date(2026, 3, 8))),
        *((NEW_YORK, date(2026, 11, 1)), (LONDON, date(2026, 3, 29))),
        *((LONDON, date(2026, 10, 25)), (SYDNEY, date(2026, 4, 5)), (SYDNEY, date(2026, 10, 4))),
    ],
)
def test_the_clock_on_the_wall_counts_across_daylight_saving(zone, night):
    # Learnt wholly before the night at which the clocks change, and asked for the day after it.
    first = night - timedelta(days=night.weekday() + 15)
    sightings = three_weeks(zone, first - timedelta(days=first.weekday()))
    monday = night + timedelta(days=1)
    assert on_wall(week(sightings, zone).day(monday), zone) == WHOLE_DAY


def test_weeks_that_are_over_are_forgotten():
    at = phoenix("2026-04-20")
    assert with_answer(three_weeks(), "Talk", at) == (Sighting("Talk", at, at),)


def test_names_without_any_order_teach_nothing_and_stay_few():
    sightings: tuple[Sighting, ...] = ()
    at = phoenix("2026-02-02")
    for number in range(3100):
        sightings = with_answer(sightings, f"{number * number % 977}", at)
        at += timedelta(minutes=7)
    assert len(sightings) == 3000
    learnt = week(sightings)
    assert learnt.day(date(2026, 2, 20)) == ()


def test_an_answer_of_an_earlier_clock_is_not_counted():
    sightings = three_weeks()
    assert with_answer(sightings, "Talk", sightings[0].first_at) is sightings
