"""Notices of new episodes, of the podcasts whose settings ask for them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from itertools import groupby
from typing import TYPE_CHECKING

from radiotui.app.deps import RoomDeps
from radiotui.podcasts.settings import read_settings
from radiotui.store import podcast_settings as table
from radiotui.store.episodes import newest_entry, titles_after
from radiotui.stories.model import StoryList

if TYPE_CHECKING:
    import sqlite3

    from radiotui.app.updates import Update

log = logging.getLogger(__name__)

_MEMORY_KEY = "episode told"
_MOST_TITLES = 3


class NewEpisodesDeps(RoomDeps, frozen=True):
    """Dependencies of :class:`NewEpisodes`."""

    confirm: Callable[[str, str], None]
    """Tells the listener a text and a hint."""


class NewEpisodes:
    """Looks for new episodes after each answer of a podcast. Each is told of once."""

    def __init__(self, deps: NewEpisodesDeps) -> None:
        self.deps = deps
        self._turn = asyncio.Lock()

    def receive(self, update: Update) -> None:
        """Look, where feeds have answered."""
        if isinstance(update, StoryList) and not update.feeds_due:
            self.deps.spawn(self.look())

    async def begin(self) -> None:
        """Count what is there as known, where no podcast was to be told of until now."""
        store = (await self.deps.opened()).store
        async with self._turn:
            if not await store.look(_told_of):
                await store.remember(_MEMORY_KEY, str(await store.look(newest_entry)))

    async def look(self) -> None:
        """Tell of what has come since the last look."""
        async with self._turn:
            store = (await self.deps.opened()).store
            urls = await store.look(_told_of)
            if not urls:
                return
            newest = await store.look(newest_entry)
            word = await store.recall(_MEMORY_KEY)
            told = int(word) if word and word.isdecimal() else newest
            if newest == told and word:
                return
            await store.remember(_MEMORY_KEY, str(newest))
            news = await store.look(lambda c: titles_after(c, urls, told)) if newest > told else []
        for podcast, episodes in groupby(news, key=lambda episode: episode[0]):
            self._tell(podcast, [title for _, title in episodes])

    def _tell(self, podcast: str, titles: list[str]) -> None:
        if len(titles) > _MOST_TITLES:
            self.deps.confirm(f"{len(titles)} new episodes", podcast)
            return
        for title in titles:
            self.deps.confirm(f"New: {title}", podcast)


def _told_of(connection: sqlite3.Connection) -> list[str]:
    """Addresses of the podcasts whose new episodes are to be told of."""
    urls = []
    for stored in table.all_settings(connection):
        try:
            if read_settings(stored.settings).notifications:
                urls.append(stored.url)
        except ValueError as error:
            log.warning("the settings of %s are damaged: %s", stored.url, error)
    return urls
