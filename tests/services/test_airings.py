"""Programmes by name over the days of all stations, which a service on loopback publishes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec.structs import replace

from radiotui.app.airings import Airing, Airings, AiringsDeps
from radiotui.guide.days import Days
from radiotui.guide.model import OnAir, Programme
from radiotui.net.client import Net
from radiotui.stations.model import ScheduleSource, Station, StationList, Stream
from radiotui.store.store import Store
from tests.services.guide_lab import Service, Time, utc
from tests.services.test_guide_days import DAY, FIVE, path_of, slot

TOMORROW = DAY + timedelta(days=1)


@dataclass
class AiringsLab:
    """Two stations with one schedule, and the search over it."""

    time: Time
    days: Days
    airings: Airings
    snapshots: dict[tuple[str, str], OnAir]
    tasks: list[asyncio.Task[None]]

    async def found(self, typed: str) -> list[str]:
        return [_words(airing) for airing in await self.airings.search(typed)]


def _words(airing: Airing) -> str:
    start = airing.programme.start
    assert start is not None
    on = " on" if airing.is_on else ""
    return f"{airing.station.id} {airing.programme.title} {start:%d %H:%M}{on}"


@pytest.fixture
async def lab(service: Service, tmp_path: Path) -> AsyncIterator[AiringsLab]:
    time, net = Time(FIVE), Net()
    store = Store(tmp_path / "store.sqlite", clock=time.clock)
    days = Days(net, store, clock=time.clock)
    source = ScheduleSource("composer", (("ucs", "50e0"), ("base", service.base)))
    stream = Stream("news", "News", (), schedule=(source,))
    knau = Station("knau", "KNAU", (stream,), timezone="America/Phoenix")
    kjzz = replace(knau, id="kjzz", name="KJZZ")
    tasks: list[asyncio.Task[None]] = []
    snapshots: dict[tuple[str, str], OnAir] = {}

    async def opened() -> Any:
        return SimpleNamespace(days=days)

    def spawn(work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        tasks.append(asyncio.create_task(work))
        return tasks[-1]

    deps = AiringsDeps(
        *(opened, time.clock, lambda _: None, spawn),
        lambda: StationList((knau, kjzz)),
        lambda station, stream: snapshots.get((station, stream)),
    )
    yield AiringsLab(time, days, Airings(deps), snapshots, tasks)
    await days.close()
    await store.close()
    await net.aclose()


async def asked(lab: AiringsLab, service: Service) -> None:
    """Have the days asked for."""
    service.says(
        path_of(DAY),
        {
            "onToday": [
                slot("Morning Edition", "04:00", "09:00"),
                slot("Fresh Air", "13:00", "14:00"),
            ]
        },
    )
    service.says(path_of(TOMORROW), {"onToday": [slot("Fresh Air", "09:00", "10:00", TOMORROW)]})
    lab.airings.ask_days()
    lab.airings.ask_days()
    await asyncio.gather(*lab.tasks)


async def test_each_airing_of_each_station_the_soonest_first(lab: AiringsLab, service: Service):
    assert await lab.found("fresh") == []
    await asked(lab, service)
    assert sorted(service.asked) == [path_of(DAY), path_of(TOMORROW)]
    assert await lab.found("FRESH air") == [
        "kjzz Fresh Air 06 20:00",
        "knau Fresh Air 06 20:00",
        "kjzz Fresh Air 07 16:00",
        "knau Fresh Air 07 16:00",
    ]
    assert await lab.found("edition") == [
        "kjzz Morning Edition 06 11:00 on",
        "knau Morning Edition 06 11:00 on",
    ]


async def test_what_comes_every_hour_is_there_three_times(lab: AiringsLab, service: Service):
    hours = [slot("Headlines", f"{hour:02}:00", f"{hour:02}:05") for hour in range(6, 16)]
    service.says(path_of(DAY), {"onToday": [*hours, slot("Late Headlines", "20:00", "20:05")]})
    lab.airings.ask_days()
    await asyncio.gather(*lab.tasks)
    airings = await lab.found("headlines")
    assert [words for words in airings if words.startswith("knau")] == [
        "knau Headlines 06 13:00",
        "knau Headlines 06 14:00",
        "knau Headlines 06 15:00",
        "knau Late Headlines 07 03:00",
    ]


async def test_what_has_ended_is_not_there(lab: AiringsLab, service: Service):
    await asked(lab, service)
    assert len(await lab.found("edition")) == 2
    lab.time.now = utc("2026-03-06 16:00")
    assert await lab.found("edition") == []


@pytest.mark.parametrize("typed", ["fresh is:unread", "from:npr fresh", "f", "", "fresh -air"])
async def test_filters_of_stories_match_none(lab: AiringsLab, service: Service, typed: str):
    await asked(lab, service)
    assert await lab.found(typed) == []


async def test_is_on_leaves_those_of_now(lab: AiringsLab, service: Service):
    await asked(lab, service)
    assert await lab.found("is:on fresh") == []
    assert len(await lab.found("is:on")) == 2
    lab.time.now = utc("2026-03-06 20:30")
    assert await lab.found("is:on fresh") == [
        "kjzz Fresh Air 06 20:00 on",
        "knau Fresh Air 06 20:00 on",
    ]


async def test_snapshots_tell_of_streams_whose_day_nobody_publishes(lab: AiringsLab):
    jazz = Programme("Night Jazz", FIVE - timedelta(hours=1), FIVE + timedelta(hours=1))
    over = Programme("Night Owls", FIVE - timedelta(hours=2), FIVE - timedelta(hours=1))
    lab.snapshots["knau", "news"] = OnAir("knau", "news", over, jazz)
    assert await lab.found("night") == ["knau Night Jazz 06 11:00 on"]
