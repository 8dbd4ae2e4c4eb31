"""Blocks as Markdown, and Markdown as blocks: how the tests say what a text is."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from radiotui.articles.serialise import read_blocks
from radiotui.documents.html_to_blocks import html_to_blocks
from radiotui.documents.markdown_reader import markdown_to_blocks
from radiotui.documents.markdown_writer import blocks_to_markdown
from radiotui.documents.model import Block, Blocks, Figure
from radiotui.documents.runs import text_to_blocks
from radiotui.feeds.parsing.model import ParsedEntry


def blocks(*parts: str | Figure) -> Blocks:
    """Markdown and figures as blocks."""
    return tuple(
        block
        for part in parts
        for block in (markdown_to_blocks(part) if isinstance(part, str) else (part,))
    )


def written(parts: Iterable[Block]) -> tuple[str | Figure, ...]:
    """Blocks as Markdown, one text between two figures."""
    out: list[str | Figure] = []
    for is_figure, group in groupby(parts, lambda part: isinstance(part, Figure)):
        if is_figure:
            out += [part for part in group if isinstance(part, Figure)]
        else:
            out.append(blocks_to_markdown(group))
    return tuple(out)


def markdown_of(entry: ParsedEntry) -> str:
    """The body of a feed's entry as Markdown."""
    return blocks_to_markdown(read_blocks(entry.body))


def html_to_markdown(source: str, base: str | None = None) -> str:
    """HTML as Markdown."""
    return blocks_to_markdown(html_to_blocks(source, base))


def text_to_markdown(text: str) -> str:
    """Plain text as Markdown."""
    return blocks_to_markdown(text_to_blocks(text))
