"""History: every title and programme that reached the ear, with the time it was sent.

The Companion has one and gives it each snapshot of the player. Only sound that is
heard is written, not sound that arrives: a listener behind live gets the song of then.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from radiotui.app.deps import RoomDeps
from radiotui.app.intents import ForgetPlayed, HistoryIntent, StarPlayed
from radiotui.player.state import Listening, PlayerState, StreamSource
from radiotui.problems import Problem
from radiotui.store import history as table
from radiotui.store.history import HistoryQuery, Kind, PlayedItem
from radiotui.text import clean

if TYPE_CHECKING:
    import sqlite3

    from radiotui.app.history_export import Form
    from radiotui.app.services import Services
    from radiotui.radio.tape.marks import Mark

__all__ = ["History", "PlayedItem"]

log = logging.getLogger(__name__)

_LONGEST_TEXT = 300
_MOST_RESULTS = 20
_MOST_UNDO = 20
_CLOSING_SECONDS = 0.2
_NOT_RADIO = "file"
"""The player's station id for a file of this computer."""


class HistoryDeps(RoomDeps, frozen=True):
    """Dependencies of :class:`History`."""

    folder: Callable[[], Path]
    """The folder for exports."""


@dataclass(slots=True)
class _OpenEntry:
    """An entry whose end was not heard yet."""

    identity: tuple[object, ...]
    until: datetime
    """When the station sent the last of it that was heard."""
    id: int | None = None
    writing: asyncio.Task[None] | None = field(default=None, repr=False)
    """The task that writes its beginning."""


class History:
    """Log of titles and programmes. Questions are awaited and raise Problem."""

    def __init__(self, deps: HistoryDeps) -> None:
        self.deps = deps
        self._open: dict[Kind, _OpenEntry] = {}
        self._marks: dict[int, tuple[Mark, ...]] = {}
        """Marks of every tape, by the id of its tuning, in the newest snapshot."""
        self._writing: set[asyncio.Task[None]] = set()
        self._obeying: set[asyncio.Task[None]] = set()
        self._forgotten: list[PlayedItem] = []
        self._is_failing = False
        self._is_closed = False

    # Listening

    def receive(self, player_state: PlayerState) -> None:
        """Follow the player. An entry is written once at its beginning and once at its end."""
        if self._is_closed:
            return
        plays = player_state.current.is_playing
        is_radio = isinstance(player_state.current.source, StreamSource)
        at = player_state.current.heard_at if plays and is_radio else None
        self._follow("title", _title_identity(player_state), at, player_state)
        self._follow("programme", _programme_identity(player_state), at, player_state)
        self._follow_marks(player_state)

    async def flushed(self) -> None:
        """Wait until everything that was heard so far is in the store."""
        while self._writing:
            await asyncio.wait(self._writing)

    async def close(self) -> None:
        """Write the end of open entries; those that the store does not take soon are left."""
        self._is_closed = True
        for kind in list(self._open):
            self._end(kind)
        if self._writing:
            await asyncio.wait(self._writing, timeout=_CLOSING_SECONDS)

    # Questions

    async def heard(
        self,
        words: str = "",
        station: str = "",
        *,
        since: datetime | None = None,
        before: datetime | None = None,
        starred: bool = False,
        limit: int = 200,
    ) -> tuple[PlayedItem, ...]:
        """The entries with these words, on "knau" or "knau/classical", newest first."""
        query = HistoryQuery(table.words_match(words), station, since, before, starred)
        if words.strip() and not query.match:
            return ()
        services = await self._services()
        return tuple(await services.store.look(lambda c: table.newest(c, query, limit)))

    async def search(self, typed: str) -> tuple[PlayedItem, ...]:
        """The entries that match a search over everything, each once, newest first.

        Raises Problem for a filter that cannot be understood.
        """
        from radiotui.search.query import read_query

        typed_query = read_query(typed, feeds_of=lambda _station: (), now=self.deps.clock())
        of_others = typed_query.unread or typed_query.author or typed_query.recorded
        if of_others or not (typed_query.match or typed_query.heard or typed_query.starred):
            return ()
        query = HistoryQuery(
            typed_query.match, typed_query.station, typed_query.since, None, typed_query.starred
        )
        services = await self._services()
        return tuple(await services.store.look(lambda c: table.search(c, query, _MOST_RESULTS)))

    async def export(self, entries: tuple[PlayedItem, ...], form: Form) -> Path:
        """Write entries into a new file of that form; its path. Raises Problem if it cannot."""
        from radiotui.app.history_export import write_export

        folder, at = self.deps.folder(), self.deps.clock()
        return await asyncio.to_thread(write_export, folder, at, entries, form)

    async def undo(self) -> PlayedItem | None:
        """Put back the entry that was last forgotten; None when there is none."""
        services = await self._services()
        if not self._forgotten:
            return None
        item = self._forgotten.pop()
        return replace(item, id=await services.store.ask(lambda c: table.restore(c, item)))

    # Intents

    def do(self, intent: HistoryIntent) -> None:
        """Obey an intent; returns at once. A question that follows sees its effect."""
        task = self.deps.spawn(self._obey(intent))
        self._obeying.add(task)
        task.add_done_callback(self._obeying.discard)

    async def _services(self) -> Services:
        """The services, once the intents of before are obeyed."""
        if self._obeying:
            await asyncio.wait(self._obeying)
        return await self.deps.opened()

    async def _obey(self, intent: HistoryIntent) -> None:
        services = await self.deps.opened()
        match intent:
            case StarPlayed(played, starred):
                await services.store.ask(lambda c: table.star(c, played, starred=starred))
            case ForgetPlayed(played):
                item = await services.store.ask(lambda c: table.forget(c, played))
                if item is not None:
                    self._forgotten = [*self._forgotten[1 - _MOST_UNDO :], item]

    # Inside

    def _follow(
        self,
        kind: Kind,
        identity: tuple[object, ...] | None,
        at: datetime | None,
        player_state: PlayerState,
    ) -> None:
        entry = self._open.get(kind)
        if entry is not None and (at is None or entry.identity != identity):
            self._end(kind)
            entry = None
        if identity is None or at is None:
            return
        if entry is None:
            entry = self._open[kind] = _OpenEntry(identity, at)
            item, certain = _played_item(kind, player_state, at)
            entry.writing = self._write(self._begin(entry, item, certain=certain))
        entry.until = max(entry.until, at)

    def _follow_marks(self, player_state: PlayerState) -> None:
        """Mend the entries of titles that are mended on their tape after they were heard."""
        before, self._marks = self._marks, {}
        for listening in player_state.listenings:
            self._marks[listening.tuning_id] = listening.marks
            marks = before.get(listening.tuning_id, ())
            if marks and marks != listening.marks and listening.station:
                mended = _mended_titles(marks, listening)
                if mended:
                    self._write(self._retitle(mended))

    def _end(self, kind: Kind) -> None:
        entry = self._open.pop(kind)
        self._write(self._finish(entry))

    async def _begin(self, entry: _OpenEntry, item: PlayedItem, *, certain: bool) -> None:
        services = await self.deps.opened()
        entry.id = await services.store.ask(lambda c: table.hear(c, item, certain=certain))
        self._is_failing = False

    async def _retitle(self, mended: Sequence[tuple[PlayedItem, PlayedItem]]) -> None:
        services = await self.deps.opened()

        def write(connection: sqlite3.Connection) -> None:
            for wrong, right in mended:
                table.retitle(connection, wrong, right)

        await services.store.ask(write)

    async def _finish(self, entry: _OpenEntry) -> None:
        if entry.writing is not None:
            await asyncio.wait([entry.writing])
        entry_id = entry.id
        if entry_id is not None:
            services = await self.deps.opened()
            await services.store.ask(lambda c: table.heard_until(c, entry_id, entry.until))

    def _write(self, writing: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = self.deps.spawn(self._report_failure(writing))
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)
        return task

    async def _report_failure(self, writing: Coroutine[Any, Any, None]) -> None:
        try:
            await writing
        except Problem as problem:
            # A full disk stays full for many songs: it is reported once.
            if not self._is_failing:
                self.deps.notify(problem)
            log.warning("an entry of the history was not written: %s (%s)", problem, problem.detail)
            self._is_failing = True


