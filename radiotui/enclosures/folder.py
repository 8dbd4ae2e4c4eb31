"""Folder of enclosures' files: what was not heard for longest gives way to what is heard now.

A file that is to become whole is pinned: it gives way to nothing, whichever program asks. Its pin
is held by the one program that brings it.
"""

from __future__ import annotations

import fcntl
import hashlib
import logging
import os
from collections.abc import Collection
from pathlib import Path

from radiotui.files import make_private_folder

log = logging.getLogger(__name__)

_PIN = ".pin"
_BLOCK = 512
"""Bytes of a block, as ``st_blocks`` counts them (POSIX): a file with holes takes less than its
length."""


def file_name(feed: str, guid: str) -> str:
    """Name of an entry's file without its ending: made by us, whatever the entry calls itself."""
    return hashlib.sha256(f"{feed}\n{guid}".encode()).hexdigest()[:32]


def sound_path(folder: Path, name: str) -> Path:
    """The file of the enclosure with that name."""
    return folder / f"{name}.sound"


def make_room(folder: Path, most_bytes: int, spared: Collection[str] = ()) -> None:
    """Remove the files that were used longest ago until the rest takes at most ``most_bytes``.

    Those with a name in ``spared`` stay, and those that are pinned. Blocks.
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
        if path.stem not in spared and not path.with_suffix(_PIN).exists():
            remove(path)
            taken -= size


def remove(path: Path) -> None:
    """Remove the file of an enclosure, and its map. What the disk refuses is logged."""
    try:
        # The map first: without its file it would be worth nothing, and the other way round too.
        path.with_suffix(".map").unlink(missing_ok=True)
        path.unlink(missing_ok=True)
    except OSError as error:
        log.warning("a kept episode cannot be removed: %s", error)


class Pin:
    """Claim to the file of an enclosure that is to become whole. It ends with its program.

    Everything here blocks, and raises OSError.
    """

    def __init__(self, path: Path) -> None:
        self._path = path.with_suffix(_PIN)
        self._handle = -1

    def hold(self) -> bool:
        """Pin the file, and hold the pin; False where another program does."""
        make_private_folder(self._path.parent)
        while True:
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                # It may have been taken out between the two: then it is no pin any more.
                if self._path.exists() and os.fstat(handle).st_ino == self._path.stat().st_ino:
                    self._handle = handle
                    return True
            except BlockingIOError:
                os.close(handle)
                return False
            except FileNotFoundError:
                os.close(handle)
                continue
            os.close(handle)

    def put_in(self) -> None:
        """Pin the file, whoever holds the pin."""
        make_private_folder(self._path.parent)
        self._path.touch(mode=0o600)

    def let_go(self) -> None:
        """Hold it no more; the file stays pinned."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1

    def take_out(self) -> None:
        """Pin the file no more."""
        self._path.unlink(missing_ok=True)
        self.let_go()
