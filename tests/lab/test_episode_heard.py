"""Episodes by ear: where they go on, and places of them that had not come yet."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from radiotui.player.intents import GoToPlace, Pause, PlayItem
from radiotui.player.player import Player
from radiotui.player.queue import QueueItem
from tests.lab.heard_player import heard_player
from tests.lab.radio_lab import Ear, PulseAudio
from tests.servers import serving
from tests.services.episode_host import host
from tests.sounds import encode

SECONDS = 170.0
LEFT_AT = 45.0


async def left_at(_item: QueueItem) -> float:
    return LEFT_AT


@pytest.fixture(params=["builtin", "vlc"])
async def player(
    request: pytest.FixtureRequest, pulse: PulseAudio, tmp_path: Path
) -> AsyncIterator[Player]:
    async with heard_player(request.param, pulse, tmp_path, left_at) as player:
        yield player


@pytest.mark.parametrize("codec", ["mp3", "m4a", "opus"])
async def test_it_goes_on_where_it_was_left_and_where_nothing_had_come_yet(
    player: Player, ear: Ear, codec: str
) -> None:
    """A host that sends three times as fast as is heard: the end comes by a range of its own."""
    body = encode(codec, SECONDS)
    pace = 3 * len(body) // int(SECONDS)
    with serving(episode=host(body, pace=pace)) as server:
        begin = time.monotonic()
        url = server.url("/episode")
        player.do(PlayItem(QueueItem(key="1", url=url, title="The Bells", kept=codec)))
        heard_at = await asyncio.to_thread(ear.first_sound, begin)
        first = await asyncio.to_thread(ear.second_at, heard_at + 0.2)
        assert first is not None
        assert LEFT_AT - 1 <= first <= LEFT_AT + 1
        for place in (150.0, 20.0):
            player.do(GoToPlace(place))
            async with asyncio.timeout(20):
                while not _is_heard_at(player, place):
                    await asyncio.sleep(0.02)
            await asyncio.sleep(0.5)
            second = await asyncio.to_thread(ear.second_at, time.monotonic())
            shown = (player.state.current.position or 0.0) % 60
            assert second is not None
            assert abs(second + 0.5 - shown) <= 1.5
            assert place % 60 <= second <= place % 60 + 8


@pytest.mark.parametrize("codec", ["mp3", "m4a", "opus"])
async def test_a_line_a_chapter_and_a_result_are_heard_within_a_second(
    player: Player, ear: Ear, codec: str
) -> None:
    """Whether the episode is at the ear, is paused, or was never fetched."""
    body = encode(codec, SECONDS)
    pace = 3 * len(body) // int(SECONDS)
    with serving(episode=host(body, pace=pace)) as server:
        item = QueueItem(key="1", url=server.url("/episode"), title="The Bells", kept=codec)
        for place in (130.0, 85.0):
            begin = time.monotonic()
            player.do(PlayItem(replace(item, begin=place)))
            heard_at = await asyncio.to_thread(ear.first_sound, begin)
            second = await asyncio.to_thread(ear.second_at, heard_at + 0.2)
            assert second is not None
            assert abs(second - place % 60) <= 1.0
            asked_at = time.monotonic()
            player.do(Pause())
            await asyncio.to_thread(ear.first_silence, asked_at)


def _is_heard_at(player: Player, place: float) -> bool:
    at = player.state.current.position
    return at is not None and place + 0.5 <= at <= place + 8
