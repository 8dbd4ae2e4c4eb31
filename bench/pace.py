"""A whole minute of an episode at other rates, by ear: its length, and that nothing lacks."""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path

from bench.table import Row
from radiotui.config import EngineName
from radiotui.player.intents import PlayItem, SetRate
from radiotui.player.queue import QueueItem
from tests.lab.heard_player import heard_player
from tests.lab.radio_lab import PulseAudio, seconds_heard
from tests.servers import serving
from tests.services.episode_host import host
from tests.sounds import encode

ENGINES: tuple[EngineName, ...] = ("builtin", "vlc")
RATES = (1.5, 0.7)
_LENGTH = 75.0
_SETTLES = 1.5
"""Seconds after which the rate is heard for certain."""


def rows() -> list[Row]:
    """Each engine at each rate, beside what the rate makes of a minute."""
    return [
        Row(f"a minute at {rate}, {engine}", _minute(engine, rate), "s", "by the rate", 60 / rate)
        for engine in ENGINES
        for rate in RATES
    ]


def _minute(engine: EngineName, rate: float) -> float:
    with tempfile.TemporaryDirectory() as folder, PulseAudio() as pulse:
        return asyncio.run(_heard(engine, rate, pulse, Path(folder)))


async def _heard(engine: EngineName, rate: float, pulse: PulseAudio, folder: Path) -> float:
    """Seconds from one tone to the same tone a minute of the episode later, each between heard."""
    async with heard_player(engine, pulse, folder, even=False) as player:
        with serving(episode=host(encode("m4a", _LENGTH))) as server:
            begin = time.monotonic()
            url = server.url("/episode")
            player.do(PlayItem(QueueItem(key="1", url=url, title="", kept="one")))
            player.do(SetRate(rate))
            heard_at = await asyncio.to_thread(pulse.ear.first_sound, begin)
            await asyncio.sleep(_SETTLES + 62 / rate + 1)
            changes = seconds_heard(pulse.ear.heard(heard_at + _SETTLES))[:61]
    (first, began), *_, (last, ended) = changes
    assert [second for second, _ in changes] == [(first + at) % 60 for at in range(61)], changes
    assert last == first
    return ended - began
