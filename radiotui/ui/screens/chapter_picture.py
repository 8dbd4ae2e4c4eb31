"""Picture of the chapter or else of the episode at the ear: its file once it is there."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from textual.worker import Worker

from radiotui.podcasts.chapters import Chapter
from radiotui.problems import Problem
from radiotui.ui.screens.view import MainView

log = logging.getLogger(__name__)

_MOST_KNOWN = 64
_EARLY_SECONDS = 0.1
"""Seconds before a chapter's beginning at which the player may be told to be after a move there."""


class ChapterPictureKey(NamedTuple):
    """An episode's key and the place of a picture in its file; or the address of a picture."""

    episode: str
    picture: object


class ChapterPicture:
    """The pictures that were asked for, each once; ``on_change`` is called when one is there."""

    def __init__(self, view: MainView, on_change: Callable[[], None]) -> None:
        self._view = view
        self._on_change = on_change
        self._paths: dict[ChapterPictureKey, Path | None] = {}
        """None for one that is asked for, or cannot be had."""

    def look(self) -> Path | None:
        """The file of the picture of now; None where there is none, or none yet."""
        heard = self._heard
        if heard is None:
            return None
        key = _key(*heard)
        if key not in self._paths:
            while len(self._paths) >= _MOST_KNOWN:
                del self._paths[next(iter(self._paths))]
            self._paths[key] = None
            work = partial(self._fetch, *heard)
            _: Worker[None] = self._view.run_worker(
                work, group="chapter", exclusive=True, exit_on_error=False
            )
        return self._paths[key]

    @property
    def _heard(self) -> tuple[str, Chapter] | None:
        """The key of the episode at the ear, and its chapter there, where that has a picture.

        Where it has none the episode's own picture stands for it.
        """
        state = self._view.player_state
        item, at = state.story, state.current.position
        if item is None or at is None:
            return None
        chapters = self._view.companion.progress.chapters_heard(item.key)
        begun = [chapter for chapter in chapters if chapter.start <= at + _EARLY_SECONDS]
        if begun and (begun[-1].image or begun[-1].picture):
            return item.key, begun[-1]
        image = self._view.companion.progress.picture_heard(item.key)
        return (item.key, Chapter(0.0, "", image=image)) if image else None

    async def _fetch(self, episode: str, chapter: Chapter) -> None:
        key, path = _key(episode, chapter), None
        try:
            path = await self._file_of(episode, chapter)
        except Problem as problem:
            log.info("the picture of a chapter is not there: %s", problem)
            return
        finally:
            heard = self._heard
            if self._paths.get(key) is None and (heard is None or _key(*heard) != key):
                # Another was asked for meanwhile: this one may be, again.
                self._paths.pop(key, None)
        if path is None:
            # Its bytes have not come yet.
            self._paths.pop(key, None)
            return
        self._paths[key] = path
        self._on_change()

    async def _file_of(self, episode: str, chapter: Chapter) -> Path | None:
        """The picture in the episode's own file, else that of another list of its chapters."""
        companion = self._view.companion
        if chapter.picture is not None:
            try:
                path = await companion.progress.picture_within(episode, chapter.picture)
            except Problem:
                if chapter.image is None:
                    raise
            else:
                if path is not None or chapter.image is None:
                    return path
        return await companion.stories.picture(chapter.image) if chapter.image else None


def _key(episode: str, chapter: Chapter) -> ChapterPictureKey:
    if chapter.picture is not None:
        return ChapterPictureKey(episode, chapter.picture)
    return ChapterPictureKey("", chapter.image)
