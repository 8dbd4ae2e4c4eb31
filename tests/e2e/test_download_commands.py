"""Downloads on the command line: what is printed, exit codes, and that no kill costs a byte."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from radiotui.radio.framing.id3_tag import tag_bytes
from tests.feeds import rss
from tests.servers import Server, serving
from tests.services.episode_host import asked_range, host
from tests.sounds import encode
from tests.terminal import ROOT

SOUND = encode("mp3", 60)
SOUND_AS_IS = SOUND[tag_bytes(SOUND) :]
KILLS = 20
Call = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        items = "".join(
            f"<item><title>Part {number}</title><guid>{number}</guid>"
            f"<pubDate>Sun, {number:02} Mar 2026 10:00:00 GMT</pubDate>"
            f"<enclosure url='{server.url(f'/{number}.mp3')}' type='audio/mpeg'/></item>"
            for number in (2, 1)
        )
        show = rss(items, "").encode()
        server.routes["/show.rss"] = lambda c: c.answer(show, "application/rss+xml")
        for number in (1, 2):
            server.routes[f"/{number}.mp3"] = host(SOUND)
        yield server


@pytest.fixture
def command(home: dict[str, str], tmp_path: Path, server: Server) -> list[str]:
    """The beginning of a command, with the podcast in its list."""
    stations = tmp_path / "list.toml"
    stations.write_text(f'[[podcast]]\nurl = "{server.url("/show.rss")}"\ntitle = "Rim Show"\n')
    config = tmp_path / "settings.toml"
    config.write_text(f'downloads = "{tmp_path / "files"}"\n')
    return [
        *(sys.executable, "-m", "radiotui", "podcasts"),
        *("--stations", str(stations), "--config", str(config)),
    ]


@pytest.fixture
def call(command: list[str], home: dict[str, str]) -> Call:
    """Run an action of the podcasts."""

    def call(action: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*command[:4], action, *arguments, *command[4:]],
            env=home, cwd=ROOT, capture_output=True, text=True, timeout=60,
        )  # fmt: skip

    return call


def sound_of(path: Path) -> bytes:
    data = path.read_bytes()
    return data[tag_bytes(data) :]


def test_an_episode_is_brought_listed_and_removed(call: Call, tmp_path: Path) -> None:
    none = call("downloads")
    assert (none.returncode, none.stdout) == (1, "")
    assert "radiotui podcasts download EPISODE" in none.stderr
    done = call("download", "Rim Show/latest")
    path = Path(done.stdout.strip())
    assert (done.returncode, done.stderr) == (0, "")
    assert path.is_relative_to(tmp_path / "files")
    assert path.name.endswith("Part 2.mp3")
    assert sound_of(path) == SOUND_AS_IS
    # It is there: nothing is asked, and that is no failure.
    assert call("download", "rim").stdout == done.stdout
    listed = call("downloads", "--json")
    (download,) = json.loads(listed.stdout)
    assert download.keys() >= {
        *("id", "title", "podcast", "state", "bytes", "total", "path", "automatic", "problem"),
    }
    assert (download["state"], download["path"]) == ("whole", str(path))
    assert "Part 2" in call("downloads").stdout
    assert [each["downloaded"] for each in _episodes(call)] == [True, False]
    assert call("list", "rim").stdout.splitlines()[0].endswith("Part 2  (on disk)")
    removed = call("downloads", "--remove", str(download["id"]))
    assert (removed.returncode, removed.stdout) == (0, "Part 2 is not downloaded any more\n")
    assert not path.exists()
    again = call("downloads", "--remove", str(download["id"]))
    assert again.returncode == 1
    assert "is not downloaded" in again.stderr


def test_what_fails_is_said_and_the_rest_is_brought(call: Call, server: Server) -> None:
    del server.routes["/1.mp3"]
    call("refresh")
    numbers = {each["title"]: str(each["id"]) for each in _episodes(call)}
    end = call("download", *numbers.values())
    assert end.returncode == 1
    assert "is not there any more (404)" in end.stderr
    assert end.stdout.strip().endswith("Part 2.mp3")
    states = {
        each["title"]: each["state"] for each in json.loads(call("downloads", "--json").stdout)
    }
    assert states == {"Part 1": "failed", "Part 2": "whole"}
    assert "404" in call("downloads").stdout


def _episodes(call: Call) -> list[dict[str, object]]:
    return json.loads(call("list", "rim", "--json").stdout)


def test_a_lost_network_ends_the_command_and_the_next_goes_on(call: Call, server: Server) -> None:
    parts = iter([len(SOUND) // 2])
    server.routes["/2.mp3"] = host(SOUND, most=lambda: next(parts, 0))
    end = call("download", "rim")
    assert end.returncode == 1
    assert "broke off" in end.stderr
    server.routes["/2.mp3"] = host(SOUND)
    done = call("download", "rim")
    assert done.returncode == 0
    assert sound_of(Path(done.stdout.strip())) == SOUND_AS_IS
    assert asked_range(server.asked[-1]) == len(SOUND) // 2


def test_twenty_kills_cost_nothing_and_the_file_is_exact(
    call: Call, command: list[str], home: dict[str, str], server: Server, tmp_path: Path
) -> None:
    call("refresh")
    # As slow as a bad line: of each run some part comes.
    server.routes["/2.mp3"] = host(SOUND, pace=80_000)
    moments = random.Random(9)
    for number in range(KILLS):
        asked = len(server.asked)
        process = subprocess.Popen(
            [*command[:4], "download", "rim", *command[4:]],
            env=home, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        deadline = time.monotonic() + 60
        while not any(c.path == "/2.mp3" for c in server.asked[asked:]):
            assert process.poll() is None, f"run {number} ended by itself"
            assert time.monotonic() < deadline
            time.sleep(0.01)
        # Twice it is given time enough for its map, which is written now and then.
        time.sleep(3.0 if number in {5, 15} else moments.uniform(0.0, 0.3))
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    server.routes["/2.mp3"] = host(SOUND)
    done = call("download", "rim")
    assert done.returncode == 0, done.stderr
    (path,) = (tmp_path / "files").rglob("*.mp3")
    assert done.stdout.strip() == str(path)
    assert sound_of(path) == SOUND_AS_IS
    # What had come by then was not asked again.
    assert (asked_range(server.asked[-1]) or 0) > 0
    left = [path.name for path in Path(home["HOME"]).rglob("episodes/*")]
    assert left == []
