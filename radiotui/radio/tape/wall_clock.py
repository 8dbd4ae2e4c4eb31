"""When the station sent what is at a place of its tape, and where is what it sent at a time."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta

_CLOCKS_DIFFER = timedelta(seconds=1)
"""What a station's clock may be off from segment to segment without having been set."""


@dataclass(slots=True)
class _ClockSpan:
    """Ties media time to the wall clock for the sound of one connection."""

    at: float
    zero: datetime
    """When the sound at media time 0 was sent, or would have been."""
    told: bool = False
    """The station said so itself."""


class WallClock:
    """The wall clock beside a tape's media time; between two connections it leaps."""

    def __init__(self) -> None:
        self._connections: deque[_ClockSpan] = deque()

    def __bool__(self) -> bool:
        return bool(self._connections)

    def connect(self, at: float, now: datetime) -> None:
        """A connection's sound begins at ``at``."""
        self._connections.append(_ClockSpan(at, now - timedelta(seconds=at)))

    def reach_back(self, at: float) -> None:
        """The first connection's sound begins as early as ``at``."""
        first = self._connections[0]
        first.at = min(at, first.at)

    def came(self, end: float, now: datetime) -> None:
        """There is sound up to ``end``. A burst comes ahead of time: the earliest fit is right."""
        connection = self._connections[-1]
        if not connection.told:
            connection.zero = min(connection.zero, now - timedelta(seconds=end))

    def told(self, at: float, wall: datetime) -> None:
        """The station says that it sent what is at ``at`` (of its newest connection) then."""
        connection = self._connections[-1]
        zero = wall - timedelta(seconds=at)
        if not connection.told:
            connection.zero, connection.told = zero, True
        elif abs(zero - connection.zero) > _CLOCKS_DIFFER:
            self._connections.append(_ClockSpan(at, zero, told=True))

    def wall_at(self, at: float, now: datetime) -> datetime:
        """When it was sent, to about a second; reckoned from ``now`` where nothing is known."""
        connection = next((c for c in reversed(self._connections) if c.at <= at), None)
        return (connection.zero if connection else now) + timedelta(seconds=at)

    def at_wall(self, wall: datetime) -> float:
        """Its place. Within a gap between two connections: where the sound goes on."""
        place = 0.0
        for number, connection in enumerate(self._connections):
            place = (wall - connection.zero).total_seconds()
            if number:
                place = max(place, connection.at)
            later = self._connections[number + 1] if number + 1 < len(self._connections) else None
            if later is None or place < later.at:
                return place
        return place

    def forget_before(self, at: float) -> None:
        """What is before ``at`` is gone."""
        while len(self._connections) > 1 and self._connections[1].at <= at:
            self._connections.popleft()
