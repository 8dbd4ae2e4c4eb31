"""Background work of the Companion: tasks that end with it, and whose failures are reported."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from radiotui.problems import Problem

log = logging.getLogger(__name__)


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
