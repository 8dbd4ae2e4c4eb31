"""Finding stations: every directory asked at once, and the results in one order."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from radiotui.app.deps import RoomDeps
from radiotui.problems import Problem, ProblemKind, as_problem

if TYPE_CHECKING:
    from radiotui.app.own_stations import OwnStations
    from radiotui.directories.model import Directory, FoundStation, StationQuery
    from radiotui.net.client import Net
    from radiotui.player.state import PlayerState
    from radiotui.stations.model import Station

log = logging.getLogger(__name__)

_PATIENCE_SECONDS = 25.0
"""Seconds after which a directory counts as silent; the longest wait that NPR asks for is in it."""
_MOST_STATIONS = 1000
_LARGEST_BYTES = 10_000_000


@dataclass(frozen=True, slots=True)
class StationResults:
    """The stations that directories have given so far."""

    stations: tuple[FoundStation, ...] = ()
    """The best first, each once."""
    problems: tuple[Problem, ...] = ()
    """One for each directory that failed."""
    pending: tuple[str, ...] = ()
    """The names of the directories that have not answered yet."""


@dataclass(frozen=True, slots=True)
class FinderDeps(RoomDeps):
    """Dependencies of :class:`StationFinder`."""

    own_stations: OwnStations
    directories: tuple[Directory, ...] | None = None
    """None: those that there are."""
    patience: float = _PATIENCE_SECONDS


class StationFinder:
    """The directories of stations, as one. Questions and changes are awaited, raise Problem."""

    def __init__(self, deps: FinderDeps) -> None:
        self.deps = deps
        self._directories: tuple[Directory, ...] = ()
        self._clicks: dict[tuple[str, str], str] = {}
        """Radio Browser's ids of what was listened to, not counted yet, by station and stream."""

    async def find(self, typed: str) -> AsyncGenerator[StationResults, None]:
        """The results for what was typed: a snapshot for each directory that answers or fails.

        An address alone is looked at, and no directory asked. Filters are typed as
        ``tag:jazz country:de language:german codec:aac``. Raises Problem where nothing was typed.
        """
        from radiotui.directories.homepage import address_in
        from radiotui.directories.model import StationQuery

        if address_in(typed):
            yield await self._at(typed)
            return
        query = StationQuery.read(typed)
        if query.is_empty:
            raise Problem(
                "there is nothing to look for",
                "type a name, a call sign, a city, a ZIP code or tag:jazz",
                kind=ProblemKind.USAGE,
            )
        net = (await self.deps.opened()).net
        tasks = {
            asyncio.ensure_future(self._ask(directory, net, query)): directory.name
            for directory in self.directories
        }
        stations: list[FoundStation] = []
        problems: list[Problem] = []
        try:
            while tasks:
                done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    del tasks[task]
                    try:
                        stations += task.result()
                    except Problem as problem:
                        problems.append(problem)
                ranked = await asyncio.to_thread(ranked_stations, query, stations)
                yield StationResults(ranked, tuple(problems), tuple(tasks.values()))
        finally:
            for task in tasks:
                task.cancel()

    async def listen(self, found_station: FoundStation, number: int = 0) -> None:
        """Play a result, before it is added: its stream of that number."""
        from radiotui.player.intents import PlayStream

        station = found_station.as_station
        stream = station.streams[number]
        if found_station.click:
            self._clicks[station.id, stream.id] = found_station.click
        (await self.deps.opened()).player.do(PlayStream(station, stream))

    def receive(self, player_state: PlayerState) -> None:
        """Follow the player: a result that sounds is counted as started, where it came from."""
        if self._clicks and player_state.current.is_playing and player_state.story is None:
            click = self._clicks.pop(player_state.key, "")
            if click:
                self.deps.spawn(self._count(click))

    async def add(self, found_station: FoundStation) -> Station:
        """Add a result to the listener's list; the station as it is there.

        Raises Problem when it is there already, or the list cannot be changed.
        """
        edits = self.deps.own_stations.edits
        new, listed = await asyncio.to_thread(edits.add, [found_station.as_station])
        if not new:
            raise Problem(f"{found_station.name} is in the list already", f"as {listed[0].place}")
        return new[0]

    async def save(self, stations: tuple[FoundStation, ...]) -> None:
        """Keep results, so that a later command can name one by its number."""
        import msgspec

        from radiotui.files import write_atomically

        data = await asyncio.to_thread(msgspec.json.encode, stations)
        try:
            await asyncio.to_thread(write_atomically, self._saved_path, data, private=True)
        except OSError as error:
            log.warning("results are not kept: %s", error)

    async def saved(self) -> tuple[FoundStation, ...]:
        """The results that were kept last; none where there are none that can be read."""
        import msgspec

        from radiotui.directories.model import FoundStation
        from radiotui.files import read_beginning
        from radiotui.net.typed import json_decoder

        def read() -> tuple[FoundStation, ...]:
            data = read_beginning(self._saved_path, _LARGEST_BYTES)
            return json_decoder(tuple[FoundStation, ...]).decode(data)

        try:
            return await asyncio.to_thread(read)
        except (OSError, msgspec.DecodeError, UnicodeDecodeError):
            return ()

    @property
    def _saved_path(self) -> Path:
        return self.deps.own_stations.deps.options.folders.cache / "found-stations.json"

    async def _count(self, click: str) -> None:
        from radiotui.directories.radio_browser import RadioBrowser

        net = (await self.deps.opened()).net
        for directory in self.directories:
            if isinstance(directory, RadioBrowser):
                try:
                    await directory.count_click(net, click)
                except Problem as problem:  # the listener hears the station all the same
                    log.info("a start was not counted: %s", problem)

    @property
    def directories(self) -> tuple[Directory, ...]:
        """The directories that are asked."""
        if not self._directories:
            self._directories = self.deps.directories or _directories()
        return self._directories

    async def _at(self, typed: str) -> StationResults:
        """The station behind an address, or the reason why there is none."""
        from radiotui.directories.homepage import address_in, station_at

        services = await self.deps.opened()
        services.local_hosts.add_typed(address_in(typed))
        try:
            station = await station_at(services.net, services.page_workers, typed, feeds_of_page)
        except Problem as problem:
            return StationResults(problems=(problem,))
        return StationResults((station,))

    async def _ask(self, directory: Directory, net: Net, query: StationQuery) -> list[FoundStation]:
        try:
            async with asyncio.timeout(self.deps.patience):
                return await directory.find(net, query)
        except TimeoutError:
            seconds = f"{self.deps.patience:g} seconds"
            raise Problem(
                f"{directory.name} gave no answer", f"it was asked for {seconds}"
            ) from None
        except Problem:
            raise
        except Exception as error:
            log.exception("unexpected, of %s", directory.name)
            raise as_problem(error) from error


