"""The services of one running radiotui: built together, closed together."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from datetime import datetime
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from radiotui.config import EngineName, Settings
from radiotui.problems import Problem

if TYPE_CHECKING:
    from radiotui.documents.processes import WorkerPool
    from radiotui.enclosures.open_enclosures import OpenEnclosures
    from radiotui.guide.days import Days
    from radiotui.guide.homepages import Homepages
    from radiotui.guide.model import OnAir
    from radiotui.guide.service import Guide
    from radiotui.net.client import Net
    from radiotui.net.logins import Logins
    from radiotui.net.passwords import Passwords
    from radiotui.net.politeness import HostLimiter
    from radiotui.player.episodes import EpisodeAnswers
    from radiotui.player.player import Player
    from radiotui.player.state import PlayerState
    from radiotui.player.taping import StreamTaper
    from radiotui.stations.model import StationList, Stream
    from radiotui.store import Store
    from radiotui.stories.model import StoryList
    from radiotui.stories.picture_cache import PictureCache
    from radiotui.stories.service import StoryService

log = logging.getLogger(__name__)


class ServicesDeps(msgspec.Struct, frozen=True):
    """Dependencies of :class:`Services`. Every callback is called on the loop."""

    settings: Settings
    engine: EngineName
    store: Path
    """The store's file."""
    cache: Path
    """The folder for tapes and pictures."""
    recordings: Path
    """The folder for recordings."""
    clock: Callable[[], datetime]
    on_player_state: Callable[[PlayerState], None]
    on_on_air: Callable[[OnAir], None]
    on_story_list: Callable[[StoryList], None]
    on_problem: Callable[[Problem], None]
    on_notice: Callable[[str, str], None]
    """Receives the text of a notice and a hint."""
    answers: Callable[[], EpisodeAnswers]
    """Asked once there is a player."""
    screen: bool = False
    """Whether a screen is drawn: a processor is left for it."""


class Services:
    """Everything that works behind a front end. A service is loaded when it is first used."""

    def __init__(self, deps: ServicesDeps) -> None:
        from radiotui.demo.signal import SIGNAL_PORT, TestSignal
        from radiotui.net.local_network import LocalHosts

        self._deps = deps
        self.local_hosts = LocalHosts()
        self.signal = TestSignal(clock=deps.clock, port=SIGNAL_PORT)

    @cached_property
    def net(self) -> Net:
        """The network."""
        from radiotui.net.client import Net

        return Net(local_hosts=self.local_hosts, logins=self.logins)

    @cached_property
    def logins(self) -> Logins:
        """The users of private feeds, and their passwords."""
        from radiotui.net.logins import Logins

        return Logins(self.passwords, remedy="'radiotui podcasts password' asks for it")

    @cached_property
    def passwords(self) -> Passwords:
        """The finder of passwords."""
        from radiotui.net.passwords import Passwords

        return Passwords(has_screen=self._deps.screen)

    @cached_property
    def _turns(self) -> HostLimiter:
        from radiotui.net.politeness import HostLimiter

        return HostLimiter()

    @cached_property
    def store(self) -> Store:
        """The file of stories, history and the saved session."""
        from radiotui.store import Store

        deps = self._deps
        return Store(deps.store, clock=deps.clock, on_problem=deps.on_problem)

    @cached_property
    def story_service(self) -> StoryService:
        """Lists of stories, and whole stories."""
        from radiotui.stories.service import StoryService

        deps = self._deps
        return StoryService(
            self.net,
            self.store,
            clock=deps.clock,
            on_change=deps.on_story_list,
            refresh_minutes=deps.settings.refresh_minutes,
            keep_days=deps.settings.keep_days,
            spared=int(deps.screen),
            turns=self._turns,
            served_at=self.signal.served_at,
        )

    @cached_property
    def player(self) -> Player:
        """The player, its tapes and its engine."""
        from radiotui.player.deps import PlayerDeps
        from radiotui.player.player import Player

        deps = self._deps
        return Player(
            PlayerDeps(
                net=self.net,
                settings=deps.settings,
                engine=deps.engine,
                tapes=deps.cache / "tapes",
                enclosures=self.enclosures,
                recordings=deps.recordings,
                clock=deps.clock,
                on_state=deps.on_player_state,
                on_problem=deps.on_problem,
                on_notice=deps.on_notice,
                answers=deps.answers(),
            )
        )

    @cached_property
    def enclosures(self) -> OpenEnclosures:
        """The files of episodes that were begun."""
        from radiotui.enclosures.open_enclosures import OpenEnclosures
        from radiotui.net.client import MIB

        deps = self._deps
        most_bytes, folder = deps.settings.episodes_mib * MIB, deps.cache / "episodes"
        return OpenEnclosures(self.net, folder, most_bytes=most_bytes, clock=deps.clock)

    @property
    def has_screen(self) -> bool:
        """True where a screen is drawn."""
        return self._deps.screen

    @property
    def has_player(self) -> bool:
        """True once the player was used."""
        return "player" in vars(self)

    def receive_list(self, file: StationList, everything: StationList, *, player: bool) -> None:
        """Use another station list: that of the file, and the same with the Test Signal."""
        self.local_hosts.set_list(file.addresses)
        self.logins.set_list(file.logins)
        if player:
            self.player.refresh_targets(everything.stations)

    async def try_stream(self, stream: Stream, seconds: float) -> str:
        """Connect until the first sound; its codec and rate. Raises Problem when none comes."""
        from radiotui.radio.tuner.tuner import try_urls

        self.local_hosts.add_typed(*stream.urls)
        headers = dict(stream.headers)
        return await try_urls(self.net, stream.urls, seconds=seconds, headers=headers)

    def stream_taper(
        self, stream: Stream, on_tape_problem: Callable[[Problem], None]
    ) -> StreamTaper:
        """Maker of tape and tuner for a stream that is recorded without being played.

        ``on_tape_problem`` is called from any thread.
        """
        from radiotui.player.taping import StreamTaper

        self.local_hosts.add_typed(*stream.urls)
        deps = self._deps
        return StreamTaper(
            self.net,
            deps.settings,
            deps.cache / "tapes",
            deps.clock,
            on_tape_problem,
            self.player.stream_memory,
        )

    @cached_property
    def guide(self) -> Guide:
        """The schedules of streams."""
        from radiotui.guide.service import Guide

        deps = self._deps
        return Guide(self.net, clock=deps.clock, on_change=deps.on_on_air, days=self.days)

    @cached_property
    def days(self) -> Days:
        """The schedules of whole days."""
        from radiotui.guide.days import Days

        return Days(self.net, self.store, clock=self._deps.clock)

    @cached_property
    def homepages(self) -> Homepages:
        """The sources of schedules that are in the homepages of stations."""
        from radiotui.guide.homepages import Homepages

        return Homepages(self.net, self.store, self._turns, clock=self._deps.clock)

    @cached_property
    def pictures(self) -> PictureCache:
        """The photos of stories."""
        from radiotui.stories.picture_cache import PictureCache

        return PictureCache(self.net, self._deps.cache / "pictures", self._turns)

    @cached_property
    def page_workers(self) -> WorkerPool:
        """The processes that read pages which are no stories."""
        from radiotui.documents.processes import WorkerPool

        return WorkerPool(spared=int(self._deps.screen))

    async def close(self) -> None:
        """End everything. Work that hangs is left behind after a moment."""
        first = ("player", "guide", "days", "homepages", "story_service", "pictures")
        used = [vars(self).get(name) for name in (*first, "page_workers")]
        await _within(0.5, [service.close() for service in used if service is not None])
        self.signal.close()
        if "enclosures" in vars(self):
            await _within(0.3, [self.enclosures.closed()])
        last = [self.net.aclose()] if "net" in vars(self) else []
        last += [self.store.close()] if "store" in vars(self) else []
        await _within(0.3, last)


