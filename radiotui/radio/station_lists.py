"""Lists of stations as other players write them: M3U, PLS, XSPF, ASX, OPML, pyradio's CSV.

Each entry has an address and often a name, a group and a picture. Entries of one name that
follow each other are one station: its addresses are alternatives.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import replace

from radiotui.net.loose_json import parse_json
from radiotui.net.urls import host_of, is_web, parts_of
from radiotui.problems import Problem, ProblemKind
from radiotui.radio import playlists
from radiotui.text import clean

LARGEST_BYTES = 5 * 1024 * 1024
"""Bytes of a list that are read."""

_MOST_ENTRIES = 5000
_MOST_URLS = 10
_LONGEST_LINE = 16 * 1024
_MOST_ATTRIBUTES = 50
_HEAD_BYTES = 8192

_EXTINF = re.compile(r"#EXTINF:", re.IGNORECASE)
_HEAD = re.compile(
    r"#EXTINF:\s*-?[\d.]*(?:\s*[A-Za-z][\w-]{0,40}=\"[^\"]{0,4096}\")*\s*,", re.IGNORECASE
)
_EXTGRP = re.compile(r"#EXTGRP:", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"(?<![\w-])([A-Za-z][\w-]{0,40})=\"([^\"]{0,4096})\"")
_PLS_LINE = re.compile(r"(?im)^[ \t]*(file|title)(\d{0,6})[ \t]*=[ \t]*(\S[^\r\n]*)")
_SERVER_NUMBER = re.compile(r"\(#\d{1,4}[^()]{0,40}\)")
_XML_LIST = re.compile(r"(?is)\A\s*(?=<).{0,4000}?<(?:\w{1,20}:)?(opml|playlist)[\s>]")
_LINES: dict[str, playlists.Kind] = {"m3u": "m3u", "m3u8": "m3u", "pls": "pls"}
"""Kinds that are read line by line, by the extension of their files."""
_AUDIO_TYPES = {"", "audio", "station", "stream", "radio"}


class ListedStation(msgspec.Struct, frozen=True):
    """A station that a list names. All texts are clean."""

    name: str
    urls: tuple[str, ...]
    """Alternatives, in order."""
    group: str = ""
    picture: str = ""
    encoding: str = ""
    """As it is written: it may be none."""


class StationsOfList(NamedTuple):
    """Stations of a list of another player."""

    stations: tuple[ListedStation, ...]
    refused: int = 0
    """How many more entries it has that are no web addresses."""


class _ListRow(NamedTuple):
    url: str
    name: str = ""
    group: str = ""
    picture: str = ""
    encoding: str = ""
    number: str = ""
    """The station's id in the list: those with two are two, of one name or not."""


def read_list(data: bytes, content_type: str = "", url: str = "") -> StationsOfList:
    """The stations in ``data``, which came from ``url`` (an address or a file's name).

    Raises Problem when it is no list, or one of more than 5000 entries. Slow: not for the loop.
    """
    if len(data) > LARGEST_BYTES:
        raise Problem("this list is larger than 5 MB", kind=ProblemKind.TOO_BIG)
    entries = list(islice(_entries(data, content_type, url), _MOST_ENTRIES + 1))
    if len(entries) > _MOST_ENTRIES:
        title = f"this list has more than {_MOST_ENTRIES} entries"
        raise Problem(title, "radiotui reads smaller ones", kind=ProblemKind.TOO_BIG)
    base = url if is_web(url) else ""
    _, encoding = playlists.decoded(data)
    stations: list[ListedStation] = []
    refused, last = 0, ""
    for entry in entries:
        written = entry.url[:_LONGEST_LINE].partition("|")[0]
        address = playlists.address(written, base, encoding)
        if address is None:
            refused += 1
            continue
        _append(stations, entry, address, is_other=entry.number != last)
        last = entry.number
    if not stations:
        raise Problem(
            "there is no station in this list",
            "it may be M3U, PLS, XSPF, OPML, or pyradio's CSV with name and address",
            kind=ProblemKind.DAMAGED,
        )
    return StationsOfList(tuple(stations), refused)


def write_m3u(stations: Iterable[tuple[str, ListedStation]]) -> str:
    """An M3U of stations, each with an id; every one has its first address."""
    lines = ["#EXTM3U"]
    for station_id, station in stations:
        values = (
            ("tvg-id", station_id),
            ("tvg-logo", station.picture),
            ("group-title", station.group),
        )
        attributes = "".join(
            f' {key}="{_unquoted(value)}"' for key, value in values if value and '"' not in key
        )
        lines += [f"#EXTINF:-1{attributes},{station.name}", station.urls[0]]
    return "\n".join(lines) + "\n"


def _unquoted(value: str) -> str:
    return value.replace('"', "'")


def _append(stations: list[ListedStation], entry: _ListRow, url: str, *, is_other: bool) -> None:
    """Put an entry behind the stations, or its address to the last one where the names agree."""
    name = clean(_SERVER_NUMBER.sub("", entry.name[:2000]), 120)
    last = stations[-1] if stations and not is_other else None
    if name and last and (last.name, last.group) == (name, clean(entry.group, 80)):
        if url not in last.urls and len(last.urls) < _MOST_URLS:
            stations[-1] = replace(last, urls=(*last.urls, url))
        return
    picture = playlists.address(entry.picture[:4096], "") or ""
    stations.append(
        ListedStation(
            name or clean(_name_of(url), 120),
            (url,),
            clean(entry.group, 80),
            clean(picture, 2000),
            clean(entry.encoding, 40),
        )
    )


