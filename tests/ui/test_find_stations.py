"""Finding stations on the screen: asked, heard, added; and the list changed by keys."""

from __future__ import annotations

import asyncio
import json
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec.structs import replace

from radiotui.app.finding import FinderDeps, StationFinder
from radiotui.app.own_stations import ListDeps, OwnStations
from radiotui.config import Folders
from radiotui.directories.model import Directory, FoundStation, FoundStream, StationQuery
from radiotui.net.client import Net
from radiotui.net.local_network import LocalHosts
from radiotui.player.intents import PlayStream, Stop
from radiotui.player.state import PlayerState, PlayState
from radiotui.problems import Problem, ProblemKind
from radiotui.stations.fields import TEST_SIGNAL
from radiotui.stations.file import read_station_list
from radiotui.stations.model import StationList
from tests.services.directory_lab import address_of, entry, host, npr, npr_item, npr_stream
from tests.services.directory_lab import radio_browser as browser
from tests.services.guide_lab import Service
from tests.snapshots import changed
from tests.ui.stage import SIGNAL, Staged, playing
from tests.ui.test_hostile import NASTY, SHOWN, harmless

LIST = """\
# Mine
[[station]]
id = "a"  # the first
name = "Alpha"
[[station.stream]]
id = "live"
url = "http://alpha.example/"

[[station]]
id = "b"
name = "Beta"
group = "Public radio"
[[station.stream]]
id = "live"
url = "http://beta.example/"
"""
KNAU = npr_item(
    *("KNAU", "Arizona Public Radio"),
    npr_stream("g1", "News & Talk", "mp3", "aac", primary=True),
    npr_stream("g2", "Classical", "aac"),
)


class Answer:
    """A directory that gives its stations when it is let."""

    def __init__(self, name: str, *stations: FoundStation | Problem) -> None:
        self.name = name
        self.stations = stations
        self.comes = asyncio.Event()

    async def find(self, net: Net, query: StationQuery) -> list[FoundStation]:
        await self.comes.wait()
        for station in self.stations:
            if isinstance(station, Problem):
                raise station
        return [station for station in self.stations if isinstance(station, FoundStation)]


def result(name: str, url: str = "", **more: Any) -> FoundStation:
    streams = (FoundStream("", (url or f"http://{name.lower().replace(' ', '-')}.example/",)),)
    return FoundStation(name=name, directory="First", streams=streams, **more)


class ScriptedPlayer:
    """A player whose streams sound at once."""

    def __init__(self, staged: Staged) -> None:
        self.staged = staged

    @property
    def state(self) -> PlayerState:
        return self.staged.player_state

    def do(self, intent: PlayStream | Stop) -> None:
        self.staged.asked.append((type(intent).__name__,))
        if isinstance(intent, PlayStream):
            station, stream = intent.station, intent.stream
            names = {"station_name": station.name, "stream_name": stream.name}
            self.staged.tell(playing(station=station.id, stream=stream.id, **names))
        else:
            self.staged.tell(changed(self.state, state=PlayState.STOPPED))


@asynccontextmanager
async def at_hand(folder: Path, *directories: Directory, text: str = LIST):
    """A Companion with a list of its own, whose finder asks these directories."""
    path = folder / "stations.toml"
    path.write_text(text)
    staged = Staged()
    options = replace(staged.options, stations=path, folders=Folders(folder))
    staged.options = options

    def receive(station_list: StationList) -> None:
        signal = replace(SIGNAL, id=TEST_SIGNAL)
        staged.tell(replace(station_list, stations=(*station_list.stations, signal)))

    receive(read_station_list(path))
    local = LocalHosts()
    for directory in directories:
        if not isinstance(directory, Answer):
            local.add_server(address_of(directory))
    net = Net(local_hosts=local)
    services = SimpleNamespace(net=net, local_hosts=local, player=ScriptedPlayer(staged))

    async def opened() -> Any:
        return services

    deps = (opened, staged.clock, staged.notify, asyncio.create_task)
    staged.own_stations = OwnStations(
        ListDeps(*deps, options, lambda: staged.station_list, receive)
    )
    staged.finder = StationFinder(FinderDeps(*deps, staged.own_stations, directories))
    async with AsyncExitStack() as stack:
        stack.push_async_callback(net.aclose)
        yield staged


def line(r, word: str) -> str:
    return next(line for line in r.lines if word in line)


