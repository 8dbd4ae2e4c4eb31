"""Icecast: the title of a mount, by the server's own status.

``GET {base}/status-json.xsl`` is not always JSON (2.4.4): without a source there is no
``source``, with one it is an object, with several a list; the title "-" is written without quotes,
digits as a number, control characters as they are, and UTF-8 that was set without naming it is
coded twice. The host of ``listenurl`` is often an internal one: a mount is known by its path.
"""

from __future__ import annotations

import re
from datetime import datetime

from radiotui.guide.sources.answer import (
    ScheduleAnswer,
    base_of,
    goes_on,
    not_understood,
    read_json,
    song_since,
)
from radiotui.guide.sources.loose import part, rows, words
from radiotui.guide.sources.shoutcast import song_of_title, text_of
from radiotui.net.client import Net
from radiotui.net.urls import parts_of
from radiotui.stations.model import ScheduleSource, Station

_BARE_TITLE = re.compile(
    rb'("(?:title|artist|server_name|yp_currently_playing)"\s*:\s*)-(?=\s*[,}])'
)
_CONTROL = re.compile(rb"[\x00-\x1f\x7f]")
_AGAIN_SECONDS = 60.0


async def now(
    net: Net,
    station: Station,
    source: ScheduleSource,
    at: datetime,
    previous: ScheduleAnswer | None,
) -> ScheduleAnswer:
    """The title that is played. Options: ``base`` (the server), ``mount`` ("/live.mp3")."""
    url = base_of(source, "") + "/status-json.xsl"
    who = f"Icecast ({station.name})"
    reply = await read_json(net, url, who, object, mend=mended)
    if not isinstance(part(reply, "icestats"), dict):
        raise not_understood(who, url, "no icestats")
    mounts = rows(reply, "icestats", "source")
    wanted = source.option("mount").strip("/")
    mount = next(
        (
            one
            for one in mounts
            if parts_of(words(one, "listenurl", limit=2000)).path.strip("/") == wanted
        ),
        mounts[0] if len(mounts) == 1 and not wanted else None,
    )
    title, artist = words(mount, "title", limit=300), words(mount, "artist", limit=300)
    has_artist = artist not in {"", "-"} and title
    song = song_of_title(f"{artist} - {title}" if has_artist else title, station.name)
    return ScheduleAnswer(
        song=goes_on(song_since(song, previous, at), at) if song else None,
        again_seconds=_AGAIN_SECONDS,
    )


def mended(body: bytes) -> bytes:
    """The server's status as JSON: without control characters, a bare "-" in quotes, in UTF-8."""
    status = _BARE_TITLE.sub(rb'\1"-"', _CONTROL.sub(b" ", body))
    return text_of(status).encode()
