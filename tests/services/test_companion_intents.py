"""Intents through the Companion's one door: as JSON, before the services run, and their effects."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from radiotui.app.companion import Companion, Notice, Options, Update
from radiotui.app.intents import (
    DeleteRecording,
    ForgetPlayed,
    Intent,
    LookAt,
    PlayAddress,
    PlayFile,
    PlayRecording,
    RenameRecording,
    StarPlayed,
    Tune,
)
from radiotui.config import Folders, Settings
from radiotui.player.intents import ChangeVolume, GoToPlayed, MoveInQueue, Shift, ToggleMute
from radiotui.player.state import PlayerState, PlayState
from radiotui.stories.intents import KeepPlace, MarkRead, NarrowList, ShowOlder, Star, WidenList
from radiotui.stories.model import AllStories, Folder, StationSection, StoryList
from tests.servers import Connection, serving
from tests.services.worker_processes import until, workers
from tests.snapshots import changed, snapshot
from tests.sounds import encode

THREE = datetime(2026, 3, 2, 15, tzinfo=UTC)
SONG = snapshot(
    state=PlayState.PLAYING,
    station="knau",
    stream="news",
    station_name="KNAU",
    title="Nina Simone - Sinnerman",
    title_at=THREE,
    heard_at=THREE,
)


class Updates:
    """The updates of a Companion, to be waited for."""

    def __init__(self, companion: Companion) -> None:
        self._queue: asyncio.Queue[Update] = asyncio.Queue()
        companion.subscribe(self._queue.put_nowait)

    async def until(self, holds: Callable[[Update], bool]) -> Update:
        """The first update that holds."""
        async with asyncio.timeout(20):
            while not holds(update := await self._queue.get()):
                pass
        return update


@pytest.fixture
def companion(tmp_path: Path) -> Companion:
    companion = Companion(Options(demo=True, engine="silent", folders=Folders(tmp_path)))
    companion.load()
    return companion


@pytest.fixture
async def running(companion: Companion) -> AsyncIterator[Companion]:
    await companion.open(screen=False)
    yield companion
    await companion.close()


@pytest.mark.parametrize(
    "intent",
    [
        Tune("knau", "news"),
        PlayAddress("https://a.example/live"),
        PlayFile("/music/song.mp3"),
        LookAt(StationSection("knau")),
        LookAt(Folder("News/Arizona")),
        LookAt(AllStories()),
        StarPlayed(3, False),
        PlayRecording("/music/radiotui/KNAU/song.mp3"),
        RenameRecording("/music/radiotui/KNAU/song.mp3", "Sinnerman"),
        DeleteRecording("/music/radiotui/KNAU/song.mp3"),
        Star(3),
        MarkRead((1, 2), read=False),
        KeepPlace(1, 0.5),
        ShowOlder(),
        NarrowList("tide"),
        WidenList(3),
        Shift(-10.0),
        ChangeVolume(5),
        MoveInQueue("7", -1),
        GoToPlayed("knau", "news", THREE),
    ],
)
def test_an_intent_goes_through_json(intent: Intent) -> None:
    data = msgspec.json.encode(intent)
    assert msgspec.json.decode(data, type=Intent) == intent
    assert msgspec.json.decode(data)["type"] == type(intent).__name__


def test_each_intent_has_a_name_of_its_own() -> None:
    names = [kind.__name__ for kind in get_args(Intent)]
    assert len(names) == len(set(names)) > 30


async def test_intents_about_sound_wait_for_no_services(companion: Companion) -> None:
    companion.do(ToggleMute())
    companion.do(PlayFile("/nowhere.mp3"))
    assert companion.player_state == PlayerState()
    await companion.open(screen=False)
    await companion.close()


async def test_tuning_waits_for_the_services(companion: Companion) -> None:
    updates = Updates(companion)
    companion.do(Tune("test-signal", "signal"))
    await companion.open(screen=False)
    await updates.until(lambda u: isinstance(u, PlayerState) and u.station == "test-signal")
    async with asyncio.timeout(20):
        while await companion.recall("last") != "test-signal/signal":
            await asyncio.sleep(0)
    await companion.close()


async def test_a_front_end_may_keep_the_last_station(running: Companion) -> None:
    updates = Updates(running)
    running.do(Tune("test-signal", "signal", remember=False))
    await updates.until(lambda u: isinstance(u, PlayerState) and u.station == "test-signal")
    assert await running.recall("last") is None


async def test_a_station_that_is_not_there_is_a_notice(running: Companion) -> None:
    updates = Updates(running)
    running.do(Tune("knou", "news"))
    notice = await updates.until(lambda u: isinstance(u, Notice))
    assert isinstance(notice, Notice)
    assert "knou" in str(notice.problem)


async def test_an_address_and_a_file_are_played(running: Companion, tmp_path: Path) -> None:
    def live(connection: Connection) -> None:
        connection.live(icy_br="128")
        connection.send(encode("mp3", 5))
        connection.hang()

    song = tmp_path / "song.mp3"
    song.write_bytes(encode("mp3", 2))
    updates = Updates(running)
    with serving(live=live) as server:
        running.do(PlayAddress(server.url("/live")))
        await updates.until(lambda u: isinstance(u, PlayerState) and u.state is PlayState.PLAYING)
        assert running.player_state.station_name == "127.0.0.1"
        running.do(PlayFile(str(song)))
        await updates.until(lambda u: isinstance(u, PlayerState) and u.station_name == "song.mp3")


async def test_a_section_is_shown_and_its_stories_are_marked(running: Companion) -> None:
    updates = Updates(running)
    running.do(LookAt(StationSection("test-signal")))
    full = await updates.until(lambda u: isinstance(u, StoryList) and bool(u.headlines))
    assert isinstance(full, StoryList)
    first = full.headlines[0].id
    running.do(MarkRead((first,)))
    running.do(Star(first))

    def is_marked(update: Update) -> bool:
        return isinstance(update, StoryList) and any(
            headline.id == first and headline.read and headline.starred
            for headline in update.headlines
        )

    await updates.until(is_marked)


async def test_with_the_stories_of_a_section_a_process_is_ready_for_a_page(
    running: Companion,
) -> None:
    running.settings = Settings(articles_ahead=0)
    running.do(LookAt(StationSection("test-signal")))
    await until(workers)


async def test_a_question_after_an_intent_sees_its_effect(running: Companion) -> None:
    running.receive_player_state(SONG)
    later = THREE + timedelta(minutes=3)
    running.receive_player_state(changed(SONG, title="Pata Pata", title_at=later, heard_at=later))
    await running.history.flushed()
    newest, oldest = await running.history.heard()
    running.do(StarPlayed(oldest.id))
    assert [item.id for item in await running.history.heard(starred=True)] == [oldest.id]
    running.do(ForgetPlayed(newest.id))
    assert [item.id for item in await running.history.heard()] == [oldest.id]
    assert (await running.history.undo()) is not None
