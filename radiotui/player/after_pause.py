"""Seconds that an episode goes back by after a pause: who comes back has lost the thread."""

from __future__ import annotations

from datetime import timedelta

_BACK = (
    (timedelta(days=1), 20.0),
    (timedelta(hours=1), 10.0),
    (timedelta(minutes=1), 3.0),
)


def seconds_back(pause: timedelta) -> float:
    """Seconds to go back by; none after less than a minute."""
    return next((seconds for least, seconds in _BACK if pause >= least), 0.0)
