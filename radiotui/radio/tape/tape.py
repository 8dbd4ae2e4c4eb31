"""The tape: the last hour of a stream, on disk, that can be read from any place.

The tuner appends pieces of sound at one end; readers open it at a time and
block for more when they reach the newest sound. Its time is media time, seconds
of sound since the tape began, and goes on through reconnects; the wall clock is
kept beside it. What is older than the tape's length, or more than its size, is
dropped from the other end.
"""

from __future__ import annotations

import logging
import os
import threading
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from radiotui.problems import Problem
from radiotui.radio.framing.frames import Frame
from radiotui.radio.tape.decoder_runs import DecoderRun, DecoderRuns
from radiotui.radio.tape.excerpt import Excerpt
from radiotui.radio.tape.marks import Mark, Marks
from radiotui.radio.tape.reader import TapeReader
from radiotui.radio.tape.segments import MEMORY_BYTES, MIB, TapeSegments
from radiotui.radio.tape.wall_clock import WallClock

log = logging.getLogger(__name__)

_numbers = count(1)


class Tape:
    """One stream's tape. Appended to by one thread, read by any.

    ``length`` is in seconds and ``size`` in bytes. ``on_problem`` is called
    once, from any thread, when the disk takes no more; the tape then goes on in memory.
    """

    def __init__(
        self,
        folder: Path,
        *,
        length: float = 3600.0,
        size: int = 512 * MIB,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        on_problem: Callable[[Problem], None] = lambda problem: log.warning("%s", problem),
    ) -> None:
        self._bytes = TapeSegments(folder / f"{os.getpid()}-{next(_numbers)}", on_problem)
        self._length = length
        self._size = size
        self._clock = clock
        self._changed = threading.Condition()
        self._takes = DecoderRuns()
        self._sent = WallClock()
        self._marks = Marks()
        # Where a decoder may start: media time and offset of every such piece.
        self._times = array("d")
        self._offsets = array("q")
        self._end = 0.0
        self._is_whole = True
        """Nothing was dropped yet."""
        self._finished = False
        self._closed = False
        self._spans = 0

    @property
    def start(self) -> float:
        """The oldest place that can be heard, in seconds."""
        with self._changed:
            return self._start()

    @property
    def end(self) -> float:
        """The newest place, in seconds."""
        return self._end

    @property
    def marks(self) -> tuple[Mark, ...]:
        """What happened, oldest first; the last title and programme from before ``start`` too."""
        with self._changed:
            return tuple(self._marks)

    @property
    def kept_bytes(self) -> int:
        """How many bytes of the stream are on the tape."""
        with self._changed:
            return self._bytes.end - self._bytes.begin

    @property
    def disk_bytes(self) -> int:
        """What the tape takes of the disk."""
        with self._changed:
            return self._bytes.end - self._bytes.begin - self._bytes.in_memory

    @property
    def memory_bytes(self) -> int:
        """What the tape takes of the memory: the newest sound, and where each piece begins."""
        with self._changed:
            return 16 * len(self._times) + self._takes.head_bytes + self._bytes.in_memory

    def leave_room(self, seconds: float) -> None:
        """Let an empty tape begin at ``seconds``, so that older sound fits before it."""
        with self._changed:
            if not self._sent:
                self._end = min(seconds, self._length)

    def connect(
        self, format_: str, codec: str, *, fresh: bool = False, goes_on: bool = False
    ) -> None:
        """A connection's sound begins. All but the first leave a mark.

        ``fresh``: a decoder of what came before cannot go on with it, as where the rate changes.
        ``goes_on``: it follows what came before without a gap, and needs no headers of its own.
        """
        with self._changed:
            now = self._clock()
            if self._sent:
                self._marks.add(Mark(self._end, now, "reconnect"))
            self._sent.connect(self._end, now)
            if not (goes_on and self._takes):
                self._takes.begin(
                    DecoderRun(self._bytes.end, self._end, format_, codec, bytearray(), fresh)
                )

    def put_before(self, pieces: Sequence[Frame]) -> bool:
        """Put sound before the oldest there is, which it must lead up to in the same format.

        False, and nothing changes, when there is no place for it.
        """
        seconds = sum(piece.seconds for piece in pieces)
        size = sum(len(piece.data) for piece in pieces)
        with self._changed:
            if not self._has_place_before(seconds, size):
                return False
            at, offset = self._start() - seconds, self._bytes.begin - size
            take = self._takes.first
            take.at, take.offset = at, offset
            self._sent.reach_back(at)
            times, offsets = array("d"), array("q")
            for piece in pieces:
                times.append(at)
                offsets.append(offset)
                at += piece.seconds
                offset += len(piece.data)
            self._times, self._offsets = times + self._times, offsets + self._offsets
            self._bytes.put_before(b"".join(piece.data for piece in pieces))
            return True

    def append(self, pieces: Iterable[Frame]) -> None:
        """Put sound on the tape's end, and wake who waits for it."""
        with self._changed:
            for piece in pieces:
                self._append(piece)
            self._sent.came(self._end, self._clock())
            self._drop_oldest()
            self._changed.notify_all()

    def set_wall(self, at: float, wall: datetime) -> None:
        """The station says that it sent what is at ``at`` (of its newest connection) then."""
        with self._changed:
            self._sent.told(at, wall)

    def mark_title(self, text: str, *, ad: bool = False, at: float | None = None) -> None:
        """From here (or from ``at``) on this is heard; the same title twice is one mark."""
        with self._changed:
            place = self._end if at is None else at
            self._marks.title(Mark(place, self._wall_at(place), "title", text, ad))

    def mend_titles(self, texts: Mapping[str, str]) -> None:
        """Titles that were read wrong: what they are, by what they were taken for."""
        with self._changed:
            self._marks.mend_titles(texts)

    def mark_programme(self, text: str, wall: datetime, until: datetime | None = None) -> None:
        """A programme began at ``wall``, which may be before the tape's beginning.

        Said again, or said better (a new end), it stays one mark.
        """
        with self._changed:
            at = self._sent.at_wall(wall)
            self._marks.programme(Mark(at, wall, "programme", text, until=until))

    def programme_at(self, at: float) -> Mark | None:
        """The programme that is heard at a place; None also after its end."""
        with self._changed:
            found = self._marks.last("programme", at)
            if found is None or (found.until is not None and found.until <= self._wall_at(at)):
                return None
            return found

    def at_wall(self, wall: datetime) -> float:
        """Where on the tape is what the station sent at a time; it may lie outside the tape."""
        with self._changed:
            return self._sent.at_wall(wall)

    def title_at(self, at: float) -> Mark | None:
        """The title that is heard at a place."""
        with self._changed:
            return self._marks.last("title", at)

    def next_mark(self, at: float) -> Mark | None:
        """The first mark after a place."""
        with self._changed:
            return self._marks.after(at)

    def wall_at(self, at: float) -> datetime:
        """When the station sent what is at a place, to about a second."""
        with self._changed:
            return self._wall_at(at)

    def open_at(self, at: float | None = None) -> TapeReader:
        """A reader from a place on; None is the oldest. Out of the tape means its nearest end."""
        with self._changed:
            index = 0 if at is None else max(0, bisect_right(self._times, at) - 1)
            if at is not None and at >= self._end:
                return TapeReader(self, self._bytes.end, self._end, self._take_at(self._bytes.end))
            if not self._times:
                return TapeReader(self, self._bytes.end, self._end, self._take_at(self._bytes.end))
            offset, begin = self._offsets[index], self._times[index]
            wanted = begin if at is None else max(begin, at)
            return TapeReader(self, offset, wanted, self._take_at(offset), skip=wanted - begin)

    def span(self, begin: float, end: float | None = None) -> Excerpt:
        """What is between two places, to be kept; ``end`` None goes on with the tape."""
        with self._changed:
            return Excerpt(self, begin, end)

    def finish(self) -> None:
        """Nothing more will come: readers find an end."""
        with self._changed:
            self._finished = True
            self._changed.notify_all()

    def close(self) -> None:
        """Throw the tape away. Readers end; the files go on the tape's own thread.

        Where a span is still being kept, they go after that.
        """
        with self._changed:
            if self._closed:
                return
            self._closed = True
            is_kept = self._spans > 0
            self._changed.notify_all()
        if not is_kept:
            self._bytes.close()

    # With the lock held

    def _start(self) -> float:
        return self._times[0] if self._times else self._end

    def _has_place_before(self, seconds: float, size: int) -> bool:
        if not (self._is_whole and self._times) or self._takes.first.heads or self._finished:
            return False
        start = self._start() - seconds
        kept = self._bytes.end - self._bytes.begin + size
        return start >= 0 and self._end - start <= self._length and kept <= self._most_bytes()

    def _most_bytes(self) -> int:
        return min(self._size, MEMORY_BYTES) if self._bytes.disk_failed else self._size

    def _append(self, piece: Frame) -> None:
        take = self._takes.last
        if piece.head:
            if self._bytes.end != take.offset + len(take.heads):
                take = DecoderRun(self._bytes.end, self._end, take.format, take.codec, bytearray())
                self._takes.begin(take)
            take.heads += piece.data
        elif piece.start:
            self._times.append(self._end)
            self._offsets.append(self._bytes.end)
        self._bytes.append(piece.data)
        self._end += piece.seconds

    def _wall_at(self, at: float) -> datetime:
        return self._sent.wall_at(at, self._clock())

    def _drop_oldest(self) -> None:
        kept = self._bytes
        size = self._most_bytes()
        begin = kept.begin
        while (second := kept.second) is not None and (
            kept.end - kept.begin > size or self._end - self._time_of(second) > self._length
        ):
            kept.drop()
        if kept.begin != begin:
            self._forget_before(kept.begin)

    def _time_of(self, offset: int) -> float:
        index = bisect_right(self._offsets, offset)
        return self._times[index - 1] if index else self._start()

    def _forget_before(self, offset: int) -> None:
        """Drop the index, takes and marks of bytes that are gone."""
        self._is_whole = False
        index = bisect_right(self._offsets, offset - 1)
        del self._times[:index], self._offsets[:index]
        self._takes.forget_before(offset)
        self._sent.forget_before(self._start())
        self._marks.forget_before(self._start())

    def _take_at(self, offset: int) -> DecoderRun:
        return self._takes.at(offset) or DecoderRun(offset, self._end, "", "", bytearray())

    def _next_take(self, take: DecoderRun) -> DecoderRun | None:
        return self._takes.after(take)