def air(r) -> list[str]:
    """The stations of the list, in their order."""
    return [station.id for station in r.companion.own_stations.stations]


@pytest.mark.parametrize("size", [(80, 24)])
async def test_a_station_is_found_heard_added_and_the_list_put_in_order(radio, tmp_path, size):
    async def file_text() -> str:
        return await asyncio.to_thread((tmp_path / "stations.toml").read_text)

    with Service() as service:
        service.says("/v3/stations?q=knau", {"items": [KNAU]})
        service.default = json.dumps([entry("Arizona FM", "http://a.example/1")]).encode()
        directories = (npr(service), browser(service, host(service)))
        async with at_hand(tmp_path, *directories) as staged, radio(*size, staged) as r:
            await r.tell(playing(station="b", stream="live", station_name="Beta"))
            await r.press("a", *"knau")
            assert service.asked == []
            await r.press("enter")
            await r.until("Radio Browser 1")
            assert "NPR 1" in r.text
            assert "MP3" in line(r, "Arizona Public Radio")
            assert "Flagstaff, AZ, US · KNAU 88.7 FM · 2 streams" in r.text
            assert {len(line) for line in r.lines} == {size[0]}

            await r.press("space")
            assert staged.player_state.key == ("knau", "news-talk")
            await r.press("space")
            assert staged.player_state.key == ("knau", "classical")
            assert "heard now: Classical" in r.text
            assert air(r) == ["a", "b"]
            await r.press("escape")
            assert staged.player_state.key == ("b", "live")
            assert "heard now" not in r.text

            await r.press("enter", "a")
            await r.until("listed as knau/news-talk")
            assert "Arizona Public Radio is under Public radio now" in " ".join(r.text.split())
            assert air(r) == ["a", "b", "knau"]
            await r.press("U")
            await r.until("Undone")
            assert await file_text() == LIST
            await r.press("a")
            await r.until("listed as knau/news-talk")
            await r.press("escape")
            assert r.app.screen is r.main
            assert r.main.air.highlighted_id == "knau"
            assert staged.player_state.key == ("knau", "news-talk")

            await r.press("f2", *"Mine", "enter")
            await r.until("Mine")
            await r.press("ctrl+up", "ctrl+up")
            assert air(r) == ["knau", "a", "b"]
            await r.press("right_square_bracket")
            assert air(r) == ["a", "knau", "b"]
            assert r.main.air.highlighted_id == "knau"
            await r.press("ctrl+g", *"Best", "enter")
            knau = staged.station_list.station("knau")
            assert knau is not None
            assert (knau.name, knau.group) == ("Mine", "Best")
            before = await file_text()
            await r.press("delete")
            assert air(r) == ["a", "b"]
            await r.press("ctrl+z")
            assert await file_text() == before
            assert "# the first" in before
            assert r.main.air.highlighted_id == "knau"


async def test_results_stream_in_below_the_cursor_and_what_fails_costs_a_line(radio, tmp_path):
    first = Answer("First", result("Mine"), result("Jazz", city="Rome", votes=2))
    second = Answer("Second", result("Best jazz", votes=9), result("Jazz two", votes=1))
    third = Answer("Third", Problem("Third gave no answer", "it was asked for 25 seconds"))
    async with at_hand(tmp_path, first, second, third) as staged, radio(companion=staged) as r:
        await r.press("a", *"radio")
        await r.pilot.press("enter")
        await r.until("First …")
        first.comes.set()
        await r.until("First 2")
        await r.pilot.press("down")
        sheet_list = r.app.screen.query_one("#found")
        chosen = sheet_list.highlighted_id
        assert "Mine" in chosen
        third.comes.set()
        await r.until("⚠ Third gave no answer: it was asked for 25 seconds")
        second.comes.set()
        await r.until("Second 2")
        assert "Best jazz" in r.text
        assert sheet_list.highlighted_id == chosen
        await r.press("slash", *" jaz")
        assert [option.id.split("\n")[1] for option in sheet_list.options] == [
            *("Best jazz", "Jazz", "Jazz two"),
        ]
        await r.press(*"z rome")
        assert [option.id.split("\n")[1] for option in sheet_list.options] == ["Jazz"]
        assert "1 of 4" in r.text


