"""Failures of SQLite in plain words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from radiotui.problems import Problem, ProblemKind

if TYPE_CHECKING:
    import sqlite3


def result_code(error: Exception) -> int:
    """SQLite's result code: an extended one carries it in its low byte. 0 for other errors."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def in_words(error: sqlite3.Error, path: Path) -> Problem | None:
    """Problem for a failure; None for a mistake of our own."""
    import sqlite3

    kind = ProblemKind.OTHER
    match result_code(error):
        case sqlite3.SQLITE_FULL:
            title, hint = "The disk is full", f"{path} cannot grow: make room"
            kind = ProblemKind.FULL_DISK
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            title = f"{path.name} is in use"
            hint = "another radiotui is writing to it: try again"
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM | sqlite3.SQLITE_AUTH:
            title, hint = f"{path} may not be written", "check the folder's permissions"
            kind = ProblemKind.NOT_WRITABLE
        case sqlite3.SQLITE_CANTOPEN:
            title = f"{path} cannot be opened"
            hint = "check the folder, and that it may be written"
        case sqlite3.SQLITE_IOERR:
            title, hint = f"{path} cannot be read or written", "the disk may be full or failing"
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            title, hint = f"{path} is damaged", "the disk may be failing"
            kind = ProblemKind.DAMAGED
        case _:
            return None
    return Problem(title, hint, str(error), kind=kind)
