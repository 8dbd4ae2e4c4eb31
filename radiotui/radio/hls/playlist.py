"""HLS playlists: the segments that can be had now, or the variants of a broadcast.

Source: RFC 8216 (HTTP Live Streaming). The text is read by the library m3u8, which
is given only the lines that matter here: it compares every key with all keys before
it, and its regular expressions hold Python's lock while they run.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from typing import Any

from radiotui.problems import Problem
from radiotui.radio.playlists import address
from radiotui.text import clean

MOST_BYTES = 2 * 1024 * 1024
"""Bytes of a playlist that are read: a day of short segments, and more."""

_MOST_SEGMENTS = 20_000
_MOST_LINES = 120_000
_MOST_LISTS = 2000
"""Lines with attribute lists: keys, init sections, variants and renditions."""
_MOST_VARIANTS = 200
_LONGEST_LINE = 8192
_LONGEST_SEGMENT = 600.0
_NOWHERE = "about:blank"
_SHORTEST_TARGET, _LONGEST_TARGET = 0.5, 60.0
_LARGEST_SEQUENCE = 2**63
_READ_TAGS = (
    "#EXTINF:",
    "#EXT-X-BYTERANGE:",
    "#EXT-X-MEDIA-SEQUENCE:",
    "#EXT-X-PROGRAM-DATE-TIME:",
)
_READ_WORDS = {"#EXT-X-DISCONTINUITY", "#EXT-X-GAP"}
_LIST_TAGS = ("#EXT-X-KEY:", "#EXT-X-MAP:", "#EXT-X-STREAM-INF:", "#EXT-X-MEDIA:")
_REPEATED_TAGS = _LIST_TAGS[:2]
"""They hold until the next of their kind: the same once more says nothing."""
_END = "#EXT-X-ENDLIST"
_TARGET_TAG = "#EXT-X-TARGETDURATION:"
_SECONDS = re.compile(r"\d{1,5}(?:\.\d{1,6})?")
_RANGE = re.compile(r"(\d{1,15})(?:@(\d{1,15}))?")


@dataclass(frozen=True, slots=True)
class ByteRange:
    """The place of bytes: an address, or ``length`` bytes of it from ``first`` on."""

    url: str
    first: int = 0
    length: int | None = None


@dataclass(frozen=True, slots=True)
class Key:
    """The lock of segments."""

    method: str
    """As the playlist says: "AES-128", "SAMPLE-AES"."""
    url: str
    """http(s), or "" where the key is elsewhere."""
    iv: bytes | None
    """16 bytes; None: the segment's number."""
    format: str
    """"identity": the address gives the key itself."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A few seconds of sound."""

    number: int
    place: ByteRange | None
    """None: it is listed, and cannot be had."""
    seconds: float
    """About, as the playlist says."""
    title: str
    key: Key | None
    init: ByteRange | None
    """The init section that has to stand before its bytes."""
    discontinuity: bool
    """It does not go on from the one before: times and codec may be others."""
    wall: datetime | None
    """The time at which the station says it was sent."""


@dataclass(frozen=True, slots=True)
class MediaPlaylist:
    """The segments that can be had now."""

    target: float
    """About how long a segment is, and how often the playlist should be read, in seconds."""
    segments: tuple[Segment, ...]
    """At least one."""
    ended: bool
    """Nothing will be added."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One way in which a broadcast is sent."""

    url: str
    kbps: float
    codecs: tuple[str, ...]
    """As in RFC 6381; empty where nothing is said."""
    has_picture: bool
    group: str
    """The renditions that bring its sound, "" where it does so itself."""


@dataclass(frozen=True, slots=True)
class Rendition:
    """Sound that belongs to the variants that name its group."""

    group: str
    url: str
    preferred: int
    """The higher, the more the station wants it heard."""


@dataclass(frozen=True, slots=True)
class MasterPlaylist:
    """The ways in which a broadcast is sent."""

    variants: tuple[Variant, ...]
    """At least one."""
    renditions: tuple[Rendition, ...]


def read(body: bytes, url: str, who: str) -> MasterPlaylist | MediaPlaylist:
    """The playlist that came from ``url``. Raises Problem, and nothing else.

    Slow (some milliseconds, a tenth of a second the first time): not for the loop.
    """
    import m3u8

    lines = _Lines(body[:MOST_BYTES])
    if lines.are_too_many:
        raise Problem(f"{who}: the list of segments is too long", "radiotui did not read it", url)
    try:
        parsed = m3u8.parse("\n".join(lines.texts))
        playlist = _master(parsed, url) if parsed["is_variant"] else _media(parsed, url, lines)
    except (ValueError, TypeError, AttributeError, LookupError, ArithmeticError) as error:
        raise Problem(
            f"{who}: the HLS playlist cannot be read",
            "the station may be changing something: try again later",
            f"{url}: {type(error).__name__}: {error}"[:500],
        ) from error
    if playlist is None:
        raise Problem(f"{who}: the HLS playlist is empty", "it names no address", url)
    return playlist


