"""Pictures over real HTTP: fetched once, named by us, bounded, none that is no picture."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from radiotui.net.client import Net
from radiotui.net.politeness import HostLimiter
from radiotui.problems import Problem
from radiotui.stories.picture_cache import PictureCache
from tests.servers import Connection, Server, serving

PNG = b"\x89PNG\r\n\x1a\n" + b"pixels" * 100


class Album:
    def __init__(self, folder: Path, server: Server) -> None:
        self.folder = folder
        self.server = server
        self.net = Net()
        self.pictures = PictureCache(self.net, folder, HostLimiter())

    async def get(self, path: str) -> Path:
        return await self.pictures.picture(self.server.url(path))


@pytest.fixture
async def album(tmp_path: Path) -> AsyncIterator[Album]:
    with serving() as server:
        album = Album(tmp_path / "pictures", server)
        server.routes["/a.png"] = lambda c: c.answer(PNG, "image/png")
        yield album
        await album.pictures.close()
        await album.net.aclose()


async def test_it_is_fetched_once_and_named_by_us(album: Album) -> None:
    one, two = await asyncio.gather(album.get("/a.png"), album.get("/a.png"))
    assert one == two == await album.get("/a.png")
    assert one.read_bytes() == PNG
    assert one.parent == album.folder
    assert one.stem.isalnum()
    assert album.server.paths() == ["/a.png"]


@pytest.mark.parametrize(
    ("route", "is_svg"),
    [
        (lambda c: c.answer(b"<?xml?><SVG onload='x'/>", "image/png"), True),
        (lambda c: c.answer(b"", "image/png"), False),
        (lambda c: c.answer(b"", status="404 Not Found"), False),
        (lambda c: c.answer(PNG + b"x" * (13 << 20), "image/png"), False),
    ],
    ids=["svg", "empty", "404", "13 MB"],
)
async def test_what_is_no_picture_is_a_problem_and_leaves_nothing(
    album: Album, route: object, is_svg: bool
) -> None:
    album.server.routes["/bad.png"] = route  # type: ignore[assignment]
    with pytest.raises(Problem) as failure:
        await album.get("/bad.png")
    assert ("SVG drawings are not shown" in str(failure.value)) == is_svg
    assert not album.folder.exists() or not list(album.folder.iterdir())


def spoil_zeros(path: Path) -> None:
    path.write_bytes(bytes(600))


def spoil_replaced(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("spoil", [spoil_zeros, spoil_replaced])
async def test_a_picture_that_was_damaged_costs_itself_alone(
    album: Album, spoil: Callable[[Path], None]
) -> None:
    path = await album.get("/a.png")
    spoil(path)
    if path.is_dir():
        with pytest.raises(Problem, match="cannot be kept"):
            await album.get("/a.png")
        path.rmdir()
    assert (await album.get("/a.png")).read_bytes() == PNG


async def test_the_longest_unseen_go_when_there_are_too_many(album: Album) -> None:
    album.pictures = PictureCache(album.net, album.folder, HostLimiter(), limit_bytes=len(PNG) * 3)
    paths = []
    for number in range(5):
        album.server.routes[f"/{number}.png"] = lambda c: c.answer(PNG, "image/png")
        paths.append(await album.get(f"/{number}.png"))
        os.utime(paths[-1], (number, number))
        if number == 2:
            os.utime(paths[0], (10, 10))
    assert [path.exists() for path in paths] == [True, False, False, True, True]


async def test_closing_does_not_wait_for_one_that_hangs(album: Album) -> None:
    album.server.routes["/slow.png"] = Connection.hang
    coming = asyncio.create_task(album.get("/slow.png"))
    while not album.server.asked:
        await asyncio.sleep(0.01)
    await album.pictures.close()
    with pytest.raises(asyncio.CancelledError):
        await coming
