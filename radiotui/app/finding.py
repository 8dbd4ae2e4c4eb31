"""Finding stations: every directory asked at once, and the results in one order."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from radiotui.app.deps import RoomDeps
from radiotui.app.found_results import DirectoryState, StationResults
from radiotui.player.state import LocalFile, PlayState
from radiotui.problems import Problem, ProblemKind, as_problem
from radiotui.text import without_password

if TYPE_CHECKING:
    from radiotui.app.own_stations import OwnStations
    from radiotui.directories.model import Directory, FoundStation, StationQuery
    from radiotui.net.client import Net
    from radiotui.player.intents import PlayerIntent, PlayPath, PlayStream
    from radiotui.player.state import PlayerState, TunedSource
    from radiotui.stations.model import Station

log = logging.getLogger(__name__)

_PATIENCE_SECONDS = 25.0
"""Seconds after which a directory counts as silent; the longest wait that NPR asks for is in it."""
_MOST_STATIONS = 50_000
_MOST_SAVED = 1000
_LARGEST_BYTES = 10_000_000
_HEARD = {PlayState.PLAYING, PlayState.CONNECTING, PlayState.PAUSED}


class Trial(msgspec.Struct, frozen=True):
    """A result that is listened to before it is added."""

    found_station: FoundStation
    number: int
    """The number of its stream."""
    station: Station
    """The station as it is tuned to: its id is one that the list has not yet."""
    before: PlayerState
    """The snapshot of the player before the first trial."""

    @property
    def key(self) -> tuple[str, str]:
        """Ids of station and stream."""
        return self.station.id, self.station.streams[self.number].id


class FinderDeps(RoomDeps, frozen=True):
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
        self._sounding = ("", "")
        """Station and stream that sounded last."""
        self.trial: Trial | None = None
        """The result that is listened to, until it is added or left."""

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
            hint = "type a name, a call sign, a city, a ZIP code or tag:jazz"
            raise Problem("there is nothing to look for", hint, kind=ProblemKind.USAGE)
        net = (await self.deps.opened()).net
        tasks = {
            asyncio.ensure_future(self._ask(directory, net, query)): directory.name
            for directory in self.directories
        }
        states = {name: DirectoryState(name) for name in tasks.values()}
        stations: list[FoundStation] = []
        try:
            while tasks:
                done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    name = tasks.pop(task)
                    try:
                        stations += task.result()
                        states[name] = DirectoryState(name, len(task.result()))
                    except Problem as problem:
                        states[name] = DirectoryState(name, problem=problem)
                ranked = await asyncio.to_thread(ranked_stations, query, stations)
                yield _results(ranked, tuple(states.values()))
        finally:
            for task in tasks:
                task.cancel()

    # Listening before adding

    async def listen(self, found_station: FoundStation, number: int = 0) -> None:
        """Play a result, before it is added: its stream of that number."""
        from radiotui.player.intents import PlayStream

        station = self._tuned_as(found_station)
        stream = station.streams[number]
        if found_station.click:
            self._clicks[station.id, stream.id] = found_station.click
        player = (await self.deps.opened()).player
        before = self.trial.before if self.trial is not None else player.state
        self.trial = Trial(found_station, number, station, before)
        player.do(PlayStream(station, stream))

    async def leave(self) -> bool:
        """Return from a trial to what was heard before it; False where there was no trial.

        What was paused is so again: at its place where it stayed on its tape, else its station
        is the one that a key plays.
        """
        trial, self.trial = self.trial, None
        player = (await self.deps.opened()).player
        if trial is None or not is_on_trial(trial, player.state):
            return False
        for intent in self._way_back(trial.before, player.state):
            player.do(intent)
        return True

    def _way_back(self, before: PlayerState, now: PlayerState) -> Iterator[PlayerIntent]:
        from radiotui.player.intents import GoToPlace, Pause, Stop

        listening = before.radio
        was_heard = listening is not None and listening.state in _HEARD
        choice = self._choice(before.tuned) if was_heard else None
        was_paused = listening is not None and listening.state is PlayState.PAUSED
        is_on_tape = any(ready.key == before.key for ready in now.ready)
        if choice is None or (was_paused and not is_on_tape):
            # Each ends the newest choice alone: one trial may be heard while the next is tuned to.
            yield from (Stop(), Stop())
        if choice is not None:
            yield choice
        if choice is not None and was_paused:
            yield Pause()
            if is_on_tape and listening is not None and listening.position is not None:
                yield GoToPlace(listening.position)

    def _choice(self, source: TunedSource | None) -> PlayStream | PlayPath | None:
        """The intent that tunes to a source; None for a stream that is listed no longer."""
        from radiotui.player.intents import PlayPath, PlayStream

        if source is None:
            return None
        if isinstance(source, LocalFile):
            return PlayPath(Path(source.path))
        listed = self.deps.own_stations.station_list.station(source.station)
        stream = listed.stream(source.stream) if listed is not None else None
        return PlayStream(listed, stream) if listed and stream else None

    def _tuned_as(self, found_station: FoundStation) -> Station:
        """The station of a result with an id that no other one of the list has."""
        from radiotui.stations.station_edits import new_id

        station = found_station.as_station
        taken = [listed.id for listed in self.deps.own_stations.station_list.stations]
        return replace(
            station, id=new_id(station.name, taken) if station.id in taken else station.id
        )

    def receive(self, player_state: PlayerState) -> None:
        """Follow the player: a station of Radio Browser's that sounds is counted as started."""
        if player_state.story is not None or not player_state.current.is_playing:
            return
        key = player_state.key
        click = self._clicks.pop(key, "")
        if key != self._sounding:
            self._sounding = key
            click = click or self._listed_click(*key)
        if click:
            self.deps.spawn(self._count(click))

    def _listed_click(self, station_id: str, stream_id: str) -> str:
        """Radio Browser's id of a stream of the list; empty where it has none."""
        station = self.deps.own_stations.station_list.station(station_id)
        stream = station.stream(stream_id) if station is not None else None
        directory, _, uuid = stream.listing.partition(":") if stream is not None else ("", "", "")
        return uuid if directory == "radio-browser" else ""

    # Adding

    def place_of(self, found_station: FoundStation) -> str:
        """The stream of the list that has an address of a result: "knau/news"; "" for none."""
        places = self.deps.own_stations.places
        urls = map(without_password, found_station.urls)
        return next((places[url] for url in urls if url in places), "")

    async def add(self, found_station: FoundStation) -> Station:
        """Add a result to the listener's list; the station as it is there.

        It stands below those of its group. Raises Problem when it is there already, or the list
        cannot be changed.
        """
        trial = self.trial
        is_heard = trial is not None and trial.found_station == found_station
        # Under the id by which it is heard already.
        station = trial.station if trial is not None and is_heard else found_station.as_station
        new, listed = await self.deps.own_stations.edit(
            lambda edits: edits.add([station], by_group=True)
        )
        if not new:
            raise Problem(f"{found_station.name} is in the list already", f"as {listed[0].place}")
        if self.trial is trial and is_heard:
            self.trial = None
        return new[0]

    async def save(self, stations: tuple[FoundStation, ...]) -> None:
        """Keep results, so that a later command can name one by its number."""
        import msgspec

        from radiotui.files import write_atomically

        data = await asyncio.to_thread(msgspec.json.encode, stations[:_MOST_SAVED])
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
        from radiotui.directories.homepage import DIRECTORY, address_in, station_at

        services = await self.deps.opened()
        services.local_hosts.add_typed(address_in(typed))
        try:
            station = await station_at(services.net, services.page_workers, typed, feeds_of_page)
        except Problem as problem:
            return _results((), (DirectoryState(DIRECTORY, problem=problem),))
        return _results((station,), (DirectoryState(DIRECTORY, 1),))

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


def _results(
    stations: tuple[FoundStation, ...], states: tuple[DirectoryState, ...]
) -> StationResults:
    problems = tuple(state.problem for state in states if state.problem is not None)
    pending = tuple(state.name for state in states if state.count is None and not state.problem)
    return StationResults(stations, problems, pending, states)


def is_on_trial(trial: Trial | None, player_state: PlayerState) -> bool:
    """True while the result is heard, or tuned to."""
    pending = player_state.pending
    keys = {player_state.key} if player_state.state is not PlayState.STOPPED else set()
    return trial is not None and trial.key in keys | ({pending.key} if pending else set())


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
