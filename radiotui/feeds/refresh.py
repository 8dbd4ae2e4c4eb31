"""Asking one feed, politely.

A feed is asked for what changed (``If-None-Match``, ``If-Modified-Since``:
RFC 9110 §13), not before its time (see schedule), where it has moved to, and
not again by itself once it is gone (410).
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from radiotui.articles.serialise import is_same_body, write_figures
from radiotui.feeds import schedule
from radiotui.feeds.parsing.model import (
    Channel,
    LiveItem,
    ParsedEntry,
    read_channel,
    write_facts,
)
from radiotui.feeds.parsing.parse import feed_name
from radiotui.problems import Problem, ProblemKind
from radiotui.store import feeds, items, moves, retention, stories
from radiotui.store.feeds import Feed
from radiotui.store.same_episode import settle_guids
from radiotui.store.stories import StoredEntry
from radiotui.text import without_password

if TYPE_CHECKING:
    import sqlite3

    from radiotui.feeds.parsing.pool import FeedParser
    from radiotui.net.client import Fetched, Net
    from radiotui.store import Store

log = logging.getLogger(__name__)

_ACCEPT = "application/rss+xml, application/atom+xml, application/xml;q=0.9, */*;q=0.5"
# What comes back to the server stands in a header: ASCII, and not a page of it.
_VALIDATOR = re.compile(r"[\x20-\x7e]{1,1000}")


class _News(msgspec.Struct, frozen=True):
    """News in an answer's body."""

    title: str
    body_hash: str
    entries: tuple[StoredEntry, ...]
    """Only those that are new or say something new."""
    item_hashes: Mapping[str, str]
    """Of what the entries were read from, by guid."""
    picture: str
    channel: Channel
    guids: frozenset[str]
    """Of all entries that the answer names."""


class RefreshDeps(msgspec.Struct, frozen=True):
    """Dependencies of asking a feed."""

    net: Net
    store: Store
    clock: Callable[[], datetime]
    least: timedelta
    """No feed is asked more often by itself."""
    jitter: Callable[[], float]
    """0 to 1, another one each time."""
    parser: FeedParser
    served_at: Callable[[str], str | None] = lambda _: None
    """Where a feed of this computer is served in this run; None for any other address."""

    async def get_ready(self, due: Iterable[Feed]) -> list[asyncio.Task[None]]:
        """Get processes ready for large feeds that were never read, while they are being fetched.

        Returns what goes on meanwhile; it may be cancelled.
        """
        if all(feed.body_hash is not None for feed in due):
            return []
        warming = asyncio.create_task(self.parser.warm_up())
        # What fetching needs is loaded on a thread, so that the processes begin at once.
        await asyncio.to_thread(self.net.prepare)
        return [warming]


class FeedAnswer(msgspec.Struct, frozen=True):
    """Outcome of asking a feed."""

    problem: Problem | None = None
    """Why the feed brought nothing."""
    unkept: Problem | None = None
    """Why the store did not take it."""


def is_to_be_asked(asking: RefreshDeps, feed: Feed, now: datetime) -> bool:
    """True when a feed may be asked again by itself, or is served elsewhere than it was."""
    served_at = asking.served_at(feed.url)
    return schedule.is_due(feed, now) or (served_at is not None and served_at != feed.address)


async def ask_feed(asking: RefreshDeps, feed: Feed) -> FeedAnswer:
    """Ask one feed and keep what it brought. Whatever happens, it costs this feed alone."""
    try:
        served_at = asking.served_at(feed.url)
        return FeedAnswer(await _asked(asking, replace(feed, address=served_at or feed.address)))
    except Problem as problem:
        return FeedAnswer(unkept=problem)
    except Exception as error:
        return FeedAnswer(_unexpected(feed.title or feed_name(feed.url), error))


