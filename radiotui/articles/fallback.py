"""Pages of unknown markup: the text by an extractor, or by what HTML itself says."""

from __future__ import annotations

import copy
import logging
import unicodedata
from collections.abc import Iterator

from lxml import html as lxml_html

from radiotui.articles.prose import Line, lines
from radiotui.documents.html_tree import Element, HtmlPage, class_words, parse, text_of
from radiotui.text import count_words

log = logging.getLogger(__name__)

_SHORTEST = 80
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


def extracted(page: HtmlPage, *, all_of_it: bool = False) -> Element | None:
    """The article's text as trafilatura sees it; all that may be of it where that is asked."""
    source = _by_trafilatura(page, all_of_it=all_of_it)
    body = parse(source) if source else None
    if body is None or count_words(text_of(body)) * 5 < _SHORTEST:
        return None
    return body


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


def _by_trafilatura(page: HtmlPage, *, all_of_it: bool) -> str:
    if page.root.xpath("count(//*)") > _MOST_ELEMENTS:
        return ""
    from trafilatura import bare_extraction
    from trafilatura.htmlprocessing import build_html_output

    tree = copy.deepcopy(page.root)
    # Words beside pictures are read by themselves.
    lxml_html.etree.strip_elements(tree, "figure", with_tail=False)
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
            favor_recall=all_of_it,
        )
        markup = build_html_output(document) if document else ""
    except Exception as error:
        log.info("%s: nothing could be extracted: %r", page.url, error)
        return ""
    return unicodedata.normalize("NFC", markup)
