"""Draw radiotui from the real program and the real Test Signal: ``make shots``.

``python assets/make_shots.py [FOLDER]`` plays a station of a list of twelve for five minutes
and writes twenty pictures into FOLDER (five sizes, dark and light, live and behind), and beside
this file the README's picture, its recording, and KNAU with every element of the page that
radiotui began with, live and while the story is heard. The clock begins at the same moment every
time and no sound is made, so the pictures change only when the screen does, and with the level
of the moment.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import knau_page
from knau_page import KnauPage
from msgspec.structs import replace
from textual.pilot import Pilot

from radiotui.app.companion import Companion, Options
from radiotui.config import Folders
from radiotui.demo.signal import TestSignal
from radiotui.player.state import PlayerState
from radiotui.ui.app import RadioApp
from radiotui.ui.themes import DARK, LIGHT

PICTURE = Path(__file__).with_name("screenshot.svg")
RECORDING = Path(__file__).with_name("recording.svg")
KNAU_LIVE, KNAU_HEARD = (Path(__file__).with_name(f"knau-{word}.svg") for word in ("live", "heard"))
README_SIZE, RECORDING_SIZE, KNAU_SIZE = (120, 36), (100, 30), (120, 53)
SIZES = ((60, 16), (80, 24), (100, 30), (120, 36), (200, 60))
THEMES = {"dark": DARK.name, "light": LIGHT.name}
MOMENT = datetime(2025, 11, 25, 22, 4, 4, tzinfo=UTC)
STORY = "Canyon trail"
BEHIND_KEYS = 25
"""Times ten seconds back."""
_FRAME_SECONDS = 1.0
_PATIENCE_SECONDS = 30.0
_WEB_FONTS = re.compile(r"\s*@font-face\s*\{.*?\}", re.DOTALL)

# Group, stations; each with its programme, presenter, and the one that follows at 17:00.
STATIONS = {
    "Public radio": (
        ("KTRN Tern Hill Public Radio", "The Long Way Home", "Ines Calderwood", "Evening Pips"),
        ("KQRT Quarter Ridge", "Talk of the Ridge", "Bertil Okonlund", "Markets at Five"),
        ("Canyon Public Media", "Here and There", "Ottoline Farrow", "All Points Heard"),
        ("Noon Street Radio", "The Afternoon Desk", "Dana Twosides", "The Evening Desk"),
        ("Radio Monsoon", "Weather Permitting", "Marisol Quillfeather", "Rain Delay"),
        ("Depot Public Radio", "Changing Trains", "Otto Wendelin", "Last Departure"),
    ),
    "Music": (
        ("KPND Ponderosa Classical", "Bells and Waltzes", "Ottoline Farrow", "Concert at Five"),
        ("Quiet Valves", "The Long Echo", "Halvard Ås", "Night Valves"),
        ("Seven Pieces", "All Seven, Again", "The whole staff", "All Seven, Again"),
        ("Jazz from the Depot", "Waiting Room", "Žofie Nováková", "Platform Two"),
        ("Left and Right", "Two Ears", "Dana Twosides", "One Ear"),
        ("The Tuning Hour", "A, at 440 Hz", "Bertil Okonlund", "A, at 442 Hz"),
    ),
}


class Posing(Companion):
    """It does not say that no sound is made: whoever looks at the picture hears none anyway."""

    def receive_player_state(self, player_state: PlayerState) -> None:
        """Replace the player's snapshot by one with an engine that is heard."""
        super().receive_player_state(replace(player_state, engine="vlc"))


def station_list(base: str) -> str:
    """A station list whose stations all send what the Test Signal at ``base`` does."""
    return "\n".join(_lines(base))


def _lines(base: str) -> Iterator[str]:
    for group, stations in STATIONS.items():
        for number, (name, programme, host, following) in enumerate(stations):
            yield f'[[station]]\nid = "{group[0].lower()}{number}"\nname = "{name}"'
            yield f'group = "{group}"\ntimezone = "America/Phoenix"'
            yield f'feeds = ["{base}/stories.rss"]' if name.startswith("KTRN") else ""
            yield '[[station.stream]]\nid = "live"\nname = "News & Music"'
            yield f'url = "{base}/live/signal.mp3"'
            for title, presenter, hours in (
                (programme, host, ("14:00", "17:00")), (following, "", ("17:00", "18:30")),
                ("The Night Shelf", "", ("18:30", "20:00")),
            ):  # fmt: skip
                yield f'[[station.stream.programme]]\nname = "{title}"\nhost = "{presenter}"'
                yield f'days = "daily"\nstart = "{hours[0]}"\nend = "{hours[1]}"'


