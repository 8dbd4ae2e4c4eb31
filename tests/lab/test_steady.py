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
        engine.play(tone(tmp_path / "tone.wav", SETTLING + STEADY + 5.0), play_id=1)
        heard_at = ear.first_sound(begin)
        settled_at = heard_at + SETTLING
        ear.record(settled_at + STEADY - time.monotonic())
        engine.close()
    assert torn_blocks(ear.heard(settled_at, settled_at + STEADY)) == (0, 0)
    if engine.device_report is not None:
        silent, _ = torn_blocks(ear.heard(heard_at, settled_at))
        assert abs(engine.device_report.silence - silent / 100) < 0.1
