"""Where a programme is on: a question over two days of two hundred stations."""

from __future__ import annotations

import asyncio
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from types import SimpleNamespace
from typing import Any

import msgspec

from bench.table import Row
from radiotui.app.airings import Airings, AiringsDeps
from radiotui.guide.days import Days
from radiotui.guide.model import Programme
from radiotui.guide.sources.registry import source_key
from radiotui.net.client import Net
from radiotui.stations.model import ScheduleSource, Station, StationList, Stream
from radiotui.store.programme_days import StoredDay, store_days
from radiotui.store.store import Store

RUNS = 9
STATIONS, PROGRAMMES = 200, 30
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
_QUERY_MS = 50.0


def station(number: int) -> Station:
    """A station with a source of its own; nobody is there."""
    source = ScheduleSource("composer", (("ucs", f"{number:024x}"),))
    return Station(
        f"s{number}", f"Station {number}", (Stream("live", "Live", (), schedule=(source,)),)
    )


def stored_days_of(number: int) -> list[StoredDay]:
    """Two days of its schedule, as an earlier start kept them."""
    listed = station(number)
    key = source_key(listed, listed.streams[0].schedule[0])
    days = []
    for day in (0, 1):
        begin, step = NOW.replace(hour=0) + timedelta(days=day), timedelta(days=1) / PROGRAMMES
        programmes = tuple(
            Programme(f"Programme {number} of {place}", begin + place * step)
            for place in range(PROGRAMMES)
        )
        text = msgspec.json.encode(programmes).decode()
        days.append(StoredDay(key, begin.date().isoformat(), int(NOW.timestamp()), text))
    return days


def rows() -> list[Row]:
    """The first question, which makes the index off the loop, and the next ones."""
    return asyncio.run(_rows())


async def _rows() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        net, store = Net(), Store(Path(folder) / "store.sqlite", clock=lambda: NOW)
        stored = [day for number in range(STATIONS) for day in stored_days_of(number)]
        await store.ask(lambda connection: store_days(connection, stored, "2026-01-01"))
        days = Days(net, store, clock=lambda: NOW)
        station_list = StationList(tuple(station(number) for number in range(STATIONS)))

        async def opened() -> Any:
            return SimpleNamespace(days=days)

        deps = AiringsDeps(
            *(opened, lambda: NOW, lambda _: None, asyncio.create_task),
            lambda: station_list,
            lambda _station, _stream: None,
        )
        airings = Airings(deps)
        took: list[float] = []
        for words in ["programme 7", *[f"programme {number} of 29" for number in range(RUNS)]]:
            began = time.perf_counter()
            assert await airings.search(words)
            took.append((time.perf_counter() - began) * 1000)
        await store.close()
        await net.aclose()
    return [
        Row("airings, index off the loop", took[0], "ms", "limit", 1000.0, 1.0),
        Row("airings of 200 stations", median(took[1:]), "ms", "limit", _QUERY_MS, 1.0),
    ]
