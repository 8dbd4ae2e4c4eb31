"""An address that a listener types: a stream, a playlist, or a station's homepage.

Of a homepage its streams are read (players, links to playlists, JSON-LD, addresses of the known
hosts of streams in its scripts), its feeds, and the schedule that its own widgets show.
"""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import chain, islice
from typing import Any

from radiotui.directories.model import FoundStation, FoundStream
from radiotui.documents.html_tree import HtmlPage, read_page
from radiotui.documents.processes import WorkerError, WorkerPool
from radiotui.guide.sources.registry import sources_of_page
from radiotui.net.client import MIB, Net
from radiotui.net.content import is_html
from radiotui.net.content_coding import is_encoded
from radiotui.net.loose_json import parse_json
from radiotui.net.urls import is_web, parts_of, site_of, web_link
from radiotui.problems import Problem
from radiotui.radio.playlists import kind_of
from radiotui.radio.titles.icy import header_info
from radiotui.text import clean

DIRECTORY = "the address"
"""The name of the directory that a typed address is."""

_HEAD_BYTES = 8192
_LARGEST_PAGE = 3 * MIB
_SECONDS = 15.0
_PAGE_WORK_SECONDS = 20.0
_MOST_STREAMS = 10
_MOST_FEEDS = 5
_MOST_URLS = 2000
"""Addresses of a page that are looked at."""
_MOST_SCRIPT = 500_000
_DEEPEST = 12
_SCHEME = re.compile(r"(?i)https?://\S+")
_HOST = re.compile(r"(?i)[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.[a-z]{2,24}(?::\d+)?(?:/\S*)?")
_PLAYLIST = re.compile(r"(?i)\.(?:m3u8?|pls|xspf|asx)$")
_SOUND = re.compile(r"(?i)\.(?:mp3|aac|aacp|ogg|opus|flac)$")
_LIVE = re.compile(
    r"(?i)livestream-redirect/|\.streamguys1?\.com/|\.cdnstream\d*\.com/|\.streamtheworld\.com/"
    r"|/listen/[\w.-]+/[\w.-]+$|^https?://(?:stream|streams|streaming|ice|icecast|live)\d*[.-]"
    r"|(?:^|[/_-])(?:live|stream)(?:[/_.-]|\d|$)"
)
"""Signs that an address of sound is one of a station, and not of an episode."""
_IN_SCRIPT = re.compile(r"https?:(?:\\?/){2}[\w.:@-]{4,200}\\?/[^\s\"'<>`]{0,400}")


_NO_SOUND = "give the address of its stream, which players show as its source"


def address_in(typed: str) -> str:
    """The address that was typed, with its scheme; empty for words."""
    text = clean(typed, 2000)
    if _SCHEME.fullmatch(text) and is_web(text):
        return text
    return f"https://{text}" if _HOST.fullmatch(text) and is_web(f"https://{text}") else ""


async def station_at(
    net: Net,
    workers: WorkerPool,
    typed: str,
    feeds_of: Callable[[bytes, str], list[str]],
) -> FoundStation:
    """The station behind an address. ``feeds_of`` reads a page's feeds, in a worker.

    Raises Problem where nothing answers, or no sound is found there.
    """
    url = address_in(typed)
    try:
        return await _station_at(net, workers, url, feeds_of)
    except Problem as problem:
        if problem.status or _SCHEME.fullmatch(typed.strip()) or problem.hint == _NO_SOUND:
            raise
    return await _station_at(net, workers, f"http{url.removeprefix('https')}", feeds_of)


async def _station_at(
    net: Net,
    workers: WorkerPool,
    url: str,
    feeds_of: Callable[[bytes, str], list[str]],
) -> FoundStation:
    station = await _stream_or_playlist(net, url)
    if station is not None:
        return station
    page = await net.fetch(url, cap=_LARGEST_PAGE, seconds=_SECONDS)
    try:
        async with asyncio.timeout(_PAGE_WORK_SECONDS):
            station = await workers.run(
                FoundStation, read_homepage, page.body, page.url,
                page.headers.get("content-type", ""), feeds_of,
            )  # fmt: skip
    except (TimeoutError, WorkerError) as error:
        raise Problem(f"{site_of(url)} cannot be read", "its page may be damaged") from error
    if not station.streams:
        raise Problem(f"{site_of(url)} names no stream", _NO_SOUND, url)
    return station


async def _stream_or_playlist(net: Net, url: str) -> FoundStation | None:
    """A station with the stream that ``url`` is; None for a page."""
    head = bytearray()
    try:
        async with asyncio.timeout(_SECONDS), net.stream(url) as answer:
            headers = answer.headers
            if not is_encoded(headers.get("content-encoding", "")):
                async for chunk in answer.chunks():
                    head += chunk
                    if len(head) >= _HEAD_BYTES:
                        break
    except TimeoutError:
        if not head:
            raise Problem(f"{site_of(url)} gave no answer", url) from None
    content_type = headers.get("content-type", "")
    kind = kind_of(content_type, bytes(head[:_HEAD_BYTES]), url)
    if kind is None and (is_html(bytes(head), content_type) or not head):
        return None
    if kind is None and not _is_sound(content_type, headers):
        raise Problem(f"{site_of(url)} is neither a stream nor a web page", _NO_SOUND, url)
    info = header_info(headers)
    stream = FoundStream("", (url,), _codec(content_type), info.bitrate_kbps or 0)
    return FoundStation(
        name=info.name or site_of(url),
        directory=DIRECTORY,
        streams=(stream,),
        tags=tuple(filter(None, (info.genre[:60],))),
        homepage=info.url,
    )


