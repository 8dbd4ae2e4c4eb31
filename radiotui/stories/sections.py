"""Sections of stories: everything, starred, folders, feeds and stations; and of episodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiotui.net.urls import site_of
from radiotui.stories.model import (
    AllStories,
    Downloaded,
    FeedSection,
    Folder,
    InProgress,
    LatestEpisodes,
    PodcastSection,
    Section,
    SectionKey,
    Starred,
    StationSection,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from radiotui.stations.model import OwnFeed, Station, StationList


def sections(station_list: StationList) -> tuple[Section, ...]:
    """The lists there are besides those of the stations, in the order of the screen.

    All and starred first, then the listener's own feeds: those without a folder,
    then each folder with what lies in it, in the order in which they are written.
    A folder's list has the stories of the folders within it, too.
    """
    stations = [url for station in station_list.stations for url in station.feeds]
    everything = dict.fromkeys([*stations, *(feed.url for feed in station_list.feeds)])
    return (
        Section(AllStories(), "All stories", tuple(everything)),
        Section(Starred(), "Starred"),
        *_within(station_list.feeds, ""),
    )


def section(station_list: StationList, key: SectionKey) -> Section | None:
    """The section with that key; None where the list has none."""
    if isinstance(key, StationSection):
        station = station_list.station(key.station)
        return station_section(station) if station else None
    return next((section for section in sections(station_list) if section.key == key), None)


def station_section(station: Station) -> Section:
    """The section of a station's feeds."""
    return Section(StationSection(station.id), station.name, station.feeds)


def podcast_sections(
    station_list: StationList, feed_titles: Mapping[str, str]
) -> tuple[Section, ...]:
    """The lists of episodes: the latest of all, those begun, those downloaded, each podcast.

    Without a podcast there is none. The listener's own stand first, as they are called in the
    list, then those of the stations;
    ``feed_titles`` are the names that feeds have for themselves, by address.
    """
    names = {podcast.url: podcast.title for podcast in station_list.podcasts}
    for station in station_list.stations:
        for url in station.podcasts:
            names.setdefault(url, "")
    if not names:
        return ()
    of_podcasts = (
        Section(PodcastSection(url), title or feed_titles.get(url) or site_of(url), (url,))
        for url, title in names.items()
    )
    return (
        Section(LatestEpisodes(), "Latest episodes", tuple(names)),
        Section(InProgress(), "In progress", tuple(names)),
        Section(Downloaded(), "Downloaded", tuple(names)),
        *of_podcasts,
    )


def _within(feeds: tuple[OwnFeed, ...], folder: str) -> list[Section]:
    """The sections of what lies in a folder: its feeds, then its folders."""
    inside = f"{folder}/" if folder else ""
    sections = [_of_feed(feed) for feed in feeds if feed.folder == folder]
    deeper = [feed.folder.removeprefix(inside) for feed in feeds if feed.folder.startswith(inside)]
    for name in dict.fromkeys(path.partition("/")[0] for path in deeper if path):
        path = f"{inside}{name}"
        below = tuple(feed for feed in feeds if f"{feed.folder}/".startswith(f"{path}/"))
        sections.append(Section(Folder(path), path, tuple(feed.url for feed in below)))
        sections += _within(below, path)
    return sections


def _of_feed(feed: OwnFeed) -> Section:
    name = feed.title or site_of(feed.url)
    return Section(FeedSection(feed.url), name, (feed.url,))
