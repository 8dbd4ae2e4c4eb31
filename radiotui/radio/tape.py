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
import shutil
import threading
from array import array
from bisect import bisect_right, insort
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Literal

from radiotui.problems import Problem
from radiotui.radio.pieces import Piece
from radiotui.radio.segments import MEMORY_BYTES, MIB, Gone, Segments
from radiotui.radio.span import Span

log = logging.getLogger(__name__)

_numbers = count(1)
_CLOCKS_DIFFER = timedelta(seconds=1)
"""What a station's clock may be off from segment to segment without having been set."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened at a place on the tape."""

    at: float
    """Seconds of sound since the tape began."""
    wall: datetime
    kind: Literal["title", "programme", "reconnect"]
    text: str = ""
    """A title or a programme; empty when the station stopped naming what it plays."""
    ad: bool = False
    until: datetime | None = None
    """When a programme is to end, where that is known."""


@dataclass(slots=True)
class _Take:
    """A run of bytes that one decoder can read: one connection, or one link of an Ogg chain."""

    offset: int
    at: float
    format: str
    codec: str
    heads: bytearray
    """Header pages that every decoder beginning within this take must be given first."""
    fresh: bool = False
    """A decoder of the take before cannot go on here, though the format is the same."""

    def goes_on_from(self, before: _Take) -> bool:
        """Whether a decoder of ``before`` can read on."""
        return not self.fresh and (self.format, self.codec) == (before.format, before.codec)


