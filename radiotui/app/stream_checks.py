"""Check of every stream of the list: whether sound comes, and a new address where none will."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from msgspec.structs import replace

from radiotui.problems import Problem, ProblemKind, as_problem
from radiotui.stations.model import Station, Stream

if TYPE_CHECKING:
    from radiotui.directories.model import Directory
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


class StreamCheck(msgspec.Struct, frozen=True):
    """Outcome for one stream."""

    station: Station
    stream: Stream
    sound: str = ""
    """Codec and rate: "MP3 128 kbit/s"; empty where none came."""
    problem: Problem | None = None
    new_url: str = ""
    """An address with sound that a directory lists for a stream which fails for good."""


class RefusedAddress(NamedTuple):
    """A new address that the list could not take, as it was edited meanwhile."""

    check: StreamCheck
    problem: Problem


async def check_streams(
    stations: Sequence[Station],
    try_stream: TryStream,
    net: Net,
    on_progress: Callable[[int, int], None],
    on_check: Callable[[StreamCheck], None] = lambda _: None,
    directories: Sequence[Directory] = (),
) -> list[StreamCheck]:
    """Try every stream, several at once; ``on_progress`` receives how many are done of how many.

    ``on_check`` receives each outcome as it comes. ``directories`` are asked for those that
    fail for good.
    """
    turns = asyncio.Semaphore(AT_ONCE)
    pairs = [(station, stream) for station in stations for stream in station.streams]
    done = 0

    async def check(station: Station, stream: Stream) -> StreamCheck:
        nonlocal done
        async with turns:
            outcome = await _check(station, stream, try_stream, net, directories)
        done += 1
        on_check(outcome)
        on_progress(done, len(pairs))
        return outcome

    on_progress(0, len(pairs))
    return list(await asyncio.gather(*(check(*pair) for pair in pairs)))


async def _check(
    station: Station,
    stream: Stream,
    try_stream: TryStream,
    net: Net,
    directories: Sequence[Directory],
) -> StreamCheck:
    sound, problem = await _sound(stream, try_stream)
    new_url = ""
    if problem is not None and problem.kind in _FOR_GOOD:
        new_url = await _new_address(station, stream, try_stream, net, directories)
    return StreamCheck(station, stream, sound, problem, new_url)


async def _sound(stream: Stream, try_stream: TryStream) -> tuple[str, Problem | None]:
    """Codec and rate of a stream, or why there is no sound."""
    try:
        return await try_stream(stream, LISTEN_SECONDS), None
    except Exception as error:  # one stream says nothing of the rest
        return "", as_problem(error)


async def _new_address(
    station: Station,
    stream: Stream,
    try_stream: TryStream,
    net: Net,
    directories: Sequence[Directory],
) -> str:
    """An address with sound that a directory lists under the stream's id; "" for none."""
    from radiotui.app.stream_lookup import listed_addresses

    urls = await listed_addresses(station, stream, net, directories)
    for url in [url for url in urls if url not in stream.urls][:_MOST_TRIED]:
        _, problem = await _sound(replace(stream, urls=(url,)), try_stream)
        if problem is None:
            return url
    return ""
