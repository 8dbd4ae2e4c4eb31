"""Episodes at the ear: an enclosure's file that is heard while it comes, and is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from radiotui.audio.chapters import Chapter, chapters_in
from radiotui.audio.decoding import facts_of
from radiotui.enclosures.fetch import (
    AHEAD,
    FetchBroke,
    FetchEvent,
    FetchFailed,
    FetchGoesOn,
    FetchWhole,
)
from radiotui.enclosures.file import EnclosureReader
from radiotui.enclosures.open_enclosures import EnclosureUse, OpenEnclosures
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
FileOf = Callable[[QueueItem], Awaitable[Path | None]]
"""Gives the file of an episode that was downloaded; None where there is none."""


class EpisodeDeps(msgspec.Struct, frozen=True):
    """Dependencies of :class:`OpenEpisode`."""

    enclosures: OpenEnclosures
    heard_to: HeardTo
    chapters_of: ChaptersOf
    file_of: FileOf


class OpenEpisode:
    """An episode's file while it is at the ear. ``on_whole`` is told its path and length."""

    def __init__(
        self,
        deps: EpisodeDeps,
        tuning_id: int,
        item: QueueItem,
        on_whole: Callable[[Path, float], None],
        tell: Callable[[events.StreamEvent], None],
    ) -> None:
        self._deps = deps
        self._tell = tell
        self._tuning_id = tuning_id
        self._item = item
        self._on_whole = on_whole
        self._name = f"“{shorten(item.title, 40)}”" if item.title else "The episode"
        self._codec = ""
        self._path: Path | None = None
        """The file that was downloaded."""
        self._use: EnclosureUse | None = None
        self.chapters: tuple[Mark, ...] = ()
        """Marks of its chapters, by their place."""
        self.length = 0.0
        """Seconds; 0.0 where that is not known."""

    def reader(self) -> EnclosureReader:
        """A reader for the ear. To be asked for once the first sound has arrived."""
        assert self._use is not None
        self._use.want(ahead=AHEAD)
        return self._use.reader()

    def sound(self) -> Path | EnclosureReader:
        """The file for another one than the ear: where not all has come it waits for the rest."""
        return self._sound(is_ear=False)

    async def run(self) -> None:
        """Open and fill it until the episode is over; it is closed with the task's end."""
        self._path = await self._deps.file_of(self._item)
        if self._path is not None:
            return await self._open()
        use = self._deps.enclosures.use(
            self._item.kept,
            self._item.url,
            self._pass_on,
            title=self._name,
            ahead=_AHEAD_UNHEARD,
        )
        try:
            async with use as self._use:
                await self._open()
                # What is there is read until somebody closes it.
                await asyncio.Event().wait()
        except OSError as error:
            why = error.strerror or str(error)
            problem = Problem(f"{self._name} cannot be kept while it is heard: {why}")
            self._tell(events.SourceFailed(self._tuning_id, problem))

    def _sound(self, *, is_ear: bool = True) -> Path | EnclosureReader:
        if self._path is not None:
            return self._path
        assert self._use is not None
        return self._use.reader(is_ear=is_ear)

    async def _open(self) -> None:
        try:
            codec, length = await asyncio.to_thread(facts_of, self._sound())
        except Problem as problem:
            self._tell(events.SourceFailed(self._tuning_id, problem))
            return
        self.length = length or self._item.seconds or 0.0
        begin = await self._begin()
        self._codec = codec
        if self._path is not None:
            # The engine is to open it from there.
            self._on_whole(self._path, self.length)
        self._tell(events.SoundArrived(self._tuning_id, codec, None, begin))
        self._tell(events.SourceFinished(self._tuning_id, self.length or None))
        if self._use is not None and self._use.file.is_whole:
            self._on_whole(self._use.file.path, self.length)
        # The first sound waits for none of them.
        of_file = await asyncio.to_thread(chapters_in, self._sound(is_ear=False))
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
                self._tell(events.ConnectionLost(self._tuning_id, problem, retry_at))
            case FetchGoesOn():
                self._tell(events.SoundArrived(self._tuning_id, self._codec, None))
            case FetchFailed(problem):
                self._tell(events.SourceFailed(self._tuning_id, problem))
            case FetchWhole():
                if self._use is not None:
                    self._on_whole(self._use.file.path, self.length)
