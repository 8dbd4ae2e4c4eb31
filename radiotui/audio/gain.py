"""Loudness of PCM, changed without clicks."""

from __future__ import annotations

import warnings

from radiotui.audio.frames import RATE, SAMPLE_BYTES

with warnings.catch_warnings():
    # Python 3.13 took it out; audioop-lts brings it back under the same name.
    warnings.simplefilter("ignore", DeprecationWarning)
    import audioop

_STEPS = 20
FADE_BYTES = RATE // 100 * SAMPLE_BYTES
"""10 ms: long enough not to click, too short to be noticed."""


GAIN_PER_SECOND = 6.0
"""dB: a gain that becomes better known is reached slowly enough not to be noticed."""


def nearer(gain_db: float, target_db: float, seconds: float) -> float:
    """A gain so many seconds later, when it is on its way to another."""
    step = GAIN_PER_SECOND * seconds
    return max(gain_db - step, min(gain_db + step, target_db))


def factor(volume: float, *, muted: bool, gain_db: float) -> float:
    """Multiplier of samples. Half the volume is 18 dB less, as in VLC and PulseAudio."""
    if muted:
        return 0.0
    return float((max(0, min(100, volume)) / 100) ** 3 * 10 ** (gain_db / 20))


def scaled(pcm: bytes, before: float, after: float) -> bytes:
    """``pcm`` times ``after``, reached from ``before`` within the first 10 ms; it never wraps."""
    if before == after:
        return pcm if after == 1.0 else audioop.mul(pcm, 2, after)
    step = FADE_BYTES // _STEPS
    parts = [
        audioop.mul(pcm[start : start + step], 2, before + (after - before) * (number + 1) / _STEPS)
        for number, start in enumerate(range(0, min(len(pcm), FADE_BYTES), step))
    ]
    return b"".join(parts) + audioop.mul(pcm[FADE_BYTES:], 2, after)


def mixed(pcm: bytes, tail: bytes) -> bytes:
    """Both at once, as long as the longer; it never wraps."""
    size = max(len(pcm), len(tail))
    if not tail:
        return pcm
    return audioop.add(pcm.ljust(size, b"\0"), tail.ljust(size, b"\0"), 2)


def faded_out(pcm: bytes, loudness: float) -> bytes:
    """``pcm`` times ``loudness``, with silence reached at its end."""
    body, tail = pcm[:-FADE_BYTES], pcm[-FADE_BYTES:]
    return scaled(body, loudness, loudness) + scaled(tail, loudness, 0.0)
