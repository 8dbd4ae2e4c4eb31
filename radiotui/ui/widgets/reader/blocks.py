"""Views of a story's blocks (paragraphs, tables, photos) and their layout in lines."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from textual.content import Content
from textual.strip import Strip

from radiotui.ui.kit.content import BLANK, untrusted

Line = Content | Strip

_NARROWEST = 8
_BETWEEN = " │ "


class BlockView(Protocol):
    """A piece of a story."""

    @property
    def text(self) -> Content:
        """Its words, where one looks for something."""

    @property
    def plain(self) -> str:
        """Its words as they are quoted; empty where it is nothing to quote."""

    def lines(self, width: int, text: Content) -> list[Line]:
        """Lines for ``width`` columns; ``text`` is the view's own, perhaps with marks in it."""


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph, a heading, an item of a list."""

    text: Content
    plain: str = ""
    first: Content = BLANK
    """What stands before its first line."""
    rest: Content = BLANK
    """What stands before every other line."""
    gap: Content | None = BLANK
    """The line above it; None: there is none."""
    folds: bool = False
    """Whether its lines may be broken anywhere, as those of code."""

    def lines(self, width: int, text: Content) -> list[Line]:
        """Wrapped at words."""
        room = max(_NARROWEST, width - self.rest.cell_length)
        wrapped = _folded(text, room) if self.folds else text.wrap(room)
        lines: list[Line] = [] if self.gap is None else [self.gap]
        for number, line in enumerate(wrapped):
            lines.append((self.rest if number else self.first) + line.rstrip())
        return lines


@dataclass(frozen=True, slots=True)
class TableView:
    """Rows of cells; the first is the head."""

    rows: tuple[tuple[Content, ...], ...]
    first: Content = BLANK
    gap: Content | None = BLANK
    plain: str = ""

    @property
    def text(self) -> Content:
        """Cell by cell, a line each."""
        return Content("\n").join(cell for row in self.rows for cell in row)

    def lines(self, width: int, text: Content) -> list[Line]:
        """Columns as wide as their words, the widest narrowed until all fit."""
        cells = iter(text.split("\n", allow_blank=True))
        rows = [[next(cells, BLANK) for _ in row] for row in self.rows]
        columns = _columns(rows, width - self.first.cell_length)
        lines: list[Line] = [] if self.gap is None else [self.gap]
        for number, row in enumerate(rows):
            lines += [self.first + line for line in _row(row, columns)]
            if number == 0:
                rule = "─┼─".join("─" * column for column in columns)
                lines.append(self.first + Content.styled(rule, "dim"))
        return lines


@dataclass(frozen=True, slots=True)
class PhotoView:
    """A picture; it takes no line until it was drawn, or until it is known why it is not."""

    url: str
    captioned: bool = False
    """Whether its words come on the next line."""
    drawn: tuple[Strip, ...] = ()
    over: tuple[str, ...] = ()
    """What the terminal is sent over each line of it, if anything."""
    columns: int = 0
    """For which width it was drawn."""
    why: str = ""
    """Why it is not there."""
    text: Content = BLANK
    plain: str = ""

    def is_drawn_for(self, width: int) -> bool:
        """True where it has its lines for a width."""
        return bool(self.drawn) and self.columns == width

    def lines(self, width: int, text: Content) -> list[Line]:  # noqa: ARG002
        """As it was drawn, where that fits, or why it was not."""
        drawn = self.drawn if self.columns <= width else ()
        note = untrusted(self.why, "dim").wrap(width) if self.why else []
        return [BLANK, *drawn, *note] if drawn or note or self.captioned else []


class TextSpan(NamedTuple):
    """Characters of a block's text that are marked."""

    block: int
    start: int
    end: int


@dataclass(slots=True)
class Layout:
    """Blocks as lines of one width. Laying out thousands of words takes milliseconds."""

    blocks: list[BlockView]
    width: int
    drawn: list[list[Line]] = field(init=False)
    starts: list[int] = field(init=False)
    """The first line of each block, and of what would come after the last."""

    def __post_init__(self) -> None:
        self.drawn = [block.lines(self.width, block.text) for block in self.blocks]
        self._count()

    @property
    def height(self) -> int:
        """Number of lines."""
        return self.starts[-1]

    @property
    def has_overlay(self) -> bool:
        """True where the terminal paints a picture over some of the lines."""
        return any(isinstance(block, PhotoView) and block.over for block in self.blocks)

    def put(self, index: int, block: BlockView, text: Content | None = None) -> None:
        """Another block in that place, or the same with marks in its text."""
        self.blocks[index] = block
        before = len(self.drawn[index])
        self.drawn[index] = block.lines(self.width, block.text if text is None else text)
        if len(self.drawn[index]) != before:
            self._count()

    def at(self, y: int) -> int:
        """The block that line is of."""
        return min(bisect_right(self.starts, y), len(self.blocks)) - 1

    def overlaps(self, index: int, first: int, end: int) -> bool:
        """True where a block is, or borders on, lines from ``first`` to before ``end``."""
        return self.starts[index] < end and self.starts[index + 1] >= first

    def is_text_of(self, blocks: range, y: int) -> bool:
        """True for a line of those blocks, but not for the blank one above them."""
        if not blocks or y >= self.height or self.at(y) not in blocks:
            return False
        return y > self.starts[blocks.start] or bool(str(self.line(y)).strip())

    def line(self, y: int) -> Line:
        """Content of a line; blank after the last."""
        if not 0 <= y < self.height:
            return BLANK
        block = self.at(y)
        return self.drawn[block][y - self.starts[block]]

    def _count(self) -> None:
        self.starts = [0]
        for lines in self.drawn:
            self.starts.append(self.starts[-1] + len(lines))


def _folded(text: Content, width: int) -> list[Content]:
    return [part for line in text.split("\n", allow_blank=True) for part in line.fold(width)]


def _columns(rows: list[list[Content]], width: int) -> list[int]:
    count = max(map(len, rows), default=0)
    widths = [
        max([1, *(row[column].cell_length for row in rows if column < len(row))])
        for column in range(count)
    ]
    room = max(count * 3, width - len(_BETWEEN) * (count - 1))
    while sum(widths) > room:
        widest = max(range(count), key=widths.__getitem__)
        next_widest = sorted(widths, reverse=True)[1:2] or [0]
        excess = sum(widths) - room
        widths[widest] -= max(1, min(excess, widths[widest] - next_widest[0]))
    return widths


def _row(cells: list[Content], columns: list[int]) -> list[Content]:
    pieces = [cell.wrap(width) or [BLANK] for cell, width in zip(cells, columns, strict=False)]
    between = Content.styled(_BETWEEN, "dim")
    lines = []
    for number in range(max(map(len, pieces), default=0)):
        line = [piece[number].rstrip() if number < len(piece) else BLANK for piece in pieces]
        padded = [
            part.pad_right(max(0, width - part.cell_length))
            for part, width in zip(line, columns, strict=False)
        ]
        lines.append(between.join(padded))
    return lines
