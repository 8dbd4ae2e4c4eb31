"""Progress of episodes: how far each was heard, kept while it is heard, and where it goes on."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from radiotui.app.deps import RoomDeps
from radiotui.app.queue_items import with_identity
from radiotui.net.typed import json_decoder
from radiotui.net.urls import web_link
from radiotui.player.after_pause import seconds_back
from radiotui.player.intents import Pause, PlayerIntent, PlayItem, Resume, Shift, TogglePause
from radiotui.player.queue import QueueItem
from radiotui.player.sleep import FADE_SECONDS
from radiotui.player.state import PlayerState, PlayState
from radiotui.problems import Problem
from radiotui.store import progress as table
from radiotui.store import queues, stories
from radiotui.store.beside import episode_labels
from radiotui.store.episodes import entry_of

if TYPE_CHECKING:
    import sqlite3

    from radiotui.app.podcasts import Podcasts
    from radiotui.audio.chapter_extras import ByteSpan
    from radiotui.audio.chapters import Chapter
    from radiotui.player.episodes import BytesAt
    from radiotui.player.player import Player

log = logging.getLogger(__name__)

_KEPT_EVERY = 5.0
"""Seconds of sound after which the place is kept again."""
_END = 10.0
"""Seconds before its end from which an episode was heard to its end."""
_CLOSING_SECONDS = 0.2
_MEMORY_KEY = "episode"


class _EarPlace(msgspec.Struct, frozen=True):
    """The ear's place in an episode."""

    item: QueueItem
    at: float
    length: float
    is_playing: bool
    outro: float = 0.0
    """Seconds at the end that its listener does not hear."""


class ProgressDeps(RoomDeps, frozen=True):
    """Dependencies of :class:`EpisodeProgress`."""

    podcasts: Callable[[], Podcasts]
    """The room that knows the chapters of episodes."""
    on_rest: Callable[[], None]
    """Is told that an episode was paused or left: it may go on on another device."""


