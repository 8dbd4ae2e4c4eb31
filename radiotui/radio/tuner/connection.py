"""One connection's bytes on their way to the tape."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from radiotui.net.client import Response
from radiotui.net.content import is_html
from radiotui.problems import Problem, ProblemKind
from radiotui.radio.framing.detect import HEAD_BYTES, Frame, Framer, stream_framer_for
from radiotui.radio.framing.foreign import foreign_name
from radiotui.radio.framing.id3_tag import LeadingTags
from radiotui.radio.tape.marks import SHORTEST_TITLE
from radiotui.radio.titles import icy
from radiotui.radio.titles.title_reader import TitleReader
from radiotui.radio.tuner.splice import Name, Splice

_KIB = 1024
_MOST_HEAD = 64 * _KIB
"""Bytes that are looked at before a body counts as no sound."""
_MOST_NOISE = 128 * _KIB
"""Bytes that may belong to no frame before the first one; tags are not among them."""
_MOST_UNFRAMED = 4 * HEAD_BYTES
"""Bytes since the last frame that are looked at for sound of another kind."""
_LONGEST_FRAME = 256 * _KIB
"""Bytes that FLAC may hold back for the end of a frame."""
_FRAME_END = 16
"""Bytes by which the end of a frame is looked up in what came."""
_PLAYED = (
    "radiotui plays MP3, AAC and WAV, Vorbis and Opus in Ogg or WebM, and FLAC, also in MPEG-TS"
)
_LONGEST_DOUBT = 1.0
"""Seconds for which a station's first title waits until its encoding was judged."""


class _Unread(msgspec.Struct, frozen=True):
    """The newest title that has come: a block of metadata, or the text of a comment."""

    title: icy.Meta | str
    at: float
    """Its place on the tape, in seconds of sound."""
    arrived: float
    """By the monotonic clock, in seconds."""


