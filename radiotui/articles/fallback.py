"""Pages of unknown markup: the text by an extractor, or by what HTML itself says."""

from __future__ import annotations

import copy
import logging

from lxml import html as lxml_html

from radiotui.articles.locate import locate
from radiotui.documents.html_tree import Element, HtmlPage, class_words, parse

log = logging.getLogger(__name__)

_SHORTEST = 80
_MOST_ELEMENTS = 20_000
_ARTICLES = (
    "//*[contains(@itemprop, 'articleBody')]",
    "//article",
    "//main|//*[@role='main']",
)


def extracted(page: HtmlPage) -> Element | None:
    """The element with the article's text, as trafilatura sees it, or made from its findings."""
    source = _by_trafilatura(page)
    body = parse(source) if source else None
    if body is None:
        return None
    text = body.xpath("string()")
    if len(text.strip()) < _SHORTEST:
        return None
    placed = locate(page.root, text)
    return body if placed is None else placed


def by_its_element(page: HtmlPage) -> Element | None:
    """Element that HTML marks as the article: ``itemprop=articleBody``, ``article``, ``main``."""
    for path in _ARTICLES:
        candidates = [
            node
            for node in page.root.xpath(path)[:200]
            if not class_words(node) & {"card", "promo"}
        ]
        longest = max(candidates, key=lambda node: len(node.xpath("string()")), default=None)
        if longest is not None and len(longest.xpath("string()").strip()) >= _SHORTEST:
            return longest
    return None


def _by_trafilatura(page: HtmlPage) -> str:
    if page.root.xpath("count(//*)") > _MOST_ELEMENTS:
        return ""
    import trafilatura

    tree = copy.deepcopy(page.root)
    # Words beside pictures are read by themselves.
    lxml_html.etree.strip_elements(tree, "figure", with_tail=False)
    try:
        markup = trafilatura.extract(
            tree,
            url=page.url,
            output_format="html",
            include_comments=False,
            include_formatting=True,
            include_links=True,
            include_tables=True,
        )
    except Exception as error:
        log.info("%s: nothing could be extracted: %r", page.url, error)
        return ""
    return markup or ""
