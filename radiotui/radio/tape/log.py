"""The log of a tape: its bytes, their index by time and their decoder runs, under one lock.

The tape appends to it; readers and excerpts read from it. Trimmed here: :meth:`TapeLog.trim`.
"""

from __future__ import annotations

import threading
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from radiotui.problems import Problem
from radiotui.radio.framing.frames import Frame
from radiotui.radio.tape.decoder_runs import DecoderRun, DecoderRuns
from radiotui.radio.tape.segments import MEMORY_BYTES, TapeSegments

MOST_RUNS = 5000
"""Decoder runs of a tape: a link of Ogg for each second of an hour, and more."""


class LogPlace(NamedTuple):
    """A frame that a decoder can begin with."""

    offset: int
    at: float
    """Seconds of sound since the tape began."""


class TapeLog:
    """Everything but :attr:`changed` and :meth:`close` is used with the lock of ``changed`` held.

    ``folder`` is the tape's own; ``on_problem`` is called once, from any thread, when the
    disk takes no more.
    """

    def __init__(self, folder: Path, on_problem: Callable[[Problem], None]) -> None:
        self.changed = threading.Condition()
        """The lock; notified when there is more to read, or an end."""
        self.segments = TapeSegments(folder, on_problem)
        self.runs = DecoderRuns()
        # Where a decoder may begin: media time and offset of every such frame.
        self._times = array("d")
        self._offsets = array("q")
        self.end = 0.0
        """The newest place, in seconds."""
        self.is_whole = True
        """Untrimmed so far."""
        self.is_finished = False
        """No more sound will be appended."""
        self.is_closed = False
        self._excerpts = 0

    @property
    def start(self) -> float:
        """The oldest place that can be heard, in seconds."""
        return self._times[0] if self._times else self.end

    @property
    def has_sound(self) -> bool:
        """There is a place to begin at."""
        return bool(self._times)

    @property
    def is_over(self) -> bool:
        """No more sound, for whatever reason."""
        return self.is_finished or self.is_closed

    @property
    def size(self) -> int:
        """Bytes of the stream that are there."""
        return self.segments.end - self.segments.begin

    @property
    def index_bytes(self) -> int:
        """Memory of the index and of the runs' headers."""
        return 16 * len(self._times) + self.runs.head_bytes

    # Places

    @property
    def places(self) -> tuple[float, ...]:
        """Every place that a decoder can begin at, in seconds."""
        return tuple(self._times)

    def place_before(self, at: float) -> LogPlace:
        """The last place not after ``at`` (seconds), else the first. Only where there is sound."""
        index = max(0, bisect_right(self._times, at) - 1)
        return LogPlace(self._offsets[index], self._times[index])

    def place_from(self, offset: int) -> LogPlace:
        """The first place from an offset on, else the end."""
        index = bisect_left(self._offsets, offset)
        if index < len(self._offsets):
            return LogPlace(self._offsets[index], self._times[index])
        return LogPlace(self.segments.end, self.end)

    def offset_from(self, at: float) -> int:
        """The offset of the first place not before ``at`` (seconds), else the end's."""
        index = bisect_left(self._times, at)
        return self._offsets[index] if index < len(self._times) else self.segments.end

    def is_place(self, at: float) -> bool:
        """A frame begins exactly at ``at`` (seconds)."""
        index = bisect_left(self._times, at)
        return index < len(self._times) and self._times[index] == at

    def time_of(self, offset: int) -> float:
        """The place, in seconds, of the frame that the byte at an offset belongs to."""
        index = bisect_right(self._offsets, offset)
        return self._times[index - 1] if index else self.start

    def run_at(self, offset: int) -> DecoderRun:
        """The run of the byte at an offset; an empty one before there is any."""
        return self.runs.at(offset) or DecoderRun(offset, self.end, "", "", bytearray())

    # Writing

    def append(self, frame: Frame) -> None:
        """Put a frame on the end. A header frame begins a new run, or goes on with its headers."""
        run = self.runs.last
        if frame.head:
            if run.parameters or self.segments.end != run.offset + len(run.heads):
                run = self._begin_run(run)
            run.heads += frame.data
            run.parameters = frame.parameters
        elif frame.fresh and self.segments.end != run.offset:
            run = self._begin_run(run)
            run.fresh = True
        run.has_sound = run.has_sound or not frame.head
        if frame.start and not frame.head:
            self._times.append(self.end)
            self._offsets.append(self.segments.end)
        self.segments.append(frame.data)
        self.end += frame.seconds

    def _begin_run(self, before: DecoderRun) -> DecoderRun:
        """Begin a run of the same connection here."""
        run = DecoderRun(self.segments.end, self.end, before.format, before.codec, bytearray())
        self.runs.begin(run)
        return run

    def put_before(self, frames: Sequence[Frame], at: float) -> None:
        """Put frames before the oldest there is; they begin at ``at`` seconds."""
        data = b"".join(frame.data for frame in frames)
        offset = self.segments.begin - len(data)
        self.runs.first.at, self.runs.first.offset = at, offset
        times, offsets = array("d"), array("q")
        for frame in frames:
            times.append(at)
            offsets.append(offset)
            at += frame.seconds
            offset += len(frame.data)
        self._times, self._offsets = times + self._times, offsets + self._offsets
        self.segments.put_before(data)

    def most_bytes(self, size: int) -> int:
        """The most bytes that may be there where ``size`` are wanted: fewer without a disk."""
        return min(size, MEMORY_BYTES) if self.segments.disk_failed else size

    def trim(self, length: float, size: int) -> bool:
        """Drop the oldest segments beyond ``length`` (seconds) or ``size`` (bytes); any dropped.

        Their index and runs go with them.
        """
        segments, begin = self.segments, self.segments.begin
        size = self.most_bytes(size)
        while (second := segments.second) is not None and (
            self.size > size
            or self.end - self.time_of(second) > length
            or len(self.runs) > MOST_RUNS
        ):
            segments.drop()
            self.runs.forget_before(segments.begin)
        if segments.begin == begin:
            return False
        self.is_whole = False
        index = bisect_right(self._offsets, segments.begin - 1)
        del self._times[:index], self._offsets[:index]
        return True

    # Ends

    def hold(self) -> None:
        """Keep the files for one more excerpt, also when the tape is closed."""
        self._excerpts += 1

    def release(self) -> None:
        """End a :meth:`hold`; the last one of a closed tape lets the files go."""
        self._excerpts -= 1
        if self.is_closed and not self._excerpts:
            self.segments.close()

    def close(self) -> None:
        """Wake and end all readers; the files go once no excerpt holds them. Takes the lock."""
        with self.changed:
            if self.is_closed:
                return
            self.is_closed = True
            self.changed.notify_all()
            if not self._excerpts:
                self.segments.close()
