"""Schedules of streams that are to be heard later than they are sent."""

from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from radiotui.app.guide import on_air_then
from radiotui.guide.days import Days
from radiotui.net.client import Net
from radiotui.stations.file import read_station_list
from radiotui.stations.model import ScheduleSource, Station, Stream, WeeklyProgramme
from radiotui.store import Store
from tests.services.guide_lab import Service, Time, utc

DAILY = frozenset(range(7))


def programme(name: str, start: int, end: int) -> WeeklyProgramme:
    return WeeklyProgramme(name, DAILY, time(start), time(end % 24))


async def test_the_schedule_is_that_of_then(tmp_path: Path) -> None:
    at = Time(utc("2026-03-06 13:30"))
    net, store = Net(), Store(tmp_path / "store.sqlite", clock=at.clock)
    days = Days(net, store, clock=at.clock)
    programmes = (programme("Late", 0, 5), programme("Morning", 5, 9), programme("Noon", 9, 24))
    stream = Stream("fm", "FM", (), programmes=programmes, delay=10 * 3600.0)
    wnyc = Station("wnyc", "WNYC", (stream,), timezone="America/New_York")
    then = at.now - timedelta(seconds=stream.delay)
    on_air = await on_air_then(days, wnyc, stream, then)
    assert on_air.now is not None
    assert on_air.next is not None
    # 3:30 UTC is half past ten in the evening of the day before.
    assert (on_air.now.title, on_air.next.title) == ("Noon", "Late")
    endless = (WeeklyProgramme("Always", DAILY, time(0), time(0)),)
    on_air = await on_air_then(days, wnyc, replace(stream, programmes=endless), then)
    assert on_air.now is not None
    assert on_air.now.title == "Always"
    await days.close()
    await store.close()
    await net.aclose()


@pytest.mark.parametrize("clock", ["2026-03-06 23:30", "2026-03-07 00:30"])
async def test_a_programme_over_midnight_of_then(tmp_path: Path, clock: str) -> None:
    def row(title: str, begin: str, end: str) -> dict[str, Any]:
        times = (int(utc(f"2026-03-{words}").timestamp()) for words in (begin, end))
        return {"programTitle": title, **dict(zip(("startTime", "endTime"), times, strict=True))}

    rows = [row("Late", "06 22:00", "07 01:00"), row("Night", "07 01:00", "07 05:00")]
    at = Time(utc(clock) + timedelta(hours=3))
    net, store = Net(), Store(tmp_path / "store.sqlite", clock=at.clock)
    days = Days(net, store, clock=at.clock)
    with Service() as service:
        service.says("/radio-schedules/", rows)
        stream = Stream(
            "fm", "FM", (), schedule=(ScheduleSource("kqed", (("base", service.base),)),)
        )
        station = Station("kqed", "KQED", (stream,), timezone="UTC")
        on_air = await on_air_then(days, station, stream, utc(clock))
    assert on_air.now is not None
    assert on_air.next is not None
    assert (on_air.now.title, on_air.next.title) == ("Late", "Night")
    await days.close()
    await store.close()
    await net.aclose()


@pytest.mark.parametrize(
    ("written", "seconds"),
    [('"3h"', 10_800), ('"90m"', 5_400), ('"1h30m"', 5_400), ('"24h"', 86_400), ('"0m"', 0)],
)
def test_a_delay_of_the_station_list(tmp_path: Path, written: str, seconds: float) -> None:
    station_list = read_station_list(_file(tmp_path, written))
    assert station_list.problems == ()
    assert station_list.stations[0].streams[0].delay == seconds


@pytest.mark.parametrize("written", ['"25h"', '""', '"-3h"', '"3"', "3", '"9999m"', '"٣h"', "[]"])
def test_no_delay(tmp_path: Path, written: str) -> None:
    (problem,) = read_station_list(_file(tmp_path, written)).problems
    assert "stream.delay: expected" in problem.title


def _file(folder: Path, delay: str) -> Path:
    path = folder / "stations.toml"
    path.write_text(
        '[[station]]\nid = "a"\nname = "A"\n[[station.stream]]\nid = "live"\n'
        f'url = "http://a.example/"\ndelay = {delay}\n',
        encoding="utf-8",
    )
    return path
