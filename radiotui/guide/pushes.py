"""Services that tell the next song by themselves: a connection for each source that is watched."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from radiotui.guide.sources.answer import Push, ScheduleAnswer
from radiotui.net.backoff import stepped_pause
from radiotui.net.client import Net
from radiotui.problems import Problem
from radiotui.stations.model import ScheduleSource, Station

log = logging.getLogger(__name__)

_BACK_OFF = (30.0, 60.0, 120.0, 300.0, 600.0)
_NEVER = frozenset({401, 403, 404, 405, 410, 501})
"""Statuses of a server that does not push at all: it is polled for good."""


class Pushes:
    """Connections to services that push, as long as their sources are watched.

    ``on_answer`` gets a source's key and what it sent, on the loop.
    """

    def __init__(
        self,
        net: Net,
        *,
        clock: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]],
        on_answer: Callable[[str, ScheduleAnswer], None],
    ) -> None:
        self._net = net
        self._clock = clock
        self._sleep = sleep
        self._on_answer = on_answer
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._ending: set[asyncio.Task[None]] = set()
        self._connected: set[str] = set()
        self._newest: dict[str, ScheduleAnswer] = {}
        """Answers that are not told yet: of many that come at once the newest is enough."""

    def watch(self, sources: Mapping[str, tuple[Push, Station, ScheduleSource]]) -> None:
        """Listen to these sources, by key, and to no others. Needs a running loop."""
        for key in self._tasks.keys() - sources.keys():
            task = self._tasks.pop(key)
            task.cancel()
            self._ending.add(task)
            task.add_done_callback(self._ending.discard)
        for key, (push, station, source) in sources.items():
            if key not in self._tasks:
                listening = self._listen(key, push, station, source)
                self._tasks[key] = asyncio.create_task(listening, name=f"push {key}")

    def is_connected(self, key: str) -> bool:
        """True while the service sends, so that nobody has to ask for the next song."""
        return key in self._connected

    async def close(self) -> None:
        """Hang up."""
        self.watch({})
        await asyncio.gather(*self._ending, return_exceptions=True)

    async def _listen(self, key: str, push: Push, station: Station, source: ScheduleSource) -> None:
        failures = 0
        while True:
            try:
                async for answer in push(self._net, station, source, self._clock):
                    failures = 0
                    self._connected.add(key)
                    if key not in self._newest:
                        asyncio.get_running_loop().call_soon(self._tell, key)
                    self._newest[key] = answer
            except Problem as problem:
                log.debug("%s: %s does not push: %s", station.id, source.source, problem)
                if problem.status in _NEVER:
                    return
            except Exception:
                # What nobody expected of one source costs its pushes alone.
                log.exception("%s: %s: unexpected", station.id, source.source)
                return
            finally:
                self._connected.discard(key)
            failures += 1
            await self._sleep(stepped_pause(failures, _BACK_OFF))

    def _tell(self, key: str) -> None:
        answer = self._newest.pop(key)
        if key in self._tasks:
            self._on_answer(key, answer)
