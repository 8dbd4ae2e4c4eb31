"""Feeds that move: their former addresses, and one feed's row under another address.

Each query takes the connection first, for :meth:`Store.ask`. All that the listener did hangs on the
feed's row and its entries' guids, and both stay.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from radiotui.store.clips import rename_clipped

if TYPE_CHECKING:
    import sqlite3

_OF_ITS_ANSWERS = {"entry", "item", "tidied"}
"""Tables by feed and guid that its next answer fills again."""


def note_former(
    connection: sqlite3.Connection, feed: int, addresses: Iterable[str], at: datetime
) -> None:
    """Note addresses that a feed has or had beside that of the list; another feed's stay that's."""
    connection.executemany(
        "INSERT OR IGNORE INTO feed_alias (url, feed, moved_at) SELECT ?, ?, ?"
        " WHERE NOT EXISTS (SELECT 1 FROM feed WHERE url = ?)",
        [(url, feed, int(at.timestamp()), url) for url in addresses],
    )


def url_of_former(connection: sqlite3.Connection, url: str) -> str | None:
    """The address in the list of the feed that has or had this other one."""
    row = connection.execute(
        "SELECT feed.url FROM feed_alias JOIN feed ON feed.id = feed_alias.feed"
        " WHERE feed_alias.url = ?",
        (url,),
    ).fetchone()
    return None if row is None else str(row[0])


def move_feed(connection: sqlite3.Connection, url: str, new_url: str, at: datetime) -> None:
    """Give the feed of one address another one, with all that it has.

    What is stored of a feed that was asked at the new one before is added to it.
    """
    (feed,) = connection.execute("SELECT id FROM feed WHERE url = ?", (url,)).fetchone()
    other = connection.execute("SELECT id FROM feed WHERE url = ?", (new_url,)).fetchone()
    if other is not None and other[0] != feed:
        _join(connection, feed, other[0])
    connection.execute("DELETE FROM feed_alias WHERE url = ?", (new_url,))
    connection.execute(
        "UPDATE feed SET url = ?, address = ?, etag = NULL, modified = NULL, body_hash = NULL,"
        " next_at = NULL, gone = 0, failures = 0, problem = NULL, hint = '' WHERE id = ?",
        (new_url, new_url, feed),
    )
    if url != new_url:
        note_former(connection, feed, [url], at)


def tables_by_guid(connection: sqlite3.Connection) -> list[str]:
    """Tables whose rows are about one entry, by its feed and guid, and outlive its feed's list."""
    return [name for name in _tables(connection, "INTEGER") if name not in _OF_ITS_ANSWERS]


def rename_guid(connection: sqlite3.Connection, feed: int, guid: str, new_guid: str) -> None:
    """Give all that was done to an entry the guid that it has now, in queues and clips too."""
    merge_marks(connection, (feed, new_guid), (feed, guid))
    rename_clipped(connection, feed, guid, new_guid)
    for table in _tables(connection, "TEXT"):
        connection.execute(
            f"UPDATE OR IGNORE {table} SET guid = ?"
            " WHERE feed = (SELECT url FROM feed WHERE id = ?) AND guid = ?",
            (new_guid, feed, guid),
        )


def _tables(connection: sqlite3.Connection, form: str) -> list[str]:
    """Tables with a guid whose feeds are numbers (INTEGER) or addresses (TEXT)."""
    rows = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table'"
        " AND EXISTS (SELECT 1 FROM pragma_table_info(sqlite_master.name) WHERE name = 'guid')"
        " AND EXISTS (SELECT 1 FROM pragma_table_info(sqlite_master.name)"
        " WHERE name = 'feed' AND type = ?)",
        (form,),
    )
    return [name for (name,) in rows.fetchall()]


def merge_marks(connection: sqlite3.Connection, into: tuple[int, str], of: tuple[int, str]) -> None:
    """Add what the listener did to an entry (feed, guid) to another, which is the same one."""
    connection.execute(
        "INSERT INTO state (feed, guid, read, starred, place)"
        " SELECT ?, ?, read, starred, place FROM state WHERE feed = ? AND guid = ?"
        " ON CONFLICT (feed, guid) DO UPDATE SET read = max(read, excluded.read),"
        " starred = max(starred, excluded.starred), place = max(place, excluded.place)",
        (*into, *of),
    )
    connection.execute(
        "INSERT INTO progress (feed, guid, heard, length, heard_at, played, unsent)"
        " SELECT ?, ?, heard, length, heard_at, played, 1 FROM progress"
        " WHERE feed = ? AND guid = ?"
        " ON CONFLICT (feed, guid) DO UPDATE SET"
        " heard = iif(excluded.heard_at > heard_at, excluded.heard, heard),"
        " length = max(length, excluded.length), played = max(played, excluded.played),"
        " heard_at = max(heard_at, excluded.heard_at), unsent = 1",
        (*into, *of),
    )
    for table in tables_by_guid(connection):
        connection.execute(
            f"UPDATE OR IGNORE {table} SET feed = ?, guid = ? WHERE feed = ? AND guid = ?",
            (*into, *of),
        )
        connection.execute(f"DELETE FROM {table} WHERE feed = ? AND guid = ?", of)


def _join(connection: sqlite3.Connection, feed: int, other: int) -> None:
    """Add all of another feed to this one, and let go of the other."""
    for table in tables_by_guid(connection):
        rows = connection.execute(f"SELECT DISTINCT guid FROM {table} WHERE feed = ?", (other,))
        for (guid,) in rows.fetchall():
            merge_marks(connection, (feed, guid), (other, guid))
    connection.execute("UPDATE OR IGNORE entry SET feed = ? WHERE feed = ?", (feed, other))
    for table in ("feed_alias", "podcast_setting"):
        connection.execute(f"UPDATE OR IGNORE {table} SET feed = ? WHERE feed = ?", (feed, other))
    connection.execute("DELETE FROM feed WHERE id = ?", (other,))
