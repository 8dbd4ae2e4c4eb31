"""Keeping and recording while one listens, against servers on loopback."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from radiotui.player.intents import (
    GoToPlace,
    KeepSong,
    Pause,
    PlayItem,
    PlayStream,
    Shift,
    Stop,
    StopRecording,
    ToggleRecording,
)
from radiotui.player.queue import QueueItem
from radiotui.player.state import PlayState
from radiotui.radio.tape.tape import Tape
from tests.servers import Connection, Server, paced, serving
from tests.services.player_lab import SECOND, SOUND, Listener, live, station
from tests.sounds import encode, heard


@pytest.fixture
async def listener(tmp_path: Path):
    listener = Listener(tmp_path)
    yield listener
    await listener.close()


def on_and_on(connection: Connection) -> None:
    """Four seconds at once and then the rest as it is heard."""
    connection.live(icy_br="128")
    connection.send(SOUND[: 4 * SECOND])
    tenth = SECOND // 10
    rest = SOUND[4 * SECOND :]
    paced(connection, [rest[at : at + tenth] for at in range(0, len(rest), tenth)], 0.1)
    connection.hang()


async def hear(listener: Listener, server: Server, name: str = "knau") -> Tape:
    listener.player.do(PlayStream(*station(server.url(f"/{name}"), name)))
    await listener.until(
        lambda p: p.station == name and p.state is PlayState.PLAYING and p.current.tape_end > 3.5
    )
    assert listener.player.tape is not None
    return listener.player.tape


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "recordings").rglob("*") if path.is_file())


async def test_a_song_that_was_heard_is_a_file(listener: Listener, tmp_path: Path):
    with serving(knau=live) as server:
        tape = await hear(listener, server)
        await listener.until(lambda p: p.current.tape_end > 11.5)
        tape.mark_title("Nina Simone - Sinnerman", at=2.0)
        tape.mark_title("The weather", at=8.0)
        listener.player.do(GoToPlace(9.0))
        listener.player.do(KeepSong())
        assert await listener.until_kept() == ["Kept: Nina Simone - Sinnerman (0:06)"]
        (name,) = files(tmp_path)
        assert name.endswith("Nina Simone - Sinnerman.mp3")
        assert len(server.asked) == 1


async def test_a_song_that_still_goes_on_is_kept_when_it_ends(listener: Listener, tmp_path: Path):
    with serving(knau=on_and_on) as server:
        tape = await hear(listener, server)
        tape.mark_title("Nina Simone - Sinnerman", at=2.0)
        listener.player.do(GoToPlace(3.0))
        listener.player.do(KeepSong())
        player_state = await listener.until(lambda p: bool(p.recordings))
        assert [one.kind for one in player_state.recordings] == ["song"]
        assert listener.words[-1] == "Keeping Nina Simone - Sinnerman"
        tape.mark_title("The weather", at=6.0)
        assert await listener.until_kept() == ["Kept: Nina Simone - Sinnerman (0:04)"]
        assert listener.player.state.recordings == ()


async def test_recording_goes_on_while_another_station_is_heard(listener: Listener, tmp_path: Path):
    with serving(knau=on_and_on, npr=live) as server:
        await hear(listener, server)
        listener.player.do(ToggleRecording())
        await listener.until(lambda p: bool(p.recordings))
        await hear(listener, server, "npr")
        recorded = listener.player.state.recordings[0].seconds
        player_state = await listener.until(lambda p: p.recordings[0].seconds > recorded + 1)
        assert player_state.station == "npr"
        # Back again: the station is asked no second time, and nothing of the tape is lost.
        listener.player.do(PlayStream(*station(server.url("/knau"), "knau")))
        player_state = await listener.until(
            lambda p: p.station == "knau" and p.state is PlayState.PLAYING
        )
        listener.player.do(GoToPlace(0.0))
        assert listener.player.state.current.position == pytest.approx(0.0, abs=0.1)
        assert server.paths() == ["/knau", "/npr"]
        listener.player.do(ToggleRecording())
        assert len(await listener.until_kept()) == 1
        assert len(files(tmp_path)) == 1


async def test_what_is_recorded_is_what_is_heard(listener: Listener, tmp_path: Path):
    with serving(knau=live) as server:
        await hear(listener, server)
        await listener.until(lambda p: p.current.tape_end > 11.5)
        listener.player.do(GoToPlace(2.0))
        listener.player.do(ToggleRecording())
        await listener.until(lambda p: (p.current.position or 0) > 4.0)
        # Back once more is nothing new, and nothing less.
        listener.player.do(Shift(-1))
        await listener.until(lambda p: (p.current.position or 0) > 4.5)
        listener.player.do(ToggleRecording())
        await listener.until_kept()
        (path,) = (tmp_path / "recordings").rglob("*.mp3")
        seconds, broken = heard(path.read_bytes(), "mp3")
        assert seconds == pytest.approx(listener.player.state.current.position - 2.0, abs=0.3)
        assert broken == 0


async def test_a_pause_while_recording_waits_on_the_tape(listener: Listener):
    with serving(knau=on_and_on) as server:
        tape = await hear(listener, server)
        listener.player.do(ToggleRecording())
        listener.player.do(Pause())
        at = tape.end
        while tape.end < at + 1.5:
            await asyncio.sleep(0.02)
        (recording,) = listener.player.state.recordings
        assert recording.seconds < 0.5


async def test_the_tape_that_waits_for_a_story_is_kept_and_recorded(listener: Listener):
    def spoken(connection: Connection) -> None:
        connection.answer(encode("mp3", 3), "audio/mpeg")

    with serving(knau=on_and_on, story=spoken) as server:
        tape = await hear(listener, server)
        tape.mark_title("Nina Simone - Sinnerman", at=0.0)
        item = QueueItem(key="story", url=server.url("/story"), title="Trail reopens")
        listener.player.do(PlayItem(item))
        await listener.until(lambda p: p.story is not None and p.state is PlayState.PLAYING)
        listener.player.do(KeepSong())
        listener.player.do(ToggleRecording())
        player_state = await listener.until(lambda p: len(p.recordings) == 2)
        assert (player_state.story, player_state.recording) == (item, True)
        assert listener.problems == []
        # The recording goes on with the station, from the place at which it waited.
        back = await listener.until(
            lambda p: p.story is None and any(one.seconds > 1 for one in p.recordings)
        )
        assert back.recording


async def test_a_station_that_was_only_recorded_is_let_go_when_that_ends(listener: Listener):
    with serving(knau=on_and_on, npr=live) as server:
        await hear(listener, server)
        listener.player.do(ToggleRecording())
        number = (await listener.until(lambda p: bool(p.recordings))).recordings[0].number
        await hear(listener, server, "npr")
        assert {cost.station for cost in listener.player.costs()} == {"knau", "npr"}
        listener.player.do(StopRecording(number))
        await listener.until_kept()
        await listener.until(lambda p: not p.recordings)
        assert {cost.station for cost in listener.player.costs()} == {"npr"}


async def test_stopping_the_radio_leaves_the_recording(listener: Listener):
    with serving(knau=on_and_on) as server:
        await hear(listener, server)
        listener.player.do(ToggleRecording())
        await listener.until(lambda p: bool(p.recordings))
        listener.player.do(Stop())
        seconds = listener.player.state.recordings[0].seconds
        player_state = await listener.until(lambda p: p.recordings[0].seconds > seconds + 1)
        assert player_state.state is PlayState.STOPPED
        # The key that began it ends it, though no station is tuned to.
        listener.player.do(ToggleRecording())
        await listener.until(lambda p: not p.recordings)
        assert listener.problems == []


async def test_without_a_station_there_is_nothing_to_keep(listener: Listener):
    listener.player.do(KeepSong())
    listener.player.do(ToggleRecording())
    assert {str(problem.title) for problem in listener.problems} == {
        "There is no tape to keep from"
    }
