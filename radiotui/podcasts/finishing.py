"""End of a download: the file that is whole is checked, tagged and put into its place.

It is copied once, beside its place, and given its name at last: a reader of the old file, and one
who is killed in the middle, lose nothing.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from radiotui.audio.chapters import Chapter, chapters_in
from radiotui.documents.processes import PoolClosedError, WorkerError, WorkerPool
from radiotui.enclosures.file import EnclosureFile
from radiotui.enclosures.give_up import GiveUpError, disk_failure, no_room
from radiotui.feeds.parsing.model import read_episode
from radiotui.net.client import MIB
from radiotui.podcasts.chapters import EpisodeChapters
from radiotui.podcasts.download_file import (
    SoundForm,
    form_of,
    is_cut,
    is_finished,
    put_in_place,
    wanted_path,
)
from radiotui.podcasts.episode_tags import EpisodeTags, write_plain, write_tagged
from radiotui.problems import Problem
from radiotui.recording.tags import MOST_PICTURE
from radiotui.store import downloads, feeds
from radiotui.store.downloads import StoredDownload
from radiotui.store.episodes import episode
from radiotui.stories.stored_lists import stored_channel
from radiotui.text import shorten

if TYPE_CHECKING:
    import sqlite3

    from radiotui.store import Store

log = logging.getLogger(__name__)

_ROOM = 64 * MIB
"""Bytes of the disk that are left to others."""
_TRIES = 20


class FinishingDeps(msgspec.Struct, frozen=True):
    """Dependencies of :class:`Finishing`."""

    store: Store
    workers: WorkerPool
    """Processes that read and write tags."""
    folder: Path
    """The folder of downloads."""
    free_bytes: Callable[[Path], int]
    chapters_of: Callable[[int, tuple[Chapter, ...]], Awaitable[EpisodeChapters]]
    """Gives all chapters of an entry, by those of its file."""
    picture_of: Callable[[str], Awaitable[Path]]
    """Gives a file with the picture at an address."""


class Finishing:
    """Makes the file of an episode out of all that came."""

    def __init__(self, deps: FinishingDeps) -> None:
        self._deps = deps

    async def finish(self, download: StoredDownload, name: str, file: EnclosureFile) -> Path:
        """Put the file of a download into its place, and where that is.

        ``name`` is that of what came. Raises Problem, GiveUpError where what came is none, and
        OSError.
        """
        title = named(download)
        try:
            form = await asyncio.to_thread(form_of, file.path, title)
            if not _is_total_told(file):
                await self._look_for_cut(download, file)
        except Problem as problem:
            raise GiveUpError(problem, is_another=True) from problem
        if download.path:
            path = Path(download.path)
            if await asyncio.to_thread(is_finished, path, form.seconds):
                return path
        tags = await self._tags(download, file.path)
        part = await asyncio.to_thread(self._part, name, form, file.path, title)
        try:
            await self._copy(file.path, part, tags, title)
            return await self._place(download, part, form)
        finally:
            await asyncio.to_thread(part.unlink, missing_ok=True)

    async def _look_for_cut(self, download: StoredDownload, file: EnclosureFile) -> None:
        """Raise Problem where a file whose length nobody told is surely cut."""
        facts = (download.seconds, download.length)
        if await asyncio.to_thread(is_cut, file.path, *facts):
            raise Problem(f"{named(download)} breaks off", "its server ended it too early")

    def _part(self, name: str, form: SoundForm, source: Path, title: str) -> Path:
        folder, size = self._deps.folder, source.stat().st_size
        folder.mkdir(parents=True, exist_ok=True)
        free = self._deps.free_bytes(folder)
        if size + _ROOM > free:
            raise no_room(title, f"{free // MIB} MB are free in {folder}")
        return folder / f".{name}{form.suffix}"

    async def _copy(self, source: Path, part: Path, tags: EpisodeTags, title: str) -> None:
        """Copy the sound with its tags, or without where it takes none."""
        try:
            paths = (str(source), str(part))
            if await self._deps.workers.run(bool, write_tagged, *paths, tags):
                return
        except PoolClosedError:
            raise Problem("radiotui is ending", "the next start goes on") from None
        except (TimeoutError, WorkerError) as error:
            log.warning("%s gets no tags: %r", title, error)
        try:
            await asyncio.to_thread(write_plain, source, part)
        except OSError as error:
            raise disk_failure(title, error).problem from error

    async def _place(self, download: StoredDownload, part: Path, form: SoundForm) -> Path:
        day = download.published or download.wanted_at
        facts = (download.podcast or "Podcast", day, download.title, form.suffix)
        for _ in range(_TRIES):
            path = await asyncio.to_thread(wanted_path, self._deps.folder, *facts)
            # Before it is there: another run finds it, and makes no second one.
            await self._note_path(download.entry, path)
            try:
                await asyncio.to_thread(put_in_place, part, path)
            except FileExistsError:
                continue
            return path
        raise Problem(f"There is no free name for {named(download)}", str(self._deps.folder))

    async def _note_path(self, entry: int, path: Path) -> None:
        await self._deps.store.ask(
            lambda c: downloads.note_state(c, entry, "waiting", path=str(path))
        )

    async def _tags(self, download: StoredDownload, path: Path) -> EpisodeTags:
        entry = download.entry
        of_file = await asyncio.to_thread(chapters_in, path)
        try:
            chapters = (await self._deps.chapters_of(entry, of_file)).chapters
        except Problem as problem:
            log.info("the chapters of %s are not known: %s", named(download), problem)
            chapters = of_file
        tags, picture = await self._deps.store.look(lambda c: _facts(c, download))
        data = await self._picture(picture)
        return msgspec.structs.replace(tags, chapters=chapters, picture=data)

    async def _picture(self, url: str) -> bytes | None:
        if not url:
            return None
        try:
            path = await self._deps.picture_of(url)
            data = await asyncio.to_thread(path.read_bytes)
        except (Problem, OSError) as problem:
            log.info("the picture of an episode is not there: %s", problem)
            return None
        return data if len(data) <= MOST_PICTURE else None


def named(download: StoredDownload) -> str:
    """A download as problems call it."""
    return f"“{shorten(download.title, 40)}”"


def _is_total_told(file: EnclosureFile) -> bool:
    return file.version is not None and file.version.is_total_told


def _facts(connection: sqlite3.Connection, download: StoredDownload) -> tuple[EpisodeTags, str]:
    """Facts of the feed about an episode, without chapters, and the address of its picture."""
    stored = episode(connection, download.entry)
    (feed,) = feeds.feeds(connection, [download.feed])
    facts = None
    try:
        facts = read_episode(stored.episode)
    except ValueError as error:
        log.warning("what is stored of episode %d is damaged: %s", download.entry, error)
    tags = EpisodeTags(
        download.title,
        download.podcast,
        stored_channel(feed).author,
        download.published,
        stored.story.link or "",
        facts.number if facts else None,
    )
    return tags, (facts.image if facts else None) or feed.picture
