"""Saved edits of the station list arrive while the program runs."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from radiotui.stations import file
from radiotui.stations.edit import add_feed, remove_feed
from radiotui.stations.file import read_roster, watch_roster
from radiotui.stations.model import OwnFeed, Roster


def text(*ids: str) -> str:
    return "".join(
        f'[[station]]\nid = "{name}"\nname = "{name}"\n'
        '[[station.stream]]\nid = "live"\nurl = "http://x.example/"\n'
        for name in ids
    )


def ids(roster: Roster) -> list[str]:
    return [station.id for station in roster.stations]


class Heard:
    """What the watcher reported."""

    def __init__(self) -> None:
        self.rosters: list[Roster] = []
        self._more = asyncio.Event()

    def __call__(self, roster: Roster) -> None:
        assert asyncio.get_running_loop()
        self.rosters.append(roster)
        self._more.set()

    async def until(self, right: Callable[[Roster], bool]) -> Roster:
        async with asyncio.timeout(20):
            while not (self.rosters and right(self.rosters[-1])):
                self._more.clear()
                await self._more.wait()
        return self.rosters[-1]


@asynccontextmanager
async def watching(path: Path, first: Roster | None = None) -> AsyncIterator[Heard]:
    heard = Heard()
    first = first or await asyncio.to_thread(read_roster, path)
    task = asyncio.create_task(watch_roster(path, first, heard))
    try:
        yield heard
        assert not task.done()
    finally:
        task.cancel()
        async with asyncio.timeout(5):
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
        while not heard.rosters:
            save(path, words)
            await asyncio.sleep(0.2)


async def test_a_saved_edit_is_heard_of(path: Path, only_events: None) -> None:
    async with watching(path) as heard:
        await saved(path, text("a", "b"), heard)
        assert ids(heard.rosters[-1]) == ["a", "b"]
        path.write_text(text("c"))
        await heard.until(lambda roster: ids(roster) == ["c"])


async def test_an_editor_that_writes_beside_and_renames(path: Path, only_events: None) -> None:
    async with watching(path) as heard:
        await saved(path, text("a", "b"), heard)
        beside = path.with_name(".stations.toml.swp")
        beside.write_text(text("c"))
        path.rename(path.with_name("stations.toml~"))
        beside.rename(path)
        await heard.until(lambda roster: ids(roster) == ["c"])
        assert all(not roster.problems for roster in heard.rosters)


async def test_what_changes_nothing_is_not_told(path: Path, only_events: None) -> None:
    async with watching(path) as heard:
        await saved(path, text("b"), heard)
        save(path, "# a remark\n" + text("b"))
        path.with_name("settings.toml").write_text("volume = 3")
        await asyncio.sleep(0.3)
        save(path, text("c"))
        await heard.until(lambda roster: ids(roster) == ["c"])
        assert [ids(roster) for roster in heard.rosters] == [["b"], ["c"]]


async def test_a_syntax_error_keeps_the_stations_and_is_told(path: Path, only_looks: None) -> None:
    async with watching(path) as heard:
        path.write_text('[[station]\nid = "b"')
        roster = await heard.until(lambda roster: bool(roster.problems))
        assert ids(roster) == ["a"]
        assert roster.problems[0].title.startswith("stations.toml:1: ")
        path.write_text(text("a"))
        roster = await heard.until(lambda roster: not roster.problems)
        assert ids(roster) == ["a"]


async def test_a_file_that_goes_and_comes_back(path: Path, only_looks: None) -> None:
    async with watching(path) as heard:
        path.unlink()
        roster = await heard.until(lambda roster: bool(roster.problems))
        assert ids(roster) == ["a"]
        assert roster.problems[0].title == (
            "stations.toml cannot be read: no such file or directory"
        )
        path.write_text(text("b"))
        await heard.until(lambda roster: ids(roster) == ["b"])
        assert heard.rosters[-1].problems == ()


async def test_a_file_that_is_gone_for_a_moment_is_no_news(path: Path, only_events: None) -> None:
    async with watching(path) as heard:
        await saved(path, text("b"), heard)
        path.unlink()
        await asyncio.sleep(0.3)
        save(path, text("c"))
        await heard.until(lambda roster: ids(roster) == ["c"])
        assert [ids(roster) for roster in heard.rosters] == [["b"], ["c"]]


async def test_a_folder_that_goes_and_comes_back(path: Path, only_looks: None) -> None:
    async with watching(path) as heard:
        shutil.rmtree(path.parent)
        await heard.until(lambda roster: bool(roster.problems))
        path.parent.mkdir()
        path.write_text(text("b"))
        await heard.until(lambda roster: ids(roster) == ["b"])
        path.write_text(text("c"))
        await heard.until(lambda roster: ids(roster) == ["c"])


async def test_a_list_without_a_file_waits_for_one_in_silence(
    tmp_path: Path, path: Path, only_looks: None
) -> None:
    built_in = read_roster(path)
    mine = tmp_path / "not" / "yet" / "stations.toml"
    async with watching(mine, built_in) as heard:
        await asyncio.sleep(0.3)
        assert heard.rosters == []
        mine.parent.mkdir(parents=True)
        save(mine, text("mine"))
        await heard.until(lambda roster: ids(roster) == ["mine"])
        assert len(heard.rosters) == 1


async def test_an_edit_made_before_the_watch_began_is_found(path: Path, only_looks: None) -> None:
    first = read_roster(path)
    path.write_text(text("a", "b"))
    async with watching(path, first) as heard:
        await heard.until(lambda roster: ids(roster) == ["a", "b"])


async def test_a_file_behind_a_link_is_followed(
    tmp_path: Path, path: Path, only_looks: None
) -> None:
    link = tmp_path / "links" / "stations.toml"
    link.parent.mkdir()
    link.symlink_to(path)
    async with watching(link) as heard:
        await asyncio.sleep(0.2)
        path.write_text(text("a", "b"))
        await heard.until(lambda roster: ids(roster) == ["a", "b"])


async def test_nothing_is_left_running_when_it_is_cancelled(path: Path, only_events: None) -> None:
    before = asyncio.all_tasks()
    async with watching(path) as heard:
        await saved(path, text("b"), heard)
    assert asyncio.all_tasks() == before
    path.write_text(text("c"))
    await asyncio.sleep(0.2)
    assert [ids(roster) for roster in heard.rosters] == [["b"]]


async def test_a_feed_that_is_added_or_taken_away_is_heard_of(
    path: Path, only_events: None
) -> None:
    feed = OwnFeed("https://x.example/rss", "X")
    async with watching(path) as heard:
        await saved(path, text("b"), heard)
        await asyncio.to_thread(add_feed, path, feed)
        roster = await heard.until(lambda roster: roster.feeds == (feed,))
        assert ids(roster) == ["b"]
        await asyncio.to_thread(remove_feed, path, feed.url)
        await heard.until(lambda roster: roster.feeds == ())
