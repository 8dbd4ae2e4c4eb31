"""Attacks and bad luck that are files, with what is right to make of each.

Answers of servers are given by a real server on loopback, and asked for as the program does.
"""

from __future__ import annotations

import asyncio
import re
import tempfile
import tracemalloc
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from radiotui.articles.article import read_article
from radiotui.feeds.parsing.parse import parse_feed
from radiotui.net.client import MIB, Net
from radiotui.problems import Problem
from radiotui.radio.titles.icy import parse
from radiotui.store import Store
from radiotui.stories.model import Section, StationSection, StoryList
from radiotui.stories.service import StoryService
from radiotui.ui.widgets.reader.picture import draw
from radiotui.ui.widgets.reader.picture_protocols import Cell
from tests.loop_watch import watched
from tests.servers import Connection, Server, serving

_NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
_COMMENT = re.compile(rb"\s+\([^()]*\)\s*$")
_ADDRESS = re.compile(r"Location: (\S+)")
_MANY_TITLES = 20
_PORTAL = (
    b"<html><title>Guest network</title><body><main><h1>Guest network</h1>"
    + b"<p>Welcome to the hotel. Breakfast is served from seven to ten in the hall, and the pool "
    b"is open until nine. Ask at the desk for anything that you need.</p>" * 5
)


def entries(path: Path) -> int:
    """The number of entries that a feed has."""
    return len(parse_feed(path.read_bytes(), "https://page.example/feed").entries)


def has_text(path: Path) -> bool:
    """Whether a page is read."""
    url = "https://page.example/story"
    return read_article(path.read_bytes(), url, "text/html").words > 0


def holds_no_loop(path: Path) -> bool:
    """Whether a title that comes again and again leaves the loop free."""
    block = path.read_bytes()

    async def read_titles() -> None:
        parse(block, bytes.decode)
        with watched():
            await asyncio.sleep(0)
            for _ in range(_MANY_TITLES):
                parse(block, bytes.decode)
            await asyncio.sleep(0.05)

    try:
        asyncio.run(read_titles())
    except AssertionError:
        return False
    return True


def drawn(path: Path) -> str:
    """Title of the problem that a picture is."""
    try:
        draw(path, "blocks", 60, Cell(), (0, 0, 0))
    except Problem as problem:
        return problem.title
    return "drawn"


def packed(path: Path) -> tuple[str, bool]:
    """Kind of problem that a packed body is, and whether it took less than 300 MB."""
    head = path.with_suffix(".headers").read_bytes().split(b"\n\n")[0].replace(b"\r", b"")
    answer = head.strip().replace(b"\n", b"\r\n") + b"\r\n\r\n" + path.read_bytes()

    async def ask(server: Server) -> str:
        net = Net()
        try:
            await net.fetch(server.url("/page"))
        except Problem as problem:
            return problem.kind.name
        finally:
            await net.aclose()
        return "fetched"

    with serving(page=lambda c: c.send(answer)) as server:
        tracemalloc.start()
        try:
            kind = asyncio.run(ask(server))
            return kind, tracemalloc.get_traced_memory()[1] < 300 * MIB
        finally:
            tracemalloc.stop()


def headers(path: Path) -> list[tuple[str, str]]:
    """Each header of a file, and what comes of a feed that answers twice with it."""
    lines = (_COMMENT.sub(b"", line) for line in path.read_bytes().splitlines())
    return [(line.split(b":")[0].decode(), _of_header(line)) for line in lines if line]


def _of_header(line: bytes) -> str:
    status = b"302 Found" if line.startswith(b"Location") else b"200 OK"
    body = b"" if line.startswith(b"Location") else _feed("Water tower stays", "")
    length = str(len(body)).encode()
    head = b"HTTP/1.1 " + status + b"\r\nContent-Length: " + length + b"\r\n" + line
    with serving(feed=lambda c: c.send(head + b"\r\n\r\n" + body)) as server:

        async def ask(stories: StoryService) -> str:
            await _refreshed(stories, server)
            story_list = await _refreshed(stories, server)
            if story_list.problem is not None:
                return story_list.problem.title
            return ", ".join(headline.title for headline in story_list.headlines)

        return asyncio.run(_with_stories(ask))


def portal(path: Path) -> tuple[bool, str]:
    """Whether the page behind a redirect is taken for the story, and the text that is shown."""
    match = _ADDRESS.search(path.read_text())
    assert match is not None

    with serving(portal=lambda c: c.answer(_PORTAL, "text/html")) as server:
        # The address of the file is nobody's: another name of this computer stands for it.
        elsewhere = server.url("/portal").replace("127.0.0.1", "localhost")
        server.routes["/story"] = lambda c: _redirect(c, elsewhere)
        feed = _feed("Water tower stays", server.url("/story"))
        server.routes["/feed"] = lambda c: c.answer(feed, "application/rss+xml")

        async def ask(stories: StoryService) -> tuple[bool, str]:
            headline = (await _refreshed(stories, server)).headlines[0]
            story = await stories.whole_story(headline.id)
            return story.whole, story.article.title

        return asyncio.run(_with_stories(ask))


def _redirect(connection: Connection, url: str) -> None:
    head = f"HTTP/1.1 302 Found\r\nLocation: {url}\r\nContent-Length: 0\r\n\r\n"
    connection.send(head.encode())


def _feed(title: str, link: str) -> bytes:
    item = f"<guid>1</guid><title>{title}</title><link>{link}</link>"
    return (
        f"<rss version='2.0'><channel><title>T</title><item>{item}</item></channel></rss>".encode()
    )


async def _refreshed(stories: StoryService, server: Server) -> StoryList:
    section = Section(StationSection("kxyz"), "KXYZ", (server.url("/feed"),))
    return await stories.refresh(section, force=True)


async def _with_stories(ask: Callable[[StoryService], Coroutine[Any, Any, Any]]) -> Any:
    """The answer of a question to a store of its own."""
    with tempfile.TemporaryDirectory() as folder:
        net = Net()
        store = Store(Path(folder) / "radiotui.db", clock=lambda: _NOW)
        stories = StoryService(net, store, clock=lambda: _NOW, on_change=lambda _: None)
        try:
            return await ask(stories)
        finally:
            await stories.close()
            await store.close()
            await net.aclose()


HOSTILE: dict[str, tuple[Callable[[Path], object], object]] = {
    "bad-port.rss": (lambda path: entries(path) > 0, True),
    "cart-title.icy": (holds_no_loop, True),
    "gzip-twice-1GiB.body": (packed, ("TOO_BIG", True)),
    "headers-that-break.txt": (
        headers,
        [
            ("ETag", "Water tower stays"),
            ("Last-Modified", "Water tower stays"),
            ("Expires", "Water tower stays"),
            ("Location", "127.0.0.1/feed points to what is not a web address"),
            ("Location", "127.0.0.1/feed points to what is not a web address"),
        ],
    ),
    "keysuffix-40.html": (has_text, True),
    "portal-redirect.txt": (portal, (False, "Water tower stays")),
    "webp.webp": (drawn, "The picture is too big"),
    "xn-25.rss": (entries, 25),
}
