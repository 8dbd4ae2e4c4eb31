"""heard: what a station sent and somebody heard is listed, found and exported afterwards."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.servers import Connection, Server, serving
from tests.sounds import encode
from tests.terminal import ROOT, Terminal

Run = Callable[..., subprocess.CompletedProcess[str]]
SOUND = encode("mp3", 4)
SECOND = 16_000


def live(connection: Connection) -> None:
    """A second without a title, one of a song, and then a formula."""
    connection.live(icy_metaint=str(SECOND), icy_br="128")
    titles = [b"StreamTitle='Nina Simone - Sinnerman';", b"StreamTitle='=1+1';", b""]
    for second, title in enumerate(titles):
        size = (len(title) + 15) // 16
        connection.send(SOUND[second * SECOND : (second + 1) * SECOND])
        connection.send(bytes([size]) + title.ljust(16 * size, b"\0"))
    connection.send(SOUND[3 * SECOND :])
    connection.hang()


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(live=live) as server:
        yield server


@pytest.fixture
def run(home: dict[str, str], server: Server, station_file: Callable[..., str]) -> Run:
    stations = station_file(server.url("/live"))

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "radiotui", *arguments, "--stations", stations],
            env=home, cwd=ROOT, capture_output=True, text=True, timeout=60,
        )  # fmt: skip

    return run


@pytest.fixture
def after_a_song(run: Run) -> Run:
    """Somebody has listened."""
    assert run("play", "test", "--for", "5", "--engine", "silent").returncode == 0
    return run


def test_what_was_played_is_listed_newest_first(after_a_song: Run) -> None:
    done = after_a_song("heard")
    assert (done.returncode, done.stderr) == (0, "")
    formula, song = done.stdout.splitlines()
    assert "=1+1" in formula
    assert song.endswith("Nina Simone — Sinnerman  [Radio Test · Live]")
    assert after_a_song("heard", "--limit", "1").stdout.splitlines() == [formula]
    assert after_a_song("heard", "simone").stdout.splitlines() == [song]
    assert after_a_song("heard", "--since", "1h").stdout == done.stdout
    assert after_a_song("heard", "--station", "test/live").stdout == done.stdout
    assert after_a_song("heard", "--starred").stdout == ""


def test_json_has_the_promised_shape(after_a_song: Run) -> None:
    (song,) = json.loads(after_a_song("heard", "simone", "--json").stdout)
    assert song.keys() >= {
        *("kind", "id", "station", "stream", "station_name", "stream_name", "text", "artist"),
        *("title", "began", "ended", "ad", "starred"),
    }
    assert (song["kind"], song["artist"], song["title"]) == ("title", "Nina Simone", "Sinnerman")
    began, ended = (datetime.fromisoformat(song[name]) for name in ("began", "ended"))
    assert began <= ended <= began + timedelta(seconds=2)
    assert datetime.now(UTC) - began < timedelta(minutes=5)


def test_csv_is_read_by_spreadsheets_and_calculates_nothing(after_a_song: Run) -> None:
    rows = list(csv.DictReader(after_a_song("heard", "--csv").stdout.splitlines()))
    assert [row["text"] for row in rows] == ["'=1+1", "Nina Simone - Sinnerman"]


def test_the_search_finds_it(after_a_song: Run) -> None:
    done = after_a_song("search", "sinnerman")
    assert done.returncode == 0
    assert "♪ heard" in done.stdout
    assert "Nina Simone — Sinnerman  [Radio Test · Live]" in done.stdout
    (found,) = json.loads(after_a_song("search", "sinnerman", "station:test", "--json").stdout)
    assert (found["kind"], found["artist"]) == ("title", "Nina Simone")
    assert len(json.loads(after_a_song("search", "is:heard", "--json").stdout)) == 2
    assert after_a_song("search", "harmonica").returncode == 1


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("heard", "harmonica"), 1, ""),
        (("heard", "--station", "tset"), 1, "did you mean test"),
        (("heard", "--since", "soon"), 1, "is no time to search from"),
        (("heard", "--limit", "0"), 2, "is no number from 1"),
    ],
)
def test_what_is_not_there(run: Run, arguments: tuple[str, ...], code: int, words: str) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_it_is_listed_while_the_screen_runs_and_shown_there(
    run: Run, start: Callable[..., Terminal], server: Server, station_file: Callable[..., str]
) -> None:
    terminal = start("--stations", station_file(server.url("/live")), "--play", "test/live")
    terminal.until("=1+1")
    assert "Sinnerman" in run("heard").stdout
    terminal.type("t")
    terminal.until("What was heard")
    terminal.until("Nina Simone — Sinnerman")
    terminal.type("q")
    terminal.until("What was heard", gone=True)
    terminal.type("q")
    assert terminal.ended() == 0
    assert len(json.loads(run("heard", "--json").stdout)) == 2
