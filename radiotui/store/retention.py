"""Letting go of what is old: never of what has a star, and never so that it comes back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

_KEPT_OF_EACH_FEED = 20
"""So that a feed which says something once a month is not empty."""
_PAUSE = timedelta(days=1)
"""So long after the newest entry the clock is believed."""
_MOST_OF_A_FEED = 20_000
_MOST_BYTES_OF_A_FEED = 32 * 1024 * 1024
_MOST_TIDIED_OF_A_FEED = 40_000
_FORGET = timedelta(days=800)
"""A feed that still names an entry tidied away before that has named it for two years."""

_ENTRIES = "SELECT entry.id, entry.feed, entry.guid, entry.digest FROM entry"
_STARRED = (
    "EXISTS (SELECT 1 FROM entry AS twin JOIN state"
    " ON state.feed = twin.feed AND state.guid = twin.guid"
    " WHERE twin.story = entry.story AND state.starred)"
)
_DOWNLOADED = (
    "EXISTS (SELECT 1 FROM download WHERE download.feed = entry.feed"
    " AND download.guid = entry.guid AND download.state <> 'removed')"
)
_STAYS = f"({_STARRED} OR {_DOWNLOADED})"
_BYTES = "length(entry.body) + length(entry.figures) + 500"
_TOTALS = f"SELECT count(*), sum({_BYTES}) FROM entry WHERE entry.feed = ?"
_ENTRIES_WITH_TOTALS = (
    f"SELECT entry.id, entry.feed, entry.guid, entry.digest, {_STAYS} AS stays,"
    " row_number() OVER newest AS number,"
    f" sum({_BYTES}) OVER newest AS bytes"
    " FROM entry WHERE entry.feed = ?"
    " WINDOW newest AS (ORDER BY entry.placed_at DESC, entry.id DESC)"
)


def tidy(
    connection: sqlite3.Connection,
    before: datetime,
    now: datetime,
    most: int,
    podcasts: Collection[str] = (),
) -> int:
    """Let go of at most so many entries from before ``before``; how many it were.

    A story with a star stays whole, and so do episodes that are downloaded, the newest few of
    each feed, and all of the ``podcasts``, which are heard from any end. What went is remembered
    by its guid and does not come back as unread.
    """
    spared = ", ".join("?" * len(podcasts))
    rows = connection.execute(
        f"{_ENTRIES} WHERE entry.placed_at < ? AND NOT {_STAYS}"
        f" AND entry.feed NOT IN (SELECT id FROM feed WHERE url IN ({spared}))"
        " AND (SELECT count(*) FROM entry AS newer WHERE newer.feed = entry.feed"
        "  AND (newer.placed_at, newer.id) > (entry.placed_at, entry.id)) >= ?"
        " ORDER BY entry.placed_at LIMIT ?",
        (int(before.timestamp()), *podcasts, _KEPT_OF_EACH_FEED, most),
    ).fetchall()
    _let_go(connection, rows, now)
    connection.execute(
        "DELETE FROM article WHERE fetched_at < ? AND NOT EXISTS"
        " (SELECT 1 FROM entry WHERE entry.link_key = article.link_key)",
        (int(before.timestamp()),),
    )
    connection.execute(
        "DELETE FROM tidied WHERE tidied_at < ?", (int((now - _FORGET).timestamp()),)
    )
    return len(rows)


def trusted_now(connection: sqlite3.Connection, now: datetime) -> datetime:
    """``now``, or a day after anything was last first seen: a clock may have run ahead.

    Whoever comes back after a long pause loses nothing by that: a day later it is now again.
    """
    (newest,) = connection.execute(
        "SELECT max(first_seen) FROM entry WHERE first_seen < ?",
        (int((now - _PAUSE).timestamp()),),
    ).fetchone()
    return now if newest is None else min(now, datetime.fromtimestamp(newest, UTC) + _PAUSE)


def trim_feed(
    connection: sqlite3.Connection,
    feed: int,
    now: datetime,
    most: int = _MOST_OF_A_FEED,
    most_bytes: int = _MOST_BYTES_OF_A_FEED,
) -> None:
    """Let go of a feed's oldest entries where it has more than any feed needs; stars stay."""
    count, size = connection.execute(_TOTALS, (feed,)).fetchone()
    if count <= most and (size or 0) <= most_bytes:
        return
    rows = connection.execute(
        f"SELECT id, feed, guid, digest FROM ({_ENTRIES_WITH_TOTALS})"
        " WHERE (number > ? OR bytes > ?) AND NOT stays",
        (feed, most, most_bytes),
    ).fetchall()
    if not rows:
        return
    _let_go(connection, rows, now)
    connection.execute(
        "DELETE FROM tidied WHERE feed = ? AND guid IN (SELECT guid FROM tidied WHERE feed = ?"
        " ORDER BY tidied_at DESC LIMIT -1 OFFSET ?)",
        (feed, feed, _MOST_TIDIED_OF_A_FEED),
    )


def _let_go(
    connection: sqlite3.Connection, rows: Sequence[tuple[int, int, str, str]], now: datetime
) -> None:
    """Take out entries (id, feed, guid, digest), and remember their names."""
    at = int(now.timestamp())
    connection.executemany(
        "INSERT OR REPLACE INTO tidied (feed, guid, digest, tidied_at) VALUES (?, ?, ?, ?)",
        [(feed, guid, digest, at) for _, feed, guid, digest in rows],
    )
    connection.executemany("DELETE FROM entry WHERE id = ?", [row[:1] for row in rows])
    for table in ("state", "episode_file"):
        connection.executemany(
            f"DELETE FROM {table} WHERE feed = ? AND guid = ?", [row[1:3] for row in rows]
        )
