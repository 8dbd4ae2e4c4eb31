"""Underruns of a device are told from late answers by the pace of its questions."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from radiotui.audio.underruns import UnderrunMeter

PERIOD = 0.012


class Device:
    """A device that plays ``held`` seconds of sound at most, and asks for what it lacks."""

    def __init__(self, meter: UnderrunMeter, held: float = 3 * PERIOD) -> None:
        self.meter, self.held = meter, held
        self.at, self.level, self.silence = 100.0, 0.0, 0.0
        self.underruns = 0

    def play(self, seconds: float, *, late: float = 0.0) -> None:
        """Let time pass; ``late`` is how long the program does not answer, at first."""
        self._pass(late)
        end = self.at + seconds
        while self.at < end:
            while self.level <= self.held - PERIOD:
                self.level += PERIOD
                self.underruns += self.meter.answer(self.at, PERIOD)
            self._pass(PERIOD / 4)

    def _pass(self, seconds: float) -> None:
        self.at += seconds
        if self.level < seconds:
            self.silence += seconds - self.level
        self.level = max(0.0, self.level - seconds)


def test_a_device_that_never_ran_dry_counts_nothing():
    meter = UnderrunMeter()
    Device(meter).play(60.0)
    assert (meter.count, meter.silence) == (0, 0.0)


@given(st.lists(st.floats(0.0, 1.7 * PERIOD), max_size=20))
def test_a_late_answer_that_the_device_bridged_counts_nothing(delays: list[float]):
    meter = UnderrunMeter()
    device = Device(meter)
    device.play(1.0)
    for late in delays:
        device.play(0.2, late=late)
    assert device.silence == 0.0
    assert meter.count == 0


@given(st.lists(st.floats(0.05, 0.9), min_size=1, max_size=10))
def test_each_silence_is_counted_at_its_length(delays: list[float]):
    meter = UnderrunMeter()
    device = Device(meter)
    device.play(2.0)
    for late in delays:
        device.play(2.0, late=late)
    assert meter.count == device.underruns == len(delays)
    assert abs(meter.silence - device.silence) < 0.01 * len(delays)


def test_questions_that_are_late_by_some_milliseconds_count_nothing():
    """A device that asks seldom, on a busy computer: in some windows every question is late."""
    meter = UnderrunMeter()
    period = 0.128
    lateness = [0.0, 0.0, 0.007, 0.008, 0.0, 0.006]
    for number in range(600):
        meter.answer(100.0 + number * period + lateness[number // 12 % 6], period)
    assert (meter.count, meter.silence) == (0, 0.0)


def test_a_computer_that_slept_is_no_underrun():
    meter = UnderrunMeter()
    device = Device(meter)
    device.play(2.0)
    device.play(2.0, late=8 * 3600.0)
    assert meter.count == 0


def test_a_pause_of_what_is_played_is_no_underrun():
    meter = UnderrunMeter()
    device = Device(meter)
    device.play(2.0)
    meter.reset()
    device.play(2.0, late=0.8)
    assert meter.count == 0


def test_clocks_that_drift_apart_count_nothing():
    """A sound card that is 200 millionths slower than the computer."""
    meter = UnderrunMeter()
    times = [100.0 + number * PERIOD * 1.0002 for number in range(20_000)]
    counts = [meter.answer(at, PERIOD) for at, _ in pairwise(times)]
    assert not any(counts)
