"""The sound of a tape, packet by packet, as it goes into a file.

A packet is a frame of MP3, ADTS or native FLAC, or what Ogg's pages carry.
Sources: RFC 3533 (Ogg), RFC 7845 (Opus), RFC 9639 (FLAC), the VorbisPackets I
specification §4.2, §4.3.1 (the modes, which tell how long a packet is).
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import NamedTuple, Protocol

from radiotui.radio.framing.flac import FlacFramer, frame_header, sample_rate
from radiotui.radio.framing.frames import Framer
from radiotui.radio.framing.mpeg import AdtsFramer, MpegFramer
from radiotui.radio.framing.ogg import opus_samples
from radiotui.radio.framing.ogg_page import CONTINUED, read_page, whole_pages

OPUS_RATE = 48_000

_MODE_BITS = 41
_MOST_MODES = 64


class Packet(NamedTuple):
    """A packet of sound, byte for byte as it was sent."""

    data: bytes
    seconds: float
    kind: Hashable
    """Equal for all packets of one file."""
    samples: int = 0
    """Samples in it; of Vorbis, where a packet overlaps its neighbours, its block's size."""


class Cutter(Protocol):
    """Cuts a run of the tape into packets."""

    heads: tuple[bytes, ...]
    """Packets or blocks that a decoder needs before the first packet."""

    def feed(self, data: bytes) -> list[Packet]:
        """The packets that ``data`` completes."""
        ...

    def flush(self) -> list[Packet]:
        """The packets that only the end of the run completes."""
        ...


def cutter_for(format_: str, heads: bytes) -> Cutter | None:
    """The cutter of a run; None where its format is unknown or its headers are broken."""
    match format_:
        case "mp3":
            return _Frames(MpegFramer())
        case "aac":
            return _Frames(AdtsFramer())
        case "flac":
            return _Flac(heads) if len(heads) >= 42 else None
        case "ogg":
            return _ogg(heads)
        case "wav":
            return WavBlocks(heads) if len(heads) >= 44 else None
    return None


class _Frames:
    """MP3 and ADTS: the tape's frames are the packets."""

    def __init__(self, framer: Framer) -> None:
        self.heads: tuple[bytes, ...] = ()
        self._framer = framer

    def feed(self, data: bytes) -> list[Packet]:
        return [
            Packet(frame.data, frame.seconds, self._kind(frame.data))
            for frame in self._framer.feed(data)
        ]

    def flush(self) -> list[Packet]:
        return [
            Packet(frame.data, frame.seconds, self._kind(frame.data))
            for frame in self._framer.flush()
        ]

    def _kind(self, frame: bytes) -> Hashable:
        if self._framer.format == "mp3":
            # Version and layer, and the sample rate.
            return ("mp3", frame[1] & 0x1E, frame[2] & 0x0C)
        # Profile, sample rate and channels.
        return ("aac", frame[2] & 0xFD, frame[3] & 0xC0)


class _Flac:
    """Native FLAC."""

    def __init__(self, heads: bytes) -> None:
        self._framer = FlacFramer()
        self.heads = tuple(frame.data for frame in self._framer.feed(heads) if frame.head)
        streaminfo = heads[8:42]
        self._rate = sample_rate(streaminfo)
        self._kind = ("flac", streaminfo[:4], streaminfo[10:13], streaminfo[13] >> 4)

    def feed(self, data: bytes) -> list[Packet]:
        return [self._packet(frame.data) for frame in self._framer.feed(data) if not frame.head]

    def flush(self) -> list[Packet]:
        return [self._packet(frame.data) for frame in self._framer.flush() if not frame.head]

    def _packet(self, frame: bytes) -> Packet:
        header = frame_header(frame)
        samples = header.samples if header else 0
        return Packet(frame, samples / self._rate if self._rate else 0.0, self._kind, samples)


class WavBlocks:
    """Samples of WAV, in blocks."""

    def __init__(self, heads: bytes) -> None:
        self.heads: tuple[bytes, ...] = (heads,)
        self.form = heads[20 : 20 + int.from_bytes(heads[16:20], "little")]
        """The content of the chunk that tells their form."""
        self._rate = int.from_bytes(self.form[4:8], "little")
        self._size = int.from_bytes(self.form[12:14], "little")
        self._rest = b""

    def feed(self, data: bytes) -> list[Packet]:
        """The samples that ``data`` completes, as one packet."""
        data = self._rest + data
        whole = len(data) // self._size * self._size
        self._rest = data[whole:]
        samples = whole // self._size
        packet = Packet(data[:whole], samples / self._rate, ("wav", self.form), samples)
        return [packet] if samples else []

    def flush(self) -> list[Packet]:
        """No packets: half a sample is of no use."""
        return []


