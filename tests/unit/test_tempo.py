"""Rates that change while a sound is heard: its pitch, its length, no click, and its place."""

from __future__ import annotations

import array
import itertools
import math

import pytest

from radiotui.audio.frames import BYTES_PER_SECOND, RATE
from radiotui.audio.tempo import PlayedPlaces, Tempo

HZ = 440
LOUD = 8000
PERIOD = BYTES_PER_SECOND * 64 // 1000 // 4 * 4


def tone(seconds: float) -> bytearray:
    samples = array.array("h")
    for number in range(int(seconds * RATE)):
        value = round(LOUD * math.sin(2 * math.pi * HZ * number / RATE))
        samples.extend((value, value))
    return bytearray(samples.tobytes())


def left(pcm: bytes) -> array.array[int]:
    return array.array("h", pcm)[::2]


def bend(samples: array.array[int]) -> int:
    """The largest second difference: a click has one that no tone has."""
    return max(
        abs(before - 2 * here + after)
        for before, here, after in zip(samples, samples[1:], samples[2:], strict=False)
    )


def heard_at(rates: list[tuple[float, float]]) -> tuple[bytes, Tempo]:
    """A tone of ten seconds; each rate with the seconds that are heard at it."""
    source, tempo, heard = tone(10.0), Tempo(), b""
    for rate, seconds in rates:
        end = len(heard) + int(seconds * BYTES_PER_SECOND)
        while len(heard) < end:
            heard += tempo.take(source, PERIOD, rate)
    rate = rates[-1][0]
    while not tempo.is_over:
        heard += tempo.take(source, PERIOD, rate, is_last=True)
    return heard, tempo


def test_a_change_of_rate_neither_clicks_nor_changes_the_pitch() -> None:
    heard, tempo = heard_at([(1.0, 1.0), (1.5, 1.0), (3.0, 1.0), (0.5, 1.0), (1.0, 1.0)])
    samples = left(heard)
    # 10 s less what was heard at the other rates, of 1 s each.
    assert len(samples) / RATE == pytest.approx(10 - 1.5 - 3.0 - 0.5 + 3, abs=0.15)
    assert tempo.seconds == pytest.approx(10.0, abs=0.001)
    # A tone bends by its height times the square of its angle from one sample to the next.
    assert bend(samples) < 1.3 * LOUD * (2 * math.pi * HZ / RATE) ** 2
    for second in range(6):
        part = samples[second * RATE + RATE // 4 : (second + 1) * RATE - RATE // 4]
        crossings = sum(before < 0 <= after for before, after in itertools.pairwise(part))
        assert crossings == pytest.approx(HZ / 2, abs=2)


def test_a_sound_that_is_heard_as_it_is_stays_as_it_is() -> None:
    heard, _ = heard_at([(1.0, 1.0)])
    assert heard == bytes(tone(10.0))


@pytest.mark.parametrize("rate", [0.5, 0.7, 1.5, 3.0])
def test_the_place_is_that_of_what_was_given(rate: float) -> None:
    source, tempo, given = tone(10.0), Tempo(), 0
    while len(source) > BYTES_PER_SECOND:
        given += len(tempo.take(source, PERIOD, rate))
        assert tempo.seconds == pytest.approx(given / BYTES_PER_SECOND * rate, abs=0.05)


def test_many_small_changes_do_not_add_up() -> None:
    source, tempo = tone(10.0), Tempo()
    for number in range(60):
        tempo.take(source, PERIOD, 1.0 + number % 2)
    taken = 10.0 - len(source) / BYTES_PER_SECOND
    assert taken - 0.3 <= tempo.seconds <= taken


def test_the_place_at_the_ear_is_that_of_what_the_device_does_not_hold() -> None:
    places = PlayedPlaces()
    assert places.at(-100) == 0.0
    places.add(1000, 1.0)
    places.add(2000, 3.0)
    # Thirty seconds that were silent and are heard by nobody.
    places.add(2000, 33.0)
    places.add(3000, 34.0)
    assert [places.at(given) for given in (500, 1500, 2500, 3000, 4000)] == [
        0.5,
        2.0,
        33.5,
        34.0,
        34.0,
    ]
