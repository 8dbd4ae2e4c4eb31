"""A station's stories over real HTTP: asked politely, kept, and never lost."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from radiotui.app.shapes import story_shape
from radiotui.net.client import Fetched, Net
from radiotui.problems import Problem
from radiotui.store import Store
from radiotui.stories.model import (
    AllStories,
    FeedSection,
    Folder,
    OwnFeeds,
    Section,
    SectionKey,
    Starred,
    StationSection,
    StoryList,
)
from radiotui.stories.service import StoryService
from tests.documents import written
from tests.servers import Connection, Server, serving

Item = tuple[str, str]


def rss(*items: Item, title: str = "Coconino News", date: str = "") -> bytes:
    """A feed of (guid, title) items."""
    dated = f"<pubDate>{date}</pubDate>" if date else ""
    entries = "".join(
        f"<item><guid isPermaLink='false'>{guid}</guid><title>{words}</title>{dated}"
        f"<link>https://knau.example/{guid}</link>"
        f"<description>{words}, in full.</description></item>"
        for guid, words in items
    )
    return f'<rss version="2.0"><channel><title>{title}</title>{entries}</channel></rss>'.encode()


class Feed:
    """A feed on a server; what it says may change between questions."""

    def __init__(self, body: bytes = b"", **headers: str) -> None:
        self.body = body
        self.headers = headers
        self.status = "200 OK"
        self.kind = "application/rss+xml"
        self.asked: list[dict[str, str]] = []

    def __call__(self, connection: Connection) -> None:
        self.asked.append(connection.headers)
        validators = {"if-none-match": "ETag", "if-modified-since": "Last_Modified"}
        same = any(
            name in connection.headers
            and connection.headers[name] == self.headers.get(header, "").lower()
            for name, header in validators.items()
        )
        if self.status == "200 OK" and same:
            connection.answer(b"", status="304 Not Modified", **self.headers)
        else:
            connection.answer(self.body, self.kind, self.status, **self.headers)


def moved(status: str, to: str) -> Callable[[Connection], None]:
    return lambda connection: connection.answer(b"", status=status, Location=to)


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def later(self, **by: float) -> None:
        self.now += timedelta(**by)


class Kiosk:
    """A newsstand with its store, network and a station; it can be closed and opened again."""

    def __init__(self, path: Path, server: Server, *feeds: str) -> None:
        self.path = path
        self.clock = Clock()
        self.told: list[StoryList] = []
        self.station = Section(
            key=StationSection("knau"),
            name="KNAU",
            feeds=tuple(server.url(f"/{name}") for name in feeds),
        )
        self.open()

    def open(self) -> None:
        self.net = Net()
        self.store = Store(self.path, clock=self.clock)
        self.stand = StoryService(
            self.net,
            self.store,
            clock=self.clock,
            on_change=self.told.append,
            jitter=lambda: 0.0,
        )

    async def close(self) -> None:
        await self.stand.close()
        await self.store.close()
        await self.net.aclose()

    async def reopen(self) -> None:
        await self.close()
        self.open()

    async def refresh(self, *, force: bool = False) -> StoryList:
        return await self.stand.refresh(self.station, force=force)

    async def titles(self) -> list[str]:
        return [
            headline.title for headline in (await self.stand.story_list(self.station)).headlines
        ]

    async def entries(self) -> int:
        return await self.store.ask(lambda c: c.execute("SELECT count(*) FROM entry").fetchone()[0])


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        yield server


@pytest.fixture
async def kiosk(tmp_path: Path, server: Server) -> AsyncIterator[Kiosk]:
    kiosk = Kiosk(tmp_path / "radiotui.db", server, "news")
    yield kiosk
    await kiosk.close()


class TestShelf:
    async def test_before_the_first_refresh_it_is_empty_and_says_so(self, kiosk: Kiosk) -> None:
        assert await kiosk.stand.story_list(kiosk.station) == StoryList(StationSection("knau"))

    async def test_a_station_without_feeds(self, kiosk: Kiosk) -> None:
        kiosk.station = replace(kiosk.station, feeds=())
        assert await kiosk.refresh() == StoryList(StationSection("knau"), has_feeds=False)

    async def test_stories_arrive_and_a_snapshot_says_that_they_are_on_their_way(
        self, kiosk: Kiosk, server: Server
    ) -> None:
        server.routes["/news"] = Feed(rss(("1", "Snow on the rim"), ("2", "Trail reopens")))
        story_list = await kiosk.refresh()
        assert [s.refreshing for s in kiosk.told] == [True, False]
        assert kiosk.told[-1] == story_list
        assert [h.title for h in story_list.headlines] == ["Snow on the rim", "Trail reopens"]
        assert story_list.refreshed_at == kiosk.clock.now
        assert story_list.problem is None
        (first, _) = story_list.headlines
        assert (first.feed, first.feed_title) == (server.url("/news"), "Coconino News")
        assert (first.link, first.read, first.starred) == ("https://knau.example/1", False, False)

    async def test_what_is_kept_is_there_at_once_without_a_network(
        self, kiosk: Kiosk, server: Server
    ) -> None:
        server.routes["/news"] = Feed(rss(("1", "Snow on the rim")))
        refreshed = (await kiosk.refresh()).refreshed_at
        await kiosk.reopen()
        server.close()
        story_list = await kiosk.stand.story_list(kiosk.station)
        assert [h.title for h in story_list.headlines] == ["Snow on the rim"]
        kiosk.clock.later(days=2)
        offline = await kiosk.refresh()
        assert offline.headlines == story_list.headlines
        assert offline.refreshed_at == refreshed
        assert offline.problem is not None
        assert "nobody answers" in offline.problem.title

    async def test_newest_first_and_the_future_does_not_float(
        self, kiosk: Kiosk, server: Server
    ) -> None:
        server.routes["/news"] = feed = Feed()
        dates = {"old": "28 Feb 2026", "future": "1 Jan 2099", "today": "2 Mar 2026"}
        for guid, date in dates.items():
            feed.body = rss((guid, guid), date=f"{date} 09:00:00 GMT")
            await kiosk.refresh(force=True)
            kiosk.clock.later(minutes=1)
        feed.body = rss(("late", "late"), ("none", "none"))
        await kiosk.refresh(force=True)
        assert await kiosk.titles() == ["late", "none", "future", "today", "old"]
        story_list = await kiosk.stand.story_list(kiosk.station)
        assert all(
            h.published is None or h.published <= kiosk.clock.now for h in story_list.headlines
        )

    async def test_at_most_three_hundred(self, kiosk: Kiosk, server: Server) -> None:
        server.routes["/news"] = Feed(rss(*((str(n), f"Story {n}") for n in range(400))))
        story_list = await kiosk.refresh()
        assert [h.title for h in story_list.headlines] == [f"Story {n}" for n in range(300)]
        assert await kiosk.entries() == 400

    async def test_a_store_that_does_not_open_is_said_on_the_story_list(
        self, tmp_path: Path, server: Server
    ) -> None:
        (tmp_path / "store").mkdir()
        kiosk = Kiosk(tmp_path / "store", server, "news")
        for story_list in (await kiosk.stand.story_list(kiosk.station), await kiosk.refresh()):
            assert story_list.headlines == ()
            assert not story_list.refreshing
            assert story_list.problem is not None
            assert "cannot be opened" in story_list.problem.title
        await kiosk.close()


class TestPolitely:
    async def test_not_again_before_its_time(self, kiosk: Kiosk, server: Server) -> None:
        server.routes["/news"] = feed = Feed(rss(("1", "Snow")))
        await kiosk.refresh()
        kiosk.clock.later(minutes=29)
        story_list = await kiosk.refresh()
        assert len(feed.asked) == 1
        assert story_list == kiosk.told[-1]
        await kiosk.refresh(force=True)
        assert len(feed.asked) == 2
        kiosk.clock.later(minutes=30)
        await kiosk.refresh()
        assert len(feed.asked) == 3

    @pytest.mark.parametrize(
        ("name", "value", "header"),
        [
            ("ETag", '"abc"', "if-none-match"),
            ("Last_Modified", "Mon, 02 Mar 2026 10:00:00 GMT", "if-modified-since"),
        ],
    )
    async def test_unchanged_by_the_servers_word(
        self, kiosk: Kiosk, server: Server, name: str, value: str, header: str
    ) -> None:
        server.routes["/news"] = feed = Feed(rss(("1", "Snow")), **{name: value})
        await kiosk.refresh()
        await kiosk.reopen()
        kiosk.clock.later(hours=1)
        # Would be taken for news, were it read.
        feed.body = rss(("2", "Rain"))
        story_list = await kiosk.refresh()
        assert feed.asked[1][header] == value.lower()
        assert story_list.refreshed_at == kiosk.clock.now
        assert [h.title for h in story_list.headlines] == ["Snow"]

    async def test_an_unchanged_body_is_not_read_again(self, kiosk: Kiosk, server: Server) -> None:
        server.routes["/news"] = feed = Feed(rss(("1", "Snow")))
        await kiosk.refresh()
        await kiosk.store.ask(lambda c: c.execute("DELETE FROM entry").close())
        story_list = await kiosk.refresh(force=True)
        assert story_list.headlines == ()
        assert story_list.problem is None
        feed.body += b"<!-- one more byte -->"
        assert len((await kiosk.refresh(force=True)).headlines) == 1

    async def test_only_what_changed_is_written(self, kiosk: Kiosk, server: Server) -> None:
        server.routes["/news"] = feed = Feed(rss(("1", "Snow"), ("2", "Rain")))
        await kiosk.refresh()
        feed.body = rss(("1", "Snow"), ("2", "Rain, after all"))

        def watched(connection: sqlite3.Connection) -> None:
            connection.execute(
                "CREATE TEMP TRIGGER touched AFTER UPDATE ON entry BEGIN"
                " INSERT INTO memory VALUES ('touched ' || new.guid, ''); END"
            )

        await kiosk.store.ask(watched)
        await kiosk.refresh(force=True)
        assert await kiosk.titles() == ["Snow", "Rain, after all"]
        assert await kiosk.store.recall("touched 1") is None
        assert await kiosk.store.recall("touched 2") == ""

    @pytest.mark.parametrize(
        ("headers", "minutes"),
        [
            ({"Cache_Control": "public, max-age=7200"}, 120),
            (
                {
                    "Date": "Mon, 02 Mar 2020 10:00:00 GMT",
                    "Expires": "Mon, 02 Mar 2020 11:00:00 GMT",
                },
                60,
            ),
            ({"Cache_Control": "max-age=99999999999"}, 31 * 24 * 60),
            ({"Cache_Control": "max-age=60"}, 30),
            ({"Cache_Control": "no-cache, max-age=7200"}, 30),
            ({"Expires": "-1"}, 30),
        ],
    )
    async def test_not_before_the_server_wants_it(
        self, kiosk: Kiosk, server: Server, headers: dict[str, str], minutes: int
    ) -> None:
        server.routes["/news"] = feed = Feed(rss(("1", "Snow")), **headers)
        await kiosk.refresh()
        kiosk.clock.later(minutes=minutes - 1)
        await kiosk.refresh()
        assert len(feed.asked) == 1
        kiosk.clock.later(minutes=1)
        await kiosk.refresh()
        assert len(feed.asked) == 2

    @pytest.mark.parametrize("wait", ["7200", "Mon, 02 Mar 2026 14:00:00 GMT"])
    async def test_a_fault_with_a_time_to_wait(
        self, kiosk: Kiosk, server: Server, wait: str
    ) -> None:
        server.routes["/news"] = feed = Feed(Retry_After=wait)
        feed.status = "503 Service Unavailable"
        story_list = await kiosk.refresh()
        assert story_list.problem is not None
        assert "a fault of its own (503)" in story_list.problem.title
        kiosk.clock.later(minutes=119)
        assert (await kiosk.refresh()).problem == story_list.problem
        assert len(feed.asked) == 1
        kiosk.clock.later(minutes=1)
        feed.status, feed.body = "200 OK", rss(("1", "Snow"))
        assert (await kiosk.refresh()).problem is None

    async def test_who_was_not_reached_is_asked_again_soon(
        self, kiosk: Kiosk, server: Server
    ) -> None:
        server.routes["/news"] = Connection.reset
        assert (await kiosk.refresh()).problem is not None
        server.routes["/news"] = Feed(rss(("1", "Snow")))
        assert (await kiosk.refresh()).headlines == ()
        kiosk.clock.later(minutes=2)
        story_list = await kiosk.refresh()
        assert story_list.problem is None
        assert len(story_list.headlines) == 1

    async def test_a_clock_that_was_wrong_stops_nothing(self, kiosk: Kiosk, server: Server) -> None:
        server.routes["/news"] = feed = Feed(rss(("1", "Snow")), Cache_Control="max-age=9000")
        kiosk.clock.later(days=4000)
        await kiosk.refresh()
        kiosk.clock.later(days=-4000)
        await kiosk.refresh()
        assert len(feed.asked) == 2

    async def test_two_at_a_time_of_one_host(self, tmp_path: Path, server: Server) -> None:
        names = [f"feed{n}" for n in range(6)]
        kiosk = Kiosk(tmp_path / "radiotui.db", server, *names)
        lock, here, most = threading.Lock(), 0, 0
        two = threading.Barrier(2)

        def slow(connection: Connection) -> None:
            nonlocal here, most
            with lock:
                here += 1
                most = max(most, here)
            two.wait(10)
            with lock:
                here -= 1
            connection.answer(rss((connection.path, "Snow")), "application/rss+xml")

        server.routes = {f"/{name}": slow for name in names}
        assert len((await kiosk.refresh()).headlines) == 6
        assert most == 2
        await kiosk.close()

    async def test_a_refresh_under_way_is_joined(self, kiosk: Kiosk, server: Server) -> None:
        server.routes["/news"] = feed = Feed(rss(("1", "Snow")))
        one, two = await asyncio.gather(kiosk.refresh(), kiosk.refresh(force=True))
        assert one == two
        assert len(feed.asked) == 1
        assert [s.refreshing for s in kiosk.told] == [True, False]

    async def test_a_caller_that_goes_away_stops_nothing(
        self, kiosk: Kiosk, server: Server
    ) -> None:
        go = threading.Event()

        def waiting(connection: Connection) -> None:
            go.wait(10)
            connection.answer(rss(("1", "Snow")), "application/rss+xml")

        server.routes["/news"] = waiting
        caller = asyncio.create_task(kiosk.refresh())
        while not server.asked:
            await asyncio.sleep(0.01)
        caller.cancel()
        with pytest.raises(asyncio.CancelledError):
            await caller
        joined = asyncio.create_task(kiosk.refresh())
        go.set()
        assert len((await joined).headlines) == 1
        assert len(server.asked) == 1

    async def test_closing_does_not_wait_for_a_server_that_hangs(
        self, kiosk: Kiosk, server: Server
    ) -> None:
        server.routes["/news"] = Connection.hang
        refreshing = asyncio.create_task(kiosk.refresh())
        while not server.asked:
            await asyncio.sleep(0.01)
        await kiosk.stand.close()
        with pytest.raises(asyncio.CancelledError):
            await refreshing
        assert [s.refreshing for s in kiosk.told] == [True]


class TestMoving:
    @pytest.mark.parametrize("status", ["301 Moved Permanently", "308 Permanent Redirect"])
    async def test_a_feed_that_moved_for_good_is_asked_there_and_keeps_its_stories(
        self, kiosk: Kiosk, server: Server, status: str
    ) -> None:
        server.routes["/news"] = Feed(rss(("1", "Snow")))
        (story,) = (await kiosk.refresh()).headlines
        await kiosk.stand.mark_read([story.id], True)
        server.routes["/new"] = Feed(rss(("1", "Snow"), ("2", "Rain")))
        server.routes["/newer"] = moved(status, "/new")
        server.routes["/news"] = moved(status, server.url("/newer"))
        story_list = await kiosk.refresh(force=True)
        assert [(h.title, h.read) for h in story_list.headlines] == [
            ("Rain", False),
            ("Snow", True),
        ]
        assert {h.feed for h in story_list.headlines} == {server.url("/news")}
        server.asked.clear()
        await kiosk.refresh(force=True)
        assert server.paths() == ["/new"]

    async def test_a_feed_that_is_elsewhere_for_now_is_not_moved(
        self, kiosk: Kiosk, server: Server
    ) -> None:
        server.routes["/new"] = Feed(rss(("1", "Snow")))
        server.routes["/news"] = moved("302 Found", "/new")
        await kiosk.refresh()
        server.asked.clear()
        await kiosk.refresh(force=True)
        assert server.paths() == ["/news", "/new"]

    async def test_a_login_page_is_not_moved_to(self, kiosk: Kiosk, server: Server) -> None:
        server.routes["/news"] = moved("301 Moved Permanently", "/login")
        server.routes["/login"] = lambda c: c.answer(b"<html>Room number?</html>", "text/html")
        problem = (await kiosk.refresh()).problem
        assert problem is not None
        assert "is a web page, not a feed" in problem.title
        server.routes["/news"] = Feed(rss(("1", "Snow")))
        story_list = await kiosk.refresh(force=True)
        assert (len(story_list.headlines), story_list.problem) == (1, None)

    async def test_a_move_that_was_a_mistake_is_forgotten(
        self, kiosk: Kiosk, server: Server
    ) -> None:
        server.routes["/new"] = Feed(rss(("1", "Snow")))
        server.routes["/news"] = moved("301 Moved Permanently", "/new")
        await kiosk.refresh()
        del server.routes["/new"]
        server.routes["/news"] = Feed(rss(("1", "Snow"), ("2", "Rain")))
        assert (await kiosk.refresh(force=True)).problem is not None
        assert len((await kiosk.refresh(force=True)).headlines) == 2

    async def test_a_feed_that_is_gone_is_not_asked_again_by_itself(
        self, kiosk: Kiosk, server: Server
    ) -> None:
        server.routes["/news"] = feed = Feed(rss(("1", "Snow")))
        await kiosk.refresh()
        feed.status = "410 Gone"
        kiosk.clock.later(days=1)
        story_list = await kiosk.refresh()
        assert len(story_list.headlines) == 1
        assert story_list.problem is not None
        assert "Coconino News is gone for good (410)" in story_list.problem.title
        kiosk.clock.later(days=100)
        await kiosk.reopen()
        assert (await kiosk.refresh()).problem == story_list.problem
        assert len(feed.asked) == 2
        feed.status, feed.body = "200 OK", rss(("2", "Rain"))
        assert (await kiosk.refresh(force=True)).problem is None


def zeros(connection: Connection) -> None:
    connection.send(b"HTTP/1.0 200 OK\r\nContent-Type: application/rss+xml\r\n\r\n")
    for _ in range(50):
        connection.send(bytes(1024 * 1024))


BOMB = (
    '<!DOCTYPE x [<!ENTITY a0 "boom">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    + "]>"
).encode()


class TestBadAnswers:
    @pytest.mark.parametrize(
        ("status", "body", "kind", "words"),
        [
            ("404 Not Found", b"", "text/html", "is not there any more (404)"),
            ("403 Forbidden", b"", "text/html", "refused the connection (403)"),
            ("500 Internal Server Error", b"", "text/html", "a fault of its own (500)"),
            ("200 OK", b"", "application/rss+xml", "sent nothing"),
            ("200 OK", b"<html><h1>Hi</h1></html>", "text/html", "is a web page, not a feed"),
            ("200 OK", b"ID3\x04 not a feed", "audio/mpeg", "is not a feed"),
        ],
    )
    async def test_it_is_said_and_what_was_there_stays(
        self, kiosk: Kiosk, server: Server, status: str, body: bytes, kind: str, words: str
    ) -> None:
        server.routes["/news"] = feed = Feed(rss(("1", "Snow")))
        before = await kiosk.refresh()
        feed.status, feed.body, feed.kind = status, body, kind
        kiosk.clock.later(hours=1)
        story_list = await kiosk.refresh()
        assert story_list.headlines == before.headlines
        assert story_list.refreshed_at == before.refreshed_at
        assert story_list.problem is not None
        assert words in story_list.problem.title
        # Said after a restart, too, until the feed is well again.
        await kiosk.reopen()
        again = (await kiosk.stand.story_list(kiosk.station)).problem
        assert again is not None
        assert (again.title, again.hint) == (story_list.problem.title, story_list.problem.hint)
        feed.status, feed.body = "200 OK", rss(("2", "Rain"))
        assert (await kiosk.refresh(force=True)).problem is None
        assert sorted(await kiosk.titles()) == ["Rain", "Snow"]

    async def test_far_too_much(self, kiosk: Kiosk, server: Server) -> None:
        server.routes["/news"] = zeros
        problem = (await kiosk.refresh()).problem
        assert problem is not None
        assert "sent more than 20 MB" in problem.title

    async def test_a_feed_that_ends_in_the_middle_gives_what_is_whole(
        self, kiosk: Kiosk, server: Server
    ) -> None:
        body = rss(("1", "Snow"), ("2", "Rain"), ("3", "Hail"))
        server.routes["/news"] = Feed(body[: body.index(b"Hail")])
        story_list = await kiosk.refresh()
        assert [h.title for h in story_list.headlines] == ["Snow", "Rain"]
        assert story_list.problem is None

    async def test_an_entity_bomb_does_nothing(self, kiosk: Kiosk, server: Server) -> None:
        server.routes["/news"] = Feed(BOMB + rss(("1", "Snow &a9;")))
        story_list = await kiosk.refresh()
        assert all(len(h.title) < 100 for h in story_list.headlines)

    async def test_a_wrong_charset_still_reads(self, kiosk: Kiosk, server: Server) -> None:
        server.routes["/news"] = feed = Feed(rss(("1", "Café Peña")))
        feed.kind = "text/xml; charset=us-ascii"
        assert (await kiosk.refresh()).headlines[0].title == "Café Peña"

    async def test_hostile_titles_are_text(self, kiosk: Kiosk, server: Server) -> None:
        server.routes["/news"] = Feed(
            rss(
                ("1", "a\x1b]0;owned\x07\x1b[31m red"),
                ("2", "[/] [@click=app.quit]x[/]"),
                ("3", "left \u202eright"),
                title="News\x1b[2J",
            )
        )
        story_list = await kiosk.refresh()
        assert [h.title for h in story_list.headlines] == [
            "a red",
            "[/] [@click=app.quit]x[/]",
            "left right",
        ]
        assert {h.feed_title for h in story_list.headlines} == {"News"}
        story = await kiosk.stand.story(story_list.headlines[0].id)
        assert written(story.article.parts) == ("a red, in full.",)

    async def test_one_broken_feed_costs_that_feed_only(
        self, tmp_path: Path, server: Server
    ) -> None:
        kiosk = Kiosk(tmp_path / "radiotui.db", server, "missing", "news", "broken")
        server.routes["/news"] = Feed(rss(("1", "Snow")))
        server.routes["/broken"] = Feed(b"nonsense")
        story_list = await kiosk.refresh()
        assert [h.title for h in story_list.headlines] == ["Snow"]
        assert story_list.problem is not None
        assert (
            story_list.problem.title == "127.0.0.1/missing is not there any more (404), and 1 more"
        )
        await kiosk.close()

    async def test_a_mistake_of_our_own_costs_that_feed_only(
        self, tmp_path: Path, server: Server
    ) -> None:
        class Mistaken(Net):
            async def fetch(self, url: str, **more: object) -> Fetched:
                if url.endswith("/odd"):
                    raise LookupError(url)
                return await super().fetch(url, **more)  # type: ignore[arg-type]

        kiosk = Kiosk(tmp_path / "radiotui.db", server, "odd", "news")
        server.routes["/news"] = Feed(rss(("1", "Snow")))
        kiosk.net = Mistaken()
        kiosk.stand = StoryService(
            kiosk.net, kiosk.store, clock=kiosk.clock, on_change=kiosk.told.append
        )
        problem = (await kiosk.refresh()).problem
        assert problem is not None
        assert "radiotui cannot take in" in problem.title
        assert not kiosk.told[-1].refreshing
        assert [h.title for h in kiosk.told[-1].headlines] == ["Snow"]
        await kiosk.close()

    async def test_a_full_disk_is_said_and_the_next_refresh_works(
        self, kiosk: Kiosk, server: Server
    ) -> None:
        server.routes["/news"] = feed = Feed(rss(("1", "Snow")))
        await kiosk.refresh()

        def pages(number: int) -> Callable[[sqlite3.Connection], None]:
            return lambda c: c.execute(f"PRAGMA max_page_count = {number}").close()

        await kiosk.store.ask(pages(1))
        feed.body = rss(*((str(n), f"Story {n} " + "x" * 400) for n in range(200)))
        story_list = await kiosk.refresh(force=True)
        assert [h.title for h in story_list.headlines] == ["Snow"]
        assert story_list.problem is not None
        assert story_list.problem.title == "The disk is full"
        await kiosk.store.ask(pages(1_000_000))
        story_list = await kiosk.refresh(force=True)
        assert (len(story_list.headlines), story_list.problem) == (200, None)


class TestMarks:
    async def test_reading_and_starring_are_told_and_kept(
        self, kiosk: Kiosk, server: Server
    ) -> None:
        server.routes["/news"] = Feed(rss(("1", "Snow"), ("2", "Rain")))
        snow, rain = (await kiosk.refresh()).headlines
        await kiosk.stand.mark_read([snow.id], True)
        assert kiosk.told[-1].headlines == (replace(snow, read=True), rain)
        await kiosk.stand.star(snow.id, True)
        await kiosk.stand.star(rain.id, True)
        await kiosk.stand.star(rain.id, False)
        await kiosk.reopen()
        story_list = await kiosk.stand.story_list(kiosk.station)
        assert story_list.headlines == (replace(snow, read=True, starred=True), rain)
        await kiosk.stand.mark_read([snow.id], False)
        assert kiosk.told[-1].headlines == (replace(snow, starred=True), rain)

    async def test_what_was_read_stays_read_through_a_change(
        self, kiosk: Kiosk, server: Server
    ) -> None:
        server.routes["/news"] = feed = Feed(rss(("1", "Snow")))
        (snow,) = (await kiosk.refresh()).headlines
        await kiosk.stand.mark_read([snow.id], True)
        feed.body = rss(("1", "Snow, and more")).replace(b"knau.example/1", b"knau.example/moved")
        (changed,) = (await kiosk.refresh(force=True)).headlines
        assert changed == replace(
            snow, title="Snow, and more", link="https://knau.example/moved", read=True
        )

    async def test_what_comes_back_is_not_new(self, kiosk: Kiosk, server: Server) -> None:
        server.routes["/news"] = feed = Feed(rss(("1", "Snow")))
        (snow,) = (await kiosk.refresh()).headlines
        await kiosk.stand.mark_read([snow.id], True)
        await kiosk.store.ask(lambda c: c.execute("DELETE FROM entry").close())
        feed.body += b" "
        (again,) = (await kiosk.refresh(force=True)).headlines
        assert again.read

    async def test_one_guid_in_two_feeds_is_two_stories(
        self, tmp_path: Path, server: Server
    ) -> None:
        kiosk = Kiosk(tmp_path / "radiotui.db", server, "a", "b")
        server.routes["/a"] = Feed(rss(("1", "Snow")))
        server.routes["/b"] = Feed(rss(("1", "Rain")).replace(b"knau.example", b"kjzz.example"))
        one, _ = (await kiosk.refresh()).headlines
        await kiosk.stand.mark_read([one.id], True)
        story_list = await kiosk.stand.story_list(kiosk.station)
        assert [h.read for h in story_list.headlines] == [True, False]
        await kiosk.close()

    async def test_the_section_that_was_looked_at_last_is_told(
        self, kiosk: Kiosk, server: Server
    ) -> None:
        server.routes["/news"] = Feed(rss(("1", "Snow")))
        (snow,) = (await kiosk.refresh()).headlines
        await kiosk.stand.story_list(replace(kiosk.station, key=StationSection("kjzz")))
        await kiosk.stand.mark_read([snow.id], True)
        assert kiosk.told[-1].section == StationSection("kjzz")
        await kiosk.stand.story_list(kiosk.station)
        await kiosk.stand.mark_read([snow.id], False)
        assert kiosk.told[-1].section == StationSection("knau")

    @pytest.mark.parametrize(
        ("name", "other"),
        [
            ("own", OwnFeeds()),
            ("all", AllStories()),
            ("starred", Starred()),
            ("folder:x", Folder("x")),
            ("feed:y", FeedSection("y")),
        ],
    )
    async def test_a_station_called_as_a_list_shows_its_own_stories(
        self, kiosk: Kiosk, server: Server, name: str, other: SectionKey
    ) -> None:
        server.routes["/news"] = Feed(rss(("1", "Snow")))
        server.routes["/more"] = Feed(rss(("2", "Ice")))
        station = replace(kiosk.station, key=StationSection(name))
        section = Section(other, "Other", (server.url("/more"),))
        story_lists = await asyncio.gather(
            kiosk.stand.refresh(station), kiosk.stand.refresh(section)
        )
        shown = [tuple(line.title for line in story_list.headlines) for story_list in story_lists]
        assert shown == [("Snow",), () if section.starred else ("Ice",)]
        for story_list in kiosk.told:
            titles = {line.title for line in story_list.headlines}
            assert titles <= ({"Snow"} if story_list.section == station.key else {"Ice"})

    async def test_a_story_that_is_not_kept(self, kiosk: Kiosk) -> None:
        for work in (
            kiosk.stand.story(7),
            kiosk.stand.mark_read([7], True),
            kiosk.stand.star(7, True),
        ):
            with pytest.raises(Problem, match="not kept any more"):
                await work

    async def test_the_story_itself(self, kiosk: Kiosk, server: Server) -> None:
        server.routes["/news"] = Feed(rss(("1", "Snow on <![CDATA[<b>the</b>]]> rim")))
        (snow,) = (await kiosk.refresh()).headlines
        story = await kiosk.stand.story(snow.id)
        assert story.headline == snow
        assert written(story.article.parts) == ("Snow on **the** rim, in full.",)

    async def test_an_enclosure_is_kept(self, kiosk: Kiosk, server: Server) -> None:
        from radiotui.store import stories

        body = rss(("1", "Snow")).replace(
            b"</item>", b"<enclosure url='https://knau.example/s.mp3' type='audio/mpeg'/></item>"
        )
        server.routes["/news"] = Feed(body)
        (snow,) = (await kiosk.refresh()).headlines
        (enclosure,) = await kiosk.store.ask(lambda c: stories.enclosures(c, snow.id))
        assert (enclosure.url, enclosure.type) == ("https://knau.example/s.mp3", "audio/mpeg")


class TestForScripts:
    async def test_plain_values(self, kiosk: Kiosk, server: Server) -> None:
        server.routes["/news"] = Feed(rss(("1", "Snow"), date="2 Mar 2026 09:00:00 GMT"))
        (snow,) = (await kiosk.refresh()).headlines
        (story,) = await kiosk.stand.newest(kiosk.station, 10)
        assert story_shape(story, "knau") == {
            "id": snow.id,
            "title": "Snow",
            "link": "https://knau.example/1",
            "published": "2026-03-02T09:00:00+00:00",
            "station": "knau",
            "feed": server.url("/news"),
            "read": False,
            "starred": False,
            "others": [],
            "audio": None,
        }
        assert await kiosk.stand.newest(None, 10) == [story]
        assert await kiosk.stand.newest(replace(kiosk.station, feeds=()), 10) == []

    async def test_no_more_than_asked_for(self, kiosk: Kiosk, server: Server) -> None:
        server.routes["/news"] = Feed(rss(("1", "Snow"), ("2", "Rain")))
        await kiosk.refresh()
        assert [story.title for story in await kiosk.stand.newest(kiosk.station, 1)] == ["Snow"]


async def test_two_programs_on_one_store(tmp_path: Path, server: Server) -> None:
    server.routes["/news"] = Feed(rss(*((str(n), f"Story {n}") for n in range(50))))
    kiosks = [Kiosk(tmp_path / "radiotui.db", server, "news") for _ in range(2)]
    story_lists = await asyncio.gather(*(kiosk.refresh() for kiosk in kiosks))
    for story_list in story_lists:
        assert (len(story_list.headlines), story_list.problem) == (50, None)
    assert await kiosks[0].entries() == 50
    await kiosks[0].stand.mark_read([story_lists[0].headlines[0].id], True)
    assert (await kiosks[1].stand.story_list(kiosks[1].station)).headlines[0].read
    for kiosk in kiosks:
        await kiosk.close()
