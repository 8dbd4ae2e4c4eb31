"""Integrated loudness, and the gain that makes streams equally loud (EBU R 128)."""

from __future__ import annotations

import math

import msgspec

from radiotui.audio.frames import frame_of, graph_of, pushed

TARGET_LUFS = -18.0
"""As podcasts and most public radio are; music stations come some 6 dB down to it."""

_FIRST_SECONDS = 3.0
"""Less sound says nothing of the rest."""
_PEAK_DB = -1.0
_LEAST_DB, _MOST_DB = -20.0, 12.0
_SILENCE_LUFS = -60.0
"""The gate of R 128 gives -70 where there was nothing to measure."""
_MOST_REMEMBERED = 20 * 60.0
"""Seconds that an earlier time counts for at most: a station may have changed its sound."""
_NO_PEAK_DB = -120.0


class Loudness(msgspec.Struct, frozen=True):
    """Measured loudness of a stream."""

    lufs: float
    """Integrated loudness."""
    peak_db: float
    """The highest sample, in dBFS."""
    seconds: float
    """Seconds of sound that were measured."""

    def __add__(self, other: Loudness) -> Loudness:
        """The loudness of both together."""
        seconds = self.seconds + other.seconds
        if not seconds:
            return self
        power = sum(part.seconds * 10 ** (part.lufs / 10) for part in (self, other)) / seconds
        return Loudness(10 * math.log10(power), max(self.peak_db, other.peak_db), seconds)

    @property
    def faded(self) -> Loudness:
        """The same for another day, when it counts for less."""
        return Loudness(self.lufs, self.peak_db, min(self.seconds, _MOST_REMEMBERED))


def gain_towards(
    measured: Loudness | None, target_lufs: float = TARGET_LUFS, *, is_limited: bool = False
) -> float:
    """The dB that bring a stream to the target, as far as nothing clips.

    The highest sample stays 1 dB below full scale, unless a limiter sees to that; 0.0 while too
    little is known, and never below -20 or above 12.
    """
    if measured is None or measured.seconds < _FIRST_SECONDS or measured.lufs < _SILENCE_LUFS:
        return 0.0
    gain = target_lufs - measured.lufs
    if not is_limited:
        gain = min(gain, _PEAK_DB - measured.peak_db)
    return max(_LEAST_DB, min(_MOST_DB, gain))


class LoudnessMeter:
    """FFmpeg's ebur128, given PCM (s16, stereo, 48 kHz) in pieces of a tenth of a second."""

    def __init__(self) -> None:
        self._graph, _ = graph_of(("ebur128", "metadata=1:peak=sample"))
        self._samples = 0
        self._metadata: dict[str, str] = {}

    def push(self, pcm: bytes) -> None:
        """Measure this too."""
        frame = frame_of(pcm, self._samples)
        self._samples += frame.samples
        for measured in pushed(self._graph, frame):
            self._metadata = measured.metadata

    def loudness(self, seconds: float) -> Loudness | None:
        """The measurement so far, of so many seconds of sound."""
        try:
            lufs = float(self._metadata["lavfi.r128.I"])
            peak = float(self._metadata["lavfi.r128.sample_peak"])
        except KeyError:
            return None
        if not seconds or not math.isfinite(lufs) or lufs < _SILENCE_LUFS:
            return None
        peak_db = 20 * math.log10(peak) if peak > 0 else _NO_PEAK_DB
        return Loudness(lufs, peak_db, seconds)
