"""Settings of podcasts: kept by feed, and applied to the episode that is heard."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from radiotui.app.deps import RoomDeps
from radiotui.audio.loudness_norm import Loudness
from radiotui.net.typed import json_decoder
from radiotui.player.intents import EpisodeSound, SetEpisodeSound
from radiotui.podcasts.settings import PodcastSettings, read_settings, write_settings
from radiotui.problems import Problem
from radiotui.store import podcast_settings as table

if TYPE_CHECKING:
    from radiotui.app.intents import Intent
    from radiotui.app.new_episodes import NewEpisodes
    from radiotui.app.podcasts import Podcasts
    from radiotui.player.queue import QueueItem
    from radiotui.player.state import PlayerState
    from radiotui.store.podcast_settings import StoredSettings

log = logging.getLogger(__name__)


class SetPodcast(msgspec.Struct, frozen=True):
    """A podcast, and what is set for it."""

    url: str
    title: str
    settings: PodcastSettings
    loudness: Loudness | None = None
    """As it was measured while it was heard."""


class PodcastSettingsDeps(RoomDeps, frozen=True):
    """Dependencies of :class:`SettingsOfPodcasts`."""

    podcasts: Callable[[], Podcasts]
    do: Callable[[Intent], None]
    player_state: Callable[[], PlayerState]
    new_episodes: Callable[[], NewEpisodes]


class SettingsOfPodcasts:
    """Settings of a listener for each podcast."""

    def __init__(self, deps: PodcastSettingsDeps) -> None:
        self.deps = deps
        self._turn = asyncio.Lock()
        """Changes are kept in the order in which they were made."""

    async def of_name(self, name: str) -> SetPodcast:
        """The podcast of that title or address. Raises Problem where the name is not clear."""
        return await self.of_url((await self.deps.podcasts().named(name)).state.url)

    async def of_url(self, url: str) -> SetPodcast:
        """The podcast with that address, whatever its list says."""
        services = await self.deps.opened()
        stored = await services.store.look(lambda c: table.settings_of(c, url))
        states = await services.story_service.feed_states([url])
        return SetPodcast(
            url, states[0].title if states else "", _settings(stored), _loudness(stored)
        )

    async def of_item(self, item: QueueItem) -> SetPodcast | None:
        """The podcast of an episode; None where that is not kept any more."""
        stored = await self._stored(item)
        return await self.of_url(stored.url) if stored else None

    async def change(self, url: str, settings: PodcastSettings) -> None:
        """Keep the settings of a podcast, and apply them to its episode that is heard."""
        async with self._turn:
            await self._change(url, settings)

    async def _change(self, url: str, settings: PodcastSettings) -> None:
        services, written = await self.deps.opened(), write_settings(settings)
        if settings.notifications:
            await self.deps.new_episodes().begin()
        await services.store.ask(lambda c: table.keep_settings(c, url, written))
        await services.story_service.tell_again(of_episodes=True)
        story = self.deps.player_state().story
        if story is not None and story.kept:
            stored = await self._stored(story)
            if stored is not None and stored.url == url:
                self.deps.do(SetEpisodeSound(story.key, _sound(settings)))

    async def sound_of(self, item: QueueItem) -> tuple[EpisodeSound, Loudness | None]:
        """Settings that an episode is heard by, and the loudness of its podcast."""
        try:
            stored = await self._stored(item)
        except Problem as problem:
            log.warning("the settings of an episode's podcast are not known: %s", problem)
            stored = None
        return (_sound(_settings(stored)), _loudness(stored)) if stored else (EpisodeSound(), None)

    def note_loudness(self, item: QueueItem, loudness: Loudness) -> None:
        """Keep the loudness of an episode's podcast."""
        if item.entry:
            self.deps.spawn(self._note_loudness(item.entry, loudness))

    async def _note_loudness(self, entry: int, loudness: Loudness) -> None:
        services, word = await self.deps.opened(), msgspec.json.encode(loudness).decode()
        await services.store.ask(lambda c: table.keep_loudness(c, entry, word))

    async def _stored(self, item: QueueItem) -> StoredSettings | None:
        if not item.entry:
            return None
        store, entry = (await self.deps.opened()).store, item.entry
        return await store.look(lambda c: table.settings_of_entry(c, entry))


def _settings(stored: StoredSettings) -> PodcastSettings:
    try:
        return read_settings(stored.settings)
    except ValueError as error:
        log.warning("the settings of %s are damaged: %s", stored.url, error)
        return PodcastSettings()


def _loudness(stored: StoredSettings) -> Loudness | None:
    try:
        return json_decoder(Loudness).decode(stored.loudness) if stored.loudness else None
    except ValueError as error:
        log.warning("the loudness of %s is damaged: %s", stored.url, error)
        return None


def _sound(settings: PodcastSettings) -> EpisodeSound:
    return EpisodeSound(
        rate=settings.speed,
        skips_silence=settings.skip_silence,
        gain_db=settings.gain,
        intro=settings.skip_intro,
        outro=settings.skip_outro,
    )
