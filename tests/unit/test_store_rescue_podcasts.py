"""Podcasts in a store that was damaged: how far they were heard, and where they were before."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from radiotui.problems import Problem
from radiotui.store import Store, clips, feeds, moves, stories
from radiotui.store.progress import note_heard, progress
from radiotui.store.stories import StoredEntry

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
URL, FORMER = "https://pods.example/rss", "https://old.example/rss"


def fill(connection: sqlite3.Connection) -> None:
    (feed,) = feeds.subscribe(connection, [URL])
    entries = [
        StoredEntry(str(number), f"Part {number}", None, "", NOON, None, "", str(number))
        for number in range(3)
    ]
    stories.keep(connection, feed.id, entries, NOON)
    moves.note_former(connection, feed.id, [FORMER], NOON)
    note_heard(connection, 1, 75.0, 900.0, NOON)
    note_heard(connection, 2, 41.5, 900.25, NOON, is_played=True)


async def test_progress_and_former_addresses_are_carried_over(tmp_path: Path) -> None:
    path = tmp_path / "radiotui.db"
    store = Store(path, clock=lambda: NOON)
    await store.ask(fill)
    before = await store.look(lambda c: progress(c, [1, 2, 3]))
    await store.close()
    data = path.read_bytes()
    path.write_bytes(b"\xff" * 16 + data[16:])
    problems: list[Problem] = []
    again = Store(path, clock=lambda: NOON, on_problem=problems.append)
    assert await again.look(lambda c: progress(c, [1, 2, 3])) == before
    assert await again.look(lambda c: moves.url_of_former(c, FORMER)) == URL
    assert await again.look(clips.stored_clips) == [], "the index of what is unsent is none"
    assert len(problems) == 1
    await again.close()
