"""The pause between two reads of a connection, by how far ahead of real time its sound is."""

from __future__ import annotations

_MOST_AHEAD = 60.0
"""Seconds ahead that a server may run (a burst, a file) before it has to wait."""
_CUSHION = 2.0
"""Seconds ahead with which nobody waits for the newest bytes."""
_REST = 0.5
"""A read costs as much as framing what it brings: of a stream some more may come first."""
_BURST = 1.0
"""Seconds of sound in one read which say that more of a burst lies ready."""


def read_pause(ahead: float, chunk_seconds: float, *, is_live: bool) -> float:
    """Seconds to wait before the next read.

    Args:
        ahead: Seconds of sound that the connection is ahead of real time.
        chunk_seconds: Seconds of sound that the last read brought.
        is_live: False for a file, which is as long as its server says.
    """
    if ahead > _MOST_AHEAD:
        return ahead - _MOST_AHEAD
    return _REST if is_live and ahead > _CUSHION and chunk_seconds < _BURST else 0.0
