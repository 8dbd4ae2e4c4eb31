"""Downloads: files of episodes that are brought whole, several at once, and kept.

A download is the file that is heard while it comes, made whole: what was heard is there, and an
episode that is heard and downloaded has one connection.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from radiotui.enclosures.fetch import FetchBroke, FetchEvent, FetchFailed, FetchGoesOn, FetchWhole
from radiotui.enclosures.file import EnclosureFile
from radiotui.enclosures.folder import Pin, file_name, sound_path
from radiotui.enclosures.give_up import GiveUpError, disk_failure
from radiotui.enclosures.open_enclosures import OpenEnclosures
from radiotui.net.backoff import growing_pause
from radiotui.net.politeness import HostLimiter
from radiotui.podcasts.download_budget import DownloadBudget
from radiotui.podcasts.download_progress import (
    DownloadLimits,
    DownloadPause,
    RunningDownload,
    missing_entries,
    snapshot_of,
)
from radiotui.podcasts.finishing import Finishing, named
from radiotui.problems import Problem, ProblemKind, as_problem
from radiotui.store import downloads as table
from radiotui.store.downloads import DownloadState, StoredDownload
from radiotui.stories.model import DownloadList

if TYPE_CHECKING:
    import sqlite3

    from radiotui.store import Store

log = logging.getLogger(__name__)

_SHOWN: tuple[DownloadState, ...] = ("waiting", "failed", "whole", "stopped")
_WHOLE: tuple[DownloadState, ...] = ("whole",)
_WAITING: tuple[DownloadState, ...] = ("waiting",)
_LONGEST_PAUSE = 600.0
_ELSEWHERE_SECONDS = 2.0
"""Another program brings it: it is looked at again so soon."""
_MOST_VERSIONS = 3
"""So many versions in a row that change in the middle are the end."""
_MOST_FAILURES = 3
"""So many failures in a row that another time does not mend are the end."""
_TOLD_SECONDS = 0.5
_ANOTHER_TIME = {
    *(ProblemKind.OFFLINE, ProblemKind.NO_HOST, ProblemKind.REFUSED, ProblemKind.SILENT),
    *(ProblemKind.BROKEN, ProblemKind.SERVER, ProblemKind.TIMEOUT, ProblemKind.FULL_DISK),
    ProblemKind.TOO_MANY_REQUESTS,
}
_NEVER = {
    *(ProblemKind.NOT_FOUND, ProblemKind.GONE, ProblemKind.AUTH, ProblemKind.FORBIDDEN),
    *(ProblemKind.BAD_ADDRESS, ProblemKind.REDIRECTS, ProblemKind.CERTIFICATE),
}


class DownloadService:
    """Brings the files of the episodes that the store says are wanted.

    ``on_change`` is told of each change, and twice a second while something comes; ``wake`` when
    :meth:`look` is to be called at once. ``on_problem`` is told why a download waits or fails,
    once for the same words.
    """

    def __init__(
        self,
        store: Store,
        enclosures: OpenEnclosures,
        finishing: Finishing,
        limits: DownloadLimits,
        *,
        clock: Callable[[], datetime],
        on_change: Callable[[], None],
        on_problem: Callable[[Problem], None],
        wake: Callable[[], None],
    ) -> None:
        self._store = store
        self._enclosures = enclosures
        self._finishing = finishing
        self._limits = limits
        self._clock = clock
        self._on_change = on_change
        self._on_problem = on_problem
        self._wake = wake
        # Not those of feeds: an episode takes its turn for minutes.
        self._turns = HostLimiter()
        self._running: dict[int, RunningDownload] = {}
        self._pauses: dict[int, DownloadPause] = {}
        self._reported: dict[int, Problem] = {}
        self._is_closed = False
        self._budget = DownloadBudget(store, limits, clock)
        self.spared: Callable[[], Collection[int]] | None = None
        """Entries that stay where room is made for a new one; None: none is made."""

    # What there is

    async def snapshot(self) -> DownloadList:
        """Every download as it stands now."""
        stored = await self._store.look(lambda c: table.downloads(c, _SHOWN))
        missing = await asyncio.to_thread(missing_entries, stored)
        return DownloadList(
            tuple(
                snapshot_of(
                    each,
                    self._running.get(each.entry),
                    self._pauses.get(each.entry),
                    is_missing=each.entry in missing,
                )
                for each in stored
            )
        )

    async def path_of(self, entry: int) -> Path | None:
        """The file of a finished download that is there; None where there is none."""
        download = await self._store.look(partial(_download, entry))
        if download is None or download.state != "whole":
            return None
        path = Path(download.path)
        return path if await asyncio.to_thread(path.is_file) else None

    # What is wanted

    async def want(self, entries: Collection[int], *, automatic: bool = False) -> None:
        """Want the files of entries. One whose file was taken away is wanted anew."""
        for entry in entries:
            self._pauses.pop(entry, None)
            self._reported.pop(entry, None)
            if await self.path_of(entry) is None:
                await self._store.ask(partial(_want, entry, self._clock(), automatic))
                download = await self._store.look(partial(_download, entry))
                if download is not None:
                    # Until its turn comes, too, what was heard of it is not to give way.
                    await asyncio.to_thread(self._pin(download).put_in)
        self._wake()
        self._on_change()

    async def stop(self, entry: int) -> StoredDownload | None:
        """Want the file of an entry no more; the download as it was. What came stays a while."""
        download = await self._store.look(partial(_download, entry))
        if download is not None and download.state != "whole":
            # Before the task ends: nobody is to begin it anew.
            await self._note(entry, "stopped", path="")
        running = self._running.get(entry)
        if running is not None and running.task is not None:
            running.task.cancel()
            await asyncio.wait([running.task])
            download = await self._store.look(partial(_download, entry))
        if download is not None:
            is_whole = download.state == "whole"
            await self._note(entry, "stopped", path=None if is_whole else "")
            await asyncio.to_thread(self._pin(download).take_out)
        self._on_change()
        return download

    async def sweep(self) -> None:
        """Remove what a run that was killed left beside finished downloads."""
        for download in await self._store.look(lambda c: table.downloads(c, _WHOLE)):
            name = file_name(download.feed, download.guid)
            await asyncio.to_thread(self._enclosures.remove, name)

    async def forget_path(self, entry: int) -> None:
        """Note that the file of a download that was removed is gone for good."""
        await self._note(entry, "removed", path="")

    async def note_whole(self, entry: int, path: Path) -> None:
        """Note that the file of a download that was removed is back."""
        await self._note(entry, "whole", path=str(path))
        self._on_change()

    async def tidy(self, spared: Collection[int]) -> int:
        """Remove by the rules what is not needed any more; how many. ``spared`` entries stay."""
        count = await self._budget.tidy(spared)
        if count:
            self._on_change()
        return count

    # What is done

    async def look(self, only: Collection[int] | None = None) -> float:
        """Begin what is to come, or ``only`` those; seconds until it is to be looked at again."""
        waiting = await self._store.look(lambda c: table.downloads(c, _WAITING))
        now, wait = asyncio.get_running_loop().time(), _LONGEST_PAUSE
        # What the listener asked for comes first, and one at a time what comes by itself.
        for download in sorted(waiting, key=lambda each: each.is_automatic):
            entry = download.entry
            if only is not None and entry not in only:
                continue
            if self._is_closed or len(self._running) >= self._limits.at_once:
                break
            pause = self._pauses.get(entry)
            if pause is not None and pause.until > now:
                wait = min(wait, pause.until - now)
            elif entry not in self._running and not (download.is_automatic and self._running):
                self._begin(download)
        return wait

    async def close(self) -> None:
        """End what comes: the next run goes on with it."""
        self._is_closed = True
        tasks = [each.task for each in self._running.values() if each.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _begin(self, download: StoredDownload) -> None:
        running = self._running[download.entry] = RunningDownload(download)
        running.task = asyncio.get_running_loop().create_task(self._run(running))

    async def _run(self, running: RunningDownload) -> None:
        entry = running.download.entry
        telling = asyncio.get_running_loop().create_task(self._tell())
        try:
            if await self._bring(running):
                self._pauses.pop(entry, None)
                self._reported.pop(entry, None)
        except GiveUpError as end:
            await self._fail(running, end.problem, is_final=True)
        except OSError as error:
            await self._fail(running, disk_failure(named(running.download), error).problem)
        except Exception as error:
            if not isinstance(error, Problem):
                log.exception("a download: unexpected")
            await self._fail(running, as_problem(error))
        finally:
            telling.cancel()
            del self._running[entry]
            self._wake()
            self._on_change()

    async def _bring(self, running: RunningDownload) -> bool:
        """Bring the file of a download whole, and put it into its place; False: another does."""
        download = running.download
        pin = self._pin(download)
        if not await asyncio.to_thread(pin.hold):
            until = asyncio.get_running_loop().time() + _ELSEWHERE_SECONDS
            self._pauses[download.entry] = DownloadPause(until)
            return False
        try:
            await self._budget.look_for_room(download, self.spared)
            if not download.url:
                raise GiveUpError(Problem(f"{named(download)} has no sound any more"))
            async with self._turns.of(download.url):
                await self._fetch(running)
            await asyncio.to_thread(pin.take_out)
        finally:
            pin.let_go()
        return True

    async def _fetch(self, running: RunningDownload) -> None:
        versions = 0
        while (end := await self._fetch_version(running)) is not None:
            versions += 1
            if end.is_another:
                # However much came of it: nothing of it counts.
                running.file = None
            if not end.is_another or versions == _MOST_VERSIONS:
                raise end.problem
            log.info("%s: version %d was changed", named(running.download), versions)

    async def _fetch_version(self, running: RunningDownload) -> FetchFailed | None:
        """Bring one version, and finish it; why it did not become whole."""
        download = running.download
        name = file_name(download.feed, download.guid)
        ended: asyncio.Future[FetchFailed | None] = asyncio.get_running_loop().create_future()
        on_event = partial(self._receive, running, ended)
        use = self._enclosures.use(name, download.url, on_event, title=named(download), whole=True)
        async with use as part:
            running.file = part.file
            end = await ended
            if end is None:
                await self._finish(download, name, part.file)
        return end

    async def _finish(self, download: StoredDownload, name: str, file: EnclosureFile) -> None:
        try:
            path = await self._finishing.finish(download, name, file)
        except GiveUpError as end:
            if end.is_another:
                file.give_way()
            raise
        size = (await asyncio.to_thread(path.stat)).st_size
        finished_at = self._clock()
        await self._note(
            download.entry, "whole", path=str(path), size=size, finished_at=finished_at
        )
        self._enclosures.remove(name)

    def _receive(
        self,
        running: RunningDownload,
        ended: asyncio.Future[FetchFailed | None],
        event: FetchEvent,
    ) -> None:
        match event:
            case FetchBroke(problem):
                running.problem = problem
            case FetchGoesOn():
                running.problem = None
            case FetchWhole() if not ended.done():
                ended.set_result(None)
            case FetchFailed() if not ended.done():
                ended.set_result(event)

    async def _fail(
        self, running: RunningDownload, problem: Problem, *, is_final: bool = False
    ) -> None:
        entry, kind = running.download.entry, problem.kind
        before = self._pauses.get(entry)
        has_more = before is None or running.bytes_there > before.bytes_there
        failures = 1 if before is None or has_more else before.failures + 1
        is_last = failures >= _MOST_FAILURES and kind not in _ANOTHER_TIME
        is_final = is_final or kind in _NEVER or is_last
        log.info("%s: %s (%s)", named(running.download), problem, problem.detail)
        if is_final:
            self._pauses.pop(entry, None)
            await asyncio.to_thread(self._pin(running.download).take_out)
        else:
            pause = growing_pause(failures, self._limits.first_pause, _LONGEST_PAUSE)
            pause = max(pause, problem.retry_wait(self._clock()).total_seconds())
            until = asyncio.get_running_loop().time() + pause
            self._pauses[entry] = DownloadPause(until, failures, running.bytes_there)
        await self._note(entry, "failed" if is_final else "waiting", problem)
        hint = problem.hint if is_final else f"it goes on by itself; {problem.hint}".rstrip("; ")
        problem = problem.reworded(hint=hint)
        if self._reported.get(entry) != problem:
            self._reported[entry] = problem
            self._on_problem(problem)

    async def _note(
        self,
        entry: int,
        state: DownloadState,
        problem: Problem | None = None,
        *,
        path: str | None = None,
        size: int | None = None,
        finished_at: datetime | None = None,
    ) -> None:
        await self._store.ask(
            lambda c: table.note_state(
                c, entry, state, problem, path=path, size=size, finished_at=finished_at
            )
        )

    async def _tell(self) -> None:
        while True:
            self._on_change()
            await asyncio.sleep(_TOLD_SECONDS)

    def _pin(self, download: StoredDownload) -> Pin:
        name = file_name(download.feed, download.guid)
        return Pin(sound_path(self._enclosures.folder, name))


def _want(entry: int, at: datetime, automatic: bool, connection: sqlite3.Connection) -> None:
    download = table.download(connection, entry)
    if download is not None and download.state == "whole":
        table.note_state(connection, entry, "removed", path="")
    table.want(connection, [entry], at, automatic=automatic)


def _download(entry: int, connection: sqlite3.Connection) -> StoredDownload | None:
    return table.download(connection, entry)
