"""Links of the chapters of an MP3: ID3v2 frames CHAP with a WXXX in them.

FFmpeg gives no links, and mutagen unpacks whatever a tag says is packed, however large it becomes.
https://id3.org/id3v2-chapters-1.0, https://id3.org/id3v2.4.0-structure.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from radiotui.files import read_beginning
from radiotui.net.urls import web_link

_LARGEST_TAG = 16 * 1024 * 1024
_HEADER_BYTES = 10
_TIMES_BYTES = 16
_MOST_FRAMES = 5000
_UNSYNCHRONISED, _EXTENDED = 0x80, 0x40
_PACKED = 0x4F
"""Flags of a frame that is not as it stands there: packed, encrypted, or in a group."""


def chapter_links(path: Path) -> list[tuple[float, str]]:
    """Beginning in seconds and link of each chapter that has a link. Raises OSError."""
    header = read_beginning(path, _HEADER_BYTES)
    if header[:3] != b"ID3" or header[3] not in {3, 4} or len(header) < _HEADER_BYTES:
        return []
    size = _safe_number(header[6:])
    # Such tags are written by nobody who writes chapters.
    if header[5] & (_UNSYNCHRONISED | _EXTENDED) or size > _LARGEST_TAG:
        return []
    tag = read_beginning(path, _HEADER_BYTES + size)[_HEADER_BYTES:]
    links: list[tuple[float, str]] = []
    for name, frame in _frames(tag, header[3]):
        if name == b"CHAP" and (link := _link_of(frame, header[3])) is not None:
            links.append(link)
    return links


def _link_of(chapter: bytes, version: int) -> tuple[float, str] | None:
    _, _, rest = chapter.partition(b"\x00")
    begin = int.from_bytes(rest[:4]) / 1000
    for name, frame in _frames(rest[_TIMES_BYTES:], version):
        if name == b"WXXX" and (url := web_link(_address(frame))) is not None:
            return begin, url
    return None


def _address(frame: bytes) -> str:
    """The address of a WXXX, which stands behind its description."""
    encoding, words = frame[:1], frame[1:]
    if encoding in {b"\x01", b"\x02"}:
        pairs = range(0, len(words) - 1, 2)
        end = next((at + 2 for at in pairs if words[at : at + 2] == b"\x00\x00"), len(words))
        address = words[end:]
    else:
        address = words.partition(b"\x00")[2]
    return address.rstrip(b"\x00").decode("latin-1").strip()


def _frames(data: bytes, version: int) -> Iterator[tuple[bytes, bytes]]:
    """Name and content of each frame that is neither packed nor encrypted."""
    at = 0
    for _ in range(_MOST_FRAMES):
        name, head = data[at : at + 4], data[at + 4 : at + _HEADER_BYTES]
        if len(head) < 6 or not name.isalnum():
            return
        size = _safe_number(head[:4]) if version == 4 else int.from_bytes(head[:4])
        begin = at + _HEADER_BYTES
        at = begin + size
        if not head[5] & (_PACKED if version == 4 else 0xE0):
            yield name, data[begin:at]


def _safe_number(data: bytes) -> int:
    """A number of four times seven bits."""
    return sum((byte & 0x7F) << shift for byte, shift in zip(data, (21, 14, 7, 0), strict=True))
