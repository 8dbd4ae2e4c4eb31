"""Files beside an episode's sound: kept as long as the episode is, and rescued with it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from radiotui.problems import Problem
from radiotui.store import Store, feeds, retention, stories
from radiotui.store.episode_files import EpisodeFile, episode_file, keep_episode_file
from radiotui.store.stories import StoredEntry

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
FEED = "https://pods.example/rss"
WORDS = EpisodeFile("transcript", "https://pods.example/1.vtt", NOON, "river " * 5000)
CHAPTERS = EpisodeFile("chapters", "https://pods.example/1.json", NOON, "[]")


def fill(connection: sqlite3.Connection) -> None:
    (feed,) = feeds.subscribe(connection, [FEED])
    entries = [
        StoredEntry(f"g{number}", f"Part {number}", None, "", NOON, None, "", f"d{number}")
        for number in (2, 1)
    ]
    stories.keep(connection, feed.id, entries, NOON)
    for file in (WORDS, CHAPTERS):
        keep_episode_file(connection, 1, file)


def stored(connection: sqlite3.Connection) -> tuple[EpisodeFile | None, EpisodeFile | None]:
    words, chapters = (
        episode_file(connection, 1, file.kind, file.url) for file in (WORDS, CHAPTERS)
    )
    return words, chapters


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "radiotui.db"


@pytest.fixture
async def store(path: Path) -> AsyncIterator[Store]:
    store = Store(path, clock=lambda: NOON)
    await store.ask(fill)
    yield store
    await store.close()


async def test_a_file_belongs_to_its_episode_kind_and_address(store: Store) -> None:
    assert await store.look(stored) == (WORDS, CHAPTERS)
    assert await store.look(lambda c: episode_file(c, 2, WORDS.kind, WORDS.url)) is None
    assert await store.look(lambda c: episode_file(c, 1, "chapters", WORDS.url)) is None
    assert await store.look(lambda c: episode_file(c, 1, WORDS.kind, "https://x.example")) is None
    later = EpisodeFile("transcript", WORDS.url, NOON + timedelta(hours=1), "canyon")
    await store.ask(lambda c: keep_episode_file(c, 1, later))
    assert await store.look(stored) == (later, CHAPTERS)
    await store.ask(lambda c: keep_episode_file(c, 77, later))
    await store.check()


async def test_it_goes_with_its_episode_and_with_its_feed(store: Store) -> None:
    count = "SELECT count(*) FROM episode_file"
    await store.ask(lambda c: keep_episode_file(c, 2, WORDS))
    await store.ask(lambda c: retention.trim_feed(c, 1, NOON, most=1))
    assert await store.look(lambda c: c.execute(count).fetchone()) == (1,)
    await store.ask(lambda c: feeds.forget_feed(c, FEED))
    assert await store.look(lambda c: c.execute(count).fetchone()) == (0,)


@pytest.mark.parametrize(
    "change", ["PRAGMA user_version = -5", "UPDATE entry SET published = 1e18"]
)
def test_it_is_rescued_out_of_a_damaged_store(path: Path, change: str) -> None:
    async def write() -> None:
        store = Store(path, clock=lambda: NOON)
        await store.ask(fill)
        await store.close()

    async def read() -> None:
        problems: list[Problem] = []
        store = Store(path, clock=lambda: NOON, on_problem=problems.append)
        await store.check()
        assert await store.look(stored) == (WORDS, CHAPTERS)
        assert [len(problems), await store.look(lambda c: stories.digests(c, 1) != {})] == [1, True]
        tidied = await store.look(lambda c: c.execute("SELECT count(*) FROM tidied").fetchone())
        assert tidied == (0,), "its index is taken for nothing else"
        await store.close()

    asyncio.run(write())
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(change)
        connection.commit()
    asyncio.run(read())


def test_half_of_a_file_is_none(path: Path) -> None:
    async def write() -> None:
        store = Store(path, clock=lambda: NOON)
        await store.ask(fill)
        await store.close()

    async def read() -> None:
        store = Store(path, clock=lambda: NOON)
        await store.check()
        assert (await store.look(stored))[0] in {None, WORDS}
        await store.close()

    asyncio.run(write())
    whole = path.read_bytes()
    pages = [at for at in range(0, len(whole), 4096) if b"river " * 100 in whole[at : at + 4096]]
    assert len(pages) > 4
    path.write_bytes(whole[: pages[3]] + bytes(4096) + whole[pages[3] + 4096 :])
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = -5")
        connection.commit()
    asyncio.run(read())
