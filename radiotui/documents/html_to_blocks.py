"""HTML of a feed or an article as blocks.

Read as a stream of tags, like a browser that forgives: unclosed, twice closed or
wrongly nested elements still give their words, in time that grows with the
length alone.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

from radiotui.documents.code_text import code_text
from radiotui.documents.feed_figures import figure_of, with_whole_captions, with_words
from radiotui.documents.html_source import parsable_source
from radiotui.documents.model import (
    BREAK,
    STYLES,
    Block,
    Blocks,
    CodeBlock,
    Figure,
    Heading,
    Paragraph,
    Rule,
    Run,
    Runs,
    Style,
    Table,
    block_text,
    runs_text,
)
from radiotui.documents.nesting import BlockContainer, OpenElement, PlacedBlock, nested_blocks
from radiotui.documents.runs import text_to_blocks, tidy_runs
from radiotui.net.urls import web_link
from radiotui.text import clean

FIGURE_MARK = "\ue010{}\ue011"
"""A paragraph of this alone stands for the figure of that number."""

_MOST_CHARACTERS = 200_000
_BLOCK_CHARACTERS = 5
"""What a block counts for beside its words: of empty ones there may be many, too."""
_CUT = "The rest is left out here: it is too long."
_DEEPEST = 6
"""Quotations and items within each other; a screen has no columns for more."""
_MOST_FRAMES = 30

_TAG = re.compile(r"<[a-zA-Z/!?]")
_NOT_SHOWN = {
    *("applet", "audio", "button", "canvas", "form", "iframe", "math", "noscript", "object"),
    *("script", "select", "style", "svg", "template", "textarea", "title", "video"),
}
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_BLOCKS = _HEADINGS | {
    *("address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details"),
    *("dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "header"),
    *("hgroup", "hr", "legend", "li", "main", "menu", "nav", "ol", "p", "pre", "section"),
    *("summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
}
_LISTS = {"ul", "ol", "menu", "dir"}
_STYLES: dict[str, Style] = {"b": "strong", "strong": "strong"}
_STYLES |= dict.fromkeys(("i", "em", "cite"), "emphasis")
_STYLES |= dict.fromkeys(("code", "kbd", "samp", "tt"), "code")
_STYLES |= dict.fromkeys(("s", "del", "strike"), "strike")
_FIGURE_MARK = re.compile(FIGURE_MARK.format("([0-9]{1,4})"))


def html_to_blocks(
    source: str, base: str | None = None, figures: Mapping[int, Figure] | None = None
) -> Blocks:
    """The blocks of an HTML fragment; links are resolved against ``base``.

    Scripts, forms and embedded things are left out, a picture is its caption,
    a link that is not http(s) is its text. ``figures`` are put where their
    :data:`FIGURE_MARK` stands, each once.
    """
    return _read(source, base, figures or {}, leads=False)[0]


def html_with_figures(source: str, base: str | None = None) -> tuple[Blocks, tuple[Figure, ...]]:
    """Blocks as of :func:`html_to_blocks`, and the pictures.

    The first one is to be shown above the text, which is without its caption and credit.
    """
    return _read(source, base, {}, leads=True)


def _read(
    source: str, base: str | None, figures: Mapping[int, Figure], *, leads: bool
) -> tuple[Blocks, tuple[Figure, ...]]:
    if not _TAG.search(source):
        return text_to_blocks(html.unescape(source)), ()
    source, is_cut = parsable_source(source)
    reader = _HtmlReader(base, figures, leads=leads)
    reader.feed(with_whole_captions(source))
    reader.close()
    return nested_blocks(reader.finish(is_cut=is_cut)), tuple(reader.figures)


@dataclass(slots=True)
class _HtmlTable:
    depth: int
    """How many frames were open around it."""
    rows: list[list[list[PlacedBlock]]] = field(default_factory=list)
    tables_within: int = 0


class _HtmlReader(HTMLParser):
    """Collects blocks from a stream of tags."""

    def __init__(
        self, base: str | None, taken_figures: Mapping[int, Figure], *, leads: bool
    ) -> None:
        super().__init__(convert_charrefs=True)
        self.figures: list[Figure] = []
        self._taken_figures = dict(taken_figures)
        self._leads = leads
        self._base = base
        self._blocks: list[PlacedBlock] = []
        self._room = _MOST_CHARACTERS
        self._runs: list[Run] = []
        self._styles = dict.fromkeys(STYLES, 0)
        self._link = ""
        self._heading = 0
        self._frames: list[OpenElement] = []
        self._hidden_by: str | None = None
        self._code: list[str] | None = None
        self._table: _HtmlTable | None = None
        self._photo: str | None = None
        self._in_caption = False

    def finish(self, *, is_cut: bool) -> list[PlacedBlock]:
        """All blocks, after the last tag; the last one says where there was too much."""
        self._end_code()
        self._end_block()
        self._end_table()
        if is_cut or self._room < 0:
            self._blocks.append(PlacedBlock(Paragraph((Run(_CUT, ("emphasis",)),))))
        return self._blocks

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._hidden_by is not None:
            return
        if tag in _NOT_SHOWN:
            self._hidden_by = tag
        elif self._code is not None and tag != "q":
            self._code_line(tag)
        elif tag in _BLOCKS:
            self._end_block()
            self._start_block(tag, dict(attrs))
        elif tag in _STYLES:
            self._styles[_STYLES[tag]] += 1
        elif tag == "a":
            self._link = web_link(dict(attrs).get("href"), self._base) or ""
        elif tag == "br":
            self._break()
        elif tag == "img":
            self._picture(dict(attrs))
        elif tag == "q":
            self._say('"')

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # In HTML the slash of "<div/>" means nothing; a feed's XHTML means it.
        self.handle_starttag(tag, attrs)
        if tag in _NOT_SHOWN or tag in _STYLES or tag in {"a", "p", "div", "li", "td"}:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._hidden_by is not None:
            if tag == self._hidden_by:
                self._hidden_by = None
        elif tag == "pre":
            self._end_code()
        elif self._code is not None and tag != "q":
            self._code_line(tag)
        elif tag in _BLOCKS:
            self._end_block()
            self._close(tag)
        elif tag in _STYLES:
            style = _STYLES[tag]
            self._styles[style] = max(0, self._styles[style] - 1)
        elif tag == "a":
            self._link = ""
        elif tag == "q":
            self._say('"')

    def handle_data(self, data: str) -> None:
        if self._hidden_by is None:
            self._say(data)

    def _code_line(self, tag: str) -> None:
        """A line of code ends where a block does."""
        if self._code and (tag == "br" or (tag in _BLOCKS and not self._code[-1].endswith("\n"))):
            self._code.append("\n")

    def _end_code(self) -> None:
        lines, self._code = self._code, None
        if lines and (code := code_text("".join(lines))):
            self._put(CodeBlock(code))

    def _say(self, text: str) -> None:
        if self._code is not None:
            self._code.append(text)
            return
        core = clean(text, len(text) + 1)
        if core:
            text = " " * text[0].isspace() + core + " " * text[-1].isspace()
        elif any(character.isspace() for character in text):
            text = " "
        else:
            return
        styles = tuple(style for style in STYLES if self._styles[style])
        self._runs.append(Run(text, styles, self._link))

    def _break(self) -> None:
        """A new line; two in a row end the paragraph."""
        while self._runs and self._runs[-1].text == " ":
            self._runs.pop()
        if self._runs and self._runs[-1].text == BREAK:
            self._end_block()
        elif self._runs:
            self._runs.append(Run(BREAK))

    def _picture(self, attributes: dict[str, str | None]) -> None:
        """A picture's own words; none for a pixel that counts readers."""
        sides = (attributes.get("width") or "", attributes.get("height") or "")
        caption = clean(attributes.get("alt") or "", 2000)
        if any(re.fullmatch(r"\s*[0-2](px)?\s*", side) for side in sides):
            return
        figure = figure_of(attributes, caption, self._base)
        is_lead = figure is not None and self._leads and not self.figures
        if figure is not None:
            self.figures.append(figure)
        if caption or is_lead:
            self._end_block()
        if caption and not is_lead:
            self._put(Paragraph(tidy_runs([Run(f"Photo: {caption}", ("emphasis",))])))
        self._photo = caption or self._photo

    def _is_of_figure(self, words: str) -> bool:
        """Give the last picture a caption or credit; True where the text goes without it."""
        figure = with_words(self.figures[-1], words, self._in_caption) if self.figures else None
        if figure is None:
            return False
        self.figures[-1] = figure
        return self._leads and len(self.figures) == 1

    def _start_block(self, tag: str, attributes: dict[str, str | None]) -> None:
        if tag == "p":
            self._heading = 0
        elif tag == "figcaption":
            self._in_caption = True
        elif tag in _HEADINGS:
            # The first level is the headline's, which the reader shows by itself.
            self._heading = max(2, int(tag[1:]))
        elif tag == "hr":
            self._put(Rule())
        elif tag == "pre":
            self._code = []
        elif tag == "blockquote":
            self._open(OpenElement(tag, BlockContainer()))
        elif tag in _LISTS:
            start = attributes.get("start") or ""
            number = int(start) if re.fullmatch("[0-9]{1,6}", start) else 1
            self._open(OpenElement(tag, number=number))
        elif tag == "li":
            self._open_item()
        elif tag in {"table", "tr", "td", "th"}:
            self._start_table_part(tag)

    def _open(self, frame: OpenElement) -> None:
        if len(self._inside()) >= _DEEPEST:
            frame.container = None
        if len(self._frames) < _MOST_FRAMES:
            self._frames.append(frame)

    def _open_item(self) -> None:
        """An item begins; the one before it in the same list need not be closed."""
        self._close("li")
        if not self._frames or self._frames[-1].tag not in _LISTS:
            self._open(OpenElement("ul"))
        listing = self._frames[-1]
        number = listing.number if listing.tag == "ol" else None
        listing.number += 1
        self._open(OpenElement("li", BlockContainer(listing, number)))

    def _close(self, tag: str) -> None:
        if tag in {"figcaption", "figure"}:
            self._in_caption = False
        elif tag == "table":
            self._end_table()
        elif tag in {"td", "th", "tr"} and self._table is not None:
            del self._frames[self._table.depth :]
        elif tag in _HEADINGS:
            self._heading = 0
        elif tag in _LISTS or tag in {"li", "blockquote"}:
            self._close_frame(tag)

    def _close_frame(self, tag: str) -> None:
        floor = self._table.depth if self._table else 0
        for place in range(len(self._frames) - 1, floor - 1, -1):
            open_tag = self._frames[place].tag
            if open_tag == tag:
                del self._frames[place:]
                return
            if tag == "li" and open_tag in _LISTS:
                return

    def _start_table_part(self, tag: str) -> None:
        if tag == "table":
            if self._table is None:
                self._table = _HtmlTable(len(self._frames))
            else:
                self._table.tables_within += 1
        elif self._table is not None and not self._table.tables_within:
            del self._frames[self._table.depth :]
            if tag == "tr" or not self._table.rows:
                self._table.rows.append([])
            if tag != "tr":
                self._table.rows[-1].append([])

    def _end_table(self) -> None:
        """A table of short cells is a table; one that lays out a page is its paragraphs."""
        ended = self._table
        if ended is None:
            return
        if ended.tables_within:
            ended.tables_within -= 1
            return
        self._table = None
        del self._frames[ended.depth :]
        rows = [row for row in ended.rows if any(row)]
        placed = [block for row in rows for cell in row for block in cell]
        figures = [block for block in placed if not _is_text(block)]
        rows = [[list(filter(_is_text, cell)) for cell in row] for row in rows]
        inside = self._inside()
        cells = [cell for row in rows for cell in row]
        simple = all(len(cell) <= 1 and all(_is_line(b, inside) for b in cell) for cell in cells)
        if simple and len(rows) > 1 and all(len(row) > 1 for row in rows):
            self._put(Table(tuple(tuple(map(_cell, row)) for row in rows)))
            self._blocks += figures
        else:
            self._blocks += placed

    def _inside(self) -> tuple[BlockContainer, ...]:
        return tuple(frame.container for frame in self._frames if frame.container is not None)

    def _end_block(self) -> None:
        runs, self._runs = tidy_runs(self._runs), []
        words = runs_text(runs)
        if not words:
            return
        if mark := _FIGURE_MARK.fullmatch(words):
            # A number that the page made up is nobody's.
            figure = self._taken_figures.pop(int(mark[1]), None)
            if figure is not None:
                self._place(PlacedBlock(figure))
        # A caption below a picture is often the same words again.
        elif words != self._photo and not self._is_of_figure(words):
            self._put(self._block_of(runs))

    def _block_of(self, runs: Runs) -> Block:
        if not self._heading:
            return Paragraph(runs)
        return Heading(self._heading, _on_one_line(runs))

    def _put(self, block: Block) -> None:
        self._photo = None
        self._place(PlacedBlock(block, self._inside()))

    def _place(self, block: PlacedBlock) -> None:
        self._room -= len(block_text(block.block)) + _BLOCK_CHARACTERS
        if self._room < 0:
            return
        row = self._table.rows[-1] if self._table and self._table.rows else None
        target = row[-1] if row else self._blocks
        target.append(block)


def _is_text(block: PlacedBlock) -> bool:
    return not isinstance(block.block, Figure)


def _is_line(block: PlacedBlock, inside: tuple[BlockContainer, ...]) -> bool:
    return block.inside == inside and not isinstance(block.block, CodeBlock)


def _on_one_line(runs: Runs) -> Runs:
    return tidy_runs(Run(" ") if run.text == BREAK else run for run in runs)


def _cell(blocks: Sequence[PlacedBlock]) -> Runs:
    block = blocks[0].block if blocks else None
    return _on_one_line(block.runs) if isinstance(block, Paragraph | Heading) else ()
