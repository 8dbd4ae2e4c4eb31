"""SomaFM: the songs of a channel.

``GET {base}/songs/{channel}.json`` gives ``songs[]``, the newest first, with ``date`` (seconds
since 1970). A list whose newest song is half an hour old is stale. The channel stands in each of
its streams' addresses: "groovesalad-128-mp3", "/hls/groovesalad/", "groovesalad130.m3u".
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from radiotui.guide.model import Song
from radiotui.guide.sources.answer import (
    ScheduleAnswer,
    address,
    epoch_time,
    not_understood,
    read_json,
)
from radiotui.guide.sources.loose import part, rows, words
from radiotui.net.client import Net
from radiotui.net.urls import host_of
from radiotui.stations.model import ScheduleSource, Station

BASE = "https://somafm.com"

_CHANNEL = re.compile(
    r"/hls/([a-z0-9]+)/|/(?:m3u/)?([a-z0-9]*?[a-z])\d*-?\d+-(?:mp3|aac|aacp)\b"
    r"|/(?:m3u/|listen/)?([a-z0-9]*?[a-z])(?:\d{2,3})?\.(?:m3u|pls)\b"
)
_STALE = timedelta(minutes=30)
_AGAIN_SECONDS = 60.0


async def now(
    net: Net,
    station: Station,
    source: ScheduleSource,
    at: datetime,
    previous: ScheduleAnswer | None,  # noqa: ARG001
) -> ScheduleAnswer:
    """The song that began last. Options: ``channel``, ``base``."""
    url = address(source, BASE, "/songs/{}.json", "channel")
    who = f"SomaFM ({station.name})"
    reply = await read_json(net, url, who, object)
    if not isinstance(part(reply, "songs"), list):
        raise not_understood(who, url, "no songs")
    songs = [(epoch_time(part(row, "date")), row) for row in rows(reply, "songs")]
    begun = [
        (began, row)
        for began, row in songs
        if began and at - _STALE < began <= at + timedelta(minutes=5) and words(row, "title")
    ]
    if not begun:
        return ScheduleAnswer(again_seconds=_AGAIN_SECONDS)
    began, row = max(begun, key=lambda entry: entry[0])
    title, artist, album = (words(row, name, limit=300) for name in ("title", "artist", "album"))
    return ScheduleAnswer(
        song=Song(title, artist, began, None, album), again_seconds=_AGAIN_SECONDS
    )


def of_address(url: str) -> ScheduleSource | None:
    """The channel whose stream or playlist this is."""
    if not host_of(url).endswith("somafm.com"):
        return None
    match = _CHANNEL.search(url.partition("?")[0])
    channel = next((name for name in match.groups() if name), "") if match else ""
    return ScheduleSource("somafm", (("channel", channel),)) if channel else None
