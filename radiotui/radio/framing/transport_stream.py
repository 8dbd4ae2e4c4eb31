"""MPEG-TS as a stream of its own: the sound of its first programme, without its packets.

Sources: ISO/IEC 13818-1 §2.4.3 (packets, PES) and §2.4.4 (tables); ETSI EN 300 468 annex D.
"""

from __future__ import annotations

from collections.abc import Callable

from radiotui.radio.framing.frames import Frame, Framer
from radiotui.radio.framing.latm import LatmFramer
from radiotui.radio.framing.mpeg import AdtsFramer, MpegFramer

PACKET_BYTES = 188
_SYNC = 0x47
_LEAST_PACKETS = 3
_FRAMERS: dict[int, Callable[[], Framer]] = {
    0x03: MpegFramer,
    0x04: MpegFramer,
    0x0F: AdtsFramer,
    0x11: LatmFramer,
}
_FOREIGN = {0x81: "AC-3", 0x82: "DTS", 0x83: "TrueHD", 0x87: "E-AC-3", 0x8A: "DTS"}
_PRIVATE = 0x06
_DESCRIPTORS = {0x6A: "AC-3", 0x7A: "E-AC-3", 0x7B: "DTS"}
_PES_HEADER = 9


class TransportStreamFramer:
    """The frames of the first stream of sound. Tables that fill more than a packet are not read."""

    def __init__(self) -> None:
        self.format = self.codec = ""
        self.dropped = 0
        self.foreign = ""
        self._buffer = bytearray()
        self._map_pid = self._sound_pid = -1
        self._framer: Framer | None = None

    @property
    def buffered(self) -> int:
        """Bytes held back for their continuation."""
        return len(self._buffer) + (self._framer.buffered if self._framer else 0)

    def feed(self, data: bytes) -> list[Frame]:
        """The frames that ``data`` completes."""
        self._buffer += data
        buffer, at = self._buffer, 0
        sound = bytearray()
        while at + PACKET_BYTES <= len(buffer):
            if buffer[at] != _SYNC:
                beyond = buffer.find(_SYNC, at)
                beyond = len(buffer) if beyond < 0 else beyond
                self.dropped += beyond - at
                at = beyond
                continue
            self._read_packet(buffer, at, sound)
            at += PACKET_BYTES
        del buffer[:at]
        return self._framed(bytes(sound))

    def flush(self) -> list[Frame]:
        """The last frames, as far as they are whole."""
        self.dropped += len(self._buffer)
        self._buffer.clear()
        return self._framer.flush() if self._framer else []

    def _framed(self, sound: bytes) -> list[Frame]:
        framer = self._framer
        if framer is None:
            return []
        before = framer.dropped
        frames = framer.feed(sound) if sound else []
        self.dropped += framer.dropped - before
        self.format, self.codec = framer.format, framer.codec
        return frames

    def _read_packet(self, buffer: bytearray, at: int, sound: bytearray) -> None:
        pid = (buffer[at + 1] & 0x1F) << 8 | buffer[at + 2]
        if pid not in {0, self._map_pid, self._sound_pid}:
            return
        control = buffer[at + 3] >> 4 & 3
        begin = at + 4 + (1 + buffer[at + 4] if control & 2 else 0)
        if not control & 1 or begin >= at + PACKET_BYTES:
            return
        payload = bytes(buffer[begin : at + PACKET_BYTES])
        is_first = bool(buffer[at + 1] & 0x40)
        if pid == self._sound_pid:
            sound += _without_pes_header(payload) if is_first else payload
        elif is_first:
            self._read_table(payload[1 + payload[0] :])

    def _read_table(self, table: bytes) -> None:
        length = int.from_bytes(table[1:3], "big") & 0xFFF
        # The last four bytes are a checksum.
        content = table[8 : max(8, 3 + length - 4)]
        match table[:1]:
            case b"\x00":
                for at in range(0, len(content) - 3, 4):
                    if content[at : at + 2] != b"\0\0" and self._map_pid < 0:
                        self._map_pid = int.from_bytes(content[at + 2 : at + 4], "big") & 0x1FFF
            case b"\x02" if self._framer is None:
                self._read_map(content)

    def _read_map(self, content: bytes) -> None:
        at = 4 + (int.from_bytes(content[2:4], "big") & 0xFFF)
        while at + 5 <= len(content):
            kind, pid = content[at], int.from_bytes(content[at + 1 : at + 3], "big") & 0x1FFF
            length = int.from_bytes(content[at + 3 : at + 5], "big") & 0xFFF
            make = _FRAMERS.get(kind)
            if make is not None:
                self._framer, self._sound_pid, self.foreign = make(), pid, ""
                return
            self.foreign = self.foreign or _foreign(kind, content[at + 5 : at + 5 + length])
            at += 5 + length


def is_transport_stream(head: bytes) -> bool:
    """Packets that follow each other from the beginning on."""
    end = (_LEAST_PACKETS - 1) * PACKET_BYTES + 1
    return len(head) >= end and set(head[:end:PACKET_BYTES]) == {_SYNC}


def _without_pes_header(payload: bytes) -> bytes:
    if not payload.startswith(b"\0\0\1") or len(payload) < _PES_HEADER:
        return b""
    return payload[_PES_HEADER + payload[8] :]


def _foreign(kind: int, descriptors: bytes) -> str:
    """The name of a stream of sound that is not played; "" for pictures and data."""
    if kind != _PRIVATE:
        return _FOREIGN.get(kind, "")
    at = 0
    while at + 2 <= len(descriptors):
        if name := _DESCRIPTORS.get(descriptors[at]):
            return name
        at += 2 + descriptors[at + 1]
    return ""
