"""Ranks of queued rows: numbers with room between them, so that a move writes one row."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

_GAP = 1024.0
_LEAST_GAP = 1e-6
"""Between two ranks that are closer no further one is put: all are numbered anew."""


def ranks(before: Sequence[float | None]) -> list[float]:
    """A rising rank for each row, by the ranks that they had; None for a new row.

    As many rows as can be keep theirs. Where there is no room left, every row has another one.
    """
    known = [(place, rank) for place, rank in enumerate(before) if rank is not None]
    staying = {known[at][0] for at in rising([rank for _, rank in known])}
    new_ranks = _between([rank if at in staying else None for at, rank in enumerate(before)])
    pairs = zip([0.0, *new_ranks], new_ranks, strict=False)
    if any(rank - previous < _LEAST_GAP for previous, rank in pairs):
        return [_GAP * number for number in range(1, len(new_ranks) + 1)]
    return new_ranks


def _between(some: Sequence[float | None]) -> list[float]:
    """The ranks with those that are missing, evenly between their neighbours."""
    new_ranks: list[float] = []
    while (at := len(new_ranks)) < len(some):
        known = next(((end, rank) for end, rank in enumerate(some[at:]) if rank is not None), None)
        missing = len(some) - at if known is None else known[0]
        previous = new_ranks[-1] if new_ranks else 0.0
        step = _GAP if known is None else (known[1] - previous) / (missing + 1)
        new_ranks += [previous + step * number for number in range(1, missing + 1)]
        if known is not None:
            new_ranks.append(known[1])
    return new_ranks


def rising(numbers: Sequence[float]) -> set[int]:
    """The places of a longest part of ``numbers`` that rises: all else must have been moved."""
    ends: list[float] = []
    places: list[int] = []
    earlier: list[int | None] = []
    for place, number in enumerate(numbers):
        at = bisect_left(ends, number)
        earlier.append(places[at - 1] if at else None)
        if at == len(ends):
            ends.append(number)
            places.append(place)
        else:
            ends[at], places[at] = number, place
    staying: set[int] = set()
    last = places[-1] if places else None
    while last is not None:
        staying.add(last)
        last = earlier[last]
    return staying