class Connection:
    """Takes sound and titles apart, cuts the sound into frames and hands both to ``splice``.

    A title costs some tenths of a millisecond to read, and may come with every byte: it is
    read at most every half second of sound, and only the newest. ``monotonic`` is in seconds.
    """

    def __init__(
        self,
        splice: Splice,
        title_reader: TitleReader,
        name: str,
        answer: Response,
        monotonic: Callable[[], float],
    ) -> None:
        self._splice = splice
        self._monotonic = monotonic
        self._unread: _Unread | None = None
        self._read_at = -SHORTEST_TITLE
        self._title_reader = title_reader
        self._name = name
        splice.begin()
        self._url = answer.url
        self._info = icy.header_info(answer.headers)
        self._demux = icy.Demux(self._info.metaint)
        self._framer: Framer | None = None
        self._head = bytearray()
        self._tags = LeadingTags()
        self._unframed = bytearray()
        """Bytes since the last frame, with what was held back of them."""
        self._dropped = 0
        """Bytes that belonged to no frame, up to the last frame."""

    @property
    def has_sound(self) -> bool:
        """Sound has come, be it a repeat of sound on the tape."""
        return self._splice.has_sound

    @property
    def codec(self) -> str:
        """The sound's codec, as listeners know it."""
        return self._framer.codec if self._framer else ""

    @property
    def bitrate_kbps(self) -> int | None:
        """As the station says."""
        return self._info.bitrate_kbps

    def receive(self, chunk: bytes) -> None:
        """Bytes as they came. Raises Problem when they are no sound."""
        for part in self._demux.feed(chunk):
            if isinstance(part, icy.Meta):
                self._receive_title(part)
            else:
                self._receive_sound(part)

    def finish(self) -> None:
        """The body ended: what was held back for its continuation is all there is."""
        self._receive_sound(self._tags.flush())
        if self._framer is not None:
            self._put(self._framer.flush())
        self._read_title(is_last=True, may_wait=False)

    def too_slow(self) -> Problem:
        """Reason why a connection was given up on which bytes do come."""
        if not self.has_sound:
            return self.no_sound()
        return Problem(
            f"{self._name} sends too little sound",
            "the line or the server is too slow; radiotui connects again",
            self._url,
        )

    def no_sound(self) -> Problem:
        """Reason why nothing could be heard of this body."""
        if not self._head and self._framer is None:
            return Problem(f"{self._name} sent nothing", "the stream is empty just now", self._url)
        if is_html(bytes(self._head), self._info.content_type):
            return Problem(
                f"{self._name} sent a web page instead of sound",
                "the stream has moved, or a login page of this network is in between",
                self._url,
                kind=ProblemKind.DAMAGED,
            )
        kind = self._info.content_type or "of no stated kind"
        return Problem(
            f"{self._name} sends what radiotui cannot play ({kind})",
            _PLAYED,
            self._url,
            kind=ProblemKind.DAMAGED,
        )

    def _receive_title(self, title: icy.Meta | str) -> None:
        self._read_title(may_wait=False)
        self._unread = _Unread(title, self._splice.end, self._monotonic())
        self._read_title()

    def _read_title(self, *, is_last: bool = False, may_wait: bool = True) -> None:
        """Read the newest title when its time has come.

        It may wait for the station's first judgement, but not when another comes after it.
        """
        unread = self._unread
        if unread is None or not self._splice.is_connected:
            return
        if not is_last and self._splice.end - self._read_at < SHORTEST_TITLE:
            return
        if isinstance(unread.title, str):
            record = self._title_reader.read_comment(unread.title)
            name = Name(record.title, record.ad, record.seconds, unread.title.encode())
        else:
            block = self._title_reader.read(unread.title.raw)
            name = Name(block.title, block.ad, block.ad_seconds, unread.title.raw)
        doubt = self._monotonic() - unread.arrived
        if self._title_reader.is_guessing and doubt < _LONGEST_DOUBT and may_wait:
            return
        self._unread, self._read_at = None, unread.at
        self._splice.name(name, unread.at)

    def _receive_sound(self, data: bytes) -> None:
        data = self._tags.feed(data)
        if self._framer is None:
            self._head += data
            head = bytes(self._head)
            self._framer = self._framer_for(head)
            if self._framer is None:
                if len(head) >= _MOST_HEAD:
                    raise self.no_sound()
                return
            data = head
            self._head.clear()
        frames = self._framer.feed(data)
        self._put(frames)
        if self.has_sound:
            self._look_for_other_sound(data, frames)
            return
        if self._framer.foreign:
            raise self._foreign(self._framer.foreign)
        if self._framer.dropped > _MOST_NOISE:
            raise self.no_sound()

    def _look_for_other_sound(self, data: bytes, frames: list[Frame]) -> None:
        """Take another framer where the sound goes on in another format, as after a jingle."""
        assert self._framer is not None
        if frames:
            end = frames[-1].data[-_FRAME_END:]
            at = data.rfind(end)
            self._unframed = bytearray(data[at + len(end) :] if at >= 0 else b"")
            self._dropped = self._framer.dropped
            return
        self._unframed += data
        is_noise = self._framer.dropped - self._dropped >= HEAD_BYTES
        if not is_noise and len(self._unframed) < _LONGEST_FRAME:
            return
        head = bytes(self._unframed[-_MOST_UNFRAMED:])
        framer = stream_framer_for("", head)
        if framer is None or type(framer) is type(self._framer):
            # Looked at again with as many new bytes.
            self._unframed, self._dropped = bytearray(head), self._framer.dropped
            return
        self._framer, self._dropped = framer, 0
        self._unframed.clear()
        self._put(framer.feed(head))

    def _framer_for(self, head: bytes) -> Framer | None:
        """The framer by the bytes alone, else by the content type; what never plays is said."""
        framer = stream_framer_for("", head)
        name = "" if framer else foreign_name(head)
        if name:
            raise self._foreign(name)
        return framer or stream_framer_for(self._info.content_type, head)

    def _foreign(self, sound: str) -> Problem:
        return Problem(
            f"{self._name} sends what radiotui cannot play ({sound})", _PLAYED, self._url
        )

    def _put(self, frames: list[Frame]) -> None:
        assert self._framer is not None
        begin = 0
        for index, frame in enumerate(frames):
            if frame.title is not None:
                self._splice.put(self._framer.format, self.codec, frames[begin:index])
                self._receive_title(frame.title)
                begin = index
        self._splice.put(self._framer.format, self.codec, frames[begin:])
        self._read_title()
