"""Level of the last moments, as a row of cells."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import msgspec
from rich.segment import Segment
from rich.style import Style
from textual.content import Content
from textual.strip import Strip

from radiotui.ui.kit.content import trusted

_CELLS = "▁▂▃▄▅▆▇█"
MOST_CELLS = 8
_SAMPLE = trusted(_CELLS[0], "$success")


class _Around(msgspec.Struct, frozen=True):
    """A line, drawn, without the columns of the meter."""

    line: Content
    columns: range
    before: Strip
    style: Style | None
    """Style of the meter between them."""
    after: Strip


class LevelRow:
    """The last levels, the newest at the right."""

    def __init__(self) -> None:
        self._levels: deque[int] = deque([0] * MOST_CELLS, MOST_CELLS)
        self._around: _Around | None = None

    def take(self, level: float) -> bool:
        """Another level, from 0 to 1; whether the row looks different now."""
        before = tuple(self._levels)
        self._levels.append(min(len(_CELLS) - 1, max(0, int(level * len(_CELLS)))))
        return before != tuple(self._levels)

    def row(self, columns: int) -> str:
        """The newest in so many columns."""
        levels = list(self._levels)[-columns:] if columns > 0 else []
        return "".join(_CELLS[level] for level in levels)

    def over(self, line: Content, columns: range, draw: Callable[[Content], Strip]) -> Strip:
        """A line with the levels in those columns; it is drawn anew only when it is another."""
        around = self._around
        if around is None or columns != around.columns or not line.is_same(around.line):
            strip, (cell, *_) = draw(line), draw(_SAMPLE)
            before, after = strip.crop(0, columns.start), strip.crop(columns.stop)
            self._around = around = _Around(line, columns, before, cell.style, after)
        levels = Strip([Segment(self.row(len(columns)), around.style)], len(columns))
        return Strip.join([around.before, levels, around.after])

    def forget(self) -> None:
        """The colours changed."""
        self._around = None
