"""Removal of cards, adverts, forms and hidden elements from an article's text."""

from __future__ import annotations

import re

from radiotui.documents.html_tree import Element, by_class, class_words, drop, elements

_TAGS = {
    *("aside", "applet", "button", "canvas", "dialog", "embed", "footer", "form", "iframe"),
    *("input", "link", "math", "menu", "meta", "nav", "object", "script", "select", "style"),
    *("svg", "template", "textarea", "audio", "video", "ps-promo"),
}
_WORDS = {
    *("ad", "ads", "advert", "advertisement", "advertising", "breadcrumb", "breadcrumbs", "coda"),
    *("comments", "cookie", "cookies", "consent", "disqus", "donate", "donation", "newsletter"),
    *("outbrain", "paywall", "popup", "popular", "promo", "promos", "promotion", "recirc"),
    *("recirculation", "recommended", "recommendations", "related", "share", "sharing", "signup"),
    *("sharebar", "sharetools", "social", "sponsor", "sponsored", "sponsorship", "subscribe"),
    *("subscription", "taboola", "toolbar", "trending", "byline", "dateline", "timestamp"),
    *("readmore", "internallink", "srt"),
}
_CLASSES = {"tags", "sr-only", "visually-hidden", "screen-reader-text", "enlarge_measure"}
_CLASSES |= {"enlarge_html", "enlarge-options", "hide-caption", "toggle-caption", "news-coda"}
_CLASSES |= {"audio-module", "ArtP-tags", "ArticlePage-tags"}
_ROLES = {"navigation", "complementary", "search", "dialog", "alert", "button", "form"}
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def remove_junk(container: Element) -> None:
    """Take out cards, adverts, forms, share bars and all that is not shown.

    By the names that such things have; what holds more than a third of the text
    is not judged by its name.
    """
    for insert in by_class(container, "Enh", "Enhancement"):
        if insert.xpath(".//ps-promo") or any("AdModule" in (c or "") for c in _classes(insert)):
            drop(insert)
    whole = len(_text(container))
    for node in list(elements(container)):
        if node is container or node.getparent() is None:
            continue
        if _by_tag(node) or (_by_name(node) and len(_text(node)) * 3 <= whole):
            drop(node)


def is_all_links(element: Element) -> bool:
    """Test for words that are mostly links, as in "Read more" and lists of other stories."""
    whole = len(_text(element).strip())
    linked = sum(len(_text(link)) for link in element.iter("a"))
    return whole > 0 and linked * 10 >= whole * 8


def _by_tag(node: Element) -> bool:
    return node.tag in _TAGS and not (
        # The head and the foot of a quotation belong to it.
        node.tag == "footer" and any(above.tag == "blockquote" for above in node.iterancestors())
    )


def _by_name(node: Element) -> bool:
    if node.get("hidden") is not None or node.get("role") in _ROLES:
        return True
    if node.get("aria-hidden") == "true" or _HIDDEN.search((node.get("style") or "")[:200]):
        return True
    if node.tag in {"img", "source", "picture", "figcaption", "html", "body"}:
        return False
    if node.tag == "figure" and node.xpath(".//img"):
        return False
    if any(above.tag == "figure" for above in node.iterancestors("figure")):
        return False
    classes = set((node.get("class") or "").split())
    return bool(classes & _CLASSES or class_words(node) & _WORDS)


def _classes(element: Element) -> list[str]:
    values: list[str] = element.xpath(".//@class")
    return [*values, element.get("class")]


def _text(element: Element) -> str:
    words_within: str = element.xpath("string()")
    return words_within
