"""Pictures of chapters within an episode's file, by a companion that hears it as it comes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from radiotui.audio.chapter_extras import ByteSpan
from radiotui.player.intents import GoToPlace
from radiotui.podcasts.chapters import Chapter
from radiotui.problems import Problem
from tests.chapter_files import FileChapter, mp3_with, mp4_with, picture
from tests.servers import Connection, Server, serving
from tests.services.episode_host import asked_range, host
from tests.services.test_episode_progress import Sofa

COLOURS = {0: "red", 30: "lime", 60: "blue"}
CHAPTERS = [
    FileChapter(at, colour, "", picture(colour, "JPEG", 200)) for at, colour in COLOURS.items()
]


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        yield server


async def heard(sofa: Sofa) -> tuple[str, tuple[Chapter, ...]]:
    """The key of the episode at the ear, and its chapters once they are known."""
    await sofa.sit_down()
    await sofa.hears()
    item = sofa.companion.player_state.story
    assert item is not None
    async with asyncio.timeout(30):
        while not (chapters := sofa.companion.progress.chapters_heard(item.key)):
            await asyncio.sleep(0.01)
    return item.key, chapters


async def shown(sofa: Sofa, key: str, chapter: Chapter) -> Path:
    """The file of a chapter's picture, once its bytes have come."""
    assert chapter.picture is not None
    async with asyncio.timeout(60):
        while (path := await sofa.companion.progress.picture_within(key, chapter.picture)) is None:
            await asyncio.sleep(0.05)
    return path


def colour_of(path: Path) -> str:
    with Image.open(path) as opened:
        red, green, blue = opened.convert("RGB").getpixel((50, 50))  # type: ignore[misc]
    return {red: "red", green: "lime", blue: "blue"}[max(red, green, blue)]


@pytest.mark.parametrize("form", ["mp3", "mp4"])
async def test_they_are_those_of_the_file_while_it_comes(
    form: str, tmp_path: Path, server: Server
) -> None:
    sofa = Sofa(tmp_path, server)
    body = mp3_with(CHAPTERS, 90) if form == "mp3" else mp4_with(CHAPTERS, 90)
    server.routes["/chapters.json"] = lambda c: c.answer(b"{}", "application/json")
    server.routes["/sound"] = host(
        body,
        "audio/mpeg" if form == "mp3" else "audio/mp4",
        pace=200_000,
    )
    key, chapters = await heard(sofa)
    assert [chapter.title for chapter in chapters] == list(COLOURS.values())
    for chapter in chapters:
        sofa.companion.do(GoToPlace(chapter.start))
        assert colour_of(await shown(sofa, key, chapter)) == chapter.title
    await sofa.get_up()


async def test_what_has_not_come_or_is_none_is_said(tmp_path: Path, server: Server) -> None:
    sofa = Sofa(tmp_path, server)
    server.routes["/chapters.json"] = lambda c: c.answer(b"{}", "application/json")
    body = mp3_with(CHAPTERS, 90)
    whole = host(body)

    def begun(connection: Connection) -> None:
        """The first bytes, and no more."""
        if asked_range(connection):
            whole(connection)
            return
        head = f"HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\nContent-Length: {len(body)}\r\n\r\n"
        connection.send(head.encode() + body[:400_000])
        connection.hang()

    server.routes["/sound"] = begun
    key, (first, *_) = await heard(sofa)
    progress = sofa.companion.progress
    assert await progress.picture_within(key, ByteSpan(1_000_000, 100)) is None
    assert first.picture is not None
    assert await progress.picture_within("another episode", first.picture) is None
    with pytest.raises(Problem, match="none that can be shown"):
        await progress.picture_within(key, ByteSpan(0, 100))
    await sofa.get_up()
