"""The length of an ID3v2 tag, by its header.

Source: id3.org, ID3v2.4 §3.1.
"""

from __future__ import annotations

HEADER_BYTES = 10
_HAS_FOOTER = 0x10


MOST_BYTES = 64 * 1024 * 1024
"""Of the tags before the sound, together: pictures of some megabytes are met on the air."""


class LeadingTags:
    """Leaves out the tags that stand before the sound, however large their pictures are."""

    def __init__(self) -> None:
        self._head = bytearray()
        self._left = self._tagged = 0
        self._are_past = False

    def feed(self, data: bytes) -> bytes:
        """The bytes of ``data`` that belong to no tag."""
        if self._are_past:
            return data
        self._head += data
        while not self._are_past:
            taken = min(self._left, len(self._head))
            del self._head[:taken]
            self._left -= taken
            if self._left or self._may_begin_a_tag():
                return b""
            self._left = tag_bytes(self._head)
            self._tagged += self._left
            self._are_past = not self._left or self._tagged > MOST_BYTES
        return self.flush()

    def flush(self) -> bytes:
        """The bytes held back because a tag might have begun with them."""
        self._are_past = True
        head = bytes(self._head)
        self._head.clear()
        return head

    def _may_begin_a_tag(self) -> bool:
        return len(self._head) < HEADER_BYTES and b"ID3".startswith(self._head[:3])


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
