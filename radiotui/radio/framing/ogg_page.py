"""Pages of Ogg, read and written: the one place that knows their header.

Source: RFC 3533 §6.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Sequence
from typing import NamedTuple

CAPTURE = b"OggS\0"
"""Capture pattern and version: the first bytes of every page."""
CONTINUED, BEGINS, ENDS = 1, 2, 4
"""Flags: the first packet began in the page before; first page of a link; last page of a link."""
MOST_SEGMENTS = 255
"""Lacing values of a page, at most; each counts up to 255 bytes."""
MOST_PART = MOST_SEGMENTS * 255
"""Bytes of one packet that a page can hold."""

_HEADER = struct.Struct("<4sBBqIIIB")
_SEGMENTS_AT, _CHECKSUM_AT = 26, 22
_MIRRORED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


class OggPage(NamedTuple):
    """A page with the fields of its header."""

    data: bytes
    """The whole page, header included."""
    flags: int
    granule: int
    """Samples of the link that have ended by the end of this page; -1: no packet ends in it."""
    serial: int
    sequence: int

    def parts(self) -> Iterator[tuple[bytes, bool]]:
        """The parts of packets in the page, each with True where its packet ends."""
        begin = end = _HEADER.size + self.data[_SEGMENTS_AT]
        length = -1
        for length in self.data[_HEADER.size : end]:
            end += length
            if length < 255:
                yield self.data[begin:end], True
                begin = end
        if length == 255:
            yield self.data[begin:end], False


def header_bytes(data: bytes | bytearray, at: int = 0) -> int:
    """Length of the header at ``at``, lacing values included; its first 27 bytes must be there."""
    return _HEADER.size + data[at + _SEGMENTS_AT]


def page_bytes(data: bytes | bytearray, at: int = 0) -> int:
    """Length of the page that begins at ``at``; 0 until its lacing values are there."""
    lacing = at + _HEADER.size
    if len(data) < lacing or len(data) < at + header_bytes(data, at):
        return 0
    segments = data[at + _SEGMENTS_AT]
    return _HEADER.size + segments + sum(data[lacing : lacing + segments])


def read_page(data: bytes) -> OggPage | None:
    """The page that ``data`` is; None where its checksum does not agree."""
    _, _, flags, granule, serial, sequence, checksum, _ = _HEADER.unpack_from(data)
    if _checksum(data) != checksum:
        return None
    return OggPage(data, flags, granule, serial, sequence)


def whole_pages(data: bytes | bytearray) -> Iterator[bytes]:
    """The pages that follow each other from the beginning of ``data``, as far as they are whole."""
    at = 0
    while (size := page_bytes(data, at)) and at + size <= len(data):
        yield bytes(data[at : at + size])
        at += size


def write_page(
    parts: Sequence[bytes],
    *,
    serial: int = 0,
    sequence: int = 0,
    granule: int = 0,
    flags: int = 0,
    is_complete: bool = True,
) -> bytes:
    """A page of packets, at most 255 segments.

    ``is_complete`` is False where the last packet goes on in the next page; what
    is here of it is then a multiple of 255 bytes.
    """
    lacing = b"".join(b"\xff" * (len(part) // 255) + bytes([len(part) % 255]) for part in parts)
    if not is_complete:
        lacing = lacing[:-1]
    body = bytes([len(lacing)]) + lacing + b"".join(parts)
    return _with_header(body, serial=serial, sequence=sequence, granule=granule, flags=flags)


def restamp(page: bytes, *, serial: int, sequence: int, granule: int, flags: int = 0) -> bytes:
    """The packets of ``page`` as a page with other fields in its header."""
    body = page[_SEGMENTS_AT:]
    return _with_header(body, serial=serial, sequence=sequence, granule=granule, flags=flags)


def _with_header(body: bytes, *, serial: int, sequence: int, granule: int, flags: int) -> bytes:
    """A page: ``body`` begins with the number of its segments."""
    header = _HEADER.pack(b"OggS", 0, flags, granule, serial & 0xFFFFFFFF, sequence, 0, body[0])
    page = header + body[1:]
    checksum = struct.pack("<I", _checksum(page))
    return page[:_CHECKSUM_AT] + checksum + page[_CHECKSUM_AT + 4 :]


def _checksum(page: bytes) -> int:
    # Ogg's checksum is zlib's with the bits of every byte, and of the result, the other way round,
    # and without the inversions at both ends.
    blank = page[:_CHECKSUM_AT] + bytes(4) + page[_CHECKSUM_AT + 4 :]
    mirrored = zlib.crc32(blank.translate(_MIRRORED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{mirrored:032b}"[::-1], 2)
