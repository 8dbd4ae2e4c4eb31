"""Removal of cards, adverts, forms and hidden elements from an article's text."""

from __future__ import annotations

import re

from lxml import etree

from radiotui.articles.account import leave_out
from radiotui.articles.prose import bare, prose_words
from radiotui.documents.html_tree import (
    Element,
    by_class,
    elements,
    is_visually_hidden,
    text_of,
    words_of_classes,
    words_of_id,
)

_TAGS = {
    *("aside", "applet", "button", "canvas", "dialog", "embed", "footer", "form", "iframe"),
    *("input", "link", "math", "menu", "meta", "nav", "object", "script", "select", "style"),
    *("svg", "template", "textarea", "audio", "video", "ps-promo"),
}
_FOREIGN = {
    *("breadcrumb", "breadcrumbs", "byline", "comments", "consent", "cookie", "cookies", "cta"),
    *("disqus",),
    *("donate", "donation", "internallink", "newsletter", "outbrain", "popular", "promo"),
    *("promos", "promotion", "readmore", "recirc", "recirculation", "recommended"),
    *("recommendations", "related", "sharebar", "sharetools", "signup", "sponsored", "taboola"),
    *("trending",),
}
"""Names of boxes with words of their own that are not the article's."""
_WITHOUT_PROSE = {
    *("ad", "ads", "advert", "advertisement", "advertising", "coda", "dateline", "paywall"),
    *("popup", "share", "sharing", "social", "sponsor", "sponsorship", "srt", "subscribe"),
    *("subscription", "timestamp", "toolbar"),
}
"""Names of what has no prose: where there is some, the name means something else."""
_NAMES = _FOREIGN | _WITHOUT_PROSE
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_HEADINGS_WITHIN = etree.XPath(".//h1|.//h2|.//h3|.//h4|.//h5|.//h6")
_LINES = {"p", "li", "blockquote", "pre", "dd", "dt", "td", "th", *_HEADINGS}
_LINES |= {"a", "b", "em", "i", "span", "strong"}
_SKIP = re.compile(r"\s*(?:skip|jump)\b", re.IGNORECASE)
_LONGEST_SKIP = 60
_LEAST_PROSE = 12
_REPEATS = 3
_CLASSES = {"tags", "sr-only", "visually-hidden", "screen-reader-text", "enlarge_measure"}
_CLASSES |= {"enlarge_html", "enlarge-options", "hide-caption", "toggle-caption", "news-coda"}
_CLASSES |= {"audio-module", "ArtP-tags", "ArticlePage-tags"}
_NOT_DISPLAYED = {"hide", "hidden", "is-hidden", "d-none", "u-hidden"}
_SHOWN_AGAIN = re.compile(r":|-(?:block|flex|grid|inline)$")
_ROLES = {"navigation", "complementary", "search", "dialog", "alert", "button", "form"}
_NEVER_PROSE = {"byline", "comments", "disqus"}
_SHORTEST_PROSE_LINE = 8
_OF_A_PLAYER = re.compile(r"(?:^|\s)(?:Audio|Video)Enh(?:ancement)?-(?:info|title|description)\b")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def remove_junk(container: Element) -> None:
    """Take out cards, adverts, forms, share bars and all that is not shown.

    A name alone proves nothing: what holds prose of the article stays, whatever it is
    called, and so does what holds more than a third of the text.
    """
    for insert in by_class(container, "Enh", "Enhancement"):
        if insert.xpath(".//ps-promo") or any("AdModule" in (c or "") for c in _classes(insert)):
            leave_out(insert, "promoted by the station")
    for node in list(elements(container)):
        if node is not container and node.getparent() is not None and _by_tag(node):
            leave_out(node, f"<{node.tag}>")
    _leave_out_players(container)
    whole = len(text_of(container))
    suspects = {
        node: names
        for node in elements(container)
        if node is not container and _can_be_junk(node) and (names := _names(node))
    }
    usual = _usual_names(suspects, whole)
    for node in list(elements(container)):
        if node is container or node.getparent() is None:
            continue
        names = suspects.get(node, frozenset()) - usual
        is_hidden = _is_hidden(node)
        if not (is_hidden or names):
            continue
        large = len(text_of(node)) * 3 > whole
        if is_hidden and not large:
            leave_out(node, "hidden")
        elif names and _is_junk(node, names, large=large):
            leave_out(node, f"called {min(names)}, without prose of the story")


