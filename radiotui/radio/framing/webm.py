"""WebM with Opus or Vorbis: the packets of its sound, put into pages of Ogg as they are.

Sources: RFC 8794 (EBML), RFC 9559 (Matroska), webmproject.org/docs/container, RFC 7845 §5.
"""

from __future__ import annotations

from radiotui.radio.framing.frames import MOST_BUFFERED, Frame
from radiotui.radio.framing.ogg import OggFramer, opus_samples
from radiotui.radio.framing.ogg_page import BEGINS, MOST_PART, write_page

MARK = b"\x1a\x45\xdf\xa3"
"""The first bytes of an EBML document."""

_SEGMENT, _CLUSTER, _BLOCK_GROUP = 0x18538067, 0x1F43B675, 0xA0
_TRACKS, _TRACK, _INFO = 0x1654AE6B, 0xAE, 0x1549A966
_ENTERED = {_SEGMENT, _CLUSTER, _BLOCK_GROUP, _TRACKS, _TRACK, _INFO}
"""Elements whose content is read as it comes: their length is often not known."""
_NUMBER, _CODEC, _PRIVATE = 0xD7, 0x86, 0x63A2
_SCALE, _CLUSTER_TIME, _SIMPLE_BLOCK, _BLOCK = 0x2AD7B1, 0xE7, 0xA3, 0xA1
_READ = {_NUMBER, _CODEC, _PRIVATE, _SCALE, _CLUSTER_TIME, _SIMPLE_BLOCK, _BLOCK}
_LARGEST = MOST_BUFFERED // 2
_LARGEST_SKIPPED = 16 * 1024 * 1024
"""A longer element is none, but what garbage looks like."""
_LACED = 0x06
_NANOSECONDS = 1_000_000_000
_USUAL_SCALE = 1_000_000
_NO_COMMENTS = bytes(8)
_MOST_TRACKS = 32


class WebmFramer:
    """Pages of Ogg, one for each packet, of the first track with Opus or Vorbis."""

    format = "ogg"

    def __init__(self) -> None:
        self.codec = ""
        self.dropped = 0
        self.foreign = ""
        self._buffer = bytearray()
        self._skip = 0
        self._pages = OggFramer()
        self._tracks: list[dict[int, bytes]] = []
        self._track: _Track | None = None
        self._scale = _USUAL_SCALE
        self._cluster_time = 0

    @property
    def buffered(self) -> int:
        """Bytes held back for their continuation."""
        return len(self._buffer) + self._pages.buffered

    def feed(self, data: bytes) -> list[Frame]:
        """The pages of the packets that ``data`` completes."""
        skipped = min(self._skip, len(data))
        self._skip -= skipped
        self.dropped += skipped
        self._buffer += data[skipped:]
        frames: list[Frame] = []
        at = 0
        while (element := _element(self._buffer, at)) is not None:
            kind, begin, size = element
            if kind in _ENTERED or kind not in _READ or size > _LARGEST:
                self._enter(kind)
                size = 0 if kind in _ENTERED else size
                end = min(begin + size, len(self._buffer))
                self._skip = begin + size - end
                self.dropped += end - at
                at = end
                if self._skip:
                    break
                continue
            if begin + size > len(self._buffer):
                break
            frames += self._read(kind, bytes(self._buffer[begin : begin + size]))
            at = begin + size
        del self._buffer[:at]
        return frames

    def flush(self) -> list[Frame]:
        """The packet that was held back until the next one's time."""
        self.dropped += len(self._buffer)
        self._buffer.clear()
        return self._paged(self._track.flush()) if self._track else []

    def _enter(self, kind: int) -> None:
        if kind == _TRACK and len(self._tracks) < _MOST_TRACKS:
            self._tracks.append({})
        elif kind == _CLUSTER and self._track is None:
            self._choose()
        elif kind == _TRACKS:
            self._tracks, self._track = [], None

    def _read(self, kind: int, content: bytes) -> list[Frame]:
        match kind:
            case _ if kind in {_NUMBER, _CODEC, _PRIVATE}:
                if self._tracks:
                    self._tracks[-1][kind] = content
            case _ if kind == _SCALE:
                self._scale = int.from_bytes(content[:8], "big") or _USUAL_SCALE
            case _ if kind == _CLUSTER_TIME:
                self._cluster_time = int.from_bytes(content[:8], "big")
            case _:
                return self._read_block(content)
        return []

    def _choose(self) -> None:
        for track in self._tracks:
            codec, number = track.get(_CODEC, b""), int.from_bytes(track.get(_NUMBER, b""), "big")
            private = track.get(_PRIVATE, b"")
            heads = [private, b"OpusTags" + _NO_COMMENTS] if codec == b"A_OPUS" else []
            heads = _unlaced(private) if codec == b"A_VORBIS" else heads
            if heads and len(heads[0]) >= 19 and max(map(len, heads)) < MOST_PART // 3:
                self._track, self.foreign = _Track(number, heads), ""
                return
            if codec.startswith(b"A_"):
                name = codec[2:42].decode("ascii", "replace").replace("_", " ")
                self.foreign = self.foreign or f"WebM with {name}"

    def _read_block(self, content: bytes) -> list[Frame]:
        number, at = _number(content, 0)
        track = self._track
        is_laced = len(content) < at + 3 or content[at + 2] & _LACED
        if track is None or number != track.number or is_laced:
            self.dropped += len(content)
            return []
        time = self._cluster_time + int.from_bytes(content[at : at + 2], "big", signed=True)
        packet = content[at + 3 :]
        if not packet or len(packet) >= MOST_PART:
            return []
        return self._paged(track.pages(packet, time * self._scale / _NANOSECONDS))

    def _paged(self, pages: bytes) -> list[Frame]:
        frames = self._pages.feed(pages)
        self.codec = self._pages.codec
        return frames


