"""A player with a real tuner, a real tape and the silent engine, and everything it told."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

from radiotui.audio.silent import SilentEngine
from radiotui.config import Settings
from radiotui.enclosures.open_enclosures import OpenEnclosures
from radiotui.net.client import Net
from radiotui.player.deps import PlayerDeps
from radiotui.player.episodes import EpisodeAnswers, HeardTo, from_the_beginning
from radiotui.player.player import Player
from radiotui.player.state import PlayerState, PlayState
from radiotui.problems import Problem
from radiotui.stations.model import Station, Stream
from tests.servers import Connection
from tests.sounds import encode

SOUND = encode("mp3", 12)
SECOND = 16_000
"""Bytes of a second of it."""


class Listener:
    """A player, and everything it told."""

    def __init__(
        self,
        folder: Path,
        *,
        pace: bool = True,
        ears: type[SilentEngine] = SilentEngine,
        settings: Settings | None = None,
        heard_to: HeardTo = from_the_beginning,
        answers: EpisodeAnswers | None = None,
    ) -> None:
        self.folder = folder
        self.told: list[PlayerState] = []
        self.problems: list[Problem] = []
        self.words: list[str] = []
        self.net = Net()
        self.enclosures = OpenEnclosures(self.net, folder / "episodes")
        self._changed = asyncio.Event()

        def at_once(stopped: threading.Event, seconds: float) -> None:
            """Hear everything there is without waiting."""

        def make(name: str, on_event: Callable) -> tuple[SilentEngine, None]:
            return (ears(on_event) if pace else ears(on_event, wait=at_once)), None

        self.player = Player(
            PlayerDeps(
                net=self.net,
                settings=settings or Settings(volume=70),
                engine="silent",
                tapes=folder / "tapes",
                enclosures=self.enclosures,
                recordings=folder / "recordings",
                on_state=self._on_state,
                on_problem=self.problems.append,
                on_notice=lambda text, _hint: self.words.append(text),
                make_engine=make,
                answers=answers or EpisodeAnswers(heard_to=heard_to),
            )
        )

    def _on_state(self, player_state: PlayerState) -> None:
        self.told.append(player_state)
        self._changed.set()

    async def until(
        self, wanted: Callable[[PlayerState], bool], seconds: float = 30.0
    ) -> PlayerState:
        async with asyncio.timeout(seconds):
            while not wanted(self.player.state):
                self._changed.clear()
                await self._changed.wait()
        return self.player.state

    async def was_told(
        self, wanted: Callable[[PlayerState], bool], seconds: float = 30.0
    ) -> PlayerState:
        """The first of all that was told which is so, however soon it passed."""
        await self.until(lambda _: any(map(wanted, self.told)), seconds)
        return next(filter(wanted, self.told))

    async def until_playing(self) -> PlayerState:
        return await self.until(
            lambda p: p.state is PlayState.PLAYING and p.current.position is not None
        )

    async def until_kept(self, count: int = 1) -> list[str]:
        """The words about files that are in their places."""
        async with asyncio.timeout(15):
            while len(kept := [word for word in self.words if word.startswith("Kept: ")]) < count:
                await asyncio.sleep(0.01)
        return kept

    async def close(self) -> None:
        await self.player.close()
        await self.enclosures.closed()
        await self.net.aclose()


def station(url: str, name: str = "knau") -> tuple[Station, Stream]:
    stream = Stream("live", "Live", (url,))
    return Station(name, name.upper(), (stream,)), stream


def live(connection: Connection) -> None:
    connection.live(icy_br="128")
    connection.send(SOUND)
    connection.hang()
