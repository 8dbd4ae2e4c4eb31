"""Finding stations: all directories at once, in one order, and as a command."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from radiotui.app.finding import StationResults, ranked_stations
from radiotui.cli.output import DONE, FAILED
from radiotui.cli.stations import find_stations
from radiotui.directories.model import FoundStation, FoundStream, StationQuery
from radiotui.problems import Problem
from tests.services.directory_lab import (
    entry,
    finding,
    host,
    npr,
    npr_item,
    npr_stream,
    radio_browser,
)
from tests.services.guide_lab import Service

KNAU = npr_item(
    *("KNAU", "Arizona Public Radio"),
    npr_stream("g1", "News & Talk", "mp3", primary=True),
    npr_stream("g2", "Classical", "aac"),
)


def station(name: str, directory: str = "Radio Browser", **more: Any) -> FoundStation:
    streams = (FoundStream("", ("http://a.example/",)),)
    return FoundStation(name=name, directory=directory, streams=streams, **more)


def names(typed: str, *stations: FoundStation) -> list[str]:
    ranked = ranked_stations(StationQuery.read(typed), list(stations))
    return [f"{station.name}/{station.directory}" for station in ranked]


def test_the_one_that_was_meant_comes_first():
    popular = station("Radio for KNAU fans", votes=900)
    assert names(
        "knau", popular, station("Knau!", votes=3), station("Arizona", "NPR", calls=("KNAU",))
    ) == ["Arizona/NPR", "Knau!/Radio Browser", "Radio for KNAU fans/Radio Browser"]
    assert names("knau-fm", popular, station("Arizona", "NPR", calls=("KNAU",)))[0] == "Arizona/NPR"


def test_a_city_and_a_zip_code_mean_their_stations():
    city = station("Arizona", "NPR", city="Flagstaff, AZ")
    flag, other = station("Flagstaff FM", votes=9), station("My Flagstaff", votes=99)
    assert names("flagstaff", other, flag, city) == [
        *("Arizona/NPR", "Flagstaff FM/Radio Browser", "My Flagstaff/Radio Browser"),
    ]
    assert names("86001", station("86001 hits", votes=9), city)[0] == "Arizona/NPR"


def test_votes_decide_between_the_rest():
    assert names("jazz", station("B jazz", votes=1), station("A jazz", votes=2)) == [
        *("A jazz/Radio Browser", "B jazz/Radio Browser"),
    ]


async def found(folder: Path, typed: str, service: Service, *, as_json: bool = False) -> int:
    directories = (npr(service), radio_browser(service, host(service)))
    async with finding(folder, *directories) as companion:
        return await find_stations(companion, typed, as_json=as_json)


async def test_the_command_prints_a_line_a_station(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    with Service() as service:
        service.says("/v3/stations?q=knau", {"items": [KNAU]})
        entries = [entry("KNAU fans", f"http://a.example/{n}", bitrate=n) for n in (64, 128)]
        service.default = json.dumps(entries).encode()
        assert await found(tmp_path, "knau", service) == DONE
    first, news, classical, second = capsys.readouterr().out.splitlines()
    assert " ".join(first.split()) == (
        "1 Arizona Public Radio Flagstaff, AZ, US KNAU 88.7 FM MP3 NPR"
    )
    assert (news.strip(), classical.strip()) == ("News & Talk", "Classical")
    assert " ".join(second.split()) == "2 KNAU fans DE MP3 128k Radio Browser"


async def test_json_has_streams_with_their_schedules(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    with Service() as service:
        service.says("/v3/stations?q=knau", {"items": [KNAU]})
        service.default = b"[]"
        assert await found(tmp_path, "knau", service, as_json=True) == DONE
    [shape] = json.loads(capsys.readouterr().out)
    assert (shape["number"], shape["calls"], shape["directory"]) == (1, ["KNAU"], "NPR")
    assert shape["streams"][0] == {
        "name": "News & Talk",
        "url": ["https://g1.example/live.mp3"],
        "codec": "MP3",
        "kbps": None,
        "schedule": [{"source": "npr", "stream": "g1"}],
    }


async def test_nothing_is_said_on_stderr_with_each_failure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    with Service() as service:
        service.default = b"<html>"
        assert await found(tmp_path, "knau", service, as_json=True) == FAILED
    printed = capsys.readouterr()
    assert json.loads(printed.out) == []
    npr_line, browser_line, last = printed.err.splitlines()
    assert "NPR's station finder gave an answer radiotui does not understand" in npr_line
    assert "Radio Browser gave an answer radiotui does not understand" in browser_line
    assert last == "radiotui: no directory lists 'knau'"


async def test_nothing_typed_is_wrong_usage(tmp_path: Path):
    async with finding(tmp_path) as companion:
        with pytest.raises(Problem, match="nothing to look for"):
            await anext(companion.finder.find("  "))
    assert StationResults().stations == ()
