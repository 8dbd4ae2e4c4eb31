"""Worker processes for foreign documents, with limits of time and memory.

Parsing holds the interpreter's lock, and a document that is made to be slow holds a
thread for as long as it likes: only a process can be killed. Each worker runs one
call at a time. It has no terminal, and it ends with its standard input: with this
program, however that ends.

Arguments are pickled. Replies are MessagePack: what comes back from a process that has
read foreign bytes is decoded by type and never unpickled.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

import msgspec

from radiotui.documents.worker import CALL, LONGEST_SECONDS, PROBLEM, REPLY, RESULT
from radiotui.net.typed import msgpack_decoder
from radiotui.problems import Problem, ProblemKind

T = TypeVar("T")

_IDLE_SECONDS = 60.0
_MOST_WORKERS = 4
_LONGEST_REPLY = 100_000_000

_BEGIN = (
    "import sys; sys.path[:] = sys.argv[1:]; from radiotui.documents import worker; worker.serve()"
)


class WorkerError(Exception):
    """The worker ended in the middle of a call, or the call raised something unexpected."""


class PoolClosedError(WorkerError):
    """The pool was closed before the call was done."""


class WorkerPool:
    """Processes that run one call each, started when needed and ended when idle.

    There are as many as processors, less ``spared`` ones, and at most four. A call may
    take ``longest`` seconds; a worker ends after ``idle`` seconds without a call.
    """

    def __init__(
        self, *, spared: int = 0, longest: float = LONGEST_SECONDS, idle: float = _IDLE_SECONDS
    ) -> None:
        self.longest = longest
        self._idle_seconds = idle
        processors = (os.cpu_count() or 1) - spared
        self._most = max(1, min(_MOST_WORKERS, processors))
        self._places = asyncio.Semaphore(self._most)
        self._calls = 0
        self._workers: set[_Worker] = set()
        self._idle: list[_Worker] = []
        self._retirement: asyncio.TimerHandle | None = None
        self._closed = False

    @property
    def has_idle(self) -> bool:
        """True where a started process is free for the next call."""
        return bool(self._idle)

    @property
    def free_places(self) -> int:
        """Number of calls that would begin at once."""
        return max(0, self._most - self._calls)

    async def run(self, returns: type[T], function: Callable[..., T], *args: object) -> T:
        """Result of ``function(*args)`` in a worker; in a thread where none can be started.

        ``function`` is one of a module, ``args`` can be pickled, and ``returns`` is a type
        that msgspec decodes. Cancelling ends the call at once.

        Raises Problem as the function does, TimeoutError after ``longest`` seconds,
        PoolClosedError when the pool is closed meanwhile and WorkerError for all else.
        """
        self._calls += 1
        try:
            async with self._places:
                if self._closed:
                    raise PoolClosedError
                worker = await self._idle_worker()
                if worker is None:
                    return await asyncio.to_thread(function, *args)
                return await self._run(worker, returns, pickle.dumps((function, args)))
        finally:
            self._calls -= 1

    async def warm_up(self, function: Callable[[], None]) -> None:
        """Start a process where none is at hand, and run ``function``, its imports, in it.

        Without effect where every place is taken. Nothing is raised: the call that needs the
        process says what is wrong.
        """
        if self.has_idle or self._places.locked():
            return
        async with self._places:
            worker = None if self._closed else await self._idle_worker()
            if worker is not None:
                with suppress(Problem, TimeoutError, WorkerError):
                    await self._run(worker, type(None), pickle.dumps((function, ())))

    async def close(self) -> None:
        """End all processes, also those in the middle of a call."""
        self._closed = True
        if self._retirement is not None:
            self._retirement.cancel()
        self._idle.clear()
        await asyncio.gather(*(worker.end() for worker in self._workers))

    async def _idle_worker(self) -> _Worker | None:
        """A worker without a call; None where no process may be started."""
        self._idle = [worker for worker in self._idle if worker.is_alive]
        self._workers = {worker for worker in self._workers if worker.is_alive}
        if self._idle:
            return self._idle.pop()
        try:
            # No file is opened on the loop, not even this one.
            nowhere = await asyncio.to_thread(os.open, os.devnull, os.O_WRONLY)
        except OSError:
            return None
        try:
            process = await asyncio.create_subprocess_exec(
                *_command(),
                stdin=PIPE,
                stdout=PIPE,
                stderr=nowhere,
                # Without a terminal: Ctrl-C and Ctrl-Z there are for the program alone.
                start_new_session=True,
            )
        except OSError:
            return None
        finally:
            os.close(nowhere)
        worker = _Worker(process)
        self._workers.add(worker)
        if self._closed:
            await worker.end()
        return worker

    async def _run(self, worker: _Worker, returns: type[T], call: bytes) -> T:
        try:
            async with asyncio.timeout(self.longest):
                tag, reply = await worker.call(call)
            result = _decoded(tag, reply, returns)
        except (Problem, _CallFault) as error:
            self._rest(worker)
            if isinstance(error, _CallFault):
                raise WorkerError(*error.args) from None
            raise
        except (asyncio.IncompleteReadError, OSError, msgspec.DecodeError) as error:
            if isinstance(error, TimeoutError):
                raise
            raise PoolClosedError if self._closed else WorkerError(repr(error)) from error
        else:
            self._rest(worker)
            return result
        finally:
            if worker not in self._idle:
                # A late reply would be taken for that to the next call.
                worker.kill()

    def _rest(self, worker: _Worker) -> None:
        if self._closed:
            return
        self._idle.append(worker)
        if self._retirement is not None:
            self._retirement.cancel()
        self._retirement = asyncio.get_running_loop().call_later(self._idle_seconds, self._retire)

    def _retire(self) -> None:
        """End the idle workers: their memory is for others."""
        while self._idle:
            self._idle.pop().kill()


class _Worker:
    """One process, seen from the program."""

    def __init__(self, process: Process) -> None:
        self._process = process

    @property
    def is_alive(self) -> bool:
        return self._process.returncode is None

    async def call(self, call: bytes) -> tuple[int, bytes]:
        """Tag and bytes of the reply. Raises IncompleteReadError or OSError when it ends."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(CALL.pack(len(call)))
        stdin.write(call)
        await stdin.drain()
        tag, length = REPLY.unpack(await stdout.readexactly(REPLY.size))
        if length > _LONGEST_REPLY:
            raise OSError(f"a reply of {length} bytes")
        return tag, await stdout.readexactly(length)

    def kill(self) -> None:
        """End it in the middle of whatever it does."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        if self.is_alive:
            # It may be gone in this moment.
            with suppress(ProcessLookupError):
                self._process.kill()

    async def end(self) -> None:
        """End it and wait until it is gone."""
        self.kill()
        await self._process.wait()


class _CallFault(Exception):  # noqa: N818 - it never leaves this module
    """An exception in the worker that is no Problem, as text."""


def _decoded(tag: int, reply: bytes, returns: type[T]) -> T:
    if tag == RESULT:
        return msgpack_decoder(returns).decode(reply)
    if tag == PROBLEM:
        kind, *words = msgpack_decoder(tuple[ProblemKind, str, str, str]).decode(reply)
        raise Problem(*words, kind=kind)
    raise _CallFault(msgpack_decoder(str).decode(reply))


def _command() -> list[str]:
    # Not from the folder the program was started in (-P): there may be anything.
    paths = (os.path.abspath(path) for path in sys.path)  # noqa: PTH100 - links stay links
    return [sys.executable, "-P", "-W", "ignore", "-c", _BEGIN, *paths]
