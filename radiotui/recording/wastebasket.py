"""Deleted recordings while that can be undone: files that wait beside their place, hidden.

A file waits under its own name. Where the program that deleted it has ended meanwhile without
deleting it for good, the file goes back. Everything here blocks, and raises OSError when the
disk does not obey.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from radiotui.recording.hidden_folders import (
    abandoned_folders,
    make_hidden_folder,
    remove_if_empty,
)
from radiotui.recording.part_file import put_in_place

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class WasteFile:
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
    folder = make_hidden_folder(path.parent, "deleted")
    waiting = folder / path.name
    try:
        path.rename(waiting)
    except OSError:
        remove_if_empty(folder)
        raise
    return WasteFile(path, waiting)


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
