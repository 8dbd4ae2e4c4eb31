"""The pause between two reads of a connection, by how far ahead of real time its sound is."""

from __future__ import annotations

_MOST_AHEAD = 60.0
"""Seconds ahead that a server may run (a burst, a file) before it has to wait."""
_CUSHION = 2.0
"""Seconds ahead with which nobody waits for the newest bytes."""
_REST = 0.25
"""A read costs as much as framing what it brings: of a stream some more may come first."""


def read_pause(ahead: float, *, is_live: bool) -> float:
    """Seconds to wait before the next read, where the sound is ``ahead`` seconds."""
    if ahead > _MOST_AHEAD:
        return ahead - _MOST_AHEAD
    return _REST if is_live and ahead > _CUSHION else 0.0
