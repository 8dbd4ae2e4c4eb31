"""Command ``stations``: edits of the list, and lists of other players."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from radiotui import text
from radiotui.cli.notes import opened
from radiotui.cli.output import DONE, print_note, print_nothing, print_result, write_result
from radiotui.files import write_into
from radiotui.problems import Problem
from radiotui.text import without_password

if TYPE_CHECKING:
    from radiotui.app.companion import Companion
    from radiotui.app.own_stations import ListForm

_MOST_NAMED = 20
"""Stations that are passed over and said each."""


async def import_stations(companion: Companion, source: str) -> int:
    """Append the stations of another player's list; 1 where none of them is new."""
    async with opened(companion, radio=False, faults=False):
        imported = await companion.own_stations.import_stations(source)
    for station in imported.new:
        address = without_password(station.streams[0].urls[0])
        print_result(f"{text.fit(station.id, 16)} {text.fit(station.name, 36)} {address}".rstrip())
    for listed in imported.passed_over[:_MOST_NAMED]:
        print_note(f"{listed.station.name} is in the list already, as {listed.place}")
    if rest := len(imported.passed_over[_MOST_NAMED:]):
        print_note(f"and {rest} more are in the list already")
    if imported.refused:
        entries = "1 entry has" if imported.refused == 1 else f"{imported.refused} entries have"
        print_note(f"{entries} no web address")
    new, total = len(imported.new), len(imported.new) + len(imported.passed_over)
    undo = "; 'radiotui stations undo' takes them out again" if new else ""
    print_note(f"{new} of {total} stations are new{undo}")
    return DONE


def export_stations(companion: Companion, path: Path | None, form: ListForm) -> int:
    """Write every stream for other players, into a file or to stdout; 1 where there is none."""
    stations = companion.own_stations.stations
    if not stations:
        # A list that was exported before is worth more than an empty one.
        return print_nothing("there are no stations in the list")
    exported = companion.own_stations.export_stations(form)
    urls = [url for station in stations for stream in station.streams for url in stream.urls]
    if secret := sum(without_password(url) != url for url in urls):
        words = (
            "password of 1 address is" if secret == 1 else f"passwords of {secret} addresses are"
        )
        print_note(f"the {words} left out")
    if path is None or str(path) == "-":
        write_result(exported)
        return DONE
    try:
        write_into(path, exported.encode())
    except OSError as error:
        raise Problem(f"{path} cannot be written", error.strerror or str(error)) from error
    return DONE


def rename_station(companion: Companion, station_id: str, name: str) -> int:
    """Give a station another name."""
    before = companion.own_stations.edits.rename(station_id, name)
    print_result(f"{before} is called {text.clean(name)} now")
    return DONE


def remove_station(companion: Companion, station_id: str) -> int:
    """Take a station out of the list."""
    name = companion.own_stations.edits.remove(station_id)
    print_result(f"{name} is not in the list any more; 'radiotui stations undo' puts it back")
    return DONE


def group_station(companion: Companion, station_id: str, group: str) -> int:
    """Put a station into a group, or out of its group."""
    name = companion.own_stations.edits.regroup(station_id, group)
    group = text.clean(group)
    print_result(f"{name} stands under {group} now" if group else f"{name} is in no group now")
    return DONE


def move_station(companion: Companion, station_id: str, anchor: str, *, is_after: bool) -> int:
    """Put a station before or after another one, without an ``anchor`` first or last."""
    from radiotui.stations.station_sheet import ListPlace

    name = companion.own_stations.edits.move(station_id, ListPlace(is_after, anchor))
    end = "last" if is_after else "first"
    print_result(
        f"{name} stands {'after' if is_after else 'before'} {anchor} now"
        if anchor
        else f"{name} is the {end} one now"
    )
    return DONE


def undo_edit(companion: Companion) -> int:
    """Put the list back as it was before the last edit."""
    words = companion.own_stations.edits.undo()
    print_result(f"undone: {words}")
    return DONE
