"""Second pass over a feed: the elements that feedparser loses, from the XML itself.

Of elements that are repeated feedparser keeps the last, of those that it does
not know either the text or the attributes, and it cannot tell what belongs to a
picture or to a ``podcast:liveItem`` from what belongs to the entry or the feed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

import msgspec
from msgspec.structs import replace

from radiotui.documents.model import Figure
from radiotui.feeds.parsing.channel import channel_of
from radiotui.feeds.parsing.dates import feed_date
from radiotui.feeds.parsing.media_rss import figures, sounds_and_films, told_of_media
from radiotui.feeds.parsing.mending import pieces_of
from radiotui.feeds.parsing.model import NO_CHANNEL, NO_EPISODE, Channel, Episode, LiveItem
from radiotui.feeds.parsing.podcast_ns import episode
from radiotui.feeds.parsing.values import line, sound_length
from radiotui.feeds.parsing.xml import (
    Element,
    Elements,
    base_of,
    children,
    is_well_formed,
    name_of,
    root_of,
    text_of,
)
from radiotui.net.urls import web_link
from radiotui.problems import Problem
from radiotui.store.stories import Enclosure

_MOST_LIVE = 20
_MOST_CREATORS = 20
_RICH = {"media", "itunes", "podcast", "psc", "image"}
_NOTES = ("description", "summary", "itunes:summary", "dc:description", "itunes:subtitle")


class ItemExtras(msgspec.Struct, frozen=True):
    """Additions to one entry."""

    guid: str = ""
    """As it is written, to find the entry by."""
    link: str = ""
    """As it is written."""
    address: str | None = None
    """The link as an absolute address: the story's own, where the feed links to a counter."""
    title: str = ""
    content: str = ""
    """Text of the content proper, as it is written."""
    notes: tuple[str, ...] = ()
    """The entry's own descriptions and summaries, as they are written."""
    is_untyped: bool = False
    """True for Atom that does not say whether its text is HTML."""
    creators: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    """Authors of other kinds, and in Atom the feed's, where the entry has none."""
    told_of_media: tuple[str, ...] = ()
    """What ``media:description`` says: words of a picture or a sound, not the entry's."""
    figures: tuple[Figure, ...] = ()
    media: tuple[Enclosure, ...] = ()
    """Sounds and films of Media RSS."""
    seconds: float | None = None
    """How long the entry's sound is."""
    episode: Episode = NO_EPISODE


_NOTHING = ItemExtras()


class FeedExtras(msgspec.Struct, frozen=True):
    """Additions to a feed."""

    link: str | None = None
    """The feed's own page; not the one of a broadcast that it announces."""
    items: tuple[ItemExtras, ...] = ()
    live: tuple[LiveItem, ...] = ()
    is_well_formed: bool = False
    """True for XML that both passes read alike."""
    channel: Channel = NO_CHANNEL
    _by_name: dict[str, ItemExtras] = msgspec.field(default_factory=dict)

    def of(self, place: int, entries: int, guid: str, link: str) -> ItemExtras:
        """Additions to the entry at that place of so many.

        Broken XML may be read as another number of items here than there: then
        only the names count.
        """
        if len(self.items) == entries:
            item = self.items[place]
            # feedparser puts an entry's base before its names.
            by_place = self.is_well_formed or not (item.guid or item.link)
            if by_place or (guid and item.guid == guid) or item.link == link:
                return item
        for name in (guid, link):
            if name and name in self._by_name:
                return self._by_name[name]
        return _NOTHING


def read_extras(body: bytes, encoding: str, url: str) -> FeedExtras:
    """Additions from a feed's XML to what feedparser reads of it.

    ``encoding`` is what feedparser took it for; addresses are resolved against
    the entry's link, the feed's, and ``url``. Nothing is live_items in what is no XML.
    """
    root = root_of(body, encoding)
    if root is None:
        return FeedExtras()
    feed = next((e for e in root if name_of(e) == "channel"), root)
    about = children(feed)
    link = _link(about)
    base = base_of(feed, base_of(root, web_link(link, url) or url))
    authors = _authors(about) if name_of(feed) == "feed" else ()
    well_formed = is_well_formed(root)
    if well_formed:
        # RSS 1.0 has its items beside the channel.
        elements = [*about.get("item", ()), *about.get("entry", ())]
        if feed is not root:
            elements += children(root).get("item", ())
    else:
        elements = list(_items_apart(body, encoding))
    read_item = partial(_item, feed_authors=authors, broken=not well_formed)
    items = tuple(_read(read_item, element, base) or _NOTHING for element in elements)
    live_items = (
        _read(_live, element, base) for element in about.get("podcast:liveitem", ())[:_MOST_LIVE]
    )
    live = tuple(item for item in live_items if item is not None)
    page = web_link(link, url)
    channel = _read(partial(channel_of, link=page, url=url), about, base) or NO_CHANNEL
    return FeedExtras(page, items, live, well_formed, channel, _by_name(items))