def ranked_stations(query: StationQuery, stations: list[FoundStation]) -> tuple[FoundStation, ...]:
    """The stations in order: the one that was meant, broadcasters' own lists, then by votes."""
    from radiotui.directories.model import folded
    from radiotui.directories.radio_browser import RadioBrowser

    asked_for = folded(query.words)

    def order(station: FoundStation) -> tuple[int, bool, int, str]:
        name = folded(station.name)
        calls = [folded(call).removesuffix(" fm") for call in station.calls]
        if asked_for and (asked_for == name or asked_for.removesuffix(" fm") in calls):
            rank = 0
        elif query.is_zip or name.startswith(asked_for) or asked_for in folded(station.city):
            rank = 1
        else:
            rank = 2
        return rank, station.directory == RadioBrowser.name, -station.votes, name

    return tuple(sorted(stations, key=order))[:_MOST_STATIONS]


def feeds_of_page(page: bytes, url: str) -> list[str]:
    """The addresses of the feeds that a page declares; those it only links to may be none."""
    from radiotui.feeds.discover import feeds_named

    return [feed.url for feed in feeds_named(page, url) if feed.is_declared]


def _directories() -> tuple[Directory, ...]:
    from radiotui.directories.npr import NprFinder
    from radiotui.directories.nts import Nts
    from radiotui.directories.radio_browser import RadioBrowser
    from radiotui.directories.radio_paradise import RadioParadise
    from radiotui.directories.somafm import SomaFm

    return (NprFinder(), SomaFm(), RadioParadise(), Nts(), RadioBrowser())
