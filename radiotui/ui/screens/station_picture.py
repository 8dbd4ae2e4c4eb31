"""Picture beside the player, of the station or chapter that is heard: asked for and drawn."""

from __future__ import annotations

import asyncio
import os
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from textual.worker import Worker

from radiotui.problems import Problem
from radiotui.stations.model import Station
from radiotui.ui.screens.chapter_picture import ChapterPicture
from radiotui.ui.screens.view import MainView
from radiotui.ui.widgets.player.player_bar import PlayerBar
from radiotui.ui.widgets.reader.picture_protocols import Cell, Way, way_of

if TYPE_CHECKING:
    from textual.strip import Strip

_MOST_DRAWN = 32
_FEWEST_PIXELS = 16
"""The icon of a homepage is large enough for a place of some columns."""


class PictureKey(NamedTuple):
    """File of a station's picture, how it is drawn, and on what where it is transparent."""

    path: Path
    way: Way
    paper: tuple[int, int, int]


def follow_station(view: MainView) -> None:
    """Show the picture of the station that is heard, or would be, from now on."""
    place = PicturePlace(view)
    for name in ("player_state", "now"):
        view.watch(view, name, place.mind, init=False)


class PicturePlace:
    """The picture that is shown, or being drawn."""

    def __init__(self, view: MainView) -> None:
        self._view = view
        self._key: PictureKey | None = None
        self._chapter = ChapterPicture(view, self.mind)

    def mind(self) -> None:
        """Show the picture of now; nothing is done while it is the same one."""
        view, way = self._view, self._way
        path = self._path if way is not None else None
        key = None
        if path is not None and way is not None:
            paper = view.query_one(PlayerBar).background_colors[1].rgb
            key = PictureKey(path, way, paper)
        if key != self._key:
            self._key = key
            # Begun with the worker: one that is cancelled before that leaves nothing behind.
            work = partial(self._show, key)
            _: Worker[None] = view.run_worker(
                work, group="station", exclusive=True, exit_on_error=False
            )

    @property
    def _way(self) -> Way | None:
        """The kind of blocks that the terminal can show; None: no pictures."""
        if way_of(self._view.companion.settings.pictures, os.environ) is None:
            return None
        return way_of("blocks", os.environ)

    @property
    def _path(self) -> Path | None:
        """The file of the picture of now."""
        if self._view.player_state.story is not None:
            return self._chapter.look() if self._view.has_class("-roomy") else None
        station = self._station
        picture = self._view.companion.station_pictures.look(station) if station else None
        return picture.path if picture else None

    @property
    def _station(self) -> Station | None:
        """The station whose picture has a place on the screen."""
        view, state = self._view, self._view.player_state
        if not view.has_class("-roomy"):
            return None
        return view.tuned_station if state.tuned is not None else view.station

    async def _show(self, key: PictureKey | None) -> None:
        try:
            strips = await asyncio.to_thread(_drawn, key) if key else ()
        except Problem:
            # The initials are as good.
            strips = ()
        player = self._view.query_one(PlayerBar)
        player.picture = strips
        player.refresh()


@lru_cache(maxsize=_MOST_DRAWN)
def _drawn(key: PictureKey) -> tuple[Strip, ...]:
    # Pillow takes its time to be imported, too.
    from radiotui.ui.widgets.player.picture_place import COLUMNS, LINES, centred
    from radiotui.ui.widgets.reader.picture import draw

    drawn = draw(key.path, key.way, COLUMNS, Cell(), key.paper, fewest=_FEWEST_PIXELS)
    lines = len(drawn.strips)
    if lines > LINES:
        columns = max(1, COLUMNS * LINES // lines)
        drawn = draw(key.path, key.way, columns, Cell(), key.paper, fewest=_FEWEST_PIXELS)
    return centred(drawn.strips[:LINES])
