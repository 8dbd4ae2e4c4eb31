"""Keeping order: one story from several feeds, marks and undo, tidying, search."""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from radiotui.net.client import Net
from radiotui.problems import Problem
from radiotui.store import Store
from radiotui.stories.model import Headline, Section, Starred, StationSection, StoryList
from radiotui.stories.service import StoryService
from tests.servers import Connection, Server, serving

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def item(
    guid: str,
    title: str,
    link: str = "",
    *,
    hours_ago: float = 1,
    words: str = "",
    author: str = "",
    more: str = "",
) -> str:
    date = format_datetime(NOON - timedelta(hours=hours_ago))
    return (
        f"<item><guid isPermaLink='false'>{guid}</guid><title>{escape(title)}</title>"
        f"<link>{escape(link)}</link><pubDate>{date}</pubDate><dc:creator>{author}</dc:creator>"
        f"<description>{escape(words or title)}</description>{more}</item>"
    )


class World:
    """Some feeds, a newsstand over them, and what it tells."""

    def __init__(self, folder: Path, server: Server, keep_days: int = 0) -> None:
        self.now = NOON
        self.server = server
        self.bodies: dict[str, bytes] = {}
        self.told: list[StoryList] = []
        self.net = Net()
        self.store = Store(folder / "radiotui.db", clock=lambda: self.now)
        self.stand = StoryService(
            self.net,
            self.store,
            clock=lambda: self.now,
            on_change=self.told.append,
            keep_days=keep_days,
            jitter=lambda: 0.0,
        )

    def says(self, feed: str, *items: str, title: str = "") -> str:
        """Let a feed say this; its URL."""
        path = f"/{feed}.rss"
        self.bodies[path] = (
            '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
            f"<title>{title or feed.upper()}</title>{''.join(items)}</channel></rss>"
        ).encode()

        def route(connection: Connection) -> None:
            connection.answer(self.bodies[path], "application/rss+xml")

        self.server.routes[path] = route
        return self.server.url(path)

    def section(self, *feeds: str, name: str = "all") -> Section:
        return Section(
            StationSection(name), name, tuple(self.server.url(f"/{feed}.rss") for feed in feeds)
        )

    async def refresh(self, *feeds: str) -> tuple[Headline, ...]:
        return (await self.stand.refresh(self.section(*feeds), force=True)).headlines

    async def titles(self, typed: str) -> list[str]:
        return [one.headline.title for one in await self.stand.search(typed, self.feeds_of)]

    def feeds_of(self, station: str) -> tuple[str, ...]:
        if station not in {"knau", "kjzz"}:
            raise Problem(f"there is no station {station!r}")
        return self.section(station).feeds or ()

    async def close(self) -> None:
        await self.stand.close()
        await self.store.close()
        await self.net.aclose()


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        yield server


@pytest.fixture
async def world(tmp_path: Path, server: Server) -> AsyncIterator[World]:
    world = World(tmp_path, server)
    yield world
    await world.close()


LONG = "Governor signs the water bill for northern Arizona farms"


