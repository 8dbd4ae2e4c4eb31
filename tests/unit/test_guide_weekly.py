from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiotui.guide.model import Programme
from radiotui.guide.sources.weekly import answer
from radiotui.stations.model import WeeklyProgramme

EVERY_DAY = frozenset(range(7))
WEEKDAYS = frozenset(range(5))
NEW_YORK = ZoneInfo("America/New_York")
PARIS = ZoneInfo("Europe/Paris")
PHOENIX = ZoneInfo("America/Phoenix")


def row(name: str, start: str, end: str, days=EVERY_DAY, host: str | None = None):
    return WeeklyProgramme(name, days, time.fromisoformat(start), time.fromisoformat(end), host)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def on(table, zone, at: str) -> tuple[Programme | None, Programme | None]:
    given = answer(table, zone, utc(at))
    return given.now, given.next


NEWS = [
    row("Morning Edition", "04:00", "09:00", WEEKDAYS, host="Steve Inskeep"),
    row("Fresh Air", "09:00", "10:00", WEEKDAYS),
    row("All Things Considered", "15:00", "18:00"),
]


def test_what_is_on_and_what_comes_next():
    # Friday, 2026-03-06, 05:00 in Phoenix (UTC-7).
    now, following = on(NEWS, PHOENIX, "2026-03-06 12:00")
    assert now == Programme(
        "Morning Edition", utc("2026-03-06 11:00"), utc("2026-03-06 16:00"), "Steve Inskeep"
    )
    assert following == Programme("Fresh Air", utc("2026-03-06 16:00"), utc("2026-03-06 17:00"))


def test_a_programme_is_on_from_its_first_moment_and_over_at_its_last():
    assert on(NEWS, PHOENIX, "2026-03-06 16:00")[0].title == "Fresh Air"
    assert on(NEWS, PHOENIX, "2026-03-06 15:59:59")[0].title == "Morning Edition"


def test_in_a_gap_nothing_is_on_and_the_next_row_comes():
    now, following = on(NEWS, PHOENIX, "2026-03-06 18:00")
    assert now is None
    assert following.title == "All Things Considered"
    assert following.start == utc("2026-03-06 22:00")


def test_the_next_row_may_be_days_away():
    table = [row("Opera", "13:00", "17:00", frozenset({5}))]
    now, following = on(table, PHOENIX, "2026-03-08 12:00")
    assert now is None
    assert following == Programme("Opera", utc("2026-03-14 20:00"), utc("2026-03-15 00:00"))
    now, following = on(table, PHOENIX, "2026-03-14 21:00")
    assert now.start == utc("2026-03-14 20:00")
    assert following.start == utc("2026-03-21 20:00")


def test_across_midnight():
    table = [row("Jazz", "22:00", "02:00", frozenset({4})), row("Blues", "02:00", "06:00", {5})]
    # Saturday 00:30 in Phoenix: Friday's row is still on.
    now, following = on(table, PHOENIX, "2026-03-07 07:30")
    assert now == Programme("Jazz", utc("2026-03-07 05:00"), utc("2026-03-07 09:00"))
    assert following.title == "Blues"
    # Friday 00:30: nothing; it begins on Fridays only.
    assert on(table, PHOENIX, "2026-03-06 07:30")[0] is None


def test_an_end_of_midnight_is_the_midnight_after():
    now, _ = on([row("World Cafe", "20:00", "00:00")], PHOENIX, "2026-03-07 06:59")
    assert now.end == utc("2026-03-07 07:00")


def test_where_rows_overlap_the_later_start_wins_and_the_other_comes_back():
    table = [row("Music", "06:00", "12:00"), row("News", "08:00", "08:10")]
    now, following = on(table, PHOENIX, "2026-03-06 14:00")
    assert (now.title, now.end) == ("Music", utc("2026-03-06 15:00"))
    assert following == Programme("News", utc("2026-03-06 15:00"), utc("2026-03-06 15:10"))
    now, following = on(table, PHOENIX, "2026-03-06 15:05")
    assert now.title == "News"
    assert following == Programme("Music", utc("2026-03-06 15:10"), utc("2026-03-06 19:00"))


def test_of_rows_that_begin_together_the_one_further_down_wins():
    table = [row("Every day", "06:00", "07:00"), row("Fridays", "06:00", "07:00", frozenset({4}))]
    assert on(table, PHOENIX, "2026-03-06 13:30")[0].title == "Fridays"
    assert on(table, PHOENIX, "2026-03-05 13:30")[0].title == "Every day"


@pytest.mark.parametrize("day", range(14))
def test_a_programme_that_never_stops_says_no_end_on_whatever_day_it_is_asked(day):
    table = [row("Jazz", "01:00", "01:00"), row("Jazz", "00:00", "00:30", frozenset({6}))]
    now, following = on(table, PARIS, f"2026-01-{day + 5:02} 23:00")
    assert (now, following) == (Programme("Jazz"), None)


