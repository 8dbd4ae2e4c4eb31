"""A player that this computer's ears hear, with one engine or the other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from radiotui.audio.libvlc import vlc_problem
from radiotui.config import EngineName, Settings
from radiotui.enclosures.open_enclosures import OpenEnclosures
from radiotui.net.client import Net
from radiotui.player.deps import PlayerDeps
from radiotui.player.episodes import EpisodeAnswers, HeardTo, from_the_beginning
from radiotui.player.player import Player
from radiotui.problems import Problem
from tests.lab.radio_lab import PulseAudio, cannot, until


@asynccontextmanager
async def heard_player(
    engine: EngineName,
    pulse: PulseAudio,
    folder: Path,
    heard_to: HeardTo = from_the_beginning,
    *,
    even: bool = True,
) -> AsyncIterator[Player]:
    """A player that reports no problem, and lets its device go."""
    if engine == "vlc" and (problem := vlc_problem()):
        cannot(f"VLC's engine is left out: {problem}")
    problems: list[Problem] = []
    net = Net()
    player = Player(
        PlayerDeps(
            net=net,
            settings=Settings(volume=100, even_loudness=even),
            engine=engine,
            tapes=folder / "tapes",
            enclosures=OpenEnclosures(net, folder / "episodes"),
            recordings=folder / "recordings",
            on_state=lambda _state: None,
            on_problem=problems.append,
            answers=EpisodeAnswers(heard_to=heard_to),
        )
    )
    yield player
    await player.close()
    await net.aclose()
    assert problems == []
    await asyncio.to_thread(until, lambda: not pulse.players, what="the device is let go")
