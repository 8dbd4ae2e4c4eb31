"""The questions about entries: what is kept, shown and marked.

Each takes the connection first, for :meth:`Store.ask`, and gives finished values.
The entries of one story in several feeds share what the listener did to it.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.structs import replace

from radiotui.problems import Problem
from radiotui.store.beside import NO_LABEL, EpisodeLabel, episode_labels, in_parts, sources
from radiotui.store.duplicates import link_key, share_state, story_of, title_key
from radiotui.store.feeds import moment, seconds
from radiotui.store.progress import Progress, progress

if TYPE_CHECKING:
    import sqlite3

_MANY_FEEDS = 6


class Enclosure(msgspec.Struct, frozen=True):
    """A file that belongs to an entry."""

    url: str
    type: str = ""
    length: int | None = None
    """Bytes, as the feed says; None where it says nothing sensible."""
    seconds: float | None = None
    """How long it sounds; known for an entry's first sound only."""


class StoredEntry(msgspec.Struct, frozen=True):
    """An entry as its feed gives it."""

    guid: str
    title: str
    link: str | None
    byline: str
    published: datetime | None
    updated: datetime | None
    body: str
    digest: str
    """A hash of what the feed says; the same digest need not be stored again."""
    enclosures: tuple[Enclosure, ...] = ()
    figures: str = ""
    """Its pictures, as the feeds' room writes them."""
    episode: str = ""
    """What a podcast says of it beside, as the feeds' room writes it."""


class StoredStory(msgspec.Struct, frozen=True):
    """A kept entry with what the listener did to it."""

    id: int
    story: int
    """The same for the entries of one story."""
    title: str
    link: str | None
    published: datetime | None
    """Never after it was first seen."""
    changed_at: datetime | None
    read: bool
    starred: bool
    feed: str
    feed_title: str
    audio: Enclosure | None = None
    other_feeds: tuple[str, ...] = ()
    """Titles, or addresses, of the other feeds that bring the same story."""
    label: EpisodeLabel = NO_LABEL
    progress: Progress | None = None
    """How far it was heard; None for one that was not begun."""


class Whole(msgspec.Struct, frozen=True):
    """All that is kept of an entry."""

    entry: StoredStory
    byline: str
    updated: datetime | None
    body: str
    figures: str
    place: float
    """How far it was read, 0 to 1."""


KEPT = """
    entry.id, entry.story, entry.title, entry.link, min(entry.published, entry.first_seen),
    entry.changed_at, coalesce(state.read, 0), coalesce(state.starred, 0), feed.url, feed.title
"""
IS_SOUND = "(type LIKE 'audio/%' OR type = '' AND url LIKE '%.mp3%')"
IS_FILM = "(type LIKE 'video/%' OR type = '' AND url LIKE '%.mp4%')"
"""Its sound is heard where an entry has no other."""
FROM = """
    entry JOIN feed ON feed.id = entry.feed
    LEFT JOIN state ON state.feed = entry.feed AND state.guid = entry.guid
"""


def digests(connection: sqlite3.Connection, feed: int) -> dict[str, str]:
    """The digest of each entry of a feed that is kept or was tidied away, by guid."""
    return dict(
        connection.execute(
            "SELECT guid, digest FROM tidied WHERE feed = ?"
            " UNION ALL SELECT guid, digest FROM entry WHERE feed = ?",
            (feed, feed),
        )
    )


def keep(
    connection: sqlite3.Connection,
    feed: int,
    entries: Sequence[StoredEntry],
    seen_at: datetime,
    is_same_body: Callable[[str, str], bool] = operator.eq,
) -> None:
    """Add new entries and bring changed ones up to date; what was read stays read.

    ``entries`` come in the feed's order, newest first. An entry's place in the
    list is its date, but no later than when it was first seen. What was tidied
    away does not come back. ``is_same_body`` compares a stored body, which may be
    in the form of an older version, with a new one.
    """
    tidied = dict(connection.execute("SELECT guid, 0 FROM tidied WHERE feed = ?", (feed,)))
    ids = dict(connection.execute("SELECT guid, id FROM entry WHERE feed = ?", (feed,)))
    now = int(seen_at.timestamp())
    # The last one first: of entries without dates the higher id is then the newer one.
    for entry in (entry for entry in reversed(entries) if entry.guid not in tidied):
        if entry.guid in ids:
            _keep(connection, ids[entry.guid], entry, now, is_same_body)
        else:
            ids[entry.guid] = _insert(connection, feed, entry, now)


