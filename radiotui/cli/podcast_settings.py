"""Action ``podcasts set``: settings of one podcast."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from radiotui.app.podcast_shapes import set_podcast_shape
from radiotui.cli.notes import opened
from radiotui.cli.output import DONE, print_json, print_result
from radiotui.podcasts.settings import changed_settings, setting_words

if TYPE_CHECKING:
    from radiotui.app.companion import Companion


async def set_podcast(
    companion: Companion, name: str, typed: Sequence[str], *, as_json: bool
) -> int:
    """Change settings of a podcast, and print all of them; without any to change, only that."""
    async with opened(companion, radio=False):
        room = companion.podcast_settings
        podcast = await room.of_name(name)
        if typed:
            await room.change(podcast.url, changed_settings(podcast.settings, typed))
            podcast = await room.of_url(podcast.url)
    if as_json:
        print_json(set_podcast_shape(podcast))
    else:
        for setting, words in setting_words(podcast.settings):
            print_result(f"{setting.name:<14} {words}")
    return DONE
