"""KEXP: what was played last, by its own catalogue.

``GET {base}/v2/plays/?format=json&limit=8&ordering=-airdate`` gives ``results[]``, the newest
first, with ``airdate`` (ISO 8601) and ``play_type``: an "airbreak" is no song, and ends one.
"""

from __future__ import annotations

from datetime import datetime

from radiotui.guide.model import Song
from radiotui.guide.sources.answer import (
    ScheduleAnswer,
    base_of,
    not_understood,
    read_json,
    utc_time,
)
from radiotui.guide.sources.loose import link, part, rows, words
from radiotui.net.client import Net
from radiotui.net.urls import host_of
from radiotui.stations.model import ScheduleSource, Station

BASE = "https://api.kexp.org"

_AGAIN_SECONDS = 60.0


async def now(
    net: Net,
    station: Station,
    source: ScheduleSource,
    at: datetime,
    previous: ScheduleAnswer | None,  # noqa: ARG001
) -> ScheduleAnswer:
    """The song that is played, none during a break. Option: ``base``."""
    url = base_of(source, BASE) + "/v2/plays/?format=json&limit=8&ordering=-airdate"
    who = f"KEXP ({station.name})"
    reply = await read_json(net, url, who, object)
    if not isinstance(part(reply, "results"), list):
        raise not_understood(who, url, "no results")
    plays = [(utc_time(words(row, "airdate")), row) for row in rows(reply, "results")]
    begun = [(start, row) for start, row in plays if start and start <= at]
    if not begun:
        return ScheduleAnswer(again_seconds=_AGAIN_SECONDS)
    start, row = max(begun, key=lambda play: play[0])
    title = words(row, "song", limit=300)
    if words(row, "play_type") == "airbreak" or not title:
        return ScheduleAnswer(again_seconds=_AGAIN_SECONDS)
    song = Song(
        title,
        words(row, "artist", limit=300),
        start,
        album=words(row, "album", limit=300),
        picture=link(row, "image_uri") or link(row, "thumbnail_uri"),
    )
    return ScheduleAnswer(song=None if song.over(at) else song, again_seconds=_AGAIN_SECONDS)


def of_address(url: str) -> ScheduleSource | None:
    """KEXP's own streams."""
    host = host_of(url)
    return (
        ScheduleSource("kexp") if host.startswith("kexp.") or host.endswith(".kexp.org") else None
    )
