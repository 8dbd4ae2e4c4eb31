"""An Ogg file of one link that begins at time 0, made of packets that came in many.

Sources: RFC 3533 (pages), RFC 7845 §4 (Opus' granule positions), the VorbisPackets I specification
appendix A, RFC 9639 §10.1 (FLAC in Ogg).
"""

from __future__ import annotations

import random

from radiotui.radio.framing.ogg_page import (
    BEGINS,
    CONTINUED,
    ENDS,
    MOST_PART,
    MOST_SEGMENTS,
    write_page,
)
from radiotui.recording import tags
from radiotui.recording.packets import OpusPackets, Packet, PacketRun, VorbisPackets, vorbis_samples
from radiotui.recording.tags import RecordingTags

_OPUS_TAGS, _VORBIS_COMMENTS = b"OpusTags", b"\x03vorbis"
_FLAC_COMMENTS, _LAST_BLOCK = 4, 0x80
_MOST_BYTES = 48 * 1024


class OggFile:
    """Opus, Vorbis or FLAC in Ogg, about a second to a page."""

    def __init__(self, link: PacketRun, about: RecordingTags, *, mending: bool) -> None:
        self.suffix = ".opus" if isinstance(link, OpusPackets) else ".ogg"
        self._is_vorbis = isinstance(link, VorbisPackets)
        self._headers = _headers(link, about, mending=mending)
        self._serial = random.getrandbits(31)
        self._sequence = 0
        self._rate = link.rate
        self._granule = 0
        self._block = 0
        self._waiting: list[bytes] = []
        self._segments = self._bytes = self._samples = 0

    def head(self) -> bytes:
        """Every header begins a page of its own."""
        return b"".join(self._pages([header], 0) for header in self._headers)

    def put(self, packet: Packet) -> bytes:
        """The page before, when ``packet`` does not fit there any more."""
        written = b""
        segments = len(packet.data) // 255 + 1
        is_full = self._segments + segments > MOST_SEGMENTS
        is_long = self._samples >= self._rate or self._bytes + len(packet.data) > _MOST_BYTES
        if self._waiting and (is_full or is_long):
            written = self._take_waiting()
        samples = packet.samples
        if self._is_vorbis:
            samples, self._block = vorbis_samples(self._block, samples), samples
        self._waiting.append(packet.data)
        self._segments += segments
        self._bytes += len(packet.data)
        self._samples += samples
        return written

    def end(self) -> bytes:
        """The last page."""
        return self._take_waiting(last=True)

    def patches(self) -> list[tuple[int, bytes]]:
        """Every page tells where it is."""
        return []

    def _take_waiting(self, *, last: bool = False) -> bytes:
        self._granule += self._samples
        pages = self._pages(self._waiting, self._granule, last=last) if self._waiting else b""
        self._waiting = []
        self._segments = self._bytes = self._samples = 0
        return pages

    def _pages(self, packets: list[bytes], granule: int, *, last: bool = False) -> bytes:
        """Pages that hold these packets, and of which only the last one is full or ends one."""
        *whole, final = packets
        parts = [final[at : at + MOST_PART] for at in range(0, len(final), MOST_PART)] or [b""]
        if len(parts[-1]) == MOST_PART:
            parts.append(b"")
        written = b""
        for number, part in enumerate(parts):
            is_complete = number == len(parts) - 1
            flags = CONTINUED if number else 0
            flags |= BEGINS if self._sequence == 0 else 0
            flags |= ENDS if last and is_complete else 0
            written += write_page(
                [*whole, part] if number == 0 else [part],
                serial=self._serial,
                sequence=self._sequence,
                granule=granule if is_complete else -1,
                flags=flags,
                is_complete=is_complete,
            )
            self._sequence += 1
        return written


def _headers(link: PacketRun, about: RecordingTags, *, mending: bool) -> list[bytes]:
    if mending:
        return list(link.heads)
    first, comment, rest = link.heads[0], b"".join(link.heads[1:2]), list(link.heads[2:])
    match link:
        case OpusPackets():
            body = tags.comments_with_picture(about, comment.removeprefix(_OPUS_TAGS))
            return [first, _OPUS_TAGS + body]
        case VorbisPackets():
            body = tags.comments_with_picture(about, comment.removeprefix(_VORBIS_COMMENTS))
            return [first, _VORBIS_COMMENTS + body + b"\x01", *rest]
    of_station = comment[4:] if comment and comment[0] & 0x7F == _FLAC_COMMENTS else b""
    body = tags.comments_with_picture(about, of_station)
    block = bytes([_FLAC_COMMENTS | _LAST_BLOCK]) + len(body).to_bytes(3, "big") + body
    # One header packet follows; neither the MD5 nor the length of the broadcast is the file's.
    info = bytearray(first[:51])
    info[7:9] = b"\0\1"
    info[30] &= 0xF0
    info[31:51] = bytes(20)
    return [bytes(info), block]
