"""A schedule that is found in a station's homepage, which is asked for once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import time, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from radiotui.guide.homepages import Homepages
from radiotui.guide.service import Guide
from radiotui.guide.sources.composer import of_page
from radiotui.net.client import Net
from radiotui.net.politeness import HostLimiter
from radiotui.stations.model import ScheduleSource, Station, Stream, WeeklyProgramme
from radiotui.store.store import Store
from tests.services.guide_lab import Service, Time, utc

UCS = "0123456789abcdef01234567"
OTHER = "fedcba9876543210fedcba98"
PAGE = f'<script src="https://composer.example/widgets/week?ucs={UCS}"></script>'.encode()
NPR = ScheduleSource("npr", (("stream", "news"),))
FOUND = ScheduleSource("composer", (("ucs", UCS),))


class Lab:
    """A homepage, a clock, and a store that outlives each start."""

    def __init__(self, service: Service, folder: Path) -> None:
        self.service = service
        self.time = Time(utc("2026-03-06 12:00"))
        self.net = Net()
        self._path = folder / "store.sqlite"
        self.service.replies["/"] = PAGE
        streams = tuple(Stream(name, name, (), schedule=(NPR,)) for name in ("news", "music"))
        self.station = Station(
            *("knau", "KNAU", streams), homepage=f"{service.base}/", timezone="America/Phoenix"
        )
        self.start()

    def start(self) -> None:
        """Begin anew, with what is in the store."""
        self.store = Store(self._path, clock=self.time.clock)
        self.homepages = Homepages(self.net, self.store, HostLimiter(), clock=self.time.clock)

    async def stop(self) -> None:
        await self.homepages.close()
        await self.store.close()

    async def schedule(self, station: Station | None = None) -> tuple[ScheduleSource, ...]:
        """The sources of the first stream."""
        station = station or self.station
        return (await self.homepages.complete(station, station.streams[0])).schedule


@pytest.fixture
async def lab(service: Service, tmp_path: Path) -> AsyncIterator[Lab]:
    lab = Lab(service, tmp_path)
    yield lab
    await lab.stop()
    await lab.net.aclose()


async def test_what_its_widgets_use_is_behind_the_source_of_the_list(lab: Lab) -> None:
    assert await lab.schedule() == (NPR, FOUND)
    second = lab.station.streams[1]
    assert await lab.homepages.complete(lab.station, second) == second
    assert lab.service.asked == ["/"]


async def test_a_composer_of_the_homepage_gives_a_next_up(lab: Lab) -> None:
    row = {"fullstart": "2026-03-06 04:00", "fullend": "2026-03-06 09:00"}
    later = {"fullstart": "2026-03-06 09:00", "fullend": "2026-03-06 10:00"}
    lab.service.says(
        f"/v1/widget/{UCS}/now?format=json",
        {
            "onNow": row | {"program": {"name": "Morning Edition"}},
            "nextUp": [later | {"program": {"name": "Fresh Air"}}],
        },
    )
    station = replace(lab.station, streams=(Stream("news", "News", ()),))
    stream = await lab.homepages.complete(station, station.streams[0])
    own_base = (*FOUND.options, ("base", lab.service.base))
    stream = replace(stream, schedule=(replace(stream.schedule[0], options=own_base),))
    guide = Guide(lab.net, clock=lab.time.clock, on_change=lambda _: None)
    on_air = await guide.ask(station, stream)
    assert on_air.now is not None
    assert on_air.next is not None
    assert (on_air.now.title, on_air.next.title) == ("Morning Edition", "Fresh Air")


async def test_it_is_asked_for_once_in_thirty_days(lab: Lab) -> None:
    for days, requests in ((0, 1), (29, 1), (2, 2)):
        lab.time.now += timedelta(days=days)
        assert await lab.schedule() == (NPR, FOUND)
        assert len(lab.service.asked) == requests
        await lab.stop()
        lab.start()


@pytest.mark.parametrize(
    ("body", "days"), [(b"<p>Welcome</p>", 29), (b"x" * (2 * 1024 * 1024 + 1), 0)]
)
async def test_that_nothing_was_found_is_kept_too(lab: Lab, body: bytes, days: int) -> None:
    lab.service.replies["/"] = body
    for _ in range(2):
        assert await lab.schedule() == (NPR,)
        await lab.stop()
        lab.start()
        lab.time.now += timedelta(days=days)
    assert lab.service.asked == ["/"]


async def test_a_homepage_that_failed_is_asked_for_a_day_later(lab: Lab) -> None:
    lab.service.replies.clear()
    assert await lab.schedule() == (NPR,)
    lab.service.replies["/"] = PAGE
    await lab.stop()
    lab.start()
    lab.time.now += timedelta(days=1)
    assert await lab.schedule() == (NPR, FOUND)


async def test_nobody_asks_where_times_are_known_or_nobody_lives(lab: Lab) -> None:
    news, music = lab.station.streams
    table = (WeeklyProgramme("By Hand", frozenset(range(7)), time(22), time(1)),)
    for streams in (
        (news, replace(music, schedule=(FOUND,))),
        (replace(news, programmes=table), music),
    ):
        station = replace(lab.station, streams=streams)
        assert await lab.schedule(station) == streams[0].schedule
    assert await lab.schedule(replace(lab.station, homepage="")) == (NPR,)
    assert lab.service.asked == []


async def test_the_screen_follows_at_once_and_again_when_more_is_known(lab: Lab) -> None:
    found = asyncio.Event()
    streams = [(lab.station, stream) for stream in lab.station.streams]
    completed = lab.homepages.completed
    assert completed(streams, {"knau"}, found.set) == streams
    await asyncio.wait_for(found.wait(), 30)
    schedules = [stream.schedule for _, stream in completed(streams, {"knau"}, found.set)]
    assert schedules == [(NPR, FOUND), (NPR,)]


async def test_a_station_in_view_has_what_is_kept_and_nobody_asks(lab: Lab) -> None:
    streams = [(lab.station, lab.station.streams[0])]
    found = asyncio.Event()
    lab.homepages.completed(streams, set(), found.set)
    # A later errand of the store: the one for what is kept of the homepage is over.
    await lab.store.recall("later")
    await asyncio.sleep(0)
    assert lab.homepages.completed(streams, set(), found.set) == streams
    assert (lab.service.asked, found.is_set()) == ([], False)
    assert await lab.schedule() == (NPR, FOUND)
    await lab.stop()
    lab.start()
    lab.time.now += timedelta(days=40)
    lab.homepages.completed(streams, set(), found.set)
    await asyncio.wait_for(found.wait(), 30)
    ((_, stream),) = lab.homepages.completed(streams, set(), found.set)
    assert stream.schedule == (NPR, FOUND)
    assert lab.service.asked == ["/"]


async def test_the_log_says_where_it_comes_from(lab: Lab, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, "radiotui.guide"):
        await lab.schedule()
    assert f"composer: found in the homepage {lab.station.homepage}" in caplog.text


@pytest.mark.parametrize(
    ("markup", "ucs"),
    [
        *((f"x?ucs={UCS}&y", UCS), (f"/v1/widget/{UCS}/now", UCS), (f"ucs='{UCS}'", UCS)),
        (f"ucs={UCS} /v1/widget/{UCS.upper()}/day", UCS),
        (f"ucs={UCS} ucs={OTHER}", None),
        *((f"ucs={UCS}0", None), ("ucs=0123", None), (f"focus={UCS}", None), ("", None)),
    ],
)
def test_a_composer_id_is_24_hex_digits_and_the_only_one(markup: str, ucs: str | None) -> None:
    source = of_page("https://knau.example/", markup)
    assert (source.option("ucs") if source else None) == ucs
