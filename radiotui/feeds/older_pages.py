"""Older episodes of feeds that come in pages (RFC 5005), brought when they are asked for.

An archived feed names the page before it (``prev-archive``), a paged one the next one (``next``),
a JSON feed ``next_url``. The page to go on at is remembered in the store.
"""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from radiotui.articles.serialise import is_same_body
from radiotui.feeds.parsing.model import read_channel
from radiotui.feeds.refresh import RefreshDeps, stored_entries
from radiotui.problems import Problem
from radiotui.store import feeds, older, stories
from radiotui.store.same_episode import settle_guids
from radiotui.text import without_password

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from datetime import datetime

    from radiotui.feeds.parsing.model import ParsedFeed
    from radiotui.store.feeds import Feed
    from radiotui.store.stories import StoredEntry

log = logging.getLogger(__name__)

MOST_PAGES = 10
"""Pages of one request."""


class OlderEpisodes(msgspec.Struct, frozen=True):
    """Outcome of asking for older pages."""

    brought: int
    """Entries that were not kept before."""
    pages: int
    has_more: bool
    """True where a further page is named."""
    problem: Problem | None = None
    """Why a page brought nothing; what came before it is kept."""


async def bring_older(asking: RefreshDeps, url: str, most_pages: int = MOST_PAGES) -> OlderEpisodes:
    """Ask for further pages of the feed with that address in the list, and keep what they bring.

    Raises Problem where the store takes nothing.
    """
    feed, address = await asking.store.ask(partial(_begin, url=url))
    visited: set[str] = {feed.address}
    brought = pages = 0
    try:
        if address is None:
            # What the feed names today: it may have been read before it had pages.
            address = (await _page(asking, feed, feed.address)).channel.older
        while address and address not in visited and pages < most_pages:
            if feed.address.startswith("https:") and not address.startswith("https:"):
                log.info("%s: an older page is http alone", feed.url)
                address = None
                break
            visited.add(address)
            parsed = await _page(asking, feed, address)
            entries = await asyncio.to_thread(stored_entries, parsed.entries)
            keep = partial(_keep, feed=feed.id, entries=entries, now=asking.clock())
            brought += await asking.store.ask(keep)
            pages, address = pages + 1, parsed.channel.older
            if address in visited:
                address = None  # pages that lead in a circle are all there are
            await asking.store.ask(partial(older.note_next, feed=feed.id, address=address))
    except Problem as problem:
        return OlderEpisodes(brought, pages, bool(address), problem)
    return OlderEpisodes(brought, pages, bool(address))


async def _page(asking: RefreshDeps, feed: Feed, address: str) -> ParsedFeed:
    """A page, asked and read. Raises Problem."""
    fetched = await asking.net.fetch(address, who=feed.title)
    digests = await asking.store.look(partial(older.entry_digests, feed=feed.id))
    kind, base = fetched.headers.get("content-type", ""), without_password(fetched.url)
    return await asking.parser.parse(fetched.body, base, kind, digests)


def _begin(connection: sqlite3.Connection, *, url: str) -> tuple[Feed, str | None]:
    (feed,) = feeds.subscribe(connection, [url])
    page = older.next_page(connection, feed.id)
    try:
        return feed, page if page is not None else read_channel(feed.channel).older
    except ValueError:  # what is stored of it is damaged: it is asked
        return feed, None


def _keep(
    connection: sqlite3.Connection, *, feed: int, entries: Sequence[StoredEntry], now: datetime
) -> int:
    """Keep the entries of a page; the number of those that were not kept before."""
    known = set(older.entry_digests(connection, feed))
    older.want_again(connection, feed, (entry.guid for entry in entries))
    settled = settle_guids(connection, feed, entries, {*known, *(e.guid for e in entries)}, now)
    stories.keep(connection, feed, settled, now, is_same_body)
    return sum(entry.guid not in known for entry in settled)
