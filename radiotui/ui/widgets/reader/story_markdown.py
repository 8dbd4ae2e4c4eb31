"""Markdown as the blocks of a story. Imported with the first story that is opened."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import urldefrag

from markdown_it import MarkdownIt
from markdown_it.token import Token
from textual.content import Content, Span
from textual.style import Style

from radiotui.net.urls import host_of, is_web
from radiotui.text import clean, clean_block
from radiotui.ui.kit.content import BLANK, trusted
from radiotui.ui.widgets.reader.blocks import BlockView, TableView, Words

_BAR = trusted("▌ ", "$border-blurred")
_STYLES = {"strong": "bold", "em": "italic", "s": "strike"}
_LINK = "$secondary underline"
_CODE = "$secondary on $panel"
_RAISED = str.maketrans("0123456789*", "⁰¹²³⁴⁵⁶⁷⁸⁹*")


@dataclass(frozen=True, slots=True)
class StoryLink:
    """A link of a story; its number is its place in the list."""

    url: str
    words: str

    @property
    def host(self) -> str:
        """Where it leads."""
        return clean(host_of(self.url), 60)


class _Parser(MarkdownIt):
    """Markdown as feeds may write it: no HTML, no links but to the web."""

    def validateLink(self, url: str) -> bool:  # noqa: N802 - markdown-it's own name
        """Whatever is refused here stays on the page as the text it was."""
        return is_web(url)


@cache
def _parser() -> _Parser:
    return _Parser("gfm-like", {"html": False})


@dataclass(slots=True)
class _Level:
    """A quotation or an item of a list that one is in."""

    first: Content
    rest: Content
    begun: bool = False


@dataclass(slots=True)
class MarkdownReader:
    """Reads the parts of one story; links are numbered over all of them."""

    page: str = ""
    """The story's own address: links to a place within it are footnotes."""
    links: list[StoryLink] = field(default_factory=list)
    _levels: list[_Level] = field(default_factory=list)
    _counts: list[int | None] = field(default_factory=list)
    """The next number of each list one is in; None where it has bullets."""
    _numbers: dict[str, int] = field(default_factory=dict)
    _begins_list: bool = False
    """Whether a list has begun that is in no other."""

    def blocks(self, markdown: str) -> Iterator[BlockView]:
        """The blocks of a text."""
        tokens = _parser().parse(clean_block(markdown))
        self._levels, self._counts = [], []
        at = 0
        while at < len(tokens):
            token = tokens[at]
            match token.type:
                case "inline":
                    yield self._words(token, tokens[at - 1])
                case "fence" | "code_block":
                    yield self._framed(Content.styled(_code(token.content), _CODE), folds=True)
                case "hr":
                    yield self._framed(trusted("· · ·", "dim"))
                case "table_open":
                    end = next(n for n in range(at, len(tokens)) if _ends_table(tokens[n]))
                    yield self._table(tokens[at:end])
                    at = end
                case _:
                    self._enter_or_leave(token)
            at += 1

    def _enter_or_leave(self, token: Token) -> None:
        match token.type:
            case "blockquote_open":
                self._levels.append(_Level(_BAR, _BAR))
            case "bullet_list_open" | "ordered_list_open":
                self._begins_list = not self._counts
                first = int(token.attrs.get("start", 1))
                self._counts.append(first if token.tag == "ol" else None)
            case "list_item_open":
                self._levels.append(self._item())
            case "blockquote_close" | "list_item_close":
                self._levels.pop()
            case "bullet_list_close" | "ordered_list_close":
                self._counts.pop()

    def _item(self) -> _Level:
        number = self._counts[-1]
        if number is None:
            return _Level(trusted("• ", "$accent"), trusted("  "))
        self._counts[-1] = number + 1
        mark = f"{number}. "
        return _Level(trusted(mark, "$accent"), trusted(" " * len(mark)))

    def _words(self, token: Token, opening: Token) -> Words:
        text, plain = self._inline(token)
        if opening.type == "heading_open":
            return self._framed(text.stylize("bold"), plain)
        tight = opening.hidden and not self._begins_list
        self._begins_list = False
        return self._framed(text, plain, tight=tight)

    def _framed(
        self, text: Content, plain: str = "", *, tight: bool = False, folds: bool = False
    ) -> Words:
        first, rest, gap = self._frame()
        return Words(text, plain, first, rest, None if tight else gap, folds)

    def _frame(self) -> tuple[Content, Content, Content]:
        """What stands before the first line, before the others, and on the line above."""
        gap = BLANK.join(level.rest for level in self._levels if level.begun).rstrip()
        first = BLANK.join(level.rest if level.begun else level.first for level in self._levels)
        for level in self._levels:
            level.begun = True
        return first, BLANK.join(level.rest for level in self._levels), gap

    def _table(self, tokens: list[Token]) -> TableView:
        rows: list[list[Content]] = []
        head = True
        for token in tokens:
            if token.type == "tr_open":
                rows.append([])
            elif token.type == "thead_close":
                head = False
            elif token.type == "inline":
                text, _ = self._inline(token)
                rows[-1].append(text.stylize("bold") if head else text)
        first, _, gap = self._frame()
        return TableView(tuple(map(tuple, rows)), first, gap)

    def _inline(self, token: Token) -> tuple[Content, str]:
        line = _Inline(self)
        for child in token.children or []:
            line.take(child)
        return line.content, line.plain

    def number(self, url: str) -> int:
        """The number of a link; the same address keeps its number."""
        if url not in self._numbers:
            self.links.append(StoryLink(url, ""))
            self._numbers[url] = len(self.links)
        return self._numbers[url]

    def name(self, number: int, words: str) -> None:
        """Remember the words of a link, those that it had first."""
        link = self.links[number - 1]
        if not link.words:
            self.links[number - 1] = StoryLink(link.url, clean(words, 200))


