"""Queues in the store's file: rows by feed and guid, small writes, undo, and a damaged file."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from radiotui.problems import Problem
from radiotui.store import Store, feeds, queue_changes, queues, retention, stories
from radiotui.store.queue_changes import QueueChange, note_change, undo_change
from radiotui.store.queues import QueuedRow, queue_in_use, queued_rows, write_rows
from radiotui.store.schema import migrate
from radiotui.store.stories import StoredEntry

NOW = datetime(2026, 3, 6, 20, tzinfo=UTC)
URL = "https://pods.example/rss"
PAGE = 4096


def row(number: int, feed: str = URL) -> QueuedRow:
    return QueuedRow(
        feed=feed,
        guid=str(number),
        title=f"Part {number}",
        maker="Pods",
        address=f"https://pods.example/{number}.mp3",
        kept=f"kept-{number}",
        seconds=60.0 * number,
    )


ROWS = [row(number) for number in range(1, 6)]
FILE = QueuedRow(path="/music/a.mp3", title="A tune")


@pytest.fixture
def file() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    migrate(connection, "radiotui.db")
    yield connection
    connection.close()


def titles(connection: sqlite3.Connection, name: str = "Main") -> list[str]:
    return [queued.title.removeprefix("Part ") for queued in queued_rows(connection, name)]


def change(
    connection: sqlite3.Connection, wanted: list[QueuedRow], name: str = "Main", words: str = "x"
) -> None:
    rows = write_rows(connection, name, wanted, NOW)
    note_change(connection, QueueChange(name, words), rows, NOW)


def test_rows_come_back_as_they_were_put_in(file: sqlite3.Connection) -> None:
    assert [queue.name for queue in queues.queues(file)] == ["Main"]
    write_rows(file, "Main", [*ROWS, FILE], NOW)
    stored = queued_rows(file, "Main")
    assert [queued.identity for queued in stored] == [
        *((URL, str(number), "") for number in range(1, 6)),
        ("", "", "/music/a.mp3"),
    ]
    first = stored[0]
    assert (first.title, first.maker, first.kept, first.seconds) == ("Part 1", "Pods", "kept-1", 60)
    assert first.address == "https://pods.example/1.mp3"
    (main,) = queues.queues(file)
    assert (main.items, main.seconds) == (6, 900.0)


def test_only_what_differs_is_written(file: sqlite3.Connection) -> None:
    many = [row(number) for number in range(300)]
    write_rows(file, "Main", many, NOW)
    for wanted, most in (
        ([many[200], *many[:200], *many[201:]], 1),
        ([*many[:200], *many[201:]], 2),
        ([*many, row(999)], 3),
    ):
        before = file.total_changes
        write_rows(file, "Main", wanted, NOW)
        assert file.total_changes - before <= most
        assert titles(file) == [queued.title.removeprefix("Part ") for queued in wanted]


def test_every_change_is_undone_in_its_turn(file: sqlite3.Connection) -> None:
    change(file, ROWS)
    change(file, [ROWS[4], *ROWS[:4]])
    change(file, ROWS[1:3])
    change(file, [])
    for expected in ("23", "51234", "12345", ""):
        assert undo_change(file, NOW) is not None
        assert "".join(titles(file)) == expected
    assert undo_change(file, NOW) is None


def test_undo_leaves_alone_what_was_added_since(file: sqlite3.Connection) -> None:
    change(file, ROWS[:3])
    change(file, [])
    write_rows(file, "Main", [ROWS[4]], NOW)
    undo_change(file, NOW)
    assert sorted(titles(file)) == ["1", "2", "3", "5"]


def test_queues_are_deleted_renamed_and_brought_back(file: sqlite3.Connection) -> None:
    change(file, ROWS[:2])
    queues.make_queue(file, "Evening", NOW)
    queues.use_queue(file, "Evening")
    queues.set_rule(file, "Evening", "unheard of all", NOW)
    change(file, ROWS[2:], "Evening")
    rows = queues.RowChange(tuple(queued_rows(file, "Evening")))
    queues.delete_queue(file, "Evening")
    note_change(file, QueueChange("Evening", "x", deleted=True, rule="unheard of all"), rows, NOW)
    assert queue_in_use(file).name == "Main"
    assert (titles(file), titles(file, "Evening")) == (["1", "2"], [])
    undo_change(file, NOW)
    evening = queue_in_use(file)
    assert (evening.name, evening.rule, evening.items) == ("Evening", "unheard of all", 3)
    queues.rename_queue(file, "Evening", "Night", NOW)
    assert (queue_in_use(file).name, titles(file, "Night")) == ("Night", ["3", "4", "5"])


def test_the_changes_that_can_be_undone_are_not_kept_for_ever(file: sqlite3.Connection) -> None:
    for number in range(150):
        change(file, [row(number)])
    (count,) = file.execute("SELECT count(*) FROM queue_change").fetchone()
    assert count == 100
    assert titles(file) == ["149"]


def test_what_no_feed_lists_any_more_stays(file: sqlite3.Connection) -> None:
    (feed,) = feeds.subscribe(file, [URL])
    entry = StoredEntry("1", "Part 1", None, "", NOW, None, "", "1")
    stories.keep(file, feed.id, [entry], NOW)
    write_rows(file, "Main", ROWS, NOW)
    assert queued_rows(file, "Main")[0].entry == 1
    retention.trim_feed(file, feed.id, NOW, most=0)
    stored = queued_rows(file, "Main")
    assert (stored[0].entry, stored[0].title) == (0, "Part 1")
    feeds.forget_feed(file, URL)
    assert len(queued_rows(file, "Main")) == 5


def test_a_feed_that_has_another_address_takes_its_items_along(file: sqlite3.Connection) -> None:
    feeds.subscribe(file, [URL])
    write_rows(file, "Main", ROWS, NOW)
    file.execute("UPDATE feed SET url = 'https://new.example/rss' WHERE url = ?", (URL,))
    assert {queued.feed for queued in queued_rows(file, "Main")} == {"https://new.example/rss"}


def test_a_file_that_was_renamed_stays_in_its_place(file: sqlite3.Connection) -> None:
    write_rows(file, "Main", [FILE, *ROWS], NOW)
    queues.rename_file(file, FILE.path, "/music/b.mp3", "B tune")
    first = queued_rows(file, "Main")[0]
    assert (first.path, first.title) == ("/music/b.mp3", "B tune")


def test_what_was_heard_leaves_every_queue(file: sqlite3.Connection) -> None:
    for name in ("Main", "Evening"):
        write_rows(file, name, ROWS[:2], NOW)
    queues.take_out_of_all(file, URL, "1")
    assert (titles(file), titles(file, "Evening")) == (["2"], ["2"])


def test_two_connections_keep_what_either_adds(tmp_path: Path) -> None:
    path = tmp_path / "radiotui.db"
    with (
        closing(sqlite3.connect(path, isolation_level=None)) as one,
        closing(sqlite3.connect(path, isolation_level=None)) as two,
    ):
        migrate(one, "radiotui.db")
        write_rows(one, "Main", ROWS[:1], NOW)
        write_rows(two, "Main", [*queued_rows(two, "Main"), ROWS[1]], NOW)
        write_rows(one, "Main", [*queued_rows(one, "Main"), ROWS[2]], NOW)
        assert titles(two) == ["1", "2", "3"]


async def _filled(path: Path) -> None:
    store = Store(path, clock=lambda: NOW)

    def fill(connection: sqlite3.Connection) -> None:
        write_rows(connection, "Main", [row(number) for number in range(200)], NOW)
        queues.make_queue(connection, "Evening", NOW, "unheard of all; when empty")
        write_rows(connection, "Evening", [*ROWS, FILE], NOW)
        queues.use_queue(connection, "Evening")
        for number in range(50):
            change(connection, [*queued_rows(connection, "Evening"), row(1000 + number)], "Evening")
        for _ in range(50):
            queue_changes.undo_change(connection, NOW)

    await store.ask(fill)
    await store.close()


@pytest.mark.parametrize("seed", range(6))
def test_a_damaged_page_costs_no_item(tmp_path: Path, seed: int) -> None:
    path = tmp_path / "radiotui.db"
    problems: list[Problem] = []

    async def run() -> tuple[list[str], list[str], queues.StoredQueue]:
        await _filled(path)
        data = bytearray(path.read_bytes())
        dice = random.Random(seed)
        # Not the first page, and one at a time, as a bad sector is.
        pages = [
            at for at in range(1, len(data) // PAGE) if b"https://pods.example/" in
            data[at * PAGE : (at + 1) * PAGE]
        ]  # fmt: skip
        at = dice.choice(pages) * PAGE
        data[at : at + PAGE] = dice.randbytes(PAGE)
        path.write_bytes(data)
        store = Store(path, clock=lambda: NOW, on_problem=problems.append)
        try:
            await store.check()
            main = await store.look(lambda c: titles(c, "Main"))
            evening = await store.look(lambda c: titles(c, "Evening"))
            await store.check()
            return main, evening, await store.look(queue_in_use)
        finally:
            await store.close()

    main, evening, in_use = asyncio.run(run())
    assert main == [str(number) for number in range(200)]
    assert evening == ["1", "2", "3", "4", "5", "A tune"]
    assert (in_use.name, in_use.rule) == ("Evening", "unheard of all; when empty")
    assert len(problems) == 1
