"""Snapshots of stories: headlines, sections, lists, search results and feed states."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Literal

import msgspec
from msgspec import Struct

from radiotui.problems import Problem

if TYPE_CHECKING:
    from radiotui.documents.model import Article, ArticleChanges, StoryAudio


class Headline(msgspec.Struct, frozen=True):
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
    other_feeds: tuple[str, ...] = ()
    """Titles of the other feeds that bring the same story."""
    audio: StoryAudio | None = None
    """Its own sound, as far as it is known without its page."""
    season: int | None = None
    number: int | None = None
    """Season and number of an episode, as its podcast counts."""
    picture: str | None = None
    """Address of an episode's own picture, else of its podcast's."""
    heard: float = 0.0
    """Seconds of its sound up to the place where it goes on; 0.0 before it and after its end."""
    is_played: bool = False
    """True once its sound was heard to its end."""


class Story(msgspec.Struct, frozen=True):
    """A story as the reader shows it: the page's article, or what the feed brought."""

    headline: Headline
    article: Article
    whole: bool = False
    """Whether it is the page's article and not only the feed's own text."""
    why: Problem | None = None
    """Why it is only the feed's own text."""
    changes: ArticleChanges | None = None
    place: float = 0.0
    """How far it was read: 0 at the top, 1 at the end."""


class StationSection(Struct, frozen=True, tag=True):
    """The stories of a station's feeds."""

    station: str
    """The station's id."""


class AllStories(Struct, frozen=True, tag=True):
    """The stories of every feed in the station list."""


class Starred(Struct, frozen=True, tag=True):
    """The starred stories of every feed there ever was."""


class OwnFeeds(Struct, frozen=True, tag=True):
    """The stories of all feeds that the listener added."""


class Folder(Struct, frozen=True, tag=True):
    """The stories of the feeds in a folder and in the folders within it."""

    path: str
    """"News", "News/Arizona"."""


class FeedSection(Struct, frozen=True, tag=True):
    """The stories of one feed."""

    url: str


class LatestEpisodes(Struct, frozen=True, tag=True):
    """The newest entries of every podcast."""


class InProgress(Struct, frozen=True, tag=True):
    """The episodes of every podcast that were begun and not heard to their end."""


class Downloaded(Struct, frozen=True, tag=True):
    """The episodes that are downloaded, and those that are to be."""


class PodcastSection(Struct, frozen=True, tag=True):
    """The entries of one podcast. A feed of news may have the same address."""

    url: str


class FeedSelection(Struct, frozen=True, tag=True):
    """The feeds that were named on the command line."""

    urls: tuple[str, ...]


class PodcastSelection(Struct, frozen=True, tag=True):
    """The podcasts that are asked together, and shown in no list of their own."""

    urls: tuple[str, ...]


FeedsKey = StationSection | AllStories | Starred | OwnFeeds | Folder | FeedSection | FeedSelection
PodcastsKey = LatestEpisodes | InProgress | Downloaded | PodcastSection | PodcastSelection
SectionKey = FeedsKey | PodcastsKey
"""Identity of a section. Kinds are types, so that no station's id is another kind's name."""


class Section(msgspec.Struct, frozen=True):
    """A list of stories: its key, its name on the screen, and the feeds it is made of."""

    key: SectionKey
    name: str
    feeds: tuple[str, ...] | None = None
    """URLs; None: every feed there is."""

    @property
    def starred(self) -> bool:
        """True for the section of stories with a star."""
        return isinstance(self.key, Starred)

    @property
    def is_personal(self) -> bool:
        """True for a section of what the listener did: no feed is asked for it."""
        return isinstance(self.key, Starred | InProgress | Downloaded)

    @property
    def is_of_podcasts(self) -> bool:
        """True for a section of episodes."""
        return isinstance(self.key, PodcastsKey)


class StoryList(msgspec.Struct, frozen=True):
    """A section's stories, newest first but for a serial: the whole snapshot."""

    section: SectionKey
    headlines: tuple[Headline, ...] = ()
    refreshing: bool = False
    refreshed_at: datetime | None = None
    """When a feed of the section last answered; None: never."""
    problem: Problem | None = None
    """Why the last refresh did not bring everything."""
    unkept: Problem | None = None
    """Why the store did not take what the last refresh brought."""
    has_feeds: bool = True
    feeds_due: int = 0
    """Number of feeds that the refresh under way asks."""
    feeds_done: int = 0
    """Number of them that have answered or failed."""
    has_older: bool = False
    """True where more stories are kept beyond the last one here."""
    oldest_first: bool = False
    """True for a podcast that is to be heard from its oldest episode on."""
    words: str = ""
    """Those it is narrowed to, as they were typed; "" for the whole list."""


class EpisodeDownload(msgspec.Struct, frozen=True):
    """An episode whose file is downloaded, or is to be."""

    entry: int
    """The headline's id."""
    title: str
    podcast: str
    state: Literal["waiting", "running", "whole", "missing", "failed", "stopped", "removed"]
    """Missing: it was whole, and somebody has taken the file away. The last two can be undone."""
    bytes_there: int = 0
    total: int | None = None
    """Bytes of all of it; None where that is not known."""
    path: str = ""
    """The finished file."""
    is_automatic: bool = False
    problem: Problem | None = None
    """Why it waits or failed."""

    @property
    def is_wanted(self) -> bool:
        """True for one that is there, or is to come."""
        return self.state in {"waiting", "running", "whole"}

    @property
    def share(self) -> float | None:
        """The part that has come, from 0 to 1; None where that is not known."""
        return min(1.0, self.bytes_there / self.total) if self.total else None


class DownloadList(msgspec.Struct, frozen=True):
    """Every download but those that were removed: those that are to come first."""

    downloads: tuple[EpisodeDownload, ...] = ()

    def of(self, entry: int) -> EpisodeDownload | None:
        """The download of a headline; None where it is none."""
        return next((each for each in self.downloads if each.entry == entry), None)

    @property
    def running(self) -> tuple[EpisodeDownload, ...]:
        """Those that come just now."""
        return tuple(each for each in self.downloads if each.state == "running")


class SearchResult(msgspec.Struct, frozen=True):
    """A result of the search."""

    headline: Headline
    snippet: str
    """Where the words were found, as one line of clean text."""
    matches: tuple[tuple[int, int], ...] = ()
    """Begin and end of each found word in ``snippet``."""
    second: float | None = None
    """When the words are said in its sound, in seconds from its beginning."""


class FeedState(msgspec.Struct, frozen=True):
    """A feed as ``radiotui feeds`` lists it."""

    url: str
    title: str
    stories: int = 0
    unread: int = 0
    asked_at: datetime | None = None
    answered_at: datetime | None = None
    next_at: datetime | None = None
    """When it is asked again by itself; None: never, or at once."""
    interval: float = 0.0
    """Seconds between two questions, as learnt from how often it publishes."""
    saved: int = 0
    """Bytes that were not sent because nothing had changed (304)."""
    is_withdrawn: bool = False
    """True where the server answered 410, "gone": it is not asked again by itself."""
    problem: Problem | None = None
    stations: tuple[str, ...] = msgspec.field(default=())
    """Ids of the stations it belongs to."""
    folder: str = ""
    """The listener's folder; empty for a station's feed."""
    own: bool = False
    """Whether it is one of the listener's own."""
