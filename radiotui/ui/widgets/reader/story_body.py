"""An article as blocks, in the order of its page. Imported with the first story that is opened."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from textual.content import Content

from radiotui.documents.model import Article, Figure
from radiotui.ui.kit.content import BLANK, trusted, untrusted
from radiotui.ui.widgets.reader.blocks import BlockView, Layout, PhotoView, Words
from radiotui.ui.widgets.reader.story_markdown import MarkdownReader, StoryLink


@dataclass(frozen=True, slots=True)
class StoryBody:
    """All of a story beneath its head, laid out already."""

    layout: Layout
    links: tuple[StoryLink, ...]


def read_body(article: Article, head: BlockView, width: int) -> StoryBody:
    """The blocks of an article under its head. Takes milliseconds a thousand words: on a thread."""
    reader = MarkdownReader(article.url)
    blocks = [head, *_blocks(article, reader)]
    return StoryBody(Layout(blocks, width), tuple(reader.links))


def words_of(markdown: str) -> str:
    """A text without its marks, for one line or a few."""
    blocks = MarkdownReader().blocks(markdown)
    return "\n".join(block.text.plain for block in blocks)


def _blocks(article: Article, reader: MarkdownReader) -> Iterator[BlockView]:
    captions: set[str] = set()
    shown: set[str] = set()
    for part in (article.lead, *article.parts):
        if isinstance(part, Figure):
            if part.url not in shown:
                shown.add(part.url)
                captions |= {part.caption} - {""}
                yield from _figure(part)
        elif part:
            # Some pages say a caption twice: under the photo, and once more as a paragraph.
            yield from (block for block in reader.blocks(part) if block.plain not in captions)
    if article.copyright:
        yield Words(untrusted(article.copyright, "dim"))
    if article.note:
        yield Words(trusted("── On the reporter ", "dim") + trusted("─" * 20, "dim"), folds=True)
        yield from reader.blocks(article.note)


def _figure(figure: Figure) -> Iterator[BlockView]:
    """The photo, and its words, which are there whether it can be drawn or not."""
    yield PhotoView(figure.url, captioned=bool(figure.caption or figure.credit))
    credit = BLANK
    if figure.credit:
        credit = trusted("Photo: ", "dim") + untrusted(figure.credit, "dim")
    parts = [part for part in (untrusted(figure.caption, "dim italic"), credit) if part]
    if parts:
        yield Words(
            Content("\n").join(parts), first=trusted("╰ ", "dim"), rest=trusted("  "), gap=None
        )
