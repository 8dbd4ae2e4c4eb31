"""Queries about episodes: entries of podcasts that have a sound.

Each takes the connection first, for :meth:`Store.ask`, and gives finished values.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

import msgspec

from radiotui.problems import Problem, ProblemKind
from radiotui.store.feeds import moment
from radiotui.store.stories import (
    FROM,
    IS_FILM,
    IS_SOUND,
    KEPT,
    StoredStory,
    complete,
    stored_story,
)

if TYPE_CHECKING:
    import sqlite3


class StoredEpisode(msgspec.Struct, frozen=True):
    """An episode with what the listener did to it."""

    story: StoredStory
    episode: str
    """What its podcast says of it beside, as the feeds' room writes it."""


class EpisodeCount(msgspec.Struct, frozen=True):
    """Number of a podcast's episodes, and the newest one's time."""

    episodes: int = 0
    newest_at: datetime | None = None


_HAS_SOUND = f"""
    EXISTS (SELECT 1 FROM enclosure WHERE enclosure.entry = entry.id
            AND ({IS_SOUND} OR {IS_FILM}))
"""


def episodes(connection: sqlite3.Connection, url: str, limit: int) -> list[StoredEpisode]:
    """The newest episodes of the podcast with that address, newest first."""
    rows = connection.execute(
        f"SELECT {KEPT}, entry.episode FROM {FROM} WHERE feed.url = ? AND {_HAS_SOUND}"
        " ORDER BY entry.placed_at DESC, entry.id DESC LIMIT ?",
        (url, limit),
    ).fetchall()
    stories = complete(connection, [stored_story(tuple(row[:-1])) for row in rows])
    return [StoredEpisode(story, row[-1]) for story, row in zip(stories, rows, strict=True)]


def episode(connection: sqlite3.Connection, entry: int) -> StoredEpisode:
    """An entry as an episode. Raises Problem when it is not kept any more."""
    row = connection.execute(
        f"SELECT {KEPT}, entry.episode FROM {FROM} WHERE entry.id = ?", (entry,)
    ).fetchone()
    if row is None:
        raise Problem(
            "That episode is not kept any more",
            "refresh its podcast",
            f"entry {entry}",
            kind=ProblemKind.NOT_FOUND,
        )
    (story,) = complete(connection, [stored_story(tuple(row[:-1]))])
    return StoredEpisode(story, row[-1])


def episode_counts(connection: sqlite3.Connection, urls: Sequence[str]) -> dict[str, EpisodeCount]:
    """The counts of those podcasts that have answered, by address."""
    counts = {}
    for url in urls:
        count, newest = connection.execute(
            "SELECT count(*), max(entry.placed_at)"
            f" FROM {FROM} WHERE feed.url = ? AND {_HAS_SOUND}",
            (url,),
        ).fetchone()
        counts[url] = EpisodeCount(count, moment(newest))
    return counts


def in_progress(
    connection: sqlite3.Connection,
    urls: Sequence[str],
    limit: int,
    listed: Collection[str] | None = None,
    is_shown: Callable[[StoredStory], bool] | None = None,
) -> list[StoredStory]:
    """The entries of those feeds that were begun and not heard to their end, the last one first.

    ``listed`` feeds count as a story's sources; None: all. Those that are not to be shown are
    left out.
    """
    rows = connection.execute(
        f"SELECT {KEPT} FROM {FROM} JOIN progress"
        " ON progress.feed = entry.feed AND progress.guid = entry.guid"
        f" WHERE feed.url IN ({', '.join('?' * len(urls))}) AND progress.heard > 0"
        " ORDER BY progress.heard_at DESC, entry.id DESC",
        tuple(urls),
    )
    return complete(connection, islice(filter(is_shown, map(stored_story, rows)), limit), listed)


def identity_of(connection: sqlite3.Connection, entry: int) -> tuple[str, str] | None:
    """The address of an entry's feed and its name within it; None where it is not kept any more."""
    row = connection.execute(
        "SELECT feed.url, entry.guid FROM entry JOIN feed ON feed.id = entry.feed"
        " WHERE entry.id = ?",
        (entry,),
    ).fetchone()
    return (str(row[0]), str(row[1])) if row else None


def entry_of(connection: sqlite3.Connection, feed: str, guid: str) -> int | None:
    """The number of the entry with that name in the feed of that address, while it is kept.

    A feed is known by its former addresses too.
    """
    row = connection.execute(
        "SELECT entry.id FROM entry JOIN feed ON feed.id = entry.feed WHERE entry.guid = ?2"
        " AND feed.id IN (SELECT id FROM feed WHERE url = ?1"
        "  UNION SELECT feed FROM feed_alias WHERE url = ?1) ORDER BY feed.url <> ?1",
        (feed, guid),
    ).fetchone()
    return int(row[0]) if row else None


def newest_entry(connection: sqlite3.Connection) -> int:
    """The number of the entry that came last; 0 while there is none."""
    (number,) = connection.execute("SELECT coalesce(max(id), 0) FROM entry").fetchone()
    return int(number)


def titles_after(
    connection: sqlite3.Connection, urls: Sequence[str], entry: int
) -> list[tuple[str, str]]:
    """Podcast and title of each episode that came after an entry, by podcast, the oldest first."""
    rows = connection.execute(
        f"SELECT feed.title, entry.title FROM {FROM}"
        f" WHERE feed.url IN ({', '.join('?' * len(urls))}) AND entry.id > ? AND {_HAS_SOUND}"
        " ORDER BY feed.id, entry.placed_at, entry.id",
        (*urls, entry),
    )
    return [(str(podcast), str(title)) for podcast, title in rows.fetchall()]
