"""Queries about the items that entries were read from: those that are the same are not parsed.

Each takes the connection first, for :meth:`Store.ask`, and gives finished values.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3


def item_hashes(connection: sqlite3.Connection, feed: int) -> dict[str, str]:
    """The hash of each item whose entry is stored, or tidied away, as it was read then; by guid."""
    return dict(
        connection.execute(
            "SELECT item.guid, item.hash FROM item JOIN entry"
            " ON entry.feed = item.feed AND entry.guid = item.guid AND entry.digest = item.digest"
            " WHERE item.feed = ?"
            " UNION ALL SELECT item.guid, item.hash FROM item JOIN tidied"
            " ON tidied.feed = item.feed AND tidied.guid = item.guid"
            " AND tidied.digest = item.digest WHERE item.feed = ?",
            (feed, feed),
        )
    )


def keep_item_hashes(connection: sqlite3.Connection, feed: int, hashes: Mapping[str, str]) -> None:
    """Replace the items of a feed by those of its last answer, once its entries are kept."""
    stored = dict(connection.execute("SELECT guid, hash FROM item WHERE feed = ?", (feed,)))
    connection.executemany(
        "DELETE FROM item WHERE feed = ? AND guid = ?",
        [(feed, guid) for guid in stored if guid not in hashes],
    )
    connection.executemany(
        "INSERT OR REPLACE INTO item (feed, guid, hash, digest)"
        " SELECT feed, guid, ?, digest FROM tidied WHERE feed = ? AND guid = ?"
        " UNION ALL SELECT feed, guid, ?, digest FROM entry WHERE feed = ? AND guid = ?",
        [
            (item_hash, feed, guid) * 2
            for guid, item_hash in hashes.items()
            if stored.get(guid) != item_hash
        ],
    )
