"""Library of the recordings: every file of sound in their folder, read when it is new or changed.

Listing and reading are done on threads, a file at a time and for a limited time each; what was
read is kept in an index, so that the next start reads only what has changed since.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from radiotui.files import write_atomically
from radiotui.net.typed import json_decoder
from radiotui.problems import Problem
from radiotui.recording.file_reader import SUFFIXES, read_recorded_file, unreadable_file
from radiotui.recording.model import Fingerprint, RecordedFile, RecordingList
from radiotui.recording.wastebasket import mend_abandoned, remove_old

log = logging.getLogger(__name__)

MOST_FILES = 5000
_MOST_ENTRIES = 50_000
DEEPEST = 3
"""Folders that are listed, each within the one before."""
_BIGGEST_INDEX = 16 * 1024 * 1024
_MOST_HANGING = 3
"""Files that may hang, each on a thread of its own, before no more are read."""
_SLOW = "it could not be read in time"


class _Listing(msgspec.Struct, frozen=True):
    """The files that are there, with what changes when they do."""

    fingerprints: dict[Path, Fingerprint]
    is_cut: bool = False


class RecordingLibrary:
    """Reads the folder when it is asked; on the loop. A folder that is missing is empty.

    ``folder`` is called on a thread: the system's settings may have to be read for it. ``index``
    is a file that may be thrown away. ``patience`` is how many seconds one file, or the listing,
    may take. ``read`` reads a file, on a thread.
    """

    def __init__(
        self,
        folder: Callable[[], Path],
        index: Path,
        *,
        patience: float = 10.0,
        read: Callable[[Path, Fingerprint], RecordedFile] = read_recorded_file,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._folder = folder
        self._index = index
        self._patience = patience
        self._read_one = read
        self._clock = clock
        self._files: dict[Path, RecordedFile] | None = None
        """The files that were read, also in earlier runs; None: the index was not opened yet."""
        self._listing = _Listing({})
        self._listing_anew: asyncio.Task[_Listing] | None = None
        """A listing that a slow disk has not answered yet: there is one at most."""
        self._problem: Problem | None = None
        self._reading: asyncio.Task[None] | None = None
        self._hanging = 0
        self._is_stale = False
        """A file was moved or removed since the reading began."""

    async def look(self, patience: float | None = None) -> RecordingList:
        """The recordings as they are now.

        After ``patience`` seconds those are given that were read by then; the reading goes on,
        and the next look has the rest.
        """
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self._read())
        await asyncio.wait([self._reading], timeout=patience)
        if self._reading.done() and (error := self._reading.exception()) is not None:
            raise error
        return self._list()

    def forget(self, path: Path) -> None:
        """Forget a file that was moved or removed: the next look lists the folder after that."""
        self._listing.fingerprints.pop(path, None)
        self._is_stale = True

    def close(self) -> None:
        """Read no further."""
        for task in (self._reading, self._listing_anew):
            if task is not None:
                task.cancel()

    def _list(self) -> RecordingList:
        files = self._files or {}
        listed = [files[path] for path in self._listing.fingerprints if path in files]
        listed.sort(key=lambda file: (file.began, file.path), reverse=True)
        unread = len(self._listing.fingerprints) - len(listed)
        return RecordingList(tuple(listed), unread, self._problem, self._listing.is_cut)

    async def _read(self) -> None:
        self._is_stale = True
        while self._is_stale:
            self._is_stale = False
            await self._read_once()

    async def _read_once(self) -> None:
        if self._files is None:
            self._files = await asyncio.to_thread(_read_index, self._index)
        listing = await self._list_folder()
        if listing is None:
            return
        # A file that has changed is not shown as it was.
        read = {
            path: file
            for path, file in self._files.items()
            if listing.fingerprints.get(path) == file.fingerprint
        }
        has_changed = len(read) != len(self._files)
        self._files, self._listing = read, listing
        unread = [item for item in listing.fingerprints.items() if item[0] not in read]
        for path, fingerprint in unread:
            read[path] = await self._read_file(path, fingerprint)
        if unread or has_changed:
            await asyncio.to_thread(_write_index, self._index, list(read.values()))

    async def _list_folder(self) -> _Listing | None:
        """The files that are there; None, and a problem, where the disk does not say."""
        if self._listing_anew is None:
            work = asyncio.to_thread(_list_folder, self._folder, self._clock())
            self._listing_anew = asyncio.create_task(work)
        await asyncio.wait([self._listing_anew], timeout=self._patience)
        if not self._listing_anew.done():
            self._problem = Problem("The folder of the recordings does not answer")
            return None
        listing, self._listing_anew = self._listing_anew, None
        try:
            files = listing.result()
        except OSError as error:
            reason = error.strerror or str(error)
            title = f"{self._folder()} cannot be read"
            self._problem = Problem(title, reason, str(error))
            return None
        self._problem = None
        return files

    async def _read_file(self, path: Path, fingerprint: Fingerprint) -> RecordedFile:
        if self._hanging >= _MOST_HANGING:
            return unreadable_file(path, fingerprint, _SLOW)
        try:
            # The thread of one that hangs is left behind.
            async with asyncio.timeout(self._patience):
                return await asyncio.to_thread(self._read_one, path, fingerprint)
        except TimeoutError:
            self._hanging += 1
        except Exception as error:
            log.exception("a recording was not read: %s", path)
            return unreadable_file(path, fingerprint, str(error))
        return unreadable_file(path, fingerprint, _SLOW)


def _list_folder(folder: Callable[[], Path], at: datetime) -> _Listing:
    """The files of sound in the folder and those below it. Raises OSError; blocks."""
    fingerprints: dict[Path, Fingerprint] = {}
    for count, path in enumerate(_paths(folder().expanduser().absolute(), DEEPEST, at)):
        if count >= _MOST_ENTRIES or len(fingerprints) >= MOST_FILES:
            return _Listing(fingerprints, is_cut=True)
        if path.suffix.lower() in SUFFIXES:
            with suppress(OSError):
                fingerprints[path] = Fingerprint.of(path)
    return _Listing(fingerprints)


def _paths(folder: Path, depth: int, at: datetime) -> Iterator[Path]:
    """The paths below a folder that are not hidden; a folder behind a link is none of them."""
    mend_abandoned(folder)
    remove_old(folder, at)
    folders: list[Path] = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                if not entry.is_dir(follow_symlinks=False):
                    yield folder / entry.name
                elif depth > 1:
                    folders.append(folder / entry.name)
    except FileNotFoundError:
        return
    for path in sorted(folders, reverse=True):
        with suppress(OSError):
            yield from _paths(path, depth - 1, at)


def _read_index(path: Path) -> dict[Path, RecordedFile]:
    """Index of an earlier run; empty where it is missing or damaged. Blocks."""
    try:
        with path.open("rb") as file:
            data = file.read(_BIGGEST_INDEX + 1)
        files = json_decoder(list[RecordedFile]).decode(data)
    except (OSError, ValueError, msgspec.DecodeError, RecursionError) as error:
        log.debug("there is no index of the recordings: %s", error)
        return {}
    return {file.file: file for file in files}


def _write_index(path: Path, files: list[RecordedFile]) -> None:
    """Keep what was read for the next start. Blocks."""
    # What cannot be read today may be readable tomorrow.
    whole = [file for file in files if not file.problem and file.path.isprintable()]
    try:
        write_atomically(path, msgspec.json.encode(whole), private=True)
    except (OSError, UnicodeEncodeError, msgspec.ValidationError) as error:
        log.info("the index of the recordings was not written: %s", error)
