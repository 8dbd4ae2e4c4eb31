"""Feeds and podcasts of other programs, from an OPML file into the station list."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from radiotui.files import read_whole
from radiotui.problems import Problem
from radiotui.stations.edit import add_feeds
from radiotui.stations.model import FeedKind, OwnFeed

if TYPE_CHECKING:
    from radiotui.stories.service import StoryService

_LARGEST_BYTES = 16_000_000


async def import_opml(
    service: StoryService, path: Path, listed: Collection[str], stations: Path, kind: FeedKind
) -> tuple[tuple[OwnFeed, ...], int]:
    """Add what the OPML file at ``path`` names and is not ``listed`` to the list ``stations``.

    Returns the new ones, and the number of all that it names. Raises Problem where it cannot be
    read.
    """
    try:
        data = await asyncio.to_thread(read_whole, path, _LARGEST_BYTES)
    except OSError as error:
        raise Problem(f"{path} cannot be read", error.strerror or str(error)) from error
    opml = await service.read_opml(data)
    unlisted = [feed for feed in opml.feeds if feed.url not in listed]
    new = await asyncio.to_thread(add_feeds, stations, unlisted, kind) if unlisted else ()
    return new, len(opml.feeds) + opml.refused
