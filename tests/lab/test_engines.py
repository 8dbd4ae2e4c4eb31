"""The engines by ear: a real sound server, and what arrives there."""

from __future__ import annotations

import ctypes
import math
import time
from array import array
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from radiotui.audio.builtin import BuiltinEngine
from radiotui.audio.engine import Engine, OnEvent
from radiotui.audio.libvlc import vlc_problem
from radiotui.audio.vlc import VlcEngine
from tests.ears import WAITS, Clip, Make, Notes, no_threads_left
from tests.lab.radio_lab import (
    RATE,
    Ear,
    PulseAudio,
    cannot,
    is_silent,
    loudest_hz,
    second_heard,
    until,
)
from tests.sounds import encode, tone_at

FORMATS = {"mp3": "mp3", "aac": "aac", "opus": "ogg", "vorbis": "ogg", "flac": "ogg"}


@pytest.fixture(params=["builtin", "vlc"])
def make(request: pytest.FixtureRequest, pulse: PulseAudio) -> Iterator[Make]:
    if request.param == "vlc" and (problem := vlc_problem()):
        cannot(f"VLC's engine is left out: {problem}")
    made: list[Engine] = []

    def make(on_event: OnEvent) -> Engine:
        engine = BuiltinEngine(on_event) if request.param == "builtin" else VlcEngine(on_event)
        made.append(engine)
        return engine

    yield make
    for engine in made:
        engine.close()
    assert no_threads_left()
    until(lambda: not pulse.players, what="nobody holds the sound device")


def hold_interpreter(seconds: float) -> None:
    """Let no other Python run, as one long call of C does; for longer than a device plays on."""
    ctypes.PyDLL(None).usleep(int(seconds * 1_000_000))


def clip(codec: str, seconds: float, *, begin: float = 0.0, live: bool = False) -> Clip:
    return Clip(encode(codec, seconds, begin=begin), FORMATS[codec], live=live)


@pytest.mark.parametrize("codec", FORMATS)
def test_every_codec_is_heard_at_its_pitch_from_its_first_second_on(
    make: Make, ear: Ear, codec: str
) -> None:
    notes = Notes()
    begin = time.monotonic()
    make(notes).play(clip(codec, 2.5, begin=17.0), play_id=1)
    notes.wait_for(1, "ended")
    heard_at = ear.first_sound(begin)
    pcm = ear.heard(heard_at + 0.1, heard_at + 0.8)
    hz = loudest_hz(pcm)
    assert hz is not None
    assert abs(hz - tone_at(17)) < 3
    assert second_heard(pcm) == 17.0
    # Nothing is swallowed and nothing is inserted: the next seconds stand where they belong.
    for after in (1.0, 2.0):
        pcm = ear.heard(heard_at + after + 0.15, heard_at + after + 0.45)
        assert second_heard(pcm) == 17.0 + after
    lasted = ear.first_silence(heard_at + 0.3) - heard_at
    assert abs(lasted - 2.5) < 0.3