def _keep(
    connection: sqlite3.Connection,
    entry_id: int,
    entry: StoredEntry,
    now: int,
    is_same_body: Callable[[str, str], bool],
) -> None:
    body, *before = connection.execute(
        "SELECT body, title, link, byline, published, updated, figures FROM entry WHERE id = ?",
        (entry_id,),
    ).fetchone()
    same = (*before,) == _values(entry) and enclosures(connection, entry_id) == [*entry.enclosures]
    if same and is_same_body(body, entry.body):
        # Its text says what it said before: the page is not fetched again.
        connection.execute(
            "UPDATE entry SET digest = ?, body = ?, episode = ? WHERE id = ?",
            (entry.digest, entry.body, entry.episode, entry_id),
        )
    else:
        _update(connection, entry_id, entry, now)


def _update(connection: sqlite3.Connection, entry_id: int, entry: StoredEntry, now: int) -> None:
    connection.execute(
        "UPDATE entry SET title = ?, link = ?, byline = ?, published = ?, updated = ?,"
        " figures = ?, body = ?, digest = ?, episode = ?, link_key = ?, title_key = ?,"
        " title_head = ?, title_tail = ?, changed_at = ?, indexed = 0,"
        " placed_at = coalesce(min(?, first_seen), first_seen) WHERE id = ?",
        (
            *_values(entry),
            entry.body,
            entry.digest,
            entry.episode,
            link_key(entry.link),
            *title_key(entry.title),
            now,
            seconds(entry.published),
            entry_id,
        ),
    )
    connection.execute("DELETE FROM text WHERE rowid = ?", (entry_id,))
    connection.execute("DELETE FROM enclosure WHERE entry = ?", (entry_id,))
    _keep_enclosures(connection, entry_id, entry.enclosures)


def _insert(connection: sqlite3.Connection, feed: int, entry: StoredEntry, now: int) -> int:
    published = seconds(entry.published)
    placed_at = now if published is None else min(published, now)
    keys = link_key(entry.link), title_key(entry.title)
    shared = story_of(connection, feed, placed_at, *keys)
    (entry_id,) = connection.execute("SELECT coalesce(max(id), 0) + 1 FROM entry").fetchone()
    values = (*_values(entry), entry.body, entry.digest, entry.episode, keys[0], *keys[1])
    connection.execute(
        "INSERT INTO entry (title, link, byline, published, updated, figures, body, digest,"
        " episode, link_key, title_key, title_head, title_tail, changed_at, feed, guid,"
        f" first_seen, placed_at, id, story) VALUES ({', '.join('?' * 20)})",
        (*values, now, feed, entry.guid, now, placed_at, entry_id, shared or entry_id),
    )
    if shared is not None:
        share_state(connection, feed, entry.guid, shared)
    _keep_enclosures(connection, entry_id, entry.enclosures)
    return int(entry_id)


def _values(entry: StoredEntry) -> tuple[object, ...]:
    """Columns of an entry that its feed gives, but for its body and digest."""
    return (
        entry.title,
        entry.link,
        entry.byline,
        seconds(entry.published),
        seconds(entry.updated),
        entry.figures,
    )


def newest(
    connection: sqlite3.Connection,
    urls: Sequence[str] | None,
    limit: int,
    *,
    starred: bool = False,
    listed: Collection[str] | None = None,
    oldest_first: bool = False,
    is_shown: Callable[[StoredStory], bool] | None = None,
) -> list[StoredStory]:
    """The newest stories of those feeds (None: of all), newest first, each once.

    ``listed`` feeds count as a story's sources; None: all. With ``oldest_first`` the list begins
    at the other end. Stories that are not to be shown are left out.
    """
    # Of many feeds the newest are soon found by going down all of them; the plus sign keeps
    # SQLite from gathering and sorting all that each feed has.
    plus = "+" if len(urls or ()) > _MANY_FEEDS else ""
    where = ["1"] if urls is None else [f"{plus}feed.url IN ({', '.join('?' * len(urls))})"]
    if starred:
        where.append("state.starred")
    order = "ASC" if oldest_first else "DESC"
    rows = connection.execute(
        f"SELECT {KEPT} FROM {FROM} WHERE {' AND '.join(where)}"
        f" ORDER BY entry.placed_at {order}, entry.id {order}",
        tuple(urls or ()),
    )
    return complete(connection, islice(filter(is_shown, _each_once(rows)), limit), listed)


def _each_once(rows: Iterable[tuple[Any, ...]]) -> Iterator[StoredStory]:
    """The first entry of each story."""
    known: set[int] = set()
    for row in rows:
        if row[1] not in known:
            known.add(row[1])
            yield stored_story(row)


