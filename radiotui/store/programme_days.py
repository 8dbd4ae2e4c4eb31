"""Queries about the days of schedules that were answered last.

Each takes the connection first, for :meth:`Store.ask`, and gives finished values. A source is
named by a key of the caller's, a day by its date as the station counts days (YYYY-MM-DD).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable


class StoredDay(NamedTuple):
    """The answer of a source about a day."""

    source: str
    day: str
    asked_at: int
    """In seconds since 1970."""
    programmes: str
    """JSON of the caller's."""


def stored_days(connection: sqlite3.Connection) -> list[StoredDay]:
    """All of them."""
    rows = connection.execute("SELECT source, day, asked_at, programmes FROM programme_day")
    return [StoredDay(*row) for row in rows]


def store_days(
    connection: sqlite3.Connection, days: Iterable[StoredDay], forget_before: str
) -> None:
    """Replace these days; those before the day ``forget_before`` go."""
    connection.executemany(
        "INSERT OR REPLACE INTO programme_day (source, day, asked_at, programmes)"
        " VALUES (?, ?, ?, ?)",
        days,
    )
    connection.execute("DELETE FROM programme_day WHERE day < ?", (forget_before,))
