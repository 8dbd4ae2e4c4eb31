"""Saved edits of the station list arrive while the program runs."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from radiotui.stations import file
from radiotui.stations.edit import add_feed, remove_feed
from radiotui.stations.file import read_station_list, watch_station_list
from radiotui.stations.model import OwnFeed, StationList


def text(*ids: str) -> str:
    return "".join(
        f'[[station]]\nid = "{name}"\nname = "{name}"\n'
        '[[station.stream]]\nid = "live"\nurl = "http://x.example/"\n'
        for name in ids
    )


def ids(station_list: StationList) -> list[str]:
    return [station.id for station in station_list.stations]


class Heard:
    """What the watcher reported."""

    def __init__(self) -> None:
        self.station_lists: list[StationList] = []
        self._more = asyncio.Event()

    def __call__(self, station_list: StationList) -> None:
        assert asyncio.get_running_loop()
        self.station_lists.append(station_list)
        self._more.set()

    async def until(self, right: Callable[[StationList], bool]) -> StationList:
        async with asyncio.timeout(20):
            while not (self.station_lists and right(self.station_lists[-1])):
                self._more.clear()
                await self._more.wait()
        return self.station_lists[-1]


@asynccontextmanager
async def watching(path: Path, first: StationList | None = None) -> AsyncIterator[Heard]:
    heard = Heard()
    if first is None:
        first = await asyncio.to_thread(read_station_list, path)
    task = asyncio.create_task(watch_station_list(path, first, heard))
    try:
        yield heard
        assert not task.done()
    finally:
        task.cancel()
        async with asyncio.timeout(30):
            with pytest.raises(asyncio.CancelledError):
                await task


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "config" / "stations.toml"
    path.parent.mkdir()
    path.write_text(text("a"))
    return path


@pytest.fixture
def only_events(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is found by looking again and again, only by being told."""
    monkeypatch.setattr(file, "LOOK_SECONDS", 3600.0)


