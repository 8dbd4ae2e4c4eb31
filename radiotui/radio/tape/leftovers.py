"""Leftovers of a crash: tapes and stories on the disk."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from radiotui.files import process_is_alive


def remove_leftovers(folder: Path) -> None:
    """Remove tapes of processes that are gone."""
    if os.name != "posix" or not folder.is_dir():
        return
    for path in folder.iterdir():
        pid = path.name.partition("-")[0]
        if pid.isdecimal() and int(pid) != os.getpid() and not process_is_alive(int(pid)):
            shutil.rmtree(path, ignore_errors=True)
