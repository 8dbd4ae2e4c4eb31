"""Results of directories: what each has given so far, and those that fit what is typed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import msgspec

from radiotui.problems import Problem

if TYPE_CHECKING:
    from radiotui.directories.model import FoundStation


class DirectoryState(msgspec.Struct, frozen=True):
    """State of one directory with a question."""

    name: str
    count: int | None = None
    """The number of its stations; None while it has not answered."""
    problem: Problem | None = None


class StationResults(msgspec.Struct, frozen=True):
    """The stations that directories have given so far."""

    stations: tuple[FoundStation, ...] = ()
    """The best first, each once."""
    problems: tuple[Problem, ...] = ()
    """One for each directory that failed."""
    pending: tuple[str, ...] = ()
    """The names of the directories that have not answered yet."""
    directories: tuple[DirectoryState, ...] = ()
    """Each that was asked, in the order in which they are listed."""


class ResultIndex:
    """Stations in their order, each with the words by which it is found."""

    def __init__(self, stations: Sequence[FoundStation] = (), question: str = "") -> None:
        """Fold the words of all stations: not for the loop, where they are many.

        ``question`` is what the directories were asked: it need not be in the words of a station.
        """
        self.stations = tuple(stations)
        self._question = question.strip()
        self._texts = [_searched_text(station) for station in self.stations]
        self._narrowed: tuple[tuple[str, ...], Sequence[int]] = ((), range(len(self._texts)))

    @classmethod
    async def read(cls, results: StationResults, question: str) -> ResultIndex:
        """The index of all results, made in a thread."""
        return await asyncio.to_thread(cls, results.stations, question)

    def fitting(self, typed: str) -> Sequence[FoundStation]:
        """The stations with every word that is typed, beyond the question that found them."""
        words = tuple(self._words(typed))
        before, numbers = self._narrowed
        # Words that go on find fewer of those that are there.
        if len(words) < len(before) or not all(map(str.startswith, words, before)):
            numbers = range(len(self._texts))
        texts = self._texts
        for word in words:
            numbers = [number for number in numbers if word in texts[number]]
        self._narrowed = words, numbers
        if not words:
            return self.stations
        return [self.stations[number] for number in numbers]

    def _words(self, typed: str) -> Iterable[str]:
        from radiotui.directories.model import StationQuery, folded

        typed = typed.strip()
        beyond = typed[len(self._question) :]
        # "jazzy" goes on from "jazz" by a letter, not by a word.
        is_more = not beyond or beyond[0].isspace()
        if is_more and typed.casefold().startswith(self._question.casefold()):
            typed = beyond
        query = StationQuery.read(typed)
        filters = (query.tag, query.country, query.language, query.codec)
        return folded(" ".join((query.words, *filters))).split()


def _searched_text(station: FoundStation) -> str:
    """A station's name, place, signs, tags and streams, folded."""
    from radiotui.directories.model import folded

    parts = [station.name, station.city, station.country, station.frequency, station.directory]
    parts += [*station.calls, *station.tags]
    for stream in station.streams:
        parts += [stream.name, stream.codec]
    return folded(" ".join(parts))
