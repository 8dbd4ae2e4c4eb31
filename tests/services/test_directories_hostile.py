"""Answers of directories that are none: one line each, and the results of the others."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radiotui.directories.model import Directory, FoundStation, StationQuery
from radiotui.directories.nts import Nts
from radiotui.directories.somafm import SomaFm
from radiotui.net.client import Net
from radiotui.problems import Problem
from radiotui.text import clean
from tests.services.directory_lab import (
    entry,
    finding,
    host,
    npr,
    npr_item,
    npr_stream,
    radio_browser,
    somafm_channel,
)
from tests.services.guide_lab import Reply, Service

GOOD = npr_item("KNAU", "Arizona Radio", npr_stream("g1", "News", "mp3"))
SHAPES = {
    "npr": {"items": [GOOD]},
    "somafm": {"channels": [somafm_channel("one"), somafm_channel("two")]},
    "nts": {"results": [{"title": "One", "audio_stream_endpoint": "https://m.example/1"}]},
    "radio browser": [entry("One", "http://a.example/1"), entry("Two", "http://a.example/2")],
}
DIRECTORIES: dict[str, Callable[[Service], Directory]] = {
    "npr": npr,
    "somafm": lambda service: SomaFm(service.base),
    "nts": lambda service: Nts(service.base),
    "radio browser": lambda service: radio_browser(service, host(service)),
}
BAD: dict[str, Reply] = {
    "a page": b"<html><body>Welcome to the hotel",
    "nothing": b"",
    "50 MB": (200, {}, b"[" + b" " * 50_000_000),
    "a number": b"3",
    "deep": b"[" * 100_000,
    "binary": bytes(range(256)),
}


@pytest.mark.parametrize("bad", BAD)
async def test_a_directory_that_fails_costs_a_line(tmp_path: Path, bad: str):
    with Service() as service, Service() as other:
        service.default = BAD[bad]
        other.says("/v3/stations?q=arizona", SHAPES["npr"])
        async with finding(tmp_path, radio_browser(service), npr(other)) as companion:
            await companion.open(screen=False, radio=False)
            snapshots = [results async for results in companion.finder.find("arizona")]
            await companion.close()
    assert [station.name for station in snapshots[-1].stations] == ["Arizona Radio"]
    assert len(snapshots[-1].problems) == 1
    assert snapshots[-1].pending == ()


async def test_one_that_never_answers_keeps_nobody_waiting(tmp_path: Path):
    with Service() as service, Service() as other:
        service.default = service.hang
        other.says("/v3/stations?q=arizona", SHAPES["npr"])
        async with finding(tmp_path, radio_browser(service), npr(other)) as companion:
            await companion.open(screen=False, radio=False)
            results = companion.finder.find("arizona")
            first = await anext(results)
            await results.aclose()
            await companion.close()
    assert [station.name for station in first.stations] == ["Arizona Radio"]
    assert first.pending == ("Radio Browser",)


async def test_one_that_never_answers_is_given_up(tmp_path: Path):
    with Service() as service:
        service.default = service.hang
        async with finding(tmp_path, radio_browser(service), patience=0.01) as companion:
            await companion.open(screen=False, radio=False)
            [last] = [results async for results in companion.finder.find("arizona")]
            await companion.close()
    assert [problem.title for problem in last.problems] == ["Radio Browser gave no answer"]
    assert last.pending == ()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(st.text(max_size=8), parts),
    max_leaves=6,
)
ODD_TEXT = st.sampled_from(["\x1b[2J", "\x07", "a\u202eb", "x" * 5000, "javascript:alert(1)"])


@st.composite
def mangled(draw: st.DrawFn, value: object) -> object:
    """The answer with some of its parts replaced by something else, or missing."""
    if draw(st.integers(0, 9)) == 0:
        return draw(JSON | ODD_TEXT)
    if isinstance(value, dict):
        return {k: draw(mangled(v)) for k, v in value.items() if draw(st.integers(0, 14))}
    if isinstance(value, list):
        return [draw(mangled(part)) for part in value]
    return value


@pytest.mark.parametrize("name", DIRECTORIES)
@settings(max_examples=3, deadline=None)
@given(data=st.data())
def test_no_answer_raises_anything_else_or_shows_control_characters(name: str, data: st.DataObject):
    replies = data.draw(st.lists(mangled(SHAPES[name]), min_size=10, max_size=10))

    async def ask() -> list[FoundStation]:
        stations: list[FoundStation] = []
        net = Net()
        with Service() as service:
            directory = DIRECTORIES[name](service)
            for reply in replies:
                service.default = json.dumps(reply).encode()
                with suppress(Problem):
                    stations += await directory.find(net, StationQuery("one"))
        await net.aclose()
        return stations

    for station in asyncio.run(ask()):
        texts = [station.name, station.city, station.country, station.frequency, station.homepage]
        texts += [*station.tags, *station.calls, *station.urls]
        texts += [stream.name for stream in station.streams]
        assert station.name
        assert station.urls
        assert [text for text in texts if clean(text, 5000) != text] == []
