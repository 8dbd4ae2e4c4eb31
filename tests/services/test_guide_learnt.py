"""A Next Up for streams whose source tells only names: the week learnt from its answers."""

from __future__ import annotations

import json
import logging
import random
from collections.abc import AsyncIterator
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from msgspec.structs import replace

from radiotui.guide.days import Days
from radiotui.guide.model import OnAir, Programme
from radiotui.guide.service import Guide
from radiotui.guide.sources.registry import source_key
from radiotui.net.client import Net
from radiotui.stations.model import ScheduleSource, Station, Stream, WeeklyProgramme
from radiotui.store.sightings import StoredSighting, store_sighting
from radiotui.store.store import Store
from tests.services.guide_lab import Service, Time, utc

PATH = "/v3/streams/news/programs/now"
MONDAY = utc("2026-03-02 00:00")
"""By the clock in Phoenix, which is seven hours behind."""
WALL = timedelta(hours=7)
HOURS = ((0, "Night Music"), (4, "Morning Edition"), (9, "Fresh Air"), (10, "Here & Now"))
NINE, TEN = MONDAY + timedelta(days=7, hours=16), MONDAY + timedelta(days=7, hours=17)


def name_at(moment: datetime) -> str:
    """The programme that is on, which the service tells without times."""
    hour = (moment - WALL).hour
    return [name for begins, name in HOURS if begins <= hour][-1]


class Lab:
    """A stream of names, a clock, and a store that outlives each start."""

    def __init__(self, service: Service, folder: Path) -> None:
        self.service = service
        self.time = Time(MONDAY)
        self.net = Net()
        self._path = folder / "store.sqlite"
        self.snapshots: list[OnAir] = []
        source = ScheduleSource("npr", (("stream", "news"), ("base", service.base)))
        self.stream = Stream("news", "News", (), schedule=(source,))
        self.station = Station("knau", "KNAU", (self.stream,), timezone="America/Phoenix")
        self.key = source_key(self.station, source)
        service.replies[PATH] = self._name
        self.start()

    def _name(self) -> bytes:
        return json.dumps({"attributes": {"name": name_at(self.time.now)}}).encode()

    def start(self) -> None:
        """Begin anew, with what is in the store."""
        self.store = Store(self._path, clock=self.time.clock)
        self.days = Days(self.net, self.store, clock=self.time.clock)
        self.guide = Guide(
            self.net,
            clock=self.time.clock,
            on_change=self.snapshots.append,
            days=self.days,
            sleep=self.time.sleep,
            rng=random.Random(1),
        )

    async def stop(self) -> None:
        await self.guide.close()
        await self.days.close()
        await self.store.close()

    async def has_heard_a_week(self) -> None:
        """Five working days of names, as an earlier start kept them."""
        rows = []
        for day in range(5):
            midnight = int((MONDAY + WALL + timedelta(days=day)).timestamp())
            hours = [*HOURS, (24, "")]
            for (begins, name), (ends, _) in pairwise(hours):
                first, last = midnight + begins * 3600 + 30, midnight + ends * 3600 - 200
                rows.append(StoredSighting(self.key, first, last, name))
        for row in rows:
            await self.store.ask(partial(store_sighting, sighting=row, forget_before=0))


@pytest.fixture
async def lab(service: Service, tmp_path: Path) -> AsyncIterator[Lab]:
    lab = Lab(service, tmp_path)
    yield lab
    await lab.stop()
    await lab.net.aclose()


FRESH_AIR = Programme("Fresh Air", NINE, TEN, usual=True)


async def test_three_mornings_of_names_give_the_fourth_its_times(lab: Lab) -> None:
    for day in range(3):
        lab.time.now = MONDAY + timedelta(days=day, hours=15, minutes=50)
        lab.guide.follow([(lab.station, lab.stream)])
        await lab.time.until(MONDAY + timedelta(days=day, hours=17, minutes=10))
        await lab.stop()
        lab.start()
    lab.time.now = MONDAY + timedelta(days=3, hours=16, minutes=20)
    on_air = await lab.guide.ask(lab.station, lab.stream)
    nine = MONDAY + timedelta(days=3, hours=16)
    assert on_air.now == Programme("Fresh Air", nine, nine + timedelta(hours=1), usual=True)
    assert (on_air.source, on_air.asked_at) == ("npr", lab.time.now)
    assert on_air.next == Programme("Here & Now", nine + timedelta(hours=1), usual=True)


async def test_the_name_is_sure_and_only_its_times_are_usual(lab: Lab) -> None:
    await lab.has_heard_a_week()
    lab.time.now = NINE + timedelta(minutes=20)
    assert (await lab.guide.ask(lab.station, lab.stream)).now == FRESH_AIR
    lab.service.says(PATH, {"attributes": {"name": "Election Night"}})
    on_air = await lab.guide.ask(lab.station, lab.stream)
    assert (on_air.now, on_air.next) == (Programme("Election Night"), None)


async def test_a_programme_that_runs_late_goes_on_past_its_usual_end(lab: Lab) -> None:
    await lab.has_heard_a_week()
    lab.time.now = TEN - timedelta(minutes=1)
    lab.guide.follow([(lab.station, lab.stream)])
    await lab.time.asleep()
    assert lab.snapshots[-1].now == FRESH_AIR
    lab.service.says(PATH, {"attributes": {"name": "Fresh Air"}})
    await lab.time.pass_by(70)
    assert lab.snapshots[-1].now == Programme("Fresh Air")
    lab.service.replies[PATH] = lambda: b'{"attributes": {"name": "Here & Now"}}'
    await lab.time.pass_by(330)
    assert lab.snapshots[-1].now is not None
    assert lab.snapshots[-1].now.title == "Here & Now"


async def test_what_is_published_wins(lab: Lab) -> None:
    await lab.has_heard_a_week()
    lab.time.now = NINE + timedelta(minutes=20)
    table = (WeeklyProgramme("Fresh Air", frozenset(range(7)), time(9), time(10, 30)),)
    stream = replace(lab.stream, programmes=table)
    on_air = await lab.guide.ask(lab.station, stream)
    assert on_air.now == Programme("Fresh Air", NINE, TEN + timedelta(minutes=30))
    assert on_air.next is not None
    assert not on_air.next.usual
    day = await lab.days.day(lab.station, stream, date(2026, 3, 9))
    assert (day.source, len(day.programmes)) == ("weekly", 1)


async def test_a_day_that_nobody_publishes_is_the_usual_one(lab: Lab) -> None:
    await lab.has_heard_a_week()
    day = await lab.days.day(lab.station, lab.stream, date(2026, 3, 10))
    assert day.source == "usual"
    titles = [programme.title for programme in day.programmes]
    assert titles == [name for _, name in HOURS]
    assert all(programme.usual for programme in day.programmes)


async def test_the_log_says_what_is_only_usual(lab: Lab, caplog: pytest.LogCaptureFixture) -> None:
    await lab.has_heard_a_week()
    lab.time.now = NINE + timedelta(minutes=20)
    with caplog.at_level(logging.DEBUG, "radiotui.guide"):
        await lab.guide.ask(lab.station, lab.stream)
    assert "'Fresh Air' (usually Mon 16:00 to Mon 17:00 UTC)" in caplog.text


async def test_a_source_that_tells_times_or_nothing_is_not_kept(lab: Lab) -> None:
    lab.service.says(PATH, {"attributes": None, "items": []})
    await lab.guide.ask(lab.station, lab.stream)
    assert await lab.store.look(lambda db: db.execute("SELECT * FROM sighting").fetchall()) == []
