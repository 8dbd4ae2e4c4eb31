"""Types of the command line's arguments: counts, lengths of time, times of day."""

from __future__ import annotations

import argparse
import re
from datetime import date, datetime, time

_UNITS = {"s": 1, "m": 60, "h": 3600}
_MOST = 1_000_000
_LONGEST_SECONDS = 366 * 86_400.0
_YEARS = range(2000, 2101)
"""Those of which a schedule can tell anything."""
_DAYS = {"yesterday": -1, "today": 0, "tomorrow": 1}


def count(text: str) -> int:
    """A count, at least one."""
    if not text.isdecimal() or not 0 < int(text) <= _MOST:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 to {_MOST}")
    return int(text)


def duration(text: str) -> float:
    """``30``, ``30s``, ``20m``, ``1h30m`` in seconds."""
    parts = re.findall(r"(\d+(?:\.\d+)?)([smh]?)", text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise argparse.ArgumentTypeError(f"{text!r} is no length of time: 30s, 20m, 1h30m")
    seconds = sum(float(number) * _UNITS[unit or "s"] for number, unit in parts)
    if seconds > _LONGEST_SECONDS:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is more than a year")
    return seconds


def time_of_day(text: str) -> time:
    """``16:00`` as a time of day."""
    try:
        return datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007 - of the clock on the wall
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no time of day: 16:00") from None


def day_or_offset(text: str) -> date | int:
    """``2026-11-28`` as a date; ``yesterday``, ``today``, ``tomorrow`` as days from today."""
    if text in _DAYS:
        return _DAYS[text]
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.year not in _YEARS:
        hint = "2026-11-28, yesterday, today, tomorrow"
        raise argparse.ArgumentTypeError(f"{text!r} is no day: {hint}")
    return day
