"""Frames of MP3 (and layer II) and of AAC in ADTS: bare runs of frames, each with its own header.

Sources: ISO/IEC 11172-3 §2.4.1.3 and 13818-3 (MPEG audio), ISO/IEC 14496-3 §1.A.2 (ADTS),
id3.org, ID3v2.4 §3.1 (the tag that may lie before frames).
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from itertools import islice
from typing import NamedTuple

from radiotui.radio.framing.frames import Frame
from radiotui.radio.framing.id3_tag import HEADER_BYTES, tag_bytes

_LARGEST_TAG = 1024 * 1024
_PATTERN_BYTES = 3
_MOST_CANDIDATES = 1000
"""Of headers in a beginning, tried in about 3 ms; 64 KiB of noise have eight."""


class BareHeader(NamedTuple):
    """The header of a frame of MPEG audio or ADTS, as far as a tape needs it."""

    length: int
    """Bytes, header included."""
    seconds: float
    key: tuple[int, ...]
    """Equal in all frames of one broadcast."""


class _BareFrames(ABC):
    """Frames that follow each other; what lies between is left out.

    A frame is believed when it follows a believed one of its kind, or when
    another of its kind follows it at the right distance.
    """

    format: str
    codec: str
    foreign = ""
    _pattern: re.Pattern[bytes]
    """The first bytes of a header."""

    def __init__(self) -> None:
        self.dropped = 0
        self._buffer = bytearray()
        self._key: tuple[int, ...] | None = None
        self._decoder_key: tuple[int, ...] | None = None
        self._tag_left = 0
        # A tag is looked for where a frame could begin, not in the midst of garbage.
        self._on_boundary = True

    @property
    def buffered(self) -> int:
        """Bytes held back for their continuation."""
        return len(self._buffer)

    def feed(self, data: bytes) -> list[Frame]:
        """The frames that ``data`` completes."""
        self._buffer += data
        return self._cut(whole=False)

    def flush(self) -> list[Frame]:
        """The last frames of a body; a frame that is cut off is left out."""
        frames = self._cut(whole=True)
        self.dropped += len(self._buffer)
        self._buffer.clear()
        return frames

    def confirmed_in(self, head: bytes) -> int | None:
        """The first place in ``head`` where one frame follows another."""
        for match in islice(self._pattern.finditer(head), _MOST_CANDIDATES):
            header = self.header_at(head, match.start())
            following = header and self.header_at(head, match.start() + header.length)
            if header and following and following.key == header.key:
                return match.start()
        return None

    @abstractmethod
    def header_at(self, data: bytes | bytearray, at: int) -> BareHeader | None:
        """The header at ``at``; None when there is none, or not all of it."""

    def _sound(self, data: bytes, header: BareHeader) -> Frame | None:
        """``data`` as a frame of the tape; None for a frame that holds no sound."""
        return Frame(data, header.seconds, fresh=self._is_fresh(header))

    def _is_fresh(self, header: BareHeader) -> bool:
        """True for the first frame that a decoder of the frames before cannot go on with."""
        before, self._decoder_key = self._decoder_key, header.key
        return before not in {None, header.key}

    def _cut(self, *, whole: bool) -> list[Frame]:
        frames: list[Frame] = []
        buffer, at = self._buffer, 0
        # So many bytes are always looked at together, or the way they were chunked would show.
        ahead = 0 if whole else HEADER_BYTES
        while at < len(buffer) and len(buffer) - at >= ahead:
            self._tag_left = self._tag_left or self._tag_size(at)
            if self._tag_left:
                at = self._skip_tag(at)
                continue
            header = self.header_at(buffer, at)
            if header is None:
                at = self._skip_garbage(at)
                continue
            end = at + header.length
            if header.key != self._key:
                if not whole and len(buffer) - end < ahead:
                    break
                if not self._is_believable(header, end, whole=whole):
                    at = self._skip_garbage(at)
                    continue
            if end > len(buffer):
                break
            frame = self._sound(bytes(buffer[at:end]), header)
            if frame:
                frames.append(frame)
            else:
                self.dropped += header.length
            self._key, self._on_boundary, at = header.key, True, end
        del buffer[:at]
        return frames

    def _is_believable(self, header: BareHeader, end: int, *, whole: bool) -> bool:
        following = self.header_at(self._buffer, end)
        if following is not None:
            return following.key == header.key
        return whole and end == len(self._buffer)

    def _skip_garbage(self, at: int) -> int:
        self._key, self._on_boundary = None, False
        candidate = self._pattern.search(self._buffer, at + 1)
        beyond = (
            candidate.start() if candidate else max(at + 1, len(self._buffer) - _PATTERN_BYTES + 1)
        )
        self.dropped += beyond - at
        return beyond

    def _tag_size(self, at: int) -> int:
        size = tag_bytes(self._buffer, at) if self._on_boundary else 0
        return size if size <= _LARGEST_TAG else 0

    def _skip_tag(self, at: int) -> int:
        skipped = min(self._tag_left, len(self._buffer) - at)
        self._tag_left -= skipped
        self.dropped += skipped
        return at + skipped


_MPEG_1, _MPEG_2 = 3, 2
_LAYER_2, _LAYER_3 = 2, 1
_MONO = 3
_KBPS = {
    (True, _LAYER_2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (True, _LAYER_3): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (False, _LAYER_2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (False, _LAYER_3): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_MPEG_RATES = {
    _MPEG_1: (44100, 48000, 32000),
    _MPEG_2: (22050, 24000, 16000),
    0: (11025, 12000, 8000),
}


class MpegFramer(_BareFrames):
    """MPEG 1, 2 and 2.5 audio, layers III and II. Free format is not taken."""

    format = "mp3"
    # Sync, version (01 is reserved) and layer, then bitrate (not free, not 15) and rate (not 3).
    _pattern = re.compile(
        b"\xff[\xe2-\xe5\xf2-\xf5\xfa-\xfd]["
        + b"".join(
            re.escape(bytes([bitrate << 4 | low])) for bitrate in range(1, 15) for low in range(12)
        )
        + b"]"
    )

    def __init__(self) -> None:
        super().__init__()
        self.codec = "MP3"

    def header_at(self, data: bytes | bytearray, at: int) -> BareHeader | None:
        """The header of MPEG audio at ``at``."""
        if len(data) - at < 4 or not self._pattern.match(data, at):
            return None
        second, third = data[at + 1], data[at + 2]
        version, layer = second >> 3 & 3, second >> 1 & 3
        is_mpeg_1 = version == _MPEG_1
        bits_per_second = _KBPS[is_mpeg_1, layer][(third >> 4) - 1] * 1000
        rate = _MPEG_RATES[version][third >> 2 & 3]
        samples = 1152 if is_mpeg_1 or layer == _LAYER_2 else 576
        length = samples // 8 * bits_per_second // rate + (third >> 1 & 1)
        is_mono = data[at + 3] >> 6 == _MONO
        return BareHeader(length, samples / rate, (version, layer, rate, is_mono))

    def _sound(self, data: bytes, header: BareHeader) -> Frame | None:
        self.codec = "MP3" if header.key[1] == _LAYER_3 else "MP2"
        # An encoder's first frame tells the length of a file and holds silence. In a broadcast it
        # would tell decoders to stop there.
        return None if _tells_a_length(data) else super()._sound(data, header)


def frame_bytes(header: bytes) -> int:
    """Length of a frame of MPEG audio by its header; 0: it is no header."""
    parsed = MpegFramer().header_at(header, 0)
    return parsed.length if parsed else 0


def _tells_a_length(frame: bytes) -> bool:
    is_mpeg_1, is_mono = frame[1] >> 3 & 3 == _MPEG_1, frame[3] >> 6 == _MONO
    side = (17 if is_mono else 32) if is_mpeg_1 else (9 if is_mono else 17)
    at = 4 + side
    return frame[at : at + 4] in {b"Xing", b"Info"} or frame[36:40] == b"VBRI"


_ADTS_RATES = (
    96000,
    88200,
    64000,
    48000,
    44100,
    32000,
    24000,
    22050,
    16000,
    12000,
    11025,
    8000,
    7350,
)
_AAC_SAMPLES = 1024


class AdtsFramer(_BareFrames):
    """AAC in ADTS. Of HE-AAC the header tells the core's rate, and 1024 samples of that."""

    format = "aac"
    codec = "AAC"
    # Sync and layer 0, then a profile and a rate below 13.
    _pattern = re.compile(
        b"\xff[\xf0\xf1\xf8\xf9]["
        + b"".join(re.escape(bytes([third])) for third in range(256) if third >> 2 & 15 < 13)
        + b"]"
    )

    def header_at(self, data: bytes | bytearray, at: int) -> BareHeader | None:
        """The ADTS header at ``at``."""
        if len(data) - at < 7 or not self._pattern.match(data, at):
            return None
        second, third, fourth, fifth, sixth, seventh = data[at + 1 : at + 7]
        length = (fourth & 3) << 11 | fifth << 3 | sixth >> 5
        header = 7 if second & 1 else 9
        if length <= header:
            return None
        rate = _ADTS_RATES[third >> 2 & 15]
        samples = _AAC_SAMPLES * ((seventh & 3) + 1)
        return BareHeader(length, samples / rate, (second & 0xFE, third & 0xFD, fourth >> 6))
