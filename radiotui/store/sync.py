"""State of the synchronisation: what a server was told, and actions whose episode is not there yet.

Each query takes the connection first, for :meth:`Store.ask`, and gives finished values. Places in
episodes are in the table of progress; its column ``unsent`` is 1 where no server has them, and 2
where one has refused them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from radiotui.store.feeds import moment
from radiotui.store.stories import IS_SOUND, mark

if TYPE_CHECKING:
    import sqlite3

_MOST_WAITING = 50_000
_SENT, _UNSENT, _REFUSED = 0, 1, 2


class SyncState(msgspec.Struct, frozen=True):
    """Times of a server to ask from, and when it was last synchronised with; 0 and None: never."""

    changes_since: int = 0
    actions_since: int = 0
    synced_at: datetime | None = None


class RemotePlace(msgspec.Struct, frozen=True, kw_only=True):
    """A place in an episode, as another device has told it."""

    podcast: str
    episode: str
    guid: str
    heard_at: datetime
    position: float
    total: float
    is_played: bool


class UnsentPlace(msgspec.Struct, frozen=True, kw_only=True):
    """A place in an episode that no server has yet."""

    feed: int
    podcast: str
    guid: str
    episode: str
    """Address of its sound; empty where the episode is not kept any more."""
    heard: float
    length: float
    heard_at: datetime
    is_played: bool


def sync_state(connection: sqlite3.Connection, server: str) -> SyncState:
    """The state of a server."""
    row = connection.execute(
        "SELECT changes_since, actions_since, synced_at FROM sync_state WHERE server = ?", (server,)
    ).fetchone()
    return SyncState(row[0], row[1], moment(row[2])) if row else SyncState()


def save_sync_state(connection: sqlite3.Connection, server: str, state: SyncState) -> None:
    """Keep the state of a server: after what it told is kept, in the same transaction at best."""
    at = int(state.synced_at.timestamp()) if state.synced_at else None
    connection.execute(
        "INSERT OR REPLACE INTO sync_state (server, changes_since, actions_since, synced_at)"
        " VALUES (?, ?, ?, ?)",
        (server, state.changes_since, state.actions_since, at),
    )


def begin_with(connection: sqlite3.Connection, server: str) -> SyncState:
    """The state of a server; to one that is new every place is to be sent."""
    state = sync_state(connection, server)
    if state.synced_at is None:
        connection.execute("UPDATE progress SET unsent = ?", (_UNSENT,))
    return state


def exchanged_feeds(connection: sqlite3.Connection, server: str) -> dict[str, str]:
    """The subscriptions that both sides had last, each with the address that the server keeps."""
    return {
        url: kept or url
        for url, kept in connection.execute(
            "SELECT url, kept FROM sync_feed WHERE server = ?", (server,)
        )
    }


def addresses_of(connection: sqlite3.Connection, urls: Collection[str]) -> dict[str, str]:
    """Addresses that those feeds have or had beside, each with the one that the list has."""
    rows = connection.execute(
        "SELECT feed_alias.url, feed.url FROM feed_alias JOIN feed ON feed.id = feed_alias.feed"
        " UNION ALL SELECT address, url FROM feed WHERE address <> url"
    )
    return {address: url for address, url in rows if url in urls and address not in urls}


def save_exchanged_feeds(
    connection: sqlite3.Connection, server: str, feeds: Iterable[tuple[str, str]]
) -> None:
    """Keep the subscriptions that both sides have now: address here, and at the server."""
    connection.execute("DELETE FROM sync_feed WHERE server = ?", (server,))
    connection.executemany(
        "INSERT OR REPLACE INTO sync_feed (server, url, kept) VALUES (?, ?, ?)",
        [(server, url, kept) for url, kept in feeds],
    )


def add_remote_places(
    connection: sqlite3.Connection, server: str, places: Iterable[RemotePlace]
) -> None:
    """Keep places until their episodes are there; of each episode the newest."""
    connection.executemany(
        "INSERT INTO sync_action"
        " (server, podcast, episode, guid, heard_at, position, total, played)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (server, podcast, episode, guid) DO UPDATE SET heard_at = excluded.heard_at,"
        " position = excluded.position, total = excluded.total, played = excluded.played"
        " WHERE (excluded.heard_at, excluded.position)"
        " > (sync_action.heard_at, sync_action.position)",
        [
            (
                *(server, place.podcast, place.episode, place.guid),
                int(place.heard_at.timestamp()),
                *(place.position, place.total, place.is_played),
            )
            for place in places
        ],
    )
    connection.execute(
        "DELETE FROM sync_action WHERE server = ?1 AND (podcast, episode, guid) IN"
        " (SELECT podcast, episode, guid FROM sync_action WHERE server = ?1"
        "  ORDER BY heard_at DESC LIMIT -1 OFFSET ?2)",
        (server, _MOST_WAITING),
    )


def waiting_count(connection: sqlite3.Connection, server: str) -> int:
    """Number of places whose episodes are not there."""
    count = connection.execute("SELECT count(*) FROM sync_action WHERE server = ?", (server,))
    return int(count.fetchone()[0])


def apply_remote_places(connection: sqlite3.Connection, server: str) -> list[int]:
    """Use the places of episodes that are there by now; the entries that are another place now.

    Of two places in an episode the newer one stays, of this device or another. The others wait on.
    """
    moved = []
    rows = connection.execute(
        "SELECT podcast, episode, guid, heard_at, position, total, played"
        " FROM sync_action WHERE server = ? ORDER BY podcast, heard_at",
        (server,),
    ).fetchall()
    podcast, entries = "", _NO_ENTRIES
    for of_podcast, episode, guid, *place in rows:
        if of_podcast != podcast:
            podcast, entries = of_podcast, _entries_of(connection, server, of_podcast)
        entry = entries.by_guid.get(guid) or entries.by_enclosure.get(episode)
        if entry is None:
            continue
        if _apply(connection, entry, *place):
            moved.append(entry)
        connection.execute(
            "DELETE FROM sync_action WHERE server = ? AND podcast = ? AND episode = ? AND guid = ?",
            (server, of_podcast, episode, guid),
        )
    return list(dict.fromkeys(moved))


def unsent_places(
    connection: sqlite3.Connection, podcasts: Collection[str], limit: int
) -> list[UnsentPlace]:
    """Places in episodes of those podcasts that are to be sent, the oldest first."""
    if not podcasts:
        return []
    rows = connection.execute(
        "SELECT progress.feed, feed.url, progress.guid, progress.heard, progress.length,"
        " progress.heard_at, progress.played, (SELECT enclosure.url FROM enclosure JOIN entry"
        "  ON entry.id = enclosure.entry WHERE entry.feed = progress.feed"
        f"  AND entry.guid = progress.guid AND ({IS_SOUND} OR type LIKE 'video/%')"
        "  ORDER BY place LIMIT 1)"
        " FROM progress JOIN feed ON feed.id = progress.feed"
        f" WHERE progress.unsent = {_UNSENT} AND feed.url IN"
        f" (SELECT value FROM json_each(?)) ORDER BY progress.heard_at LIMIT ?",
        (msgspec.json.encode(list(podcasts)).decode(), limit),
    )
    places = []
    for feed, url, guid, heard, length, heard_at, played, episode in rows:
        at = moment(heard_at)
        if at is not None:
            places.append(
                UnsentPlace(
                    feed=feed,
                    podcast=url,
                    guid=guid,
                    episode=episode or "",
                    heard=heard,
                    length=length,
                    heard_at=at,
                    is_played=bool(played) and not heard,
                )
            )
    return places


def note_sent(
    connection: sqlite3.Connection, places: Sequence[UnsentPlace], *, is_refused: bool = False
) -> None:
    """Note that a server has those places, or will not have them; a newer one is still to go."""
    connection.executemany(
        "UPDATE progress SET unsent = ? WHERE feed = ? AND guid = ? AND heard_at = ? AND heard = ?",
        [
            (
                _REFUSED if is_refused else _SENT,
                place.feed,
                place.guid,
                int(place.heard_at.timestamp()),
                place.heard,
            )
            for place in places
        ],
    )


class _Entries(msgspec.Struct, frozen=True):
    """Entries of a podcast, by the names that other devices have for them."""

    by_guid: dict[str, int]
    by_enclosure: dict[str, int]


_NO_ENTRIES = _Entries({}, {})


def _entries_of(connection: sqlite3.Connection, server: str, podcast: str) -> _Entries:
    """The entries of a podcast, by any address that it has or had."""
    feeds = [
        feed
        for (feed,) in connection.execute(
            "SELECT id FROM feed WHERE url = ?1 OR address = ?1"
            " OR id IN (SELECT feed FROM feed_alias WHERE url = ?1)"
            " OR url IN (SELECT url FROM sync_feed WHERE server = ?2 AND kept = ?1)",
            (podcast, server),
        )
    ]
    by_guid: dict[str, int] = {}
    by_enclosure: dict[str, int] = {}
    for feed in feeds:
        rows = connection.execute(
            "SELECT guid, id FROM entry WHERE feed = ? AND guid != ''", (feed,)
        )
        by_guid.update(rows)
        by_enclosure.update(
            connection.execute(
                "SELECT enclosure.url, entry.id FROM entry JOIN enclosure"
                " ON enclosure.entry = entry.id WHERE entry.feed = ?",
                (feed,),
            )
        )
    return _Entries(by_guid, by_enclosure)


def _apply(
    connection: sqlite3.Connection,
    entry: int,
    heard_at: int,
    position: float,
    total: float,
    played: int,
) -> bool:
    """Keep a place in an entry where it is newer than that which is kept; True where it is."""
    changed = connection.execute(
        "INSERT INTO progress (feed, guid, heard, length, heard_at, played, unsent)"
        " SELECT feed, guid, ?, ?, ?, ?, ? FROM entry WHERE id = ?"
        " ON CONFLICT (feed, guid) DO UPDATE SET heard = excluded.heard,"
        " length = max(excluded.length, length * (excluded.length = 0)),"
        " heard_at = excluded.heard_at, played = max(played, excluded.played),"
        # Of two of one second the later place: each device comes to the same.
        " unsent = excluded.unsent WHERE (excluded.heard_at, excluded.heard)"
        " > (progress.heard_at, progress.heard)",
        (0.0 if played else position, total, heard_at, played, _SENT, entry),
    ).rowcount
    if changed > 0 and played:
        mark(connection, [entry], read=True)
    return changed > 0
