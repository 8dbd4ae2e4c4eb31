"""A schedule service on loopback, and a time that passes when the test says so."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

from radiotui.guide.model import Programme
from radiotui.guide.sources.answer import ScheduleAnswer
from radiotui.guide.sources.registry import source_type
from radiotui.net.client import Net
from radiotui.stations.model import ScheduleSource, Station

Reply = bytes | tuple[int, dict[str, str], bytes] | Callable[[], Any]


class Service:
    """Answers each path with what ``replies`` holds for it; keeps a list of what was asked."""

    def __init__(self) -> None:
        self.replies: dict[str, Reply] = {}
        self.default: Reply = (404, {}, b"not here")
        self.events: dict[str, list[bytes]] = {}
        self.asked: list[str] = []
        self.let_go = threading.Event()
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                service.asked.append(self.path)
                events = service.events.get(self.path.partition("?")[0])
                if events is not None:
                    self.push(events)
                    return
                reply = service.replies.get(self.path, service.default)
                if callable(reply):
                    reply = reply()
                status, headers, body = reply if isinstance(reply, tuple) else (200, {}, reply)
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                with suppress(ConnectionError):  # the asker may have had enough
                    self.wfile.write(body)

            def push(self, events: list[bytes]) -> None:
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b"".join(events))
                self.wfile.flush()
                service.let_go.wait(60)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self.base = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    def says(self, path: str, value: object) -> None:
        """From now on ``path`` gives ``value`` as JSON."""
        self.replies[path] = json.dumps(value).encode()

    def pushes(self, path: str, events: list[bytes]) -> None:
        """From now on ``path``, with any query, sends ``events`` and stays open."""
        self.events[path] = events

    def hang(self) -> bytes:
        """A reply that does not come before the service is closed."""
        self.let_go.wait(60)
        return b"{}"

    def __enter__(self) -> Service:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.let_go.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class Time:
    """A clock, and a sleep that lasts until the test lets the time pass."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._sleeping: list[tuple[datetime, asyncio.Future[None]]] = []
        self._changed = asyncio.Event()

    def clock(self) -> datetime:
        return self.now

    async def sleep(self, seconds: float) -> None:
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleeping.append((self.now + timedelta(seconds=seconds), woken))
        self._changed.set()
        try:
            await woken
        finally:
            self._sleeping = [one for one in self._sleeping if one[1] is not woken]
            self._changed.set()

    async def asleep(self, tasks: int = 1) -> None:
        """Wait until so many tasks have done what there was to do and sleep."""
        async with asyncio.timeout(30):
            while len(self._sleeping) != tasks:
                self._changed.clear()
                await self._changed.wait()

    async def until(self, moment: datetime, tasks: int = 1) -> None:
        """Let the time pass; whoever is to wake on the way wakes at its own moment."""
        await self.asleep(tasks)
        while (
            self._sleeping and (first := min(self._sleeping, key=lambda one: one[0]))[0] <= moment
        ):
            self.now = max(self.now, first[0])
            self._sleeping.remove(first)
            first[1].set_result(None)
            await self.asleep(tasks)
        self.now = moment

    def suspend(self, seconds: float) -> None:
        """The computer sleeps: the clock on the wall goes on, no sleep in the program does."""
        pause = timedelta(seconds=seconds)
        self.now += pause
        self._sleeping = [(due + pause, woken) for due, woken in self._sleeping]

    async def pass_by(self, seconds: float, tasks: int = 1) -> None:
        """Let so many seconds pass."""
        await self.until(self.now + timedelta(seconds=seconds), tasks)


class Question:
    """A source of a station, and its service."""

    def __init__(
        self, net: Net, service: Service, source: str, zone: str, /, **options: str
    ) -> None:
        self._net = net
        self._kind = source_type(source)
        self._source = ScheduleSource(source, tuple((options | {"base": service.base}).items()))
        self._station = Station("one", "Radio One", (), timezone=zone)

    async def now(self, at: datetime, previous: ScheduleAnswer | None = None) -> ScheduleAnswer:
        """What the source makes of the present."""
        return await self._kind.now(self._net, self._station, self._source, at, previous)

    def push(self, clock: Callable[[], datetime]) -> AsyncIterator[ScheduleAnswer]:
        """What the source's service sends by itself."""
        assert self._kind.push is not None
        return self._kind.push(self._net, self._station, self._source, clock)

    async def day(self, day: date) -> list[Programme]:
        """What the source makes of a day."""
        assert self._kind.day is not None
        return await self._kind.day(self._net, self._station, self._source, day)


def utc(text: str) -> datetime:
    """An ISO time, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
