"""Queries about the history: titles and programmes that were heard, with their times.

Each takes the connection first, for :meth:`Store.ask`, and gives finished values.
An entry is named by its stream, its kind and when the station sent its beginning.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

import msgspec
from msgspec.structs import replace

if TYPE_CHECKING:
    import sqlite3

_SAME_AIRING_SECONDS = 600.0
"""Whoever comes back to a station within that time, and hears the same, hears the same song."""
_LOOKED_THROUGH = 400
"""So many of the newest matches are looked through for different ones."""
_SHORTEST = 2
"""Letters a word must have for its beginning alone to be looked for."""

Kind = Literal["title", "programme"]


class PlayedItem(msgspec.Struct, frozen=True):
    """A title or a programme as it reached the ear. Its times are the station's, not the ear's."""

    station: str
    stream: str
    station_name: str
    stream_name: str
    kind: Kind
    text: str
    """As the station sent it; empty for an advertisement without a name."""
    artist: str
    """Empty where none is named."""
    title: str
    began_at: datetime
    """When the station sent its beginning, or the first of it that could be heard."""
    ended_at: datetime
    """When it sent the last of it that was heard."""
    ad: bool = False
    starred: bool = False
    id: int = 0


class HistoryQuery(msgspec.Struct, frozen=True):
    """Filters on the history."""

    match: str = ""
    """In FTS5's own language; empty: everything."""
    station: str = ""
    """"knau" or "knau/classical"; empty: all."""
    since: datetime | None = None
    before: datetime | None = None
    """Only what began before that."""
    starred: bool = False


_COLUMNS = tuple(field.name for field in msgspec.structs.fields(PlayedItem))
_HEARD = f"SELECT {', '.join(f'heard.{name}' for name in _COLUMNS)} FROM heard"
_KEEP = (
    f"INSERT INTO heard ({', '.join(_COLUMNS[:-1])}) VALUES ({', '.join('?' * len(_COLUMNS[:-1]))})"
)


def hear(connection: sqlite3.Connection, now: PlayedItem, *, certain: bool) -> int:
    """Write that this is heard now; its id. What was heard before of the same airing goes on.

    Where the beginning is not ``certain`` (one came in the middle of it), the same
    text next to it on the same stream is the same airing.
    """
    earlier = _exactly(connection, now) or (None if certain else _beside(connection, now))
    if earlier is None:
        return int(connection.execute(_KEEP, _values(now)).lastrowid or 0)
    connection.execute(
        "UPDATE heard SET began_at = min(began_at, ?), ended_at = max(ended_at, ?), ad = ?"
        " WHERE id = ?",
        (now.began_at.timestamp(), now.ended_at.timestamp(), now.ad, earlier.id),
    )
    if earlier.text != now.text:
        connection.execute(
            "UPDATE heard SET text = ?, artist = ?, title = ? WHERE id = ?",
            (now.text, now.artist, now.title, earlier.id),
        )
    return earlier.id


def retitle(connection: sqlite3.Connection, wrong: PlayedItem, right: PlayedItem) -> None:
    """Replace the words of a title that was read wrong; nothing, when it was not heard."""
    at = wrong.began_at.timestamp()
    connection.execute(
        "UPDATE heard SET text = ?, artist = ?, title = ? WHERE station = ? AND stream = ?"
        " AND kind = 'title' AND text = ? AND began_at BETWEEN ? AND ?",
        (
            *(right.text, right.artist, right.title),
            *(wrong.station, wrong.stream, wrong.text),
            # One who came back to it heard its beginning on a tape before this one.
            *(at - _SAME_AIRING_SECONDS, at),
        ),
    )


def heard_until(connection: sqlite3.Connection, heard: int, ended_at: datetime) -> None:
    """Write how far it was heard; nothing, when it was forgotten meanwhile."""
    connection.execute(
        "UPDATE heard SET ended_at = max(ended_at, ?) WHERE id = ?", (ended_at.timestamp(), heard)
    )


def newest(connection: sqlite3.Connection, wish: HistoryQuery, limit: int) -> list[PlayedItem]:
    """The newest that are wanted, newest first."""
    where, values = _filters(wish)
    matching = ""
    if wish.match:
        matching = " JOIN heard_text ON heard_text.rowid = heard.id"
        where.append("heard_text MATCH ?")
        values.append(wish.match)
    rows = connection.execute(
        f"{_HEARD}{matching} WHERE {' AND '.join(where)}"
        " ORDER BY heard.began_at DESC, heard.id DESC LIMIT ?",
        (*values, limit),
    )
    return [_heard(row) for row in rows]


