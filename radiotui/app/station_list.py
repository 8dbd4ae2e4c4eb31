"""Station list in use: the listener's file, or the built-in one, and the Test Signal."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from radiotui.config import asset
from radiotui.net.urls import host_of
from radiotui.problems import Problem
from radiotui.stations.model import Station, StationList, Stream


def read_stations(path: Path, *, make: bool) -> tuple[StationList, Problem | None]:
    """The station list of a file; with ``make`` the file is made where there is none.

    Beside it stands why it could not be made: the built-in list is used then.
    """
    from radiotui.stations.file import make_station_file, read_station_list

    problem = make_station_file(path) if make else None
    if problem is not None:
        path = asset("stations.toml")
    station_list = read_station_list(path)
    if not station_list.stations:
        # A list that cannot be read at all: the built-in one is better than silence.
        station_list = read_station_list(path, read_station_list(asset("stations.toml")))
    return station_list, problem


def complete_list(
    station_list: StationList, broadcasts: tuple[Station, ...], signal: Station
) -> StationList:
    """The list with what podcasts announce, and the Test Signal last."""
    return replace(station_list, stations=(*station_list.stations, *broadcasts, signal))


def stream_at(url: str) -> tuple[Station, Stream]:
    """A station and a stream for an address that is in no list."""
    stream = Stream("url", "", (url,))
    return Station("url", host_of(url) or url, (stream,)), stream
