"""Pictures of stations and their colours, from a server on loopback."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image

from radiotui.app.station_pictures import StationPicture, StationPictures, StationPicturesDeps
from radiotui.net.client import Net
from radiotui.net.politeness import HostLimiter
from radiotui.problems import Problem
from radiotui.stations.model import Station, Stream
from radiotui.store import Store
from radiotui.stories.picture_cache import PictureCache
from radiotui.stories.picture_colour import vivid_colour
from radiotui.stories.picture_file import read_picture
from radiotui.stories.sections import station_section
from radiotui.stories.service import StoryService
from radiotui.ui.widgets.reader.picture import draw
from radiotui.ui.widgets.reader.picture_protocols import Cell
from tests.servers import Connection, Server, serving
from tests.services.guide_lab import Time, utc

NOW = utc("2026-03-06 20:00")


def png(*colours: tuple[int, int, int], side: int = 64) -> bytes:
    """A picture of stripes."""
    pixels = b"".join(bytes(colour) for colour in colours)
    picture = Image.frombytes("RGB", (len(colours), 1), pixels)
    file = BytesIO()
    picture.resize((side, side), Image.Resampling.NEAREST).save(file, "PNG")
    return file.getvalue()


class PicturesLab:
    """The pictures of one start of the program."""

    def __init__(self, folder: Path, time: Time) -> None:
        self.time = time
        self.net, self.store = Net(), Store(folder / "radiotui.db", clock=time.clock)
        pictures = PictureCache(self.net, folder / "pictures", HostLimiter())
        self.service = StoryService(
            self.net, self.store, clock=time.clock, on_change=lambda _: None
        )
        self.arrived: list[StationPicture] = []
        self.tasks: list[asyncio.Task[None]] = []

        async def opened() -> Any:
            return SimpleNamespace(pictures=pictures, store=self.store)

        def spawn(work: Any) -> asyncio.Task[None]:
            self.tasks.append(asyncio.create_task(work))
            return self.tasks[-1]

        self.pictures = StationPictures(
            StationPicturesDeps(opened, time.clock, lambda _: None, spawn, self.arrived.append)
        )

    async def look(self, station: Station) -> StationPicture | None:
        """Show a station; its picture once all that was begun is done."""
        first = self.pictures.look(station)
        await asyncio.gather(*self.tasks)
        assert first is None or first == self.pictures.look(station)
        return self.pictures.look(station)

    async def close(self) -> None:
        await self.service.close()
        await self.store.close()
        await self.net.aclose()


@pytest.fixture
def server() -> Any:
    with serving() as server:
        yield server


@pytest.fixture
async def lab(tmp_path: Path) -> AsyncIterator[PicturesLab]:
    lab = PicturesLab(tmp_path, Time(NOW))
    yield lab
    await lab.close()


def station(picture: str = "", *feeds: str) -> Station:
    return Station("knau", "KNAU", (Stream("news", "", ()),), picture=picture, feeds=feeds)


async def test_a_picture_is_fetched_once_and_kept_with_its_colour(
    lab: PicturesLab, server: Server, tmp_path: Path
) -> None:
    logo = png((200, 30, 30), (255, 255, 255), (240, 240, 240))
    server.routes["/logo"] = lambda c: c.answer(logo, "text/plain")
    knau = station(server.url("/logo"))
    picture = await lab.look(knau)
    assert picture is not None
    assert (picture.station, picture.colour) == ("knau", (200, 30, 30))
    assert picture.path.read_bytes() == logo
    assert lab.arrived == [picture]
    again = PicturesLab(tmp_path, lab.time)
    assert await again.look(knau) == picture
    assert server.paths() == ["/logo"]
    await again.close()


def ico(*sides: int, kind: str = "png") -> bytes:
    """An icon with a red picture of each size, the smallest first, which is blue."""
    file = BytesIO()
    frames = [Image.new("RGBA", (side, side), (200, 30, 30)) for side in sides]
    frames[0].paste((20, 40, 210), (0, 0, *frames[0].size))
    sizes = [frame.size for frame in frames]
    frames[-1].save(file, "ICO", sizes=sizes, append_images=frames[:-1], bitmap_format=kind)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["png", "bmp"])
async def test_the_largest_picture_of_an_icon_is_shown(
    lab: PicturesLab, server: Server, kind: str
) -> None:
    icon = ico(16, 32, 64, kind=kind)
    server.routes["/favicon.ico"] = lambda c: c.answer(icon, "image/x-icon")
    server.routes["/cut.ico"] = lambda c: c.answer(icon[:200], "image/x-icon")
    picture = await lab.look(station(server.url("/favicon.ico")))
    assert picture is not None
    assert picture.colour == (200, 30, 30)
    assert read_picture(picture.path, lambda opened: opened.size) == (64, 64)
    drawn = draw(picture.path, "blocks", 10, Cell(), (0, 0, 0), fewest=16)
    assert len(drawn.strips) == 5
    assert await lab.look(station(server.url("/cut.ico"))) is None
    # The directory goes on saying 64.
    mark, order = (b"IHDR", ">II") if kind == "png" else (b"\x28\0\0\0\x40\0\0\0", "<II")
    at = icon.rindex(mark) + 4
    picture.path.write_bytes(icon[:at] + struct.pack(order, 6000, 12_000) + icon[at + 8 :])
    with pytest.raises(Problem, match="too big"):
        read_picture(picture.path, lambda opened: opened.size)


async def test_what_is_no_picture_is_asked_again_after_a_week(
    lab: PicturesLab, server: Server, tmp_path: Path
) -> None:
    server.routes["/logo"] = lambda c: c.answer(b"\x89PNG\r\n\x1a\n but no more", "image/png")
    knau = station(server.url("/logo"))
    for days, asked in ((0, 1), (0, 1), (6, 1), (2, 1)):
        lab.time.now += timedelta(days=days)
        start = PicturesLab(tmp_path, lab.time)
        assert await start.look(knau) is None
        assert len(server.paths()) == asked
        await start.close()
    server.routes["/other"] = lambda c: c.answer(b"<html>", "text/html")
    assert await lab.look(station(server.url("/other"))) is None
    assert lab.arrived == []


async def test_the_picture_of_a_feed_stands_in(lab: PicturesLab, server: Server) -> None:
    def feed(connection: Connection) -> None:
        connection.answer(
            b"<rss version='2.0'><channel><title>KNAU</title><image><url>/logo.png</url></image>"
            b"<item><guid>1</guid><title>Snow</title></item></channel></rss>",
            "application/rss+xml",
        )

    server.routes["/news.rss"] = feed
    server.routes["/logo.png"] = lambda c: c.answer(png((0, 90, 200)), "image/png")
    knau = station("", server.url("/news.rss"))
    assert await lab.look(knau) is None
    await lab.service.refresh(station_section(knau))
    assert await lab.look(knau) is None
    lab.time.now += timedelta(minutes=2)
    picture = await lab.look(knau)
    assert picture is not None
    assert picture.colour == (0, 90, 200)


@pytest.mark.parametrize(
    ("colours", "own"),
    [
        ([(128, 128, 128), (250, 250, 250)], None),
        ([(0, 0, 0)] * 60 + [(255, 0, 0)], None),
        ([(20, 20, 20), (190, 40, 40), (90, 80, 80)], (190, 40, 40)),
    ],
)
def test_the_colour_is_the_most_vivid_of_those_that_cover_some(
    tmp_path: Path, colours: list[tuple[int, int, int]], own: tuple[int, int, int] | None
) -> None:
    path = tmp_path / "logo.png"
    path.write_bytes(png(*colours))
    assert vivid_colour(path) == own


@pytest.mark.parametrize("bright", [(255, 230, 0), (0, 0, 60), (0, 255, 255), (255, 0, 255)])
def test_the_colour_can_be_told_from_white_and_black(
    tmp_path: Path, bright: tuple[int, int, int]
) -> None:
    path = tmp_path / "logo.png"
    path.write_bytes(png(bright))
    colour = vivid_colour(path)
    assert colour is not None
    light = _luminance(colour)
    assert 1.05 / (light + 0.05) >= 3
    assert (light + 0.05) / 0.05 >= 3


def _luminance(colour: tuple[int, int, int]) -> float:
    parts = [part / 255 for part in colour]
    red, green, blue = (p / 12.92 if p <= 0.04 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
