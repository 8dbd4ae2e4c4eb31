"""ABC (Australia): programmes of a service, and the songs of its music stations.

``GET {base}/api/v1/programitems/search.json?service={service}&from=…&to=…`` gives ``items[]``,
each with many ``live[]`` events on many outlets; those of the asked service count.
``{songs_base}/api/v1/plays/{songs}/now.json`` gives ``now`` (which may be empty) and ``prev``.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import quote

from msgspec.structs import replace

from radiotui.guide.model import Programme, Song
from radiotui.guide.sources.answer import (
    ScheduleAnswer,
    address,
    answer_of_days,
    base_of,
    goes_on,
    not_understood,
    plain,
    read_json,
    song_since,
    utc_time,
)
from radiotui.guide.sources.loose import number, part, rows, words
from radiotui.guide.wall_clock import to_utc
from radiotui.net.client import Net
from radiotui.problems import Problem
from radiotui.stations.model import ScheduleSource, Station

BASE = "https://program.abcradio.net.au"
SONGS_BASE = "https://music.abcradio.net.au"

_AGAIN_WITH_SONGS = 60.0
_LIMIT = 60


async def now(
    net: Net,
    station: Station,
    source: ScheduleSource,
    at: datetime,
    previous: ScheduleAnswer | None,
) -> ScheduleAnswer:
    """The programme that is on, the next, and the song.

    Options: ``service``, ``songs`` ("triplej", "doublej", "classic", "jazz", …), ``base``.
    """
    if not source.option("songs"):
        return await answer_of_days(day, net, station, source, at)
    song, problem = None, None
    try:
        song = await _song(net, station, source)
        if song is not None and song.start is None:
            song = goes_on(song_since(song, previous, at), at)
    except Problem as failure:
        problem = failure
    answer = await answer_of_days(day, net, station, source, at, song, _AGAIN_WITH_SONGS)
    return replace(answer, problem=answer.problem or problem)


async def day(net: Net, station: Station, source: ScheduleSource, day: date) -> list[Programme]:
    """The programmes of a day, as the station counts days."""
    begin, end = await asyncio.to_thread(_span, station, day)
    query = f"from={_written(begin)}&to={_written(end)}&order=asc&order_by=ppe_date&limit={_LIMIT}"
    path = f"/api/v1/programitems/search.json?service={{}}&{query}"
    url = address(source, BASE, path, "service")
    who = f"ABC's schedule ({station.name})"
    reply = await read_json(net, url, who, object)
    if not isinstance(part(reply, "items"), list):
        raise not_understood(who, url, "no items")
    programmes = await asyncio.to_thread(_programmes, reply, source.option("service"))
    return [one for one in programmes if one.start is not None and begin <= one.start < end]


def _programmes(reply: object, service: str) -> list[Programme]:
    programmes = []
    for item in rows(reply, "items"):
        title, episode = words(item, "program", "title"), words(item, "title")
        summary = plain(part(item, "short_synopsis"))
        for event in rows(item, "live")[:100]:
            if not (title or episode) or not _is_on(event, service):
                continue
            programmes.append(
                Programme(
                    title or episode,
                    utc_time(words(event, "start")),
                    utc_time(words(event, "end")),
                    description=summary,
                    episode=episode if title and episode != title else "",
                )
            )
    return programmes


def _is_on(event: object, service: str) -> bool:
    """True where the event is the service's own; one that names no outlet is."""
    names = {words(outlet, "partof_service", "service_id") for outlet in rows(event, "outlets")} - {
        ""
    }
    return not names or service in names


async def _song(net: Net, station: Station, source: ScheduleSource) -> Song | None:
    base = base_of(source, SONGS_BASE)
    url = f"{base}/api/v1/plays/{quote(source.option('songs'), safe='')}/now.json"
    reply = await read_json(net, url, f"ABC's songs ({station.name})", object)
    recording = part(reply, "now", "recording")
    title = words(recording, "title", limit=300)
    if not title:
        return None
    artists = [words(artist, "name") for artist in rows(recording, "artists")[:10]]
    start = utc_time(words(reply, "now", "played_time"))
    seconds = number(recording, "duration")
    return Song(
        title,
        ", ".join(name for name in artists if name),
        start,
        seconds if seconds and seconds > 0 else None,
        words(rows(recording, "releases")[:1], 0, "title", limit=300),
    )


def _span(station: Station, day: date) -> tuple[datetime, datetime]:
    begin, end = (
        to_utc(datetime.combine(day + timedelta(days=days), time()), station.zone)
        for days in (0, 1)
    )
    return begin, end


def _written(moment: datetime) -> str:
    return quote(moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), safe="")
