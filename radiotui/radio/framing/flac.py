"""FLAC as a stream of its own: metadata blocks, then frames.

Source: RFC 9639 (§8 metadata blocks, §9.1 frame headers).
"""

from __future__ import annotations

import re
from typing import NamedTuple

from radiotui.radio.framing import vorbis_comments as comments
from radiotui.radio.framing.frames import MOST_BUFFERED, MOST_HEADS, Frame

MARKER = re.compile(b"fLaC[\x00\x80]\x00\x00\x22")
"""The beginning of a stream: its mark, and the header of STREAMINFO."""

LONGEST_HEADER = 16
"""Bytes of a frame's header, at most."""

_SYNC = re.compile(b"\xff[\xf8\xf9]|" + MARKER.pattern)
_MARKER_BYTES = 8
_LARGEST = MOST_BUFFERED // 2
_LARGEST_PROVED = 32 * 1024
"""Bytes; 4,608 samples of stereo in 24 bits are 27 KiB before they are packed."""
_MOST_CANDIDATES = 64
_COMMENTS = 4
_RATES = (0, 88200, 176400, 192000, 8000, 16000, 22050, 24000, 32000, 44100, 48000, 96000)


class FlacHeader(NamedTuple):
    """The header of a FLAC frame."""

    samples: int
    rate: int
    """Hz; 0 where the frame leaves it to STREAMINFO."""
    number: int
    """Of the frame, or of its first sample where the block size varies."""
    following: int
    """The next frame's ``number``."""


def frame_header(data: bytes | bytearray, at: int = 0) -> FlacHeader | None:
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
    return FlacHeader(samples, rate, number, number + (samples if head[1] & 1 else 1))


def sample_rate(streaminfo: bytes) -> int:
    """Hz, of a STREAMINFO block without its header; 0 when it is cut off."""
    return int.from_bytes(streaminfo[10:13], "big") >> 4


class _Candidate(NamedTuple):
    """A place where a frame may begin."""

    at: int
    header: FlacHeader


