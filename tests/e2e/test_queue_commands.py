"""The command line's queue, and an episode that is played by the name of its podcast."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.feeds import rss
from tests.servers import Server, serving
from tests.services.episode_host import host
from tests.services.test_podcasts import feed
from tests.sounds import encode
from tests.terminal import ROOT

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        server.routes["/sound"] = host(encode("mp3", 2))
        for name, kind in (("Notes", "serial"), ("News", "episodic")):
            items = "".join(
                f"<item><title>{name} {number}</title><guid>{number}</guid>"
                f"<pubDate>Sun, {number:02} Mar 2026 10:00:00 GMT</pubDate>"
                f"<itunes:duration>{number}:00</itunes:duration>"
                f"<enclosure url='{server.url('/sound')}' type='audio/mpeg'/></item>"
                for number in (3, 2, 1)
            )
            body = rss(items, f"<itunes:type>{kind}</itunes:type>")
            server.routes[f"/{name}"] = feed(body.replace("Coconino Now", name))
        yield server


@pytest.fixture
def call(home: dict[str, str], tmp_path: Path, server: Server) -> Run:
    """Run any command."""
    stations = tmp_path / "list.toml"
    stations.write_text(
        "".join(
            f'[[podcast]]\ntitle = "{name}"\nurl = "{server.url(f"/{name}")}"\n'
            for name in ("Notes", "News")
        )
    )

    def call(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "radiotui", *arguments, "--stations", str(stations)],
            env=home, cwd=ROOT, capture_output=True, text=True, timeout=120,
        )  # fmt: skip

    return call


@pytest.fixture
def run(call: Run) -> Run:
    """Run an action of the queue."""
    return lambda *arguments: call("podcasts", "queue", *arguments)


@pytest.fixture
def numbers(call: Run) -> dict[str, str]:
    """The numbers of the episodes, by title."""
    listed = [json.loads(call("podcasts", "list", name, "--json").stdout)
              for name in ("Notes", "News")]  # fmt: skip
    return {each["title"]: str(each["id"]) for podcast in listed for each in podcast}


def titles(done: subprocess.CompletedProcess[str]) -> list[str]:
    return [line.split("  ")[-2].strip() for line in done.stdout.splitlines()]


def test_items_are_added_moved_taken_out_and_brought_back(
    run: Run, numbers: dict[str, str], tmp_path: Path
) -> None:
    none = run()
    assert (none.returncode, none.stdout) == (1, "")
    assert "radiotui podcasts queue add EPISODE" in none.stderr
    added = run("add", numbers["Notes 1"], numbers["Notes 2"])
    assert (added.returncode, titles(added)) == (0, ["Notes 1", "Notes 2"])
    assert added.stdout.splitlines()[0] == "  1     1:00  Notes 1  (Notes)"
    assert titles(run("next", numbers["News 3"])) == ["News 3", "Notes 1", "Notes 2"]
    assert titles(run("move", "1", "3")) == ["Notes 1", "Notes 2", "News 3"]
    assert titles(run("remove", "2")) == ["Notes 1", "News 3"]
    cleared = run("clear")
    assert (cleared.returncode, cleared.stdout) == (0, "")
    undone = run("undo")
    assert titles(undone) == ["Notes 1", "News 3"]
    assert "undone: all taken out" in undone.stderr
    tune = tmp_path / "A tune.mp3"
    tune.write_bytes(encode("mp3", 2))
    queue = json.loads(run("add", str(tune), "--json").stdout)
    assert queue.keys() == {"name", "rule", "seconds", "items"}
    assert [item["title"] for item in queue["items"]] == ["Notes 1", "News 3", "A tune"]
    first, _, last = queue["items"]
    assert first.keys() >= {
        *("place", "kind", "id", "title", "from", "feed", "guid", "audio", "path", "seconds"),
    }
    assert (first["place"], first["kind"], first["guid"]) == (1, "episode", "1")
    assert (last["kind"], last["path"], last["id"]) == ("recording", str(tune), None)
    assert last["seconds"] == pytest.approx(2, abs=0.2)


def test_queues_have_names(run: Run, numbers: dict[str, str]) -> None:
    run("add", numbers["Notes 1"])
    made = run("new", "On the train")
    assert made.returncode == 0
    assert made.stdout.splitlines()[1].split() == ["●", "On", "the", "train", "0", "items"]
    run("add", numbers["News 1"])
    assert run("rename", "on the train", "Train").returncode == 0
    names = json.loads(run("names", "--json").stdout)
    assert [(each["name"], each["used"], each["items"]) for each in names] == [
        ("Main", False, 1),
        ("Train", True, 1),
    ]
    run("use", "Main")
    assert titles(run()) == ["Notes 1"]
    run("delete", "Train")
    assert len(json.loads(run("names", "--json").stdout)) == 1
    assert "undone: “Train” deleted" in run("undo").stderr
    assert len(json.loads(run("names", "--json").stdout)) == 2


def test_a_rule_is_written_and_fills_the_queue(run: Run, numbers: dict[str, str]) -> None:
    del numbers
    assert run("rule").returncode == 1
    written = run("rule", "newest of News; unheard of all; at most 6 minutes")
    assert written.stdout == "newest of News; unheard of all; at most 6 minutes\n"
    assert json.loads(run("rule", "--json").stdout) == {
        "name": "Main",
        "rule": "newest of News; unheard of all; at most 6 minutes",
    }
    filled = run("fill")
    assert (filled.returncode, titles(filled)) == (0, ["News 3", "Notes 3"])
    again = run("fill")
    assert again.returncode == 1
    assert "the rule finds nothing new" in again.stderr
    assert (run("rule", "none").returncode, run("rule").returncode) == (0, 1)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("add",), 2, "EPISODE"),
        (("add", "99"), 1, "not kept any more"),
        (("add", "no such"), 1, "there is no episode 'no such'"),
        (("remove", "1"), 1, "there is no place 1 in the queue: it is empty"),
        (("remove", "one"), 2, "PLACE"),
        (("use", "nothing"), 1, "there is no queue 'nothing'"),
        (("new", " "), 1, "A queue needs a name"),
        (("undo",), 1, "there is nothing to undo"),
        (("fill",), 1, "has no rule"),
        (("rule", "the best"), 1, "“the best” is no part of a rule"),
        (("rule", "newest of Nobody"), 1, "there is no podcast 'Nobody'"),
        (("shuffle",), 2, "shuffle"),
    ],
)
def test_what_goes_wrong_is_said_in_a_line(
    run: Run, arguments: tuple[str, ...], code: int, words: str
) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_an_episode_is_played_by_its_podcasts_name(
    call: Run, run: Run, numbers: dict[str, str]
) -> None:
    run("add", numbers["News 3"], numbers["Notes 1"])
    silent = ("--engine", "silent")
    newest = call("play", "notes/latest", *silent)
    assert newest.returncode == 0
    assert "Notes · Notes 3 · " in newest.stderr
    # A serial goes on with the first that was not heard, another one with its newest.
    assert "Notes · Notes 1 · " in call("play", "Notes", *silent).stderr
    assert "Notes · Notes 2 · " in call("play", "Notes", *silent).stderr
    assert "News · News 3 · " in call("play", "News", *silent).stderr
    # What was heard to its end has left the queue.
    assert run().returncode == 1
    wrong = call("play", "Nobody/latest", *silent)
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert "Nobody" in wrong.stderr
