"""Feeds and podcasts of other programs, from an OPML file into the station list."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from radiotui.app.feed_logins import keep_passwords, with_user
from radiotui.app.podcast_moves import current_address
from radiotui.files import read_whole
from radiotui.net.logins import login_in
from radiotui.problems import Problem
from radiotui.stations.edit import add_feeds
from radiotui.stations.model import FeedKind, OwnFeed
from radiotui.text import without_password

if TYPE_CHECKING:
    from radiotui.app.services import Services
    from radiotui.net.logins import Login

_LARGEST_BYTES = 16_000_000


async def import_opml(
    services: Services, path: Path, listed: Collection[str], stations: Path, kind: FeedKind
) -> tuple[tuple[OwnFeed, ...], int, Problem | None]:
    """Add what the OPML file at ``path`` names and is not ``listed`` to the list ``stations``.

    Returns the new ones, the number of all that it names, and why their passwords are not kept.
    Raises Problem where it cannot be read.
    """
    try:
        data = await asyncio.to_thread(read_whole, path, _LARGEST_BYTES)
    except OSError as error:
        raise Problem(f"{path} cannot be read", error.strerror or str(error)) from error
    opml = await services.story_service.read_opml(data)
    total = len(opml.feeds) + opml.refused
    taken: dict[str, Login | None] = {}
    unlisted = []
    for feed in opml.feeds:
        login = login_in(feed.url)
        bare = replace(feed, url=login.url) if login else feed
        if await current_address(services, bare.url) in listed:
            continue
        if bare.url not in listed and bare.url not in taken:
            taken[bare.url] = login
            unlisted.append(with_user(bare, login))
    if not unlisted:
        return (), total, None
    added = await asyncio.to_thread(add_feeds, stations, unlisted, kind)
    new = tuple(replace(feed, url=without_password(feed.url)) for feed in added)
    logins = [login for feed in new if (login := taken[feed.url])]
    for login in logins:
        services.logins.add_typed(login)
    return new, total, await keep_passwords(services.logins, logins)
