"""Reasons to give an enclosure up: asking again would not help."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

from radiotui.problems import Problem, ProblemKind

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class GiveUpError(Exception):
    """Asking again would not help."""

    def __init__(self, problem: Problem, *, is_another: bool = False) -> None:
        super().__init__(problem)
        self.problem = problem
        self.is_another = is_another


def free_bytes(folder: Path) -> int:
    """Bytes of the disk that files in a folder may still take. Raises OSError."""
    return shutil.disk_usage(folder).free


def no_room(name: str, hint: str = "") -> Problem:
    """The problem of a disk without room for ``name``."""
    title = f"There is no room on the disk for {name}"
    return Problem(title, hint, kind=ProblemKind.FULL_DISK)


def web_page(name: str, url: str) -> Problem:
    """The problem of a page in place of a file of sound."""
    hint = "it has moved, or a login page of this network is in between"
    return Problem(f"{name} is a web page and no sound", hint, url)


def disk_failure(name: str, error: OSError) -> GiveUpError:
    """The end of a file that the disk does not take."""
    if error.errno in _FULL:
        return GiveUpError(no_room(name, error.strerror or ""))
    why = error.strerror or str(error)
    return GiveUpError(Problem(f"{name} cannot be kept while it is heard: {why}", "", str(error)))