def _name_of(url: str) -> str:
    """A name for an address that has none: "ice.example/jazz"."""
    path = parts_of(url).path.strip("/")
    host = host_of(url)
    return f"{host}/{path[:60]}" if path else host


def _entries(data: bytes, content_type: str, url: str) -> Iterator[_ListRow]:
    extension = parts_of(url).path.rpartition(".")[2].lower()
    root = _XML_LIST.match(playlists.decoded(data[:_HEAD_BYTES])[0])
    if root or extension == "opml":
        return _xspf(data) if root and root[1].lower() == "playlist" else _opml(data)
    kind = playlists.kind_of(content_type, data[: playlists.MOST_BYTES], url)
    if kind is None and extension in _LINES:
        # One control character is no reason to refuse all of a list.
        kind = _LINES[extension]
    if kind == "hls":
        raise Problem(
            "this is the stream of one station, and no list of stations",
            "'radiotui play' plays it",
            kind=ProblemKind.DAMAGED,
        )
    if kind == "xspf":
        return _xspf(data)
    text = playlists.decoded(data)[0]
    if kind == "pls":
        return _pls(text)
    if kind == "asx":
        return (_ListRow(entry) for entry in playlists.entries(kind, data, url))
    return _m3u(text) if kind == "m3u" else _csv(text)


def _m3u(text: str) -> Iterator[_ListRow]:
    name = group = picture = number = ""
    for written in text.split("\n"):
        line = written[:_LONGEST_LINE].strip()
        if _EXTINF.match(line):
            # What stands behind the comma is the name, whatever it looks like.
            head = _HEAD.match(line)
            attributes = {
                key.lower(): value for key, value in _ATTRIBUTE.findall(head[0] if head else line)
            }
            name = line[head.end() :] if head else _ATTRIBUTE.sub("", line).partition(",")[2]
            name = name.strip() or attributes.get("tvg-name", "")
            number = attributes.get("tvg-id", "")
            group = attributes.get("group-title", "")
            picture = attributes.get("tvg-logo", "") or attributes.get("logo", "")
        elif _EXTGRP.match(line):
            group = line.partition(":")[2].strip()
        elif line and not line.startswith(("#", "<")):
            yield _ListRow(line, name, group, picture, number=number)
            name = group = picture = number = ""


def _pls(text: str) -> Iterator[_ListRow]:
    files: dict[int, str] = {}
    titles: dict[int, str] = {}
    for match in islice(_PLS_LINE.finditer(text), 3 * _MOST_ENTRIES):
        values = files if match[1].lower() == "file" else titles
        values.setdefault(int(match[2] or 0), match[3][:_LONGEST_LINE])
    for number, url in sorted(files.items()):
        yield _ListRow(url, titles.get(number, ""))


def _csv(text: str) -> Iterator[_ListRow]:
    """Stations of pyradio: name, address, encoding, picture; "-" as the address begins a group."""
    group = ""
    for line in text.split("\n"):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        try:
            row = next(csv.reader([line[:_LONGEST_LINE]], skipinitialspace=True), [])
        except csv.Error:
            continue
        name, url, encoding, picture, *_ = [*(cell.strip() for cell in row), "", "", "", ""]
        if url == "-":
            group = name
        elif url and (len(row) > 1) and "://" in url[:20]:
            yield _ListRow(url, name, group, _picture_of(picture), encoding)


def _picture_of(cell: str) -> str:
    """The address in a cell that is one, or JSON with one: {"image": "https://…"}."""
    if not cell.startswith("{"):
        return cell
    try:
        values = parse_json(cell)
    except (ValueError, RecursionError):
        return ""
    image = values.get("image") if isinstance(values, dict) else None
    return image if isinstance(image, str) else ""


def _xspf(data: bytes) -> Iterator[_ListRow]:
    for track in _elements(data):
        if _tag(track) != "track":
            continue
        texts: dict[str, list[str]] = {}
        for child in islice(track, 50):
            texts.setdefault(_tag(child), []).append("".join(islice(child.itertext(), 50)).strip())
        name = _first(texts, "title") or _first(texts, "creator") or _first(texts, "annotation")
        group, picture = _first(texts, "album"), _first(texts, "image")
        for location in texts.get("location", [])[:_MOST_URLS]:
            yield _ListRow(location, name, group, picture)


def _opml(data: bytes) -> Iterator[_ListRow]:
    """Outlines of sound; what lies around one is its group. Feeds are passed over."""
    for element in _elements(data):
        if _tag(element) != "outline":
            continue
        values = _attributes(element)
        kind = values.get("type", "").lower()
        url = values.get("url", "") or (values.get("xmlurl", "") if kind == "audio" else "")
        if not url or kind not in _AUDIO_TYPES:
            continue
        above = element.getparent()
        around = _attributes(above) if above is not None and _tag(above) == "outline" else {}
        picture = values.get("image", "") or values.get("icon", "")
        yield _ListRow(url, _label(values), _label(around), picture)


def _label(values: dict[str, str]) -> str:
    return values.get("text", "") or values.get("title", "")


def _attributes(element: Any) -> dict[str, str]:
    return {
        str(key).lower(): str(value) for key, value in islice(element.items(), _MOST_ATTRIBUTES)
    }


def _first(texts: dict[str, list[str]], tag: str) -> str:
    return next(filter(None, texts.get(tag, [])), "")


def _tag(element: Any) -> str:
    """An element's name in small letters, without its namespace."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def _elements(data: bytes) -> Iterator[Any]:
    """The elements of XML, mended as well as it goes: no entity is resolved, nothing fetched."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        recover=True,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        return iter(())
    return iter(()) if root is None else root.iter()
