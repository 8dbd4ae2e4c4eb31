"""ICY: titles and the station's description, between the bytes of sound.

Source: the Shoutcast protocol as Shoutcast and Icecast speak it (there is no
standard): ``icy-metaint`` bytes of sound, one length byte, 16 times as many bytes
of metadata, and again. AdsWizz and iHeart put more into the metadata.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import msgspec

from radiotui.net.urls import is_web
from radiotui.radio.titles.records import MOST_BYTES, read_record
from radiotui.radio.titles.titles import mended
from radiotui.text import clean

_LARGEST_INTERVAL = 16 * 1024 * 1024
_LONGEST_AD_SECONDS = 3600.0

_TITLE = re.compile(rb"(?i)StreamTitle\s*=\s*'")
# Servers of few words leave the quotes out, or write the others.
_BARE_TITLE = re.compile(
    rb"(?is)StreamTitle\s*=\s*(\"?)(?P<title>.*?)\1 ?(?:; ?(?:[a-z]\w* ?=|\Z)|\Z)"
)
# Fields after the title: the address, or any other. Titles hold quotes and semicolons, but
# nothing that looks like the beginning of a field.
_NEXT_FIELD = re.compile(rb"(?i)StreamUrl\s*=|;\s*[a-z]\w*\s*='")
_APOSTROPHE = re.compile(rb"(?<=[\w\x80-\xff])'(?=[\w\x80-\xff])")
_URL = re.compile(rb"(?i)StreamUrl\s*=\s*'?([^';]*)")
_AD = re.compile(rb"(?i)adw_ad\s*=\s*'?true")
_AD_LENGTH = re.compile(rb"(?i)durationMilliseconds\s*=\s*'?(\d{1,9})")

_DEFAULT_NAMES = {
    "-",
    "n/a",
    "no name",
    "none",
    "this is my server name",
    "unnamed server",
    "unspecified name",
}


class Meta(msgspec.Struct, frozen=True):
    """One block of metadata, as it lay between the sound."""

    raw: bytes
    """Without its length byte and its padding."""


class IcyBlock(msgspec.Struct, frozen=True):
    """The content of a block of metadata."""

    title: str
    """Cleaned; "" where there is none, and of most advertisements."""
    url: str
    """http(s), or ""."""
    ad: bool
    ad_seconds: float | None


class StationInfo(msgspec.Struct, frozen=True):
    """The station by the headers of an answer; cleaned."""

    name: str
    bitrate_kbps: int | None
    genre: str
    url: str
    """http(s), or ""."""
    content_type: str
    """In lower case, without parameters."""
    metaint: int
    """Bytes of sound between two blocks of metadata; 0: there are none."""


class Demux:
    """Separates the blocks of metadata from the sound, however the bytes were chunked."""

    def __init__(self, metaint: int) -> None:
        self._metaint = max(0, metaint)
        self._sound_left = self._metaint
        self._meta_left = 0
        self._meta = bytearray()

    def feed(self, data: bytes) -> list[bytes | Meta]:
        """Sound and metadata in the order in which they came. Empty blocks say nothing."""
        if not self._metaint:
            return [data] if data else []
        parts: list[bytes | Meta] = []
        at = 0
        while at < len(data):
            if self._meta_left:
                at = self._feed_meta(data, at, parts)
            elif self._sound_left:
                sound = data[at : at + self._sound_left]
                self._sound_left -= len(sound)
                at += len(sound)
                parts.append(sound)
            else:
                self._meta_left = data[at] * 16
                self._sound_left = self._metaint
                at += 1
        return parts

    def _feed_meta(self, data: bytes, at: int, parts: list[bytes | Meta]) -> int:
        meta = data[at : at + self._meta_left]
        self._meta += meta
        self._meta_left -= len(meta)
        if not self._meta_left:
            raw = bytes(self._meta).rstrip(b"\0")
            self._meta.clear()
            if raw:
                parts.append(Meta(raw))
        return at + len(meta)


def parse(raw: bytes, decode: Callable[[bytes], str], station_name: str = "") -> IcyBlock:
    """The content of a block; ``decode`` is by the station's encoding. Never raises.

    Quotes are not escaped in titles: a title goes to the last ``';`` before the
    next field. Records are unpacked to "Artist - Title".
    """
    record = read_record(decode(_title(raw)[:MOST_BYTES]), station_name)
    url = _URL.search(raw)
    is_marked = bool(_AD.search(raw))
    length = _AD_LENGTH.search(raw)
    seconds = int(length[1]) / 1000 if is_marked and length else record.seconds
    is_length = seconds is not None and 0 < seconds <= _LONGEST_AD_SECONDS
    return IcyBlock(
        title=clean(record.title),
        url=_web(url[1].decode("utf-8", "replace")) if url else "",
        ad=is_marked or record.ad,
        ad_seconds=seconds if is_length else None,
    )


def header_info(headers: Mapping[str, str]) -> StationInfo:
    """The station by an answer's headers. Nonsense in them is ignored."""
    lower = {name.lower(): value for name, value in headers.items()}
    metaint = _number(lower.get("icy-metaint", ""))
    return StationInfo(
        name=_header(lower, "icy-name", "ice-name"),
        bitrate_kbps=_bitrate(lower),
        genre=_header(lower, "icy-genre", "ice-genre"),
        url=_web(lower.get("icy-url", "") or lower.get("ice-url", "")),
        content_type=clean(lower.get("content-type", "").partition(";")[0], 100).lower(),
        metaint=metaint if metaint <= _LARGEST_INTERVAL else 0,
    )


def _title(raw: bytes) -> bytes:
    begin = _TITLE.search(raw)
    if not begin:
        bare = _BARE_TITLE.search(raw)
        return bare["title"] if bare else b""
    following = _NEXT_FIELD.search(raw, begin.end())
    value = raw[begin.end() : following.start() if following else len(raw)]
    is_closed = following is not None or value.rstrip().endswith(b";")
    end = (value + b";" if following else value).rfind(b"';")
    if end < 0:
        # Cut off, or with garbage after the quote. An apostrophe within a word is the end only
        # where there must be one.
        end = _APOSTROPHE.sub(b"_", value).rfind(b"'")
    if end < 0 and is_closed:
        end = value.rfind(b"'")
    return value if end < 0 else value[:end]


def _header(headers: Mapping[str, str], *names: str) -> str:
    value = next((headers[name] for name in names if headers.get(name)), "")
    text = clean(mended(value[:2000]), 200)
    return "" if text.lower() in _DEFAULT_NAMES else text


def _bitrate(headers: Mapping[str, str]) -> int | None:
    kbps = _number(headers.get("icy-br", "") or headers.get("ice-bitrate", ""))
    if not kbps:
        match = re.search(r"bitrate=(\d{1,9})", headers.get("ice-audio-info", ""))
        kbps = int(match[1]) if match else 0
    if kbps >= 8000:  # some count in bits
        kbps //= 1000
    return kbps if 0 < kbps < 8000 else None


def _number(value: str) -> int:
    """The first whole number of "128", " 128 kbps" or "128,128"; 0 for all else."""
    match = re.match(r"\s*([0-9]{1,9})(?![0-9])", value)
    return int(match[1]) if match else 0


def _web(value: str) -> str:
    url = clean(value, 1000)
    if re.fullmatch(r"(?i)www\.\S+", url):
        url = f"http://{url}"
    return url if is_web(url) else ""
