"""Killed in the middle of a refresh, again and again: what is kept is whole."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import psutil
import pytest

from radiotui.store import Store, stories
from tests.servers import Connection, Server
from tests.terminal import ROOT

T = TypeVar("T")

FEEDS = 200
SERVERS = 8
"""Nobody's server is asked more than two things at a time."""
KILLS = 50
BIG_EACH = 5
"""In every fifth edition one feed is big, and read by a process of its own."""
BIG = "radio " * 8000


class Papers:
    """Two hundred feeds that all say something new in each edition."""

    def __init__(self) -> None:
        self.edition = 0
        self.servers = [Server() for _ in range(SERVERS)]
        for server in self.servers:
            server.routes["/feed"] = self._answer
        self.urls = [self.servers[n % SERVERS].url(f"/feed?{n}") for n in range(FEEDS)]

    @property
    def asked(self) -> int:
        return sum(len(server.asked) for server in self.servers)

    def close(self) -> None:
        for server in self.servers:
            server.close()

    def _answer(self, connection: Connection) -> None:
        number, edition = connection.path.partition("?")[2], self.edition
        big = BIG if number == "0" and edition % BIG_EACH == 0 else ""
        items = "".join(
            f"<item><guid>{guid}</guid><title>{guid} of feed {number}</title>"
            f"<link>http://news.test/{number}/{guid}</link>"
            f"<description>{edition} {big}</description></item>"
            for guid in (f"edition-{edition}", "first", "second")
        )
        rss = f"<rss version='2.0'><channel><title>Feed {number}</title>{items}</channel></rss>"
        connection.answer(rss.encode(), "application/rss+xml")


@pytest.fixture
def papers() -> Iterator[Papers]:
    papers = Papers()
    yield papers
    papers.close()


def ask(path: Path, query: Callable[[sqlite3.Connection], T]) -> T:
    """Put a question to the store as radiotui does, opening and closing it."""

    async def asked() -> T:
        store = Store(path, clock=lambda: datetime.now(UTC))
        try:
            return await store.ask(query)
        finally:
            await store.close()

    return asyncio.run(asked())


def marked(connection: sqlite3.Connection, what: str) -> set[tuple[str, str]]:
    """Which stories are read, or starred: by feed and guid, as feeds name them."""
    return set(
        connection.execute(
            "SELECT feed.url, entry.guid FROM entry JOIN feed ON feed.id = entry.feed JOIN state"
            f" ON state.feed = entry.feed AND state.guid = entry.guid WHERE state.{what}"
        )
    )


def faults(connection: sqlite3.Connection) -> list[object]:
    """What is wrong with a store; nothing."""
    found: list[object] = [
        row for row in connection.execute("PRAGMA integrity_check") if row != ("ok",)
    ]
    found += connection.execute("PRAGMA foreign_key_check").fetchall()
    found += connection.execute(
        "SELECT 'twice', feed, guid FROM entry GROUP BY feed, guid HAVING count(*) > 1"
    ).fetchall()
    found += connection.execute("SELECT 'of no story', id FROM entry WHERE story = 0").fetchall()
    # A feed is kept as one edition had it: never the half of one.
    found += connection.execute(
        "SELECT 'half', feed, body, guid FROM entry JOIN (SELECT feed AS of, max("
        "  CAST(substr(guid, 9) AS INTEGER)) AS newest FROM entry WHERE guid LIKE 'edition-%'"
        "  GROUP BY feed) ON of = feed"
        " WHERE guid IN ('first', 'second')"
        " AND CAST(json_extract(body, '$[0].runs[0].text') AS INTEGER) <> newest"
    ).fetchall()
    return found


def feeds_with(connection: sqlite3.Connection, edition: int) -> int:
    (count,) = connection.execute(
        "SELECT count(*) FROM entry WHERE guid = ?", (f"edition-{edition}",)
    ).fetchone()
    return int(count)


def read_some(path: Path, dice: random.Random) -> None:
    """A listener reads some stories and stars one."""

    def mark(connection: sqlite3.Connection) -> None:
        entries = [entry for (entry,) in connection.execute("SELECT id FROM entry ORDER BY id")]
        stories.mark(connection, dice.sample(entries, 15), read=True)
        stories.mark(connection, [dice.choice(entries)], starred=True)

    ask(path, mark)


@contextmanager
def refreshing(stations: Path, home: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "radiotui", "--stations", str(stations), "feeds", "refresh"],
        env=home, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    with process:
        try:
            yield process
        finally:
            process.kill()


def kill(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """kill -9; the processes that it had started."""
    process.send_signal(signal.SIGSTOP)
    try:
        children = psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        children = []
    process.kill()
    process.wait()
    return children


def ended(process: psutil.Process) -> bool:
    """Also when nobody has asked yet what became of it."""
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_fifty_kills_in_the_middle_of_a_refresh(
    papers: Papers, home: dict[str, str], tmp_path: Path
) -> None:
    seed = int(os.environ.get("RADIOTUI_SEED", time.time_ns() % 1_000_000))
    print(f"RADIOTUI_SEED={seed}")
    dice = random.Random(seed)
    stations = tmp_path / "feeds.toml"
    stations.write_text("".join(f'[[feed]]\nurl = "{url}"\n' for url in papers.urls))
    path = Path(home["XDG_DATA_HOME"]) / "radiotui" / "radiotui.db"
    with refreshing(stations, home) as process:
        assert f"{FEEDS} of {FEEDS} feeds answered" in process.communicate()[0]

    killed, halves, workers = 0, 0, 0
    for _ in range(KILLS):
        read_some(path, dice)
        read, starred = ask(path, lambda c: (marked(c, "read"), marked(c, "starred")))
        papers.edition += 1
        begun = papers.asked
        with refreshing(stations, home) as process:
            # At any moment, but more often early: fifty late ones take long.
            enough = begun + dice.triangular(1, FEEDS - 20, 20)
            while papers.asked < enough and process.poll() is None:
                time.sleep(0.001)
            time.sleep(dice.uniform(0, 0.02))
            children = kill(process)
        killed += process.returncode == -signal.SIGKILL
        workers += len(children)
        deadline = time.monotonic() + 30
        while not all(map(ended, children)):
            assert time.monotonic() < deadline, children
            time.sleep(0.005)

        assert ask(path, faults) == []
        after = ask(path, lambda c: (marked(c, "read"), marked(c, "starred")))
        assert (read - after[0], starred - after[1]) == (set(), set())
        halves += 0 < ask(path, lambda c: feeds_with(c, papers.edition)) < FEEDS
    assert killed > KILLS * 0.8
    assert halves > KILLS * 0.4
    assert workers > 0
    # A store that cannot be trusted would have been put aside, and a new one begun.
    assert list(path.parent.glob("*damaged*")) == []

    with refreshing(stations, home) as process:
        assert f"{FEEDS} of {FEEDS} feeds answered" in process.communicate()[0]
    assert ask(path, lambda c: feeds_with(c, papers.edition)) == FEEDS
    assert ask(path, faults) == []
