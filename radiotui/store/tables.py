"""Tables of the store as the program makes them, and damage that SQLite does not see in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from radiotui.store.pages import Damage
from radiotui.store.schema import MIGRATIONS, add_functions

if TYPE_CHECKING:
    import sqlite3

FIRST_SECOND, LAST_SECOND = -62_135_596_800, 253_402_300_799
"""Of the years 1 and 9999: Python counts no others."""
LARGEST = 2**53
"""No count and no length is larger, and none is negative."""
_TIMES = frozenset(
    (
        *("asked_at", "next_at", "answered_at", "published", "updated", "first_seen"),
        *("placed_at", "changed_at", "tidied_at", "fetched_at", "began_at", "ended_at"),
        *("first_at", "last_at", "begins_at", "ends_at", "heard_at", "synced_at", "moved_at"),
        *("added_at", "wanted_at", "finished_at", "made_at"),
    )
)
_FORMS = {"INTEGER": "'integer'", "REAL": "'real', 'integer'", "TEXT": "'text'"}


class Column(msgspec.Struct, frozen=True):
    """A column of a table."""

    name: str
    type: str
    """INTEGER, REAL or TEXT."""
    is_required: bool
    default: str | int | None
    is_rowid: bool

    @property
    def is_time(self) -> bool:
        """True for seconds since 1970."""
        return self.name in _TIMES


class Table(msgspec.Struct, frozen=True):
    """A table whose rows are the listener's or the feeds'; an index of words is made of them."""

    name: str
    columns: tuple[Column, ...]
    has_rowid: bool


def stored_tables(connection: sqlite3.Connection) -> list[Table]:
    """The tables of a whole store, but for those that SQLite's search has for itself."""
    rows = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'table'"
        " AND name NOT LIKE 'text%' AND name NOT LIKE 'heard_text%'"
    )
    return [
        Table(name, tuple(_columns(connection, name)), "WITHOUT ROWID" not in sql)
        for name, sql in rows.fetchall()
    ]


def _columns(connection: sqlite3.Connection, table: str) -> Iterator[Column]:
    for _, name, form, required, default, key in connection.execute(f"PRAGMA table_info({table})"):
        literal = None if default is None else default.strip("'")
        yield Column(
            name,
            form,
            bool(required or key),
            int(literal) if literal and form != "TEXT" else literal,
            is_rowid=name == "id",
        )


def whole_schema() -> tuple[list[Table], set[str]]:
    """The tables of a new store, and the names of all that is in one."""
    import sqlite3

    connection = sqlite3.connect(":memory:")
    try:
        add_functions(connection)
        for statements in MIGRATIONS:
            for statement in statements:
                connection.execute(statement)
        return stored_tables(connection), _names(connection)
    finally:
        connection.close()


def check_names(connection: sqlite3.Connection, names: set[str]) -> None:
    """Raise Damage where a table or an index of ``names`` is not there."""
    missing = names - _names(connection)
    if missing:
        raise Damage(f"missing: {', '.join(sorted(missing))}")


def check_table(connection: sqlite3.Connection, table: Table) -> None:
    """Raise Damage where a table and its indexes do not agree, or a value is not of its column."""
    (report,) = connection.execute(f"PRAGMA integrity_check({table.name})").fetchone()
    if report != "ok":
        raise Damage(str(report))
    wrong = " OR ".join(_is_wrong(column) for column in table.columns)
    if connection.execute(f"SELECT 1 FROM {table.name} WHERE {wrong} LIMIT 1").fetchone():
        raise Damage(f"a value in {table.name} that cannot be there")


def check_search(connection: sqlite3.Connection) -> None:
    """Let SQLite compare the indexes of the search with their words; its error where one differs.

    That is a command to the index, and takes a turn at writing.
    """
    for index in ("text", "heard_text"):
        connection.execute(f"INSERT INTO {index} ({index}) VALUES ('integrity-check')")


def _is_wrong(column: Column) -> str:
    forms = _FORMS[column.type] + ("" if column.is_required else ", 'null'")
    wrong = f"typeof({column.name}) NOT IN ({forms})"
    if column.is_time:
        return f"{wrong} OR {column.name} NOT BETWEEN {FIRST_SECOND} AND {LAST_SECOND}"
    return (
        wrong if column.type == "TEXT" else f"{wrong} OR {column.name} NOT BETWEEN 0 AND {LARGEST}"
    )


def _names(connection: sqlite3.Connection) -> set[str]:
    return {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
