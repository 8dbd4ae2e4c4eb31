"""Whole days of schedules: one question for all who share a source, kept over starts."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import date, time, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from radiotui.guide.days import Days
from radiotui.guide.model import Day, OnAir
from radiotui.guide.service import Guide
from radiotui.net.client import Net
from radiotui.stations.model import ScheduleSource, Station, Stream, WeeklyProgramme
from radiotui.store.store import Store
from tests.services.guide_lab import Service, Time, utc

DAY = date(2026, 3, 6)
# 05:00 in Phoenix.
FIVE = utc("2026-03-06 12:00")
NOW_PATH = "/v1/widget/50e0/now?format=json"
TABLE = (WeeklyProgramme("By Hand", frozenset(range(7)), time(22), time(1)),)


def path_of(day: date) -> str:
    """Composer's question for a day."""
    return f"/v1/widget/50e0/day?date={day.isoformat()}&format=json"


def slot(name: str, start: str, end: str, day: date = DAY) -> dict[str, object]:
    """A row of Composer's day."""
    return {
        "fullstart": f"{day} {start}",
        "fullend": f"{day} {end}",
        "program": {"name": name, "program_desc": f"About {name}", "program_link": None},
    }


def titles(day: Day) -> list[str]:
    """The titles of a day."""
    return [programme.title for programme in day.programmes]


class Lab:
    """A service, a clock, and a store that outlives each start."""

    def __init__(self, service: Service, folder: Path) -> None:
        self.service = service
        self.time = Time(FIVE)
        self.net = Net()
        self._path = folder / "store.sqlite"
        self.start()

    def start(self) -> None:
        """Begin anew, with what is in the store."""
        self.store = Store(self._path, clock=self.time.clock)
        self.days = Days(self.net, self.store, clock=self.time.clock)

    async def restart(self) -> None:
        """End, and begin anew."""
        await self.days.close()
        await self.store.close()
        self.start()

    def says(self, *slots: dict[str, object], day: date = DAY) -> None:
        """What Composer answers about a day from now on."""
        self.service.says(path_of(day), {"onToday": slots})

    def station(self, *, streams: int = 1, zone: str = "America/Phoenix", table=()) -> Station:
        """A station whose streams have the same source."""
        source = ScheduleSource("composer", (("ucs", "50e0"), ("base", self.service.base)))
        return Station(
            "knau",
            "KNAU",
            tuple(
                Stream(f"s{number}", "S", (), schedule=(source,), programmes=table)
                for number in range(streams)
            ),
            timezone=zone,
        )

    async def day(self, station: Station | None = None, day: date = DAY) -> Day:
        """The first stream's day."""
        station = station or self.station()
        return await self.days.day(station, station.streams[0], day)


@pytest.fixture
async def lab(service: Service, tmp_path: Path) -> AsyncIterator[Lab]:
    one = Lab(service, tmp_path)
    yield one
    await one.days.close()
    await one.store.close()
    await one.net.aclose()


async def test_a_day_is_in_order_and_small_gaps_close(lab: Lab) -> None:
    lab.says(slot("Fresh Air", "09:01", "10:00"), slot("Morning Edition", "04:00", "09:00"))
    day = await lab.day()
    assert titles(day) == ["Morning Edition", "Fresh Air"]
    assert day.programmes[0].end == day.programmes[1].start == utc("2026-03-06 16:01")
    assert (day.source, day.asked_at, day.problem) == ("composer", FIVE, None)
    assert day.programmes[0].description == "About Morning Edition"


async def test_streams_that_share_a_source_ask_once(lab: Lab) -> None:
    lab.says(slot("Morning Edition", "04:00", "09:00"))
    station = lab.station(streams=3)
    days = await asyncio.gather(*(lab.days.day(station, stream, DAY) for stream in station.streams))
    assert [titles(day) for day in days] == [["Morning Edition"]] * 3
    assert [day.stream for day in days] == ["s0", "s1", "s2"]
    assert lab.service.asked == [path_of(DAY)]


