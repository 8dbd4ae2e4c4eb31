"""Letting go of what is old: never of what has a star, and never so that it comes back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

_KEPT_OF_EACH_FEED = 20
"""So that a feed which says something once a month is not empty."""
_FORGET = timedelta(days=800)
"""A feed that still names an entry tidied away before that has named it for two years."""


def tidy(connection: sqlite3.Connection, before: datetime, now: datetime, most: int) -> int:
    """Let go of at most so many entries from before ``before``; how many it were.

    A story with a star stays whole, and so do the newest few of each feed. What
    went is remembered by its guid and does not come back as unread. With them
    goes what was heard before ``before`` and has no star.
    """
    rows = connection.execute(
        "SELECT entry.id, entry.feed, entry.guid, entry.digest FROM entry"
        " WHERE entry.placed_at < ? AND NOT EXISTS ("
        "  SELECT 1 FROM entry AS twin JOIN state"
        "  ON state.feed = twin.feed AND state.guid = twin.guid"
        "  WHERE twin.story = entry.story AND state.starred)"
        " AND (SELECT count(*) FROM entry AS newer WHERE newer.feed = entry.feed"
        "  AND newer.placed_at >= entry.placed_at) > ?"
        " ORDER BY entry.placed_at LIMIT ?",
        (int(before.timestamp()), _KEPT_OF_EACH_FEED, most),
    ).fetchall()
    at = int(now.timestamp())
    connection.executemany(
        "INSERT OR REPLACE INTO tidied (feed, guid, digest, tidied_at) VALUES (?, ?, ?, ?)",
        [(feed, guid, digest, at) for _, feed, guid, digest in rows],
    )
    connection.executemany("DELETE FROM entry WHERE id = ?", [row[:1] for row in rows])
    connection.executemany(
        "DELETE FROM state WHERE feed = ? AND guid = ?", [row[1:3] for row in rows]
    )
    connection.execute(
        "DELETE FROM article WHERE fetched_at < ? AND NOT EXISTS"
        " (SELECT 1 FROM entry WHERE entry.link_key = article.link_key)",
        (int(before.timestamp()),),
    )
    connection.execute(
        "DELETE FROM tidied WHERE tidied_at < ?", (int((now - _FORGET).timestamp()),)
    )
    connection.execute(
        "DELETE FROM heard WHERE began_at < ? AND ended_at < ? AND NOT starred",
        (before.timestamp(), before.timestamp()),
    )
    return len(rows)
