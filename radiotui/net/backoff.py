"""Pauses that grow with failures in a row, and the next try at a lost station."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 30.0
_TRIES_PER_ADDRESS = 2
_MOST_DOUBLINGS = 30


def growing_pause(failures: int, first: float, longest: float = math.inf) -> float:
    """Pause after so many failures in a row (at least 1): ``first``, doubled with each further one.

    It comes in the unit of ``first`` and ``longest``.
    """
    return min(longest, first * 2.0 ** min(failures - 1, _MOST_DOUBLINGS))


def stepped_pause(failures: int, steps: Sequence[float]) -> float:
    """Pause after so many failures in a row (at least 1): a step for each; the last one stays."""
    return steps[min(failures, len(steps)) - 1]


class Backoff:
    """Grows with every failure in a row, and begins anew after a good connection."""

    def __init__(self, addresses: int, rng: random.Random) -> None:
        self.address = 0
        """Index of the one to try next: one that was good is stayed with."""
        self._addresses = addresses
        self._rng = rng
        self._failures = 0
        self._pauses = 0

    def lost(self, *, had_sound: bool, was_good: bool) -> float:
        """Seconds to wait before the next try; 0 after a good connection, and once after any."""
        if was_good:
            self._failures = self._pauses = 0
            return 0.0
        self._failures += 1
        if self._failures % _TRIES_PER_ADDRESS == 0:
            self.address = (self.address + 1) % self._addresses
        if had_sound and self._failures == 1:
            return 0.0
        self._pauses += 1
        pause = growing_pause(self._pauses, _FIRST_PAUSE)
        return min(_LONGEST_PAUSE, pause * self._rng.uniform(0.8, 1.2))


class Pace:
    """The pace at which sound arrives, beside that at which it is heard."""

    _SECONDS = 30.0
    _LEAST_SHARE = 1 / 3

    def __init__(self, now: float, end: float) -> None:
        self._began = self._since = (now, end)

    def is_too_slow(self, now: float, end: float) -> bool:
        """At ``now`` (monotonic seconds) the sound goes to ``end``: was there too little lately?

        What a burst brought ahead of time counts for as long as it lasts.
        """
        (at, was), (began, start) = self._since, self._began
        if now - at < self._SECONDS:
            return False
        self._since = (now, end)
        return end - was < self._LEAST_SHARE * (now - at) and end - start < now - began


class Wakefulness:
    """Detection of sleep: the wall clock goes on then, the monotonic one stands still."""

    _LONGEST_NAP = 10.0

    def __init__(self, wall: float, monotonic: float) -> None:
        self._ahead = wall - monotonic

    def has_slept(self, wall: float, monotonic: float) -> bool:
        """Since it was asked last, or was made; both clocks in seconds."""
        before, self._ahead = self._ahead, wall - monotonic
        return self._ahead - before > self._LONGEST_NAP
