"""AAC in LATM, as DVB and some servers send it: unpacked into frames of ADTS.

Source: ISO/IEC 14496-3 §1.6.2.1 (AudioSpecificConfig) and §1.7 (LATM, LOAS).
"""

from __future__ import annotations

from typing import NamedTuple

from radiotui.radio.framing.frames import Frame
from radiotui.radio.framing.mpeg import AdtsFramer

_SYNC = 0x2B7
_HEADER_BYTES = 3
_LEAST_FRAMES = 3
_MOST_CANDIDATES = 500
"""Of syncs in a beginning."""
_SBR, _PS = 5, 29
_MOST_SUBFRAMES = 64
_LARGEST_ADTS = (1 << 13) - 1
_ADTS_HEADER = 7


class _Config(NamedTuple):
    """The fields of a StreamMuxConfig that ADTS has room for."""

    profile: int
    rate_index: int
    channels: int
    subframes: int


class _Bits:
    """Bits of a frame, the first first; beyond its end they are 0."""

    def __init__(self, data: bytes) -> None:
        self._value = int.from_bytes(data, "big")
        self._left = 8 * len(data)

    @property
    def are_over(self) -> bool:
        """More bits were read than there are."""
        return self._left < 0

    def read(self, count: int) -> int:
        """The next ``count`` bits as a number."""
        self._left -= count
        if self._left < 0:
            return 0
        return self._value >> self._left & (1 << count) - 1

    def read_bytes(self, count: int) -> bytes:
        """The next ``count`` bytes, wherever in a byte they begin; b"" beyond the end."""
        data = self.read(8 * count)
        return b"" if self.are_over else data.to_bytes(count, "big")

    def read_value(self) -> int:
        """LatmGetValue: a number of one to four bytes."""
        return self.read(8 * (self.read(2) + 1))


class LatmFramer:
    """AAC in LATM with its own sync (LOAS). One programme of one layer, as broadcasts have it."""

    format = "aac"
    codec = "AAC"
    foreign = ""

    def __init__(self) -> None:
        self.dropped = 0
        self._buffer = bytearray()
        self._config: _Config | None = None
        self._adts = AdtsFramer()

    @property
    def buffered(self) -> int:
        """Bytes held back for their continuation."""
        return len(self._buffer) + self._adts.buffered

    def feed(self, data: bytes) -> list[Frame]:
        """The frames that ``data`` completes."""
        self._buffer += data
        frames: list[Frame] = []
        at = 0
        while (begin := _sync_at(self._buffer, at)) >= 0:
            self.dropped += begin - at
            at = begin
            size = _frame_bytes(self._buffer, at)
            if not size or at + size > len(self._buffer):
                break
            content = bytes(self._buffer[at + _HEADER_BYTES : at + size])
            frames += self._adts.feed(self._unpacked(content))
            at += size
        else:
            beyond = max(at, len(self._buffer) - _HEADER_BYTES + 1)
            self.dropped += beyond - at
            at = beyond
        del self._buffer[:at]
        return frames

    def flush(self) -> list[Frame]:
        """The last frames, as far as they are whole."""
        self.dropped += len(self._buffer)
        self._buffer.clear()
        return self._adts.flush()

    def _unpacked(self, content: bytes) -> bytes:
        bits = _Bits(content)
        if not bits.read(1):
            self._config = _read_config(bits)
        config = self._config
        if config is None:
            return b""
        frames = b""
        for _ in range(config.subframes):
            size = part = bits.read(8)
            while part == 255 and not bits.are_over:
                part = bits.read(8)
                size += part
            payload = bits.read_bytes(size)
            if not payload or len(payload) > _LARGEST_ADTS - _ADTS_HEADER:
                break
            frames += _adts_header(config, len(payload)) + payload
        return frames


def is_latm(head: bytes) -> bool:
    """Frames that follow each other at the right distance, from the first sync on."""
    at = _sync_at(head, 0)
    for _ in range(_MOST_CANDIDATES):
        if at < 0:
            break
        place, count = at, 0
        while (size := _frame_bytes(head, place)) and count < _LEAST_FRAMES:
            place, count = place + size, count + 1
        if count == _LEAST_FRAMES:
            return True
        at = _sync_at(head, at + 1)
    return False


def _sync_at(data: bytes | bytearray, begin: int) -> int:
    at = data.find(0x56, begin)
    while at >= 0 and at + 1 < len(data) and data[at + 1] & 0xE0 != 0xE0:
        at = data.find(0x56, at + 1)
    return at


def _frame_bytes(data: bytes | bytearray, at: int) -> int:
    """Length of the frame at ``at``, header included; 0: there is none, or not whole."""
    header = int.from_bytes(data[at : at + _HEADER_BYTES], "big")
    if len(data) < at + _HEADER_BYTES or header >> 13 != _SYNC or not header & 0x1FFF:
        return 0
    return _HEADER_BYTES + (header & 0x1FFF)


def _read_config(bits: _Bits) -> _Config | None:
    """StreamMuxConfig; None for what ADTS cannot hold."""
    version = bits.read(1)
    if version and bits.read(1):
        return None
    if version:
        bits.read_value()
    bits.read(1)
    subframes = bits.read(6) + 1
    programmes, layers = bits.read(4), bits.read(3)
    if version:
        config_bits = bits.read_value()
        config = _Bits(bits.read(config_bits).to_bytes((config_bits + 7) // 8, "big"))
        config.read(-config_bits % 8)
        specific = _read_specific(config)
    else:
        specific = _read_specific(bits)
    if specific is None or programmes or layers or bits.read(3):
        return None
    bits.read(8)
    _skip_other(bits, version)
    if bits.read(1):
        bits.read(8)
    is_whole = not bits.are_over and subframes <= _MOST_SUBFRAMES
    return _Config(*specific, subframes) if is_whole else None


def _skip_other(bits: _Bits, version: int) -> None:
    """Pass the length of data that stands behind the sound."""
    goes_on = bits.read(1)
    if goes_on and version:
        bits.read_value()
        return
    while goes_on and not bits.are_over:
        goes_on = bits.read(1)
        bits.read(8)


def _read_specific(bits: _Bits) -> tuple[int, int, int] | None:
    """(object type, index of the rate, channels) of the core, of an AudioSpecificConfig."""
    kind = bits.read(5)
    rate, channels = bits.read(4), bits.read(4)
    if kind in {_SBR, _PS}:
        if bits.read(4) == 15:
            bits.read(24)
        kind = bits.read(5)
    is_plain = bits.read(3) & 3 == 0
    if not (1 <= kind <= 4 and rate < 13 and 1 <= channels <= 7 and is_plain):
        return None
    return kind, rate, channels


def _adts_header(config: _Config, payload: int) -> bytes:
    size = payload + _ADTS_HEADER
    return bytes(
        (
            0xFF,
            0xF1,
            (config.profile - 1) << 6 | config.rate_index << 2 | config.channels >> 2,
            (config.channels & 3) << 6 | size >> 11,
            size >> 3 & 0xFF,
            (size & 7) << 5 | 0x1F,
            0xFC,
        )
    )
