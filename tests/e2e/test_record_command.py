"""``radiotui record``: what it prints, where the file is, and what is left when it is killed."""

from __future__ import annotations

import io
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import mutagen
import pytest
from PIL import Image

from radiotui.cli.record import next_time
from radiotui.radio.titles.encodings import judge
from radiotui.text import time_of_day
from tests.kept import complaints, packets
from tests.servers import Connection, paced, serving
from tests.services.hls_station import Station, cut
from tests.sounds import encode
from tests.terminal import ROOT
from tests.titles import TITLES

SOUND = encode("mp3", 30)
SECOND = 16_000
META = b"StreamTitle='Nina Simone - Sinnerman';".ljust(48, b"\0")


def png() -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(written, "PNG")
    return written.getvalue()


PNG = png()
ALL_DAY = "".join(
    f'[[station.stream.programme]]\nname = "Fresh Air"\ndays = "daily"\n'
    f'start = "{start}"\nend = "{end}"\n'
    for start, end in (("00:00", "12:00"), ("12:00", "24:00"))
)


def live(connection: Connection) -> None:
    """Two seconds at once, as servers do, then as it is heard."""
    connection.live(icy_metaint=str(SECOND), icy_br="128")
    connection.send(SOUND[:SECOND] + b"\3" + META + SOUND[SECOND : 2 * SECOND] + b"\0")
    parts = [SOUND[at : at + SECOND] + b"\0" for at in range(2 * SECOND, len(SOUND), SECOND)]
    paced(connection, parts, 1.0)
    connection.hang()


@pytest.fixture
def start_recording(home: dict[str, str], tmp_path: Path):
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "radiotui", "record", *arguments]
        started.append(
            subprocess.Popen(
                [*command, "-o", str(tmp_path / "kept")],
                env=home, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            )
        )  # fmt: skip
        return started[-1]

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def files(folder: Path) -> list[Path]:
    return sorted(path for path in (folder / "kept").rglob("*") if path.is_file())


def wait_for(happened: Callable[[], object], process: subprocess.Popen[str]) -> None:
    end = time.monotonic() + 60
    while not happened():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_station_is_recorded_for_so_long(start_recording, station_file, tmp_path: Path):
    with serving(live=live) as server:
        process = start_recording(
            "test", "--for", "4s", "--stations",
            station_file(server.url("/live"), more=ALL_DAY), "--json",
        )  # fmt: skip
        out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    (told,) = json.loads(out)
    assert told.keys() == {
        "path", "station", "stream", "title", "start", "seconds", "incomplete",
    }  # fmt: skip
    path = Path(told["path"])
    assert files(tmp_path) == [path]
    assert path.parent == tmp_path / "kept" / "Radio Test"
    assert path.stem.endswith(" Fresh Air")
    assert told["seconds"] == pytest.approx(4.0, abs=0.05)
    assert (told["station"], told["stream"], told["incomplete"]) == ("test", "live", False)
    assert datetime.fromisoformat(told["start"]).tzinfo is not None
    assert "Radio Test · Live · MP3 128 kbit/s" in err
    assert "  Nina Simone - Sinnerman\n" in err
    assert complaints(path) == ""
    assert mutagen.File(path, easy=True)["album"] == ["Fresh Air"]
    sent, mine = packets(SOUND), packets(path)
    assert sent[: len(mine)] == mine


def test_an_interrupt_ends_it_and_keeps_it(start_recording, station_file, tmp_path: Path):
    with serving(live=live) as server:
        process = start_recording("test", "--stations", station_file(server.url("/live")))
        wait_for(lambda: [f for f in files(tmp_path) if f.stat().st_size > 2 * SECOND], process)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert process.returncode == 0, err
    assert out == f"{files(tmp_path)[0]}\n"
    assert complaints(files(tmp_path)[0]) == ""


def test_what_a_killed_one_left_is_finished_by_the_next(
    start_recording, station_file, tmp_path: Path
):
    with serving(live=live) as server:
        stations = station_file(server.url("/live"))
        process = start_recording("test", "--stations", stations)
        wait_for(lambda: [f for f in files(tmp_path) if f.stat().st_size > 2 * SECOND], process)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=30)
        (left,) = files(tmp_path)
        assert left.name.startswith(".")
        assert len(packets(left)) > 70
        process = start_recording("test", "--for", "3", "--stations", stations)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    interrupted, kept = sorted(files(tmp_path), key=lambda path: "(interrupted)" not in path.name)
    assert f"an earlier recording was finished: {interrupted}" in err
    assert out == f"{kept}\n"
    assert interrupted.name.endswith(" (interrupted).mp3")
    for path in (interrupted, kept):
        assert complaints(path) == ""
        assert mutagen.File(path, easy=True)["albumartist"] == ["Radio Test"]
    mine, sent = packets(interrupted), packets(SOUND)
    assert len(mine) > 70
    assert sent[: len(mine)] == mine


