"""Ogg with Vorbis, Opus or FLAC: pages, in links that may follow each other without end.

Sources: RFC 3533 (Ogg), RFC 7845 and 6716 §3.1 (Opus), the Vorbis I specification §4.2 and
appendix A, RFC 9639 §10.1 (FLAC in Ogg).
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b
from typing import NamedTuple

from msgspec.structs import replace

from radiotui.radio.framing import vorbis_comments as comments
from radiotui.radio.framing.flac import LONGEST_HEADER, frame_header, sample_rate
from radiotui.radio.framing.foreign import foreign_ogg
from radiotui.radio.framing.frames import MOST_HEADS, Frame
from radiotui.radio.framing.ogg_page import (
    BEGINS,
    CAPTURE,
    CONTINUED,
    OggPage,
    header_bytes,
    page_bytes,
    read_page,
    write_page,
)

_OPUS_RATE = 48000
_LONGEST_OPUS = 5760
_BARE_FLAC = b"fLaC"
_STREAMINFO_BYTES = 38


class _Codec(NamedTuple):
    """The codec of a link, as its first packet tells it."""

    name: str
    rate: int
    """Of its granules, Hz."""
    skipped: int
    """Samples at a link's beginning that are not heard."""
    title: Callable[[bytes], str | None]
    """Of a header packet: "Artist - Title"; None for a packet without comments."""
    is_last_header: Callable[[bytes], bool]
    samples: Callable[[bytes], int]
    """Of a packet of sound, told from its first bytes; at most so many, for Vorbis."""
    parameters: Callable[[bytes], bytes]
    """Bytes of a header packet that a decoder is made for."""


class OggFramer:
    """Pages of the one stream that is heard; streams that play beside it are left out."""

    format = "ogg"

    def __init__(self) -> None:
        self.codec = self.foreign = ""
        self.dropped = 0
        self._bare_flac: int | None = None
        self._buffer = bytearray()
        self._link: _OggLink | None = None
        self._streams_begin = False

    @property
    def buffered(self) -> int:
        """Bytes held back for their continuation."""
        return len(self._buffer) + (len(self._link.begun) if self._link else 0)

    def feed(self, data: bytes) -> list[Frame]:
        """The pages that ``data`` completes."""
        self._buffer += data
        frames: list[Frame] = []
        at = 0
        while True:
            capture = self._buffer.find(CAPTURE, at)
            begin = capture if capture >= 0 else max(at, len(self._buffer) - len(CAPTURE) + 1)
            self.dropped += begin - at
            at = begin
            size = page_bytes(self._buffer, at) if capture >= 0 else 0
            if not size or at + size > len(self._buffer):
                break
            page = read_page(bytes(self._buffer[at : at + size]))
            if page is None:
                size = header_bytes(self._buffer, at)
            frame = self._frame(page) if page else None
            if frame:
                frames.append(frame)
            else:
                self.dropped += size
            at += size
        del self._buffer[:at]
        return frames

    def flush(self) -> list[Frame]:
        """No frames: a page is one as soon as it is whole."""
        self.dropped += len(self._buffer)
        self._buffer.clear()
        return []

    def _frame(self, page: OggPage) -> Frame | None:
        if page.flags & BEGINS:
            # Streams that are heard together all begin before any of them goes on; a beginning
            # after that is a new link.
            if not self._streams_begin:
                self._link = None
            self._streams_begin = True
            return self._begin_stream(page) if self._link is None else None
        self._streams_begin = False
        if page.serial == self._bare_flac and self._link is None:
            return self._begin_bare_flac(page)
        if self._link is None or page.serial != self._link.serial:
            return None
        return self._link.frame(page)

    def _begin_stream(self, page: OggPage) -> Frame | None:
        first = next(page.parts(), (b"", True))[0]
        self._bare_flac = page.serial if first == _BARE_FLAC else self._bare_flac
        self._link = _link(page)
        if self._link is None:
            self.foreign = self.foreign or foreign_ogg(first)
            return None
        self.codec, self.foreign = self._link.codec.name, ""
        return self._link.frame(page)

    def _begin_bare_flac(self, page: OggPage) -> Frame | None:
        """The old mapping, as VLC sends it: the mark is a packet of its own, STREAMINFO the next.

        Its headers are put into the mapping of today, the packets of sound are the same.
        """
        self._bare_flac = None
        (block, *rest), is_complete = _parts(page)
        if len(block) < _STREAMINFO_BYTES or block[0] & 0x7F:
            return None
        mapping = b"\x7fFLAC\x01\0\0\0" + _BARE_FLAC + block[:_STREAMINFO_BYTES]
        pages = write_page([mapping], serial=page.serial, flags=BEGINS)
        first = read_page(pages)
        frame = self._begin_stream(first) if first else None
        if frame is None or self._link is None or not rest:
            return frame
        blocks = write_page(rest, serial=page.serial, sequence=1, is_complete=is_complete)
        second = read_page(blocks)
        following = self._link.frame(second) if second else None
        return replace(following, data=pages + blocks) if following else frame


