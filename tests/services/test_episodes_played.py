"""Episodes at the ear: they go on where they were left, and come as they are needed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from radiotui.player.intents import GoToMark, GoToPlace, Pause, PlayItem, PlayStream, Resume
from radiotui.player.queue import QueueItem
from radiotui.player.state import PlayState
from tests.servers import serving
from tests.services.episode_host import host
from tests.services.player_lab import Listener, live, station
from tests.sounds import encode, film

MINUTE = 60.0


@pytest.fixture
async def listener(tmp_path: Path) -> AsyncIterator[Listener]:
    listener = Listener(tmp_path)
    yield listener
    await listener.close()


def episode(url: str, name: str = "one", seconds: float | None = None) -> QueueItem:
    return QueueItem(key="7", url=url, title="The Bells", kept=name, seconds=seconds)


@pytest.mark.parametrize("codec", ["mp3", "m4a", "opus", "flac-native", "vorbis", "wav"])
@pytest.mark.parametrize("ranges", [True, False])
async def test_an_episode_goes_on_where_it_was_left(
    tmp_path: Path, codec: str, ranges: bool
) -> None:
    async def left_at(_item: QueueItem) -> float:
        return 41.0

    listener = Listener(tmp_path, heard_to=left_at)
    body = encode(codec, MINUTE)
    with serving(episode=host(body, ranges=ranges)) as server:
        listener.player.do(PlayItem(episode(server.url("/episode"))))
        state = await listener.until_playing()
        assert 40.0 <= (state.current.position or 0.0) <= 46.0
        assert state.current.length == pytest.approx(MINUTE, abs=0.2)
        await listener.close()


async def test_an_episode_that_was_almost_over_begins_anew(tmp_path: Path) -> None:
    async def left_at(_item: QueueItem) -> float:
        return 58.0

    listener = Listener(tmp_path, heard_to=left_at)
    with serving(episode=host(encode("mp3", MINUTE))) as server:
        listener.player.do(PlayItem(episode(server.url("/episode"))))
        state = await listener.until_playing()
        assert (state.current.position or 0.0) < 5.0
    await listener.close()


async def test_of_a_film_the_sound_is_heard(tmp_path: Path) -> None:
    async def left_at(_item: QueueItem) -> float:
        return 21.0

    listener = Listener(tmp_path, heard_to=left_at)
    with serving(episode=host(film(MINUTE), "video/mp4")) as server:
        listener.player.do(PlayItem(episode(server.url("/episode"))))
        state = await listener.until_playing()
        assert (state.current.codec, state.current.length) == (
            "AAC",
            pytest.approx(MINUTE, abs=0.2),
        )
        assert 20.0 <= (state.current.position or 0.0) <= 26.0
        listener.player.do(GoToPlace(50.0))
        await listener.until(lambda p: (p.current.position or 0.0) >= 51.0)
        assert listener.problems == []
    await listener.close()


async def test_what_was_heard_is_there_without_its_host(listener: Listener) -> None:
    with serving(episode=host(encode("mp3", MINUTE))) as server:
        listener.player.do(PlayItem(episode(server.url("/episode"))))
        await listener.until_playing()
        kept = listener.folder / "episodes" / "one.sound"
        async with asyncio.timeout(20):
            while not kept.with_suffix(".map").exists():
                await asyncio.sleep(0.01)
    # Its host is gone: another place of it is heard all the same, now and in another run.
    listener.player.do(GoToPlace(50.0))
    await listener.until(lambda p: (p.current.position or 0.0) >= 50.0)
    await listener.close()
    again = Listener(listener.folder)
    again.player.do(PlayItem(episode("http://127.0.0.1:9/gone")))
    await again.until_playing()
    await again.close()
    assert again.problems == []


async def test_live_radio_waits_for_an_episode_and_comes_back(listener: Listener) -> None:
    with serving(live=live, episode=host(encode("mp3", 3.0))) as server:
        listener.player.do(PlayStream(*station(server.url("/live"))))
        await listener.until_playing()
        listener.player.do(PlayItem(episode(server.url("/episode"))))
        await listener.was_told(lambda p: p.story is not None and p.state is PlayState.PLAYING)
        state = await listener.until(lambda p: p.story is None)
        assert state.station == "knau"
        assert state.current.is_playing


async def test_an_episode_can_be_paused_before_its_first_sound_and_goes_on(
    listener: Listener,
) -> None:
    with serving(episode=host(encode("m4a", MINUTE))) as server:
        listener.player.do(PlayItem(episode(server.url("/episode"))))
        listener.player.do(Pause())
        await listener.until(lambda p: p.state is PlayState.PAUSED and bool(p.current.codec))
        listener.player.do(Resume())
        await listener.until_playing()


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"<!doctype html><html>log in", "is a web page and no sound"),
        (b"\0" * 70_000, "is no sound"),
        (b"", "is no sound"),
    ],
)
async def test_an_episode_that_is_none_is_said(listener: Listener, body: bytes, words: str) -> None:
    with serving(episode=lambda c: c.answer(body, "audio/mpeg")) as server:
        listener.player.do(PlayItem(episode(server.url("/episode"))))
        state = await listener.until(lambda p: p.current.problem is not None)
        assert words in str(state.current.problem)


async def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "episodes").write_text("a file stands where the folder would")
    listener = Listener(tmp_path)
    with serving(episode=host(encode("mp3", 3.0))) as server:
        listener.player.do(PlayItem(episode(server.url("/episode"))))
        state = await listener.until(lambda p: p.current.problem is not None)
        assert "cannot be kept while it is heard" in str(state.current.problem)
    await listener.close()


async def test_a_key_for_the_next_chapter_does_not_end_an_episode_without_any(
    listener: Listener,
) -> None:
    with serving(episode=host(encode("mp3", MINUTE))) as server:
        listener.player.do(PlayItem(episode(server.url("/episode"))))
        await listener.until_playing()
        listener.player.do(GoToMark(1))
        assert listener.words == ["This episode has no chapters"]
        assert (listener.player.state.current.position or 0.0) < 20.0


@pytest.mark.parametrize("ranges", [True, False])
async def test_it_is_heard_from_a_second_that_is_asked_for(tmp_path: Path, ranges: bool) -> None:
    async def left_at(_item: QueueItem) -> float:
        return 20.0

    listener = Listener(tmp_path, heard_to=left_at)
    with serving(episode=host(encode("mp3", MINUTE), ranges=ranges)) as server:
        item = episode(server.url("/episode"))
        listener.player.do(PlayItem(replace(item, begin=45.0)))
        state = await listener.until_playing()
        assert 44.5 <= (state.current.position or 0.0) <= 49.0
        assert state.story == item, "once: what goes on with it later goes on where it was left"
        listener.player.do(Pause())
        listener.player.do(PlayItem(replace(item, begin=5.0)))
        await listener.until(
            lambda p: p.current.is_playing and 5.0 <= (p.current.position or 0) < 9
        )
        listener.player.do(PlayItem(replace(item, begin=500.0)))
        await listener.until(lambda p: (p.current.position or 0) >= MINUTE - 2)
    await listener.close()
    assert len([path for path in server.paths() if path == "/episode"]) <= 4
