"""Brings the bytes of an enclosure: those that are heard next first, by ranges (RFC 9110 §14).

One connection at a time. A place that is asked for beyond what comes is asked for by another,
which takes the first one's place once its answer is known to be of the same version.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from msgspec.structs import replace

from radiotui.enclosures.file import EnclosureFile, FileVersion
from radiotui.enclosures.give_up import (
    GiveUpError,
    disk_failure,
    free_bytes,
    no_room,
    web_page,
)
from radiotui.net.backoff import growing_pause
from radiotui.net.client import MIB, Net, Response
from radiotui.net.content import is_html
from radiotui.net.content_coding import is_encoded
from radiotui.problems import Problem, ProblemKind, as_problem

log = logging.getLogger(__name__)

MOST_BYTES = 4096 * MIB
"""Bytes of an enclosure, at most."""
AHEAD = 24 * MIB
"""So far before what is heard it is fetched: 25 minutes at 128 kbit/s."""
_LEAST_NEAR = 64 * 1024
_NEAR = MIB
_NEAR_SECONDS = 0.5
"""What comes sooner than this comes by the open connection sooner than by another."""
_SAVED_EVERY = 4 * MIB
_SAVED_AFTER_SECONDS = 2.0
"""At the latest: what comes slowly is no less worth than what comes fast."""
_LEAST_TEXT = 100_000
"""Bytes of a file that its host calls text: a shorter one is a page or a message."""
_AT_ONCE = 128 * 1024
_GATHERED_SECONDS = 0.5
_ROOM = 64 * MIB
"""Bytes of the disk that are left to others."""
_MOST_FAILURES = 6
"""So many connections in a row that bring nothing more are the end."""
_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 8.0
_RANGE = re.compile(r"bytes (\d{1,15})-\d{1,15}/(\d{1,15}|\*)")
_NOTHING_THERE = 416


class FetchBroke(msgspec.Struct, frozen=True):
    """The connection broke; the next attempt is at ``retry_at``."""

    problem: Problem
    retry_at: datetime


class FetchGoesOn(msgspec.Struct, frozen=True):
    """Bytes come again after a connection that broke."""


class FetchFailed(msgspec.Struct, frozen=True):
    """No more will come, because of ``problem``."""

    problem: Problem
    is_another: bool = False
    """True where the host sends another version now."""


class FetchWhole(msgspec.Struct, frozen=True):
    """Every byte is there."""


FetchEvent = FetchBroke | FetchGoesOn | FetchFailed | FetchWhole


class _OpenAnswer(msgspec.Struct):
    """An answer whose bytes come from ``at`` on."""

    stack: AsyncExitStack
    chunks: AsyncIterator[bytes]
    at: int
    total: int | None
    opened_at: float
    """By the loop's clock, in seconds."""
    received: int = 0


