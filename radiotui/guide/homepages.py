"""Schedule sources that the widgets of a station's homepage use: looked for once in a while.

Only a station is looked at whose streams have nothing that tells times, and only while one of
them is heard or chosen. What was found, and that nothing was found, is kept in the store; a
station that is merely in view has what is kept.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Set
from datetime import UTC, datetime, timedelta

import msgspec
from msgspec.structs import replace

from radiotui.guide.sources.registry import sources_of_page
from radiotui.net.client import MIB, Net
from radiotui.net.politeness import HostLimiter
from radiotui.net.urls import is_web
from radiotui.problems import Problem
from radiotui.stations.model import ScheduleSource, Station, Stream
from radiotui.stations.schedule_sources import SCHEDULE_SOURCES
from radiotui.store.store import Store

log = logging.getLogger(__name__)

_AGAIN = timedelta(days=30)
_AGAIN_AFTER_FAILURE = timedelta(days=1)
_LARGEST = 2 * MIB
_SECONDS = 15.0
_WITHOUT_TIMES = frozenset({"npr", "icecast", "shoutcast"})
"""Sources that know names or titles, and never when a programme ends."""


class _PageLook(msgspec.Struct):
    """The result of a look at a homepage, as the store keeps it."""

    again_at: int
    """In seconds since 1970."""
    sources: list[tuple[str, list[tuple[str, str]]]]


class Homepages:
    """The sources of the homepages that were looked at. ``clock`` gives aware UTC."""

    def __init__(
        self, net: Net, store: Store, turns: HostLimiter, *, clock: Callable[[], datetime]
    ) -> None:
        self._net = net
        self._store = store
        self._turns = turns
        self._clock = clock
        self._looks: dict[tuple[str, bool], asyncio.Task[tuple[ScheduleSource, ...]]] = {}
        """By homepage, and by whether it may be asked."""
        self._awaited: set[asyncio.Task[tuple[ScheduleSource, ...]]] = set()
        """The looks whose end is told already."""

    def completed(
        self,
        streams: Iterable[tuple[Station, Stream]],
        visited: Set[str],
        on_find: Callable[[], None],
    ) -> list[tuple[Station, Stream]]:
        """The streams with what is known of their homepages; the rest is looked for.

        Only homepages of the stations ``visited``, by id, are asked. ``on_find`` is called, on
        the loop, when a homepage has told more.
        """
        complete_streams = []
        for station, stream in streams:
            sources: tuple[ScheduleSource, ...] = ()
            if _may_gain(station, stream):
                look = self._look(station, may_ask=station.id in visited)
                if look.done():
                    sources = () if look.cancelled() else look.result()
                elif look not in self._awaited:
                    self._awaited.add(look)
                    look.add_done_callback(
                        lambda look: on_find() if not look.cancelled() and look.result() else None
                    )
            complete_streams.append((station, _with(stream, sources)))
        return complete_streams

    async def complete(self, station: Station, stream: Stream) -> Stream:
        """A stream with the sources of its homepage, which is looked at where it is time."""
        if not _may_gain(station, stream):
            return stream
        sources = await asyncio.shield(self._look(station))
        for source in sources:
            log.debug(
                "%s/%s: %s: found in the homepage %s",
                *(station.id, stream.id, source.source, station.homepage),
            )
        return _with(stream, sources)

    async def close(self) -> None:
        """Look at nothing any more."""
        for look in self._looks.values():
            look.cancel()
        await asyncio.gather(*self._looks.values(), return_exceptions=True)

    def _look(
        self, station: Station, *, may_ask: bool = True
    ) -> asyncio.Task[tuple[ScheduleSource, ...]]:
        """The look at a homepage, or at what is kept of it; each once in a run of the program."""
        page = station.homepage
        look = self._looks.get((page, True)) or self._looks.get((page, may_ask))
        if look is None:
            look = asyncio.get_running_loop().create_task(
                self._find(station, may_ask=may_ask), name=f"homepage {station.id}"
            )
            self._looks[page, may_ask] = look
        return look

    async def _find(self, station: Station, *, may_ask: bool) -> tuple[ScheduleSource, ...]:
        key, at = f"homepage {station.homepage}", self._clock()
        page_look = await self._recall(key)
        if not may_ask:
            page_look = page_look or _PageLook(0, [])
        elif page_look is None or at >= _moment(page_look.again_at):
            page_look = await self._ask(station, at)
            try:
                await self._store.remember(key, msgspec.json.encode(page_look).decode())
            except Problem as problem:
                log.warning("the look at a homepage is not kept: %s", problem)
        return tuple(
            ScheduleSource(name, tuple(options))
            for name, options in page_look.sources
            if name in SCHEDULE_SOURCES
        )

    async def _recall(self, key: str) -> _PageLook | None:
        try:
            return msgspec.json.decode(await self._store.recall(key) or "", type=_PageLook)
        except (Problem, msgspec.DecodeError):
            return None

    async def _ask(self, station: Station, at: datetime) -> _PageLook:
        """One request for the homepage. One that does not come is asked for again a day later."""
        try:
            async with self._turns.of(station.homepage):
                page = await self._net.fetch(
                    station.homepage, who=station.name, cap=_LARGEST, seconds=_SECONDS
                )
        except Problem as problem:
            log.debug("%s: its homepage is not there: %s", station.id, problem)
            return _PageLook(int((at + _AGAIN_AFTER_FAILURE).timestamp()), [])
        try:
            sources = await asyncio.to_thread(
                lambda: sources_of_page(page.url, page.body.decode("utf-8", "replace"))
            )
        except Exception:
            # What nobody expected of one page costs what it would have told.
            log.exception("%s: its homepage is not understood", station.id)
            sources = []
        log.debug("%s: in its homepage: %s", station.id, [source.source for source in sources])
        return _PageLook(
            int((at + _AGAIN).timestamp()),
            [(source.source, list(source.options)) for source in sources],
        )


def _may_gain(station: Station, stream: Stream) -> bool:
    """True for the first stream of a station of which nothing tells times.

    With several streams nobody knows whose a source in the page is; it is the first one's.
    """
    return (
        is_web(station.homepage)
        and bool(station.streams)
        and stream.id == station.streams[0].id
        and not any(listed.programmes for listed in station.streams)
        and all(
            source.source in _WITHOUT_TIMES
            for listed in (*station.streams, stream)
            for source in listed.schedule
        )
    )


def _with(stream: Stream, sources: Iterable[ScheduleSource]) -> Stream:
    names = {source.source for source in stream.schedule}
    added = tuple(source for source in sources if source.source not in names)
    return replace(stream, schedule=(*stream.schedule, *added)) if added else stream


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(min(max(seconds, 0), 253_402_300_799), UTC)
