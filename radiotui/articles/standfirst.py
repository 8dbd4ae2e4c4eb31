"""The standfirst: lines between a headline and the text, which extractors lose."""

from __future__ import annotations

import re
from collections.abc import Sequence

from radiotui.articles.boilerplate import is_card
from radiotui.articles.prose import Line, bare, lines
from radiotui.documents.html_tree import Element, class_words, text_of
from radiotui.text import count_words

_MOST_LINES = 3
_FURTHEST = 20
"""Lines between a headline and the text from which on they are something else."""
_TAGS = {"p", "h2", "h3", "h4", "div", "header", "section"}
_ELSEWHERE = {"aside", "nav", "form", "footer", "button", "dialog", "figure", "ul", "ol", "table"}
_ELSEWHERE_WORDS = {
    *("author", "authors", "bio", "byline", "caption", "comments", "consent", "cookie", "cookies"),
    *("copyright", "credit", "date", "newsletter", "promo", "related", "timestamp"),
}
_WITHOUT_SENTENCES = {
    *("ad", "ads", "breadcrumb", "breadcrumbs", "menu", "share", "social", "tags", "toolbar"),
}
"""Names of what has no sentences: where there is one, the name means something else."""
_LEVELS_LOOKED_AT = 4
_DESCRIPTION = 40
_ENOUGH_WITHOUT_A_STOP = 12
_ENOUGH_WITH_A_STOP = 6
_DATE = re.compile(r"\d{1,2}[:.h]\d{2}|(?:19|20)\d\d\d?:|\b(?:19|20)\d\d\b")
_ENDS = re.compile(r"[.!?…。！？:][\"”’»)\]]*$")


def standfirst(
    blocks: Sequence[Element], first: int, bare_text: str, descriptions: Sequence[str]
) -> list[Element]:
    """The lines of the standfirst among blocks, of which the ``first`` is of the text.

    They follow the headline, or say what the page's description says.
    """
    begin = _behind_headline(blocks, first)
    bare_descriptions = [bare(text) for text in descriptions]
    found: list[Element] = []
    for number in range(first):
        block = blocks[number]
        text = bare(text_of(block))
        if len(text) < _DESCRIPTION // 2 or text in bare_text:
            continue
        described = any(_is_same(text, other) for other in bare_descriptions)
        close = begin is not None and number >= begin
        if (described or close) and _is_standfirst(block, described=described):
            found.append(block)
    return found[:_MOST_LINES]


def _has_date(line: Line) -> bool:
    return bool(_DATE.search(line.text))


def _behind_headline(blocks: Sequence[Element], first: int) -> int | None:
    """Number of the line behind the last headline before the text."""
    for number in range(first - 1, max(-1, first - _FURTHEST), -1):
        if blocks[number].tag == "h1" or next(blocks[number].iterancestors("h1"), None) is not None:
            return number + 1
    return None


def _is_same(text: str, description: str) -> bool:
    if len(text) < _DESCRIPTION or len(description) < _DESCRIPTION:
        return False
    # A description may be cut, or be the beginning of several lines.
    return text.startswith(description[: len(text)][:-3]) or description.startswith(text)


def _is_standfirst(block: Element, *, described: bool) -> bool:
    levels = [block, *block.iterancestors()][: _LEVELS_LOOKED_AT + 1]
    # A box beside the text may say what the description says.
    places = _ELSEWHERE - {"aside"} if described else _ELSEWHERE
    elsewhere = any(level.tag in places for level in levels)
    if block.tag not in _TAGS or elsewhere or any(is_card(level) for level in levels[:2]):
        return False
    text = list(lines(block))
    if sum(line.linked for line in text) * 3 > sum(len(line.text) for line in text):
        return False
    stops = bool(text) and bool(_ENDS.search(text[-1].text))
    words = sum(count_words(line.text) for line in text)
    short = words < _ENOUGH_WITHOUT_A_STOP or not stops
    names = _ELSEWHERE_WORDS | _WITHOUT_SENTENCES if short else _ELSEWHERE_WORDS
    is_called_so = any(class_words(level) & names for level in levels[:3])
    if not described and (is_called_so or any(line.is_self_talk for line in text)):
        return False
    if short and not described and any(map(_has_date, text)):
        return False
    return words >= (_ENOUGH_WITH_A_STOP if stops else _ENOUGH_WITHOUT_A_STOP)
