"""Changes of the stations in the listener's list, each of which can be undone once."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
import unicodedata
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import msgspec
from msgspec.structs import replace

from radiotui.files import read_beginning, write_atomically
from radiotui.net.urls import host_of
from radiotui.problems import Problem, ProblemKind
from radiotui.stations import fields
from radiotui.stations.file import BOM, LARGEST_BYTES, make_station_file
from radiotui.stations.model import Station
from radiotui.stations.station_sheet import ListPlace, StationSheet
from radiotui.stations.toml_sheet import edit_sheet
from radiotui.text import clean, without_password

T = TypeVar("T")

log = logging.getLogger(__name__)

_LONGEST_ID = 40
_MOST_UNDO_BYTES = 4 * LARGEST_BYTES
_NO_ID = re.compile(r"[^a-z0-9]+")


class ListedAlready(msgspec.Struct, frozen=True):
    """A station whose address the list has already."""

    station: Station
    place: str
    """The stream that has it: "knau/news"."""


class Additions(NamedTuple):
    """Outcome of an addition of stations."""

    new: tuple[Station, ...]
    """Those that were put in, with the ids that they got."""
    passed_over: tuple[ListedAlready, ...]


class StationEdits:
    """Edits of the stations in the file at ``path``.

    ``undo_path`` is the file that the text before the last edit is kept in. Every method
    blocks, and raises Problem where nothing was changed.
    """

    def __init__(self, path: Path, undo_path: Path) -> None:
        self._path = path
        self._undo_path = undo_path

    def add(self, stations: Iterable[Station], *, by_group: bool = False) -> Additions:
        """Append those stations that have no address which is in the list already.

        Their ids are made anew, from their names, where another station has them. With
        ``by_group`` each stands below the last one of its group, where there is one.
        """
        checked = [_checked(station) for station in stations]
        unmade = make_station_file(self._path)
        if unmade is not None:
            raise unmade.reworded(hint="no station can be kept without it")

        def add(sheet: StationSheet) -> tuple[StationSheet, Additions]:
            additions = _additions(checked, sheet)
            new = additions.new
            edited = sheet.with_stations(new) if new else sheet
            for station in new if by_group else ():
                edited = edited.below_group(edited.find(station.id))
            return edited, additions

        words = checked[0].name if len(checked) == 1 else "stations"
        return self._edit(add, f"adding {words}")

    def rename(self, station_id: str, name: str) -> str:
        """Give a station another name; returns the one that it had."""
        try:
            checked = fields.name(name)
        except fields.FieldError as wrong:
            raise Problem("this is no name", str(wrong), kind=ProblemKind.USAGE) from wrong

        def rename(sheet: StationSheet) -> tuple[StationSheet, str]:
            index = sheet.find(station_id)
            return sheet.with_text(index, "name", checked), sheet.label(index)

        return self._edit(rename, f"renaming {station_id}")

    def regroup(self, station_id: str, group: str, *, by_group: bool = False) -> str:
        """Put a station into a group, an empty one takes it out; returns the station's name.

        With ``by_group`` it stands below the last one of that group, where there is one.
        """
        checked = fields.line(group)

        def regroup(sheet: StationSheet) -> tuple[StationSheet, str]:
            index = sheet.find(station_id)
            edited = sheet.with_text(index, "group", checked)
            return edited.below_group(index) if by_group else edited, sheet.label(index)

        return self._edit(regroup, f"grouping {station_id}")

    def remove(self, station_id: str) -> str:
        """Take a station out, with the remark directly above it; returns its name."""

        def remove(sheet: StationSheet) -> tuple[StationSheet, str]:
            index = sheet.find(station_id)
            return sheet.without_station(index), sheet.label(index)

        return self._edit(remove, f"removing {station_id}")

    def move(self, station_id: str, place: ListPlace) -> str:
        """Put a station at another place, with its remarks; returns its name."""

        def move(sheet: StationSheet) -> tuple[StationSheet, str]:
            index = sheet.find(station_id)
            return sheet.moved(index, place), sheet.label(index)

        return self._edit(move, f"moving {station_id}")

    def put_addresses_first(
        self, addresses: Iterable[tuple[str, str, str]]
    ) -> dict[tuple[str, str], Problem]:
        """Put an address before those of a stream, which stay as its alternatives.

        ``addresses`` are ids of station and stream with the address; all are one edit. Those that
        cannot be taken are returned by their ids, with the reason; raises it where none can.
        """

        def put(sheet: StationSheet) -> tuple[StationSheet, dict[tuple[str, str], Problem]]:
            edited, refusals = sheet, dict[tuple[str, str], Problem]()
            for station_id, stream_id, url in addresses:
                try:
                    address = _address(url)
                    index = edited.find(station_id)
                    edited = edited.with_first_address(index, stream_id, address)
                except Problem as problem:
                    refusals[station_id, stream_id] = problem
            if refusals and edited is sheet:
                raise next(iter(refusals.values()))
            return edited, refusals

        return self._edit(put, "new addresses")

    def undo(self) -> str:
        """Put the file back as it was before the last edit; returns what that edit was.

        Raises Problem when there is none, or when somebody changed the file since.
        """
        record = self._last_edit()

        def put_back(sheet: StationSheet) -> tuple[StationSheet, None]:
            if _digest(sheet.whole) != record["after"]:
                raise Problem(
                    f"{self._path.name} was changed since: it stays as it is",
                    f"the last edit was {record['words']}",
                )
            before = str(record["before"])
            bom = BOM if before.startswith(BOM) else ""
            return StationSheet(sheet.name, before.removeprefix(BOM), bom), None

        edit_sheet(self._path, StationSheet, put_back)
        with suppress(OSError):
            self._undo_path.unlink()
        return clean(str(record["words"]), 200)

    def _edit(self, change: Callable[[StationSheet], tuple[StationSheet, T]], words: str) -> T:
        def note(before: str, after: str) -> None:
            record = {
                "file": os.path.realpath(self._path),
                "before": before,
                "after": _digest(after),
                "words": words,
            }
            try:
                write_atomically(self._undo_path, json.dumps(record).encode(), private=True)
            except OSError as error:
                log.warning("this edit cannot be undone: %s", error)

        return edit_sheet(self._path, StationSheet, change, note)

    def _last_edit(self) -> dict[str, Any]:
        try:
            record = json.loads(read_beginning(self._undo_path, _MOST_UNDO_BYTES))
            if record["file"] == os.path.realpath(self._path) and record["words"]:
                return {key: record[key] for key in ("before", "after", "words")}
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            pass
        raise Problem("there is nothing to undo", f"no station of {self._path.name} was changed")


def new_id(name: str, taken: Iterable[str], fallback: str = "station") -> str:
    """An id that is read from ``name`` and is not taken: "radio-zwei", "radio-zwei-2"."""
    plain = unicodedata.normalize("NFKD", name.replace("ß", "ss"))
    base = _NO_ID.sub("-", plain.encode("ascii", "ignore").decode().lower()).strip("-")
    base = base[:_LONGEST_ID].rstrip("-") or fallback
    used = {*taken, fields.TEST_SIGNAL}
    number, candidate = 1, base
    while candidate in used:
        number += 1
        candidate = f"{base}-{number}"
    return candidate


def _address(url: str) -> str:
    try:
        return fields.address(url)
    except fields.FieldError as wrong:
        raise Problem("this address cannot be taken", str(wrong)) from wrong


def _additions(stations: Iterable[Station], sheet: StationSheet) -> Additions:
    places, taken = dict(sheet.addresses), set(sheet.ids)
    new: list[Station] = []
    there: list[ListedAlready] = []
    for station in stations:
        urls = [without_password(url) for stream in station.streams for url in stream.urls]
        place = next((places[url] for url in urls if url in places), None)
        if place is not None:
            there.append(ListedAlready(station, place))
            continue
        station_id = station.id
        if not station_id or station_id in taken:
            fallback = new_id(host_of(urls[0]), ()) if urls else "station"
            station_id = new_id(station.name, taken, fallback)
        taken.add(station_id)
        for stream in station.streams:
            places |= {without_password(url): f"{station_id}/{stream.id}" for url in stream.urls}
        new.append(replace(station, id=station_id))
    return Additions(tuple(new), tuple(there))


def _checked(station: Station) -> Station:
    """The station as the list's own reader would take it. Raises Problem."""
    title = f"{clean(station.name, 60) or 'this station'} cannot be added"
    if not station.streams:
        raise Problem(title, "it has no stream")
    try:
        streams = tuple(
            replace(
                stream,
                id=fields.identity(stream.id),
                name=fields.name(stream.name),
                urls=fields.urls(list(stream.urls)),
                listing=fields.line(stream.listing),
            )
            for stream in station.streams
        )
        return replace(
            station,
            id=fields.station_id(station.id) if station.id else "",
            name=fields.name(station.name),
            streams=streams,
            city=fields.line(station.city),
            homepage=fields.homepage(station.homepage),
            picture=fields.homepage(station.picture),
            group=fields.line(station.group),
            timezone=fields.timezone(station.timezone),
            feeds=fields.addresses(list(station.feeds)),
            podcasts=fields.addresses(list(station.podcasts)),
        )
    except fields.FieldError as wrong:
        raise Problem(title, str(wrong)) from wrong


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
