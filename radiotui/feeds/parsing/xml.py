"""A feed's XML as elements with the names that everybody knows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from radiotui.net.urls import web_link

Element = Any
"""An element of lxml."""

Elements = Mapping[str, list[Element]]
"""An element's children by their names, as :func:`children` gives them."""

# Namespaces in small letters, without scheme, "www." and a slash at the end.
_PREFIXES = {
    "w3.org/2005/atom": "",
    "purl.org/atom/ns#": "",
    "purl.org/rss/1.0": "",
    "my.netscape.com/rdf/simple/0.9": "",
    "channel.netscape.com/rdf/simple/0.9": "",
    "backend.userland.com/rss": "",
    "backend.userland.com/rss2": "",
    "blogs.law.harvard.edu/tech/rss": "",
    "w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    "purl.org/dc/elements/1.1": "dc",
    "purl.org/rss/1.0/modules/content": "content",
    "search.yahoo.com/mrss": "media",
    "tools.search.yahoo.com/mrss": "media",
    "rssboard.org/media-rss": "media",
    "itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "podcastindex.org/namespace/1.0": "podcast",
    "github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md": "podcast",
    "podlove.org/simple-chapters": "psc",
    "rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "pheedo.com/namespace/pheedo": "pheedo",
}
_USUAL = {prefix for prefix in _PREFIXES.values() if prefix}
_BEFORE_THE_HOST = re.compile(r"https?://(?:www\.)?")
_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
# What holds text that may be markup, and with a tag that is not closed all that follows.
_OF_TEXT = {
    *("title", "description", "summary", "content", "content:encoded", "itunes:summary"),
    *("br", "hr", "img", "p", "div", "span", "a", "b", "i", "em", "strong", "ul", "ol", "li"),
    *("itunes:subtitle", "media:description", "category", "itunes:category", "font", "table"),
    *("tr", "td", "h1", "h2", "h3", "blockquote"),
}


def root_of(body: bytes, encoding: str) -> Element | None:
    """The outermost element, broken XML mended as well as it goes; None for what is no XML.

    ``encoding`` may be one that nobody knows. No entity is resolved, nothing is fetched.
    """
    from lxml import etree

    for declared in (encoding or None, None):
        try:
            parser = etree.XMLParser(
                resolve_entities=False,
                no_network=True,
                huge_tree=False,
                recover=True,
                encoding=declared,
                remove_comments=True,
                remove_pis=True,
            )
        except LookupError:
            continue
        try:
            return etree.fromstring(body, parser)
        except etree.XMLSyntaxError:
            return None
    return None


def is_well_formed(root: Element) -> bool:
    """True for XML that did not have to be mended."""
    tree = root.getroottree()
    return not tree.parser.error_log.filter_from_fatals()


@lru_cache(1000)
def _usual_name(tag: str, prefix: str | None) -> str:
    if not tag.startswith("{"):
        return tag.lower()
    namespace, _, name = tag[1:].rpartition("}")
    short = _BEFORE_THE_HOST.sub("", namespace.lower().rstrip("/"), count=1)
    unknown = prefix if prefix in _USUAL else "?"
    prefix = _PREFIXES.get(short, unknown)
    return f"{prefix}:{name.lower()}" if prefix else name.lower()


def name_of(element: Element) -> str:
    """An element's tag as it is usually written, in small letters: "media:content", "item"."""
    if not isinstance(element.tag, str):
        # An entity that stays unresolved.
        return "?"
    return _usual_name(element.tag, element.prefix)


def base_of(element: Element, base: str) -> str:
    """The address that those within the element are relative to: ``xml:base``, or ``base``."""
    return web_link(element.get(_XML_BASE), base) or base


def children(element: Element, *, broken: bool = False) -> Elements:
    """An element's children by name: "media:content", without a prefix those of RSS and Atom.

    Names are in small letters, and prefixes the usual ones, whatever the feed calls them.
    In ``broken`` XML a tag that is not closed holds what follows it: that counts as well.
    """
    by_name: dict[str, list[Element]] = {}
    for name, child in _named(element, broken=broken):
        by_name.setdefault(name, []).append(child)
    return by_name


def _named(element: Element, *, broken: bool) -> Iterator[tuple[str, Element]]:
    if not broken:
        for child in element:
            yield name_of(child), child
        return
    waiting = list(reversed(element))
    while waiting:
        child = waiting.pop()
        name = name_of(child)
        yield name, child
        if name in _OF_TEXT:
            waiting += reversed(child)


def text_of(elements: Elements, name: str) -> str:
    """The text of the first child of that name that has any."""
    for element in elements.get(name, ())[:20]:
        text = element.text if not len(element) else "".join(element.itertext())
        if text and text.strip():
            return str(text.strip())
    return ""
