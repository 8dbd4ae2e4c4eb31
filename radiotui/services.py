"""The services of one running radiotui: built together, closed together."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from radiotui.config import EngineName, Settings
from radiotui.problems import Problem

if TYPE_CHECKING:
    from radiotui.demo.signal import TestSignal
    from radiotui.feeds.model import Shelf
    from radiotui.feeds.pictures import Pictures
    from radiotui.feeds.service import Newsstand
    from radiotui.guide.model import OnAir
    from radiotui.guide.service import Guide
    from radiotui.net import Net
    from radiotui.player.player import Player
    from radiotui.player.state import Playback
    from radiotui.store import Store

log = logging.getLogger(__name__)

_SIGNAL_PORT = 47_117
"""Where the Test Signal is served when it is free: its stories are the same ones tomorrow."""


@dataclass(frozen=True, slots=True)
class Listeners:
    """Who is told what; every one is called on the loop."""

    on_playback: Callable[[Playback], None]
    on_on_air: Callable[[OnAir], None]
    on_shelf: Callable[[Shelf], None]
    on_problem: Callable[[Problem], None]


@dataclass(frozen=True, slots=True)
class Services:
    """Everything that works behind the screen."""

    net: Net
    store: Store
    player: Player
    guide: Guide
    newsstand: Newsstand
    pictures: Pictures
    signal: TestSignal

    async def close(self) -> None:
        """End everything. What hangs is left behind after a moment, never waited for."""
        await _within(
            0.5,
            [
                self.player.close(),
                self.guide.close(),
                self.newsstand.close(),
                self.pictures.close(),
            ],
        )
        self.signal.close()
        await _within(0.3, [self.net.aclose(), self.store.close()])


async def open_services(
    settings: Settings,
    *,
    engine: EngineName,
    store: Path,
    cache: Path,
    clock: Callable[[], datetime],
    tell: Listeners,
) -> Services:
    """Build every service on the running loop; without loopback all but the Test Signal works."""
    from radiotui.demo.signal import TestSignal
    from radiotui.feeds.pictures import Pictures
    from radiotui.feeds.service import Newsstand
    from radiotui.feeds.turns import Turns
    from radiotui.guide.service import Guide
    from radiotui.net import DaemonPool, Net
    from radiotui.player.player import Player
    from radiotui.store import Store

    # A resolver that hangs on one of the loop's own threads would hold up quitting.
    asyncio.get_running_loop().set_default_executor(DaemonPool())
    net = Net()
    kept = Store(store, clock=clock)
    signal = TestSignal(clock=clock, port=_SIGNAL_PORT)
    try:
        await asyncio.to_thread(signal.start)
    except OSError as error:
        tell.on_problem(Problem("The Test Signal cannot be served here", str(error)))
    await asyncio.to_thread(net.prepare)
    turns = Turns()
    return Services(
        net=net,
        store=kept,
        player=Player(
            net,
            settings=settings,
            engine=engine,
            tapes=cache / "tapes",
            clock=clock,
            on_playback=tell.on_playback,
            on_problem=tell.on_problem,
        ),
        guide=Guide(net, clock=clock, on_change=tell.on_on_air),
        newsstand=Newsstand(
            net,
            kept,
            clock=clock,
            on_change=tell.on_shelf,
            refresh_minutes=settings.refresh_minutes,
            keep_days=settings.keep_days,
            turns=turns,
        ),
        pictures=Pictures(net, cache / "pictures", turns),
        signal=signal,
    )


async def _within(seconds: float, works: list[Coroutine[Any, Any, None]]) -> None:
    """Run ``works`` together; after ``seconds`` the rest is left and logged."""
    tasks = [asyncio.ensure_future(work) for work in works]
    done, late = await asyncio.wait(tasks, timeout=seconds)
    for task in late:
        task.cancel()
        log.warning("left behind while closing: %s", task)
    for task in done:
        if task.exception() is not None:
            log.error("while closing", exc_info=task.exception())