class Shoot:
    """One run of the program that is looked at."""

    def __init__(self, app: RadioApp, pilot: Pilot[None]) -> None:
        self._app = app
        self._pilot = pilot
        self.frames: list[str] = []
        """Pictures of the recording."""

    async def until(self, *words: str) -> None:
        """Wait until all are on the screen."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not all(word in self._text for word in words):
            if time.monotonic() > deadline:
                raise TimeoutError(f"{words} did not come:\n{self._text}")
            await self._pilot.pause(0.05)

    async def press(self, *keys: str) -> None:
        """Press keys, and keep a frame of what they led to."""
        await self._pilot.press(*keys)
        await self._pilot.pause(0.3)
        self.frames.append(self.picture())

    async def open_story(self) -> None:
        """Click on the story that is shown."""
        for number, line in enumerate(self._text.splitlines()):
            if STORY in line:
                await self._pilot.click(offset=(line.index(STORY), number))
        await self.until(" of ", "min")
        await self._pilot.pause(1.0)
        self.frames.append(self.picture())

    async def every_size(self, folder: Path, state: str) -> None:
        """Write a picture of each size and theme."""
        for name, theme in THEMES.items():
            self._app.theme = theme
            for width, height in SIZES:
                await self._pilot.resize_terminal(width, height)
                await self._pilot.pause(0.7)
                path = folder / f"{width}x{height}-{name}-{state}.svg"
                path.write_text(self.picture(), encoding="utf-8")
                print(path, flush=True)
        self._app.theme = DARK.name
        await self.resize(RECORDING_SIZE)

    async def resize(self, size: tuple[int, int]) -> None:
        """Give the terminal another size."""
        await self._pilot.resize_terminal(*size)
        await self._pilot.pause(0.7)

    def picture(self) -> str:
        """The screen as SVG, with fonts of the reader's own: nothing is fetched to look at it."""
        family = "'Fira Code', 'DejaVu Sans Mono', Menlo, Consolas, monospace"
        svg = self._app.export_screenshot(title="radiotui")
        return _WEB_FONTS.sub("", svg).replace("Fira Code, monospace", family)

    @property
    def _text(self) -> str:
        return "\n".join(strip.text for strip in self._app.screen._compositor.render_strips())


class Studio:
    """A Test Signal, and the program that plays what is listed; its clock begins at MOMENT."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._began = time.monotonic()
        self.signal = TestSignal(clock=self._clock)

    def _clock(self) -> datetime:
        return MOMENT + timedelta(seconds=time.monotonic() - self._began)

    @contextlib.asynccontextmanager
    async def open(self, stations: str, size: tuple[int, int]) -> AsyncIterator[Shoot]:
        """The program with that station list, until it is left."""
        path = self._root / "stations.toml"
        path.write_text(stations, encoding="utf-8")
        options = Options(stations=path, engine="silent", folders=Folders(self._root))
        companion = Posing(options, clock=self._clock)
        companion.load()
        app = RadioApp(companion)
        try:
            async with app.run_test(size=size) as pilot:
                yield Shoot(app, pilot)
        finally:
            self.signal.close()


async def shoot(root: Path, folder: Path) -> None:
    """Play, look, and write every picture."""
    studio = Studio(root)
    studio.signal.start()
    async with studio.open(station_list(studio.signal.base), RECORDING_SIZE) as shooting:
        await play(shooting, folder)


async def shoot_knau(root: Path) -> None:
    """Write the pictures of KNAU: a story open while live radio plays, then the story heard."""
    studio = Studio(root)
    studio.signal.start()
    with KnauPage(MOMENT) as page:
        stations = knau_page.station_list(page.base, studio.signal.base)
        async with studio.open(stations, KNAU_SIZE) as shooting:
            await shooting.until("unread")
            await shooting.press("enter")
            await shooting.until("LIVE", "♪ ")
            await shooting.press("2", "enter")
            await shooting.until(knau_page.COPYRIGHT, "On the reporter", "▀▀▀", "┤", "M  live")
            KNAU_LIVE.write_text(shooting.picture(), encoding="utf-8")
            await shooting.press("p")
            await shooting.until("STORY", f" 0:{knau_page.SOUND_SECONDS}")
            KNAU_HEARD.write_text(shooting.picture(), encoding="utf-8")


async def play(shoot: Shoot, folder: Path) -> None:
    """The five minutes that are shown."""
    await shoot.until("unread")
    await shoot.press()
    await shoot.press("enter")
    await shoot.until("LIVE", "♪ ")
    began = time.monotonic()
    await shoot.press("2", "f")
    await shoot.open_story()
    await shoot.every_size(folder, "live")
    await asyncio.sleep(max(0.0, began + BEHIND_KEYS * 10 + 8 - time.monotonic()))
    await shoot.press(*["left"] * 3)
    await shoot.press(*["left"] * (BEHIND_KEYS - 3))
    await shoot.press("r")
    await shoot.press("pagedown")
    await shoot.press("pageup")
    RECORDING.write_text(recording(shoot.frames), encoding="utf-8")
    await shoot.every_size(folder, "behind")
    await shoot.resize(README_SIZE)
    PICTURE.write_text(shoot.picture(), encoding="utf-8")


def recording(frames: list[str]) -> str:
    """Pictures one after the other, as an SVG that moves by itself."""
    size = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', frames[0])
    assert size is not None
    share, seconds = 100 / len(frames), len(frames) * _FRAME_SECONDS
    parts = [
        f'<g class="frame" style="animation-delay: {number * _FRAME_SECONDS:g}s">{frame}</g>'
        for number, frame in enumerate(frames)
    ]
    return (
        f'<svg viewBox="0 0 {size[1]} {size[2]}" xmlns="http://www.w3.org/2000/svg"><style>'
        f".frame {{ opacity: 0; animation: shown {seconds:g}s step-end infinite }}"
        f" @keyframes shown {{ 0% {{ opacity: 1 }} {share:.3f}% {{ opacity: 0 }} }}</style>"
        + "\n".join(parts)
        + "</svg>\n"
    )


def main() -> None:
    """Draw all of it."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "shots")
    folder.mkdir(parents=True, exist_ok=True)
    os.environ.update(TZ="America/Phoenix", TERM="xterm-256color", COLORTERM="truecolor")
    time.tzset()
    with tempfile.TemporaryDirectory() as name:
        asyncio.run(shoot_knau(Path(name)))
    with tempfile.TemporaryDirectory() as name:
        asyncio.run(shoot(Path(name), folder))
    for path in (PICTURE, RECORDING, KNAU_LIVE, KNAU_HEARD):
        print(f"{path}: {path.stat().st_size // 1024} KiB")


if __name__ == "__main__":
    main()
