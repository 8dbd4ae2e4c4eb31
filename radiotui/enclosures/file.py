"""A file that is written where its bytes come, and read where they are wanted.

The map of its bytes lies beside it, so that another run goes on where this one ended. A file
whose map does not belong to it begins anew.
"""

from __future__ import annotations

import errno
import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from radiotui.enclosures.byte_ranges import ByteRanges
from radiotui.files import make_private_folder, read_beginning, write_atomically
from radiotui.problems import Problem

log = logging.getLogger(__name__)

_MOST_MAP = 1024 * 1024
_SEEK_SIZE, _SEEK_FORCE = 0x10000, 0x20000
"""FFmpeg's own kinds of seeking: "how long is it", and "by whatever means"."""
_MOST_READ = 256 * 1024


class FileVersion(msgspec.Struct, frozen=True):
    """Marks by which one version of a file is told from another (RFC 9110 §8.8)."""

    total: int | None = None
    """Bytes of all of it; None: not known."""
    etag: str = ""
    last_modified: str = ""
    is_total_told: bool = True
    """False where nobody told the total: the body ended there."""

    def is_another(self, other: FileVersion) -> bool:
        """True where the two are surely not the same bytes."""
        pairs = (
            (self.total, other.total),
            (self.etag, other.etag),
            (self.last_modified, other.last_modified),
        )
        return any(mine and theirs and mine != theirs for mine, theirs in pairs)


class _Map(msgspec.Struct, frozen=True):
    """The map as it lies beside its file."""

    number: int
    """The file's own number (inode): a map without its file is worth nothing."""
    version: FileVersion
    ranges: tuple[tuple[int, int], ...] = ()


