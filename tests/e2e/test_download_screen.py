"""Downloads on the real screen: begun by a key, told in the row, gone on with at the next start."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from radiotui.radio.framing.id3_tag import tag_bytes
from tests.feeds import rss
from tests.servers import Server, serving
from tests.services.episode_host import asked_range, host
from tests.sounds import encode
from tests.terminal import Terminal

SOUND = encode("mp3", 60)
DOWN = "\x1b[B"


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(live=lambda c: c.hang()) as server:
        items = "".join(
            f"<item><title>Part {number}</title><guid>{number}</guid>"
            f"<pubDate>Sun, {number:02} Mar 2026 10:00:00 GMT</pubDate>"
            f"<enclosure url='{server.url(f'/{number}.mp3')}' type='audio/mpeg'/></item>"
            for number in (2, 1)
        )
        show = rss(items, "").encode()
        server.routes["/show.rss"] = lambda c: c.answer(show, "application/rss+xml")
        for number in (1, 2):
            server.routes[f"/{number}.mp3"] = host(SOUND, pace=60_000)
        yield server


def test_a_download_goes_on_after_the_end_and_after_a_kill(
    start: Callable[..., Terminal],
    station_file: Callable[..., str],
    server: Server,
    home: dict[str, str],
) -> None:
    podcast = f'[[podcast]]\nurl = "{server.url("/show.rss")}"\n'
    stations = station_file(server.url("/live"), more=podcast)
    terminal = start("--stations", stations)
    terminal.until("Latest episodes")
    terminal.type(DOWN + DOWN)
    terminal.until("Part 1", "Part 2")
    terminal.type("2L")
    terminal.until(re.compile(r"↓ [1-9]\d?%"), "↓ 1 at")
    terminal.type("q")
    assert terminal.ended() == 0

    killed = start("--stations", stations, columns=80, lines=24)
    # By itself, and told on the row.
    killed.until("Latest episodes", "Downloaded")
    killed.type(DOWN * 4)
    killed.until(re.compile(r"↓ ([2-9]\d|1\d)%"))
    killed.process.kill()
    killed.process.wait()

    server.routes["/2.mp3"] = host(SOUND)
    again = start("--stations", stations)
    again.until("Latest episodes", "Downloaded")
    again.type(DOWN * 4)
    again.until("Part 2", "↓ on disk")
    (path,) = Path(home["HOME"]).rglob("*.mp3")
    data = path.read_bytes()
    assert data[tag_bytes(data) :] == SOUND[tag_bytes(SOUND) :]
    assert (asked_range(server.asked[-1]) or 0) > 0
    # Its file is removed, and comes back by the same key.
    again.type("2L")
    again.until("↓ removed", "again brings it back")
    again.type("L")
    again.until("↓ on disk")
    # Somebody else takes it away: that is said, and is no error.
    path.unlink()
    again.type("q")
    assert again.ended() == 0
    last = start("--stations", stations)
    last.until("Latest episodes", "Downloaded")
    last.type(DOWN * 4)
    last.until("Part 2", "↓ file gone")
    last.type("q")
    assert last.ended() == 0


def test_a_host_that_is_gone_is_said_in_a_line(
    start: Callable[..., Terminal], station_file: Callable[..., str], server: Server
) -> None:
    del server.routes["/2.mp3"]
    podcast = f'[[podcast]]\nurl = "{server.url("/show.rss")}"\n'
    terminal = start("--stations", station_file(server.url("/live"), more=podcast))
    terminal.until("Latest episodes")
    terminal.type(DOWN + DOWN)
    terminal.until("Part 1", "Part 2")
    terminal.type("2L")
    terminal.until("“Part 2” is not there any more (404)", "↓ failed")
    terminal.type("q")
    assert terminal.ended() == 0
