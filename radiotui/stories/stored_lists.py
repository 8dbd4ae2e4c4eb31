"""Reading of a section's feeds and stories from the store."""

from __future__ import annotations

import logging
from collections.abc import Collection
from typing import TYPE_CHECKING

import msgspec

from radiotui.feeds.parsing.model import NO_CHANNEL, Channel, read_channel
from radiotui.net.typed import json_decoder
from radiotui.store import downloads, episodes, feeds, older, podcast_settings, stories
from radiotui.store.feeds import Feed
from radiotui.store.narrowing import has_words
from radiotui.store.stories import StoredStory
from radiotui.stories.model import Downloaded, InProgress, PodcastSection, StoryList
from radiotui.stories.snapshots import headline, together

if TYPE_CHECKING:
    import sqlite3

    from radiotui.problems import Problem
    from radiotui.stories.model import Section

log = logging.getLogger(__name__)


class StoredList(msgspec.Struct, frozen=True):
    """Feeds and stories of a section, as they are kept."""

    feeds: tuple[Feed, ...] = ()
    stories: tuple[StoredStory, ...] = ()
    oldest_first: bool = False
    has_pages: bool = False
    """True where a podcast names a page with older episodes that was not read yet."""
    words: str = ""
    """Those that every story of it has, as they were typed."""


def read_list(
    connection: sqlite3.Connection,
    section: Section,
    limit: int,
    listed: Collection[str] | None,
    words: str = "",
) -> StoredList:
    """The first stories of a section, newest first; of a serial podcast oldest first.

    A podcast may be set to another order than its own. Of the episodes in progress the one that
    was heard last comes first, of those that are downloaded the next one to come.
    ``listed`` feeds count as a story's sources; None: all. With ``words`` it has those stories
    alone in whose title or text they are, of several feeds also in the feed's title.
    """
    known_feeds = feeds.feeds(connection, section.feeds)
    is_shown = has_words(connection, words, by_feed=section.feeds is None or len(section.feeds) > 1)
    if isinstance(section.key, InProgress):
        begun = episodes.in_progress(connection, section.feeds or (), limit, listed, is_shown)
        return StoredList(tuple(known_feeds), tuple(begun), words=words)
    if isinstance(section.key, Downloaded):
        wanted = downloads.downloaded(connection, limit, listed, is_shown)
        return StoredList(tuple(known_feeds), tuple(wanted), words=words)
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
        is_shown=is_shown,
    )
    is_open = isinstance(section.key, PodcastSection) and not words and not oldest_first
    has_pages = is_open and any(_has_pages(connection, feed) for feed in known_feeds)
    return StoredList(tuple(known_feeds), tuple(stored), oldest_first, has_pages, words)


def limit_reaching(
    connection: sqlite3.Connection,
    section: Section,
    entry: int,
    limit: int,
    listed: Collection[str] | None,
) -> int:
    """The length of a section's list, ``limit`` at least, with which an entry is in it.

    Of one that is in no list it is ``limit``.
    """
    most = limit
    while True:
        stored = read_list(connection, section, most + 1, listed).stories
        if any(story.id == entry for story in stored[:most]):
            return most
        if len(stored) <= most:
            return limit
        most *= 2


def story_list_of(
    section: Section,
    stored: StoredList,
    limit: int,
    problem: Problem | None,
    progress: tuple[int, int] | None,
) -> StoryList:
    """Stored stories as they are told, at most ``limit``.

    ``problem`` is why the store gives none, ``progress`` how many feeds of a refresh that is under
    way are due, and how many have answered.
    """
    problems = [problem] if problem else []
    if not section.is_personal:
        problems += [feed.problem for feed in stored.feeds if feed.problem]
    due, done = progress or (0, 0)
    return StoryList(
        section=section.key,
        headlines=tuple(map(headline, stored.stories[:limit])),
        refreshing=progress is not None,
        refreshed_at=max(
            (feed.answered_at for feed in stored.feeds if feed.answered_at), default=None
        ),
        problem=together(problems),
        has_feeds=section.feeds is None or bool(section.feeds),
        feeds_due=due,
        feeds_done=done,
        has_older=len(stored.stories) > limit or stored.has_pages,
        oldest_first=stored.oldest_first,
        words=stored.words,
    )


def stored_channel(feed: Feed) -> Channel:
    """Facts that a podcast states about itself; none where what is stored is damaged."""
    try:
        return read_channel(feed.channel)
    except ValueError as error:
        log.warning("what %s says of itself is damaged: %s", feed.url, error)
        return NO_CHANNEL


def _has_pages(connection: sqlite3.Connection, feed: Feed) -> bool:
    page = older.next_page(connection, feed.id)
    return bool(stored_channel(feed).older if page is None else page)


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
