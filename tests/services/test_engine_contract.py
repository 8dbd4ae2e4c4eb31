"""The contract of engines, tried on every one of the registry with real encoded sound."""

from __future__ import annotations

import io
import logging
import random
import sys
import threading
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from radiotui.audio.builtin import BuiltinEngine
from radiotui.audio.engine import Engine, OnEvent
from radiotui.audio.libvlc import vlc_problem
from radiotui.audio.registry import engine_entries, engine_reports, make_engine
from radiotui.audio.silent import SilentEngine
from radiotui.audio.vlc import VlcEngine
from radiotui.problems import Problem
from tests.ears import WAITS, Clip, Make, Notes, no_threads_left
from tests.lab.radio_lab import cannot, until
from tests.servers import Server
from tests.sounds import encode

FORMATS = {"mp3": "mp3", "aac": "aac", "opus": "ogg", "vorbis": "ogg", "flac": "ogg"}
GARBAGE = random.Random(1).randbytes(300_000)


ENGINES = {entry.name: entry for entry in engine_entries()}
WITHOUT_A_DEVICE: dict[str, Callable[[OnEvent], Engine]] = {
    "builtin": lambda on_event: BuiltinEngine(on_event, backend="null"),
    "vlc": lambda on_event: VlcEngine(on_event, options=["--aout=dummy"]),
}
"""Engines that need no sound device when they are made in another way."""


@pytest.fixture(params=ENGINES)
def make(request: pytest.FixtureRequest) -> Iterator[Make]:
    entry = ENGINES[request.param]
    if problem := entry.problem():
        cannot(f"{entry.name} is left out: {problem}")
    made: list[Engine] = []

    def make(on_event: OnEvent) -> Engine:
        engine = WITHOUT_A_DEVICE.get(entry.name, entry.make)(on_event)
        made.append(engine)
        return engine

    yield make
    for engine in made:
        engine.close()
    assert no_threads_left()


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


def clip(codec: str = "mp3", seconds: float = 0.6, *, live: bool = False) -> Clip:
    return Clip(encode(codec, seconds), FORMATS[codec], live=live)


@pytest.mark.parametrize("codec", FORMATS)
def test_a_clip_is_started_once_and_ended_once(make: Make, codec: str) -> None:
    notes = Notes()
    engine = make(notes)
    source = clip(codec)
    engine.play(source, play_id=7)
    notes.wait_for(7, "ended")
    assert notes.told == [(7, "started"), (7, "ended")]
    assert source.closed.wait(WAITS)
    assert 0.0 < engine.position < 1.5
    assert engine.silent_because is None


@pytest.mark.parametrize(("codec", "suffix"), [("mp3", "mp3"), ("opus", "ogg"), ("aac", "bin")])
def test_a_file_is_played_whatever_its_name(
    make: Make, tmp_path: Path, codec: str, suffix: str
) -> None:
    path = tmp_path / f"episode.{suffix}"
    path.write_bytes(encode(codec, 0.6))
    notes = Notes()
    make(notes).play(path, play_id=1)
    notes.wait_for(1, "ended")
    assert notes.told == [(1, "started"), (1, "ended")]


@pytest.mark.parametrize("beginning", [b"\x78\x9c", b"\x1f\x8b\x08"])
def test_sound_that_begins_as_a_compressed_file_does_is_heard(make: Make, beginning: bytes) -> None:
    body = io.BytesIO()
    with wave.open(body, "wb") as sound:
        sound.setnchannels(2)
        sound.setsampwidth(2)
        sound.setframerate(48000)
        sound.writeframes(beginning.ljust(48000 * 4, b"\0"))
    notes = Notes()
    make(notes).play(Clip(body.getvalue(), "wav"), play_id=1)
    notes.wait_for(1, "ended")
    assert notes.told == [(1, "started"), (1, "ended")]


