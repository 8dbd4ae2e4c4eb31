"""Queries about what a listener has set for a podcast, and the loudness that was measured of it.

Each takes the connection first, for :meth:`Store.ask`, and gives finished values. They belong to
the feed's own number: a feed that moves keeps them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from radiotui.store.feeds import subscribe

if TYPE_CHECKING:
    import sqlite3


class StoredSettings(msgspec.Struct, frozen=True):
    """Settings of one podcast, as the rooms of podcasts and sound write them; empty: none."""

    url: str
    """Address of its feed."""
    settings: str = ""
    loudness: str = ""


_COLUMNS = "feed.url, coalesce(settings, ''), coalesce(loudness, '')"


def settings_of(connection: sqlite3.Connection, url: str) -> StoredSettings:
    """The settings of the podcast with that address."""
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM feed JOIN podcast_setting ON podcast_setting.feed = feed.id"
        " WHERE feed.url = ?",
        (url,),
    ).fetchone()
    return StoredSettings(*row) if row else StoredSettings(url)


def settings_of_entry(connection: sqlite3.Connection, entry: int) -> StoredSettings | None:
    """The settings of an entry's podcast; None where the entry is not kept any more."""
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM entry JOIN feed ON feed.id = entry.feed"
        " LEFT JOIN podcast_setting ON podcast_setting.feed = feed.id WHERE entry.id = ?",
        (entry,),
    ).fetchone()
    return StoredSettings(*row) if row else None


def all_settings(connection: sqlite3.Connection) -> list[StoredSettings]:
    """The settings of every podcast that has any."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM podcast_setting JOIN feed ON feed.id = podcast_setting.feed"
        " ORDER BY feed.url"
    )
    return [StoredSettings(*row) for row in rows]


def keep_settings(connection: sqlite3.Connection, url: str, settings: str) -> None:
    """Keep the settings of a podcast, of which nothing need be known yet."""
    (feed,) = subscribe(connection, [url])
    _keep(connection, feed.id, "settings", settings)


def keep_loudness(connection: sqlite3.Connection, entry: int, loudness: str) -> None:
    """Keep the loudness of an entry's podcast."""
    row = connection.execute("SELECT feed FROM entry WHERE id = ?", (entry,)).fetchone()
    if row is not None:
        _keep(connection, row[0], "loudness", loudness)


def _keep(connection: sqlite3.Connection, feed: int, column: str, value: str) -> None:
    connection.execute(
        f"INSERT INTO podcast_setting (feed, {column}) VALUES (?, ?)"
        f" ON CONFLICT (feed) DO UPDATE SET {column} = excluded.{column}",
        (feed, value),
    )