def _parts(page: OggPage) -> tuple[list[bytes], bool]:
    """(the parts of packets in a page, True where the last is complete)."""
    parts = list(page.parts()) or [(b"", True)]
    return [part for part, _ in parts], parts[-1][1]


class _OggLink:
    """One stream from its first header to its last page."""

    def __init__(self, serial: int, codec: _Codec) -> None:
        self.serial = serial
        self.codec = codec
        self._head_bytes = 0
        self._in_head = True
        self._parameters = blake2b(codec.name.encode(), digest_size=16)
        self.begun = b""
        """Beginning of the packet that goes on in the next page; b"" when none does."""
        self._ended: int | None = None
        self._unplaced = 0

    def frame(self, page: OggPage) -> Frame | None:
        """``page`` with the seconds heard of it; None for a page that is of no use."""
        starts, ended = self._packets(page)
        if self._in_head:
            return self._head_frame(page, ended)
        if self._head_bytes > MOST_HEADS:
            return None
        seconds = self._seconds(page.granule, sum(map(self.codec.samples, ended)))
        return Frame(page.data, seconds, start=starts)

    def _packets(self, page: OggPage) -> tuple[bool, list[bytes]]:
        """(True if a packet begins in ``page``, the beginnings of the packets that end in it)."""
        most = comments.MOST_BYTES if self._in_head else LONGEST_HEADER
        goes_on = bool(page.flags & CONTINUED)
        # The end of a packet whose beginning was not seen is no sound.
        is_orphan = goes_on and not self.begun
        begun = self.begun if goes_on else b""
        starts, ended = False, []
        for index, (part, is_end) in enumerate(page.parts()):
            starts = starts or index > 0 or not goes_on
            begun += part[: max(0, most - len(begun))]
            if is_end:
                if not (is_orphan and index == 0):
                    ended.append(begun)
                begun = b""
        self.begun = begun
        return starts, ended

    def _head_frame(self, page: OggPage, packets: list[bytes]) -> Frame | None:
        self._head_bytes += len(page.data)
        if self._head_bytes > MOST_HEADS:
            self._in_head = False
            return None
        title = None
        for packet in packets:
            title = self.codec.title(packet) if title is None else title
            self._parameters.update(self.codec.parameters(packet))
            if self.codec.is_last_header(packet):
                self._in_head = False
        parameters = b"" if self._in_head else self._parameters.digest()
        return Frame(page.data, 0.0, start=False, head=True, parameters=parameters, title=title)

    def _seconds(self, granule: int, held: int) -> float:
        """Seconds of a page whose packets hold ``held`` samples, or less."""
        if granule < 0:  # no packet ends here
            self._unplaced += held
            return 0.0
        held += self._unplaced
        self._unplaced = 0
        before = self._ended
        if before is None:
            before = max(granule - held, self.codec.skipped)
        self._ended = max(granule, self.codec.skipped)
        # Pages that were lost on the way are no sound; going back means a broken count.
        samples = min(self._ended - before, held) if self._ended >= before else held
        return samples / self.codec.rate


