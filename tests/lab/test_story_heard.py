"""Stories by ear: real Icecast, a real sound server, and a story in between."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path

import pytest

from radiotui.player.intents import Enqueue, PlayItem, PlayQueue, PlayStream
from radiotui.player.player import Player
from radiotui.player.queue import QueueItem
from radiotui.player.state import PlayerState, PlayState
from radiotui.stations.model import Station, Stream
from tests.lab.heard_player import heard_player
from tests.lab.radio_lab import Ear, Icecast, PulseAudio, second_heard
from tests.servers import Connection, Server, serving
from tests.sounds import encode

STORY_BEGINS = 50
"""The clock's second with which a story begins: the station is not there yet."""
STORY_SECONDS = 4.0


@pytest.fixture(params=["builtin", "vlc"])
async def player(
    request: pytest.FixtureRequest, pulse: PulseAudio, tmp_path: Path
) -> AsyncIterator[Player]:
    async with heard_player(request.param, pulse, tmp_path) as player:
        yield player


async def until_heard(player: Player, wanted: Callable[[PlayerState], bool]) -> None:
    async with asyncio.timeout(20):
        while not wanted(player.state):
            await asyncio.sleep(0.02)


async def tune(player: Player, icecast: Icecast, ear: Ear) -> None:
    begin = time.monotonic()
    stream = Stream("live", "Live", (icecast.url("/live"),))
    player.do(PlayStream(Station("test", "Radio Test", (stream,)), stream))
    await asyncio.to_thread(ear.first_sound, begin)
    await asyncio.sleep(1.5)


def spoken(server: Server, path: str) -> QueueItem:
    return QueueItem(key=path, url=server.url(path), title="A story", seconds=STORY_SECONDS)


def is_station(player_state: PlayerState) -> bool:
    return player_state.story is None and player_state.state is PlayState.PLAYING


def seconds_heard(ear: Ear, begin: float, end: float) -> list[tuple[float, int]]:
    """Which second of the clock was heard when, a tenth of a second at a time."""
    times = [begin + step / 10 for step in range(int((end - begin) * 10))]
    heard = ((at, second_heard(ear.heard(at, at + 0.1))) for at in times)
    return [(at, int(second)) for at, second in heard if second is not None]


@pytest.mark.parametrize("codec", ["mp3", "m4a"])
async def test_after_a_story_the_station_goes_on_at_the_second_where_it_was_left(
    player: Player, icecast: Icecast, ear: Ear, codec: str
) -> None:
    body = encode(codec, STORY_SECONDS, begin=STORY_BEGINS)
    with icecast.source("/live", "mp3"), serving(story=lambda c: c.answer(body)) as server:
        await tune(player, icecast, ear)
        at = time.monotonic()
        second = await asyncio.to_thread(ear.second_at, at)
        assert second is not None
        player.do(PlayItem(spoken(server, "/story")))
        await until_heard(player, is_station)
        await asyncio.sleep(3.0)
        heard = seconds_heard(ear, at, time.monotonic() - 0.2)
        story = [(moment, number) for moment, number in heard if number >= STORY_BEGINS]
        assert list(dict.fromkeys(number for _, number in story)) == [50, 51, 52, 53]
        left_at = max(moment for moment, _ in heard if moment < story[0][0])
        back_at = min(moment for moment, _ in heard if moment > story[-1][0])
        again = await asyncio.to_thread(ear.second_at, back_at + 0.3)
        assert again is not None
        # The station's first word afterwards is the one after its last before.
        last, first = second + (left_at - at), again - 0.3
        assert abs(first - last) < 1.0, (last, first)
        assert story[-1][0] - story[0][0] > 3.5


async def test_a_newscast_is_heard_story_by_story_and_then_the_station(
    player: Player, icecast: Icecast, ear: Ear
) -> None:
    stories = {
        f"/{begin}": encode("mp3", 2.0, begin=begin) for begin in (STORY_BEGINS, STORY_BEGINS + 5)
    }
    with icecast.source("/live", "mp3"), serving() as server:
        for path, body in stories.items():
            server.routes[path] = partial(_sound, body)
        await tune(player, icecast, ear)
        for path in stories:
            player.do(Enqueue((spoken(server, path),)))
        begin = time.monotonic()
        player.do(PlayQueue())
        await until_heard(player, is_station)
        await asyncio.sleep(1.5)
        heard = [number for _, number in seconds_heard(ear, begin, time.monotonic() - 0.2)]
        story = [number for number in heard if number >= STORY_BEGINS]
        assert list(dict.fromkeys(story)) == [50, 51, 55, 56]
        assert heard[-1] < STORY_BEGINS - 10


def _sound(body: bytes, connection: Connection) -> None:
    connection.answer(body, "audio/mpeg")