async def test_a_day_is_asked_anew_after_hours_and_a_past_day_never(lab: Lab) -> None:
    yesterday = DAY - timedelta(days=1)
    lab.says(slot("Old", "04:00", "09:00", yesterday), day=yesterday)
    lab.says(slot("Morning Edition", "04:00", "09:00"))
    for _ in range(2):
        await lab.day()
        await lab.day(day=yesterday)
    assert len(lab.service.asked) == 2
    lab.time.now += timedelta(hours=4)
    lab.says(slot("Special", "04:00", "09:00"))
    assert titles(await lab.day()) == ["Special"]
    assert titles(await lab.day(day=yesterday)) == ["Old"]
    assert len(lab.service.asked) == 3


async def test_what_is_over_stays_where_a_service_tells_what_comes_alone(lab: Lab) -> None:
    lab.says(slot("Morning Edition", "04:00", "09:00"), slot("Fresh Air", "09:00", "10:00"))
    await lab.day()
    lab.time.now = utc("2026-03-06 17:30")  # half past ten in Phoenix
    lab.says(slot("Here & Now", "10:00", "12:00"))
    assert titles(await lab.day()) == ["Morning Edition", "Fresh Air", "Here & Now"]


async def test_the_last_good_day_outlives_the_program_and_a_silent_service(lab: Lab) -> None:
    lab.says(slot("Morning Edition", "04:00", "09:00"))
    good = await lab.day()
    await lab.restart()
    lab.service.replies.clear()
    assert await lab.day() == good
    lab.time.now += timedelta(hours=4)
    day = await lab.day()
    assert (day.programmes, day.asked_at) == (good.programmes, FIVE)
    assert day.problem is not None
    asked = len(lab.service.asked)
    assert (await lab.day()).problem is not None
    assert len(lab.service.asked) == asked  # a service in trouble is left alone for a while
    lab.time.now += timedelta(minutes=6)
    lab.says(slot("Special", "04:00", "09:00"))
    assert titles(await lab.day()) == ["Special"]


async def test_an_empty_day_is_not_kept_and_takes_nothing_away(lab: Lab) -> None:
    lab.says()
    assert titles(await lab.day()) == []
    await lab.restart()
    lab.says(slot("Morning Edition", "04:00", "09:00"))
    assert titles(await lab.day()) == ["Morning Edition"]
    lab.time.now += timedelta(hours=4)
    lab.says()
    assert titles(await lab.day()) == ["Morning Edition"]


async def test_the_table_of_the_list_is_the_day_where_no_source_knows_one(lab: Lab) -> None:
    lab.service.replies[path_of(DAY)] = (500, {}, b"")
    day = await lab.day(lab.station(table=TABLE))
    assert [(one.title, one.start, one.end) for one in day.programmes] == [
        ("By Hand", utc("2026-03-07 05:00"), utc("2026-03-07 08:00"))
    ]
    assert day.source == "weekly"
    assert day.problem is not None


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("America/Phoenix", date(2026, 3, 8), 24),
        ("America/New_York", date(2026, 3, 8), 23),
        ("America/New_York", date(2026, 11, 1), 25),
        ("Europe/London", date(2026, 3, 29), 23),
        ("Europe/London", date(2026, 10, 25), 25),
        ("Australia/Sydney", date(2026, 4, 5), 25),
        ("Australia/Sydney", date(2026, 10, 4), 23),
    ],
)
async def test_a_day_of_a_change_of_clocks_is_whole(
    lab: Lab, zone: str, day: date, hours: int
) -> None:
    every_hour = tuple(
        WeeklyProgramme(f"Hour {hour}", frozenset(range(7)), time(hour), time((hour + 1) % 24))
        for hour in range(24)
    )
    station = lab.station(zone=zone, table=every_hour)
    lab.says(day=day)
    programmes = (await lab.day(station, day)).programmes
    begin, end = programmes[0].start, programmes[-1].end
    assert begin is not None
    assert end is not None
    assert end - begin == timedelta(hours=hours)
    for one, following in pairwise(programmes):
        assert one.end == following.start


