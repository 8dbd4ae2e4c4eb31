"""Narrowing of a list to the stories that have certain words, while they are typed."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from radiotui.text import plain_letters

if TYPE_CHECKING:
    import sqlite3

    from radiotui.store.stories import StoredStory

_LONGEST = 200
_MOST_WORDS = 8
_TOKEN = re.compile(r"\w+")
_LEAST_LETTERS = 2
"""Letters of a word that is looked for in texts: one alone begins too many words."""


def has_words(
    connection: sqlite3.Connection, typed: str, *, by_feed: bool
) -> Callable[[StoredStory], bool] | None:
    """Judge of the stories that have every word that was typed; None where none was.

    A word may stand anywhere in the title and, with ``by_feed``, in the feed's; in texts, notes
    and transcripts it begins a word, as far as they are indexed by now.
    """
    words = plain_letters(typed[:_LONGEST]).split()[:_MOST_WORDS]
    if not words:
        return None
    questions = [(word, _entries_with(connection, word)) for word in words]
    letters_of_feeds: dict[str, str] = {}

    def judge(story: StoredStory) -> bool:
        title, feed = plain_letters(story.title), ""
        if by_feed:
            feed = letters_of_feeds.get(story.feed, "")
            if not feed:
                feed = letters_of_feeds[story.feed] = plain_letters(story.feed_title)
        return all(
            word in title or word in feed or story.id in entries for word, entries in questions
        )

    return judge


def _entries_with(connection: sqlite3.Connection, word: str) -> frozenset[int]:
    """The entries in whose text a word begins so."""
    parts = _TOKEN.findall(word)
    if not parts or len(parts[-1]) < _LEAST_LETTERS:
        return frozenset()
    # A string in FTS5's language: nothing of it is an operator.
    match = f'"{" ".join(parts)}" *'
    rows = connection.execute("SELECT rowid FROM text WHERE text MATCH ?", (match,))
    return frozenset(entry for (entry,) in rows)