_SLOW = ("player.player", "guide.service", "guide.days", "guide.homepages")
_SLOW_OF_THE_SCREEN = (
    *("stories.service", "podcasts.apple", "marks.agenda", "marks.alarms"),
    *("app.podcasts", "app.downloads", "app.marks", "app.history", "app.queues"),
    *("app.episode_progress", "app.feed_logins", "app.finding"),
)
"""Modules of rooms that are opened with the services, or with the first row that is looked at."""


async def open_services(
    deps: ServicesDeps, *, signal: bool = True, player: bool = True
) -> Services:
    """The services, on the running loop; without loopback all but the Test Signal works.

    Without ``signal`` that is not served. Without a ``player`` the network, too, is loaded when
    it is first used.
    """
    from radiotui.net.daemon_pool import DaemonPool

    # A resolver that hangs on one of the loop's own threads would hold up quitting.
    asyncio.get_running_loop().set_default_executor(DaemonPool())
    services = Services(deps)
    try:
        if signal:
            await asyncio.to_thread(_serve_signal, services)
            services.local_hosts.add_server(services.signal.base)
    except OSError as error:
        deps.on_problem(Problem("The Test Signal cannot be served here", str(error)))
    if player:
        await asyncio.to_thread(_load_what_is_slow, services)
    return services


def _serve_signal(services: Services) -> None:
    """Serve the Test Signal, and read the zone that its station is in."""
    services.signal.start()
    log.debug("the Test Signal is served in the zone %s", services.signal.station.timezone)


def _load_what_is_slow(services: Services) -> None:
    """Load the network, the sources that addresses of streams are compared with, and services.

    Their modules take tenths of a second, in which no key would be answered on the loop.
    """
    from radiotui.guide.sources.registry import load_sources

    services.net.prepare()
    load_sources()
    for name in (*_SLOW, *(_SLOW_OF_THE_SCREEN if services.has_screen else ())):
        import_module(f"radiotui.{name}")


async def _within(seconds: float, works: list[Coroutine[Any, Any, None]]) -> None:
    """Run ``works`` together; after ``seconds`` the rest is left and logged."""
    if not works:
        return
    tasks = [asyncio.ensure_future(work) for work in works]
    done, late = await asyncio.wait(tasks, timeout=seconds)
    for task in late:
        task.cancel()
        log.warning("left behind while closing: %s", task)
    for task in done:
        if task.exception() is not None:
            log.error("while closing", exc_info=task.exception())
