"""Downloads over a store, a network and a folder of their own, with everything that was told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from radiotui.audio.chapters import Chapter
from radiotui.documents.processes import WorkerPool
from radiotui.enclosures.open_enclosures import OpenEnclosures
from radiotui.net.client import MIB, Net
from radiotui.podcasts.chapters import EpisodeChapters, merged
from radiotui.podcasts.download_progress import DownloadLimits
from radiotui.podcasts.downloads import DownloadService
from radiotui.podcasts.finishing import Finishing, FinishingDeps
from radiotui.problems import Problem
from radiotui.store import Store, feeds, stories
from radiotui.store.stories import Enclosure, StoredEntry
from radiotui.stories.model import EpisodeDownload
from tests.services.guide_lab import Time, utc

NOW = utc("2026-11-28 20:00")
FEED = "https://pods.example/show.rss"


class DownloadLab:
    """The service of downloads, and what it told."""

    def __init__(
        self,
        folder: Path,
        *,
        at_once: int = 2,
        most_bytes: int = 1024 * MIB,
        free: Callable[[Path], int] = lambda _: 1024 * 1024 * MIB,
        played_after: timedelta | None = None,
    ) -> None:
        self.folder = folder / "downloads"
        self.episodes = folder / "episodes"
        self.time = Time(NOW)
        self.net = Net()
        self.store = Store(folder / "radiotui.db", clock=self.time.clock)
        self.workers = WorkerPool()
        self.enclosures = OpenEnclosures(
            self.net, self.episodes, free_bytes=free, sleep=lambda _: asyncio.sleep(0)
        )
        self.problems: list[Problem] = []
        self.chapters: tuple[Chapter, ...] = ()
        self.pictures: dict[str, Path] = {}
        self._changed = asyncio.Event()
        self._woken = asyncio.Event()
        finishing = Finishing(
            FinishingDeps(
                self.store, self.workers, self.folder, free, self._chapters_of, self._picture_of
            )
        )
        self.service = DownloadService(
            self.store,
            self.enclosures,
            finishing,
            DownloadLimits(at_once, most_bytes, played_after, first_pause=0.01),
            clock=self.time.clock,
            on_change=self._changed.set,
            on_problem=self.problems.append,
            wake=self._woken.set,
        )
        self._looking = asyncio.get_running_loop().create_task(self._look())

    async def _look(self) -> None:
        while True:
            self._woken.clear()
            seconds = await self.service.look()
            try:
                async with asyncio.timeout(seconds):
                    await self._woken.wait()
            except TimeoutError:
                continue

    async def _chapters_of(self, _entry: int, of_file: tuple[Chapter, ...]) -> EpisodeChapters:
        return EpisodeChapters(merged(of_file, self.chapters))

    async def _picture_of(self, url: str) -> Path:
        return self.pictures[url]

    async def episode(
        self,
        url: str,
        title: str = "The Bells",
        *,
        guid: str = "",
        published: datetime = NOW,
        length: int | None = None,
        seconds: float | None = None,
    ) -> int:
        """The id of an episode that a feed names."""
        entry = StoredEntry(
            guid or title, title, "https://pods.example/page", "", published, None, "", title,
            (Enclosure(url, "audio/mpeg", length, seconds),),
        )  # fmt: skip

        def keep(connection) -> int:
            (feed,) = feeds.subscribe(connection, [FEED])
            connection.execute("UPDATE feed SET title = 'Canyon Hours' WHERE id = ?", (feed.id,))
            stories.keep(connection, feed.id, [entry], self.time.now)
            row = connection.execute("SELECT id FROM entry WHERE guid = ?", (entry.guid,))
            return int(row.fetchone()[0])

        return await self.store.ask(keep)

    async def shown(self, entry: int) -> EpisodeDownload:
        """A download as it stands."""
        downloads = (await self.service.snapshot()).downloads
        return next(download for download in downloads if download.entry == entry)

    async def until(
        self, entry: int, wanted: Callable[[EpisodeDownload], bool], seconds: float = 60.0
    ) -> EpisodeDownload:
        """Wait until a download stands so."""
        async with asyncio.timeout(seconds):
            while True:
                self._changed.clear()
                if wanted(download := await self.shown(entry)):
                    break
                await self._changed.wait()
        return download

    async def ended(self, entry: int) -> EpisodeDownload:
        """Wait until a download is whole, or failed."""
        return await self.until(entry, lambda each: each.state in {"whole", "failed"})

    async def close(self) -> None:
        """End what runs."""
        self._looking.cancel()
        await asyncio.gather(self._looking, return_exceptions=True)
        await self.service.close()
        await self.enclosures.closed()
        await self.workers.close()
        await self.store.close()
        await self.net.aclose()
