"""The pictures of Media RSS, each with its own words (https://www.rssboard.org/media-rss)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from radiotui.documents.feed_figures import picture_name
from radiotui.documents.model import Figure
from radiotui.feeds.parsing.enclosures import is_playable
from radiotui.feeds.parsing.values import line, sound_length, whole_number
from radiotui.feeds.parsing.xml import children, text_of
from radiotui.net.urls import web_link
from radiotui.store.stories import Enclosure
from radiotui.text import clean

if TYPE_CHECKING:
    from radiotui.feeds.parsing.xml import Element, Elements

_WIDEST = 1600
_MOST = 50
_LONGEST_CAPTION = 2000
_PICTURE_FILE = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)(?:\?|$)", re.IGNORECASE)


def figures(parts: Elements, base: str) -> tuple[Figure, ...]:
    """The pictures among an item's children; its thumbnail when there is no other."""
    best: dict[str, tuple[tuple[bool, int], Figure]] = {}
    for element, above in _media(parts):
        figure = _figure(element, [children(element), *above], base)
        if figure is not None:
            key = picture_name(figure.url)
            rank = _rank(element)
            if key not in best:
                best[key] = rank, figure
            elif rank > best[key][0]:
                # A wider copy takes the place, and keeps what was said of the other.
                first = best[key][1]
                caption, credit = figure.caption or first.caption, figure.credit or first.credit
                best[key] = rank, Figure(figure.url, caption, credit)
    return tuple(figure for _, figure in best.values()) or _thumbnail(parts, base)


def sounds_and_films(parts: Elements, base: str) -> tuple[Enclosure, ...]:
    """The files that can be heard among an item's ``media:content``: of each group the main one."""
    groups = [[element] for element in parts.get("media:content", ())[:_MOST]]
    groups += [
        children(group).get("media:content", [])[:_MOST]
        for group in parts.get("media:group", ())[:_MOST]
    ]
    playable = [
        sorted(
            (element for element in group if _is_playable(element)),
            key=lambda element: element.get("isDefault") != "true",
        )[:1]
        for group in groups
    ]
    files: dict[str, Enclosure] = {}
    for element in (element for group in playable for element in group):
        url = web_link(element.get("url"), base)
        if url is not None:
            kind = clean(element.get("type") or "", 100)
            length = whole_number(element.get("fileSize") or "")
            files.setdefault(
                url, Enclosure(url, kind, length, sound_length(element.get("duration")))
            )
    return tuple(files.values())


def _is_playable(element: Element) -> bool:
    kind = (element.get("type") or element.get("medium") or "").lower()
    return is_playable(element.get("url") or "", kind)


def told_of_media(parts: Elements) -> tuple[str, ...]:
    """All that ``media:description`` says in an item, as it is written."""
    descriptions = [text_of(parts, "media:description")]
    for element, above in _media(parts):
        descriptions += [
            text_of(level, "media:description") for level in (children(element), *above)
        ]
    return tuple(dict.fromkeys(filter(None, descriptions)))


def _media(parts: Elements) -> Iterator[tuple[Element, list[Elements]]]:
    """Each ``media:content`` with what is said around it, from the inside outwards.

    The item's own words are those of its first one.
    """
    around = [parts]
    for element in parts.get("media:content", ())[:_MOST]:
        yield element, around
        around = []
    for group in parts.get("media:group", ())[:_MOST]:
        inside = children(group)
        for element in inside.get("media:content", ())[:_MOST]:
            yield element, [inside, *around]
        around = []


def _figure(element: Element, levels: list[Elements], base: str) -> Figure | None:
    from radiotui.documents.credits import caption_and_credit, joined

    url = web_link(element.get("url"), base)
    kind = (element.get("medium") or element.get("type") or "").lower()
    if url is None or not (kind.startswith("image") or (not kind and _PICTURE_FILE.search(url))):
        return None
    description = next(filter(None, (text_of(level, "media:description") for level in levels)), "")
    caption, credit = caption_and_credit(line(description, _LONGEST_CAPTION))
    for level in levels:
        names = [line(e.text or "", 200) for e in level.get("media:credit", ())[:_MOST]]
        if any(names):
            credit = joined(names)
            break
    return Figure(url, caption, credit)


def _thumbnail(parts: Elements, base: str) -> tuple[Figure, ...]:
    groups = [parts, *map(children, parts.get("media:group", ())[:_MOST])]
    groups += [children(element) for element, _ in _media(parts)]
    thumbnails = [
        element for group in groups for element in group.get("media:thumbnail", ())[:_MOST]
    ]
    for element in sorted(thumbnails, key=_rank, reverse=True):
        url = web_link(element.get("url"), base)
        if url is not None:
            return (Figure(url),)
    return ()


def _rank(element: Element) -> tuple[bool, int]:
    """Among those that are too wide the narrowest is best, else the widest."""
    width = whole_number(element.get("width") or "") or 0
    return width <= _WIDEST, width if width <= _WIDEST else -width
