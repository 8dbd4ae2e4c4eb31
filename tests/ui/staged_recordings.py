"""The recordings of a staged Companion: a list, newest first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from radiotui.app.recordings import Recordings
from radiotui.problems import Problem
from radiotui.recording.model import Fingerprint, RecordedFile, RecordingList

SHELF = Path("/music/radiotui")


def recorded(
    title: str, began: datetime, seconds: float | None = 215.0, **more: Any
) -> RecordedFile:
    """A file of KNAU, 16 kB a second."""
    station = more.pop("station_name", "KNAU Arizona Public Radio")
    size = more.pop("bytes", round(16_000 * (seconds or 1)))
    return RecordedFile(
        path=str(SHELF / "KNAU" / f"{title}.mp3"),
        fingerprint=Fingerprint(1, size, 1, 0),
        title=title,
        station_name=station,
        began=began,
        seconds=seconds,
        **more,
    )


class StagedShelf(Recordings):
    """Files that are laid ready, and what was asked of them."""

    def __init__(self, note: Callable[[tuple[Any, ...]], None], real: Recordings) -> None:
        super().__init__(real.deps)
        self.note = note
        self.files: list[RecordedFile] = []
        self.listed = RecordingList()
        """All but the files."""
        self.waiting: list[RecordedFile] = []
        self.refusal: Problem | None = None

    @property
    def folder(self) -> Path:
        """Where they lie."""
        return SHELF

    async def look(self, patience: float | None = None) -> RecordingList:
        """Those that are laid ready, newest first."""
        files = sorted(self.files, key=lambda file: file.began, reverse=True)
        listed = self.listed
        return RecordingList(tuple(files), listed.unread, listed.problem, listed.is_cut)

    async def search(self, typed: str) -> list[RecordedFile]:
        """Those with the words in their titles."""
        return [file for file in self.files if typed.strip().lower() in file.name.lower()]

    async def with_words(self, words: str, files: tuple[RecordedFile, ...]) -> list[RecordedFile]:
        """Those with the words in their titles."""
        return [file for file in files if words.strip().lower() in file.name.lower()]

    async def rename(self, path: str, title: str) -> RecordedFile:
        """Give it another title and path."""
        self.note(("rename", path, title))
        file = self._take(path)
        renamed = msgspec.structs.replace(
            file, title=title, path=str(file.file.with_stem(title or "_"))
        )
        self.files.append(renamed)
        return renamed

    async def delete(self, path: str) -> RecordedFile:
        """Let it wait."""
        self.note(("delete", path))
        self.waiting.append(self._take(path))
        return self.waiting[-1]

    async def undo(self) -> Path | None:
        """Put it back."""
        if not self.waiting:
            return None
        self.files.append(self.waiting.pop())
        return self.files[-1].file

    def _take(self, path: str) -> RecordedFile:
        if self.refusal is not None:
            raise self.refusal
        (file,) = [file for file in self.files if file.path == path]
        self.files.remove(file)
        return file


def three(now: datetime) -> list[RecordedFile]:
    """A song, a programme, and a file that is damaged."""
    return [
        recorded("Sinnerman", now - timedelta(minutes=4), artist="Nina Simone", programme="Jazz"),
        recorded("All Things Considered", now - timedelta(days=1), 3600.0),
        recorded(
            "old tape",
            now - timedelta(days=40),
            None,
            station_name="",
            problem="This file is empty",
        ),
    ]
