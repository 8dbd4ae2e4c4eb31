"""FLAC as a stream of its own: metadata blocks, then frames.

Source: RFC 9639 (§8 metadata blocks, §9.1 frame headers).
"""

from __future__ import annotations

import re
from typing import NamedTuple

from radiotui.radio.framing import vorbis_comments as comments
from radiotui.radio.framing.frames import MOST_HEADS, MOST_KEPT, Frame

MARKER = re.compile(b"fLaC[\x00\x80]\x00\x00\x22")
"""What a stream begins with: its mark, and the header of STREAMINFO."""

LONGEST_HEADER = 16
"""Bytes of a frame's header, at most."""

_SYNC = re.compile(b"\xff[\xf8\xf9]|" + MARKER.pattern)
_MARKER_BYTES = 8
_LARGEST = MOST_KEPT // 2
_MOST_WAITING = 64
_COMMENTS = 4
_RATES = (0, 88200, 176400, 192000, 8000, 16000, 22050, 24000, 32000, 44100, 48000, 96000)


class FrameHeader(NamedTuple):
    """What a frame tells of itself."""

    samples: int
    rate: int
    """Hz; 0 where the frame leaves it to STREAMINFO."""
    number: int
    """Of the frame, or of its first sample where the block size varies."""
    following: int
    """The next frame's ``number``."""


def frame_header(data: bytes | bytearray, at: int = 0) -> FrameHeader | None:
    """The frame header at ``at``, if it is one: its own checksum must agree."""
    head = bytes(data[at : at + LONGEST_HEADER])
    if len(head) < 6 or head[0] != 0xFF or head[1] & 0xFE != 0xF8 or head[3] & 1:
        return None
    size_code, rate_code, channels = head[2] >> 4, head[2] & 15, head[3] >> 4
    if size_code == 0 or rate_code == 15 or channels > 10 or head[3] >> 1 & 7 == 3:
        return None
    coded = _coded_number(head)
    if coded is None:
        return None
    number, end = coded
    samples, end = _block_size(head, size_code, end)
    rate, end = _sample_rate(head, rate_code, end)
    if end >= len(head) or _remainder(head[:end], _CRC_8, 8) != head[end]:
        return None
    return FrameHeader(samples, rate, number, number + (samples if head[1] & 1 else 1))


def sample_rate(streaminfo: bytes) -> int:
    """Hz, of a STREAMINFO block without its header; 0 when it is cut off."""
    return int.from_bytes(streaminfo[10:13], "big") >> 4


class _Place(NamedTuple):
    at: int
    header: FrameHeader