class _Lines:
    """The lines of a playlist that m3u8 is given, each one really a line."""

    def __init__(self, body: bytes) -> None:
        self.texts: list[str] = []
        self.target: float | None = None
        """Of the first #EXT-X-TARGETDURATION."""
        self.have_ended = False
        self._segments = self._lists = 0
        self._newest: dict[str, str] = {}
        for line in _text_lines(body):
            self._add(line)
            if self.are_too_many:
                return

    @property
    def are_too_many(self) -> bool:
        """True where reading would take seconds."""
        return (
            self._segments > _MOST_SEGMENTS
            or self._lists > _MOST_LISTS
            or len(self.texts) > _MOST_LINES
        )

    def _add(self, line: str) -> None:
        if line == _END:
            self.have_ended = True
        elif line.startswith(_TARGET_TAG) and self.target is None:
            target = _SECONDS.match(line.removeprefix(_TARGET_TAG).lstrip())
            self.target = float(target[0]) if target else None
        elif line.startswith(_LIST_TAGS):
            tag = line.partition(":")[0] + ":"
            if tag in _REPEATED_TAGS and self._newest.get(tag) == line:
                return
            self._newest[tag] = line
            self._lists += 1
            self.texts.append(line)
        elif not line.startswith("#") or line in _READ_WORDS or line.startswith(_READ_TAGS):
            self._segments += line.startswith("#EXTINF:")
            self.texts.append(line)


def _text_lines(body: bytes) -> Iterator[str]:
    """The lines of a body without the empty ones, one at a time: a list of them all takes long."""
    text = body.decode("utf-8", "replace").removeprefix("\ufeff")
    for written in StringIO(text, newline=None):
        if written == "\n":
            continue
        # m3u8 takes more characters than these for the end of a line.
        line = " ".join(written[:_LONGEST_LINE].splitlines()).strip()
        if len(written) > _LONGEST_LINE and not line.startswith("#"):
            line = _NOWHERE
        if line:
            yield line


def _media(parsed: dict[str, Any], url: str, lines: _Lines) -> MediaPlaylist | None:
    listed = [entry for entry in parsed["segments"] if "uri" in entry and "duration" in entry]
    first = min(max(0, int(parsed["media_sequence"])), _LARGEST_SEQUENCE)
    ranges = _Ranges(url)
    segments = tuple(
        _segment(entry, first + number, url, ranges) for number, entry in enumerate(listed)
    )
    if not segments:
        return None
    target = lines.target
    if target is None:
        target = max(segment.seconds for segment in segments)
    target = min(max(target, _SHORTEST_TARGET), _LONGEST_TARGET)
    return MediaPlaylist(target, segments, lines.have_ended)


def _segment(entry: dict[str, Any], number: int, url: str, ranges: _Ranges) -> Segment:
    seconds = entry["duration"]
    init = entry.get("init_section")
    init_place = (
        ranges.place(str(init.get("uri", "")), str(init.get("byterange", "")), init=True)
        if init
        else None
    )
    place = ranges.place(entry["uri"], entry.get("byterange", ""))
    return Segment(
        number=number,
        place=None if entry.get("gap_tag") or (init and init_place is None) else place,
        seconds=min(max(seconds, 0.0), _LONGEST_SEGMENT) if math.isfinite(seconds) else 0.0,
        title=clean(entry.get("title", "")),
        key=_key(entry.get("key"), url),
        init=init_place,
        discontinuity=bool(entry.get("discontinuity")),
        wall=_aware(entry.get("current_program_date_time")),
    )


class _Ranges:
    """Byte ranges of files: a range without a beginning goes on from the one before."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url
        self._next: dict[str, int] = {}

    def place(self, entry: str, byte_range: str, *, init: bool = False) -> ByteRange | None:
        url = address(entry, self._base_url)
        if url is None:
            return None
        match = _RANGE.fullmatch(byte_range.strip())
        if match is None:
            return ByteRange(url) if not byte_range else None
        length = int(match[1])
        first = int(match[2]) if match[2] else 0 if init else self._next.get(url, 0)
        if not init:
            self._next[url] = first + length
        return ByteRange(url, first, length)


def _key(attributes: dict[str, str] | None, url: str) -> Key | None:
    method = (attributes or {}).get("method", "NONE").upper()
    if not attributes or method == "NONE":
        return None
    vector = attributes.get("iv", "")
    iv = int(vector, 16).to_bytes(16, "big") if vector else None
    return Key(
        clean(method, 40),
        address(attributes.get("uri", ""), url) or "",
        iv,
        clean(attributes.get("keyformat", "identity"), 80).lower(),
    )


def _aware(wall: datetime | None) -> datetime | None:
    return wall.replace(tzinfo=UTC) if wall is not None and wall.tzinfo is None else wall


def _master(parsed: dict[str, Any], url: str) -> MasterPlaylist | None:
    variants = []
    for playlist in parsed["playlists"][:_MOST_VARIANTS]:
        place, info = address(playlist["uri"], url), playlist["stream_info"]
        if place is None:
            continue
        codecs = tuple(filter(None, re.split(r"[\s,]+", info.get("codecs", "").lower())))
        bits = info.get("average_bandwidth") or info.get("bandwidth") or 0
        variants.append(
            Variant(
                place,
                max(0, bits) / 1000,
                codecs,
                has_picture="resolution" in info or any(map(is_picture, codecs)),
                group=info.get("audio", ""),
            )
        )
    renditions = (_rendition(attributes, url) for attributes in parsed["media"][:_MOST_VARIANTS])
    return MasterPlaylist(tuple(variants), tuple(filter(None, renditions))) if variants else None


def _rendition(attributes: dict[str, str], url: str) -> Rendition | None:
    place = address(attributes.get("uri", ""), url)
    if attributes.get("type") != "AUDIO" or place is None:
        return None
    preferred = 2 * (attributes.get("default") == "YES") + (attributes.get("autoselect") == "YES")
    return Rendition(attributes.get("group_id", ""), place, preferred)


def is_picture(codec: str) -> bool:
    """True for a codec of pictures, as RFC 6381 calls them."""
    return codec.startswith(("avc", "hvc", "hev", "dvh", "vp0", "vp8", "vp9", "av01", "mp4v"))
