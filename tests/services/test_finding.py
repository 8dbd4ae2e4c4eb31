"""Finding stations: all directories at once, in one order, and as a command."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec.structs import replace

from radiotui.app.finding import StationFinder, ranked_stations
from radiotui.app.found_results import ResultIndex, StationResults
from radiotui.cli.output import DONE, FAILED, CommandFailedError
from radiotui.cli.stations import add_stations, find_stations
from radiotui.cli.usage import read_arguments
from radiotui.directories.model import FoundStation, FoundStream, StationQuery
from radiotui.player.events import PlayStarted, PositionUpdate, SoundArrived, TuneIn
from radiotui.player.intents import GoToPlace, Pause, PlayStream
from radiotui.player.state import PlayerState, PlayState, StreamSource
from radiotui.player.step import step
from radiotui.problems import Problem
from radiotui.stations.file import read_station_list
from radiotui.stations.model import ScheduleSource
from tests.services.directory_lab import (
    NOW,
    entry,
    finding,
    host,
    npr,
    npr_item,
    npr_stream,
    radio_browser,
)
from tests.services.guide_lab import Service
from tests.snapshots import changed, snapshot

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


def test_what_is_typed_beyond_the_question_narrows_its_results():
    index = ResultIndex([station("Arizona"), station("One", tags=("jazz",))], "86001")

    def fitting(typed: str) -> list[str]:
        return [station.name for station in index.fitting(typed)]

    assert fitting("86001") == fitting("") == ["Arizona", "One"]
    assert fitting("86001 j") == fitting("86001 jaz") == ["One"]
    assert fitting("86001 jaz no") == []
    assert fitting("86001 tag:jazz one") == ["One"]
    assert fitting("ÁRI") == ["Arizona"]
    # A letter more makes another word of the last one.
    assert fitting("86001z") == []


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


async def test_a_result_is_added_by_its_number(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    with Service() as service:
        service.says("/v3/stations?q=arizona", {"items": [KNAU]})
        service.default = json.dumps([entry("Arizona FM", "http://a.example/1")]).encode()
        assert await found(tmp_path, "arizona", service) == DONE
    capsys.readouterr()
    async with finding(tmp_path) as companion:
        assert await add_stations(companion, ["2", "1"], as_json=False) == DONE
        with pytest.raises(CommandFailedError):
            await add_stations(companion, ["1", "3"], as_json=False)
        with pytest.raises(CommandFailedError):
            await add_stations(companion, ["1"], as_json=False)
    printed = capsys.readouterr()
    assert [line.split(None, 1) for line in printed.out.splitlines()] == [
        *(["arizona-fm", "Arizona FM"], ["arizona-public-radio", "Arizona Public Radio"]),
    ]
    no_third, there = printed.err.splitlines()
    assert no_third == "radiotui: there is no result 3 of 'radiotui stations find': it found 2"
    assert there.startswith("radiotui: Arizona Public Radio is in the list already: as arizona-")
    knau = read_station_list(companion.options.stations_path).station("arizona-public-radio")
    assert knau is not None
    assert (knau.city, knau.timezone) == ("Flagstaff, AZ", "America/Phoenix")
    assert [stream.id for stream in knau.streams] == ["news-talk", "classical"]
    assert knau.streams[0].schedule == (ScheduleSource("npr", (("stream", "g1"),)),)


async def test_without_results_none_can_be_added(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    async with finding(tmp_path) as companion:
        for text in (None, "[{", '[{"name": 3}]'):
            if text is not None:
                companion.options.folders.cache.mkdir(exist_ok=True)
                (companion.options.folders.cache / "found-stations.json").write_text(text)
            with pytest.raises(CommandFailedError):
                await add_stations(companion, ["1"], as_json=False)
    assert capsys.readouterr().err.count("it found none") == 3


async def test_a_start_is_counted_once_when_a_result_sounds(tmp_path: Path):
    with Service() as service:
        counted = asyncio.Event()
        loop = asyncio.get_running_loop()

        def count() -> bytes:
            loop.call_soon_threadsafe(counted.set)
            return b'{"ok": true}'

        service.replies["/json/url/u1"] = count
        async with finding(tmp_path, radio_browser(service, host(service))) as companion:
            await companion.open(screen=False)
            await companion.finder.listen(station("One", click="u1"))
            state = snapshot(station="one", stream="live", state=PlayState.CONNECTING)
            companion.receive_player_state(state)
            assert service.asked == []
            for _ in range(3):
                companion.receive_player_state(changed(state, state=PlayState.PLAYING))
            async with asyncio.timeout(20):
                await counted.wait()
            # It is added under the id by which it is heard, also where names give no ids.
            streams = (FoundStream("", ("http://b.example/",)),)
            await companion.finder.add(station("Радио"))
            heard = FoundStation(name="Голос", directory="Radio Browser", streams=streams)
            await companion.finder.listen(heard)
            trial = companion.finder.trial
            assert trial is not None
            assert (await companion.finder.add(heard)).id == trial.station.id
            await companion.close()
    assert service.asked == ["/json/servers", "/json/url/u1"]


def test_the_actions_are_of_the_command_line():
    arguments = read_arguments(["stations", "find", "st.", "paul", "--json"])
    assert (arguments.action, arguments.words, arguments.json) == ("find", ["st.", "paul"], True)
    arguments = read_arguments(["stations", "add", "1", "3"])
    assert (arguments.action, arguments.entries) == ("add", ["1", "3"])


async def test_a_stream_of_the_list_is_counted_where_its_directory_counts(tmp_path: Path):
    with Service() as service:
        asked = asyncio.Event()
        loop = asyncio.get_running_loop()

        def count() -> bytes:
            loop.call_soon_threadsafe(asked.set)
            return b'{"ok": true}'

        service.replies["/json/url/u-7"] = count
        async with finding(tmp_path, radio_browser(service, host(service))) as companion:
            streams = (FoundStream("", ("http://a.example/",), listing="radio-browser:u-7"),)
            added = FoundStation(name="Added", directory="Radio Browser", streams=streams)
            station = await companion.finder.add(added)
            listed = read_station_list(companion.options.stations_path).station(station.id)
            assert listed is not None
            assert listed.streams[0].listing == "radio-browser:u-7"
            await companion.open(screen=False)
            state = snapshot(station=station.id, stream="live", state=PlayState.PLAYING)
            for _ in range(3):
                companion.receive_player_state(state)
            async with asyncio.timeout(20):
                await asked.wait()
            await companion.close()
    assert service.asked == ["/json/servers", "/json/url/u-7"]


class SteppedPlayer:
    """The player's own steps, without tapes; every stream has sound once ``sounds`` is called."""

    def __init__(self, state: PlayerState) -> None:
        self.state = state

    def do(self, intent: Any) -> None:
        if isinstance(intent, PlayStream):
            intent = TuneIn(StreamSource(intent.station.id, intent.stream.id))
        self.state = step(self.state, intent)[0]

    def sounds(self) -> None:
        self.state = step(self.state, SoundArrived(self.state.last_tuning_id, "MP3", 128))[0]
        self.state = step(self.state, PlayStarted(self.state.play_id))[0]
        at = PositionUpdate(self.state.play_id, 50.0, 0.0, 60.0, None, False, NOW)
        self.state = step(self.state, at)[0]


@pytest.mark.parametrize(("warm", "trials"), [(0, 1), (0, 2), (2, 1)])
async def test_what_was_paused_is_silent_after_a_trial(tmp_path: Path, warm: int, trials: int):
    async with finding(tmp_path) as companion:
        knau = companion.station_list.stations[0]
        stream = knau.streams[0]
        player = SteppedPlayer(PlayerState(never_silent=True, most_ready=warm))
        player.do(PlayStream(knau, stream))
        player.sounds()
        player.do(Pause())
        player.do(GoToPlace(20.0))

        async def opened() -> Any:
            return SimpleNamespace(player=player)

        finder = StationFinder(replace(companion.finder.deps, opened=opened))
        await finder.listen(station("One"))
        player.sounds()
        if trials == 2:
            # Tuned to while the first one is heard on.
            await finder.listen(station("Two"))
        assert player.state.current.is_playing
        assert await finder.leave()
        assert not player.state.current.is_playing
        assert player.state.pending is None
        assert player.state.tuned is not None
        assert player.state.tuned.key == (knau.id, stream.id)
        if warm:
            assert player.state.state is PlayState.PAUSED
            assert player.state.current.position == 20.0
        else:
            assert player.state.state is PlayState.STOPPED
