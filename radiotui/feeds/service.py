"""The newsstand: every station's stories, kept, refreshed and marked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from radiotui.feeds.model import Headline, Shelf, Story
from radiotui.feeds.refresh import ask_feed, is_due
from radiotui.problems import Problem
from radiotui.store import stories

if TYPE_CHECKING:
    from radiotui.net import Net
    from radiotui.stations.model import Station
    from radiotui.store import Store
    from radiotui.store.stories import Feed, Kept

_ON_A_SHELF = 300
_AT_ONCE_PER_HOST = 2


class Newsstand:
    """Stories by station. ``on_change`` is told each new Shelf, on the loop.

    The store and the network are the caller's, who closes them.
    """

    def __init__(
        self,
        net: Net,
        store: Store,
        *,
        clock: Callable[[], datetime],
        on_change: Callable[[Shelf], None],
        refresh_minutes: int = 30,
    ) -> None:
        self._net = net
        self._store = store
        self._clock = clock
        self._on_change = on_change
        self._interval = timedelta(minutes=refresh_minutes)
        self._hosts: dict[str, asyncio.Semaphore] = {}
        self._refreshes: dict[str, asyncio.Task[Shelf]] = {}
        self._asking: set[str] = set()
        # In the order in which they were asked for, the last one last.
        self._asked: dict[str, Station] = {}

    async def shelf(self, station: Station) -> Shelf:
        """What is kept of a station's stories, newest first, at once.

        Without a store that works it is empty and says why.
        """
        self._asked_for(station)
        return await self._shelf(station)

    async def refresh(self, station: Station, *, force: bool = False) -> Shelf:
        """Ask those of the station's feeds whose time has come, or with ``force`` all.

        A refresh that is under way is joined; it goes on when the caller is cancelled.
        """
        self._asked_for(station)
        task = self._refreshes.get(station.id)
        if task is None:
            task = asyncio.create_task(self._refresh(station, force=force))
            self._refreshes[station.id] = task
            task.add_done_callback(lambda _: self._refreshes.pop(station.id))
        return await asyncio.shield(task)

    async def story(self, headline_id: int) -> Story:
        """The whole story. Raises Problem when it is not kept any more."""
        kept = await self._store.ask(lambda connection: stories.story(connection, headline_id))
        return Story(_headline(kept), kept.byline, kept.body)

    async def mark_read(self, headline_id: int, read: bool) -> None:
        """Mark a story read or unread; its station's new Shelf is told."""
        url = await self._store.ask(
            lambda connection: stories.mark(connection, headline_id, read=read)
        )
        await self._tell_of(url)

    async def star(self, headline_id: int, starred: bool) -> None:
        """Star a story or take its star away; its station's new Shelf is told."""
        url = await self._store.ask(
            lambda connection: stories.mark(connection, headline_id, starred=starred)
        )
        await self._tell_of(url)

    async def stories(
        self, station: Station | None, limit: int = 50, *, roster: Sequence[Station] = ()
    ) -> list[dict[str, object]]:
        """The newest stories as plain values for scripts; without a station, of all feeds.

        ``roster`` gives the names of the stations then. Times are ISO 8601 with offset.
        """
        urls = None if station is None else station.feeds
        kept = await self._store.ask(lambda connection: stories.newest(connection, urls, limit))
        named = [*roster] if station is None else [station]
        return [_line(line, named) for line in kept]

    async def close(self) -> None:
        """End what is under way."""
        tasks = list(self._refreshes.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _refresh(self, station: Station, *, force: bool) -> Shelf:
        self._asking.add(station.id)
        try:
            answers = await self._ask_all(station, force=force)
        except Problem as problem:
            answers = (problem,)
        finally:
            self._asking.discard(station.id)
        shelf = await self._shelf(station)
        if shelf.problem is None:
            problems = [answer for answer in answers if isinstance(answer, Problem)]
            shelf = replace(shelf, problem=_together(problems))
        self._on_change(shelf)
        for answer in answers:
            if answer is not None and not isinstance(answer, Problem):
                raise answer
        return shelf

    async def _ask_all(self, station: Station, *, force: bool) -> Sequence[BaseException | None]:
        """What went wrong with each feed that was asked: one costs the others nothing."""
        now = self._clock()
        feeds = await self._store.ask(
            lambda connection: stories.subscribe(connection, station.feeds)
        )
        due = [feed for feed in feeds if force or is_due(feed, now, self._interval)]
        if due:
            self._on_change(await self._shelf(station))
        return await asyncio.gather(*(self._ask(feed, now) for feed in due), return_exceptions=True)

    async def _ask(self, feed: Feed, now: datetime) -> Problem | None:
        host = urlsplit(feed.address).netloc
        async with self._hosts.setdefault(host, asyncio.Semaphore(_AT_ONCE_PER_HOST)):
            return await ask_feed(self._net, self._store, feed, now)

    async def _shelf(self, station: Station) -> Shelf:
        problems: list[Problem] = []
        feeds: list[Feed] = []
        kept: list[Kept] = []
        try:
            feeds, kept = await self._store.ask(
                lambda connection: (
                    stories.feeds(connection, station.feeds),
                    stories.newest(connection, station.feeds, _ON_A_SHELF),
                )
            )
        except Problem as problem:
            problems.append(problem)
        problems += [feed.problem for feed in feeds if feed.problem]
        answered = [feed.answered_at for feed in feeds if feed.answered_at]
        return Shelf(
            station=station.id,
            headlines=tuple(map(_headline, kept)),
            refreshing=station.id in self._asking,
            refreshed_at=max(answered, default=None),
            problem=_together(problems),
            has_feeds=bool(station.feeds),
        )

    def _asked_for(self, station: Station) -> None:
        self._asked.pop(station.id, None)
        self._asked[station.id] = station

    async def _tell_of(self, feed_url: str) -> None:
        """The new Shelf of the station with that feed that was asked for last."""
        for station in reversed(self._asked.values()):
            if feed_url in station.feeds:
                self._on_change(await self._shelf(station))
                return


def _headline(kept: Kept) -> Headline:
    return Headline(
        id=kept.id,
        title=kept.title,
        published=kept.published,
        read=kept.read,
        starred=kept.starred,
        feed=kept.feed,
        feed_title=kept.feed_title,
        link=kept.link,
    )


def _line(kept: Kept, stations: Iterable[Station]) -> dict[str, object]:
    station = next((station.id for station in stations if kept.feed in station.feeds), None)
    return {
        "id": kept.id,
        "title": kept.title,
        "link": kept.link,
        "published": kept.published.isoformat() if kept.published else None,
        "station": station,
        "feed": kept.feed,
        "read": kept.read,
        "starred": kept.starred,
    }


def _together(problems: Sequence[Problem]) -> Problem | None:
    """Several problems as one: the first, and how many more."""
    if not problems:
        return None
    first = problems[0]
    more = f", and {len(problems) - 1} more" if len(problems) > 1 else ""
    # A new one: a raised one holds on to all that its traceback saw.
    return Problem(first.title + more, first.hint, first.detail)
