"""Queries about how far episodes were heard in another program, or are to be told to one.

Each takes the connection first, for :meth:`Store.ask`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from radiotui.store.feeds import moment, seconds

if TYPE_CHECKING:
    import sqlite3

_SAME_DAY = 86_400
"""Seconds between two times of one episode: programs write them in many zones."""


class PlayedState(msgspec.Struct, frozen=True):
    """Place up to which an episode was heard, and all that it is known by."""

    feed: str
    """The address of its podcast."""
    guid: str = ""
    """Empty where the program did not tell it."""
    sound: str = ""
    title: str = ""
    published: datetime | None = None
    heard: float = 0.0
    """Seconds; 0.0 for one that was heard to its end."""
    is_played: bool = False
    heard_at: datetime | None = None


def played_states(connection: sqlite3.Connection, urls: Sequence[str]) -> list[PlayedState]:
    """The episodes of those podcasts that were begun or heard, the last one first."""
    rows = connection.execute(
        "SELECT feed.url, progress.guid, coalesce(enclosure.url, ''), coalesce(entry.title, ''),"
        " entry.published, progress.heard, progress.played, progress.heard_at"
        " FROM progress JOIN feed ON feed.id = progress.feed"
        " LEFT JOIN entry ON entry.feed = progress.feed AND entry.guid = progress.guid"
        " LEFT JOIN enclosure ON enclosure.entry = entry.id AND enclosure.place = 0"
        f" WHERE feed.url IN ({', '.join('?' * len(urls))})"
        " ORDER BY progress.heard_at DESC, progress.guid",
        tuple(urls),
    )
    return [
        PlayedState(feed, guid, sound, title, moment(published), heard, bool(played), moment(at))
        for feed, guid, sound, title, published, heard, played, at in rows
    ]


def apply_states(
    connection: sqlite3.Connection, states: Iterable[PlayedState], now: datetime
) -> int:
    """Note how far episodes were heard elsewhere; the number of those that are known here.

    What was heard here since stays. One with a guid is noted before its podcast has answered.
    """
    known = 0
    for state in states:
        row = connection.execute("SELECT id FROM feed WHERE url = ?", (state.feed,)).fetchone()
        guid = None if row is None else _guid_of(connection, row[0], state)
        if guid is None:
            continue
        known += 1
        at = seconds(min(state.heard_at or now, now))
        connection.execute(
            "INSERT INTO progress (feed, guid, heard, length, heard_at, played)"
            " VALUES (?, ?, ?, 0, ?, ?) ON CONFLICT (feed, guid) DO UPDATE SET"
            " heard = iif(excluded.heard_at > heard_at, excluded.heard, heard),"
            " played = max(played, excluded.played), unsent = 1,"
            " heard_at = max(heard_at, excluded.heard_at)",
            (row[0], guid, 0.0 if state.is_played else state.heard, at, state.is_played),
        )
        if state.is_played:
            connection.execute(
                "INSERT INTO state (feed, guid, read) VALUES (?, ?, 1)"
                " ON CONFLICT (feed, guid) DO UPDATE SET read = 1",
                (row[0], guid),
            )
    return known


def _guid_of(connection: sqlite3.Connection, feed: int, state: PlayedState) -> str | None:
    """The guid that an episode has here: as it was told, else by its sound, or title and day."""
    if state.guid:
        return state.guid
    row = None
    if state.sound:
        row = connection.execute(
            "SELECT entry.guid FROM entry JOIN enclosure ON enclosure.entry = entry.id"
            " WHERE entry.feed = ? AND enclosure.url = ?",
            (feed, state.sound),
        ).fetchone()
    if row is None and state.title and state.published is not None:
        row = connection.execute(
            "SELECT guid FROM entry WHERE feed = ? AND title = ? AND abs(published - ?) < ?",
            (feed, state.title, seconds(state.published), _SAME_DAY),
        ).fetchone()
    return None if row is None else str(row[0])
