"""How loud a stream is, and what brings it to where the others are."""

from __future__ import annotations

import math
import re
import subprocess
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiotui.audio.loudness_norm import TARGET_LUFS, Loudness, LoudnessMeter, gain_towards

RATE = 48_000
TENTH = RATE // 10


def tone(seconds: float, loudness: float, hz: float = 997.0) -> bytes:
    angles = 2 * math.pi * hz * np.arange(round(seconds * RATE)) / RATE
    return (loudness * 32767 * np.sin(angles)).astype("<i2").repeat(2).tobytes()


def noise(seconds: float, loudness: float) -> bytes:
    wide = round(loudness * 32767)
    size = round(seconds * RATE) * 2
    return np.random.default_rng(1).integers(-wide, wide, size, "<i2", endpoint=True).tobytes()


def measured(pcm: bytes) -> Loudness | None:
    meter = LoudnessMeter()
    for at in range(0, len(pcm), TENTH * 4):
        meter.push(pcm[at : at + TENTH * 4])
    return meter.loudness(len(pcm) / 4 / RATE)


def by_ffmpeg(pcm: bytes) -> tuple[float, float]:
    told = subprocess.run(
        ["ffmpeg", "-hide_banner", "-nostats", "-f", "s16le", "-ar", str(RATE), "-ac", "2",
         "-i", "-", "-af", "ebur128=peak=sample", "-f", "null", "-"],
        input=pcm, capture_output=True, check=True,
    ).stderr.decode()  # fmt: skip
    summary = told[told.index("Summary:") :]
    lufs, peak = re.search(r"I:\s+(\S+) LUFS", summary), re.search(r"Peak:\s+(\S+) dBFS", summary)
    assert lufs is not None
    assert peak is not None
    return float(lufs[1]), float(peak[1])


@pytest.mark.parametrize(
    "pcm",
    [
        tone(6, 0.1),
        tone(6, 0.9),
        noise(6, 0.5),
        # Silence between words counts for nothing.
        tone(3, 0.3) + tone(6, 0.0) + tone(3, 0.3),
        tone(4, 0.02) + noise(4, 0.4),
    ],
    ids=["soft", "loud", "noise", "with silence", "two parts"],
)
def test_it_is_as_loud_as_others_find_it(pcm: bytes):
    found = measured(pcm)
    assert found is not None
    lufs, peak = by_ffmpeg(pcm)
    assert found.lufs == pytest.approx(lufs, abs=0.3)
    assert found.peak_db == pytest.approx(peak, abs=0.2)


def test_silence_is_not_measured_and_not_made_louder():
    assert measured(tone(5, 0.0)) is None
    assert gain_towards(None) == 0.0
    assert gain_towards(Loudness(-70.0, -60.0, 60.0)) == 0.0


def test_a_second_of_sound_says_nothing_of_the_rest():
    assert gain_towards(Loudness(-10.0, -1.0, 1.0)) == 0.0
    assert gain_towards(Loudness(-10.0, -1.0, 10.0)) == -8.0


@given(lufs=st.floats(-60, 0), over=st.floats(0, 40))
def test_nothing_clips_and_nothing_is_louder_than_the_others(lufs: float, over: float):
    peak = min(0.0, lufs + over)
    gain = gain_towards(Loudness(lufs, peak, 60.0))
    assert -20.0 <= gain <= 12.0
    assert gain == -20.0 or peak + gain <= -1.0 + 1e-9
    assert gain == -20.0 or lufs + gain <= TARGET_LUFS + 1e-9


def test_what_was_found_another_time_and_now_counts_by_its_length():
    before, now = Loudness(-20.0, -3.0, 300.0), Loudness(-14.0, -6.0, 100.0)
    both = before + now
    assert both.seconds == 400.0
    assert both.peak_db == -3.0
    assert -18.2 < both.lufs < -17.2
    assert Loudness(-20.0, -3.0, 90_000.0).faded.seconds == 1200.0


def test_what_is_louder_than_the_target_comes_down_to_it(tmp_path: Path):
    pcm = noise(6, 0.8)
    found = measured(pcm)
    factor = 10 ** (gain_towards(found) / 20)
    even = (np.frombuffer(pcm, "<i2") * factor).astype("<i2").tobytes()
    assert by_ffmpeg(even)[0] == pytest.approx(TARGET_LUFS, abs=0.3)
