"""Where a connection's sound is joined to the tape's end, so that nothing is heard twice.

Servers begin with a burst of the last seconds. What is on the tape already, byte
for byte, is left out; then the tape goes on as if the connection had held.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice, takewhile

from radiotui.radio.framing.frames import MOST_HEADS, Frame
from radiotui.radio.tape.tape import Tape

_TAIL_SECONDS = 30.0
"""How long a burst may be: 64 KiB, as is usual, are 16 s at 32 kbit/s."""
_MOST_TAIL = 4000
_MOST_PLACES = 400
"""Places of the tail that are compared side by side: silence is everywhere."""
_LONGEST_WAIT = 3.0
"""A burst comes at once; whatever keeps one waiting for longer is heard."""
_LEAST_DIFFERENT = 4
"""Silence is made of two or three frames over and over: it proves nothing."""
_LONGEST_AD = 120.0
"""How long an advertisement is believed that does not tell its length."""


@dataclass(frozen=True, slots=True)
class Name:
    """A title and where it came; ``block`` tells one advertisement from the next."""

    title: str
    ad: bool = False
    seconds: float | None = None
    block: bytes = b""


class Splice:
    """Puts each connection's sound and titles onto ``tape``; one for all connections of a tuner.

    ``monotonic`` is in seconds.
    """

    def __init__(self, tape: Tape, monotonic: Callable[[], float]) -> None:
        self._tape = tape
        self._monotonic = monotonic
        self._kind = ("", "")
        # What lies last on the tape: digests and seconds, and where that ended.
        self._tail: list[tuple[int, float]] = []
        self._tail_seconds = 0.0
        self._tail_end = 0.0
        self._heads = b""
        self._in_heads = False
        self._ad: Name | None = None
        self._ad_until: float | None = None
        self.begin()

    def begin(self) -> None:
        """A new connection. What was still held of the last one is on the tape already."""
        self.has_sound = False
        """Whether it has brought sound, be it a repeat."""
        self._connected = False
        self._named = False
        self._began_at = 0.0
        self._held: list[Frame] = []
        self._held_name: Name | None = None
        self._held_bytes = 0
        self._held_since = 0.0
        # Where in the tail the new sound may be, as far as it was compared.
        self._places: list[int] = []
        self._compared = 0

    def put(self, format_: str, codec: str, pieces: Iterable[Frame]) -> None:
        """Sound in the order in which it came; a repeat is held until it is known for one."""
        pieces = list(pieces)
        if not pieces:
            return
        self.has_sound = self.has_sound or any(piece.seconds for piece in pieces)
        if self._connected:
            self._write(pieces)
            return
        if not self._held_bytes:
            self._held_since = self._monotonic()
            if (format_, codec) != self._kind or self._tape.end != self._tail_end:
                self._tail.clear()
                self._tail_seconds = 0.0
            self._kind = (format_, codec)
        for number, piece in enumerate(pieces):
            self._held.append(piece)
            self._held_bytes += len(piece.data)
            repeated = self._look_at(piece)
            if repeated is not None:
                self._join(repeated)
                self._write(pieces[number + 1 :])
                return

    def name(self, name: Name, at: float | None = None) -> None:
        """Set the title at a place, None: at the newest sound; before the connection's first
        sound the last title is the one that is heard where the sound goes on.
        """
        if self._connected:
            self._mark(name, self._tape.end if at is None else at)
        else:
            self._held_name = name

    @property
    def is_connected(self) -> bool:
        """The connection's sound is known to be new, and goes onto the tape."""
        return self._connected

    @property
    def end(self) -> float:
        """The newest place on the tape, in seconds."""
        return self._tape.end

    def _look_at(self, piece: Frame) -> int | None:
        """How many of the held pieces are a repeat; None while that is not known."""
        if piece.head and not self._compared:
            return 0 if self._held_bytes > 2 * MOST_HEADS else None
        digest, tail = hash(piece.data), self._tail
        if self._compared:
            self._places = [at for at in self._places if tail[at + self._compared][0] == digest]
        else:
            places = (at for at, (other, _) in enumerate(tail) if other == digest)
            self._places = list(islice(places, _MOST_PLACES))
        self._compared += 1
        for at in list(self._places):
            if at + self._compared == len(tail):
                if self._is_distinctive(at):
                    return self._compared
                self._places.remove(at)
        if not self._places or self._monotonic() - self._held_since > _LONGEST_WAIT:
            return 0
        return None

    def _is_distinctive(self, at: int) -> bool:
        # A page of Ogg is numbered; no two are the same.
        return (
            self._kind[0] == "ogg"
            or len({digest for digest, _ in self._tail[at:]}) >= _LEAST_DIFFERENT
        )

    def _join(self, repeated: int) -> None:
        """Connect: all but the ``repeated`` first pieces after the headers go onto the tape."""
        pieces, name = self._held, self._held_name
        heads = list(takewhile(lambda piece: piece.head, pieces))
        new = pieces[len(heads) + repeated :]
        goes_on = repeated > 0 and b"".join(piece.data for piece in heads) in (b"", self._heads)
        self._tape.connect(*self._kind, goes_on=goes_on)
        self._connected = True
        self._began_at = self._tape.end
        self._held, self._held_name = [], None
        self._write(new if goes_on else heads + new)
        if name is not None:
            self._mark(name, self._began_at)

    def _write(self, pieces: list[Frame]) -> None:
        if not pieces:
            return
        self._tape.append(pieces)
        self._remember(pieces)
        if self._ad_until is not None and self._tape.end >= self._ad_until:
            self._tape.mark_title("", at=self._ad_until)
            self._ad_until = None

    def _mark(self, name: Name, at: float) -> None:
        # The first title comes a second into the connection, and names its beginning too.
        at = at if self._named else self._began_at
        self._named = True
        if name.ad and name == self._ad:
            return
        self._ad = name if name.ad else None
        self._ad_until = at + (name.seconds or _LONGEST_AD) if name.ad else None
        self._tape.mark_title(name.title, ad=name.ad, at=at)

    def _remember(self, pieces: list[Frame]) -> None:
        for piece in pieces:
            if piece.head:
                self._heads = self._heads + piece.data if self._in_heads else piece.data
            self._in_heads = piece.head
            self._tail.append((hash(piece.data), piece.seconds))
            self._tail_seconds += piece.seconds
        self._tail_end = self._tape.end
        if self._tail_seconds > 2 * _TAIL_SECONDS or len(self._tail) > 2 * _MOST_TAIL:
            self._trim()

    def _trim(self) -> None:
        kept, seconds = 0, 0.0
        while kept < min(len(self._tail), _MOST_TAIL) and seconds < _TAIL_SECONDS:
            kept += 1
            seconds += self._tail[-kept][1]
        self._tail = self._tail[-kept:]
        self._tail_seconds = seconds
