"""Stories that speak of a programme or are by its presenters, as the search's index has them.

The question takes the connection first, for :meth:`Store.look`, and gives finished values.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

from radiotui.store.search import AFTER_TEXT
from radiotui.store.stories import KEPT, StoredStory, complete, stored_story

if TYPE_CHECKING:
    import sqlite3

_MOST_MATCHES = 400
"""Matches of one question that are looked at, the newest first."""


class TextMatch(NamedTuple):
    """A question to the index, and how its words are written."""

    phrases: str
    """In FTS5's own language."""
    columns: tuple[Literal["title", "byline", "plain"], ...]
    """Parts of a story in which the phrases may stand."""
    spellings: tuple[str, ...] = ()
    """One of them stands there to the letter: the index knows no capitals, and "a breath of fresh
    air" is no programme. None: any writing will do."""


def stories_with(
    connection: sqlite3.Connection,
    match: TextMatch,
    feeds: Sequence[str],
    limit: int,
    listed: Collection[str] | None = None,
) -> list[StoredStory]:
    """The newest stories of ``feeds`` that match, each once."""
    if not feeds:
        return []
    places = [(column, spelling) for column in match.columns for spelling in match.spellings]
    exact = " OR ".join(f"instr(text.{column}, ?)" for column, _ in places)
    rows = connection.execute(
        f"SELECT {KEPT} FROM text CROSS JOIN {AFTER_TEXT} WHERE text MATCH ?"
        f" AND ({exact or '1'}) AND feed.url IN ({', '.join('?' * len(feeds))})"
        " ORDER BY text.rowid DESC LIMIT ?",
        (
            f"{{{' '.join(match.columns)}}} : ({match.phrases})",
            *(spelling for _, spelling in places),
            *feeds,
            _MOST_MATCHES,
        ),
    )
    by_story: dict[int, StoredStory] = {}
    for row in rows:
        by_story.setdefault(row[1], stored_story(row))
    newest = sorted(by_story.values(), key=_time_and_id, reverse=True)[:limit]
    return complete(connection, newest, listed)


def _time_and_id(story: StoredStory) -> tuple[float, int]:
    return (story.published.timestamp() if story.published else 0.0, story.id)
