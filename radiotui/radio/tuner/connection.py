"""One connection's bytes on their way to the tape."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from radiotui.net.client import Response
from radiotui.net.content import is_html
from radiotui.problems import Problem
from radiotui.radio.framing.detect import Frame, Framer, framer_for
from radiotui.radio.tape.marks import SHORTEST_TITLE
from radiotui.radio.titles import icy
from radiotui.radio.titles.title_reader import TitleReader
from radiotui.radio.tuner.splice import Name, Splice

_KIB = 1024
_MOST_HEAD = 64 * _KIB
"""Bytes that are looked at before a body counts as no sound."""
_MOST_NOISE = 512 * _KIB
"""Bytes that may belong to no frame before the first one, as a tag with a large picture."""
_LONGEST_DOUBT = 1.0
"""Seconds for which a station's first title waits until its encoding was judged."""


@dataclass(frozen=True, slots=True)
class _Unread:
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
        if self._framer is None and self._head:
            self._framer = framer_for(self._info.content_type, bytes(self._head))
            if self._framer is not None:
                self._put(self._framer.feed(bytes(self._head)))
        if self._framer is not None:
            self._put(self._framer.flush())
        self._read_title(is_last=True, may_wait=False)

    def too_slow(self) -> Problem:
        """Why a connection was given up on which bytes do come."""
        if not self.has_sound:
            return self.no_sound()
        return Problem(
            f"{self._name} sends too little sound",
            "the line or the server is too slow; radiotui connects again",
            self._url,
        )

    def no_sound(self) -> Problem:
        """Why nothing could be heard of this body."""
        if not self._head and self._framer is None:
            return Problem(f"{self._name} sent nothing", "the stream is empty just now", self._url)
        if is_html(bytes(self._head), self._info.content_type):
            return Problem(
                f"{self._name} sent a web page instead of sound",
                "the stream has moved, or a login page of this network is in between",
                self._url,
            )
        kind = self._info.content_type or "of no stated kind"
        return Problem(
            f"{self._name} sends what radiotui cannot play ({kind})",
            "radiotui plays MP3, AAC, and Ogg with Vorbis, Opus or FLAC",
            self._url,
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
            name = Name(self._title_reader.real(unread.title))
        else:
            block = self._title_reader.read(unread.title.raw)
            name = Name(block.title, block.ad, block.ad_seconds, unread.title.raw)
        doubt = self._monotonic() - unread.arrived
        if self._title_reader.is_guessing and doubt < _LONGEST_DOUBT and may_wait:
            return
        self._unread, self._read_at = None, unread.at
        self._splice.name(name, unread.at)

    def _receive_sound(self, data: bytes) -> None:
        if self._framer is not None:
            self._put(self._framer.feed(data))
            if not self.has_sound and self._framer.dropped > _MOST_NOISE:
                raise self.no_sound()
            return
        self._head += data
        self._framer = framer_for(self._info.content_type, bytes(self._head))
        if self._framer is not None:
            head, self._head = bytes(self._head), bytearray()
            self._put(self._framer.feed(head))
        elif len(self._head) >= _MOST_HEAD:
            raise self.no_sound()

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
