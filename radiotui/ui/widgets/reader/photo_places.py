"""Photos of a layout that have to be drawn, and those that were, in their places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from msgspec.structs import replace

from radiotui.problems import Problem
from radiotui.ui.widgets.reader.blocks import PhotoView
from radiotui.ui.widgets.reader.layout import Layout
from radiotui.ui.widgets.reader.picture_protocols import PhotoRoom

if TYPE_CHECKING:
    from radiotui.ui.widgets.reader.picture import DrawnPicture


class PhotoRequests:
    """Photos that were asked for, so that each is asked for once a room."""

    def __init__(self) -> None:
        self._rooms: dict[str, PhotoRoom] = {}

    def clear(self) -> None:
        """Begin with another story."""
        self._rooms.clear()

    def due(self, layout: Layout, top: int, height: int) -> Iterator[tuple[str, PhotoRoom]]:
        """Photos that are seen, or nearly, and are not drawn for their room."""
        for index, block in enumerate(layout.blocks):
            if not isinstance(block, PhotoView):
                continue
            room = block.room if block.drawn else self._rooms.get(block.url)
            is_near = layout.overlaps(index, top - height, top + 2 * height)
            if is_near and not (room and layout.suits(index, room)):
                self._rooms[block.url] = layout.photo_room(index)
                yield block.url, self._rooms[block.url]


def drawn_photos(
    layout: Layout, drawings: Mapping[str, DrawnPicture | Problem]
) -> Iterator[tuple[int, PhotoView]]:
    """Blocks whose photo was drawn since, or is known not to be, and their indices."""
    for index, block in enumerate(layout.blocks):
        drawn = drawings.get(block.url) if isinstance(block, PhotoView) else None
        if not isinstance(block, PhotoView) or drawn is None:
            continue
        if isinstance(drawn, Problem):
            if block.why != drawn.title:
                yield index, replace(block, drawn=(), over=(), why=drawn.title)
        # Of two that were asked for the later may have come first.
        elif block.drawn is not drawn.strips and layout.suits(index, drawn.room):
            strips, over, room = drawn.strips, drawn.over, drawn.room
            yield index, replace(block, why="", drawn=strips, over=over, room=room)
