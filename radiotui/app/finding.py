"""Finding stations: every directory asked at once, and the results in one order."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from radiotui.app.deps import RoomDeps
from radiotui.problems import Problem, ProblemKind, as_problem

if TYPE_CHECKING:
    from radiotui.directories.model import Directory, FoundStation, StationQuery
    from radiotui.net.client import Net

log = logging.getLogger(__name__)

_PATIENCE_SECONDS = 25.0
"""Seconds after which a directory counts as silent; the longest wait that NPR asks for is in it."""
_MOST_STATIONS = 1000


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

    directories: tuple[Directory, ...] | None = None
    """None: those that there are."""
    patience: float = _PATIENCE_SECONDS


@dataclass(slots=True)
class StationFinder:
    """The directories of stations, as one."""

    deps: FinderDeps
    _directories: tuple[Directory, ...] = field(default=(), init=False)

    async def find(self, typed: str) -> AsyncGenerator[StationResults, None]:
        """The results for what was typed: a snapshot for each directory that answers or fails.

        Filters are typed as ``tag:jazz country:de language:german codec:aac``. Raises Problem
        where nothing was typed.
        """
        from radiotui.directories.model import StationQuery

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

    @property
    def directories(self) -> tuple[Directory, ...]:
        """The directories that are asked."""
        if not self._directories:
            self._directories = self.deps.directories or _directories()
        return self._directories

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


def _directories() -> tuple[Directory, ...]:
    from radiotui.directories.npr import NprFinder
    from radiotui.directories.radio_browser import RadioBrowser

    return (NprFinder(), RadioBrowser())
