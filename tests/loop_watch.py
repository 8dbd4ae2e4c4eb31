"""``python -m tests.loop_watch FILE ARGUMENTS…``: radiotui, with a watch on its event loop.

A timer is due every ten milliseconds. Each time it runs, the watch notes how much processor
time the whole process has used since the last time: a callback that holds the loop, or a
thread that holds the interpreter, shows as one large step, while other programs on the same
computer do not count. The steps are written to FILE at the end, as lines of JSON.
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_BEAT = 0.01
_LONGEST_STOP = 0.05
"""Seconds of the loop's own thread."""
_LONGEST_HOLD = 0.2
"""Seconds of all threads: one that holds the interpreter holds the loop."""


@dataclass(frozen=True)
class Step:
    """From one beat of the loop to the next."""

    at: float
    """When it ended, by the monotonic clock, which all processes share."""
    cpu: float
    """Processor time of the whole process, in seconds."""
    loop_cpu: float
    """Processor time of the loop's own thread, in seconds."""
    wall: float
    """Seconds that went by."""


class LoopWatch:
    """Notes the steps of the loop that it is started on."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.steps: list[Step] = []
        self._loop = loop
        self._cpu, self._loop_cpu = time.process_time(), time.thread_time()
        self._wall = time.monotonic()
        self._timer = loop.call_later(_BEAT, self._beat)

    def stop(self) -> None:
        """Note what has gone by since the last beat, and no more."""
        self._timer.cancel()
        self._note()

    def _beat(self) -> None:
        self._note()
        self._timer = self._loop.call_later(_BEAT, self._beat)

    def _note(self) -> None:
        cpu, loop_cpu, wall = time.process_time(), time.thread_time(), time.monotonic()
        self.steps.append(Step(wall, cpu - self._cpu, loop_cpu - self._loop_cpu, wall - self._wall))
        self._cpu, self._loop_cpu, self._wall = cpu, loop_cpu, wall


@contextmanager
def steps_of_loop() -> Iterator[list[Step]]:
    """The steps of the running loop until the end of the block."""
    # The collector goes through the objects of all tests, which are no part of what is measured.
    gc.freeze()
    watch = LoopWatch(asyncio.get_running_loop())
    try:
        yield watch.steps
    finally:
        watch.stop()
        gc.unfreeze()


def is_held(steps: list[Step]) -> bool:
    """True where something held the loop."""
    return max(step.loop_cpu for step in steps) >= _LONGEST_STOP


@contextmanager
def watched(*, threads: bool = False) -> Iterator[None]:
    """Assert that nothing within holds the running loop; with ``threads``, nor the interpreter."""
    with steps_of_loop() as steps:
        yield
    assert max(step.loop_cpu for step in steps) < _LONGEST_STOP
    if threads:
        assert max(step.cpu for step in steps) < _LONGEST_HOLD


def steps_in(file: Path, begin: float, end: float) -> list[Step]:
    """The steps between two moments, of a program that has ended."""
    steps = (Step(*json.loads(line)) for line in file.read_text().splitlines())
    return [step for step in steps if begin <= step.at <= end]


class _WatchedPolicy(asyncio.DefaultEventLoopPolicy):
    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = file

    def new_event_loop(self) -> asyncio.AbstractEventLoop:
        loop = super().new_event_loop()
        watch: list[LoopWatch] = []
        loop.call_soon(lambda: watch.append(LoopWatch(loop)))
        close = loop.close

        def closing() -> None:
            steps = watch[0].steps if watch else []
            lines = (json.dumps([step.at, step.cpu, step.loop_cpu, step.wall]) for step in steps)
            self._file.write_text("".join(f"{line}\n" for line in lines))
            close()

        loop.close = closing  # type: ignore[method-assign]
        return loop


def main() -> None:
    """Run radiotui as ``python -m radiotui`` does."""
    from radiotui.__main__ import run

    asyncio.set_event_loop_policy(_WatchedPolicy(Path(sys.argv[1])))
    del sys.argv[1]
    run()


if __name__ == "__main__":
    main()
