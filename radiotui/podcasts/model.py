"""Podcasts and episodes as every front end shows them."""

from __future__ import annotations

from datetime import datetime

import msgspec

from radiotui.audio.chapters import Chapter
from radiotui.feeds.parsing.model import NO_CHANNEL, NO_EPISODE, Channel, Episode
from radiotui.stories.model import FeedState, Headline


class Podcast(msgspec.Struct, frozen=True):
    """A podcast of the station list."""

    state: FeedState
    """Its address and title, and how asking it goes."""
    channel: Channel = NO_CHANNEL
    """What it says of itself."""
    picture: str = ""
    episodes: int = 0
    newest_at: datetime | None = None
    """When its newest episode was published."""


class PodcastEpisode(msgspec.Struct, frozen=True):
    """An episode of a podcast."""

    headline: Headline
    episode: Episode = NO_EPISODE
    """What the podcast says of it."""


class EpisodeContents(msgspec.Struct, frozen=True):
    """Contents of an episode that the reader shows beside its notes, as far as known."""

    has_transcript: bool = False
    chapters: tuple[Chapter, ...] = ()
    """By their beginning."""


class FoundPodcast(msgspec.Struct, frozen=True):
    """A podcast as a directory lists it. All text is clean, every address is one of the web."""

    title: str
    url: str
    """The address of its feed."""
    directory: str
    """The directory's name, as listeners read it."""
    author: str = ""
    episodes: int | None = None
    genres: tuple[str, ...] = ()
    picture: str = ""
