"""Chapters of an MP3 with their links and pictures: ID3v2 frames CHAP with WXXX and APIC in them.

FFmpeg gives neither, and of a tag of version 2.3 it loses each chapter with a frame of 128 bytes
or more, as pictures are (libavformat 62.12, id3v2.c: it takes its size for one of seven bits a
byte). mutagen unpacks whatever a tag says is packed, however large it becomes.
https://id3.org/id3v2-chapters-1.0, https://id3.org/id3v2.4.0-structure.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from radiotui.audio.chapter_extras import LARGEST_PICTURE, ByteSpan, ChapterExtra, bytes_of
from radiotui.net.urls import web_link

if TYPE_CHECKING:
    from radiotui.audio.engine import SoundFile

_LARGEST_TAG = 32 * 1024 * 1024
_HEADER_BYTES = 10
_TIMES_BYTES = 16
_MOST_FRAMES = 5000
_UNSYNCHRONISED, _EXTENDED = 0x80, 0x40
_PACKED = 0x4F
"""Flags of a frame that is not as it stands there: packed, encrypted, or in a group."""
_WIDE = b"\x01", b"\x02"
"""Encodings with two bytes a letter."""
_ENCODINGS = {b"\x00": "latin-1", b"\x01": "utf-16", b"\x02": "utf-16-be", b"\x03": "utf-8"}
_LONGEST_TEXT = 4096


def id3_chapters(source: SoundFile) -> list[ChapterExtra]:
    """Chapters of a file that begins with a tag, in the tag's order.

    Raises OSError, and Problem where its bytes do not come.
    """
    header = bytes_of(source, 0, _HEADER_BYTES)
    if header[:3] != b"ID3" or len(header) < _HEADER_BYTES or header[3] not in {3, 4}:
        return []
    size = _safe_number(header[6:])
    # Such tags are written by nobody who writes chapters.
    if header[5] & (_UNSYNCHRONISED | _EXTENDED) or size > _LARGEST_TAG:
        return []
    tag = memoryview(bytes_of(source, _HEADER_BYTES, size))
    return [
        _extra(tag[begin:end], _HEADER_BYTES + begin, header[3])
        for name, begin, end in _frames(tag, header[3])
        if name == b"CHAP"
    ]


def _extra(chapter: memoryview, offset: int, version: int) -> ChapterExtra:
    """A chapter whose frame's content stands at ``offset`` of the file."""
    times = _end_of_text(chapter, 0, is_wide=False)
    start, end = (int.from_bytes(chapter[at : at + 4]) / 1000 for at in (times, times + 4))
    first = times + _TIMES_BYTES
    url = image = picture = None
    title = ""
    for frame, begin, last in _frames(chapter[first:], version):
        content = chapter[first + begin : first + last]
        if frame == b"WXXX":
            url = url or web_link(_address(content))
        elif frame == b"TIT2":
            title = title or _text(content)
        elif frame == b"APIC" and image is None and picture is None:
            image, picture = _picture(content, offset + first + begin)
    return ChapterExtra(start, url, image, picture, title, end)


def _text(content: memoryview) -> str:
    """The words of a frame of text."""
    encoding = _ENCODINGS.get(bytes(content[:1]), "latin-1")
    return bytes(content[1:_LONGEST_TEXT]).decode(encoding, "replace").split("\0")[0]


def _address(content: memoryview) -> str:
    """The address of a WXXX, which stands behind its description."""
    begin = _end_of_text(content, 1, is_wide=content[:1] in _WIDE)
    return bytes(content[begin:]).rstrip(b"\x00").decode("latin-1").strip()


def _picture(content: memoryview, offset: int) -> tuple[str | None, ByteSpan | None]:
    """The address of a picture, or its place, by the content of an APIC that stands there.

    Its type, its kind and a description come before it.
    """
    mime = _end_of_text(content, 1, is_wide=False)
    begin = _end_of_text(content, mime + 1, is_wide=content[:1] in _WIDE)
    length = len(content) - begin
    if bytes(content[1:mime]) == b"-->\x00":
        return web_link(
            bytes(content[begin : begin + _LONGEST_TEXT]).decode("latin-1").strip("\0 ")
        ), None
    if 0 < length <= LARGEST_PICTURE:
        return None, ByteSpan(offset + begin, length)
    return None, None


def _end_of_text(data: memoryview, begin: int, *, is_wide: bool) -> int:
    """The place behind a text that ends with a zero."""
    text = bytes(data[begin : begin + _LONGEST_TEXT])
    if not is_wide:
        end = text.find(b"\x00")
        return begin + end + 1 if end >= 0 else len(data)
    pairs = range(0, len(text) - 1, 2)
    end = next((at for at in pairs if text[at : at + 2] == b"\x00\x00"), -1)
    return begin + end + 2 if end >= 0 else len(data)


def _frames(data: memoryview, version: int) -> Iterator[tuple[bytes, int, int]]:
    """Name and place of the content of each frame that is neither packed nor encrypted."""
    at = 0
    for _ in range(_MOST_FRAMES):
        name, head = bytes(data[at : at + 4]), bytes(data[at + 4 : at + _HEADER_BYTES])
        if len(head) < 6 or not name.isalnum():
            return
        size = _safe_number(head[:4]) if version == 4 else int.from_bytes(head[:4])
        begin = at + _HEADER_BYTES
        at = begin + size
        # What is cut off is no picture.
        if not head[5] & (_PACKED if version == 4 else 0xE0) and at <= len(data):
            yield name, begin, at


def _safe_number(data: bytes) -> int:
    """A number of four times seven bits."""
    return sum((byte & 0x7F) << shift for byte, shift in zip(data, (21, 14, 7, 0), strict=True))
