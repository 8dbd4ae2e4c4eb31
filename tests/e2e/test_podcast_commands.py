"""The command line's podcasts: what it prints, and its exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.servers import Server, serving
from tests.services.test_podcasts import SHOW
from tests.terminal import ROOT

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        server.routes["/show.rss"] = lambda c: c.answer(SHOW.encode(), "application/rss+xml")
        yield server


@pytest.fixture
def run(home: dict[str, str], tmp_path: Path) -> Run:
    stations = tmp_path / "list.toml"
    stations.write_text("# mine\n")

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "radiotui", "podcasts", *arguments, "--stations", str(stations)],
            env=home, cwd=ROOT, capture_output=True, text=True, timeout=60,
        )  # fmt: skip

    return run


def test_a_podcast_is_added_listed_and_removed(run: Run, server: Server) -> None:
    url = server.url("/show.rss")
    none = run()
    assert (none.returncode, none.stdout) == (1, "")
    assert "radiotui podcasts add ADDRESS" in none.stderr
    added = run("add", url)
    assert (added.returncode, added.stdout) == (0, f"Coconino Now  {url}\n")
    first, second = run("list").stdout.splitlines()
    assert first.split() == ["Coconino", "Now", "own", "2", "episodes", first.split()[5], "Ann"]
    assert second.strip() == url
    episodes = run("list", "coconino")
    assert [line.split()[2:] for line in episodes.stdout.splitlines()] == [
        ["2:00", "E2", "Part", "2"],
        ["1:00", "E1", "Part", "1"],
    ]
    assert run("refresh").stdout == "1 of 1 podcasts answered, 2 episodes\n"
    removed = run("remove", "coconino")
    assert removed.stdout == "Coconino Now is not in the list any more\n"
    assert run().returncode == 1


def test_json_has_the_promised_shape(run: Run, server: Server) -> None:
    run("add", server.url("/show.rss"))
    (podcast,) = json.loads(run("list", "--json").stdout)
    assert podcast.keys() >= {
        *("title", "url", "own", "stations", "author", "description", "link", "picture"),
        *("language", "categories", "kind", "explicit", "complete", "guid", "funding", "persons"),
        *("trailers", "episodes", "newest", "answered", "problem"),
    }
    assert (podcast["kind"], podcast["episodes"], podcast["own"]) == ("serial", 2, True)
    newest, _ = json.loads(run("list", "coconino", "--json").stdout)
    assert newest.keys() >= {
        *("id", "title", "published", "link", "audio", "seconds", "season", "number", "kind"),
        *("picture", "heard", "starred", "persons", "chapters", "chapters_url", "transcripts"),
    }
    assert (newest["audio"], newest["seconds"]) == ("https://pods.example/2.mp3", 120)


def test_podcasts_go_out_and_come_in_as_opml(run: Run, server: Server, tmp_path: Path) -> None:
    url = server.url("/show.rss")
    file = tmp_path / "mine.opml"
    none = run("export", str(file))
    assert (none.returncode, file.exists()) == (1, False)
    run("add", url)
    assert run("export", str(file)).returncode == 0
    assert f'xmlUrl="{url}"' in file.read_text()
    assert run("export").stdout.splitlines()[-1] == "</opml>"
    run("remove", "coconino")
    brought = run("import", str(file))
    assert (brought.returncode, brought.stdout) == (0, f"Coconino Now  {url}\n")
    assert "1 of 1 podcasts are new" in brought.stderr
    again = run("import", str(file))
    assert (again.returncode, again.stdout) == (0, "")
    assert "0 of 1 podcasts are new" in again.stderr
    missing = run("import", str(tmp_path / "nothing.opml"))
    assert (missing.returncode, missing.stdout) == (1, "")
    assert "nothing.opml cannot be read" in missing.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("list", "nothing"), 1, "there is no podcast 'nothing'"),
        (("remove", "nothing"), 1, "there is no podcast 'nothing'"),
        (("add", "not an address"), 1, "is no web address"),
        (("find", " "), 1, "there is nothing to look for"),
        (("find",), 2, "WORDS"),
    ],
)
def test_what_goes_wrong_is_said_in_a_line(
    run: Run, arguments: tuple[str, ...], code: int, words: str
) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert words in done.stderr
    assert "Traceback" not in done.stderr
