"""What was heard: every title and programme that reached the ear, with when it was sent.

The Companion has one log and shows it each Playback. Only what is heard is
written, not what arrives: who is behind live reads the song of then.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from radiotui.player.playback import Playback, PlayState
from radiotui.problems import Problem
from radiotui.store import history as kept
from radiotui.store.history import HistoryQuery, Kind, PlayedItem
from radiotui.text import clean

if TYPE_CHECKING:
    from radiotui.app.history_export import Form
    from radiotui.app.services import Services

__all__ = ["History", "PlayedItem"]

log = logging.getLogger(__name__)

_LONGEST = 300
_FOUND = 20
_MOST_UNDO = 20
_CLOSING_SECONDS = 0.2
_NOT_RADIO = "file"
"""What the player calls a file of the listener's."""


@dataclass(frozen=True, slots=True)
class HistoryDeps:
    """What the log needs of the Companion."""

    opened: Callable[[], Awaitable[Services]]
    """The services, once they run."""
    clock: Callable[[], datetime]
    folder: Callable[[], Path]
    """Where what is exported goes."""
    notify: Callable[[Problem], None]
    spawn: Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]]


@dataclass(slots=True)
class _Open:
    """An entry whose end was not heard yet."""

    of: tuple[object, ...]
    until: datetime
    """When the station sent the last of it that was heard."""
    id: int | None = None
    begun: asyncio.Task[None] | None = field(default=None, repr=False)


