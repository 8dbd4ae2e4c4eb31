"""Queries about downloads: episodes whose file is to be kept, by feed and guid.

Each takes the connection first, for :meth:`Store.ask`, and gives finished values. What lies in
the folder of downloads is never asked for what is downloaded.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from radiotui.problems import Problem
from radiotui.store.clips import CLIPPED
from radiotui.store.feeds import moment
from radiotui.store.stories import FROM, IS_SOUND, KEPT, StoredStory, complete, stored_story

if TYPE_CHECKING:
    import sqlite3

DownloadState = Literal["waiting", "whole", "failed", "stopped", "removed"]
"""Stopped: the listener took the wish back in this run, and may take that back."""


class StoredDownload(msgspec.Struct, frozen=True):
    """An episode that is to be downloaded, or was."""

    entry: int
    """The id of its entry."""
    feed: str
    """The address of its podcast."""
    podcast: str
    guid: str
    title: str
    url: str
    """The address of its sound; empty where the feed names none any more."""
    published: datetime | None
    state: DownloadState
    path: str
    """The finished file, or the place that it is to have; empty before that."""
    size: int
    """Bytes of the finished file."""
    wanted_at: datetime
    finished_at: datetime | None
    is_automatic: bool
    problem: Problem | None
    """Why it failed, or waits, in words alone."""
    is_starred: bool = False
    played_at: datetime | None = None
    """When it was heard to its end; None for one that was not."""
    seconds: float | None = None
    """Its length, as the feed says."""
    length: int | None = None
    """Bytes, as the feed says."""


_HAS_SOUND = f"enclosure.entry = entry.id AND ({IS_SOUND} OR type LIKE 'video/%')"
_SOUND = f"FROM enclosure WHERE {_HAS_SOUND} ORDER BY place LIMIT 1"
_COLUMNS = f"""
    entry.id, feed.url, feed.title, entry.guid, entry.title,
    coalesce((SELECT enclosure.url {_SOUND}), ''),
    min(entry.published, entry.first_seen), download.state, download.path, download.size,
    download.wanted_at, download.finished_at, download.automatic, download.problem, download.hint,
    coalesce(state.starred, 0), iif(progress.played, progress.heard_at, NULL),
    (SELECT enclosure.seconds {_SOUND}), (SELECT enclosure.length {_SOUND})
"""
_TABLES = """
    download JOIN entry ON entry.feed = download.feed AND entry.guid = download.guid
    JOIN feed ON feed.id = entry.feed
    LEFT JOIN state ON state.feed = entry.feed AND state.guid = entry.guid
    LEFT JOIN progress ON progress.feed = entry.feed AND progress.guid = entry.guid
"""
_IN_ORDER = """
    download.state = 'whole', iif(download.state = 'whole', -download.finished_at,
    download.wanted_at), entry.placed_at DESC, entry.id DESC
"""
"""Those that are not there yet first, in the order in which they come; then the newest ones."""


def downloads(
    connection: sqlite3.Connection, states: Collection[DownloadState]
) -> list[StoredDownload]:
    """The downloads in those states."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM {_TABLES}"
        f" WHERE download.state IN ({', '.join('?' * len(states))}) ORDER BY {_IN_ORDER}",
        tuple(states),
    )
    return [_download(row) for row in rows.fetchall()]


def download(connection: sqlite3.Connection, entry: int) -> StoredDownload | None:
    """The download of an entry, also one that was removed."""
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM {_TABLES} WHERE entry.id = ?", (entry,)
    ).fetchone()
    return None if row is None else _download(row)


def sound_of(connection: sqlite3.Connection, entry: int) -> tuple[str, str] | None:
    """Title and sound's address of an entry, which is empty without one; None: it is not kept."""
    row = connection.execute(
        f"SELECT entry.title, coalesce((SELECT enclosure.url {_SOUND}), '') FROM entry"
        " WHERE entry.id = ?",
        (entry,),
    ).fetchone()
    return None if row is None else (str(row[0]), str(row[1]))


