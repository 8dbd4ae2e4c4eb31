"""Map of which bytes of a file are there: ranges in order that do not touch."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator

Range = tuple[int, int]
"""Offset of the first byte, and of the one after the last."""


class ByteRanges:
    """Ranges of bytes that are there. Every question costs the logarithm of their number."""

    def __init__(self, ranges: Iterable[Range] = ()) -> None:
        self._begins: list[int] = []
        self._ends: list[int] = []
        for begin, end in ranges:
            self.add(begin, end)

    def __iter__(self) -> Iterator[Range]:
        """The ranges, the first one first."""
        return zip(self._begins, self._ends, strict=True)

    def add(self, begin: int, end: int) -> None:
        """Note that the bytes from ``begin`` to ``end`` are there."""
        if begin >= end:
            return
        # Those that overlap with it, or touch it, become one with it.
        first = bisect_left(self._ends, begin)
        after = bisect_right(self._begins, end)
        if first < after:
            begin = min(begin, self._begins[first])
            end = max(end, self._ends[after - 1])
        self._begins[first:after] = [begin]
        self._ends[first:after] = [end]

    def end_from(self, at: int) -> int:
        """The end of what is there from ``at`` on; ``at`` itself where that byte is missing."""
        number = bisect_right(self._begins, at) - 1
        return max(at, self._ends[number]) if number >= 0 else at

    def next_begin(self, at: int) -> int | None:
        """The begin of the first range that begins after ``at``."""
        number = bisect_right(self._begins, at)
        return self._begins[number] if number < len(self._begins) else None

    @property
    def length(self) -> int:
        """Number of bytes that are there."""
        return sum(self._ends) - sum(self._begins)

    def covers(self, end: int) -> bool:
        """True where every byte before ``end`` is there."""
        return self.end_from(0) >= end
