"""Grove, which most NPR stations use.

Known by its markup and not by the domain: stations come and go, and have
domains of their own.
"""

from __future__ import annotations

import copy
import re
from datetime import UTC, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lxml import etree

from radiotui.articles.boilerplate import remove_junk
from radiotui.articles.bylines import names
from radiotui.articles.metadata import Marked, Metadata, moment
from radiotui.documents.html_to_blocks import html_to_blocks
from radiotui.documents.html_tree import Element, HtmlPage, by_class, drop, words
from radiotui.documents.model import Block, Blocks, blocks_text
from radiotui.net.loose_json import parse_json
from radiotui.text import clean

_BODIES: tuple[str, ...] = (
    "ArtP-articleBody",
    "ArticlePage-articleBody",
    "LongFormPage-articleBody",
)
_BODIES += ("RichTextArticleBody",)
_MORE = re.compile(r"(?:see|more|read|all)\b.{0,40}\b(?:stories|by|from)\b", re.IGNORECASE)
_LONGEST_NAMES = 500
_IS_NOTE = re.compile(
    r"(?:^|\s)(?:ArtP-contributors|ArticlePage-contributors|[\w-]*[Aa]uthors?-?_?[Bb]io[\w-]*"
    r"|[\w-]*[Aa]uthorInfo-bio-content|about-the-author)(?:\s|$)"
)
_OF_NOTES = ("contributors", "uthor")
"""Parts of the names that the pattern judges."""


def grove(page: HtmlPage) -> Marked | None:
    """A Grove page: ``meta[name=brightspot-dataLayer]`` and ``.ArtP-articleBody``."""
    layer = _data_layer(page)
    bodies = [] if layer is None else by_class(page.root, *_BODIES)
    if layer is None or not bodies:
        return None
    headline = by_class(page.root, "ArtP-headline", "ArticlePage-headline")
    byline = [
        link
        for place in by_class(
            page.root, "ArtP-authorBy", "AuthorByline-InPage", "ArticlePage-authorBy"
        )
        for link in by_class(place, "Link") or [place]
    ]
    stamps = [
        stamp
        for place in by_class(page.root, "ArtP-timestamp", "ArticlePage-timestamp")
        for stamp in place.xpath(".//meta/@content")
    ]
    # What the page shows is what its feed says; the data may have the wall clock of another zone.
    stamps += page.root.xpath("//meta[@property='article:published_time']/@content")
    zone = _zone(layer.get("timezone"))
    return Marked(
        bodies[0],
        Metadata(
            title=next((words(node, 500) for node in headline), "") or _said(layer, "storyTitle"),
            byline=names(words(node, 120) for node in byline) or names([_said(layer, "author")]),
            published=next(filter(None, map(moment, stamps)), None)
            or moment(layer.get("publishedDate"), zone),
            site=_said(layer, "siteName") or _said(layer, "station"),
        ),
    )


def author_notes(page: HtmlPage, container: Element) -> list[Block]:
    """The boxes beside a story that tell of its reporters."""
    boxes = [
        node
        for node in page.with_class(*_OF_NOTES)
        if _IS_NOTE.search((node.get("class") or "")[:_LONGEST_NAMES])
        and not _holds(node, container)
    ]
    box_set = set(boxes)
    notes: dict[Blocks, None] = {}
    for box in boxes[:10]:
        if any(above in box_set or above is container for above in box.iterancestors()):
            continue
        ours = copy.deepcopy(box)
        remove_junk(ours)
        for node in ours.xpath(".//img|.//figure|.//h2|.//h3|.//h4|.//a"):
            if node.tag != "a" or _MORE.match(words(node, 100)):
                drop(node)
        note = html_to_blocks(etree.tostring(ours, encoding="unicode", method="html"), page.base)
        note_text = blocks_text(note)
        if len(note_text.split()) > 5 and not note_text.startswith("Contributors:"):
            notes[note] = None
    return [block for note in list(notes)[:3] for block in note]


def _holds(node: Element, inner: Element) -> bool:
    return any(above is node for above in (inner, *inner.iterancestors()))


def _data_layer(page: HtmlPage) -> dict[str, Any] | None:
    for content in page.root.xpath("//meta[@name='brightspot-dataLayer']/@content"):
        try:
            data = parse_json(content[:100_000])
        except (ValueError, RecursionError):
            return {}
        return data if isinstance(data, dict) else {}
    return None


def _said(layer: dict[str, Any], name: str) -> str:
    value = layer.get(name)
    return clean(value) if isinstance(value, str) else ""


def _zone(name: object) -> tzinfo:
    try:
        return ZoneInfo(name) if isinstance(name, str) and name else UTC
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC
