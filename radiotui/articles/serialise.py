"""How articles, figures and changes are written into the store, and read from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import msgspec

from radiotui.documents.markdown_to_text import plain
from radiotui.documents.model import Article, ArticleChanges, Figure

T = TypeVar("T")


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
    """The article in a text of :func:`write_article`; None for what an older radiotui wrote."""
    return _read(text, Article) if text else None


def plain_article(article: Article) -> str:
    """All the words of an article but its headline, with captions and credits, to be found."""
    words = [plain(part) for part in article.parts if isinstance(part, str)]
    words += [f"{figure.caption} {figure.credit}" for figure in article.figures]
    return "\n".join(filter(None, (*words, plain(article.note))))


def write_changes(changes: ArticleChanges | None) -> str | None:
    """Changes as text."""
    return msgspec.json.encode(changes).decode() if changes else None


def read_changes(text: str | None) -> ArticleChanges | None:
    """The changes in a text of :func:`write_changes`."""
    return _read(text, ArticleChanges) if text else None


def _read(text: str, kind: type[T]) -> T | None:
    try:
        return msgspec.json.decode(text, type=kind)
    except msgspec.DecodeError:
        return None
