"""Addresses of private feeds in a store of an earlier version: no password is left in them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from radiotui.store import feeds, schema, stories
from radiotui.store.progress import progress
from radiotui.store.stories import Enclosure, StoredEntry

NOW = datetime(2026, 3, 6, 20, tzinfo=UTC)
BARE = "https://pods.example/members.rss"
PRIVATE = "https://ann:s3cret@pods.example/members.rss"
OTHER = "https://pods.example/@ann/show.rss"


@pytest.fixture
def file(monkeypatch: pytest.MonkeyPatch) -> Iterator[sqlite3.Connection]:
    """A store from before logins were taken out of addresses."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    before = next(
        number
        for number, statements in enumerate(schema.MIGRATIONS)
        if any("without_password" in statement for statement in statements)
    )
    monkeypatch.setattr(schema, "MIGRATIONS", schema.MIGRATIONS[:before])
    schema.migrate(connection, "radiotui.db")
    monkeypatch.undo()
    yield connection
    connection.close()


def keep(connection: sqlite3.Connection, url: str, *guids: str) -> list[int]:
    (feed,) = feeds.subscribe(connection, [url])
    base = url.rpartition("/")[0]
    entries = [
        StoredEntry(
            *(guid, f"Part {guid}", f"{base}/{guid}", "", None, None),
            *(f'[{{"text":"see {base}/notes"}}]', guid),
            enclosures=(Enclosure(f"{base}/{guid}.mp3", "audio/mpeg"),),
        )
        for guid in guids
    ]
    stories.keep(connection, feed.id, entries, NOW)
    return [story.id for story in stories.newest(connection, [url], 9)]


def hear(connection: sqlite3.Connection, entry: int) -> None:
    """Note progress as that version did."""
    connection.execute(
        "INSERT INTO progress (feed, guid, heard, length, heard_at, played)"
        " SELECT feed, guid, 75.0, 900.0, ?, 0 FROM entry WHERE id = ?",
        (int(NOW.timestamp()), entry),
    )


def all_text(connection: sqlite3.Connection) -> str:
    return "\n".join(connection.iterdump())


def test_what_stood_in_addresses_is_gone_and_all_else_is_there(file: sqlite3.Connection) -> None:
    (entry,) = keep(file, PRIVATE, "1")
    keep(file, OTHER, "9")
    stories.mark(file, [entry], starred=True)
    hear(file, entry)
    assert "s3cret" in all_text(file)
    schema.migrate(file, "radiotui.db")
    assert "s3cret" not in all_text(file)
    assert {feed.url: feed.address for feed in feeds.feeds(file, None)} == {
        BARE: BARE,
        OTHER: OTHER,
    }
    (story,) = stories.newest(file, [BARE], 9)
    assert (story.id, story.starred, story.link) == (entry, True, "https://pods.example/1")
    assert story.audio is not None
    assert story.audio.url == "https://pods.example/1.mp3"
    assert progress(file, [entry])[entry].heard == 75.0


def test_a_feed_that_stood_there_twice_becomes_one_with_the_state_of_both(
    file: sqlite3.Connection,
) -> None:
    (bare,) = keep(file, BARE, "1")
    private = keep(file, PRIVATE, "1")[0]
    stories.mark(file, [private], starred=True)
    hear(file, private)
    schema.migrate(file, "radiotui.db")
    assert "s3cret" not in all_text(file)
    assert [feed.url for feed in feeds.feeds(file, None)] == [BARE]
    (story,) = stories.newest(file, [BARE], 9)
    assert (story.id, story.starred) == (bare, True)
    assert progress(file, [bare])[bare].heard == 75.0
