"""Queues by a companion over podcasts on loopback: kept, shared, filled, and played on and on."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from radiotui.app.companion import Companion, Options
from radiotui.app.intents import QueueRecording
from radiotui.config import Folders
from radiotui.player.intents import (
    ClearQueue,
    EndItem,
    Enqueue,
    GoToPlace,
    MoveInQueue,
    PlayFromQueue,
    PlayQueue,
    RemoveFromQueue,
    SkipQueueItem,
    SleepAfter,
    SleepAfterItems,
    Stop,
)
from radiotui.player.queue import MOST_QUEUED, QueueItem, entry_key, file_key
from radiotui.player.state import PlayerState, PlayState
from radiotui.problems import Problem
from radiotui.stories.intents import ListenToStory, QueueStory, QueueStoryNext
from tests.servers import Server, serving
from tests.services.episode_host import host
from tests.services.test_podcasts import feed
from tests.sounds import encode

NOW = datetime(2026, 3, 6, 20, tzinfo=UTC)
SECONDS = 30.0


def show(server: Server, name: str, parts: int, *, minutes: int = 1) -> bytes:
    items = "".join(
        f"<item><guid>{name} {part}</guid><title>{name} {part}</title>"
        f"<pubDate>Sun, {part:02} Feb 2026 10:00:00 GMT</pubDate>"
        f"<itunes:duration>{minutes * 60}</itunes:duration>"
        f'<enclosure url="{server.url("/sound")}" type="audio/mpeg" length="1"/></item>'
        for part in range(parts, 0, -1)
    )
    namespace = 'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
    return f"<rss {namespace}><channel><title>{name}</title>{items}</channel></rss>".encode()


class Desk:
    """A listener's program over files that another one may use, too."""

    def __init__(self, folder: Path, stations: Path) -> None:
        self.folder = folder
        self.stations = stations
        self.told: list[PlayerState] = []
        self.unwritten: list[tuple[set[str], set[str]]] = []
        """What was shown before it was on the disk."""
        self.companion: Companion

    async def open(self) -> None:
        options = Options(engine="silent", folders=Folders(self.folder), stations=self.stations)
        self.companion = Companion(options, clock=lambda: NOW)
        self.companion.load()
        self.companion.subscribe(self._receive)
        await self.companion.open(screen=True)

    @property
    def file(self) -> Path:
        return self.companion.options.store_path

    def on_disk(self) -> set[str]:
        with closing(sqlite3.connect(self.file)) as file:
            return {title for (title,) in file.execute("SELECT title FROM queued")}

    def _receive(self, update: object) -> None:
        if isinstance(update, PlayerState):
            self.told.append(update)
            shown = {item.title for item in update.queue}
            if not shown <= (stored := self.on_disk()):
                self.unwritten.append((shown, stored))

    async def entries(self, name: str) -> dict[str, int]:
        """The numbers of a podcast's episodes, by title."""
        _, episodes = await self.companion.podcasts.episodes(name)
        return {each.headline.title: each.headline.id for each in episodes}

    @property
    def titles(self) -> list[str]:
        return [item.title for item in self.companion.player_state.queue]

    async def shows(self, *titles: str) -> None:
        """Wait until the queue is that."""
        await self.until(lambda _: self.titles == list(titles), lambda: str(self.titles))

    async def until(
        self, wanted: Callable[[PlayerState], bool], what: Callable[[], str] = lambda: ""
    ) -> PlayerState:
        try:
            async with asyncio.timeout(40):
                while not wanted(self.companion.player_state):
                    await asyncio.sleep(0.01)
        except TimeoutError:
            raise AssertionError(what() or str(self.companion.player_state)) from None
        return self.companion.player_state

    async def hears(self, title: str) -> None:
        await self.until(
            lambda p: bool(p.story and p.story.title == title) and p.state is PlayState.PLAYING
        )

    async def written(self, *titles: str) -> None:
        """Wait until the disk has that, and nothing else."""
        async with asyncio.timeout(20):
            while self.on_disk() != set(titles):
                await asyncio.sleep(0.01)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        server.routes["/sound"] = host(encode("mp3", SECONDS))
        for path, name, parts in (("/notes", "Notes", 4), ("/news", "News", 3)):
            server.routes[path] = feed(show(server, name, parts).decode())
        yield server


@pytest.fixture
def stations(tmp_path: Path, server: Server) -> Path:
    path = tmp_path / "stations.toml"
    path.write_text(
        "".join(
            f'[[podcast]]\ntitle = "{name}"\nurl = "{server.url(where)}"\n'
            for name, where in (("Notes", "/notes"), ("News", "/news"))
        )
    )
    return path