def _by_name(items: Iterable[ItemExtras]) -> dict[str, ItemExtras]:
    by_name: dict[str, ItemExtras] = {}
    for item in items:
        for name in filter(None, (item.guid, item.link)):
            by_name.setdefault(name, item)
    return by_name


def _items_apart(body: bytes, encoding: str) -> Iterator[Element]:
    """The items of broken XML, each read by itself: a tag that is not closed ends with its item."""
    pieces = pieces_of(body)
    for item in pieces.items:
        root = root_of(pieces.alone(item), encoding)
        if root is not None:
            yield next((e for e in root if name_of(e) in {"item", "entry"}), root)


def _read(how: Any, element: Element, base: str) -> Any:
    """One bad item costs itself only."""
    try:
        return how(element, base)
    except (AttributeError, LookupError, TypeError, ValueError, Problem):
        return None


def _link(about: Elements) -> str:
    links = about.get("link", ())[:50]
    for element in links:
        if element.text and element.text.strip():
            return str(element.text.strip())
    pages = [
        element
        for element in links
        if element.get("href") and element.get("rel", "alternate") == "alternate"
    ]
    # An entry may have a page and the same as data.
    pages.sort(key=lambda element: "html" not in element.get("type", "html"))
    return str(pages[0].get("href").strip()) if pages else ""


def _item(
    element: Element, base: str, *, feed_authors: tuple[str, ...] = (), broken: bool = False
) -> ItemExtras:
    parts = children(element, broken=broken)
    base = base_of(element, base)
    link = _link(parts)
    story = text_of(parts, "feedburner:origlink") or text_of(parts, "pheedo:origlink")
    address = web_link(story, base) or web_link(link, base)
    texts = parts.get("content", []) + parts.get("summary", [])
    extras = ItemExtras(
        guid=text_of(parts, "guid") or text_of(parts, "id"),
        link=link,
        address=address,
        is_untyped=not any(text.get("type") for text in texts),
        creators=_lines(parts, "dc:creator"),
        authors=_authors(parts) or _authors(_source(parts)) or feed_authors,
    )
    if not broken:
        extras = replace(
            extras,
            title=_text(parts, "title") or _text(parts, "itunes:title"),
            content=_text(parts, "content:encoded") or _text(parts, "content"),
            notes=tuple(filter(None, (_text(parts, name) for name in _NOTES))),
        )
    if all(name.partition(":")[0] not in _RICH for name in parts):
        return extras
    base = web_link(link, base) or base
    seconds = sound_length(text_of(parts, "itunes:duration"))
    return replace(
        extras,
        told_of_media=told_of_media(parts),
        figures=figures(parts, base),
        media=sounds_and_films(parts, base),
        seconds=seconds,
        episode=replace(episode(parts, base), seconds=seconds),
    )


def _text(parts: Elements, name: str) -> str:
    """The text of the first child of that name, unless it holds elements of its own."""
    for element in parts.get(name, ())[:20]:
        if len(element):
            return ""
        if element.text and element.text.strip():
            return str(element.text.strip())
    return ""


def _source(parts: Elements) -> Elements:
    """The feed that an Atom entry was taken from."""
    return next((children(source) for source in parts.get("source", ())), {})


def _authors(parts: Elements) -> tuple[str, ...]:
    """The authors' texts: names and addresses as RSS writes them, names of Atom."""
    names = [
        text_of(children(author), "name") if len(author) else author.text or ""
        for author in (*parts.get("author", ()), *parts.get("itunes:author", ()))[:_MOST_CREATORS]
    ]
    return tuple(dict.fromkeys(filter(None, (line(name, 300) for name in names))))


def _lines(parts: Elements, name: str) -> tuple[str, ...]:
    lines = (
        line("".join(element.itertext()), 300) for element in parts.get(name, ())[:_MOST_CREATORS]
    )
    return tuple(dict.fromkeys(filter(None, lines)))


def _live(element: Element, base: str) -> LiveItem:
    parts = children(element)
    sounds = (web_link(enclosure.get("url"), base) for enclosure in parts.get("enclosure", ())[:5])
    return LiveItem(
        guid=line(text_of(parts, "guid"), 500),
        title=line(text_of(parts, "title"), 500),
        status=line(element.get("status") or "", 20).lower(),
        start=feed_date(element.get("start")),
        end=feed_date(element.get("end")),
        link=web_link(_link(parts), base),
        url=next(filter(None, sounds), None),
    )
