"""A row of a list: a mark, a text that is cut at the edge, and an aside at the right edge."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.content import Content
from textual.strip import Strip
from textual.visual import RenderOptions, Visual

from radiotui.ui.kit.content import BLANK, count_lines, cut

if TYPE_CHECKING:
    from textual.css.styles import RulesMap
    from textual.style import Style


_GAP = 2
_LEAST_NOTE = 16
"""Columns in which the beginning of a note still says something."""
_WIDE = 56
"""Columns from which on a row has two things side by side."""


class Row(Visual):
    """It fits itself to whatever width it is drawn in, so resizing costs no work elsewhere.

    A text that is too long for one line goes on in others, ``most_lines`` at most; ``under`` is
    a line below them, none while it says nothing. In a wide row it stands beside the text: with
    ``beside`` behind so many columns, with ``at_end`` at the right end, if both fit whole. Of
    the ``notes`` the first that fits stands in what the text leaves free of its last line; the
    last one may be cut.
    """

    def __init__(
        self,
        mark: Content,
        text: Content,
        aside: Content = BLANK,
        *,
        under: Content = BLANK,
        beside: int = 0,
        at_end: bool = False,
        most_lines: int = 1,
        notes: Sequence[Content] = (),
    ) -> None:
        self.mark = mark
        self.text = text
        self.aside = aside
        self.under = under
        self.beside = beside
        self.at_end = at_end
        self.most_lines = most_lines
        self.notes = notes
        self._wrapped: tuple[int, list[Content]] = (0, [])
        """The text in lines, and the columns that they are made for."""

    def __str__(self) -> str:
        return " ".join(part.plain for part in self.parts() if part)

    def is_same(self, row: object) -> bool:
        """True for a row that would be drawn the same."""
        if not isinstance(row, Row) or len(self.notes) != len(row.notes):
            return False
        mine, theirs = (*self.parts(), *self.notes), (*row.parts(), *row.notes)
        return all(part.is_same(same) for part, same in zip(mine, theirs, strict=True))

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:  # noqa: ARG002
        """Columns that show everything on one line."""
        return self._taken() + self.text.cell_length

    def get_height(self, rules: RulesMap, width: int) -> int:  # noqa: ARG002
        """Lines it takes in ``width`` columns."""
        if self._is_side_by_side(width):
            return 1
        return self._count_texts(self._column(width)) + bool(self.under)

    def render_strips(
        self, width: int, height: int | None, style: Style, options: RenderOptions
    ) -> list[Strip]:
        """Draw it; nobody selects a part of a row with the mouse."""
        return [_drawn(line, style, options) for line in self.lines(width)[:height]]

    def lines(self, width: int) -> list[Content]:
        """The lines as they are drawn, at most ``width`` columns each."""
        column, indent = self._column(width), self.mark.cell_length
        if self._is_side_by_side(width):
            texts, under = [self._side_by_side(column)], BLANK
        else:
            texts, under = self._texts(column), self.under
        first, *rest = texts
        first = cut(first, column)
        if not rest:
            first += self._note(column - first.cell_length)
        start = self.mark + first.pad_right(column - first.cell_length)
        lines = [cut(start + (Content(" ") + self.aside if self.aside else BLANK), width)]
        for text in rest:
            line = cut(text, width - indent)
            if text is rest[-1]:
                line += self._note(width - indent - line.cell_length)
            lines.append(line.pad_left(indent))
        return [*lines, *([cut(under, width - indent).pad_left(indent)] if under else [])]

    def _is_side_by_side(self, width: int) -> bool:
        """True where ``under`` stands beside the text."""
        if not self.under or width < _WIDE:
            return False
        both = self.text.cell_length + _GAP + self.under.cell_length
        return bool(self.beside) or (self.at_end and both <= self._column(width))

    def _side_by_side(self, column: int) -> Content:
        if self.beside:
            text = cut(self.text, self.beside)
            return text.pad_right(self.beside + _GAP - text.cell_length) + self.under
        free = column - self.text.cell_length - self.under.cell_length
        return self.text + self.under.pad_left(free)

    def _note(self, free: int) -> Content:
        """The longest note that fits into the free columns, at their right end."""
        if self.under or not self.notes:
            return BLANK
        room = free - _GAP
        note = next((note for note in self.notes if note.cell_length <= room), BLANK)
        if not note and room >= _LEAST_NOTE:
            note = cut(self.notes[-1], room)
        return note.pad_left(free - note.cell_length) if note else BLANK

    def _texts(self, column: int) -> list[Content]:
        """The text in its lines; the last of them may be too long."""
        if self.most_lines == 1 or self.text.cell_length <= column:
            return [self.text]
        if self._wrapped[0] != column:
            parts = [part.rstrip() for part in self.text.wrap(column)]
            whole, rest = parts[: self.most_lines - 1], parts[self.most_lines - 1 :]
            self._wrapped = column, [*whole, *([Content(" ").join(rest)] if rest else [])]
        return self._wrapped[1]

    def _count_texts(self, column: int) -> int:
        """Number of :meth:`_texts`, for the hundreds of rows that are measured and never drawn."""
        plain, cells = self.text.plain, self.text.cell_length
        if self.most_lines == 1 or cells <= column:
            return 1
        # A wide character takes the wrapping itself to count.
        count = count_lines(plain, column) if cells == len(plain) else None
        return len(self._texts(column)) if count is None else min(count, self.most_lines)

    def _column(self, width: int) -> int:
        """Columns that are left for the text."""
        return max(1, width - self._taken())

    def _taken(self) -> int:
        aside = self.aside.cell_length + 1 if self.aside else 0
        return self.mark.cell_length + aside

    def parts(self) -> tuple[Content, ...]:
        """Mark, text, aside and the line below."""
        return self.mark, self.text, self.aside, self.under


def _drawn(line: Content, style: Style, options: RenderOptions) -> Strip:
    """A line as a strip, without the wrapping and the places for the mouse of Textual's own.

    They take twice the time of the line, and dozens of rows are drawn when a sheet opens.
    """
    parts = line.render(style, end="", parse_style=options.get_style)
    segments = [Segment(text, (style + part).rich_style) for text, part in parts]
    return Strip(segments, line.cell_length)
