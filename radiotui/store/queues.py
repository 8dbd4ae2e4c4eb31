"""Queries about the queues: their rows, by (feed, guid) or by path.

A row has all that is needed to hear it, so it stays whatever its feed lists. Each query takes the
connection first, for :meth:`Store.ask`, and gives finished values.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from radiotui.store.queue_ranks import ranks

if TYPE_CHECKING:
    import sqlite3

FIRST_QUEUE = "Main"
"""Name of the queue that is there from the beginning."""
_IN_USE = "queue in use"

Identity = tuple[str, str, str]
"""Feed, guid and path of a row: an entry has the first two, a file the last."""


class QueuedRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A row of a queue."""

    feed: str = ""
    """Address of its feed, as the station list names it."""
    guid: str = ""
    path: str = ""
    """Of a recording, or of a file of the listener's."""
    title: str
    maker: str = ""
    address: str = ""
    """Where its sound is."""
    kept: str = ""
    """Name of the file that an episode is kept in."""
    seconds: float | None = None
    rank: float = 0.0
    """The lower, the earlier."""
    added_at: int = 0
    """Seconds since 1970."""
    entry: int = 0
    """Number of its entry; 0 where that is not kept any more."""

    @property
    def identity(self) -> Identity:
        """Its name, which is the same whatever the store keeps of it."""
        return self.feed, self.guid, self.path


class StoredQueue(msgspec.Struct, frozen=True):
    """A queue without its rows."""

    name: str
    rule: str = ""
    """How it is filled, as the listener wrote it; empty: by hand alone."""
    items: int = 0
    seconds: float = 0.0
    """Of those of its items whose length is known."""


class RowChange(msgspec.Struct, frozen=True, omit_defaults=True):
    """Difference that a change made to the rows of a queue."""

    before: tuple[QueuedRow, ...] = ()
    """Rows that were taken out or moved, as they were."""
    new: tuple[Identity, ...] = ()
    """Rows that were not there."""


_NAMES = ("feed", "guid", "path", "title", "maker", "address", "kept", "seconds", "rank")
_COLUMNS = ", ".join((*_NAMES, "added_at"))
_OF_IDENTITY = "queue = ? AND feed = ? AND guid = ? AND path = ?"


def queues(connection: sqlite3.Connection) -> list[StoredQueue]:
    """Every queue, in the order in which they were made; one at least."""
    rows = connection.execute(
        "SELECT name, rule, (SELECT count(*) FROM queued WHERE queue = name),"
        " (SELECT coalesce(sum(seconds), 0.0) FROM queued WHERE queue = name)"
        " FROM queue ORDER BY rank, name"
    )
    return [StoredQueue(*row) for row in rows] or [StoredQueue(FIRST_QUEUE)]


def queue_in_use(connection: sqlite3.Connection) -> StoredQueue:
    """The queue that is played and added to: the one that was chosen last, else the first."""
    row = connection.execute("SELECT value FROM memory WHERE key = ?", (_IN_USE,)).fetchone()
    listed = queues(connection)
    return next((queue for queue in listed if row and queue.name == row[0]), listed[0])


def use_queue(connection: sqlite3.Connection, name: str) -> None:
    """Use a queue from now on, in every program."""
    connection.execute(
        "INSERT INTO memory (key, value) VALUES (?, ?)"
        " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (_IN_USE, name),
    )


def make_queue(connection: sqlite3.Connection, name: str, at: datetime, rule: str = "") -> None:
    """Begin a queue, behind the others; one of that name stays as it is."""
    # The first one has no row until it has a rule, something in it, or another one beside it.
    is_first = not connection.execute("SELECT 1 FROM queue").fetchone()
    for new_name, its_rule in (((FIRST_QUEUE, ""),) if is_first else ()) + ((name, rule),):
        connection.execute(
            "INSERT OR IGNORE INTO queue (name, rule, rank, added_at)"
            " SELECT ?, ?, coalesce(max(rank), 0) + 1, ? FROM queue",
            (new_name, its_rule, int(at.timestamp())),
        )


