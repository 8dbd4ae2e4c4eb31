"""The picture of a station beside the player."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image
from rich.color import ColorSystem

from radiotui.app.station_pictures import StationPicture
from radiotui.config import Settings
from radiotui.ui.widgets.player.player_bar import PlayerBar
from tests.ui.stage import Staged, playing


def staged(folder: Path, size: tuple[int, int] = (200, 200), pictures: str = "blocks") -> Staged:
    """KNAU has a picture."""
    path = folder / "logo.png"
    Image.new("RGB", size, (200, 60, 20)).save(path)
    companion = Staged(settings=Settings(pictures=pictures))  # type: ignore[arg-type]
    companion.station_pictures.laid["knau"] = StationPicture("knau", path, (200, 60, 20))
    return companion


def blocks(r) -> list[int]:
    """Half blocks in each of the first lines."""
    return [line.count("▀") for line in r.lines[:7]]


@pytest.mark.parametrize(
    ("size", "drawn"),
    [
        ((200, 200), [10, 10, 10, 10, 10, 0, 0]),
        ((400, 200), [0, 10, 10, 0, 0, 0, 0]),
        ((60, 240), [2, 2, 2, 2, 0, 0, 0]),
    ],
)
async def test_it_stands_beside_the_player(radio, tmp_path, size, drawn):
    async with radio(companion=staged(tmp_path, size)) as r:
        await r.tell(playing())
        await r.until("▀")
        assert blocks(r) == drawn
        assert {len(line) for line in r.lines} == {120}


async def test_it_has_the_colours_that_the_terminal_has(radio, tmp_path, monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("COLORTERM", raising=False)
    async with radio(companion=staged(tmp_path)) as r:
        await r.tell(playing())
        await r.until("▀")
        strips = r.main.query_one(PlayerBar).picture
        colours = {cell.style.color for strip in strips for cell in strip if cell.style}
        assert colours
        for colour in colours:
            sent = colour.downgrade(ColorSystem.EIGHT_BIT)
            assert sent.get_truecolor() == colour.get_truecolor()


@pytest.mark.parametrize(("size", "pictures"), [((80, 24), "blocks"), ((120, 36), "off")])
async def test_none_where_there_is_no_room_or_none_is_wanted(radio, tmp_path, size, pictures):
    async with radio(*size, companion=staged(tmp_path, pictures=pictures)) as r:
        await r.tell(playing())
        assert blocks(r)[:5] == [0] * 5


async def test_it_comes_later_and_goes_with_the_station(radio, tmp_path):
    companion = staged(tmp_path)
    picture = companion.station_pictures.laid.pop("knau")
    (tmp_path / "other.png").write_bytes(b"\x89PNG\r\n\x1a\n and no more")
    async with radio(companion=companion) as r:
        await r.tell(playing())
        assert blocks(r)[0] == 0
        companion.station_pictures.laid["knau"] = picture
        r.main.now += timedelta(seconds=1)
        await r.until("▀")
        broken = StationPicture("kjzz", tmp_path / "other.png", None)
        companion.station_pictures.laid["kjzz"] = broken
        await r.tell(playing(station="kjzz", station_name="KJZZ Phoenix"))
        await r.settle()
        assert blocks(r)[0] == 0
        assert "KJZZ" in r.text
