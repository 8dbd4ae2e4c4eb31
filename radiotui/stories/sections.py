"""What lists of stories there are: everything, stars, folders, feeds, stations."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from radiotui.stories.model import Section
from radiotui.text import clean

if TYPE_CHECKING:
    from radiotui.stations.model import OwnFeed, StationList


def sections(station_list: StationList) -> tuple[Section, ...]:
    """The lists there are besides those of the stations, in the order of the screen.

    All and starred first, then the listener's own feeds: those without a folder,
    then each folder with what lies in it, in the order in which they are written.
    A folder's list has the stories of the folders within it, too.
    """
    stations = [url for station in station_list.stations for url in station.feeds]
    everything = dict.fromkeys([*stations, *(feed.url for feed in station_list.feeds)])
    return (
        Section("all", "All stories", tuple(everything)),
        Section("starred", "Starred", starred=True),
        *_within(station_list.feeds, ""),
    )


def section(station_list: StationList, section_id: str) -> Section | None:
    """The list of that id, or a station's stories by the station's id."""
    station = station_list.station(section_id)
    if station is not None:
        return Section(station.id, station.name, station.feeds)
    return next((one for one in sections(station_list) if one.id == section_id), None)


def _within(feeds: tuple[OwnFeed, ...], folder: str) -> list[Section]:
    """The sections of what lies in a folder: its feeds, then its folders."""
    inside = f"{folder}/" if folder else ""
    found = [_of_feed(feed) for feed in feeds if feed.folder == folder]
    deeper = [feed.folder.removeprefix(inside) for feed in feeds if feed.folder.startswith(inside)]
    for name in dict.fromkeys(path.partition("/")[0] for path in deeper if path):
        path = f"{inside}{name}"
        below = tuple(feed for feed in feeds if f"{feed.folder}/".startswith(f"{path}/"))
        found.append(Section(f"folder:{path}", path, tuple(feed.url for feed in below)))
        found += _within(below, path)
    return found


def _of_feed(feed: OwnFeed) -> Section:
    host = urlsplit(feed.url).hostname or feed.url
    name = feed.title or clean(host.removeprefix("www."), 80)
    return Section(f"feed:{feed.url}", name, (feed.url,))