@pytest.fixture
async def sit_down(
    tmp_path: Path, stations: Path
) -> AsyncIterator[Callable[[], Coroutine[Any, Any, Desk]]]:
    desks: list[Desk] = []

    async def sit_down() -> Desk:
        desks.append(Desk(tmp_path, stations))
        await desks[-1].open()
        return desks[-1]

    yield sit_down
    for desk in desks:
        await desk.companion.close()


async def test_what_is_queued_is_on_the_disk_when_it_is_shown(sit_down) -> None:
    desk = await sit_down()
    notes = await desk.entries("Notes")
    for title in ("Notes 1", "Notes 2", "Notes 3"):
        desk.companion.do(QueueStory(notes[title]))
    await desk.until(lambda p: len(p.queue) == 3)
    desk.companion.do(QueueStoryNext(notes["Notes 4"]))
    await desk.until(lambda p: len(p.queue) == 4)
    assert desk.titles[0] == "Notes 4"
    assert desk.unwritten == []
    item = desk.companion.player_state.queue[0]
    assert (item.guid, item.entry) == ("Notes 4", notes["Notes 4"])
    assert item.key == item.kept == entry_key(item.feed, "Notes 4")


async def test_it_is_there_at_the_next_start_whatever_the_feed_lists(
    sit_down, server: Server
) -> None:
    desk = await sit_down()
    notes = await desk.entries("Notes")
    for title in ("Notes 1", "Notes 4"):
        desk.companion.do(QueueStory(notes[title]))
    await desk.until(lambda p: len(p.queue) == 2)
    shown = desk.titles
    store = (await desk.companion.services()).store
    await store.ask(lambda c: c.execute("DELETE FROM entry").close())
    await desk.companion.close()
    server.routes["/notes"] = lambda c: c.answer(show(server, "Notes", 0), "text/xml")

    again = await sit_down()
    assert again.titles == shown
    again.companion.do(PlayQueue())
    await again.hears(shown[0])
    again.companion.do(GoToPlace(SECONDS - 2))
    await again.hears(shown[1])
    await again.written(shown[1])


async def test_the_queue_of_an_older_version_is_taken_over_once(sit_down, server: Server) -> None:
    desk = await sit_down()
    notes = await desk.entries("Notes")
    remembered = [
        {"key": str(notes["Notes 2"]), "url": server.url("/sound"), "title": "Notes 2",
         "from_": "Notes", "seconds": 60.0, "kept": "abc"},
        {"key": "99999", "url": "https://a.example/gone.mp3", "title": "Long gone"},
        {"key": "file /music/a.mp3", "url": "", "title": "A tune", "path": "/music/a.mp3"},
    ]  # fmt: skip
    store = (await desk.companion.services()).store
    await store.remember("newscast", json.dumps(remembered))
    await store.remember("episode", json.dumps(remembered[0]))
    await desk.companion.close()

    again = await sit_down()
    assert again.titles == ["Notes 2", "Long gone", "A tune"]
    first, gone, tune = again.companion.player_state.queue
    assert (first.guid, first.entry, first.kept) == ("Notes 2", notes["Notes 2"], "abc")
    assert (gone.feed, gone.guid, gone.url) == ("", gone.url, "https://a.example/gone.mp3")
    assert (tune.key, tune.path) == (file_key("/music/a.mp3"), "/music/a.mp3")
    # So is the episode that was heard then: it is paused, and known by feed and guid.
    state = await again.until(lambda p: p.story is not None and p.state is PlayState.PAUSED)
    assert state.story is not None
    assert state.story.guid == "Notes 2"
    assert await again.companion.recall("newscast") is None
    again.companion.do(ClearQueue())
    await again.shows()
    await again.companion.close()
    assert (await sit_down()).titles == []


async def test_two_programs_keep_and_show_what_either_adds(sit_down) -> None:
    one, two = await sit_down(), await sit_down()
    notes = await one.entries("Notes")
    one.companion.do(QueueStory(notes["Notes 1"]))
    await one.shows("Notes 1")
    two.companion.do(QueueStory(notes["Notes 2"]))
    await two.shows("Notes 1", "Notes 2")
    one.companion.do(QueueStory(notes["Notes 3"]))
    await one.shows("Notes 1", "Notes 2", "Notes 3")
    # Nobody has to do anything to see it.
    await two.shows("Notes 1", "Notes 2", "Notes 3")
    two.companion.do(RemoveFromQueue(two.companion.player_state.queue[0].key))
    await one.shows("Notes 2", "Notes 3")
    assert one.unwritten == two.unwritten == []