def _link(page: OggPage) -> _OggLink | None:
    first = next(page.parts(), (b"", True))[0]
    for read in (_vorbis, _opus, _flac):
        codec = read(first)
        if codec:
            return _OggLink(page.serial, codec)
    return None


def _vorbis(packet: bytes) -> _Codec | None:
    if not packet.startswith(b"\x01vorbis") or len(packet) < 30:
        return None
    rate = int.from_bytes(packet[12:16], "little")
    longest = 1 << (packet[28] >> 4)
    if not rate or not 64 <= longest <= 8192:
        return None
    return _Codec(
        name="Vorbis",
        rate=rate,
        skipped=0,
        title=lambda packet: _title(packet, b"\x03vorbis"),
        is_last_header=lambda packet: packet.startswith(b"\x05vorbis"),
        samples=lambda packet: longest // 2 if packet else 0,
        parameters=_vorbis_parameters,
    )


def _opus(packet: bytes) -> _Codec | None:
    if not packet.startswith(b"OpusHead") or len(packet) < 19:
        return None
    return _Codec(
        name="Opus",
        rate=_OPUS_RATE,
        skipped=int.from_bytes(packet[10:12], "little"),
        title=lambda packet: _title(packet, b"OpusTags"),
        is_last_header=lambda packet: packet.startswith(b"OpusTags"),
        samples=opus_samples,
        # Channels, gain and their mapping; how much is skipped at the beginning may differ.
        parameters=lambda packet: packet[9:10] + packet[16:] if packet[4:8] == b"Head" else b"",
    )


def opus_samples(packet: bytes) -> int:
    """Samples at 48 kHz in a packet of Opus, told from its first bytes."""
    if not packet:
        return 0
    mode, code = packet[0] >> 3, packet[0] & 3
    if mode < 12:
        frame = (480, 960, 1920, 2880)[mode & 3]
    elif mode < 16:
        frame = (480, 960)[mode & 1]
    else:
        frame = 120 << (mode & 3)
    frames = packet[1] & 0x3F if code == 3 and len(packet) > 1 else (1, 2, 2, 0)[code]
    return min(frame * frames, _LONGEST_OPUS)


def _flac(packet: bytes) -> _Codec | None:
    if not packet.startswith(b"\x7fFLAC\x01") or packet[9:13] != b"fLaC":
        return None
    rate, largest = sample_rate(packet[17:51]), int.from_bytes(packet[19:21], "big")
    if not rate:
        return None

    def kind(packet: bytes) -> int:
        # The first packet has a mark before its metadata block, the others are one.
        block = packet[13:] if packet.startswith(b"\x7fFLAC") else packet
        return block[0] if block else 0

    def samples(packet: bytes) -> int:
        header = frame_header(packet)
        return header.samples if header else largest if packet else 0

    return _Codec(
        name="FLAC",
        rate=rate,
        skipped=0,
        title=lambda packet: comments.title(packet[4:]) if kind(packet) & 0x7F == 4 else None,
        is_last_header=lambda packet: bool(kind(packet) & 0x80),
        samples=samples,
        parameters=lambda packet: _flac_parameters(packet[17:51]) if packet[:1] == b"\x7f" else b"",
    )


def _vorbis_parameters(packet: bytes) -> bytes:
    """Channels, rate and block sizes, and all of the setup. Bitrates say nothing to a decoder."""
    if packet.startswith(b"\x01vorbis"):
        return packet[11:16] + packet[28:29]
    return packet if packet.startswith(b"\x05vorbis") else b""


def _flac_parameters(streaminfo: bytes) -> bytes:
    """Largest block, rate, channels and sample size."""
    return streaminfo[2:4] + streaminfo[10:13] + bytes([streaminfo[13] & 0xF0])


def _title(packet: bytes, mark: bytes) -> str | None:
    return comments.title(packet[len(mark) :]) if packet.startswith(mark) else None
