"""A podcast of 3,000 episodes: first answer, one new episode, nothing new, and its list.

Whole processes beside ``newsboat -x reload`` and beside a process that only fetches the feed and
parses it with feedparser, which keeps nothing. The list is that of ``radiotui podcasts list``'s
store, opened in this process.
"""

from __future__ import annotations

import asyncio
import hashlib
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from typing import NamedTuple

from bench.feeds import words
from bench.start import home
from bench.table import Row

EPISODES = 3_000
RUNS = 3
_NEWEST = datetime(2026, 11, 20, 12, tzinfo=UTC)
_NOTES_WORDS = 300
_KIB_OF_ONE = 1024.0
"""The system counts in KiB (getrusage, Linux)."""
_WATCH = """
import os, sys, time
begin = time.monotonic()
nowhere = os.open(os.devnull, os.O_RDWR)
spared = [(os.POSIX_SPAWN_DUP2, nowhere, 1), (os.POSIX_SPAWN_DUP2, nowhere, 2)]
child = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ, file_actions=spared)
_, status, usage = os.wait4(child, 0)
print(time.monotonic() - begin, usage.ru_maxrss)
sys.exit(os.waitstatus_to_exitcode(status))
"""
"""Starts another from a small process: what that had before it became a program counts, too."""
_LIST_MS = 100.0
_LIMITS = {
    ("one new", "feedparser alone"): 1.0,
    ("nothing new, 200", "feedparser alone"): 0.5,
    ("nothing new, 304", "feedparser alone"): 0.5,
}
"""What is stored is not parsed again; newsboat keeps nothing but what it shows of an entry."""
_FEEDPARSER = (
    "import sys, urllib.request, feedparser;"
    "assert feedparser.parse(urllib.request.urlopen(sys.argv[1]).read()).entries"
)


class Cost(NamedTuple):
    """Cost of one run of a process."""

    seconds: float
    mib: float
    """The largest of it and its own processes."""


class PodcastHost(ThreadingHTTPServer):
    """Serves one feed, whose body may change; sends 304 to whoever has it, where ``tagged``."""

    def __init__(self) -> None:
        self.body = b""
        self.is_tagged = False
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def url(self) -> str:
        """The address of the feed."""
        return f"http://127.0.0.1:{self.server_address[1]}/show.rss"


