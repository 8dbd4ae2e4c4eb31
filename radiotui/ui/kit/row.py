"""A row of a list: a mark, a text that is cut at the edge, and an aside at the right edge."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content
from textual.visual import RenderOptions, Visual

from radiotui.ui.kit.content import BLANK, cut

if TYPE_CHECKING:
    from textual.css.styles import RulesMap
    from textual.strip import Strip
    from textual.style import Style


_GAP = 2
_LEAST_NOTE = 16
"""Columns in which the beginning of a note still says something."""


class Row(Visual):
    """It fits itself to whatever width it is drawn in, so resizing costs no work elsewhere.

    With ``most_lines`` 2 a text that is too long for one line goes on in a second; ``under``
    is a second line of its own, kept free even while it says nothing. Of the ``notes`` the first
    that fits stands in what the text leaves free of its last line; the last one may be cut.
    """

    def __init__(
        self,
        mark: Content,
        text: Content,
        aside: Content = BLANK,
        *,
        under: Content | None = None,
        most_lines: int = 1,
        notes: Sequence[Content] = (),
    ) -> None:
        self.mark = mark
        self.text = text
        self.aside = aside
        self.under = under
        self.most_lines = most_lines
        self.notes = notes

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
        if self.under is not None:
            return 2
        return 1 if self.text.cell_length <= self._column(width) else self.most_lines

    def render_strips(
        self, width: int, height: int | None, style: Style, options: RenderOptions
    ) -> list[Strip]:
        """Draw it."""
        drawn: list[Strip] = []
        for line in self.lines(width)[:height]:
            drawn += line.render_strips(width, 1, style, options)
        return drawn

    def lines(self, width: int) -> list[Content]:
        """The lines as they are drawn, at most ``width`` columns each."""
        column = self._column(width)
        first, *rest = [self.text] if self.get_height({}, width) == 1 else self._texts(column)
        first = cut(first, column)
        if not rest:
            first += self._note(column - first.cell_length)
        start = self.mark + first.pad_right(column - first.cell_length)
        lines = [cut(start + (Content(" ") + self.aside if self.aside else BLANK), width)]
        indent = self.mark.cell_length
        texts = [cut(line, width - indent) for line in rest]
        notes = [self._note(width - indent - text.cell_length) for text in texts]
        ends = zip(texts, notes, strict=True)
        return lines + [(text + note).pad_left(indent) for text, note in ends]

    def _note(self, free: int) -> Content:
        """The longest note that fits into the free columns, at their right end."""
        if self.under is not None or not self.notes:
            return BLANK
        room = free - _GAP
        note = next((note for note in self.notes if note.cell_length <= room), BLANK)
        if not note and room >= _LEAST_NOTE:
            note = cut(self.notes[-1], room)
        return note.pad_left(free - note.cell_length) if note else BLANK

    def _texts(self, column: int) -> list[Content]:
        if self.under is not None:
            return [self.text, self.under]
        first, *rest = (part.rstrip() for part in self.text.wrap(column))
        return [first, Content(" ").join(rest)]

    def _column(self, width: int) -> int:
        """Columns that are left for the text."""
        return max(1, width - self._taken())

    def _taken(self) -> int:
        aside = self.aside.cell_length + 1 if self.aside else 0
        return self.mark.cell_length + aside

    def parts(self) -> tuple[Content, ...]:
        """Mark, text, aside and second line."""
        return self.mark, self.text, self.aside, self.under or BLANK
