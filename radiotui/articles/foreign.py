"""Boxes on a page that are not of its story: consent to cookies, and other stories."""

from __future__ import annotations

import re

from radiotui.articles.account import leave_out
from radiotui.articles.boilerplate import drop_skip_links, is_card
from radiotui.articles.prose import bare, prose_words
from radiotui.articles.story_lists import drop_story_lists
from radiotui.documents.html_tree import (
    Element,
    HtmlPage,
    text_of,
    words,
    words_of_id,
    words_of_names,
)
from radiotui.text import count_words

_CONSENT_NAMES = {
    *("cmp", "consent", "cookie", "cookiebot", "cookies", "didomi", "gdpr", "onetrust", "truste"),
    *("usercentrics", "privacy"),
}
_OF_COOKIES = re.compile(r"\bcookies?\b|\bpersonal data\b|\bour partners\b", re.IGNORECASE)
_ASKS = re.compile(
    r"\b(?:accept|agree|allow|consent|reject|decline|manage|preferences|privacy|website|site|browser"
    r"|akzept|zustimm|datenschutz|accepter|consentement|aceptar|consentimiento|accetta)",
    re.IGNORECASE,
)
_CARDS = {
    *("outbrain", "popular", "promo", "promos", "recirc", "recommended", "related", "sponsored"),
    *("taboola", "trending"),
}
_TELLING = _CONSENT_NAMES | _CARDS
_NOT_DISPLAYED = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_LONGEST_BOX = 400
_LEAST_STORY = 25
_HEADINGS = ".//h1|.//h2|.//h3"
_ARTICLE_LIMIT = 200

Named = list[tuple[Element, frozenset[str]]]
"""Elements of a page with the words of their classes, where one tells of a box."""


def drop_foreign(page: HtmlPage, title: str) -> None:
    """Take out of a page what an extractor may take for its story."""
    by_names = {names: words_of_names(names[:500]) for names in {names for _, names in page.nodes}}
    telling = {names for names, parts in by_names.items() if not _TELLING.isdisjoint(parts)}
    named = [(node, by_names[names]) for node, names in page.nodes if names in telling]
    _drop_consent(page, named)
    drop_skip_links(page.root)
    _drop_cards(page, named)
    _drop_hidden(page)
    drop_story_lists(page)
    _break_at_empty_boxes(page)
    _drop_other_stories(page, title)


def _drop_consent(page: HtmlPage, named: Named) -> None:
    called_so = {node for node, names in named if not _CONSENT_NAMES.isdisjoint(names)}
    with_id = page.with_attribute("id")
    called_so |= {node for node in with_id if not _CONSENT_NAMES.isdisjoint(words_of_id(node))}
    for node in [node for node, _ in page.nodes if node in called_so] if called_so else ():
        is_place = node.tag in {"html", "body", "main", "article", "p"}
        if not is_place and node.getparent() is not None and _is_consent(node):
            leave_out(node, "consent to cookies")


def _is_consent(node: Element) -> bool:
    text = words(node, 4000)
    asks = bool(_OF_COOKIES.search(text) and _ASKS.search(text))
    return asks and count_words(text) < _LONGEST_BOX and not node.xpath(".//article|.//h1")


def _drop_cards(page: HtmlPage, named: Named) -> None:
    for node, words_of_node in named:
        names = words_of_node & _CARDS
        if not names or all(above is not page.root for above in node.iterancestors()):
            continue
        if is_card(node) and not node.xpath(".//h1"):
            leave_out(node, f"a card called {min(names)}")


def _drop_hidden(page: HtmlPage) -> None:
    """Take out what is not shown, as copies for machines are; not what holds much of the text."""
    hidden = [
        node
        for node in page.with_attribute("hidden", "style")
        if node.get("hidden") is not None or _NOT_DISPLAYED.search(node.get("style") or "")
    ]
    whole = len(text_of(page.root)) if hidden else 0
    for node in hidden:
        small = len(text_of(node)) * 3 <= whole
        # A script shows pictures that were put off.
        waits = node.tag == "img" or (node.xpath(".//img") and prose_words(node) < _LEAST_STORY)
        if small and not waits and node.getparent() is not None:
            leave_out(node, "hidden")


def _break_at_empty_boxes(page: HtmlPage) -> None:
    """Keep lines apart between which an advert would have stood."""
    for node in page.root.xpath("//div[not(node())]"):
        if (node.tail or "").strip():
            node.tag = "br"
            node.attrib.clear()


def _drop_other_stories(page: HtmlPage, title: str) -> None:
    """Take out the articles beside the one that has the page's headline."""
    articles = page.root.xpath("//article[not(ancestor::article)]")[:_ARTICLE_LIMIT]
    own = [article for article in articles if _has_headline(article, title)]
    if len(own) != 1 or len(articles) < 2 or prose_words(own[0]) < _LEAST_STORY:
        return
    for article in articles:
        if article is not own[0] and article.xpath(_HEADINGS):
            leave_out(article, "another article")


def _has_headline(article: Element, title: str) -> bool:
    headlines = article.xpath(".//h1")
    said = bare(title)
    return any(not said or _is_same(bare(words(node, 500)), said) for node in headlines)


def _is_same(headline: str, title: str) -> bool:
    """Test for one headline; a title of a window has the site's name behind it."""
    return bool(headline) and (headline in title or title in headline)
