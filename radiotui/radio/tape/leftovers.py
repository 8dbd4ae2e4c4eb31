"""What a crash left of tapes and stories on the disk."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def remove_leftovers(folder: Path) -> None:
    """Remove tapes of processes that are gone."""
    if os.name != "posix" or not folder.is_dir():
        return
    for left in folder.iterdir():
        pid = left.name.partition("-")[0]
        if pid.isdecimal() and int(pid) != os.getpid() and not _alive(int(pid)):
            shutil.rmtree(left, ignore_errors=True)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True
