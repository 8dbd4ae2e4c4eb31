"""Leftovers of a crash: tapes and stories on the disk."""

from __future__ import annotations

import logging
import os
import shutil
from pathlib import Path

from radiotui.files import process_is_alive

log = logging.getLogger(__name__)


def remove_leftovers(folder: Path) -> None:
    """Remove tapes of processes that are gone."""
    if os.name != "posix" or not folder.is_dir():
        return
    try:
        paths = list(folder.iterdir())
    except OSError as error:
        log.warning("the tapes of earlier runs were not removed: %s", error)
        return
    for path in paths:
        pid = path.name.partition("-")[0]
        if pid.isdecimal() and int(pid) != os.getpid() and not process_is_alive(int(pid)):
            shutil.rmtree(path, ignore_errors=True)
