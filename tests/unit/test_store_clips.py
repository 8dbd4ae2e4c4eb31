"""Clips in the store's file: their own, whatever becomes of feeds, and carried out of damage."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from radiotui.problems import Problem
from radiotui.store import Store, clips, feeds, stories
from radiotui.store.clips import StoredClip
from radiotui.store.episodes import entry_of
from radiotui.store.schema import migrate
from radiotui.store.stories import StoredEntry

NOON = datetime(2026, 3, 6, 12, tzinfo=UTC)
URL = "https://pods.example/rss"
ENTRY = StoredEntry("one", "Part 1", None, "", None, None, "", "digest")
PAGE = 4096


@pytest.fixture
def file() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    migrate(connection, "radiotui.db")
    yield connection
    connection.close()


def test_the_newest_comes_first_and_a_removed_one_comes_back_under_its_number(
    file: sqlite3.Connection,
) -> None:
    assert [clips.add_clip(file, at, f"clip {at}") for at in (10, 30, 20)] == [1, 2, 3]
    assert [clip.number for clip in clips.stored_clips(file)] == [2, 3, 1]
    assert clips.remove_clip(file, 2)
    assert not clips.remove_clip(file, 2)
    clips.put_clip(file, StoredClip(2, 30, "another note"))
    assert clips.stored_clips(file)[0] == StoredClip(2, 30, "another note")


def test_it_goes_with_neither_its_entry_nor_its_feed(file: sqlite3.Connection) -> None:
    (feed,) = feeds.subscribe(file, [URL])
    stories.keep(file, feed.id, [ENTRY], NOON)
    clips.add_clip(file, 10, "of part 1")
    entry = entry_of(file, URL, "one")
    assert entry is not None
    feeds.forget_feed(file, URL)
    assert entry_of(file, URL, "one") is None
    assert clips.stored_clips(file) == [StoredClip(1, 10, "of part 1")]


def test_a_damaged_store_loses_none(tmp_path: Path) -> None:
    path = tmp_path / "radiotui.db"
    made = [StoredClip(number, 100 + number, f"clip {number}") for number in range(9, 0, -1)]
    problems: list[Problem] = []

    def fill(connection: sqlite3.Connection) -> None:
        for clip in reversed(made):
            clips.add_clip(connection, clip.made_at, clip.content)

    async def write() -> None:
        store = Store(path, clock=lambda: NOON)
        await store.ask(fill)
        await store.close()

    async def read() -> list[StoredClip]:
        store = Store(path, clock=lambda: NOON, on_problem=problems.append)
        try:
            return await store.look(clips.stored_clips)
        finally:
            await store.close()

    asyncio.run(write())
    whole = path.read_bytes()
    path.write_bytes(whole[:100] + bytes(PAGE - 100) + whole[PAGE:])
    assert asyncio.run(read()) == made
    assert [problem.title.partition(":")[0] for problem in problems] == ["radiotui.db was damaged"]
