"""Records in titles: what a station's automation writes where a song's name should stand.

There is no standard: the cart records of iHeart, the attributes of Triton and SCA, the XML of
Dalet, JSON, records between tildes, and the marks of advertisements. Collected from what
stations send.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from radiotui.net.loose_json import parse_json

MOST_BYTES = 4080
"""Of a title that are read: all that a block of metadata can hold, for records in XML."""

_MOST_FIELDS = 1500
"""Characters in which attributes are looked for: patterns try them from many places."""
_SEPARATOR = " - "
_LONGEST_AD_SECONDS = 3600.0
_LEAST_MILLISECONDS = 1000

_BEGINS_WITH_FIELDS = re.compile(
    r"(?:\w{1,20}=(?:\"[^\"]*\"|[^\",=]*),\s?){0,10}(?:text|title|artist)=", re.IGNORECASE
)
_CART = re.compile(r"(?:^|(?:^|\s)-\s)(?:text|title)=\"|\bsong_spot=\"")
_FIELD = (
    r"(?i)\b(?:{})=(?:\"(.*?)\"(?=\s*,\s*\w+=|\s+\w+=\"|\s*$)|(?!\")([^\"]*?)(?=\s*,\s*\w+=|\s*$))"
)
_TITLE = re.compile(_FIELD.format("text|title|song"))
_ARTIST = re.compile(_FIELD.format("artist"))
_BEGINS = re.compile(r"\s*-?\s*\b(?:text|title|artist|song_spot)=")
_SPOT = re.compile(r"\bsong_spot=\"(\w)")
# Begins at the first backslash only: from each of many it would be looked for again.
_ESCAPED_QUOTE = re.compile(r"(?<!\\)\\+\"")
_LENGTH = re.compile(r"\blength=\"(\d\d):(\d\d):(\d\d)\"")

_XML = re.compile(r"\s*<(?:\?xml|!\[CDATA|[A-Za-z_][\w.-]*(?:\s[^<>]*)?/?>)", re.IGNORECASE)
_XML_FIELD = re.compile(
    r"<(?:[\w.-]+:)?([\w.-]{0,60}?)(artist|title|song)(?:_?name)?(?:\s[^<>]*)?>"
    r"\s*(?:<!\[CDATA\[)?([^<]*?)(?:\]\]>)?\s*</",
    re.IGNORECASE,
)
_MOST_TILDES_APART = 40
_LEAST_TILDES = 4

_NOT_A_LETTER = re.compile(r"[\W_]+")
_AD_STARTS = re.compile(
    r"(?:start|begin)[ _-]*(?:of[ _-]*)?ad(?:s|vert(?:isement)?)?(?:[ _-]*(?:break|block))?"
    r"(?:[ _-]+(?P<count>\d{1,9}))?"
    r"|ad(?:s|vert(?:isement)?)?[ _-]*(?:break|block)?[ _-]*(?:start|begin)"
    r"(?:[ _-]*(?:length|duration)\s*=\s*(?P<clock>[\d:.]{1,20}))?"
    r"|adwtag[ _-]*(?P<tag>\d{1,9})?.*"
    r"|.*\b(?:wi)?ll (?:continue|return|be (?:right )?back) after (?:this|the|these) "
    r"(?:\w+ )?(?:break|messages?)\b.*",
    re.IGNORECASE | re.DOTALL,
)
_AD_STOPS = re.compile(
    r"(?:stop|end)[ _-]*(?:of[ _-]*)?ad(?:s|vert(?:isement)?)?(?:[ _-]*(?:break|block))?"
    r"(?:[ _-]+\d{1,9})?"
    r"|ad(?:s|vert(?:isement)?)?[ _-]*(?:break|block)?[ _-]*(?:stop|end)(?:[ _-]+\d{1,9})?",
    re.IGNORECASE,
)
_AD_WORDS = {
    "ad", "ad break", "ad trigger", "adbreak", "ads", "advert", "advertisement", "advertisements",
    "advertising", "adverts", "commercial", "commercial break", "commercials", "mainoksia",
    "mainos", "pub", "publicidad", "publicidade", "publicité", "publicités", "pubblicità",
    "reclame", "reklam", "reklama", "reklame", "reklamy", "spot block", "spotblock", "tibreak",
    "werbeblock", "werbepause", "werbung", "διαφημίσεις", "реклама",
}  # fmt: skip
_AD_NETWORKS = {"live365"}


class Record(NamedTuple):
    """The content of a title."""

    title: str
    """"Artist - Title", not yet cleaned; "" where nothing is named, and of an advertisement."""
    ad: bool = False
    seconds: float | None = None
    """Length of the advertisement."""


def read_record(text: str, station_name: str = "") -> Record:
    """The content of a title, whichever record it is; a plain title is its own. Never raises.

    "``station_name`` - Advertisement" is no song.
    """
    plain = text.strip()
    if ad_mark := _of_ad_mark(plain, _words(station_name)):
        return ad_mark
    for read in (_of_cart, _of_xml, _of_json, _of_tildes):
        record = read(plain)
        if record is not None:
            return record
    return Record(text)


def _of_ad_mark(text: str, own_name: str) -> Record | None:
    """A mark that an advertisement begins or ends; None for a song that only sounds like one."""
    if len(text) > 200:
        return None
    start = _AD_STARTS.fullmatch(text)
    if start is not None:
        return Record("", ad=True, seconds=_ad_seconds(start))
    if _AD_STOPS.fullmatch(text):
        return Record("")
    halves = [_words(half) for half in re.split(r"\s+-\s+|:\s", text)]
    names = {half for half in halves if half not in _AD_WORDS | {""}}
    is_ad = bool(halves) and halves[-1] in _AD_WORDS
    return Record("", ad=True) if is_ad and names <= _AD_NETWORKS | {own_name} else None


def _ad_seconds(start: re.Match[str]) -> float | None:
    seconds = 0.0
    if start["clock"]:
        try:
            for part in start["clock"].split(":"):
                seconds = seconds * 60 + float(part)
        except ValueError:
            return None
    else:
        # In milliseconds; a smaller number counts the breaks.
        count = int(start["count"] or start["tag"] or 0)
        seconds = count / 1000 if count >= _LEAST_MILLISECONDS else 0.0
    return seconds if 0 < seconds <= _LONGEST_AD_SECONDS else None


def _of_cart(text: str) -> Record | None:
    """Fields in quotes or without, as iHeart, Triton and SCA send them; quotes may be escaped."""
    # Without runs of blanks, over which the patterns would go again from each place.
    text = " ".join(_ESCAPED_QUOTE.sub('"', text[:_MOST_FIELDS]).split())
    if not (_CART.search(text) or _BEGINS_WITH_FIELDS.match(text)):
        return None
    spot, length = _SPOT.search(text), _LENGTH.search(text)
    song, singer = _field(_TITLE, text), _field(_ARTIST, text)
    if singer is None:
        singer = _BEGINS.split(text, maxsplit=1)[0].strip().rstrip(",")
        singer = "" if "=" in singer else singer
    is_ad = spot is not None and spot[1] == "T"
    is_nothing = is_ad or "spot block" in (song or "").lower()
    hours, minutes, seconds = map(int, length.groups()) if length else (0, 0, 0)
    return Record(
        "" if is_nothing else _joined(singer, song or ""),
        is_ad,
        (hours * 3600.0 + minutes * 60 + seconds or None) if is_ad else None,
    )


def _field(pattern: re.Pattern[str], text: str) -> str | None:
    match = pattern.search(text)
    return None if match is None else (match[1] or match[2] or "").strip()


def _of_xml(text: str) -> Record | None:
    # Without runs of blanks, over which the patterns would go again from each place.
    text = " ".join(text.split())
    if not _XML.match(text):
        return None
    values: dict[str, str] = {}
    # Of several tables the one that is heard comes first; beside Dalet's own there may be others.
    for match in sorted(_XML_FIELD.finditer(text), key=lambda field: "DALET" not in field[1]):
        name = "artist" if match[2].lower() == "artist" else "title"
        value = html.unescape(match[3]).strip()
        if value:
            values.setdefault(name, value)
    if not values and not text.startswith("<?xml"):
        return None
    return Record(_joined(values.get("artist", ""), values.get("title", "")))


def _of_json(text: str) -> Record | None:
    if not (text.startswith("{") and text.endswith("}")):
        return None
    try:
        content = parse_json(text)
    except (ValueError, RecursionError):
        return None
    for fields in _objects(content, 3):
        title = _text_of(fields, "title", "song", "track", "name", "text")
        artist = _text_of(fields, "artist", "artists", "performer", "interpret")
        if title or artist:
            return Record(_joined(artist, title))
    return Record("")


def _objects(content: Any, levels: int) -> Iterator[dict[str, Any]]:
    if not isinstance(content, dict):
        return
    yield {name.lower(): value for name, value in content.items()}
    if levels:
        for value in content.values():
            yield from _objects(value, levels - 1)


def _text_of(fields: dict[str, Any], *names: str) -> str:
    values = (fields.get(name) for name in names)
    return next((value.strip() for value in values if isinstance(value, str) and value), "")


def _of_tildes(text: str) -> Record | None:
    """United Music's records: title, artist and facts, or artist and title without any."""
    fields = [field.strip() for field in text.split("~", _MOST_TILDES_APART)]
    if len(fields) <= _LEAST_TILDES or "" not in fields:
        return None
    first, second, *facts = fields
    has_facts = any(facts[:4])
    return Record(_joined(second, first) if has_facts else _joined(first, second))


def _joined(artist: str, title: str) -> str:
    """ "Artist - Title"; where both are the whole of it, it is said once."""
    if artist == title:
        return title
    return _SEPARATOR.join(filter(None, (artist, title)))


def _words(text: str) -> str:
    return _NOT_A_LETTER.sub(" ", text).strip().casefold()
