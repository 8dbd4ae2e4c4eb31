"""The commands about stories that work without the screen: stories, read, search, feeds.

The shapes they print with ``--json`` are promised to scripts: keys may be
added, none is renamed; times are ISO 8601 with offset, what is absent is null.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from radiotui import text
from radiotui.cli.play import iso, opened, print_json
from radiotui.files import write_atomically
from radiotui.problems import Problem

if TYPE_CHECKING:
    from radiotui.app.companion import Companion
    from radiotui.stories.model import FeedState, SearchResult, Story


async def stories(companion: Companion, name: str | None, *, unread: bool, as_json: bool) -> int:
    """Refresh and list the stories of a station, or of all."""
    found = companion.station_list.find(name)[0] if name else None
    # A station without an address yet is the Test Signal.
    async with opened(companion, radio=found is not None and not found.streams[0].urls):
        found = companion.station_list.find(name)[0] if name else None
        listed, problem = await companion.desk.ask_stories(found, unread=unread)
    if as_json:
        print_json(listed)
    else:
        for story in listed:
            _print_line(story, companion.clock())
    if problem is not None:
        print(f"radiotui: {problem}", file=sys.stderr)
    return 1 if problem is not None and not listed else 0


async def read(companion: Companion, address: str, *, as_json: bool) -> int:
    """Print an article: a story's by its id, or any page's by its address."""
    from radiotui.articles.article import article_to_markdown

    async with opened(companion, radio=False):
        story = await companion.desk.read(address)
    if story.why is not None:
        print(f"radiotui: only what the feed brought: {story.why}", file=sys.stderr)
    if as_json:
        print_json(article_shape(story))
    else:
        print(article_to_markdown(story.article))
    return 0


async def search(companion: Companion, words: str, *, as_json: bool) -> int:
    """Print the stories that match, the best first, and what was heard.

    Nothing is asked of the network.
    """
    from radiotui.app.history import PlayedItem
    from radiotui.app.history_export import heard_line, heard_shape

    async with opened(companion, radio=False):
        found = await companion.search(f"{words} ")
    if as_json:
        print_json(
            [heard_shape(one) if isinstance(one, PlayedItem) else _shape(one) for one in found]
        )
        return 0 if found else 1
    for one in found:
        if isinstance(one, PlayedItem):
            print(f"♪ heard {heard_line(one)}")
        else:
            _print_found(one, companion.clock())
    return 0 if found else 1


async def list_feeds(companion: Companion, *, as_json: bool) -> int:
    """How each feed of the list does."""
    async with opened(companion, radio=False):
        states = await companion.desk.feed_states(everything=True)
    _show_feeds(states, companion.clock(), as_json=as_json)
    return 0


async def add_feed(companion: Companion, address: str, *, folder: str) -> int:
    """Add the feed at an address, or the one that the page there names."""
    async with opened(companion, radio=False):
        feed = await companion.desk.add_feed(address, folder=folder)
    print(f"{feed.title or feed.url}  {feed.url}")
    return 0


async def remove_feed(companion: Companion, url: str) -> int:
    """Take one of the listener's own feeds out of the list."""
    async with opened(companion, radio=False):
        feed = await companion.desk.remove_feed(url)
    print(f"{feed.title or feed.url} is not in the list any more; its stories are kept")
    return 0


async def refresh_feeds(companion: Companion, url: str | None, *, as_json: bool) -> int:
    """Ask the feeds now. 1 when none of them answered."""
    shows = sys.stderr.isatty()

    def progress(answered: int, asked: int) -> None:
        print(f"\r{answered} of {asked} feeds", end="", file=sys.stderr, flush=True)

    async with opened(companion, radio=False):
        states = await companion.desk.refresh_feeds(
            [url] if url else None, progress if shows else lambda _answered, _asked: None
        )
    if shows:
        print("\r\x1b[K", end="", file=sys.stderr)
    if as_json:
        print_json([feed_shape(state) for state in states])
    failed = [state for state in states if state.problem is not None]
    for state in failed:
        print(f"radiotui: {state.problem}", file=sys.stderr)
    if not as_json:
        unread = sum(state.unread for state in states)
        print(f"{len(states) - len(failed)} of {len(states)} feeds answered, {unread} unread")
    return 1 if states and len(failed) == len(states) else 0


