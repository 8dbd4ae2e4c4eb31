"""Progress of episodes: the place in each, by feed and guid, whatever its feed lists today.

Each query takes the connection first, for :meth:`Store.ask`, and gives finished values.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from radiotui.store.beside import in_parts
from radiotui.store.feeds import moment

if TYPE_CHECKING:
    import sqlite3


class Progress(msgspec.Struct, frozen=True):
    """An episode that was begun."""

    heard: float
    """Seconds; 0.0 once it was heard to its end."""
    length: float
    """Seconds of all of it; 0.0 where that is not known."""
    heard_at: datetime
    is_played: bool
    """True once it was heard to its end."""


def note_heard(
    connection: sqlite3.Connection,
    entry: int,
    heard: float,
    length: float,
    at: datetime,
    *,
    is_played: bool = False,
) -> None:
    """Note how far an entry's sound was heard. One that was heard to its end stays played."""
    row = connection.execute(
        "SELECT feed.url, entry.guid FROM entry JOIN feed ON feed.id = entry.feed"
        " WHERE entry.id = ?",
        (entry,),
    ).fetchone()
    if row is not None:
        note_place(connection, tuple(row), heard, length, at, is_played=is_played)


def note_place(
    connection: sqlite3.Connection,
    identity: tuple[str, str],
    heard: float,
    length: float,
    at: datetime,
    *,
    is_played: bool = False,
) -> None:
    """As :func:`note_heard`, by the address of the feed and the guid: it may list it no more."""
    feed, guid = identity
    connection.execute(
        "INSERT INTO progress (feed, guid, heard, length, heard_at, played, unsent)"
        " SELECT id, ?, ?, ?, ?, ?, 1 FROM feed WHERE url = ?"
        " ON CONFLICT (feed, guid) DO UPDATE SET heard = excluded.heard,"
        " length = max(excluded.length, length * (excluded.length = 0)),"
        " heard_at = excluded.heard_at, played = max(played, excluded.played),"
        " unsent = excluded.unsent",
        (guid, heard, length, int(at.timestamp()), is_played, feed),
    )


def progress_of(connection: sqlite3.Connection, feed: str, guid: str) -> Progress | None:
    """The progress of an episode, by the address of its feed and its guid; None: not begun."""
    row = connection.execute(
        "SELECT heard, length, heard_at, played FROM progress"
        " WHERE feed = (SELECT id FROM feed WHERE url = ?) AND guid = ?",
        (feed, guid),
    ).fetchone()
    at = moment(row[2]) if row else None
    return Progress(row[0], row[1], at, bool(row[3])) if at is not None else None


def progress(connection: sqlite3.Connection, entries: Sequence[int]) -> dict[int, Progress]:
    """The progress of those of the entries that were begun."""
    begun: dict[int, Progress] = {}
    for ids in in_parts(entries):
        rows = connection.execute(
            "SELECT entry.id, progress.heard, progress.length, progress.heard_at, progress.played"
            " FROM entry JOIN progress"
            " ON progress.feed = entry.feed AND progress.guid = entry.guid"
            f" WHERE entry.id IN ({', '.join('?' * len(ids))})",
            ids,
        )
        for entry, heard, length, heard_at, is_played in rows:
            at = moment(heard_at)
            if at is not None:
                begun[entry] = Progress(heard, length, at, bool(is_played))
    return begun