def search(connection: sqlite3.Connection, wish: HistoryQuery, limit: int) -> list[PlayedItem]:
    """Matches for the search, newest first: of the same on one station only the last."""
    match = f"text : ({wish.match})" if wish.match else ""
    last_heard: dict[tuple[str, str], PlayedItem] = {}
    for heard in newest(connection, replace(wish, match=match), _LOOKED_THROUGH):
        if not heard.ad:
            last_heard.setdefault((heard.station, heard.text.casefold()), heard)
        if len(last_heard) == limit:
            break
    return list(last_heard.values())


def star(connection: sqlite3.Connection, heard: int, *, starred: bool) -> None:
    """Keep it for good, or no longer."""
    connection.execute("UPDATE heard SET starred = ? WHERE id = ?", (starred, heard))


def forget(connection: sqlite3.Connection, heard: int) -> PlayedItem | None:
    """Take it out; what it was."""
    row = connection.execute(f"{_HEARD} WHERE id = ?", (heard,)).fetchone()
    connection.execute("DELETE FROM heard WHERE id = ?", (heard,))
    return None if row is None else _heard(row)


def restore(connection: sqlite3.Connection, heard: PlayedItem) -> int:
    """Put back what was taken out; its id, which may be a new one."""
    stored = _exactly(connection, heard)
    if stored is not None:
        star(connection, stored.id, starred=stored.starred or heard.starred)
        return stored.id
    return int(connection.execute(_KEEP, _values(heard)).lastrowid or 0)


def words_match(typed: str) -> str:
    """Typed words in FTS5's language: every word, or its beginning, in any order."""
    words = re.findall(r"\w+", typed)
    return " AND ".join(f'"{word}"' + "*" * (len(word) >= _SHORTEST) for word in words)


def _exactly(connection: sqlite3.Connection, now: PlayedItem) -> PlayedItem | None:
    row = connection.execute(
        f"{_HEARD} WHERE station = ? AND stream = ? AND kind = ? AND began_at = ?",
        (now.station, now.stream, now.kind, now.began_at.timestamp()),
    ).fetchone()
    return None if row is None else _heard(row)


def _beside(connection: sqlite3.Connection, now: PlayedItem) -> PlayedItem | None:
    """The same text with nothing else between, just before or just after."""
    at = now.began_at.timestamp()
    of_stream = f"{_HEARD} WHERE station = ? AND stream = ? AND kind = ?"
    values = (now.station, now.stream, now.kind, at)
    before = connection.execute(
        f"{of_stream} AND began_at <= ? ORDER BY began_at DESC LIMIT 1", values
    ).fetchone()
    if before is not None and _is_same(_heard(before), now):
        return _heard(before)
    after = connection.execute(
        f"{of_stream} AND began_at > ? ORDER BY began_at LIMIT 1", values
    ).fetchone()
    return _heard(after) if after is not None and _is_same(now, _heard(after)) else None


def _is_same(earlier: PlayedItem, later: PlayedItem) -> bool:
    apart = (later.began_at - earlier.ended_at).total_seconds()
    return (earlier.text, earlier.ad) == (later.text, later.ad) and apart <= _SAME_AIRING_SECONDS


def _filters(wish: HistoryQuery) -> tuple[list[str], list[object]]:
    where, values = ["1"], list[object]()
    station, _, stream = wish.station.partition("/")
    for column, value in (("station", station), ("stream", stream)):
        if value:
            # Going down the newest, until there are enough, is sooner done than sorting all that
            # a station has: the plus sign says so.
            where.append(f"+heard.{column} = ?")
            values.append(value)
    if wish.since is not None:
        where.append("heard.began_at >= ?")
        values.append(wish.since.timestamp())
    if wish.before is not None:
        where.append("heard.began_at < ?")
        values.append(wish.before.timestamp())
    if wish.starred:
        where.append("heard.starred")
    return where, values


def _values(heard: PlayedItem) -> list[object]:
    values = (getattr(heard, name) for name in _COLUMNS[:-1])
    return [value.timestamp() if isinstance(value, datetime) else value for value in values]


def _heard(row: tuple[Any, ...]) -> PlayedItem:
    values = dict(zip(_COLUMNS, row, strict=True))
    for name in ("began_at", "ended_at"):
        values[name] = datetime.fromtimestamp(values[name], UTC)
    for name in ("ad", "starred"):
        values[name] = bool(values[name])
    return PlayedItem(**values)
