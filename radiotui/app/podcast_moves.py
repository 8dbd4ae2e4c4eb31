"""Moves of podcasts: to another address by the listener's hand, and from one that they had."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from radiotui.app.feed_logins import keep_passwords, take_login
from radiotui.problems import Problem
from radiotui.stations.written_addresses import address_of_user, write_address
from radiotui.store.moves import move_feed, url_of_former
from radiotui.text import without_password

if TYPE_CHECKING:
    import sqlite3
    from datetime import datetime
    from pathlib import Path

    from radiotui.app.podcasts import Podcasts
    from radiotui.app.services import Services
    from radiotui.podcasts.model import Podcast


async def current_address(services: Services, url: str) -> str:
    """The address of the list for one that a podcast of it has or had beside; else the same."""
    return await services.store.look(partial(_current, url=url))


async def move_podcast(podcasts: Podcasts, name: str, address: str, path: Path) -> Podcast:
    """Give a podcast another address, which is asked first; it keeps all that was done to it.

    Raises Problem where the name is not clear, where there is no podcast at the new address, and
    where that is another one's of the list.
    """
    services, url = await podcasts.deps.opened(), await podcasts.address_of(name)
    bare, login = take_login(services.logins, address)
    services.local_hosts.add_typed(bare)
    new_url = without_password((await services.story_service.find_feeds(bare))[0].url)
    if new_url == url:
        raise Problem("the podcast has that address already", without_password(url))
    if new_url in podcasts.deps.feeds().podcasts:
        hint = f"{without_password(new_url)}: take one of them out of the list"
        raise Problem("another podcast of the list has that address", hint)
    # A server that is asked as somebody goes on to be: of another one nobody has been told.
    user = login or services.logins.of(new_url)
    written = address_of_user(new_url, user.user if user else "")
    await written_move(services, url, new_url, written, path, podcasts.deps.clock())
    if login is not None and (unkept := await keep_passwords(services.logins, [login])):
        podcasts.deps.notify(unkept)
    return await podcasts.refresh_at(new_url)


async def written_move(
    services: Services, url: str, new_url: str, written: str, path: Path, at: datetime
) -> None:
    """Move a feed in the store and in the list, where its address is ``written`` so; or neither.

    Raises Problem.
    """
    await services.store.ask(partial(_moved, url=url, new_url=new_url, at=at))
    try:
        await asyncio.to_thread(write_address, path, url, written)
    except Problem:
        await services.store.ask(partial(_moved, url=new_url, new_url=url, at=at))
        raise


def _current(connection: sqlite3.Connection, *, url: str) -> str:
    return url_of_former(connection, url) or url


def _moved(connection: sqlite3.Connection, *, url: str, new_url: str, at: datetime) -> None:
    from radiotui.store.feeds import subscribe

    subscribe(connection, [url])
    move_feed(connection, url, new_url, at)
