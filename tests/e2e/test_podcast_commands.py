"""The command line's podcasts: what it prints, and its exit codes."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from mutagen import id3

from radiotui.store.progress import note_heard
from tests.servers import Server, serving
from tests.services.test_podcasts import SHOW, feed
from tests.sounds import encode
from tests.terminal import ROOT

NOW = datetime(2026, 3, 6, 20, tzinfo=UTC)
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        server.routes["/show.rss"] = lambda c: c.answer(SHOW.encode(), "application/rss+xml")
        yield server


@pytest.fixture
def call(home: dict[str, str], tmp_path: Path) -> Run:
    """Run any command."""
    stations = tmp_path / "list.toml"
    stations.write_text("# mine\n")

    def call(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "radiotui", *arguments, "--stations", str(stations)],
            env=home, cwd=ROOT, capture_output=True, text=True, timeout=60,
        )  # fmt: skip

    return call


@pytest.fixture
def run(call: Run) -> Run:
    """Run an action of the podcasts."""
    return lambda *arguments: call("podcasts", *arguments)


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
        *("picture", "heard", "played", "read", "starred", "persons", "chapters", "chapters_url"),
        "transcripts",
    }
    assert (newest["heard"], newest["played"], newest["read"]) == (None, False, False)
    assert (newest["audio"], newest["seconds"]) == ("https://pods.example/2.mp3", 120)


def test_the_list_says_how_far_an_episode_was_heard(
    run: Run, server: Server, home: dict[str, str]
) -> None:
    run("add", server.url("/show.rss"))
    newest, first = json.loads(run("list", "coconino", "--json").stdout)
    with sqlite3.connect(next(Path(home["HOME"]).rglob("radiotui.db"))) as file:
        note_heard(file, newest["id"], 75.04, 120.0, NOW)
        note_heard(file, first["id"], 0.0, 60.0, NOW, is_played=True)
    file.close()
    assert [line.partition("Part ")[2] for line in run("list", "coconino").stdout.splitlines()] == [
        "2  (1:15 heard)",
        "1  (heard)",
    ]
    heard = [
        (one["heard"], one["played"])
        for one in json.loads(run("list", "coconino", "--json").stdout)
    ]
    assert heard == [(75.0, False), (None, True)]


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


@pytest.fixture
def numbers(run: Run, server: Server) -> tuple[str, str]:
    """The numbers of an episode that names chapters and two transcripts, and of another."""
    named = "".join(
        f"<podcast:transcript url='{server.url(path)}' type='{kind}' language='{language}'/>"
        for path, kind, language in (("/1.vtt", "text/vtt", "en"), ("/1.txt", "text/plain", "de"))
    )
    named += f"<podcast:chapters url='{server.url('/1.json')}' type='application/json'/>"
    show = SHOW.replace("<guid>1</guid>", f"<guid>1</guid>{named}<link>https://a.example/1</link>")
    listed = [{"startTime": 3723, "title": "River"}, {"startTime": 0, "title": "\x1b[31mHello"}]
    bodies = {
        "/show.rss": show,
        "/1.vtt": "WEBVTT\n\n00:12.000 --> 00:14.500\n<v Ann>Good\u202e morning\n",
        "/1.txt": "Guten Morgen\n",
        "/1.json": json.dumps({"chapters": listed}),
    }
    for path, body in bodies.items():
        server.routes[path] = feed(body)
    run("add", server.url("/show.rss"))
    newest, oldest = json.loads(run("list", "coconino", "--json").stdout)
    return str(oldest["id"]), str(newest["id"])


def test_an_episode_s_chapters(run: Run, server: Server, numbers: tuple[str, str]) -> None:
    number, other = numbers
    printed = run("chapters", number)
    assert (printed.returncode, printed.stderr) == (0, "")
    assert printed.stdout == "0:00  Hello\n1:02:03  River\n"
    first, second = json.loads(run("chapters", "https://a.example/1", "--json").stdout)
    assert first == {"start": 0, "end": None, "title": "Hello", "url": None, "picture": None}
    assert second["start"] == 3723
    assert server.paths().count("/1.json") == 1
    none = run("chapters", other)
    assert (none.returncode, none.stdout) == (1, "")
    assert "this episode has no chapters" in none.stderr
    as_json = run("chapters", other, "--json")
    assert (as_json.returncode, json.loads(as_json.stdout)) == (1, [])


def test_what_was_read_of_an_episode_is_found_by_the_search(
    run: Run, call: Run, numbers: tuple[str, str]
) -> None:
    assert call("search", "good morning").returncode == 1
    run("transcript", numbers[0])
    printed = call("search", "good morning").stdout.splitlines()
    assert printed[0].endswith(f"Part 1  #{numbers[0]}")
    assert printed[1].strip() == "0:12  Good morning"
    (result,) = json.loads(call("search", "good morning", "--json").stdout)
    assert (result["id"], result["second"]) == (int(numbers[0]), 12)


def test_an_episode_s_words(run: Run, server: Server, numbers: tuple[str, str]) -> None:
    number, other = numbers
    printed = run("transcript", number)
    assert (printed.returncode, printed.stderr) == (0, "")
    assert printed.stdout == "0:12  Ann: Good morning\n"
    assert run("transcript", number, "--language", "de").stdout == "Guten Morgen\n"
    transcript = json.loads(run("transcript", "https://a.example/1", "--json").stdout)
    line = {"start": 12, "end": 14.5, "speaker": "Ann", "text": "Good morning"}
    assert transcript == {"language": "en", "url": server.url("/1.vtt"), "lines": [line]}
    assert server.paths().count("/1.vtt") == 1
    for arguments, words in (
        ((number, "--language", "fr"), "no transcript in 'fr'"),
        ((other,), "This episode has no transcript"),
    ):
        none = run("transcript", *arguments)
        assert (none.returncode, none.stdout) == (1, "")
        assert words in none.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("list", "nothing"), 1, "there is no podcast 'nothing'"),
        (("remove", "nothing"), 1, "there is no podcast 'nothing'"),
        (("add", "not an address"), 1, "is no web address"),
        (("find", " "), 1, "there is nothing to look for"),
        (("find",), 2, "WORDS"),
        (("chapters", "99"), 1, "That episode is not kept any more"),
        (("transcript", "no such"), 1, "there is no episode 'no such'"),
        (("transcript",), 2, "EPISODE"),
        (("charts", "--country", "usa"), 1, "there is no country 'usa'"),
        (("charts", "--genre", "zzz"), 1, "there is no genre 'zzz'"),
        (("move", "nothing", "https://x.example/rss"), 1, "there is no podcast 'nothing'"),
        (("move", "nothing"), 2, "URL"),
        (("older", "nothing"), 1, "there is no podcast 'nothing'"),
        (("password", "nothing"), 1, "there is no podcast 'nothing'"),
        (("password",), 2, "PODCAST"),
    ],
)
def test_what_goes_wrong_is_said_in_a_line(
    run: Run, arguments: tuple[str, ...], code: int, words: str
) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_podcast_is_moved_and_its_played_states_are_exchanged(
    run: Run, server: Server, tmp_path: Path, home: dict[str, str]
) -> None:
    server.routes["/new.rss"] = lambda c: c.answer(SHOW.encode(), "application/rss+xml")
    run("add", server.url("/show.rss"))
    moved = run("move", "coconino", server.url("/new.rss"))
    assert (moved.returncode, moved.stdout) == (0, f"Coconino Now  {server.url('/new.rss')}\n")
    again = run("add", server.url("/show.rss"))
    assert again.returncode == 1
    assert f"its address there is {server.url('/new.rss')}" in again.stderr
    older = run("older", "coconino")
    assert (older.returncode, older.stdout) == (1, "")
    assert "there are no older episodes" in older.stderr
    newest, _ = json.loads(run("list", "coconino", "--json").stdout)
    with sqlite3.connect(next(Path(home["HOME"]).rglob("radiotui.db"))) as file:
        note_heard(file, newest["id"], 75.0, 120.0, NOW)
    file.close()
    assert "progress" not in run("export").stdout
    opml = tmp_path / "mine.opml"
    opml.write_text(run("export", "--played").stdout)
    assert 'progress="75"' in opml.read_text()
    run("remove", "coconino")
    brought = run("import", str(opml))
    assert "1 of 1 heard episodes were found" in brought.stderr
    assert brought.stdout == f"Coconino Now  {server.url('/new.rss')}\n"


def test_a_file_of_the_listeners_has_words_beside_it(run: Run, tmp_path: Path) -> None:
    sound = tmp_path / "Ep 01.mp3"
    sound.write_bytes(encode("mp3", 1))
    none = run("transcript", str(sound))
    assert none.returncode == 1
    assert "there is no transcript beside Ep 01.mp3" in none.stderr
    (tmp_path / "Ep 01.srt").write_text("1\n00:00:12,500 --> 00:00:14,000\nAnn: Good morning\n")
    assert run("transcript", str(sound)).stdout == "0:12  Ann: Good morning\n"
    assert run("chapters", str(sound)).returncode == 1
    tag = id3.ID3()
    title = id3.TIT2(encoding=3, text=["The bells"])
    tag.add(id3.CHAP(element_id="one", start_time=500, end_time=900, sub_frames=[title]))
    tag.save(sound)
    assert run("chapters", str(sound)).stdout == "0:00  The bells\n"


def test_how_a_podcast_is_heard_is_set_and_printed(run: Run, server: Server) -> None:
    run("add", server.url("/show.rss"))
    as_every = run("set", "coconino")
    assert as_every.returncode == 0
    assert as_every.stdout.splitlines()[:2] == [
        "speed          as every podcast",
        "gain           as loud as other sound",
    ]
    words = ("speed=1.3", "skip-intro=30", "gain=-2.5", "order=oldest", "notifications=on")
    changed = run("set", "coconino", *words, "--json")
    assert changed.returncode == 0
    assert json.loads(changed.stdout) == {
        "title": "Coconino Now",
        "url": server.url("/show.rss"),
        "settings": {
            "speed": 1.3,
            "gain": -2.5,
            "skip_intro": 30.0,
            "skip_outro": 0.0,
            "skip_silence": None,
            "downloads": None,
            "order": "oldest",
            "notifications": True,
        },
        "loudness": None,
    }
    assert [line.split()[-1] for line in run("list", "coconino").stdout.splitlines()] == ["1", "2"]
    again = run("set", "coconino", "speed=default", "order=default")
    assert "speed          as every podcast" in again.stdout
    assert "skip-intro     30 s" in again.stdout
    for wrong in ("speed=4", "speed", "tempo=1", "skip-silence=maybe", "downloads=-1"):
        refused = run("set", "coconino", wrong)
        assert (refused.returncode, refused.stdout) == (1, "")
        assert len(refused.stderr.splitlines()) == 1
    assert "skip-intro     30 s" in run("set", "coconino").stdout
