"""Broadcasts that podcasts announce: among the stations while they are live, and a day before."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from msgspec.structs import replace

from radiotui.app.followed_feeds import FollowedFeeds
from radiotui.app.live_items import LiveItems, LiveItemsDeps, state_of
from radiotui.app.station_list import complete_list
from radiotui.feeds import schedule
from radiotui.feeds.parsing.model import LiveItem
from radiotui.player.state import PlayerState
from radiotui.problems import Problem
from radiotui.stations.model import Station, StationList, Stream
from tests.feeds import rss
from tests.servers import Connection, Server, serving
from tests.services.podcast_lab import NOW, PodcastLab

HOUR = timedelta(hours=1)
SIGNAL = Station("test-signal", "Test Signal", (Stream("signal", "Test Signal", ("http://a/",)),))


def show(*items: str) -> bytes:
    episode = (
        "<item><title>Part 1</title><guid>1</guid>"
        "<enclosure url='https://pods.example/1.mp3' type='audio/mpeg' length='1'/></item>"
    )
    return rss("".join([*items, episode])).encode()


def live(
    status: str, start: datetime | None, *, end: datetime | None = None, guid: str = "rim"
) -> str:
    times = f"start='{start.isoformat()}' " if start else ""
    times += f"end='{end.isoformat()}'" if end else ""
    return (
        f"<podcast:liveItem status='{status}' {times}><title>Live from the rim</title>"
        f"<guid>{guid}</guid><enclosure url='https://live.example/{guid}.mp3' type='audio/mpeg'/>"
        "</podcast:liveItem>"
    )


class Announced(PodcastLab):
    """A list with a podcast whose feed the test writes."""

    def __init__(self, folder: Path, server: Server) -> None:
        super().__init__(folder, server)
        self.listed: list[tuple[Station, ...]] = []
        self.player_state = PlayerState()
        deps = self.podcasts.deps
        self.live = LiveItems(
            LiveItemsDeps(
                deps.opened,
                deps.clock,
                deps.notify,
                deps.spawn,
                self.feeds,
                lambda: self.player_state,
                self.listed.append,
            )
        )

    async def look(self, *items: str) -> tuple[Station, ...]:
        """The broadcasts, once the feed has said this."""
        body = show(*items)

        def answer(connection: Connection) -> None:
            connection.answer(body, "application/rss+xml")

        self.server.routes["/station.rss"] = answer
        await self.podcasts.refresh()
        await self.live.look()
        return self.listed[-1] if self.listed else ()


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        yield server


@pytest.fixture
async def lab(tmp_path: Path, server: Server) -> AsyncIterator[Announced]:
    lab = Announced(tmp_path, server)
    yield lab
    await lab.close()


async def test_pending_live_and_over_as_its_feed_says(lab: Announced) -> None:
    assert await lab.look() == ()
    (pending,) = await lab.look(live("pending", NOW + HOUR))
    assert (pending.name, pending.announced) == ("Live from the rim", "pending")
    assert pending.streams[0].name == "Coconino Now"
    assert pending.begins == NOW + HOUR
    assert pending.streams[0].urls == ("https://live.example/rim.mp3",)
    lab.time.now = NOW + HOUR
    (on_air,) = await lab.look(live("live", NOW + HOUR))
    assert (on_air.id, on_air.announced, on_air.begins) == (pending.id, "live", None)
    assert await lab.look(live("ended", NOW + HOUR)) == ()
    assert len(lab.listed) == 3


async def test_it_is_listed_before_the_test_signal_and_is_in_no_file(lab: Announced) -> None:
    broadcasts = await lab.look(live("live", NOW))
    station_list = complete_list(StationList(), broadcasts, SIGNAL)
    assert [station.group for station in station_list.stations] == ["Live podcasts", ""]
    assert "live.example" not in lab.path.read_text()


async def test_it_is_listed_as_soon_as_its_podcast_was_asked(lab: Announced) -> None:
    keeping = asyncio.create_task(lab.live.keep())
    await asyncio.sleep(0)
    body = show(live("live", NOW))
    lab.server.routes["/station.rss"] = lambda c: c.answer(body, "application/rss+xml")
    await lab.podcasts.refresh()
    lab.live.receive_answers()
    async with asyncio.timeout(30):
        while not lab.listed:
            await asyncio.sleep(0.01)
    keeping.cancel()


async def test_a_store_that_takes_no_question_once_is_asked_again(lab: Announced) -> None:
    feeds, looks = lab.live.deps.feeds, 0

    def failing() -> FollowedFeeds:
        nonlocal looks
        looks += 1
        if looks == 1:
            raise Problem("The store cannot be read")
        return feeds()

    lab.live.deps = replace(lab.live.deps, feeds=failing)
    body = show(live("live", NOW))
    lab.server.routes["/station.rss"] = lambda c: c.answer(body, "application/rss+xml")
    await lab.podcasts.refresh()
    keeping = asyncio.create_task(lab.live.keep())
    async with asyncio.timeout(30):
        while not lab.listed:
            lab.live.receive_answers()
            await asyncio.sleep(0.01)
    keeping.cancel()


async def test_what_is_at_the_ear_stays_until_another_is(lab: Announced) -> None:
    (on_air,) = await lab.look(live("live", NOW))
    listening = SimpleNamespace(key=(on_air.id, "live"))
    lab.player_state = listening  # type: ignore[assignment]
    assert await lab.look(live("ended", NOW)) == (on_air,)
    lab.player_state = PlayerState()
    assert await lab.look(live("ended", NOW)) == ()


async def test_the_time_passes_without_the_feed_being_asked(lab: Announced) -> None:
    await lab.look(live("pending", NOW + timedelta(days=2)))
    assert lab.listed == []
    asked = len(lab.server.paths())
    lab.time.now = NOW + timedelta(days=1, hours=1)
    await lab.live.look()
    assert [station.announced for station in lab.listed[-1]] == ["pending"]
    lab.time.now = NOW + timedelta(days=2, hours=2)
    await lab.live.look()
    assert lab.listed[-1] == ()
    assert len(lab.server.paths()) == asked


@pytest.mark.parametrize(
    ("item", "state"),
    [
        (LiveItem("a", "A", "live", NOW - HOUR), "live"),
        (LiveItem("a", "A", "live"), "live"),
        (LiveItem("a", "A", "LIVE?", NOW - HOUR / 2), "pending"),
        (LiveItem("a", "A", "live", NOW - timedelta(days=9)), ""),
        (LiveItem("a", "A", "live", NOW - 3 * HOUR, NOW - 2 * HOUR), ""),
        (LiveItem("a", "A", "live", NOW - 3 * HOUR, NOW - HOUR / 2), "live"),
        (LiveItem("a", "A", "pending"), ""),
        (LiveItem("a", "A", "pending", NOW - 2 * HOUR), ""),
        (LiveItem("a", "A", "pending", NOW + timedelta(days=3)), ""),
        (LiveItem("a", "A", "ended", NOW + HOUR), ""),
    ],
)
def test_its_times_end_what_the_feed_forgot_to_end(item: LiveItem, state: str) -> None:
    assert state_of(item, NOW) == state


async def test_many_broadcasts_and_nasty_ones_are_bounded(lab: Announced) -> None:
    many = [live("live", NOW, guid=f"rim{number}") for number in range(500)]
    assert len(await lab.look(*many)) <= 20
    nasty = (
        "<podcast:liveItem status='live' start='never'><title>&#27;[2J x</title><guid>1</guid>"
        "<enclosure url='javascript:1'/><enclosure url='https://live.example/a.mp3'/>"
        "</podcast:liveItem><podcast:liveItem status='live'/>"
    )
    (station,) = await lab.look(nasty)
    assert station.name.isprintable()
    assert station.streams[0].urls == ("https://live.example/a.mp3",)


def test_a_podcast_is_asked_sooner_while_a_broadcast_is_due() -> None:
    usual = NOW + 6 * HOUR
    soon, five = LiveItem("a", "A", "pending", NOW + HOUR), timedelta(minutes=5)
    assert schedule.for_broadcasts(usual, (), NOW) == usual
    assert schedule.for_broadcasts(usual, [soon], NOW) == NOW + HOUR
    assert schedule.for_broadcasts(usual, [soon], NOW + HOUR) == NOW + HOUR + five
    assert schedule.for_broadcasts(usual, [LiveItem("a", "A", "live")], NOW) == NOW + five
    ended = LiveItem("a", "A", "ended", NOW + HOUR)
    late = LiveItem("a", "A", "pending", NOW - 2 * HOUR)
    assert schedule.for_broadcasts(usual, [ended, late], NOW) == usual
