"""Pages of unknown markup: the text by an extractor, or by what HTML itself says."""

from __future__ import annotations

import copy
import logging
import unicodedata
from collections.abc import Iterator

from lxml import etree

from radiotui.articles.prose import Line, lines
from radiotui.documents.html_tree import Element, HtmlPage, class_words, parse, text_of
from radiotui.text import count_words

log = logging.getLogger(__name__)

_SHORTEST = 80
_SHORT = 300
"""Characters of an extractor's text below which others are asked."""
_LEAST_PARAGRAPHS = 3
"""Of less, one may be all that the page has, menus and all."""
_UNCLEAN = etree.XPath(
    ".//aside|.//button|.//figure|.//footer|.//iframe|.//nav|.//noscript|.//time"
)
"""Elements that an extractor has only where it took what is no text."""
_LEAST_WORDS = 25
_MOST_ELEMENTS = 20_000
_ARTICLES = (
    "//*[contains(@itemprop, 'articleBody')]",
    "//article",
    "//main|//*[@role='main']",
)
_FRAME = {"nav", "footer", "menu", "dialog"}
_FRAME_WORDS = {"comment", "comments", "disqus", "footer", "menu", "nav", "related", "replies"}
_BULK = 0.8


def extracted(page: HtmlPage) -> Element | None:
    """The article's text by trafilatura's own rules, or by the extractors that it compares.

    Those are asked where its own rules find no paragraphs: for most pages they would be read in
    vain, which is a quarter of the extraction.
    """
    body = _by_trafilatura(page, fast=True)
    if body is None or not _has_paragraphs(body):
        body = compared(page)
    return body


def compared(page: HtmlPage) -> Element | None:
    """The article's text as the best of the extractors that trafilatura compares sees it."""
    return _by_trafilatura(page)


def all_extracted(page: HtmlPage) -> Element | None:
    """All that trafilatura takes for the article's text where it may be generous."""
    return _by_trafilatura(page, all_of_it=True)


def _has_paragraphs(body: Element) -> bool:
    """Test for a text in paragraphs, as trafilatura looks at its own before it compares it."""
    paragraphs = sum(any(map(str.isalnum, text_of(node))) for node in body.iter("p"))
    tables = sum(1 for _ in body.iter("table"))
    return (
        paragraphs >= max(_LEAST_PARAGRAPHS, tables)
        and len(text_of(body)) >= _SHORT
        and not _UNCLEAN(body)
    )


def by_its_element(page: HtmlPage) -> Element | None:
    """Element that HTML marks as the article: ``itemprop=articleBody``, ``article``, ``main``."""
    for path in _ARTICLES:
        candidates = [
            node
            for node in page.root.xpath(path)[:200]
            if not class_words(node) & {"card", "promo"}
        ]
        longest = max(candidates, key=lambda node: len(text_of(node)), default=None)
        if longest is not None and len(text_of(longest).strip()) >= _SHORTEST:
            return longest
    return None


def by_its_prose(page: HtmlPage) -> Element | None:
    """The innermost element with nearly all of the page's prose, whatever it is called."""
    sizes: dict[Element, int] = {}
    for line in honest_lines(page.root):
        size = count_words(line.text)
        for above in (line.place, *line.place.iterancestors()):
            sizes[above] = sizes.get(above, 0) + size
    if sizes.get(page.root, 0) < _LEAST_WORDS:
        return None
    place = page.root
    while True:
        inner = max((c for c in place if c in sizes), key=lambda c: sizes[c], default=None)
        if inner is None or sizes[inner] < _BULK * sizes[page.root]:
            return place
        place = inner


def honest_lines(root: Element) -> Iterator[Line]:
    """Lines of prose outside of menus, comments and what a site says of itself."""
    framed: dict[Element, bool] = {}

    def in_frame(node: Element) -> bool:
        if node not in framed:
            own = node.tag in _FRAME or bool(class_words(node) & _FRAME_WORDS)
            parent = node.getparent()
            framed[node] = own or (parent is not None and in_frame(parent))
        return framed[node]

    for line in lines(root):
        if line.is_prose and not line.is_self_talk and not in_frame(line.place):
            yield line


def _by_trafilatura(
    page: HtmlPage, *, fast: bool = False, all_of_it: bool = False
) -> Element | None:
    if page.root.xpath("count(//*)") > _MOST_ELEMENTS:
        return None
    from trafilatura import bare_extraction
    from trafilatura.htmlprocessing import build_html_output
    from trafilatura.settings import Document

    tree = copy.deepcopy(page.root)
    # Words beside pictures are read by themselves.
    etree.strip_elements(tree, "figure", with_tail=False)
    try:
        # Not ``extract``, which makes a fingerprint of the text, too. Without the page's address
        # links stay as they are: they are resolved with the others, at the end.
        document = bare_extraction(
            tree,
            output_format="html",
            include_comments=False,
            include_formatting=True,
            include_links=True,
            include_tables=True,
            fast=fast,
            favor_recall=all_of_it,
        )
        markup = build_html_output(document) if isinstance(document, Document) else ""
    except Exception as error:
        log.info("%s: nothing could be extracted: %r", page.url, error)
        return None
    body = parse(unicodedata.normalize("NFC", markup)) if markup else None
    if body is None or count_words(text_of(body)) * 5 < _SHORTEST:
        return None
    return body
