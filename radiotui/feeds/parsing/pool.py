"""Reading feeds elsewhere: in processes of their own, so that the screen never waits for one.

Each process reads one feed at a time, hears of it on its standard input and
answers on its standard output. It knows no terminal, and it ends when its input
does: with this program, however that ends.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

import msgspec

from radiotui.feeds.parsing.model import ParsedFeed
from radiotui.feeds.parsing.parse import feed_name, parse_feed
from radiotui.feeds.parsing.worker import ANSWER, QUESTION
from radiotui.problems import Problem

_MOST_WORKERS = 4
# Reading that much takes a twentieth of the time in which a process gets ready.
_SMALL = 30_000
_LONGEST = 30.0
_IDLE = 60.0
_LONGEST_ANSWER = 100_000_000

_BEGIN = (
    "import sys; sys.path[:] = sys.argv[1:]; "
    "from radiotui.feeds.parsing import worker; worker.work()"
)


@dataclass(frozen=True, slots=True)
class _PoolAnswer:
    feed: ParsedFeed | None = None
    problem: tuple[str, str, str] = ("", "", "")


class _Worker:
    """One process, and one question to it at a time."""

    def __init__(self, process: Process) -> None:
        self._process = process

    @property
    def lives(self) -> bool:
        return self._process.returncode is None

    async def ask(self, about: bytes, body: bytes) -> _PoolAnswer:
        """Raises IncompleteReadError or OSError when the process ends meanwhile."""
        asked, answers = self._process.stdin, self._process.stdout
        assert asked is not None
        assert answers is not None
        asked.write(QUESTION.pack(len(about), len(body)) + about)
        asked.write(body)
        await asked.drain()
        (length,) = ANSWER.unpack(await answers.readexactly(ANSWER.size))
        if length > _LONGEST_ANSWER:
            raise OSError(f"an answer of {length} bytes")
        return msgspec.json.decode(await answers.readexactly(length), type=_PoolAnswer)

    def kill(self) -> None:
        """End it whatever it does; it is gone a moment later."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        if self.lives:
            # It may be gone in this moment.
            with suppress(ProcessLookupError):
                self._process.kill()

    async def end(self) -> None:
        """End it and wait until it is gone."""
        self.kill()
        await self._process.wait()


class Parsing:
    """Reads feeds in as many processes as there are processors, which are started when needed.

    Small feeds are read in a thread as long as no process is at hand. ``longest`` is
    how many seconds one feed may take; processes end after ``idle`` seconds
    without work. ``spared`` processors are left to what else there is to do.
    """

    def __init__(
        self,
        *,
        small: int = _SMALL,
        longest: float = _LONGEST,
        idle: float = _IDLE,
        spared: int = 0,
    ) -> None:
        self._small = small
        self._longest = longest
        self._idle_seconds = idle
        processors = (os.cpu_count() or 1) - spared
        self._places = asyncio.Semaphore(max(1, min(_MOST_WORKERS, processors)))
        self._in_threads = 0
        self._workers: set[_Worker] = set()
        self._resting: list[_Worker] = []
        self._retiring: asyncio.TimerHandle | None = None
        self._closed = False

    async def parse(
        self, body: bytes, url: str, content_type: str = "", known: Mapping[str, str] | None = None
    ) -> ParsedFeed:
        """As :func:`parse_feed`. Raises Problem also for a feed that takes too long.

        Cancelling ends the reading at once.
        """
        about = url, content_type, known or {}
        if not self._resting and self._in_threads + len(body) <= self._small:
            return await self._in_thread(body, *about)
        async with self._places:
            if self._closed:
                raise _ending(url)
            worker = await self._worker()
            if worker is None:
                return await self._in_thread(body, *about)
            return await self._ask(worker, body, *about)

    async def close(self) -> None:
        """End all processes, also those that are at work: their feeds are Problems."""
        self._closed = True
        if self._retiring is not None:
            self._retiring.cancel()
        self._resting.clear()
        await asyncio.gather(*(worker.end() for worker in self._workers))

    async def _in_thread(
        self, body: bytes, url: str, content_type: str, known: Mapping[str, str]
    ) -> ParsedFeed:
        self._in_threads += len(body)
        try:
            return await asyncio.to_thread(parse_feed, body, url, content_type, known)
        finally:
            self._in_threads -= len(body)

    async def _worker(self) -> _Worker | None:
        """A process that has nothing to do; None where none may be started."""
        self._resting = [worker for worker in self._resting if worker.lives]
        self._workers = {worker for worker in self._workers if worker.lives}
        if self._resting:
            return self._resting.pop()
        try:
            process = await asyncio.create_subprocess_exec(
                *_command(),
                stdin=PIPE,
                stdout=PIPE,
                stderr=DEVNULL,
                # Without a terminal: Ctrl-C and Ctrl-Z there are for the program alone.
                start_new_session=True,
            )
        except OSError:
            return None
        worker = _Worker(process)
        self._workers.add(worker)
        if self._closed:
            await worker.end()
        return worker

    async def _ask(
        self, worker: _Worker, body: bytes, url: str, content_type: str, known: Mapping[str, str]
    ) -> ParsedFeed:
        name = feed_name(url)
        try:
            async with asyncio.timeout(self._longest):
                answer = await worker.ask(json.dumps((url, content_type, known)).encode(), body)
        except TimeoutError:
            raise Problem(f"{name} takes too long to read", "it may be damaged", url) from None
        except (asyncio.IncompleteReadError, OSError, msgspec.DecodeError) as error:
            if self._closed:
                raise _ending(url) from error
            raise Problem(
                f"{name} cannot be read as a feed", "it may be damaged", repr(error)
            ) from error
        else:
            self._rest(worker)
        finally:
            if worker not in self._resting:
                # What it would still answer belongs to no question any more.
                worker.kill()
        if answer.feed is None:
            raise Problem(*answer.problem)
        return answer.feed

    def _rest(self, worker: _Worker) -> None:
        if self._closed:
            return
        self._resting.append(worker)
        if self._retiring is not None:
            self._retiring.cancel()
        self._retiring = asyncio.get_running_loop().call_later(self._idle_seconds, self._retire)

    def _retire(self) -> None:
        """There was nothing to do for a while: the memory is for others."""
        while self._resting:
            self._resting.pop().kill()


def _command() -> list[str]:
    # Not from the folder one happens to be in (-P): there may be anything.
    paths = (os.path.abspath(path) for path in sys.path)  # noqa: PTH100 - links stay links
    return [sys.executable, "-P", "-W", "ignore", "-c", _BEGIN, *paths]


def _ending(url: str) -> Problem:
    return Problem(f"{feed_name(url)} was not read", "the program is ending")
