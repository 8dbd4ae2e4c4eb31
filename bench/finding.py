"""Results of directories at hand: fifty thousand, narrowed down as one types, key by key."""

from __future__ import annotations

import asyncio
import gc
import tempfile
import time
from pathlib import Path
from statistics import median

import msgspec
from textual.widgets import Input, OptionList

from bench.table import Row
from radiotui.app.companion import Companion, Options
from radiotui.app.finding import StationFinder
from radiotui.app.found_results import ResultIndex
from radiotui.config import Folders
from radiotui.directories.model import FoundStation, FoundStream, StationQuery
from radiotui.net.client import Net
from radiotui.ui.app import RadioApp
from radiotui.ui.dialogs.find_stations import FindStationsScreen

RUNS = 5
STATIONS = 50_000
_SETTLE_SECONDS = 2.0
_KEY_MS = 50.0
_WORDS = (" jazz", " station 12", " 128 zürich", " nothing at all")
_STATIONS = """
[[station]]
id = "bench"
name = "Bench Radio"
[[station.stream]]
id = "live"
name = "Live"
url = "http://127.0.0.1:9/live"
"""
_CITIES = ("Flagstaff, AZ", "Zürich", "Berlin", "São Paulo", "Osaka")
_TAGS = (("jazz", "blues"), ("news", "talk"), ("classical",), ("pop", "hits"))


def station(number: int) -> FoundStation:
    """A result as Radio Browser's are."""
    url = f"http://stream{number}.example/live"
    return FoundStation(
        name=f"Radio station {number}",
        directory="Radio Browser",
        streams=(FoundStream("", (url,), "MP3", 128),),
        city=_CITIES[number % len(_CITIES)],
        country="US",
        tags=_TAGS[number % len(_TAGS)],
        votes=number % 1000,
    )


class World:
    """A directory that has every station at once."""

    name = "World"

    async def find(self, net: Net, query: StationQuery) -> list[FoundStation]:  # noqa: ARG002
        """All of them, whatever is asked."""
        return [station(number) for number in range(STATIONS)]


def rows() -> list[Row]:
    """The comparison alone, and from the key to the rows on the screen: of each key the median."""
    index = ResultIndex([station(number) for number in range(STATIONS)], "radio")
    alone = [_seconds(index, f"radio{words[:length]}") for words, length in _typed()]
    runs = [asyncio.run(_keys()) for _ in range(RUNS)]
    keys = [median(times) for times in zip(*runs, strict=True)]
    return [
        Row("results narrowed, slowest key", max(alone) * 1000, "ms", "limit", _KEY_MS, 1.0),
        Row("results, key to rows, median", median(keys) * 1000, "ms", "limit", _KEY_MS, 1.0),
        Row("results, key to rows, slowest", max(keys) * 1000, "ms", "limit", _KEY_MS, 1.0),
    ]


def _typed() -> list[tuple[str, int]]:
    return [(words, length) for words in _WORDS for length in range(1, len(words) + 1)]


def _seconds(index: ResultIndex, typed: str) -> float:
    began = time.perf_counter()
    index.fitting(typed)
    return time.perf_counter() - began


async def _keys() -> list[float]:
    """Seconds from each key to the rows, in the sheet without a terminal."""
    with tempfile.TemporaryDirectory() as folder:
        # The Test Signal would send its sound from this very process.
        stations = Path(folder) / "stations.toml"
        stations.write_text(_STATIONS)
        folders = Folders(Path(folder))
        companion = Companion(Options(stations=stations, engine="silent", folders=folders))
        companion.load()
        deps = msgspec.structs.replace(companion.finder.deps, directories=(World(),))
        companion.finder = StationFinder(deps)
        # As on the command line: what is loaded before there is a screen is no garbage.
        gc.disable()
        app = RadioApp(companion)
        async with app.run_test(size=(120, 36)):
            sheet = FindStationsScreen(app.keymap, app.main, companion)
            await asyncio.sleep(_SETTLE_SECONDS)
            await app.push_screen(sheet)
            line, results = sheet.query_one(Input), sheet.query_one("#found", OptionList)
            sheet.on_input_changed(Input.Changed(line, "radio"))
            sheet.on_input_submitted(Input.Submitted(line, "radio"))
            while not results.option_count:
                await asyncio.sleep(0.05)
            return [
                await _key(sheet, Input.Changed(line, f"radio{words[:length]}"))
                for words, length in _typed()
            ]


async def _key(sheet: FindStationsScreen, changed: Input.Changed) -> float:
    """Seconds until the rows for what was typed are drawn."""
    drawn = asyncio.Event()
    began = time.perf_counter()
    sheet.on_input_changed(changed)
    sheet.call_after_refresh(drawn.set)
    await drawn.wait()
    return time.perf_counter() - began
