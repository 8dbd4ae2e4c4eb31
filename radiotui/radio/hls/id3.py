"""Timed ID3: titles as tags that lie between the sound of HLS.

Sources: id3.org, ID3v2.4; "Timed Metadata for HTTP Live Streaming" (Apple); the
``emsg`` boxes of ISO/IEC 23009-1 §5.10.3.3 with the scheme of aomedia.org/emsg/ID3.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from io import BytesIO

import msgspec

from radiotui.radio.framing.id3_tag import tag_bytes

_MOST_BYTES = 64 * 1024
"""Of a tag that is read. Larger ones hold pictures, and may unpack to anything."""
_MOST_TAGS = 64
_TEXT_FRAME = re.compile(rb"T(?:IT2|PE1).{5}(.)", re.DOTALL)
_COMPRESSED = 0x80 | 0x08
"""Bits of a frame's second flag byte, in ID3v2.3 and ID3v2.4."""
_LATIN_1 = 0


class TimedTag(msgspec.Struct, frozen=True):
    """A tag with a title. Text of unknown encoding is still bytes."""

    at: float
    """Seconds after the segment's first sound."""
    artist: str | bytes
    title: str | bytes


def leading(data: bytes) -> tuple[list[bytes], int]:
    """The tags that ``data`` begins with, and where they end."""
    tags: list[bytes] = []
    at = 0
    while (size := tag_bytes(data, at)) and at + size <= len(data):
        if len(tags) < _MOST_TAGS:
            tags.append(data[at : at + size])
        at += size
    return tags, at


def read_tag(tag: bytes, at: float) -> TimedTag | None:
    """The title in a tag; None where it has none, is broken, or is compressed.

    A compressed text of 64 KiB may unpack to 64 MB, in one call that holds Python's lock.
    """
    import mutagen
    from mutagen.id3 import ID3, TIT2, TPE1

    if len(tag) > _MOST_BYTES or (b"TIT2" not in tag and b"TT2" not in tag):
        return None
    if _is_compressed(tag):
        return None
    frames = {"TIT2": TIT2, "TPE1": TPE1}
    try:
        parsed = ID3(BytesIO(tag), known_frames=frames, load_v1=False)
    except (mutagen.MutagenError, ValueError, LookupError, EOFError):
        return None
    title, artist = parsed.get("TIT2"), parsed.get("TPE1")
    return None if title is None else TimedTag(at, _words(artist), _words(title))


def boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The outermost boxes of an MP4 file: kind and content. Ends where they make no sense."""
    at = 0
    while at + 8 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        head = 8
        if size == 1 and at + 16 <= len(data):
            size, head = struct.unpack_from(">Q", data, at + 8)[0], 16
        size = size or len(data) - at
        if size < head or at + size > len(data):
            return
        yield kind, data[at + head : at + size]
        at += size


def from_box(content: bytes, begin: float) -> tuple[bytes, float] | None:
    """The tag in an ``emsg`` box, and its place in a segment that begins at ``begin`` seconds."""
    try:
        if content[0] == 1:
            scale, time = struct.unpack_from(">IQ", content, 4)
            scheme, _, message = content[24:].split(b"\0", 2)
        else:
            scheme, _, rest = content[4:].split(b"\0", 2)
            scale, delta = struct.unpack_from(">II", rest)
            time, message = delta + begin * scale, rest[16:]
        at = time / scale - begin
    except (IndexError, ValueError, struct.error, ZeroDivisionError):
        return None
    return (message, at) if b"ID3" in scheme.upper() else None


def _is_compressed(tag: bytes) -> bool:
    """True where a text frame is packed; the tag may be unsynchronised, which hides its flags."""
    return any(
        frame[1][0] & _COMPRESSED
        for text in (tag, tag.replace(b"\xff\0", b"\xff"))
        for frame in _TEXT_FRAME.finditer(text)
    )


def _words(frame: object) -> str | bytes:
    text = " / ".join(map(str, getattr(frame, "text", ())))[:2000]
    # What is called Latin-1 is often anything.
    return text.encode("latin-1") if getattr(frame, "encoding", None) == _LATIN_1 else text
