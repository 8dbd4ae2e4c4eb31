"""Files and processes: atomic writes, free names, and the check that a process lives."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from itertools import count
from pathlib import Path


def write_atomically(path: Path, data: bytes) -> None:
    """Write ``path`` so that a crash leaves the old file or the new one, never a half.

    The permissions of the old file stay. The folder is made when it is missing.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with beside.open("wb") as file:
            with contextlib.suppress(FileNotFoundError):
                os.fchmod(file.fileno(), stat.S_IMODE(path.stat().st_mode))
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def write_into(path: Path, data: bytes) -> None:
    """Write ``data`` to a place that somebody named: a file, a link to one, a pipe or a device.

    A file is written as :func:`write_atomically` does; no folder is made, and what is no file is
    written into and stays what it is.
    """
    if path.exists() and not path.is_file():
        with path.open("wb") as pipe:
            pipe.write(data)
        return
    target = path.resolve()
    if not target.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, f"there is no folder {target.parent}")
    write_atomically(target, data)


def numbered_paths(path: Path, form: str = "-{}", *, start: int = 1) -> Iterator[Path]:
    """``path``, then the same with a growing number before its suffix: "a.txt", "a-2.txt"…

    ``form`` is how the number is written; ``start`` is the number of the first path.
    """
    for number in count(start):
        yield path if number == 1 else path.with_stem(path.stem + form.format(number))


def free_path(path: Path) -> Path:
    """The first of :func:`numbered_paths` that does not exist."""
    return next(candidate for candidate in numbered_paths(path) if not candidate.exists())


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
