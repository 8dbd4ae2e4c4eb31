"""WNYC and WQXR: the programme that is on, what follows, and the piece that is played.

``GET {base}/api/v1/whats_on/{slug}``, else ``/api/v1/whats_on/``, gives an object by slug (or the
station's own) with ``current_show{title, start, end, description}`` (``iso_start`` and ``iso_end``
where it is an older answer), ``future``, a list or one object, and
``current_playlist_item.catalog_entry``.
"""

from __future__ import annotations

import asyncio
from datetime import datetime

from msgspec.structs import replace

from radiotui.guide.model import Programme, Song
from radiotui.guide.sources.answer import (
    ScheduleAnswer,
    address,
    answer_at,
    base_of,
    goes_on,
    iso_time,
    not_understood,
    plain,
    read_json,
    song_since,
    utc_time,
)
from radiotui.guide.sources.loose import link, part, rows, words
from radiotui.guide.wall_clock import to_utc
from radiotui.net.client import Net
from radiotui.problems import Problem
from radiotui.stations.model import ScheduleSource, Station

BASE = "https://api.wnyc.org"

_AGAIN_WITH_SONGS = 60.0
_MOST_FOLLOWING = 20


async def now(
    net: Net,
    station: Station,
    source: ScheduleSource,
    at: datetime,
    previous: ScheduleAnswer | None,
) -> ScheduleAnswer:
    """The programme that is on, the next, and the piece. Options: ``slug``, ``base``."""
    url = address(source, BASE, "/api/v1/whats_on/{}/", "slug")
    who = f"WNYC's schedule ({station.name})"
    try:
        reply = await read_json(net, url, who, object)
    except Problem as problem:
        if problem.status != 404:
            raise
        url = base_of(source, BASE) + "/api/v1/whats_on/"
        reply = await read_json(net, url, who, object)
    slug = source.option("slug")
    entry = part(reply, slug) if part(reply, slug) is not None else reply
    if not isinstance(entry, dict) or not {"current_show", "future"} & entry.keys():
        raise not_understood(who, url, "no current_show")
    return await asyncio.to_thread(_read, entry, station, previous, at)


def _read(
    entry: object, station: Station, previous: ScheduleAnswer | None, at: datetime
) -> ScheduleAnswer:
    current = _programme(part(entry, "current_show"), station)
    read = (_programme(show, station) for show in rows(entry, "future")[:_MOST_FOLLOWING])
    ahead = [programme for programme in read if programme is not None]
    song = _song(part(entry, "current_playlist_item"))
    if song is not None and song.start is None:
        song = goes_on(song_since(song, previous, at), at)
    again = _AGAIN_WITH_SONGS if song else None
    answer = answer_at([*([current] if current else []), *ahead], at, song, again)
    is_over = current is not None and current.end is not None and current.end <= at
    if current is not None and current.start is None and answer.now is None and not is_over:
        # The name alone: it is on, as nothing says since when.
        return replace(answer, now=current)
    return answer


def _programme(show: object, station: Station) -> Programme | None:
    title = words(show, "title") or words(show, "show_title")
    if not title:
        return None
    start, end = (
        _time(words(show, f"iso_{name}") or words(show, name), station) for name in ("start", "end")
    )
    link_of_show = link(show, "url") or link(show, "show_url")
    return Programme(
        title, start, end, description=plain(part(show, "description")), link=link_of_show
    )


def _time(text: str, station: Station) -> datetime | None:
    """A time with an offset, or one on the station's wall."""
    moment = iso_time(text)
    return to_utc(moment, station.zone) if moment and moment.tzinfo is None else moment


def _song(item: object) -> Song | None:
    piece = part(item, "catalog_entry")
    title = words(piece, "title", limit=300)
    if not title:
        return None
    names = [
        words(piece, "composer", "name"),
        words(piece, "ensemble", "name") or words(piece, "ensemble"),
        *(words(row, "musician", "name") for row in rows(piece, "soloists")[:5]),
    ]
    artist = ", ".join(dict.fromkeys(name for name in names if name))
    start = words(item, "iso_start_time") or words(item, "start_time")
    return Song(title, artist, utc_time(start))
