"""PCM of a file as it is to be heard: without its silence, at a gain of its own, and measured.

An engine is given what comes of it, so that every engine can do it; only the file's own places
are to be counted anew.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from radiotui.audio.frames import RATE, SAMPLE_BYTES
from radiotui.audio.limiter import LimitedGain
from radiotui.audio.silence import SilenceFilter

_SLACK = RATE // 25
"""Samples. Silence that is shorter is never taken out: such a difference is a frame's."""


@dataclass(slots=True)
class SoundShape:
    """Wishes about a sound; they may change while it is heard, from any thread."""

    skips_silence: bool = False
    gain_db: float = 0.0


class ShapedSound:
    """``pcm`` from a place on, in seconds, as ``shape`` has it. One thread reads it.

    ``on_pcm`` is given all PCM before that.
    """

    def __init__(
        self,
        pcm: Iterator[bytes],
        at: float,
        shape: SoundShape,
        on_pcm: Callable[[bytes], None] | None,
    ) -> None:
        self._pcm = pcm
        self._shape = shape
        self._on_pcm = on_pcm
        self._place = round(at * RATE)
        """The place of the next sample that is decoded."""
        self._given = 0
        """Samples that came of it so far."""
        # The places from which both are counted on: in what was given, and in the file.
        self._joins = [(0, self._place)]
        self._silence: SilenceFilter | None = None
        self._gain: LimitedGain | None = None

    def __iter__(self) -> Iterator[bytes]:
        """Parts that are to be heard, in order."""
        for pcm in self._pcm:
            if self._on_pcm is not None:
                self._on_pcm(pcm)
            yield from self._shaped(pcm)
        if self._silence is not None:
            yield from self._joined(self._silence.flush())
        if self._gain is not None:
            yield self._gain.flush()

    def place_of(self, seconds: float) -> float:
        """Place in the file of what is heard after so many seconds. May be asked by any thread."""
        given = seconds * RATE
        # A join may be added meanwhile, at the end: it is later than whatever is heard.
        first, place = self._joins[max(0, bisect_right(self._joins, (given, 0)) - 1)]
        return (place + given - first) / RATE

    def _shaped(self, pcm: bytes) -> Iterator[bytes]:
        place, self._place = self._place, self._place + len(pcm) // SAMPLE_BYTES
        if self._shape.skips_silence and self._silence is None:
            self._silence = SilenceFilter()
        elif not self._shape.skips_silence and self._silence is not None:
            silence, self._silence = self._silence, None
            yield from self._joined(silence.flush())
        parts = self._silence.push(pcm, place) if self._silence else iter([(pcm, place)])
        yield from self._joined(parts)

    def _joined(self, parts: Iterator[tuple[bytes, int]]) -> Iterator[bytes]:
        for pcm, place in parts:
            first, first_place = self._joins[-1]
            if abs(place - first_place - (self._given - first)) > _SLACK:
                self._joins.append((self._given, place))
            self._given += len(pcm) // SAMPLE_BYTES
            yield self._at_gain(pcm)

    def _at_gain(self, pcm: bytes) -> bytes:
        gain_db = self._shape.gain_db
        if self._gain is None:
            if not gain_db:
                return pcm
            # The first sound has its gain at once; what was heard without one gets there slowly.
            is_first = self._given * SAMPLE_BYTES == len(pcm)
            self._gain = LimitedGain(gain_db if is_first else 0.0)
        return self._gain.push(pcm, gain_db)
