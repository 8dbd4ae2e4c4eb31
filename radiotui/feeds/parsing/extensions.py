"""Second pass over a feed: the elements that feedparser loses, from the XML itself.

Of elements that are repeated feedparser keeps the last, of those that it does
not know either the text or the attributes, and it cannot tell what belongs to a
picture or to a ``podcast:liveItem`` from what belongs to the entry or the feed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from radiotui.documents.model import Figure
from radiotui.feeds.parsing.dates import feed_date
from radiotui.feeds.parsing.media_rss import figures, told_of_media
from radiotui.feeds.parsing.model import NO_EPISODE, Episode, LiveItem
from radiotui.feeds.parsing.podcast_ns import episode
from radiotui.feeds.parsing.values import line, sound_length
from radiotui.feeds.parsing.xml import Element, Elements, children, name_of, root_of, text_of
from radiotui.net.urls import web_link
from radiotui.problems import Problem

_MOST_LIVE = 20
_MOST_CREATORS = 20
_RICH = {"media", "itunes", "podcast", "psc"}


@dataclass(frozen=True, slots=True)
class ItemExtras:
    """Additions to one entry."""

    guid: str = ""
    """As it is written, to find the entry by."""
    link: str = ""
    creators: tuple[str, ...] = ()
    told_of_media: tuple[str, ...] = ()
    """What ``media:description`` says: words of a picture or a sound, not the entry's."""
    figures: tuple[Figure, ...] = ()
    seconds: float | None = None
    """How long the entry's sound is."""
    episode: Episode = NO_EPISODE


_NOTHING = ItemExtras()


@dataclass(frozen=True, slots=True)
class FeedExtras:
    """Additions to a feed."""

    link: str | None = None
    """The feed's own page; not the one of a broadcast that it announces."""
    items: tuple[ItemExtras, ...] = ()
    live: tuple[LiveItem, ...] = ()
    _by_name: dict[str, ItemExtras] = field(default_factory=dict)

    def of(self, place: int, entries: int, guid: str, link: str) -> ItemExtras:
        """Additions to the entry at that place of so many.

        Broken XML may be read as another number of items here than there: then
        only the names count.
        """
        if len(self.items) == entries:
            item = self.items[place]
            if not (item.guid or item.link) or (guid and item.guid == guid) or item.link == link:
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
    feed = next((e for e in root if name_of(e.tag) == "channel"), root)
    about = children(feed)
    link = _link(about)
    base = web_link(link, url) or url
    # RSS 1.0 has its items beside the channel.
    elements = [*about.get("item", ()), *about.get("entry", ())]
    if feed is not root:
        elements += children(root).get("item", ())
    items = tuple(_read(_item, element, base) or _NOTHING for element in elements)
    live_items = (
        _read(_live, element, base) for element in about.get("podcast:liveitem", ())[:_MOST_LIVE]
    )
    by_name: dict[str, ItemExtras] = {}
    for item in items:
        for name in filter(None, (item.guid, item.link)):
            by_name.setdefault(name, item)
    live = tuple(item for item in live_items if item is not None)
    return FeedExtras(web_link(link, url), items, live, by_name)


def _read(how: Any, element: Element, base: str) -> Any:
    """One bad item costs itself only."""
    try:
        return how(element, base)
    except (AttributeError, LookupError, TypeError, ValueError, Problem):
        return None


def _link(about: Elements) -> str:
    for element in about.get("link", ())[:50]:
        if element.text and element.text.strip():
            return str(element.text.strip())
        if element.get("href") and element.get("rel", "alternate") == "alternate":
            return str(element.get("href").strip())
    return ""


def _item(element: Element, base: str) -> ItemExtras:
    parts = children(element)
    link = _link(parts)
    guid = text_of(parts, "guid") or text_of(parts, "id")
    creators = tuple(
        dict.fromkeys(
            name
            for creator in parts.get("dc:creator", ())[:_MOST_CREATORS]
            if (name := line("".join(creator.itertext()), 100))
        )
    )
    if all(name.partition(":")[0] not in _RICH for name in parts):
        return ItemExtras(guid, link, creators)
    base = web_link(link, base) or base
    return ItemExtras(
        guid=guid,
        link=link,
        creators=creators,
        told_of_media=told_of_media(parts),
        figures=figures(parts, base),
        seconds=sound_length(text_of(parts, "itunes:duration")),
        episode=episode(parts, base),
    )


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
