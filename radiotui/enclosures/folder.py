"""Folder of enclosures' files: what was not heard for longest gives way to what is heard now."""

from __future__ import annotations

import logging
from pathlib import Path

log = logging.getLogger(__name__)

_BLOCK = 512
"""Bytes of a block, as ``st_blocks`` counts them (POSIX): a file with holes takes less than its
length."""


def make_room(folder: Path, most_bytes: int, spared: str) -> None:
    """Remove the files that were used longest ago until the rest takes at most ``most_bytes``.

    ``spared`` is the name of one that stays. Blocks.
    """
    files = []
    try:
        for path in folder.glob("*.sound"):
            status = path.stat()
            files.append((max(status.st_atime, status.st_mtime), status.st_blocks * _BLOCK, path))
    except OSError as error:
        log.warning("the kept episodes cannot be counted: %s", error)
        return
    taken = sum(size for _, size, _ in files)
    for _, size, path in sorted(files):
        if taken <= most_bytes:
            return
        if path.stem != spared:
            _remove(path)
            taken -= size


def _remove(path: Path) -> None:
    try:
        # The map first: without its file it would be worth nothing, and the other way round too.
        path.with_suffix(".map").unlink(missing_ok=True)
        path.unlink(missing_ok=True)
    except OSError as error:
        log.warning("a kept episode cannot be removed: %s", error)
