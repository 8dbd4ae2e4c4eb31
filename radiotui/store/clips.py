"""Queries about clips: places that were marked while one listened, with a note.

They belong to nobody: neither the end of a feed nor of an episode takes one away. Each query takes
the connection first, for :meth:`Store.ask`, and gives finished values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import sqlite3


class StoredClip(NamedTuple):
    """A row of the clips."""

    number: int
    """Its own; no other clip gets it while it is there."""
    made_at: int
    """Seconds since 1970."""
    content: str
    """As the caller writes it."""


def stored_clips(connection: sqlite3.Connection) -> list[StoredClip]:
    """All of them, the newest first."""
    rows = connection.execute(
        "SELECT number, made_at, content FROM clip ORDER BY made_at DESC, number DESC"
    )
    return [StoredClip(*row) for row in rows]


def add_clip(connection: sqlite3.Connection, made_at: int, content: str) -> int:
    """Add a clip; its number."""
    (number,) = connection.execute("SELECT coalesce(max(number), 0) + 1 FROM clip").fetchone()
    put_clip(connection, StoredClip(int(number), made_at, content))
    return int(number)


def put_clip(connection: sqlite3.Connection, clip: StoredClip) -> None:
    """Put a clip under its number, also one that was removed; a clip that has it is replaced."""
    connection.execute(
        "INSERT OR REPLACE INTO clip (number, made_at, content) VALUES (?, ?, ?)", clip
    )


def remove_clip(connection: sqlite3.Connection, number: int) -> bool:
    """Remove a clip; False where it is not there."""
    return connection.execute("DELETE FROM clip WHERE number = ?", (number,)).rowcount == 1


def entry_called(connection: sqlite3.Connection, feed: str, guid: str) -> int | None:
    """The entry of that name in the feed at that address; None where it is not kept any more."""
    row = connection.execute(
        "SELECT entry.id FROM entry JOIN feed ON feed.id = entry.feed"
        " WHERE feed.url = ? AND entry.guid = ?",
        (feed, guid),
    ).fetchone()
    return None if row is None else int(row[0])
