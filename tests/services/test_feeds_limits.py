"""Limits of what one feed may keep in the store."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from radiotui.demo.signal import SIGNAL_FEEDS, TestSignal
from radiotui.net.client import Net
from radiotui.store import Store, feeds, items, retention, stories
from radiotui.store.schema import MIGRATIONS, migrate
from radiotui.store.stories import StoredEntry
from radiotui.stories.model import Section, StationSection
from radiotui.stories.service import StoryService

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def file(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(tmp_path / "radiotui.db", isolation_level=None)
    connection.execute("PRAGMA foreign_keys = ON")
    migrate(connection, "radiotui.db")
    yield connection
    connection.close()


def entry(number: int, body: str = "words") -> StoredEntry:
    at = NOW - timedelta(hours=number)
    return StoredEntry(str(number), f"Story {number}", None, "", at, None, body, f"d{number}")


def guids(file: sqlite3.Connection) -> list[str]:
    rows = file.execute("SELECT guid FROM entry ORDER BY placed_at DESC")
    return [guid for (guid,) in rows]


def keep(file: sqlite3.Connection, *entries: StoredEntry) -> int:
    (feed,) = feeds.subscribe(file, ["https://knau.example/rss"])
    stories.keep(file, feed.id, entries, NOW)
    return feed.id


def test_the_oldest_entries_go_and_stars_stay(file: sqlite3.Connection) -> None:
    feed = keep(file, *map(entry, range(10)))
    (starred,) = file.execute("SELECT id FROM entry WHERE guid = '8'").fetchone()
    stories.mark(file, [starred], starred=True)
    retention.trim_feed(file, feed, NOW, most=4)
    assert guids(file) == ["0", "1", "2", "3", "8"]
    # They do not come back while the feed names them.
    stories.keep(file, feed, [*map(entry, range(12))], NOW)
    assert guids(file) == ["0", "1", "2", "3", "8", "10", "11"]


def test_large_entries_count_by_their_bytes(file: sqlite3.Connection) -> None:
    feed = keep(file, *(entry(number, "x" * 10_000) for number in range(10)))
    retention.trim_feed(file, feed, NOW, most_bytes=35_000)
    assert guids(file) == ["0", "1", "2"]


def test_another_feed_is_not_touched(file: sqlite3.Connection) -> None:
    feed = keep(file, *map(entry, range(5)))
    (second,) = feeds.subscribe(file, ["https://kjzz.example/rss"])
    stories.keep(file, second.id, [*map(entry, range(5))], NOW)
    retention.trim_feed(file, feed, NOW, most=1)
    rows = file.execute("SELECT feed, count(*) FROM entry GROUP BY feed").fetchall()
    assert rows == [(feed, 1), (second.id, 5)]


def test_items_are_those_of_the_last_answer(file: sqlite3.Connection) -> None:
    feed = keep(file, *map(entry, range(3)))
    items.keep_item_hashes(file, feed, {"0": "a", "1": "b", "none": "c"})
    assert items.item_hashes(file, feed) == {"0": "a", "1": "b"}
    items.keep_item_hashes(file, feed, {"1": "B", "2": "c"})
    assert items.item_hashes(file, feed) == {"1": "B", "2": "c"}
    # One whose entry says something else by now, or is not there, is to be read again.
    file.execute("UPDATE entry SET digest = 'other' WHERE guid = '1'")
    file.execute("DELETE FROM entry WHERE guid = '2'")
    assert items.item_hashes(file, feed) == {}


def test_an_item_that_was_tidied_away_need_not_be_read(file: sqlite3.Connection) -> None:
    feed = keep(file, *map(entry, range(3)))
    retention.trim_feed(file, feed, NOW, most=2)
    items.keep_item_hashes(file, feed, {"2": "c"})
    assert items.item_hashes(file, feed) == {"2": "c"}


async def test_what_the_test_signal_publishes_is_the_same_on_every_port(tmp_path: Path) -> None:
    now = NOW
    net, store = Net(), Store(tmp_path / "radiotui.db", clock=lambda: now)
    ids, links = list[list[int]](), list[set[str]]()
    for _ in range(2):
        signal = TestSignal(clock=lambda: now)
        signal.start()
        stand = StoryService(
            net, store, clock=lambda: now, on_change=lambda _: None, served_at=signal.served_at
        )
        section = Section(StationSection("test-signal"), "", signal.station.feeds)
        # It is served elsewhere than before, and asked at once: what it links to is there.
        headlines = (await stand.refresh(section)).headlines
        ids.append(sorted(headline.id for headline in headlines))
        links.append({str(headline.link).partition("/")[2].split("/")[1] for headline in headlines})
        assert links[-1] == {signal.base.removeprefix("http://")}
        assert [state.url for state in await stand.feed_states()] == sorted(SIGNAL_FEEDS)
        await stand.close()
        signal.close()
    assert ids[0] == ids[1]
    assert links[0] != links[1]
    await store.close()
    await net.aclose()


def test_feeds_that_earlier_runs_of_the_test_signal_left_go(tmp_path: Path) -> None:
    own = "http://127.0.0.1:47117/stories.rss"
    earlier = "http://127.0.0.1:40123/stories.rss"
    listeners = "http://127.0.0.1:8000/stories.rss"
    with sqlite3.connect(tmp_path / "old.db", isolation_level=None) as old:
        old.execute("PRAGMA foreign_keys = ON")
        for statements in MIGRATIONS[:3]:
            for statement in statements:
                old.execute(statement)
        old.execute("PRAGMA user_version = 3")
        for url, title in (
            (earlier, "Radiotui Test Signal: stories"),
            ("http://127.0.0.1:40123/notices.rss", ""),
            (listeners, "My own"),
            ("https://knau.example/rss", "KNAU"),
        ):
            old.execute(
                "INSERT INTO feed (url, address, title) VALUES (?, ?, ?)", (url, url, title)
            )
            (feed,) = old.execute("SELECT max(id) FROM feed").fetchone()
            old.executemany(
                "INSERT INTO entry (feed, guid, title, digest, first_seen, placed_at)"
                " VALUES (?, ?, ?, ?, 0, 0)",
                [(feed, guid, f"Story {guid}", f"d{guid}") for guid in "12"],
            )
        old.execute("UPDATE entry SET story = id")
        (first,) = old.execute("SELECT min(id) FROM entry").fetchone()
        stories.mark(old, [first], starred=True)
        migrate(old, "old.db")
        left = {url for (url,) in old.execute("SELECT url FROM feed")}
        assert left == {own, listeners, "https://knau.example/rss"}
        assert old.execute("SELECT count(*) FROM entry").fetchone() == (4,)
        starred = old.execute(
            "SELECT feed.url, state.guid FROM state JOIN feed ON feed.id = state.feed"
            " WHERE starred AND feed.url = ?",
            (own,),
        ).fetchall()
        assert len(starred) == 1
    old.close()