async def test_a_day_that_was_damaged_in_the_store_is_asked_anew(lab: Lab) -> None:
    lab.says(slot("Morning Edition", "04:00", "09:00"))
    await lab.day()
    await lab.store.ask(
        lambda connection: connection.execute("UPDATE programme_day SET programmes = '[{'").close()
    )
    await lab.restart()
    assert titles(await lab.day()) == ["Morning Edition"]
    assert len(lab.service.asked) == 2


async def test_refresh_asks_each_source_once_for_today_and_tomorrow(lab: Lab) -> None:
    tomorrow = DAY + timedelta(days=1)
    lab.says(slot("Morning Edition", "04:00", "09:00"))
    lab.says(slot("Weekend Edition", "04:00", "09:00", tomorrow), day=tomorrow)
    station = lab.station(streams=5)
    await lab.days.refresh((station, stream) for stream in station.streams)
    assert sorted(lab.service.asked) == [path_of(DAY), path_of(tomorrow)]
    stream = station.streams[4]
    assert titles(lab.days.around(station, stream, FIVE)) == ["Morning Edition", "Weekend Edition"]


class TestOnAir:
    """Schedules of now and next that stand on a day that is kept."""

    async def followed(self, lab: Lab, station: Station) -> tuple[Guide, list[OnAir]]:
        snapshots: list[OnAir] = []
        guide = Guide(
            lab.net,
            clock=lab.time.clock,
            on_change=snapshots.append,
            days=lab.days,
            sleep=lab.time.sleep,
            rng=random.Random(1),
        )
        guide.follow((station, stream) for stream in station.streams)
        await lab.time.asleep(len(station.streams))
        return guide, snapshots

    async def test_a_silent_service_is_stood_in_for_with_its_age(self, lab: Lab) -> None:
        lab.says(slot("Morning Edition", "04:00", "09:00"), slot("Fresh Air", "09:00", "10:00"))
        await lab.day()
        await lab.restart()
        lab.service.replies.clear()
        guide, snapshots = await self.followed(lab, lab.station())
        now, following = snapshots[-1].now, snapshots[-1].next
        assert now is not None
        assert following is not None
        assert (now.title, following.title) == ("Morning Edition", "Fresh Air")
        assert snapshots[-1].asked_at == FIVE
        assert snapshots[-1].problem is not None
        await lab.time.until(utc("2026-03-06 16:30"))
        assert snapshots[-1].now is not None
        assert snapshots[-1].now.title == "Fresh Air"
        await guide.close()

    async def test_the_present_counts_more_than_the_day(self, lab: Lab) -> None:
        lab.says(slot("Morning Edition", "04:00", "09:00"), slot("Fresh Air", "09:00", "10:00"))
        await lab.day()
        lab.service.says(NOW_PATH, {"onNow": slot("Special", "04:00", "09:00"), "nextUp": []})
        guide, snapshots = await self.followed(lab, lab.station())
        now, following = snapshots[-1].now, snapshots[-1].next
        assert now is not None
        assert following is not None
        assert (now.title, following.title) == ("Special", "Fresh Air")
        lab.service.says(NOW_PATH, {"onNow": None, "nextUp": []})
        await lab.time.until(utc("2026-03-06 16:30"))
        assert snapshots[-1].now is None
        await guide.close()

    async def test_one_question_is_told_to_every_stream_that_shares_it(self, lab: Lab) -> None:
        slots = [slot("Morning Edition", "04:00", "09:00"), slot("Fresh Air", "09:00", "10:00")]
        lab.service.says(NOW_PATH, {"onNow": slots[0], "nextUp": slots[1:]})
        guide, snapshots = await self.followed(lab, lab.station(streams=3))
        assert lab.service.asked == [NOW_PATH]
        last = {on_air.stream: on_air for on_air in snapshots}
        assert [on_air.now and on_air.now.title for on_air in last.values()] == [
            "Morning Edition"
        ] * 3
        special = slot("Special", "04:00", "09:00")
        lab.service.says(NOW_PATH, {"onNow": special, "nextUp": slots[1:]})
        await lab.time.pass_by(620, tasks=3)
        last = {on_air.stream: on_air for on_air in snapshots}
        assert [on_air.now and on_air.now.title for on_air in last.values()] == ["Special"] * 3
        assert lab.service.asked == [NOW_PATH] * 2
        await guide.close()
