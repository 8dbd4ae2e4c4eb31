"""Hidden folders beside recordings, for a program's work on them, named after that program.

".radiotui-deleted-4711-1" is the first of process 4711. What stays when that has ended is left
behind. Everything here blocks.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Literal

from radiotui.files import process_is_alive

Purpose = Literal["deleted", "renamed"]

_NAME = re.compile(r"\.radiotui-(deleted|renamed)-(\d{1,10})-\d{1,10}")
_numbers = count(1)


def make_hidden_folder(parent: Path, purpose: Purpose) -> Path:
    """A new folder. Raises OSError."""
    while True:
        folder = parent / f".radiotui-{purpose}-{os.getpid()}-{next(_numbers)}"
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            return folder


def abandoned_folders(parent: Path) -> list[tuple[Path, Purpose]]:
    """The hidden folders of programs that have ended, and what they are for."""
    folders: list[tuple[Path, Purpose]] = []
    with suppress(OSError), os.scandir(parent) as entries:
        for entry in entries:
            match = _NAME.fullmatch(entry.name)
            if match and entry.is_dir(follow_symlinks=False):
                purpose: Purpose = "deleted" if match[1] == "deleted" else "renamed"
                if not process_is_alive(int(match[2])):
                    folders.append((parent / entry.name, purpose))
    return folders


def remove_if_empty(folder: Path) -> None:
    """Remove a folder that nothing is in."""
    with suppress(OSError):
        folder.rmdir()
