"""Feeds of the station list: the stations' and the listener's own, without asking any of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from radiotui.net.urls import site_of
from radiotui.stations.model import FeedKind, OwnFeed, Station, StationList
from radiotui.stories.model import (
    AllStories,
    FeedSection,
    FeedState,
    OwnFeeds,
    PodcastSection,
    PodcastsKey,
    Section,
    SectionKey,
)
from radiotui.text import without_password

if TYPE_CHECKING:
    from radiotui.store.played_states import PlayedState


class FollowedFeeds(msgspec.Struct, frozen=True):
    """Sections and feeds of a station list."""

    file: StationList
    """The stations and feeds of the file alone."""
    everything: StationList
    """The same with the Test Signal."""
    feed_titles: Mapping[str, str] = msgspec.field(default_factory=dict)
    """Names of feeds that have answered once, by address."""

    @property
    def followed(self) -> StationList:
        """The listener's list; the Test Signal's invented news only where there is no other."""
        has_feeds = bool(self.file.feeds) or any(station.feeds for station in self.file.stations)
        return self.file if has_feeds else self.everything

    @property
    def urls(self) -> list[str]:
        """The address of every feed, once each."""
        followed = self.followed
        urls = [url for station in followed.stations for url in station.feeds]
        return list(dict.fromkeys([*urls, *(feed.url for feed in followed.feeds)]))

    @property
    def podcasts(self) -> list[str]:
        """The address of every podcast: the listener's own, then the stations'; once each."""
        own = [podcast.url for podcast in self.everything.podcasts]
        urls = [url for station in self.everything.stations for url in station.podcasts]
        return list(dict.fromkeys([*own, *urls]))

    def address(self, url: str) -> str:
        """The address in the list that ``url`` means: a user in it counts for nothing."""
        urls = self.urls
        if url in urls:
            return url
        bare = without_password(url)
        return bare if bare in urls else url

    @property
    def listed(self) -> frozenset[str]:
        """The address of every feed, also of the Test Signal beside the listener's own."""
        of_stations = (url for station in self.everything.stations for url in station.feeds)
        return frozenset([*of_stations, *(feed.url for feed in self.everything.feeds)])

    @property
    def sections(self) -> tuple[Section, ...]:
        """The sections besides those of the stations: of podcasts, then of stories."""
        from radiotui.stories.sections import sections

        return (*self.podcast_sections, *sections(self.followed))

    @property
    def podcast_sections(self) -> tuple[Section, ...]:
        """The sections of podcasts, the latest episodes of all of them first."""
        from radiotui.stories.sections import podcast_sections

        return podcast_sections(self.everything, self.feed_titles)

    @property
    def latest_episodes(self) -> Section | None:
        """The section of every podcast; None without one."""
        return next(iter(self.podcast_sections), None)

    def section(self, key: SectionKey) -> Section | None:
        """The section with that key, a station's too."""
        from radiotui.stories.sections import section

        if isinstance(key, PodcastsKey):
            of_podcasts = self.podcast_sections
            return next((listed for listed in of_podcasts if listed.key == key), None)
        listed = section(self.followed, key) or section(self.everything, key)
        return listed or self._section_of_feed(key)

    def _section_of_feed(self, key: SectionKey) -> Section | None:
        """The section of one feed of a station."""
        if not isinstance(key, FeedSection) or key.url not in self.listed:
            return None
        name = self.feed_titles.get(key.url) or site_of(key.url)
        return Section(key, name, (key.url,))

    @property
    def all_stories(self) -> Section:
        """The section of every feed."""
        return Section(AllStories(), "All stories", tuple(self.urls))

    @property
    def own_feeds(self) -> Section | None:
        """The section of the listener's own feeds; None without one."""
        own = tuple(feed.url for feed in self.everything.feeds)
        return Section(OwnFeeds(), "My feeds", own) if own else None

    def of_station(self, station_id: str) -> tuple[str, ...]:
        """The feeds of a station. Raises Problem for a misspelt one."""
        station = self.everything.station(station_id)
        return (station or self.everything.find(station_id)[0]).feeds

    def state_in_list(self, state: FeedState) -> FeedState:
        """A feed's state with its title, its stations and its folder in the list."""
        own_feeds = (*self.everything.feeds, *self.everything.podcasts)
        own = next((feed for feed in own_feeds if feed.url == state.url), None)
        stations = tuple(
            station.id
            for station in self.everything.stations
            if state.url in (*station.feeds, *station.podcasts)
        )
        return replace(
            state,
            title=(own.title if own else "") or state.title or without_password(state.url),
            stations=stations,
            folder=own.folder if own else "",
            own=own is not None,
        )

    def as_opml(
        self,
        titles: Mapping[str, str],
        at: datetime,
        kind: FeedKind = "feed",
        states: Iterable[PlayedState] = (),
    ) -> bytes:
        """Every feed, or podcast, as OPML: the listener's own in their folders, then by station.

        The file is for others too: no password is in it.
        """
        from radiotui.feeds.opml import write_opml

        of_stations = [
            OwnFeed(
                without_password(url),
                titles.get(url, ""),
                f"Stations/{station.name.replace('/', '∕')}",
            )
            for station in self.file.stations
            for url in (station.feeds if kind == "feed" else station.podcasts)
        ]
        own = [
            OwnFeed(without_password(feed.url), feed.title or titles.get(feed.url, ""), feed.folder)
            for feed in (self.file.feeds if kind == "feed" else self.file.podcasts)
        ]
        return write_opml([*own, *of_stations], "radiotui", at, states)


def station_of(feed: str, stations: Iterable[Station]) -> str | None:
    """The id of the first station that a feed belongs to."""
    return next((station.id for station in stations if feed in station.feeds), None)


def own_feed(station_list: StationList, key: SectionKey) -> OwnFeed | None:
    """The listener's own feed or podcast whose section has that key."""
    match key:
        case PodcastSection(url=url):
            own_feeds = station_list.podcasts
        case FeedSection(url=url):
            own_feeds = station_list.feeds
        case _:
            return None
    return next((feed for feed in own_feeds if feed.url == url), None)
