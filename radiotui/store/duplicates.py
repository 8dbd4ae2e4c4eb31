"""Duplicates: entries of different feeds that are one story.

Stations repeat each other's stories: under the same address, or under a title
of their own that says nearly the same on the same day.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qsl, urlencode

from radiotui.net.urls import is_web, parts_of

if TYPE_CHECKING:
    import sqlite3

_SAME_DAY_SECONDS = 36 * 3600
_MOST_COMPARED = 200
"""Titles of one beginning or end that are compared: a feed may have a thousand of them."""
_LEAST_WORDS = 5
"""Shorter titles ("News brief") are many stories' title."""
_AT_AN_END = 3
_ALIKE = 0.7
_WORD = re.compile(r"[^\W_]+")
_FILLERS = frozenset(
    "a an and as at by for from in is it its of on or that the to with".split()  # noqa: SIM905
)
# What newsletters and social networks append; it says who sent the reader and not what is read.
_TRACKING = re.compile(r"(utm_|fbclid|gclid|mc_[ce]id|ft$|f$|cmp$|_ga$)", re.IGNORECASE)


class TitleKey(NamedTuple):
    """Parts of a title that are compared."""

    words: str
    """Its significant words, in lower case."""
    head: str | None
    """Its first few words; None for a title too short to be compared."""
    tail: str | None


def link_key(link: str | None) -> str | None:
    """Key that is the same for every spelling of an address; None for a site's front page."""
    if not link or not is_web(link):
        return None
    parts = parts_of(link)
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    path = parts.path.rstrip("/").removesuffix("/index.html")
    query = [pair for pair in parse_qsl(parts.query) if not _TRACKING.match(pair[0])]
    if not path and not query:
        return None
    port = f":{parts.port}" if parts.port not in {None, 80, 443} else ""
    return f"{host}{port}{path}{'?' + urlencode(query) if query else ''}"


def title_key(title: str) -> TitleKey:
    """Parts of ``title`` that are compared."""
    words = [word for word in _WORD.findall(title.casefold()) if word not in _FILLERS]
    if len(words) < _LEAST_WORDS:
        return TitleKey(" ".join(words), None, None)
    return TitleKey(" ".join(words), " ".join(words[:_AT_AN_END]), " ".join(words[-_AT_AN_END:]))


def alike(words: str, other_words: str) -> bool:
    """True where two titles' significant words say nearly the same."""
    mine, theirs = set(words.split()), set(other_words.split())
    return len(mine & theirs) >= _ALIKE * len(mine | theirs)


def story_of(
    connection: sqlite3.Connection, feed: int, placed_at: int, link: str | None, title: TitleKey
) -> int | None:
    """The story that a new entry of a feed is one of, where another feed has brought it before.

    None for a new story: it has the number of its entry.
    """
    story = _same_link(connection, feed, link)
    return _same_title(connection, feed, placed_at, title) if story is None else story


def share_state(connection: sqlite3.Connection, feed: int, guid: str, story: int) -> None:
    """Note of a new entry what the listener did to the others of its story."""
    connection.execute(
        "INSERT INTO state (feed, guid, read, starred, place)"
        " SELECT ?, ?, max(state.read), max(state.starred), max(state.place)"
        " FROM entry JOIN state ON state.feed = entry.feed AND state.guid = entry.guid"
        " WHERE entry.story = ? HAVING count(*)"
        " ON CONFLICT (feed, guid) DO UPDATE SET read = max(read, excluded.read),"
        " starred = max(starred, excluded.starred)",
        (feed, guid, story),
    )


def _same_link(connection: sqlite3.Connection, feed: int, link: str | None) -> int | None:
    if link is None:
        return None
    rows = connection.execute("SELECT story, feed FROM entry WHERE link_key = ?", (link,))
    story_rows = [row for row in rows if row[0]]
    feeds = [row[1] for row in story_rows]
    # An address that one feed gives to several entries says nothing about what they are.
    if not story_rows or feed in feeds or len(set(feeds)) < len(feeds):
        return None
    return int(story_rows[0][0])


def _same_title(
    connection: sqlite3.Connection, feed: int, placed_at: int, title: TitleKey
) -> int | None:
    if title.head is None:
        return None
    rows = connection.execute(
        "SELECT story, title_key FROM entry WHERE (title_head = ? OR title_tail = ?)"
        " AND feed <> ? AND placed_at BETWEEN ? AND ? AND story <> 0"
        f" LIMIT {_MOST_COMPARED}",
        (
            title.head,
            title.tail,
            feed,
            placed_at - _SAME_DAY_SECONDS,
            placed_at + _SAME_DAY_SECONDS,
        ),
    ).fetchall()
    for story, words in rows:
        if alike(title.words, words) and not _brings(connection, feed, story):
            return int(story)
    return None


def _brings(connection: sqlite3.Connection, feed: int, story: int) -> bool:
    """True where the feed has an entry of that story already: a feed does not repeat itself."""
    row = connection.execute(
        "SELECT 1 FROM entry WHERE story = ? AND feed = ?", (story, feed)
    ).fetchone()
    return row is not None