def test_a_programme_that_goes_on_is_not_its_own_next():
    table = [
        row("Overnight", "22:00", "00:00"),
        row("Overnight", "00:00", "05:00"),
        row("Morning Edition", "05:00", "09:00"),
    ]
    now, following = on(table, PHOENIX, "2026-03-07 06:00")
    assert now == Programme("Overnight", utc("2026-03-07 05:00"), utc("2026-03-07 12:00"))
    assert following.title == "Morning Edition"


@pytest.mark.parametrize("zone", [NEW_YORK, PARIS, PHOENIX])
@pytest.mark.parametrize("at", ["2026-03-06 12:00", "2026-03-08 07:00", "2026-11-01 05:30"])
def test_a_week_with_one_programme_has_neither_beginning_nor_end(zone, at):
    assert on([row("Eclectic 24", "00:00", "00:00")], zone, at) == (Programme("Eclectic 24"), None)


def test_an_empty_table_says_nothing():
    assert on([], PHOENIX, "2026-03-06 12:00") == (None, None)


NIGHT = [row("Overnight", "00:00", "02:30"), row("Early", "02:30", "04:00")]


@pytest.mark.parametrize(
    ("zone", "at", "title", "start", "end"),
    [
        # Spring in New York: the lost 02:30 is the moment the clocks jump, 07:00 UTC.
        (NEW_YORK, "2026-03-08 06:59", "Overnight", "2026-03-08 05:00", "2026-03-08 07:00"),
        (NEW_YORK, "2026-03-08 07:00", "Early", "2026-03-08 07:00", "2026-03-08 08:00"),
        (NEW_YORK, "2026-03-09 06:00", "Overnight", "2026-03-09 04:00", "2026-03-09 06:30"),
        # Autumn: the night is an hour longer.
        (NEW_YORK, "2026-11-01 06:59", "Overnight", "2026-11-01 04:00", "2026-11-01 07:30"),
        (PARIS, "2026-03-29 00:59", "Overnight", "2026-03-28 23:00", "2026-03-29 01:00"),
        (PARIS, "2026-03-29 01:00", "Early", "2026-03-29 01:00", "2026-03-29 02:00"),
        # In Paris 02:30 comes twice: the first one is meant, and "Early" lasts longer.
        (PARIS, "2026-10-25 00:29", "Overnight", "2026-10-24 22:00", "2026-10-25 00:30"),
        (PARIS, "2026-10-25 01:45", "Early", "2026-10-25 00:30", "2026-10-25 03:00"),
        (PHOENIX, "2026-03-08 09:29", "Overnight", "2026-03-08 07:00", "2026-03-08 09:30"),
        (PHOENIX, "2026-11-01 09:30", "Early", "2026-11-01 09:30", "2026-11-01 11:00"),
    ],
)
def test_the_nights_on_which_the_clocks_change(zone, at, title, start, end):
    now, _ = on(NIGHT, zone, at)
    assert now == Programme(title, utc(start), utc(end))


def test_a_programme_that_lies_wholly_in_the_lost_hour_is_not_on():
    table = [
        row("Before", "01:00", "02:00"),
        row("Lost", "02:00", "03:00"),
        row("After", "03:00", "04:00"),
    ]
    now, following = on(table, NEW_YORK, "2026-03-08 06:30")
    assert (now.title, now.end) == ("Before", utc("2026-03-08 07:00"))
    assert (following.title, following.start) == ("After", utc("2026-03-08 07:00"))


def test_names_are_cleaned():
    now, _ = on(
        [row("\x1b[31mJazz\x07", "00:00", "12:00", host="A\nB")], PHOENIX, "2026-03-06 08:00"
    )
    assert (now.title, now.host) == ("Jazz", "A B")


clock_times = st.integers(0, 47).map(lambda half: time(half // 2, half % 2 * 30))
tables = st.lists(
    st.builds(
        WeeklyProgramme,
        st.sampled_from(["Jazz", "News", "Talk", "Blues"]),
        st.frozensets(st.integers(0, 6), min_size=1),
        clock_times,
        clock_times,
    ),
    max_size=6,
)
moments = st.integers(0, 366 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@given(tables, moments)
def test_the_table_is_read_as_one_reads_it_on_the_wall(table, at):
    """In a zone that never changes its clocks: the last row to begin that has not ended."""
    here = at.astimezone(PHOENIX).replace(tzinfo=None)
    running = []
    for back in (1, 0):
        day = here.date() - timedelta(days=back)
        for number, one in enumerate(table):
            start = datetime.combine(day, one.start)
            end = datetime.combine(day + timedelta(days=one.end <= one.start), one.end)
            if day.weekday() in one.days and start <= here < end:
                running.append((start, number, one.name))
    now = answer(table, PHOENIX, at).now
    assert (now.title if now else None) == (max(running)[2] if running else None)


@given(tables, moments, st.sampled_from([NEW_YORK, PARIS, PHOENIX]))
def test_now_holds_the_present_and_changes_when_it_says(table, at, zone):
    given_now = answer(table, zone, at)
    now, following = given_now.now, given_now.next
    if now and now.end:
        assert now.start <= at < now.end
        after = answer(table, zone, now.end).now
        assert after is None or after.title != now.title
    if following:
        assert following.start
        assert following.end
        assert at < following.start < following.end
        assert answer(table, zone, following.start).now.title == following.title