async def test_moving_taking_out_and_undoing(sit_down) -> None:
    desk = await sit_down()
    notes = await desk.entries("Notes")
    for title in ("Notes 1", "Notes 2", "Notes 3"):
        desk.companion.do(QueueStory(notes[title]))
        await desk.until(lambda _, title=title: title in desk.titles)
    keys = {item.title: item.key for item in desk.companion.player_state.queue}
    desk.companion.do(MoveInQueue(keys["Notes 3"], -5))
    await desk.shows("Notes 3", "Notes 1", "Notes 2")
    desk.companion.do(RemoveFromQueue(keys["Notes 1"]))
    await desk.shows("Notes 3", "Notes 2")
    desk.companion.do(ClearQueue())
    await desk.shows()
    for titles in (("Notes 3", "Notes 2"), ("Notes 3", "Notes 1", "Notes 2"),
                   ("Notes 1", "Notes 2", "Notes 3"), ("Notes 1", "Notes 2")):  # fmt: skip
        assert await desk.companion.queues.undo() is not None
        await desk.shows(*titles)


async def test_what_was_skipped_comes_back_and_what_was_heard_does_not(sit_down) -> None:
    desk = await sit_down()
    notes = await desk.entries("Notes")
    for title in ("Notes 1", "Notes 2", "Notes 3"):
        desk.companion.do(QueueStory(notes[title]))
        await desk.until(lambda _, title=title: title in desk.titles)
    desk.companion.do(PlayQueue())
    await desk.hears("Notes 1")
    desk.companion.do(SkipQueueItem())
    await desk.hears("Notes 2")
    await desk.written("Notes 2", "Notes 3")
    desk.companion.do(GoToPlace(SECONDS - 1.5))
    await desk.hears("Notes 3")
    await desk.written("Notes 3")
    await desk.companion.queues.undo()
    await desk.written("Notes 1", "Notes 3")


async def test_it_is_played_from_any_of_its_items_on(sit_down) -> None:
    desk = await sit_down()
    notes = await desk.entries("Notes")
    for title in ("Notes 1", "Notes 2", "Notes 3"):
        desk.companion.do(QueueStory(notes[title]))
        await desk.until(lambda _, title=title: title in desk.titles)
    desk.companion.do(PlayFromQueue(desk.companion.player_state.queue[2].key))
    await desk.hears("Notes 3")
    assert desk.titles == ["Notes 3", "Notes 1", "Notes 2"]
    desk.companion.do(QueueStoryNext(notes["Notes 4"]))
    await desk.shows("Notes 3", "Notes 4", "Notes 1", "Notes 2")
    desk.companion.do(SkipQueueItem())
    await desk.hears("Notes 4")
    await desk.written("Notes 4", "Notes 1", "Notes 2")


async def test_several_queues_and_one_in_use(sit_down) -> None:
    desk = await sit_down()
    notes = await desk.entries("Notes")
    desk.companion.do(QueueStory(notes["Notes 1"]))
    await desk.shows("Notes 1")
    queues = desk.companion.queues
    await queues.make("Evening")
    await desk.shows()
    desk.companion.do(QueueStory(notes["Notes 2"]))
    await desk.shows("Notes 2")
    assert desk.companion.player_state.queue_name == "Evening"
    await queues.rename("evening", "Night")
    await queues.use("main")
    await desk.shows("Notes 1")
    await queues.delete("Night")
    listed, in_use = await queues.names()
    assert ([queue.name for queue in listed], in_use) == (["Main"], "Main")
    change = await queues.undo()
    assert change is not None
    assert change.words == "“Night” deleted"
    await queues.use("Night")
    await desk.shows("Notes 2")
    for wrong, words in (("", "needs a name"), ("main", "is a queue")):
        with pytest.raises(Problem, match=words):
            await queues.make(wrong)
    with pytest.raises(Problem, match="there is no queue 'Nighty'") as raised:
        await queues.use("Nighty")
    assert raised.value.hint == "did you mean Night?"


async def test_an_episode_that_was_heard_leaves_every_queue(sit_down) -> None:
    desk = await sit_down()
    notes = await desk.entries("Notes")
    desk.companion.do(QueueStory(notes["Notes 1"]))
    await desk.shows("Notes 1")
    desk.companion.do(PlayQueue())
    await desk.hears("Notes 1")
    await desk.companion.queues.make("Evening")
    await desk.shows()
    desk.companion.do(QueueStory(notes["Notes 2"]))
    await desk.shows("Notes 2")
    desk.companion.do(GoToPlace(SECONDS - 1.5))
    # The queue in use goes on, and the other has it no more.
    await desk.hears("Notes 2")
    await desk.written("Notes 2")


