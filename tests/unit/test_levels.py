"""The gauge: how loud it is at every place of a tape, whatever becomes of the tape."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from radiotui.audio.decoding import pcm_of
from radiotui.audio.frames import BYTES_PER_SECOND
from radiotui.audio.level_meter import LevelMeter, Levels
from radiotui.audio.loudness_norm import Loudness
from radiotui.radio.framing.detect import framer_for
from radiotui.radio.framing.frames import Frame
from radiotui.radio.tape.tape import Tape
from tests.sounds import encode

LEVEL = 1 - 17 / 60
"""Of the clock station's tone, 17 dB below full scale."""


def at_once(closed: threading.Event, _seconds: float) -> bool:
    """No rests."""
    return closed.is_set()


def pieces_of(codec: str, seconds: float, *, begin: float = 0.0) -> tuple[str, str, list[Frame]]:
    body = encode(codec, seconds, begin=begin)
    framer = framer_for("", body[:8192])
    assert framer is not None
    return framer.format, framer.codec, [*framer.feed(body), *framer.flush()]


def until(wanted: Callable[[], object]) -> None:
    for _ in range(6000):
        if wanted():
            return
        time.sleep(0.005)
    raise AssertionError("it did not come to be")


@pytest.fixture
def tape(tmp_path: Path):
    tape = Tape(tmp_path)
    yield tape
    tape.close()


@pytest.fixture
def level_meter(tape: Tape):
    made: list[LevelMeter] = []

    def make(**more: object) -> LevelMeter:
        made.append(LevelMeter(tape, wait=at_once, **more))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for one in made:
        one.close()
    until(lambda: not any(meter.is_running for meter in made))


def put(tape: Tape, codec: str = "mp3", seconds: float = 8.0) -> None:
    format_, name, pieces = pieces_of(codec, seconds)
    tape.connect(format_, name)
    tape.append(pieces)


def test_the_level_stands_at_its_place(tape: Tape, level_meter):
    put(tape)
    tape.finish()
    found = level_meter()
    until(lambda: found.level_at(7.5) is not None)
    assert found.level_at(4.0) == pytest.approx(LEVEL, abs=0.02)
    assert found.level_at(-1.0) is None
    assert found.level_at(60.0) is None


def test_the_loudness_is_known_after_some_seconds(tape: Tape, level_meter):
    put(tape)
    found = level_meter()
    until(lambda: found.loudness and found.loudness.seconds > 5)
    assert found.loudness.lufs == pytest.approx(-14.6, abs=0.3)
    assert found.loudness.peak_db == pytest.approx(-13.9, abs=0.3)


def test_it_follows_what_comes(tape: Tape, level_meter):
    put(tape)
    found = level_meter()
    until(lambda: found.level_at(6.0) is not None)
    tape.append(pieces_of("mp3", 8.0)[2])
    until(lambda: found.level_at(15.0) is not None)


def test_it_goes_on_with_another_codec_after_a_reconnect(tape: Tape, level_meter):
    put(tape, "mp3")
    put(tape, "aac")
    put(tape, "opus")
    tape.finish()
    found = level_meter(back=math.inf)
    until(lambda: found.level_at(23.0) is not None)
    for at in (4.0, 12.0, 20.0):
        assert found.level_at(at) == pytest.approx(LEVEL, abs=0.02)


def test_sound_that_cannot_be_decoded_does_not_end_it(tape: Tape, level_meter):
    put(tape)
    tape.connect("aac", "AAC")
    tape.append([Frame(bytes(400), 0.02, start=True) for _ in range(100)])
    found = level_meter(back=math.inf)
    put(tape)

    further, looks = pieces_of("mp3", 1.0)[2], count()

    def is_followed_again() -> bool:
        # What comes after it has given up on the rest, at a pace that a busy computer keeps.
        if next(looks) % 20 == 0:
            tape.append(further)
        return found.level_at(tape.end - 2.0) is not None

    until(is_followed_again)


def test_it_begins_a_minute_back_and_a_story_from_its_beginning(tape: Tape, level_meter):
    put(tape, "mp3", 90.0)
    tape.finish()
    radio, story = level_meter(), level_meter(back=math.inf)
    until(lambda: radio.level_at(89.0) is not None and story.level_at(89.0) is not None)
    assert radio.level_at(20.0) is None
    assert radio.level_at(35.0) is not None
    assert story.level_at(5.0) is not None