class EpisodeProgress:
    """Follows the player, and keeps the place in each episode in the store."""

    def __init__(self, deps: ProgressDeps) -> None:
        self.deps = deps
        self._last: _EarPlace | None = None
        """The place to go on from: not one at which the listener was falling asleep."""
        self._kept_at = 0.0
        """The place that was kept last, in seconds."""
        self._begun: QueueItem | None = None
        """The episode at the ear, also before its first sound."""
        self._chapters: tuple[str, tuple[Chapter, ...]] = ("", ())
        """Those of the episode that was opened last, by its key."""
        self._picture: tuple[str, str | None] = ("", None)
        """The address of its picture, by its key."""
        self._file: tuple[str, BytesAt] = ("", lambda _at, _length: None)
        """How the file of the episode that was opened last is read, by its key."""
        self._is_closed = False
        self._paused_at: datetime | None = None
        self._writing: set[asyncio.Task[None]] = set()

    def receive(self, player_state: PlayerState) -> None:
        """Follow the player."""
        if self._is_closed:
            return
        place, last = _place_of(player_state), self._last
        self._note_pause(player_state)
        self._note_begun(player_state)
        if last is not None and (place is None or place.item.key != last.item.key):
            self._keep(last, is_over=True)
            last = self._last = None
        if place is None or _is_fading(player_state, self.deps.clock()):
            return
        self._last = place
        is_other = last is None or last.is_playing != place.is_playing
        if is_other or abs(place.at - self._kept_at) >= _KEPT_EVERY:
            self._keep(place)

    def obey(self, player: Player, intent: PlayerIntent) -> None:
        """Pass an intent on; after a long pause an episode goes on a little before it."""
        item = player.state.story
        is_episode = item is not None and bool(item.kept)
        if is_episode and self._paused_at is not None and isinstance(intent, Resume | TogglePause):
            back = seconds_back(self.deps.clock() - self._paused_at)
            if back:
                player.do(Shift(-back))
        player.do(intent)

    async def offer_again(self, player: Player) -> None:
        """Put the episode to the ear, paused, that was there when the program ended."""
        store = (await self.deps.opened()).store
        word = await store.recall(_MEMORY_KEY)
        try:
            item = json_decoder(QueueItem).decode(word) if word else None
        except msgspec.DecodeError as error:
            log.warning("the episode of the last run is not known: %s", error)
            return
        if item is not None and item.kept:
            remembered = item
            player.do(PlayItem(await store.look(lambda c: with_identity(c, remembered))))
            player.do(Pause())

    async def heard_to(self, item: QueueItem) -> float:
        """The place at which an episode goes on, in seconds: a little before where it ended."""
        await self.flushed()
        store = (await self.deps.opened()).store
        try:
            progress = await store.look(lambda c: table.progress_of(c, item.feed, item.guid))
        except Problem as problem:
            log.warning("the place in an episode is not known: %s", problem)
            return 0.0
        if progress is None:
            return 0.0
        return max(0.0, progress.heard - seconds_back(self.deps.clock() - progress.heard_at))

    async def chapters_of(
        self, item: QueueItem, of_file: tuple[Chapter, ...]
    ) -> tuple[Chapter, ...]:
        """All chapters of an episode: of its file, its feed, and the list that it names."""
        self._chapters, self._picture = (item.key, of_file), (item.key, None)
        try:
            store = (await self.deps.opened()).store
            entry = await store.look(lambda c: entry_of(c, item.feed, item.guid))
            if entry is None:
                return of_file
            labels = await store.look(lambda c: episode_labels(c, [entry]))
            self._picture = (item.key, labels[entry].image if entry in labels else None)
            told = await self.deps.podcasts().chapters(entry, of_file)
        except Problem as problem:
            log.info("the chapters of an episode are not known: %s", problem)
            return of_file
        if told.problem is not None:
            log.info("the list of an episode's chapters is not known: %s", told.problem)
        self._chapters = (item.key, told.chapters)
        return told.chapters

    def chapters_heard(self, key: str) -> tuple[Chapter, ...]:
        """Chapters of the episode at the ear, with all that is told of them; by its key."""
        return self._chapters[1] if self._chapters[0] == key else ()

    def picture_heard(self, key: str) -> str | None:
        """The address of a picture of the episode at the ear, its own or its podcast's."""
        return web_link(self._picture[1]) if self._picture[0] == key else None

    def note_file(self, item: QueueItem, bytes_at: BytesAt) -> None:
        """Note how the file of the episode at the ear is read."""
        self._file = (item.key, bytes_at)

    async def picture_within(self, key: str, place: ByteSpan) -> Path | None:
        """A copy of a picture in the file of the episode at the ear; None where it has not come.

        Raises Problem for what is no picture.
        """
        opened, bytes_at = self._file
        try:
            data = await asyncio.to_thread(bytes_at, place.offset, place.length)
        except OSError as error:
            raise Problem("The picture cannot be read", error.strerror or str(error)) from error
        if data is None or key != opened:
            return None
        return await (await self.deps.opened()).pictures.keep(data)

    async def flushed(self) -> None:
        """Wait until every place so far is in the store."""
        while self._writing:
            await asyncio.wait(self._writing)

    async def close(self) -> None:
        """Keep the last place; briefly."""
        self._is_closed = True
        if self._last is not None:
            self._keep(self._last)
        if self._writing:
            await asyncio.wait(self._writing, timeout=_CLOSING_SECONDS)

    def _note_begun(self, player_state: PlayerState) -> None:
        """Remember which episode is at the ear, for a start after a crash."""
        item = player_state.story if player_state.story and player_state.story.kept else None
        if item != self._begun:
            self._begun = item
            self._run(self._remember(item))

    async def _remember(self, item: QueueItem | None) -> None:
        word = msgspec.json.encode(item).decode() if item else ""
        await (await self.deps.opened()).store.remember(_MEMORY_KEY, word)

    def _note_pause(self, player_state: PlayerState) -> None:
        if player_state.state is not PlayState.PAUSED:
            self._paused_at = None
        elif self._paused_at is None:
            self._paused_at = self.deps.clock()

    def _keep(self, place: _EarPlace, *, is_over: bool = False) -> None:
        self._kept_at = place.at
        is_played = (
            is_over and bool(place.length) and place.at >= place.length - max(_END, place.outro)
        )
        self._run(self._write(place, is_played=is_played))
        if is_over or not place.is_playing:
            self.deps.on_rest()

    async def _write(self, place: _EarPlace, *, is_played: bool) -> None:
        services, at = await self.deps.opened(), self.deps.clock()
        await services.store.ask(lambda c: _note(c, place, at, is_played=is_played))
        await services.story_service.tell_again(of_episodes=True)

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        task = self.deps.spawn(work)
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)


def _note(
    connection: sqlite3.Connection, place: _EarPlace, at: datetime, *, is_played: bool
) -> None:
    """Note a place in an episode; one that was heard to its end is read, too."""
    feed, guid = place.item.feed, place.item.guid
    heard = 0.0 if is_played else place.at
    table.note_place(connection, (feed, guid), heard, place.length, at, is_played=is_played)
    if not is_played:
        return
    queues.take_out_of_all(connection, feed, guid)
    # What is not kept any more has nothing to be marked, and nobody needs to be told.
    entry = entry_of(connection, feed, guid)
    if entry is not None:
        stories.mark(connection, [entry], read=True)


def _place_of(player_state: PlayerState) -> _EarPlace | None:
    """The place in the episode at the ear; None where there is none, or no sound yet."""
    current, item = player_state.current, player_state.story
    if item is None or not item.kept or not item.feed or current.position is None:
        return None
    length, outro = current.length or 0.0, current.sound.outro
    return _EarPlace(item, current.position, length, current.is_playing, outro)


def _is_fading(player_state: PlayerState, now: datetime) -> bool:
    """True while the sleep timer makes it softer: who sleeps by then goes on before that."""
    timer, position = player_state.sleep, player_state.current.position
    if timer is not None and timer.after == "chapter" and position is not None:
        return timer.place - position < FADE_SECONDS * player_state.play_rate
    until = timer.until if timer else None
    return until is not None and (until - now).total_seconds() < FADE_SECONDS
