"""The lab itself: what its ears say of sound that is known."""

from __future__ import annotations

import math
import time
from array import array

import pytest

from tests.lab.radio_lab import (
    RATE,
    Icecast,
    PulseAudio,
    is_silent,
    loudest_hz,
    second_heard,
)


def clock(begin: float, seconds: float) -> bytes:
    samples = array("h")
    for index in range(int(seconds * RATE)):
        second = begin + index / RATE
        hz = 400 + 20 * math.floor(second % 60)
        samples.append(int(9000 * math.sin(2 * math.pi * hz * second)))
    return samples.tobytes()


@pytest.mark.parametrize("begin", [0.0, 7.3, 31.85, 59.5])
def test_the_clock_is_read_to_some_hundredths(begin: float) -> None:
    heard = second_heard(clock(begin, 1.4))
    assert heard is not None
    assert abs((heard - begin + 30) % 60 - 30) < 0.06


def test_half_a_second_tells_the_whole_second() -> None:
    assert second_heard(clock(12.1, 0.5)) == 12.0


def test_the_pitch_is_told_to_a_hertz() -> None:
    heard = loudest_hz(clock(2.0, 0.9))
    assert heard is not None
    assert abs(heard - 440) < 1


def test_silence_and_noise_are_no_clock() -> None:
    assert is_silent(bytes(RATE))
    assert loudest_hz(bytes(RATE)) is None
    assert second_heard(bytes(RATE)) is None
    wave = [int(9000 * math.sin(2 * math.pi * 3111 * index / RATE)) for index in range(RATE)]
    assert second_heard(array("h", wave).tobytes()) is None


def test_the_sound_server_comes_back_after_it_was_killed() -> None:
    with PulseAudio() as pulse:
        assert "test" in pulse.control("list", "sinks", "short")
        pulse.kill()
        assert not pulse.control("info")
        pulse.start()
        assert "test" in pulse.control("list", "sinks", "short")


def test_a_station_is_heard_again_after_it_was_killed(icecast: Icecast) -> None:
    with icecast.source("/clock.mp3", "mp3") as source:
        icecast.set_title("/clock.mp3", "Nina Simone - Sinnerman")
        assert icecast.has("/clock.mp3")
        icecast.kill()
        assert not icecast.has("/clock.mp3")
        icecast.start()
        source.stop()
        began = time.monotonic()
        source.start()
        assert source.began_at >= began
        assert icecast.has("/clock.mp3")


@pytest.mark.parametrize("codec", ["mp3", "aac", "opus", "vorbis"])
def test_every_codec_goes_on_the_air(icecast: Icecast, codec: str) -> None:
    with icecast.source("/clock", codec):
        assert icecast.has("/clock")
    assert not icecast.has("/clock")
