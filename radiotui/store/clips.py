"""Queries about clips: places that were marked while one listened, with a note.

They belong to nobody: neither the end of a feed nor of an episode takes one away. Each query takes
the connection first, for :meth:`Store.ask`, and gives finished values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import sqlite3


_JSON = "iif(json_valid(content), content, '{}')"
CLIPPED = f"SELECT json_extract({_JSON}, '$.feed'), json_extract({_JSON}, '$.guid') FROM clip"
"""Selects feed and guid of the entries that clips are of; NULL of all others."""


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


def rename_clipped(connection: sqlite3.Connection, feed: int, guid: str, new_guid: str) -> None:
    """Name an entry of a feed otherwise in every clip of it."""
    connection.execute(
        "UPDATE clip SET content = json_set(content, '$.guid', ?1)"
        f" WHERE json_extract({_JSON}, '$.guid') = ?2 AND json_extract({_JSON}, '$.feed') IN"
        " (SELECT url FROM feed WHERE id = ?3 UNION SELECT url FROM feed_alias WHERE feed = ?3)",
        (new_guid, guid, feed),
    )
