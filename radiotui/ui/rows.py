"""A row of a list: a mark, a text that is cut at the edge, and an aside at the right edge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.visual import RenderOptions, Visual

from radiotui.ui.words import BLANK, cut

if TYPE_CHECKING:
    from textual.css.styles import RulesMap
    from textual.strip import Strip
    from textual.style import Style


class Row(Visual):
    """It fits itself to whatever width it is drawn in, so resizing costs no work elsewhere.

    With ``most_lines`` 2 a text that is too long for one line goes on in a second; ``under``
    is a second line of its own, kept free even while it says nothing.
    """

    def __init__(
        self,
        mark: Content,
        text: Content,
        aside: Content = BLANK,
        *,
        under: Content | None = None,
        most_lines: int = 1,
    ) -> None:
        self.mark = mark
        self.text = text
        self.aside = aside
        self.under = under
        self.most_lines = most_lines

    def __str__(self) -> str:
        return " ".join(part.plain for part in self._parts() if part)

    def is_same(self, other: object) -> bool:
        """Whether the two would be drawn the same."""
        return isinstance(other, Row) and all(
            mine.is_same(theirs) for mine, theirs in zip(self._parts(), other._parts(), strict=True)
        )

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
        start = self.mark + first.pad_right(column - first.cell_length)
        lines = [cut(start + (Content(" ") + self.aside if self.aside else BLANK), width)]
        indent = self.mark.cell_length
        return lines + [cut(line, width - indent).pad_left(indent) for line in rest]

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

    def _parts(self) -> tuple[Content, ...]:
        return self.mark, self.text, self.aside, self.under or BLANK
