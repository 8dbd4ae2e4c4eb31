"""Stations of the listener's list: imports from other players, exports, edits and their undo."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeVar

from radiotui.app.deps import RoomDeps
from radiotui.app.options import Options
from radiotui.files import read_whole
from radiotui.net.urls import is_web
from radiotui.problems import Problem
from radiotui.stations import fields
from radiotui.stations.model import Station, StationList, Stream
from radiotui.text import DASH, without_password

if TYPE_CHECKING:
    from radiotui.app.stream_checks import RefusedAddress, StreamCheck, TryStream
    from radiotui.directories.model import Directory
    from radiotui.radio.station_lists import ListedStation
    from radiotui.stations.station_edits import ListedAlready, StationEdits

T = TypeVar("T")
ListForm = Literal["m3u", "json"]


class Imported(NamedTuple):
    """Outcome of an import."""

    new: tuple[Station, ...]
    passed_over: tuple[ListedAlready, ...]
    """Those with an address that is in the list."""
    refused: int
    """How many entries have no address that radiotui can use."""


class ListDeps(RoomDeps, frozen=True):
    """Dependencies of :class:`OwnStations`."""

    options: Options
    station_list: Callable[[], StationList]
    receive: Callable[[StationList], None]
    """Uses another station list from now on."""


class OwnStations:
    """The stations in the listener's file. Everything raises Problem."""

    def __init__(self, deps: ListDeps) -> None:
        self.deps = deps
        self._turn = asyncio.Lock()
        """Held while an edit is made."""
        self._places: tuple[StationList | None, Mapping[str, str]] = (None, {})
        """The addresses of the list that was looked at last."""

    @property
    def stations(self) -> tuple[Station, ...]:
        """The stations of the file: without the Test Signal, and what podcasts announce."""
        return tuple(
            station
            for station in self.station_list.stations
            if station.id != fields.TEST_SIGNAL and not station.announced
        )

    @property
    def station_list(self) -> StationList:
        """The list in use, with the Test Signal."""
        return self.deps.station_list()

    @property
    def places(self) -> Mapping[str, str]:
        """Each address of the list, without its password, with its stream: "knau/news"."""
        station_list = self.station_list
        if self._places[0] is not station_list:
            places = {
                without_password(url): f"{station.id}/{stream.id}"
                for station in reversed(station_list.stations)
                for stream in reversed(station.streams)
                for url in stream.urls
            }
            self._places = station_list, places
        return self._places[1]

    async def edit(self, change: Callable[[StationEdits], T]) -> T:
        """Make an edit in a thread; the list is read again at once. Edits take turns."""
        from radiotui.stations.file import read_station_list

        edits = self.edits
        async with self._turn:
            result = await asyncio.to_thread(change, edits)
            path = self.deps.options.stations_path
            station_list = await asyncio.to_thread(read_station_list, path)
            if station_list.stations:
                self.deps.receive(station_list)
        return result

    async def move_by(self, station_id: str, by: int) -> bool:
        """Move a station by so many places of the list; False where it is the first or last one."""
        from radiotui.stations.station_sheet import ListPlace

        def move(edits: StationEdits) -> bool:
            ids = [station.id for station in self.stations]
            place = ids.index(station_id) + by if station_id in ids else -1
            if 0 <= place < len(ids):
                edits.move(station_id, ListPlace(is_after=by > 0, anchor=ids[place]))
            return 0 <= place < len(ids)

        return await self.edit(move)

    @property
    def edits(self) -> StationEdits:
        """The edits of the file; each blocks."""
        from radiotui.stations.station_edits import StationEdits

        options = self.deps.options
        if options.own_stations_path is None:
            raise Problem("The Test Signal alone has no list of stations", "start without --demo")
        undo_path = options.folders.data / "stations-undo.json"
        return StationEdits(options.own_stations_path, undo_path)

    async def import_stations(self, source: str) -> Imported:
        """Append the stations of another player's list: a file's path, or a web address."""
        from radiotui.radio.station_lists import read_list

        edits = self.edits
        data, content_type, url = await self._read(source)
        listed = await asyncio.to_thread(read_list, data, content_type, url)
        stations = [station for entry in listed.stations if (station := _station(entry))]
        refused = listed.refused + len(listed.stations) - len(stations)
        additions = await asyncio.to_thread(edits.add, stations)
        return Imported(additions.new, additions.passed_over, refused)

    def export_stations(self, form: ListForm) -> str:
        """Every stream of the list as M3U, or every station as JSON; no password is in it."""
        from radiotui.app.shapes import station_shape
        from radiotui.radio.station_lists import write_m3u

        if form == "json":
            shapes = [station_shape(station) for station in self.stations]
            return json.dumps(shapes, ensure_ascii=False, indent=2) + "\n"
        return write_m3u(
            (f"{station.id}/{stream.id}", _listed(station, stream))
            for station in self.stations
            for stream in station.streams
        )

    async def check_streams(
        self,
        try_stream: TryStream,
        on_progress: Callable[[int, int], None],
        on_check: Callable[[StreamCheck], None] = lambda _: None,
        directories: Sequence[Directory] = (),
    ) -> list[StreamCheck]:
        """Try every stream of the list; an outcome for each, in the list's order.

        ``directories`` are asked for the new addresses of those that fail for good.
        """
        from radiotui.app.stream_checks import check_streams

        net = (await self.deps.opened()).net
        return await check_streams(
            self.stations, try_stream, net, on_progress, on_check, directories
        )

    async def take_addresses(self, checks: Iterable[StreamCheck]) -> list[RefusedAddress]:
        """Put the new addresses before the old ones; those that could not be taken.

        Raises Problem where none of them could.
        """
        from radiotui.app.stream_checks import RefusedAddress

        proposals = {
            (check.station.id, check.stream.id): check for check in checks if check.new_url
        }
        addresses = [(*ids, check.new_url) for ids, check in proposals.items()]
        refusals = await self.edit(lambda edits: edits.put_addresses_first(addresses))
        return [RefusedAddress(proposals[ids], problem) for ids, problem in refusals.items()]

    async def _read(self, source: str) -> tuple[bytes, str, str]:
        """The bytes of a list, their content type, and the address or name they came from."""
        from radiotui.radio.station_lists import LARGEST_BYTES

        if is_web(source):
            services = await self.deps.opened()
            services.local_hosts.add_typed(source)
            fetched = await services.net.fetch(source, cap=LARGEST_BYTES)
            return fetched.body, fetched.headers.get("content-type", ""), fetched.url
        path = Path("/dev/stdin" if source == "-" else source)
        try:
            return await asyncio.to_thread(read_whole, path, LARGEST_BYTES + 1), "", path.name
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise Problem(f"{source} cannot be read", reason) from error


def _station(entry: ListedStation) -> Station | None:
    """The station of an entry; None where the list could not hold its address."""
    try:
        urls = fields.urls(list(entry.urls))
    except fields.FieldError:
        return None
    stream = Stream("live", "Live", urls, encoding=_right(fields.encoding, entry.encoding))
    picture = _right(fields.homepage, entry.picture) or ""
    return Station("", entry.name, (stream,), group=entry.group, picture=picture)


def _right(check: fields.Check, value: str) -> str | None:
    """A value that the station list may hold; None for any other."""
    try:
        right = check(value)
    except fields.FieldError:
        return None
    return right if isinstance(right, str) else None


def _listed(station: Station, stream: Stream) -> ListedStation:
    from radiotui.radio.station_lists import ListedStation

    is_alone = len(station.streams) == 1
    name = station.name if is_alone else f"{station.name}{DASH}{stream.name}"
    urls = tuple(without_password(url) for url in stream.urls)
    return ListedStation(name, urls, station.group, without_password(station.picture))
