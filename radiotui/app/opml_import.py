"""Feeds and podcasts of other programs, from an OPML file into the station list."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from radiotui.app.feed_logins import keep_passwords, with_user
from radiotui.app.podcast_moves import current_address
from radiotui.files import read_whole
from radiotui.net.logins import login_in
from radiotui.problems import Problem
from radiotui.stations.edit import add_feeds
from radiotui.stations.model import FeedKind, OwnFeed
from radiotui.store.played_states import PlayedState
from radiotui.text import without_password

if TYPE_CHECKING:
    from radiotui.app.services import Services
    from radiotui.net.logins import Login

_LARGEST_BYTES = 17_000_000


class OpmlImport(msgspec.Struct, frozen=True):
    """Outcome of an import."""

    new: tuple[OwnFeed, ...]
    total: int
    """Feeds that the file names."""
    unkept: Problem | None = None
    """Why their passwords are not kept."""
    states: tuple[PlayedState, ...] = ()
    """How far the file says that episodes were heard."""
    known_states: int = 0
    """Those of them whose episode is known here."""


async def import_opml(
    services: Services, path: Path, listed: Collection[str], stations: Path, kind: FeedKind
) -> OpmlImport:
    """Add what the OPML file at ``path`` names and is not ``listed`` to the list ``stations``.

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
        return OpmlImport((), total, states=opml.states)
    added = await asyncio.to_thread(add_feeds, stations, unlisted, kind)
    new = tuple(replace(feed, url=without_password(feed.url)) for feed in added)
    logins = [login for feed in new if (login := taken[feed.url])]
    for login in logins:
        services.logins.add_typed(login)
    unkept = await keep_passwords(services.logins, logins)
    return OpmlImport(new, total, unkept, opml.states)


async def apply_states(
    services: Services,
    result: OpmlImport,
    listed: Collection[str],
    ask: Callable[..., Awaitable[None]],
    now: datetime,
) -> OpmlImport:
    """Note how far episodes of ``listed`` podcasts were heard, once ``ask`` has asked those."""
    if not result.states:
        return result
    from radiotui.store import played_states

    owners: dict[str, str] = {}
    for feed in dict.fromkeys(state.feed for state in result.states):
        if (url := await current_address(services, feed)) in listed:
            owners[feed] = url
    await ask(services, list(dict.fromkeys(owners.values())), force=False)
    states = [
        replace(state, feed=owners[state.feed]) for state in result.states if state.feed in owners
    ]
    known = await services.store.ask(lambda c: played_states.apply_states(c, states, now))
    return replace(result, known_states=known)
