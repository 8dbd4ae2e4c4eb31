"""Picture of the chapter at the ear: its address, and its file once it is there."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path

from textual.worker import Worker

from radiotui.problems import Problem
from radiotui.ui.screens.view import MainView

log = logging.getLogger(__name__)

_MOST_KNOWN = 64
_EARLY_SECONDS = 0.1
"""Seconds before a chapter's beginning at which the player may be told to be after a move there."""


class ChapterPicture:
    """The pictures that were asked for, each once; ``on_change`` is called when one is there."""

    def __init__(self, view: MainView, on_change: Callable[[], None]) -> None:
        self._view = view
        self._on_change = on_change
        self._paths: dict[str, Path | None] = {}
        """By address; None for one that is asked for, or cannot be had."""

    def look(self) -> Path | None:
        """The file of the picture of now; None where there is none, or none yet."""
        url = self._url
        if url is None:
            return None
        if url not in self._paths:
            while len(self._paths) >= _MOST_KNOWN:
                del self._paths[next(iter(self._paths))]
            self._paths[url] = None
            work = partial(self._fetch, url)
            _: Worker[None] = self._view.run_worker(
                work, group="chapter", exclusive=True, exit_on_error=False
            )
        return self._paths[url]

    @property
    def _url(self) -> str | None:
        """Address of the picture of the chapter at the ear."""
        state = self._view.player_state
        item, at = state.story, state.current.position
        if item is None or at is None:
            return None
        chapters = self._view.companion.progress.chapters_heard(item.key)
        begun = [chapter for chapter in chapters if chapter.start <= at + _EARLY_SECONDS]
        return begun[-1].image if begun else None

    async def _fetch(self, url: str) -> None:
        try:
            path = await self._view.companion.stories.picture(url)
        except Problem as problem:
            log.info("the picture of a chapter is not there: %s", problem)
            return
        finally:
            if self._paths.get(url) is None and self._url != url:
                # Another was asked for meanwhile: this one may be, again.
                self._paths.pop(url, None)
        self._paths[url] = path
        self._on_change()
