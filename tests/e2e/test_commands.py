"""The commands that scripts use: what they print, where, and their exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from tests.servers import Connection, serving
from tests.sounds import encode
from tests.terminal import ROOT

Run = Callable[..., subprocess.CompletedProcess[str]]
SOUND = encode("mp3", 4)


@pytest.fixture
def run(home: dict[str, str]) -> Run:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "radiotui", *arguments],
            env=home, cwd=ROOT, capture_output=True, text=True, timeout=60,
        )  # fmt: skip

    return run


def live(connection: Connection) -> None:
    text = b"StreamTitle='Nina Simone - Sinnerman';"
    connection.live(icy_metaint="16000", icy_br="128")
    connection.send(SOUND[:16000] + b"\3" + text.ljust(48, b"\0") + SOUND[16000:32000] + b"\0")
    connection.send(SOUND[32000:48000])
    connection.hang()


def test_now_has_the_promised_shape(run: Run):
    done = run("--demo", "now", "--json")
    now = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert now.keys() == {"station", "stream", "now", "next", "source", "age_s"}
    assert now["now"].keys() == {"title", "start", "end", "host", "song"}
    assert now["now"]["song"].keys() == {"artist", "title"}
    assert now["next"].keys() == {"title", "start"}
    assert (now["station"], now["stream"], now["source"]) == ("test-signal", "signal", "composer")
    start, end = (datetime.fromisoformat(now["now"][name]) for name in ("start", "end"))
    assert start.tzinfo is not None
    assert (end - start).total_seconds() == 600


def test_now_explains_itself_on_stderr(run: Run):
    done = run("--demo", "now", "--json", "--explain")
    on_air = json.loads(done.stdout)
    title = on_air["now"]["title"]
    name = f"{on_air['station']}/{on_air['stream']}"
    lines = done.stderr.splitlines()
    assert [line for line in lines if line.startswith(f"{name}: composer: now '{title}' (")]
    assert f"{name}: composer leads" in lines
    assert [line for line in lines if line.startswith(f"{name}: shown: now '{title}' (")]


def test_now_from_a_weekly_table(run: Run, station_file: Callable[..., str]):
    table = (
        '[[station.stream.programme]]\nname = "All Day"\ndays = "daily"\n'
        'start = "00:00"\nend = "12:00"\n[[station.stream.programme]]\nname = "All Night"\n'
        'days = "daily"\nstart = "12:00"\nend = "24:00"\n'
    )
    stations = station_file("http://127.0.0.1:9/live", more=table)
    now = json.loads(run("now", "test", "--stations", stations, "--json").stdout)
    assert {now["now"]["title"], now["next"]["title"]} == {"All Day", "All Night"}
    assert now["source"] == "weekly"


def test_stations_have_the_promised_shape(run: Run):
    stations = json.loads(run("stations", "list", "--json").stdout)
    assert all(s.keys() == {"id", "name", "city", "group", "streams"} for s in stations)
    assert stations[0]["streams"][1]["id"] == "classical"
    assert stations[0]["streams"][0].keys() == {"id", "name", "url"}
    assert stations[-1]["id"] == "test-signal"


def test_stories_have_the_promised_shape(run: Run):
    done = run("--demo", "stories", "test-signal", "--unread", "--json")
    stories = json.loads(done.stdout)
    keys = {"id", "title", "link", "published", "station", "feed", "read", "starred"}
    assert done.returncode == 0
    assert len(stories) == 7
    assert all(story.keys() >= keys for story in stories)


def test_a_wrong_station_file_is_told_by_line_and_field(run: Run, tmp_path: Path):
    path = tmp_path / "stations.toml"
    path.write_text(
        '[[station]]\nid = "a"\nname = "A"\n[[station.stream]]\nid = "live"\nurl = 3\n'
        '[[station]]\nid = "b"\nname = "B"\n[[station.stream]]\nid = "live"\nurl = "http://b.org/"\n'
    )
    done = run("stations", "check", "--stations", str(path))
    assert done.returncode == 1
    assert "stations.toml:6: stream.url: expected text or a list of texts, got 3" in done.stdout
    listed = json.loads(run("stations", "--stations", str(path), "--json").stdout)
    assert [station["id"] for station in listed] == ["b", "test-signal"]


def test_a_right_station_file_is_told_to_be(run: Run, station_file: Callable[..., str]):
    done = run("stations", "check", "--stations", station_file("http://a.org/live"))
    assert done.returncode == 0
    assert "1 station, nothing wrong" in done.stdout


def test_streams_are_tried_and_one_that_moved_is_mended(run: Run, station_file: Callable[..., str]):
    with serving(live=live) as server:
        finder = {
            "items": [
                {
                    "attributes": {
                        "brand": {"name": "Radio Test", "call": "TEST"},
                        "streamsV2": [
                            {
                                "title": "News",
                                "guid": "g-1",
                                "urls": [{"rel": "stream-mp3-audio", "href": server.url("/live")}],
                            }
                        ],
                    }
                }
            ]
        }
        body = json.dumps(finder).encode()
        server.routes["/v3/stations"] = lambda c: c.answer(body, "application/json")
        schedule = f'schedule = [{{ source = "npr", stream = "g-1", base = "{server.url()}" }}]\n'
        path = station_file(server.url("/gone"), more=schedule)
        before = Path(path).read_text()
        checked = ("stations", "check", "--stations", path)
        done = run(*checked, "--listen", "--json")
        (stream,) = json.loads(done.stdout)["streams"]
        assert (done.returncode, stream["station"], stream["sound"]) == (1, "test", None)
        assert "404" in stream["problem"]["title"]
        assert stream["new_url"] == server.url("/live")
        assert Path(path).read_text() == before
        done = run(*checked, "--take")
        assert f"it has moved to {server.url('/live')}: now first in the list" in done.stdout
        new = f'["{server.url("/live")}", "{server.url("/gone")}"]'
        assert Path(path).read_text() == before.replace(f'"{server.url("/gone")}"', new)
        done = run(*checked, "--listen")
        assert (done.returncode, done.stderr) == (0, "")
        assert "MP3 128 kbit/s" in done.stdout
    assert run("stations", "undo", "--stations", path).returncode == 0
    assert Path(path).read_text() == before


def test_stations_are_imported_undone_and_exported(
    run: Run, station_file: Callable[..., str], tmp_path: Path
):
    path = station_file("http://a.org/live")
    before = Path(path).read_text()
    stations = ("--stations", path)
    listed = tmp_path / "list.m3u"
    listed.write_text(
        "#EXTM3U\n#EXTINF:-1,New One\nhttp://b.org/\n#EXTINF:-1,T\nhttp://a.org/live\n"
    )
    done = run("stations", "import", str(listed), *stations)
    assert (done.returncode, done.stdout.split()) == (0, ["new-one", "New", "One", "http://b.org/"])
    assert "T is in the list already, as test/live" in done.stderr
    assert run("stations", "move", "new-one", "--first", *stations).returncode == 0
    done = run("stations", "export", *stations)
    assert done.stdout.splitlines()[1:4:2] == [
        '#EXTINF:-1 tvg-id="new-one/live",New One',
        '#EXTINF:-1 tvg-id="test/live",Radio Test',
    ]
    assert run("stations", "remove", "new-one", *stations).returncode == 0
    assert Path(path).read_text() == before
    done = run("stations", "undo", *stations)
    assert (done.returncode, done.stdout) == (0, "undone: removing new-one\n")


def test_play_prints_a_line_for_every_title(run: Run, station_file: Callable[..., str]):
    with serving(live=live) as server:
        done = run(
            "play", "test", "--for", "2", "--engine", "silent",
            "--stations", station_file(server.url("/live")),
        )  # fmt: skip
    assert done.returncode == 0
    assert done.stdout.split("  ", 1)[1] == "Nina Simone - Sinnerman\n"
    assert "Radio Test · Live · MP3 128 kbit/s · silent" in done.stderr


def test_play_takes_an_address_and_a_file(run: Run, tmp_path: Path):
    with serving(file=lambda c: c.answer(SOUND, "audio/mpeg")) as server:
        assert run("play", server.url("/file"), "--engine", "silent").returncode == 0
    path = tmp_path / "song.mp3"
    path.write_bytes(encode("mp3", 2))
    assert run("play", str(path), "--engine", "silent").returncode == 0


def foreign(connection: Connection) -> None:
    connection.live("audio/mp4")
    connection.send(encode("m4a", 1)[:5000])
    connection.hang()


def silent(connection: Connection) -> None:
    connection.live()
    connection.hang()


def test_nothing_heard_in_the_time_given_is_a_failure(run: Run):
    with serving(foreign=foreign, silent=silent) as server:
        address = server.url("/foreign")
        done = run("play", address, "--for", "2", "--engine", "silent")
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.count("cannot play (MP4)") == 1
        done = run("play", server.url("/silent"), "--for", "1", "--engine", "silent")
        assert (done.returncode, done.stdout) == (1, "")
        assert "nothing was heard" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("play", "tset-signal", "--demo"), 1, "did you mean test-signal?"),
        (("play", "http://127.0.0.1:9/live", "--engine", "silent"), 1, "nobody answers there"),
        (("play", "README.md", "--engine", "silent"), 1, "This is no sound"),
        (("now", "nowhere", "--demo"), 1, "there is no station 'nowhere'"),
        (("now", "--stations", "/none.toml"), 1, "there is no file /none.toml"),
        (("--play", "nowhere", "--demo"), 1, "needs a terminal"),
        (("play",), 2, "usage: radiotui play"),
        (("dance",), 2, "invalid choice"),
        (("play", "knau", "--for", "soon"), 2, "is no length of time"),
    ],
)
def test_what_goes_wrong_is_on_stderr(run: Run, arguments: tuple[str, ...], code: int, words: str):
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_the_doctor_finds_what_works(run: Run, station_file: Callable[..., str]):
    with serving(live=live) as server:
        stations = station_file(server.url("/live"))
        findings = json.loads(run("doctor", "--stations", stations, "--json").stdout)
    found = {finding["what"]: finding for finding in findings}
    assert found["engine silent"]["works"]
    assert found["station list"]["says"].endswith("1 station")
    network = [finding["says"] for finding in findings if finding["what"].startswith("network")]
    assert network == ["Radiotui Test Signal: MP3 64 kbit/s", "Radio Test: MP3 128 kbit/s"]


def test_the_doctor_says_what_to_do(run: Run, station_file: Callable[..., str]):
    done = run("doctor", "--stations", station_file("http://127.0.0.1:9/live"))
    assert "nobody answers there" in done.stdout
    assert "the server is down, or the port is wrong" in done.stdout


def test_recordings_are_listed_and_renamed(run: Run, tmp_path: Path):
    folder = tmp_path / "Music" / "radiotui"
    folder.mkdir(parents=True)
    song = folder / "2026-11-23 15.04 Sinnerman.mp3"
    song.write_bytes(encode("mp3", 1, artist="Nina Simone", title="Sinnerman"))
    (folder / "broken.mp3").write_bytes(b"nothing")
    listed = run("recordings", "list", "simone", "--json")
    (shape,) = json.loads(listed.stdout)
    assert shape.keys() == {
        *("kind", "path", "title", "artist", "programme", "station_name", "start", "seconds"),
        *("bytes", "problem"),
    }
    assert (shape["path"], shape["title"], shape["problem"]) == (str(song), "Sinnerman", None)
    renamed = run("recordings", "rename", song.name, "Pata/Pata")
    path = folder / "2026-11-23 15.04 Pata-Pata.mp3"
    assert (renamed.returncode, renamed.stdout) == (0, f"{path}\n")
    assert path.is_file()
