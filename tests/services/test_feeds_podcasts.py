"""Podcasts in the store: what their feeds say of them and of each episode, kept and renewed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from radiotui.feeds.parsing.model import Channel, Transcript, read_channel, read_episode
from radiotui.store import feeds
from tests.feeds import rss
from tests.servers import Server
from tests.services.test_feeds_newsstand import Feed, Kiosk, kiosk, moved, server

__all__ = ["kiosk", "server"]

TRANSCRIPT = "<podcast:transcript url='https://knau.example/1.vtt' type='text/vtt'/>"


def podcast(*inside: str, head: str = "") -> bytes:
    """A feed with an episode of each of these."""
    items = (
        f"<item><title>Part {number}</title><guid>{number}</guid>{words}</item>"
        for number, words in enumerate(inside, 1)
    )
    return rss("".join(items), head).encode()


async def channel(kiosk: Kiosk) -> Channel:
    (feed,) = await kiosk.store.look(lambda c: feeds.feeds(c, None))
    return read_channel(feed.channel)


async def episodes(kiosk: Kiosk) -> dict[str, tuple[Transcript, ...]]:
    rows = await kiosk.store.look(
        lambda c: c.execute("SELECT title, episode FROM entry").fetchall()
    )
    return {title: read_episode(stored).transcripts for title, stored in rows}


async def test_a_podcast_is_kept_whole(kiosk: Kiosk, server: Server) -> None:
    head = "<itunes:author>Ann</itunes:author><itunes:type>serial</itunes:type>"
    server.routes["/news"] = Feed(podcast(TRANSCRIPT, "", head=head))
    await kiosk.refresh()
    await kiosk.reopen()
    assert await channel(kiosk) == Channel(author="Ann", kind="serial")
    assert await episodes(kiosk) == {
        "Part 1": (Transcript("https://knau.example/1.vtt", "text/vtt"),),
        "Part 2": (),
    }


async def test_a_transcript_that_comes_later_is_added_and_the_story_is_no_other(
    kiosk: Kiosk, server: Server
) -> None:
    server.routes["/news"] = feed = Feed(podcast("", ""))
    (_, before) = (await kiosk.refresh()).headlines
    changed_before = await kiosk.store.look(
        lambda c: c.execute("SELECT title, changed_at FROM entry ORDER BY title").fetchall()
    )
    kiosk.clock.later(hours=2)
    feed.body = podcast(TRANSCRIPT, "")
    await kiosk.refresh(force=True)
    assert (await episodes(kiosk))["Part 1"] != ()
    assert before.title in await kiosk.titles()
    assert changed_before == await kiosk.store.look(
        lambda c: c.execute("SELECT title, changed_at FROM entry ORDER BY title").fetchall()
    )


async def test_a_podcast_that_names_its_new_address_is_asked_there(
    kiosk: Kiosk, server: Server
) -> None:
    address = f"<itunes:new-feed-url>{server.url('/new')}</itunes:new-feed-url>"
    server.routes["/news"] = Feed(podcast("", head=address))
    server.routes["/new"] = Feed(podcast("", "", head=address))
    first = await kiosk.refresh()
    assert [headline.title for headline in first.headlines] == ["Part 1", "Part 2"]
    assert {headline.feed for headline in first.headlines} == {server.url("/news")}
    server.asked.clear()
    await kiosk.refresh(force=True)
    assert server.paths() == ["/new"]


async def test_a_new_address_that_leads_on_is_asked_once(kiosk: Kiosk, server: Server) -> None:
    address = f"<itunes:new-feed-url>{server.url('/new')}</itunes:new-feed-url>"
    feed = Feed(podcast("", head=address))
    server.routes["/news"] = server.routes["/there"] = feed
    server.routes["/new"] = moved("302 Found", "/there")
    await kiosk.refresh()
    feed.body = podcast("", "", head=address)
    server.asked.clear()
    assert len((await kiosk.refresh(force=True)).headlines) == 2
    assert server.paths() == ["/new", "/there"]


@pytest.mark.parametrize("there", ["nothing", "a page"])
async def test_a_new_address_that_gives_no_feed_is_not_moved_to(
    kiosk: Kiosk, server: Server, there: str
) -> None:
    address = f"<itunes:new-feed-url>{server.url('/new')}</itunes:new-feed-url>"
    server.routes["/news"] = Feed(podcast("", head=address))
    if there == "a page":
        server.routes["/new"] = lambda c: c.answer(b"<html>Room number?</html>", "text/html")
    story_list = await kiosk.refresh()
    assert (len(story_list.headlines), story_list.problem) == (1, None)
    server.asked.clear()
    await kiosk.refresh(force=True)
    assert server.paths() == ["/news"]


async def test_a_store_of_an_earlier_version_reads_its_feeds_anew_once(
    kiosk: Kiosk, server: Server, tmp_path: Path
) -> None:
    server.routes["/news"] = feed = Feed(podcast(TRANSCRIPT, ""), ETag='"1"')
    (_, read) = (await kiosk.refresh()).headlines
    await kiosk.stand.mark_read([read.id], True)
    await kiosk.close()
    with closing(sqlite3.connect(tmp_path / "radiotui.db")) as store, store:
        store.execute("ALTER TABLE feed DROP COLUMN channel")
        store.execute("ALTER TABLE entry DROP COLUMN episode")
        # What an entry says was counted without its episode.
        store.execute("UPDATE entry SET digest = 'of then' WHERE title = 'Part 1'")
        (version,) = store.execute("PRAGMA user_version").fetchone()
        store.execute(f"PRAGMA user_version = {version - 1}")
    kiosk.open()
    for _ in range(2):
        story_list = await kiosk.refresh(force=True)
    assert (await episodes(kiosk))["Part 1"] != ()
    assert [headline.read for headline in story_list.headlines] == [False, True]
    assert [headers.get("if-none-match") for headers in feed.asked] == [None, None, '"1"']
