"""Episodes at the ear: an enclosure's file that is heard while it comes, and is kept."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import msgspec

from radiotui.audio.chapters import Chapter, chapters_in
from radiotui.audio.decoding import facts_of
from radiotui.enclosures.fetch import (
    AHEAD,
    EnclosureFetch,
    FetchBroke,
    FetchEvent,
    FetchFailed,
    FetchGoesOn,
    FetchWhole,
)
from radiotui.enclosures.file import EnclosureFile, EnclosureReader
from radiotui.enclosures.folder import make_room
from radiotui.net.client import Net
from radiotui.player import events
from radiotui.player.listening import LAST_SECONDS
from radiotui.player.queue import QueueItem
from radiotui.problems import Problem
from radiotui.radio.tape.marks import Mark
from radiotui.text import shorten

_AHEAD_UNHEARD = 512 * 1024
"""Bytes that are brought ahead while nobody hears it: it may be paused for days."""
_NO_TIME = datetime.fromtimestamp(0, UTC)
_LAST = 5.0
"""Seconds before its end from which an episode begins anew."""


HeardTo = Callable[[QueueItem], Awaitable[float]]
"""Gives the place at which an episode is to go on, in seconds."""
ChaptersOf = Callable[[QueueItem, tuple[Chapter, ...]], Awaitable[tuple[Chapter, ...]]]
"""Gives all chapters of an episode, by those of its file."""


class EpisodeDeps(msgspec.Struct, frozen=True):
    """Dependencies of :class:`OpenEpisode`."""

    net: Net
    folder: Path
    """The folder of the kept files."""
    clock: Callable[[], datetime]
    most_bytes: int
    """Bytes that the folder may take."""
    heard_to: HeardTo
    chapters_of: ChaptersOf
    tell: Callable[[events.StreamEvent], None]


class OpenEpisode:
    """An episode's file while it is at the ear. ``on_whole`` is told its path and length."""

    def __init__(
        self,
        deps: EpisodeDeps,
        tuning_id: int,
        item: QueueItem,
        on_whole: Callable[[Path, float], None],
    ) -> None:
        self._deps = deps
        self._tuning_id = tuning_id
        self._item = item
        self._on_whole = on_whole
        self._name = f"“{shorten(item.title, 40)}”" if item.title else "The episode"
        self._codec = ""
        self._file: EnclosureFile | None = None
        self._fetch: EnclosureFetch | None = None
        self.chapters: tuple[Mark, ...] = ()
        """Marks of its chapters, by their place."""
        self.length = 0.0
        """Seconds; 0.0 where that is not known."""

    def reader(self) -> EnclosureReader:
        """A reader for the ear. To be asked for once the first sound has arrived."""
        assert self._file is not None
        assert self._fetch is not None
        self._fetch.ahead = AHEAD
        return self._file.reader()

    def sound(self) -> Path | EnclosureReader:
        """The file for another one than the ear: where not all has come it waits for the rest."""
        assert self._file is not None
        return self._file.path if self._file.is_whole else self._file.reader(is_ear=False)

    async def run(self) -> None:
        """Open and fill it until the episode is over; it is closed with the task's end."""
        await asyncio.to_thread(
            make_room, self._deps.folder, self._deps.most_bytes, self._item.kept
        )
        path = self._deps.folder / f"{self._item.kept}.sound"
        opening = asyncio.ensure_future(asyncio.to_thread(EnclosureFile, path))
        try:
            self._file = file = await asyncio.shield(opening)
            self._fetch = fetch = EnclosureFetch(
                self._deps.net,
                self._item.url,
                file,
                name=self._name,
                on_event=self._pass_on,
                ahead=_AHEAD_UNHEARD,
                clock=self._deps.clock,
            )
            file.on_want = partial(_call_soon, asyncio.get_running_loop(), fetch.want)
            async with asyncio.TaskGroup() as group:
                group.create_task(fetch.run())
                group.create_task(self._open(file, path))
                # What is there is read until somebody closes it.
                group.create_task(asyncio.Event().wait())
        except OSError as error:
            why = error.strerror or str(error)
            problem = Problem(f"{self._name} cannot be kept while it is heard: {why}")
            self._deps.tell(events.SourceFailed(self._tuning_id, problem))
        finally:
            opening.add_done_callback(_close)

    async def _open(self, file: EnclosureFile, path: Path) -> None:
        try:
            codec, length = await asyncio.to_thread(facts_of, file.reader())
        except Problem as problem:
            self._deps.tell(events.SourceFailed(self._tuning_id, problem))
            return
        self.length = length or self._item.seconds or 0.0
        begin = await self._begin()
        self._codec = codec
        self._deps.tell(events.SoundArrived(self._tuning_id, codec, None, begin))
        self._deps.tell(events.SourceFinished(self._tuning_id, self.length or None))
        if file.is_whole:
            self._on_whole(path, self.length)
        # The first sound waits for none of them.
        of_file = await asyncio.to_thread(chapters_in, file.reader(is_ear=False))
        chapters = await self._deps.chapters_of(self._item, of_file)
        self.chapters = tuple(
            Mark(chapter.start, _NO_TIME, "chapter", chapter.title) for chapter in chapters
        )

    async def _begin(self) -> float:
        """The place to begin at: the one that is asked for, or where it was left."""
        if self._item.begin is not None:
            newest = self.length - LAST_SECONDS if self.length else self._item.begin
            return max(0.0, min(self._item.begin, newest))
        left_at = await self._deps.heard_to(self._item)
        return 0.0 if self.length and left_at > self.length - _LAST else left_at

    def _pass_on(self, event: FetchEvent) -> None:
        # Before the first sound its opening tells what there is to tell.
        if not self._codec:
            return
        match event:
            case FetchBroke(problem, retry_at):
                self._deps.tell(events.ConnectionLost(self._tuning_id, problem, retry_at))
            case FetchGoesOn():
                self._deps.tell(events.SoundArrived(self._tuning_id, self._codec, None))
            case FetchFailed(problem):
                self._deps.tell(events.SourceFailed(self._tuning_id, problem))
            case FetchWhole():
                if self._file is not None:
                    self._on_whole(self._file.path, self.length)


def _close(opening: asyncio.Future[EnclosureFile]) -> None:
    """Close a file, as soon as it is open; the disk is waited for by another thread."""
    if not opening.cancelled() and opening.exception() is None:
        asyncio.get_running_loop().run_in_executor(None, opening.result().close)


def _call_soon(loop: asyncio.AbstractEventLoop, callback: Callable[[], None]) -> None:
    """Call back on the loop, from any thread; after the loop's end the call is dropped."""
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(callback)
