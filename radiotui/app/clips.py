"""Clips: places that are marked while one listens, kept with note, words and sound."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from radiotui.app.clip import Clip, clean_note, read_clip, written
from radiotui.app.deps import RoomDeps
from radiotui.app.intents import ClipIntent, Intent, NoteClip, PlayClip, RemoveClip, ToggleClip
from radiotui.app.updates import ClipBegin
from radiotui.player.state import PlayState
from radiotui.problems import Problem, ProblemKind
from radiotui.store import clips as table
from radiotui.store.clips import StoredClip
from radiotui.store.episodes import entry_of
from radiotui.stories.intents import ListenFrom
from radiotui.stories.transcript_lines import lines_between
from radiotui.text import clock_duration, without_password

if TYPE_CHECKING:
    from radiotui.app.podcasts import Podcasts
    from radiotui.app.services import Services
    from radiotui.player.listening import Listening
    from radiotui.player.player import Player
    from radiotui.player.queue import QueueItem
    from radiotui.player.sources import Source
    from radiotui.recording.wastebasket import WasteFile

log = logging.getLogger(__name__)

_SHORTEST = 1.0
_MOST_RESULTS = 20
_MOST_REMOVED = 50
_CUT_SECONDS = 60.0
"""Patience for bytes that have not come: what is clipped was heard, so that they are there."""


class ClipsDeps(RoomDeps, frozen=True):
    """Dependencies of :class:`Clips`."""

    folder: Callable[[], Path]
    """The folder for their files."""
    podcasts: Callable[[], Podcasts]
    do: Callable[[Intent], None]
    """Obeys an intent for another room."""
    confirm: Callable[[str, str], None]
    """Tells every front end about something that was done."""
    publish: Callable[[ClipBegin], None]


class Clips:
    """The clips of the listener. Questions and changes are awaited and raise Problem."""

    def __init__(self, deps: ClipsDeps) -> None:
        self.deps = deps
        self._begin = ClipBegin()
        self._removed: list[tuple[Clip, WasteFile | None]] = []

    def do(self, intent: ClipIntent) -> None:
        """Obey a front end's intent; returns at once."""
        self.deps.spawn(self._obey(intent))

    async def _obey(self, intent: ClipIntent) -> None:
        match intent:
            case ToggleClip():
                await self._toggle()
            case PlayClip(number):
                await self.play(number)
            case NoteClip(number, note):
                await self.note(number, note)
            case RemoveClip(number):
                await self.remove(number)

    # Questions

    async def clips(self, words: str = "") -> list[Clip]:
        """The clips with every one of the words, the newest first."""
        stored = await (await self.deps.opened()).store.look(table.stored_clips)
        asked = words.casefold().split()
        clips = filter(None, map(_read, stored))
        return [clip for clip in clips if all(word in clip.searched for word in asked)]

    async def search(self, typed: str) -> list[Clip]:
        """The clips that match a search over everything; none where it has filters."""
        words = typed.replace('"', " ").split()
        if not words or any(":" in word or word == "OR" for word in words):
            return []
        unwanted = [word[1:].casefold() for word in words if word.startswith("-")]
        clips = await self.clips(" ".join(word for word in words if not word.startswith("-")))
        fitting = (clip for clip in clips if not any(word in clip.searched for word in unwanted))
        return list(islice(fitting, _MOST_RESULTS))

    async def clip(self, number: int) -> Clip:
        """The clip of that number. Raises Problem where there is none."""
        for clip in await self.clips():
            if clip.number == number:
                return clip
        hint = "'radiotui podcasts clips' lists them"
        raise Problem(f"there is no clip {number}", hint, kind=ProblemKind.NOT_FOUND)

    # Changes

    async def note(self, number: int, note: str) -> Clip:
        """Give a clip another note; the clip as it is then."""
        clip = replace(await self.clip(number), note=clean_note(note))
        await self._put(clip)
        return clip

    async def remove(self, number: int) -> Clip:
        """Remove a clip; its file waits beside its place, hidden, and :meth:`undo` has both."""
        from radiotui.recording.wastebasket import lay_aside

        clip = await self.clip(number)
        waste = None
        if await asyncio.to_thread(_is_file, clip.path):
            try:
                waste = await asyncio.to_thread(lay_aside, Path(clip.path), self.deps.clock())
            except OSError as error:
                reason = error.strerror or str(error)
                raise Problem(f"“{clip.title}” cannot be deleted", reason) from error
        await (await self.deps.opened()).store.ask(lambda c: table.remove_clip(c, number))
        self._removed = [*self._removed[1 - _MOST_REMOVED :], (clip, waste)]
        return clip

    async def undo(self) -> Clip | None:
        """Bring back the clip that was removed last; None: there is none."""
        if not self._removed:
            return None
        clip, waste = self._removed.pop()
        if waste is not None:
            try:
                clip = replace(clip, path=str(await asyncio.to_thread(waste.put_back)))
            except OSError as error:
                log.warning("the file of a clip cannot be brought back: %s", error)
        await self._put(clip)
        return clip

    async def play(self, number: int) -> None:
        """Play a clip: its episode from there, or its file. Raises Problem where both are gone."""
        from radiotui.player.intents import PlayItem
        from radiotui.player.queue import QueueItem

        clip, services = await self.clip(number), await self.deps.opened()
        entry = None
        if clip.guid:
            entry = await services.store.look(lambda c: entry_of(c, clip.feed, clip.guid))
        if entry is not None:
            self.deps.do(ListenFrom(entry, clip.begin))
        elif await asyncio.to_thread(_is_file, clip.path):
            key, seconds = f"file {clip.path}", clip.seconds
            item = QueueItem(
                key=key,
                url="",
                path=clip.path,
                title=clip.title,
                from_=clip.source,
                seconds=seconds,
            )
            services.player.do(PlayItem(item))
        else:
            raise Problem(f"“{clip.title}” is not there any more", "its words and its note are")

    async def export(self, number: int, folder: Path) -> list[Path]:
        """Copy a clip's sound into a folder, and its words as text beside it; their paths.

        Raises Problem where the disk does not take them.
        """
        from radiotui.app.clip_export import export_clip

        return await asyncio.to_thread(export_clip, await self.clip(number), folder)

    # Making one

    async def _toggle(self) -> None:
        services = await self.deps.opened()
        ear, begun = _ear(services.player), self._begin
        if ear is None:
            raise Problem("Nothing is heard of which a clip could be made", "hear something first")
        if begun.sound != ear.sound:
            self._note_begin(ear)
            name = _name_at(services.player.state.current, ear.at)
            self.deps.confirm("The clip begins here", f"{name} · the same key ends it")
            return
        self._note_begin(ClipBegin())
        begin, end = sorted((begun.at, ear.at))
        if end - begin < _SHORTEST:
            raise Problem("That clip would be too short", "it takes a second at least")
        source = services.player.source_at_ear
        clip = await self._new(services, begin, end)
        # Before all that takes time: the mark itself is never lost.
        clip = replace(clip, number=await self._add(clip))
        self.deps.confirm(f"Clip kept: {clip.title} ({clock_duration(clip.seconds)})", clip.place)
        clip = await self._with_words(services, clip)
        await self._with_sound(clip, source)

    def _note_begin(self, begin: ClipBegin) -> None:
        self._begin = begin
        self.deps.publish(begin)

    async def _new(self, services: Services, begin: float, end: float) -> Clip:
        """The clip of what is at the ear."""

        current, now = services.player.state.current, self.deps.clock()
        item = current.story
        if item is None:
            tape = services.player.tape
            title = current.programme or current.title or current.stream_name
            sent = tape.wall_at(begin) if tape is not None else now
            names = (title or current.station_name, current.station_name)
            return Clip(*names, begin, end, now, began_at=sent)
        clip = Clip(item.title, item.from_, begin, end, now, url=without_password(item.url))
        link = await _link_of(services, item)
        return replace(clip, feed=item.feed, guid=item.guid, link=link)

    async def _with_words(self, services: Services, clip: Clip) -> Clip:
        """The clip with the lines of its transcript, where there is one."""
        if not clip.guid:
            return clip
        try:
            entry = await services.store.look(lambda c: entry_of(c, clip.feed, clip.guid))
            if entry is None:
                return clip
            transcript = await self.deps.podcasts().transcript(entry)
        except Problem as problem:
            log.info("a clip has no words: %s", problem)
            return clip
        lines = lines_between(transcript, clip.begin, clip.end)
        return await self._changed(clip, lines=lines) if lines else clip

    async def _with_sound(self, clip: Clip, source: Source | None) -> None:
        """Keep the sound of a clip as a file; the clip stays where that cannot be done."""
        from radiotui.app.clip_sound import write_sound

        if source is None:
            return
        path = await write_sound(clip, source, self.deps.folder(), patience=_CUT_SECONDS)
        await self._changed(clip, path=str(path))

    async def _changed(self, clip: Clip, *, lines: Sequence[str] = (), path: str = "") -> Clip:
        """The clip with more of it; a note that came meanwhile stays, and so does its end."""
        try:
            now = await self.clip(clip.number)
        except Problem:
            return clip
        now = replace(now, lines=tuple(lines) or now.lines, path=path or now.path)
        await self._put(now)
        return now

    async def _add(self, clip: Clip) -> int:
        at, content = int(clip.made_at.timestamp()), written(clip)
        return await (await self.deps.opened()).store.ask(lambda c: table.add_clip(c, at, content))

    async def _put(self, clip: Clip) -> None:
        stored = StoredClip(clip.number, int(clip.made_at.timestamp()), written(clip))
        await (await self.deps.opened()).store.ask(lambda c: table.put_clip(c, stored))


def _ear(player: Player) -> ClipBegin | None:
    """The place of the ear at this moment; None where nothing is heard that has places."""
    current = player.state.current
    place = player.engine_host.place if current.is_playing else None
    at = current.position if place is None else place
    if at is None or current.state is PlayState.STOPPED or not current.sound_key:
        return None
    return ClipBegin(current.sound_key, at)


def _name_at(current: Listening, at: float) -> str:
    """Words for what is heard, with the place of a story."""
    item = current.story
    return current.station_name if item is None else f"{item.title} · {clock_duration(at)}"


async def _link_of(services: Services, item: QueueItem) -> str:
    """The address of an episode's page; empty where it is not kept any more."""
    entry = await services.store.look(lambda c: entry_of(c, item.feed, item.guid))
    if entry is None:
        return ""
    return (await services.story_service.story(entry)).headline.link or ""


def _is_file(path: str) -> bool:
    return bool(path) and Path(path).is_file()


def _read(stored: StoredClip) -> Clip | None:
    try:
        return read_clip(stored)
    except ValueError as error:
        log.warning("clip %d is damaged: %s", stored.number, error)
        return None
