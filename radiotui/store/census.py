"""Census of the store: how much it holds, and whether its file is whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    import sqlite3


class Census(msgspec.Struct, frozen=True):
    """Numbers of what is kept."""

    stories: int
    starred: int
    played: int
    """Titles and programmes of the history."""
    damage: str
    """SQLite's first word about what is damaged; empty where the file is whole."""


def take_census(connection: sqlite3.Connection) -> Census:
    """The census; reads the whole file."""
    stories, starred, played = (
        int(connection.execute(query).fetchone()[0])
        for query in (
            "SELECT count(*) FROM entry",
            "SELECT count(*) FROM state WHERE starred",
            "SELECT count(*) FROM heard",
        )
    )
    verdict = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
    return Census(stories, starred, played, "" if verdict == "ok" else verdict)