def downloaded(
    connection: sqlite3.Connection,
    limit: int,
    listed: Collection[str] | None = None,
    is_shown: Callable[[StoredStory], bool] | None = None,
) -> list[StoredStory]:
    """The entries that are downloaded or are to be, of whichever feed.

    ``listed`` feeds count as a story's sources; None: all. Those that are not to be shown are
    left out.
    """
    rows = connection.execute(
        f"SELECT {KEPT} FROM {FROM} JOIN download"
        " ON download.feed = entry.feed AND download.guid = entry.guid"
        f" WHERE download.state <> 'removed' ORDER BY {_IN_ORDER}"
    )
    return complete(connection, islice(filter(is_shown, map(stored_story, rows)), limit), listed)


def needed_entries(connection: sqlite3.Connection) -> frozenset[int]:
    """The downloaded entries that wait in any queue, or that a clip is of."""
    rows = connection.execute(
        f"WITH needed (url, guid) AS (SELECT feed, guid FROM queued UNION {CLIPPED}),"
        " address (url, feed) AS"
        " (SELECT url, id FROM feed UNION ALL SELECT url, feed FROM feed_alias)"
        " SELECT entry.id FROM needed JOIN address ON address.url = needed.url"
        " JOIN entry ON entry.feed = address.feed AND entry.guid = needed.guid"
        " JOIN download ON download.feed = entry.feed AND download.guid = entry.guid"
    )
    return frozenset(entry for (entry,) in rows)


def want(
    connection: sqlite3.Connection, entries: Sequence[int], at: datetime, *, automatic: bool = False
) -> None:
    """Want the file of these entries: those that are there stay as they are."""
    for entry in entries:
        connection.execute(
            "INSERT INTO download (feed, guid, state, wanted_at, automatic)"
            " SELECT feed, guid, 'waiting', ?, ? FROM entry WHERE id = ?"
            " ON CONFLICT (feed, guid) DO UPDATE SET wanted_at = excluded.wanted_at,"
            " automatic = excluded.automatic, state = 'waiting', problem = '', hint = ''"
            " WHERE state <> 'whole'",
            (int(at.timestamp()), automatic, entry),
        )


def note_state(
    connection: sqlite3.Connection,
    entry: int,
    state: DownloadState,
    problem: Problem | None = None,
    *,
    path: str | None = None,
    size: int | None = None,
    finished_at: datetime | None = None,
) -> None:
    """Note how the download of an entry stands; what is not given stays as it is."""
    connection.execute(
        "UPDATE download SET state = ?, problem = ?, hint = ?, path = coalesce(?, path),"
        " size = coalesce(?, size), finished_at = coalesce(?, finished_at)"
        " WHERE (feed, guid) = (SELECT feed, guid FROM entry WHERE id = ?)",
        (
            state,
            problem.title if problem else "",
            problem.hint if problem else "",
            path,
            size,
            int(finished_at.timestamp()) if finished_at else None,
            entry,
        ),
    )


def new_episodes(
    connection: sqlite3.Connection, url: str, most: int, *, oldest_first: bool = False
) -> list[int]:
    """The entries that are to be downloaded by themselves among a podcast's newest ones.

    Those are neither played nor were they ever wanted. With ``oldest_first`` they are the oldest
    ones that were not played.
    """
    order = "ASC" if oldest_first else "DESC"
    unplayed = "AND coalesce(progress.played, 0) = 0" if oldest_first else ""
    rows = connection.execute(
        "SELECT entry.id, coalesce(progress.played, 0), download.state IS NOT NULL"
        " FROM entry JOIN feed ON feed.id = entry.feed"
        " LEFT JOIN progress ON progress.feed = entry.feed AND progress.guid = entry.guid"
        " LEFT JOIN download ON download.feed = entry.feed AND download.guid = entry.guid"
        f" WHERE feed.url = ? {unplayed} AND EXISTS (SELECT 1 FROM enclosure WHERE {_HAS_SOUND})"
        f" ORDER BY entry.placed_at {order}, entry.id {order} LIMIT ?",
        (url, most),
    )
    return [entry for entry, played, is_wanted in rows.fetchall() if not played and not is_wanted]


def _download(row: tuple[Any, ...]) -> StoredDownload:
    names, (published, *place, wanted_at, finished_at) = row[:6], row[6:12]
    automatic, title, hint, starred, played_at, *lengths = row[12:]
    values = [
        *(*names, moment(published), *place, moment(wanted_at), moment(finished_at)),
        *(bool(automatic), Problem(title, hint) if title else None, bool(starred)),
        *(moment(played_at), *lengths),
    ]
    return StoredDownload(*values)
