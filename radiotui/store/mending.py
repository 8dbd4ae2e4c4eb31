"""Mending of rows that were read from a damaged store: no value in them that cannot be there."""

from __future__ import annotations

import math
from collections.abc import Mapping

from radiotui.store.duplicates import link_key, title_key
from radiotui.store.mentions import Mentions
from radiotui.store.pages import Record, Value
from radiotui.store.tables import FIRST_SECOND, LARGEST, LAST_SECOND, Column, Table

Row = Mapping[str, Value]

_NAMES = {
    *("feed", "guid", "url", "key", "link_key", "entry", "place", "station", "stream", "kind"),
    *("server", "podcast"),
}
"""Columns that say which thing a row is about: without one of them it is about nothing."""
_ASKED_AGAIN = {"etag", "modified", "body_hash", "next_at", "interval", "failures"}
"""All of a feed is asked for again: it brings back what was lost of it."""
_LONGEST_MENDED = 2000
"""A longer text with damaged letters is a body: its feed or its page brings it again."""
_COLUMNS_OF_INDEXED_TEXT = 4
_COLUMNS_OF_SCHEMA = 5
_REST_OF_DOWNLOAD = 6


class Shapes:
    """Tables that a record may be of, by the number and the kinds of its values.

    What a file says of itself, and the way down from there to a page, may be damaged.
    """

    def __init__(self, tables: list[Table]) -> None:
        self._by_name = {table.name: table for table in tables}
        self._by_columns: dict[int, Table] = {}
        most = _COLUMNS_OF_SCHEMA
        for table in sorted(tables, key=lambda table: len(table.columns)):
            if table.has_rowid:
                # Rows from before a column was added are shorter.
                self._by_columns |= dict.fromkeys(range(most + 1, len(table.columns) + 1), table)
                most = len(table.columns)

    def table_of(self, record: Record) -> Table | None:
        """The table that a record is a row of; None for one of an index, or of SQLite's own."""
        if record.rowid is not None:
            return self._by_columns.get(record.columns)
        name = _table_without_rowid(record.values)
        return None if name is None else self._by_name.get(name)


def _table_without_rowid(values: list[Value]) -> str | None:
    match values:
        case [str(), str(), *rest]:
            return _table_of_names(rest)
        case [int(), str(), str(), int()]:
            return "tidied"
        case [int(), int(), str()]:
            return "clip"
        case [int(), int(), str(), _, _] | [int(), int(), str(), _, _, _]:
            return "enclosure"
        case [int(), str(), int() | None, int() | None, *rest] if len(rest) < 2:
            return "state"
    return _table_of_podcasts(values)


def _table_of_podcasts(values: list[Value]) -> str | None:
    match values:
        case [str(), int(), int()]:
            return "feed_alias"
        case [int(), str(), int() | float(), int() | float(), int(), int(), *rest] if len(rest) < 2:
            return "progress"
        case [int(), str(settings), str()] if settings[:1] in {"", "{"}:
            return "podcast_setting"
        case [int(), str(), str(), str(), *rest] if len(rest) == _REST_OF_DOWNLOAD:
            return "download"
    return None


def _table_of_names(rest: list[Value]) -> str | None:
    """The table whose rows begin with two texts, by the values behind them."""
    match rest:
        case []:
            return "memory"
        case [int() | float(), int()]:
            return "queue"
        case [str(), str(), str(), _, _, _, _, _, _]:
            return "queued"
    return None


class Mender:
    """Makes rows of records. ``now``, in seconds, stands for a time that is lost."""

    def __init__(self, now: int) -> None:
        self._now = now

    def row_of(self, table: Table, record: Record) -> Row | None:
        """The row of a record, with a value for each column; None where too much is lost."""
        row: dict[str, Value] = {}
        is_whole = True
        for place, column in enumerate(table.columns):
            value = record.values[place] if place < len(record.values) else None
            if column.is_rowid:
                value = record.rowid
            elif not _fits(column, value):
                # Columns that were added to the table later are no loss.
                is_whole = is_whole and place >= record.columns
                value = self._stand_in(column, value)
            if value is None and column.is_required and column.name in _NAMES:
                return None
            row[column.name] = value
        if table.name in {"article", "episode_file"} and not is_whole:
            # It is asked for again when the story is opened.
            return None
        if table.name == "feed":
            row["address"] = row["address"] or row["url"]
            return {name: row[name] for name in row if name not in _ASKED_AGAIN}
        return _entry(row, is_whole=is_whole) if table.name == "entry" else row

    def entry_of_index(self, record: Record, mentions: Mentions) -> Row:
        """A lost entry: its words from the search, and what other indexes say of it."""
        entry = record.rowid or 0
        title, byline, text = (
            value if isinstance(value, str) else "" for value in record.values[1:]
        )
        feed, guid = mentions.entries[entry]
        at = mentions.times.get(entry, self._now)
        link = mentions.link_of(entry)
        row: dict[str, Value] = {"id": entry, "feed": feed, "guid": guid, "title": title}
        row |= {"byline": byline, "body": text, "link": link and f"https://{link}", "story": entry}
        row |= {"published": at, "first_seen": at, "placed_at": at, "changed_at": at}
        return _entry(row, is_whole=False)

    def _stand_in(self, column: Column, value: Value) -> Value:
        if not column.is_required or column.name in _NAMES:
            return None
        if isinstance(value, bytes) and column.type == "TEXT" and len(value) < _LONGEST_MENDED:
            return value.decode(errors="replace").replace("\x00", "")
        if column.is_time:
            return self._now
        return column.default or ("" if column.type == "TEXT" else 0)


def _entry(row: dict[str, Value], *, is_whole: bool) -> Row:
    link = row["link"]
    row["link_key"] = link_key(link) if isinstance(link, str) else None
    row["title_key"], row["title_head"], row["title_tail"] = title_key(str(row["title"]))
    row["story"] = row["story"] or row["id"]
    row["indexed"] = 0
    if not is_whole:
        # It is not what its feed says: the next answer mends it.
        row["digest"] = ""
    return row


def _fits(column: Column, value: Value) -> bool:
    """True for a value that may stand in a column."""
    if value is None:
        return not column.is_required
    if column.type == "TEXT":
        return isinstance(value, str)
    if not isinstance(value, int) and not (column.type == "REAL" and isinstance(value, float)):
        return False
    if column.is_time:
        return FIRST_SECOND <= value <= LAST_SECOND
    return math.isfinite(value) and 0 <= value <= LARGEST


def is_indexed_text(record: Record) -> bool:
    """True for the words of a story in the index of the search."""
    return record.columns == len(record.values) == _COLUMNS_OF_INDEXED_TEXT
