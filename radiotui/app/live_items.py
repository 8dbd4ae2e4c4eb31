"""Broadcasts that podcasts announce: stations of the list while they are live, and before."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from radiotui.app.deps import RoomDeps
from radiotui.problems import Problem
from radiotui.stations.model import Station, Stream
from radiotui.stories.stored_lists import stored_channel

if TYPE_CHECKING:
    from radiotui.app.followed_feeds import FollowedFeeds
    from radiotui.feeds.parsing.model import LiveItem
    from radiotui.player.state import PlayerState
    from radiotui.store.feeds import Feed

log = logging.getLogger(__name__)

GROUP = "Live podcasts"
_EVERY_SECONDS = 60.0
"""Time after which what is announced may have begun, or be over."""
_ANNOUNCED = timedelta(days=1)
"""A broadcast stands in the list so long before it begins."""
_LATE = timedelta(hours=1)
"""After its time, one that has not begun stands there so long."""
_LONGEST = timedelta(hours=12)
"""One that says to be live and no end is believed so long."""
_MOST = 20


class LiveItemsDeps(RoomDeps, frozen=True):
    """Dependencies of :class:`LiveItems`."""

    feeds: Callable[[], FollowedFeeds]
    player_state: Callable[[], PlayerState]
    receive: Callable[[tuple[Station, ...]], None]
    """Receives the broadcasts where they are others than before."""


class LiveItems:
    """Looks for broadcasts in what the podcasts of the list said last; nobody is asked."""

    def __init__(self, deps: LiveItemsDeps) -> None:
        self.deps = deps
        self._stations: tuple[Station, ...] = ()
        self._asked = asyncio.Event()
        self._is_any_announced = False

    def receive_answers(self) -> None:
        """Take note that podcasts were asked: they may announce something."""
        self._asked.set()

    async def keep(self) -> None:
        """Look once they were asked; minute by minute while something is announced."""
        while True:
            try:
                await self.look()
            except Problem as problem:
                # The store may take questions again: it says so itself where it does not.
                log.warning("broadcasts are not known: %s (%s)", problem, problem.detail)
            with suppress(TimeoutError):
                async with asyncio.timeout(_EVERY_SECONDS if self._is_any_announced else None):
                    await self._asked.wait()
            self._asked.clear()

    async def look(self) -> None:
        """Look once."""
        podcasts = self.deps.feeds().podcasts
        stored: list[Feed] = []
        if podcasts:
            from radiotui.store import feeds

            store = (await self.deps.opened()).store
            stored = await store.look(lambda c: feeds.feeds(c, podcasts))
        self._is_any_announced = any('"live"' in feed.channel for feed in stored)
        stations = live_stations(stored, self.deps.clock())
        stations += self._heard_still(stations)
        if stations != self._stations:
            self._stations = stations
            self.deps.receive(stations)

    def _heard_still(self, stations: Iterable[Station]) -> tuple[Station, ...]:
        """A broadcast that is over and at the ear: it may be heard on, on its tape."""
        ids, heard = {station.id for station in stations}, self.deps.player_state().key[0]
        return tuple(
            station for station in self._stations if station.id == heard and heard not in ids
        )


def live_stations(podcasts: Iterable[Feed], at: datetime) -> tuple[Station, ...]:
    """The broadcasts of podcasts that are live or begin within a day, those that are live first."""
    broadcasts = [
        _station(feed, item, state)
        for feed in podcasts
        # Most podcasts announce none: theirs are not decoded.
        if '"live"' in feed.channel
        for item in stored_channel(feed).live
        if item.url and (state := state_of(item, at))
    ]
    broadcasts.sort(key=lambda station: (station.announced, station.begins or at))
    by_id = {station.id: station for station in broadcasts[:_MOST]}
    return tuple(by_id.values())


def state_of(item: LiveItem, at: datetime) -> str:
    """State of a broadcast at a time: "live", "pending", or empty for one that is not to be shown.

    The feed says whether it is live; its times end what the feed has forgotten to end.
    """
    start, end = item.start, item.end
    if item.status == "live":
        over = end or (start and start + _LONGEST)
        return "" if over is not None and over + _LATE < at else "live"
    if item.status == "ended" or start is None:
        return ""
    return "pending" if start - _ANNOUNCED <= at <= start + _LATE else ""


def _station(feed: Feed, item: LiveItem, state: str) -> Station:
    name = hashlib.sha256(f"{feed.url}\n{item.guid or item.url}".encode()).hexdigest()[:12]
    title = item.title or feed.title
    return Station(
        id=f"live-{name}",
        name=title,
        streams=(Stream("live", feed.title or title, (item.url or "",)),),
        group=GROUP,
        picture=feed.picture,
        announced="live" if state == "live" else "pending",
        begins=item.start if state == "pending" else None,
    )
