"""Downloads in the store's file: they stay with their entry, and survive a damaged file."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from radiotui.app.clip import Clip, written
from radiotui.problems import Problem
from radiotui.store import Store, clips, feeds, moves, queues, retention, stories
from radiotui.store import downloads as table
from radiotui.store.queues import QueuedRow
from radiotui.store.stories import Enclosure, StoredEntry

NOW = datetime(2026, 11, 28, 20, tzinfo=UTC)
URL = "https://pods.example/rss"
MANY = 40
STATES: tuple[table.DownloadState, ...] = ("waiting", "whole", "failed", "stopped", "removed")


def fill(connection: sqlite3.Connection) -> None:
    (feed,) = feeds.subscribe(connection, [URL])
    entries = [
        StoredEntry(
            *(str(number), f"Part {number}", None, "", NOW - timedelta(days=number), None, ""),
            *(str(number), (Enclosure(f"https://pods.example/{number}.mp3", "audio/mpeg", 9),)),
        )
        for number in range(MANY)
    ]
    stories.keep(connection, feed.id, entries, NOW)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = Store(tmp_path / "radiotui.db", clock=lambda: NOW)
    await store.ask(fill)
    yield store
    await store.close()


async def by_title(store: Store) -> dict[str, table.StoredDownload]:
    downloads = await store.look(lambda c: table.downloads(c, STATES))
    return {download.title: download for download in downloads}


async def entry_of(store: Store, guid: str) -> int:
    query = "SELECT id FROM entry WHERE guid = ?"
    row = await store.look(lambda c: c.execute(query, (guid,)).fetchone())
    return int(row[0])


async def test_a_download_has_all_that_is_known_of_it(store: Store) -> None:
    entry = await entry_of(store, "7")
    await store.ask(lambda c: table.want(c, [entry], NOW))
    problem = Problem("No network", "it goes on")
    await store.ask(lambda c: table.note_state(c, entry, "waiting", problem))
    waiting = (await by_title(store))["Part 7"]
    assert (waiting.state, waiting.problem) == ("waiting", problem)
    assert (waiting.url, waiting.length) == ("https://pods.example/7.mp3", 9)
    await store.ask(
        lambda c: table.note_state(c, entry, "whole", path="/x.mp3", size=12, finished_at=NOW)
    )
    whole = (await by_title(store))["Part 7"]
    assert (whole.state, whole.path, whole.size, whole.finished_at, whole.problem) == (
        *("whole", "/x.mp3", 12, NOW),
        None,
    )
    # One that is there is not wanted anew by a second wish.
    await store.ask(lambda c: table.want(c, [entry], NOW))
    assert (await by_title(store))["Part 7"].state == "whole"


async def test_an_episode_that_is_downloaded_is_not_tidied_away(store: Store) -> None:
    entries = {guid: await entry_of(store, guid) for guid in ("38", "39")}
    await store.ask(lambda c: table.want(c, [*entries.values()], NOW))
    await store.ask(lambda c: table.note_state(c, entries["38"], "whole"))
    await store.ask(lambda c: table.note_state(c, entries["39"], "removed"))
    later = NOW + timedelta(days=100)
    await store.ask(lambda c: retention.tidy(c, later, later, 100))
    left = await store.look(lambda c: {guid for (guid,) in c.execute("SELECT guid FROM entry")})
    assert "38" in left
    assert "39" not in left
    # Its name is remembered: it does not come again by itself when its feed names it again.
    rows = await store.look(lambda c: c.execute("SELECT guid FROM download").fetchall())
    assert sorted(rows) == [("38",), ("39",)]


async def test_one_in_any_queue_or_of_a_clip_is_needed_also_after_its_podcast_moved(
    store: Store,
) -> None:
    entries = {guid: await entry_of(store, guid) for guid in ("1", "2", "3", "4")}
    rows = [QueuedRow(feed=URL, guid=guid, title=guid) for guid in ("1", "30")]
    clip = Clip("Part 2", "Pods", 1.0, 2.0, NOW, feed=URL, guid="2")
    of_radio = Clip("News", "KNAU", 1.0, 2.0, NOW)

    def need(connection: sqlite3.Connection) -> None:
        table.want(connection, [*entries.values()], NOW)
        queues.make_queue(connection, "Later", NOW)
        queues.write_rows(connection, "Later", rows, NOW)
        for content in (written(clip), written(of_radio), "{damaged"):
            clips.add_clip(connection, 1, content)

    await store.ask(need)
    needed = {entries["1"], entries["2"]}
    assert await store.look(table.needed_entries) == needed
    await store.ask(lambda c: moves.move_feed(c, URL, "https://new.example/rss", NOW))
    assert await store.look(table.needed_entries) == needed
    await store.ask(lambda c: queues.delete_queue(c, "Later"))
    await store.ask(lambda c: clips.remove_clip(c, 1))
    assert await store.look(table.needed_entries) == set()


async def test_downloads_survive_a_damaged_file(store: Store, tmp_path: Path) -> None:
    entries = [await entry_of(store, str(number)) for number in range(5)]
    await store.ask(lambda c: table.want(c, entries, NOW, automatic=True))
    await store.ask(
        lambda c: table.note_state(c, entries[3], "whole", path="/x.mp3", size=5, finished_at=NOW)
    )
    before = await by_title(store)
    await store.close()
    path = tmp_path / "radiotui.db"
    data = bytearray(path.read_bytes())
    # The beginning, by which SQLite finds the tables, is lost.
    data[:100] = bytes(100)
    path.write_bytes(data)
    problems: list[Problem] = []
    again = Store(path, clock=lambda: NOW, on_problem=problems.append)
    assert await by_title(again) == before
    assert problems
    await again.close()
