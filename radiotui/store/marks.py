"""Queries about programme marks, and about the marked broadcasts that were missed.

Each takes the connection first, for :meth:`Store.ask`, and gives finished values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import sqlite3

_MOST_MISSED = 100
_COLUMNS = "id, action, station, stream, title, begins_at, ends_at, slot, timer, taken_by"


class StoredMark(NamedTuple):
    """A row of the marks. Times are seconds since 1970."""

    id: int
    """0: not in the store yet."""
    action: str
    station: str
    stream: str
    title: str
    begins_at: int
    ends_at: int | None
    slot: str
    """The caller's word for a time of the week; empty: once."""
    timer: int
    taken_by: int | None
    """A process id."""


class StoredMiss(NamedTuple):
    """A marked broadcast that was missed."""

    begins_at: int
    action: str
    station: str
    stream: str
    title: str
    reason: str
    told: int


def stored_marks(connection: sqlite3.Connection) -> list[StoredMark]:
    """All of them, the next one first."""
    rows = connection.execute(f"SELECT {_COLUMNS} FROM programme_mark ORDER BY begins_at, id")
    return [StoredMark(*row) for row in rows]


def store_mark(connection: sqlite3.Connection, mark: StoredMark) -> int:
    """Add a mark; its id."""
    cursor = connection.execute(
        "INSERT INTO programme_mark"
        " (action, station, stream, title, begins_at, ends_at, slot, timer, taken_by)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        mark[1:],
    )
    return int(cursor.lastrowid or 0)


def replace_mark(connection: sqlite3.Connection, mark: StoredMark, begins_at: int) -> bool:
    """Replace the mark of that id, if its broadcast is still the one of ``begins_at``."""
    cursor = connection.execute(
        "UPDATE programme_mark SET action = ?, station = ?, stream = ?, title = ?, begins_at = ?,"
        " ends_at = ?, slot = ?, timer = ?, taken_by = ? WHERE id = ? AND begins_at = ?",
        (*mark[1:], mark.id, begins_at),
    )
    return cursor.rowcount == 1


def remove_mark(connection: sqlite3.Connection, mark: int) -> bool:
    """Remove a mark; False where it is not there."""
    return connection.execute("DELETE FROM programme_mark WHERE id = ?", (mark,)).rowcount == 1


def stored_misses(connection: sqlite3.Connection) -> list[StoredMiss]:
    """The newest ones first."""
    rows = connection.execute(
        "SELECT begins_at, action, station, stream, title, reason, told"
        " FROM missed_programme ORDER BY begins_at DESC"
    )
    return [StoredMiss(*row) for row in rows]


def store_miss(connection: sqlite3.Connection, miss: StoredMiss) -> None:
    """Add a missed broadcast; the oldest go."""
    connection.execute(
        "INSERT OR REPLACE INTO missed_programme"
        " (begins_at, action, station, stream, title, reason, told) VALUES (?, ?, ?, ?, ?, ?, ?)",
        miss,
    )
    connection.execute(
        "DELETE FROM missed_programme WHERE begins_at < (SELECT min(begins_at) FROM"
        " (SELECT begins_at FROM missed_programme ORDER BY begins_at DESC LIMIT ?))",
        (_MOST_MISSED,),
    )


def note_told(connection: sqlite3.Connection) -> None:
    """Note that the listener knows of everything that was missed."""
    connection.execute("UPDATE missed_programme SET told = 1 WHERE NOT told")
