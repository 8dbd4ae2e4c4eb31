"""Enclosures that are open: each has one file and one connection, whoever hears or downloads it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from radiotui.enclosures.fetch import EnclosureFetch, FetchEvent, FetchFailed
from radiotui.enclosures.file import EnclosureFile, EnclosureReader
from radiotui.enclosures.folder import make_room, remove, sound_path
from radiotui.enclosures.give_up import free_bytes
from radiotui.net.client import MIB, Net
from radiotui.problems import Problem, ProblemKind, as_problem

log = logging.getLogger(__name__)


class EnclosureUse:
    """One user's part in an open enclosure: the ear, or a download."""

    def __init__(self, enclosure: OpenEnclosure, on_event: Callable[[FetchEvent], None]) -> None:
        self._enclosure = enclosure
        self.on_event = on_event
        self.ahead = 0
        """Bytes that are to come before they are read."""
        self.is_whole_wanted = False
        self._readers: list[EnclosureReader] = []

    @property
    def file(self) -> EnclosureFile:
        """The file of it."""
        return self._enclosure.file

    def reader(self, *, is_ear: bool = True) -> EnclosureReader:
        """A reader of its file, which ends with the use of it."""
        reader = self.file.reader(is_ear=is_ear)
        self._readers = [each for each in self._readers if not each.is_closed] + [reader]
        return reader

    def end(self) -> None:
        """End its readers: others may have the file open for long."""
        for reader in self._readers:
            reader.close()

    def want(self, *, ahead: int = 0, whole: bool = False) -> None:
        """Want so many bytes ahead of what is read, or every one."""
        self.ahead, self.is_whole_wanted = ahead, whole
        self._enclosure.look_again()


class OpenEnclosure:
    """A file that is open, its connection, and all who use it."""

    def __init__(
        self,
        opening: Coroutine[Any, Any, EnclosureFile],
        make_fetch: Callable[..., EnclosureFetch],
        title: str,
    ) -> None:
        self.title = title
        self._make_fetch = make_fetch
        self._fetch: EnclosureFetch | None = None
        self._filling: asyncio.Task[None] | None = None
        self.is_removed = False
        """Remove its file once nobody uses it."""
        self.uses: list[EnclosureUse] = []
        self.opening = asyncio.ensure_future(opening)

    @property
    def file(self) -> EnclosureFile:
        """Its file, once that is open."""
        return self.opening.result()

    def fill(self, use: EnclosureUse) -> None:
        """Fill it for another user, too."""
        if use.file.gives_way:
            # Of the other version nothing can come as long as the old one is heard.
            title, hint = f"{self.title} was changed by its host", "the old one is still heard"
            problem = Problem(title, hint, kind=ProblemKind.SERVER)
            use.on_event(FetchFailed(problem, is_another=True))
        elif self._filling is None or self._filling.done():
            self._fetch = fetch = self._make_fetch(self.file, self._tell)
            loop = asyncio.get_running_loop()
            self.file.on_want = partial(_call_soon, loop, fetch.want)
            self.look_again()
            self._filling = loop.create_task(self._run(fetch))

    def look_again(self) -> None:
        """Bring what its users want together."""
        if self._fetch is not None:
            self._fetch.ahead = max((use.ahead for use in self.uses), default=0)
            self._fetch.is_whole_wanted = any(use.is_whole_wanted for use in self.uses)
            self._fetch.want()

    async def close(self) -> None:
        """Fill it no more, and close its file."""
        if self._filling is not None:
            self._filling.cancel()
        await asyncio.wait([self.opening])
        if not self.opening.cancelled() and self.opening.exception() is None:
            await asyncio.to_thread(self._close, self.opening.result())

    def _close(self, file: EnclosureFile) -> None:
        file.close()
        if self.is_removed:
            remove(file.path)

    async def _run(self, fetch: EnclosureFetch) -> None:
        try:
            await fetch.run()
        except Exception as error:
            log.exception("an enclosure is not filled any more")
            problem = as_problem(error)
            self.file.fail(problem)
            self._tell(FetchFailed(problem))

    def _tell(self, event: FetchEvent) -> None:
        for use in tuple(self.uses):
            use.on_event(event)


class OpenEnclosures:
    """The enclosures of a folder. Two that use the same one share its file and connection."""

    def __init__(
        self,
        net: Net,
        folder: Path,
        *,
        most_bytes: int = 2048 * MIB,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        free_bytes: Callable[[Path], int] = free_bytes,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.folder = folder
        self._net = net
        self._most_bytes = most_bytes
        self._clock = clock
        self._free_bytes = free_bytes
        self._sleep = sleep
        self._open: dict[str, OpenEnclosure] = {}
        self._closing: dict[str, asyncio.Task[None]] = {}

    @asynccontextmanager
    async def use(
        self,
        name: str,
        url: str,
        on_event: Callable[[FetchEvent], None],
        *,
        title: str,
        ahead: int = 0,
        whole: bool = False,
    ) -> AsyncIterator[EnclosureUse]:
        """Use the enclosure that is kept under ``name``; ``title`` is what problems call it.

        Raises OSError where its file cannot be opened.
        """
        enclosure = self._open.get(name)
        if enclosure is None:
            make_fetch = partial(self._make_fetch, url, title)
            enclosure = OpenEnclosure(self._opened(name), make_fetch, title)
            self._open[name] = enclosure
        use = EnclosureUse(enclosure, on_event)
        enclosure.uses.append(use)
        try:
            await asyncio.shield(enclosure.opening)
            # Those that are open stay, however little they were heard.
            spared = tuple(self._open)
            await asyncio.to_thread(make_room, self.folder, self._most_bytes, spared)
            use.want(ahead=ahead, whole=whole)
            enclosure.fill(use)
            yield use
        finally:
            enclosure.uses.remove(use)
            use.end()
            enclosure.look_again()
            if not enclosure.uses:
                del self._open[name]
                closing = asyncio.get_running_loop().create_task(enclosure.close())
                self._closing[name] = closing
                closing.add_done_callback(partial(self._closed, name))

    def remove(self, name: str) -> None:
        """Remove the file of an enclosure: now, or once nobody uses it. Blocks where it is not."""
        enclosure = self._open.get(name)
        if enclosure is not None:
            enclosure.is_removed = True
        else:
            remove(sound_path(self.folder, name))

    async def closed(self) -> None:
        """Wait until the files that nobody uses any more are closed."""
        if self._closing:
            await asyncio.wait(self._closing.values())

    async def _opened(self, name: str) -> EnclosureFile:
        # What closes may yet write its map, or be removed.
        if name in self._closing:
            await asyncio.wait([self._closing[name]])
        return await asyncio.to_thread(EnclosureFile, sound_path(self.folder, name))

    def _closed(self, name: str, task: asyncio.Task[None]) -> None:
        if self._closing.get(name) is task:
            del self._closing[name]

    def _make_fetch(
        self, url: str, title: str, file: EnclosureFile, on_event: Callable[[FetchEvent], None]
    ) -> EnclosureFetch:
        return EnclosureFetch(
            self._net,
            url,
            file,
            name=title,
            on_event=on_event,
            clock=self._clock,
            free_bytes=self._free_bytes,
            sleep=self._sleep,
        )


def _call_soon(loop: asyncio.AbstractEventLoop, callback: Callable[[], None]) -> None:
    """Call back on the loop, from any thread; after the loop's end the call is dropped."""
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(callback)
