"""Episodes at the ear: an enclosure's file that is heard while it comes, and is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from radiotui.audio.chapter_extras import bytes_of
from radiotui.audio.chapters import Chapter, chapters_in
from radiotui.audio.decoding import facts_of
from radiotui.audio.loudness_norm import Loudness
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
from radiotui.player.intents import EpisodeSound, SetEpisodeSound
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
_NOTED_EVERY = 60.0
"""Seconds that are heard until the loudness is told again."""
_MEASURED = 10 * 60.0
"""Seconds of a podcast after which its loudness is measured once and for all."""


HeardTo = Callable[[QueueItem], Awaitable[float]]
"""Gives the place at which an episode is to go on, in seconds."""
ChaptersOf = Callable[[QueueItem, tuple[Chapter, ...]], Awaitable[tuple[Chapter, ...]]]
"""Gives all chapters of an episode, by those of its file."""
FileOf = Callable[[QueueItem], Awaitable[Path | None]]
"""Gives the file of an episode that was downloaded; None where there is none."""
SoundOf = Callable[[QueueItem], Awaitable[tuple[EpisodeSound, Loudness | None]]]
"""Gives how an episode is to be heard, and the loudness that was measured of its podcast."""
BytesAt = Callable[[int, int], bytes | None]
"""Gives so many bytes from a place of a file on; None while not all of them are there."""
OnFile = Callable[[QueueItem, BytesAt], None]
"""Takes how the file of an episode at the ear is read in threads."""
OnLoudness = Callable[[QueueItem, Loudness], None]
"""Takes the loudness of an episode's podcast, as far as it is measured by now."""


async def from_the_beginning(_item: QueueItem) -> float:
    """The place of an episode of which nothing is known, in seconds."""
    return 0.0


async def those_of_the_file(_item: QueueItem, of_file: tuple[Chapter, ...]) -> tuple[Chapter, ...]:
    """The chapters of an episode of which no others are known."""
    return of_file


async def no_download(_item: QueueItem) -> Path | None:
    """The file of an episode where none is downloaded."""
    return None


async def as_every_episode(_item: QueueItem) -> tuple[EpisodeSound, Loudness | None]:
    """The sound of an episode whose podcast nobody has set otherwise."""
    return EpisodeSound(), None


class EpisodeAnswers(msgspec.Struct, frozen=True, kw_only=True):
    """Answers about episodes, of whoever keeps what is known of them."""

    heard_to: HeardTo = from_the_beginning
    chapters_of: ChaptersOf = those_of_the_file
    file_of: FileOf = no_download
    sound_of: SoundOf = as_every_episode
    on_file: OnFile = lambda _item, _bytes_at: None
    on_loudness: OnLoudness = lambda _item, _loudness: None


class EpisodeDeps(msgspec.Struct, frozen=True):
    """Dependencies of :class:`OpenEpisode`."""

    enclosures: OpenEnclosures
    answers: EpisodeAnswers


class OpenEpisode:
    """An episode's file while it is at the ear. ``on_whole`` is told its path and length."""

    def __init__(
        self,
        deps: EpisodeDeps,
        tuning_id: int,
        item: QueueItem,
        on_whole: Callable[[Path, float], None],
        tell: Callable[[events.StreamEvent | SetEpisodeSound], None],
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
        assert self._use is not None
        self._use.want(ahead=AHEAD)
        return self._use.reader()

    def sound(self) -> Path | EnclosureReader:
        """The file for another one than the ear: where not all has come it waits for the rest."""
        return self._sound(is_ear=False)

    def bytes_at(self, at: int, length: int) -> bytes | None:
        """Bytes of its file; None where not all of them have come. Not for the loop.

        Raises OSError.
        """
        path = self._path
        if path is None and self._use is not None:
            is_there = self._use.file.missing_from(at)[0] >= at + length
            path = self._use.file.path if is_there else None
        return bytes_of(path, at, length) if path is not None else None

    async def run(self) -> None:
        """Open and fill it until the episode is over; it is closed with the task's end."""
        self._path = await self._deps.answers.file_of(self._item)
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
        self._deps.answers.on_file(self._item, self.bytes_at)
        # The first sound waits for none of them.
        of_file = await asyncio.to_thread(chapters_in, self._sound(is_ear=False))
        chapters = await self._deps.answers.chapters_of(self._item, of_file)
        self.chapters = tuple(
            Mark(chapter.start, _NO_TIME, "chapter", chapter.title) for chapter in chapters
        )

    async def _begin(self) -> float:
        """The place of its first sound, in seconds, once it is said how that is to be heard.

        It is the one that is asked for, or where it was left.
        """
        sound, self.loudness = await self._deps.answers.sound_of(self._item)
        self._noted_seconds = self.loudness.seconds if self.loudness else 0.0
        self._tell(SetEpisodeSound(self._item.key, sound))
        if self._item.begin is not None:
            newest = self.length - LAST_SECONDS if self.length else self._item.begin
            return max(0.0, min(self._item.begin, newest))
        begin = await self._deps.answers.heard_to(self._item)
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
                self._tell(events.ConnectionLost(self._tuning_id, problem, retry_at))
            case FetchGoesOn():
                self._tell(events.SoundArrived(self._tuning_id, self._codec, None))
            case FetchFailed(problem):
                self._tell(events.SourceFailed(self._tuning_id, problem))
            case FetchWhole():
                if self._use is not None:
                    self._on_whole(self._use.file.path, self.length)