class TestOneStory:
    async def test_the_same_address_in_two_feeds_is_shown_once_with_both_sources(
        self, world: World
    ) -> None:
        world.says(
            "knau", item("1", "Snow on the rim", "https://npr.example/2026/snow?utm_source=k")
        )
        world.says("kjzz", item("x", "Snow comes", "http://www.npr.example/2026/snow/#top"))
        (story,) = await world.refresh("knau", "kjzz")
        assert {story.feed_title, *story.other_feeds} == {"KNAU", "KJZZ"}

    @pytest.mark.parametrize(
        "title",
        [
            LONG,
            LONG.upper() + "!",
            "Governor signs water bill for the northern Arizona farms",
            "UPDATED: Governor signs the water bill for northern Arizona farms",
            "Governor signs a new water bill for northern Arizona farms",
        ],
    )
    async def test_a_title_that_is_nearly_the_same_on_the_same_day(
        self, world: World, title: str
    ) -> None:
        world.says("knau", item("1", LONG, "https://knau.example/water"))
        world.says("kjzz", item("x", title, "https://kjzz.example/8", hours_ago=20))
        assert len(await world.refresh("knau", "kjzz")) == 1

    @pytest.mark.parametrize(
        ("title", "hours_ago"),
        [
            (LONG, 24 * 5),
            ("Governor signs the school bill for southern Arizona towns", 1),
            ("Governor vetoes a tax, and farms in northern Arizona wait", 1),
            ("Governor signs the water treaty with Sonora after years of talks", 1),
        ],
    )
    async def test_what_is_another_story_stays_one(
        self, world: World, title: str, hours_ago: int
    ) -> None:
        world.says("knau", item("1", LONG, "https://knau.example/water"))
        world.says("kjzz", item("x", title, "https://kjzz.example/8", hours_ago=hours_ago))
        assert len(await world.refresh("knau", "kjzz")) == 2

    async def test_short_titles_are_many_stories_titles(self, world: World) -> None:
        world.says("knau", item("1", "Morning news brief", "https://knau.example/a"))
        world.says("kjzz", item("x", "Morning news brief", "https://kjzz.example/b"))
        assert len(await world.refresh("knau", "kjzz")) == 2

    async def test_a_feed_does_not_repeat_itself(self, world: World) -> None:
        world.says("knau", item("1", LONG, "https://knau.example/"), item("2", LONG, ""))
        assert len(await world.refresh("knau")) == 2

    async def test_an_address_that_every_entry_of_a_feed_has_says_nothing(
        self, world: World
    ) -> None:
        one = "https://pod.example/show"
        world.says("knau", item("1", "First part", one), item("2", "Second part", one))
        await world.refresh("knau")
        world.says("kjzz", item("x", "Third part", one))
        assert len(await world.refresh("knau", "kjzz")) == 3

    async def test_what_was_done_to_it_is_shared(self, world: World) -> None:
        world.says("knau", item("1", LONG, "https://knau.example/water"))
        world.says("kjzz", item("x", LONG, "https://kjzz.example/8"))
        (story,) = await world.refresh("knau", "kjzz")
        await world.stand.mark_read([story.id], True)
        await world.stand.star(story.id, True)
        for feed in ("knau", "kjzz"):
            (own,) = (await world.stand.story_list(world.section(feed))).headlines
            assert (own.read, own.starred) == (True, True)

    async def test_a_feed_that_is_not_listed_is_no_source(self, world: World) -> None:
        first = world.says("knau", item("1", LONG, "https://knau.example/water"))
        world.says("kjzz", item("x", LONG, "https://kjzz.example/8"))
        (story,) = await world.refresh("knau", "kjzz")
        assert len(story.other_feeds) == 1
        world.stand.listed_feeds = {first}
        (story,) = (await world.stand.story_list(world.section("knau"))).headlines
        assert story.other_feeds == ()
        assert (await world.stand.story(story.id)).headline.other_feeds == ()
        (found,) = await world.stand.search("station:knau", world.feeds_of)
        assert found.headline.other_feeds == ()

    async def test_one_that_comes_later_is_read_already(self, world: World) -> None:
        world.says("knau", item("1", LONG, "https://knau.example/water"))
        (story,) = await world.refresh("knau")
        await world.stand.mark_read([story.id], True)
        world.says("kjzz", item("x", LONG, "https://kjzz.example/8"))
        (late,) = await world.refresh("kjzz")
        assert late.read
        assert late.other_feeds == ("KNAU",)