async def import_feeds(companion: Companion, path: Path) -> int:
    """Add the feeds of an OPML file."""
    async with opened(companion, radio=False):
        new, named = await companion.desk.import_feeds(path)
    for feed in new:
        print(f"{feed.title or feed.url}  {feed.url}")
    print(f"radiotui: {len(new)} of {named} feeds are new", file=sys.stderr)
    return 0


async def export_feeds(companion: Companion, path: Path | None) -> int:
    """Write every feed as OPML, into a file or to stdout."""
    async with opened(companion, radio=False):
        data = await companion.desk.export_feeds()
    if path is None:
        sys.stdout.write(data.decode())
        return 0
    try:
        await asyncio.to_thread(write_atomically, path, data)
    except OSError as error:
        raise Problem(f"{path} cannot be written", error.strerror or str(error)) from error
    return 0


def article_shape(story: Story) -> dict[str, Any]:
    """The shape of ``read --json``."""
    from radiotui.articles.article import article_to_markdown

    article = story.article
    return {
        "title": article.title,
        "byline": article.byline or None,
        "published": iso(article.published),
        "updated": iso(article.updated),
        "site": article.site or None,
        "link": article.url,
        "minutes": article.minutes,
        "markdown": article_to_markdown(article),
        "figures": [
            {"url": figure.url, "caption": figure.caption, "credit": figure.credit}
            for figure in article.figures
        ],
        "audio": {"url": article.audio.url, "seconds": article.audio.seconds}
        if article.audio
        else None,
        "copyright": article.copyright or None,
        "note": article.note or None,
        "whole": story.whole,
    }


def feed_shape(state: FeedState) -> dict[str, Any]:
    """The shape of one feed in ``feeds --json``."""
    return {
        "url": state.url,
        "title": state.title,
        "stations": list(state.stations),
        "folder": state.folder or None,
        "own": state.own,
        "stories": state.stories,
        "unread": state.unread,
        "asked": iso(state.asked_at),
        "answered": iso(state.answered_at),
        "next": iso(state.next_at),
        "interval_s": round(state.interval),
        "saved_bytes": state.saved,
        "gone": state.gone,
        "problem": state.problem and {"title": state.problem.title, "hint": state.problem.hint},
    }


def _shape(found: SearchResult) -> dict[str, Any]:
    """The shape of a story in ``search --json``."""
    headline = found.headline
    return {
        "kind": "story",
        "id": headline.id,
        "title": headline.title,
        "link": headline.link,
        "published": iso(headline.published),
        "feed": headline.feed,
        "read": headline.read,
        "starred": headline.starred,
        "snippet": found.snippet,
    }


def _print_found(found: SearchResult, at: datetime) -> None:
    headline = found.headline
    age = text.age(at - headline.published) if headline.published else ""
    mark = _mark(headline.starred, headline.read)
    print(f"{mark} {age:>4}  {headline.title}  #{headline.id}")
    if found.snippet:
        print(f"        {found.snippet}")


def _show_feeds(states: list[FeedState], at: datetime, *, as_json: bool) -> None:
    if as_json:
        print_json([feed_shape(state) for state in states])
        return
    for state in states:
        belongs = (
            ", ".join(state.stations) or state.folder or ("own" if state.own else "not listed")
        )
        answered = text.age(at - state.answered_at) if state.answered_at else "never"
        print(
            f"{text.fit(state.title, 40)} {text.fit(belongs, 18)} {state.unread:>5} unread"
            f"  {answered:>5}  next {_in(state.next_at, at):>5}  {_weight(state.saved):>7} saved"
        )
        print(f"    {state.url}")
        if state.problem is not None:
            print(f"    {state.problem}")


def _in(time: datetime | None, at: datetime) -> str:
    if time is None or time <= at:
        return "now"
    return text.age(time - at)


def _weight(size: int) -> str:
    """Bytes in a listener's words: "0", "12 kB", "3.4 MB"."""
    if size < 1000:
        return str(size)
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{size / 1e3:.0f} kB"


def _print_line(story: dict[str, Any], at: datetime) -> None:
    published = story["published"]
    old = text.age(at - datetime.fromisoformat(published)) if published else ""
    mark = _mark(story["starred"], story["read"])
    print(f"{mark} {old:>4}  {story['title']}  {story['link'] or ''}".rstrip())


def _mark(starred: bool, read: bool) -> str:
    return "★" if starred else " " if read else "●"
