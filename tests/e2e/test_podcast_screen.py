"""Podcasts in the real program: added by an address, read, heard, and removed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.feeds import rss
from tests.servers import Server, serving
from tests.services.episode_host import host
from tests.sounds import encode
from tests.terminal import Terminal

DOWN, RIGHT = "\x1b[B", "\x1b[C"


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(live=lambda c: c.hang()) as server:
        sound = encode("mp3", 8)
        items = "".join(
            f"<item><title>Part {number}</title><guid>{number}</guid>"
            f"<pubDate>Sun, {number:02} Mar 2026 10:00:00 GMT</pubDate>"
            f"<description>Notes on part {number}, by those who made it.</description>"
            f"<itunes:duration>0:08</itunes:duration><itunes:episode>{number}</itunes:episode>"
            f"<enclosure url='{server.url('/sound.mp3')}' type='audio/mpeg'/></item>"
            for number in (2, 1)
        )
        show = rss(items, "<itunes:type>serial</itunes:type>").encode()
        server.routes["/show.rss"] = lambda c: c.answer(show, "application/rss+xml")
        server.routes["/sound.mp3"] = lambda c: c.answer(sound, "audio/mpeg")
        yield server


def test_an_episode_is_offered_again_after_a_crash(
    start: Callable[..., Terminal], station_file: Callable[..., str], server: Server
) -> None:
    server.routes["/sound.mp3"] = host(encode("mp3", 120))
    podcast = f'[[podcast]]\nurl = "{server.url("/show.rss")}"\n'
    stations = station_file(server.url("/live"), more=podcast)
    terminal = start("--stations", stations)
    terminal.until("Latest episodes")
    terminal.type(DOWN + DOWN)
    terminal.until("Part 1", "Part 2")
    terminal.type("2p")
    terminal.until(re.compile(r"EPISODE\b"))
    terminal.type(RIGHT * 4)
    # The place is kept some seconds after the move at the latest.
    terminal.until(re.compile(r"0:(4[6-9]|5\d)|1:\d\d"))
    terminal.process.kill()
    terminal.process.wait()

    again = start("--stations", stations)
    again.until("PAUSED", re.compile(r"Part [12]"))
    again.type(" ")
    again.until(re.compile(r"EPISODE\b"), re.compile(r"0:(4\d|5\d)|1:\d\d"))
    again.type("q")
    assert again.ended() == 0


def test_a_podcast_is_added_read_heard_and_removed(
    start: Callable[..., Terminal], station_file: Callable[..., str], server: Server
) -> None:
    stations = station_file(server.url("/live"))
    terminal = start("--stations", stations)
    terminal.until("Radio Test", "STORIES")
    terminal.type("P")
    terminal.until("Add a podcast")
    terminal.type(f"{server.url('/show.rss').replace('http:', 'pcast:')}\r")
    terminal.until("PODCASTS", "Latest episodes", "Coconino Now")
    screen = terminal.until("Part 1", "Part 2", "♪ 0:08 · E1")
    assert screen.index("Part 1") < screen.index("Part 2"), "it is a serial"
    terminal.type("2\r")
    terminal.until("Notes on part 1, by those who made it.")
    terminal.type("p")
    terminal.until(re.compile(r"EPISODE\b"))
    terminal.type("1")
    terminal.type("\x1b[3~")
    terminal.until("Remove Coconino Now from the list?", "Its episodes stay kept.")
    terminal.type("\r")
    terminal.until("PODCASTS", gone=True)
    assert "podcast" not in Path(stations).read_text()
    terminal.type("q")
    assert terminal.ended() == 0


def test_a_podcast_is_heard_as_it_is_set(
    start: Callable[..., Terminal], station_file: Callable[..., str], server: Server
) -> None:
    server.routes["/sound.mp3"] = host(encode("mp3", 60) * 5)
    podcast = f'[[podcast]]\nurl = "{server.url("/show.rss")}"\n'
    stations = station_file(server.url("/live"), more=podcast)
    terminal = start("--stations", stations)
    terminal.until("Latest episodes")
    terminal.type(DOWN * 5)
    terminal.until(re.compile("─ Coconino Now"), "Part 1", "Part 2")
    # On its row in the list of stations.
    terminal.type("I")
    terminal.until(re.compile(r"Speed +as every podcast"), re.compile(r"Order +as the podcast"))
    terminal.type(RIGHT * 4)
    terminal.until(re.compile(r"Speed +1\.3×"))
    terminal.type(DOWN + DOWN + RIGHT)
    terminal.until(re.compile(r"Skip at the beginning +5 s"))
    terminal.type("I")
    terminal.until("Skip at the beginning", gone=True)
    terminal.type("2p")
    terminal.until(re.compile(r"EPISODE\b"), "1.3×")
    terminal.type("}")
    terminal.until("1.4×", "1.4 times as fast")
    terminal.type("j")
    terminal.until("1.4× ⇥", "Silence in episodes is skipped")
    # While it is heard, from anywhere: what is set is heard at once.
    terminal.type("3I")
    terminal.until(re.compile(r"Speed +1\.3×"))
    terminal.type(RIGHT * 2)
    terminal.until(re.compile(r"Speed +1\.5×"))
    terminal.type("I")
    terminal.until("1.5× ⇥")
    terminal.type("q")
    assert terminal.ended() == 0
