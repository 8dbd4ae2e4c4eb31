"""The command line as a whole: one rule of exit codes, closed and full outputs, help, and words."""

from __future__ import annotations

import asyncio
import io
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from radiotui.app.companion import Companion, Options
from radiotui.cli.parser import main
from radiotui.cli.play import play
from radiotui.config import Folders
from tests.servers import serving
from tests.sounds import encode
from tests.terminal import ROOT


class Ended(NamedTuple):
    """The end of a command."""

    code: int
    out: str
    err: str


Call = Callable[..., Ended]

SOUND = encode("mp3", 2)
NOWHERE = '[[station]]\nid = "a"\nname = "A"\n[[station.stream]]\nid = "live"\nname = "Live"\n'


@pytest.fixture
def call(
    home: dict[str, str], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Call:
    """Run a command in this process."""
    for name, value in home.items():
        monkeypatch.setenv(name, value)

    def call(*arguments: str) -> Ended:
        capfd.readouterr()
        code = main(list(arguments))
        return Ended(code, *capfd.readouterr())

    return call


@pytest.fixture
def stations(tmp_path: Path) -> str:
    """A station list with one station that nobody serves, without schedule and feeds."""
    path = tmp_path / "list.toml"
    path.write_text(f'{NOWHERE}url = "http://127.0.0.1:9/live"\n')
    return str(path)


def test_every_command_keeps_the_rule_of_exit_codes(call: Call, stations: str, tmp_path: Path):
    absent = str(tmp_path / "absent")
    done = (
        ("--help",), ("--version",), ("stations",), ("stations", "check"), ("now", "--demo"),
        ("stories", "--demo"), ("search", "canyon", "--demo"),
        ("day", "test-signal", "--demo"),
    )  # fmt: skip
    nothing = (
        ("now", "a"), ("stories",), ("stories", "a", "--unread"), ("search", "zebra"), ("heard",),
        ("heard", "zebra"), ("feeds",), ("feeds", "refresh"), ("feeds", "export"),
        ("feeds", "export", absent), ("recordings",), ("recordings", "list", "zebra"),
        ("day", "a"), ("day", "a", "tomorrow"), ("marks",), ("alarm",),
        ("podcasts",), ("podcasts", "refresh"), ("podcasts", "downloads"),
        ("podcasts", "clips"), ("podcasts", "clips", "list", "zebra"),
    )  # fmt: skip
    problems = (
        ("play", absent), ("play", "b"), ("record", absent), ("now", "b"), ("stories", "b"),
        ("read", "77"), ("search", "since:soon"), ("heard", "--since", "soon"),
        ("feeds", "remove", "http://a.org/"), ("feeds", "import", absent), ("--play", "a"),
        ("stations", "--config", absent), ("recordings", "play", "zebra"),
        ("recordings", "rename", "zebra", "horse"), ("recordings", "delete", "zebra"),
        ("belongs", "a"), ("belongs", "b"), ("belongs", "a", "--programme", "News"),
        ("podcasts", "list", "zebra"), ("podcasts", "remove", "zebra"),
        ("podcasts", "download", "77"), ("podcasts", "download", "zebra/latest"),
        ("podcasts", "downloads", "--remove", "77"),
        ("podcasts", "clips", "export", "77"), ("podcasts", "clips", "remove", "77"),
        ("podcasts", "set", "zebra"),
        ("podcasts", "chapters", "77"), ("podcasts", "transcript", "http://a.org/1"),
        ("podcasts", "move", "zebra", "http://a.org/1"), ("podcasts", "older", "zebra"),
        ("podcasts", "password", "zebra"), ("podcasts", "charts", "--country", "usa"),
        ("sync",), ("sync", "status"), ("sync", "login"),
    )  # fmt: skip
    wrong = (
        ("play",), ("record",), ("now", "a", "b"), ("stations", "dance"), ("stories", "--dance"),
        ("read",), ("search",), ("heard", "--limit", "0"), ("feeds", "dance"), ("doctor", "a"),
        ("dance",), ("--dance",), ("recordings", "rename"), ("day", "a", "soon"),
        ("belongs",), ("podcasts", "dance"), ("podcasts", "add"), ("podcasts", "set"),
        ("podcasts", "clips", "dance"), ("podcasts", "clips", "remove", "zebra"),
        ("podcasts", "chapters"), ("podcasts", "transcript", "7", "--language"), ("sync", "dance"),
        ("podcasts", "move", "zebra"), ("podcasts", "older"), ("podcasts", "password"),
        ("podcasts", "download"), ("podcasts", "downloads", "7"),
    )  # fmt: skip
    for code, group in ((1, nothing), (1, problems), (2, wrong), (0, done)):
        for arguments in group:
            end = call(*arguments, *(() if "--demo" in arguments else ("--stations", stations)))
            assert end.code == code, (arguments, end)
            assert bool(end.out) == (code == 0), (arguments, end)
            assert bool(end.err) == (code != 0), (arguments, end)
            assert code == 2 or len(end.err.splitlines()) <= 1, (arguments, end)
    assert not Path(absent).exists()
    commands = set(re.findall(r"^    (\w+) ", call("--help").out, re.MULTILINE))
    tried = {arguments[0] for group in (done, nothing, problems, wrong) for arguments in group}
    assert tried >= commands > {"play", "doctor"}


def test_nothing_is_an_empty_list_for_scripts(call: Call, stations: str):
    for arguments in (("stories",), ("search", "zebra"), ("heard",), ("feeds",)):
        end = call(*arguments, "--json", "--stations", stations)
        assert (end.code, json.loads(end.out)) == (1, []), arguments
    end = call("now", "a", "--json", "--stations", stations)
    assert (end.code, json.loads(end.out)["now"]) == (1, None)
    assert "nobody publishes what is on" in end.err


def test_the_help_and_the_readme_have_the_rule(call: Call):
    out = call("--help").out
    codes = dict(re.findall(r"^  (\d+) +(\S.*)$", out, re.MULTILINE))
    assert codes.keys() == {"0", "1", "2", "130", "141"}
    assert "nothing was found" in codes["1"]
    readme = (ROOT / "README.md").read_text()
    assert dict(re.findall(r"^\| (\d+) \| (.*) \|$", readme, re.MULTILINE)).keys() == codes.keys()


def test_every_command_explains_itself(call: Call):
    commands = re.findall(r"^    (\w+) ", call("--help").out, re.MULTILINE)
    actions = [
        (command, action)
        for command in ("feeds", "podcasts", "recordings")
        for action in re.findall(r"^    (\w+) ", call(command, "--help").out, re.MULTILINE)
    ]
    assert len(commands) >= 10
    assert len(actions) >= 6
    for words in [*((command,) for command in commands), *actions]:
        end = call(*words, "--help")
        assert (end.code, end.err) == (0, "")
        assert "  radiotui" in end.out or words[1:] or words == ("doctor",)
        # Each argument and option says what it is for.
        options = end.out.partition("examples:")[0]
        assert re.findall(r"^  (?!ACTION)\S+(?: \S+)?$\n(?! {8})", options, re.MULTILINE) == []


async def test_playing_without_a_network_says_so_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
):
    def lost(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", lost)
    companion = Companion(Options(engine="silent", folders=Folders(tmp_path)))
    playing = asyncio.create_task(
        play(companion, "http://station.invalid/live", seconds=None, as_json=False)
    )
    err = ""
    async with asyncio.timeout(60):
        while err.count("\n") < 2:
            await asyncio.sleep(0.02)
            err += capfd.readouterr().err
    # It goes on trying.
    assert not playing.done()
    playing.cancel()
    await asyncio.gather(playing, return_exceptions=True)
    first, second, *_ = err.splitlines()
    assert first == "radiotui: No network, it seems: tried for some seconds more"
    assert "station.invalid" in second


@pytest.mark.parametrize(
    "arguments",
    [
        ("--help",), ("--version",), ("play", "--help"), ("stations",), ("stations", "--json"),
        ("stories", "--demo"), ("now", "--demo", "--json"),
        ("play", "--demo", "test-signal", "--engine", "silent"),
    ],
)  # fmt: skip
def test_an_output_that_takes_nothing_ends_a_command(
    call: Call, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
):
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "w", encoding="utf-8") as closed:
        monkeypatch.setattr(sys, "stdout", closed)
        assert call(*arguments).code == 141
    with open("/dev/full", "w", encoding="utf-8") as full:
        monkeypatch.setattr(sys, "stdout", full)
        end = call(*arguments)
    assert end.code == 1
    last = end.err.splitlines()[-1]
    assert last == "radiotui: standard output cannot be written: No space left on device"


