"""The length of an ID3v2 tag, by its header.

Source: id3.org, ID3v2.4 §3.1.
"""

from __future__ import annotations

HEADER_BYTES = 10
_HAS_FOOTER = 0x10


def tag_bytes(data: bytes | bytearray, at: int = 0) -> int:
    """Length of the tag at ``at``, header and footer included; 0 where no tag begins."""
    header = data[at : at + HEADER_BYTES]
    if len(header) < HEADER_BYTES or not header.startswith(b"ID3"):
        return 0
    # A version is never 255, and the size has seven bits a byte.
    if header[3] == 0xFF or any(byte & 0x80 for byte in header[6:]):
        return 0
    size = header[6] << 21 | header[7] << 14 | header[8] << 7 | header[9]
    return HEADER_BYTES + size + (HEADER_BYTES if header[5] & _HAS_FOOTER else 0)
