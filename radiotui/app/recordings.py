"""Recordings: the files that were kept, to be listed, heard, renamed, deleted and found."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from radiotui.app.deps import RoomDeps
from radiotui.app.intents import (
    DeleteRecording,
    PlayRecording,
    QueueRecording,
    RecordingIntent,
    RenameRecording,
)
from radiotui.player.intents import Enqueue, EnqueueNext
from radiotui.player.queue import QueueItem, file_key
from radiotui.problems import Problem, ProblemKind
from radiotui.stations.model import Station, StationList, Stream
from radiotui.store.history import words_match
from radiotui.store.search import SearchQuery

if TYPE_CHECKING:
    from radiotui.player.taping import TapedStream
    from radiotui.radio.events import TunerEvent
    from radiotui.recording.library import RecordingLibrary
    from radiotui.recording.model import RecordedFile, RecordingList
    from radiotui.recording.wastebasket import WasteFile

log = logging.getLogger(__name__)

UNDO_SECONDS = 300.0
"""Seconds for which a deleted file waits; the end of the program ends them, too."""
_MOST_RESULTS = 20
_SEARCH_PATIENCE = 0.5
_CLOSING_SECONDS = 0.2


class RecordingsDeps(RoomDeps, frozen=True):
    """Dependencies of :class:`Recordings`."""

    folder: Callable[[], Path]
    """The folder for recordings."""
    index: Path
    """A file for what was read of them; it may be thrown away."""
    station_list: Callable[[], StationList]
    do: Callable[[Enqueue | EnqueueNext], None]
    """Obeys an intent towards the queue."""
    undo_seconds: float = UNDO_SECONDS


class Recordings:
    """The recordings on the disk. Questions and changes are awaited and raise Problem."""

    def __init__(self, deps: RecordingsDeps) -> None:
        self.deps = deps
        self._library: RecordingLibrary | None = None
        self._waste: deque[tuple[RecordedFile, WasteFile, asyncio.TimerHandle]] = deque()

    def do(self, intent: RecordingIntent) -> None:
        """Obey a front end's intent; returns at once."""
        self.deps.spawn(self._obey(intent))

    async def tape_stream(
        self,
        station: Station,
        stream: Stream,
        on_event: Callable[[TunerEvent], None],
        on_tape_problem: Callable[[Problem], None],
        *,
        length: float,
    ) -> TapedStream:
        """Tape and tuner of a stream, to be recorded; ``length`` of the tape is in seconds.

        ``on_tape_problem`` is called from any thread.
        """
        taper = (await self.deps.opened()).stream_taper(stream, on_tape_problem)
        return taper.tape(station, stream, on_event, length=length)

    async def _obey(self, intent: RecordingIntent) -> None:
        match intent:
            case PlayRecording(path):
                await self.play(path)
            case QueueRecording(path, is_next):
                items = (_item(await self._heard(path)),)
                self.deps.do(EnqueueNext(items) if is_next else Enqueue(items))
            case RenameRecording(path, title):
                await self.rename(path, title)
            case DeleteRecording(path):
                await self.delete(path)

    # Questions

    @property
    def folder(self) -> Path:
        """The folder for recordings."""
        return self.deps.folder()

    async def look(self, patience: float | None = None) -> RecordingList:
        """The recordings as they are now; after ``patience`` seconds those read by then."""
        if self._library is None:
            from radiotui.recording.library import RecordingLibrary

            index, clock = self.deps.index, self.deps.clock
            self._library = RecordingLibrary(self.deps.folder, index, clock=clock)
        return await self._library.look(patience)

    async def with_words(self, words: str, files: tuple[RecordedFile, ...]) -> list[RecordedFile]:
        """Those of the files that have every one of the words, the last one perhaps unfinished."""
        match = words_match(words)
        if words.strip() and not match:
            return []
        return await self._matching(files, SearchQuery(match))

    async def search(self, typed: str) -> list[RecordedFile]:
        """The recordings that match a search over everything, newest first.

        Raises Problem for a filter that cannot be understood.
        """
        from radiotui.search.query import read_query

        query = read_query(typed, feeds_of=lambda _station: (), now=self.deps.clock())
        if not (query.match or query.recorded):
            return []
        listed = await self.look(_SEARCH_PATIENCE)
        return (await self._matching(listed.files, query))[:_MOST_RESULTS]

    async def find(self, name: str) -> RecordedFile:
        """The recording with this path, file name, or title. Raises Problem where none has it.

        A file name may lack its ending, and its folder.
        """
        from radiotui.recording.finding import by_name

        files = (await self.look()).files
        return await asyncio.to_thread(by_name, files, name, self.folder)

    # Changes

    async def play(self, path: str) -> None:
        """Play a recording; live radio waits on its tape and goes on afterwards."""
        from radiotui.player.intents import PlayItem

        item, services = _item(await self._heard(path)), await self.deps.opened()
        services.player.do(PlayItem(item))

    async def rename(self, path: str, title: str) -> RecordedFile:
        """Give a recording another title, in its tags and its name; the recording after that."""
        from radiotui.app.queue_items import is_text
        from radiotui.player.intents import ReplaceItem
        from radiotui.recording.renaming import rename_recording
        from radiotui.store.queues import rename_file

        file = await self._listed(path)
        renamed = await asyncio.to_thread(rename_recording, file, title)
        self._forget(file.file)
        after = await self._listed(str(renamed))
        services = await self.deps.opened()
        if is_text(path) and is_text(after.path):
            try:
                await services.store.ask(lambda c: rename_file(c, path, after.path, after.name))
            except Problem as problem:
                # The file has its new name all the same; the queue would look for the old one.
                self.deps.notify(problem)
        if services.has_player:
            services.player.do(ReplaceItem(_key(file), _item(after)))
        return after

    async def delete(self, path: str) -> RecordedFile:
        """Delete a recording: :meth:`undo` brings it back for some minutes."""
        from radiotui.recording.wastebasket import throw_away

        file, waste = await self._moved(path, throw_away)
        timer = asyncio.get_running_loop().call_later(self.deps.undo_seconds, self._remove_first)
        self._waste.append((file, waste, timer))
        return file

    async def lay_aside(self, path: str) -> RecordedFile:
        """Delete a recording: :meth:`bring_back`, of any program, has it for some days."""
        from radiotui.recording.wastebasket import lay_aside

        return (await self._moved(path, partial(lay_aside, at=self.deps.clock())))[0]

    @property
    def can_undo(self) -> bool:
        """True while a deleted recording can be brought back."""
        return bool(self._waste)

    async def undo(self) -> Path | None:
        """Bring back the recording that was deleted last; where it is. None: there is none."""
        if not self._waste:
            return None
        _, waste, timer = self._waste.pop()
        timer.cancel()
        return await self._put_back(waste)

    async def bring_back(self) -> Path:
        """Bring back the recording that was laid aside last; where it is.

        Raises Problem where there is none.
        """
        from radiotui.recording.library import DEEPEST
        from radiotui.recording.wastebasket import last_aside

        folder = self.folder.expanduser().absolute()
        waste = await asyncio.to_thread(last_aside, folder, DEEPEST)
        if waste is None:
            title = "No deleted recording waits to be brought back"
            raise Problem(title, str(folder), kind=ProblemKind.NOT_FOUND)
        return await self._put_back(waste)

    # Pictures of stations

    async def station_picture(self, station: Station) -> bytes | None:
        """The station's picture, to go into recordings; None where there is none."""
        if not station.picture:
            return None
        try:
            path = await (await self.deps.opened()).pictures.picture(station.picture)
            return await asyncio.to_thread(path.read_bytes)
        except (Problem, OSError) as error:
            log.info("the picture of %s is not there: %s", station.id, error)
            return None

    async def fetch_picture(self, station_id: str) -> None:
        """Hand a station's picture to the player, for what is recorded of it."""
        station = self.deps.station_list().station(station_id)
        if station is None or not station.picture:
            return
        pictures = (await self.deps.opened()).player.pictures
        if station.picture in pictures:
            return
        picture = await self.station_picture(station)
        if picture is not None:
            pictures[station.picture] = picture

    async def close(self) -> None:
        """Delete what waits for that. What does not go soon is back at the next start."""
        if self._library is not None:
            self._library.close()
        with suppress(TimeoutError):
            async with asyncio.timeout(_CLOSING_SECONDS):
                await self.empty_waste()

    async def empty_waste(self) -> None:
        """Delete for good what waits for that."""
        waste = [waste for _, waste, _ in self._waste]
        for _, _, timer in self._waste:
            timer.cancel()
        self._waste.clear()
        await asyncio.gather(*(asyncio.to_thread(_remove, file) for file in waste))

    # Inside

    async def _moved(
        self, path: str, move: Callable[[Path], WasteFile]
    ) -> tuple[RecordedFile, WasteFile]:
        """A recording, and where it waits after ``move``; it is heard no more."""
        from radiotui.player.intents import EndItem

        file = await self._listed(path)
        services = await self.deps.opened()
        if services.has_player:
            services.player.do(EndItem(_key(file)))
        try:
            waste = await asyncio.to_thread(move, file.file)
        except OSError as error:
            reason = error.strerror or str(error)
            raise Problem(f"“{file.name}” cannot be deleted", reason, str(error)) from error
        self._forget(file.file)
        return file, waste

    async def _put_back(self, waste: WasteFile) -> Path:
        try:
            path = await asyncio.to_thread(waste.put_back)
        except OSError as error:
            reason = error.strerror or str(error)
            title = f"“{waste.path.stem}” cannot be brought back"
            raise Problem(title, reason, str(error)) from error
        self._forget(path)
        return path

    def _forget(self, path: Path) -> None:
        if self._library is not None:
            self._library.forget(path)

    async def _heard(self, path: str) -> RecordedFile:
        """A recording that can be heard. Raises Problem for any other."""
        file = await self._listed(path)
        if file.problem:
            raise Problem(f"“{file.name}” cannot be heard", file.problem)
        return file

    async def _listed(self, path: str) -> RecordedFile:
        """A recording of the folder, as it is now: nothing else is ever renamed or deleted."""
        files = (await self.look()).files
        file = next((file for file in files if file.path == path), None)
        if file is None:
            raise Problem("That recording is not there any more", path, kind=ProblemKind.NOT_FOUND)
        return file

    async def _matching(
        self, files: tuple[RecordedFile, ...], query: SearchQuery
    ) -> list[RecordedFile]:
        from radiotui.recording.finding import matching

        name = ""
        if query.station:
            with suppress(Problem):
                name = self.deps.station_list().find(query.station)[0].name
        return await asyncio.to_thread(matching, files, query, name)

    def _remove_first(self) -> None:
        _, waste, _ = self._waste.popleft()
        self.deps.spawn(asyncio.to_thread(_remove, waste))


def _key(file: RecordedFile) -> str:
    """The key of a recording among what can be heard."""
    return file_key(file.path)


def _item(file: RecordedFile) -> QueueItem:
    return QueueItem(
        key=_key(file),
        url="",
        path=file.path,
        title=file.name,
        from_=file.station_name,
        seconds=file.seconds,
    )


def _remove(waste: WasteFile) -> None:
    try:
        waste.remove()
    except OSError as error:
        log.warning("a deleted recording stays: %s", error)
