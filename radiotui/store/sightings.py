"""Queries about the names of programmes that schedule sources gave, over some weeks.

Each takes the connection first, for :meth:`Store.ask`, and gives finished values. A source is
named by a key of the caller's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import sqlite3


class StoredSighting(NamedTuple):
    """A name that a source gave from one time to another, in seconds since 1970."""

    source: str
    first_at: int
    last_at: int
    title: str


def stored_sightings(connection: sqlite3.Connection) -> list[StoredSighting]:
    """All of them, each source's in the order of time."""
    rows = connection.execute(
        "SELECT source, first_at, last_at, title FROM sighting ORDER BY source, first_at"
    )
    return [StoredSighting(*row) for row in rows]


def store_sighting(
    connection: sqlite3.Connection, sighting: StoredSighting, forget_before: int
) -> None:
    """Add a sighting, or make it longer; those that ended before ``forget_before`` go."""
    connection.execute(
        "INSERT INTO sighting (source, first_at, last_at, title) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (source, first_at)"
        " DO UPDATE SET last_at = max(last_at, excluded.last_at), title = excluded.title",
        sighting,
    )
    connection.execute("DELETE FROM sighting WHERE last_at < ?", (forget_before,))
