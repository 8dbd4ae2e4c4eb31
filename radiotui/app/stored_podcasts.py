"""Reading of podcasts and episodes from the store."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

from radiotui.feeds.parsing.model import NO_CHANNEL, NO_EPISODE, read_episode
from radiotui.podcasts.model import Podcast, PodcastEpisode
from radiotui.stories.snapshots import headline
from radiotui.stories.stored_lists import stored_channel

if TYPE_CHECKING:
    import sqlite3

    from radiotui.store.episodes import EpisodeCount, StoredEpisode
    from radiotui.store.feeds import Feed
    from radiotui.stories.model import FeedState

log = logging.getLogger(__name__)

_MOST_EPISODES = 3_000


def counted_feeds(
    connection: sqlite3.Connection, urls: Sequence[str]
) -> tuple[dict[str, Feed], dict[str, EpisodeCount]]:
    """Those of the feeds that are stored, and the number of each one's episodes, by address."""
    from radiotui.store import episodes, feeds

    stored = {feed.url: feed for feed in feeds.feeds(connection, urls)}
    return stored, episodes.episode_counts(connection, urls)


def stored_episodes(connection: sqlite3.Connection, url: str) -> list[StoredEpisode]:
    """The newest episodes of a podcast, newest first."""
    from radiotui.store import episodes

    return episodes.episodes(connection, url, _MOST_EPISODES)


def podcast_of(state: FeedState, feed: Feed | None, count: EpisodeCount) -> Podcast:
    """A podcast as it is shown."""
    channel = stored_channel(feed) if feed else NO_CHANNEL
    picture = feed.picture if feed else ""
    return Podcast(state, channel, picture, count.episodes, count.newest_at)


def episode_of(stored: StoredEpisode) -> PodcastEpisode:
    """An episode as it is shown."""
    episode = NO_EPISODE
    try:
        episode = read_episode(stored.episode)
    except ValueError as error:
        log.warning("what is stored of episode %d is damaged: %s", stored.story.id, error)
    return PodcastEpisode(headline(stored.story), episode)
