"""WFMU: what is live, by the small page that its own players read.

``GET {base}/currentliveshows.php`` is about 1 KB of HTML; ``.nowplayingtext`` says
'"SONG" by ARTIST' and 'on PROGRAMME with HOST', each where it is known.
"""

from __future__ import annotations

import asyncio
import re
from datetime import datetime

from radiotui.guide.model import Programme, Song
from radiotui.guide.sources.answer import (
    ScheduleAnswer,
    base_of,
    not_understood,
    read_text,
    song_since,
)
from radiotui.net.client import Net
from radiotui.net.urls import host_of
from radiotui.stations.model import ScheduleSource, Station

BASE = "https://wfmu.org"

_SONG = re.compile(r'["“]([^"”]{1,300})["”]\s+by\s+(.{1,200}?)(?=\s+(?:on|from)\s|\s*$)')
_PROGRAMME = re.compile(r"\bon\s+(.{1,200}?)(?:\s+with\s+(.{1,200}?))?\s*$")
_AGAIN_SECONDS = 90.0


async def now(
    net: Net,
    station: Station,
    source: ScheduleSource,
    at: datetime,
    previous: ScheduleAnswer | None,
) -> ScheduleAnswer:
    """The programme that is live, and the song. Option: ``base``."""
    url = base_of(source, BASE) + "/currentliveshows.php"
    who = f"WFMU ({station.name})"
    markup = await read_text(net, url, who)
    if "nowplaying" not in markup:
        raise not_understood(who, url, "nothing in the page that is played now")
    return await asyncio.to_thread(_read, markup, previous, at)


def of_address(url: str) -> ScheduleSource | None:
    """WFMU's freeform stream; its other streams have no such page."""
    is_freeform = host_of(url).endswith("wfmu.org") and "freeform" in url.partition("?")[0]
    return ScheduleSource("wfmu") if is_freeform else None


def _read(markup: str, previous: ScheduleAnswer | None, at: datetime) -> ScheduleAnswer:
    from radiotui.documents.html_tree import by_class, parse, words

    page = parse(markup)
    texts = [] if page is None else [words(node, 600) for node in by_class(page, "nowplayingtext")]
    text = next((text for text in texts if text), "")
    song_match = _SONG.search(text)
    programme_match = _PROGRAMME.search(text[song_match.end() :] if song_match else text)
    programme = None
    if programme_match:
        programme = Programme(programme_match[1], host=programme_match[2])
    song = None
    if song_match:
        song = song_since(Song(song_match[1], song_match[2]), previous, at)
    return ScheduleAnswer(programme, song=song, again_seconds=_AGAIN_SECONDS)
