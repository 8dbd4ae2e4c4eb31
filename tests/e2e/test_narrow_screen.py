"""Finding in a list of 3,000 episodes in the real program, as one types."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from tests.feeds import rss
from tests.servers import serving
from tests.terminal import Terminal

DOWN, ESCAPE = "\x1b[B", "\x1b"
BEGIN = datetime(2016, 1, 1, tzinfo=UTC)
COUNT = 3000


def item(number: int) -> str:
    day = (BEGIN + timedelta(days=number)).strftime("%a, %d %b %Y 10:00:00 GMT")
    notes = "An ocelot was seen." if number in {12, 700} else "Words."
    return (
        f"<item><title>Part {number}</title><guid>{number}</guid><pubDate>{day}</pubDate>"
        f"<description>{notes}</description>"
        f"<enclosure url='https://pods.example/{number}.mp3' type='audio/mpeg'/></item>"
    )


@pytest.mark.parametrize(("columns", "lines"), [(120, 36), (80, 24), (60, 16)])
def test_an_old_episode_is_found_and_stays_under_the_cursor(
    columns: int, lines: int, start: Callable[..., Terminal], station_file: Callable[..., str]
) -> None:
    show = rss("".join(map(item, range(COUNT, 0, -1)))).encode()
    with serving(live=lambda c: c.hang()) as server:
        server.routes["/show.rss"] = lambda c: c.answer(show, "application/rss+xml")
        podcast = f'[[podcast]]\nurl = "{server.url("/show.rss")}"\n'
        stations = station_file(server.url("/live"), more=podcast)
        terminal = start("--stations", stations, columns=columns, lines=lines)
        terminal.until("Latest episodes")
        terminal.type(DOWN * 5 + "\r")
        terminal.until("Part 3000", "Part 2999")
        terminal.type("\x06")
        terminal.until("find here:")
        terminal.type("part 12")
        terminal.until("find here: part 12", "Part 2912", "“part 12” 159")
        terminal.type("\x7f" * 7)
        terminal.until("Part 2912", "Part 2913")
        # Its notes are found once they are indexed.
        terminal.type("ocel")
        terminal.until("2 found", "Part 700", "Part 12")
        terminal.type(DOWN + "\r")
        terminal.until("find here", gone=True)
        terminal.type(ESCAPE)
        terminal.until("Part 12", "Part 13", "Part 14")
        terminal.type("\r")
        terminal.until("An ocelot was seen.")
        terminal.type("q")
        assert terminal.ended() == 0