class TestMarks:
    async def test_marked_together_and_taken_back(self, world: World) -> None:
        world.says("knau", *(item(str(n), f"Story {n}", hours_ago=n) for n in range(1, 6)))
        stories = await world.refresh("knau")
        await world.stand.mark_read([stories[1].id], True)
        assert await world.stand.mark_read([story.id for story in stories[:3]], True) == 2
        assert [story.read for story in world.told[-1].headlines] == [True] * 3 + [False] * 2
        assert await world.stand.undo() == 2
        assert [story.read for story in world.told[-1].headlines] == [False, True] + [False] * 3
        assert await world.stand.undo() == 0

    async def test_one_alone_is_taken_back_where_it_was_asked_for(self, world: World) -> None:
        world.says("knau", item("1", "One"), item("2", "Two"))
        one, two = await world.refresh("knau")
        await world.stand.mark_read([one.id], True, can_undo=True)
        await world.stand.mark_read([two.id], True)
        assert await world.stand.undo() == 1
        assert [story.read for story in world.told[-1].headlines] == [False, True]

    async def test_a_place_is_remembered_and_changes_nothing_else(self, world: World) -> None:
        world.says("knau", item("1", LONG))
        (story,) = await world.refresh("knau")
        await world.stand.star(story.id, True)
        await world.stand.keep_place(story.id, 0.4)
        kept = await world.stand.story(story.id)
        assert kept.place == pytest.approx(0.4)
        assert (kept.headline.starred, kept.headline.read) == (True, False)

    async def test_starred_is_a_section_of_its_own(self, world: World) -> None:
        world.says("knau", item("1", "One"), item("2", "Two"))
        stories = await world.refresh("knau")
        await world.stand.star(stories[1].id, True)
        story_list = await world.stand.story_list(Section(Starred(), "Starred"))
        assert [story.title for story in story_list.headlines] == ["Two"]

    async def test_older_ones_on_request(self, world: World) -> None:
        for n in range(4):
            # A feed may name so many at most.
            world.says("knau", *(item(f"{n}-{m}", f"Story {n}-{m}") for m in range(100)))
            await world.refresh("knau")
        section = world.section("knau")
        story_list = await world.stand.story_list(section)
        assert (len(story_list.headlines), story_list.has_older) == (300, True)
        await world.stand.show_older(section)
        assert (len(world.told[-1].headlines), world.told[-1].has_older) == (400, False)


class TestTidying:
    @pytest.fixture
    async def world(self, tmp_path: Path, server: Server) -> AsyncIterator[World]:
        world = World(tmp_path, server, keep_days=30)
        yield world
        await world.close()

    def old(self, count: int) -> list[str]:
        return [
            item(str(n), f"Story {n}", f"https://knau.example/{n}", hours_ago=24 * (50 + n))
            for n in range(count)
        ]

    async def test_old_ones_go_and_do_not_come_back_while_their_feed_names_them(
        self, world: World
    ) -> None:
        world.says("knau", *self.old(30))
        stories = await world.refresh("knau")
        await world.stand.mark_read([story.id for story in stories], True)
        await world.stand.tidy()
        kept = (await world.stand.story_list(world.section("knau"))).headlines
        # The newest few of each feed stay, so that it is not empty.
        assert [story.title for story in kept] == [f"Story {n}" for n in range(20)]
        world.says("knau", *self.old(30), item("new", "New"), title="Another name")
        assert len(await world.refresh("knau")) == 21
        # Also not when the feed changes what it says of them.
        world.says("knau", *(one.replace("Story", "History") for one in self.old(30)))
        titles = {story.title: story.read for story in await world.refresh("knau")}
        assert titles.pop("New") is False
        assert titles == {f"History {n}": True for n in range(20)}

    async def test_a_star_keeps_a_story_and_so_does_the_star_of_its_twin(
        self, world: World
    ) -> None:
        same = "https://npr.example/same"
        world.says("knau", *self.old(25), item("s", "Old twin", same, hours_ago=24 * 90))
        world.says("kjzz", item("t", "Old twin, too", same, hours_ago=24 * 90))
        stories = {story.title: story for story in await world.refresh("knau", "kjzz")}
        await world.stand.star(stories["Story 24"].id, True)
        twin = stories.get("Old twin") or stories["Old twin, too"]
        await world.stand.star(twin.id, True)
        await world.stand.tidy()
        kept = {
            story.title for story in (await world.stand.story_list(world.section("knau"))).headlines
        }
        assert {"Story 24", "Old twin"} < kept
        assert "Story 23" not in kept

    async def test_a_clock_that_ran_ahead_takes_nothing(self, world: World) -> None:
        fresh = [item(str(n), f"Story {n}", f"https://knau.example/{n}") for n in range(30)]
        world.says("knau", *fresh)
        await world.refresh("knau")
        world.now += timedelta(days=1100)
        for number in range(3):
            # What comes meanwhile proves nothing: it is first seen by the same clock.
            world.says("knau", *fresh, item(f"new {number}", "New"))
            await world.refresh("knau")
            await world.stand.tidy()
        stories = (await world.stand.story_list(world.section("knau"))).headlines
        assert len(stories) == 33
        # A day later it is no jump any more.
        world.now += timedelta(days=2)
        await world.stand.tidy()
        assert len((await world.stand.story_list(world.section("knau"))).headlines) == 20

    async def test_without_the_setting_nothing_goes(self, tmp_path: Path, server: Server) -> None:
        world = World(tmp_path / "other", server)
        world.says("knau", *self.old(30))
        await world.refresh("knau")
        await world.stand.tidy()
        assert len((await world.stand.story_list(world.section("knau"))).headlines) == 30
        await world.close()


