"""An article laid out in the order of its page. Imported with the first story that is opened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

import msgspec
from textual.content import Content

from radiotui.documents.model import Article, Block, Figure, Paragraph, Quote, runs_text
from radiotui.documents.runs import link_line
from radiotui.ui.kit.content import trusted, untrusted
from radiotui.ui.widgets.reader.block_content import BlockRenderer, StoryLink
from radiotui.ui.widgets.reader.blocks import BlockView, PhotoView, Room, Words
from radiotui.ui.widgets.reader.chapter_rows import chapter_views
from radiotui.ui.widgets.reader.layout import Layout

if TYPE_CHECKING:
    from radiotui.podcasts.chapters import Chapter

_LONGEST_INTRODUCTION = 120
"""Characters of a line that introduces a quotation; a longer one is a paragraph of its own."""


class StoryBody(msgspec.Struct, frozen=True):
    """A whole story, laid out for one room."""

    layout: Layout
    links: tuple[StoryLink, ...]


def read_body(
    article: Article, head: BlockView, room: Room, chapters: Sequence[Chapter] = ()
) -> StoryBody:
    """The blocks of an article under its head, and an episode's chapters.

    Takes milliseconds a thousand words: on a thread.
    """
    renderer = BlockRenderer(article.url)
    views = [head, *_views(article, renderer), *chapter_views(chapters, renderer)]
    return StoryBody(Layout(views, room), tuple(renderer.links))


def words_of(block: Block) -> str:
    """The words of a block as they are shown, without styles."""
    return "\n".join(view.text.plain for view in BlockRenderer().views(block))


def _views(article: Article, renderer: BlockRenderer) -> Iterator[BlockView]:
    captions: set[str] = set()
    urls: set[str] = set()
    if article.video:
        yield from renderer.views(link_line("Video", article.video))
    parts = [part for part in (article.lead, *article.parts) if part is not None]
    first = next((part for part in parts if isinstance(part, Paragraph)), None)
    lead = parts[0] if parts and isinstance(parts[0], Figure) else None
    for part, following in zip_longest(parts, parts[1:]):
        if isinstance(part, Figure):
            if part.url not in urls:
                urls.add(part.url)
                captions |= {part.caption} - {""}
                yield _photo(part, is_lead=part is lead)
        else:
            style = "$lead" if part is first else ""
            if _introduces(part, following):
                style = f"bold {style}".rstrip()
            # Some pages say a caption twice: under the photo, and once more as a paragraph.
            views = renderer.views(part, style=style)
            yield from (view for view in views if view.plain not in captions)
    if article.copyright:
        yield Words(untrusted(article.copyright, "dim"))
    if article.note:
        yield Words(trusted("── On the reporter ", "dim") + trusted("─" * 20, "dim"), folds=True)
        for block in article.note:
            yield from renderer.views(block)


def _introduces(block: Block, following: Block | None) -> bool:
    """True for a line before a quotation that says whose it is, or of what."""
    if not isinstance(block, Paragraph) or not isinstance(following, Quote):
        return False
    line = runs_text(block.runs).strip()
    return line.endswith(":") and len(line) <= _LONGEST_INTRODUCTION


def _photo(figure: Figure, *, is_lead: bool) -> PhotoView:
    """The photo, and its words, which are there whether it can be drawn or not."""
    parts = [untrusted(figure.caption, "dim italic"), untrusted(figure.credit, "dim")]
    words = Content("\n").join([part for part in parts if part])
    return PhotoView(figure.url, words, is_lead)
