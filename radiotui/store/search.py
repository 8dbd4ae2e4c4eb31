"""The one search: an index of all that can be read, and the questions to it.

SQLite's FTS5 (https://www.sqlite.org/fts5.html) does it. Entries are indexed
behind the refresh that brought them, or before the next question, some at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from radiotui.store.episode_files import transcripts
from radiotui.store.feeds import seconds
from radiotui.store.stories import FROM, KEPT, StoredStory, complete, stored_story

if TYPE_CHECKING:
    import sqlite3

BEGIN, END = "\x02", "\x03"
"""What stands around a found word in a snippet."""

_RANKED = 400
"""So many of the newest matches are ranked: of thousands, a listener wants a recent one."""
_SNIPPET_WORDS = 18
AFTER_TEXT = FROM.replace("entry JOIN feed ON", "entry ON entry.id = text.rowid JOIN feed ON", 1)


class SearchQuery(msgspec.Struct, frozen=True):
    """A question to the search."""

    match: str = ""
    """In FTS5's own language; empty: whatever the filters let through."""
    feeds: tuple[str, ...] | None = None
    station: str = ""
    """The station whose feeds they are, as it was typed."""
    author: str = ""
    """Part of a byline or a feed's title."""
    unread: bool = False
    starred: bool = False
    since: datetime | None = None
    heard: bool = False
    """Only titles and programmes that were heard: no stories."""
    recorded: bool = False
    """Only recordings."""


def is_whole(connection: sqlite3.Connection) -> bool:
    """True where everything that is stored is indexed."""
    row = connection.execute("SELECT 1 FROM entry WHERE indexed = 0 LIMIT 1").fetchone()
    return row is None


def index_some(
    connection: sqlite3.Connection,
    most: int,
    plain: Callable[[str], str],
    spoken: Callable[[str], str] = lambda _: "",
) -> int:
    """Index at most so many entries that are not yet; how many it were.

    ``plain`` gives what one reads of a body that is Markdown, ``spoken`` the words of a kept
    transcript, which stand behind it.
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
            (entry, title, byline, _words(connection, entry, article or plain(body), spoken))
            for entry, title, byline, body, article in rows
        ],
    )
    connection.executemany("UPDATE entry SET indexed = 1 WHERE id = ?", [row[:1] for row in rows])
    return len(rows)


def _words(
    connection: sqlite3.Connection, entry: int, text: str, spoken: Callable[[str], str]
) -> str:
    """A text with all that is said in the entry's sound."""
    return "\n".join(filter(None, (text, *map(spoken, transcripts(connection, entry)))))


def search(
    connection: sqlite3.Connection,
    query: SearchQuery,
    limit: int,
    listed: Collection[str] | None = None,
) -> list[tuple[StoredStory, str]]:
    """The stories that match, the best first, each once, with a snippet."""
    where, values = _filters(query)
    if query.match:
        # One walk down the matches, newest first: it ends when there are enough, and FTS5
        # would begin anew for each other question about the same words.
        rows = connection.execute(
            f"SELECT {KEPT}, snippet(text, -1, ?, ?, '…', {_SNIPPET_WORDS}),"
            f" bm25(text, 8.0, 3.0, 1.0) FROM text CROSS JOIN {AFTER_TEXT}"
            f" WHERE text MATCH ? AND {where} ORDER BY text.rowid DESC LIMIT ?",
            (BEGIN, END, query.match, *values, _RANKED),
        ).fetchall()
        rows.sort(key=lambda row: row[-1])
    else:
        rows = connection.execute(
            f"SELECT {KEPT}, entry.body, 0 FROM {FROM} WHERE {where}"
            " ORDER BY entry.placed_at DESC, entry.id DESC LIMIT ?",
            (*values, _RANKED),
        ).fetchall()
    by_story: dict[int, tuple[StoredStory, str]] = {}
    for row in rows:
        by_story.setdefault(row[1], (stored_story(row[:-2]), row[-2]))
        if len(by_story) == limit:
            break
    entries = complete(connection, [entry for entry, _ in by_story.values()], listed)
    return [(entry, by_story[entry.story][1]) for entry in entries]


def _filters(query: SearchQuery) -> tuple[str, Sequence[object]]:
    where, values = ["1"], list[object]()
    if query.feeds is not None:
        where.append(f"feed.url IN ({', '.join('?' * len(query.feeds))})")
        values += query.feeds
    if query.author:
        where.append("(instr(lower(entry.byline), ?) OR instr(lower(feed.title), ?))")
        values += [query.author.lower()] * 2
    if query.unread:
        where.append("NOT coalesce(state.read, 0)")
    if query.starred:
        where.append("state.starred")
    if query.since is not None:
        where.append("entry.placed_at >= ?")
        values.append(seconds(query.since))
    return " AND ".join(where), values