async def _asked(asking: RefreshDeps, feed: Feed) -> Problem | None:
    """The problem of a feed that brought nothing, also kept.

    Raises Problem only when the store takes nothing.
    """
    now = asking.clock()
    who = feed.title or feed_name(feed.url)
    fetched: Fetched | None = None
    try:
        fetched = await asking.net.fetch(feed.address, who=who, headers=_conditions(feed))
        news = await _read(asking, feed, fetched)
        if news is not None and news.channel.moved_to not in {None, feed.address}:
            feed, fetched, news = await _moved(asking, feed, fetched, news)
    except Problem as problem:
        if fetched is None and problem.kind.is_unreached:
            return await _noted(asking, _not_reached(feed, problem, now))
        return await _noted(asking, _failed(asking, feed, problem, now))
    except Exception as error:
        return await _noted(asking, _failed(asking, feed, _unexpected(who, error), now))
    try:
        await _keep(asking, feed, fetched, news, now)
    except Problem:
        raise
    except Exception as error:
        return await _noted(asking, _failed(asking, feed, _unexpected(who, error), now))
    return None


async def _moved(
    asking: RefreshDeps, feed: Feed, fetched: Fetched, news: _News
) -> tuple[Feed, Fetched, _News]:
    """The feed at the new address that it names, as it answers there; as it was, if it does not."""
    address = without_password(news.channel.moved_to or feed.address)
    if feed.address.startswith("https:") and not address.startswith("https:"):
        return feed, fetched, news
    there = replace(feed, address=address, etag=None, modified=None)
    try:
        answer = await asking.net.fetch(address, who=feed.title, headers=_conditions(there))
        news_there = await _read(asking, replace(there, body_hash=None), answer)
    except Problem as problem:
        log.info("%s has not moved to %s: %s", feed.url, address, problem)
        return feed, fetched, news
    return (there, answer, news_there) if news_there is not None else (feed, fetched, news)


async def _keep(
    asking: RefreshDeps, feed: Feed, fetched: Fetched, news: _News | None, now: datetime
) -> None:
    answered = _answered(feed, fetched, news, now)
    entries = news.entries if news else ()

    def keep(connection: sqlite3.Connection) -> None:
        settled = settle_guids(connection, feed.id, entries, news.guids if news else (), now)
        stories.keep(connection, feed.id, settled, now, is_same_body)
        if entries:
            retention.trim_feed(connection, feed.id, now)
        if news is not None:
            items.keep_item_hashes(connection, feed.id, news.item_hashes)
        feeds.save_feed(connection, _planned(asking, connection, answered, fetched.headers, now))
        if answered.address != feed.url and asking.served_at(feed.url) is None:
            moves.note_former(connection, feed.id, [answered.address], now)

    await asking.store.ask(keep)


async def _noted(asking: RefreshDeps, feed: Feed) -> Problem | None:
    """The problem of a feed, once it is stored."""
    await asking.store.ask(lambda connection: feeds.save_feed(connection, feed))
    return feed.problem


def _unexpected(who: str, error: Exception) -> Problem:
    """Problem for what nobody expected of a feed: it costs that feed alone."""
    log.error("unexpected, from %s", who, exc_info=error)
    return Problem(
        f"{who} holds something that radiotui cannot take in",
        "the other feeds are asked as ever",
        repr(error)[:200],
        kind=ProblemKind.DAMAGED,
    )


def _conditions(feed: Feed) -> dict[str, str]:
    headers = {"Accept": _ACCEPT}
    # Stores of earlier versions hold validators that no header can carry.
    if feed.etag and _VALIDATOR.fullmatch(feed.etag):
        headers["If-None-Match"] = feed.etag
    if feed.modified and _VALIDATOR.fullmatch(feed.modified):
        headers["If-Modified-Since"] = feed.modified
    return headers


async def _read(asking: RefreshDeps, feed: Feed, fetched: Fetched) -> _News | None:
    """News in an answer; None when it is the answer that is stored already."""
    if fetched.status == 304:
        return None
    # Bodies have up to 20 MB, and a thousand entries.
    body_hash = await asyncio.to_thread(_hash, fetched.body)
    if body_hash == feed.body_hash:
        return None
    digests, item_hashes = await asking.store.look(
        lambda connection: (
            stories.digests(connection, feed.id),
            items.item_hashes(connection, feed.id),
        )
    )
    kind = fetched.headers.get("content-type", "")
    base = without_password(fetched.url)
    parsed = await asking.parser.parse(fetched.body, base, kind, digests, item_hashes)
    entries = await asyncio.to_thread(stored_entries, parsed.entries)
    return _News(
        parsed.title,
        body_hash,
        entries,
        parsed.item_hashes,
        parsed.picture,
        parsed.channel,
        frozenset(parsed.guids),
    )


