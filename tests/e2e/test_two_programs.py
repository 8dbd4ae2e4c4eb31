"""Two radiotui at once on one store: both work, or say clearly what holds them up."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.servers import Connection, Server, serving
from tests.terminal import ROOT, Terminal

FEEDS, STORIES = 20, 15


def says(number: int) -> Callable[[Connection], None]:
    items = "".join(
        f"<item><guid>{number}-{at}</guid><title>Tidings {number} of {at} from harbour {number}"
        f" mole {at}</title><description>Words.</description></item>"
        for at in range(STORIES)
    )
    body = f"<rss version='2.0'><channel><title>Feed {number}</title>{items}</channel></rss>"
    return lambda connection: connection.answer(body.encode(), "application/rss+xml")


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        for number in range(FEEDS):
            server.routes[f"/{number}.rss"] = says(number)
        yield server


@pytest.fixture
def stations(server: Server, tmp_path: Path) -> str:
    path = tmp_path / "stations.toml"
    feeds = ", ".join(f'"{server.url(f"/{number}.rss")}"' for number in range(FEEDS))
    path.write_text(
        f'[[station]]\nid = "test"\nname = "Radio Test"\nfeeds = [{feeds}]\n'
        '[[station.stream]]\nid = "live"\nurl = "http://127.0.0.1:9/live"\n'
    )
    return str(path)


@pytest.fixture
def run(home: dict[str, str], stations: str) -> Callable[..., subprocess.Popen[str]]:
    def run(*arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "radiotui", *arguments, "--stations", stations],
            env=home, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    return run


def store(home: dict[str, str]) -> Path:
    return Path(home["XDG_DATA_HOME"]) / "radiotui" / "radiotui.db"


def ask(path: Path, question: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path, timeout=10)
    try:
        return connection.execute(question).fetchall()
    finally:
        connection.close()


def is_whole(path: Path) -> None:
    """Every story is there, and once."""
    assert ask(path, "SELECT count(*) FROM entry") == [(FEEDS * STORIES,)]
    assert ask(path, "SELECT count(DISTINCT feed || guid) FROM entry") == [(FEEDS * STORIES,)]
    assert ask(path, "PRAGMA integrity_check") == [("ok",)]


def test_two_refreshes_at_the_same_time(run, home: dict[str, str]) -> None:
    both = [run("feeds", "refresh"), run("feeds", "refresh")]
    for one in both:
        said, complaint = one.communicate(timeout=60)
        assert (one.returncode, complaint) == (0, "")
        assert said.startswith(f"{FEEDS} of {FEEDS} feeds answered")
    is_whole(store(home))


def test_a_screen_goes_on_while_others_ask_and_shows_what_they_brought(
    run, start, server: Server, stations: str, home: dict[str, str]
) -> None:
    held = server.routes["/0.rss"]
    server.routes["/0.rss"] = lambda connection: connection.answer(b"", status="503 Later")
    terminal: Terminal = start("--stations", stations, "--engine", "silent")
    terminal.until("285 unread")
    server.routes["/0.rss"] = held
    refresh, listed = run("feeds", "refresh"), run("stories", "--json")
    for one in (refresh, listed):
        one.communicate(timeout=60)
        assert one.returncode == 0
    terminal.type("\x12")
    terminal.until("300 unread")
    is_whole(store(home))
    terminal.type("q")
    assert terminal.ended() == 0


def test_a_store_that_another_program_holds_is_said_to_be_in_use(
    run, start, stations: str, home: dict[str, str]
) -> None:
    refresh = run("feeds", "refresh")
    refresh.communicate(timeout=60)
    terminal: Terminal = start("--stations", stations, "--engine", "silent")
    terminal.until("300 unread")
    holder = sqlite3.connect(store(home), isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    try:
        refresh = run("feeds", "refresh")
        _, complaint = refresh.communicate(timeout=60)
        assert refresh.returncode == 1
        assert "radiotui.db is in use" in complaint
        assert "Traceback" not in complaint
        terminal.type("2u")
        terminal.until("is in use", 45)
    finally:
        holder.execute("ROLLBACK")
        holder.close()
    # It goes on: what is marked now is kept.
    terminal.type("u")
    terminal.until("299 unread")
    terminal.type("q")
    assert terminal.ended() == 0
