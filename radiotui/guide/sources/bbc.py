"""The BBC: programmes of a service by day, and the song that is played.

``GET {base}/v2/experience/inline/schedules/{service}/YYYY-MM-DD`` gives groups of
``broadcast_summary`` rows with ``start`` and ``end`` (ISO 8601, UTC), a week back and ahead; where
it fails ``…/v2/broadcasts/poll/{service}?limit=4`` gives the next rows, without a ``type``;
``…/v2/services/{service}/segments/latest`` gives songs, the one at the ear with
``offset.now_playing``. Gaps of some minutes at the hour are the news. The service's name stands
in each of its streams' addresses: "bbc_radio_fourfm". A request must not carry an Origin.
"""

from __future__ import annotations

import asyncio
import re
from datetime import date, datetime

from msgspec.structs import replace

from radiotui.guide.model import Programme, Song
from radiotui.guide.sources.answer import (
    ScheduleAnswer,
    address,
    answer_at,
    answer_of_days,
    goes_on,
    not_understood,
    plain,
    read_json,
    song_since,
    utc_time,
)
from radiotui.guide.sources.loose import MOST_ROWS, part, rows, words
from radiotui.net.client import Net
from radiotui.net.urls import web_link
from radiotui.problems import Problem
from radiotui.stations.model import ScheduleSource, Station

BASE = "https://rms.api.bbc.co.uk"

_SERVICE = re.compile(r"\bbbc_[a-z0-9_]{2,40}\b")
_PLACEHOLDERS = ("p0bqcdzf", "p01tqv8z")
"""Pictures of no programme: grey, with the BBC's letters."""
_PICTURE_SIZE = "480x480"
_AGAIN_WITH_SONGS = 120.0


async def now(
    net: Net,
    station: Station,
    source: ScheduleSource,
    at: datetime,
    previous: ScheduleAnswer | None,
) -> ScheduleAnswer:
    """The programme that is on, the next, and the song. Options: ``service``, ``base``."""
    try:
        answer = await answer_of_days(day, net, station, source, at)
    except Problem as problem:
        answer = await _polled(net, station, source, at, problem)
    try:
        song = await _song(net, station, source)
    except Problem as problem:
        # A service of words alone has none.
        return answer if problem.status == 404 else replace(answer, problem=problem)
    if song is None:
        return answer
    song = goes_on(song_since(song, previous, at), at)
    return replace(answer, song=song, again_seconds=_AGAIN_WITH_SONGS)


async def day(net: Net, station: Station, source: ScheduleSource, day: date) -> list[Programme]:
    """The programmes of a day; the BBC's days end at the same time as London's."""
    path = f"/v2/experience/inline/schedules/{{}}/{day.isoformat()}"
    url = address(source, BASE, path, "service")
    who = f"the BBC's schedule ({station.name})"
    reply = await read_json(net, url, who, object)
    groups = part(reply, "data")
    if not isinstance(groups, list):
        raise not_understood(who, url, "no data")
    return await asyncio.to_thread(_programmes, groups)


async def _polled(
    net: Net, station: Station, source: ScheduleSource, at: datetime, problem: Problem
) -> ScheduleAnswer:
    """Answer of the next broadcasts alone, where the day failed with ``problem``."""
    url = address(source, BASE, "/v2/broadcasts/poll/{}?limit=4", "service")
    try:
        reply = await read_json(net, url, f"the BBC's schedule ({station.name})", object)
    except Problem:
        raise problem from None
    programmes = await asyncio.to_thread(_programmes, [reply])
    if not programmes:
        raise problem
    return replace(answer_at(programmes, at), problem=problem)


def of_address(url: str) -> ScheduleSource | None:
    """The service that a stream's address names."""
    service = _SERVICE.search(url)
    return ScheduleSource("bbc", (("service", service[0]),)) if service else None


def _programmes(groups: list[object]) -> list[Programme]:
    slots = [slot for group in groups[:50] for slot in rows(group, "data")]
    return [
        Programme(
            title,
            utc_time(words(slot, "start")),
            utc_time(words(slot, "end")),
            description=plain(_synopsis(slot)),
            episode=words(slot, "titles", "secondary") or words(slot, "titles", "tertiary"),
            picture=_picture(slot),
        )
        for slot in slots[:MOST_ROWS]
        if (words(slot, "type") or "broadcast").startswith("broadcast")
        and (title := words(slot, "titles", "primary"))
    ]


def _synopsis(slot: object) -> str:
    synopses = (part(slot, "synopses", length) for length in ("long", "medium", "short"))
    return next((text for text in synopses if isinstance(text, str) and text), "")


def _picture(slot: object) -> str | None:
    address = part(slot, "image_url")
    if not isinstance(address, str) or any(name in address for name in _PLACEHOLDERS):
        return None
    return web_link(address.replace("{recipe}", _PICTURE_SIZE))


async def _song(net: Net, station: Station, source: ScheduleSource) -> Song | None:
    url = address(source, BASE, "/v2/services/{}/segments/latest", "service")
    reply = await read_json(net, url, f"the BBC's songs ({station.name})", object)
    for segment in rows(reply, "data"):
        title = words(segment, "titles", "secondary", limit=300)
        if (
            segment.get("segment_type") == "music"
            and title
            and part(segment, "offset", "now_playing") is True
        ):
            artist = words(segment, "titles", "primary", limit=300)
            return Song(title, artist, picture=_picture(segment))
    return None
