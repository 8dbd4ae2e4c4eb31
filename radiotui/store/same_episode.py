"""Episodes whose guid their podcast has changed: found again by their sound, or title and time.

AntennaPod's guess, with two differences, both for newscasts: their sound stands at one address,
and their titles are the same all day. So the address alone is not enough, and the same date means
the same time.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from radiotui.store.feeds import seconds
from radiotui.store.moves import rename_guid

if TYPE_CHECKING:
    import sqlite3

    from radiotui.store.stories import StoredEntry

log = logging.getLogger(__name__)

_SAME_MINUTE = 60
_SAME_TIME = 300
"""Seconds between two times of publication that say the same."""
_SAME_LENGTH = 600.0
"""Seconds that advertisements may add or take."""
_WORD = re.compile(r"[^\W_]+")
_SCHEME = re.compile(r"^https?://", re.IGNORECASE)
_SOUNDS = ("audio/", "video/")


class EpisodeTraits(msgspec.Struct, frozen=True):
    """Traits by which an episode is known again."""

    guid: str
    title: str
    """Its words alone: quotes and dashes are written in many ways."""
    published: int | None
    sound: str
    """The address of its sound, without the scheme."""
    media: str
    """"audio" or "video"."""
    seconds: float | None
    id: int | None = None
    """Of its row; None where it is not stored yet."""

    def is_same(self, other: EpisodeTraits) -> bool:
        """True where two are one episode, whatever their guids are."""
        apart = None
        if self.published is not None and other.published is not None:
            apart = abs(self.published - other.published)
        is_titled_so = self.title == other.title
        if self.sound == other.sound and self.sound:
            return apart <= _SAME_MINUTE if apart is not None else is_titled_so
        if not is_titled_so or apart is None or apart > _SAME_TIME or self.media != other.media:
            return False
        if self.seconds is None or other.seconds is None:
            return True
        return abs(self.seconds - other.seconds) <= _SAME_LENGTH


class _Index:
    """Episodes by their sounds and titles."""

    def __init__(self, episodes: Iterable[EpisodeTraits]) -> None:
        self._by_trait: dict[str, list[EpisodeTraits]] = {}
        for episode in episodes:
            self.add(episode)

    def add(self, episode: EpisodeTraits) -> None:
        for key in _keys(episode):
            self._by_trait.setdefault(key, []).append(episode)

    def drop(self, episode: EpisodeTraits) -> None:
        for key in _keys(episode):
            self._by_trait[key].remove(episode)

    def find(self, episode: EpisodeTraits) -> EpisodeTraits | None:
        """The first one that is the same."""
        others = (other for key in _keys(episode) for other in self._by_trait.get(key, ()))
        return next((other for other in others if other.is_same(episode)), None)


def settle_guids(
    connection: sqlite3.Connection,
    feed: int,
    entries: Sequence[StoredEntry],
    listed: Collection[str],
    now: datetime,
) -> list[StoredEntry]:
    """Give stored episodes the guids that they have now; the entries that are to be kept.

    ``entries`` are those of an answer that are new or changed, newest first, and ``listed`` the
    guids of all that it names. An episode keeps its row and what was done to it. Of two that are
    one within the answer the older one stays.
    """
    new_guids = _unknown(connection, feed, [entry.guid for entry in entries if _sound(entry)])
    if not new_guids:
        return list(entries)
    new = {entry.guid: _traits(entry) for entry in entries if entry.guid in new_guids}
    index = _Index(_stored(connection, feed, list(new.values())))
    left_out: set[str] = set()
    for guid, episode in reversed(new.items()):
        same = index.find(episode)
        if same is None:
            index.add(episode)
        elif same.guid in listed or same.id is None:
            left_out.add(guid)
        else:
            log.info("feed %d: %r is named %r now, and was %r", feed, same.title, guid, same.guid)
            _rename(connection, feed, same, guid)
            index.drop(same)
            index.add(replace(same, guid=guid))
    _note_left_out(connection, feed, (entry for entry in entries if entry.guid in left_out), now)
    return [entry for entry in entries if entry.guid not in left_out]


def _unknown(connection: sqlite3.Connection, feed: int, guids: list[str]) -> set[str]:
    known = connection.execute(
        "SELECT guid FROM entry WHERE feed = ? UNION ALL SELECT guid FROM tidied WHERE feed = ?",
        (feed, feed),
    )
    return set(guids).difference(guid for (guid,) in known) if guids else set()


def _stored(
    connection: sqlite3.Connection, feed: int, new: Sequence[EpisodeTraits]
) -> Iterator[EpisodeTraits]:
    """Stored episodes of about the same times as the new ones, and those without a time."""
    times = [episode.published for episode in new if episode.published is not None]
    where = ["entry.placed_at BETWEEN ? AND ?"] if times else []
    if len(times) < len(new):
        where.append("entry.published IS NULL")
    span = (min(times) - _SAME_TIME, max(times) + _SAME_TIME) if times else ()
    rows = connection.execute(
        "SELECT entry.id, entry.guid, entry.title, entry.published, enclosure.url, enclosure.type,"
        " enclosure.seconds FROM entry JOIN enclosure ON enclosure.entry = entry.id"
        f" AND enclosure.place = 0 WHERE entry.feed = ? AND ({' OR '.join(where)})"
        " ORDER BY entry.placed_at, entry.id",
        (feed, *span),
    )
    for entry, guid, title, published, url, media_type, length in rows.fetchall():
        yield EpisodeTraits(
            guid, _words(title), published, _bare(url), _media(media_type), length, entry
        )


def _rename(connection: sqlite3.Connection, feed: int, episode: EpisodeTraits, guid: str) -> None:
    connection.execute("UPDATE entry SET guid = ? WHERE id = ?", (guid, episode.id))
    rename_guid(connection, feed, episode.guid, guid)


def _note_left_out(
    connection: sqlite3.Connection, feed: int, entries: Iterable[StoredEntry], now: datetime
) -> None:
    """Note entries as tidied away: they are not read again at every answer."""
    connection.executemany(
        "INSERT OR REPLACE INTO tidied (feed, guid, digest, tidied_at) VALUES (?, ?, ?, ?)",
        [(feed, entry.guid, entry.digest, seconds(now)) for entry in entries],
    )


def _traits(entry: StoredEntry) -> EpisodeTraits:
    sound = entry.enclosures[0]
    return EpisodeTraits(
        entry.guid,
        _words(entry.title),
        seconds(entry.published),
        _bare(sound.url),
        _media(sound.type),
        sound.seconds,
    )


def _sound(entry: StoredEntry) -> bool:
    """True for an entry that begins with a sound: any other has no traits."""
    return bool(entry.enclosures) and (
        not entry.enclosures[0].type or entry.enclosures[0].type.startswith(_SOUNDS)
    )


def _keys(episode: EpisodeTraits) -> tuple[str, ...]:
    return f"sound {episode.sound}", f"title {episode.title}"


def _words(title: str) -> str:
    return " ".join(_WORD.findall(title.casefold())) or title


def _bare(url: str) -> str:
    return _SCHEME.sub("", url)


def _media(media_type: str) -> str:
    return "video" if media_type.startswith("video") else "audio"
