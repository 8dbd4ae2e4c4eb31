"""Queries about the pages of feeds that hold what is older than the first page.

Each takes the connection first, for :meth:`Store.ask`. The addresses are small words of the store:
losing one costs reading some pages again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

_KEY = "older-page:"


def next_page(connection: sqlite3.Connection, feed: int) -> str | None:
    """The page to go on at; empty where the last one was read, None where none was yet."""
    row = connection.execute(
        "SELECT value FROM memory WHERE key = ?", (f"{_KEY}{feed}",)
    ).fetchone()
    return None if row is None else str(row[0])


def note_next(connection: sqlite3.Connection, *, feed: int, address: str | None) -> None:
    """Note the page to go on at; None: there is no further one."""
    connection.execute(
        "INSERT INTO memory (key, value) VALUES (?, ?)"
        " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (f"{_KEY}{feed}", address or ""),
    )


def entry_digests(connection: sqlite3.Connection, feed: int) -> dict[str, str]:
    """The digest of each entry of a feed that is kept, by guid."""
    return dict(connection.execute("SELECT guid, digest FROM entry WHERE feed = ?", (feed,)))


def want_again(connection: sqlite3.Connection, feed: int, guids: Iterable[str]) -> None:
    """Let entries that were tidied away come back: they are asked for."""
    connection.executemany(
        "DELETE FROM tidied WHERE feed = ? AND guid = ?", [(feed, guid) for guid in guids]
    )
