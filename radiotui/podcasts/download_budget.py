"""Disk that finished downloads may take, and the room that is made there by the rules."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from radiotui.net.client import MIB
from radiotui.podcasts.download_file import remove_file
from radiotui.podcasts.download_progress import DownloadLimits, missing_entries
from radiotui.podcasts.download_rules import superfluous
from radiotui.podcasts.finishing import named
from radiotui.problems import Problem, ProblemKind
from radiotui.store import downloads as table
from radiotui.store.downloads import DownloadState, StoredDownload

if TYPE_CHECKING:
    import sqlite3

    from radiotui.store import Store

log = logging.getLogger(__name__)

_WHOLE: tuple[DownloadState, ...] = ("whole",)


class DownloadBudget:
    """Finished downloads as bytes: what they take, and which of them go."""

    def __init__(self, store: Store, limits: DownloadLimits, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._limits = limits
        self._clock = clock

    async def look_for_room(
        self, download: StoredDownload, spared: Callable[[], Collection[int]] | None
    ) -> None:
        """Raise Problem where a new download has no room, nor is any made for it.

        The entries that ``spared`` gives stay; without it none is removed.
        """
        needed, most = download.length or 0, self._limits.most_bytes
        if spared is not None and await self._taken() + needed > most:
            await self.tidy(spared(), needed)
        if await self._taken() + needed > most:
            title = f"The folder of downloads has no room for {named(download)}"
            hint = f"downloads-mib is {most // MIB}: remove some, or raise it"
            raise Problem(title, hint, kind=ProblemKind.FULL_DISK)

    async def tidy(self, spared: Collection[int], needed: int = 0) -> int:
        """Remove by the rules what is not needed any more; how many.

        ``spared`` entries stay, and so do those of queues and clips. Room for ``needed`` bytes is
        made, as far as the rules allow.
        """
        of_queues_and_clips = await self._store.look(table.needed_entries)
        removed = superfluous(
            await self._finished(),
            self._clock(),
            after=self._limits.played_after,
            most_bytes=self._limits.most_bytes - needed,
            spared=of_queues_and_clips.union(spared),
        )
        for download in removed:
            log.info("not needed any more: %s", download.path)
            # First said, then done: a run that is killed between leaves a file, and no lie.
            await self._store.ask(partial(_note_removed, download.entry))
            try:
                await asyncio.to_thread(remove_file, Path(download.path))
            except OSError as error:
                log.warning("a download cannot be removed: %s", error)
        return len(removed)

    async def _taken(self) -> int:
        return sum(download.size for download in await self._finished())

    async def _finished(self) -> list[StoredDownload]:
        """The finished downloads whose file is there."""
        finished = await self._store.look(lambda c: table.downloads(c, _WHOLE))
        missing = await asyncio.to_thread(missing_entries, finished)
        return [download for download in finished if download.entry not in missing]


def _note_removed(entry: int, connection: sqlite3.Connection) -> None:
    table.note_state(connection, entry, "removed", path="")
