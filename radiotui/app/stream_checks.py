"""Check of every stream of the list: whether sound comes, and a new address where none will."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from radiotui.problems import Problem, ProblemKind, as_problem
from radiotui.stations.model import ScheduleSource, Station, Stream

if TYPE_CHECKING:
    from radiotui.net.client import Net

AT_ONCE = 8
LISTEN_SECONDS = 15.0
_FOR_GOOD = {
    ProblemKind.NOT_FOUND,
    ProblemKind.GONE,
    ProblemKind.NO_HOST,
    ProblemKind.BAD_ADDRESS,
    ProblemKind.DAMAGED,
}
"""Failures that another try will not mend: no such page or host, and what is no sound."""
_MOST_TRIED = 3

TryStream = Callable[[Stream, float], Awaitable[str]]
"""Connects until the first sound; gives its codec and rate, or raises Problem."""


@dataclass(frozen=True, slots=True)
class StreamCheck:
    """Outcome for one stream."""

    station: Station
    stream: Stream
    sound: str = ""
    """Codec and rate: "MP3 128 kbit/s"; empty where none came."""
    problem: Problem | None = None
    new_url: str = ""
    """An address with sound that NPR's finder lists for a stream which fails for good."""


async def check_streams(
    stations: Sequence[Station],
    try_stream: TryStream,
    net: Net,
    on_progress: Callable[[int, int], None],
) -> list[StreamCheck]:
    """Try every stream, several at once; ``on_progress`` receives how many are done of how many."""
    turns = asyncio.Semaphore(AT_ONCE)
    pairs = [(station, stream) for station in stations for stream in station.streams]
    done = 0

    async def check(station: Station, stream: Stream) -> StreamCheck:
        nonlocal done
        async with turns:
            outcome = await _check(station, stream, try_stream, net)
        done += 1
        on_progress(done, len(pairs))
        return outcome

    on_progress(0, len(pairs))
    return list(await asyncio.gather(*(check(*pair) for pair in pairs)))


async def _check(station: Station, stream: Stream, try_stream: TryStream, net: Net) -> StreamCheck:
    try:
        return StreamCheck(station, stream, await try_stream(stream, LISTEN_SECONDS))
    except Exception as error:  # one stream says nothing of the rest
        problem = as_problem(error)
    new_url = ""
    if problem.kind in _FOR_GOOD:
        new_url = await _new_address(station, stream, try_stream, net)
    return StreamCheck(station, stream, problem=problem, new_url=new_url)


async def _new_address(station: Station, stream: Stream, try_stream: TryStream, net: Net) -> str:
    """An address with sound that NPR lists under the stream's id; "" where there is none."""
    source = next((source for source in stream.schedule if source.source == "npr"), None)
    if source is None or not source.option("stream"):
        return ""
    urls = await _urls_of(source, station, net)
    for url in [url for url in urls if url not in stream.urls][:_MOST_TRIED]:
        try:
            await try_stream(replace(stream, urls=(url,)), LISTEN_SECONDS)
        except Problem:
            continue
        return url
    return ""


async def _urls_of(source: ScheduleSource, station: Station, net: Net) -> tuple[str, ...]:
    """The addresses of the stream with a source's guid; the finder is asked by name and by id."""
    from radiotui.directories.model import StationQuery
    from radiotui.directories.npr import BASES, NprFinder

    base, guid = source.option("base").rstrip("/"), source.option("stream")
    finder = NprFinder((base,) if base else BASES)
    for words in dict.fromkeys((station.id, station.name, station.city.partition(",")[0])):
        try:
            listed = await finder.find(net, StationQuery(words))
        except Problem:
            return ()
        for stream in (stream for entry in listed for stream in entry.streams):
            if any(schedule.option("stream") == guid for schedule in stream.schedule):
                return stream.urls
    return ()