def _hash(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def stored_entries(parsed: Iterable[ParsedEntry]) -> tuple[StoredEntry, ...]:
    """Entries as the store has them. Slow for many: not for the loop."""
    return tuple(map(_entry, parsed))


def _entry(parsed: ParsedEntry) -> StoredEntry:
    return StoredEntry(
        guid=parsed.guid,
        title=parsed.title,
        link=parsed.link,
        byline=parsed.byline,
        published=parsed.published,
        updated=parsed.updated,
        body=parsed.body,
        digest=parsed.digest,
        enclosures=parsed.enclosures,
        figures=write_figures(parsed.figures),
        episode=write_facts(parsed.episode),
    )


def _answered(feed: Feed, fetched: Fetched, news: _News | None, now: datetime) -> Feed:
    headers = fetched.headers
    unchanged = fetched.status == 304
    # A 304 may leave them out: they are then the same as before.
    before = (feed.etag, feed.modified) if unchanged else (None, None)
    weight = headers.get("content-length", "")
    feed = replace(
        feed,
        etag=headers.get("etag", before[0]),
        modified=headers.get("last-modified", before[1]),
        asked_at=now,
        answered_at=now,
        gone=False,
        failures=0,
        problem=None,
        saved=feed.saved + feed.body_bytes if unchanged else feed.saved,
    )
    if not unchanged:
        wire = int(weight) if weight.isdecimal() and len(weight) < 10 else len(fetched.body)
        feed = replace(feed, body_bytes=wire)
    if news is None:
        return feed
    # Only an address that gave a feed is moved to: a hotel's login page redirects, too.
    # A redirect may name a user and a password of its own.
    address = without_password(fetched.moved_to or feed.address)
    if feed.address.startswith("https:") and not address.startswith("https:"):
        address = feed.address
    return replace(
        feed,
        address=address,
        title=news.title or feed.title,
        body_hash=news.body_hash,
        picture=news.picture,
        channel=write_facts(news.channel),
    )


def _planned(
    asking: RefreshDeps,
    connection: sqlite3.Connection,
    feed: Feed,
    headers: Mapping[str, str],
    now: datetime,
) -> Feed:
    """The feed with what its entries teach about when to ask again."""
    times = feeds.publishing_times(connection, feed.id, schedule.NEWEST_LOOKED_AT)
    interval = schedule.learnt_interval(times, now, asking.least)
    next_at = schedule.after_answer(headers, interval, asking.jitter(), now)
    next_at = schedule.for_broadcasts(next_at, _broadcasts(feed), now)
    return replace(feed, interval=int(interval.total_seconds()), next_at=next_at)


def _broadcasts(feed: Feed) -> tuple[LiveItem, ...]:
    """The broadcasts that a feed announces; none where what is stored is damaged."""
    try:
        return read_channel(feed.channel).live if '"live"' in feed.channel else ()
    except ValueError as error:
        log.warning("what %s says of itself is damaged: %s", feed.url, error)
        return ()


def _not_reached(feed: Feed, problem: Problem, now: datetime) -> Feed:
    return replace(feed, asked_at=None, next_at=schedule.after_nothing(now), problem=problem)


def _failed(asking: RefreshDeps, feed: Feed, problem: Problem, now: datetime) -> Feed:
    interval = max(asking.least, timedelta(seconds=feed.interval))
    next_at = schedule.after_failure(feed, problem, interval, asking.jitter(), now)
    feed = replace(feed, asked_at=now, next_at=next_at, failures=feed.failures + 1, problem=problem)
    if problem.status in {404, 410} and feed.address != feed.url:
        # The move was a mistake: the next question goes to the address in the station list.
        return replace(feed, address=feed.url, etag=None, modified=None)
    return replace(feed, gone=problem.kind is ProblemKind.GONE)
