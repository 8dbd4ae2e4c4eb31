"""The event loop's longest stops: in a storm of titles, and with feeds while HLS is taped.

The whole program in a pty, with the watch of tests.loop_watch on its loop: processor time of
the process from one beat to the next, so that other programs on the computer do not count.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from statistics import median

from bench.feeds import ENTRIES, FEEDS
from bench.feeds import serving as serving_feeds
from bench.pty import Program
from bench.start import home
from bench.table import Row
from tests.loop_watch import steps_in
from tests.servers import serving
from tests.services.hls_station import Station, cut
from tests.storm import STORMS, storm

RUNS = 3
_SECONDS = 8.0
_MOST_SECONDS = 60.0
_STORM_MS, _FEEDS_MS = 50.0, 100.0
_SIZE = (36, 120)


def rows() -> list[Row]:
    """The longest stop of each run; of the runs the median."""
    table = []
    for name, (language, encoding) in STORMS.items():
        with serving(live=storm(language, encoding)) as server:
            stops = [_longest_stop(server.url("/live"), []) for _ in range(RUNS)]
        what = f"titles at each frame, {name}"
        table.append(Row(what, median(stops), "ms", "what it may be", _STORM_MS, limit=1.0))
    with serving_feeds() as feeds:
        stops = []
        for _ in range(RUNS):
            with Station(cut("ts", 60.0)) as station:
                stops.append(_longest_stop(station.url, feeds.urls("plain")))
    what = f"{FEEDS} feeds while HLS is taped"
    return [*table, Row(what, median(stops), "ms", "what it may be", _FEEDS_MS, limit=1.0)]


def _longest_stop(url: str, feeds: list[str]) -> float:
    """Milliseconds for which the loop stood in a run of the program; all feeds are asked."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        env, file, stations = home(folder), folder / "steps", folder / "stations.toml"
        quoted = ", ".join(f'"{feed}"' for feed in feeds)
        stations.write_text(
            f'[[station]]\nid = "bench"\nname = "Bench Radio"\nfeeds = [{quoted}]\n'
            f'[[station.stream]]\nid = "live"\nname = "Live"\nurl = "{url}"\n'
        )
        command = [sys.executable, "-m", "tests.loop_watch", str(file), "--stations", str(stations)]
        command += ["--engine", "silent", "--play", "bench"]
        with Program(command, env, _SIZE) as program:
            program.wait_for("LIVE")
            begin = time.monotonic()
            if feeds:
                _wait_for_stories(program, folder / "DATA" / "radiotui" / "radiotui.db", len(feeds))
            program.drain(_SECONDS)
            end = time.monotonic()
            program.type("q")
            program.wait_end()
        return 1000 * max(step.cpu for step in steps_in(file, begin, end))


def _wait_for_stories(program: Program, path: Path, feeds: int) -> None:
    """Let the program run until every story of so many feeds is in its store."""
    deadline = time.monotonic() + _MOST_SECONDS
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as store:
        while _stories(store) < feeds * ENTRIES:
            if time.monotonic() > deadline:
                raise AssertionError(f"{_stories(store)} stories of {feeds} feeds are kept")
            program.drain(0.1)


def _stories(store: sqlite3.Connection) -> int:
    (count,) = store.execute("SELECT count(*) FROM entry").fetchone()
    return int(count)
