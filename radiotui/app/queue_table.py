"""Changes of the stored queues, each a part of one transaction; and what a name of one may be."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from radiotui.app.queue_items import item_of, rows_of
from radiotui.player.queue import Queue, merged
from radiotui.problems import Problem, ProblemKind
from radiotui.store import queues
from radiotui.store.queue_changes import QueueChange, note_change
from radiotui.store.queues import FIRST_QUEUE, RowChange, StoredQueue
from radiotui.text import clean, nearest, shorten

if TYPE_CHECKING:
    import sqlite3

_LONGEST_NAME = 40
_MOST_QUEUES = 50
_NO_ROWS = RowChange()


class QueueContent(msgspec.Struct, frozen=True):
    """A queue with its items."""

    queue: StoredQueue = StoredQueue(FIRST_QUEUE)
    items: Queue = ()

    @property
    def shown_name(self) -> str:
        """Its name, where it is not the only one that everybody has."""
        return "" if self.queue.name == FIRST_QUEUE else self.queue.name


class QueueFill(msgspec.Struct, frozen=True):
    """End of the filling of a queue."""

    count: int
    """Number of the items that were added."""
    problem: Problem | None = None
    """Why that is not all."""


def content(connection: sqlite3.Connection) -> QueueContent:
    """The queue in use."""
    queue = queues.queue_in_use(connection)
    rows = queues.queued_rows(connection, queue.name)
    return QueueContent(queue, tuple(map(item_of, rows)))


def write(
    connection: sqlite3.Connection, before: QueueContent, after: Queue, at: datetime, words: str
) -> None:
    """Make a queue be ``after``; with ``words`` that can be undone."""
    if after != before.items:
        rows = queues.write_rows(connection, before.queue.name, rows_of(after), at)
        if words:
            note(connection, at, rows, queue=before.queue.name, words=words)


def write_behind(
    connection: sqlite3.Connection,
    before: QueueContent,
    after: Queue,
    skipped: frozenset[str],
    at: datetime,
) -> None:
    """Do to the stored queue what the player did to the one it was shown.

    Only what the listener ``skipped`` can be undone: what was heard is over.
    """
    name = before.queue.name
    stored = tuple(map(item_of, queues.queued_rows(connection, name)))
    rows = rows_of(merged(stored, before.items, after))
    change = queues.write_rows(connection, name, rows, at)
    gone = {item.key for item in before.items} - {item.key for item in after}
    if gone & skipped:
        note(connection, at, change, queue=name, words="one skipped")


def note(
    connection: sqlite3.Connection, at: datetime, rows: RowChange = _NO_ROWS, **change: Any
) -> None:
    """Note a change, to be undone."""
    note_change(connection, QueueChange(**change), rows, at)


def named(connection: sqlite3.Connection, name: str) -> StoredQueue:
    """The queue of that name, however its letters are. Raises Problem where there is none."""
    by_name = {queue.name.casefold(): queue for queue in queues.queues(connection)}
    wanted = clean(name, _LONGEST_NAME).casefold()
    if wanted not in by_name:
        meant = nearest(wanted, list(by_name))
        hint = (
            f"did you mean {by_name[meant].name}?"
            if meant
            else (f"there is {', '.join(queue.name for queue in by_name.values())}")
        )
        title = f"there is no queue {shorten(clean(name), _LONGEST_NAME)!r}"
        raise Problem(title, hint, kind=ProblemKind.NOT_FOUND)
    return by_name[wanted]


def new_name(typed: str) -> str:
    """A name for a queue, as it is stored. Raises Problem where nothing is left of it."""
    name = clean(typed, _LONGEST_NAME)
    if not name:
        raise Problem("A queue needs a name", kind=ProblemKind.USAGE)
    return name


def assert_free(connection: sqlite3.Connection, name: str) -> None:
    """Raise Problem where a queue of that name is there, or too many are."""
    names = [queue.name for queue in queues.queues(connection)]
    if name.casefold() in map(str.casefold, names):
        raise Problem(f"There is a queue “{name}” already", kind=ProblemKind.USAGE)
    if len(names) >= _MOST_QUEUES:
        raise Problem(f"There are {_MOST_QUEUES} queues already", "delete one of them first")
