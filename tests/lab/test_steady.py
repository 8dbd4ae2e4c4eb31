"""A steady tone by ear while other programs work: nothing is torn, and what was torn is counted."""

from __future__ import annotations

import math
import subprocess
import sys
import time
import wave
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from radiotui.audio.builtin import BuiltinEngine
from radiotui.audio.engine import Engine
from radiotui.audio.libvlc import vlc_problem
from radiotui.audio.vlc import VlcEngine
from tests.ears import Notes
from tests.lab.radio_lab import RATE, Ear, PulseAudio, cannot, is_silent

HZ = 440.0
SETTLING = 5.0
"""Seconds in which an engine may find out how busy the computer is."""
STEADY = 20.0
STANDSTILL = {"builtin": 0.8, "vlc": 2.0}
"""Seconds: longer than an engine's device holds sound; VLC's holds more than a second.
After more than one the builtin engine takes it for a computer that slept."""
COUNTED_WITHIN = 5.0
_BLOCK = RATE // 100
_TORN = 0.3
"""Radians: 0.1 ms of the tone."""


@contextmanager
def busy(programs: int) -> Iterator[None]:
    """So many other programs that take all the processor they get."""
    command = [sys.executable, "-c", "while True: pass"]
    running = [subprocess.Popen(command) for _ in range(programs)]
    try:
        yield
    finally:
        for program in running:
            program.kill()
            program.wait()


def tone(path: Path, seconds: float) -> Path:
    """A file with a tone of one pitch."""
    one_second = array(
        "h", (round(9000 * math.sin(2 * math.pi * HZ * n / RATE)) for n in range(RATE))
    )
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        for _ in range(math.ceil(seconds)):
            file.writeframes(one_second.tobytes())
    return path


def torn_blocks(pcm: bytes) -> tuple[int, int]:
    """Blocks of 10 ms that are silent, and those whose tone does not go on from the last one's."""
    turns = np.exp(-2j * np.pi * HZ / RATE * np.arange(_BLOCK))
    silent = torn = 0
    before: float | None = None
    for start in range(0, len(pcm) - 2 * _BLOCK + 1, 2 * _BLOCK):
        block = pcm[start : start + 2 * _BLOCK]
        if is_silent(block):
            silent, before = silent + 1, None
            continue
        phase = float(np.angle(np.frombuffer(block, np.int16) @ turns))
        if before is not None:
            step = phase - before - 2 * math.pi * HZ * _BLOCK / RATE
            torn += abs((step + math.pi) % (2 * math.pi) - math.pi) > _TORN
        before = phase
    return silent, torn


def test_a_tone_that_is_torn_is_told_from_one_that_is_not(tmp_path: Path) -> None:
    with wave.open(str(tone(tmp_path / "tone.wav", 1.0))) as file:
        pcm = file.readframes(RATE)
    assert torn_blocks(pcm) == (0, 0)
    assert torn_blocks(pcm[: 40 * _BLOCK] + pcm[40 * _BLOCK + 60 :])[1] > 0
    assert torn_blocks(pcm[: 40 * _BLOCK] + bytes(8 * _BLOCK) + pcm[40 * _BLOCK :])[0] == 4


@pytest.mark.parametrize("programs", [1, 2])
@pytest.mark.parametrize("name", ["builtin", "vlc"])
def test_a_steady_tone_is_steady_while_others_work(
    pulse: PulseAudio, ear: Ear, tmp_path: Path, name: str, programs: int
) -> None:
    if name == "vlc" and (problem := vlc_problem()):
        cannot(f"VLC's engine is left out: {problem}")
    notes = Notes()
    engine: Engine = BuiltinEngine(notes) if name == "builtin" else VlcEngine(notes)
    with busy(programs):
        begin = time.monotonic()
        engine.play(tone(tmp_path / "tone.wav", SETTLING + STEADY + 30.0), play_id=1)
        heard_at = ear.first_sound(begin)
        settled_at = heard_at + SETTLING
        # Underruns are counted up to a second late.
        ear.record(settled_at + 1.0 - time.monotonic())
        before = engine.device_report
        ear.record(settled_at + STEADY - time.monotonic())
        report = engine.device_report
        if programs == 1:
            a_gap_is_counted(engine, pulse, ear)
        engine.close()
    assert torn_blocks(ear.heard(settled_at, settled_at + STEADY)) == (0, 0)
    assert report is not None
    assert report == before, "nothing was heard, and nothing is counted"
    silent, _ = torn_blocks(ear.heard(heard_at, settled_at))
    assert report.silence is None or abs(report.silence - silent / 100) < 0.1


def a_gap_is_counted(engine: Engine, pulse: PulseAudio, ear: Ear) -> None:
    """Assert that the engine counts a gap that is heard, after a sound server that stood still.

    VLC's device now and then holds as much as the server stands still: then nothing is heard,
    and nothing is to be counted; the server stands still once more.
    """
    for longer in (1.0, 1.5, 2.0):
        before = engine.device_report
        assert before is not None
        begin = time.monotonic()
        pulse.halt(STANDSTILL[engine.name] * longer)
        end = time.monotonic() + COUNTED_WITHIN
        while _underruns(engine) == before.underruns and time.monotonic() < end:
            ear.record(0.05)
        silent, _ = torn_blocks(ear.heard(begin, ear.now))
        assert (silent > 0) == (_underruns(engine) > before.underruns)
        if silent:
            break
    assert silent
    after = engine.device_report
    if after is not None and after.silence is not None and before.silence is not None:
        assert abs(after.silence - before.silence - silent / 100) < 0.1


def _underruns(engine: Engine) -> int:
    report = engine.device_report
    return report.underruns if report else 0
