"""Files of bare frames, as bytes: MP3, ADTS and native FLAC. No packet is changed.

Sources: the Xing header as LAME and FFmpeg write it, id3.org, RFC 9639 §8 (FLAC's blocks).
"""

from __future__ import annotations

import struct
from array import array
from typing import Protocol

from radiotui.radio.framing.mpeg import frame_bytes
from radiotui.radio.framing.wav import wav_head
from radiotui.recording import tags
from radiotui.recording.container_ogg import OggFile
from radiotui.recording.packets import Cutter, Packet, PacketRun, WavBlocks
from radiotui.recording.tags import RecordingTags

_XING_BYTES = 4 + 32 + 120
"""A frame's header, its side information at most, and the table."""
_COMMENTS, _PICTURE, _LAST = 4, 6, 0x80


class Container(Protocol):
    """Makes the bytes of one file. It knows of no disk."""

    suffix: str

    def head(self) -> bytes:
        """The beginning of the file: tags and headers."""
        ...

    def put(self, packet: Packet) -> bytes:
        """Bytes to append for a packet; a container may hold some back."""
        ...

    def end(self) -> bytes:
        """The last bytes of the file."""
        ...

    def patches(self) -> list[tuple[int, bytes]]:
        """(place, bytes) to overwrite when the length is known."""
        ...


def container_for(
    cutter: Cutter, first: Packet, about: RecordingTags, *, mending: bool
) -> Container:
    """The file that the packets of ``cutter`` go into.

    ``mending`` keeps the comments that the headers hold, where they hold any.
    """
    if isinstance(cutter, PacketRun):
        return OggFile(cutter, about, mending=mending)
    if isinstance(cutter, WavBlocks):
        return _WavFile(cutter.form, about)
    if cutter.heads:
        return _FlacFile(cutter.heads, about, mending=mending)
    if first.data[1] & 0x06 == 0:
        return _AdtsFile(about)
    return _MpegFile(first.data, about)


class _AdtsFile:
    """ADTS. An ID3 tag may lie before it, which whoever finishes the file reads."""

    suffix = ".aac"

    def __init__(self, about: RecordingTags) -> None:
        self._about = about

    def head(self) -> bytes:
        return tags.id3(self._about)

    def put(self, packet: Packet) -> bytes:
        return packet.data

    def end(self) -> bytes:
        return b""

    def patches(self) -> list[tuple[int, bytes]]:
        return []


class _WavFile:
    """WAV. Its tags stand in a chunk before the samples, as players look for them (ID3 in RIFF)."""

    suffix = ".wav"

    def __init__(self, form: bytes, about: RecordingTags) -> None:
        tag = tags.id3(about)
        self._head = wav_head(form, tag)
        self._size = 0

    def head(self) -> bytes:
        return self._head

    def put(self, packet: Packet) -> bytes:
        self._size += len(packet.data)
        return packet.data

    def end(self) -> bytes:
        return b""

    def patches(self) -> list[tuple[int, bytes]]:
        # A file of more than 4 GiB stays one without a length.
        if self._size + len(self._head) > 0xFFFFFFFF:
            return []
        whole = struct.pack("<I", len(self._head) - 8 + self._size)
        return [(4, whole), (len(self._head) - 4, struct.pack("<I", self._size))]


class _MpegFile:
    """MP3 or MP2. MP3 begins with a frame of silence that holds length and places, as players
    need it where the bitrate varies."""

    def __init__(self, first: bytes, about: RecordingTags) -> None:
        self._tag = tags.id3(about)
        self._is_layer_3 = first[1] >> 1 & 3 == 1
        self.suffix = ".mp3" if self._is_layer_3 else ".mp2"
        self._table_frame = _silent_frame(first) if self._is_layer_3 else b""
        self._rates: set[int] = set()
        # Where each frame begins, after the first.
        self._places = array("L")
        self._size = len(self._table_frame)

    def head(self) -> bytes:
        return self._tag + self._table_frame

    def put(self, packet: Packet) -> bytes:
        self._rates.add(packet.data[2] >> 4)
        self._places.append(self._size)
        self._size += len(packet.data)
        return packet.data

    def end(self) -> bytes:
        return b""

    def patches(self) -> list[tuple[int, bytes]]:
        if not self._table_frame or not self._places:
            return []
        count = len(self._places)
        places = bytes(
            min(255, self._places[count * part // 100] * 256 // self._size) for part in range(100)
        )
        name = b"Info" if len(self._rates) == 1 else b"Xing"
        table = struct.pack(">4sIII", name, 7, count, self._size) + places
        at = 4 + _side_bytes(self._table_frame)
        return [(len(self._tag) + at, table)]


class _FlacFile:
    """Native FLAC: the stream's own STREAMINFO, with the length of what was kept."""

    suffix = ".flac"

    def __init__(self, blocks: tuple[bytes, ...], about: RecordingTags, *, mending: bool) -> None:
        # The MD5 is that of the whole broadcast, and so is the number of samples.
        info = bytearray(blocks[0][8:42])
        info[13] &= 0xF0
        info[14:] = bytes(20)
        self._info = info
        comment = next((block[4:] for block in blocks[1:] if block[0] & 0x7F == _COMMENTS), b"")
        picture = tags.picture_block(about)
        extra_blocks = [(_COMMENTS, tags.comments(about, comment))]
        if picture:
            extra_blocks.append((_PICTURE, picture))
        if mending:
            sent = [(block[0] & 0x7F, block[4:]) for block in blocks[1:]]
            extra_blocks = [(kind, body) for kind, body in sent if kind in {_COMMENTS, _PICTURE}]
        self._blocks = [(0, bytes(info)), *extra_blocks]
        self._samples = 0

    def head(self) -> bytes:
        written = b"fLaC"
        for index, (kind, body) in enumerate(self._blocks):
            is_last = _LAST if index == len(self._blocks) - 1 else 0
            written += bytes([kind | is_last]) + len(body).to_bytes(3, "big") + body
        return written

    def put(self, packet: Packet) -> bytes:
        self._samples += packet.samples
        return packet.data

    def end(self) -> bytes:
        return b""

    def patches(self) -> list[tuple[int, bytes]]:
        length = self._samples & (1 << 36) - 1
        first = self._info[13] | length >> 32
        return [(8 + 13, bytes([first]) + (length & 0xFFFFFFFF).to_bytes(4, "big"))]


def _silent_frame(first: bytes) -> bytes:
    """A frame like ``first``, without sound, in which the table has room."""
    for bitrate in range(1, 15):
        header = bytes([0xFF, first[1] | 1, bitrate << 4 | first[2] & 0x0C, first[3] & 0xC0])
        size = frame_bytes(header)
        if size >= _XING_BYTES:
            return header + bytes(size - 4)
    return b""


def _side_bytes(frame: bytes) -> int:
    is_mpeg_1, is_mono = frame[1] >> 3 & 3 == 3, frame[3] >> 6 == 3
    return (17 if is_mono else 32) if is_mpeg_1 else (9 if is_mono else 17)
