"""One connection's bytes on their way to the tape."""

from __future__ import annotations

from radiotui.net import Answer
from radiotui.problems import Problem
from radiotui.radio import icy
from radiotui.radio.framing import Framer, Piece, framer_for
from radiotui.radio.tape import Tape
from radiotui.radio.titles import Alphabet, real_title

_KIB = 1024
_MOST_HEAD = 64 * _KIB
"""How much is looked at before it is said to be no sound."""
_MOST_NOISE = 512 * _KIB
"""How much may belong to no frame before the first one, as a tag with a large picture does."""


class Reception:
    """One connection's bytes on their way to the tape."""

    def __init__(self, tape: Tape, alphabet: Alphabet, name: str, answer: Answer) -> None:
        self._tape = tape
        self._alphabet = alphabet
        self._name = name
        self._url = answer.url
        self._info = icy.header_info(answer.headers)
        self._demux = icy.Demux(self._info.metaint)
        self._framer: Framer | None = None
        self._head = bytearray()
        self._named = False
        self._began_at: float | None = None
        self.on_tape = False

    @property
    def codec(self) -> str:
        """The sound's codec, as listeners know it."""
        return self._framer.codec if self._framer else ""

    @property
    def bitrate_kbps(self) -> int | None:
        """As the station says."""
        return self._info.bitrate_kbps

    def take_in(self, chunk: bytes) -> None:
        """Bytes as they came. Raises Problem when they are no sound."""
        for part in self._demux.feed(chunk):
            if isinstance(part, icy.Meta):
                self._take_meta(part)
            else:
                self._take_sound(part)

    def finish(self) -> None:
        """The body ended: what was held back for its continuation is all there is."""
        if self._framer is None and self._head:
            self._framer = framer_for(self._info.content_type, bytes(self._head))
            if self._framer is not None:
                self._put(self._framer.feed(bytes(self._head)))
        if self._framer is not None:
            self._put(self._framer.flush())

    def no_sound(self) -> Problem:
        """Why nothing could be heard of this body."""
        if not self._head and self._framer is None:
            return Problem(f"{self._name} sent nothing", "the stream is empty just now", self._url)
        text = bytes(self._head[:1024]).lstrip().lower()
        if text.startswith((b"<!doctype html", b"<html", b"<!--")) or b"<html" in text:
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

    def _take_meta(self, meta: icy.Meta) -> None:
        block = icy.parse(meta.raw, self._alphabet.decode)
        self._name_it(block.title, ad=block.ad)

    def _take_sound(self, data: bytes) -> None:
        if self._framer is not None:
            self._put(self._framer.feed(data))
            if not self.on_tape and self._framer.dropped > _MOST_NOISE:
                raise self.no_sound()
            return
        self._head += data
        self._framer = framer_for(self._info.content_type, bytes(self._head))
        if self._framer is not None:
            head, self._head = bytes(self._head), bytearray()
            self._put(self._framer.feed(head))
        elif len(self._head) >= _MOST_HEAD:
            raise self.no_sound()

    def _put(self, pieces: list[Piece]) -> None:
        assert self._framer is not None
        if not pieces:
            return
        if self._began_at is None:
            self._began_at = self._tape.end
            self._tape.connect(self._framer.format, self._framer.codec)
        run: list[Piece] = []
        for piece in pieces:
            if piece.title is not None:
                self._append(run)
                run = []
                self._name_it(piece.title, ad=False)
            run.append(piece)
        self._append(run)

    def _append(self, run: list[Piece]) -> None:
        self._tape.append(run)
        self.on_tape = self.on_tape or any(piece.seconds for piece in run)

    def _name_it(self, title: str, *, ad: bool) -> None:
        # The first title comes a second into the connection, and names its beginning too.
        first, self._named = not self._named, True
        at = self._began_at if first else None
        self._tape.mark_title(real_title(title, self._name) or "", ad=ad, at=at)
