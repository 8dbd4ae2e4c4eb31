"""Every stream of the list tried at once, with the failures that a new address would mend."""

from __future__ import annotations

import asyncio

import pytest

from radiotui.app.stream_checks import AT_ONCE, check_streams
from radiotui.net.client import Net
from radiotui.problems import Problem, ProblemKind
from radiotui.stations.model import ScheduleSource, Station, Stream
from tests.servers import serving

FINDER = (
    b'{"items": [null, {"attributes": {"brand": {"name": "Test", "call": "T"}, "streamsV2": ['
    b'{"title": 3}, {"title": "N", "guid": "g", "urls": [{"rel": "stream-mp3-audio", "href": "%s"},'
    b'{"rel": "stream-aac-audio", "href": "http://new.example/aac"}]}]}}]}'
)


def station(number: int, base: str = "", url: str = "http://old.example/") -> Station:
    options = (("stream", "g"), ("base", base))
    schedule = (ScheduleSource("npr", options),) if base else ()
    stream = Stream("live", "Live", (url,), schedule=schedule)
    return Station(f"s{number}", f"S {number}", (stream,))


async def checked(stations, try_stream, progress=lambda done, total: None):
    net = Net()
    try:
        return await check_streams(stations, try_stream, net, progress)
    finally:
        await net.aclose()


async def test_eight_are_tried_at_once_and_the_order_stays() -> None:
    running: list[int] = []
    now, steps = 0, []

    async def try_stream(stream: Stream, seconds: float) -> str:
        nonlocal now
        now += 1
        running.append(now)
        for _ in range(3):
            await asyncio.sleep(0)
        now -= 1
        return f"MP3 {stream.urls[0]} {seconds:.0f}"

    stations = [station(number, url=f"http://{number}/") for number in range(20)]
    checks = await checked(stations, try_stream, lambda *step: steps.append(step))
    assert max(running) == AT_ONCE == 8
    assert [check.sound for check in checks] == [f"MP3 http://{n}/ 15" for n in range(20)]
    assert steps == [(done, 20) for done in range(21)]


async def test_what_nobody_expects_of_a_new_address_costs_it_alone() -> None:
    async def try_stream(stream: Stream, seconds: float) -> str:
        if "broken" in stream.urls[0]:
            raise ValueError(seconds)
        raise Problem("it is gone", kind=ProblemKind.GONE)

    body = FINDER % b"http://broken.example/"
    with serving(**{"v3/stations": lambda c: c.answer(body, "application/json")}) as server:
        (check,) = await checked([station(1, server.url())], try_stream)
    assert (str(check.problem), check.new_url) == ("it is gone", "")


@pytest.mark.parametrize(
    ("kind", "new_url"),
    [
        (ProblemKind.NOT_FOUND, "http://new.example/mp3"),
        (ProblemKind.GONE, "http://new.example/mp3"),
        (ProblemKind.NO_HOST, "http://new.example/mp3"),
        (ProblemKind.DAMAGED, "http://new.example/mp3"),
        (ProblemKind.SERVER, ""),
        (ProblemKind.OFFLINE, ""),
        (ProblemKind.OTHER, ""),
    ],
)
async def test_only_what_fails_for_good_is_looked_up(kind: ProblemKind, new_url: str) -> None:
    async def try_stream(stream: Stream, seconds: float) -> str:
        if "old" in stream.urls[0]:
            raise Problem("it fails", kind=kind)
        return f"MP3 {seconds}"

    body = FINDER % b"http://new.example/mp3"
    with serving(**{"v3/stations": lambda c: c.answer(body, "application/json")}) as server:
        (check,) = await checked([station(1, server.url())], try_stream)
    assert (check.sound, str(check.problem), check.new_url) == ("", "it fails", new_url)


async def test_a_new_address_without_sound_is_not_proposed() -> None:
    async def try_stream(stream: Stream, _: float) -> str:
        if stream.urls[0] == "http://new.example/aac":
            return "AAC"
        raise Problem("not there", kind=ProblemKind.NOT_FOUND)

    body = FINDER % b"http://old.example/"
    with serving(**{"v3/stations": lambda c: c.answer(body, "application/json")}) as server:
        (check,) = await checked([station(1, server.url())], try_stream)
    assert check.new_url == "http://new.example/aac"


@pytest.mark.parametrize("body", [b"", b"[]", b'{"items": 3}', b"<html>", b'{"items": [[]]}'])
async def test_a_finder_that_answers_nonsense_proposes_nothing(body: bytes) -> None:
    async def try_stream(_: Stream, __: float) -> str:
        raise (
            ValueError("nobody expected this")
            if body == b"[]"
            else Problem("gone", kind=ProblemKind.GONE)
        )

    with serving(**{"v3/stations": lambda c: c.answer(body, "application/json")}) as server:
        (check,) = await checked([station(1, server.url())], try_stream)
    assert check.new_url == ""
    assert check.problem is not None
