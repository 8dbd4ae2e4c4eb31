"""Shoutcast: the title that is played, by either version of the server.

Version 2: ``GET {base}/stats?sid=1&json=1`` gives ``songtitle`` and ``streamstatus``. Version 1:
``/7.html`` is ``…,<body>current,status,peak,max,unique,bitrate,title``, and the title may have
commas of its own.
"""

from __future__ import annotations

import re
from datetime import datetime

from radiotui.guide.model import Song
from radiotui.guide.sources.answer import (
    ScheduleAnswer,
    base_of,
    goes_on,
    not_understood,
    read_json,
    song_since,
)
from radiotui.guide.sources.loose import number, words
from radiotui.net.client import MIB, Net
from radiotui.problems import Problem
from radiotui.radio.titles.titles import mended, real_title, split_title
from radiotui.stations.model import ScheduleSource, Station

_SEVEN = re.compile(r"(?:<body[^>]{0,200}>)?\s*((?:\d{1,9},){6})([^<]{0,2000})")
_MOST_TEXT = 4000
"""Of ``/7.html`` that are read: a line between two tags."""
_AGAIN_SECONDS = 60.0


async def now(
    net: Net,
    station: Station,
    source: ScheduleSource,
    at: datetime,
    previous: ScheduleAnswer | None,
) -> ScheduleAnswer:
    """The title that is played. Options: ``base`` (the server), ``sid`` (the stream, 1)."""
    base = base_of(source, "")
    who = f"Shoutcast ({station.name})"
    try:
        sid = source.option("sid", "1")
        stats = await read_json(net, f"{base}/stats?sid={sid}&json=1", who, object)
        is_on, title = (
            number(stats, "streamstatus") != 0,
            words(stats, "songtitle", limit=300),
        )
    except Problem:
        is_on, title = await _first_version(net, base, who)
    song = song_of_title(title, station.name) if is_on else None
    return ScheduleAnswer(
        song=goes_on(song_since(song, previous, at), at) if song else None,
        again_seconds=_AGAIN_SECONDS,
    )


def song_of_title(title: str, station_name: str) -> Song | None:
    """ "Artist - Title" as a song; None for what names nothing: "-", the station's own name."""
    text = real_title(mended(title), station_name)
    if text is None:
        return None
    artist, name = split_title(text)
    return Song(name, artist or "")


def text_of(body: bytes) -> str:
    """The words of a server that sends titles as they came: UTF-8, else Windows-1252."""
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


async def _first_version(net: Net, base: str, who: str) -> tuple[bool, str]:
    url = f"{base}/7.html"
    page = await net.fetch(url, who=who, cap=MIB)
    match = _SEVEN.search(text_of(page.body[:_MOST_TEXT]))
    if match is None:
        raise not_understood(who, url, "no line of seven values")
    return match[1].split(",")[1] == "1", words(match[2], limit=300)
