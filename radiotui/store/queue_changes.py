"""Queries about the last changes of the queues, by which they are undone in any program.

Each takes the connection first, for :meth:`Store.ask`, and gives finished values.
"""

from __future__ import annotations

import logging
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from radiotui.store import queues
from radiotui.store.queues import Identity, QueuedRow, RowChange

if TYPE_CHECKING:
    import sqlite3

log = logging.getLogger(__name__)

_MOST_CHANGES = 100


class QueueChange(msgspec.Struct, frozen=True, omit_defaults=True):
    """A change of a queue, with all that takes it back. It weighs what was changed."""

    queue: str
    """Name of the queue, as it was called after the change."""
    words: str
    """For the listener: "3 stories taken out"."""
    before: tuple[QueuedRow, ...] = ()
    """Rows that were taken out or moved, as they were."""
    new: tuple[Identity, ...] = ()
    """Rows that were not there."""
    made: bool = False
    deleted: bool = False
    rule: str | None = None
    """The rule that it had, where it has another now or was deleted."""
    old_name: str = ""
    """Its name before it was renamed."""


def note_change(
    connection: sqlite3.Connection, change: QueueChange, rows: RowChange, at: datetime
) -> None:
    """Note a change, to be undone; one that changed nothing is left out."""
    change = msgspec.structs.replace(change, before=rows.before, new=rows.new)
    is_of_queue = change.made or change.deleted or change.rule is not None or change.old_name
    if not (change.before or change.new or is_of_queue):
        return
    connection.execute(
        "INSERT INTO queue_change (number, changed_at, change)"
        " SELECT coalesce(max(number), 0) + 1, ?, ? FROM queue_change",
        (int(at.timestamp()), msgspec.json.encode(change).decode()),
    )
    connection.execute(
        "DELETE FROM queue_change WHERE number <= (SELECT max(number) FROM queue_change) - ?",
        (_MOST_CHANGES,),
    )


def undo_change(connection: sqlite3.Connection, at: datetime) -> QueueChange | None:
    """Take back the last change; None where none is known.

    What was done to other rows since then stays done.
    """
    row = connection.execute(
        "SELECT number, change FROM queue_change ORDER BY number DESC LIMIT 1"
    ).fetchone()
    if row is None:
        return None
    number, word = row
    connection.execute("DELETE FROM queue_change WHERE number = ?", (number,))
    try:
        change = msgspec.json.decode(word, type=QueueChange)
    except msgspec.DecodeError as error:
        log.warning("a change of the queue cannot be undone: %s", error)
        return None
    if change.deleted:
        queues.make_queue(connection, change.queue, at, change.rule or "")
    elif change.rule is not None:
        queues.set_rule(connection, change.queue, change.rule, at)
    for identity in change.new:
        queues.take_row_out(connection, change.queue, identity)
    for before in change.before:
        queues.put_row(connection, change.queue, before)
    if change.old_name:
        queues.rename_queue(connection, change.queue, change.old_name, at)
    is_empty = not queues.queued_rows(connection, change.queue)
    if change.made and is_empty:
        queues.delete_queue(connection, change.queue)
    return change