def _title_identity(player_state: PlayerState) -> tuple[object, ...] | None:
    if not player_state.current.title and not player_state.current.ad:
        return None
    stream = player_state.station, player_state.stream
    return (
        *stream,
        player_state.current.title,
        player_state.current.ad,
        player_state.current.title_at,
    )


def _programme_identity(player_state: PlayerState) -> tuple[object, ...] | None:
    if not player_state.current.programme:
        return None
    current = player_state.current
    return player_state.station, player_state.stream, current.programme, current.programme_at


def _mended_titles(
    before: Sequence[Mark], listening: Listening
) -> list[tuple[PlayedItem, PlayedItem]]:
    """Titles of ``before`` that have other words on the tape now, and what they are now."""
    earlier = {mark.wall: mark for mark in before if mark.kind == "title" and mark.text}
    pairs = ((earlier.get(mark.wall), mark) for mark in listening.marks if mark.kind == "title")
    return [
        (_title_item(listening, wrong), _title_item(listening, right))
        for wrong, right in pairs
        if wrong is not None and right.text and wrong.text != right.text
    ]


def _title_item(listening: Listening, mark: Mark) -> PlayedItem:
    text, artist, title = _title_words(mark.text)
    return PlayedItem(
        station=listening.station,
        stream=listening.key[1],
        station_name=listening.station_name,
        stream_name=listening.stream_name,
        kind="title",
        text=text,
        artist=artist,
        title=title,
        began_at=mark.wall,
        ended_at=mark.wall,
        ad=mark.ad,
    )


def _title_words(title: str) -> tuple[str, str, str]:
    """Cleaned text of a title, the artist in it ("" if there is none), and the rest."""
    from radiotui.radio.titles.titles import split_title

    text = clean(title, _LONGEST_TEXT)
    artist, rest = split_title(text)
    return text, artist or "", rest


def _played_item(kind: Kind, player_state: PlayerState, at: datetime) -> tuple[PlayedItem, bool]:
    """The entry to be written, and whether its beginning is certain."""
    is_title = kind == "title"
    current = player_state.current
    if is_title:
        text, artist, title = _title_words(current.title or "")
    else:
        text = title = clean(current.programme, _LONGEST_TEXT)
        artist = ""
    began = player_state.current.title_at if is_title else player_state.current.programme_at
    item = PlayedItem(
        station=player_state.station,
        stream=player_state.stream,
        station_name=player_state.station_name,
        stream_name=player_state.stream_name,
        kind=kind,
        text=text,
        artist=artist,
        title=title,
        began_at=began or at,
        ended_at=max(began or at, at),
        ad=is_title and player_state.current.ad,
    )
    # A title's mark may stand where one came in, and a programme's where its name was first seen;
    # a schedule's times are whole minutes.
    of_schedule = began is not None and not (began.second or began.microsecond)
    return item, of_schedule and not is_title