class _Inline:
    """The words of one block as they come."""

    def __init__(self, reader: MarkdownReader) -> None:
        self._reader = reader
        self._shown: list[str] = []
        self._said: list[str] = []
        self._length = 0
        self._spans: list[Span] = []
        self._open: list[tuple[int, str]] = []
        self._link: tuple[int, int, str] | None = None
        """Where the link one is in begins, in what is shown and said, and its address."""

    @property
    def content(self) -> Content:
        """As it is shown."""
        return Content("".join(self._shown), self._spans)

    @property
    def plain(self) -> str:
        """As it is quoted: without the numbers of links."""
        return " ".join("".join(self._said).split())

    def take(self, token: Token) -> None:
        """The next of its tokens."""
        match token.type:
            case "text" | "html_inline":
                self._add(_clean(token.content))
            case "softbreak":
                self._add(" ")
            case "hardbreak":
                self._add("\n")
            case "code_inline":
                start = self._length
                self._add(_clean(token.content))
                self._style(start, _CODE)
            case "image":
                self._picture(token)
            case "link_open":
                self._begin_link(str(token.attrs.get("href", "")))
            case "link_close":
                self._end_link()
            case kind if kind.endswith("_open"):
                self._open.append((self._length, _STYLES.get(kind.removesuffix("_open"), "")))
            case kind if kind.endswith("_close") and self._open:
                self._style(*self._open.pop())

    def _add(self, text: str, *, said: bool = True) -> None:
        self._shown.append(text)
        self._length += len(text)
        if said:
            self._said.append(text)

    def _style(self, start: int, style: str | Style) -> None:
        if style and start < self._length:
            self._spans.append(Span(start, self._length, style))

    def _picture(self, token: Token) -> None:
        within = self._link is not None
        if not within:
            self._begin_link(str(token.attrs.get("src", "")))
        self._add(f"[picture: {_clean(token.content) or 'no caption'}]", said=False)
        if not within:
            self._end_link()

    def _begin_link(self, url: str) -> None:
        self._link = self._length, len(self._said), url

    def _end_link(self) -> None:
        if self._link is None:
            return
        start, said, url = self._link
        self._link = None
        words = "".join(self._shown)[start:]
        if self._is_footnote(url):
            self._footnote(start, said, words)
            return
        number = self._reader.number(url)
        self._reader.name(number, words)
        self._style(start, _LINK)
        mark = self._length
        self._add(f"[{number}]", said=False)
        self._style(mark, "dim")
        self._style(start, Style.from_meta({"@click": f"follow({number})"}))

    def _is_footnote(self, url: str) -> bool:
        address, fragment = urldefrag(url)
        return bool(fragment and self._reader.page) and address == urldefrag(self._reader.page).url

    def _footnote(self, start: int, said: int, words: str) -> None:
        """A number as one raises it; whatever else leads about the page is only its words."""
        number = words.strip().strip("[]()^")
        if not (number.isdecimal() and number.isascii() and len(number) < 4):
            return
        self._shown = ["".join(self._shown)[:start]]
        self._length = start
        self._spans = [span for span in self._spans if span.end <= start]
        del self._said[said:]
        self._add(number.translate(_RAISED), said=False)


def _ends_table(token: Token) -> bool:
    return token.type == "table_close"


def _clean(text: str) -> str:
    """Entities of the text are characters by now, and those may be anything."""
    inner = clean_block(text)
    before = " " if text[:1].isspace() else ""
    after = " " if text[-1:].isspace() and inner else ""
    return before + inner + after


def _code(text: str) -> str:
    """Lines whose indents are kept."""
    lines = text.expandtabs(4).rstrip("\n").split("\n")
    return "\n".join(_indent(line) + clean_block(line) for line in lines)


def _indent(line: str) -> str:
    return " " * (len(line) - len(line.lstrip(" ")))
