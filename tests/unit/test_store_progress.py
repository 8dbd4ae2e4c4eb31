"""Progress of episodes in the store's file, for as many entries as a list may have."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from radiotui.store import feeds, stories
from radiotui.store.progress import note_heard, progress
from radiotui.store.schema import migrate
from radiotui.store.stories import StoredEntry

NOW = datetime(2026, 3, 6, 20, tzinfo=UTC)
URL = "https://pods.example/rss"
MANY = 1201


@pytest.fixture
def file() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    migrate(connection, "radiotui.db")
    (feed,) = feeds.subscribe(connection, [URL])
    entries = [
        StoredEntry(str(number), f"Part {number}", None, "", None, None, "", str(number))
        for number in range(MANY)
    ]
    stories.keep(connection, feed.id, entries, NOW)
    yield connection
    connection.close()


def test_a_long_list_asks_a_few_times_and_not_once_for_each(file: sqlite3.Connection) -> None:
    entries = [story.id for story in stories.newest(file, [URL], MANY)]
    assert len(entries) == MANY
    for entry in (entries[0], entries[700], entries[-1]):
        note_heard(file, entry, float(entry), 3000.0, NOW)
    asked: list[str] = []
    file.set_trace_callback(asked.append)
    begun = progress(file, entries)
    assert len(asked) == 3
    assert {entry: one.heard for entry, one in begun.items()} == {
        entry: float(entry) for entry in (entries[0], entries[700], entries[-1])
    }
    asked.clear()
    assert sum(story.progress is not None for story in stories.newest(file, [URL], MANY)) == 3
    assert len([question for question in asked if "progress" in question]) == 3
