"""Times of marks: the week over both DST nights, programmes that move, tune-ins that clash."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from radiotui.guide.model import Programme
from radiotui.guide.timeline import timeline
from radiotui.marks.model import ProgrammeMark
from radiotui.marks.times import clashes, moved, of_next_week, slot_of

NEW_YORK = ZoneInfo("America/New_York")


def utc(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=UTC)


def mark(begin: str, end: str, title: str = "Fresh Air", **more) -> ProgrammeMark:
    return ProgrammeMark(1, "tune", "knau", "news", title, utc(begin), utc(end), **more)


@pytest.mark.parametrize(
    ("zone", "first", "weeks"),
    [
        # Nine in the morning stays nine in the morning.
        ("America/New_York", "2026-03-01 14:00", ["03-08 13:00", "03-15 13:00"]),
        ("America/New_York", "2026-10-25 13:00", ["11-01 14:00", "11-08 14:00"]),
        # Half past two, which that night does not have, and half past two again.
        ("America/New_York", "2026-03-01 07:30", ["03-08 07:00", "03-15 06:30"]),
        # Half past one, which that night has twice.
        ("America/New_York", "2026-10-25 05:30", ["11-01 05:30", "11-08 06:30"]),
        ("Australia/Sydney", "2026-09-27 22:00", ["10-04 21:00", "10-11 21:00"]),
        ("America/Phoenix", "2026-03-01 14:00", ["03-08 14:00", "03-15 14:00"]),
    ],
)
def test_a_weekly_mark_keeps_the_stations_clock(zone: str, first: str, weeks: list[str]):
    place = ZoneInfo(zone)
    weekly = mark(first, "2026-12-31 00:00", slot=slot_of(utc(first), place))
    weekly = replace(weekly, ends_at=weekly.begins_at + timedelta(hours=1))
    for words in weeks:
        weekly = of_next_week(weekly, place, weekly.begins_at)
        assert f"{weekly.begins_at:%m-%d %H:%M}" == words
        assert weekly.ends_at - weekly.begins_at == timedelta(hours=1)


def test_a_broadcast_that_came_earlier_is_not_awaited_again_in_its_week():
    slot = slot_of(utc("2026-03-07 19:00"), NEW_YORK)
    earlier = mark("2026-03-07 17:00", "2026-03-07 18:00", slot=slot)
    following = of_next_week(earlier, NEW_YORK, utc("2026-03-07 18:00"))
    assert following.begins_at == utc("2026-03-14 18:00")


def test_a_mark_follows_its_programme():
    fresh = mark("2026-03-06 20:00", "2026-03-06 21:00")
    hour = [utc(f"2026-03-06 {number:02}:00") for number in range(18, 24)]
    line = timeline(
        [
            Programme("Marketplace", hour[0], hour[1]),
            Programme("Special Report", hour[1], hour[3]),
            Programme("FRESH AIR", hour[3], hour[4]),
            Programme("Fresh Air Weekend", hour[4], hour[5]),
        ]
    )
    now = moved(fresh, line)
    assert now is not None
    assert (now.begins_at, now.ends_at) == (hour[3], hour[4])
    # What is off the air that day is not looked for a day later, nor under another name.
    assert moved(replace(fresh, title="Car Talk"), line) is None
    assert moved(replace(fresh, title="Market"), line) is None
    weekend = moved(
        replace(fresh, title="Air & Weekend"), [*line, Programme("The Air and weekend", hour[5])]
    )
    assert weekend is not None
    assert weekend.begins_at == hour[5]
    # A schedule that does not reach so far says nothing.
    far = replace(fresh, begins_at=utc("2026-03-09 20:00"))
    assert moved(far, line[:2]) == far
    repeat = replace(fresh, begins_at=utc("2026-03-07 01:00"), ends_at=utc("2026-03-07 02:00"))
    assert moved(repeat, line) == repeat


def test_two_tune_ins_at_one_time_clash_and_recordings_do_not():
    def zone_of(_: ProgrammeMark) -> ZoneInfo:
        return NEW_YORK

    first = mark("2026-03-06 20:00", "2026-03-06 21:00")
    overlap = replace(first, id=2, station="kjzz", begins_at=utc("2026-03-06 20:59"), ends_at=None)
    after = replace(first, id=3, begins_at=utc("2026-03-06 21:00"), ends_at=None)
    recording = replace(overlap, id=4, action="record")
    assert clashes(first, [first, overlap, after, recording], zone_of) == [overlap]
    assert clashes(recording, [first, overlap], zone_of) == []
    # A weekly one meets one that holds once, two weeks on.
    weekly = replace(first, slot=slot_of(first.begins_at, NEW_YORK))
    later = replace(overlap, begins_at=utc("2026-03-20 19:30"), ends_at=utc("2026-03-20 20:00"))
    assert clashes(weekly, [later], zone_of) == [later]
    assert clashes(later, [weekly], zone_of) == [weekly]
