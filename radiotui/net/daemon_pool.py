"""The loop's default executor: a bounded pool of daemon threads."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from queue import Empty, SimpleQueue
from typing import Any

MOST_THREADS = 64
"""More than may hang at once: a resolver without an answer holds its thread for half a minute."""

_IDLE_SECONDS = 5.0

_Job = Callable[[], None]


class DaemonPool(ThreadPoolExecutor):
    """Threads for ``asyncio.to_thread``, name resolution and files, that never hold up quitting.

    A resolver that does not answer blocks its thread and cannot be cancelled;
    Python's own pool would wait for it at exit. (asyncio insists on a
    ThreadPoolExecutor as its default.) A thread that had nothing to do for
    some seconds ends.
    """

    def __init__(self, most_threads: int = MOST_THREADS) -> None:
        super().__init__(max_workers=most_threads)
        self._most_threads = most_threads
        self._guard = threading.Lock()
        self._jobs: SimpleQueue[_Job] = SimpleQueue()
        self._waiting_jobs = 0
        self._idle_threads = 0
        self._thread_count = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run ``fn`` in a thread that is free, a new one, or the first that becomes free."""
        future: Future[Any] = Future()

        def job() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                result = fn(*args, **kwargs)
            except BaseException as error:  # the awaiting coroutine gets it
                future.set_exception(error)
            else:
                future.set_result(result)

        with self._guard:
            self._jobs.put(job)
            self._waiting_jobs += 1
            needs_thread = (
                self._waiting_jobs > self._idle_threads and self._thread_count < self._most_threads
            )
            self._thread_count += needs_thread
        if needs_thread:
            threading.Thread(target=self._serve, name="radiotui-pool", daemon=True).start()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Return at once: the threads are daemons."""

    def _serve(self) -> None:
        while (job := self._next_job()) is not None:
            job()
            # Its arguments and its result live as long as its name does.
            del job

    def _next_job(self) -> _Job | None:
        """The next job; None when this thread is not needed any more."""
        with self._guard:
            self._idle_threads += 1
        while True:
            try:
                job = self._jobs.get(timeout=_IDLE_SECONDS)
            except Empty:
                with self._guard:
                    if self._waiting_jobs:
                        continue
                    self._idle_threads -= 1
                    self._thread_count -= 1
                    return None
            with self._guard:
                self._idle_threads -= 1
                self._waiting_jobs -= 1
            return job
