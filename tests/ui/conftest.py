"""The app at a size, a script for its services, and a watchman on its loop."""

from __future__ import annotations

import contextlib
import inspect
import logging
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.strip import Strip

from radiotui.app.saved_theme import SavedTheme
from radiotui.ui.app import RadioApp
from radiotui.ui.screens.after_rest import AfterRest
from radiotui.ui.screens.main import MainScreen
from radiotui.ui.widgets.lists.on_air import StationPane
from tests.ui.stage import Staged
from tests.ui.textual_private import hasten_pilot, screen_strips

_BLOCKING = {
    "open",
    "sqlite3.connect",
    "sqlite3.connect/handle",
    "socket.getaddrinfo",
    "time.sleep",
}

_MAY = ("importlib.", "_frozen_importlib", "linecache.", "ast.parse")
"""Late imports, and the source lines in a traceback."""


def pytest_configure(config: pytest.Config) -> None:
    """The mark of tests that make something fail on purpose."""
    config.addinivalue_line("markers", "fails_inside: an unexpected exception is part of the test")


class Watchman:
    """Writes down what blocks the loop's thread while the app runs."""

    def __init__(self) -> None:
        # An audit hook cannot be taken back: there is one, and it rests between the tests.
        self.thread: int | None = None
        self.seen: list[str] = []
        sys.addaudithook(self._hook)

    def _hook(self, event: str, args: tuple[Any, ...]) -> None:
        if self.thread is None or event not in _BLOCKING or threading.get_ident() != self.thread:
            return
        if event == "open" and isinstance(args[0], int):
            # A descriptor that is there already, such as a pipe's: nothing is opened.
            return
        thread, self.thread = self.thread, None
        try:
            frames = list(_frames())
            if not any(frame.startswith(_MAY) for frame in frames):
                self.seen.append(f"{event}{args[:1]} in {' < '.join(frames[:6])}")
        finally:
            self.thread = thread


def _frames() -> Iterator[str]:
    here = inspect.currentframe()
    frame = here and here.f_back and here.f_back.f_back
    while frame is not None:
        yield f"{frame.f_globals.get('__name__', '?')}.{frame.f_code.co_name}"
        frame = frame.f_back


WATCHMAN = Watchman()


@pytest.fixture(autouse=True, scope="session")
def the_loops_thread_alone_is_traced() -> None:
    """Coverage follows no other thread: the watchman's hook and Python 3.11 do not let it.

    Threads take turns within a hook, also while a tracer is being installed, and that fails where
    two threads do it at once.
    """
    if sys.version_info < (3, 12):
        threading.settrace(None)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def in_flagstaff(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The listener sits in Flagstaff, with colours."""
    monkeypatch.setenv("TZ", "America/Phoenix")
    monkeypatch.delenv("NO_COLOR", raising=False)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture(autouse=True)
def nothing_blocks_and_nothing_fails(
    request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture
) -> Iterator[None]:
    """No work on the loop's thread, and no exception that only the log would know of."""
    WATCHMAN.seen.clear()
    yield
    WATCHMAN.thread = None
    assert WATCHMAN.seen == []
    if request.node.get_closest_marker("fails_inside") is None:
        unexpected = [r for r in caplog.get_records("call") if r.levelno >= logging.ERROR]
        assert [record.exc_info for record in unexpected] == []


@dataclass
class Radio:
    """A running app, and what a listener sees of it."""

    app: RadioApp
    pilot: Pilot[None]
    companion: Staged

    @property
    def main(self) -> MainScreen:
        return self.app.main

    @property
    def strips(self) -> list[Strip]:
        """The screen's lines with their colours."""
        return screen_strips(self.app)

    @property
    def lines(self) -> list[str]:
        """The screen as text."""
        return [strip.text for strip in self.strips]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def player(self) -> str:
        """The player's lines."""
        return "\n".join(self.lines[: self.main.query_one("PlayerBar").size.height])

    def pane(self, name: str) -> str:
        """What is written in a pane, its border included; empty when it is not shown."""
        region = self.main.query_one(f"#{name}").region
        rows = self.lines[region.y : region.bottom] if region else []
        return "\n".join(row[region.x : region.right] for row in rows)

    def row(self, word: str, pane: str) -> str:
        """The first row of a pane with that word."""
        return next(row for row in self.pane(pane).splitlines() if word in row)

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.settle()

    async def tell(self, *told: Any) -> None:
        for one in told:
            self.companion.tell(one)
        await self.settle()

    async def settle(self) -> None:
        """Until nothing is left to be handled: messages, the debounce, workers, paints."""
        for _ in range(3):
            await self.pilot.pause()
            if StationPane.SETTLE_SECONDS < 1:
                await self._rest()
            await self.app.workers.wait_for_complete()

    async def _rest(self) -> None:
        for _ in range(4000):
            if not self.main.air.is_settling:
                return
            await self.pilot.pause(0.002)
        raise AssertionError("the stations are not at rest")

    async def until(self, words: str) -> None:
        """Until they are on the screen: other threads take their time."""
        for _ in range(1500):
            if words in self.text:
                return
            await self.pilot.pause(0.02)
        raise AssertionError(f"{words!r} is not on the screen:\n{self.text}")

    async def click(self, word: str, **options: Any) -> None:
        """Click on a word of the screen."""
        for y, line in enumerate(self.lines):
            if word in line:
                await self.pilot.click(offset=(line.index(word), y), **options)
                await self.settle()
                return
        raise AssertionError(f"{word!r} is not on the screen:\n{self.text}")


@pytest.fixture
def watchman() -> Watchman:
    """To look at what was seen."""
    return WATCHMAN


Start = Callable[..., contextlib.AbstractAsyncContextManager[Radio]]


@pytest.fixture
def radio(monkeypatch: pytest.MonkeyPatch) -> Start:
    """Start the app: ``async with radio(80, 24) as r``."""
    monkeypatch.setattr(StationPane, "SETTLE_SECONDS", 0.001)
    # What is counted and previewed by itself is not in the way of tests of something else.
    monkeypatch.setattr(AfterRest, "COUNT_SECONDS", 3600.0)
    monkeypatch.setattr(AfterRest, "FRONT_SECONDS", 3600.0)
    monkeypatch.setattr(AfterRest, "SWARM_SECONDS", 0.0)
    monkeypatch.setattr(AfterRest, "COVERED_SECONDS", 0.0)
    hasten_pilot(monkeypatch)

    @contextlib.asynccontextmanager
    async def start(
        width: int = 120,
        height: int = 36,
        companion: Staged | None = None,
        *,
        play: str | None = None,
        saved_theme: SavedTheme | None = None,
    ) -> AsyncIterator[Radio]:
        staged = companion or Staged()
        app = RadioApp(staged, play=play, saved_theme=saved_theme)
        async with app.run_test(size=(width, height), notifications=True) as pilot:
            WATCHMAN.thread = threading.get_ident()
            started = Radio(app, pilot, staged)
            await started.settle()
            try:
                yield started
            finally:
                WATCHMAN.thread = None

    return start


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal nobody knows, with all colours."""
    for name in ("TMUX", "STY", "KITTY_WINDOW_ID", "KONSOLE_VERSION", "TERM_PROGRAM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")
