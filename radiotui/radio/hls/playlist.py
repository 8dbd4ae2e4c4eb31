"""HLS playlists: the segments that can be had now, or the variants of a broadcast.

Source: RFC 8216 (HTTP Live Streaming). The text is read by the library m3u8, which
is given only the lines that matter here: it compares every key with all keys before
it, and its regular expressions hold Python's lock while they run.
"""

from __future__ import annotations

import math
import re
from base64 import b64decode
from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any
from urllib.parse import unquote, unquote_to_bytes

import msgspec

from radiotui.problems import Problem
from radiotui.radio.hls.lines import PlaylistLines
from radiotui.radio.playlists import address
from radiotui.text import clean

MOST_BYTES = 2 * 1024 * 1024
"""Bytes of a playlist that are read: a day of short segments, and more."""

_NO_VARIABLES: Mapping[str, str] = MappingProxyType({})
_MOST_VARIANTS = 200
_LONGEST_SEGMENT = 600.0
_SHORTEST_TARGET, _LONGEST_TARGET = 0.5, 60.0
_LARGEST_SEQUENCE = 2**63
_NEWEST_SEGMENTS = 3
_KEY_BYTES = 16
_RANGE = re.compile(r"(\d{1,15})(?:@(\d{1,15}))?")


class ByteRange(msgspec.Struct, frozen=True):
    """The place of bytes: an address, or ``length`` bytes of it from ``first`` on."""

    url: str
    first: int = 0
    length: int | None = None


class Key(msgspec.Struct, frozen=True):
    """The lock of segments."""

    method: str
    """As the playlist says: "AES-128", "SAMPLE-AES"."""
    url: str
    """http(s), or "" where the key is elsewhere."""
    iv: bytes | None
    """16 bytes; None: the segment's number."""
    format: str
    """"identity": the address gives the key itself."""
    literal: bytes = b""
    """The key, where the playlist holds it itself."""


class Segment(msgspec.Struct, frozen=True):
    """A few seconds of sound."""

    number: int
    place: ByteRange | None
    """None: it is listed, and cannot be had."""
    seconds: float
    """About, as the playlist says."""
    raw_title: bytes
    """As the playlist says, in any encoding."""
    key: Key | None
    init: ByteRange | None
    """The init section that has to stand before its bytes."""
    discontinuity: bool
    """It does not go on from the one before: times and codec may be others."""
    wall: datetime | None
    """The time at which the station says it was sent."""

    @property
    def title(self) -> str:
        """The title where it is in UTF-8; cleaned."""
        return clean(self.raw_title.decode("utf-8", "replace"))


class MediaPlaylist(msgspec.Struct, frozen=True):
    """The segments that can be had now."""

    target: float
    """About how long a segment is, and how often the playlist should be read, in seconds."""
    segments: tuple[Segment, ...]
    """At least one."""
    ended: bool
    """Nothing will be added."""

    @property
    def pace(self) -> float:
        """The target, or more where the newest segments are longer than it promises, in seconds."""
        newest = max(segment.seconds for segment in self.segments[-_NEWEST_SEGMENTS:])
        return min(max(self.target, newest), _LONGEST_TARGET)


class Variant(msgspec.Struct, frozen=True):
    """One way in which a broadcast is sent."""

    url: str
    kbps: float
    codecs: tuple[str, ...]
    """As in RFC 6381; empty where nothing is said."""
    has_picture: bool
    group: str
    """The renditions that bring its sound, "" where it does so itself."""


class Rendition(msgspec.Struct, frozen=True):
    """Sound that belongs to the variants that name its group."""

    group: str
    url: str
    preferred: int
    """The higher, the more the station wants it heard."""


class MasterPlaylist(msgspec.Struct, frozen=True):
    """The ways in which a broadcast is sent."""

    variants: tuple[Variant, ...]
    """At least one."""
    renditions: tuple[Rendition, ...]
    variables: Mapping[str, str] = msgspec.field(default_factory=dict)
    """Defined here, for the media playlists that import them (EXT-X-DEFINE)."""


def read(
    body: bytes, url: str, who: str, variables: Mapping[str, str] = _NO_VARIABLES
) -> MasterPlaylist | MediaPlaylist:
    """The playlist that came from ``url``. Raises Problem, and nothing else.

    ``variables`` are those of the master playlist that named it. Slow (some milliseconds, a
    tenth of a second the first time): not for the loop.
    """
    import m3u8

    lines = PlaylistLines(body[:MOST_BYTES], url, variables)
    if lines.are_too_many:
        raise Problem(f"{who}: the list of segments is too long", "radiotui did not read it", url)
    try:
        parsed = m3u8.parse("\n".join(lines.texts))
        playlist = (
            _master(parsed, url, lines) if parsed["is_variant"] else _media(parsed, url, lines)
        )
    except (ValueError, TypeError, AttributeError, LookupError, ArithmeticError) as error:
        raise Problem(
            f"{who}: the HLS playlist cannot be read",
            "the station may be changing something: try again later",
            f"{url}: {type(error).__name__}: {error}"[:500],
        ) from error
    if playlist is None:
        raise Problem(f"{who}: the HLS playlist is empty", "it names no address", url)
    return playlist


def _media(parsed: dict[str, Any], url: str, lines: PlaylistLines) -> MediaPlaylist | None:
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
        raw_title=entry.get("title", "").encode("utf-8", "surrogateescape"),
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
    vector, uri = attributes.get("iv", ""), attributes.get("uri", "")
    return Key(
        clean(method, 40),
        address(uri, url) or "",
        int(vector, 16).to_bytes(_KEY_BYTES, "big") if vector else None,
        clean(attributes.get("keyformat", "identity"), 80).lower(),
        _literal_key(uri),
    )


def _literal_key(uri: str) -> bytes:
    """The key in a ``data:`` address (RFC 2397); b"" where there is none."""
    head, comma, data = uri.partition(",")
    if not (comma and head.lower().startswith("data:")):
        return b""
    is_base64 = head.lower().endswith(";base64")
    try:
        key = b64decode(unquote(data)) if is_base64 else unquote_to_bytes(data)
    except ValueError:
        return b""
    return key if len(key) == _KEY_BYTES else b""


def _aware(wall: datetime | None) -> datetime | None:
    return wall.replace(tzinfo=UTC) if wall is not None and wall.tzinfo is None else wall


def _master(parsed: dict[str, Any], url: str, lines: PlaylistLines) -> MasterPlaylist | None:
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
    if not variants:
        return None
    return MasterPlaylist(tuple(variants), tuple(filter(None, renditions)), lines.variables)


def _rendition(attributes: dict[str, str], url: str) -> Rendition | None:
    place = address(attributes.get("uri", ""), url)
    if attributes.get("type") != "AUDIO" or place is None:
        return None
    preferred = 2 * (attributes.get("default") == "YES") + (attributes.get("autoselect") == "YES")
    return Rendition(attributes.get("group_id", ""), place, preferred)


def is_picture(codec: str) -> bool:
    """True for a codec of pictures, as RFC 6381 calls them."""
    return codec.startswith(("avc", "hvc", "hev", "dvh", "vp0", "vp8", "vp9", "av01", "mp4v"))
