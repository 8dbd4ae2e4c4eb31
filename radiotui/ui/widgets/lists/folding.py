"""Folding of stations with several streams: by the highlight, by the tuning, and by hand."""

from __future__ import annotations

from collections.abc import Iterable


class Folding:
    """The stations whose streams are listed below them.

    They are the highlighted one and those that are tuned to. One that was folded by hand stays
    so until the highlight leaves it.
    """

    def __init__(self, unfolded: Iterable[str]) -> None:
        self.unfolded = frozenset(unfolded)
        self._by_hand = ""

    def follow(self, highlighted: str, tuned: Iterable[str]) -> bool:
        """Unfold these, fold the rest; True on a change."""
        if highlighted != self._by_hand:
            self._by_hand = ""
        return self._put(frozenset({highlighted, *tuned} - {self._by_hand, ""}))

    def turn(self, station: str, fold: bool) -> bool:
        """Fold or unfold a station by hand; False where it is so already."""
        if fold:
            self._by_hand = station
            return self._put(self.unfolded - {station})
        self._by_hand = "" if station == self._by_hand else self._by_hand
        return self._put(self.unfolded | {station})

    def _put(self, unfolded: frozenset[str]) -> bool:
        before, self.unfolded = self.unfolded, unfolded
        return before != unfolded