class FlacFramer:
    """A native FLAC stream.

    A frame does not tell its length: it ends where the next one begins. Two
    headers are believed when their checksums agree and the second one's number
    follows the first one's. Garbage between two frames stays with the first of
    them: decoders look for the next header too.
    """

    format = "flac"
    codec = "FLAC"
    foreign = ""

    def __init__(self) -> None:
        self.dropped = 0
        self._buffer = bytearray()
        # Before _done: frames that were given out, or dropped bytes. Before _at: searched.
        self._done = 0
        self._at = 0
        self._head_bytes = 0
        self._in_head = False
        self._rate = 0
        # By the number of the frame that would have to follow.
        self._candidates: dict[int, _Candidate] = {}

    @property
    def buffered(self) -> int:
        """Bytes held back for their continuation."""
        return len(self._buffer)

    @property
    def candidates(self) -> int:
        """Places that are remembered because a frame may begin there."""
        return len(self._candidates)

    def feed(self, data: bytes) -> list[Frame]:
        """The metadata blocks and frames that ``data`` completes."""
        self._buffer += data
        frames: list[Frame] = []
        self._run(frames, whole=False)
        self._forget()
        return frames

    def flush(self) -> list[Frame]:
        """The last frames, as far as they are whole."""
        frames: list[Frame] = []
        self._run(frames, whole=True)
        self._close_frame(len(self._buffer), frames)
        self._cut(len(self._buffer))
        return frames

    def _run(self, frames: list[Frame], *, whole: bool) -> None:
        while self._cut_block(frames) if self._in_head else self._next_place(frames, whole=whole):
            pass

    def _begin_head(self, at: int, frames: list[Frame]) -> None:
        self._close_frame(at, frames)
        self._cut(at)
        self._candidates.clear()
        self._in_head, self._head_bytes, self._rate = True, 0, 0

    def _cut_block(self, frames: list[Frame]) -> bool:
        """Cut one metadata block from the front of the buffer; False to wait for more."""
        is_first = not self._head_bytes
        begin = 8 if is_first else 4
        if len(self._buffer) < begin:
            return False
        kind = self._buffer[begin - 4]
        end = begin + int.from_bytes(self._buffer[begin - 3 : begin], "big")
        if end > _LARGEST or self._head_bytes + end > MOST_HEADS:
            # Not worth carrying to every decoder; without it there is nothing to play.
            self._in_head, self._rate, self._at = False, 0, 1
            return True
        if len(self._buffer) < end:
            return False
        data = bytes(self._buffer[:end])
        if is_first:
            self._rate = sample_rate(data[begin:])
        title = comments.title(data[begin:]) if kind & 0x7F == _COMMENTS else None
        frames.append(Frame(data, 0.0, start=False, head=True, title=title))
        del self._buffer[:end]
        self._head_bytes += end
        self._in_head = not kind & 0x80
        return True

    def _next_place(self, frames: list[Frame], *, whole: bool) -> bool:
        """Examine the next place where a frame or a stream may begin; False to wait for more."""
        sync = _SYNC.search(self._buffer, self._at)
        if sync is None:
            self._at = max(self._at, len(self._buffer) - _MARKER_BYTES + 1)
            return False
        at = self._at = sync.start()
        if not whole and len(self._buffer) - at < LONGEST_HEADER:
            return False
        if self._buffer[at] != 0xFF:
            self._begin_head(at, frames)
            return True
        self._at += 1
        header = frame_header(self._buffer, at) if self._rate else None
        if header:
            self._examine(_Candidate(at, header), frames)
        return True

    def _examine(self, candidate: _Candidate, frames: list[Frame]) -> None:
        before = self._candidates.get(candidate.header.number)
        if before and candidate.at - before.at <= _LARGEST:
            self._candidates.clear()
            frames.append(self._frame(before, candidate.at))
        self._candidates.pop(candidate.header.following, None)
        self._candidates[candidate.header.following] = candidate
        if len(self._candidates) > _MOST_CANDIDATES:
            del self._candidates[next(iter(self._candidates))]

    def _frame(self, first: _Candidate, end: int) -> Frame:
        self.dropped += first.at - self._done
        self._done = end
        rate = first.header.rate or self._rate
        return Frame(bytes(self._buffer[first.at : end]), first.header.samples / rate)

    def _close_frame(self, end: int, frames: list[Frame]) -> None:
        """Cut the frame before ``end``, which no other frame proves: its checksum does.

        Working that out in Python takes 0.1 ms per KiB, so a frame that is larger
        than encoders make them is left out here.
        """
        last = next(iter(self._candidates.values()), None)
        if last is None or end - last.at > _LARGEST_PROVED:
            return
        if _remainder(self._buffer[last.at : end], _CRC_16, 16) == 0:
            frames.append(self._frame(last, end))

    def _forget(self) -> None:
        """Drop the bytes that can be part of no frame any more."""
        for number, candidate in list(self._candidates.items()):
            if self._at - candidate.at > _LARGEST:
                del self._candidates[number]
        first = next(iter(self._candidates.values()), None)
        self._cut(first.at if first else self._at)

    def _cut(self, at: int) -> None:
        self.dropped += max(0, at - self._done)
        del self._buffer[:at]
        self._done = max(0, self._done - at)
        self._at = max(0, self._at - at)
        self._candidates = {n: _Candidate(p.at - at, p.header) for n, p in self._candidates.items()}


def _coded_number(head: bytes) -> tuple[int, int] | None:
    """The number that begins at byte 4, coded as UTF-8 codes characters, and where it ends."""
    lead = head[4]
    if lead < 0x80:
        return lead, 5
    count = next((n for n in range(1, 7) if lead >> (6 - n) & 1 == 0), 0) if lead != 0xFF else 0
    rest = head[5 : 5 + count]
    if lead < 0xC0 or not count or len(rest) < count or any(byte & 0xC0 != 0x80 for byte in rest):
        return None
    number = lead & (0x3F >> count)
    for byte in rest:
        number = number << 6 | byte & 0x3F
    return number, 5 + count


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