def set_rule(connection: sqlite3.Connection, name: str, rule: str, at: datetime) -> None:
    """Fill a queue by another rule; empty: by none."""
    make_queue(connection, name, at)
    connection.execute("UPDATE queue SET rule = ? WHERE name = ?", (rule, name))


def rename_queue(connection: sqlite3.Connection, name: str, new_name: str, at: datetime) -> None:
    """Call a queue otherwise; nothing else has that name."""
    was_in_use = queue_in_use(connection).name == name
    make_queue(connection, name, at)
    connection.execute("UPDATE queue SET name = ? WHERE name = ?", (new_name, name))
    connection.execute("UPDATE queued SET queue = ? WHERE queue = ?", (new_name, name))
    if was_in_use:
        use_queue(connection, new_name)


def delete_queue(connection: sqlite3.Connection, name: str) -> None:
    """Let go of a queue, with all that is in it."""
    connection.execute("DELETE FROM queued WHERE queue = ?", (name,))
    connection.execute("DELETE FROM queue WHERE name = ?", (name,))


def queued_rows(connection: sqlite3.Connection, name: str) -> list[QueuedRow]:
    """The rows of a queue, in order."""
    rows = connection.execute(
        f"SELECT {_COLUMNS}, coalesce((SELECT entry.id FROM entry JOIN feed"
        " ON feed.id = entry.feed WHERE feed.url = queued.feed AND entry.guid = queued.guid), 0)"
        " FROM queued WHERE queue = ? ORDER BY rank, added_at, feed, guid, path",
        (name,),
    )
    names = (*_NAMES, "added_at", "entry")
    return [QueuedRow(**dict(zip(names, row, strict=True))) for row in rows]


def write_rows(
    connection: sqlite3.Connection, name: str, wanted: Sequence[QueuedRow], at: datetime
) -> RowChange:
    """Make a queue be these rows, in this order; only those that differ are written."""
    stored = {row.identity: row for row in queued_rows(connection, name)}
    identities = {row.identity for row in wanted}
    gone = [row for identity, row in stored.items() if identity not in identities]
    for row in gone:
        take_row_out(connection, name, row.identity)
    by_rank = [stored.get(row.identity) for row in wanted]
    moved: list[QueuedRow] = []
    new: list[Identity] = []
    for row, before, rank in zip(
        wanted, by_rank, ranks([row.rank if row else None for row in by_rank]), strict=True
    ):
        if before is None:
            new.append(row.identity)
            put_row(connection, name, replace(row, rank=rank, added_at=int(at.timestamp())))
        elif before.rank != rank:
            moved.append(before)
            put_row(connection, name, replace(before, rank=rank))
    if new:
        make_queue(connection, name, at)
    return RowChange((*gone, *moved), tuple(new))


def put_row(connection: sqlite3.Connection, name: str, row: QueuedRow) -> None:
    """Put a row into a queue, at its rank; one that is there has that rank from now on."""
    values = [getattr(row, column) for column in (*_NAMES, "added_at")]
    connection.execute(
        f"INSERT INTO queued (queue, {_COLUMNS}) VALUES ({', '.join('?' * (len(values) + 1))})"
        " ON CONFLICT (queue, feed, guid, path) DO UPDATE SET rank = excluded.rank",
        (name, *values),
    )


def take_row_out(connection: sqlite3.Connection, name: str, identity: Identity) -> None:
    """Take a row out of a queue, if it is there."""
    connection.execute(f"DELETE FROM queued WHERE {_OF_IDENTITY}", (name, *identity))


def take_out_of_all(connection: sqlite3.Connection, feed: str, guid: str) -> None:
    """Take an entry out of every queue: it was heard to its end."""
    connection.execute("DELETE FROM queued WHERE feed = ? AND guid = ?", (feed, guid))


def rename_file(connection: sqlite3.Connection, path: str, new_path: str, title: str) -> None:
    """Name a file otherwise in every queue."""
    connection.execute(
        "UPDATE OR REPLACE queued SET path = ?, title = ? WHERE path = ?", (new_path, title, path)
    )
