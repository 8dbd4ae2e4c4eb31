"""Articles, blocks, figures and changes as JSON for the store.

Bodies were kept as Markdown once: those are read as blocks, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from importlib import import_module
from typing import Any, TypeVar

import msgspec

from radiotui.documents.model import Article, ArticleChanges, Blocks, Figure, blocks_text
from radiotui.net.typed import converted, json_decoder

T = TypeVar("T")

_PARSERS = (
    *(
        "article",
        "audio",
        "body",
        "dates",
        "embeds",
        "fallback",
        "figure_markup",
        "foreign",
        "fullest",
    ),
    *("grove", "json_ld", "lead", "locate", "login_walls", "metadata", "notes", "npr", "prose"),
    *("standfirst", "titles"),
)
_BLOCKS_BEGIN = '[{"type":"'
"""How JSON of blocks begins, and no Markdown of ours does: a bracket of the text was escaped."""


def article_texts(
    body: bytes, url: str, content_type: str, before: str | None, now: datetime
) -> tuple[str, str, str | None]:
    """Article, words and changes of a page, as the store keeps them.

    ``before`` is the article of an earlier fetch. Raises Problem for what is no article.
    """
    from radiotui.articles import article

    after = article.read_article(body, url, content_type)
    old: Article | None = read_article(before)
    changes = article.changes(old, after, now) if old else None
    return write_article(after), plain_article(after), write_changes(changes)


def page_account(body: bytes, url: str, content_type: str) -> list[str]:
    """Account of how a page is read, in sentences. Raises Problem for what is no article."""
    from radiotui.articles.account import accounted
    from radiotui.articles.article import read_article as read_page

    with accounted() as account:
        article = read_page(body, url, content_type)
    return [*account.lines(), f"article: {article.words} words, {len(article.figures)} pictures"]


def load_article_parsers() -> None:
    """Import what :func:`article_texts` imports late, but for the extractor that few pages need."""
    for name in _PARSERS:
        import_module(f"radiotui.articles.{name}")


def write_blocks(blocks: Blocks) -> str:
    """Blocks as text; empty for none."""
    return msgspec.json.encode(blocks).decode() if blocks else ""


def read_blocks(text: str) -> Blocks:
    """The blocks in a text of :func:`write_blocks`, or in Markdown."""
    blocks: Blocks | None = _read(text, Blocks) if text.startswith(_BLOCKS_BEGIN) else None
    return _blocks_of_markdown(text) if blocks is None else blocks


def is_same_body(stored: str, new: str) -> bool:
    """Compare a stored body, perhaps in Markdown, with a new one of :func:`write_blocks`."""
    if stored == new or stored.startswith(_BLOCKS_BEGIN):
        return stored == new
    from radiotui.documents.markdown_writer import blocks_to_markdown

    return blocks_to_markdown(read_blocks(new)) == stored


def plain_body(text: str) -> str:
    """The words of a body as the store keeps it."""
    return blocks_text(read_blocks(text))


def write_figures(figures: Sequence[Figure]) -> str:
    """Figures as text; empty for none."""
    return msgspec.json.encode(figures).decode() if figures else ""


def read_figures(text: str) -> tuple[Figure, ...]:
    """The figures in a text of :func:`write_figures`."""
    return _read(text, tuple[Figure, ...]) or () if text else ()


def write_article(article: Article) -> str:
    """An article as text."""
    return msgspec.json.encode(article).decode()


def read_article(text: str | None) -> Article | None:
    """The article in a text of :func:`write_article`; None for what cannot be read."""
    return _read_either(text, Article, ("parts", "note")) if text else None


def plain_article(article: Article) -> str:
    """All the words of an article but its headline, with captions and credits, to be found."""
    words = [blocks_text(article.parts)]
    words += [f"{figure.caption} {figure.credit}" for figure in article.figures]
    return "\n".join(filter(None, (*words, blocks_text(article.note))))


def write_changes(changes: ArticleChanges | None) -> str | None:
    """Changes as text."""
    return msgspec.json.encode(changes).decode() if changes else None


def read_changes(text: str | None) -> ArticleChanges | None:
    """The changes in a text of :func:`write_changes`."""
    return _read_either(text, ArticleChanges, ("added", "removed")) if text else None


def _read(text: str, kind: Any) -> Any:
    """A value of that type; None where the text holds none."""
    try:
        return json_decoder(kind).decode(text)
    except msgspec.DecodeError:
        return None


def _read_either(text: str, kind: type[T], block_fields: Iterable[str]) -> T | None:
    """A value whose fields may hold Markdown where there are blocks today."""
    value: T | None = _read(text, kind)
    if value is not None:
        return value
    fields: dict[str, Any] = _read(text, dict[str, Any]) or {}
    try:
        for name in block_fields:
            fields[name] = _blocks_of_parts(fields.get(name) or ())
        return converted(fields, kind)
    except (msgspec.ValidationError, TypeError):
        return None


def _blocks_of_parts(parts: str | Sequence[Any]) -> Blocks:
    """Markdown, alone or between figures, as blocks."""
    if isinstance(parts, str):
        return _blocks_of_markdown(parts)
    figures_and_texts = (
        _blocks_of_markdown(part) if isinstance(part, str) else (converted(part, Figure),)
        for part in parts
    )
    return tuple(block for blocks in figures_and_texts for block in blocks)


def _blocks_of_markdown(markdown: str) -> Blocks:
    if not markdown:
        return ()
    from radiotui.documents.markdown_reader import markdown_to_blocks

    return markdown_to_blocks(markdown)
