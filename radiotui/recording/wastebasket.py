"""Deleted recordings while that can be undone: files that wait beside their place, hidden.

A file waits under its own name. Where the program that deleted it has ended meanwhile without
deleting it for good, the file goes back; one that was laid aside waits for some days. Everything
here blocks, and raises OSError when the disk does not obey.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from radiotui.recording.hidden_folders import (
    abandoned_folders,
    aside_folders,
    make_aside_folder,
    make_hidden_folder,
    remove_if_empty,
)
from radiotui.recording.part_file import put_in_place

log = logging.getLogger(__name__)

DAYS_ASIDE = 7


class WasteFile(msgspec.Struct, frozen=True):
    """A deleted file that still waits."""

    path: Path
    """Its place before."""
    waiting: Path

    def put_back(self) -> Path:
        """Put it back to its place, or beside what has come there since; where it is now."""
        path = put_in_place(self.waiting, self.path.stem, self.path.suffix, folder=self.path.parent)
        remove_if_empty(self.waiting.parent)
        return path

    def remove(self) -> None:
        """Delete it for good."""
        self.waiting.unlink(missing_ok=True)
        remove_if_empty(self.waiting.parent)


def throw_away(path: Path) -> WasteFile:
    """Take a file out of its place, so that it can be put back."""
    return _moved_into(make_hidden_folder(path.parent, "deleted"), path)


def _moved_into(folder: Path, path: Path) -> WasteFile:
    waiting = folder / path.name
    try:
        path.rename(waiting)
    except OSError:
        remove_if_empty(folder)
        raise
    return WasteFile(path, waiting)


def lay_aside(path: Path, at: datetime) -> WasteFile:
    """Take a file out of its place, so that any program can put it back for some days."""
    return _moved_into(make_aside_folder(path.parent, at), path)


def last_aside(folder: Path, depth: int) -> WasteFile | None:
    """The file below a folder that was laid aside last."""
    files = sorted(_aside(folder, depth), key=lambda pair: (pair[0], pair[1].waiting))
    return files[-1][1] if files else None


def remove_old(folder: Path, at: datetime) -> None:
    """Delete for good what was laid aside in this folder so many days ago."""
    for laid_at, aside in aside_folders(folder):
        if at - laid_at > timedelta(days=DAYS_ASIDE):
            with suppress(OSError):
                for path in aside.iterdir():
                    log.info("laid aside long ago: %s", path.name)
                    path.unlink()
                remove_if_empty(aside)


def _aside(folder: Path, depth: int) -> Iterator[tuple[datetime, WasteFile]]:
    for at, aside in aside_folders(folder):
        with suppress(OSError):
            yield from ((at, WasteFile(folder / path.name, path)) for path in aside.iterdir())
    if depth > 1:
        with suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False) and not entry.name.startswith("."):
                    yield from _aside(folder / entry.name, depth - 1)


def mend_abandoned(folder: Path) -> None:
    """Put back what programs that have ended had not deleted for good; remove their copies."""
    for abandoned, purpose in abandoned_folders(folder):
        with suppress(OSError):
            for path in sorted(abandoned.iterdir()):
                log.info("left behind: %s, %s", path.name, purpose)
                file = WasteFile(folder / path.name, path)
                if purpose == "deleted":
                    file.put_back()
                else:
                    file.remove()
            remove_if_empty(abandoned)
