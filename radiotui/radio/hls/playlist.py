"""What an HLS playlist says: which segments there are, or which variants of a broadcast.

Source: RFC 8216 (HTTP Live Streaming). The text is read by the library m3u8, which
is given only the lines that matter here.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from radiotui.problems import Problem
from radiotui.radio.playlists import address
from radiotui.text import clean

MOST_BYTES = 2 * 1024 * 1024
"""How much of a playlist is read: a day of short segments, and more."""

_MOST_SEGMENTS = 20_000
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
    "#EXT-X-KEY:",
    "#EXT-X-MAP:",
    "#EXT-X-STREAM-INF:",
    "#EXT-X-MEDIA:",
)
_READ_WORDS = {"#EXT-X-DISCONTINUITY", "#EXT-X-GAP"}
_TARGET = re.compile(r"(?m)^\s*#EXT-X-TARGETDURATION:\s*(\d{1,5}(?:\.\d{1,6})?)")
_END = re.compile(r"(?m)^\s*#EXT-X-ENDLIST\s*$")
_RANGE = re.compile(r"(\d{1,15})(?:@(\d{1,15}))?")


@dataclass(frozen=True, slots=True)
class Place:
    """Where bytes are: an address, or ``length`` bytes of it from ``first`` on."""

    url: str
    first: int = 0
    length: int | None = None


@dataclass(frozen=True, slots=True)
class Key:
    """How segments are locked."""

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
    place: Place | None
    """None: it is listed, and cannot be had."""
    seconds: float
    """About, as the playlist says."""
    title: str
    key: Key | None
    init: Place | None
    """What has to stand before its bytes."""
    discontinuity: bool
    """It does not go on from the one before: times and codec may be others."""
    wall: datetime | None
    """When it was sent, as the station says."""


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
    """What the playlist that came from ``url`` says. Raises Problem, and nothing else.

    Slow (some milliseconds, a tenth of a second the first time): not for the loop.
    """
    import m3u8

    text = body.decode("utf-8", "replace").removeprefix("\ufeff")
    lines = _lines(text)
    if sum(line.startswith("#EXTINF:") for line in lines) > _MOST_SEGMENTS:
        raise Problem(f"{who}: the list of segments is too long", "radiotui did not read it", url)
    try:
        said = m3u8.parse("\n".join(lines))
        found = _master(said, url) if said["is_variant"] else _media(said, url, text)
    except (ValueError, TypeError, AttributeError, LookupError, ArithmeticError) as error:
        raise Problem(
            f"{who}: the HLS playlist cannot be read",
            "the station may be changing something: try again later",
            f"{url}: {type(error).__name__}: {error}"[:500],
        ) from error
    if found is None:
        raise Problem(f"{who}: the HLS playlist is empty", "it names no address", url)
    return found


def _lines(text: str) -> list[str]:
    """The lines that are read, each one really a line."""
    kept = []
    for written in re.split(r"[\r\n]+", text):
        # m3u8 takes more characters than those for the end of a line.
        line = " ".join(written[:_LONGEST_LINE].splitlines()).strip()
        is_tag = line.startswith("#")
        if len(written) > _LONGEST_LINE and not is_tag:
            line = _NOWHERE
        if line and (not is_tag or line in _READ_WORDS or line.startswith(_READ_TAGS)):
            kept.append(line)
    return kept


def _media(said: dict[str, Any], url: str, text: str) -> MediaPlaylist | None:
    listed = [segment for segment in said["segments"] if "uri" in segment and "duration" in segment]
    first = min(max(0, int(said["media_sequence"])), _LARGEST_SEQUENCE)
    ranges = _Ranges(url)
    segments = tuple(
        _segment(segment, first + number, url, ranges) for number, segment in enumerate(listed)
    )
    if not segments:
        return None
    told = _TARGET.search(text)
    target = float(told[1]) if told else max(segment.seconds for segment in segments)
    target = min(max(target, _SHORTEST_TARGET), _LONGEST_TARGET)
    return MediaPlaylist(target, segments, bool(_END.search(text)))


def _segment(said: dict[str, Any], number: int, url: str, ranges: _Ranges) -> Segment:
    seconds = said["duration"]
    init = said.get("init_section")
    init_place = (
        ranges.place(str(init.get("uri", "")), str(init.get("byterange", "")), init=True)
        if init
        else None
    )
    place = ranges.place(said["uri"], said.get("byterange", ""))
    return Segment(
        number=number,
        place=None if said.get("gap_tag") or (init and init_place is None) else place,
        seconds=min(max(seconds, 0.0), _LONGEST_SEGMENT) if math.isfinite(seconds) else 0.0,
        title=clean(said.get("title", "")),
        key=_key(said.get("key"), url),
        init=init_place,
        discontinuity=bool(said.get("discontinuity")),
        wall=_aware(said.get("current_program_date_time")),
    )


class _Ranges:
    """Where parts of files are: a part without a beginning goes on from the one before."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url
        self._next: dict[str, int] = {}

    def place(self, entry: str, byte_range: str, *, init: bool = False) -> Place | None:
        url = address(entry, self._base_url)
        if url is None:
            return None
        match = _RANGE.fullmatch(byte_range.strip())
        if match is None:
            return Place(url) if not byte_range else None
        length = int(match[1])
        first = int(match[2]) if match[2] else 0 if init else self._next.get(url, 0)
        if not init:
            self._next[url] = first + length
        return Place(url, first, length)


def _key(said: dict[str, str] | None, url: str) -> Key | None:
    method = (said or {}).get("method", "NONE").upper()
    if not said or method == "NONE":
        return None
    vector = said.get("iv", "")
    iv = int(vector, 16).to_bytes(16, "big") if vector else None
    return Key(
        clean(method, 40),
        address(said.get("uri", ""), url) or "",
        iv,
        clean(said.get("keyformat", "identity"), 80).lower(),
    )


def _aware(wall: datetime | None) -> datetime | None:
    return wall.replace(tzinfo=UTC) if wall is not None and wall.tzinfo is None else wall


def _master(said: dict[str, Any], url: str) -> MasterPlaylist | None:
    variants = []
    for playlist in said["playlists"][:_MOST_VARIANTS]:
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
    renditions = (_rendition(said_, url) for said_ in said["media"][:_MOST_VARIANTS])
    return MasterPlaylist(tuple(variants), tuple(filter(None, renditions))) if variants else None


def _rendition(said: dict[str, str], url: str) -> Rendition | None:
    place = address(said.get("uri", ""), url)
    if said.get("type") != "AUDIO" or place is None:
        return None
    wanted = 2 * (said.get("default") == "YES") + (said.get("autoselect") == "YES")
    return Rendition(said.get("group_id", ""), place, wanted)


def is_picture(codec: str) -> bool:
    """Whether a codec of RFC 6381 is one of pictures."""
    return codec.startswith(("avc", "hvc", "hev", "dvh", "vp0", "vp8", "vp9", "av01", "mp4v"))