class _Handler(BaseHTTPRequestHandler):
    server: PodcastHost

    def do_GET(self) -> None:
        tag = f'"{hashlib.sha256(self.server.body).hexdigest()[:20]}"'
        is_same = self.server.is_tagged and self.headers.get("If-None-Match") == tag
        self.send_response(304 if is_same else 200)
        self.send_header("Content-Type", "application/rss+xml")
        if self.server.is_tagged:
            self.send_header("ETag", tag)
        self.send_header("Content-Length", str(0 if is_same else len(self.server.body)))
        self.end_headers()
        if not is_same:
            self.wfile.write(self.server.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


def rows() -> list[Row]:
    """Time and memory of each case, then how soon the list is there."""
    with tempfile.TemporaryDirectory() as folder, _serving() as host:
        readers = _readers(Path(folder), host.url)
        table = list(_cases(readers, host))
        table.append(_list_row(Path(folder) / "radiotui", host.url))
        return table


def podcast(episodes: int) -> bytes:
    """A feed with notes of some hundred words, the newest episode first."""
    items = []
    for number in reversed(range(episodes)):
        source = random.Random(number)
        at = _NEWEST - timedelta(days=EPISODES - number)
        items.append(
            f"<item><title>{' '.join(words(source, 6))}</title><guid>{number}</guid>"
            f"<link>https://bench.example/{number}</link><pubDate>{format_datetime(at)}</pubDate>"
            f'<enclosure url="https://bench.example/{number}.mp3" type="audio/mpeg" length="9"/>'
            f"<itunes:duration>1:02:03</itunes:duration><itunes:episode>{number}</itunes:episode>"
            f"<description>&lt;p&gt;{' '.join(words(source, _NOTES_WORDS))}&lt;/p&gt;</description>"
            "</item>"
        )
    return (
        '<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel>'
        f"<title>Bench</title><link>https://bench.example/</link>{''.join(items)}</channel></rss>"
    ).encode()


@contextmanager
def _serving() -> Iterator[PodcastHost]:
    host = PodcastHost()
    thread = threading.Thread(target=host.serve_forever, daemon=True)
    thread.start()
    try:
        yield host
    finally:
        host.shutdown()
        host.server_close()
        thread.join()


class _Program:
    """A program that reads the feed, in a folder of its own."""

    def __init__(self, folder: Path, command: list[str], kept: str) -> None:
        self._folder, self._command, self._kept = folder, command, kept
        self._env = home(folder)

    def run(self) -> Cost:
        done = subprocess.run(
            [sys.executable, "-S", "-E", "-c", _WATCH, *self._command],
            env=self._env,
            capture_output=True,
            text=True,
            check=True,
        )
        seconds, kib = done.stdout.split()
        return Cost(float(seconds), float(kib) / _KIB_OF_ONE)

    def forget(self) -> None:
        """As it was before the first time."""
        for path in self._folder.glob(f"{self._kept}*"):
            path.unlink()


def _readers(folder: Path, url: str) -> dict[str, _Program]:
    for name in ("radiotui", "newsboat", "feedparser"):
        (folder / name).mkdir()
    stations = folder / "radiotui" / "stations.toml"
    stations.write_text(f'[[podcast]]\nurl = "{url}"\n')
    command = [sys.executable, "-m", "radiotui", "--stations", str(stations), "podcasts", "refresh"]
    readers = {
        "radiotui": _Program(folder / "radiotui", command, "DATA/radiotui/radiotui.db"),
        "feedparser alone": _Program(
            folder / "feedparser", [sys.executable, "-c", _FEEDPARSER, url], "nothing"
        ),
    }
    newsboat = shutil.which("newsboat")
    if newsboat:
        own = folder / "newsboat"
        (own / "urls").write_text(f"{url}\n")
        (own / "config").write_text("")
        options = ["-u", str(own / "urls"), "-C", str(own / "config"), "-c", str(own / "cache.db")]
        readers["newsboat"] = _Program(own, [newsboat, *options, "-x", "reload"], "cache.db")
    return readers


def _cases(readers: dict[str, _Program], host: PodcastHost) -> Iterator[Row]:
    whole, longer = podcast(EPISODES), podcast(EPISODES + 1)
    for what, before, now, is_tagged in (
        ("first time", b"", whole, False),
        ("one new", whole, longer, False),
        ("nothing new, 200", whole, whole, False),
        ("nothing new, 304", whole, whole, True),
    ):
        host.is_tagged = is_tagged
        costs: dict[str, list[Cost]] = {name: [] for name in readers}
        for _ in range(RUNS):
            for name, reader in readers.items():
                if before != now:
                    reader.forget()
                if before:
                    host.body = before
                    reader.run()
                    # newsboat sends a feed's ETag from the third time on.
                    for _ in range(2 if is_tagged else 0):
                        reader.run()
                host.body = now
                costs[name].append(reader.run())
        ours = costs.pop("radiotui")
        for name, theirs in costs.items():
            row = _row(f"{EPISODES} episodes, {what}", ours, name, theirs, "seconds")
            yield replace(row, limit=_LIMITS.get((what, name)))
        for name, theirs in costs.items():
            yield _row(f"{EPISODES} episodes, {what}", ours, name, theirs, "mib")


def _row(what: str, ours: list[Cost], name: str, theirs: list[Cost], key: str) -> Row:
    mine = median(getattr(cost, key) for cost in ours)
    others = median(getattr(cost, key) for cost in theirs)
    if key == "mib":
        return Row(what, mine, "MiB", name, others)
    return Row(what, mine * 1000, "ms", name, others * 1000)


def _list_row(folder: Path, url: str) -> Row:
    """How soon the podcast's list of 300 rows is there, and its limit in place of a peer."""
    return Row("its list opens", asyncio.run(_opened(folder, url)), "ms", "limit", _LIST_MS, 1.0)


async def _opened(folder: Path, url: str) -> float:
    from radiotui.net.client import Net
    from radiotui.store import Store
    from radiotui.stories.model import PodcastSection, Section
    from radiotui.stories.service import StoryService

    net = Net()
    store = Store(folder / "DATA/radiotui/radiotui.db", clock=lambda: _NEWEST)
    service = StoryService(net, store, clock=lambda: _NEWEST, on_change=lambda _: None)
    times = []
    for _ in range(RUNS):
        begin = time.monotonic()
        listed = await service.story_list(Section(PodcastSection(url), "Bench", (url,)))
        times.append((time.monotonic() - begin) * 1000)
        if not listed.headlines:
            raise RuntimeError("the list is empty")
    await service.close()
    await store.close()
    await net.aclose()
    return max(times)
