"""The fullest honest text among those that the layers give of a page."""

from __future__ import annotations

import re
from collections import Counter

import msgspec

from radiotui.articles.account import note_layer
from radiotui.articles.fallback import (
    all_extracted,
    by_its_prose,
    compared,
    extracted,
    honest_lines,
)
from radiotui.articles.json_ld import JsonLdFacts, text_as_html
from radiotui.articles.prose import bare, lines
from radiotui.documents.html_tree import Element, HtmlPage, parse, text_of
from radiotui.text import count_words

_LEAST_WORDS = 60
"""Words below which a page's data holds a teaser and not the article."""
_SAME = 0.8
_OTHER = 0.3
_MUCH_MORE = 1.5
_LITTLE_MORE = 0.25
_LONGEST_PARAGRAPH = 250
_SMALL_PART = 0.35
"""Share of a page's text below which it is looked for more."""
_LARGE_PART = 0.5
"""Share of its prose below which the extractor's text is compared with others'."""
_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+")
_ENDS = re.compile(r"[.!?。！？…”\"»’')\]*_—–-]\s*$")


class Finding(msgspec.Struct, frozen=True):
    """The text that one layer gives of a page."""

    layer: str
    body: Element
    text: str
    """Its lines."""

    @property
    def words(self) -> int:
        """Number of its words."""
        return count_words(self.text)


def fullest(page: HtmlPage, json_ld: JsonLdFacts) -> Finding | None:
    """The text of a page: as its data says it, or as an extractor found it.

    Data that ends in the middle, or that is a teaser, gives way to what stands on the page.
    """
    data = _of_data(json_ld)
    if data and not _is_whole(data):
        data = None
    if data and _page_has_no_more(page, data):
        return data
    by_extractor = _finding("the extractor", extracted(page))
    text = _fuller(data, by_extractor)
    if text is None or len(text.text) < _SMALL_PART * len(text_of(page.root)):
        return _of_the_whole_page(page, text)
    return text


def teaser(json_ld: JsonLdFacts) -> Finding | None:
    """Teaser of the story in a page's data."""
    return _of_data(json_ld)


def _finding(layer: str, body: Element | None) -> Finding | None:
    if body is None:
        return None
    text = "\n".join(line.text for line in lines(body))
    note_layer(layer, count_words(text))
    return Finding(layer, body, text) if text else None


def _of_data(json_ld: JsonLdFacts) -> Finding | None:
    source = json_ld.body if json_ld.is_html else text_as_html(json_ld.body) if json_ld.body else ""
    return _finding("the page's data", parse(source) if source else None)


def _is_whole(data: Finding) -> bool:
    return data.words >= _LEAST_WORDS and not data.text.rstrip(" ]").endswith(("…", "..."))


def _page_has_no_more(page: HtmlPage, data: Finding) -> bool:
    """Test for a page on which the text of its data stands, and little besides."""
    said = bare(data.text)
    covered = more = 0
    for line in honest_lines(page.root):
        text = bare(line.text)
        if text in said:
            covered += len(text)
        else:
            more += len(text)
    return covered >= _SAME * len(said) and more <= _LITTLE_MORE * len(said)


def _fuller(data: Finding | None, by_extractor: Finding | None) -> Finding | None:
    if data is None or by_extractor is None:
        return data or by_extractor
    in_data, in_extractor = _shingles(data.text), _shingles(by_extractor.text)
    common = (in_data & in_extractor).total()
    if common >= _SAME * in_data.total():
        more = by_extractor.words > _MUCH_MORE * data.words
        cut = not _ENDS.search(data.text)
        wall = max(map(count_words, data.text.split("\n"))) > _LONGEST_PARAGRAPH
        return by_extractor if more or cut or wall else data
    if common < _OTHER * min(in_data.total(), in_extractor.total()):
        return data
    return max((data, by_extractor), key=lambda finding: finding.words)


def _of_the_whole_page(page: HtmlPage, text: Finding | None) -> Finding | None:
    """More of a page of which an extractor found little."""
    container = by_its_prose(page)
    if container is None:
        return text
    prose = "\n".join(line.text for line in honest_lines(container))
    words = text.words if text else 0
    if words < _LARGE_PART * count_words(prose):
        better = _finding("the extractor, compared", compared(page))
        if better and better.words > words:
            text, words = better, better.words
    if words >= _SMALL_PART * count_words(prose):
        return text
    generous = _finding("the extractor, generous", all_extracted(page))
    if generous and generous.words >= _SMALL_PART * count_words(prose):
        return generous
    note_layer("the element with the most prose", count_words(prose))
    return Finding("the element with the most prose", container, prose)


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    tokens = _TOKEN.findall(text.casefold())
    return Counter(zip(tokens, tokens[1:], tokens[2:], strict=False))