async def test_a_rule_fills_the_queue_and_goes_on_when_it_runs_dry(
    sit_down, server: Server
) -> None:
    desk = await sit_down()
    queues = desk.companion.queues
    rule = await queues.set_rule("Newest of news;  unheard of Notes, News; at most 3 minutes")
    assert rule == "newest of news; unheard of Notes, News; at most 3 minutes"
    assert (await queues.fill()).count == 3
    await desk.shows("News 3", "Notes 4", "Notes 3")
    assert (await queues.fill()).count == 0
    await queues.undo()
    await desk.shows()

    await queues.set_rule("newest of News; when empty")
    desk.companion.do(PlayQueue())
    await desk.hears("News 3")
    # Nothing newer is there yet; then it is.
    server.routes["/news"] = lambda c: c.answer(show(server, "News", 4), "text/xml")
    await desk.companion.podcasts.refresh("News")
    desk.companion.do(Enqueue((desk.companion.player_state.queue[0],)))
    notes = await desk.entries("Notes")
    desk.companion.do(QueueStory(notes["Notes 1"]))
    await desk.shows("News 3", "Notes 1")
    desk.companion.do(SkipQueueItem())
    await desk.hears("Notes 1")
    await desk.shows("Notes 1", "News 4")
    desk.companion.do(GoToPlace(SECONDS - 1.5))
    await desk.hears("News 4")


async def test_a_rule_that_cannot_be_followed_is_said(sit_down) -> None:
    desk = await sit_down()
    with pytest.raises(Problem, match="has no rule"):
        await desk.companion.queues.fill()
    with pytest.raises(Problem, match="there is no podcast 'Nots'"):
        await desk.companion.queues.set_rule("unheard of Nots")
    assert desk.companion.queues.rule == ""


async def test_a_podcast_of_a_rule_that_is_gone_is_said_and_the_others_count(
    sit_down, stations: Path
) -> None:
    desk = await sit_down()
    await desk.companion.queues.set_rule("newest of Notes, News")
    await desk.companion.podcasts.remove("News")
    await desk.until(lambda _: len(desk.companion.followed_feeds().podcasts) == 1)
    filled = await desk.companion.queues.fill()
    assert filled.count == 1
    assert "there is no podcast 'News'" in str(filled.problem)


async def test_it_falls_silent_after_so_many_of_the_queue(sit_down) -> None:
    desk = await sit_down()
    notes = await desk.entries("Notes")
    for title in ("Notes 1", "Notes 2", "Notes 3"):
        desk.companion.do(QueueStory(notes[title]))
        await desk.until(lambda _, title=title: title in desk.titles)
    desk.companion.do(PlayQueue())
    await desk.hears("Notes 1")
    desk.companion.do(SleepAfterItems(2))
    desk.companion.do(GoToPlace(SECONDS - 1.5))
    await desk.hears("Notes 2")
    assert desk.companion.player_state.sleep is not None
    desk.companion.do(GoToPlace(SECONDS - 1.5))
    await desk.until(lambda p: p.state is PlayState.STOPPED)
    await desk.written("Notes 3")
    assert desk.companion.player_state.sleep is None


async def test_without_chapters_there_is_no_chapters_end(sit_down) -> None:
    desk = await sit_down()
    desk.companion.do(ListenToStory((await desk.entries("Notes"))["Notes 1"]))
    await desk.hears("Notes 1")
    desk.companion.do(SleepAfter("chapter"))
    assert desk.companion.player_state.sleep is None
    desk.companion.do(Stop())


async def test_a_recording_is_queued_and_follows_its_new_name(sit_down) -> None:
    desk = await sit_down()
    folder = desk.companion.recordings_path
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "bells.mp3").write_bytes(encode("mp3", 3))
    (file,) = (await desk.companion.recordings.look()).files
    desk.companion.do(QueueRecording(file.path))
    await desk.until(lambda p: len(p.queue) == 1)
    renamed = await desk.companion.recordings.rename(file.path, "The bells")
    item = QueueItem(key="other", url="https://a.example/1.mp3", title="Other", guid="1")
    desk.companion.do(Enqueue((item,)))
    state = await desk.until(lambda p: len(p.queue) == 2)
    assert [one.path for one in state.queue] == [renamed.path, ""]
    desk.companion.do(EndItem("nothing"))


async def test_a_file_whose_name_is_no_text_is_refused_in_words(sit_down) -> None:
    desk = await sit_down()
    path = b"/music/\xff.mp3".decode(errors="surrogateescape")
    item = QueueItem(key=file_key(path), url="", title="Noise", path=path)
    with pytest.raises(Problem, match="“Noise” cannot be queued"):
        await desk.companion.queues.add((item,))
    assert desk.titles == []


async def test_a_queue_takes_no_more_than_can_be_kept_and_says_so(sit_down) -> None:
    desk = await sit_down()
    many = tuple(
        QueueItem(key=entry_key("", str(number)), url="u", title="t", guid=str(number))
        for number in range(MOST_QUEUED)
    )
    await desk.companion.queues.add(many)
    with pytest.raises(Problem, match="The queue is full"):
        await desk.companion.queues.add((QueueItem(key="x", url="v", title="more"),))
    await desk.companion.queues.add(many[:1])
    assert len(desk.companion.player_state.queue) == MOST_QUEUED
