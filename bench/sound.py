"""From Enter to the first sample at the sound server, on the same local Icecast stream."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

from bench.pty import Program
from bench.start import home
from bench.table import Row
from radiotui.demo.signal import TestSignal
from tests.lab.radio_lab import Ear, Icecast, PulseAudio, is_silent, until

RUNS = 7
_FLOOR = "a bare socket"
_SETTLED = 2.5
"""Seconds after the first screen until every service of radiotui is there."""


def rows() -> list[Row]:
    """radiotui's engines beside a fresh mpv and a fresh cvlc, on two servers.

    Icecast sends its first sound a third of a second after it is asked, whoever
    asks; the Test Signal at once, which shows what is the players' own.
    """
    signal = TestSignal(clock=lambda: datetime.now(UTC))
    with (
        tempfile.TemporaryDirectory() as folder,
        PulseAudio() as pulse,
        Icecast() as icecast,
        icecast.source("/live.mp3", "mp3"),
    ):
        signal.start()
        table = [
            *_table("Test Signal", signal.station.streams[0].urls[0], Path(folder), pulse),
            *_table("Icecast", icecast.url("/live.mp3"), Path(folder), pulse),
        ]
        signal.close()
    return table


def _table(server: str, url: str, folder: Path, pulse: PulseAudio) -> list[Row]:
    env = {**home(folder), **pulse.env}
    stations = folder / "stations.toml"
    stations.write_text(
        '[[station]]\nid = "bench"\nname = "Bench Radio"\n'
        f'[[station.stream]]\nid = "live"\nname = "Live"\nurl = "{url}"\n'
    )
    ours: dict[str, Callable[[], float]] = {
        engine: partial(_ours, stations, env, engine, pulse.ear) for engine in ("builtin", "vlc")
    }
    peers = _peers(url, folder, env, pulse.ear)
    players = {**ours, **peers, _FLOOR: lambda: _first_byte(url)}
    medians = medians_in_turn(players, pulse)
    fastest = min(peers, key=medians.__getitem__, default="")
    return [
        Row(
            f"Enter to sound, {server}, {engine}",
            medians[engine],
            "ms",
            peer,
            medians[peer],
            limit=0.7 if (engine, peer) == ("builtin", fastest) else None,
        )
        for engine in ours
        for peer in (*peers, _FLOOR)
    ]


def medians_in_turn(
    players: Mapping[str, Callable[[], float]], pulse: PulseAudio
) -> dict[str, float]:
    """The median of each player's times to its first sound in milliseconds, played in turn."""
    times: dict[str, list[float]] = {name: [] for name in players}
    for _ in range(RUNS):
        for name, play in players.items():
            until(lambda: not pulse.players, what="nobody plays")
            until(lambda: is_silent(pulse.ear.heard(time.monotonic() - 1.0)), what="silence")
            times[name].append(play())
    return {name: median(taken) * 1000 for name, taken in times.items()}


def first_sound_of(command: Sequence[str], env: Mapping[str, str], ear: Ear) -> float:
    """Seconds from the start of a fresh player to its first sound."""
    begin = time.monotonic()
    process = subprocess.Popen(
        command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        return ear.first_sound(begin) - begin
    finally:
        process.terminate()
        process.wait()


def _first_byte(url: str) -> float:
    """Seconds until a bare socket has the first byte of sound: nobody can be sooner."""
    parts = urlsplit(url)
    begin = time.monotonic()
    with socket.create_connection((parts.hostname, parts.port)) as server:
        server.sendall(f"GET {parts.path} HTTP/1.0\r\n\r\n".encode())
        answer = b""
        while not answer.partition(b"\r\n\r\n")[2]:
            answer += server.recv(65536)
    return time.monotonic() - begin


def _peers(url: str, folder: Path, env: dict[str, str], ear: Ear) -> dict[str, Callable[[], float]]:
    peers: dict[str, Callable[[], float]] = {}
    if mpv := shutil.which("mpv"):
        command = [mpv, "--no-video", "--no-config", "--really-quiet", url]
        peers["mpv"] = lambda: first_sound_of(command, env, ear)
    if vlc := _vlc(folder):
        cvlc = [vlc, "-I", "dummy", "--quiet", "--no-video", url]
        peers["cvlc"] = lambda: first_sound_of(cvlc, env, ear)
    return peers


def _ours(stations: Path, env: dict[str, str], engine: str, ear: Ear) -> float:
    command = [sys.executable, "-m", "radiotui", "--stations", str(stations), "--engine", engine]
    with Program(command, env) as program:
        program.wait_for("Bench Radio")
        program.drain(_SETTLED)
        begin = time.monotonic()
        program.type("\r")
        program.drain(2.0)
        heard = ear.first_sound(begin) - begin
        program.type("q")
        program.wait_end()
    return heard


def _vlc(folder: Path) -> str | None:
    """VLC's command; it refuses to be run by root, so root gets a copy that does not ask."""
    path = shutil.which("vlc")
    if path is None or os.geteuid() != 0:
        return path
    copy = folder / "vlc"
    copy.write_bytes(Path(path).read_bytes().replace(b"geteuid", b"getppid"))
    copy.chmod(0o755)
    return str(copy)
