"""Command ``stations``: the station list, the check of its file, and stations to add to it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from radiotui import text
from radiotui.app.shapes import (
    found_station_shape,
    station_file_shape,
    station_shape,
    stream_check_shape,
)
from radiotui.cli.notes import opened
from radiotui.cli.output import (
    DONE,
    FAILED,
    print_json,
    print_note,
    print_nothing,
    print_result,
    write_note,
)
from radiotui.problems import Problem

if TYPE_CHECKING:
    from radiotui.app.companion import Companion
    from radiotui.app.stream_checks import RefusedAddress, StreamCheck
    from radiotui.directories.model import FoundStation

_MOST_LINES = 30
"""Stations that ``stations find`` prints; ``--json`` has them all."""


async def list_stations(companion: Companion, *, as_json: bool) -> int:
    """Print the station list in use."""
    async with opened(companion, player=False):
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
    from radiotui.app.found_results import StationResults

    results = StationResults()
    async with opened(companion, radio=False) as notes:
        async for snapshot in companion.finder.find(typed):
            results = snapshot
        for problem in results.problems:
            notes.print(problem)
        await companion.finder.save(results.stations)
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


async def add_stations(companion: Companion, entries: list[str], *, as_json: bool) -> int:
    """Add results of the last ``stations find``, by their numbers, or what is at addresses."""
    async with opened(companion, radio=False):
        results = await companion.finder.saved()
        chosen_results = [await _result(companion, results, entry) for entry in entries]
        stations = [await companion.finder.add(result) for result in chosen_results]
    if as_json:
        print_json([station_shape(station) for station in stations])
        return DONE
    for station in stations:
        print_result(f"{station.id:<16} {station.name}")
    return DONE


async def _result(
    companion: Companion, results: tuple[FoundStation, ...], entry: str
) -> FoundStation:
    if "." in entry:
        async for result in companion.finder.find(entry):
            if result.problems:
                raise result.problems[0]
            return result.stations[0]
    number = int(entry) if entry.isdecimal() and len(entry) < 6 else 0
    if 0 < number <= len(results):
        return results[number - 1]
    hint = f"it found {len(results)}" if results else "it found none"
    raise Problem(f"there is no result {text.clean(entry, 60)} of 'radiotui stations find'", hint)


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


async def check_stations(companion: Companion, *, listens: bool, takes: bool, as_json: bool) -> int:
    """Print the faults of the station file, and of each stream; 1 when there is any.

    With ``takes`` the new addresses of streams that have moved are put into the file.
    """
    problems = companion.station_list.problems
    checks, refusals = await _listen(companion, takes=takes) if listens else ([], [])
    if as_json:
        stations = len(companion.station_list.stations) - 1
        shape = station_file_shape(companion.options.stations_path, stations, problems)
        streams = {"streams": [stream_check_shape(check) for check in checks]} if listens else {}
        print_json({**shape, **streams})
    else:
        reasons = {id(refusal.check): refusal.problem for refusal in refusals}
        for check in checks:
            _print_check(check, reasons.get(id(check)), takes=takes)
        for problem in problems:
            print_result(str(problem))
        summary = f"{companion.options.stations_path}: {count_stations(companion)}"
        print_result(summary if problems else f"{summary}, nothing wrong")
    return FAILED if problems or any(check.problem for check in checks) else DONE


async def _listen(
    companion: Companion, *, takes: bool
) -> tuple[list[StreamCheck], list[RefusedAddress]]:
    """The outcome for each stream, and the new addresses that could not be taken."""
    shows_progress = sys.stderr.isatty()

    def progress(done: int, total: int) -> None:
        if shows_progress:
            write_note(f"\r{done} of {total} streams")

    async with opened(companion, radio=False, faults=False):
        checks = await companion.own_stations.check_streams(
            companion.try_stream, progress, directories=companion.finder.directories
        )
        if shows_progress:
            write_note("\r\x1b[K")
        refusals: list[RefusedAddress] = []
        if takes and any(check.new_url for check in checks):
            refusals = await companion.own_stations.take_addresses(checks)
    return checks, refusals


def _print_check(check: StreamCheck, refusal: Problem | None, *, takes: bool) -> None:
    name = text.fit(f"{check.station.id}/{check.stream.id}", 30)
    print_result(f"{name} {check.problem or check.sound}")
    if check.new_url:
        words = "now first in the list" if takes else "--take puts it first in the list"
        words = str(refusal) if refusal is not None else words
        print_result(f"{' ' * 30} it has moved to {check.new_url}: {words}")


def count_stations(companion: Companion) -> str:
    """The number of stations in the file: "1 station", "20 stations"."""
    count = len(companion.station_list.stations) - 1
    return f"{count} station" if count == 1 else f"{count} stations"