class History:
    """The log of titles and programmes. Questions are awaited and raise Problem."""

    def __init__(self, house: HistoryDeps) -> None:
        self._house = house
        self._open: dict[Kind, _Open] = {}
        self._writing: set[asyncio.Task[None]] = set()
        self._forgotten: list[PlayedItem] = []
        self._is_failing = False
        self._is_closed = False

    # What is heard

    def take(self, playback: Playback) -> None:
        """See what is heard now. It is written once when it begins and once when it ends."""
        if self._is_closed:
            return
        heard = playback.state is PlayState.PLAYING and playback.spoken is None
        is_radio = bool(playback.station) and playback.station != _NOT_RADIO
        at = playback.heard_at if heard and is_radio else None
        self._follow("title", _title_of(playback), at, playback)
        self._follow("programme", _programme_of(playback), at, playback)

    async def close(self) -> None:
        """Write the end of what is heard; what the store does not take soon is left."""
        self._is_closed = True
        for kind in list(self._open):
            self._end(kind)
        if self._writing:
            await asyncio.wait(self._writing, timeout=_CLOSING_SECONDS)

    # What the listener asks

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
        """What was heard, newest first: with these words, on "knau" or "knau/classical"."""
        wish = HistoryQuery(kept.words_match(words), station, since, before, starred)
        if words.strip() and not wish.match:
            return ()
        services = await self._house.opened()
        return tuple(await services.store.look(lambda c: kept.newest(c, wish, limit)))

    async def search(self, typed: str) -> tuple[PlayedItem, ...]:
        """What the one search finds here, each once, newest first.

        Raises Problem for a filter that cannot be understood.
        """
        from radiotui.search.query import read_query

        wanted = read_query(typed, feeds_of=lambda _station: (), now=self._house.clock())
        of_stories = wanted.unread or wanted.author
        if of_stories or not (wanted.match or wanted.heard or wanted.starred):
            return ()
        wish = HistoryQuery(wanted.match, wanted.station, wanted.since, None, wanted.starred)
        services = await self._house.opened()
        return tuple(await services.store.look(lambda c: kept.found(c, wish, _FOUND)))

    async def export(self, entries: tuple[PlayedItem, ...], form: Form) -> Path:
        """Write entries into a new file of that form; where it is. Raises Problem if it cannot."""
        from radiotui.app.history_export import write_export

        folder, at = self._house.folder(), self._house.clock()
        return await asyncio.to_thread(write_export, folder, at, entries, form)

    # What the listener does

    async def star(self, heard_id: int, starred: bool) -> None:
        """Keep an entry for good, or no longer."""
        services = await self._house.opened()
        await services.store.ask(lambda c: kept.star(c, heard_id, starred=starred))

    async def forget(self, heard_id: int) -> None:
        """Take an entry out, to be undone."""
        services = await self._house.opened()
        gone = await services.store.ask(lambda c: kept.forget(c, heard_id))
        if gone is not None:
            self._forgotten = [*self._forgotten[1 - _MOST_UNDO :], gone]

    async def undo(self) -> PlayedItem | None:
        """Put back what was last forgotten; None when there is nothing."""
        if not self._forgotten:
            return None
        gone = self._forgotten.pop()
        services = await self._house.opened()
        return replace(gone, id=await services.store.ask(lambda c: kept.restore(c, gone)))

    # Inside

    def _follow(
        self, kind: Kind, of: tuple[object, ...] | None, at: datetime | None, playback: Playback
    ) -> None:
        entry = self._open.get(kind)
        if entry is not None and (at is None or entry.of != of):
            self._end(kind)
            entry = None
        if of is None or at is None:
            return
        if entry is None:
            entry = self._open[kind] = _Open(of, at)
            now, certain = _heard_now(kind, playback, at)
            entry.begun = self._write(self._begin(entry, now, certain=certain))
        entry.until = max(entry.until, at)

    def _end(self, kind: Kind) -> None:
        entry = self._open.pop(kind)
        self._write(self._finish(entry))

    async def _begin(self, entry: _Open, now: PlayedItem, *, certain: bool) -> None:

        services = await self._house.opened()
        entry.id = await services.store.ask(lambda c: kept.hear(c, now, certain=certain))
        self._is_failing = False

    async def _finish(self, entry: _Open) -> None:

        if entry.begun is not None:
            await asyncio.wait([entry.begun])
        heard_id = entry.id
        if heard_id is not None:
            services = await self._house.opened()
            await services.store.ask(lambda c: kept.heard_until(c, heard_id, entry.until))

    def _write(self, writing: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = self._house.spawn(self._written(writing))
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)
        return task

    async def _written(self, writing: Coroutine[Any, Any, None]) -> None:
        try:
            await writing
        except Problem as problem:
            # A full disk stays full for many songs: it is told once.
            if not self._is_failing:
                self._house.notify(problem)
            log.warning("what is heard was not written: %s (%s)", problem, problem.detail)
            self._is_failing = True


def _title_of(playback: Playback) -> tuple[object, ...] | None:
    if not playback.title and not playback.ad:
        return None
    stream = playback.station, playback.stream
    return *stream, playback.title, playback.ad, playback.title_at


def _programme_of(playback: Playback) -> tuple[object, ...] | None:
    if not playback.programme:
        return None
    return playback.station, playback.stream, playback.programme, playback.programme_at


def _heard_now(kind: Kind, playback: Playback, at: datetime) -> tuple[PlayedItem, bool]:
    """The entry to be written, and whether its beginning is certain."""
    from radiotui.radio.titles.titles import split_title

    is_title = kind == "title"
    text = clean((playback.title or "") if is_title else playback.programme, _LONGEST)
    artist, title = split_title(text) if is_title else (None, text)
    said = playback.title_at if is_title else playback.programme_at
    heard = PlayedItem(
        station=playback.station,
        stream=playback.stream,
        station_name=playback.station_name,
        stream_name=playback.stream_name,
        kind=kind,
        text=text,
        artist=artist or "",
        title=title,
        began_at=said or at,
        ended_at=max(said or at, at),
        ad=is_title and playback.ad,
    )
    # A title's mark may stand where one came in, and a programme's where its name was first seen;
    # a schedule's times are whole minutes.
    of_schedule = said is not None and not (said.second or said.microsecond)
    return heard, of_schedule and not is_title
