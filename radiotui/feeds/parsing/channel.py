"""Facts that a feed states about itself: in its channel, and in the podcast namespaces there.

RSS 2.0 (https://www.rssboard.org/rss-specification), Atom (RFC 4287), Apple's tags
(https://help.apple.com/itc/podcasts_connect/#/itcb54353390) and those of the podcast
namespace (https://github.com/Podcastindex-org/podcast-namespace).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from radiotui.documents.model import blocks_text
from radiotui.feeds.parsing.bylines import byline_of
from radiotui.feeds.parsing.dates import feed_date
from radiotui.feeds.parsing.model import Channel, Funding, Trailer
from radiotui.feeds.parsing.notes import MARKUP
from radiotui.feeds.parsing.podcast_ns import persons
from radiotui.feeds.parsing.values import line, whole_number
from radiotui.feeds.parsing.xml import children, text_of
from radiotui.net.urls import web_link
from radiotui.text import shorten

if TYPE_CHECKING:
    from radiotui.feeds.parsing.xml import Element, Elements

_MOST = 20
_MOST_CATEGORIES = 50
_LONGEST_DESCRIPTION = 4_000
_LONGEST_SOURCE = 40_000
_DESCRIPTIONS = ("description", "itunes:summary", "subtitle", "tagline", "itunes:subtitle")
_YES = {"yes", "true", "explicit"}
"""Values of ``itunes:explicit`` and ``itunes:complete``, of today and of earlier years."""
_KINDS = {"episodic", "serial"}


def channel_of(about: Elements, base: str, *, link: str | None, url: str) -> Channel:
    """Facts in the children of a channel: of the feed that ``url`` answered with, and its page."""
    moved_to = web_link(text_of(about, "itunes:new-feed-url"), base)
    kind = line(text_of(about, "itunes:type"), 20).lower()
    return Channel(
        author=_author(about),
        description=_description(about, base),
        link=link,
        language=line(text_of(about, "language") or text_of(about, "dc:language"), 20),
        categories=tuple(dict.fromkeys(_categories(about))),
        kind=kind if kind in _KINDS else "",
        is_explicit=text_of(about, "itunes:explicit").lower() in _YES,
        is_complete=text_of(about, "itunes:complete").lower() in _YES,
        guid=line(text_of(about, "podcast:guid"), 100),
        moved_to=moved_to if moved_to != url else None,
        funding=tuple(_funding(about, base)),
        persons=tuple(persons(about, base)),
        trailers=tuple(_trailers(about, base)),
        older=_older(about, base),
    )


def plain_paragraphs(text: str, base: str) -> str:
    """A description, with or without markup, as plain paragraphs."""
    text = text[:_LONGEST_SOURCE]
    if MARKUP.search(text):
        from radiotui.documents.html_to_blocks import html_with_figures

        blocks, _ = html_with_figures(text, base)
    else:
        from radiotui.documents.runs import text_to_blocks

        blocks = text_to_blocks(text)
    return shorten(blocks_text(blocks), _LONGEST_DESCRIPTION)


def _author(about: Elements) -> str:
    for name in ("itunes:author", "author", "dc:creator", "managingeditor"):
        texts = (
            text_of(children(element), "name") if len(element) else element.text or ""
            for element in about.get(name, ())[:_MOST]
        )
        if author := byline_of(texts):
            return author
    return ""


def _description(about: Elements, base: str) -> str:
    """The fullest of what it says about itself: some tags hold a line of the same."""
    texts = (text_of(about, name) for name in _DESCRIPTIONS)
    return max((plain_paragraphs(text, base) for text in texts if text), key=len, default="")


def _categories(about: Elements) -> Iterator[str]:
    """Apple's categories, each of those below one with it; the feed's own where it has none."""
    for element in about.get("itunes:category", ())[:_MOST_CATEGORIES]:
        name = _name(element)
        below = [_name(child) for child in children(element).get("itunes:category", ())[:_MOST]]
        if name:
            yield from (f"{name}/{child}" for child in below if child) if any(below) else (name,)
    if "itunes:category" not in about:
        for element in about.get("category", ())[:_MOST_CATEGORIES]:
            if name := line(element.get("term") or element.text or "", 100):
                yield name


def _name(element: Element) -> str:
    return line(element.get("text") or element.text or "", 100)


def _funding(about: Elements, base: str) -> Iterator[Funding]:
    for element in about.get("podcast:funding", ())[:_MOST]:
        if url := web_link(element.get("url"), base):
            yield Funding(url, line("".join(element.itertext()), 200))
    for element in about.get("link", ())[:_MOST]:
        if element.get("rel") == "payment" and (url := web_link(element.get("href"), base)):
            yield Funding(url, line(element.get("title") or "", 200))


def _older(about: Elements, base: str) -> str | None:
    """The page before this one of an archived feed, or the next one of a paged feed."""
    links = [element for element in about.get("link", ())[:_MOST] if element.get("href")]
    for relation in ("prev-archive", "next"):
        for element in links:
            if relation in (element.get("rel") or "").lower().split():
                return web_link(element.get("href"), base)
    return None


def _trailers(about: Elements, base: str) -> Iterator[Trailer]:
    for element in about.get("podcast:trailer", ())[:_MOST]:
        if url := web_link(element.get("url"), base):
            yield Trailer(
                url,
                line("".join(element.itertext()), 300),
                whole_number(element.get("season") or ""),
                line(element.get("type") or "", 100),
                whole_number(element.get("length") or ""),
                feed_date(element.get("pubdate") or ""),
            )
