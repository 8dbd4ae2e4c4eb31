"""A feed's XML as elements with the names that everybody knows."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

Element = Any
"""An element of lxml."""

Elements = Mapping[str, list[Element]]
"""An element's children by their names, as :func:`children` gives them."""

# Namespaces in small letters and without a slash at the end.
_PREFIXES = {
    "http://www.w3.org/2005/atom": "",
    "http://purl.org/atom/ns#": "",
    "http://purl.org/rss/1.0": "",
    "http://my.netscape.com/rdf/simple/0.9": "",
    "http://backend.userland.com/rss2": "",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    "http://purl.org/dc/elements/1.1": "dc",
    "http://search.yahoo.com/mrss": "media",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "https://podcastindex.org/namespace/1.0": "podcast",
    "http://podcastindex.org/namespace/1.0": "podcast",
    "https://github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md": "podcast",
    "http://podlove.org/simple-chapters": "psc",
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


@lru_cache(1000)
def name_of(tag: Any) -> str:
    """A tag as it is usually written, in small letters: "media:content", "item"."""
    if not isinstance(tag, str):
        # An entity that stays unresolved.
        return "?"
    if not tag.startswith("{"):
        return tag.lower()
    namespace, _, name = tag[1:].rpartition("}")
    prefix = _PREFIXES.get(namespace.lower().rstrip("/"), "?")
    return f"{prefix}:{name.lower()}" if prefix else name.lower()


def children(element: Element) -> Elements:
    """An element's children by name: "media:content", without a prefix those of RSS and Atom.

    Names are in small letters, and prefixes the usual ones, whatever the feed calls them.
    """
    by_name: dict[str, list[Element]] = {}
    for child in element:
        by_name.setdefault(name_of(child.tag), []).append(child)
    return by_name


def text_of(elements: Elements, name: str) -> str:
    """The text of the first child of that name that has any."""
    for element in elements.get(name, ())[:20]:
        text = element.text if not len(element) else "".join(element.itertext())
        if text and text.strip():
            return str(text.strip())
    return ""