class TestSearch:
    @pytest.fixture
    async def world(self, tmp_path: Path, server: Server) -> AsyncIterator[World]:
        world = World(tmp_path, server)
        world.says(
            "knau",
            item("1", "Condors return", words="Eleven <b>birds</b> over the Vermilion Cliffs"),
            item("2", "Café opens in Cameron", author="Melissa Sevigny", hours_ago=60),
            item("3", "Trail news", words="The condor's trail is shut", hours_ago=5),
            title="KNAU and Arizona News",
        )
        world.says("kjzz", item("4", "Heat in Phoenix", words="No birds", author="Al Macias"))
        await world.refresh("knau", "kjzz")
        yield world
        await world.close()

    @pytest.mark.parametrize(
        ("typed", "expected"),
        [
            ("birds ", {"Condors return", "Heat in Phoenix"}),
            ("vermil", {"Condors return"}),
            ("vermil ", set()),
            ("cafe ", {"Café opens in Cameron"}),
            ("CAFÉ ", {"Café opens in Cameron"}),
            ("sevigny", {"Café opens in Cameron"}),
            ('"trail is shut"', {"Trail news"}),
            ('"is trail shut"', set()),
            ("birds -phoenix ", {"Condors return"}),
            ("cameron OR heat ", {"Café opens in Cameron", "Heat in Phoenix"}),
            ("birds station:kjzz ", {"Heat in Phoenix"}),
            ("from:macias", {"Heat in Phoenix"}),
            ("birds from:arizona ", {"Condors return"}),
            ("since:2d ", {"Condors return", "Trail news", "Heat in Phoenix"}),
            ("since:2026-03-02T08:00+00:00 trail", set()),
            ("nothing-like-this ", set()),
            ("condor's ", {"Trail news"}),
            ("", {"Condors return", "Café opens in Cameron", "Trail news", "Heat in Phoenix"}),
            ('" ( * AND NEAR( ^ : ) ; --', set()),
        ],
    )
    async def test_what_is_found(self, world: World, typed: str, expected: set[str]) -> None:
        assert set(await world.titles(typed)) == expected

    async def test_a_title_counts_more_than_a_text(self, world: World) -> None:
        assert (await world.titles("condor"))[0] == "Condors return"

    async def test_states(self, world: World) -> None:
        (found,) = await world.stand.search("heat", world.feeds_of)
        await world.stand.mark_read([found.headline.id], True)
        await world.stand.star(found.headline.id, True)
        assert set(await world.titles("birds is:unread ")) == {"Condors return"}
        assert set(await world.titles("is:starred ")) == {"Heat in Phoenix"}

    async def test_the_snippet_shows_where(self, world: World) -> None:
        (found,) = await world.stand.search("vermilion ", world.feeds_of)
        words = [found.snippet[begin:end] for begin, end in found.matches]
        assert words == ["Vermilion"]
        assert found.snippet == "Eleven birds over the Vermilion Cliffs"

    @pytest.mark.parametrize(
        "typed", ["station:kfoo x", "is:odd", "since:whenever", "since:9999y", "since:0001-01-01"]
    )
    async def test_a_filter_that_means_nothing_is_a_problem(self, world: World, typed: str) -> None:
        with pytest.raises(Problem):
            await world.titles(typed)

    async def test_what_changed_is_found_by_its_new_words_only(self, world: World) -> None:
        world.says("kjzz", item("4", "Rain in Phoenix", words="Puddles"))
        await world.refresh("kjzz")
        assert await world.titles("heat ") == []
        assert await world.titles("puddles ") == ["Rain in Phoenix"]

    async def test_nothing_typed_makes_it_raise(self, world: World) -> None:
        letters = "ab\":-()*^ ORNEAR is:since\\'\x00{}+é"
        random_typist = random.Random(7)
        for _ in range(300):
            typed = "".join(random_typist.choices(letters, k=random_typist.randint(1, 20)))
            try:
                await world.titles(typed)
            except Problem:
                continue


