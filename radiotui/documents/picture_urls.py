"""Pictures of a page: which address to take, which are the same, which are none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from urllib.parse import parse_qsl, unquote

from radiotui.documents.html_tree import Element
from radiotui.documents.photo_signs import (
    is_photo,
    may_be_photo,
    pixels,
    says_it_is_a_photo,
)
from radiotui.net.urls import parts_of, web_link

_WIDEST = 1600
_MOST_CANDIDATES = 60
_LONGEST_SRCSET = 20_000
_FILLED_WIDTH = 1200
_FORMAT = "605"
"""About a thousand pixels wide."""

_SOURCES = ("data-src", "data-lazy-src", "data-original", "data-hi-res-src", "data-img-src", "src")
_SETS = ("data-srcset", "data-lazy-srcset", "srcset")
_CANDIDATE = re.compile(r"[\s,]*(\S+)(?:\s+([\d.]{1,8})([wxh]))?\s*(?:,|\Z)")
# Terminals' libraries read the others.
_UNREADABLE = re.compile(r"avif|jxl|svg|heic", re.IGNORECASE)
_UNREADABLE_FILE = re.compile(r"\.(?:avif|jxl|svgz?|hei[cf])(?:[?#]|$)", re.IGNORECASE)
_PHOTO_FILE = re.compile(r"\.(?:jpe?g|png|webp)(?![a-z\d])", re.IGNORECASE)

_OF_SOMETHING_ELSE = re.compile(
    r"pin|share|icon|avatar|thumb|logo|link|placeholder|poster|href|credit|caption|alt|title"
)
_JSON = ("{", "[")
_IN_JSON = re.compile(r'"((?:https?:)?(?://|\\/\\/)[^"\s]{4,2000}?)"')
_FILLED_IN = re.compile(r"\$?(?:\{|%7B)\w{1,20}(?:\}|%7D)", re.IGNORECASE)

_SIZE_SEGMENT = re.compile(
    r"\d{1,4}(?:x\d{1,4})?|(?:[whcqf]|dpr|ar|fl|g|t)_[\w.:-]+(?:,[\w.:-]+)*|resize|crop|fit|scale"
    r"|strip|true|false|quality|format|width|height|dims\d|thumbs?|thumbnails?|fit-in|smart"
    r"|filters:.*|\d{1,4}x\d{1,4}:\d{1,4}x\d{1,4}|[swh]\d{2,4}(?:-[\w-]{1,60})?",
    re.IGNORECASE,
)
# Servers of sizes name the original behind their own settings.
_BEFORE_THE_ORIGINAL = re.compile(
    r"^.*/(?:https?:/{1,2})?(?:[\w-]+\.)+(?!jpe?g|png|webp|gif|avif)[a-z]{2,10}/"
    r"(?=.*\.(?:jpe?g|png|webp|gif)\b)",
    re.IGNORECASE,
)
_SIZE_IN_NAME = re.compile(
    r"[-_]\d{2,4}x\d{2,4}(?=\W|_|$)"
    r"|[-_](?:\d{3,4}w|240|300|320|400|480|600|640|720|768|800|960|1000|1024|1080|1200|1280|1440"
    r"|1600|1920|2000|2048|2400|2560)$"
    # As npr.org does: mask_wide-3f2a91bc-s1100-c85
    r"|_(?:wide|sq|custom|enl|vert|slide|16x9|4x3|3x4|3x2)-[\da-f]{8,64}|-s\d{2,4}(?:-c\d{1,3})?"
    r"|-scaled|@\dx|-e\d{10,13}$|-(?:super-tease|exlarge|large-plus|medium-plus)(?:-\d{2,3})?$"
    r"|[-_](?:large|medium|small|thumb|thumbnail|full|orig|original|wide|square)$",
    re.IGNORECASE,
)
_MOST_SIZES = 4
"""Marks of a size at the end of one name."""
_EXTENSION = re.compile(r"\.(?:jpe?g|png|webp|gif|avif|tiff?|bmp)$", re.IGNORECASE)
_SIZE_PARAMETERS = {
    *("w", "h", "width", "height", "resize", "fit", "crop", "quality", "q", "auto", "fm", "format"),
    *("dpr", "ssl", "s", "size", "strip", "zoom", "im", "imwidth", "itok", "v", "ver", "sig"),
}


def picture_address(image: Element, base: str) -> str | None:
    """The address of an ``img`` that suits a terminal: the widest up to 1600 pixels.

    From ``srcset``, ``picture`` and the attributes that pages load late from.
    None for what is no photo: icons, faces, adverts, pixels that count readers.
    """
    if not is_photo(image):
        return None
    speaks = says_it_is_a_photo(image)
    best: tuple[tuple[bool, float], str] | None = None
    for address, width in _candidates(image):
        link = None if address.startswith("data:") else web_link(address, base)
        if link is None or _UNREADABLE_FILE.search(link) or not may_be_photo(link, speaks=speaks):
            continue
        # Among those that are too wide the narrowest, else the widest.
        rank = (width <= _WIDEST, width if width <= _WIDEST else -width)
        if best is None or rank > best[0]:
            best = rank, link
    return best[1] if best else None


@lru_cache(4096)
def picture_key(address: str) -> str:
    """The same for one picture in several sizes."""
    for _ in range(3):
        parts = parts_of(address)
        query = parse_qsl(parts.query[:4000])
        inner = next((value for name, value in query if name in {"url", "src", "image"}), None)
        if not inner or not parts_of(inner).path.strip("/"):
            break
        # A server that makes the sizes names the original.
        address = inner
    path = _BEFORE_THE_ORIGINAL.sub("/", unquote(parts.path))
    segments = [part for part in path.split("/") if part]
    stable = [part for part in segments[:-1] if not _SIZE_SEGMENT.fullmatch(part)]
    name = segments[-1] if segments else ""
    stem = _EXTENSION.sub("", name)
    rest = ""
    if stem == name:
        rest = "&".join(f"{k}={v}" for k, v in sorted(query) if k not in _SIZE_PARAMETERS)
    for _ in range(_MOST_SIZES):
        before, stem = stem, _SIZE_IN_NAME.sub("", stem)
        if before == stem:
            break
    return "/".join([*stable, stem or name]).lower() + (f"?{rest}" if rest else "")


def _candidates(image: Element) -> Iterator[tuple[str, float]]:
    """Addresses and widths; an unknown width counts as nothing."""
    # Not only the parent: the parser puts a picture's image into the source before it.
    picture = next(image.iterancestors("picture"), None)
    elements = [] if picture is None else picture.iter("source")
    sources = [element for element in elements if not _UNREADABLE.search(element.get("type") or "")]
    own = float(pixels(image.get("width")) or 0)
    for element in (*sources[:20], image):
        width = float(pixels(element.get("width")) or own)
        for name in _SETS:
            yield from _srcset(element.get(name) or "", width)
    for name in _SOURCES:
        if (image.get(name) or "").startswith(_JSON):
            yield from _late(name, image.get(name))
        elif image.get(name):
            yield _FILLED_IN.sub(_filling, image.get(name)[:_LONGEST_SRCSET]), own
    for source in sources[:20]:
        if source.get("data-original"):
            yield source.get("data-original"), 0.0
    for name, value in islice(image.attrib.items(), _MOST_CANDIDATES):
        if name.startswith(("data-", "nitro-")) and name not in _SOURCES:
            yield from _late(name, value)


def _late(name: str, value: str) -> Iterator[tuple[str, float]]:
    """Addresses in an attribute that scripts of a page read: alone, in JSON, or to be filled in."""
    if len(value) > _LONGEST_SRCSET or _OF_SOMETHING_ELSE.search(name):
        return
    if value.startswith(_JSON):
        for address in _IN_JSON.findall(value)[:_MOST_CANDIDATES]:
            yield address.replace("\\/", "/"), 0.0
    elif _FILLED_IN.search(value):
        yield _FILLED_IN.sub(_filling, value), 0.0
    elif _PHOTO_FILE.search(value) and " " not in value.strip():
        yield value.strip(), 0.0


def _filling(place: re.Match[str]) -> str:
    """A size for its place in an address: pixels, or the number of Deutsche Welle's format."""
    return _FORMAT if "format" in place[0].lower() else str(_FILLED_WIDTH)


def _srcset(text: str, width: float) -> Iterator[tuple[str, float]]:
    place = 0
    for _ in range(_MOST_CANDIDATES):
        match = _CANDIDATE.match(text, place, _LONGEST_SRCSET)
        if match is None:
            return
        address, number, unit = match.groups()
        size = float(number) if number and number.count(".") <= 1 and number != "." else 0.0
        if unit == "w":
            yield address, size
        else:
            yield address, (width or 1) * (size or 1)
        place = match.end()
