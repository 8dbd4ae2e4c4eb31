"""What the reader and the list of stories show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from radiotui.problems import Problem


@dataclass(frozen=True, slots=True)
class Headline:
    """A line of the list of stories."""

    id: int
    """The store's name for it while the store exists; identity is (feed, guid)."""
    title: str
    published: datetime | None
    read: bool
    starred: bool
    feed: str
    """The feed's URL."""
    feed_title: str
    link: str | None


@dataclass(frozen=True, slots=True)
class Story:
    """A story as the reader shows it."""

    headline: Headline
    byline: str
    body: str
    """Markdown made from the feed's own content: clean text, links http(s) only."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """A station's stories, newest first: the whole snapshot."""

    station: str
    headlines: tuple[Headline, ...] = ()
    refreshing: bool = False
    refreshed_at: datetime | None = None
    """When a feed of the station last answered; None: never."""
    problem: Problem | None = None
    """Why the last refresh did not bring everything."""
    has_feeds: bool = True
