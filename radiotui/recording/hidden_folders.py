"""Hidden folders beside recordings, for a program's work on them, named after that program.

".radiotui-deleted-4711-1" is the first of process 4711. What stays when that has ended is left
behind. ".radiotui-aside-1795878240-1" is nobody's: it holds what was laid aside at that second of
Unix time. Everything here blocks.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Literal

from radiotui.files import process_is_alive

Purpose = Literal["deleted", "renamed"]

_NAME = re.compile(r"\.radiotui-(deleted|renamed)-(\d{1,10})-\d{1,10}")
_ASIDE = re.compile(r"\.radiotui-aside-(\d{1,11})-\d{1,10}")
_numbers = count(1)


def make_hidden_folder(parent: Path, purpose: Purpose) -> Path:
    """A new folder. Raises OSError."""
    return _make(parent, f"{purpose}-{os.getpid()}")


def abandoned_folders(parent: Path) -> list[tuple[Path, Purpose]]:
    """The hidden folders of programs that have ended, and what they are for."""
    return [
        (folder, "deleted" if match[1] == "deleted" else "renamed")
        for folder, match in _folders(parent, _NAME)
        if not process_is_alive(int(match[2]))
    ]


def make_aside_folder(parent: Path, at: datetime) -> Path:
    """A new folder for what is laid aside, whatever program runs. Raises OSError."""
    return _make(parent, f"aside-{int(at.timestamp())}")


def aside_folders(parent: Path) -> list[tuple[datetime, Path]]:
    """The folders with what was laid aside, and when that was."""
    return [
        (datetime.fromtimestamp(int(match[1]), UTC), folder)
        for folder, match in _folders(parent, _ASIDE)
    ]


def _make(parent: Path, stem: str) -> Path:
    while True:
        folder = parent / f".radiotui-{stem}-{next(_numbers)}"
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            return folder


def _folders(parent: Path, names: re.Pattern[str]) -> Iterator[tuple[Path, re.Match[str]]]:
    """The folders of such names, none where ``parent`` cannot be read."""
    with suppress(OSError), os.scandir(parent) as entries:
        for entry in entries:
            match = names.fullmatch(entry.name)
            if match and entry.is_dir(follow_symlinks=False):
                yield parent / entry.name, match


def remove_if_empty(folder: Path) -> None:
    """Remove a folder that nothing is in."""
    with suppress(OSError):
        folder.rmdir()
