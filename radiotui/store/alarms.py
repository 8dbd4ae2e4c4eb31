"""Queries about alarms.

Each takes the connection first, for :meth:`Store.ask`, and gives finished values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import sqlite3


class StoredAlarm(NamedTuple):
    """A row of the alarms. Times are seconds since 1970."""

    id: int
    """0: not in the store yet."""
    wall: str
    """The time of day, HH:MM."""
    days: str
    """Digits, Monday 0; empty: once."""
    station: str
    stream: str
    begins_at: int
    timer: int
    taken_by: int | None
    """The process that rings it."""


def stored_alarms(connection: sqlite3.Connection) -> list[StoredAlarm]:
    """All of them, the next one first."""
    rows = connection.execute(
        "SELECT id, wall, days, station, stream, begins_at, timer, taken_by"
        " FROM alarm ORDER BY begins_at, id"
    )
    return [StoredAlarm(*row) for row in rows]


def store_alarm(connection: sqlite3.Connection, alarm: StoredAlarm) -> int:
    """Add an alarm; its id."""
    cursor = connection.execute(
        "INSERT INTO alarm (wall, days, station, stream, begins_at, timer, taken_by)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        alarm[1:],
    )
    return int(cursor.lastrowid or 0)


def replace_alarm(connection: sqlite3.Connection, alarm: StoredAlarm, begins_at: int) -> bool:
    """Replace the alarm of that id, if its next ring is still the one of ``begins_at``."""
    cursor = connection.execute(
        "UPDATE alarm SET wall = ?, days = ?, station = ?, stream = ?, begins_at = ?, timer = ?,"
        " taken_by = ? WHERE id = ? AND begins_at = ?",
        (*alarm[1:], alarm.id, begins_at),
    )
    return cursor.rowcount == 1


def remove_alarm(connection: sqlite3.Connection, alarm: int) -> bool:
    """Remove an alarm; False where it is not there."""
    return connection.execute("DELETE FROM alarm WHERE id = ?", (alarm,)).rowcount == 1
