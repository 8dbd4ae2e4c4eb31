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
from radiotui.audio.loudness_norm import Loudness
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
from radiotui.player.intents import EpisodeSound, SetEpisodeSound
from radiotui.player.queue import QueueItem
from radiotui.problems import Problem
from radiotui.radio.tape.marks import Mark
from radiotui.text import shorten

_AHEAD_UNHEARD = 512 * 1024
"""Bytes that are brought ahead while nobody hears it: it may be paused for days."""
_NO_TIME = datetime.fromtimestamp(0, UTC)
_LAST = 5.0
"""Seconds before its end from which an episode begins anew."""
_NOTED_EVERY = 60.0
"""Seconds that are heard until the loudness is told again."""
_MEASURED = 10 * 60.0
"""Seconds of a podcast after which its loudness is measured once and for all."""


HeardTo = Callable[[QueueItem], Awaitable[float]]
"""Gives the place at which an episode is to go on, in seconds."""
ChaptersOf = Callable[[QueueItem, tuple[Chapter, ...]], Awaitable[tuple[Chapter, ...]]]
"""Gives all chapters of an episode, by those of its file."""
SoundOf = Callable[[QueueItem], Awaitable[tuple[EpisodeSound, Loudness | None]]]
"""Gives how an episode is to be heard, and the loudness that was measured of its podcast."""
OnLoudness = Callable[[QueueItem, Loudness], None]
"""Takes the loudness of an episode's podcast, as far as it is measured by now."""


async def from_the_beginning(_item: QueueItem) -> float:
    """The place of an episode of which nothing is known, in seconds."""
    return 0.0


async def those_of_the_file(_item: QueueItem, of_file: tuple[Chapter, ...]) -> tuple[Chapter, ...]:
    """The chapters of an episode of which no others are known."""
    return of_file


async def as_every_episode(_item: QueueItem) -> tuple[EpisodeSound, Loudness | None]:
    """The sound of an episode whose podcast nobody has set otherwise."""
    return EpisodeSound(), None


class EpisodeAnswers(msgspec.Struct, frozen=True, kw_only=True):
    """Answers about episodes, of whoever keeps what is known of them."""

    heard_to: HeardTo = from_the_beginning
    chapters_of: ChaptersOf = those_of_the_file
    sound_of: SoundOf = as_every_episode
    on_loudness: OnLoudness = lambda _item, _loudness: None


class EpisodeDeps(msgspec.Struct, frozen=True):
    """Dependencies of :class:`OpenEpisode`."""

    net: Net
    folder: Path
    """The folder of the kept files."""
    clock: Callable[[], datetime]
    most_bytes: int
    """Bytes that the folder may take."""
    answers: EpisodeAnswers
    tell: Callable[[events.StreamEvent | SetEpisodeSound], None]


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
        self.loudness: Loudness | None = None
        """Loudness of its podcast, of what was heard of it before."""
        self._noted_seconds = 0.0
        """Seconds of sound in the loudness that was told last."""

    @property
    def is_measured(self) -> bool:
        """True where enough was heard of its podcast before: its gain stays as it is."""
        return self.loudness is not None and self.loudness.seconds >= _MEASURED

    def note_loudness(self, loudness: Loudness) -> None:
        """Tell the loudness of its podcast, each time that a minute more was heard."""
        if not self.is_measured and loudness.seconds - self._noted_seconds >= _NOTED_EVERY:
            self._noted_seconds = loudness.seconds
            self._deps.answers.on_loudness(self._item, loudness)

    def reader(self) -> EnclosureReader:
        """A reader for the ear. To be asked for once the first sound has arrived."""
        assert self._file is not None
        assert self._fetch is not None
        self._fetch.ahead = AHEAD
        return self._file.reader()

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
        chapters = await self._deps.answers.chapters_of(self._item, of_file)
        self.chapters = tuple(
            Mark(chapter.start, _NO_TIME, "chapter", chapter.title) for chapter in chapters
        )

    async def _begin(self) -> float:
        """The place of its first sound, in seconds, once it is said how that is to be heard."""
        begin = await self._deps.answers.heard_to(self._item)
        sound, self.loudness = await self._deps.answers.sound_of(self._item)
        self._noted_seconds = self.loudness.seconds if self.loudness else 0.0
        self._deps.tell(SetEpisodeSound(self._item.key, sound))
        if self.length and begin > self.length - _LAST:
            begin = 0.0
        has_more = not self.length or sound.intro < self.length - _LAST
        return max(begin, sound.intro) if has_more else begin

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