class TestSchedule:
    async def test_a_feed_is_asked_as_often_as_it_publishes(self, world: World) -> None:
        world.says("daily", *(item(str(n), f"Day {n}", hours_ago=24 * n) for n in range(8)))
        world.says("busy", *(item(str(n), f"Minute {n}", hours_ago=n / 6) for n in range(20)))
        world.says("rare", *(item(str(n), f"Month {n}", hours_ago=800 * n) for n in range(5)))
        await world.refresh("daily", "busy", "rare")
        states = {state.title: state for state in await world.stand.feed_states()}
        hours = {name: state.interval / 3600 for name, state in states.items()}
        assert hours == {"DAILY": 6, "BUSY": 0.5, "RARE": 6}

    async def test_bytes_that_were_not_sent_are_counted(self, world: World) -> None:
        url = world.says("knau", item("1", "Snow"))
        body = world.bodies["/knau.rss"]

        def route(connection: Connection) -> None:
            if "if-none-match" in connection.headers:
                connection.answer(b"", status="304 Not Modified", ETag='"1"')
            else:
                connection.answer(body, "application/rss+xml", ETag='"1"')

        world.server.routes["/knau.rss"] = route
        for _ in range(3):
            await world.refresh("knau")
        (state,) = await world.stand.feed_states([url])
        assert state.saved == 2 * len(body)
        assert (state.stories, state.unread) == (1, 1)

    async def test_a_feed_that_fails_is_asked_less_and_less_but_never_not_at_all(
        self, world: World
    ) -> None:
        asked: list[str] = []

        def broken(connection: Connection) -> None:
            asked.append(connection.path)
            connection.answer(b"", status="500 No")

        world.server.routes["/knau.rss"] = broken
        section = world.section("knau")
        for _ in range(24 * 60):
            await world.stand.refresh(section)
            world.now += timedelta(minutes=30)
        # 1 h, 2 h, 4 h, … and then once a week, in a month.
        assert 8 <= len(asked) <= 14
        (state,) = await world.stand.feed_states()
        assert state.problem is not None
        assert state.next_at is not None
        assert state.next_at - world.now <= timedelta(days=7)

    async def test_a_refresh_can_be_stopped_and_what_came_is_kept(self, world: World) -> None:
        world.says("knau", item("1", "Snow"))
        world.server.routes["/kjzz.rss"] = Connection.hang
        section = world.section("knau", "kjzz")
        refreshing = asyncio.create_task(world.stand.refresh(section))
        while not any(story_list.feeds_done for story_list in world.told):
            await asyncio.sleep(0.01)
        assert (world.told[-1].feeds_due, world.told[-1].feeds_done) == (2, 1)
        await world.stand.stop_refreshing(section)
        with pytest.raises(asyncio.CancelledError):
            await refreshing
        assert [story.title for story in world.told[-1].headlines] == ["Snow"]
        assert not world.told[-1].refreshing

    async def test_no_host_is_asked_by_more_than_two_at_once(self, world: World) -> None:
        at_once = most = 0

        def slow(connection: Connection) -> None:
            nonlocal at_once, most
            at_once += 1
            most = max(most, at_once)
            go.wait(0.05)
            at_once -= 1
            connection.answer(b"<rss version='2.0'><channel/></rss>")

        go = threading.Event()
        names = [f"feed{n}" for n in range(8)]
        for name in names:
            world.server.routes[f"/{name}.rss"] = slow
        await world.refresh(*names)
        assert most == 2
