"""A hundred feeds made for the bench, and the server they are fetched from.

``python -m bench.feeds PORT`` serves them on fifty addresses of loopback, so
that being polite to a host does not decide a measurement alone:

    /tagged/N.rss   with ETag and Last-Modified; 304 to whoever sends one of them
    /plain/N.rss    without either: always 200 with the same bytes
    /story/N.html   an article of five thousand words
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

FEEDS = 100
ENTRIES = 60
BYTES = 65_000
HOSTS = 50
_NEWEST = datetime(2026, 11, 20, 12, tzinfo=UTC)
_MODIFIED = format_datetime(_NEWEST, usegmt=True)
_SYLLABLES = "ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo zu".split()  # noqa: SIM905


def words(source: random.Random, count: int) -> list[str]:
    """So many words that nobody has seen, nearly all of them different."""
    return ["".join(source.choices(_SYLLABLES, k=3)) for _ in range(count)]


def feed(number: int, base: str = "http://127.0.0.1:9") -> bytes:
    """One feed of about 65 KB: title, link, guid, author, date and description of 60 entries."""
    source = random.Random(number)
    items = []
    for entry in range(ENTRIES):
        at = _NEWEST - timedelta(minutes=37 * entry + number)
        said = " ".join(words(source, 99))
        items.append(
            f"<item><title>{' '.join(words(source, 8)).capitalize()}</title>"
            f"<link>{base}/news/{number}/{entry}</link>"
            f'<guid isPermaLink="false">bench-{number}-{entry}</guid>'
            f"<dc:creator>{' '.join(words(source, 2)).title()}</dc:creator>"
            f"<pubDate>{format_datetime(at)}</pubDate>"
            f"<description>&lt;p&gt;{said}&lt;/p&gt;&lt;p&gt;&lt;a href=&quot;{base}/more/{number}/"
            f"{entry}&quot;&gt;More&lt;/a&gt;&lt;/p&gt;</description></item>"
        )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        f"<title>Bench feed {number}</title><link>{base}/</link>"
        f"<description>Made for the bench</description>{''.join(items)}</channel></rss>\n"
    ).encode()


def page() -> bytes:
    """An article of five thousand words."""
    source = random.Random(5000)
    text = "".join(f"<p>{' '.join(words(source, 100)).capitalize()}.</p>" for _ in range(50))
    return f"<html><body><article><h1>Long</h1>{text}</article></body></html>".encode()


class _Answering(asyncio.Protocol):
    """HTTP/1.1 with connections that stay open; every answer is made beforehand."""

    bodies: tuple[tuple[bytes, str], ...] = ()
    """Each feed, and its ETag."""

    def __init__(self) -> None:
        self._asked = b""
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._asked += data
        while b"\r\n\r\n" in self._asked:
            request, _, self._asked = self._asked.partition(b"\r\n\r\n")
            assert self._transport is not None
            self._transport.write(self._answer(request.decode("latin-1")))

    def _answer(self, request: str) -> bytes:
        path = request.split(" ", 2)[1]
        kind, _, name = path.strip("/").partition("/")
        if kind == "story":
            body = page()
            return _head("200 OK", "text/html", len(body)) + body
        body, tag = self.bodies[int(name.removesuffix(".rss"))]
        if kind == "plain":
            return _head("200 OK", "application/rss+xml", len(body)) + body
        known = f"ETag: {tag}\r\nLast-Modified: {_MODIFIED}\r\n"
        if tag in request or _MODIFIED in request:
            return f"HTTP/1.1 304 Not Modified\r\n{known}\r\n".encode()
        return _head("200 OK", "application/rss+xml", len(body), known) + body


def _head(status: str, kind: str, length: int, more: str = "") -> bytes:
    return (
        f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n{more}\r\n"
    ).encode()


async def _serve(port: int) -> None:
    _Answering.bodies = tuple(
        (body, f'"{hashlib.sha256(body).hexdigest()[:20]}"')
        for body in (feed(number) for number in range(FEEDS))
    )
    hosts = [f"127.0.0.{host + 1}" for host in range(HOSTS)]
    await asyncio.get_running_loop().create_server(_Answering, hosts, port, backlog=512)
    print("serving", flush=True)
    await asyncio.Event().wait()


class FeedServer:
    """Where the feeds are, while it runs."""

    def __init__(self, port: int) -> None:
        self._port = port

    def urls(self, kind: str) -> list[str]:
        """The address of every feed, ``tagged`` or ``plain``, two on each host."""
        return [
            f"http://127.0.0.{number % HOSTS + 1}:{self._port}/{kind}/{number}.rss"
            for number in range(FEEDS)
        ]


@contextlib.contextmanager
def serving() -> Iterator[FeedServer]:
    """The server, in a process of its own."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.feeds", str(port)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "serving\n"
        time.sleep(0.1)
        yield FeedServer(port)
    finally:
        process.kill()
        process.wait()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
