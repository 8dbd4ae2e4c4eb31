"""The store's file: opened late, one transaction a question, failures in plain words."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from radiotui.problems import Problem
from radiotui.store import Store
from radiotui.store.schema import MIGRATIONS


def noon() -> datetime:
    return datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "radiotui.db"


@pytest.fixture
async def store(path: Path) -> AsyncIterator[Store]:
    store = Store(path, clock=noon)
    yield store
    await store.close()


def put(key: str) -> Callable[[sqlite3.Connection], None]:
    def query(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO memory VALUES (?, 'x')", (key,))

    return query


def keys(connection: sqlite3.Connection) -> list[str]:
    return [row[0] for row in connection.execute("SELECT key FROM memory ORDER BY key")]


async def test_making_one_touches_nothing(path: Path) -> None:
    before = threading.active_count()
    store = Store(path, clock=noon)
    assert not path.parent.exists()
    assert threading.active_count() == before
    await store.close()
    assert not path.parent.exists()


async def test_words_of_one_kind_are_recalled_together(store: Store) -> None:
    for key in ("stream knau/news", "stream 100%/live", "streams", "volume"):
        await store.remember(key, key)
    assert await store.recall_all("stream ") == {
        "knau/news": "stream knau/news",
        "100%/live": "stream 100%/live",
    }


async def test_a_small_word_is_remembered_over_a_restart(store: Store, path: Path) -> None:
    assert await store.recall("volume") is None
    await store.remember("volume", "70")
    await store.remember("volume", "65")
    await store.close()
    again = Store(path, clock=noon)
    assert await again.recall("volume") == "65"
    await again.close()


async def test_queries_run_on_the_stores_own_thread(store: Store) -> None:
    asked = {await store.ask(lambda _: threading.current_thread().name) for _ in range(3)}
    assert asked == {"radiotui-store"}


async def test_a_question_that_fails_leaves_nothing_behind(store: Store) -> None:
    def half(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO memory VALUES ('half', 'x')")
        raise LookupError

    with pytest.raises(LookupError):
        await store.ask(half)
    assert await store.ask(keys) == []


async def test_a_cancelled_question_does_not_stop_the_next(store: Store) -> None:
    go = threading.Event()
    slow = asyncio.create_task(store.ask(lambda _: go.wait()))
    waiting = asyncio.create_task(store.ask(put("waiting")))
    await asyncio.sleep(0)
    waiting.cancel()
    slow.cancel()
    await asyncio.gather(waiting, slow, return_exceptions=True)
    go.set()
    assert await store.ask(keys) == []


async def test_what_was_asked_before_closing_is_answered(store: Store, path: Path) -> None:
    asked = [asyncio.create_task(store.ask(put(str(n)))) for n in range(20)]
    await asyncio.sleep(0)
    await store.close()
    await asyncio.gather(*asked)
    with pytest.raises(Problem, match="closed"):
        await store.ask(keys)
    with sqlite3.connect(path) as connection:
        assert len(keys(connection)) == 20
    connection.close()


async def test_the_file_is_in_wal_with_foreign_keys(store: Store) -> None:
    def pragmas(connection: sqlite3.Connection) -> list[object]:
        names = ("journal_mode", "foreign_keys", "busy_timeout", "user_version")
        return [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in names]

    assert await store.ask(pragmas) == ["wal", 1, 5000, len(MIGRATIONS)]


async def test_a_file_of_a_newer_radiotui_is_left_as_it_is(store: Store, path: Path) -> None:
    path.parent.mkdir()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(Problem, match="newer radiotui"):
        await store.ask(keys)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


async def test_what_is_not_a_store_is_left_as_it_is(store: Store, path: Path) -> None:
    path.parent.mkdir()
    path.write_text("Dear diary, the canyon was quiet today.\n")
    with pytest.raises(Problem, match="is not radiotui's store"):
        await store.ask(keys)
    assert path.read_text().startswith("Dear diary")
    path.rename(path.with_name("diary.txt"))
    assert await store.ask(keys) == []


@pytest.mark.parametrize("zeros", [False, True], ids=["torn", "zeros"])
async def test_a_damaged_file_is_kept_aside_and_said(store: Store, path: Path, zeros: bool) -> None:
    await store.remember("volume", "70")
    await store.close()
    whole = path.read_bytes()
    damaged = bytes(len(whole)) if zeros else whole[:100] + os.urandom(len(whole) - 100)
    path.write_bytes(damaged)
    problems: list[Problem] = []
    again = Store(path, clock=noon, on_problem=problems.append)
    assert await again.ask(keys) == []
    kept = path.with_name("radiotui.damaged-20260301-120000.db")
    assert kept.read_bytes() == damaged
    assert [problem.title for problem in problems] == [
        "radiotui.db was damaged: nothing could be read"
    ]
    assert str(kept) in problems[0].hint
    await again.remember("volume", "50")
    assert await again.ask(keys) == ["volume"]
    await again.close()


async def test_a_second_damaged_file_does_not_replace_the_first(path: Path) -> None:
    path.parent.mkdir()
    problems: list[Problem] = []
    for _ in range(2):
        path.write_bytes(bytes(4096))
        store = Store(path, clock=noon, on_problem=problems.append)
        assert await store.ask(keys) == []
        await store.close()
    assert len(problems) == 2
    assert len(list(path.parent.glob("radiotui.damaged-*.db"))) == 2


async def test_a_full_disk_is_a_problem_and_nothing_is_lost(store: Store) -> None:
    await store.remember("volume", "70")

    def fill(connection: sqlite3.Connection) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")
        connection.execute("INSERT INTO memory VALUES ('big', ?)", ("x" * 1_000_000,))

    with pytest.raises(Problem, match="The disk is full"):
        await store.ask(fill)
    assert await store.recall("volume") == "70"
    assert await store.recall("big") is None


async def test_a_folder_that_cannot_be_made_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    store = Store(tmp_path / "data" / "radiotui.db", clock=noon)
    with pytest.raises(Problem, match="cannot be opened"):
        await store.ask(keys)
    await store.close()


async def test_a_folder_in_the_files_place_is_a_problem(path: Path, store: Store) -> None:
    path.mkdir(parents=True)
    with pytest.raises(Problem, match="cannot be opened"):
        await store.ask(keys)


@contextlib.contextmanager
def without_leave_to_write(folder: Path) -> Iterator[None]:
    """The administrator may write everywhere, so be somebody else for a while."""
    folder.chmod(0o555)
    administrator = os.geteuid() == 0
    if administrator:
        os.seteuid(65534)
    try:
        yield
    finally:
        if administrator:
            os.seteuid(0)
        folder.chmod(0o755)


async def test_a_damaged_file_that_cannot_be_replaced_stays_as_it_is() -> None:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "radiotui.db"
        earlier = Store(path, clock=noon)
        await earlier.remember("volume", "70")
        await earlier.close()
        damaged = b"\xff" * 16 + path.read_bytes()[16:]
        path.write_bytes(damaged)
        store = Store(path, clock=noon)
        path.chmod(0o644)
        with without_leave_to_write(path.parent):
            for _ in range(2):
                with pytest.raises(Problem, match=r"radiotui.db is damaged: and cannot be replace"):
                    await store.recall("volume")
            assert path.read_bytes() == damaged
        # With leave to write it is replaced, without a restart.
        assert await store.recall("volume") == "70"
        await store.close()


@pytest.mark.parametrize("begun", [False, True], ids=["new", "kept"])
async def test_a_read_only_folder_is_a_problem(begun: bool) -> None:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "radiotui.db"
        if begun:
            earlier = Store(path, clock=noon)
            await earlier.remember("volume", "70")
            await earlier.close()
        store = Store(path, clock=noon)
        with (
            without_leave_to_write(path.parent),
            pytest.raises(Problem, match=r"may not be written|cannot be opened"),
        ):
            await store.recall("volume")
        # Once it may be written the same store works, without a restart.
        assert await store.recall("volume") == ("70" if begun else None)
        await store.close()


async def test_two_programs_on_one_file_both_work(path: Path) -> None:
    stores = [Store(path, clock=noon) for _ in range(2)]

    async def write(name: str, store: Store) -> None:
        for number in range(40):
            await store.remember(f"{name}{number:02}", "x")

    await asyncio.gather(*(write(name, store) for name, store in zip("ab", stores, strict=True)))
    for store in stores:
        assert len(await store.ask(keys)) == 80
        await store.close()


async def test_a_store_that_another_holds_for_long_is_said_to_be_in_use(
    store: Store, path: Path
) -> None:
    await store.remember("volume", "70")
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    impatient = Store(path, clock=noon, busy_seconds=0.01)
    await store.close()
    try:
        with pytest.raises(Problem, match="in use"):
            await impatient.ask(keys)
    finally:
        holder.execute("ROLLBACK")
        holder.close()
    assert await impatient.ask(keys) == ["volume"]
    await impatient.close()


async def test_a_killed_program_leaves_whole_questions_only(store: Store, path: Path) -> None:
    program = f"""
import asyncio
from datetime import UTC, datetime
from pathlib import Path
from radiotui.store import Store
async def main():
    store = Store(Path({str(path)!r}), clock=lambda: datetime.now(UTC))
    number = 0
    while True:
        def pair(connection):
            connection.execute("INSERT INTO memory VALUES (?, 'left')", (f"{{number:06}}a",))
            connection.execute("INSERT INTO memory VALUES (?, 'right')", (f"{{number:06}}b",))
        await store.ask(pair)
        number += 1
        print(number, flush=True)
asyncio.run(main())
"""
    child = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    for _ in range(50):
        told = int(child.stdout.readline())
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    found = await store.ask(keys)
    assert len(found) >= 2 * told
    assert [key[:-1] for key in found[::2]] == [key[:-1] for key in found[1::2]]
    assert await store.ask(lambda c: c.execute("PRAGMA integrity_check").fetchone()[0]) == "ok"
