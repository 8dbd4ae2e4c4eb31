"""Layout of a story: the lines of its blocks one above the other, and its margin beside them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

import msgspec
from textual.content import Content

from radiotui.ui.kit.content import BLANK
from radiotui.ui.widgets.reader.blocks import (
    FEWEST_PHOTO_LINES,
    MARGIN_GAP,
    Beside,
    BlockView,
    Line,
    PhotoView,
    Room,
    caption_beside,
)
from radiotui.ui.widgets.reader.picture_protocols import PhotoRoom

_FIRST_TEXT = 3
"""Lines beneath the lead photo that are seen without scrolling; the first is blank."""
_WIDE_PHOTO = 4
"""Columns a line of a photo of sixteen to nine, nearly, before it is known how wide it is."""
_TOLERANCE = 2
"""Lines by which a photo may miss its room: drawing it again for one or two would be seen."""


class TextSpan(msgspec.Struct, frozen=True):
    """Characters of a block's text that are marked."""

    block: int
    start: int
    end: int


class PlacedPhoto(msgspec.Struct, frozen=True):
    """A photo in a layout, and its first line and column."""

    view: PhotoView
    y: int
    x: int


class Layout:
    """Blocks as lines for one room. Laying out thousands of words takes milliseconds."""

    def __init__(self, blocks: list[BlockView], room: Room) -> None:
        self.blocks = blocks
        self.room = room
        self.drawn = [block.lines(room, block.text) for block in blocks]
        self.starts: list[int] = []
        """The first line of each block, and of what would come after the last."""
        self._asides = [self._aside(block, block.text) for block in blocks]
        """Lines of each block for the margin."""
        self._margin: list[Line] = []
        self._aside_starts: dict[int, int] = {}
        """The first line of each block that has some in the margin."""
        self._count()

    @property
    def height(self) -> int:
        """Number of lines."""
        return max(self.starts[-1], len(self._margin))

    @property
    def has_overlay(self) -> bool:
        """True where the terminal paints a picture over some of the lines."""
        return any(isinstance(block, PhotoView) and block.over for block in self.blocks)

    def put(self, index: int, block: BlockView, text: Content | None = None) -> None:
        """Another block in that place, or the same with marks in its text."""
        self.blocks[index] = block
        words = block.text if text is None else text
        before = len(self.drawn[index])
        self.drawn[index] = block.lines(self.room, words)
        has_aside, self._asides[index] = bool(self._asides[index]), self._aside(block, words)
        if len(self.drawn[index]) != before or has_aside or self._asides[index]:
            self._count()

    def at(self, y: int) -> int:
        """The block that line is of."""
        return min(bisect_right(self.starts, y), len(self.blocks)) - 1

    def overlaps(self, index: int, first: int, end: int) -> bool:
        """True where a block is, or borders on, lines from ``first`` to before ``end``."""
        return self.starts[index] < end and self.starts[index + 1] >= first

    def is_text_of(self, blocks: range, y: int) -> bool:
        """True for a line of those blocks, but not for the blank one above them."""
        if not blocks or y >= self.starts[-1] or self.at(y) not in blocks:
            return False
        return y > self.starts[blocks.start] or bool(str(self.line(y)).strip())

    def line(self, y: int) -> Line:
        """Line of the text; blank after the last."""
        if not 0 <= y < self.starts[-1]:
            return BLANK
        block = self.at(y)
        return self.drawn[block][y - self.starts[block]]

    def margin_line(self, y: int) -> Line:
        """Line of the margin; blank where there is nothing."""
        return self._margin[y] if 0 <= y < len(self._margin) else BLANK

    def words_of(self, index: int) -> Iterator[tuple[int, Content]]:
        """Every line of a block that has words, with its place."""
        aside_start = self._aside_starts.get(index, 0)
        for start, lines in (
            (self.starts[index], self.drawn[index]),
            (aside_start, self._asides[index]),
        ):
            for y, line in enumerate(lines, start):
                words = line_words(line)
                if words is not None:
                    yield y, words

    # Photos

    @property
    def photos(self) -> Iterator[PlacedPhoto]:
        """Photos that were drawn, with their places."""
        for index, block in enumerate(self.blocks):
            if not isinstance(block, PhotoView) or not block.drawn:
                continue
            aside, lines = self._asides[index], self.drawn[index]
            if aside and not isinstance(aside[0], Content):
                x = self.room.columns + MARGIN_GAP
                yield PlacedPhoto(block, self._aside_starts[index], x)
            elif first := [n for n, line in enumerate(lines) if not isinstance(line, Content)]:
                yield PlacedPhoto(block, self.starts[index] + first[0], 0)

    def photo_room(self, index: int) -> PhotoRoom:
        """Room of a photo. Beneath that above the text some of the text is seen, too."""
        room, block = self.room.photo, self.blocks[index]
        if not isinstance(block, PhotoView) or not block.is_lead or self.room.margin:
            return room
        free = self.room.lines - self.starts[index] - _FIRST_TEXT - (not self.room.is_short)
        lines = min(room.lines, free)
        if not caption_beside(block.text, room.columns - _WIDE_PHOTO * lines, lines):
            lines = min(lines, free - len(block.caption_lines(room.columns, block.text)))
        return PhotoRoom(room.columns, max(FEWEST_PHOTO_LINES, lines))

    def suits(self, index: int, room: PhotoRoom) -> bool:
        """True where a photo that was drawn for that room need not be drawn again."""
        wanted_room = self.photo_room(index)
        return (
            room.columns == wanted_room.columns
            and room.lines <= self.room.photo.lines
            and abs(room.lines - wanted_room.lines) <= _TOLERANCE
        )

    # Inside

    def _aside(self, block: BlockView, text: Content) -> list[Line]:
        return block.aside(self.room, text) if self.room.margin else []

    def _count(self) -> None:
        self.starts = [0]
        for lines in self.drawn:
            self.starts.append(self.starts[-1] + len(lines))
        if self.room.margin:
            self._fill_margin()

    def _fill_margin(self) -> None:
        """Put each block's lines beside it, or beneath those of the block before."""
        margin: list[Line] = []
        self._aside_starts = {}
        for place, index in sorted(self._aside_places()):
            start = max(place, len(margin) + 1)
            margin += [BLANK] * (start - len(margin))
            margin += self._asides[index]
            self._aside_starts[index] = start
        self._margin = margin

    def _aside_places(self) -> Iterator[tuple[int, int]]:
        """Line beside which the lines of each block belong, and its index; the lead photo first."""
        for index, lines in enumerate(self._asides):
            block = self.blocks[index]
            if lines and isinstance(block, PhotoView) and block.is_lead:
                yield 0, index
            elif lines:
                # Beneath the blank line that nearly every block begins with.
                yield self.starts[index] + 1, index


def line_words(line: Line) -> Content | None:
    """Words of a line; None of one that is all photo."""
    if isinstance(line, Content):
        return line
    return line.words if isinstance(line, Beside) else None
