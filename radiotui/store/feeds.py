"""The questions about feeds themselves.

Each takes the connection first, for :meth:`Store.ask`, and gives finished values.
Times are aware UTC outside of this module and whole seconds in the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec

from radiotui.problems import Problem

if TYPE_CHECKING:
    import sqlite3


class Feed(msgspec.Struct, frozen=True):
    """A feed without its entries."""

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
    next_at: datetime | None = None
    """Not to be asked by itself before; None: at once."""
    answered_at: datetime | None = None
    gone: bool = False
    """The server said 410: it is not asked again by itself."""
    interval: int = 0
    """Seconds between two questions, learnt from how often it publishes; 0: not yet."""
    failures: int = 0
    """Questions in a row that brought nothing."""
    body_bytes: int = 0
    """What its last whole answer weighed on the wire."""
    saved: int = 0
    """Bytes that were not sent because nothing had changed."""
    picture: str = ""
    """The address of its own picture."""
    channel: str = ""
    """What it says of itself beside, as the feeds' room writes it."""
    problem: Problem | None = None
    """Why the last question brought nothing, in words alone: all that its kind and status mean
    for the feed is in ``gone``, ``failures`` and ``next_at`` by then."""


_TIMES = {"asked_at", "next_at", "answered_at"}
_COLUMNS = tuple(field.name for field in msgspec.structs.fields(Feed) if field.name != "problem")
_SAVED = tuple(name for name in _COLUMNS if name not in {"id", "url"})
_FEED = f"SELECT {', '.join(_COLUMNS)}, problem, hint FROM feed"
_SAVE = (
    f"UPDATE feed SET {', '.join(f'{name} = ?' for name in _SAVED)}, problem = ?, hint = ?"
    " WHERE id = ?"
)


def feeds(connection: sqlite3.Connection, urls: Iterable[str] | None) -> list[Feed]:
    """Those of the feeds that are known, in the order of ``urls``; None: every one."""
    if urls is None:
        return [_feed(row) for row in connection.execute(f"{_FEED} ORDER BY url")]
    rows = (
        connection.execute(f"{_FEED} WHERE url = ?", (url,)).fetchone()
        for url in dict.fromkeys(urls)
    )
    return [_feed(row) for row in rows if row is not None]


def subscribe(connection: sqlite3.Connection, urls: Iterable[str]) -> list[Feed]:
    """All of the feeds, in the order of ``urls``; new ones are begun."""
    all_urls = list(urls)
    stored_urls = {url for (url,) in connection.execute("SELECT url FROM feed")}
    connection.executemany(
        "INSERT OR IGNORE INTO feed (url, address) VALUES (?, ?)",
        [(url, url) for url in all_urls if url not in stored_urls],
    )
    return feeds(connection, all_urls)


def forget_feed(connection: sqlite3.Connection, url: str) -> None:
    """Let go of a feed that was asked and is not followed, with all that it brought."""
    connection.execute("DELETE FROM feed WHERE url = ?", (url,))


def save_feed(connection: sqlite3.Connection, feed: Feed) -> None:
    """Write all of a feed but its name."""
    values = [
        seconds(getattr(feed, name)) if name in _TIMES else getattr(feed, name) for name in _SAVED
    ]
    trouble = (feed.problem.title, feed.problem.hint) if feed.problem else (None, "")
    connection.execute(_SAVE, (*values, *trouble, feed.id))


def counts(connection: sqlite3.Connection, feed_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Numbers of stories and of unread ones of each feed, by the feed's id."""
    among = ", ".join("?" * len(feed_ids))
    rows = connection.execute(
        "SELECT entry.feed, count(*), count(*) - coalesce(sum(state.read), 0) FROM entry"
        " LEFT JOIN state ON state.feed = entry.feed AND state.guid = entry.guid"
        f" WHERE entry.feed IN ({among}) GROUP BY entry.feed",
        tuple(feed_ids),
    )
    return {feed: (stories, unread) for feed, stories, unread in rows}


def publishing_times(connection: sqlite3.Connection, feed: int, limit: int) -> list[datetime]:
    """Publishing times of a feed's newest entries, newest first."""
    rows = connection.execute(
        "SELECT published FROM entry WHERE feed = ? AND published IS NOT NULL"
        " ORDER BY placed_at DESC LIMIT ?",
        (feed, limit),
    )
    return [datetime.fromtimestamp(at, UTC) for (at,) in rows]


def seconds(at: datetime | None) -> int | None:
    """As the file has it."""
    return None if at is None else int(at.timestamp())


def moment(at: int | None) -> datetime | None:
    """As the program has it."""
    return None if at is None else datetime.fromtimestamp(at, UTC)


def _feed(row: tuple[Any, ...]) -> Feed:
    *values, problem, hint = row
    columns: dict[str, Any] = {
        name: moment(value) if name in _TIMES else value
        for name, value in zip(_COLUMNS, values, strict=True)
    }
    columns["gone"] = bool(columns["gone"])
    return Feed(**columns, problem=None if problem is None else Problem(problem, hint))
