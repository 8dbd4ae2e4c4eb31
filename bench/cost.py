"""What playing costs: processor time and memory, beside mpv on the same stream."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import psutil

from bench.pty import Program
from bench.start import home
from bench.table import Row
from tests.lab.radio_lab import Icecast, PulseAudio

RUNS = 3
_WARM_SECONDS = 6.0
_SECONDS = 15.0
_CPU_LIMIT = 3.0
_MEMORY_LIMITS = {"builtin": 95.0, "vlc": 110.0}


def rows() -> list[Row]:
    """Per cent of a core and MB, playing for a while with the screen shown."""
    with (
        tempfile.TemporaryDirectory() as folder,
        PulseAudio() as pulse,
        Icecast() as icecast,
        icecast.source("/live.mp3", "mp3"),
    ):
        env = {**home(Path(folder)), **pulse.env}
        stations = Path(folder) / "stations.toml"
        stations.write_text(
            '[[station]]\nid = "bench"\nname = "Bench Radio"\n'
            f'[[station.stream]]\nid = "live"\nname = "Live"\nurl = "{icecast.url("/live.mp3")}"\n'
        )
        measured = {
            engine: [_ours(stations, env, engine) for _ in range(RUNS)]
            for engine in ("builtin", "vlc")
        }
        theirs = [_mpv(icecast.url("/live.mp3"), env) for _ in range(RUNS)]
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
    return table


def _ours(stations: Path, env: dict[str, str], engine: str) -> tuple[float, float]:
    command = [sys.executable, "-m", "radiotui", "--stations", str(stations), "--engine", engine]
    with Program([*command, "--play", "bench"], env) as program:
        program.wait_for("LIVE")
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
