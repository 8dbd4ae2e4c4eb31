"""Podcast and stories of a programme, out of feeds that a server on loopback has."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from radiotui.app.belongings import Belongings, BelongingsDeps, ProgrammeStories
from radiotui.app.followed_feeds import FollowedFeeds
from radiotui.net.client import Net
from radiotui.stations.model import Station, StationList, Stream
from radiotui.store import Store
from radiotui.stories.model import PodcastSection
from radiotui.stories.sections import station_section
from radiotui.stories.service import StoryService
from tests.servers import Connection, Server, serving
from tests.services.guide_lab import Time, utc

NOW = utc("2026-03-06 20:00")
STORIES = (
    ("The forest will burn", "As she said on Fresh Air, the crews are ready.", "Mel Sev"),
    ("A breath of fresh air", "The fresh air of the rim does everybody good.", "Ann Lee"),
    ("A poet of the rim", "She spoke of her winters.", "Terry Gross"),
    ("Marketplace opens", "The Marketplace for insurance opens on Monday.", "Bo Ray"),
    ("Snow at the rim", "It fell all night.", "Terry Grossman"),
)
EPISODES = (("A poet of the rim, again", "An hour with her.", ""),)


def feed(title: str, *items: tuple[str, str, str]) -> Callable[[Connection], None]:
    entries = "".join(
        f"<item><guid>{title}{number}</guid><title>{head}</title><description>{text}</description>"
        f"<dc:creator>{author}</dc:creator>"
        f"<pubDate>Fri, 06 Mar 2026 1{number}:00:00 GMT</pubDate></item>"
        for number, (head, text, author) in enumerate(items)
    )
    body = (
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<channel><title>{title}</title>{entries}</channel></rss>"
    )
    return lambda connection: connection.answer(body.encode(), "application/rss+xml")


class BelongingsLab:
    """A station with one feed of news and two podcasts."""

    def __init__(self, folder: Path, server: Server) -> None:
        self.server = server
        server.routes["/news.rss"] = feed("Rim News", *STORIES)
        server.routes["/air.xml"] = feed("Fresh Air", *EPISODES)
        server.routes["/money.xml"] = feed("Planet Money", ("Eggs", "Dear.", ""))
        urls = tuple(server.url(path) for path in ("/air.xml", "/money.xml"))
        self.station = Station(
            "knau",
            "KNAU",
            (Stream("news", "", ()),),
            feeds=(server.url("/news.rss"),),
            podcasts=urls,
        )
        station_list = StationList((self.station,))
        time = Time(NOW)
        self.net, self.store = Net(), Store(folder / "radiotui.db", clock=time.clock)
        self.service = StoryService(
            self.net, self.store, clock=time.clock, on_change=lambda _: None
        )

        async def opened() -> Any:
            return SimpleNamespace(story_service=self.service, store=self.store)

        self.belongings: Belongings
        self.feeds = lambda: FollowedFeeds(station_list, station_list, self.belongings.titles)
        spawn = asyncio.get_running_loop().create_task
        self.belongings = Belongings(
            BelongingsDeps(opened, time.clock, lambda _: None, spawn, self.feeds)
        )

    async def close(self) -> None:
        await self.service.close()
        await self.store.close()
        await self.net.aclose()


@pytest.fixture
async def lab(tmp_path: Path) -> AsyncIterator[BelongingsLab]:
    with serving() as server:
        lab = BelongingsLab(tmp_path, server)
        yield lab
        await lab.close()


def titles(stories: ProgrammeStories) -> list[str]:
    return [headline.title for headline in stories.headlines]


async def test_podcast_and_stories_by_name_and_host(lab: BelongingsLab) -> None:
    await lab.service.refresh(station_section(lab.station))
    stored = await lab.belongings.of_programme("Fresh Air", "Terry Gross")
    assert (stored.feeds, titles(stored)) == ((), ["The forest will burn", "A poet of the rim"])
    assert lab.server.paths() == ["/news.rss"]
    stories = await lab.belongings.refresh("Fresh Air", "Terry Gross")
    (podcast,) = stories.feeds
    assert (podcast.state.title, podcast.is_podcast) == ("Fresh Air", True)
    assert podcast.state.stations == ("knau",)
    assert [headline.title for headline in podcast.headlines] == ["A poet of the rim, again"]
    assert titles(stories) == ["The forest will burn", "A poet of the rim"]
    assert (stories.doubt, stories.problem) == ("", None)
    # A name is asked for once; the feed opens as a list of stories under that name.
    await lab.belongings.refresh("Fresh Air", None)
    assert sorted(lab.server.paths()) == ["/air.xml", "/money.xml", "/news.rss"]
    section = lab.feeds().section(PodcastSection(lab.server.url("/air.xml")))
    assert section is not None
    assert section.name == "Fresh Air"
    assert lab.feeds().section(PodcastSection("https://elsewhere.example/feed")) is None


@pytest.mark.parametrize(
    ("title", "host", "doubt"),
    [
        ("News", None, "“News” is a name that many programmes have"),
        ("Marketplace", "Kai Ryssdal", "No feed is called “Marketplace”, and no story"),
        ("Marketplace", None, "one word alone is too little"),
        ("\x1b]0;x\x07\x00", '" OR * (', "“” is a name that many programmes have"),
        ('") OR (plain', None, "No feed is called"),
    ],
)
async def test_nothing_and_why_where_it_is_not_sure(
    lab: BelongingsLab, title: str, host: str | None, doubt: str
) -> None:
    await lab.service.refresh(station_section(lab.station))
    stories = await lab.belongings.of_programme(title, host)
    assert (stories.feeds, stories.headlines) == ((), ())
    assert doubt in stories.doubt


async def test_a_story_of_two_feeds_stands_once(lab: BelongingsLab) -> None:
    words = ("The forest on the rim will burn before the snow", STORIES[0][1])
    lab.server.routes["/money.xml"] = feed("Planet Money", (*words, "Terry Gross"))
    lab.server.routes["/news.rss"] = feed("Rim News", (*words, "Mel Sev"))
    await lab.belongings.refresh("Fresh Air", "Terry Gross")
    await lab.service.refresh(station_section(lab.station))
    stories = await lab.belongings.of_programme("Fresh Air", "Terry Gross")
    assert titles(stories) == [words[0]]


async def test_a_podcast_that_does_not_answer_costs_a_line(lab: BelongingsLab) -> None:
    lab.server.routes["/air.xml"] = lambda c: c.answer(b"no", status="503 Later")
    stories = await lab.belongings.refresh("Planet Money", None)
    assert [feed.state.title for feed in stories.feeds] == ["Planet Money"]
    assert stories.problem is not None
