"""Queries about files that episodes name beside their sound: their words, their chapters.

Each takes the connection first, for :meth:`Store.ask`, and gives finished values.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Literal

import msgspec

from radiotui.store.feeds import moment, seconds

if TYPE_CHECKING:
    import sqlite3

FileKind = Literal["transcript", "chapters"]


class EpisodeFile(msgspec.Struct, frozen=True):
    """A file beside an episode's sound, as it was last read."""

    kind: FileKind
    url: str
    fetched_at: datetime | None
    content: str
    """As the room of podcasts writes it."""


def episode_file(
    connection: sqlite3.Connection, entry: int, kind: FileKind, url: str
) -> EpisodeFile | None:
    """The file of that address that belongs to an entry."""
    row = connection.execute(
        "SELECT episode_file.fetched_at, episode_file.content FROM entry JOIN episode_file"
        " ON episode_file.feed = entry.feed AND episode_file.guid = entry.guid"
        " WHERE entry.id = ? AND kind = ? AND url = ?",
        (entry, kind, url),
    ).fetchone()
    return None if row is None else EpisodeFile(kind, url, moment(row[0]), row[1])


def keep_episode_file(connection: sqlite3.Connection, entry: int, file: EpisodeFile) -> None:
    """Keep a file of an entry that is stored; the one of that address from before is replaced."""
    connection.execute(
        "INSERT INTO episode_file (feed, guid, kind, url, fetched_at, content)"
        " SELECT feed, guid, ?, ?, ?, ? FROM entry WHERE id = ?"
        " ON CONFLICT (feed, guid, kind, url) DO UPDATE"
        " SET fetched_at = excluded.fetched_at, content = excluded.content",
        (file.kind, file.url, seconds(file.fetched_at), file.content, entry),
    )
    if file.kind == "transcript":
        connection.execute("UPDATE entry SET indexed = 0 WHERE id = ?", (entry,))


def transcripts(connection: sqlite3.Connection, entry: int) -> list[str]:
    """The contents of all transcripts that are kept of an entry."""
    rows = connection.execute(
        "SELECT episode_file.content FROM entry JOIN episode_file"
        " ON episode_file.feed = entry.feed AND episode_file.guid = entry.guid"
        " WHERE entry.id = ? AND kind = 'transcript' ORDER BY url",
        (entry,),
    )
    return [content for (content,) in rows]
