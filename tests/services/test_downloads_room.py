"""Downloads in the whole program: by key and by themselves, heard from their file, and undone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from radiotui.app.companion import Companion, Notice, Options
from radiotui.app.intents import ToggleDownload
from radiotui.config import Folders
from radiotui.player.state import PlayState
from radiotui.podcasts.settings import PodcastSettings
from radiotui.stories.intents import ListenToStory
from radiotui.stories.model import Downloaded, DownloadList, EpisodeDownload
from tests.feeds import rss
from tests.servers import Connection, Server, serving
from tests.services.episode_host import host
from tests.sounds import encode

SOUND = encode("mp3", 60)


def answer(feed: bytes, connection: Connection) -> None:
    connection.answer(feed, "application/rss+xml")


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        for name, kind in (("show", "episodic"), ("serial", "serial")):
            items = "".join(
                f"<item><title>{name} {number}</title><guid>{number}</guid>"
                f"<pubDate>Sun, {number:02} Mar 2026 10:00:00 GMT</pubDate>"
                f"<enclosure url='{server.url(f'/{name}{number}.mp3')}' type='audio/mpeg'/></item>"
                for number in (3, 2, 1)
            )
            feed = rss(items, f"<itunes:type>{kind}</itunes:type>").replace("Coconino Now", name)
            server.routes[f"/{name}.rss"] = partial(answer, feed.encode())
            for number in (1, 2, 3):
                server.routes[f"/{name}{number}.mp3"] = host(SOUND)
        yield server


class Running:
    """A program that runs without a screen, and what it told."""

    def __init__(self, folder: Path, server: Server, settings: str = "") -> None:
        stations, config = folder / "stations.toml", folder / "settings.toml"
        stations.write_text(
            f'[[podcast]]\nurl = "{server.url("/show.rss")}"\n'
            f'[[podcast]]\nurl = "{server.url("/serial.rss")}"\n'
        )
        config.write_text(settings)
        options = Options(
            stations=stations, config=config, engine="silent", folders=Folders(folder)
        )
        self.companion = Companion(options)
        self.told: list[object] = []
        self._changed = asyncio.Event()

    def _receive(self, update: object) -> None:
        self.told.append(update)
        self._changed.set()

    async def open(self) -> None:
        """Open it, look after its downloads, and ask its podcasts."""
        self.companion.load()
        self.companion.subscribe(self._receive)
        await self.companion.open(screen=False)
        self.keeping = asyncio.get_running_loop().create_task(self.companion.downloads.keep())
        await self.companion.podcasts.refresh()

    async def entry(self, title: str) -> int:
        """The id of an episode by its title."""
        _, episodes = await self.companion.podcasts.episodes(title.split(maxsplit=1)[0])
        return next(one.headline.id for one in episodes if one.headline.title == title)

    async def until(
        self, wanted: Callable[[dict[str, EpisodeDownload]], bool]
    ) -> dict[str, EpisodeDownload]:
        """Wait until the downloads, by title, are so."""
        async with asyncio.timeout(60):
            while True:
                self._changed.clear()
                shown = self.companion.downloads.snapshot.downloads
                downloads = {download.title: download for download in shown}
                if wanted(downloads):
                    return downloads
                await self._changed.wait()

    @property
    def notices(self) -> list[str]:
        return [str(each.problem) for each in self.told if isinstance(each, Notice)]

    async def close(self) -> None:
        self.keeping.cancel()
        await asyncio.gather(self.keeping, return_exceptions=True)
        await self.companion.close()


@pytest.fixture
async def running(tmp_path: Path, server: Server) -> AsyncIterator[Running]:
    running = Running(tmp_path, server)
    await running.open()
    yield running
    await running.close()


def is_whole(title: str) -> Callable[[dict[str, EpisodeDownload]], bool]:
    return lambda downloads: title in downloads and downloads[title].state == "whole"


async def test_the_same_key_downloads_removes_and_brings_back(
    running: Running, server: Server
) -> None:
    entry = await running.entry("show 2")
    toggle = ToggleDownload(entry)
    running.companion.do(toggle)
    path = Path((await running.until(is_whole("show 2")))["show 2"].path)
    assert path.exists()
    asked = len(server.asked)
    running.companion.do(toggle)
    await running.until(lambda each: each["show 2"].state == "removed")
    async with asyncio.timeout(30):
        while path.exists():
            await asyncio.sleep(0.01)
    running.companion.do(toggle)
    await running.until(is_whole("show 2"))
    assert path.exists()
    assert len(server.asked) == asked, "it is the same file"
    words = [text for text in running.notices if "show 2" in text or "back" in text]
    assert "The file of “show 2” is removed: again brings it back" in words


async def test_what_was_removed_is_gone_with_the_program_and_does_not_come_by_itself(
    tmp_path: Path, server: Server
) -> None:
    running = Running(tmp_path, server, "downloads-new = 1\n")
    await running.open()
    toggle = ToggleDownload(await running.entry("show 3"))
    running.companion.do(toggle)
    path = Path((await running.until(is_whole("show 3")))["show 3"].path)
    running.companion.do(toggle)
    await running.until(lambda each: each["show 3"].state == "removed")
    async with asyncio.timeout(30):
        while path.exists():
            await asyncio.sleep(0.01)
    await running.close()
    assert not list((tmp_path / "downloads").rglob("*.mp3"))
    again = Running(tmp_path, server, "downloads-new = 1\n")
    await again.open()
    assert await again.companion.downloads.choose_new() == 1, "of the serial alone"
    await again.until(is_whole("serial 1"))
    await again.until(lambda each: "show 3" not in each)
    await again.close()


async def test_new_ones_come_by_themselves_as_the_settings_say(
    tmp_path: Path, server: Server
) -> None:
    running = Running(tmp_path, server, 'downloads-new = 2\n[downloads-new-of]\n"serial" = 1\n')
    await running.open()
    room = running.companion.downloads
    assert await room.choose_new() == 3
    # The newest two of one, and the first of what is to be heard from its beginning.
    await running.until(
        lambda each: {d.state for d in each.values()} == {"whole"} and len(each) == 3
    )
    downloads = {download.title: download for download in room.snapshot.downloads}
    assert downloads.keys() == {"show 3", "show 2", "serial 1"}
    assert all(download.is_automatic for download in downloads.values())
    assert await room.choose_new() == 0
    await running.close()


async def test_what_is_set_for_a_podcast_goes_before_the_settings(
    tmp_path: Path, server: Server
) -> None:
    running = Running(tmp_path, server, 'downloads-new = 2\n[downloads-new-of]\n"serial" = 1\n')
    await running.open()
    for name, most in (("show", 0), ("serial", 2)):
        await running.companion.podcast_settings.change(
            server.url(f"/{name}.rss"), PodcastSettings(downloads=most, order="oldest")
        )
    room = running.companion.downloads
    assert await room.choose_new() == 2
    downloads = {download.title for download in (await room.listed()).downloads}
    assert downloads == {"serial 1", "serial 2"}
    # In whatever order they are listed, the newest is the newest.
    newest = await running.companion.podcasts.episodes("show")
    assert await room.named("show/latest") == newest[1][0].headline.id
    assert newest[1][0].headline.title == "show 3"
    await running.close()


async def test_an_episode_is_heard_from_its_file_without_its_host(
    running: Running, server: Server
) -> None:
    entry = await running.entry("show 1")
    running.companion.do(ToggleDownload(entry))
    await running.until(is_whole("show 1"))
    del server.routes["/show1.mp3"]
    asked = len(server.asked)
    running.companion.do(ListenToStory(entry))
    async with asyncio.timeout(60):
        while (running.companion.player_state.current.position or 0.0) < 0.5:
            await asyncio.sleep(0.01)
    state = running.companion.player_state
    assert state.state is PlayState.PLAYING
    assert state.current.length == pytest.approx(60, abs=0.3)
    assert len(server.asked) == asked


async def test_the_section_lists_what_is_to_come_before_what_is_there(
    running: Running, server: Server
) -> None:
    for title in ("show 1", "show 2"):
        running.companion.do(ToggleDownload(await running.entry(title)))
        await running.until(is_whole(title))
    server.routes["/show3.mp3"] = host(SOUND, pace=20_000)
    running.companion.do(ToggleDownload(await running.entry("show 3")))
    await running.until(lambda each: "show 3" in each and each["show 3"].state == "running")
    section = running.companion.stories.section(Downloaded())
    assert section is not None
    service = (await running.companion.services()).story_service
    titles = [headline.title for headline in (await service.story_list(section)).headlines]
    assert titles[0] == "show 3"
    assert set(titles) == {"show 1", "show 2", "show 3"}
    assert any(isinstance(update, DownloadList) for update in running.told)


async def test_a_story_without_a_sound_is_said(running: Running, server: Server) -> None:
    feed = rss("<item><title>show word</title><guid>w</guid></item>").replace("Coconino", "show")
    server.routes["/show.rss"] = lambda c: c.answer(feed.encode(), "application/rss+xml")
    await running.companion.podcasts.refresh()
    service = (await running.companion.services()).story_service
    (word,) = [story for story in await service.newest(None) if story.title == "show word"]
    running.companion.do(ToggleDownload(word.id))
    async with asyncio.timeout(30):
        while not any("has no sound to download" in text for text in running.notices):
            await asyncio.sleep(0.01)
    assert (await running.companion.downloads.listed()).downloads == ()
