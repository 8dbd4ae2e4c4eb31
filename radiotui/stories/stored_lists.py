"""Reading of a section's feeds and stories from the store."""

from __future__ import annotations

import logging
from collections.abc import Collection
from typing import TYPE_CHECKING

import msgspec

from radiotui.feeds.parsing.model import NO_CHANNEL, Channel, read_channel
from radiotui.net.typed import json_decoder
from radiotui.store import episodes, feeds, podcast_settings, stories
from radiotui.store.feeds import Feed
from radiotui.store.stories import StoredStory
from radiotui.stories.model import InProgress, PodcastSection

if TYPE_CHECKING:
    import sqlite3

    from radiotui.stories.model import Section

log = logging.getLogger(__name__)


class StoredList(msgspec.Struct, frozen=True):
    """Feeds and stories of a section, as they are kept."""

    feeds: tuple[Feed, ...] = ()
    stories: tuple[StoredStory, ...] = ()
    oldest_first: bool = False


def read_list(
    connection: sqlite3.Connection, section: Section, limit: int, listed: Collection[str] | None
) -> StoredList:
    """The first stories of a section, newest first; of a serial podcast oldest first.

    A podcast may be set to another order than its own.
    Of the episodes in progress the one that was heard last comes first.
    ``listed`` feeds count as a story's sources; None: all.
    """
    known_feeds = feeds.feeds(connection, section.feeds)
    if isinstance(section.key, InProgress):
        begun = episodes.in_progress(connection, section.feeds or (), limit, listed)
        return StoredList(tuple(known_feeds), tuple(begun))
    oldest_first = isinstance(section.key, PodcastSection) and any(
        _is_oldest_first(connection, feed) for feed in known_feeds
    )
    stored = stories.newest(
        connection,
        section.feeds,
        limit,
        starred=section.starred,
        listed=listed,
        oldest_first=oldest_first,
    )
    return StoredList(tuple(known_feeds), tuple(stored), oldest_first)


def stored_channel(feed: Feed) -> Channel:
    """Facts that a podcast states about itself; none where what is stored is damaged."""
    try:
        return read_channel(feed.channel)
    except ValueError as error:
        log.warning("what %s says of itself is damaged: %s", feed.url, error)
        return NO_CHANNEL


class _SetOrder(msgspec.Struct, frozen=True):
    """The one setting of a podcast that its list is made by."""

    order: str | None = None


def set_order(connection: sqlite3.Connection, url: str) -> str | None:
    """The episode that comes first by a podcast's settings: "newest" or "oldest"; None: unset."""
    written = podcast_settings.settings_of(connection, url).settings
    try:
        return json_decoder(_SetOrder).decode(written).order if written else None
    except ValueError as error:
        log.warning("the settings of %s are damaged: %s", url, error)
        return None


def _is_oldest_first(connection: sqlite3.Connection, feed: Feed) -> bool:
    order = set_order(connection, feed.url)
    return order == "oldest" if order else stored_channel(feed).kind == "serial"
