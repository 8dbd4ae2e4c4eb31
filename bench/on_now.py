"""The guides of two hundred streams, asked at once from a server on loopback by "on now"."""

from __future__ import annotations

import re
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import httpx

from bench.start import home
from bench.table import Row
from radiotui.demo.signal import TestSignal
from tests.loop_watch import steps_in
from tests.services.guide_lab import Service
from tests.terminal import Terminal

RUNS = 3
STREAMS = 200
_KEY_MS = 50.0
_SETTLE_SECONDS = 2.0
_ON_NOW_KEY = "D"
_ALL_KNOWN = re.compile(r"On now · 20[0-2] known")
"""With the two streams of the Test Signal, if they were asked."""
_PATIENCE_SECONDS = 60.0


def rows() -> list[Row]:
    """Questions, the time until all are answered, and for how long a key may wait meanwhile."""
    runs = [_run() for _ in range(RUNS)]
    asked, seconds, wait = (median(column) for column in zip(*runs, strict=True))
    return [
        Row(f"questions for {STREAMS} guides", asked, "", "one each", STREAMS, limit=1.0),
        Row(f"{STREAMS} guides on the screen", seconds, "s", "ten seconds", 10.0, limit=1.0),
        Row("a key's wait meanwhile, p99", wait, "ms", "what it may be", _KEY_MS, limit=1.0),
    ]


def _run() -> tuple[float, float, float]:
    with tempfile.TemporaryDirectory() as name, Service() as service:
        folder = Path(name)
        file, stations = folder / "steps", folder / "stations.toml"
        service.default = _answer()
        stations.write_text("".join(_station(number, service.base) for number in range(STREAMS)))
        arguments = [str(file), "--stations", str(stations), "--engine", "silent"]
        terminal = Terminal(arguments, home(folder), 120, 36, module="tests.loop_watch")
        try:
            terminal.until("Station 9")
            terminal.rest(_SETTLE_SECONDS)
            service.asked.clear()
            begin = time.monotonic()
            terminal.type(_ON_NOW_KEY)
            terminal.until(
                re.compile(rf"On now · ({STREAMS}|{STREAMS + 1}|{STREAMS + 2}) known"),
                seconds=_PATIENCE_SECONDS,
            )
            end = time.monotonic()
            terminal.type("\x1b")
            terminal.until("On now", gone=True)
            terminal.type("q")
            terminal.ended()
        finally:
            terminal.close()
        waits = sorted(step.wall * 1000 for step in steps_in(file, begin, end))
        return len(service.asked), end - begin, waits[int(len(waits) * 0.99)]


def _answer() -> bytes:
    """What the Test Signal's schedule answers."""
    signal = TestSignal(clock=lambda: datetime.now(UTC))
    signal.start()
    try:
        url = f"{signal.base}/v1/widget/test-signal/now"
        return httpx.get(url, params={"format": "json"}).raise_for_status().content
    finally:
        signal.close()


def _station(number: int, base: str) -> str:
    """A station whose schedule is a source of its own; nobody sends its sound."""
    return (
        f'[[station]]\nid = "s{number}"\nname = "Station {number}"\n'
        '[[station.stream]]\nid = "live"\nname = "Live"\nurl = "http://127.0.0.1:9/live"\n'
        f'schedule = [{{ source = "composer", ucs = "{number:024x}", base = "{base}" }}]\n'
    )
