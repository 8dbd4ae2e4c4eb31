"""Underruns of a sound device, from the pace of its questions.

A device that is answered too late plays silence meanwhile, and asks everything after it that much
later for good. A late answer alone is made up for by the next ones. So the least lag of each half
second or more tells one from the other, whatever buffers lie between.
"""

from __future__ import annotations

import math

_WINDOW = 0.5
_WINDOW_QUESTIONS = 12
"""Of fewer questions all may be some milliseconds late on a busy computer."""
_LEAST = 0.012
"""Seconds of silence that count: of 12 late questions the least was up to 8 ms later than of the
12 before, with nothing to be heard of it."""
_ASLEEP = 1.0
"""Seconds without a question after which the computer slept or the program was stopped."""


class UnderrunMeter:
    """Counts the windows in which the device ran dry, and the silence that came of it."""

    def __init__(self) -> None:
        self.count = 0
        self.silence = 0.0
        """Seconds of silence in all."""
        self.steady = 0.0
        """Seconds of sound since the device ran dry last."""
        self.reset()

    def reset(self) -> None:
        """Begin anew: nothing is played, or another device asks."""
        self._began = self._answered = math.nan
        self._given = 0.0
        self._least = math.inf
        self._baseline = math.nan
        self._end = math.inf
        self._silence_before = self.silence

    def held(self, now: float) -> float:
        """Seconds of sound that the device was given and has not played yet."""
        if math.isnan(self._began):
            return 0.0
        played = now - self._began - (self.silence - self._silence_before)
        return max(0.0, self._given - played)

    def answer(self, now: float, seconds: float) -> bool:
        """Note sound that the device was given, monotonic; True where it ran dry of late."""
        if math.isnan(self._began) or now - self._answered > _ASLEEP:
            self.reset()
            self._began, self._end = now, now + _window(seconds)
        self._answered = now
        self._given += seconds
        self.steady += seconds
        self._least = min(self._least, now - self._began - self._given)
        return now >= self._end and self._close_window(now, seconds)

    def _close_window(self, now: float, seconds: float) -> bool:
        silence = self._least - self._baseline
        self._baseline, self._least = self._least, math.inf
        self._end = now + _window(seconds)
        if not silence > _LEAST:  # not a number in the first window
            return False
        self.count += 1
        self.silence += silence
        self.steady = 0.0
        return True


def _window(seconds: float) -> float:
    """Length of a window, for a device that asks for so many seconds at a time."""
    return max(_WINDOW, _WINDOW_QUESTIONS * seconds)