class PacketRun:
    """One link's pages, taken apart."""

    def __init__(self, heads: tuple[bytes, ...], rate: int, kind: Hashable) -> None:
        self.heads = heads
        self.rate = rate
        """Of its granules, Hz."""
        self._kind = kind
        self._buffer = bytearray()
        self._begun: bytes | None = None
        self._sequence: int | None = None

    def feed(self, data: bytes) -> list[Packet]:
        """The packets that ``data`` completes."""
        self._buffer += data
        packets: list[Packet] = []
        at = 0
        for page in whole_pages(self._buffer):
            packets += self._packets(page)
            at += len(page)
        del self._buffer[:at]
        return packets

    def flush(self) -> list[Packet]:
        """No packets: half a page is of no use."""
        self._buffer.clear()
        return []

    def samples(self, packet: bytes) -> int:
        """Of one packet, told from its first bytes."""
        raise NotImplementedError

    def _seconds(self, samples: int) -> float:
        return samples / self.rate

    def _packets(self, data: bytes) -> list[Packet]:
        page = read_page(data)
        if page is None:
            return []
        follows = self._sequence is None or page.sequence == (self._sequence + 1) & 0xFFFFFFFF
        self._sequence = page.sequence
        begun = self._begun if follows and page.flags & CONTINUED else None
        # The end of a packet whose beginning was not seen is no packet.
        is_orphan = bool(page.flags & CONTINUED) and begun is None
        packets = []
        self._begun = None
        for part, is_whole in page.parts():
            data = (begun or b"") + part
            begun = None
            if not is_whole:
                self._begun = None if is_orphan else data
            elif not is_orphan and data:
                packets.append(self._packet(data))
            is_orphan = False
        return packets

    def _packet(self, data: bytes) -> Packet:
        samples = self.samples(data)
        return Packet(data, self._seconds(samples), self._kind, samples)


class OpusPackets(PacketRun):
    """A link of Opus."""

    def __init__(self, heads: tuple[bytes, ...]) -> None:
        # Channels, gain and how they are mapped; how much is skipped at the beginning may differ.
        head = heads[0]
        super().__init__(heads, OPUS_RATE, ("opus", head[9:10], head[16:]))

    def samples(self, packet: bytes) -> int:
        """At 48 kHz, whatever was encoded."""
        return opus_samples(packet)


class OggFlacPackets(PacketRun):
    """A link of FLAC in Ogg."""

    def __init__(self, heads: tuple[bytes, ...]) -> None:
        streaminfo = heads[0][17:51]
        form = (streaminfo[:4], streaminfo[10:13], streaminfo[13] >> 4)
        super().__init__(heads, sample_rate(streaminfo), ("ogg-flac", *form))

    def samples(self, packet: bytes) -> int:
        """As the frame's header says."""
        header = frame_header(packet)
        return header.samples if header else 0


class VorbisPackets(PacketRun):
    """A link of Vorbis."""

    def __init__(self, heads: tuple[bytes, ...]) -> None:
        ident, setup = heads[0], heads[-1]
        super().__init__(
            heads,
            int.from_bytes(ident[12:16], "little"),
            ("vorbis", ident[11:16], ident[28], setup),
        )
        self._blocks = (1 << (ident[28] & 15), 1 << (ident[28] >> 4))
        self._modes = long_modes(setup)
        self._before = 0

    def samples(self, packet: bytes) -> int:
        """The size of its block."""
        if not self._modes:
            return self._blocks[1]
        number = packet[0] >> 1 & (1 << (len(self._modes) - 1).bit_length()) - 1
        return self._blocks[self._modes[min(number, len(self._modes) - 1)]]

    def _seconds(self, samples: int) -> float:
        before, self._before = self._before, samples
        return vorbis_samples(before, samples) / self.rate


def vorbis_samples(before: int, block: int) -> int:
    """Samples heard of a block that follows one of size ``before``; 0: it follows none."""
    return (before + block) // 4 if before else 0


def long_modes(setup: bytes) -> list[bool]:
    """The modes of Vorbis, True for those with the long block.

    They stand at the setup header's end, 41 bits each, so that they are read
    from there; what comes before them takes a whole decoder to read.
    """
    bits = int.from_bytes(setup[-_MOST_MODES * _MODE_BITS // 8 - 8 :], "little")
    at = bits.bit_length() - 1
    modes: list[bool] = []
    count = 0
    while at >= _MODE_BITS + 6 and len(modes) < _MOST_MODES:
        mode = bits >> (at - _MODE_BITS) & (1 << _MODE_BITS) - 1
        if mode >> 1 & 0xFFFFFFFF or mode >> 33 > 63:
            break
        modes.insert(0, bool(mode & 1))
        at -= _MODE_BITS
        if (bits >> (at - 6) & 63) + 1 == len(modes):
            count = len(modes)
    return modes[len(modes) - count :]


def _ogg(heads: bytes) -> PacketRun | None:
    packets: list[bytes] = []
    begun = b""
    for page in filter(None, map(read_page, whole_pages(heads))):
        for part, is_whole in page.parts():
            begun += part
            if is_whole:
                packets.append(begun)
                begun = b""
    first = packets[0] if packets else b""
    if first.startswith(b"OpusHead") and len(first) >= 19:
        return OpusPackets(tuple(packets))
    if first.startswith(b"\x01vorbis") and len(first) >= 30 and len(packets) >= 3:
        return VorbisPackets(tuple(packets))
    if first.startswith(b"\x7fFLAC") and len(first) >= 51:
        return OggFlacPackets(tuple(packets))
    return None
