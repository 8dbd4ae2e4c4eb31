"""A gain over PCM that may be any, with a limiter behind it: nothing clips."""

from __future__ import annotations

from radiotui.audio.frames import RATE, SAMPLE_BYTES, bytes_of, frame_of, graph_of, pushed
from radiotui.audio.gain import nearer

_STEP = RATE // 500
"""Samples. Another gain is reached in steps of 2 ms, each too small to be heard."""
_STEP_BYTES = _STEP * SAMPLE_BYTES
_LIMITER = "limit=0.891:attack=5:release=50:level=false:latency=true"
"""1 dB below full scale. What is given is as much as what was taken, and begins with it."""


class LimitedGain:
    """FFmpeg's volume and alimiter. The gain of the first sound is there at once."""

    def __init__(self, gain_db: float) -> None:
        self._graph, (self._volume, *_) = graph_of(
            ("volume", f"volume={gain_db:.2f}dB:precision=float"),
            ("alimiter", _LIMITER),
            ("aformat", "sample_fmts=s16:channel_layouts=stereo"),
        )
        self._gain_db = gain_db
        self._samples = 0

    def push(self, pcm: bytes, gain_db: float) -> bytes:
        """PCM at a gain; another than before is reached slowly."""
        if gain_db == self._gain_db:
            return self._filtered(pcm)
        parts = []
        for start in range(0, len(pcm), _STEP_BYTES):
            self._gain_db = nearer(self._gain_db, gain_db, _STEP / RATE)
            self._volume.process_command("volume", f"{self._gain_db:.3f}dB")
            parts.append(self._filtered(pcm[start : start + _STEP_BYTES]))
        return b"".join(parts)

    def flush(self) -> bytes:
        """The last of it."""
        return b"".join(map(bytes_of, pushed(self._graph, None)))

    def _filtered(self, pcm: bytes) -> bytes:
        frame = frame_of(pcm, self._samples)
        self._samples += frame.samples
        return b"".join(map(bytes_of, pushed(self._graph, frame)))
