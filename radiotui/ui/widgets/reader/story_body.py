"""An article laid out in the order of its page. Imported with the first story that is opened."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from textual.content import Content

from radiotui.documents.model import Article, Block, Figure
from radiotui.documents.runs import link_line
from radiotui.ui.kit.content import BLANK, trusted, untrusted
from radiotui.ui.widgets.reader.block_content import BlockRenderer, StoryLink
from radiotui.ui.widgets.reader.blocks import BlockView, Layout, PhotoView, Words


@dataclass(frozen=True, slots=True)
class StoryBody:
    """A whole story, laid out for one width."""

    layout: Layout
    links: tuple[StoryLink, ...]


def read_body(article: Article, head: BlockView, width: int) -> StoryBody:
    """The blocks of an article under its head. Takes milliseconds a thousand words: on a thread."""
    renderer = BlockRenderer(article.url)
    views = [head, *_views(article, renderer)]
    return StoryBody(Layout(views, width), tuple(renderer.links))


def words_of(block: Block) -> str:
    """The words of a block as they are shown, without styles."""
    return "\n".join(view.text.plain for view in BlockRenderer().views(block))


def _views(article: Article, renderer: BlockRenderer) -> Iterator[BlockView]:
    captions: set[str] = set()
    urls: set[str] = set()
    if article.video:
        yield from renderer.views(link_line("Video", article.video))
    for part in (article.lead, *article.parts):
        if isinstance(part, Figure):
            if part.url not in urls:
                urls.add(part.url)
                captions |= {part.caption} - {""}
                yield from _figure(part)
        elif part is not None:
            # Some pages say a caption twice: under the photo, and once more as a paragraph.
            yield from (view for view in renderer.views(part) if view.plain not in captions)
    if article.copyright:
        yield Words(untrusted(article.copyright, "dim"))
    if article.note:
        yield Words(trusted("── On the reporter ", "dim") + trusted("─" * 20, "dim"), folds=True)
        for block in article.note:
            yield from renderer.views(block)


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
