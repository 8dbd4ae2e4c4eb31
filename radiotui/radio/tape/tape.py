"""The tape: the last hour of a stream, on disk, that can be read from any place.

The tuner appends frames of sound at one end; readers open it at a time and
block for more when they reach the newest sound. Its time is media time, seconds
of sound since the tape began, and goes on through reconnects; the wall clock is
kept beside it. Sound older than the tape's length, or beyond its size, is
trimmed from the other end with each :meth:`Tape.append`.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from radiotui.problems import Problem
from radiotui.radio.framing.frames import Frame
from radiotui.radio.tape.decoder_runs import DecoderRun
from radiotui.radio.tape.excerpt import Excerpt
from radiotui.radio.tape.log import TapeLog
from radiotui.radio.tape.marks import Mark, Marks
from radiotui.radio.tape.reader import TapeReader
from radiotui.radio.tape.segments import MIB
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
        self._log = TapeLog(folder / f"{os.getpid()}-{next(_numbers)}", on_problem)
        self._changed = self._log.changed
        self._length = length
        self._size = size
        self._clock = clock
        self._wall_clock = WallClock()
        self._marks = Marks()

    @property
    def start(self) -> float:
        """The oldest place that can be heard, in seconds."""
        with self._changed:
            return self._log.start

    @property
    def end(self) -> float:
        """The newest place, in seconds."""
        return self._log.end

    @property
    def marks(self) -> tuple[Mark, ...]:
        """Marks, oldest first; the last title and programme from before ``start`` too."""
        with self._changed:
            return tuple(self._marks)

    @property
    def places(self) -> tuple[float, ...]:
        """Every place that a decoder can begin at, in seconds."""
        with self._changed:
            return self._log.places

    @property
    def kept_bytes(self) -> int:
        """Bytes of the stream that are on the tape."""
        with self._changed:
            return self._log.size

    @property
    def disk_bytes(self) -> int:
        """Bytes of the disk that the tape takes."""
        with self._changed:
            return self._log.size - self._log.segments.in_memory

    @property
    def memory_bytes(self) -> int:
        """Bytes of memory that the tape takes: the newest sound, and the index of frames."""
        with self._changed:
            return self._log.index_bytes + self._log.segments.in_memory

    def leave_room(self, seconds: float) -> None:
        """Let an empty tape begin at ``seconds``, so that older sound fits before it."""
        with self._changed:
            if not self._wall_clock:
                self._log.end = min(seconds, self._length)

    def connect(
        self, format_: str, codec: str, *, fresh: bool = False, goes_on: bool = False
    ) -> None:
        """Begin a connection's sound. All but the first leave a mark.

        ``fresh``: a decoder of the sound before cannot go on with it, as where the rate changes.
        ``goes_on``: it follows the sound before without a gap, and needs no headers of its own.
        """
        with self._changed:
            now, runs = self._clock(), self._log.runs
            if self._wall_clock:
                self._marks.add(Mark(self._log.end, now, "reconnect"))
            self._wall_clock.connect(self._log.end, now)
            if not (goes_on and runs):
                offset = self._log.segments.end
                runs.begin(DecoderRun(offset, self._log.end, format_, codec, bytearray(), fresh))

    def change_format(self, format_: str, codec: str) -> None:
        """Begin sound of another format, in the midst of a connection."""
        with self._changed:
            offset = self._log.segments.end
            self._log.runs.begin(DecoderRun(offset, self._log.end, format_, codec, bytearray()))

    def put_before(self, frames: Sequence[Frame]) -> bool:
        """Put sound before the oldest there is, which it must lead up to in the same format.

        False, and nothing changes, when there is no place for it.
        """
        seconds = sum(frame.seconds for frame in frames)
        size = sum(len(frame.data) for frame in frames)
        with self._changed:
            if not self._has_place_before(seconds, size):
                return False
            at = self._log.start - seconds
            self._log.put_before(frames, at)
            self._wall_clock.reach_back(at)
            return True

    def append(self, frames: Iterable[Frame]) -> None:
        """Put sound on the tape's end, trim its other end, and wake waiting readers."""
        with self._changed:
            for frame in frames:
                self._log.append(frame)
            self._wall_clock.advance(self._log.end, self._clock())
            if self._log.trim(self._length, self._size):
                self._wall_clock.forget_before(self._log.start)
                self._marks.forget_before(self._log.start)
            self._changed.notify_all()

    def set_wall(self, at: float, wall: datetime) -> None:
        """Set the wall-clock time of a place of the newest connection, as the station says."""
        with self._changed:
            self._wall_clock.set(at, wall)

    def mark_title(self, text: str, *, ad: bool = False, at: float | None = None) -> None:
        """Set the title from here (or from ``at``) on; the same title twice is one mark."""
        with self._changed:
            place = self._log.end if at is None else at
            self._marks.title(Mark(place, self._wall_at(place), "title", text, ad))

    def mend_titles(self, texts: Mapping[str, str]) -> None:
        """Replace titles that were read wrong; ``texts`` are the right ones by the wrong ones."""
        with self._changed:
            self._marks.mend_titles(texts)

    def mark_programme(self, text: str, wall: datetime, until: datetime | None = None) -> None:
        """Mark a programme that began at ``wall``, which may be before the tape's beginning.

        With the same beginning and another end or name it stays one mark.
        """
        with self._changed:
            at = self._wall_clock.at_wall(wall)
            self._marks.programme(Mark(at, wall, "programme", text, until=until))

    def programme_at(self, at: float) -> Mark | None:
        """The programme that is heard at a place; None also after its end."""
        with self._changed:
            mark = self._marks.last("programme", at)
            if mark is None or (mark.until is not None and mark.until <= self._wall_at(at)):
                return None
            return mark

    def at_wall(self, wall: datetime) -> float:
        """The place, in seconds, of a wall-clock time; it may lie outside the tape."""
        with self._changed:
            return self._wall_clock.at_wall(wall)

    def title_at(self, at: float) -> Mark | None:
        """The title that is heard at a place."""
        with self._changed:
            return self._marks.last("title", at)

    def next_mark(self, at: float) -> Mark | None:
        """The first mark after a place."""
        with self._changed:
            return self._marks.after(at)

    def wall_at(self, at: float) -> datetime:
        """The wall-clock time at which a place was sent, to about a second."""
        with self._changed:
            return self._wall_at(at)

    def open_at(self, at: float | None = None) -> TapeReader:
        """A reader from a place on; None is the oldest. Out of the tape means its nearest end."""
        with self._changed:
            end = self._log.end
            if not self._log.has_sound or (at is not None and at >= end):
                return TapeReader(self._log, self._log.segments.end, end)
            place = self._log.place_before(self._log.start if at is None else at)
            heard_at = place.at if at is None else max(place.at, at)
            return TapeReader(self._log, place.offset, heard_at, skip=heard_at - place.at)

    def excerpt(self, begin: float, end: float | None = None) -> Excerpt:
        """The sound between two places, for a recording; ``end`` None goes on with the tape."""
        with self._changed:
            return Excerpt(self._log, begin, end)

    def finish(self) -> None:
        """End the tape: readers find an end after the newest sound."""
        with self._changed:
            self._log.is_finished = True
            self._changed.notify_all()

    def flushed(self, seconds: float = 5.0) -> bool:
        """Wait until the disk's thread has done its work; False when it takes longer.

        Full segments are in files then, or, once the tape is closed, the files are removed.
        """
        return self._log.segments.flushed(seconds)

    def close(self) -> None:
        """Throw the tape away. Readers end; the files go on the tape's own thread.

        Where an excerpt is still being read, they go after that.
        """
        self._log.close()

    # With the lock held

    def _has_place_before(self, seconds: float, size: int) -> bool:
        log_ = self._log
        if not (log_.is_whole and log_.has_sound) or log_.runs.first.heads or log_.is_finished:
            return False
        start = log_.start - seconds
        fits = log_.end - start <= self._length
        return start >= 0 and fits and log_.size + size <= log_.most_bytes(self._size)

    def _wall_at(self, at: float) -> datetime:
        return self._wall_clock.wall_at(at, self._clock())
