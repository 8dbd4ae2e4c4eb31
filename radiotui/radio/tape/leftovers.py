"""What a crash left of tapes and stories on the disk."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from radiotui.files import process_is_alive


def remove_leftovers(folder: Path) -> None:
    """Remove tapes of processes that are gone."""
    if os.name != "posix" or not folder.is_dir():
        return
    for left in folder.iterdir():
        pid = left.name.partition("-")[0]
        if pid.isdecimal() and int(pid) != os.getpid() and not process_is_alive(int(pid)):
            shutil.rmtree(left, ignore_errors=True)
