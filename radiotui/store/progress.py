"""Progress of episodes: the place in each, by feed and guid, whatever its feed lists today.

Each query takes the connection first, for :meth:`Store.ask`, and gives finished values.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from radiotui.store.feeds import moment
from radiotui.store.stories import FROM, KEPT, StoredStory, complete, stored_story

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
    connection.execute(
        "INSERT INTO progress (feed, guid, heard, length, heard_at, played)"
        " SELECT feed, guid, ?, ?, ?, ? FROM entry WHERE id = ?"
        " ON CONFLICT (feed, guid) DO UPDATE SET heard = excluded.heard,"
        " length = max(excluded.length, length * (excluded.length = 0)),"
        " heard_at = excluded.heard_at, played = max(played, excluded.played)",
        (heard, length, int(at.timestamp()), is_played, entry),
    )


def progress(connection: sqlite3.Connection, entries: Sequence[int]) -> dict[int, Progress]:
    """The progress of those of the entries that were begun."""
    found: dict[int, Progress] = {}
    for entry in entries:
        row = connection.execute(
            "SELECT progress.heard, progress.length, progress.heard_at, progress.played"
            " FROM progress JOIN entry"
            " ON entry.feed = progress.feed AND entry.guid = progress.guid WHERE entry.id = ?",
            (entry,),
        ).fetchone()
        at = moment(row[2]) if row else None
        if row is not None and at is not None:
            found[entry] = Progress(row[0], row[1], at, bool(row[3]))
    return found


def in_progress(
    connection: sqlite3.Connection, urls: Sequence[str], limit: int
) -> list[StoredStory]:
    """The entries of those feeds that were begun and not heard to their end, the last one first."""
    rows = connection.execute(
        f"SELECT {KEPT} FROM {FROM} JOIN progress"
        " ON progress.feed = entry.feed AND progress.guid = entry.guid"
        f" WHERE feed.url IN ({', '.join('?' * len(urls))}) AND progress.heard > 0"
        " ORDER BY progress.heard_at DESC, entry.id DESC LIMIT ?",
        (*urls, limit),
    )
    return complete(connection, [stored_story(tuple(row)) for row in rows.fetchall()])
