"""An article's blocks as blocks on the screen. Imported with the first story that is opened."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from urllib.parse import urldefrag

import msgspec
from textual.content import Content, Span
from textual.style import Style

from radiotui.documents.model import (
    Block,
    CodeBlock,
    Heading,
    ListBlock,
    Paragraph,
    Quote,
    Rule,
    Run,
    Runs,
    Table,
    runs_text,
)
from radiotui.net.urls import host_of
from radiotui.text import clean
from radiotui.ui.kit.content import BLANK, trusted, untrusted
from radiotui.ui.widgets.reader.blocks import BlockView, TableView, Words

_BAR = trusted("▌ ", "dim")
_LINK = "$secondary underline"
_CODE = "$secondary on $panel"
_STYLES = {"strong": "bold", "emphasis": "italic", "strike": "strike", "code": _CODE}
_RAISED = str.maketrans("0123456789*", "⁰¹²³⁴⁵⁶⁷⁸⁹*")


class StoryLink(msgspec.Struct, frozen=True):
    """A link of a story; its number is its place in the list."""

    url: str
    words: str

    @property
    def host(self) -> str:
        """The host it leads to."""
        return clean(host_of(self.url), 60)


@dataclass(slots=True)
class _Level:
    """A quotation or an item of a list around a block."""

    first: Content
    rest: Content
    begun: bool = False


@dataclass(slots=True)
class BlockRenderer:
    """Lays out the blocks of one story; links are numbered over all of them."""

    page: str = ""
    """The story's own address: links to a place within it are footnotes."""
    links: list[StoryLink] = field(default_factory=list)
    _levels: list[_Level] = field(default_factory=list)
    _numbers: dict[str, int] = field(default_factory=dict)
    """The number of each address."""
    _notes: list[Content] = field(default_factory=list)
    """Links that were numbered since the last view, for the margin beside it."""
    _begins_list: bool = False
    """Whether a list has begun that is in no other."""

    def views(self, block: Block, *, tight: bool = False, style: str = "") -> Iterator[BlockView]:
        """The views of a block; none for a figure.

        ``tight``: no line stands above it; ``style`` is that of a paragraph, if it has one.
        """
        match block:
            case Paragraph(runs=runs):
                gap = not tight or self._begins_list
                self._begins_list = False
                text, plain = self.line(runs)
                yield self._framed(text.stylize_before(style), plain, gap=gap)
            case Heading(runs=runs):
                text, plain = self.line(runs)
                yield self._framed(text.stylize("bold"), plain)
            case Quote(blocks=blocks):
                yield from self._within(_Level(_BAR, _BAR), blocks)
            case ListBlock():
                yield from self._list(block)
            case CodeBlock(text=code):
                yield self._framed(Content.styled(code, _CODE), folds=True)
            case Table(rows=rows):
                yield self._table(rows)
            case Rule():
                yield self._framed(trusted("· · ·", "dim"))

    def line(self, runs: Runs) -> tuple[Content, str]:
        """A line as it is shown, and as it is quoted: without the numbers of links."""
        line = _Line()
        for link, group in groupby(runs, lambda run: run.link):
            linked = list(group)
            if not link:
                line.add_runs(linked)
            elif not self._is_footnote(link):
                self._add_link(line, link, linked)
            elif number := _footnote_number(runs_text(linked)):
                line.add(number.translate(_RAISED), quoted=False)
            else:
                # Whatever else leads about the page is only its words.
                line.add_runs(linked)
        return line.content, line.plain

    def _list(self, block: ListBlock) -> Iterator[BlockView]:
        self._begins_list = not self._in_list
        for number, item in enumerate(block.items, block.start or 0):
            mark = "• " if block.start is None else f"{number}. "
            level = _Level(trusted(mark, "$accent"), trusted(" " * len(mark)))
            yield from self._within(level, item.blocks, tight=not block.loose)

    @property
    def _in_list(self) -> bool:
        return any(level.first is not _BAR for level in self._levels)

    def _within(
        self, level: _Level, blocks: Iterable[Block], *, tight: bool = False
    ) -> Iterator[BlockView]:
        self._levels.append(level)
        for block in blocks:
            yield from self.views(block, tight=tight)
        self._levels.pop()

    def _framed(
        self, text: Content, plain: str = "", *, gap: bool = True, folds: bool = False
    ) -> Words:
        first, rest, above = self._frame()
        note, self._notes = Content("\n").join(self._notes), []
        return Words(text, plain, first, rest, above if gap else None, folds, note)

    def _frame(self) -> tuple[Content, Content, Content]:
        """The text before the first line, before the others, and on the line above."""
        above = BLANK.join(level.rest for level in self._levels if level.begun).rstrip()
        first = BLANK.join(level.rest if level.begun else level.first for level in self._levels)
        for level in self._levels:
            level.begun = True
        return first, BLANK.join(level.rest for level in self._levels), above

    def _table(self, rows: Iterable[Iterable[Runs]]) -> TableView:
        cells = [[self.line(cell)[0] for cell in row] for row in rows]
        head = [cell.stylize("bold") for cell in cells[0]]
        first, _, above = self._frame()
        return TableView(tuple(map(tuple, [head, *cells[1:]])), first, above)

    def _add_link(self, line: _Line, url: str, runs: list[Run]) -> None:
        number = self._number(url, runs_text(runs))
        start = line.length
        line.add_runs(runs)
        line.style(start, _LINK)
        mark = line.length
        line.add(f"[{number}]", quoted=False)
        line.style(mark, "dim")
        line.style(start, _click(number))

    def _number(self, url: str, words: str) -> int:
        """The number of a link; the same address keeps its number and its first words."""
        if url not in self._numbers:
            self.links.append(StoryLink(url, clean(words, 200)))
            self._numbers[url] = number = len(self.links)
            host = self.links[-1].host
            self._notes.append(untrusted(f"[{number}] {host}", "dim").stylize(_click(number)))
        return self._numbers[url]

    def _is_footnote(self, url: str) -> bool:
        address, fragment = urldefrag(url)
        return bool(fragment and self.page) and address == urldefrag(self.page).url


@dataclass(slots=True)
class _Line:
    """Text of a block, piece by piece."""

    length: int = 0
    _pieces: list[str] = field(default_factory=list)
    _quoted: list[str] = field(default_factory=list)
    _spans: list[Span] = field(default_factory=list)

    @property
    def content(self) -> Content:
        """The text with its styles."""
        return Content("".join(self._pieces), self._spans)

    @property
    def plain(self) -> str:
        """The text as it is quoted."""
        return " ".join("".join(self._quoted).split())

    def add_runs(self, runs: Iterable[Run]) -> None:
        """Add text in the styles of its runs."""
        for run in runs:
            start = self.length
            self.add(run.text)
            for style in run.styles:
                self.style(start, _STYLES[style])

    def add(self, text: str, *, quoted: bool = True) -> None:
        """Add text without style."""
        self._pieces.append(text)
        self.length += len(text)
        if quoted:
            self._quoted.append(text)

    def style(self, start: int, style: str | Style) -> None:
        """Style all from ``start`` on."""
        if start < self.length:
            self._spans.append(Span(start, self.length, style))


def _click(number: int) -> Style:
    return Style.from_meta({"@click": f"follow({number})"})


def _footnote_number(words: str) -> str:
    """The number of a footnote's link: "[2]", "^2"; empty for other words."""
    number = words.strip().strip("[]()^")
    return number if number.isdecimal() and number.isascii() and len(number) < 4 else ""