async def test_the_silence_of_directories_is_said_in_whole_lines(radio, tmp_path):
    silent = [Answer(name, Problem(f"{name} cannot be found", "word " * 20)) for name in "AB"]
    for directory in silent:
        directory.comes.set()
    async with at_hand(tmp_path, *silent) as staged, radio(60, 16, companion=staged) as r:
        await r.press("a")
        assert "─ U undo · / type · esc ─" in r.text
        await r.press(*"radio", "enter")
        await r.until("2 of 2 did not answer")
        assert "/ types other words, and enter asks again" in r.text
        for name in "AB":
            assert line(r, f"⚠ {name} cannot").rstrip("│ ").endswith("…")


async def test_foreign_words_are_harmless_and_mistakes_are_said(radio, tmp_path):
    url = "http://nasty.example/"
    nasty = Answer("Nasty", result(NASTY, url, city=NASTY, tags=(NASTY,)), result("Plain"))
    nasty.comes.set()
    async with at_hand(tmp_path, nasty) as staged, radio(companion=staged) as r:
        await r.press("a", *"tag:", "enter")
        await r.until("there is nothing to look for")
        await r.press("slash", "x", "enter")
        await r.until(SHOWN)
        assert harmless(r)
        await r.press("a", "down", "a")
        await r.until("✓ Plain")
        await r.press("a")
        await r.until("Plain is in the list already")


async def test_on_a_row_of_stories_the_key_adds_a_feed(radio):
    async with radio() as r:
        await r.press("G", "a")
        assert "Address of a feed" in r.text
        await r.press("escape", "g", "a")
        assert "The stations of the world" in r.text


async def test_every_stream_is_tried_and_a_new_address_taken_by_a_key(radio, tmp_path):
    listing = 'listing = "radio-browser:u-1"  # mine\n'
    text = LIST.replace(
        'url = "http://beta.example/"\n', f'url = "http://beta.example/"\n{listing}'
    )
    goes = asyncio.Event()

    async def try_stream(stream: Any, seconds: float) -> str:
        await goes.wait()
        if "beta" in stream.urls[0]:
            raise Problem("The address is gone", kind=ProblemKind.GONE)
        return f"MP3 128 kbit/s, {seconds:.0f}"

    with Service() as service:
        service.says("/json/stations/byuuid/u-1", [entry("Beta", "http://new.example/live")])
        directory = browser(service, host(service))
        async with at_hand(tmp_path, directory, text=text) as staged, radio(companion=staged) as r:
            staged.try_stream = try_stream  # type: ignore[method-assign]
            await r.pilot.press("V")
            await r.until("0 of 2 tried")
            goes.set()
            await r.until("2 tried, 1 without sound, 1 moved")
            assert "MP3 128 kbit/s" in line(r, "✓ Alpha")
            assert "it has moved to http://new.example/live" in r.text
            await r.press("t")
            assert "No new address is known here" in r.text
            await r.press("j", "t")
            await r.until("first in the list now: http://new.example/live")
            beta = staged.station_list.station("b")
            assert beta is not None
            assert beta.streams[0].urls == ("http://new.example/live", "http://beta.example/")
            assert beta.streams[0].listing == "radio-browser:u-1"
            await r.press("U")
            await r.until("it has moved to")
            assert await asyncio.to_thread((tmp_path / "stations.toml").read_text) == text


async def test_one_edited_meanwhile_stops_no_other_new_address(radio, tmp_path):
    text = LIST.replace('id = "live"\n', 'id = "live"\nlisting = "radio-browser:u-1"\n')

    async def try_stream(stream: Any, seconds: float) -> str:
        if "new" not in stream.urls[0]:
            raise Problem("The address is gone", kind=ProblemKind.GONE)
        return f"MP3 128 kbit/s, {seconds:.0f}"

    with Service() as service:
        service.says("/json/stations/byuuid/u-1", [entry("New", "http://new.example/live")])
        directory = browser(service, host(service))
        async with at_hand(tmp_path, directory, text=text) as staged, radio(companion=staged) as r:
            staged.try_stream = try_stream  # type: ignore[method-assign]
            await r.pilot.press("V")
            await r.until("2 tried, 2 without sound, 2 moved")
            await staged.own_stations.edit(lambda edits: edits.remove("a"))
            await r.press("T")
            await r.until("Alpha: stations.toml has no station 'a'")
            await r.until("The new address is first in the list")
            assert "✓ Beta" in r.text
            assert "⚠ Alpha" in r.text
