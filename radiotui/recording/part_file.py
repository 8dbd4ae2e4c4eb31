"""Unfinished files: written beside, hidden, and moved into place when they are whole.

The name holds the later name and the process that writes
(".2026-11-23 15.00 Fresh Air.4711-1.part"). The writer holds a lock on the file,
so that only files of programs that have ended count as left behind.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import BinaryIO

from radiotui.files import numbered_paths, process_is_alive
from radiotui.recording.filenames import safe

log = logging.getLogger(__name__)

_AT_ONCE = 16 * 1024
"""Bytes that are written together: what is lost when the disk takes no more."""
_NAME = re.compile(r"^\.(?P<stem>.+)\.\d+-\d+\.part$")
_numbers = count(1)


class PartFile:
    """An unfinished file. Every method blocks, and raises OSError when the disk does not obey."""

    def __init__(self, folder: Path, stem: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.stem = safe(stem)
        while True:
            self.path = folder / f".{self.stem}.{os.getpid()}-{next(_numbers)}.part"
            with contextlib.suppress(FileExistsError):
                self._file = self.path.open("xb", buffering=0)
                if is_free(self._file):
                    break
                self._file.close()
        self.size = 0
        """Bytes that were taken so far; the newest may not be in the file yet."""
        self._waiting = bytearray()
        self._written = 0

    def append(self, data: bytes) -> None:
        """Put whole packets at the end."""
        self._waiting += data
        self.size += len(data)
        if len(self._waiting) >= _AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Write the appended bytes: all of them, or the file stays as it was."""
        data, self._waiting = bytes(self._waiting), bytearray()
        try:
            self._write(data)
        except OSError:
            self.size = self._written
            with contextlib.suppress(OSError):
                self._file.truncate(self._written)
                self._file.seek(self._written)
            raise
        self._written += len(data)

    def patch(self, at: int, data: bytes) -> None:
        """Write over what is there."""
        self._file.seek(at)
        self._write(data)
        self._file.seek(0, os.SEEK_END)

    def sync(self) -> None:
        """Wait until the disk has it."""
        os.fsync(self._file.fileno())

    def place(self, suffix: str, *, number: int = 1, source: Path | None = None) -> Path:
        """Rename it to its stem with the next free number; ``source`` is placed instead of it."""
        path = put_in_place(source or self.path, self.stem, suffix, number=number)
        if source is not None:
            self.path.unlink(missing_ok=True)
        self._file.close()
        _sync_folder(path.parent)
        return path

    def discard(self) -> None:
        """Remove the file: it holds no sound."""
        self.path.unlink(missing_ok=True)
        self._file.close()

    def leave(self) -> None:
        """Close it as it is: the next start finishes it."""
        self._file.close()

    def _write(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[self._file.write(view) :]


def put_in_place(
    path: Path, stem: str, suffix: str, *, number: int = 1, folder: Path | None = None
) -> Path:
    """Rename a file to "stem.mp3", "stem (2).mp3"…, whichever is not there yet.

    ``folder`` is another one than its own, on the same disk.
    """
    first = (folder or path.parent) / (stem + suffix)
    for target in numbered_paths(first, " ({})", start=number):
        try:
            # Unlike renaming, a link never replaces what somebody else has put there.
            os.link(path, target)
        except FileExistsError:
            continue
        except OSError as error:
            log.debug("no links here: %s", error)
            if target.exists():
                continue
            path.rename(target)
            return target
        path.unlink()
        return target
    raise AssertionError("numbers end")


def left_behind(folder: Path) -> Iterator[tuple[Path, str, BinaryIO]]:
    """(path, stem, the open file with its lock) of unfinished files that nobody writes."""
    if os.name != "posix":
        return
    for path in sorted(folder.glob("*/.*.part")):
        match = _NAME.match(path.name)
        if match is None or not path.is_file():
            continue
        with path.open("rb") as file:
            if is_free(file):
                yield path, match["stem"], file


def is_free(file: BinaryIO) -> bool:
    """Lock an unfinished file; False when another program holds the lock."""
    try:
        import fcntl
    except ImportError:
        return True
    try:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        log.debug("no locks here: %s", error)
        return not _is_alive(Path(file.name))
    return True


def _is_alive(path: Path) -> bool:
    """True while the program in the file's name lives: for disks that know no locks."""
    number = path.name.rsplit(".", 2)[1].partition("-")[0]
    if not number.isdecimal() or int(number) == os.getpid():
        return False
    return process_is_alive(int(number))


def _sync_folder(folder: Path) -> None:
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
