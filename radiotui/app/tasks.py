"""Background work of the Companion: tasks that end with it, and whose failures are reported."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from radiotui.problems import Problem

log = logging.getLogger(__name__)

LONGEST_NAP = 60.0
"""Seconds: other programs write into the store, and a computer sleeps through any timer."""


class BackgroundTasks:
    """Tasks on the running loop; ``notify`` receives the Problem of one that fails."""

    def __init__(self, notify: Callable[[Problem], None]) -> None:
        self._notify = notify
        self._tasks: set[asyncio.Task[Any]] = set()

    def spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run ``work`` until it ends or is cancelled."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._end)
        return task

    def cancel(self) -> None:
        """Cancel everything that still runs."""
        for task in self._tasks:
            task.cancel()

    def _end(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if task.cancelled():
            return
        error = task.exception()
        if isinstance(error, Problem):
            self._notify(error)
        elif error is not None:
            log.error("unexpected", exc_info=error)
            self._notify(Problem("Something unexpected went wrong", repr(error)[:200]))


class Lookout:
    """Look at what is due, by the clock, again and again; ``name`` is that of what it looks at."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._change = asyncio.Event()

    def wake(self) -> None:
        """Look at once: something may be due sooner than what was looked at."""
        self._change.set()

    async def keep(self, look: Callable[[], Awaitable[float]]) -> None:
        """Look as long as the program runs; ``look`` gives the seconds until the next time."""
        while True:
            self._change.clear()
            try:
                seconds = await look()
            except Problem as problem:
                log.warning("the %s are not looked at: %s", self._name, problem)
                seconds = LONGEST_NAP
            except Exception:
                # One fault is not to cost everything that comes later.
                log.exception("the %s: unexpected", self._name)
                seconds = LONGEST_NAP
            try:
                async with asyncio.timeout(seconds):
                    await self._change.wait()
            except TimeoutError:
                continue
