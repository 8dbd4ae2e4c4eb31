"""What playing costs: processor time and memory, beside mpv on the same stream."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from statistics import median

import psutil

from bench.pty import Program
from bench.start import home
from bench.table import Row
from tests.lab.radio_lab import Icecast, PulseAudio
from tests.servers import serving

RUNS = 3
_WARM_SECONDS = 6.0
_SECONDS = 15.0
_CPU_LIMIT, _HERO_LIMIT = 3.0, 4.0
_SPEECH = "aevalsrc='0.5*random(0)*mod(0.37*floor(6*t),1)':s=44100"
"""Sound whose level is another one six times a second."""
_MEMORY_LIMITS = {"builtin": 95.0, "vlc": 110.0}


def rows() -> list[Row]:
    """Per cent of a core and MB, playing for a while with the screen shown."""
    picture = _picture()
    with (
        tempfile.TemporaryDirectory() as folder,
        PulseAudio() as pulse,
        Icecast() as icecast,
        icecast.source("/live.mp3", "mp3"),
        icecast.source("/speech.mp3", "mp3", sound=_SPEECH),
        serving(picture=lambda connection: connection.answer(picture, "image/png")) as server,
    ):
        # An ear takes sound in pieces of 10 ms, and whoever plays is asked for as little.
        pulse.ear.close()
        env = {**home(Path(folder)), **pulse.env, "COLORTERM": "truecolor"}
        stations = Path(folder) / "stations.toml"
        stations.write_text(
            _station("bench", icecast.url("/live.mp3"))
            + _station("hero", icecast.url("/speech.mp3"), server.url("/picture"))
        )
        measured = {
            engine: [_ours(stations, env, engine) for _ in range(RUNS)]
            for engine in ("builtin", "vlc")
        }
        theirs = [_mpv(icecast.url("/live.mp3"), env) for _ in range(RUNS)]
        hero = [_ours(stations, env, "builtin", "hero") for _ in range(RUNS)]
    table = []
    for engine, runs in measured.items():
        cpu, memory = (median(column) for column in zip(*runs, strict=True))
        limit = _MEMORY_LIMITS[engine]
        table += [
            Row(f"processor, {engine}", cpu, "%", "what it may be", _CPU_LIMIT, limit=1.0),
            Row(f"memory, {engine}", memory, "MB", "what it may be", limit, limit=1.0),
        ]
        if theirs[0] is not None:
            their_cpu, their_memory = (median(c) for c in zip(*theirs, strict=True))
            table += [
                Row(f"processor, {engine}", cpu, "%", "mpv, no screen", their_cpu),
                Row(f"memory, {engine}", memory, "MB", "mpv, no screen", their_memory),
            ]
    cpu = median(used for used, _ in hero)
    what = "processor, picture, moving level"
    return [*table, Row(what, cpu, "%", "what it may be", _HERO_LIMIT, limit=1.0)]


def _station(name: str, url: str, picture: str = "") -> str:
    return (
        f'[[station]]\nid = "{name}"\nname = "{name.title()} Radio"\n'
        + (f'picture = "{picture}"\n' if picture else "")
        + f'[[station.stream]]\nid = "live"\nname = "Live"\nurl = "{url}"\n'
    )


def _picture() -> bytes:
    from PIL import Image

    file = BytesIO()
    Image.radial_gradient("L").convert("RGB").save(file, "PNG")
    return file.getvalue()


def _ours(
    stations: Path, env: dict[str, str], engine: str, station: str = "bench"
) -> tuple[float, float]:
    command = [sys.executable, "-m", "radiotui", "--stations", str(stations), "--engine", engine]
    with Program([*command, "--play", station], env) as program:
        program.wait_for("LIVE")
        if station == "hero":
            program.wait_for("▀")
        return _watch(program.process.pid, program.drain)


def _mpv(url: str, env: dict[str, str]) -> tuple[float, float] | None:
    path = shutil.which("mpv")
    if path is None:
        return None
    command = [path, "--no-video", "--no-config", "--really-quiet", url]
    process = subprocess.Popen(
        command, env=env, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        return _watch(process.pid, time.sleep)
    finally:
        process.terminate()
        process.wait()


def _watch(pid: int, wait: Callable[[float], None]) -> tuple[float, float]:
    """Per cent of a core over a while, and MB at its end, of one process."""
    watched = psutil.Process(pid)
    wait(_WARM_SECONDS)
    before = watched.cpu_times()
    wait(_SECONDS)
    after = watched.cpu_times()
    used = after.user + after.system - before.user - before.system
    return used / _SECONDS * 100, watched.memory_info().rss / 1e6
