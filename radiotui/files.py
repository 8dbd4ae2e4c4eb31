"""Files and processes: atomic writes, private files, locks, TOML, and whether a process lives."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import select
import stat
import time
import tomllib
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO, cast

FileIdentity = tuple[int, int]

_TURN_SECONDS = 0.02
_PIPE_SECONDS = 2.0
_PART = r"(?:[\w-]++|\"[^\"\n]*+\"|'[^'\n]*+')[ \t]*+\.[ \t]*+"
_LONG_KEY = re.compile(rf"(?<![\w-]){_PART}(?:{_PART}){{49}}")
_serial = count(1)


def write_atomically(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write ``path`` so that a crash leaves the old file or the new one, never a half.

    The permissions of the old file stay. The folder is made when it is missing. With ``private``
    nobody else may read what is made. A link stays one: the file that it leads to is written.
    What is no file, such as a pipe, is written into.
    """
    target = Path(os.path.realpath(path))
    if private:
        make_private_folder(target.parent)
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileNotFoundError):
        if not stat.S_ISREG(target.stat().st_mode):
            with target.open("wb") as pipe:
                pipe.write(data)
            return
    _remove_leftovers(target)
    beside, file = _open_beside(target, 0o600 if private else 0o666)
    try:
        with file:
            with contextlib.suppress(FileNotFoundError):
                os.fchmod(file.fileno(), stat.S_IMODE(target.stat().st_mode))
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


def write_into(path: Path, data: bytes) -> None:
    """Write to a place that somebody named as :func:`write_atomically` does; make no folder."""
    folder = path.resolve().parent
    if not folder.is_dir():
        raise FileNotFoundError(errno.ENOENT, f"there is no folder {folder}")
    write_atomically(path, data)


def _open_beside(path: Path, mode: int) -> tuple[Path, BinaryIO]:
    """A new file in the folder of ``path``: never one that is there, nor where a link leads."""
    while True:
        beside = path.with_name(f".{path.name}.{os.getpid()}-{next(_serial)}.new")
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        with contextlib.suppress(FileExistsError):
            return beside, os.fdopen(os.open(beside, flags, mode), "wb")


def _remove_leftovers(path: Path) -> None:
    """Remove the new files of writers of ``path`` that were killed."""
    form = re.compile(re.escape(f".{path.name}.") + r"(\d+)(?:-\d+)?\.new")
    with contextlib.suppress(OSError):
        for name in os.listdir(path.parent):  # noqa: PTH208 - names alone, of a large folder too
            match = form.fullmatch(name)
            if match and not process_is_alive(int(match[1])):
                path.with_name(name).unlink(missing_ok=True)


def make_private_folder(path: Path) -> None:
    """Make a folder, and those above it, which nobody else may look into (XDG base directories)."""
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    for folder in reversed(missing):
        folder.mkdir(mode=0o700, exist_ok=True)


def keep_private(path: Path) -> None:
    """Take the rights of everybody else away from a file or folder of the user's own."""
    with contextlib.suppress(OSError):
        status = path.stat()
        if status.st_uid == os.getuid() and stat.S_IMODE(status.st_mode) & 0o077:
            path.chmod(stat.S_IMODE(status.st_mode) & 0o700)


def read_beginning(path: Path, most: int) -> bytes:
    """At most so many bytes of a file, or of a pipe that somebody writes into. Raises OSError."""
    number = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        is_file = stat.S_ISREG(os.fstat(number).st_mode)
        data = bytearray()
        while len(data) < most:
            if not is_file and not select.select([number], [], [], _PIPE_SECONDS)[0]:
                raise OSError(errno.EAGAIN, "nobody writes into that pipe")
            part = os.read(number, most - len(data))
            if not part:
                break
            data += part
        return bytes(data)
    finally:
        os.close(number)


def read_whole(path: Path, most: int) -> bytes:
    """At most ``most`` bytes of a file or a pipe, however long the writer of a pipe takes."""
    with path.open("rb") as file:
        return file.read(most)


def open_private(path: Path, mode: str) -> BinaryIO:
    """Open a file for writing bytes; if it is new, nobody else may read it."""
    return cast(BinaryIO, open(path, mode, opener=lambda name, flags: os.open(name, flags, 0o600)))


@contextlib.contextmanager
def folder_lock(folder: Path, seconds: float = 5.0) -> Iterator[None]:
    """Hold the only turn at the files of ``folder`` among the processes that ask for one.

    It ends with its process, however that ends. Raises TimeoutError when another holds it for
    ``seconds``. A file system without locks lets everybody have a turn. Blocks.
    """
    import fcntl

    handle = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        deadline = time.monotonic() + seconds
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise TimeoutError from None
                time.sleep(_TURN_SECONDS)
            except OSError:
                break
            else:
                break
        yield
    finally:
        os.close(handle)


def parse_toml(text: str) -> dict[str, Any]:
    """The values of a TOML file, read in bounded time.

    Raises ValueError for what is none, and RecursionError for lists that are too deep.
    Keys of many parts cost :mod:`tomllib` the square of their length.
    """
    if long_key := _LONG_KEY.search(text):
        line = text.count("\n", 0, long_key.start()) + 1
        raise ValueError(f"a key has too many parts (at line {line}, column 1)")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise
    except ValueError:
        raise ValueError("a number has too many digits") from None


def numbered_paths(path: Path, form: str = "-{}", *, start: int = 1) -> Iterator[Path]:
    """``path``, then the same with a growing number before its suffix: "a.txt", "a-2.txt"…

    ``form`` is how the number is written; ``start`` is the number of the first path.
    """
    for number in count(start):
        yield path if number == 1 else path.with_stem(path.stem + form.format(number))


def free_path(path: Path) -> Path:
    """The first of :func:`numbered_paths` that does not exist."""
    return next(candidate for candidate in numbered_paths(path) if not candidate.exists())


def identity(path: Path) -> FileIdentity:
    """Device and number of a file, which it keeps when it is renamed. Raises OSError."""
    status = path.stat()
    return status.st_dev, status.st_ino


def process_is_alive(pid: int) -> bool:
    """Existence of a process, also of another user's. False for a number that is no process id."""
    if pid <= 0:
        return False
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