def test_a_station_that_is_not_there_fails_in_plain_words(
    start_recording, station_file, tmp_path: Path
):
    with serving() as server:
        process = start_recording(
            "test", "--for", "1m", "--stations", station_file(server.url("/gone"))
        )
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (1, "")
    assert "is not there any more (404)" in err
    assert files(tmp_path) == []


@pytest.mark.parametrize("wrong", [["--at", "25:00"], ["--for", "soon"]])
def test_wrong_times_are_wrong_usage(start_recording, wrong: list[str]):
    process = start_recording("test", *wrong)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 2
    assert "is no " in err


def test_it_waits_for_its_time_and_says_until_when(start_recording, station_file, tmp_path: Path):
    later = datetime.now().astimezone() + timedelta(hours=2)
    with serving(live=live) as server:
        process = start_recording(
            "test", "--at", f"{later:%H:%M}", "--stations", station_file(server.url("/live"))
        )
        assert process.stderr is not None
        assert f"is recorded at {time_of_day(later)}, in 1:5" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
        assert server.asked == []
    assert process.returncode == 0


def test_the_next_such_time_is_today_or_tomorrow():
    now = datetime(2026, 11, 23, 15, 4).astimezone()
    later, earlier = next_time(now.replace(hour=16).time(), now), next_time(now.time(), now)
    assert (later.day, later.hour, later.minute) == (23, 16, 4)
    assert (earlier.day, earlier.hour, earlier.minute) == (24, 15, 4)


MASTER = """#EXTM3U
#EXT-X-STREAM-INF:BANDWIDTH=52000,CODECS="mp4a.40.5"
low.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=105000,CODECS="mp4a.40.2"
medium.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=210000,CODECS="mp4a.40.2"
high.m3u8
"""


@pytest.mark.parametrize("quality", ["low", "medium"])
def test_recording_and_playing_ask_for_the_same_variant(
    home: dict[str, str], station_file, tmp_path: Path, quality: str
):
    settings = tmp_path / "settings.toml"
    settings.write_text(f'quality = "{quality}"\n')
    variants = []
    for command in (["record"], ["play", "--engine", "silent"]):
        with Station(cut("aac")) as station:
            server = station.server
            server.routes["/master.m3u8"] = lambda c: c.answer(MASTER.encode(), "audio/mpegurl")
            for name in ("low", "medium", "high"):
                server.routes[f"/{name}.m3u8"] = server.routes["/live.m3u8"]
            stations = station_file(server.url("/master.m3u8"))
            name, *options = command
            process = subprocess.run(
                [
                    *(sys.executable, "-m", "radiotui", name, "test", "--for", "2", *options),
                    *("--stations", stations, "--config", str(settings)),
                ],
                env=home, cwd=ROOT, text=True, capture_output=True, timeout=60, check=True,
            )  # fmt: skip
            assert "AAC" in process.stderr + process.stdout
            variants.append({path for path in server.paths() if path.endswith("m3u8")})
    assert variants == [{"/master.m3u8", f"/{quality}.m3u8"}] * 2


def titled(*titles: bytes) -> Callable[[Connection], None]:
    """A station that sends a title each second."""

    def live(connection: Connection) -> None:
        connection.live(icy_metaint=str(SECOND))
        metas = [b"StreamTitle='" + title + b"';" for title in titles]
        blocks = [bytes([-(-len(meta) // 16)]) + meta + b"\0" * (-len(meta) % 16) for meta in metas]
        blocks += [b"\0"] * 20
        parts = [SOUND[n * SECOND : (n + 1) * SECOND] + block for n, block in enumerate(blocks)]
        connection.send(b"".join(parts[:2]))
        paced(connection, parts[2:], 1.0)
        connection.hang()

    return live


def test_an_encoding_that_one_recording_learnt_is_known_to_the_next(start_recording, station_file):
    ambiguous = "ДДТ - Я".encode("koi8-r")
    assert judge([ambiguous]) != "koi8-r"
    songs = [title.encode("koi8-r") for title in TITLES["Russian"][:6]]
    with serving(first=titled(*songs), second=titled(ambiguous)) as server:
        process = start_recording(
            "test", "--for", "6", "--stations", station_file(server.url("/first"))
        )
        _, err = process.communicate(timeout=60)
        assert f"  {TITLES['Russian'][5]}\n" in err
        process = start_recording(
            "test", "--for", "2", "--stations", station_file(server.url("/second"))
        )
        _, err = process.communicate(timeout=60)
    assert "  ДДТ - Я\n" in err


def test_the_stations_picture_is_in_the_file(start_recording, home, tmp_path: Path):
    stations = tmp_path / "stations.toml"
    with serving(live=live, logo=lambda c: c.answer(PNG, "image/png")) as server:
        stations.write_text(
            f'[[station]]\nid = "test"\nname = "Radio Test"\npicture = "{server.url("/logo")}"\n'
            f'[[station.stream]]\nid = "live"\nname = "Live"\nurl = "{server.url("/live")}"\n'
        )
        process = start_recording("test", "--for", "2", "--stations", str(stations))
        out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    (picture,) = mutagen.File(out.strip()).tags.getall("APIC")
    assert (picture.mime, picture.data) == ("image/png", PNG)