@pytest.mark.parametrize(("codec", "name"), [("mp3", "a.mp3"), ("opus", "a.opus"), ("flac", "b")])
def test_a_file_is_heard(make: Make, ear: Ear, tmp_path: Path, codec: str, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(encode(codec, 2.2, begin=5.0))
    notes = Notes()
    begin = time.monotonic()
    make(notes).play(path, play_id=1)
    notes.wait_for(1, "ended")
    heard_at = ear.first_sound(begin)
    for second in (5.0, 6.0):
        place = heard_at + second - 5.0
        assert second_heard(ear.heard(place + 0.15, place + 0.65)) == second


def test_volume_and_mute_are_heard_at_once(make: Make, ear: Ear) -> None:
    notes = Notes()
    engine = make(notes)
    engine.volume = 0
    begin = time.monotonic()
    engine.play(clip("mp3", 30.0, live=True), play_id=1)
    notes.wait_for(1, "started")
    assert is_silent(ear.record(1.0)), "silent from the first sample on"
    engine.volume = 100
    ear.first_sound(begin)
    for hush, speak in (
        (lambda: setattr(engine, "muted", True), lambda: setattr(engine, "muted", False)),
        (lambda: setattr(engine, "volume", 0), lambda: setattr(engine, "volume", 100)),
    ):
        hush()
        silent_at = ear.first_silence(time.monotonic(), seconds=1.0)
        assert is_silent(ear.record(0.5))
        speak()
        ear.first_sound(silent_at + 0.5, seconds=2.0)


def test_half_the_volume_and_gain_sound_the_same_in_every_engine(make: Make, ear: Ear) -> None:
    notes = Notes()
    engine = make(notes)
    levels = []
    for load, (volume, gain_db) in enumerate([(100, 0.0), (50, 0.0), (100, -6.0), (50, 6.0)]):
        engine.volume = volume
        begin = time.monotonic()
        engine.play(clip("mp3", 1.2), play_id=load, gain_db=gain_db)
        notes.wait_for(load, "ended")
        heard_at = ear.first_sound(begin)
        levels.append(_decibels(ear.heard(heard_at + 0.2, heard_at + 0.8)))
    against_full = [level - levels[0] for level in levels]
    assert against_full == pytest.approx([0.0, -18.1, -6.0, -12.1], abs=0.7)


def test_what_was_replaced_never_sounds(make: Make, ear: Ear) -> None:
    notes = Notes()
    engine = make(notes)
    engine.prepare()
    replaced = [clip("mp3", 5.0, begin=begin, live=True) for begin in (10.0, 20.0, 30.0)]
    last = clip("opus", 2.0, begin=40.0)
    begin = time.monotonic()
    for load, source in enumerate(replaced):
        engine.play(source, play_id=load)
        if load == 1:
            engine.stop()
    engine.play(last, play_id=9)
    notes.wait_for(9, "ended")
    heard_at = ear.first_sound(begin)
    heard = [
        second_heard(ear.heard(heard_at + place, heard_at + place + 0.12))
        for place in (0.02, 0.3, 0.6)
    ]
    assert heard == [40.0, 40.0, 40.0]
    assert [load for load, kind in notes.told if kind != "started"] == [9]


def test_stop_is_heard_at_once_and_the_next_play_soon(make: Make, ear: Ear) -> None:
    notes = Notes()
    engine = make(notes)
    begin = time.monotonic()
    engine.play(clip("mp3", 30.0, live=True), play_id=1)
    ear.first_sound(begin)
    engine.stop()
    silent_at = ear.first_silence(time.monotonic(), seconds=1.0)
    assert is_silent(ear.record(0.4))
    engine.play(clip("mp3", 30.0, begin=33.0, live=True), play_id=2)
    heard_at = ear.first_sound(silent_at + 0.3)
    ear.record(0.5)
    assert second_heard(ear.heard(heard_at + 0.05, heard_at + 0.45)) == 33.0


@pytest.mark.parametrize("codec", ["mp3", "aac", "opus"])
def test_the_position_is_what_is_heard(make: Make, ear: Ear, codec: str) -> None:
    notes = Notes()
    engine = make(notes)
    source = clip(codec, 40.0, begin=3.0, live=True)
    begin = time.monotonic()
    engine.play(source, play_id=1)
    heard_at = ear.first_sound(begin)
    for _ in range(4):
        time.sleep(0.7)
        told, now = 3.0 + engine.position, time.monotonic()
        second = ear.second_at(now)
        assert second is not None
        assert abs(told - second) < 0.5
        # Nothing of what is there in plenty is hurried or dropped.
        assert abs(3.0 + (now - heard_at) - second) < 0.5


@pytest.mark.parametrize("codec", ["mp3", "opus"])
def test_at_a_faster_rate_more_is_heard_at_the_same_pitch(make: Make, ear: Ear, codec: str) -> None:
    notes = Notes()
    engine = make(notes)
    source = clip(codec, 40.0, live=True)
    begin = time.monotonic()
    engine.play(source, play_id=1, rate=1.5)
    heard_at = ear.first_sound(begin)
    for _ in range(4):
        time.sleep(0.7)
        told, now = engine.position, time.monotonic()
        ear.record(0.2)
        second = second_heard(ear.heard(now, now + 0.2))
        assert second is not None
        # Against the middle of the second that is heard, whose fraction is not.
        assert abs(told - (second + 0.5)) < 0.5 + 0.5
        assert abs((now - heard_at) * 1.5 - (second + 0.5)) < 0.5 + 0.5


def test_the_position_stands_still_while_nothing_comes(make: Make, ear: Ear) -> None:
    notes = Notes()
    engine = make(notes)
    whole = encode("mp3", 6.0, begin=50.0)
    source = Clip(whole[: len(whole) // 3], "mp3", live=True)
    begin = time.monotonic()
    engine.play(source, play_id=1)
    heard_at = ear.first_sound(begin)
    silent_at = ear.first_silence(heard_at + 0.5)
    time.sleep(1.5)
    stood = engine.position
    assert abs(stood - (silent_at - heard_at)) < 1.2
    source.more(whole[len(whole) // 3 :])
    heard_at = ear.first_sound(silent_at + 0.2)
    ear.record(1.0)
    # A busy machine may stutter once more: the first clear word counts.
    spans = [(heard_at + at / 10, heard_at + at / 10 + 0.2) for at in range(3, 8)]
    seconds = [second_heard(ear.heard(*span)) for span in spans]
    assert next(filter(None, seconds), None) in {51.0, 52.0}, "it goes on where it stopped"


def test_the_middle_of_an_ogg_counts_from_its_own_beginning(make: Make, ear: Ear) -> None:
    whole = encode("opus", 40.0, page_ms=200)
    pages = [b"OggS" + page for page in whole.split(b"OggS")[1:]]
    headers, sound = pages[:2], pages[2:]
    notes = Notes()
    engine = make(notes)
    begin = time.monotonic()
    engine.play(Clip(b"".join([*headers, *sound[len(sound) // 2 :]]), "ogg", live=True), play_id=1)
    heard_at = ear.first_sound(begin)
    time.sleep(2.0)
    told, now = engine.position, time.monotonic()
    assert abs(told - (now - heard_at)) < 0.5
    second = second_heard(ear.heard(heard_at + 0.3, heard_at + 0.9))
    assert second is not None
    assert 19.0 <= second <= 21.0


def test_the_device_is_let_go_some_time_after_the_last_sound(pulse: PulseAudio) -> None:
    notes = Notes()
    with closing(BuiltinEngine(notes, idle=0.2)) as engine:
        engine.prepare()
        until(lambda: pulse.players, what="the device is opened before anything is played")
        until(lambda: not pulse.players, what="and let go when nothing comes")
        for load in (1, 2):
            engine.play(clip("mp3", 0.5), play_id=load)
            notes.wait_for(load, "started")
            assert pulse.players
            notes.wait_for(load, "ended")
            until(lambda: not pulse.players, what="the device is let go")
        others = pulse.control("list", "clients", "short").splitlines()
        engine.prepare()
        until(lambda: pulse.players, what="it is opened again")
        until(lambda: not pulse.players, what="and let go again")
        assert len(pulse.control("list", "clients", "short").splitlines()) <= len(others)
    assert no_threads_left()


def test_the_device_is_kept_while_something_plays(ear: Ear) -> None:
    with closing(BuiltinEngine(Notes(), idle=0.2)) as engine:
        nothing, much = Clip(b"", "mp3", live=True), clip("mp3", 20.0, live=True)
        engine.play(nothing, play_id=1)
        assert nothing.waiting.wait(WAITS)
        begin = time.monotonic()
        engine.play(much, play_id=2)
        ear.first_sound(begin)
        pcm = ear.record(1.5)
        step = RATE // 10 * 2
        assert not any(is_silent(pcm[at : at + step]) for at in range(0, len(pcm) - step, step))
    assert no_threads_left()


@pytest.mark.parametrize("gone_for_long", [False, True])
def test_the_sound_comes_back_when_the_sound_server_does(gone_for_long: bool) -> None:
    source = clip("mp3", 40.0, live=True)
    notes = Notes()
    with PulseAudio() as pulse, closing(BuiltinEngine(notes)) as engine:
        begin = time.monotonic()
        engine.play(source, play_id=1)
        pulse.ear.first_sound(begin)
        pulse.kill()
        if gone_for_long:
            until(lambda: engine.silent_because, what="it says that there is no device")
        begin = time.monotonic()
        pulse.start()
        pulse.ear.first_sound(begin)
        assert engine.silent_because is None
        assert notes.told == [(1, "started")]
    assert no_threads_left()


def test_a_device_that_runs_dry_becomes_longer_and_no_sound_is_lost(ear: Ear) -> None:
    with closing(BuiltinEngine(Notes())) as engine:
        begin = time.monotonic()
        engine.play(clip("mp3", 30.0), play_id=1)
        heard_at = ear.first_sound(begin)
        at_first = ear.second_at(heard_at + 0.3)
        period = engine.device_report.period_ms
        # Twice is enough; on a busy computer a stop may last so long that it counts as a sleep.
        for _ in range(4):
            ear.record(3.0)  # two windows of the meter: what was silent is counted by then
            if engine.device_report.period_ms > period:
                break
            hold_interpreter(0.5)
        until(lambda: engine.device_report.period_ms > period, what="the period is longer")
        later = time.monotonic() + 0.5
        at_last = ear.second_at(later)
        report = engine.device_report
    assert report.underruns >= 2
    assert at_first is not None
    assert at_last is not None
    # What follows is late by the silence, and by no more: nothing was left out or came twice.
    late = (later - heard_at - 0.3) - (at_last - at_first)
    assert abs(late - report.silence) < 0.1
    assert no_threads_left()


def test_vlc_tells_that_the_sound_server_went_away() -> None:
    if problem := vlc_problem():
        cannot(f"VLC's engine is left out: {problem}")
    notes = Notes()
    with PulseAudio() as pulse, closing(VlcEngine(notes)) as engine:
        begin = time.monotonic()
        engine.play(clip("mp3", 60.0, live=True), play_id=1)
        pulse.ear.first_sound(begin)
        pulse.kill()
        until(lambda: engine.silent_because, what="it says that there is no device")
        notes.wait_for(1, "unheard")
        pulse.start()
        begin = time.monotonic()
        engine.play(clip("mp3", 60.0, live=True), play_id=2)
        pulse.ear.first_sound(begin)
        until(lambda: engine.silent_because is None, what="it says that it is heard")
    assert no_threads_left()


def _decibels(pcm: bytes) -> float:
    samples = array("h", pcm)
    return 10 * math.log10(sum(sample * sample for sample in samples) / len(samples))
