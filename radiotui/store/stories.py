"""The questions about feeds and their entries.

Each takes the connection first, for :meth:`Store.ask`, and gives finished values.
Times are aware UTC outside of this module and whole seconds in the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from radiotui.problems import Problem

if TYPE_CHECKING:
    import sqlite3


@dataclass(frozen=True, slots=True)
class Feed:
    """What is known of a feed besides its entries."""

    id: int
    url: str
    """As the station list names it; it stays when the feed moves."""
    address: str
    """Where it is asked: ``url``, or where that has moved for good."""
    title: str = ""
    etag: str | None = None
    modified: str | None = None
    body_hash: str | None = None
    asked_at: datetime | None = None
    wait_until: datetime | None = None
    """Not to be asked before, on the server's word."""
    answered_at: datetime | None = None
    gone: bool = False
    """The server said 410: it is not asked again by itself."""
    problem: Problem | None = None
    """Why the last question brought nothing."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that belongs to an entry."""

    url: str
    type: str = ""
    length: int | None = None
    """Bytes, as the feed says."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as its feed gives it."""

    guid: str
    title: str
    link: str | None
    byline: str
    published: datetime | None
    updated: datetime | None
    body: str
    digest: str
    """A hash of what the feed says; the same digest need not be stored again."""
    enclosures: tuple[Enclosure, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """A kept entry with what the listener did to it."""

    id: int
    title: str
    link: str | None
    published: datetime | None
    """Never after it was first seen."""
    read: bool
    starred: bool
    feed: str
    feed_title: str
    byline: str = ""
    body: str = ""


_KEPT = """
    SELECT entry.id, entry.title, entry.link, min(entry.published, entry.first_seen),
           coalesce(state.read, 0), coalesce(state.starred, 0), feed.url, feed.title{more}
    FROM entry JOIN feed ON feed.id = entry.feed
    LEFT JOIN state ON state.feed = entry.feed AND state.guid = entry.guid
"""
_FEED = (
    "SELECT id, url, address, title, etag, modified, body_hash,"
    " asked_at, wait_until, answered_at, gone, problem, hint FROM feed"
)


def feeds(connection: sqlite3.Connection, urls: Iterable[str]) -> list[Feed]:
    """Those of the feeds that are known, in the order of ``urls``."""
    found = (
        connection.execute(f"{_FEED} WHERE url = ?", (url,)).fetchone()
        for url in dict.fromkeys(urls)
    )
    return [_feed(row) for row in found if row is not None]


def subscribe(connection: sqlite3.Connection, urls: Iterable[str]) -> list[Feed]:
    """All of the feeds, in the order of ``urls``; new ones are begun."""
    wanted = list(urls)
    connection.executemany(
        "INSERT OR IGNORE INTO feed (url, address) VALUES (?, ?)", [(url, url) for url in wanted]
    )
    return feeds(connection, wanted)


def save_feed(connection: sqlite3.Connection, feed: Feed) -> None:
    """Write all of a feed but its name."""
    connection.execute(
        "UPDATE feed SET address = ?, title = ?, etag = ?, modified = ?, body_hash = ?,"
        " asked_at = ?, wait_until = ?, answered_at = ?, gone = ?, problem = ?, hint = ?"
        " WHERE id = ?",
        (
            feed.address,
            feed.title,
            feed.etag,
            feed.modified,
            feed.body_hash,
            _seconds(feed.asked_at),
            _seconds(feed.wait_until),
            _seconds(feed.answered_at),
            feed.gone,
            feed.problem.title if feed.problem else None,
            feed.problem.hint if feed.problem else "",
            feed.id,
        ),
    )


def digests(connection: sqlite3.Connection, feed: int) -> dict[str, str]:
    """The digest of each kept entry of a feed, by guid."""
    return dict(connection.execute("SELECT guid, digest FROM entry WHERE feed = ?", (feed,)))


def keep(
    connection: sqlite3.Connection, feed: int, entries: Sequence[Entry], seen_at: datetime
) -> None:
    """Add new entries and bring changed ones up to date; what was read stays read.

    ``entries`` come in the feed's order, newest first. An entry's place in the
    list is its date, but no later than when it was first seen.
    """
    # The last one first: of entries without dates the higher id is then the newer one.
    for entry in reversed(entries):
        published, now = _seconds(entry.published), _seconds(seen_at)
        connection.execute(
            "INSERT INTO entry (feed, guid, title, link, byline, published, updated, body, digest,"
            " first_seen, placed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, coalesce(min(?, ?), ?))"
            " ON CONFLICT (feed, guid) DO UPDATE SET title = excluded.title, link = excluded.link,"
            " byline = excluded.byline, published = excluded.published, updated = excluded.updated,"
            " body = excluded.body, digest = excluded.digest,"
            " placed_at = coalesce(min(excluded.published, first_seen), first_seen)",
            (
                feed,
                entry.guid,
                entry.title,
                entry.link,
                entry.byline,
                published,
                _seconds(entry.updated),
                entry.body,
                entry.digest,
                now,
                published,
                now,
                now,
            ),
        )
        _keep_enclosures(connection, feed, entry)


def newest(connection: sqlite3.Connection, urls: Sequence[str] | None, limit: int) -> list[Kept]:
    """The newest entries of those feeds (None: of all), newest first."""
    among = "" if urls is None else f" WHERE feed.url IN ({', '.join('?' * len(urls))})"
    rows = connection.execute(
        f"{_KEPT.format(more='')}{among} ORDER BY entry.placed_at DESC, entry.id DESC LIMIT ?",
        (*(urls or ()), limit),
    )
    return [_kept(row) for row in rows]


def story(connection: sqlite3.Connection, entry: int) -> Kept:
    """One entry with its body. Raises Problem when it is not kept any more."""
    row = connection.execute(
        f"{_KEPT.format(more=', entry.byline, entry.body')} WHERE entry.id = ?", (entry,)
    ).fetchone()
    if row is None:
        raise _gone(entry)
    return _kept(row)


def enclosures(connection: sqlite3.Connection, entry: int) -> list[Enclosure]:
    """The files of an entry, in the feed's order."""
    rows = connection.execute(
        "SELECT url, type, length FROM enclosure WHERE entry = ? ORDER BY place", (entry,)
    )
    return [Enclosure(*row) for row in rows]


def mark(
    connection: sqlite3.Connection,
    entry: int,
    *,
    read: bool | None = None,
    starred: bool | None = None,
) -> str:
    """Set what is given of an entry's state; the URL of its feed.

    Raises Problem when the entry is not kept any more.
    """
    row = connection.execute(
        "SELECT feed.id, entry.guid, feed.url FROM entry JOIN feed ON feed.id = entry.feed"
        " WHERE entry.id = ?",
        (entry,),
    ).fetchone()
    if row is None:
        raise _gone(entry)
    feed, guid, url = row
    connection.execute("INSERT OR IGNORE INTO state (feed, guid) VALUES (?, ?)", (feed, guid))
    connection.execute(
        "UPDATE state SET read = coalesce(?, read), starred = coalesce(?, starred)"
        " WHERE feed = ? AND guid = ?",
        (read, starred, feed, guid),
    )
    return str(url)


def _keep_enclosures(connection: sqlite3.Connection, feed: int, entry: Entry) -> None:
    (entry_id,) = connection.execute(
        "SELECT id FROM entry WHERE feed = ? AND guid = ?", (feed, entry.guid)
    ).fetchone()
    connection.execute("DELETE FROM enclosure WHERE entry = ?", (entry_id,))
    connection.executemany(
        "INSERT INTO enclosure (entry, place, url, type, length) VALUES (?, ?, ?, ?, ?)",
        [
            (entry_id, place, enclosure.url, enclosure.type, enclosure.length)
            for place, enclosure in enumerate(entry.enclosures)
        ],
    )


def _gone(entry: int) -> Problem:
    return Problem("That story is not kept any more", "refresh the list", f"entry {entry}")


def _feed(row: tuple[Any, ...]) -> Feed:
    asked_at, wait_until, answered_at, gone, problem, hint = row[7:]
    times = _moment(asked_at), _moment(wait_until), _moment(answered_at)
    trouble = None if problem is None else Problem(problem, hint)
    return Feed(*(*row[:7], *times, bool(gone), trouble))


def _kept(row: tuple[Any, ...]) -> Kept:
    entry, title, link, published, read, starred, *rest = row
    return Kept(entry, title, link, _moment(published), bool(read), bool(starred), *rest)


def _seconds(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
