"""Pictures of chapters in the real program, out of the file that is heard."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.chapter_files import FileChapter, mp3_with, mp4_with, picture
from tests.feeds import rss
from tests.servers import serving
from tests.services.episode_host import host
from tests.terminal import Terminal

DOWN = "\x1b[B"


@pytest.mark.parametrize("form", ["mp3", "mp4"])
def test_the_picture_in_the_file_stands_beside_the_player(
    form: str, start: Callable[..., Terminal], station_file: Callable[..., str]
) -> None:
    chapters = [
        FileChapter(0, "The bell", "https://a.example/bell", picture("red", "JPEG", 200)),
        FileChapter(40, "The river", "", picture("blue", "JPEG", 200)),
    ]
    body = mp3_with(chapters, 120) if form == "mp3" else mp4_with(chapters, 120)
    with serving(live=lambda c: c.hang()) as server:
        kind = "audio/mpeg" if form == "mp3" else "audio/mp4"
        server.routes["/sound"] = host(body, kind)
        item = (
            "<item><title>The Rim</title><guid>1</guid><description>Notes.</description>"
            f"<enclosure url='{server.url('/sound')}' type='{kind}'/></item>"
        )
        show = rss(item).encode()
        server.routes["/show.rss"] = lambda c: c.answer(show, "application/rss+xml")
        podcast = f'[[podcast]]\nurl = "{server.url("/show.rss")}"\n'
        terminal = start("--stations", station_file(server.url("/live"), more=podcast))
        terminal.until("Latest episodes")
        terminal.type(DOWN + DOWN)
        terminal.until("The Rim")
        terminal.type("2p")
        terminal.until(re.compile(r"EPISODE\b"))
        terminal.until_sent(b"48;2;254;0;0")
        terminal.type(".")
        terminal.until("The river")
        terminal.until_sent(b"48;2;0;0;254")
        terminal.type("q")
        assert terminal.ended() == 0
