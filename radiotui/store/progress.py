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
    connection.execute(
        "INSERT INTO progress (feed, guid, heard, length, heard_at, played, unsent)"
        " SELECT feed, guid, ?, ?, ?, ?, 1 FROM entry WHERE id = ?"
        " ON CONFLICT (feed, guid) DO UPDATE SET heard = excluded.heard,"
        " length = max(excluded.length, length * (excluded.length = 0)),"
        " heard_at = excluded.heard_at, played = max(played, excluded.played),"
        " unsent = excluded.unsent",
        (heard, length, int(at.timestamp()), is_played, entry),
    )


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