class FlacFramer:
    """A native FLAC stream.

    A frame does not tell its length: it ends where the next one begins. Two
    headers are believed when their checksums agree and the second one's number
    follows the first one's. Garbage between two frames stays with the first of
    them: decoders look for the next header too.
    """

    format = "flac"
    codec = "FLAC"

    def __init__(self) -> None:
        self.dropped = 0
        self._kept = bytearray()
        # What lies before _done is a piece already, or dropped; what lies before _at was looked at.
        self._done = 0
        self._at = 0
        self._head_bytes = 0
        self._in_head = False
        self._rate = 0
        # Where a frame may begin, by the number of the frame that would have to follow it.
        self._waiting: dict[int, _Place] = {}

    def feed(self, data: bytes) -> list[Frame]:
        """The metadata blocks and frames that ``data`` completes."""
        self._kept += data
        pieces: list[Frame] = []
        self._run(pieces, whole=False)
        self._forget()
        return pieces

    def flush(self) -> list[Frame]:
        """The last frames, as far as they are whole."""
        pieces: list[Frame] = []
        self._run(pieces, whole=True)
        self._close_frame(len(self._kept), pieces)
        self._cut(len(self._kept))
        return pieces

    def _run(self, pieces: list[Frame], *, whole: bool) -> None:
        while self._block(pieces) if self._in_head else self._place(pieces, whole=whole):
            pass

    def _begin_head(self, at: int, pieces: list[Frame]) -> None:
        self._close_frame(at, pieces)
        self._cut(at)
        self._waiting.clear()
        self._in_head, self._head_bytes, self._rate = True, 0, 0

    def _block(self, pieces: list[Frame]) -> bool:
        """Take one metadata block from the front of what is kept; False to wait for more."""
        is_first = not self._head_bytes
        begin = 8 if is_first else 4
        if len(self._kept) < begin:
            return False
        kind = self._kept[begin - 4]
        end = begin + int.from_bytes(self._kept[begin - 3 : begin], "big")
        if end > _LARGEST or self._head_bytes + end > MOST_HEADS:
            # Not worth carrying to every decoder; without it there is nothing to play.
            self._in_head, self._rate, self._at = False, 0, 1
            return True
        if len(self._kept) < end:
            return False
        data = bytes(self._kept[:end])
        if is_first:
            self._rate = sample_rate(data[begin:])
        title = comments.title(data[begin:]) if kind & 0x7F == _COMMENTS else None
        pieces.append(Frame(data, 0.0, start=False, head=True, title=title))
        del self._kept[:end]
        self._head_bytes += end
        self._in_head = not kind & 0x80
        return True

    def _place(self, pieces: list[Frame], *, whole: bool) -> bool:
        """Look at the next place where something may begin; False to wait for more."""
        found = _SYNC.search(self._kept, self._at)
        if found is None:
            self._at = max(self._at, len(self._kept) - _MARKER_BYTES + 1)
            return False
        at = self._at = found.start()
        if not whole and len(self._kept) - at < LONGEST_HEADER:
            return False
        if self._kept[at] != 0xFF:
            self._begin_head(at, pieces)
            return True
        self._at += 1
        header = frame_header(self._kept, at) if self._rate else None
        if header:
            self._consider(_Place(at, header), pieces)
        return True

    def _consider(self, place: _Place, pieces: list[Frame]) -> None:
        before = self._waiting.get(place.header.number)
        if before and place.at - before.at <= _LARGEST:
            self._waiting.clear()
            pieces.append(self._frame(before, place.at))
        self._waiting.pop(place.header.following, None)
        self._waiting[place.header.following] = place
        if len(self._waiting) > _MOST_WAITING:
            del self._waiting[next(iter(self._waiting))]

    def _frame(self, place: _Place, end: int) -> Frame:
        self.dropped += place.at - self._done
        self._done = end
        rate = place.header.rate or self._rate
        return Frame(bytes(self._kept[place.at : end]), place.header.samples / rate)

    def _close_frame(self, end: int, pieces: list[Frame]) -> None:
        """The frame before ``end``, where no other frame follows to prove it: its checksum does."""
        place = next(iter(self._waiting.values()), None)
        if place and _remainder(self._kept[place.at : end], _CRC_16, 16) == 0:
            pieces.append(self._frame(place, end))

    def _forget(self) -> None:
        """Let go of what can be part of no frame any more."""
        for number, place in list(self._waiting.items()):
            if self._at - place.at > _LARGEST:
                del self._waiting[number]
        first = next(iter(self._waiting.values()), None)
        self._cut(first.at if first else self._at)

    def _cut(self, at: int) -> None:
        self.dropped += max(0, at - self._done)
        del self._kept[:at]
        self._done = max(0, self._done - at)
        self._at = max(0, self._at - at)
        self._waiting = {n: _Place(p.at - at, p.header) for n, p in self._waiting.items()}


def _coded_number(head: bytes) -> tuple[int, int] | None:
    """The number that begins at byte 4, coded as UTF-8 codes characters, and where it ends."""
    lead = head[4]
    if lead < 0x80:
        return lead, 5
    more = next((n for n in range(1, 7) if lead >> (6 - n) & 1 == 0), 0) if lead != 0xFF else 0
    rest = head[5 : 5 + more]
    if lead < 0xC0 or not more or len(rest) < more or any(byte & 0xC0 != 0x80 for byte in rest):
        return None
    number = lead & (0x3F >> more)
    for byte in rest:
        number = number << 6 | byte & 0x3F
    return number, 5 + more


def _block_size(head: bytes, code: int, at: int) -> tuple[int, int]:
    if code == 6:
        return int.from_bytes(head[at : at + 1], "big") + 1, at + 1
    if code == 7:
        return int.from_bytes(head[at : at + 2], "big") + 1, at + 2
    if code == 1:
        return 192, at
    return (144 << code if code < 6 else 1 << code), at


def _sample_rate(head: bytes, code: int, at: int) -> tuple[int, int]:
    if code == 12:
        return int.from_bytes(head[at : at + 1], "big") * 1000, at + 1
    if code == 13:
        return int.from_bytes(head[at : at + 2], "big"), at + 2
    if code == 14:
        return int.from_bytes(head[at : at + 2], "big") * 10, at + 2
    return _RATES[code], at


def _table(polynomial: int, bits: int) -> list[int]:
    table = []
    for byte in range(256):
        value = byte << (bits - 8)
        for _ in range(8):
            value = value << 1 ^ (polynomial if value >> (bits - 1) & 1 else 0)
        table.append(value & ((1 << bits) - 1))
    return table


_CRC_8 = _table(0x107, 8)
_CRC_16 = _table(0x18005, 16)


def _remainder(data: bytes | bytearray, table: list[int], bits: int) -> int:
    value, mask = 0, (1 << bits) - 1
    for byte in data:
        value = (value << 8 ^ table[(value >> (bits - 8) ^ byte) & 0xFF]) & mask
    return value