def _is_sound(content_type: str, headers: Mapping[str, str]) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    is_typed = kind.startswith(("audio/", "video/")) or kind == "application/ogg"
    return is_typed or any(name.startswith("icy-") for name in headers)


def _codec(content_type: str) -> str:
    kind = content_type.partition(";")[0].strip().lower()
    codecs = {"audio/mpeg": "MP3", "audio/aac": "AAC", "audio/aacp": "AAC", "audio/ogg": "OGG"}
    return codecs.get(kind, "")


def read_homepage(
    body: bytes, url: str, content_type: str, feeds_of: Callable[[bytes, str], list[str]]
) -> FoundStation:
    """The station of a homepage; it may have no stream. Not for the loop. Raises Problem."""
    page = read_page(body, url, content_type)
    markup = body[:_LARGEST_PAGE].decode("utf-8", "replace")
    streams: dict[tuple[str, ...], str] = {}
    looks = (_players(page), _linked(page), _in_json_ld(page), _in_scripts(markup))
    known_urls: set[str] = set()
    for name, addresses in chain.from_iterable(looks):
        urls = tuple(address for address in addresses if address not in known_urls)
        if urls and len(streams) < _MOST_STREAMS:
            streams[urls] = name
            known_urls.update(urls)
    schedule = tuple(sources_of_page(url, markup)) if streams else ()
    return FoundStation(
        name=_meta(page, "og:site_name") or _title(page) or site_of(url),
        directory=DIRECTORY,
        streams=tuple(FoundStream(name, urls, "", 0, schedule) for urls, name in streams.items()),
        homepage=url,
        picture=web_link(_meta(page, "og:image"), page.base) or "",
        feeds=tuple(feeds_of(body, url))[:_MOST_FEEDS],
    )


_Named = tuple[str, list[str]]
"""A stream's name, and its addresses."""


def _players(page: HtmlPage) -> Iterator[_Named]:
    """The sound of players: each has one stream, in several forms."""
    for player in islice(page.root.iter("audio"), 50):
        nodes = [player, *islice(player.iter("source"), 20)]
        urls = [web_link(node.get("src"), page.base) for node in nodes]
        if live := [url for url in urls if url and _is_stream(url, is_player=True)]:
            yield clean(player.get("title") or player.get("aria-label") or "", 100), live


def _linked(page: HtmlPage) -> Iterator[_Named]:
    for link in islice(page.root.iter("a"), _MOST_URLS):
        url = web_link(link.get("href"), page.base)
        if url and _is_stream(url):
            yield clean("".join(islice(link.itertext(), 20)), 100), [url]


def _in_json_ld(page: HtmlPage) -> Iterator[_Named]:
    for text in page.json_ld[:20]:
        try:
            values: list[tuple[int, Any]] = [(0, parse_json(text[:_MOST_SCRIPT]))]
        except (ValueError, RecursionError):
            continue
        for _ in range(_MOST_URLS):
            if not values:
                break
            depth, value = values.pop()
            parts = value.values() if isinstance(value, dict) else value
            if isinstance(value, str):
                url = web_link(value, page.base) if value.startswith("http") else None
                if url and _is_stream(url):
                    yield "", [url]
            elif isinstance(value, dict | list) and depth < _DEEPEST:
                values += [(depth + 1, part) for part in reversed([*parts])]


def _in_scripts(markup: str) -> Iterator[_Named]:
    for match in islice(_IN_SCRIPT.finditer(markup), _MOST_URLS):
        url = web_link(html.unescape(match[0].replace("\\/", "/")).rstrip("\\),;"))
        if url and _is_stream(url):
            yield "", [url]


def _is_stream(url: str, *, is_player: bool = False) -> bool:
    """True for a playlist, and for sound that has the signs of a station's."""
    path = parts_of(url).path
    if _PLAYLIST.search(path) or "livestream-redirect/" in path:
        return True
    if is_player:
        return not _SOUND.search(path) or bool(_LIVE.search(url))
    return bool(_SOUND.search(path)) and bool(_LIVE.search(url))


def _meta(page: HtmlPage, name: str) -> str:
    nodes = islice(page.root.iter("meta"), 200)
    contents = (node.get("content") for node in nodes if node.get("property") == name)
    return clean(next(filter(None, contents), ""), 200)


def _title(page: HtmlPage) -> str:
    node = next(page.root.iter("title"), None)
    return clean("" if node is None else "".join(islice(node.itertext(), 20)), 200)
