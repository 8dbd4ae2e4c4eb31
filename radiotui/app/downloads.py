"""Downloads as front ends use them: wanted and removed by the listener, or coming by themselves."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from radiotui.app.deps import RoomDeps
from radiotui.app.intents import DownloadIntent, ToggleDownload
from radiotui.app.tasks import LONGEST_NAP, Lookout
from radiotui.enclosures.folder import file_name, sound_path
from radiotui.enclosures.give_up import free_bytes
from radiotui.net.client import MIB
from radiotui.podcasts.download_file import remove_file
from radiotui.podcasts.download_progress import DownloadLimits
from radiotui.podcasts.downloads import DownloadService
from radiotui.podcasts.finishing import Finishing, FinishingDeps
from radiotui.podcasts.settings import read_settings
from radiotui.problems import Problem, ProblemKind
from radiotui.recording.wastebasket import WasteFile, mend_abandoned, throw_away
from radiotui.store import downloads as table
from radiotui.store import feeds
from radiotui.store.downloads import DownloadState, StoredDownload
from radiotui.store.episodes import entry_of, identity_of
from radiotui.store.podcast_settings import settings_of
from radiotui.stories.model import DownloadList
from radiotui.stories.stored_lists import stored_channel
from radiotui.text import shorten, without_password

if TYPE_CHECKING:
    import sqlite3

    from radiotui.app.podcasts import Podcasts
    from radiotui.config import Settings
    from radiotui.player.queue import QueueItem
    from radiotui.stories.model import EpisodeDownload

log = logging.getLogger(__name__)

_CHOSEN_EVERY = 600.0
"""Seconds from one choice of new episodes to the next."""
_STOPPED: tuple[DownloadState, ...] = ("stopped",)


class DownloadsDeps(RoomDeps, frozen=True):
    """Dependencies of :class:`Downloads`."""

    settings: Callable[[], Settings]
    folder: Callable[[], Path]
    """The folder of downloads."""
    podcasts: Callable[[], Podcasts]
    """The room that knows the chapters of episodes."""
    heard: Callable[[], Collection[int]]
    """The episodes that the player has: the one at the ear, and those that come after it."""
    publish: Callable[[DownloadList], None]
    """Sends a snapshot to every front end."""
    confirm: Callable[[str, str], None]
    """Tells the listener of a thing that was done, with a hint."""


class Downloads:
    """Episodes whose files are kept."""

    def __init__(self, deps: DownloadsDeps) -> None:
        self.deps = deps
        self.snapshot = DownloadList()
        self._lookout = Lookout("downloads")
        self._service: DownloadService | None = None
        self._publishing: asyncio.Task[None] | None = None
        self._is_stale = False
        self._basket: dict[int, WasteFile] = {}

    # Intents

    def do(self, intent: DownloadIntent) -> None:
        """Obey an intent; returns at once."""
        match intent:
            case ToggleDownload(headline):
                self.deps.spawn(self._toggle(headline))

    async def _toggle(self, entry: int) -> None:
        service = await self.service()
        states = {each.entry: each for each in (await service.snapshot()).downloads}
        download = states.get(entry)
        if download is None or not download.is_wanted:
            await self.want([entry])
            return
        await self._remove(download)

    async def want(self, entries: Sequence[int]) -> None:
        """Download the sound of entries; a file that waits to be deleted is put back.

        Raises Problem for an entry without a sound.
        """
        service = await self.service()
        for entry in entries:
            waste = self._basket.pop(entry, None)
            if waste is not None:
                path = await asyncio.to_thread(waste.put_back)
                await service.note_whole(entry, path)
                self.deps.confirm("The file is back", str(path))
                continue
            await self._look_for_sound(entry)
            await service.want([entry])

    async def _look_for_sound(self, entry: int) -> None:
        """Raise Problem for an entry without a sound."""
        store = (await self.deps.opened()).store
        sound = await store.look(partial(_sound_of, entry))
        if sound is None:
            raise Problem("That episode is not kept any more", "refresh its podcast")
        if not sound[1]:
            raise Problem("This story has no sound to download", sound[0])

    async def _remove(self, download: EpisodeDownload) -> None:
        service, name = await self.service(), f"“{shorten(download.title, 40)}”"
        stopped = await service.stop(download.entry)
        if stopped is None or stopped.state != "whole":
            self.deps.confirm(f"{name} is not downloaded any more", "again goes on with what came")
            return
        path = Path(stopped.path)
        try:
            waste = await asyncio.to_thread(throw_away, path)
        except OSError as error:
            await service.note_whole(download.entry, path)
            raise Problem(f"{name} cannot be removed", error.strerror or str(error)) from error
        self._basket[download.entry] = waste
        self.deps.confirm(f"The file of {name} is removed", "again brings it back")

    # Questions

    async def listed(self) -> DownloadList:
        """Every download as it stands now."""
        return await (await self.service()).snapshot()

    async def named(self, typed: str) -> int:
        """The id of an episode by its id or page, or of the newest one of a podcast.

        A podcast is named by its title or address, with or without "/latest". Raises Problem
        where there is none.
        """
        podcasts, name = self.deps.podcasts(), typed.removesuffix("/latest")
        if name == typed:
            try:
                return await podcasts.named_episode(typed)
            except Problem:
                if typed.isdecimal():
                    raise
        podcast, episodes = await podcasts.episodes(name)
        if not episodes:
            title = f"{podcast.state.title} has no episodes yet"
            raise Problem(title, kind=ProblemKind.NOT_FOUND)
        return episodes[0].headline.id

    async def delete(self, entry: int) -> EpisodeDownload:
        """Remove the file of an episode for good, or stop it. Raises Problem where none is."""
        service = await self.service()
        downloads = (await self.listed()).downloads
        download = next((each for each in downloads if each.entry == entry), None)
        if download is None:
            title = f"episode {entry} is not downloaded"
            hint = "'radiotui podcasts downloads' lists those that are"
            raise Problem(title, hint, kind=ProblemKind.NOT_FOUND)
        stopped = await service.stop(entry)
        if stopped is not None and stopped.path:
            await asyncio.to_thread(remove_file, Path(stopped.path))
        await service.forget_path(entry)
        return download

    async def kept_file(self, entry: int) -> Path | None:
        """The file of an episode, downloaded or filled where it was heard; None without one."""
        services = await self.deps.opened()
        path = await (await self.service()).path_of(entry)
        identity = await services.store.look(lambda c: identity_of(c, entry))
        if path is None and identity is not None:
            path = sound_path(services.enclosures.folder, file_name(*identity))
        return path if path is not None and await asyncio.to_thread(path.is_file) else None

    async def file_of(self, item: QueueItem) -> Path | None:
        """The file of an episode that is downloaded; None where there is none."""
        if not item.guid:
            return None
        try:
            # By its name: what the player remembers may be older than the store's numbers.
            store = (await self.deps.opened()).store
            entry = await store.look(lambda c: entry_of(c, item.feed, item.guid))
            return None if entry is None else await (await self.service()).path_of(entry)
        except Problem as problem:
            log.warning("the file of an episode is not known: %s", problem)
            return None

    # What goes on by itself

    async def keep(self) -> None:
        """Bring what is wanted, choose new episodes and tidy, as long as there is a screen."""
        service = await self.service()
        await self._mend()
        await service.sweep()
        service.spared = self._spared
        self._changed()
        self.deps.spawn(self._lookout.keep(self.look))
        while True:
            # Not with the start: then feeds are asked, and the listener waits for other things.
            await asyncio.sleep(LONGEST_NAP)
            try:
                await service.tidy(self._spared())
                await self.choose_new()
            except Problem as problem:
                log.warning("no new episodes are chosen: %s", problem)
            self._lookout.wake()
            await asyncio.sleep(_CHOSEN_EVERY - LONGEST_NAP)

    async def look(self) -> float:
        """Begin what is to come; seconds until it is to be looked at again."""
        # Another radiotui may want some, too.
        return min(LONGEST_NAP, await (await self.service()).look())

    async def choose_new(self) -> int:
        """Want the new episodes that the settings name; how many."""
        settings, store = self.deps.settings(), (await self.deps.opened()).store
        count = 0
        for podcast in await self.deps.podcasts().podcasts():
            url = podcast.state.url
            own = await store.look(partial(_most_of_podcast, url))
            if most := _most_new(settings, url, podcast.state.title) if own is None else own:
                entries = await store.look(partial(_new_episodes, url, most))
                count += len(entries)
                await (await self.service()).want(entries, automatic=True)
        return count

    async def bring(self, entries: Collection[int], on_progress: Callable[[], None]) -> None:
        """Bring those episodes, and return once each is there, or failed for now."""
        service = await self.service()
        while True:
            await service.look(only=entries)
            downloads = {each.entry: each for each in (await self.listed()).downloads}
            self.snapshot = DownloadList(tuple(downloads.values()))
            on_progress()
            if not any(_is_to_come(downloads[entry]) for entry in entries if entry in downloads):
                return
            await asyncio.sleep(0.2)

    async def close(self) -> None:
        """End what comes, and delete for good what was removed."""
        for waste in self._basket.values():
            await asyncio.to_thread(waste.remove)
        if self._service is not None:
            await self._service.close()

    async def service(self) -> DownloadService:
        """The service, made with its first use."""
        if self._service is None:
            services, settings = await self.deps.opened(), self.deps.settings()
            finishing = Finishing(
                FinishingDeps(
                    services.store,
                    services.page_workers,
                    self.deps.folder(),
                    free_bytes,
                    self.deps.podcasts().chapters,
                    services.pictures.picture,
                )
            )
            days = settings.downloads_days
            limits = DownloadLimits(
                settings.downloads_at_once,
                settings.downloads_mib * MIB,
                timedelta(days=days) if days else None,
            )
            self._service = self._service or DownloadService(
                services.store,
                services.enclosures,
                finishing,
                limits,
                clock=self.deps.clock,
                on_change=self._changed,
                on_problem=self.deps.notify,
                wake=self._lookout.wake,
            )
        return self._service

    def _changed(self) -> None:
        """Publish soon how all of them stand; one snapshot is made at a time."""
        self._is_stale = True
        if self._publishing is None or self._publishing.done():
            self._publishing = self.deps.spawn(self._publish())

    async def _publish(self) -> None:
        while self._is_stale:
            self._is_stale = False
            before, self.snapshot = self.snapshot, await (await self.service()).snapshot()
            if before != self.snapshot:
                self.deps.publish(self.snapshot)
            if _places(before) != _places(self.snapshot):
                services = await self.deps.opened()
                await services.story_service.tell_again(of_episodes=True)

    async def _mend(self) -> None:
        """Put back what a run that was killed had removed and not deleted for good."""
        service, store = await self.service(), (await self.deps.opened()).store
        stopped = await store.look(lambda c: table.downloads(c, _STOPPED))
        for folder in {Path(download.path).parent for download in stopped if download.path}:
            await asyncio.to_thread(mend_abandoned, folder)
        for download in stopped:
            if await asyncio.to_thread(_is_there, download):
                await service.note_whole(download.entry, Path(download.path))
            else:
                await service.forget_path(download.entry)

    def _spared(self) -> frozenset[int]:
        """The entries whose files are not removed by themselves, beside those that are stored."""
        return frozenset(self.deps.heard())


def heard_entries(items: Sequence[QueueItem], heard: QueueItem | None) -> frozenset[int]:
    """The ids of the episodes in the player's queue, and of the one at the ear."""
    return frozenset(item.entry for item in (*items, *([heard] if heard else [])) if item.entry)


