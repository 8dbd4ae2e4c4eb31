"""The splice of a connection's sound to the tape's end, so that nothing is heard twice.

Servers begin with a burst of the last seconds. Sound that is on the tape already, byte
for byte, is left out; then the tape goes on as if the connection had held.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice, takewhile

import msgspec

from radiotui.radio.framing.frames import MOST_HEADS, Frame
from radiotui.radio.tape.tape import Tape

_TAIL_SECONDS = 30.0
"""Length of a burst, at most: 64 KiB, as is usual, are 16 s at 32 kbit/s."""
_MOST_TAIL = 4000
_MOST_PLACES = 400
"""Places of the tail that are compared side by side: silence is everywhere."""
_LONGEST_WAIT = 3.0
"""A burst comes at once; whatever keeps one waiting for longer is heard."""
_LEAST_DIFFERENT = 4
"""Silence is made of two or three frames over and over: it proves nothing."""
_LONGEST_AD = 120.0
"""Length of an advertisement that does not state its length, at most."""


class Name(msgspec.Struct, frozen=True):
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
        # The tape's last frames: digests and seconds, and the place of their end.
        self._tail: list[tuple[int, float]] = []
        self._tail_seconds = 0.0
        self._tail_end = 0.0
        self._heads = b""
        self._in_heads = False
        self._ad: Name | None = None
        self._ad_until: float | None = None
        self.begin()

    def begin(self) -> None:
        """Begin a new connection. The held sound of the last one is on the tape already."""
        self.has_sound = False
        """Sound has come, be it a repeat."""
        self._connected = False
        self._has_title = False
        self._began_at = 0.0
        self._held: list[Frame] = []
        self._held_name: Name | None = None
        self._held_bytes = 0
        self._held_since = 0.0
        # Where in the tail the new sound may be, as far as it was compared.
        self._places: list[int] = []
        self._compared = 0

    def put(self, format_: str, codec: str, frames: Iterable[Frame]) -> None:
        """Sound in the order in which it came; a repeat is held until it is known for one."""
        frames = list(frames)
        if not frames:
            return
        self.has_sound = self.has_sound or any(frame.seconds for frame in frames)
        if format_ != self._kind[0] and self._held:
            self._join(0)
        if self._connected:
            if format_ != self._kind[0]:
                self._tape.change_format(format_, codec)
                self._kind = (format_, codec)
            self._write(frames)
            return
        if not self._held_bytes:
            self._held_since = self._monotonic()
            if (format_, codec) != self._kind or self._tape.end != self._tail_end:
                self._tail.clear()
                self._tail_seconds = 0.0
            self._kind = (format_, codec)
        for number, frame in enumerate(frames):
            self._held.append(frame)
            self._held_bytes += len(frame.data)
            repeated = self._look_at(frame)
            if repeated is not None:
                self._join(repeated)
                self._write(frames[number + 1 :])
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

    def _look_at(self, frame: Frame) -> int | None:
        """The number of held frames that are a repeat; None while that is not known."""
        if frame.head and not self._compared:
            return 0 if self._held_bytes > 2 * MOST_HEADS else None
        digest, tail = hash(frame.data), self._tail
        if self._compared:
            self._places = [at for at in self._places if tail[at + self._compared][0] == digest]
        else:
            places = (at for at, (tail_digest, _) in enumerate(tail) if tail_digest == digest)
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
        """Connect: all but the ``repeated`` first frames after the headers go onto the tape."""
        frames, name = self._held, self._held_name
        heads = list(takewhile(lambda frame: frame.head, frames))
        new = frames[len(heads) + repeated :]
        goes_on = repeated > 0 and b"".join(frame.data for frame in heads) in (b"", self._heads)
        self._tape.connect(*self._kind, goes_on=goes_on)
        self._connected = True
        self._began_at = self._tape.end
        self._held, self._held_name = [], None
        self._write(new if goes_on else heads + new)
        if name is not None:
            self._mark(name, self._began_at)

    def _write(self, frames: list[Frame]) -> None:
        if not frames:
            return
        self._tape.append(frames)
        self._remember(frames)
        if self._ad_until is not None and self._tape.end >= self._ad_until:
            self._tape.mark_title("", at=self._ad_until)
            self._ad_until = None

    def _mark(self, name: Name, at: float) -> None:
        # The first title comes a second into the connection, and names its beginning too.
        at = at if self._has_title else self._began_at
        self._has_title = True
        if name.ad and name == self._ad:
            return
        self._ad = name if name.ad else None
        self._ad_until = at + (name.seconds or _LONGEST_AD) if name.ad else None
        self._tape.mark_title(name.title, ad=name.ad, at=at)

    def _remember(self, frames: list[Frame]) -> None:
        for frame in frames:
            if frame.head:
                self._heads = self._heads + frame.data if self._in_heads else frame.data
            self._in_heads = frame.head
            self._tail.append((hash(frame.data), frame.seconds))
            self._tail_seconds += frame.seconds
        self._tail_end = self._tape.end
        if self._tail_seconds > 2 * _TAIL_SECONDS or len(self._tail) > 2 * _MOST_TAIL:
            self._trim()

    def _trim(self) -> None:
        count, seconds = 0, 0.0
        while count < min(len(self._tail), _MOST_TAIL) and seconds < _TAIL_SECONDS:
            count += 1
            seconds += self._tail[-count][1]
        self._tail = self._tail[-count:]
        self._tail_seconds = seconds
