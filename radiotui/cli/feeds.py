"""Command ``feeds``: the feeds of the list, and adding, removing and exchanging them."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from radiotui import text
from radiotui.app.shapes import feed_shape
from radiotui.cli.notes import opened
from radiotui.cli.output import (
    DONE,
    FAILED,
    print_json,
    print_note,
    print_nothing,
    print_result,
    write_note,
    write_result,
)
from radiotui.files import write_into
from radiotui.problems import Problem
from radiotui.text import without_password

if TYPE_CHECKING:
    from radiotui.app.companion import Companion
    from radiotui.stations.model import FeedKind, OwnFeed
    from radiotui.stories.model import FeedState


_NONE = "there are no feeds: 'radiotui feeds add ADDRESS' adds one"


async def list_feeds(companion: Companion, *, as_json: bool) -> int:
    """Print the state of each feed of the list; 1 where it has none."""
    async with opened(companion, radio=False):
        states = await companion.stories.feed_states(everything=True)
    if as_json:
        print_json([feed_shape(state) for state in states])
    else:
        for state in states:
            _print_state(state, companion.clock())
    return DONE if states else print_nothing(_NONE)


async def add_feed(companion: Companion, address: str, *, folder: str) -> int:
    """Add the feed at an address, or the one that the page there names."""
    async with opened(companion, radio=False):
        feed = await companion.stories.add_feed(address, folder=folder)
    print_result(f"{feed.title or without_password(feed.url)}  {without_password(feed.url)}")
    return DONE


async def remove_feed(companion: Companion, url: str) -> int:
    """Take one of the listener's own feeds out of the list."""
    async with opened(companion, radio=False):
        feed = await companion.stories.remove_feed(url)
    name = feed.title or without_password(feed.url)
    print_result(f"{name} is not in the list any more; its stories are kept")
    return DONE


async def refresh_feeds(companion: Companion, url: str | None, *, as_json: bool) -> int:
    """Ask the feeds now; 1 where none of them answered, or there is none."""
    shows_progress = sys.stderr.isatty()

    def progress(answered: int, total: int) -> None:
        if shows_progress:
            write_note(f"\r{answered} of {total} feeds")

    async with opened(companion, radio=False):
        states = await companion.stories.refresh_feeds([url] if url else None, progress)
    if shows_progress:
        write_note("\r\x1b[K")
    if as_json:
        print_json([feed_shape(state) for state in states])
    if not states:
        return print_nothing(_NONE)
    failed = [state for state in states if state.problem is not None]
    for state in failed:
        print_note(state.problem)
    if not as_json:
        unread = sum(state.unread for state in states)
        print_result(
            f"{len(states) - len(failed)} of {len(states)} feeds answered, {unread} unread"
        )
    return FAILED if len(failed) == len(states) else DONE


async def import_feeds(companion: Companion, path: Path) -> int:
    """Add the feeds of an OPML file."""
    async with opened(companion, radio=False):
        new, total = await companion.stories.import_feeds(path)
    return print_imported(new, total, "feed")


def print_imported(new: Sequence[OwnFeed], total: int, kind: FeedKind) -> int:
    """Print what is new of so many feeds or podcasts of a file."""
    for feed in new:
        print_result(f"{feed.title or without_password(feed.url)}  {without_password(feed.url)}")
    print_note(f"{len(new)} of {total} {kind}s are new")
    return DONE


async def export_feeds(companion: Companion, path: Path | None) -> int:
    """Write every feed as OPML, into a file or to stdout; 1 where there is none."""
    async with opened(companion, radio=False):
        data = await companion.stories.export_feeds()
    urls = companion.stories.deps.feeds().urls
    if not urls:
        # A list that was exported before is worth more than an empty one.
        return print_nothing(_NONE)
    return await write_opml(path, data, count_private(companion, urls), "feed")


def count_private(companion: Companion, urls: Collection[str]) -> int:
    """Number of those feeds that have a user."""
    return sum(login.url in urls for login in companion.station_list.logins)


async def write_opml(path: Path | None, data: bytes, secret: int, kind: FeedKind) -> int:
    """Write OPML of feeds or podcasts into a file or to stdout, ``secret`` of them private."""
    if secret:
        are = f"password of 1 {kind} is" if secret == 1 else f"passwords of {secret} {kind}s are"
        print_note(f"the {are} left out")
    if path is None or str(path) == "-":
        write_result(data.decode())
        return DONE
    try:
        await asyncio.to_thread(write_into, path, data)
    except OSError as error:
        raise Problem(f"{path} cannot be written", error.strerror or str(error)) from error
    return DONE


def _print_state(state: FeedState, at: datetime) -> None:
    owner = ", ".join(state.stations) or state.folder or ("own" if state.own else "not listed")
    answered = text.age(at - state.answered_at) if state.answered_at else "never"
    print_result(
        f"{text.fit(state.title, 40)} {text.fit(owner, 18)} {state.unread:>5} unread"
        f"  {answered:>5}  next {_until(state.next_at, at):>5}  {_weight(state.saved):>7} saved"
    )
    print_result(f"    {without_password(state.url)}")
    if state.problem is not None:
        print_result(f"    {state.problem}")


def _until(time: datetime | None, at: datetime) -> str:
    if time is None or time <= at:
        return "now"
    return text.age(time - at)


def _weight(size: int) -> str:
    """Bytes in a listener's words: "0", "12 kB", "3.4 MB"."""
    if size < 1000:
        return str(size)
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{size / 1e3:.0f} kB"