@dataclass(slots=True)
class _Connection:
    """Ties media time to the wall clock for the sound of one connection."""

    at: float
    zero: datetime
    """When the sound at media time 0 was sent, or would have been."""
    told: bool = False
    """The station said so itself."""


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
        self._bytes = Segments(folder / f"{os.getpid()}-{next(_numbers)}", on_problem)
        self._length = length
        self._size = size
        self._clock = clock
        self._changed = threading.Condition()
        self._takes: deque[_Take] = deque()
        self._connections: deque[_Connection] = deque()
        self._marks: deque[Mark] = deque()
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
            index = 16 * len(self._times) + sum(len(take.heads) for take in self._takes)
            return index + self._bytes.in_memory

    def leave_room(self, seconds: float) -> None:
        """Let an empty tape begin at ``seconds``, so that older sound fits before it."""
        with self._changed:
            if not self._connections:
                self._end = min(seconds, self._length)

    def connect(
        self, format_: str, codec: str, *, fresh: bool = False, goes_on: bool = False
    ) -> None:
        """A connection's sound begins. All but the first leave a mark.

        ``fresh``: a decoder of what came before cannot go on with it, as where the rate changes.
        ``goes_on``: it follows what came before without a gap, and needs no headers of its own.
        """
        with self._changed:
            if self._connections:
                self._mark(Mark(self._end, self._clock(), "reconnect"))
            self._connections.append(
                _Connection(self._end, self._clock() - timedelta(seconds=self._end))
            )
            if not (goes_on and self._takes):
                take = _Take(self._bytes.end, self._end, format_, codec, bytearray(), fresh)
                self._takes.append(take)

    def put_before(self, pieces: Sequence[Piece]) -> bool:
        """Put sound before the oldest there is, which it must lead up to in the same format.

        False, and nothing changes, when there is no place for it.
        """
        seconds = sum(piece.seconds for piece in pieces)
        size = sum(len(piece.data) for piece in pieces)
        with self._changed:
            if not self._has_place_before(seconds, size):
                return False
            at, offset = self._start() - seconds, self._bytes.begin - size
            take, connection = self._takes[0], self._connections[0]
            take.at, take.offset, connection.at = at, offset, min(at, connection.at)
            times, offsets = array("d"), array("q")
            for piece in pieces:
                times.append(at)
                offsets.append(offset)
                at += piece.seconds
                offset += len(piece.data)
            self._times, self._offsets = times + self._times, offsets + self._offsets
            self._bytes.put_before(b"".join(piece.data for piece in pieces))
            return True

    def append(self, pieces: Iterable[Piece]) -> None:
        """Put sound on the tape's end, and wake who waits for it."""
        with self._changed:
            for piece in pieces:
                self._append(piece)
            self._settle_clock()
            self._drop_oldest()
            self._changed.notify_all()

    def set_wall(self, at: float, wall: datetime) -> None:
        """The station says that it sent what is at ``at`` (of its newest connection) then."""
        with self._changed:
            connection = self._connections[-1]
            zero = wall - timedelta(seconds=at)
            if not connection.told:
                connection.zero, connection.told = zero, True
            elif abs(zero - connection.zero) > _CLOCKS_DIFFER:
                self._connections.append(_Connection(at, zero, told=True))

    def mark_title(self, text: str, *, ad: bool = False, at: float | None = None) -> None:
        """From here (or from ``at``) on this is heard; the same title twice is one mark."""
        with self._changed:
            place = self._end if at is None else at
            titles = [mark for mark in self._marks if mark.kind == "title"]
            before = next((mark for mark in reversed(titles) if mark.at <= place), None)
            if before is not None and (before.text, before.ad) == (text, ad):
                return
            after = next((mark for mark in titles if mark.at > place), None)
            if after is not None and (after.text, after.ad) == (text, ad):
                self._marks.remove(after)
            self._mark(Mark(place, self._wall_at(place), "title", text, ad))

    def mend_titles(self, texts: Mapping[str, str]) -> None:
        """Titles that were read wrong: what they are, by what they were taken for."""
        with self._changed:
            for place, mark in enumerate(self._marks):
                if mark.kind == "title" and mark.text in texts:
                    self._marks[place] = replace(mark, text=texts[mark.text])

    def mark_programme(self, text: str, wall: datetime, until: datetime | None = None) -> None:
        """A programme began at ``wall``, which may be before the tape's beginning.

        Said again, or said better (a new end), it stays one mark.
        """
        with self._changed:
            same = [m for m in self._marks if m.kind == "programme" and m.wall == wall]
            if same and (same[0].text, same[0].until) == (text, until):
                return
            for mark in same:
                self._marks.remove(mark)
            self._mark(Mark(self._at_wall(wall), wall, "programme", text, until=until))

    def programme_at(self, at: float) -> Mark | None:
        """The programme that is heard at a place; None also after its end."""
        with self._changed:
            found = next(
                (m for m in reversed(self._marks) if m.kind == "programme" and m.at <= at), None
            )
            if found is None or (found.until is not None and found.until <= self._wall_at(at)):
                return None
            return found

    def at_wall(self, wall: datetime) -> float:
        """Where on the tape is what the station sent at a time; it may lie outside the tape."""
        with self._changed:
            return self._at_wall(wall)

    def title_at(self, at: float) -> Mark | None:
        """The title that is heard at a place."""
        with self._changed:
            return next(
                (m for m in reversed(self._marks) if m.kind == "title" and m.at <= at), None
            )

    def next_mark(self, at: float) -> Mark | None:
        """The first mark after a place."""
        with self._changed:
            return next((mark for mark in self._marks if mark.at > at), None)

    def wall_at(self, at: float) -> datetime:
        """When the station sent what is at a place, to about a second."""
        with self._changed:
            return self._wall_at(at)

    def open_at(self, at: float | None = None) -> Reader:
        """A reader from a place on; None is the oldest. Out of the tape means its nearest end."""
        with self._changed:
            index = 0 if at is None else max(0, bisect_right(self._times, at) - 1)
            if at is not None and at >= self._end:
                return Reader(self, self._bytes.end, self._end, self._take_at(self._bytes.end))
            if not self._times:
                return Reader(self, self._bytes.end, self._end, self._take_at(self._bytes.end))
            offset = self._offsets[index]
            return Reader(self, offset, self._times[index], self._take_at(offset))

    def span(self, begin: float, end: float | None = None) -> Span:
        """What is between two places, to be kept; ``end`` None goes on with the tape."""
        with self._changed:
            return Span(self, begin, end)

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
        if not (self._is_whole and self._times) or self._takes[0].heads or self._finished:
            return False
        start = self._start() - seconds
        kept = self._bytes.end - self._bytes.begin + size
        return start >= 0 and self._end - start <= self._length and kept <= self._most_bytes()

    def _most_bytes(self) -> int:
        return min(self._size, MEMORY_BYTES) if self._bytes.disk_failed else self._size

    def _append(self, piece: Piece) -> None:
        take = self._takes[-1]
        if piece.head:
            if self._bytes.end != take.offset + len(take.heads):
                take = _Take(self._bytes.end, self._end, take.format, take.codec, bytearray())
                self._takes.append(take)
            take.heads += piece.data
        elif piece.start:
            self._times.append(self._end)
            self._offsets.append(self._bytes.end)
        self._bytes.append(piece.data)
        self._end += piece.seconds

    def _mark(self, mark: Mark) -> None:
        """Marks stand in the order of their places, whenever they came."""
        insort(self._marks, mark, key=lambda other: other.at)

    def _settle_clock(self) -> None:
        """A burst comes faster than it is heard: the earliest fit is when it was sent."""
        connection = self._connections[-1]
        if not connection.told:
            zero = self._clock() - timedelta(seconds=self._end)
            connection.zero = min(connection.zero, zero)

    def _wall_at(self, at: float) -> datetime:
        connection = next((c for c in reversed(self._connections) if c.at <= at), None)
        zero = connection.zero if connection else self._clock()
        return zero + timedelta(seconds=at)

    def _at_wall(self, wall: datetime) -> float:
        """Within a gap between two connections: where the sound goes on."""
        place = 0.0
        for number, connection in enumerate(self._connections):
            place = (wall - connection.zero).total_seconds()
            if number:
                place = max(place, connection.at)
            later = self._connections[number + 1] if number + 1 < len(self._connections) else None
            if later is None or place < later.at:
                return place
        return place

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
        while len(self._takes) > 1 and self._takes[1].offset <= offset:
            self._takes.popleft()
        start = self._start()
        while len(self._connections) > 1 and self._connections[1].at <= start:
            self._connections.popleft()
        gone = {mark.kind: mark for mark in self._marks if mark.at <= start}
        still = [mark for kind, mark in gone.items() if kind != "reconnect"]
        self._marks = deque([*still, *(mark for mark in self._marks if mark.at > start)])

    def _take_at(self, offset: int) -> _Take:
        found = next((take for take in reversed(self._takes) if take.offset <= offset), None)
        return found or _Take(offset, self._end, "", "", bytearray())

    def _next_take(self, take: _Take) -> _Take | None:
        return next((later for later in self._takes if later.offset > take.offset), None)


