"""docs/adding-a-source.md, followed to the letter."""

from __future__ import annotations

import logging
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

import radiotui.guide.sources
from radiotui.guide.service import Guide
from radiotui.net.client import Net
from radiotui.stations.file import read_station_list
from radiotui.stations.schedule_sources import SCHEDULE_SOURCES, SourceOptions
from tests.servers import serving

HOW_TO = Path(__file__).parents[2] / "docs" / "adding-a-source.md"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", HOW_TO.read_text(), re.DOTALL | re.MULTILINE)


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    line, module = blocks("python")
    options = eval(f"{{{line}}}", {"SourceOptions": SourceOptions})
    for name, option in options.items():
        monkeypatch.setitem(SCHEDULE_SOURCES, name, option)
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "example.py").write_text(module)
    folders = [*radiotui.guide.sources.__path__, str(folder)]
    monkeypatch.setattr(radiotui.guide.sources, "__path__", folders)
    monkeypatch.delitem(sys.modules, "radiotui.guide.sources.example", raising=False)


def station_list(folder: Path, schedule: str) -> Path:
    path = folder / "stations.toml"
    path.write_text(
        '[[station]]\nid = "knau"\nname = "KNAU"\n[[station.stream]]\nid = "news"\n'
        f'url = "https://knau.example/live"\n{schedule}\n'
    )
    return path


@pytest.mark.usefixtures("example")
async def test_a_source_is_one_file_and_one_line(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="radiotui.guide")
    (schedule,) = blocks("toml")
    at = datetime(2026, 3, 6, 17, 0, tzinfo=UTC)
    reply = re.search(r"`(\{\"title\".*?\})`", HOW_TO.read_text(), re.DOTALL)
    assert reply is not None
    with serving(now=lambda c: c.answer(reply[1].encode(), "application/json")) as server:
        base = server.url("/now").removesuffix("/now")
        # The test's server has routes without parameters.
        schedule = schedule.replace('channel = "1"', f'channel = "1", base = "{base}/now?"')
        stations = read_station_list(station_list(tmp_path, schedule))
        assert stations.problems == ()
        net = Net()
        guide = Guide(net, clock=lambda: at, on_change=lambda _: None)
        station, stream = stations.find("knau/news")
        on_air = await guide.ask(station, stream)
        await net.aclose()
    assert on_air.problem is None
    assert on_air.now is not None
    assert (on_air.now.title, on_air.source) == ("Jazz", "example")
    assert on_air.now.end == datetime(2026, 3, 6, 18, 0, tzinfo=UTC)
    assert [record.message for record in caplog.records] == [
        "knau/news: example: now 'Jazz' (? to Fri 18:00 UTC), nothing next",
        "knau/news: example leads",
        "knau/news: shown: now 'Jazz' (? to Fri 18:00 UTC), nothing next",
    ]


@pytest.mark.usefixtures("example")
@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        ('schedule = [{ source = "example" }]', 'channel: is missing, write channel = "…"'),
        (
            'schedule = [{ source = "example", channel = "1", chanel = "2" }]',
            "there is no such key, did you mean channel?",
        ),
        ('schedule = [{ source = "exmple" }]', "did you mean example?"),
    ],
)
def test_the_station_list_knows_its_options(tmp_path: Path, schedule: str, words: str) -> None:
    (problem,) = read_station_list(station_list(tmp_path, schedule)).problems
    assert words in problem.title


@pytest.mark.parametrize("name", SCHEDULE_SOURCES)
def test_every_line_has_its_file(name: str) -> None:
    from radiotui.guide.sources.registry import source_type

    assert source_type(name).options is SCHEDULE_SOURCES[name]
