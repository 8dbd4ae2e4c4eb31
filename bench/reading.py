"""Stories on the screen: keys while feeds are asked, lists and articles from key to rows."""

from __future__ import annotations

import asyncio
import random
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles

import pyte

from bench import many
from bench.feeds import FEEDS, serving, words
from bench.pty import Program
from bench.start import home
from bench.table import Row
from radiotui.articles.serialise import plain_article, write_article
from radiotui.documents.model import Article, Paragraph
from radiotui.documents.runs import text_to_runs
from radiotui.store import Store, articles, feeds, stories
from radiotui.store.articles import StoredPage
from radiotui.store.stories import StoredEntry

RUNS = 5
_SIZE = (36, 120)
_PINNED = 12
_KEY_SECONDS = (0.04, 0.11)
"""Between two keys: about as quick as one holds a key down."""
_KEY_MS, _LIST_MS, _ARTICLE_MS = 50.0, 100.0, 200.0
_CTRL_R = "\x12"
_UP, _DOWN, _HOME = "\x1b[A", "\x1b[B", "\x1b[H"


def rows() -> list[Row]:
    """Each from the key to what it changes on the screen of a real terminal."""
    with tempfile.TemporaryDirectory() as folder:
        return [*_keys(Path(folder) / "keys"), *_opening(Path(folder) / "opening")]


def _keys(folder: Path) -> list[Row]:
    resting, busy = list[float](), list[float]()
    with serving() as server:
        for run in range(RUNS):
            rest, during = _moving(folder / str(run), server.urls("tagged"))
            resting += rest
            busy += during
    table = []
    for what, taken in (("at rest", resting), (f"while {FEEDS} feeds come", busy)):
        usual, slow = median(taken) * 1000, quantiles(taken, n=100)[98] * 1000
        table += [
            Row(f"key, {what}, p99 of {len(taken)}", slow, "ms", "what it may be", _KEY_MS, 1.0),
            Row(f"key, {what}, median", usual, "ms", "what it may be", _KEY_MS),
        ]
    return table


def _moving(folder: Path, urls: list[str]) -> tuple[list[float], list[float]]:
    """Seconds from each key to the highlight: at rest, and while every feed brings stories."""
    env = home(folder)
    stations = _station(folder, urls)
    path = _store(folder)
    asyncio.run(_pin(path, urls))
    command = [sys.executable, "-m", "radiotui", "--stations", str(stations), "--engine", "silent"]
    with Program(command, env, _SIZE) as program, closing(sqlite3.connect(path)) as store:
        program.wait_for("Pinned 00")
        program.drain(2.0)
        begun = program.type("2" + _HOME)
        program.drain(0.5)
        places = _walk()
        resting = [_press(program, places) for _ in range(60)]
        program.type(_CTRL_R)
        busy: list[tuple[float, int]] = []
        question = "SELECT count(*) FROM feed WHERE answered_at IS NOT NULL"
        while store.execute(question).fetchone()[0] < FEEDS and len(busy) < 500:
            busy.append(_press(program, places))
        program.drain(0.5)
        shown = _highlights(program.frames)
        program.type("q")
        program.wait_end()
    if len(busy) < 10 or not shown or shown[-1][0] < begun:
        raise RuntimeError(f"{len(busy)} keys were pressed, {len(shown)} seen")
    taken = _taken(shown, [*resting, *busy])
    return taken[: len(resting)], taken[len(resting) :]


def _walk():
    """Down the pinned stories and up again: each next key, and the story it leads to."""
    while True:
        yield from ((_DOWN, place) for place in range(1, _PINNED))
        yield from ((_UP, place) for place in reversed(range(_PINNED - 1)))


def _press(program: Program, places) -> tuple[float, int]:
    key, place = next(places)
    at = program.type(key)
    program.drain(random.uniform(*_KEY_SECONDS))
    return at, place


def _highlights(frames: list[tuple[float, bytes]]) -> list[tuple[float, int]]:
    """When which pinned story was the highlighted one, as a terminal shows it."""
    lines, columns = _SIZE
    screen = pyte.Screen(columns, lines)
    stream = pyte.ByteStream(screen)
    seen: list[tuple[float, int]] = []
    for at, data in frames:
        # pyte knows no private mode requests with an intermediate character.
        stream.feed(data.replace(b"\x1b[?2026$p", b"").replace(b"\x1b[?2048$p", b""))
        colours: dict[int, str] = {}
        for y, line in enumerate(screen.display):
            x = line.find("Pinned ")
            if x >= 0:
                colours[int(line[x + 7 : x + 9])] = screen.buffer[y][x].bg
        usual = max(set(colours.values()), key=list(colours.values()).count, default="")
        odd = [place for place, colour in colours.items() if colour != usual]
        if len(odd) == 1 and (not seen or seen[-1][1] != odd[0]):
            seen.append((at, odd[0]))
    return seen


