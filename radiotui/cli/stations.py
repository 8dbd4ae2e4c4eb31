"""Command ``stations``: the station list, the check of its file, and stations to add to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiotui import text
from radiotui.app.finding import StationResults
from radiotui.app.shapes import found_station_shape, station_file_shape, station_shape
from radiotui.cli.notes import opened
from radiotui.cli.output import DONE, FAILED, print_json, print_note, print_nothing, print_result

if TYPE_CHECKING:
    from radiotui.app.companion import Companion
    from radiotui.directories.model import FoundStation

_MOST_LINES = 30
"""Stations that ``stations find`` prints; ``--json`` has them all."""


async def list_stations(companion: Companion, *, as_json: bool) -> int:
    """Print the station list in use."""
    async with opened(companion):
        stations = companion.station_list.stations
    if as_json:
        print_json([station_shape(station) for station in stations])
        return DONE
    for station in stations:
        print_result(
            f"{text.fit(station.id, 16)} {text.fit(station.name, 36)} {station.city}".rstrip()
        )
        for stream in station.streams if len(station.streams) > 1 else ():
            print_result(f"  {text.fit(f'{station.id}/{stream.id}', 30)} {stream.name}".rstrip())
    return DONE


async def find_stations(companion: Companion, typed: str, *, as_json: bool) -> int:
    """Print the stations that the directories list under what was typed; 1 where there is none."""
    results = StationResults()
    async with opened(companion, radio=False) as notes:
        async for snapshot in companion.finder.find(typed):
            results = snapshot
        for problem in results.problems:
            notes.print(problem)
    stations = results.stations
    if as_json:
        print_json([found_station_shape(*numbered) for numbered in enumerate(stations, 1)])
    else:
        for number, station in enumerate(stations[:_MOST_LINES], 1):
            _print_found(number, station)
    if not stations:
        return print_nothing(f"no directory lists {text.clean(typed, 100)!r}")
    if not as_json and len(stations) > _MOST_LINES:
        print_note(f"and {len(stations) - _MOST_LINES} more: give more words, or --json")
    return DONE


def _print_found(number: int, station: FoundStation) -> None:
    place = ", ".join(filter(None, (station.city, station.country)))
    label = " ".join(filter(None, (station.calls[0] if station.calls else "", station.frequency)))
    columns = (text.fit(station.name, 36), text.fit(place, 24), text.fit(label, 13))
    print_result(f"{number:>3}  {' '.join(columns)} {_sound(station)}  {station.directory}")
    for stream in station.streams if len(station.streams) > 1 else ():
        print_result(f"       {stream.name or 'Live'}")


def _sound(station: FoundStation) -> str:
    best = station.streams[0]
    rate = f"{best.bitrate}k" if best.bitrate else ""
    return text.fit(" ".join(filter(None, (best.codec, rate))), 9)


def check_stations(companion: Companion, *, as_json: bool) -> int:
    """Print the faults of the station file; 1 when it has any."""
    problems = companion.station_list.problems
    if as_json:
        stations = len(companion.station_list.stations) - 1
        print_json(station_file_shape(companion.options.stations_path, stations, problems))
    else:
        for problem in problems:
            print_result(str(problem))
        summary = f"{companion.options.stations_path}: {count_stations(companion)}"
        print_result(summary if problems else f"{summary}, nothing wrong")
    return FAILED if problems else DONE


def count_stations(companion: Companion) -> str:
    """The number of stations in the file: "1 station", "20 stations"."""
    count = len(companion.station_list.stations) - 1
    return f"{count} station" if count == 1 else f"{count} stations"