def complete(
    connection: sqlite3.Connection,
    entries: Iterable[StoredStory],
    listed: Collection[str] | None = None,
) -> list[StoredStory]:
    """The entries with their sound, how far it was heard, and their stories' other feeds.

    Those are the feeds among ``listed``; None: all.
    """
    entries = list(entries)
    entry_ids = [entry.id for entry in entries]
    sounds, begun = _sounds(connection, entry_ids), progress(connection, entry_ids)
    feeds_by_story = sources(connection, [entry.story for entry in entries])
    labels = episode_labels(connection, entry_ids)
    return [
        replace(
            entry,
            audio=sounds.get(entry.id),
            label=labels.get(entry.id, NO_LABEL),
            progress=begun.get(entry.id),
            other_feeds=tuple(
                title
                for url, title in feeds_by_story.get(entry.story, ())
                if url != entry.feed and (listed is None or url in listed)
            ),
        )
        for entry in entries
    ]


def story(
    connection: sqlite3.Connection, entry: int, listed: Collection[str] | None = None
) -> Whole:
    """All of one entry. Raises Problem when it is not kept any more."""
    row = connection.execute(
        f"SELECT {KEPT}, entry.byline, entry.updated, entry.body, entry.figures,"
        f" coalesce(state.place, 0) FROM {FROM} WHERE entry.id = ?",
        (entry,),
    ).fetchone()
    if row is None:
        raise _not_stored(entry)
    *first, byline, updated, body, figures, place = row
    (whole,) = complete(connection, [stored_story(tuple(first))], listed)
    return Whole(whole, byline, moment(updated), body, figures, place)


def entry_of_link(connection: sqlite3.Connection, link: str) -> int | None:
    """The newest entry with that address."""
    row = connection.execute(
        "SELECT id FROM entry WHERE link_key = ? ORDER BY placed_at DESC", (link_key(link),)
    ).fetchone()
    return None if row is None else int(row[0])


def enclosures(connection: sqlite3.Connection, entry: int) -> list[Enclosure]:
    """The files of an entry, in the feed's order."""
    rows = connection.execute(
        "SELECT url, type, length, seconds FROM enclosure WHERE entry = ? ORDER BY place", (entry,)
    )
    return [Enclosure(*row) for row in rows]


def mark(
    connection: sqlite3.Connection,
    entries: Sequence[int],
    *,
    read: bool | None = None,
    starred: bool | None = None,
    place: float | None = None,
) -> list[int]:
    """Set what is given of the stories' state; those entries whose ``read`` became another.

    Raises Problem when one entry was asked for and is not kept any more.
    """
    changed: list[int] = []
    for entry in entries:
        before = connection.execute(
            f"SELECT coalesce(state.read, 0), entry.story FROM {FROM} WHERE entry.id = ?", (entry,)
        ).fetchone()
        if before is None:
            if len(entries) == 1:
                raise _not_stored(entry)
            continue
        if read is not None and bool(before[0]) != read:
            changed.append(entry)
        connection.execute(
            "INSERT INTO state (feed, guid, read, starred, place)"
            " SELECT feed, guid, coalesce(?, 0), coalesce(?, 0), coalesce(?, 0) FROM entry"
            " WHERE story = ?"
            " ON CONFLICT (feed, guid) DO UPDATE SET read = coalesce(?, read),"
            " starred = coalesce(?, starred), place = coalesce(?, place)",
            (read, starred, place, before[1], read, starred, place),
        )
    return changed


def stored_story(row: tuple[Any, ...]) -> StoredStory:
    """A row of the columns of ``KEPT``."""
    entry, story_id, title, link, published, changed_at, read, starred, feed, feed_title = row
    return StoredStory(
        id=entry,
        story=story_id,
        title=title,
        link=link,
        published=moment(published),
        changed_at=moment(changed_at),
        read=bool(read),
        starred=bool(starred),
        feed=feed,
        feed_title=feed_title,
    )


def _sounds(connection: sqlite3.Connection, entries: Sequence[int]) -> dict[int, Enclosure]:
    sounds: dict[int, Enclosure] = {}
    for ids in in_parts(entries):
        rows = connection.execute(
            "SELECT entry, url, type, length, seconds FROM enclosure"
            f" WHERE entry IN ({', '.join('?' * len(ids))})"
            f" AND ({IS_SOUND} OR {IS_FILM}) ORDER BY entry, NOT {IS_SOUND}, place",
            ids,
        )
        for entry, *rest in rows:
            sounds.setdefault(entry, Enclosure(*rest))
    return sounds


def _keep_enclosures(
    connection: sqlite3.Connection, entry: int, enclosed: Sequence[Enclosure]
) -> None:
    connection.executemany(
        "INSERT INTO enclosure (entry, place, url, type, length, seconds)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        [
            (entry, place, enclosure.url, enclosure.type, enclosure.length, enclosure.seconds)
            for place, enclosure in enumerate(enclosed)
        ],
    )


def _not_stored(entry: int) -> Problem:
    return Problem("That story is not kept any more", "refresh the list", f"entry {entry}")