class Reader:
    """Reads a tape from one place on; what an engine plays.

    It ends where a different decoder is needed, when it is overtaken by the
    tape's other end, when the tape is finished, and when it is closed.
    """

    def __init__(self, tape: Tape, offset: int, at: float, take: _Take) -> None:
        self.start = at
        """Where on the tape the first sound stands, in seconds."""
        self._tape = tape
        self._offset = offset
        self._take = take
        after_heads = offset >= take.offset + len(take.heads)
        self._heads = bytes(take.heads) if after_heads else b""
        self._closed = False
        self._more_at: float | None = None

    @property
    def format(self) -> str:
        """FFmpeg's name of the container."""
        return self._take.format

    @property
    def more_at(self) -> float | None:
        """After the end: where the tape goes on for another reader, None: nowhere."""
        return self._more_at

    def read(self, size: int) -> bytes:
        """At least one byte, waiting for it; b"" is the end."""
        tape = self._tape
        with tape._changed:
            if self._heads and not self._closed:
                head, self._heads = self._heads[:size], self._heads[size:]
                return head
            while not self._at_end():
                if self._offset < tape._bytes.end:
                    break
                tape._changed.wait()
            else:
                return b""
            segment = tape._bytes.at(self._offset)
            within = self._offset - segment.offset
            size = min(size, segment.length - within, self._until() - self._offset)
            in_memory = segment.data
            if in_memory is not None:
                self._offset += size
                return bytes(memoryview(in_memory)[within : within + size])
        try:
            data = segment.from_file(within, size)
        except Gone:
            return self.read(size)
        self._offset += len(data)
        return data

    def close(self) -> None:
        """Wake whoever reads."""
        with self._tape._changed:
            self._closed = True
            self._tape._changed.notify_all()

    def _at_end(self) -> bool:
        """With the lock held: whether nothing more comes, and where another reader goes on."""
        tape = self._tape
        if self._closed or tape._closed:
            return True
        if self._offset < tape._bytes.begin:
            self._more_at = tape._start()
            return True
        later = self._boundary()
        if later is not None and self._offset >= later.offset:
            self._more_at = later.at
            return True
        return tape._finished and self._offset >= tape._bytes.end

    def _boundary(self) -> _Take | None:
        """The next take that this reader's decoder cannot go on with."""
        take: _Take | None = self._take
        while take is not None:
            later = self._tape._next_take(take)
            if later is not None and later.goes_on_from(take):
                self._take = later if later.offset <= self._offset else self._take
                take = later
                continue
            return later
        return None

    def _until(self) -> int:
        later = self._boundary()
        return self._tape._bytes.end if later is None else later.offset


def remove_leftovers(folder: Path) -> None:
    """Remove tapes of processes that are gone."""
    if os.name != "posix" or not folder.is_dir():
        return
    for left in folder.iterdir():
        pid = left.name.partition("-")[0]
        if pid.isdecimal() and int(pid) != os.getpid() and not _alive(int(pid)):
            shutil.rmtree(left, ignore_errors=True)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True
