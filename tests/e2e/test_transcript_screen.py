"""Transcripts, chapters and clips in the real program, over a podcast on loopback."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

import pytest

from tests.feeds import rss
from tests.servers import Route, Server, serving
from tests.services.episode_host import host
from tests.sounds import encode
from tests.terminal import Terminal

DOWN = "\x1b[B"
LINES = 400


def cues() -> str:
    """Words for each second of an episode, and for long after its end."""
    lines = (
        f"00:{second // 60:02}:{second % 60:02}.000 --> 00:{second // 60:02}:{second % 60:02}.900\n"
        f"<v {'Ann' if second < 60 else 'Bo'}>This is second {second}.\n"
        for second in range(LINES)
    )
    return "\n".join(("WEBVTT\n", *lines))


def answer(body: bytes, kind: str) -> Route:
    return lambda connection: connection.answer(body, kind)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(live=lambda c: c.hang()) as server:
        chapters = [{"startTime": at, "title": f"Bell {at}"} for at in (0, 30, 60)]
        item = (
            "<item><title>The Bells</title><guid>1</guid><description>Notes.</description>"
            f"<podcast:chapters url='{server.url('/1.json')}' type='application/json'/>"
            f"<podcast:transcript url='{server.url('/1.vtt')}' type='text/vtt' language='en'/>"
            f"<enclosure url='{server.url('/sound.mp3')}' type='audio/mpeg'/></item>"
        )
        bodies = {
            "/show.rss": (rss(item).encode(), "application/rss+xml"),
            "/1.vtt": (cues().encode(), "text/vtt"),
            "/1.json": (json.dumps({"chapters": chapters}).encode(), "application/json"),
        }
        for path, (body, kind) in bodies.items():
            server.routes[path] = answer(body, kind)
        server.routes["/sound.mp3"] = host(encode("mp3", 300))
        yield server


def test_a_transcript_follows_the_sound_and_a_clip_of_it_is_kept(
    start: Callable[..., Terminal], station_file: Callable[..., str], server: Server
) -> None:
    podcast = f'[[podcast]]\nurl = "{server.url("/show.rss")}"\n'
    terminal = start("--stations", station_file(server.url("/live"), more=podcast))
    terminal.until("Latest episodes")
    terminal.type(DOWN + DOWN)
    terminal.until("The Bells")
    terminal.type("2\r")
    terminal.until("¶ transcript · X", "≡ 3 chapters · i", "0:30  Bell 30")
    terminal.type("X")
    terminal.until("Transcript · en", "Ann", "This is second 3.")
    # The line is chosen and heard from: nothing of the episode had come before.
    terminal.type("g" + "\x1b[6~" + DOWN + "\r")
    terminal.until(re.compile(r"EPISODE\b"), re.compile(r"▶ *0:\d\d  This is second \d+\."))
    terminal.type("h")
    terminal.until("The clip begins here")
    terminal.until(re.compile(r"▶ *\d:(2[7-9]|[3-5]\d)  This is second"))
    terminal.type("h")
    terminal.until("Clip kept: The Bells")
    terminal.type("J")
    terminal.until("Clips · 1", re.compile(r"✂ The Bells"), re.compile(r"This is second \d+\."))
    terminal.until("without sound", gone=True)
    terminal.type("q")
    terminal.until("Clips · 1", gone=True)
    terminal.type("/")
    terminal.until("to narrow it down")
    terminal.type("second 77")
    terminal.until("▶ 1:17")
    terminal.type("\r")
    terminal.until(re.compile(r"EPISODE\b"), re.compile(r"▶ *\d:\d\d  This is second \d+\."))
    terminal.type("q")
    assert terminal.ended() == 0
