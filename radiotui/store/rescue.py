"""Rescue of a damaged store: all that can still be read is carried into a new one.

Nearly all stands twice in the file: the words of a story in the index of the search, a feed's
address and the stars in indexes of their own. So few pages that are lost lose little.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from radiotui.store.mending import Mender, Row, Shapes, is_indexed_text
from radiotui.store.mentions import Mentions
from radiotui.store.pages import DatabasePages
from radiotui.store.tables import Table, stored_tables

if TYPE_CHECKING:
    import sqlite3

_STATEMENTS = (
    # A feed without its address: its stories are there, and it is not asked.
    """
    INSERT OR IGNORE INTO feed (id, url, address, title, gone)
    SELECT feed, 'lost-feed:' || feed, 'lost-feed:' || feed, 'a feed that was lost', 1
    FROM (SELECT feed FROM entry UNION SELECT feed FROM state WHERE starred)
    WHERE feed NOT IN (SELECT id FROM feed)
    """,
    "DELETE FROM state WHERE feed NOT IN (SELECT id FROM feed)",
    "DELETE FROM tidied WHERE feed NOT IN (SELECT id FROM feed)",
    "DELETE FROM download WHERE feed NOT IN (SELECT id FROM feed)",
    "DELETE FROM episode_file WHERE feed NOT IN (SELECT id FROM feed)",
    "DELETE FROM progress WHERE feed NOT IN (SELECT id FROM feed)",
    "DELETE FROM feed_alias WHERE feed NOT IN (SELECT id FROM feed)",
    "DELETE FROM enclosure WHERE entry NOT IN (SELECT id FROM entry)",
    """
    INSERT OR IGNORE INTO queue (name, rule, rank, added_at)
    SELECT queue, '', 0, min(added_at) FROM queued GROUP BY queue
    """,
    # The number of a lost entry is given to another one day, which is no part of its story.
    """
    UPDATE entry SET story = first.id
    FROM (SELECT story, min(id) AS id FROM entry GROUP BY story) AS first
    WHERE first.story = entry.story AND entry.story NOT IN (SELECT id FROM entry)
    """,
)
_WITH_STAR = "entry JOIN state ON state.feed = entry.feed AND state.guid = entry.guid AND starred"


class Rescue(msgspec.Struct, frozen=True):
    """Numbers of things that were carried over, each with the number that is known to be lost."""

    stars: tuple[int, int]
    stories: tuple[int, int]
    heard: tuple[int, int]

    @property
    def words(self) -> str:
        """For the listener: what could be read."""
        parts = [
            f"{number} of {number + lost} {many}"
            if lost
            else f"{number} {single if number == 1 else many}"
            for (number, lost), single, many in (
                (self.stars, "star", "stars"),
                (self.stories, "story", "stories"),
                (self.heard, "heard title", "heard titles"),
            )
            if number + lost
        ]
        return " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:]))) or "nothing"


def rescue(damaged: Path, connection: sqlite3.Connection, now: datetime) -> Rescue:
    """Carry what can be read of ``damaged`` into a new store, which has nothing but its tables.

    Raises OSError where the file cannot be opened, and what SQLite raises for the new one.
    """
    tables = stored_tables(connection)
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("BEGIN")
    with _opened(damaged) as pages:
        mentions = _carry(pages, connection, tables, Mender(int(now.timestamp())))
    for statement in _STATEMENTS:
        connection.execute(statement)
    connection.execute("COMMIT")
    return _count(connection, mentions)


def _carry(
    pages: DatabasePages, connection: sqlite3.Connection, tables: list[Table], mender: Mender
) -> Mentions:
    shapes, mentions = Shapes(tables), Mentions()
    for record in pages.records():
        table = shapes.table_of(record)
        if table is None:
            mentions.note(record)
        elif row := mender.row_of(table, record):
            _insert(connection, table.name, row)
            if table.name == "article":
                mentions.note_article(record.rowid or 0, str(row["link_key"]))
    for url, feed in mentions.feeds.items():
        _insert(connection, "feed", {"id": feed, "url": url, "address": url})
    for feed, guid in mentions.stars:
        _insert(connection, "state", {"feed": feed, "guid": guid, "starred": 1})
    lost = mentions.entries.keys() - _ids(connection, "entry")
    for record in pages.records() if lost else ():
        if record.rowid in lost and is_indexed_text(record):
            _insert(connection, "entry", mender.entry_of_index(record, mentions))
    return mentions


def is_store(path: Path, tables: list[Table]) -> bool:
    """True where a file, whatever its beginning says, has a row of the store in it."""
    shapes, mender = Shapes(tables), Mender(0)
    with _opened(path) as pages:
        rows = ((shapes.table_of(record), record) for record in pages.records())
        return any(table and mender.row_of(table, record) for table, record in rows)


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[DatabasePages]:
    log = path.with_name(path.name + "-wal")
    with path.open("rb") as file, contextlib.ExitStack() as stack:
        log_file = None
        with contextlib.suppress(OSError):
            log_file = stack.enter_context(log.open("rb")).fileno()
        yield DatabasePages(file.fileno(), log_file)


def _insert(connection: sqlite3.Connection, table: str, row: Row) -> None:
    connection.execute(
        f"INSERT OR IGNORE INTO {table} ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})",
        tuple(row.values()),
    )


def _ids(connection: sqlite3.Connection, table: str) -> set[int]:
    return {number for (number,) in connection.execute(f"SELECT id FROM {table}")}


def _count(connection: sqlite3.Connection, mentions: Mentions) -> Rescue:
    def number(query: str) -> int:
        return int(connection.execute(f"SELECT {query}").fetchone()[0])

    stars_without_story = number(
        "count(*) FROM state WHERE starred AND NOT EXISTS"
        " (SELECT 1 FROM entry WHERE entry.feed = state.feed AND entry.guid = state.guid)"
    )
    stars = number(f"count(DISTINCT story) FROM {_WITH_STAR}")
    stories, heard = _ids(connection, "entry"), _ids(connection, "heard")
    return Rescue(
        (stars + number("count(*) FROM heard WHERE starred"), stars_without_story),
        (len(stories), len(mentions.entries.keys() - stories)),
        (len(heard), len(mentions.heard - heard)),
    )
