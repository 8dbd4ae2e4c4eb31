"""Episodes by ear at other rates and without their silence: pitch, pace, and the second shown."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from radiotui.player.intents import PlayItem, SetRate, ToggleSkipSilence
from radiotui.player.player import Player
from radiotui.player.queue import QueueItem
from tests.lab.heard_player import heard_player
from tests.lab.radio_lab import Ear, PulseAudio, is_silent, seconds_heard
from tests.servers import serving
from tests.services.episode_host import host
from tests.sounds import encode

SECONDS = 58.0
SETTLES = 1.2
"""Seconds after which another rate is heard for certain."""
PAUSES = tuple((second + 0.2, second + 0.9) for second in range(3, 30, 2))
"""In every other second: of each 0.3 s are left."""


@pytest.fixture(params=["builtin", "vlc"])
async def player(
    request: pytest.FixtureRequest, pulse: PulseAudio, tmp_path: Path
) -> AsyncIterator[Player]:
    async with heard_player(request.param, pulse, tmp_path, even=False) as player:
        yield player


async def test_a_rate_that_changes_while_it_is_heard(player: Player, ear: Ear) -> None:
    """At 1.5 a minute passes in 40 s and at 0.7 in 86 s, and each tone of it has its pitch."""
    with serving(episode=host(encode("m4a", SECONDS))) as server:
        begin = time.monotonic()
        player.do(PlayItem(QueueItem(key="1", url=server.url("/episode"), title="", kept="one")))
        heard_at = await asyncio.to_thread(ear.first_sound, begin)
        await asyncio.sleep(0.5)
        for rate, seconds in ((1.5, 3.5), (0.7, 4.2)):
            changed_at = time.monotonic()
            player.do(SetRate(rate))
            await asyncio.sleep(SETTLES + seconds)
            shown, now = player.engine_host.place, time.monotonic()
            since = changed_at + SETTLES
            await asyncio.to_thread(ear.record, 0.1)
            changes = seconds_heard(ear.heard(since, now))
            (first, begin_at), *_, (last, end_at) = changes
            assert [second for second, _ in changes] == list(range(first, last + 1))
            pace = (last - first) / (end_at - begin_at)
            assert 60 / pace == pytest.approx(60 / rate, rel=0.04)
            second = last + (now - since - end_at) * rate
            assert shown == pytest.approx(second, abs=0.4)
        # No hole at a change.
        pcm, step = ear.heard(heard_at + 0.2, now), 2 * 44_100 // 50
        parts = range(0, len(pcm) - step, step)
        silent = sum(is_silent(pcm[at : at + step]) for at in parts) / 50
        assert silent == 0


async def test_without_silence_the_second_heard_is_the_second_shown(
    player: Player, ear: Ear
) -> None:
    with serving(episode=host(encode("mp3", SECONDS, pauses=PAUSES))) as server:
        begin = time.monotonic()
        player.do(ToggleSkipSilence())
        player.do(SetRate(1.5))
        player.do(PlayItem(QueueItem(key="1", url=server.url("/episode"), title="", kept="one")))
        heard_at = await asyncio.to_thread(ear.first_sound, begin)
        for _ in range(2):
            await asyncio.sleep(2.0)
            shown, now = player.engine_host.place, time.monotonic()
            await asyncio.to_thread(ear.record, 0.1)
            last = seconds_heard(ear.heard(now - 2.0, now))[-1][0]
            assert shown is not None
            # From the second's begin it is a second at the most, with a pause in it or not.
            assert last <= shown + 0.3
            assert shown <= last + 1 + 0.3
        # Of each pause 0.4 s are not heard.
        skipped = 0.4 * sum(end < shown for _, end in PAUSES)
        assert skipped > 0
        assert shown - skipped == pytest.approx(1.5 * (now - heard_at), abs=0.7)
