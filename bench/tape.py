"""From the key to another place of the tape, to a station that is kept warm; and what a tape costs.

The clock station tells by its pitch which second is heard, so the first sample
of a new place is the first that has another pitch. mpv's own cache is its peer.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import pairwise
from pathlib import Path
from statistics import median

from bench.pty import Program
from bench.start import home
from bench.table import Row
from tests.lab.radio_lab import RATE, Ear, Icecast, PulseAudio, until

RUNS = 9
_PAST = 26.0
"""Seconds on the tape (and in mpv's cache) before the first move back."""
_HEARD = 1.2
"""Seconds that one listens to each place."""
_AT_ONCE = 50.0
"""Milliseconds: what nobody feels."""
_MOST_MB = 25.0
_OTHER = 0.12
"""Ten seconds of the clock are more of its pitch than this, and one is less."""
_WAVES = 6
_LEFT, _RIGHT, _UP, _DOWN = "\x1b[D", "\x1b[C", "\x1b[A", "\x1b[B"
_ENGINES = ("builtin", "vlc")


def rows() -> list[Row]:
    """Moving, going back to a warm station, and an hour of tape."""
    with (
        tempfile.TemporaryDirectory() as folder,
        PulseAudio() as pulse,
        Icecast() as icecast,
        icecast.source("/one.mp3", "mp3"),
        icecast.source("/two.mp3", "mp3", begin=30.0),
    ):
        env = {**home(Path(folder)), **pulse.env}
        moved = {
            engine: _moved(_command(Path(folder), icecast, engine), env, pulse)
            for engine in _ENGINES
        }
        warm = {
            engine: _warm(_command(Path(folder), icecast, engine), env, pulse)
            for engine in _ENGINES
        }
        theirs = _mpv(icecast.url("/one.mp3"), Path(folder), env, pulse)
    table = []
    for engine in _ENGINES:
        limit = 1.0 if engine == "builtin" else None
        table.append(Row(f"key to sound, {engine}", moved[engine], "ms", "50 ms", _AT_ONCE, limit))
        if theirs is not None:
            table.append(Row(f"key to sound, {engine}", moved[engine], "ms", "mpv's cache", theirs))
        table.append(
            Row(f"to a warm station, {engine}", warm[engine], "ms", "50 ms", _AT_ONCE, limit)
        )
    return [*table, *_hour()]


def _command(folder: Path, icecast: Icecast, engine: str) -> list[str]:
    stations, settings = folder / "stations.toml", folder / "settings.toml"
    stations.write_text(
        "".join(
            f'[[station]]\nid = "{name}"\nname = "Radio {name}"\n'
            f'[[station.stream]]\nid = "live"\nname = "Live"\nurl = "{url}"\n'
            for name, url in ((name, icecast.url(f"/{name}.mp3")) for name in ("one", "two"))
        )
    )
    settings.write_text("warm = 1\n")
    return [
        *(sys.executable, "-m", "radiotui", "--stations", str(stations)),
        *("--config", str(settings), "--engine", engine, "--play", "one"),
    ]


def _moved(command: list[str], env: dict[str, str], pulse: PulseAudio) -> float:
    with _listening(command, env, pulse) as program:
        program.drain(_PAST)
        times: list[float] = []
        for number in range(RUNS + 1):
            key = _RIGHT if number % 2 else _LEFT
            times.append(_until_other(partial(program.type, key), program.drain, pulse.ear))
    # The first move back is from live, and by as much as the others.
    return median(times) * 1000


def _warm(command: list[str], env: dict[str, str], pulse: PulseAudio) -> float:
    with _listening(command, env, pulse) as program:
        program.drain(3.0)
        program.type(f"{_DOWN}\r")
        program.drain(6.0)
        times: list[float] = []
        for number in range(RUNS + 1):
            program.type(_DOWN if number % 2 else _UP)
            program.drain(0.5)
            times.append(_until_other(lambda: program.type("\r"), program.drain, pulse.ear))
    return median(times) * 1000


@contextmanager
def _listening(command: list[str], env: dict[str, str], pulse: PulseAudio) -> Iterator[Program]:
    until(lambda: not pulse.players, what="nobody plays")
    with Program(command, env) as program:
        program.wait_for("LIVE")
        yield program
        program.type("q")
        program.wait_end()


def _mpv(url: str, folder: Path, env: dict[str, str], pulse: PulseAudio) -> float | None:
    path = shutil.which("mpv")
    if path is None:
        return None
    until(lambda: not pulse.players, what="nobody plays")
    pipe = folder / "mpv"
    process = subprocess.Popen(
        [path, "--no-video", "--no-config", "--really-quiet", f"--input-ipc-server={pipe}", url],
        env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        until(lambda: pulse.players, what="mpv plays")
        time.sleep(_PAST)
        times: list[float] = []
        with socket.socket(socket.AF_UNIX) as control:
            control.connect(str(pipe))
            for number in range(RUNS + 1):
                by = 10 if number % 2 else -10
                order = json.dumps({"command": ["seek", by, "relative+exact"]}) + "\n"
                send = lambda order=order: _sent(control, order)  # noqa: E731
                times.append(_until_other(send, time.sleep, pulse.ear))
    finally:
        process.terminate()
        process.wait()
    return median(times) * 1000


def _sent(control: socket.socket, order: str) -> float:
    now = time.monotonic()
    control.sendall(order.encode())
    return now


def _until_other(act: Callable[[], float], wait: Callable[[float], None], ear: Ear) -> float:
    """Seconds from what is done until another second of the clock is heard."""
    before = _waves(ear.heard(time.monotonic() - 0.3))
    usual = median(length for _, length in before)
    begin = act()
    wait(_HEARD)
    waves = _waves(ear.heard(begin))
    for number in range(len(waves) - _WAVES):
        run = [length for _, length in waves[number : number + _WAVES]]
        if all(abs(length / usual - 1) > _OTHER for length in run) and max(run) < 1.2 * min(run):
            return ear.when(begin, waves[number][0]) - begin
    raise TimeoutError("no other place was heard")


def _waves(pcm: bytes) -> list[tuple[int, int]]:
    """Where each wave begins and how long it is, in samples."""
    samples = array("h", pcm)
    begins = [at for at, (one, two) in enumerate(pairwise(samples)) if one < 0 <= two]
    return [(one, two - one) for one, two in pairwise(begins) if two - one < RATE // 200]


def _hour() -> list[Row]:
    """An hour at 320 kbit/s, put on a tape by a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        told = subprocess.run(
            [sys.executable, "-m", "bench.hour", folder], capture_output=True, check=True, text=True
        )
    grown, index, disk, place = (float(word) for word in told.stdout.split())
    return [
        Row("memory, an hour at 320 kbit/s", grown, "MB", "what it may be", _MOST_MB, limit=1.0),
        Row("  of that the tape's own count", index, "MB", "what it may be", _MOST_MB),
        Row(
            "disk, an hour at 320 kbit/s", disk, "MB", "its sound", 3600 * 40_000 / 1e6, limit=1.05
        ),
        Row("open anywhere in it and read", place, "ms", "50 ms", _AT_ONCE, limit=1.0),
    ]