def test_what_was_known_counts_until_more_is(tape: Tape, level_meter):
    put(tape)
    found = level_meter(earlier=Loudness(-26.0, -10.0, 600.0))
    assert found.loudness == Loudness(-26.0, -10.0, 600.0)
    until(lambda: found.loudness.seconds > 605)
    assert -26.0 < found.loudness.lufs < -25.0
    assert found.loudness.peak_db == -10.0


def tone(seconds: float, amplitude: int) -> bytes:
    """PCM of a tone of 1000 Hz on both channels."""
    period = [round(amplitude * math.sin(math.tau * sample / 48)) for sample in range(48)]
    frames = b"".join(value.to_bytes(2, "little", signed=True) * 2 for value in period)
    return frames * round(seconds * 1000)


def hand_over(tape: Tape, meter: LevelMeter, at: float) -> Callable[[bytes], None]:
    """Let a play begin at a place, and the meter take its PCM from there on."""
    play = meter.tap(at)
    play(tone(0.1, 1000))
    put(tape)
    until(lambda: not meter.is_following)
    return play


def test_it_measures_the_sound_of_a_play_and_decodes_nothing_more(tape: Tape, level_meter):
    put(tape)
    meter = level_meter()
    play = hand_over(tape, meter, 20.0)
    before = meter.loudness.seconds
    tape.append(pieces_of("mp3", 8.0)[2])
    play(tone(5.0, 16384))
    assert meter.level_at(24.5) == pytest.approx(1 - 9 / 60, abs=0.01)
    assert meter.level_at(25.5) is None
    assert meter.loudness.seconds == pytest.approx(before + 5, abs=1)
    assert meter.loudness.peak_db == pytest.approx(-6.0, abs=0.1)


def test_what_is_heard_again_counts_once_for_the_loudness(tape: Tape, level_meter):
    put(tape)
    meter = level_meter()
    hand_over(tape, meter, 20.0)(tone(5.0, 1000))
    before = meter.loudness
    meter.tap(20.0)(tone(5.0, 16384))
    assert meter.loudness == before
    assert meter.level_at(22.5) == pytest.approx(1 - 9 / 60, abs=0.01)


def test_it_follows_the_tape_again_where_a_play_gives_no_pcm(tape: Tape, level_meter):
    put(tape)
    meter = level_meter()
    hand_over(tape, meter, tape.end)
    meter.tap(tape.end)
    until(lambda: meter.is_following)
    put(tape)
    until(lambda: meter.level_at(tape.end - 1.0) is not None)


def test_whoever_decodes_a_tape_shares_its_pcm(tape: Tape):
    put(tape)
    tape.finish()
    reader = tape.open_at(2.0)
    shared: list[bytes] = []
    reader.on_pcm = shared.append
    assert list(pcm_of(reader)) == shared
    assert len(b"".join(shared)) == pytest.approx(6 * BYTES_PER_SECOND, rel=0.02)


def test_a_tape_that_is_thrown_away_ends_it(tape: Tape):
    put(tape)
    found = LevelMeter(tape, wait=at_once)
    until(lambda: found.level_at(5.0) is not None)
    tape.close()
    until(lambda: not found.is_running)
    assert found.level_at(5.0) is not None


def test_the_oldest_levels_go_first():
    levels = Levels(10.0)
    for place in range(150):
        levels.put(place, place / 150)
    assert levels.level_at(4.95) is None
    assert levels.level_at(5.05) == pytest.approx(50 / 150, abs=0.01)
    assert levels.level_at(14.95) == pytest.approx(149 / 150, abs=0.01)
    assert levels.level_at(15.05) is None


def test_what_is_skipped_is_silent_and_what_is_far_begins_anew():
    levels = Levels(10.0)
    levels.put(0, 1.0)
    levels.put(5, 1.0)
    assert [levels.level_at(at) for at in (0.05, 0.35, 0.55)] == [1.0, 0.0, 1.0]
    levels.put(5000, 0.5)
    assert levels.level_at(0.05) is None
    assert levels.level_at(500.05) == pytest.approx(0.5, abs=0.01)
