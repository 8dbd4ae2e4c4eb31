"""Spinitron: the public page of a station, for those who have no key of its own.

``GET {base}/{call}`` is a page. The song stands in ``data-spin`` as JSON (``a`` artist, ``s``
song, ``r`` release), the programme in ``h3.show-title``, who presents it in ``p.dj-name``. The
page gives no time of the programme that could be trusted, so there is none.
"""

from __future__ import annotations

import asyncio
import re
from datetime import datetime
from typing import TYPE_CHECKING

from radiotui.guide.model import Programme, Song
from radiotui.guide.sources.answer import (
    ScheduleAnswer,
    address,
    not_understood,
    read_text,
    song_since,
)
from radiotui.guide.sources.loose import words
from radiotui.net.client import Net
from radiotui.net.loose_json import parse_json
from radiotui.stations.model import ScheduleSource, Station

if TYPE_CHECKING:
    from radiotui.documents.html_tree import Element

BASE = "https://spinitron.com"

_PAGE = re.compile(r"//(?:www\.)?spinitron\.com/([A-Z][A-Z0-9-]{2,11})(?:[/\"'?#]|$)")
_AGAIN_SECONDS = 90.0


async def now(
    net: Net,
    station: Station,
    source: ScheduleSource,
    at: datetime,
    previous: ScheduleAnswer | None,
) -> ScheduleAnswer:
    """The programme that is on, and the song. Options: ``call`` (call letters), ``base``."""
    url = address(source, BASE, "/{}", "call")
    who = f"Spinitron ({station.name})"
    markup = await read_text(net, url, who)
    if "data-spin" not in markup and "show-title" not in markup:
        raise not_understood(who, url, "neither spins nor a show in the page")
    return await asyncio.to_thread(_read, markup, previous, at)


def of_page(url: str, markup: str) -> ScheduleSource | None:  # noqa: ARG001
    """The station whose Spinitron page a homepage leads to."""
    page = _PAGE.search(markup)
    return ScheduleSource("spinitron", (("call", page[1]),)) if page else None


def _read(markup: str, previous: ScheduleAnswer | None, at: datetime) -> ScheduleAnswer:
    from radiotui.documents.html_tree import parse

    page = parse(markup)
    if page is None:
        return ScheduleAnswer(again_seconds=_AGAIN_SECONDS)
    title, host = _text(page, "show-title"), _text(page, "dj-name")
    spin = next(iter(page.xpath("//@data-spin")), "")
    song = _song(str(spin)[:10_000])
    if song is not None:
        song = song_since(song, previous, at)
    programme = Programme(title, host=host.removeprefix("with ") or None) if title else None
    return ScheduleAnswer(programme, song=song, again_seconds=_AGAIN_SECONDS)


def _text(page: Element, name: str) -> str:
    from radiotui.documents.html_tree import by_class
    from radiotui.documents.html_tree import words as words_of

    element = next(iter(by_class(page, name)), None)
    return "" if element is None else words_of(element, 200)


def _song(spin: str) -> Song | None:
    try:
        values = parse_json(spin or "null")
    except (ValueError, RecursionError):
        return None
    title, artist = words(values, "s", limit=300), words(values, "a", limit=300)
    return Song(title, artist, album=words(values, "r", limit=300)) if title else None