def _taken(shown: list[tuple[float, int]], keys: list[tuple[float, int]]) -> list[float]:
    """Seconds from each key until the highlight was there, or where a later key led to."""
    taken = []
    for number, (pressed, _) in enumerate(keys):
        later = keys[number:]
        arrived = (
            at
            for at, where in shown
            if at > pressed and any(key < at and place == where for key, place in later)
        )
        taken.append(next(arrived) - pressed)
    return taken


async def _pin(path: Path, urls: list[str]) -> None:
    """Some stories that stay on top; nothing is asked for before it is wanted."""
    now = datetime.now(UTC)
    pinned = [
        StoredEntry(
            f"pin-{n}", f"Pinned {n:02}", None, "", now - timedelta(minutes=n), None, "", f"{n}"
        )
        for n in range(_PINNED)
    ]

    def keep(connection: sqlite3.Connection) -> None:
        known = feeds.subscribe(connection, urls)
        stories.keep(connection, known[0].id, pinned, now)
        later = int(time.time()) + 7 * 24 * 3600
        connection.execute("UPDATE feed SET asked_at = ?, next_at = ?", (int(time.time()), later))

    await _ask(path, keep)


def _opening(folder: Path) -> list[Row]:
    """Fifty thousand stories from the key to the list, and an article of 5,000 words."""
    env = home(folder)
    stations = _station(
        folder, list(many.urls()), first='[[station]]\nid = "still"\nname = "Still"\n'
    )
    path = _store(folder)
    asyncio.run(_long(path))
    command = [sys.executable, "-m", "radiotui", "--stations", str(stations), "--engine", "silent"]
    listed, read = [], []
    for _ in range(RUNS):
        with Program(command, env, _SIZE) as program:
            program.wait_for("All stories")
            program.drain(2.0)
            # To the last list of stories, to the one above it, and into that.
            program.forget()
            begun = program.type("G" + _UP + "\r")
            listed.append(program.began + program.wait_for("Kestrel") - begun)
            program.drain(2.0)
            program.forget()
            begun = program.type("\r")
            read.append(program.began + program.wait_for("Ospreymark") - begun)
            program.drain(0.5)
            program.type("q")
            program.wait_end()
    return [
        Row(
            "key to a list of 50,000", median(listed) * 1000, "ms", "what it may be", _LIST_MS, 1.0
        ),
        Row("Enter to 5,000 words", median(read) * 1000, "ms", "what it may be", _ARTICLE_MS, 1.0),
    ]


async def _long(path: Path) -> None:
    """Fifty thousand stories; the newest one's page is kept, and it is long."""
    store = Store(path, clock=lambda: datetime.now(UTC))
    await many.fill(store)
    now = datetime.now(UTC)
    link = "http://127.0.0.1:9/long"
    entry = StoredEntry(
        "long", "Kestrel over the long read", link, "Ann Other", now, None, "", "long"
    )
    source = random.Random(5000)
    prose = [" ".join(words(source, 100)).capitalize() for _ in range(50)]
    article = Article(
        link,
        "Kestrel over the long read",
        tuple(Paragraph(text_to_runs(text)) for text in (f"Ospreymark. {prose[0]}", *prose[1:])),
    )
    page = StoredPage(now, write_article(article), plain_article(article))

    def keep(connection: sqlite3.Connection) -> None:
        (feed,) = feeds.feeds(connection, many.urls()[:1])
        stories.keep(connection, feed.id, [entry], now)
        articles.keep_page(connection, link, page)

    await store.ask(keep)
    await store.close()


async def _ask(path: Path, query) -> None:
    store = Store(path, clock=lambda: datetime.now(UTC))
    await store.ask(query)
    await store.close()


def _station(folder: Path, urls: list[str], first: str = "") -> Path:
    """A station list with one station that has all the feeds, maybe after another one."""
    folder.mkdir(parents=True, exist_ok=True)
    stations = folder / "stations.toml"
    stream = '[[station.stream]]\nid = "live"\nname = "Live"\nurl = "http://127.0.0.1:9/live"\n'
    addresses = ", ".join(f'"{url}"' for url in urls)
    stations.write_text(
        (first + stream if first else "")
        + f'[[station]]\nid = "bench"\nname = "Bench Radio"\nfeeds = [{addresses}]\n{stream}'
    )
    config = folder / "CONFIG" / "radiotui" / "settings.toml"
    config.parent.mkdir(parents=True)
    config.write_text("articles-ahead = 0\n")
    return stations


def _store(folder: Path) -> Path:
    return folder / "DATA" / "radiotui" / "radiotui.db"
