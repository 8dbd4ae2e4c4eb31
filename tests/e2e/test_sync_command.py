"""Command ``sync``: against a server, killed in the middle, and the login by a browser."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from radiotui.store.progress import note_heard
from tests.servers import Server, serving
from tests.services.sync_server import PASSWORD, USER, SyncLab
from tests.services.test_podcasts import SHOW
from tests.terminal import ROOT

NOW = datetime(2026, 3, 6, 20, tzinfo=UTC)
KILLS = 20


class Computer:
    """A radiotui with its folders, whose settings name the server."""

    def __init__(self, home: dict[str, str], folder: Path, sync: SyncLab, kind: str) -> None:
        folder.mkdir()
        places = {f"XDG_{one}_HOME": str(folder / one) for one in ("CONFIG", "DATA", "CACHE")}
        self.env = home | places | {"RADIOTUI_PASSWORD_127_0_0_1": PASSWORD}
        self.stations, self.settings = folder / "list.toml", folder / "settings.toml"
        self.store = folder / "DATA" / "radiotui" / "radiotui.db"
        self.stations.write_text("# mine\n")
        self.settings.write_text(
            f'sync = "{kind}"\nsync-server = "{sync.url}"\nsync-user = "{USER}"\n'
            f'sync-device = "{folder.name}"\n'
        )

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "radiotui", *arguments]
        command += ["--stations", str(self.stations), "--config", str(self.settings)]
        return subprocess.Popen(
            command, env=self.env, cwd=ROOT, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def run(self, *arguments: str) -> tuple[int, str, str]:
        with self.start(*arguments) as program:
            output, notes = program.communicate(timeout=60)
        return program.returncode, output, notes

    def episodes(self, podcast: str) -> dict[str, float | None]:
        """The place of each episode by its title."""
        _, output, _ = self.run("podcasts", "list", podcast, "--json")
        return {episode["title"]: episode["heard"] for episode in json.loads(output)}

    def hear(self, title: str, heard: float, at: datetime = NOW) -> None:
        with closing(sqlite3.connect(self.store, isolation_level=None)) as store:
            (entry,) = store.execute("SELECT id FROM entry WHERE title = ?", (title,)).fetchone()
            note_heard(store, entry, heard, 120.0, at)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        server.routes["/show.rss"] = lambda c: c.answer(SHOW.encode(), "application/rss+xml")
        yield server


@pytest.fixture
def sync() -> Iterator[SyncLab]:
    sync = SyncLab(lambda: datetime.now(UTC))
    yield sync
    sync.close()


Buy = Callable[[str], Computer]


@pytest.fixture
def computer(home: dict[str, str], tmp_path: Path, sync: SyncLab) -> Buy:
    return lambda name: Computer(home, tmp_path / name, sync, "gpodder")


def test_what_one_computer_heard_the_other_goes_on_from(
    computer: Buy, server: Server, sync: SyncLab
) -> None:
    desk, lap, url = computer("desk"), computer("lap"), server.url("/show.rss")
    desk.run("podcasts", "add", url)
    desk.hear("Part 1", 31.0)
    code, output, notes = desk.run("sync")
    assert (code, output, notes) == (0, "1 sent, 1 podcast told\n", "")
    assert sync.devices["desk"]["caption"] == "radiotui on desk"
    code, output, _ = lap.run("sync")
    assert (code, output) == (0, f"added    {url}\n1 place received\n")
    assert lap.episodes("coconino") == {"Part 1": 31.0, "Part 2": None}
    assert desk.run("sync")[1] == "nothing has changed\n"
    desk.hear("Part 2", 12.0)
    _, output, _ = desk.run("sync", "status", "--json")
    status = json.loads(output)
    assert (status["unsent"], status["waiting"], status["user"]) == (1, 0, USER)
    assert status["password"] == "from $RADIOTUI_PASSWORD_127_0_0_1"
    assert PASSWORD not in output
    report = json.loads(desk.run("sync", "--json")[1])
    assert (report["sent"], report["received"], report["refused"]) == (1, 0, 0)


def test_killed_at_any_question_it_loses_nothing(
    computer: Buy, server: Server, sync: SyncLab
) -> None:
    desk, lap, url = computer("desk"), computer("lap"), server.url("/show.rss")
    lap.run("podcasts", "add", url)
    lap.hear("Part 2", 55.0)
    lap.run("sync")
    desk.run("podcasts", "add", url)
    desk.hear("Part 1", 31.0)
    kills = 0
    for number in range(KILLS):
        question, after = number // 2 % 5 + 1, number % 2 == 1
        asked = len(sync.asked)
        with desk.start("sync") as program:
            last = asked + question

            def kill(program: subprocess.Popen[str] = program, last: int = last) -> None:
                if len(sync.asked) >= last:
                    program.kill()

            def answer(_method: str, _path: str, kill: Callable[[], None] = kill) -> None:
                kill()

            sync.answer = sync.answer if after else answer
            sync.before_answer = kill if after else sync.before_answer
            kills += program.wait(60) == -9
        sync.answer, sync.before_answer = (lambda method, path: None), (lambda: None)
        desk.hear("Part 1", 31.0 + number, datetime.now(UTC))
    assert kills >= KILLS // 2
    assert desk.run("sync")[0] == 0
    assert lap.run("sync")[0] == 0
    expected = {"Part 1": 31.0 + KILLS - 1, "Part 2": 55.0}
    assert desk.episodes("coconino") == lap.episodes("coconino") == expected
    assert sync.subscriptions == {url}
    assert desk.stations.read_text().count("[[podcast]]") == 1


def test_a_login_by_the_browser_comes_to_the_keyring_or_says_why_not(
    home: dict[str, str], tmp_path: Path, sync: SyncLab
) -> None:
    cloud = Computer(home, tmp_path / "cloud", sync, "nextcloud")
    polls = 0

    def answer(method: str, path: str) -> tuple[int, bytes] | None:
        nonlocal polls
        if path == "/index.php/login/v2":
            poll = {"token": "t0ken", "endpoint": f"{sync.url}/login/v2/poll"}
            return 200, json.dumps({"poll": poll, "login": f"{sync.url}/login/v2/flow/x"}).encode()
        if path == "/login/v2/poll":
            polls += 1
            allowed = {"server": sync.url, "loginName": "ann", "appPassword": "app-s3cret"}
            return (404, b"[]") if polls == 1 else (200, json.dumps(allowed).encode())
        return None

    sync.answer = answer
    sync.needs_login = False
    code, output, notes = cloud.run("sync", "login")
    assert f"Allow it on this page: {sync.url}/login/v2/flow/x" in output
    assert polls == 2
    # There is no keyring here, and a file is no place for a password.
    assert code == 1
    assert "keyring" in notes
    assert "app-s3cret" not in output + notes


@pytest.mark.parametrize(
    "begun",
    [
        b"<html>", b"{}", b'{"poll": 7, "login": "x"}',
        b'{"poll": {"token": "t", "endpoint": "http://evil.example/p"}, "login": "http://a.example"}',
        b'{"poll": {"token": "t", "endpoint": "file:///etc/passwd"}, "login": "javascript:1"}',
    ],
)  # fmt: skip
def test_a_login_leads_to_no_other_server(
    home: dict[str, str], tmp_path: Path, sync: SyncLab, begun: bytes
) -> None:
    cloud = Computer(home, tmp_path / "cloud", sync, "nextcloud")
    sync.needs_login = False
    sync.answer = lambda method, path: (200, begun)
    code, output, notes = cloud.run("sync", "login")
    assert (code, output) == (1, "")
    assert "knows no login by a browser" in notes
