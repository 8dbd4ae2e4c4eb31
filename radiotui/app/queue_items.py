"""Items of the player's queue as rows of the store, and those that an older version remembered."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from radiotui.player.queue import Queue, QueueItem, entry_key, file_key
from radiotui.store.queues import QueuedRow
from radiotui.text import without_password

if TYPE_CHECKING:
    import sqlite3

log = logging.getLogger(__name__)

REMEMBERED = "newscast"
"""Key of the word in which older versions kept the whole queue."""
_LONGEST_NUMBER = 19
"""Digits that SQLite does not count to."""


def item_of(row: QueuedRow) -> QueueItem:
    """A row as it is heard."""
    return QueueItem(
        key=file_key(row.path) if row.path else entry_key(row.feed, row.guid),
        url=row.address,
        title=row.title,
        from_=row.maker,
        seconds=row.seconds,
        path=row.path,
        kept=row.kept,
        feed=row.feed,
        guid=row.guid,
        entry=row.entry,
    )


def is_text(path: str) -> bool:
    """False for the path of a file that cannot be stored: its bytes are no letters."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def rows_of(queue: Queue) -> list[QueuedRow]:
    """Items as they are stored."""
    return [
        QueuedRow(
            feed=item.feed,
            guid=item.guid or ("" if item.path else item.url),
            path=item.path,
            title=item.title,
            maker=item.from_,
            address=item.url,
            kept=item.kept,
            seconds=item.seconds,
            entry=item.entry,
        )
        for item in queue
    ]


def with_identity(connection: sqlite3.Connection, item: QueueItem) -> QueueItem:
    """An item that was remembered, by its feed and guid, with the number of its entry of now.

    Older versions remembered the number alone. Where the entry is not kept any more, its address
    is all the identity that is left.
    """
    from radiotui.store.episodes import entry_of, identity_of

    if item.path:
        return item
    if item.guid:
        return replace(item, entry=entry_of(connection, item.feed, item.guid) or 0)
    entry = int(item.key) if item.key.isdecimal() and len(item.key) < _LONGEST_NUMBER else 0
    feed, guid = identity_of(connection, entry) or ("", item.url)
    return replace(item, key=entry_key(feed, guid), feed=feed, guid=guid, entry=entry)


def take_over_remembered(connection: sqlite3.Connection) -> Sequence[QueueItem]:
    """The queue that an older version remembered; it is handed over once."""
    row = connection.execute("SELECT value FROM memory WHERE key = ?", (REMEMBERED,)).fetchone()
    if row is None:
        return ()
    try:
        items = msgspec.json.decode(row[0], type=Queue)
    except (msgspec.DecodeError, ValueError) as error:
        log.warning("the queue of an older version cannot be read: %s", error)
        return ()
    connection.execute("DELETE FROM memory WHERE key = ?", (REMEMBERED,))
    # Older versions kept passwords in addresses.
    plain = (replace(item, url=without_password(item.url)) for item in items)
    return [with_identity(connection, item) for item in plain]
