"""Download that is under way, how it stands, and the limits of all of them."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from datetime import timedelta
from pathlib import Path
from typing import Literal

import msgspec

from radiotui.enclosures.file import EnclosureFile
from radiotui.net.client import MIB
from radiotui.problems import Problem
from radiotui.store.downloads import StoredDownload
from radiotui.stories.model import EpisodeDownload


class DownloadLimits(msgspec.Struct, frozen=True):
    """Limits of downloads, by the settings."""

    at_once: int = 2
    most_bytes: int = 8192 * MIB
    """Bytes that finished downloads may take."""
    played_after: timedelta | None = None
    """So long after it was heard to its end a download is removed; None: as long as there is
    room, it is not."""
    first_pause: float = 15.0
    """Seconds after a first failure; each further one doubles them."""


class RunningDownload:
    """A download that comes just now."""

    def __init__(self, download: StoredDownload) -> None:
        self.download = download
        self.file: EnclosureFile | None = None
        self.problem: Problem | None = None
        """Why nothing comes for a while."""
        self.task: asyncio.Task[None] | None = None

    @property
    def bytes_there(self) -> int:
        """Bytes that have come; 0 before its file is open."""
        return self.file.bytes_there if self.file is not None else 0


class DownloadPause(msgspec.Struct, frozen=True):
    """A download that waits after failures, by the loop's clock."""

    until: float
    failures: int = 0
    """In a row, without a byte more between them."""
    bytes_there: int = 0


def snapshot_of(
    download: StoredDownload,
    running: RunningDownload | None,
    pause: DownloadPause | None,
    *,
    is_missing: bool,
) -> EpisodeDownload:
    """A download as front ends see it."""
    bytes_there = pause.bytes_there if pause is not None else 0
    if running is not None:
        bytes_there = max(bytes_there, running.bytes_there)
    file = running.file if running is not None else None
    version = file.version if file is not None else None
    is_whole = download.state == "whole"
    total = version.total if version is not None else None
    return EpisodeDownload(
        download.entry,
        download.title,
        download.podcast,
        _state(download, running, is_missing=is_missing),
        bytes_there=download.size if is_whole else bytes_there,
        total=download.size if is_whole else total or download.length,
        path=download.path if is_whole else "",
        is_automatic=download.is_automatic,
        problem=running.problem if running is not None else download.problem,
    )


def _state(
    download: StoredDownload, running: RunningDownload | None, *, is_missing: bool
) -> Literal["waiting", "running", "whole", "missing", "failed", "stopped", "removed"]:
    if is_missing:
        return "missing"
    if running is not None:
        return "running"
    if download.state == "stopped":
        return "removed" if download.path else "stopped"
    return download.state


def missing_entries(downloads: Collection[StoredDownload]) -> set[int]:
    """The entries whose finished file somebody has taken away. Blocks."""
    return {
        download.entry
        for download in downloads
        if download.state == "whole" and not Path(download.path).is_file()
    }
