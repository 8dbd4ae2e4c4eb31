"""Markdown as blocks, for the bodies that older stores keep."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from radiotui.documents.code_text import code_text
from radiotui.documents.model import (
    BREAK,
    STYLES,
    Block,
    Blocks,
    CodeBlock,
    Heading,
    ListBlock,
    ListItem,
    Paragraph,
    Quote,
    Rule,
    Run,
    Runs,
    Style,
    Table,
)
from radiotui.net.urls import is_web
from radiotui.text import clean_block

_STYLES: dict[str, Style] = {"strong": "strong", "em": "emphasis", "s": "strike"}


class _Parser(MarkdownIt):
    """GitHub's Markdown without HTML, with links to the web alone."""

    def validateLink(self, url: str) -> bool:  # noqa: N802 - markdown-it's own name
        """Test for an address that may be a link; another one stays text."""
        return is_web(url)


@cache
def _parser() -> _Parser:
    return _Parser("gfm-like", {"html": False})


def markdown_to_blocks(markdown: str) -> Blocks:
    """The blocks of a text; foreign entities in it are cleaned."""
    tokens: Sequence[Token] = _parser().parse(clean_block(markdown))
    return _blocks(SyntaxTreeNode(tokens).children)


def _blocks(nodes: Sequence[SyntaxTreeNode]) -> Blocks:
    return tuple(block for node in nodes if (block := _block(node)) is not None)


def _block(node: SyntaxTreeNode) -> Block | None:
    block: Block | None = None
    match node.type:
        case "paragraph":
            block = Paragraph(_line(node))
        case "heading":
            block = Heading(int(node.tag[1:]), _line(node))
        case "blockquote":
            block = Quote(_blocks(node.children))
        case "bullet_list":
            block = ListBlock(_items(node), None, _is_loose(node))
        case "ordered_list":
            block = ListBlock(_items(node), int(node.attrs.get("start", 1)), _is_loose(node))
        case "fence" | "code_block":
            block = CodeBlock(code_text(node.content))
        case "table":
            rows = (row for part in node.children for row in part.children)
            block = Table(tuple(tuple(map(_line, row.children)) for row in rows))
        case "hr":
            block = Rule()
    return block


def _items(node: SyntaxTreeNode) -> tuple[ListItem, ...]:
    return tuple(ListItem(_blocks(item.children)) for item in node.children)


def _is_loose(node: SyntaxTreeNode) -> bool:
    """Test for empty lines between items: the parser hides the paragraphs of a tight list."""
    paragraphs = (child for item in node.children for child in item.children)
    return any(child.type == "paragraph" and not child.hidden for child in paragraphs)


def _line(node: SyntaxTreeNode) -> Runs:
    return tuple(run for inline in node.children for run in _runs(inline.children, (), ""))


def _runs(nodes: Sequence[SyntaxTreeNode], styles: tuple[Style, ...], link: str) -> Iterator[Run]:
    for node in nodes:
        match node.type:
            case "text" | "html_inline" | "text_special":
                text = _clean(node.content)
                if text:
                    yield Run(text, styles, link)
            case "softbreak":
                yield Run(" ", styles, link)
            case "hardbreak":
                yield Run(BREAK, styles, link)
            case "code_inline":
                yield Run(_clean(node.content), _with(styles, "code"), link)
            case "link":
                yield from _runs(node.children, styles, str(node.attrs["href"]))
            case "image":
                alt = _clean(node.content) or "no caption"
                yield Run(f"[picture: {alt}]", styles, link or str(node.attrs["src"]))
            case name:
                inner = _with(styles, _STYLES[name]) if name in _STYLES else styles
                yield from _runs(node.children, inner, link)


def _with(styles: tuple[Style, ...], style: Style) -> tuple[Style, ...]:
    return tuple(style_name for style_name in STYLES if style_name in (*styles, style))


def _clean(text: str) -> str:
    """Text whose entities are characters by now, and those may be anything."""
    inner = clean_block(text)
    before = " " if text[:1].isspace() else ""
    after = " " if text[-1:].isspace() and inner else ""
    return before + inner + after