@pytest.fixture
def only_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looked at often, so that no test has to wait."""
    monkeypatch.setattr(file, "LOOK_SECONDS", 0.05)


def save(path: Path, words: str) -> None:
    """Save in one step, so that nobody can see half of it."""
    beside = path.with_name("beside")
    beside.write_text(words)
    beside.replace(path)


async def saved(path: Path, words: str, heard: Heard) -> None:
    """Save until the watcher, which may be just starting, has heard of it."""
    async with asyncio.timeout(20):
        while not heard.station_lists:
            save(path, words)
            await asyncio.sleep(0.2)


async def test_a_saved_edit_is_heard_of(path: Path, only_events: None) -> None:
    async with watching(path) as heard:
        await saved(path, text("a", "b"), heard)
        assert ids(heard.station_lists[-1]) == ["a", "b"]
        path.write_text(text("c"))
        await heard.until(lambda station_list: ids(station_list) == ["c"])


async def test_an_editor_that_writes_beside_and_renames(path: Path, only_events: None) -> None:
    async with watching(path) as heard:
        await saved(path, text("a", "b"), heard)
        beside = path.with_name(".stations.toml.swp")
        beside.write_text(text("c"))
        path.rename(path.with_name("stations.toml~"))
        beside.rename(path)
        await heard.until(lambda station_list: ids(station_list) == ["c"])
        assert all(not station_list.problems for station_list in heard.station_lists)


async def test_what_changes_nothing_is_not_told(path: Path, only_events: None) -> None:
    async with watching(path) as heard:
        await saved(path, text("b"), heard)
        save(path, "# a remark\n" + text("b"))
        path.with_name("settings.toml").write_text("volume = 3")
        await asyncio.sleep(0.3)
        save(path, text("c"))
        await heard.until(lambda station_list: ids(station_list) == ["c"])
        assert [ids(station_list) for station_list in heard.station_lists] == [["b"], ["c"]]


async def test_a_syntax_error_keeps_the_stations_and_is_told(path: Path, only_looks: None) -> None:
    async with watching(path) as heard:
        path.write_text('[[station]\nid = "b"')
        station_list = await heard.until(lambda station_list: bool(station_list.problems))
        assert ids(station_list) == ["a"]
        assert station_list.problems[0].title.startswith("stations.toml:1: ")
        path.write_text(text("a"))
        station_list = await heard.until(lambda station_list: not station_list.problems)
        assert ids(station_list) == ["a"]


async def test_a_file_that_goes_and_comes_back(path: Path, only_looks: None) -> None:
    async with watching(path) as heard:
        path.unlink()
        station_list = await heard.until(lambda station_list: bool(station_list.problems))
        assert ids(station_list) == ["a"]
        assert station_list.problems[0].title == (
            "stations.toml cannot be read: no such file or directory"
        )
        path.write_text(text("b"))
        await heard.until(lambda station_list: ids(station_list) == ["b"])
        assert heard.station_lists[-1].problems == ()


async def test_a_file_that_is_gone_for_a_moment_is_no_news(path: Path, only_events: None) -> None:
    async with watching(path) as heard:
        await saved(path, text("b"), heard)
        path.unlink()
        await asyncio.sleep(0.3)
        save(path, text("c"))
        await heard.until(lambda station_list: ids(station_list) == ["c"])
        assert [ids(station_list) for station_list in heard.station_lists] == [["b"], ["c"]]


async def test_a_folder_that_goes_and_comes_back(path: Path, only_looks: None) -> None:
    async with watching(path) as heard:
        shutil.rmtree(path.parent)
        await heard.until(lambda station_list: bool(station_list.problems))
        path.parent.mkdir()
        path.write_text(text("b"))
        await heard.until(lambda station_list: ids(station_list) == ["b"])
        path.write_text(text("c"))
        await heard.until(lambda station_list: ids(station_list) == ["c"])


async def test_a_list_without_a_file_waits_for_one_in_silence(
    tmp_path: Path, path: Path, only_looks: None
) -> None:
    built_in = read_station_list(path)
    mine = tmp_path / "not" / "yet" / "stations.toml"
    async with watching(mine, built_in) as heard:
        await asyncio.sleep(0.3)
        assert heard.station_lists == []
        mine.parent.mkdir(parents=True)
        save(mine, text("mine"))
        await heard.until(lambda station_list: ids(station_list) == ["mine"])
        assert len(heard.station_lists) == 1


async def test_an_edit_made_before_the_watch_began_is_found(path: Path, only_looks: None) -> None:
    first = read_station_list(path)
    path.write_text(text("a", "b"))
    async with watching(path, first) as heard:
        await heard.until(lambda station_list: ids(station_list) == ["a", "b"])


async def test_a_file_behind_a_link_is_followed(
    tmp_path: Path, path: Path, only_looks: None
) -> None:
    link = tmp_path / "links" / "stations.toml"
    link.parent.mkdir()
    link.symlink_to(path)
    async with watching(link) as heard:
        await asyncio.sleep(0.2)
        path.write_text(text("a", "b"))
        await heard.until(lambda station_list: ids(station_list) == ["a", "b"])


async def test_nothing_is_left_running_when_it_is_cancelled(path: Path, only_events: None) -> None:
    before = asyncio.all_tasks()
    async with watching(path) as heard:
        await saved(path, text("b"), heard)
    assert asyncio.all_tasks() == before
    path.write_text(text("c"))
    await asyncio.sleep(0.2)
    assert [ids(station_list) for station_list in heard.station_lists] == [["b"]]


async def test_a_feed_that_is_added_or_taken_away_is_heard_of(
    path: Path, only_events: None
) -> None:
    feed = OwnFeed("https://x.example/rss", "X")
    async with watching(path) as heard:
        await saved(path, text("b"), heard)
        await asyncio.to_thread(add_feed, path, feed)
        station_list = await heard.until(lambda station_list: station_list.feeds == (feed,))
        assert ids(station_list) == ["b"]
        await asyncio.to_thread(remove_feed, path, feed.url)
        await heard.until(lambda station_list: station_list.feeds == ())