def test_a_thread_that_never_ends_does_not_hold_the_process(home: dict[str, str]):
    code = (
        "import sys, threading; threading.Thread(target=threading.Event().wait).start();"
        "sys.argv[1:] = ['--version']; from radiotui.__main__ import run; run()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=home, cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout.split()[0], done.stderr) == (0, "radiotui", "")


def test_a_closed_pipe_ends_the_process_quietly(home: dict[str, str], stations: str):
    command = f"{sys.executable} -m radiotui stations --stations {stations}"
    shell = f"{command} | true; echo ${{PIPESTATUS[0]}}; {command} 2>&1 >&- | cat"
    done = subprocess.run(
        ["bash", "-c", shell], env=home, cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    code, lost = done.stdout.splitlines()
    assert (code, done.stderr) == ("141", "")
    assert lost == "radiotui: standard output cannot be written: Bad file descriptor"


def test_letters_that_an_output_does_not_have_are_no_error(
    call: Call, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    stations = tmp_path / "list.toml"
    stations.write_text(f'{NOWHERE.replace("Live", "Ж♪")}url = "http://127.0.0.1:9/"\n')
    printed = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(printed, encoding="koi8-r"))
    assert call("now", "a", "--demo").code == 1
    assert call("stations", "--json", "--stations", str(stations)).code == 0
    listed = json.loads(printed.getvalue())
    assert listed[0]["streams"][0]["name"] == "Ж♪"


def test_a_source_that_is_no_station_is_named_in_plain_words(call: Call, tmp_path: Path):
    pipe, noise, link = tmp_path / "pipe", tmp_path / "noise.mp3", tmp_path / "link"
    os.mkfifo(pipe)
    noise.write_bytes(b"this is no sound" * 99)
    link.symlink_to(tmp_path / "nothing")
    absent = tmp_path / "no sound?.mp3"
    words = {
        str(absent): f"there is no file {absent}",
        absent.as_uri(): f"there is no file {absent}",
        f"file:{absent}": f"there is no file {absent}",
        "song.mp3": "there is no file song.mp3: an address begins with http",
        "./song": "there is no file ./song",
        "~/song": f"there is no file {tmp_path}/song",
        "~nobody-here/song": "there is no file ~nobody-here/song",
        str(link): f"there is no file {link}",
        str(tmp_path): f"{tmp_path} is a folder",
        tmp_path.as_uri(): f"{tmp_path} is a folder",
        str(pipe): f"{pipe} is no file with sound",
        "rtsp://example.org/a": "rtsp://example.org/a is no address of the web",
        "\x1b[31m/etc": "there is no station",
        "x" * 5000: "there is no station 'xxx",
        "test-sginal": "there is no station 'test-sginal': did you mean test-signal?",
    }
    for command in ("play", "record"):
        for source, line in words.items():
            end = call(command, source, "--demo")
            assert (end.code, end.out) == (1, ""), source
            assert end.err.startswith(f"radiotui: {line}"), (source, end.err)
            assert len(end.err.splitlines()) == 1
            assert len(end.err) < 500
    end = call("play", noise.as_uri(), "--demo", "--engine", "silent")
    assert end.err.startswith(f"radiotui: {noise}: This is no sound")
    assert (end.code, len(end.err.splitlines())) == (1, 1)
    end = call("record", str(noise), "--demo")
    assert (end.code, end.err.startswith(f"radiotui: {noise} is a file: ")) == (1, True)


def test_a_file_that_may_not_be_read_is_said(home: dict[str, str], tmp_path: Path):
    song = tmp_path / "song.mp3"
    song.write_bytes(b"sound")
    song.chmod(0)
    # root may read everything.
    code = (
        "import os, sys; from radiotui.cli.sources import file_of;"
        "os.geteuid() or os.setuid(65534); file_of(sys.argv[1])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, song.as_uri()],
        env=home, cwd=ROOT, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert f"{song} may not be read" in done.stderr.splitlines()[-1]


def test_a_problem_is_said_once(call: Call, stations: str):
    for command in (("play", "a", "--engine", "silent"), ("record", "a")):
        end = call(*command, "--stations", stations)
        assert (end.code, end.out) == (1, "")
        assert len(end.err.splitlines()) == 1, end.err
        assert "nobody answers there" in end.err


def test_a_wrong_station_is_said_by_the_commands_that_use_the_list(call: Call, tmp_path: Path):
    path = tmp_path / "stations.toml"
    with serving() as server:
        path.write_text(
            f'{NOWHERE}url = "{server.url("/gone")}"\n[[station]]\nid = "b"\nname = 3\n'
            '[[station.stream]]\nid = "live"\nurl = "http://b.org/"\n'
        )
        for arguments in (
            ("stations",), ("now", "a"), ("stories",), ("feeds",), ("record", "a"),
            ("play", "a", "--engine", "silent"),
        ):  # fmt: skip
            end = call(*arguments, "--stations", str(path))
            fault = "radiotui: stations.toml:10: station.name: expected text, got 3"
            assert end.err.splitlines()[0].startswith(fault), (arguments, end.err)
            assert end.err.count("station.name") == 1, arguments
    assert call("stations", "--stations", str(path)).out.startswith("a ")
    many = "".join(f'[[station]]\nid = "b{number}"\n' for number in range(50))
    path.write_text(f'{NOWHERE}url = "http://127.0.0.1:9/"\n{many}')
    lines = call("stations", "--stations", str(path)).err.splitlines()
    assert len(lines) == 7
    assert "more: 'radiotui stations check'" in lines[-1]
    assert call("search", "zebra", "--stations", str(path)).err.count("\n") == 1


def test_a_recording_is_listed_heard_and_deleted(call: Call, stations: str, tmp_path: Path):
    folder = tmp_path / "Music" / "radiotui"
    folder.mkdir(parents=True)
    (folder / "2026-11-23 15.04 Sinnerman.mp3").write_bytes(encode("mp3", 1, title="Sinnerman"))
    more = ("sinnerman", "--stations", stations)
    end = call("recordings", "list", *more)
    assert (end.code, end.err) == (0, "")
    assert "Sinnerman" in end.out
    end = call("recordings", "play", *more, "--engine", "silent")
    assert end.code == 0
    assert "· silent" in end.err
    end = call("recordings", "delete", *more)
    assert (end.code, end.out) == (0, "Sinnerman is deleted\n")
    assert "recordings undo" in end.err
    assert list(folder.glob("*.mp3")) == []
    assert call("recordings", "list", *more).code == 1


def findings(end: Ended) -> dict[str, dict[str, object]]:
    return {finding["what"]: finding for finding in json.loads(end.out)}


def test_the_doctor_says_what_is_used_and_what_is_broken(
    call: Call, home: dict[str, str], monkeypatch: pytest.MonkeyPatch
):
    doctor = ("doctor", "--demo", "--json")
    monkeypatch.setenv("COLORTERM", "")
    end = call(*doctor, "--engine", "silent")
    assert (end.code, end.err) == (0, "")
    said = {subject: finding["says"] for subject, finding in findings(end).items()}
    assert said["engine in use"] == "silent: --engine says so"
    assert "nothing is heard" in str(said["sound device"])
    pictures = "blocks-256: the terminal is known to draw them so"
    assert (said["colours"], said["pictures"]) == ("256", pictures)
    assert said["settings"] == "none are set"
    assert said["stories"] == "0 stories, 0 with a star, 0 heard"

    settings = Path(home["XDG_CONFIG_HOME"]) / "radiotui" / "settings.toml"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text('engine = "silent"\npictures = "blocks"\n\nvolum = 3\n')
    end = call(*doctor)
    assert end.code == 1
    found = findings(end)
    assert found["engine in use"]["says"] == "silent: settings.toml says so"
    assert str(found["pictures"]["says"]).startswith("blocks-256: ")
    fault = found["settings"]
    assert (fault["works"], fault["needed"]) == (False, True)
    assert "did you mean volume?" in str(fault["says"])
    assert fault["mend"] == f"in {settings}:4"

    settings.write_text('engine = "silent"\n[keys]\n"player.paws" = "p"\n')
    assert findings(call(*doctor))["settings"]["mend"] == f"in {settings}:3"
    settings.write_text('engine = "builtin"\n')
    found = findings(call(*doctor))
    assert str(found["engine in use"]["says"]).startswith("builtin: settings.toml")
    # Whether this computer has one or not: it is said, and needed.
    assert found["sound device"]["needed"] is True


def test_the_doctor_looks_at_the_store(call: Call, home: dict[str, str]):
    assert call("stories", "--demo").code == 0
    (store,) = Path(home["XDG_DATA_HOME"]).rglob("radiotui.db")
    store.with_name("radiotui.damaged-20260101-000000.db").touch()
    with sqlite3.connect(store) as connection:
        pace = '{"period_ms": 64, "next_period_ms": 128, "underruns": 2, "silence": 0.25}'
        connection.execute("INSERT INTO memory VALUES ('device pace', ?)", (pace,))
    connection.close()
    end = call("doctor", "--demo", "--engine", "silent")
    assert end.code == 0
    assert re.search(r"^ok  stories  +[1-9]\d* stories, 0 with a star", end.out, re.MULTILINE)
    assert "an earlier store was damaged: " in end.out
    assert "2 underruns, 0.2 s of silence in the last run; a period of 64 ms" in end.out
    assert "the next run begins with 128 ms" in end.out
    store.write_bytes(b"no store at all" * 99)
    end = call("doctor", "--demo", "--engine", "silent")
    assert end.code == 1
    assert "is not radiotui's store" in end.out


def test_commands_work_where_nothing_can_be_written(
    call: Call, home: dict[str, str], monkeypatch: pytest.MonkeyPatch
):
    # No folder can be made in a file, not even by root.
    nowhere = {"HOME": "/dev/null", "PATH": home["PATH"], "LANG": "C.UTF-8"}
    done = subprocess.run(
        [sys.executable, "-m", "radiotui", "now", "--demo"],
        env=nowhere, cwd=ROOT, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert (done.returncode, len(done.stderr.splitlines())) == (0, 1)
    assert "radiotui.db cannot be opened" in done.stderr
    assert "Radiotui Test Signal" in done.stdout

    for name in home:
        if name.startswith("XDG_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", "/dev/null")
    end = call("stations", "list")
    assert (end.code, end.out[:4]) == (0, "knau")
    assert "the built-in list is used" in end.err
    with serving(file=lambda connection: connection.answer(SOUND, "audio/mpeg")) as server:
        end = call("play", server.url("/file"), "--demo", "--engine", "silent")
    assert end.code == 0
    assert "127.0.0.1 · MP3" in end.err
    end = call("doctor", "--demo", "--engine", "silent")
    assert end.code == 1
    assert "it cannot be written: change its rights" in end.out
    assert "radiotui.db cannot be opened" in end.out


def test_what_libraries_say_of_a_missing_device_is_not_printed(
    call: Call, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("ALSA_CONFIG_PATH", "/dev/null")
    monkeypatch.setenv("PULSE_SERVER", "unix:/dev/null")
    with serving(file=lambda connection: connection.answer(SOUND, "audio/mpeg")) as server:
        end = call("play", server.url("/file"), "--demo", "--engine", "builtin")
    assert [line for line in end.err.splitlines() if not line.startswith("radiotui: ")] == []
    assert end.err.count("127.0.0.1 · MP3") == 1
    assert end.code == 0


def test_an_interrupted_command_is_not_done(home: dict[str, str]):
    with serving(page=lambda connection: connection.hang()) as server:
        process = subprocess.Popen(
            [sys.executable, "-m", "radiotui", "read", server.url("/page")],
            env=home, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            for _ in range(3000):
                if server.paths():
                    break
                time.sleep(0.01)
            process.send_signal(signal.SIGINT)
            printed = process.communicate(timeout=60)
        finally:
            process.kill()
    assert (process.returncode, *printed) == (130, "", "")


LOADED_BY = """
import sys
from radiotui.cli.parser import main
for words in ("stations list", "now test-signal"):
    assert main(words.split()) == 0
    print("loaded", *sys.modules)
"""


LOADED_BY_NEITHER = """
textual vlc av miniaudio feedparser lxml PIL trafilatura radiotui.audio
radiotui.player.player radiotui.radio.tuner radiotui.feeds radiotui.stories.service
radiotui.directories radiotui.app.session radiotui.app.marks radiotui.app.history
radiotui.app.recordings radiotui.app.own_stations radiotui.ui.app
"""


def test_what_plays_nothing_loads_no_player(home: dict[str, str]):
    done = subprocess.run(
        [sys.executable, "-c", LOADED_BY],
        env=home, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    listing, now = (line.split() for line in done.stdout.splitlines() if line.startswith("loaded "))
    assert "radiotui.app.companion" in listing
    assert "radiotui.guide.service" in now
    assert [name for name in LOADED_BY_NEITHER.split() if name in now] == []
    not_by_a_list = ("httpx", "sqlite3", "json", "radiotui.guide.sources", "radiotui.net.client")
    assert [name for name in not_by_a_list if name in listing] == []