class EnclosureFetch:
    """Fills ``file`` from ``url`` while :meth:`run` runs.

    ``name`` is the enclosure as problems call it. With ``is_whole_wanted`` every byte is
    brought, else what is read and some minutes more.
    """

    def __init__(
        self,
        net: Net,
        url: str,
        file: EnclosureFile,
        *,
        name: str,
        on_event: Callable[[FetchEvent], None],
        is_whole_wanted: bool = False,
        ahead: int = AHEAD,
        free_bytes: Callable[[Path], int] = free_bytes,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._net = net
        self._url = url
        self._file = file
        self._name = name
        self._on_event = on_event
        self.is_whole_wanted = is_whole_wanted
        """Bring every byte, and not only what is read soon."""
        self.ahead = ahead
        """Bytes that are brought before they are read; with a third of them left, more are."""
        self._clock = clock
        self._sleep = sleep
        self._free_bytes = free_bytes
        self._can_range = True
        self._is_text = False
        self._refused: int | None = None
        """A place that the host did not give of this version."""
        self._unsaved = 0
        self._saved_at = 0.0
        self._received = 0
        self._is_broken = False
        self._wanted = asyncio.Event()

    def want(self) -> None:
        """Look again at which byte is wanted."""
        self._wanted.set()

    async def run(self) -> None:
        """Bring it. The last event is FetchWhole or FetchFailed."""
        failures = 0
        self._saved_at = asyncio.get_running_loop().time()
        while True:
            before = self._received
            try:
                await self._bring()
                await asyncio.to_thread(self._file.save)
            except GiveUpError as final:
                return self._fail(final)
            except OSError as error:
                return self._fail(disk_failure(self._name, error))
            except Exception as error:
                # What nobody expected counts like a line that broke: of this file alone.
                if not isinstance(error, Problem):
                    log.exception("%s: unexpected", self._name)
                problem = as_problem(error)
                failures = 1 if self._received > before else failures + 1
                is_first = self._file.version is None
                if is_first or failures >= _MOST_FAILURES:
                    return self._fail(GiveUpError(problem))
                await self._wait(problem, failures)
            else:
                return self._on_event(FetchWhole())

    def _fail(self, final: GiveUpError) -> None:
        log.info("%s: %s", self._name, final.problem)
        if final.is_another:
            self._file.give_way()
        self._file.fail(final.problem)
        self._on_event(FetchFailed(final.problem, final.is_another))

    async def _wait(self, problem: Problem, failures: int) -> None:
        log.info("%s: the connection broke: %s", self._name, problem)
        self._is_broken = True
        pause = growing_pause(failures, _FIRST_PAUSE, _LONGEST_PAUSE)
        self._on_event(FetchBroke(problem, self._clock() + timedelta(seconds=pause)))
        await self._sleep(pause)

    async def _bring(self) -> None:
        """Bring what is missing, one gap after the other, until nothing is."""
        while not self._file.is_whole:
            at = self._next_place()
            if at is None:
                await self._wanted.wait()
                self._wanted.clear()
                continue
            connection = await self._connect(at)
            try:
                while connection is not None:
                    connection = await self._receive(connection)
            except BaseException:
                if connection is not None:
                    await connection.stack.aclose()
                raise

    def _next_place(self) -> int | None:
        """The next byte to ask for; None while enough is there."""
        wanted = self._file.wanted
        total = self._file.version.total if self._file.version else None
        missing, _ = self._file.missing_from(wanted)
        if total is None or missing < total:
            if self.is_whole_wanted or missing - wanted < self.ahead // 3:
                return missing
            return None
        return self._file.missing_from(0)[0] if self.is_whole_wanted else None

    async def _connect(self, at: int) -> _OpenAnswer | None:
        """A connection that brings the bytes from ``at`` on, or from before it; None: none are."""
        headers = {"Accept-Encoding": "identity"}
        if self._can_range or at == 0:
            headers["Range"] = f"bytes={at}-"
        before = self._file.version
        if before is not None and before.etag.startswith('"') and before.etag.isascii():
            headers["If-Range"] = before.etag
        stack = AsyncExitStack()
        try:
            answer = await stack.enter_async_context(
                self._net.stream(self._url, who=self._name, headers=headers)
            )
            begin, total = self._judge(answer, at)
        except BaseException as error:
            await stack.aclose()
            if isinstance(error, Problem) and error.status == _NOTHING_THERE and before:
                self._end_at(before, at)
                return None
            raise
        chunks = answer.chunks()
        opened_at = asyncio.get_running_loop().time()
        return _OpenAnswer(stack, chunks, begin, total, opened_at)

    def _end_at(self, before: FileVersion, at: int) -> None:
        """The host has no byte there: that is its length, where nobody had said another."""
        if before.total is not None:
            raise self._is_another(None)
        self._file.note(replace(before, total=at))

    def _judge(self, answer: Response, at: int) -> tuple[int, int | None]:
        """The byte at which the answer begins, and how many there are in all.

        Raises where it is another version, a page, or nothing that can be used.
        """
        headers = answer.headers
        begin, total = 0, _number(headers.get("content-length", ""))
        if answer.status == 206:
            match = _RANGE.match(headers.get("content-range", ""))
            begin, total = (int(match[1]), _number(match[2])) if match else (-1, None)
            if not 0 <= begin <= at:
                self._can_range = False
                raise Problem(f"{self._name} breaks off here", "its server gives other bytes")
        elif at:
            self._can_range = False
        if is_encoded(headers.get("content-encoding", "")):
            raise GiveUpError(Problem(f"{self._name} is sent packed", "it cannot be heard so"))
        if total is not None and total > MOST_BYTES:
            size = f"{MOST_BYTES // MIB // 1024} GB"
            raise GiveUpError(Problem(f"{self._name} is longer than {size}"))
        version = FileVersion(
            total, headers.get("etag", "")[:200], headers.get("last-modified", "")[:100]
        )
        before = self._file.version
        if before is not None and before.is_another(version):
            raise self._is_another(version)
        if before is None:
            kind = headers.get("content-type", "").lower()
            self._is_text = kind.startswith("text/")
            if "html" in kind or (self._is_text and total is not None and total < _LEAST_TEXT):
                raise GiveUpError(web_page(self._name, self._url))
            self._file.note(version)
        elif before.total is None and total is not None:
            self._file.note(replace(before, total=total))
        return begin, total

    def _is_another(self, version: FileVersion | None) -> GiveUpError:
        log.info("%s: another version: %s", self._name, version)
        hint = "what had come is heard; the next time it is the new one"
        return GiveUpError(Problem(f"{self._name} was changed by its host", hint), is_another=True)

    async def _receive(self, connection: _OpenAnswer) -> _OpenAnswer | None:
        """Bring a part; the connection that goes on, None: another place is next."""
        data, ended, wanted = bytearray(), False, self._file.wanted
        late = asyncio.get_running_loop().time() + _GATHERED_SECONDS
        try:
            while len(data) < _AT_ONCE and not ended:
                chunk = await anext(connection.chunks, None)
                ended = chunk is None
                data += chunk or b""
                # What is waited for is not held back, here or elsewhere.
                is_late = asyncio.get_running_loop().time() > late
                if self._file.wanted != wanted or wanted >= connection.at or is_late:
                    break
        except Problem as problem:
            raise (self._broke_off() if problem.kind is ProblemKind.NOT_HTTP else problem) from None
        finally:
            # Also where the connection broke: each of them brings something.
            if data:
                await self._keep(connection.at, bytes(data))
                connection.at += len(data)
                connection.received += len(data)
        if ended:
            await connection.stack.aclose()
            self._end(connection)
            return None
        target = self._target(connection.at, _near(connection))
        if target is None:
            return connection
        if target < 0:
            await connection.stack.aclose()
            return None
        return await self._move(connection, target)

    async def _keep(self, at: int, data: bytes) -> None:
        if at == 0 and is_html(data):
            raise GiveUpError(web_page(self._name, self._url))
        if at + len(data) > MOST_BYTES:
            raise GiveUpError(Problem(f"{self._name} has no end", "nobody could hear it all"))
        if not self._received:
            total = self._file.version.total if self._file.version else None
            most = max(0, (total or self.ahead) - self._file.bytes_there)
            needed = most if self.is_whole_wanted else min(most, self.ahead)
            await asyncio.to_thread(self._look_for_room, needed)
        await asyncio.to_thread(self._file.write, at, data)
        self._received += len(data)
        self._unsaved += len(data)
        now = asyncio.get_running_loop().time()
        if self._unsaved >= _SAVED_EVERY or now - self._saved_at > _SAVED_AFTER_SECONDS:
            self._unsaved, self._saved_at = 0, now
            await asyncio.to_thread(self._file.save)
            await asyncio.to_thread(self._look_for_room)
        if self._is_broken:
            self._is_broken = False
            self._on_event(FetchGoesOn())

    def _look_for_room(self, needed: int = 0) -> None:
        free = self._free_bytes(self._file.path.parent)
        if needed + _ROOM > free:
            raise GiveUpError(no_room(self._name, f"{free // MIB} MB are free"))

    def _end(self, connection: _OpenAnswer) -> None:
        """The body ended: without a length of its own this is how long it is."""
        if self._file.version is not None and self._file.version.total is None:
            if self._is_text and connection.at < _LEAST_TEXT:
                self._file.give_way()
                raise GiveUpError(web_page(self._name, self._url))
            version = replace(self._file.version, total=connection.at, is_total_told=False)
            self._file.note(version)
        elif connection.total is not None and connection.at < connection.total:
            raise self._broke_off()

    def _broke_off(self) -> Problem:
        return Problem(f"{self._name} broke off", "its server ended it too early")

    def _target(self, at: int, near: int) -> int | None:
        """Another place to go on at; None: this one goes on, -1: enough is there."""
        wanted = self._file.wanted
        missing, _ = self._file.missing_from(wanted)
        is_elsewhere = missing < at or missing > at + near
        if is_elsewhere and self._can_range and missing != self._refused:
            total = self._file.version.total if self._file.version else None
            if total is None or missing < total:
                return missing
        # The rest of this gap is there already, or comes later.
        if self._file.missing_from(at)[0] > at + near and self._can_range:
            return -1
        is_enough = at - wanted > self.ahead and missing >= at
        return -1 if is_enough and self._can_range and not self.is_whole_wanted else None

    async def _move(self, connection: _OpenAnswer, target: int) -> _OpenAnswer:
        """Go on at another place, if its host gives it of the same version."""
        try:
            other = await self._connect(target)
        except (GiveUpError, Problem) as error:
            log.info("%s: byte %d is not given: %s", self._name, target, error)
            self._refused = target
            return connection
        if other is None:
            return connection
        if other.at + _NEAR < target:
            # It begins at its beginning again: this server knows no ranges.
            await other.stack.aclose()
            return connection
        await connection.stack.aclose()
        return other


def _near(connection: _OpenAnswer) -> int:
    """The bytes that a connection brings sooner than another would be open."""
    seconds = asyncio.get_running_loop().time() - connection.opened_at
    rate = connection.received / max(seconds, 0.001)
    return int(min(_NEAR, max(_LEAST_NEAR, _NEAR_SECONDS * rate)))


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) <= 15 else None
