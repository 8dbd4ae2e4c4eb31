"""The tape's bytes: the newest in memory, the others in files.

A thread writes full segments, so that appending never waits for a disk. When
the disk takes nothing more, new segments stay in memory, and the tape is shorter.
"""

from __future__ import annotations

import contextlib
import shutil
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue

from radiotui.files import make_private_folder, open_private
from radiotui.problems import Problem

KIB = 1024
MIB = 1024 * KIB
SEGMENT_BYTES = 512 * KIB
MEMORY_BYTES = 16 * MIB
"""Bytes of tape when the disk takes nothing: some 15 minutes at 128 kbit/s."""


class Gone(Exception):  # noqa: N818 - it is what happened, not a fault
    """The bytes were dropped since they were looked for, or their file is lost."""


class TapeSegment:
    """A run of bytes from ``offset`` on, in memory or in a file."""

    __slots__ = ("data", "length", "offset", "path")

    def __init__(self, offset: int) -> None:
        self.offset = offset
        self.length = 0
        self.data: bytearray | None = bytearray()
        self.path: Path | None = None

    def from_file(self, within: int, size: int) -> bytes:
        """Bytes of a segment that is in its file. Raises Gone where there are none."""
        assert self.path is not None
        try:
            with self.path.open("rb") as file:
                file.seek(within)
                data = file.read(size)
        except OSError:
            data = b""
        if not data:
            raise Gone
        return data


class TapeSegments:
    """Bytes by offset: appended at one end, dropped at the other, a segment at a time."""

    def __init__(self, folder: Path, on_problem: Callable[[Problem], None]) -> None:
        self._folder = folder
        self._on_problem = on_problem
        self._lock = threading.Lock()
        self._segments: deque[TapeSegment] = deque([TapeSegment(0)])
        self._full: SimpleQueue[TapeSegment | threading.Event | None] = SimpleQueue()
        self._writer: threading.Thread | None = None
        self._is_closed = False
        self.end = 0
        """The offset of the next byte."""
        self.disk_failed = False
        self._has_losses = False

    @property
    def begin(self) -> int:
        """The offset of the oldest byte."""
        return self._segments[0].offset

    @property
    def second(self) -> int | None:
        """The offset of the oldest byte after :meth:`drop`; None: there is but one segment."""
        return self._segments[1].offset if len(self._segments) > 1 else None

    @property
    def in_memory(self) -> int:
        """Bytes that are in no file."""
        with self._lock:
            return sum(len(segment.data) for segment in self._segments if segment.data is not None)

    def append(self, data: bytes) -> None:
        """Put bytes at the end."""
        segment = self._segments[-1]
        assert segment.data is not None
        segment.data += data
        segment.length += len(data)
        self.end += len(data)
        if segment.length >= SEGMENT_BYTES:
            self._segments.append(TapeSegment(self.end))
            if not self.disk_failed:
                self._hand_over(segment)

    def put_before(self, data: bytes) -> None:
        """Put bytes before the oldest: offsets below 0 are offsets too."""
        segment = TapeSegment(self.begin - len(data))
        segment.data = bytearray(data)
        segment.length = len(data)
        with self._lock:
            self._segments.appendleft(segment)
        if not self.disk_failed:
            self._hand_over(segment)

    def drop(self) -> None:
        """Throw the oldest segment away."""
        with self._lock:
            segment = self._segments.popleft()
        if segment.path is not None:
            segment.path.unlink(missing_ok=True)

    def at(self, offset: int) -> TapeSegment:
        """The segment that holds ``offset``. Raises Gone when it was dropped."""
        for segment in reversed(self._segments):
            if segment.offset <= offset:
                return segment
        raise Gone

    def report_loss(self) -> None:
        """Report that a file was removed or damaged by others; the first time only."""
        is_first, self._has_losses = not self._has_losses, True
        if is_first:
            self._on_problem(
                Problem(
                    "A part of the tape is lost",
                    "its file was removed or damaged: it goes on behind that",
                    str(self._folder),
                )
            )

    def close(self) -> None:
        """Remove the files, on the thread that wrote them."""
        self._is_closed = True
        if self._writer is not None:
            self._full.put(None)

    def flushed(self, seconds: float) -> bool:
        """Wait until the thread has done its work so far; False when it takes longer."""
        if self._writer is None:
            return True
        if self._is_closed:
            self._writer.join(seconds)
            return not self._writer.is_alive()
        done = threading.Event()
        self._full.put(done)
        return done.wait(seconds)

    def _hand_over(self, segment: TapeSegment) -> None:
        if self._writer is None:
            self._writer = threading.Thread(target=self._write, name="radiotui-tape", daemon=True)
            self._writer.start()
        self._full.put(segment)

    def _write(self) -> None:
        while (segment := self._full.get()) is not None:
            if isinstance(segment, threading.Event):
                segment.set()
                continue
            path = self._folder / f"{segment.offset:015d}"
            try:
                make_private_folder(self._folder)
                with open_private(path, "wb") as file:
                    file.write(segment.data or b"")
            except OSError as error:
                with contextlib.suppress(OSError):
                    path.unlink(missing_ok=True)
                self._fail(error)
                continue
            with self._lock:
                is_dropped = segment.offset < self.begin
                if not is_dropped:
                    # In this order: whoever finds no data finds a path.
                    segment.path = path
                    segment.data = None
            if is_dropped:
                path.unlink(missing_ok=True)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _fail(self, error: OSError) -> None:
        is_first, self.disk_failed = not self.disk_failed, True
        if is_first:
            self._on_problem(
                Problem(
                    f"The tape cannot be written: {error.strerror or error}",
                    f"it goes on in memory, with the newest {MEMORY_BYTES // MIB} MB",
                    str(self._folder),
                )
            )
