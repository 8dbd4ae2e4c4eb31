"""Headers of an Opus link: what a chained Opus broadcast is made of, beside its sound.

Source: RFC 7845 §5 (Opus in Ogg).
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

from radiotui.radio.framing.ogg_page import write_page


def opus_head(channels: int = 2) -> bytes:
    """The page that begins a link of Opus; nothing of its sound is to be skipped."""
    return write_page([struct.pack("<8sBBHIhB", b"OpusHead", 1, channels, 0, 48_000, 0, 0)])


def opus_tags(vendor: str, comments: Sequence[tuple[str, str]]) -> bytes:
    """The page that names what the link holds: ("TITLE", …), ("ARTIST", …)."""
    fields = [f"{name}={value}".encode() for name, value in comments]
    packet = b"OpusTags" + _text(vendor.encode()) + struct.pack("<I", len(fields))
    return write_page([packet + b"".join(_text(field) for field in fields)])


def _text(data: bytes) -> bytes:
    return struct.pack("<I", len(data)) + data
