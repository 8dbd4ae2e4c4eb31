"""Sound without its silence and at a gain: what is left of it, and the places of that."""

from __future__ import annotations

import array
import itertools
import math
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from radiotui.audio.decoding import pcm_of
from radiotui.audio.engine import Bytes
from radiotui.audio.file_source import FileSource
from radiotui.audio.frames import BYTES_PER_SECOND, RATE, SAMPLE_BYTES
from radiotui.audio.level_meter import LevelMeter
from radiotui.audio.shaped_sound import ShapedSound, SoundShape
from tests.sounds import encode

FRAME = 1152 * SAMPLE_BYTES
FULL = 32_767


def noise(seed: int, *parts: tuple[float, bool]) -> bytes:
    """Noise of which each sample is found again, and silence, each for so many seconds."""
    rng, samples = random.Random(seed), array.array("h")
    for seconds, is_loud in parts:
        for _ in range(int(seconds * RATE)):
            value = rng.randint(-9000, 9000) if is_loud else 0
            samples.extend((value, value))
    return samples.tobytes()


def tone(seconds: float, height: int) -> bytes:
    samples = array.array("h")
    for number in range(int(seconds * RATE)):
        value = round(height * math.sin(2 * math.pi * 440 * number / RATE))
        samples.extend((value, value))
    return samples.tobytes()


def frames(pcm: bytes) -> Iterator[bytes]:
    for start in range(0, len(pcm), FRAME):
        yield pcm[start : start + FRAME]


def heard(pcm: bytes, shape: SoundShape, at: float = 0.0) -> tuple[bytes, ShapedSound]:
    sound = ShapedSound(frames(pcm), at, shape, None)
    return b"".join(sound), sound


def left(pcm: bytes) -> array.array[int]:
    return array.array("h", pcm)[::2]


SPEECH = noise(
    *(7, (1.0, True), (2.0, False), (1.5, True), (0.2, False)),
    *((0.7, True), (5.0, False), (1.0, True), (0.6, False), (2.0, True)),
)


def test_without_silence_what_is_heard_is_where_it_was() -> None:
    pcm, sound = heard(SPEECH, SoundShape(skips_silence=True), at=100.0)
    # Of three pauses 0.3 s are left; the one of 0.2 s is no silence.
    assert len(pcm) / BYTES_PER_SECOND == pytest.approx(6.2 + 0.2 + 3 * 0.3, abs=0.1)
    step = BYTES_PER_SECOND // 10 // SAMPLE_BYTES * SAMPLE_BYTES
    for start in range(0, len(pcm) - step, step):
        word = pcm[start : start + 400]
        place = SPEECH.find(word)
        if word.count(0) < 300:
            assert place % SAMPLE_BYTES == 0
            told = sound.place_of(start / BYTES_PER_SECOND)
            assert told == pytest.approx(100.0 + place / BYTES_PER_SECOND, abs=0.025)
    assert sound.place_of(len(pcm) / BYTES_PER_SECOND) == pytest.approx(114.0, abs=0.025)


def test_silence_is_skipped_and_heard_again_while_it_plays() -> None:
    shape, heard_seconds = SoundShape(), []
    sound = ShapedSound(frames(SPEECH * 3), 0.0, shape, None)
    pieces, seconds = iter(sound), 0.0
    for skips, until in ((False, 14.0), (True, 28.0), (False, 42.0)):
        shape.skips_silence = skips
        begin = seconds
        while sound.place_of(seconds) < until and (piece := next(pieces, b"")):
            seconds += len(piece) / BYTES_PER_SECOND
        heard_seconds.append(seconds - begin)
    assert heard_seconds == pytest.approx([14.0, 7.3, 14.0], abs=0.6)


def test_as_it_is_nothing_changes() -> None:
    pcm, sound = heard(SPEECH, SoundShape(), at=3.0)
    assert pcm == SPEECH
    assert sound.place_of(2.5) == 5.5


@pytest.mark.parametrize("gain_db", [-6.0, 3.0])
def test_a_gain_is_there_from_the_first_sample_on(gain_db: float) -> None:
    source = tone(2.0, 8000)
    pcm, sound = heard(source, SoundShape(gain_db=gain_db))
    assert len(pcm) == len(source)
    for part in (left(pcm)[:4800], left(pcm)[-4800:]):
        assert max(part) == pytest.approx(8000 * 10 ** (gain_db / 20), rel=0.02)
    assert sound.place_of(1.0) == 1.0


def test_what_a_gain_would_clip_is_limited() -> None:
    pcm, _ = heard(tone(2.0, 20_000), SoundShape(gain_db=12.0))
    samples = left(pcm)
    assert 0.8 * FULL < max(samples) <= 0.9 * FULL
    # A clipped tone stands still at its top; this one is as round as it was.
    bends = [
        abs(before - 2 * here + after)
        for before, here, after in zip(samples, samples[1:], samples[2:], strict=False)
    ]
    assert max(bends[RATE:]) < 1.2 * 0.9 * FULL * (2 * math.pi * 440 / RATE) ** 2


def test_another_gain_is_reached_slowly_and_without_a_click() -> None:
    shape, pcm = SoundShape(), b""
    for number, piece in enumerate(ShapedSound(frames(tone(4.0, 8000)), 0.0, shape, None)):
        shape.gain_db = 6.0 if number > 40 else 0.0
        pcm += piece
    samples = left(pcm)
    heights = [max(samples[at : at + RATE // 10]) for at in range(0, len(samples), RATE // 10)]
    assert heights[0] == pytest.approx(8000, rel=0.01)
    assert heights[-1] == pytest.approx(16_000, rel=0.02)
    assert all(0.99 < after / before < 1.11 for before, after in itertools.pairwise(heights))


def test_what_is_heard_is_measured_at_its_places(tmp_path: Path) -> None:
    """Neither a thread nor a second decoding: the meter takes what is decoded for the ear."""
    path = tmp_path / "sound"
    path.write_bytes(encode("mp3", 20.0))
    meter = LevelMeter(None, length=60.0)
    assert not meter.is_running
    source: Bytes = FileSource(path, 5.0, SoundShape(gain_db=-12.0), meter.tap(5.0))
    for _ in pcm_of(source):
        pass
    assert meter.level_at(2.0) is None
    # A tone of a fifth of full scale has 17 dB less than that, whatever its gain.
    assert meter.level_at(12.0) == pytest.approx(1 - 17.0 / 60, abs=0.02)
    assert meter.loudness is not None
    assert meter.loudness.seconds == pytest.approx(15.0, abs=1.0)
    assert meter.loudness.lufs == pytest.approx(-14.6, abs=1.0)
    meter.close()
