"""Query that lets one process alone record a mark's broadcast, or ring an alarm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import sqlite3

TakenTable = Literal["programme_mark", "alarm"]


def take(
    connection: sqlite3.Connection,
    *,
    table: TakenTable,
    row: int,
    begins_at: int,
    process: int,
    ended: int | None,
) -> bool:
    """Note that ``process`` does what begins then; False where another does, or it is gone.

    ``ended`` is a process that had taken it, and has ended.
    """
    cursor = connection.execute(
        f"UPDATE {table} SET taken_by = ? WHERE id = ? AND begins_at = ?"
        " AND (taken_by IS NULL OR taken_by = ? OR taken_by = ?)",
        (process, row, begins_at, process, ended),
    )
    return cursor.rowcount == 1
