"""Two radiotui on one store: both work, or the one that cannot says that the other has it."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.servers import Connection, Server
from tests.terminal import ROOT, Terminal

FEEDS = 40
CTRL_R = "\x12"


class News:
    """A station's feeds, of which each has more stories from one edition to the next."""

    def __init__(self, server: Server, stations: Path) -> None:
        self.edition = 1
        self.stations = str(stations)
        self._server = server
        server.routes["/feed"] = self._answer
        feeds = ", ".join(f'"{server.url(f"/feed?{n}")}"' for n in range(FEEDS))
        stations.write_text(
            f'[[station]]\nid = "test"\nname = "Radio Test"\nfeeds = [{feeds}]\n'
            '[[station.stream]]\nid = "live"\nname = "Live"\nurl = "http://127.0.0.1:9/live"\n'
        )

    def _answer(self, connection: Connection) -> None:
        number = connection.path.partition("?")[2]
        items = "".join(
            f"<item><guid>{number}-{edition}</guid><title>Edition {edition} by {number}</title>"
            f"<pubDate>Fri, {edition:02} Mar 2024 12:00:00 GMT</pubDate></item>"
            for edition in range(self.edition, 0, -1)
        )
        rss = f"<rss version='2.0'><channel><title>Feed {number}</title>{items}</channel></rss>"
        connection.answer(rss.encode(), "application/rss+xml")


@pytest.fixture
def news(tmp_path: Path) -> Iterator[News]:
    server = Server()
    yield News(server, tmp_path / "stations.toml")
    server.close()


@pytest.fixture
def begin(home: dict[str, str], news: News) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start a command, and go on."""
    begun: list[subprocess.Popen[str]] = []

    def begin(*arguments: str) -> subprocess.Popen[str]:
        begun.append(
            subprocess.Popen(
                [sys.executable, "-m", "radiotui", "--stations", news.stations, *arguments],
                env=home,
                cwd=ROOT,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
        return begun[-1]

    yield begin
    for process in begun:
        process.kill()
        process.communicate()


@pytest.fixture
def kept(home: dict[str, str]) -> Path:
    return Path(home["XDG_DATA_HOME"]) / "radiotui" / "radiotui.db"


def entries(kept: Path) -> list[tuple[str, str]]:
    """Every entry by feed and guid, as often as it is kept."""
    with closing(sqlite3.connect(kept)) as store:
        question = "SELECT feed.url, guid FROM entry JOIN feed ON feed.id = entry.feed"
        assert store.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return store.execute(question).fetchall()


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    stdout, stderr = process.communicate(timeout=60)
    return process.returncode, stdout, stderr


def test_two_refreshes_at_once(begin, news: News, kept: Path) -> None:
    # The first time both make the file, too.
    for edition in (1, 2, 3):
        news.edition = edition
        both = [begin("feeds", "refresh") for _ in range(2)]
        for code, stdout, stderr in map(ended, both):
            assert (code, stderr) == (0, "")
            assert stdout.startswith(f"{FEEDS} of {FEEDS} feeds answered")
        found = entries(kept)
        assert len(found) == len(set(found)) == FEEDS * edition


def test_the_screen_and_commands_at_once(
    begin, start: Callable[..., Terminal], news: News, kept: Path
) -> None:
    terminal = start("--stations", news.stations)
    terminal.until("Edition 1 by")
    news.edition = 2
    terminal.type(CTRL_R)
    refresh, listed = begin("feeds", "refresh"), begin("stories", "test", "--json")
    assert ended(refresh)[0] == 0
    code, stdout, _ = ended(listed)
    assert code == 0
    assert json.loads(stdout)
    terminal.until("Edition 2 by")
    # What another one brought is there with the next look.
    news.edition = 3
    assert ended(begin("feeds", "refresh"))[0] == 0
    terminal.type(CTRL_R)
    terminal.until("Edition 3 by")
    terminal.type("q")
    assert terminal.ended() == 0
    found = entries(kept)
    assert len(found) == len(set(found)) == FEEDS * 3


def test_a_store_that_another_one_holds_is_told_and_can_be_read(
    begin, news: News, kept: Path
) -> None:
    assert ended(begin("feeds", "refresh"))[0] == 0
    assert ended(begin("search", "edition"))[0] == 0
    news.edition = 2
    with closing(sqlite3.connect(kept, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        refresh, listed = begin("feeds", "refresh"), begin("stories", "test")
        found, feeds = begin("search", "edition"), begin("feeds")
        code, stdout, stderr = ended(refresh)
        assert (code, stdout) == (1, "")
        assert "radiotui.db is in use" in stderr
        assert "Traceback" not in stderr
        for process in (listed, found, feeds):
            code, stdout, stderr = ended(process)
            assert code == 0
            assert "dition 1 by" in stdout or "Feed 1" in stdout
            assert "Traceback" not in stderr
        other.execute("ROLLBACK")
    assert ended(begin("feeds", "refresh"))[0] == 0
    assert len(entries(kept)) == FEEDS * 2


def test_the_screen_goes_on_while_another_one_holds_the_store(
    start: Callable[..., Terminal], news: News, kept: Path
) -> None:
    terminal = start("--stations", news.stations)
    terminal.until("Edition 1 by")
    terminal.until(f"{FEEDS} unread")
    news.edition = 2
    with closing(sqlite3.connect(kept, isolation_level=None, timeout=30)) as other:
        other.execute("BEGIN IMMEDIATE")
        terminal.type(CTRL_R)
        terminal.until("is in use", "Edition 1 by")
        other.execute("ROLLBACK")
    terminal.type(CTRL_R)
    terminal.until("Edition 2 by")
    terminal.type("q")
    assert terminal.ended() == 0
