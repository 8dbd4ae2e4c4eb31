"""Ogg pages, written and stamped anew: what a chained Opus broadcast is made of.

Source: RFC 3533 (Ogg), RFC 7845 (Opus in Ogg).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Sequence

BEGINS = 2
"""Flag of the first page of a link."""
ENDS = 4
"""Flag of the last page of a link."""

_HEADER = struct.Struct("<4sBBqIIIB")
_REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def page(packets: Sequence[bytes]) -> bytes:
    """One page that holds ``packets`` whole, at most 255 segments, not yet stamped."""
    lacing = b"".join(
        b"\xff" * (len(packet) // 255) + bytes([len(packet) % 255]) for packet in packets
    )
    header = _HEADER.pack(b"OggS", 0, 0, 0, 0, 0, 0, len(lacing))
    return header + lacing + b"".join(packets)


def stamp(blank: bytes, *, serial: int, sequence: int, granule: int, flags: int = 0) -> bytes:
    """``blank`` as page ``sequence`` of link ``serial``; ``granule`` in samples at 48 kHz."""
    segments = blank[26]
    header = _HEADER.pack(b"OggS", 0, flags, granule, serial & 0xFFFFFFFF, sequence, 0, segments)
    whole = header + blank[27:]
    return whole[:22] + struct.pack("<I", _crc(whole)) + whole[26:]


def pages(data: bytes) -> Iterator[bytes]:
    """The pages of a whole file that was written by :func:`page`."""
    at = 0
    while at < len(data):
        body = at + 27 + data[at + 26]
        end = body + sum(data[at + 27 : body])
        yield data[at:end]
        at = end


def opus_head(channels: int = 2) -> bytes:
    """The page that begins a link of Opus; nothing of its sound is to be skipped."""
    return page([struct.pack("<8sBBHIhB", b"OpusHead", 1, channels, 0, 48_000, 0, 0)])


def opus_tags(vendor: str, comments: Sequence[tuple[str, str]]) -> bytes:
    """The page that names what the link holds: ("TITLE", …), ("ARTIST", …)."""
    fields = [f"{name}={value}".encode() for name, value in comments]
    packet = b"OpusTags" + _text(vendor.encode()) + struct.pack("<I", len(fields))
    return page([packet + b"".join(_text(field) for field in fields)])


def _text(data: bytes) -> bytes:
    return struct.pack("<I", len(data)) + data


def _crc(data: bytes) -> int:
    # Ogg's checksum is zlib's with the bits of every byte, and of the result, the other way round,
    # and without the inversions at both ends.
    reflected = zlib.crc32(data.translate(_REVERSED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{reflected:032b}"[::-1], 2)
