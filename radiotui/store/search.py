"""The one search: an index of all that can be read, and the questions to it.

SQLite's FTS5 (https://www.sqlite.org/fts5.html) does it. Entries are indexed
behind the refresh that brought them, or before the next question, some at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from radiotui.store.feeds import seconds
from radiotui.store.stories import FROM, KEPT, Kept, complete, kept

if TYPE_CHECKING:
    import sqlite3

BEGIN, END = "\x02", "\x03"
"""What stands around a found word in a snippet."""

_RANKED = 400
"""So many of the newest matches are ranked: of thousands, a listener wants a recent one."""
_SNIPPET_WORDS = 18
_ANYTHING = "1"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question to the search."""

    match: str = ""
    """In FTS5's own language; empty: whatever the filters let through."""
    feeds: tuple[str, ...] | None = None
    author: str = ""
    """Part of a byline or a feed's title."""
    unread: bool = False
    starred: bool = False
    since: datetime | None = None


def index_some(connection: sqlite3.Connection, most: int, plain: Callable[[str], str]) -> int:
    """Index at most so many entries that are not yet; how many it were.

    ``plain`` gives what one reads of a body that is Markdown.
    """
    rows = connection.execute(
        "SELECT entry.id, entry.title, entry.byline, entry.body, article.plain FROM entry"
        " LEFT JOIN article ON article.link_key = entry.link_key"
        " WHERE entry.indexed = 0 LIMIT ?",
        (most,),
    ).fetchall()
    connection.executemany("DELETE FROM text WHERE rowid = ?", [(row[0],) for row in rows])
    connection.executemany(
        "INSERT INTO text (rowid, title, byline, plain) VALUES (?, ?, ?, ?)",
        [
            (entry, title, byline, article or plain(body))
            for entry, title, byline, body, article in rows
        ],
    )
    connection.executemany("UPDATE entry SET indexed = 1 WHERE id = ?", [row[:1] for row in rows])
    return len(rows)


def search(connection: sqlite3.Connection, wanted: Wanted, limit: int) -> list[tuple[Kept, str]]:
    """The stories that match, the best first, each once, with a snippet."""
    where, values = _filters(wanted)
    if wanted.match:
        found = _matches(connection, wanted.match, where, values, limit)
        snippets = _snippets(connection, wanted.match, [entry.id for entry in found])
    else:
        rows = connection.execute(
            f"SELECT {KEPT}, substr(entry.body, 1, 200) FROM {FROM} WHERE {where}"
            " ORDER BY entry.placed_at DESC, entry.id DESC LIMIT ?",
            (*values, limit * 2),
        ).fetchall()
        found = [kept(row[:-1]) for row in rows]
        snippets = {row[0]: row[-1] for row in rows}
    once = {entry.story: entry for entry in reversed(found)}
    best = [entry for entry in found if once[entry.story] is entry][:limit]
    return [(entry, snippets.get(entry.id, "")) for entry in complete(connection, best)]


def _matches(
    connection: sqlite3.Connection,
    match: str,
    where: str,
    values: Sequence[object],
    limit: int,
) -> list[Kept]:
    rows = connection.execute(
        "SELECT text.rowid, bm25(text, 8.0, 3.0, 1.0) FROM text"
        " WHERE text MATCH ? ORDER BY text.rowid DESC LIMIT ?",
        (match, _RANKED if where == _ANYTHING else -1),
    ).fetchall()
    # The lower the better.
    best = sorted(rows, key=lambda row: row[1])
    found: list[Kept] = []
    for at in range(0, len(best), _RANKED):
        some = [row[0] for row in best[at : at + _RANKED]]
        chosen = connection.execute(
            f"SELECT {KEPT} FROM {FROM} WHERE entry.id IN ({', '.join('?' * len(some))})"
            f" AND {where}",
            (*some, *values),
        )
        by_id = {row[0]: kept(row) for row in chosen}
        found += [by_id[entry] for entry in some if entry in by_id]
        if len(found) >= limit * 2:
            break
    return found


def _snippets(connection: sqlite3.Connection, match: str, entries: Sequence[int]) -> dict[int, str]:
    return dict(
        connection.execute(
            f"SELECT rowid, snippet(text, -1, ?, ?, '…', {_SNIPPET_WORDS}) FROM text"
            f" WHERE text MATCH ? AND rowid IN ({', '.join('?' * len(entries))})",
            (BEGIN, END, match, *entries),
        )
    )


def _filters(wanted: Wanted) -> tuple[str, Sequence[object]]:
    where, values = [_ANYTHING], list[object]()
    if wanted.feeds is not None:
        where.append(f"feed.url IN ({', '.join('?' * len(wanted.feeds))})")
        values += wanted.feeds
    if wanted.author:
        where.append("(instr(lower(entry.byline), ?) OR instr(lower(feed.title), ?))")
        values += [wanted.author.lower()] * 2
    if wanted.unread:
        where.append("NOT coalesce(state.read, 0)")
    if wanted.starred:
        where.append("state.starred")
    if wanted.since is not None:
        where.append("entry.placed_at >= ?")
        values.append(seconds(wanted.since))
    return " AND ".join(where), values