def drop_skip_links(container: Element) -> None:
    """Take out the links for screen readers that skip an insert, and where those lead."""
    links = [
        (link, text)
        for link in container.iter("a")
        if (link.get("href") or "").startswith("#") and _SKIP.match(text := text_of(link))
    ]
    targets: dict[str, Element] = {}
    for node in elements(container) if links else ():
        targets.setdefault(node.get("id") or "", node)
    for link, text in links:
        if link.getparent() is None or len(text) > _LONGEST_SKIP:
            continue
        node = targets.pop(link.get("href")[1:] or "#", container)
        if node.tag in _LINES and node.tag not in _HEADINGS and len(text_of(node)) < len(text):
            leave_out(node, "for screen readers")
        leave_out(link, "for screen readers")


def _leave_out_players(container: Element) -> None:
    """Leave out what Grove's players say of themselves."""
    for node in list(elements(container)):
        names = node.get("class") or ""
        if "Enh" in names and _OF_A_PLAYER.search(names):
            leave_out(node, "a player's words")


def _usual_names(suspects: dict[Element, frozenset[str]], whole: int) -> frozenset[str]:
    """Names that a page gives to its own paragraphs."""
    prose: dict[str, list[int]] = {}
    for node, names in suspects.items():
        for name in names:
            if not any(name in suspects.get(above, ()) for above in node.iterancestors()):
                own = 0 if is_card(node) else len(text_of(node))
                prose.setdefault(name, []).append(own if prose_words(node) else 0)
    return frozenset(
        name
        for name, lengths in prose.items()
        if len(lengths) >= _REPEATS and sum(lengths) * 3 > whole
    )


def _is_junk(node: Element, names: frozenset[str], *, large: bool) -> bool:
    """Look at what bears a suspicious name."""
    if node.tag in _LINES:
        return not large and (node.tag in _HEADINGS or prose_words(node) < _SHORTEST_PROSE_LINE)
    if is_card(node):
        return True
    if large:
        return False
    is_foreign = bool(names & _FOREIGN) and bool(
        node.xpath(".//a[@href]|.//form|.//input|.//button|.//h2|.//h3|.//h4")
        or names & _NEVER_PROSE
    )
    return is_foreign or prose_words(node) < _LEAST_PROSE


def is_card(node: Element) -> bool:
    """Test for the card of another story: its heading is a link to that."""
    for heading in _HEADINGS_WITHIN(node):
        links = heading.xpath(".//a/@href|ancestor::a/@href")
        if any("#" not in link for link in links):
            return True
    return False


def is_all_links(element: Element) -> bool:
    """Test for words that are mostly links, as in "Read more" and lists of other stories."""
    whole = len(text_of(element).strip())
    linked = sum(len(text_of(link)) for link in element.iter("a"))
    return whole > 0 and linked * 10 >= whole * 8


def _by_tag(node: Element) -> bool:
    return node.tag in _TAGS and not (
        # The head and the foot of a quotation belong to it.
        node.tag == "footer" and any(above.tag == "blockquote" for above in node.iterancestors())
    )


def _is_hidden(node: Element) -> bool:
    if node.get("hidden") is not None or node.get("role") in _ROLES:
        return True
    if node.get("aria-hidden") == "true" or _HIDDEN.search((node.get("style") or "")[:200]):
        return True
    classes = (node.get("class") or "").split()
    # "hidden md:block" is hidden on small screens alone.
    is_off = not _NOT_DISPLAYED.isdisjoint(classes) and not any(map(_SHOWN_AGAIN.search, classes))
    is_off = is_off or bool(_CLASSES.intersection(classes)) or is_visually_hidden(node)
    return is_off and _can_be_junk(node)


def _can_be_junk(node: Element) -> bool:
    if node.tag in {"img", "source", "picture", "figcaption", "html", "body"}:
        return False
    if node.tag == "figure" and node.xpath(".//img"):
        return False
    return not any(True for _ in node.iterancestors("figure"))


def is_foreign(node: Element) -> bool:
    """Test for a name of boxes that are not the article's."""
    return bool(_names(node) & _FOREIGN)


def _names(node: Element) -> frozenset[str]:
    """The suspicious words in an element's names.

    An id on a line of text is an anchor, and may be made of its heading.
    """
    names = words_of_classes(node) & _NAMES
    if node.tag not in _LINES and (of_id := words_of_id(node) & _NAMES):
        slug = bare(node.get("id"))
        headings = _HEADINGS_WITHIN(node)[:1]
        if not any(bare(text_of(heading)).startswith(slug) for heading in headings):
            names |= of_id
    return names


def _classes(element: Element) -> list[str]:
    values: list[str] = element.xpath(".//@class")
    return [*values, element.get("class")]