class EnclosureFile:
    """Bytes of one version. Readers on any thread wait until theirs have come.

    :attr:`on_want` is called, on the reader's thread, before each read.
    Everything here but :attr:`is_whole` and the readers' making may block on the disk.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.version: FileVersion | None = None
        """None before the first answer."""
        self.wanted = 0
        """The byte that is needed next."""
        self.on_want: Callable[[], None] | None = None
        self._map_path = path.with_suffix(".map")
        self._ranges = ByteRanges()
        self._problem: Problem | None = None
        self._closed = False
        self._newest: EnclosureReader | None = None
        self._gives_way = False
        self._users = 0
        """Threads that write just now."""
        self._changed = threading.Condition()
        make_private_folder(path.parent)
        self._handle = self._open()

    @property
    def is_whole(self) -> bool:
        """True where every byte is there."""
        total = self.version.total if self.version else None
        return total is not None and self._ranges.covers(total)

    @property
    def bytes_there(self) -> int:
        """Number of bytes that have come."""
        with self._changed:
            return self._ranges.length

    @property
    def gives_way(self) -> bool:
        """True where the host sends another version: it begins anew the next time."""
        return self._gives_way

    def missing_from(self, at: int) -> tuple[int, int | None]:
        """The first missing byte from ``at`` on, and the next one after it that is there."""
        with self._changed:
            begin = self._ranges.end_from(at)
            return begin, self._ranges.next_begin(begin)

    def write(self, at: int, data: bytes) -> None:
        """Write ``data`` at its place, and wake whoever waits for it. Raises OSError."""
        done = 0
        with self._in_use():
            while done < len(data):
                done += os.pwrite(self._handle, memoryview(data)[done:], at + done)
        with self._changed:
            self._ranges.add(at, at + len(data))
            self._problem = None
            self._changed.notify_all()

    def note(self, version: FileVersion) -> None:
        """Note which version it is, and wake whoever asked how long it is."""
        with self._changed:
            self.version = version
            self._changed.notify_all()

    def fail(self, problem: Problem) -> None:
        """Tell every reader that waits, or will wait, why nothing more comes."""
        with self._changed:
            self._problem = problem
            self._changed.notify_all()

    def give_way(self) -> None:
        """Be read to the end of what is there, and begin anew the next time."""
        with self._changed:
            self._gives_way = True

    def save(self) -> None:
        """Write the map: of bytes that the disk has by then. Raises OSError."""
        with self._in_use():
            with self._changed:
                if self.version is None or self._gives_way:
                    return
                number = os.fstat(self._handle).st_ino
                saved = _Map(number, self.version, tuple(self._ranges))
            os.fsync(self._handle)
        write_atomically(self._map_path, msgspec.json.encode(saved), private=True)

    def close(self) -> None:
        """Save the map, and end every reader."""
        try:
            self.save()
            if self._gives_way:
                self._map_path.unlink(missing_ok=True)
        except OSError as error:
            log.warning("the map of an enclosure is not kept: %s", error)
        with self._changed:
            self._closed = True
            self._let_go()
            self._changed.notify_all()

    def reader(self, *, is_ear: bool = True) -> EnclosureReader:
        """A reader of its own place. What the ear's newest one reads is what is wanted."""
        reader = EnclosureReader(self)
        if is_ear:
            self._newest = reader
        return reader

    # For readers

    def read_for(self, reader: EnclosureReader, size: int) -> bytes:
        """At least one byte, waiting for it; b"" at the end, or once closed. Raises Problem."""
        at = reader.tell()
        with self._changed:
            # What was heard before is heard until the newest has its first sound.
            if reader is self._newest:
                self.wanted = at
                # Also where it is there: what is heard next has to come in time.
                if self.on_want is not None:
                    self.on_want()
            while True:
                if self._closed or reader.is_closed:
                    return b""
                end = self._ranges.end_from(at)
                if end > at:
                    return os.pread(self._handle, min(size, end - at, _MOST_READ), at)
                total = self.version.total if self.version else None
                if total is not None and at >= total:
                    return b""
                if self._problem is not None:
                    raise self._problem.reworded()
                self._changed.wait()

    def wake(self) -> None:
        """Wake readers: one of them was closed."""
        with self._changed:
            self._changed.notify_all()

    # Inside

    @contextmanager
    def _in_use(self) -> Iterator[None]:
        """Hold the file open: a number that was closed may be another file's by now."""
        with self._changed:
            if self._closed:
                raise OSError(errno.EBADF, "the file is closed")
            self._users += 1
        try:
            yield
        finally:
            with self._changed:
                self._users -= 1
                self._let_go()

    def _let_go(self) -> None:
        if self._closed and not self._users and self._handle >= 0:
            os.close(self._handle)
            self._handle = -1

    def _open(self) -> int:
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
        kept = self._kept_map()
        if kept is None:
            # Never into a file that another program may be writing.
            self.path.unlink(missing_ok=True)
            return os.open(self.path, flags | os.O_EXCL, 0o600)
        self.version, self._ranges = kept.version, ByteRanges(kept.ranges)
        return os.open(self.path, flags, 0o600)

    def _kept_map(self) -> _Map | None:
        """The map of the bytes that are there; None where it is missing, damaged or another's."""
        try:
            kept = msgspec.json.decode(read_beginning(self._map_path, _MOST_MAP), type=_Map)
            status = self.path.stat()
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            log.warning("the map of an enclosure cannot be read: %s", error)
            return None
        end = max((end for _, end in kept.ranges), default=0)
        return kept if status.st_ino == kept.number and end <= status.st_size else None


class EnclosureReader:
    """The face of an :class:`EnclosureFile` for FFmpeg: blocking, and it can be sought in."""

    def __init__(self, file: EnclosureFile) -> None:
        self._file = file
        self._at = 0
        self.is_closed = False

    def read(self, size: int = -1) -> bytes:
        """At least one byte, waiting for it; b"" at the end. Raises Problem."""
        size = size if size > 0 else _MOST_READ
        data = self._file.read_for(self, size)
        self._at += len(data)
        return data

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """The new place, or how long it is where FFmpeg asks that; -1: not known."""
        whence &= ~_SEEK_FORCE
        total = self._file.version.total if self._file.version else None
        if whence == _SEEK_SIZE:
            return -1 if total is None else total
        if whence == os.SEEK_END and total is None:
            return -1
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at}.get(whence, total or 0)
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        """The place of the next byte."""
        return self._at

    def close(self) -> None:
        """Give nothing more."""
        self.is_closed = True
        self._file.wake()
