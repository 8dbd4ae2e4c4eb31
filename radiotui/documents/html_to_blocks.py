"""A feed's HTML as Markdown for the reader.

Read as a stream of tags, like a browser that forgives: what is never closed,
closed twice or nested wrongly still gives its words, in time that grows with
the length alone.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from radiotui.documents.feed_figures import figure_of, with_whole_captions, with_words
from radiotui.documents.markdown_writer import (
    BREAK,
    Block,
    Container,
    Run,
    document,
    heading,
    paragraph,
    table,
    text_to_markdown,
)
from radiotui.net.urls import web_link
from radiotui.text import clean, clean_block

if TYPE_CHECKING:
    from radiotui.documents.model import Figure

_MOST_HTML = 400_000
# markdown-it reads no deeper than 20, and a list within a list is two.
_DEEPEST = 6
_MOST_FRAMES = 30

_TAG = re.compile(r"<[a-zA-Z/!?]")
_NOT_A_TAG = re.compile(r"<!--.*?(?:-->|\Z)|<[!?][^<>]*>", re.DOTALL)
_STRAY = re.compile(r"<(?!/?[a-zA-Z][^<>]*>)")
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
_MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*", "cite": "*"}
_MARKS |= dict.fromkeys(("s", "del", "strike"), "~~")
_ORDER = ("~~", "**", "*")


def html_to_markdown(source: str, base: str | None = None) -> str:
    """The Markdown of an HTML fragment; links are resolved against ``base``.

    Scripts, forms and embedded things are left out, a picture is its caption,
    a link that is not http(s) is its text.
    """
    return _read(source, base, leads=False)[0]


def html_with_figures(source: str, base: str | None = None) -> tuple[str, tuple[Figure, ...]]:
    """As :func:`html_to_markdown`, with the pictures.

    The first one is to be shown above the text, which is without its caption and credit.
    """
    return _read(source, base, leads=True)


def _read(source: str, base: str | None, *, leads: bool) -> tuple[str, tuple[Figure, ...]]:
    if not _TAG.search(source):
        return text_to_markdown(html.unescape(source)), ()
    if len(source) > _MOST_HTML:
        source = source[:_MOST_HTML].rpartition("<")[0]
    # html.parser raises on some declarations, and takes minutes for many tags that never end.
    source = _STRAY.sub("&lt;", _NOT_A_TAG.sub("", source))
    reader = _HtmlReader(base, leads=leads)
    reader.feed(with_whole_captions(source))
    reader.close()
    return clean_block(document(reader.finish())), tuple(reader.figures)


@dataclass(slots=True, eq=False)
class _OpenElement:
    """An element that is open and stands before the lines within it."""

    tag: str
    container: Container | None = None
    number: int = 1


@dataclass(slots=True)
class _HtmlTable:
    depth: int
    """How many frames were open around it."""
    rows: list[list[list[Block]]] = field(default_factory=list)
    tables_within: int = 0


class _HtmlReader(HTMLParser):
    """Collects blocks from a stream of tags."""

    def __init__(self, base: str | None, *, leads: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.figures: list[Figure] = []
        self._leads = leads
        self._base = base
        self._blocks: list[Block] = []
        self._runs: list[Run] = []
        self._marks = dict.fromkeys(_ORDER, 0)
        self._href: str | None = None
        self._heading = 0
        self._frames: list[_OpenElement] = []
        self._hidden_by: str | None = None
        self._preformatted = 0
        self._table: _HtmlTable | None = None
        self._photo: str | None = None
        self._in_caption = False

    def finish(self) -> list[Block]:
        """Everything that was read, when there is no more."""
        self._end_block()
        self._end_table()
        return self._blocks

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._hidden_by is not None:
            return
        if tag in _NOT_SHOWN:
            self._hidden_by = tag
        elif tag in _BLOCKS:
            self._end_block()
            self._start_block(tag, dict(attrs))
        elif tag in _MARKS:
            self._marks[_MARKS[tag]] += 1
        elif tag == "a":
            self._href = web_link(dict(attrs).get("href"), self._base)
        elif tag == "br":
            self._break()
        elif tag == "img":
            self._picture(dict(attrs))
        elif tag == "q":
            self._say('"')

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # In HTML the slash of "<div/>" means nothing; a feed's XHTML means it.
        self.handle_starttag(tag, attrs)
        if tag in _NOT_SHOWN or tag in _MARKS or tag in {"a", "p", "div", "li", "td"}:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._hidden_by is not None:
            if tag == self._hidden_by:
                self._hidden_by = None
        elif tag in _BLOCKS:
            self._end_block()
            self._close(tag)
        elif tag in _MARKS:
            mark = _MARKS[tag]
            self._marks[mark] = max(0, self._marks[mark] - 1)
        elif tag == "a":
            self._href = None
        elif tag == "q":
            self._say('"')

    def handle_data(self, data: str) -> None:
        if self._hidden_by is not None:
            return
        if not self._preformatted:
            self._say(data)
            return
        for number, line in enumerate(data.splitlines()):
            if number:
                self._break()
            self._say(line)

    def _say(self, text: str) -> None:
        core = clean(text, len(text) + 1)
        if core:
            text = " " * text[0].isspace() + core + " " * text[-1].isspace()
        elif any(character.isspace() for character in text):
            text = " "
        else:
            return
        marks = tuple(mark for mark in _ORDER if self._marks[mark])
        self._runs.append(Run(text, marks, self._href))

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
            self._put(paragraph([Run(f"Photo: {caption}", ("*",))]))
        self._photo = caption or self._photo

    def _is_of_figure(self, words: str) -> bool:
        """Whether a paragraph is a picture's caption or credit, and to be shown with it alone."""
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
            self._put("---")
        elif tag == "pre":
            self._preformatted += 1
        elif tag == "blockquote":
            self._open(_OpenElement(tag, Container("> ")))
        elif tag in _LISTS:
            start = attributes.get("start") or ""
            number = int(start) if re.fullmatch("[0-9]{1,6}", start) else 1
            self._open(_OpenElement(tag, number=number))
        elif tag == "li":
            self._open_item()
        elif tag in {"table", "tr", "td", "th"}:
            self._start_table_part(tag)

    def _open(self, frame: _OpenElement) -> None:
        if len(self._inside()) >= _DEEPEST:
            frame.container = None
        if len(self._frames) < _MOST_FRAMES:
            self._frames.append(frame)

    def _open_item(self) -> None:
        """An item begins; the one before it in the same list need not be closed."""
        self._close("li")
        if not self._frames or self._frames[-1].tag not in _LISTS:
            self._open(_OpenElement("ul"))
        listing = self._frames[-1]
        marker = f"{listing.number}. " if listing.tag == "ol" else "- "
        listing.number += 1
        self._open(_OpenElement("li", Container(marker, listing)))

    def _close(self, tag: str) -> None:
        if tag in {"figcaption", "figure"}:
            self._in_caption = False
        elif tag == "pre":
            self._preformatted = max(0, self._preformatted - 1)
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
        inside = self._inside()
        cells = [cell for row in rows for cell in row]
        simple = all(len(cell) <= 1 and all(b.inside == inside for b in cell) for cell in cells)
        if simple and len(rows) > 1 and all(len(row) > 1 for row in rows):
            self._put(table([["".join(b.text for b in cell) for cell in row] for row in rows]))
        else:
            self._blocks += [block for cell in cells for block in cell]

    def _inside(self) -> tuple[Container, ...]:
        return tuple(frame.container for frame in self._frames if frame.container is not None)

    def _end_block(self) -> None:
        runs, self._runs = self._runs, []
        while runs and runs[-1].text in {BREAK, " "}:
            runs.pop()
        words = "".join(run.text for run in runs).strip()
        if not words:
            return
        # A caption below a picture is often the same words again.
        if words != self._photo and not self._is_of_figure(words):
            self._put(heading(self._heading, runs) if self._heading else paragraph(runs))

    def _put(self, text: str) -> None:
        self._photo = None
        row = self._table.rows[-1] if self._table and self._table.rows else None
        target = row[-1] if row else self._blocks
        target.append(Block(text, self._inside()))
