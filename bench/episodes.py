"""From the key to the first sample of an episode that was never fetched, and 40 minutes into it."""

from __future__ import annotations

import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

from bench.pty import Program
from bench.sound import first_sound_of, medians_in_turn
from bench.start import home
from bench.table import Row
from tests.feeds import rss
from tests.lab.radio_lab import PulseAudio
from tests.servers import serving
from tests.services.episode_host import host
from tests.sounds import encode

_LENGTH = 45 * 60.0
_PLACE = 40 * 60.0
_SETTLED = 2.5
"""Seconds after the list is there until every service of radiotui is."""


def rows() -> list[Row]:
    """The built-in engine beside a fresh mpv, both asking the same server with ranges."""
    sound = encode("mp3", _LENGTH)
    mpv = shutil.which("mpv")
    with (
        tempfile.TemporaryDirectory() as folder,
        PulseAudio() as pulse,
        serving(sound=host(sound)) as server,
    ):
        url = server.url("/sound")
        item = (
            "<item><title>Part 1</title><guid>1</guid>"
            f"<enclosure url='{url}' type='audio/mpeg'/></item>"
        )
        feed = rss(item).encode()
        server.routes["/feed"] = lambda c: c.answer(feed, "text/xml")
        stations = Path(folder) / "stations.toml"
        stations.write_text(f'[[podcast]]\nurl = "{server.url("/feed")}"\n')
        table = []
        for what, place in (("an episode never fetched", 0.0), ("a place 40 minutes in", _PLACE)):
            players: dict[str, Callable[[], float]] = {
                "radiotui": partial(_ours, Path(folder), stations, pulse, place)
            }
            if mpv:
                command = [mpv, "--no-video", "--no-config", "--really-quiet", f"--start={place}"]
                players["mpv"] = partial(first_sound_of, (*command, url), pulse.env, pulse.ear)
            table += _row(what, players, pulse)
        return table


def _row(what: str, players: dict[str, Callable[[], float]], pulse: PulseAudio) -> list[Row]:
    medians = medians_in_turn(players, pulse)
    ours, peer = medians["radiotui"], medians.get("mpv")
    return [] if peer is None else [Row(f"Key to sound, {what}", ours, "ms", "mpv", peer, 1.0)]


def _ours(folder: Path, stations: Path, pulse: PulseAudio, place: float) -> float:
    env = {**home(folder), **pulse.env}
    for kept in folder.rglob("episodes"):
        shutil.rmtree(kept)
    for store in folder.rglob("radiotui.db"):
        with closing(sqlite3.connect(store)) as connection, connection:
            connection.execute("DELETE FROM progress")
            connection.execute("DELETE FROM memory WHERE key = 'episode'")
            connection.execute(
                "INSERT INTO progress (feed, guid, heard, heard_at)"
                " SELECT feed, guid, ?, ? FROM entry",
                (place, int(time.time())),
            )
    command = [sys.executable, "-m", "radiotui", "--stations", str(stations)]
    with Program([*command, "--engine", "builtin"], env) as program:
        program.wait_for("Latest episodes")
        program.type("\x1b[F\x1b[A\x1b[A")
        program.wait_for("Part 1")
        program.drain(_SETTLED)
        program.type("2")
        program.drain(0.5)
        begin = program.type("p")
        program.drain(2.0)
        heard = pulse.ear.first_sound(begin) - begin
        program.type("x")
        program.drain(0.5)
        program.type("q")
        program.wait_end()
    return heard
