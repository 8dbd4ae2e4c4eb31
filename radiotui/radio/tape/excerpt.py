"""A stretch of a tape for who keeps it: read without waiting, and without being waited for."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from radiotui.radio.tape.segments import KIB, Gone, TapeSegment

if TYPE_CHECKING:
    from radiotui.radio.tape.decoder_runs import DecoderRun
    from radiotui.radio.tape.tape import Tape

_AT_ONCE = 256 * KIB


@dataclass(frozen=True, slots=True, eq=False)
class ExcerptRun:
    """Sound that follows without a seam: of one connection, or of one link of an Ogg chain."""

    format: str
    """FFmpeg's name of the container."""
    codec: str
    heads: bytes
    """What a decoder has to be given first."""
    begin: float
    """Where on the tape its first sound stands, in seconds."""


class Excerpt:
    """What is on a tape between two places, from the piece that ``begin`` lies in.

    ``end`` None follows the tape. :meth:`read` gives what there is now and never
    waits. While it is open the tape's files stay, also when the tape is closed.
    """

    def __init__(self, tape: Tape, begin: float, end: float | None) -> None:
        """With the tape's lock held."""
        self.begin = begin
        self._tape = tape
        self._end = end
        self.limit: float | None = None
        """Where to wait, in seconds, as long as the end is not known and the tape goes on."""
        self._run: ExcerptRun | None = None
        self._take: DecoderRun | None = None
        self._offset = tape._bytes.end
        self._at = tape._end
        """Where on the tape the sound at ``_offset`` stands, to a piece."""
        self.lost = 0.0
        """Seconds that the tape had dropped before they could be read."""
        self._open = True
        tape._spans += 1
        if begin < tape._end and tape._times:
            index = max(0, bisect_right(tape._times, begin) - 1)
            self._offset, self._at = tape._offsets[index], tape._times[index]
            self.lost = max(0.0, self._at - begin)

    @property
    def end(self) -> float | None:
        """Where it is to end, in seconds; None follows the tape."""
        return self._end

    @end.setter
    def end(self, end: float) -> None:
        self._end = end

    @property
    def cut_at(self) -> float | None:
        """Where within its last piece it ends, in seconds; None: with a piece, or not yet."""
        tape = self._tape
        with tape._changed:
            if self._end is None or self._end >= tape._end:
                return None
            index = bisect_left(tape._times, self._end)
            is_between = index < len(tape._times) and tape._times[index] == self._end
            return None if is_between else self._end

    @property
    def ended(self) -> bool:
        """Nothing more will come of :meth:`read`: the end was reached, or the tape's."""
        with self._tape._changed:
            tape = self._tape
            comes = self._end is None or tape._end < self._end
            if comes and not (tape._finished or tape._closed):
                return False
            return self._next(1) is None

    def read(self, most: int = _AT_ONCE) -> tuple[ExcerptRun, bytes] | None:
        """At most so many bytes and the run that they belong to; None: no more for now.

        Where the run is another than that of the last bytes, it begins with them.
        """
        while True:
            with self._tape._changed:
                found = self._next(most)
                if found is None:
                    return None
                run, segment, size = found
                within = self._offset - segment.offset
                in_memory = segment.data
                if in_memory is not None:
                    data = bytes(memoryview(in_memory)[within : within + size])
                    self._went(len(data))
                    return run, data
            try:
                data = segment.from_file(within, size)
            except Gone:
                data = b""
            with self._tape._changed:
                if data:
                    self._went(len(data))
                    return run, data
                if self._offset >= self._tape._bytes.begin:
                    # Somebody else removed the file.
                    self._move_to(segment.offset + segment.length)

    def close(self) -> None:
        """Let go of the tape."""
        tape = self._tape
        with tape._changed:
            if not self._open:
                return
            self._open = False
            tape._spans -= 1
            is_last = tape._closed and not tape._spans
        if is_last:
            tape._bytes.close()

    # With the tape's lock held

    def _next(self, most: int) -> tuple[ExcerptRun, TapeSegment, int] | None:
        """Whose the next bytes are, where they are, and how many."""
        tape = self._tape
        if self._offset < tape._bytes.begin:
            self._move_to(tape._bytes.begin)
        take = tape._take_at(self._offset)
        while self._offset < (sound := take.offset + len(take.heads)):
            self._offset = sound
            take = tape._take_at(sound)
        later = tape._next_take(take)
        until = min(self._until(), later.offset if later else tape._bytes.end)
        if self._offset >= until:
            return None
        if self._run is None or self._take is not take:
            begin = take.at if self._offset == take.offset + len(take.heads) else self._at
            self._run, self._take = (
                ExcerptRun(take.format, take.codec, bytes(take.heads), begin),
                take,
            )
        segment = tape._bytes.at(self._offset)
        left = segment.offset + segment.length - self._offset
        return self._run, segment, min(most, left, until - self._offset)

    def _until(self) -> int:
        tape, place = self._tape, self._end
        if place is None and not (tape._finished or tape._closed):
            place = self.limit
        index = len(tape._times) if place is None else bisect_left(tape._times, place)
        return tape._offsets[index] if index < len(tape._times) else tape._bytes.end

    def _went(self, size: int) -> None:
        self._offset += size
        self._at = max(self._at, self._tape._time_of(self._offset))

    def _move_to(self, offset: int) -> None:
        """Go on at the first piece from ``offset`` on that a decoder can begin with."""
        tape = self._tape
        index = bisect_left(tape._offsets, offset)
        there = index < len(tape._offsets)
        at = tape._times[index] if there else tape._end
        self.lost += max(0.0, at - self._at)
        self._offset, self._at = tape._offsets[index] if there else tape._bytes.end, at
        self._run = None
