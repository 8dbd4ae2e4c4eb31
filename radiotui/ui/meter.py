"""How loud it was in the last moments, as a row of cells."""

from __future__ import annotations

from collections import deque

from textual.content import Content

from radiotui.ui.words import own

_CELLS = "▁▂▃▄▅▆▇█"
MOST_CELLS = 8


class Meter:
    """The last levels, the newest at the right."""

    def __init__(self) -> None:
        self._levels: deque[int] = deque([0] * MOST_CELLS, MOST_CELLS)

    def take(self, level: float) -> bool:
        """Another level, from 0 to 1; whether the row looks different now."""
        before = tuple(self._levels)
        self._levels.append(min(len(_CELLS) - 1, max(0, int(level * len(_CELLS)))))
        return before != tuple(self._levels)

    def row(self, columns: int) -> Content:
        """The newest in so many columns."""
        levels = list(self._levels)[-columns:] if columns > 0 else []
        return own("".join(_CELLS[level] for level in levels), "$success")
