"""Radio Paradise: the song of a channel, and how long it goes on.

``GET {base}/api/now_playing?chan={channel}`` gives ``artist, title, album, cover, time``, where
``time`` is the seconds that are left. Channels: 0 main, 1 mellow, 2 rock, 3 global.
"""

from __future__ import annotations

import re
from datetime import datetime

from msgspec.structs import replace

from radiotui.guide.model import Song
from radiotui.guide.sources.answer import (
    ScheduleAnswer,
    address,
    goes_on,
    not_understood,
    read_json,
    song_since,
)
from radiotui.guide.sources.loose import link, number, words
from radiotui.net.client import Net
from radiotui.net.urls import host_of
from radiotui.stations.model import ScheduleSource, Station

BASE = "https://api.radioparadise.com"

_CHANNELS = (("mellow", "1"), ("rock", "2"), ("global", "3"), ("world", "3"), ("eclectic", "3"))
_MAIN = re.compile(r"/(?:mp3|aac|flac|ogg)-?(?:\d+|m|c)?$")
_AGAIN_SECONDS = 60.0
_LEAST_AGAIN = 15.0
_LONGEST_SONG_SECONDS = 3600.0


async def now(
    net: Net,
    station: Station,
    source: ScheduleSource,
    at: datetime,
    previous: ScheduleAnswer | None,
) -> ScheduleAnswer:
    """The song that is played. Options: ``channel`` ("0" to "3"), ``base``."""
    url = address(source, BASE, "/api/now_playing?chan={}", "channel")
    who = f"Radio Paradise ({station.name})"
    reply = await read_json(net, url, who, object)
    if not isinstance(reply, dict):
        raise not_understood(who, url, "no song")
    title = words(reply, "title", limit=300)
    if not title:
        return ScheduleAnswer(again_seconds=_AGAIN_SECONDS)
    artist, album = words(reply, "artist", limit=300), words(reply, "album", limit=300)
    cover = link(reply, "cover") or link(reply, "cover_med")
    song = song_since(Song(title, artist, album=album, picture=cover), previous, at)
    left = number(reply, "time")
    if left is None or song.start is None or not 0 < left < _LONGEST_SONG_SECONDS:
        return ScheduleAnswer(song=goes_on(song, at), again_seconds=_AGAIN_SECONDS)
    song = replace(song, seconds=(at - song.start).total_seconds() + left)
    return ScheduleAnswer(song=song, again_seconds=max(_LEAST_AGAIN, left))


def of_address(url: str) -> ScheduleSource | None:
    """The channel whose stream this is."""
    if not host_of(url).endswith("radioparadise.com"):
        return None
    path = url.partition("?")[0].lower()
    channel = next((channel for name, channel in _CHANNELS if name in path), "")
    if not channel and _MAIN.search(path):
        channel = "0"
    return ScheduleSource("radio_paradise", (("channel", channel),)) if channel else None
