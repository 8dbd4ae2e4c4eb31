"""Lookup of a stream, by the id that its directory gave it, where its address fails for good."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from radiotui.problems import Problem
from radiotui.stations.model import Station, Stream

if TYPE_CHECKING:
    from radiotui.directories.model import Directory
    from radiotui.net.client import Net


async def listed_addresses(
    station: Station, stream: Stream, net: Net, directories: Sequence[Directory]
) -> tuple[str, ...]:
    """The addresses that directories list the stream with now; none where none is known."""
    from radiotui.directories import radio_browser

    directory, _, listed_id = stream.listing.partition(":")
    if directory == radio_browser.LISTING:
        browsers = [one for one in directories if isinstance(one, radio_browser.RadioBrowser)]
        browser = browsers[0] if browsers else radio_browser.RadioBrowser()
        try:
            listed = await browser.look_up(net, listed_id)
        except Problem:
            return ()
        return tuple(url for entry in listed for url in entry.urls)
    return await _of_npr(station, stream, net, directories)


async def _of_npr(
    station: Station, stream: Stream, net: Net, directories: Sequence[Directory]
) -> tuple[str, ...]:
    """The addresses of the stream with that guid; the finder is asked by name and by id."""
    from radiotui.directories import npr
    from radiotui.directories.model import StationQuery

    directory, _, guid = stream.listing.partition(":")
    source = next((source for source in stream.schedule if source.source == "npr"), None)
    if directory != npr.LISTING:
        guid = source.option("stream") if source is not None else ""
    if not guid:
        return ()
    finders = [one for one in directories if isinstance(one, npr.NprFinder)]
    base = source.option("base").rstrip("/") if source is not None else ""
    finder = npr.NprFinder((base,)) if base else next(iter(finders), npr.NprFinder())
    for words in dict.fromkeys((station.id, station.name, station.city.partition(",")[0])):
        try:
            listed = await finder.find(net, StationQuery(words))
        except Problem:
            return ()
        for entry in (entry for result in listed for entry in result.streams):
            if entry.listing == f"{npr.LISTING}:{guid}":
                return entry.urls
    return ()
