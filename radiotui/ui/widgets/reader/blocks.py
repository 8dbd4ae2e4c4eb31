"""Views of a story's blocks (paragraphs, tables, photos): their lines, and those in the margin."""

from __future__ import annotations

from typing import Protocol

import msgspec
from textual.content import Content
from textual.strip import Strip

from radiotui.ui.kit.content import BLANK, trusted, untrusted
from radiotui.ui.widgets.reader.measure import MARK_COLUMNS, text_columns, text_indent
from radiotui.ui.widgets.reader.picture_protocols import MOST_LINES, PhotoRoom

MARGIN_GAP = 3
"""Columns between the text and its margin."""
GUTTER = 2
"""Columns between a photo and the words beside it."""
FEWEST_PHOTO_LINES = 3
"""With fewer nobody sees what it is of."""
_COLUMNS_WITH_MARGIN = 150
"""So wide is the reader alone on a screen of 160 columns, nearly: the text has a margin."""
_WIDEST_MARGIN = 60
_SHORT = 20
"""Lines of a view in which blank ones are saved."""
_CAPTION_COLUMNS = 14
"""So many are needed beside a photo for its caption."""
_NARROWEST = 8
_NO_ROOM = PhotoRoom(0, 0)
_BETWEEN = " │ "


class Beside(msgspec.Struct, frozen=True):
    """A line of a photo, and a line of words right of it."""

    photo: Strip
    words: Content

    @property
    def text(self) -> str:
        """All of it as plain text."""
        return f"{self.photo.text}{' ' * GUTTER}{self.words.plain}"


Line = Content | Strip | Beside


