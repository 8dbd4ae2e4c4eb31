"""Played states of episodes in OPML.

The specification has nothing of it; AntennaPod, gPodder, Pocket Casts and newsboat write nothing of
it. Overcast's "all data" does, as outlines below the podcast's own: ``<outline
type="podcast-episode" title="" enclosureUrl="" pubDate="" progress="seconds" played="1"
userUpdatedDate="">``. An export of ours that is asked to has the same, with the guid in a
namespace of our own, since other readers pass over what they do not know.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from radiotui.feeds.parsing.dates import feed_date
from radiotui.feeds.parsing.feed_links import without_readers_scheme
from radiotui.net.urls import web_link
from radiotui.store.played_states import PlayedState
from radiotui.text import clean, without_password

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from lxml.etree import _Element

NAMESPACE = "https://github.com/radiotui/opml"
"""A name, and no address that is asked."""
EPISODE = "podcast-episode"
_GUID = f"{{{NAMESPACE}}}guid"
_LONGEST_SECONDS = 7 * 86_400.0
_MOST = 50_000
_LONGEST_GUID = 500


def take_episodes(data: bytes) -> tuple[bytes, tuple[PlayedState, ...]]:
    """OPML without the outlines of episodes, and how far those were heard. Slow for big files."""
    if EPISODE.encode() not in data:
        return data, ()
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, recover=True)
    root = etree.fromstring(data, parser)
    if root is None:
        return data, ()
    states: list[PlayedState] = []
    for outline in list(root.iter("{*}outline")):
        if outline.get("type") == EPISODE and (podcast := outline.getparent()) is not None:
            if len(states) < _MOST and (state := _state(podcast, outline)) is not None:
                states.append(state)
            podcast.remove(outline)
    _drop_unsubscribed(root)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True), tuple(states)


def _drop_unsubscribed(root: _Element) -> None:
    """Take out podcasts that were heard and are not subscribed to: Overcast lists them, too."""
    podcasts = [outline for outline in root.iter("{*}outline") if outline.get("xmlUrl")]
    if any(podcast.get("subscribed") == "1" for podcast in podcasts):
        for podcast in podcasts:
            above = podcast.getparent()
            if podcast.get("subscribed") != "1" and above is not None:
                above.remove(podcast)


def _state(podcast: _Element, outline: _Element) -> PlayedState | None:
    """Place up to which an episode was heard; None for one that was not begun."""
    address = without_readers_scheme((podcast.get("xmlUrl") or "").strip())
    feed = web_link(address)
    heard, is_played = _seconds(outline.get("progress")), outline.get("played") == "1"
    if feed is None or not (heard or is_played):
        return None
    return PlayedState(
        without_password(feed),
        clean(outline.get(_GUID) or "", _LONGEST_GUID),
        web_link(outline.get("enclosureUrl")) or "",
        clean(outline.get("title") or outline.get("text") or ""),
        feed_date(outline.get("pubDate") or ""),
        heard,
        is_played,
        feed_date(outline.get("userUpdatedDate") or ""),
    )


def write_episodes(podcast: Element, states: Iterable[PlayedState]) -> None:
    """Add how far episodes were heard below the outline of their podcast."""
    from xml.etree.ElementTree import SubElement, register_namespace

    from radiotui.feeds.opml import xml_text

    register_namespace("radiotui", NAMESPACE)
    for state in states:
        title = xml_text(state.title) or xml_text(state.guid)
        values = {"type": EPISODE, "text": title, "title": title, _GUID: xml_text(state.guid)}
        if state.sound:
            values["enclosureUrl"] = xml_text(without_password(state.sound))
        if state.published is not None:
            values["pubDate"] = _written(state.published)
        if state.is_played:
            values["played"] = "1"
        if state.heard:
            values["progress"] = str(int(state.heard))
        if state.heard_at is not None:
            values["userUpdatedDate"] = _written(state.heard_at)
        SubElement(podcast, "outline", values)


def _written(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")


def _seconds(text: str | None) -> float:
    try:
        value = float(text or 0)
    except ValueError:
        return 0.0
    return value if math.isfinite(value) and 0 <= value <= _LONGEST_SECONDS else 0.0