class _Track:
    """One track's packets on their way into pages."""

    def __init__(self, number: int, heads: list[bytes]) -> None:
        self.number = number
        self._heads = heads
        self._is_opus = len(heads) == 2
        self._rate = 48_000 if self._is_opus else int.from_bytes(heads[0][12:16], "little")
        self._sequence = 0
        self._granule = 0
        self._begin: float | None = None
        self._held = b""

    def pages(self, packet: bytes, seconds: float) -> bytes:
        """The page of the packet before this one, and the headers before the first of all.

        Vorbis does not tell how long a packet is: it lasts until ``seconds``, the next one's time.
        """
        pages = b""
        if self._begin is None:
            self._begin = seconds
            pages = self._page(self._heads[:1], BEGINS) + self._page(self._heads[1:])
        if self._is_opus:
            self._granule += opus_samples(packet)
            return pages + self._page([packet])
        self._granule = max(self._granule, round((seconds - self._begin) * self._rate))
        held, self._held = self._held, packet
        return pages + (self._page([held]) if held else b"")

    def flush(self) -> bytes:
        """The page of the last packet."""
        held, self._held = self._held, b""
        return self._page([held]) if held else b""

    def _page(self, packets: list[bytes], flags: int = 0) -> bytes:
        granule = self._granule if self._sequence > 1 else 0
        page = write_page(packets, serial=1, sequence=self._sequence, granule=granule, flags=flags)
        self._sequence += 1
        return page


def _element(data: bytearray, at: int) -> tuple[int, int, int] | None:
    """(kind, begin of the content, length) of the element at ``at``; None: not all there."""
    if at >= len(data):
        return None
    width = 9 - data[at].bit_length()
    kind_end = at + width
    size, begin = _number(data, kind_end)
    if width > 4:
        # No kind is that long: look for another beginning.
        return 0, at + 1, 0
    if begin == kind_end:
        # No length begins with an empty byte.
        return (0, at + 1, 0) if data[kind_end : kind_end + 1] == b"\0" else None
    is_unknown = size == (1 << 7 * (begin - kind_end)) - 1
    kind = int.from_bytes(data[at:kind_end], "big")
    if size > _LARGEST_SKIPPED and not is_unknown and kind not in _ENTERED:
        return 0, at + 1, 0
    return kind, begin, 0 if is_unknown else size


def _number(data: bytes | bytearray, at: int) -> tuple[int, int]:
    """(a number of one to eight bytes, its end); (0, ``at``) where it is not all there."""
    width = 9 - data[at].bit_length() if at < len(data) else 9
    if width > 8 or at + width > len(data):
        return 0, at
    return int.from_bytes(data[at : at + width], "big") & (1 << 7 * width) - 1, at + width


def _unlaced(private: bytes) -> list[bytes]:
    """The three headers of Vorbis; nothing where they are broken."""
    if not private.startswith(b"\x02"):
        return []
    sizes, at = [0, 0], 1
    for index in (0, 1):
        while private[at : at + 1] == b"\xff":
            sizes[index] += 255
            at += 1
        sizes[index] += private[at] if at < len(private) else 0
        at += 1
    middle = at + sizes[0]
    last = middle + sizes[1]
    heads = [private[at:middle], private[middle:last], private[last:]]
    return heads if heads[0].startswith(b"\x01vorbis") and heads[2] else []