class Room(msgspec.Struct, frozen=True):
    """Columns and lines that a story is laid out for."""

    columns: int
    """Of the text."""
    lines: int = 24
    """Lines that are seen at once."""
    margin: int = 0
    """Columns right of the text, for photos, links and the like; 0: they are in the text."""
    indent: int = MARK_COLUMNS
    """Columns left of the text."""

    @property
    def is_short(self) -> bool:
        """True where no line can be spared."""
        return self.lines < _SHORT

    @property
    def photo(self) -> PhotoRoom:
        """Room of a photo: never more than two lines of five are taken from the text."""
        lines = min(MOST_LINES, max(FEWEST_PHOTO_LINES, self.lines * 2 // 5))
        return PhotoRoom(self.margin or self.columns, lines)

    def wraps_like(self, other: Room) -> bool:
        """True where a layout for the other room is one for this."""
        is_as_wide = msgspec.structs.replace(self, lines=other.lines) == other
        return is_as_wide and self.is_short == other.is_short


def room_within(width: int, height: int) -> Room:
    """The room in a reader of that size: the text in its middle, a margin where it is wide."""
    columns, indent = text_columns(width), text_indent(width)
    beside = width - indent - columns - MARGIN_GAP - 1
    margin = min(_WIDEST_MARGIN, beside) if width >= _COLUMNS_WITH_MARGIN else 0
    return Room(columns, height, margin, indent)


class BlockView(Protocol):
    """A piece of a story."""

    @property
    def text(self) -> Content:
        """Its words, where one looks for something."""

    @property
    def plain(self) -> str:
        """Its words as they are quoted; empty where it is nothing to quote."""

    def lines(self, room: Room, text: Content) -> list[Line]:
        """Lines in the text; ``text`` is the view's own, perhaps with marks in it."""

    def aside(self, room: Room, text: Content) -> list[Line]:
        """Lines in the margin, where there is one."""


class Words(msgspec.Struct, frozen=True):
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
    note: Content = BLANK
    """Words beside it in the margin, lines of their own."""

    def lines(self, room: Room, text: Content) -> list[Line]:
        """Wrapped at words."""
        columns = max(_NARROWEST, room.columns - self.rest.cell_length)
        wrapped = _folded(text, columns) if self.folds else text.wrap(columns)
        lines: list[Line] = [] if self.gap is None else [self.gap]
        for number, line in enumerate(wrapped):
            lines.append((self.rest if number else self.first) + line.rstrip())
        return lines

    def aside(self, room: Room, text: Content) -> list[Line]:  # noqa: ARG002
        """Its note."""
        return [line.rstrip() for line in self.note.wrap(room.margin)] if self.note else []


class TableView(msgspec.Struct, frozen=True):
    """Rows of cells; the first is the head."""

    rows: tuple[tuple[Content, ...], ...]
    first: Content = BLANK
    gap: Content | None = BLANK
    plain: str = ""

    @property
    def text(self) -> Content:
        """Cell by cell, a line each."""
        return Content("\n").join(cell for row in self.rows for cell in row)

    def lines(self, room: Room, text: Content) -> list[Line]:
        """Columns as wide as their words, the widest narrowed until all fit."""
        cells = iter(text.split("\n", allow_blank=True))
        rows = [[next(cells, BLANK) for _ in row] for row in self.rows]
        columns = _columns(rows, room.columns - self.first.cell_length)
        lines: list[Line] = [] if self.gap is None else [self.gap]
        for number, row in enumerate(rows):
            lines += [self.first + line for line in _row(row, columns)]
            if number == 0:
                rule = "─┼─".join("─" * column for column in columns)
                lines.append(self.first + Content.styled(rule, "dim"))
        return lines

    def aside(self, room: Room, text: Content) -> list[Line]:  # noqa: ARG002
        """Nothing: its links are in the list of links."""
        return []


class PhotoView(msgspec.Struct, frozen=True):
    """A picture with its caption; it takes no line until it was drawn, or is known not to be."""

    url: str
    text: Content = BLANK
    """Caption and credit."""
    is_lead: bool = False
    """Whether it stands above the text, beside the headline where there is a margin."""
    drawn: tuple[Strip, ...] = ()
    over: tuple[str, ...] = ()
    """What the terminal is sent over each line of it, if anything."""
    room: PhotoRoom = _NO_ROOM
    """Room it was drawn for."""
    why: str = ""
    """Why it is not there."""
    plain: str = ""

    def lines(self, room: Room, text: Content) -> list[Line]:
        """As it was drawn, where that fits, or why it was not; its caption."""
        lines = [] if room.margin else self._lines(room.columns, text)
        return [BLANK, *lines] if lines and not (self.is_lead and room.is_short) else lines

    def aside(self, room: Room, text: Content) -> list[Line]:
        """The same, in the margin."""
        return self._lines(room.margin, text) if room.margin else []

    def caption_lines(self, columns: int, text: Content) -> list[Line]:
        """Caption and credit beneath the photo."""
        first, rest = trusted("╰ ", "dim"), trusted("  ")
        wrapped = text.wrap(max(_NARROWEST, columns - 2)) if text else []
        return [(rest if number else first) + line.rstrip() for number, line in enumerate(wrapped)]

    def _lines(self, columns: int, text: Content) -> list[Line]:
        drawn = self.drawn if self.room.columns <= columns else ()
        if drawn and text:
            words = caption_beside(text, columns - drawn[0].cell_length, len(drawn))
            if words:
                blank = [BLANK] * (len(drawn) - len(words))
                pairs = zip(drawn, [*blank, *words], strict=True)
                return [Beside(strip, line.rstrip()) for strip, line in pairs]
        reason = untrusted(self.why, "dim").wrap(columns) if self.why else []
        return [*drawn, *reason, *self.caption_lines(columns, text)]


def caption_beside(text: Content, columns: int, lines: int) -> list[Content]:
    """Lines of a caption in so many columns right of a photo; none where it is too long for it."""
    room = columns - GUTTER
    wrapped = text.wrap(room) if room >= _CAPTION_COLUMNS else []
    return wrapped if len(wrapped) <= lines else []


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
