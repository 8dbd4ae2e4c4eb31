"""Command ``stations``: the station list, and the check of its file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiotui import text
from radiotui.app.shapes import station_file_shape, station_shape
from radiotui.cli.notes import opened
from radiotui.cli.output import DONE, FAILED, print_json, print_result

if TYPE_CHECKING:
    from radiotui.app.companion import Companion


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
