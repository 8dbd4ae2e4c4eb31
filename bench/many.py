"""Fifty thousand stories: how long it takes to list and to search them."""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median

from msgspec.structs import replace

from bench.feeds import words
from bench.table import Row
from radiotui.net.client import Net
from radiotui.store import Store, feeds, stories
from radiotui.store.stories import StoredEntry
from radiotui.stories.model import AllStories, Section, Starred, StationSection
from radiotui.stories.service import StoryService

RUNS = 9
STORIES = 50_000
FEEDS = 20
QUIET = 8
RARE, COMMON = "zyzzyva", "radio"
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
_LIST_MS = 100.0
_SEARCH_MS = 50.0


def urls() -> tuple[str, ...]:
    """The feeds that nearly all the stories are from; nobody is there."""
    return tuple(f"http://127.0.0.1:9/{number}.rss" for number in range(FEEDS))


def quiet_urls() -> tuple[str, ...]:
    """Feeds that said a few things, and those before all the others."""
    return tuple(f"http://127.0.0.1:9/quiet/{number}.rss" for number in range(QUIET))


def entries(feed: int) -> list[StoredEntry]:
    """A feed's stories, newest first; all feeds' lie between each other."""
    source = random.Random(feed)
    made = []
    for number in range(STORIES // FEEDS):
        title = " ".join(words(source, 8)).capitalize()
        rare = f" {RARE}" if (feed, number) == (7, 1234) else ""
        at = NOW - timedelta(minutes=20 * number + feed)
        body = f"{' '.join(words(source, 40))} {COMMON}{rare} {' '.join(words(source, 40))}"
        link = f"http://127.0.0.1:9/{feed}/{number}"
        made.append(
            StoredEntry(str(number), title, link, "Ann Other", at, None, body, f"{feed}-{number}")
        )
    return made


def quiet_entries(feed: int) -> list[StoredEntry]:
    """The few stories of a quiet feed."""
    return [
        replace(entry, published=NOW - timedelta(days=365), link=f"{entry.link}/quiet")
        for entry in entries(1000 + feed)[:3]
    ]


async def fill(store: Store) -> None:
    """Keep them all, never to be asked for again."""
    made_for = {url: entries(number) for number, url in enumerate(urls())}
    made_for |= {url: quiet_entries(number) for number, url in enumerate(quiet_urls())}
    for url, made in made_for.items():

        def keep(connection, url=url, made=made):
            (feed,) = feeds.subscribe(connection, [url])
            stories.keep(connection, feed.id, made, NOW)
            connection.execute(
                "UPDATE feed SET asked_at = ?, next_at = ?, answered_at = ?, title = ?"
                " WHERE id = ?",
                (*_later(), f"Feed {feed.id}", feed.id),
            )

        await store.ask(keep)


def _later() -> tuple[int, int, int]:
    now = int(time.time())
    return now, now + 20 * 24 * 3600, now


def rows() -> list[Row]:
    """Lists and searches in the store, without a screen."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_rows(Path(folder)))


async def _rows(folder: Path) -> list[Row]:
    def clock() -> datetime:
        return datetime.now(UTC)

    store = Store(folder / "bench.db", clock=clock)
    stand = StoryService(Net(), store, clock=clock, on_change=lambda _: None)
    writing = await _seconds(lambda: fill(store))
    indexing = await _seconds(stand.index)
    all_urls = urls()
    lists = {
        "a station with 5 feeds": Section(StationSection("five"), "Five", all_urls[:5]),
        "a station with all 20": Section(StationSection("station"), "Station", all_urls),
        "one feed": Section(StationSection("one"), "One", all_urls[:1]),
        "a quiet station": Section(StationSection("quiet"), "Quiet", quiet_urls()),
        "every feed": Section(AllStories(), "All stories"),
        "stars": Section(Starred(), "Starred"),
    }
    common = words(random.Random(3), 8)[0].lower()
    searches = {
        "a rare word": f"{RARE} ",
        "a word in every story": f"{COMMON} ",
        "a prefix": COMMON[:3],
        "two words": f"{COMMON} {common} ",
        "a word at one station": f"station:five {COMMON} ",
        "a rare one at one station": f"station:five {RARE} ",
        "one at a quiet station": f"station:quiet {COMMON} ",
        "a word in no starred one": f"is:starred {COMMON} ",
        "unread since a week": f"is:unread since:7d {COMMON} ",
    }
    kept = sum(state.stories for state in await stand.feed_states())
    if kept != STORIES + 3 * QUIET:
        raise RuntimeError(f"{kept} stories were kept")
    table = [
        Row(f"list {STORIES:,}: {what}", taken, "ms", "what it may be", _LIST_MS, 1.0)
        for what, section in lists.items()
        for taken in [await _median(partial(stand.story_list, section))]
    ]
    table += [
        Row(f"search {STORIES:,}: {what}", taken, "ms", "what it may be", _SEARCH_MS, 1.0)
        for what, typed in searches.items()
        for taken in [await _median(partial(stand.search, typed, _feeds_of))]
    ]
    states = await _median(stand.feed_states)
    table += [
        Row("how each feed does", states, "ms", "what it may be", _LIST_MS, 1.0),
        Row(f"index {STORIES:,}", indexing * 1000, "ms", "to keep them", writing * 1000),
    ]
    await stand.close()
    await store.close()
    return table


def _feeds_of(station: str) -> tuple[str, ...]:
    return quiet_urls() if station == "quiet" else urls()[:5]


async def _median(work: Callable[[], Awaitable[object]]) -> float:
    """Milliseconds, of several runs after a first one."""
    await work()
    return median([await _seconds(work) for _ in range(RUNS)]) * 1000


async def _seconds(work: Callable[[], Awaitable[object]]) -> float:
    begin = time.perf_counter()
    await work()
    return time.perf_counter() - begin