def _most_of_podcast(url: str, connection: sqlite3.Connection) -> int | None:
    """The same number, where it is set for that podcast alone."""
    try:
        return read_settings(settings_of(connection, url).settings).downloads
    except ValueError as error:
        log.warning("the settings of %s are damaged: %s", url, error)
        return None


def _most_new(settings: Settings, url: str, title: str) -> int:
    """Number of a podcast's episodes that come by themselves."""
    by_name: Mapping[str, int] = {
        name.casefold(): most for name, most in settings.downloads_new_of.items()
    }
    names = (url, without_password(url), title)
    counts = (by_name[name.casefold()] for name in names if name.casefold() in by_name)
    return next(counts, settings.downloads_new)


def _new_episodes(url: str, most: int, connection: sqlite3.Connection) -> list[int]:
    stored = feeds.feeds(connection, [url])
    is_serial = bool(stored) and stored_channel(stored[0]).kind == "serial"
    return table.new_episodes(connection, url, most, oldest_first=is_serial)


def _sound_of(entry: int, connection: sqlite3.Connection) -> tuple[str, str] | None:
    return table.sound_of(connection, entry)


def _is_to_come(download: EpisodeDownload) -> bool:
    is_paused = download.state == "waiting" and download.problem is not None
    return download.state == "running" or (download.state == "waiting" and not is_paused)


def _is_there(download: StoredDownload) -> bool:
    return bool(download.path) and Path(download.path).is_file()


def _places(downloads: DownloadList) -> list[tuple[int, bool]]:
    """Their order, and which of them are there: the list of them is read anew where it differs."""
    return [(each.entry, each.state in {"whole", "missing"}) for each in downloads.downloads]
