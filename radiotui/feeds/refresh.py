"""Asking one feed, politely.

A feed is asked for what changed (``If-None-Match``, ``If-Modified-Since``:
RFC 9110 §13), not before its server wants it (``Retry-After`` and
``Cache-Control``: RFC 9110 §10.2.3, RFC 9111 §5.2.2.1), where it has moved to,
and not again by itself once it is gone (410).
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from radiotui.feeds.parse import ParsedEntry, ParsedFeed, feed_name, parse_feed
from radiotui.problems import Problem
from radiotui.store import stories
from radiotui.store.stories import Enclosure, Entry, Feed

if TYPE_CHECKING:
    import sqlite3

    from radiotui.net import Fetched, Net
    from radiotui.store import Store

_LONGEST_WAIT = timedelta(days=31)
_NOT_REACHED_WAIT = timedelta(minutes=2)
_ACCEPT = "application/rss+xml, application/atom+xml, application/xml;q=0.9, */*;q=0.5"


@dataclass(frozen=True, slots=True)
class _News:
    """What an answer's body brought."""

    title: str
    body_hash: str
    entries: tuple[Entry, ...]
    """Only those that are new or say something new."""


def is_due(feed: Feed, now: datetime, interval: timedelta) -> bool:
    """Whether it is time to ask a feed again by itself.

    A time that lies ahead by more than it may was written under a wrong clock and does not count.
    """
    if feed.gone:
        return False
    if feed.wait_until is not None and now < feed.wait_until <= now + _LONGEST_WAIT:
        return False
    return feed.asked_at is None or not feed.asked_at <= now < feed.asked_at + interval


async def ask_feed(net: Net, store: Store, feed: Feed, now: datetime) -> Problem | None:
    """Ask one feed and keep what it brought; the Problem, also kept, when it brought nothing.

    Raises Problem only when the store takes nothing.
    """
    fetched: Fetched | None = None
    try:
        who = feed.title or feed_name(feed.url)
        fetched = await net.fetch(feed.address, who=who, headers=_conditions(feed))
        news = await _read(store, feed, fetched)
    except Problem as problem:
        # What the network itself does wrong is the cause of its Problem.
        reached = fetched is not None or problem.__cause__ is None
        failed = _failed(feed, problem, now) if reached else _not_reached(feed, problem, now)
        await store.ask(lambda connection: stories.save_feed(connection, failed))
        return problem
    answered = _answered(feed, fetched, news, now)
    entries = news.entries if news else ()

    def keep(connection: sqlite3.Connection) -> None:
        stories.save_feed(connection, answered)
        stories.keep(connection, feed.id, entries, now)

    await store.ask(keep)
    return None


def _conditions(feed: Feed) -> dict[str, str]:
    headers = {"Accept": _ACCEPT}
    if feed.etag:
        headers["If-None-Match"] = feed.etag
    if feed.modified:
        headers["If-Modified-Since"] = feed.modified
    return headers


async def _read(store: Store, feed: Feed, fetched: Fetched) -> _News | None:
    """What is new in an answer; None when it is the one that is kept already."""
    if fetched.status == 304:
        return None
    known = await store.ask(lambda connection: stories.digests(connection, feed.id))
    return await asyncio.to_thread(_parse, feed, fetched, known)


def _parse(feed: Feed, fetched: Fetched, known: Mapping[str, str]) -> _News | None:
    body_hash = hashlib.sha256(fetched.body).hexdigest()
    if body_hash == feed.body_hash:
        return None
    parsed: ParsedFeed = parse_feed(
        fetched.body, fetched.url, fetched.headers.get("content-type", "")
    )
    changed = (entry for entry in parsed.entries if known.get(entry.guid) != entry.digest)
    return _News(parsed.title, body_hash, tuple(map(_entry, changed)))


def _entry(parsed: ParsedEntry) -> Entry:
    enclosures = (Enclosure(e.url, e.type, e.length) for e in parsed.enclosures)
    return Entry(
        guid=parsed.guid,
        title=parsed.title,
        link=parsed.link,
        byline=parsed.byline,
        published=parsed.published,
        updated=parsed.updated,
        body=parsed.body,
        digest=parsed.digest,
        enclosures=tuple(enclosures),
    )


def _answered(feed: Feed, fetched: Fetched, news: _News | None, now: datetime) -> Feed:
    headers = fetched.headers
    # A 304 may leave them out: they are then the same as before.
    before = (feed.etag, feed.modified) if fetched.status == 304 else (None, None)
    feed = replace(
        feed,
        etag=headers.get("etag", before[0]),
        modified=headers.get("last-modified", before[1]),
        asked_at=now,
        answered_at=now,
        wait_until=_fresh_until(headers, now),
        gone=False,
        problem=None,
    )
    if news is None:
        return feed
    # Only an address that gave a feed is moved to: a hotel's login page redirects, too.
    address = fetched.moved_to or feed.address
    if feed.address.startswith("https:") and not address.startswith("https:"):
        address = feed.address
    return replace(feed, address=address, title=news.title or feed.title, body_hash=news.body_hash)


def _not_reached(feed: Feed, problem: Problem, now: datetime) -> Feed:
    # Nobody was bothered, so another try before long bothers nobody.
    return replace(feed, asked_at=None, wait_until=now + _NOT_REACHED_WAIT, problem=problem)


def _failed(feed: Feed, problem: Problem, now: datetime) -> Feed:
    status = problem.detail.split(" ", 1)[0]
    feed = replace(feed, asked_at=now, wait_until=_retry_after(problem, now), problem=problem)
    if status in {"404", "410"} and feed.address != feed.url:
        # The move was a mistake: the next question goes to the address in the station list.
        return replace(feed, address=feed.url, etag=None, modified=None)
    return replace(feed, gone=status == "410")


def _fresh_until(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """Until when the server says that its answer is good."""
    control = headers.get("cache-control", "").lower()
    if "no-store" in control or "no-cache" in control:
        return None
    age = re.search(r"max-age\s*=\s*\"?(\d{1,12})", control)
    if age is not None:
        return _in(int(age[1]), now)
    expires = _http_date(headers.get("expires", ""))
    if expires is None:
        return None
    # By the server's own clock, which may be wrong.
    return _in((expires - (_http_date(headers.get("date", "")) or now)).total_seconds(), now)


def _retry_after(problem: Problem, now: datetime) -> datetime | None:
    for note in getattr(problem, "__notes__", ()):
        name, _, value = note.partition(": ")
        if name == "retry-after":
            if value.strip().isdecimal():
                return _in(int(value), now)
            moment = _http_date(value)
            return None if moment is None else _in((moment - now).total_seconds(), now)
    return None


def _in(seconds: float, now: datetime) -> datetime | None:
    return (
        now + timedelta(seconds=min(seconds, _LONGEST_WAIT.total_seconds()))
        if seconds > 0
        else None
    )


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
