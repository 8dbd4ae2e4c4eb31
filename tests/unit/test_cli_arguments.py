"""Times on the command line that are too far away to be meant."""

from __future__ import annotations

from argparse import ArgumentTypeError
from datetime import date

import pytest

from radiotui.cli.arguments import day_or_offset, duration


def test_days_and_lengths_are_bounded() -> None:
    assert day_or_offset("2026-11-28") == date(2026, 11, 28)
    assert duration("1h30m") == 5400
    for day in ("9999-12-31", "0001-01-01", "soon"):
        with pytest.raises(ArgumentTypeError, match="is no day"):
            day_or_offset(day)
    for length in ("9" * 20, "9" * 400 + "h"):
        with pytest.raises(ArgumentTypeError, match="more than a year"):
            duration(length)
