"""Opening a page in the listener's browser, without a byte of it reaching the terminal."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys

from radiotui.net.urls import is_web
from radiotui.problems import Problem
from radiotui.text import clean

_PATIENCE_SECONDS = 5.0


async def open_page(url: str) -> Problem | None:
    """Open ``url`` in the browser; what kept it from opening, or None."""
    if not is_web(url):
        return Problem("That link is not a web address", clean(url, 80))
    if not _has_browser():
        return Problem("There is no browser here", f"the link is in your clipboard: {clean(url)}")
    if not await asyncio.to_thread(_open, url):
        return Problem("No browser opened", f"the link is in your clipboard: {clean(url)}")
    return None


def _has_browser() -> bool:
    """A window can open: a browser in the terminal itself would tear the screen."""
    if sys.platform in {"darwin", "win32"}:
        return True
    return any(os.environ.get(name) for name in ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY"))


def _open(url: str) -> bool:
    # In a session of its own with nothing to read or write: a browser that lives in the terminal
    # gives up, one with windows outlives radiotui, and none of them writes over the screen.
    with subprocess.Popen(
        # Isolated: "-m" alone looks for the module in the current folder first.
        [sys.executable, "-I", "-m", "webbrowser", "-t", url],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as opening:
        try:
            return opening.wait(_PATIENCE_SECONDS) == 0
        except subprocess.TimeoutExpired:
            return True