def test_a_live_source_plays_on_when_more_comes(make: Make) -> None:
    notes = Notes()
    engine = make(notes)
    whole = encode("mp3", 3.0)
    source = Clip(whole[: len(whole) // 2], "mp3", live=True)
    engine.play(source, play_id=1)
    notes.wait_for(1, "started")
    assert source.waiting.wait(WAITS)
    source.more(whole[len(whole) // 2 :])
    until(lambda: engine.position > 2.0, what="it plays on")
    assert notes.told == [(1, "started")]


def test_stop_wakes_a_read_that_waits_for_ever(make: Make) -> None:
    notes = Notes()
    engine = make(notes)
    source = Clip(b"", "mp3", live=True)
    engine.play(source, play_id=1)
    assert source.waiting.wait(WAITS)
    engine.stop()
    assert source.closed.is_set()
    assert engine.position == 0.0
    engine.play(clip(), play_id=2)
    notes.wait_for(2, "ended")
    assert notes.told == [(2, "started"), (2, "ended")]


def test_nothing_more_comes_of_what_was_stopped(make: Make) -> None:
    notes = Notes()
    engine = make(notes)
    engine.play(clip(seconds=2.0, live=True), play_id=1)
    notes.wait_for(1, "started")
    engine.stop()
    place = engine.position
    engine.play(clip(), play_id=2)
    notes.wait_for(2, "ended")
    assert notes.told == [(1, "started"), (2, "started"), (2, "ended")]
    assert 0.0 <= place <= 2.5


def test_the_last_of_many_quick_orders_counts(make: Make) -> None:
    notes = Notes()
    engine = make(notes)
    sources = [clip(codec, live=True) for codec in ("mp3", "opus", "aac", "mp3")]
    for number, source in enumerate(sources):
        engine.play(source, play_id=number)
        if number % 2:
            engine.stop()
    last = clip("opus")
    engine.play(last, play_id=9)
    notes.wait_for(9, "ended")
    assert all(source.closed.wait(WAITS) for source in [*sources, last])
    assert [load for load, kind in notes.told if kind != "started"] == [9]


@pytest.mark.parametrize("rate", [0.5, 3.0])
def test_another_rate_while_it_is_heard_leaves_the_place_right(make: Make, rate: float) -> None:
    notes = Notes()
    engine = make(notes)
    engine.play(clip(seconds=4.0), play_id=1, rate=1.5)
    until(lambda: engine.position > 0.5, what="it is heard")
    before, engine.rate = engine.position, rate
    assert engine.rate == rate
    assert before - 0.1 <= engine.position <= before + 0.5
    notes.wait_for(1, "ended")
    assert notes.told == [(1, "started"), (1, "ended")]
    assert engine.position == pytest.approx(4.0, abs=0.5)


def test_stopping_twice_and_before_anything_does_no_harm(make: Make) -> None:
    notes = Notes()
    engine = make(notes)
    engine.stop()
    engine.prepare()
    engine.stop()
    engine.volume, engine.muted = 30, True
    engine.play(clip(), play_id=1, gain_db=-3.0)
    engine.volume, engine.muted = 70, False
    notes.wait_for(1, "ended")
    engine.stop()
    engine.stop()
    assert (engine.volume, engine.muted) == (70, False)
    assert notes.told == [(1, "started"), (1, "ended")]


def test_close_while_a_read_waits_leaves_nothing(make: Make) -> None:
    notes = Notes()
    engine = make(notes)
    source = clip(live=True)
    engine.play(source, play_id=1)
    notes.wait_for(1, "started")
    assert source.waiting.wait(WAITS)
    engine.close()
    assert source.closed.is_set()
    assert no_threads_left()
    assert notes.told == [(1, "started")]
    engine.close()


@pytest.mark.parametrize("format_", ["mp3", "aac", "ogg", "flac"])
@pytest.mark.parametrize("what", ["noise", "a web page"])
def test_what_is_no_sound_fails_in_plain_words(make: Make, format_: str, what: str) -> None:
    data = GARBAGE if what == "noise" else b"<html><body>Not here</body></html>\n" * 3000
    notes = Notes()
    source = Clip(data, format_)
    make(notes).play(source, play_id=1)
    problem = notes.wait_for(1, "failed").problem
    assert problem is not None
    assert problem.title == f"This is no {format_} sound"
    assert problem.hint
    assert notes.told == [(1, "failed")]
    assert source.closed.wait(WAITS)


def test_a_file_that_is_not_there_fails_in_plain_words(make: Make, tmp_path: Path) -> None:
    notes = Notes()
    make(notes).play(tmp_path / "gone.mp3", play_id=1)
    assert notes.wait_for(1, "failed").problem == Problem(
        "The sound cannot be read",
        "No such file or directory",
        notes.events[0].problem.detail if notes.events[0].problem else "",
    )


def test_an_empty_source_has_ended(make: Make) -> None:
    notes = Notes()
    make(notes).play(Clip(b"", "ogg"), play_id=1)
    notes.wait_for(1, "ended")
    assert notes.told == [(1, "ended")]


def test_a_place_that_is_broken_is_passed_over(make: Make) -> None:
    notes = Notes()
    sound = encode("mp3", 1.5)
    middle = len(sound) // 2
    make(notes).play(Clip(sound[:middle] + GARBAGE[:3000] + sound[middle:], "mp3"), play_id=1)
    notes.wait_for(1, "ended")
    assert notes.told == [(1, "started"), (1, "ended")]


def test_a_tape_that_cannot_be_read_fails(make: Make) -> None:
    notes = Notes()
    source = Clip(encode("mp3", 0.6), "mp3", error=OSError(5, "Input/output error"))
    make(notes).play(source, play_id=1)
    problem = notes.wait_for(1, "failed").problem
    assert problem is not None
    assert (problem.title, problem.hint) == ("The sound cannot be read", "Input/output error")


def test_a_fault_of_the_program_is_logged_and_told(
    make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    notes = Notes()
    source = Clip(encode("mp3", 0.6), "mp3", error=RuntimeError("a bug"))
    make(notes).play(source, play_id=1)
    problem = notes.wait_for(1, "failed").problem
    assert problem is not None
    assert "a bug" in problem.hint
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    assert "a bug" in caplog.text


@pytest.mark.parametrize("name", ["episode.mp3", "episode.m3u8", None])
def test_a_playlist_in_disguise_is_not_followed(
    make: Make, tmp_path: Path, server: Server, name: str | None
) -> None:
    url = server.url("/segment.ts")
    entry = f"#EXTINF:6,\n{url}\n"
    playlist = f"#EXTM3U\n#EXT-X-TARGETDURATION:6\n{entry * 200}#EXT-X-ENDLIST\n".encode()
    path = tmp_path / (name or "")
    if name:
        path.write_bytes(playlist)
    notes = Notes()
    engine = make(notes)
    engine.play(path if name else Clip(playlist, "mp3"), play_id=1)
    notes.wait_for(1, "failed")
    assert server.asked == []


def test_silence_keeps_the_pace_of_its_clock() -> None:
    notes = Notes()
    now = 100.0

    def wait(stopped: threading.Event, seconds: float) -> None:
        nonlocal now
        now += seconds

    engine = SilentEngine(notes, monotonic=lambda: now, wait=wait)
    engine.play(clip("opus", 3.0), play_id=1)
    notes.wait_for(1, "ended")
    assert now - 100.0 == pytest.approx(3.0, abs=0.05)
    assert engine.position == pytest.approx(3.0, abs=0.05)
    now = 0.0
    engine.play(clip("mp3", 3.0), play_id=2, rate=1.5)
    notes.wait_for(2, "ended")
    assert now == pytest.approx(2.0, abs=0.1)
    engine.close()
    assert no_threads_left()


def test_without_a_sound_device_it_goes_on_and_says_so(caplog: pytest.LogCaptureFixture) -> None:
    notes = Notes()
    engine = BuiltinEngine(notes, backend="aaudio")
    engine.play(clip(), play_id=1)
    notes.wait_for(1, "ended")
    problem = engine.silent_because
    engine.close()
    assert problem is not None
    assert problem.title == "No sound device was found"
    assert "play again" in problem.hint
    assert notes.told == [(1, "started"), (1, "ended")]


def test_vlc_without_a_sound_device_goes_on_and_says_so() -> None:
    if problem := vlc_problem():
        cannot(f"VLC's engine is left out: {problem}")
    notes = Notes()
    engine = VlcEngine(notes, options=["--aout=alsa", "--alsa-audio-device=nowhere"])
    engine.play(clip(seconds=2.0), play_id=1)
    notes.wait_for(1, "ended")
    silent_because = engine.silent_because
    engine.close()
    assert silent_because is not None
    assert silent_because.title == "No sound device was found"
    assert notes.told == [(1, "started"), (1, "ended")]


def test_the_engine_that_was_wished_for_is_made() -> None:
    engine, problem = make_engine("silent", Notes())
    assert (engine.name, problem) == ("silent", None)
    engine, problem = make_engine("builtin", Notes())
    assert (engine.name, problem) == ("builtin", None)
    engine, problem = make_engine("auto", Notes())
    assert (engine.name, problem) == ("builtin" if vlc_problem() else "vlc", None)


def test_without_vlc_the_builtin_engine_plays_and_says_why(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    missing = Problem("VLC was not found", "install it")
    monkeypatch.setattr("radiotui.audio.vlc.vlc_problem", lambda: missing)
    engine, problem = make_engine("vlc", Notes())
    assert engine.name == "builtin"
    assert problem is not None
    assert str(problem) == "VLC was not found: install it; the built-in engine plays instead"
    engine, problem = make_engine("auto", Notes())
    assert (engine.name, problem) == ("builtin", None)


def test_without_ffmpeg_nothing_is_played_and_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    for name in ("vlc", "builtin"):
        engine, problem = make_engine(name, Notes())
        assert engine.name == "silent"
        assert problem is not None
        assert problem.title == "FFmpeg cannot be loaded"
        assert problem.hint.endswith("nothing is heard")


def test_every_engine_says_how_it_is() -> None:
    reports = {report.name: report for report in engine_reports()}
    assert list(reports) == ["vlc", "builtin", "silent"]
    assert reports["vlc"].works == (vlc_problem() is None)
    assert reports["silent"].works
    for report in reports.values():
        assert report.says
        assert report.works or report.mend
