"""Recordings as snapshots: those under way, and the files that are there."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from radiotui.problems import Problem


class Recording(msgspec.Struct, frozen=True):
    """A recording of a tape that goes on, or a copy under way."""

    number: int
    station: str
    """The station's id."""
    stream: str
    """The stream's id."""
    station_name: str
    name: str
    """"Artist - Title", a programme, or the station."""
    began: datetime
    """Wall-clock time at which the station sent its beginning."""
    seconds: float = 0.0
    """Of sound that was written."""
    bytes: int = 0
    path: Path | None = None
    """The file that is written now; hidden until it is whole."""
    kind: Literal["recording", "song", "cut"] = "recording"
    """"recording" goes on until it is stopped, "song" until the next title, "cut" is copied."""


class Fingerprint(Struct, frozen=True, array_like=True):
    """The facts of a file that change with its content."""

    modified_ns: int
    bytes: int
    serial: int
    mode: int

    @classmethod
    def of(cls, path: Path) -> Fingerprint:
        """As the disk has it now. Raises OSError; blocks."""
        status = path.stat()
        return cls(status.st_mtime_ns, status.st_size, status.st_ino, status.st_mode)


class RecordedFile(Struct, frozen=True, kw_only=True):
    """A file of sound in the folder for recordings."""

    path: str
    fingerprint: Fingerprint
    title: str = ""
    artist: str = ""
    programme: str = ""
    station_name: str = ""
    began: datetime
    """The time at which the station sent its beginning; of other files that of the last change."""
    seconds: float | None = None
    problem: str = ""
    """The reason why nothing of it can be read."""

    @property
    def file(self) -> Path:
        """Its place on the disk."""
        return Path(self.path)

    @property
    def bytes(self) -> int:
        """Its size."""
        return self.fingerprint.bytes

    @property
    def name(self) -> str:
        """One line for it: "Artist - Title", or the programme, or its file's name."""
        song = " - ".join(filter(None, (self.artist, self.title)))
        return song or self.programme or self.file.stem


class RecordingList(msgspec.Struct, frozen=True):
    """The recordings in their folder, the newest first."""

    files: tuple[RecordedFile, ...] = ()
    unread: int = 0
    """Files that are still to be read, and are not among ``files``."""
    problem: Problem | None = None
    """Reason why the folder cannot be looked into."""
    is_cut: bool = False
    """There are more files than are listed."""
