"""Front page in the reader while no story is open: the highlighted story, or the station's day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiotui.problems import Problem
from radiotui.stations.model import Station, Stream
from radiotui.stories.model import Headline
from radiotui.ui.kit.content import trusted
from radiotui.ui.screens.story_actions import forget_drawings
from radiotui.ui.screens.view import MainView

if TYPE_CHECKING:
    from radiotui.ui.widgets.reader.blocks import BlockView


def show_front_page(view: MainView) -> None:
    """Preview what is under the cursor, where there is room and nothing is open."""
    if view.headline is not None or not view.reader.size or not view.awake:
        return
    headline, stream = view.stories.chosen, view.air.chosen
    if headline is not None:
        preview = _preview_story(view, headline)
    elif stream is not None and view.air.chosen_section is None:
        preview = _preview_stream(view, *stream)
    else:
        return
    view.run_worker(preview, group="front page", exclusive=True, exit_on_error=False)


async def _preview_story(view: MainView, headline: Headline) -> None:
    from radiotui.ui.widgets.reader.front_page import story_preview

    try:
        story = await view.companion.stories.story(headline.id)
    except Problem:
        # It is let go of just now; the list will say so.
        return
    key = view.key("list.choose")
    _show(view, list(story_preview(story, view.now, key)))


async def _preview_stream(view: MainView, station: Station, stream: Stream) -> None:
    from radiotui.ui.widgets.reader.front_page import stream_preview

    today = view.companion.clock().astimezone(station.zone).date()
    day = await view.companion.day(station, stream, today)
    on_air = view.airs.get((station.id, stream.id))
    _show(view, list(stream_preview(station, stream, on_air, day, view.now)))


def _show(view: MainView, blocks: list[BlockView]) -> None:
    reader = view.reader
    plain, before = ([block.text.plain for block in page] for page in (blocks, reader.blocks))
    if view.headline is None and plain != before:
        from radiotui.ui.widgets.reader.blocks import PhotoView

        # Who goes down a long list leaves hundreds of pictures behind.
        forget_drawings(view, {block.url for block in blocks if isinstance(block, PhotoView)})
        reader.border_title = trusted("Front page")
        reader.show_blocks(*blocks)
        reader.put_drawings()
        reader.look_for_pictures()
