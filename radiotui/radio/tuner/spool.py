"""A file that is written while its sound arrives, in a folder that goes with it."""

from __future__ import annotations

import asyncio
import shutil
import threading
from pathlib import Path

from radiotui.files import make_private_folder, open_private

_AT_ONCE = 256 * 1024


class Spool:
    """Bytes on their way to a file. Raises OSError when the disk does not take them."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "sound"
        self._folder = folder
        self._unwritten = bytearray()
        # A write that is under way when the folder is removed must not make it anew.
        self._lock = threading.Lock()
        self._removed = False

    async def write(self, data: bytes) -> None:
        """Add ``data``; the disk is only asked every now and then."""
        self._unwritten += data
        if len(self._unwritten) >= _AT_ONCE:
            await self.flush()

    async def flush(self) -> None:
        """Write all data so far into the file."""
        data, self._unwritten = bytes(self._unwritten), bytearray()
        await asyncio.to_thread(self._append, data)

    def remove(self) -> None:
        """Remove file and folder, now and for good; blocks."""
        with self._lock:
            self._removed = True
            shutil.rmtree(self._folder, ignore_errors=True)

    def _append(self, data: bytes) -> None:
        with self._lock:
            if self._removed:
                return
            make_private_folder(self._folder)
            with open_private(self.path, "ab") as file:
                file.write(data)
