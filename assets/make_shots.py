"""Draw the README's picture from the real program and the real Test Signal: ``make shots``.

The clock begins at the same moment every time and no sound is made, so the
picture changes only when the screen does, and with the level of the moment.
"""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec.structs import replace

from radiotui.app.companion import Companion, Options
from radiotui.config import Folders
from radiotui.player.state import PlayerState
from radiotui.ui.app import RadioApp

PICTURE = Path(__file__).with_name("screenshot.svg")
SIZE = (120, 36)
MOMENT = datetime(2025, 11, 25, 22, 4, 4, tzinfo=UTC)
STORY = "Canyon trail"
_PATIENCE_SECONDS = 30.0
_WEB_FONTS = re.compile(r"\s*@font-face\s*\{.*?\}", re.DOTALL)


class Posing(Companion):
    """It does not say that no sound is made: whoever looks at the picture hears none anyway."""

    def receive_player_state(self, player_state: PlayerState) -> None:
        """Replace the player's snapshot by one with an engine that is heard."""
        super().receive_player_state(replace(player_state, engine="vlc"))


async def draw(folder: Path) -> str:
    """The picture, as SVG."""
    began = time.monotonic()

    def clock() -> datetime:
        return MOMENT + timedelta(seconds=time.monotonic() - began)

    companion = Posing(Options(demo=True, engine="silent", folders=Folders(folder)), clock=clock)
    companion.load()
    app = RadioApp(companion)

    def shown() -> str:
        return "\n".join(strip.text for strip in app.screen._compositor.render_strips())

    async def until(*words: str) -> None:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not all(word in shown() for word in words):
            if time.monotonic() > deadline:
                raise TimeoutError(f"{words} did not come:\n{shown()}")
            await pilot.pause(0.05)

    async with app.run_test(size=SIZE) as pilot:
        await until("unread")
        await pilot.press("enter")
        await until("LIVE", "live", "♪ ", "next")
        for number, line in enumerate(shown().splitlines()):
            if STORY in line:
                await pilot.click(offset=(line.index(STORY), number))
        await until(" of ", "min")
        await pilot.press("2", "down", "u", "down", "f", "up", "up", "3")
        await until("★", "5 unread")
        return app.export_screenshot(title="radiotui")


def tidy(svg: str) -> str:
    """Fonts of the reader's own: nothing is fetched to look at a picture."""
    family = "'Fira Code', 'DejaVu Sans Mono', Menlo, Consolas, monospace"
    return _WEB_FONTS.sub("", svg).replace("Fira Code, monospace", family)


def main() -> None:
    """Draw it and write it beside this file."""
    os.environ["TZ"] = "America/Phoenix"
    time.tzset()
    with tempfile.TemporaryDirectory() as folder:
        svg = tidy(asyncio.run(draw(Path(folder))))
    PICTURE.write_text(svg, encoding="utf-8")
    print(f"{PICTURE}: {len(svg) // 1024} KiB")


if __name__ == "__main__":
    main()
