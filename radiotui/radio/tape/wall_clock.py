"""Maps tape position to wall-clock time and back, per connection."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta

_CLOCKS_DIFFER = timedelta(seconds=1)
"""Difference of a station's clock from segment to segment that is no new setting of it."""


@dataclass(slots=True)
class _ClockSpan:
    """Ties media time to the wall clock for the sound of one connection."""

    at: float
    zero: datetime
    """The wall-clock time at which the sound at media time 0 was sent, or would have been."""
    is_stated: bool = False
    """The station stated the time itself."""


class WallClock:
    """The wall clock beside a tape's media time; between two connections it leaps."""

    def __init__(self) -> None:
        self._spans: deque[_ClockSpan] = deque()

    def __bool__(self) -> bool:
        return bool(self._spans)

    def connect(self, at: float, now: datetime) -> None:
        """Begin a connection's sound at ``at`` (seconds)."""
        self._spans.append(_ClockSpan(at, now - timedelta(seconds=at)))

    def reach_back(self, at: float) -> None:
        """Let the first connection's sound begin as early as ``at``."""
        first = self._spans[0]
        first.at = min(at, first.at)

    def advance(self, end: float, now: datetime) -> None:
        """Note sound up to ``end``. A burst comes ahead of time: the earliest fit is right."""
        span = self._spans[-1]
        if not span.is_stated:
            span.zero = min(span.zero, now - timedelta(seconds=end))

    def set(self, at: float, wall: datetime) -> None:
        """Set the time at which ``at``, of the newest connection, was sent, as the station says."""
        span = self._spans[-1]
        zero = wall - timedelta(seconds=at)
        if not span.is_stated:
            span.zero, span.is_stated = zero, True
        elif abs(zero - span.zero) > _CLOCKS_DIFFER:
            self._spans.append(_ClockSpan(at, zero, is_stated=True))

    def wall_at(self, at: float, now: datetime) -> datetime:
        """The time at which ``at`` was sent, to about a second; by ``now`` without connections."""
        span = next((span for span in reversed(self._spans) if span.at <= at), None)
        return (span.zero if span else now) + timedelta(seconds=at)

    def at_wall(self, wall: datetime) -> float:
        """The place of a time. Within a gap between two connections: where the sound goes on."""
        place = 0.0
        for index, span in enumerate(self._spans):
            place = (wall - span.zero).total_seconds()
            if index:
                place = max(place, span.at)
            later = self._spans[index + 1] if index + 1 < len(self._spans) else None
            if later is None or place < later.at:
                return place
        return place

    def forget_before(self, at: float) -> None:
        """Drop the connections that ended before ``at``."""
        while len(self._spans) > 1 and self._spans[1].at <= at:
            self._spans.popleft()
