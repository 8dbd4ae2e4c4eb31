"""Killed while it queues, again and again: what a screen has shown is in the queue."""

from __future__ import annotations

import json
import os
import random
import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from radiotui.app.companion import Options
from radiotui.config import Folders
from tests.feeds import rss
from tests.servers import Server, serving
from tests.terminal import ROOT, Terminal

KILLS = 24
MOST_LINES = 14
DOWN = "\x1b[B"


def queued(path: Path) -> list[str]:
    """The titles that are in the queue, in order, once the file has proved whole."""
    with closing(sqlite3.connect(path)) as file:
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        rows = file.execute("SELECT title FROM queued WHERE queue = 'Main' ORDER BY rank")
        return [title for (title,) in rows]


def test_what_was_shown_is_queued_after_any_kill(tmp_path: Path) -> None:
    seed = int(os.environ.get("RADIOTUI_SEED", time.time_ns() % 1_000_000))
    print(f"RADIOTUI_SEED={seed}")
    dice = random.Random(seed)
    path = Options(folders=Folders(tmp_path)).store_path
    kept: list[str] = []
    lines = 0
    for number in range(KILLS):
        shown = kept
        with subprocess.Popen(
            [sys.executable, "-m", "tests.e2e.queueing_program", str(tmp_path), str(number * 1000)],
            cwd=ROOT, stdout=subprocess.PIPE, text=True,
        ) as process:  # fmt: skip
            assert process.stdout is not None
            for _ in range(dice.randint(2, MOST_LINES)):
                shown = json.loads(process.stdout.readline())
                lines += 1
            time.sleep(dice.uniform(0, 0.03))
            process.kill()
            # What it had said by then was shown, too.
            for line in process.stdout.read().splitlines(keepends=True):
                shown = json.loads(line) if line.endswith("\n") else shown
        after = queued(path)
        assert set(kept) <= set(shown), "an earlier one was not shown again"
        assert set(shown) <= set(after)
        assert len(after) == len(set(after))
        kept = after
    assert lines > 3 * KILLS
    assert len(kept) > KILLS
    assert list(path.parent.glob("*damaged*")) == []


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(live=lambda c: c.hang()) as server:
        items = "".join(
            f"<item><title>Part {number}</title><guid>{number}</guid>"
            f"<pubDate>Sun, {number:02} Mar 2026 10:00:00 GMT</pubDate>"
            f"<enclosure url='{server.url('/sound.mp3')}' type='audio/mpeg'/></item>"
            for number in range(8, 0, -1)
        )
        show = rss(items).encode()
        server.routes["/show.rss"] = lambda c: c.answer(show, "application/rss+xml")
        yield server


def test_what_the_screen_said_is_there_at_the_next_start(
    start: Callable[..., Terminal], station_file: Callable[..., str], server: Server
) -> None:
    podcast = f'[[podcast]]\nurl = "{server.url("/show.rss")}"\n'
    stations = station_file(server.url("/live"), more=podcast)
    expected: list[str] = []
    for number in range(3):
        terminal = start("--stations", stations)
        terminal.until("Latest episodes")
        terminal.type(DOWN + DOWN)
        terminal.until("Part 8", "Part 1")
        terminal.type("2" + DOWN * number + ("Q" if number == 2 else "e"))
        words = "Next in the queue" if number == 2 else "In the queue"
        count = "1 episode" if number == 0 else f"{number + 1} episodes"
        terminal.until(f"{words}: {count}")
        terminal.process.kill()
        terminal.process.wait()
        part = f"Part {8 - number}"
        expected = [part, *expected] if number == 2 else [*expected, part]
    again = start("--stations", stations)
    again.until("Latest episodes")
    again.type("E")
    screen = again.until("3 episodes", *(re.compile(rf"{at} {part}\b")
                                         for at, part in enumerate(expected, 1)))  # fmt: skip
    assert "Queue" in screen
    again.type("U")
    again.until("Undone: “Part 6” added", "2 episodes")
    again.type("q")
    again.type("q")
    assert again.ended() == 0
