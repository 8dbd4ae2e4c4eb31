"""Notes to the reader on what an article lacks: one short line each, at its end."""

from __future__ import annotations

from msgspec.structs import replace

from radiotui.articles.account import note_remark
from radiotui.documents.model import Article, Block, Paragraph, Run, block_text, blocks_text

PAGE_CUT = "The page is longer than can be read here: its end is left out."
TEASER = "This is the beginning alone: the page shows the rest after a log-in, or by its scripts."
UNREADABLE_LETTERS = "Some letters of the page could not be read."
MORE_PICTURES = "The page has more pictures than are shown here."

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_SHORT = 150
"""Words below which a text that stops in the middle is no whole story."""
_STRAY_LETTERS = 2
"""Letters that could not be read, of which nothing is said: somebody typed them."""


def note(text: str) -> Block:
    """A note as it stands in an article."""
    note_remark(text)
    return Paragraph((Run(text, ("emphasis",)),))


def with_notes(article: Article, *, is_cut: bool, is_free: bool) -> Article:
    """The article with notes on what it lacks."""
    last = [block_text(block) for block in article.text][-1:]
    stops = any(text.rstrip(" ]").endswith(("…", "...")) for text in last)
    is_teaser = stops and (not is_free or article.words < _SHORT)
    unreadable = blocks_text(article.parts).count(_REPLACEMENT) > _STRAY_LETTERS
    lacks = ((is_teaser, TEASER), (is_cut, PAGE_CUT), (unreadable, UNREADABLE_LETTERS))
    notes = [note(text) for applies, text in lacks if applies]
    return replace(article, parts=(*article.parts, *notes)) if notes else article
