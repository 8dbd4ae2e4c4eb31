"""``python -m bench soak [--minutes 30]``: radiotui with a station that drops it every minute.

The program runs in a terminal and is heard through the sound server. Its
memory, threads and file handles are to stay what they were, no title is to be
missing or to come twice, and every gap in the sound is counted.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psutil

from bench.dropping import TITLE_SECONDS
from bench.pty import Program
from bench.start import home
from tests.lab.radio_lab import RATE, PulseAudio, is_silent

_LOOK_SECONDS = 2.0
_WINDOW = RATE // 100
_GAP = 5
"""Windows of a hundredth of a second without sound that are a gap."""
_MOST_MB = 6.0
"""What the memory may grow from the second quarter to the last."""
_MOST_MORE = 2
"""Threads or handles that may come and go."""


@dataclass(frozen=True)
class Look:
    """What the program takes at a moment."""

    memory: float
    """MB."""
    threads: int
    handles: int
    disk: float
    """MB of tape."""


def main(arguments: list[str]) -> int:
    """Listen for so long and print the table; 1 where something is not as it should be."""
    parser = argparse.ArgumentParser(prog="python -m bench soak")
    parser.add_argument("--minutes", type=float, default=30.0)
    minutes = parser.parse_args(arguments).minutes
    # A short one has its drops too, and a tape that is full.
    every = 60.0 if minutes >= 10 else 15.0
    with tempfile.TemporaryDirectory() as folder, PulseAudio() as pulse:
        env = {**home(Path(folder)), **pulse.env}
        with _station(every, Path(folder)) as (url, said):
            command = _command(Path(folder), url, 10 if minutes >= 20 else 1)
            with Program(command, env) as program:
                program.wait_for("LIVE")
                began = time.monotonic()
                looks = list(_looks(program, minutes * 60, Path(env["XDG_CACHE_HOME"])))
                gaps = _gaps(pulse.ear.heard(began))
                program.type("q")
                program.wait_end()
        titles = _titles(command, env)
        lines = said.read_text().splitlines()
    wrong = _report(looks, gaps, titles, lines, minutes)
    for word in wrong:
        print(f"WRONG: {word}")
    return 1 if wrong else 0


@contextmanager
def _station(every: float, folder: Path) -> Iterator[tuple[str, Path]]:
    said = folder / "said"
    with said.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "bench.dropping", str(every)], stdin=subprocess.PIPE, stdout=out
        )
    assert process.stdin is not None
    try:
        while not (lines := said.read_text().splitlines()):
            time.sleep(0.05)
        yield lines[0], said
    finally:
        process.stdin.close()
        process.wait()


def _command(folder: Path, url: str, tape_minutes: int) -> list[str]:
    stations, settings = folder / "stations.toml", folder / "settings.toml"
    stations.write_text(
        '[[station]]\nid = "soak"\nname = "Soak"\n'
        f'[[station.stream]]\nid = "live"\nname = "Live"\nurl = "{url}"\n'
    )
    settings.write_text(f"tape-minutes = {tape_minutes}\n")
    return [
        *(sys.executable, "-m", "radiotui", "--stations", str(stations)),
        *("--config", str(settings), "--engine", "builtin", "--play", "soak"),
    ]


def _looks(program: Program, seconds: float, cache: Path) -> Iterator[Look]:
    process = psutil.Process(program.process.pid)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        program.drain(_LOOK_SECONDS)
        program.frames.clear()
        disk = sum(
            Path(path, name).stat().st_size
            for path, _, names in os.walk(cache / "radiotui" / "tapes")
            for name in names
        )
        yield Look(
            process.memory_info().rss / 1e6, process.num_threads(), process.num_fds(), disk / 1e6
        )


def _gaps(pcm: bytes) -> list[float]:
    """Seconds of each run without sound that is longer than a twentieth of a second."""
    step, runs, run = 2 * _WINDOW, [], 0
    for at in range(0, len(pcm) - step, step):
        if is_silent(pcm[at : at + step]):
            run += 1
            continue
        if run > _GAP:
            runs.append(run / 100)
        run = 0
    return runs


def _titles(command: list[str], env: dict[str, str]) -> list[int]:
    """The numbers of the songs that were heard, in order."""
    told = subprocess.run(
        [*command[:3], "heard", "--json", "--limit", "9999"],
        env=env,
        capture_output=True,
        check=True,
    )
    titles = [one["title"] or "" for one in reversed(json.loads(told.stdout))]
    return [int(found[1]) for title in titles if (found := re.search(r"(\d+)$", title))]


def _report(
    looks: list[Look], gaps: list[float], titles: list[int], said: list[str], minutes: float
) -> list[str]:
    quarter = max(1, len(looks) // 4)
    early, late = looks[quarter : 2 * quarter], looks[-quarter:]
    wrong = []
    print(f"{minutes:g} minutes{'':<22}{'2nd quarter':>12}{'last':>9}{'most':>9}")
    rows = {
        "memory, MB": (lambda look: look.memory, _MOST_MB),
        "threads": (lambda look: look.threads, _MOST_MORE),
        "file handles": (lambda look: look.handles, _MOST_MORE),
        "tape on disk, MB": (lambda look: look.disk, None),
    }
    for name, (of, limit) in rows.items():
        before, after = median(map(of, early)), median(map(of, late))
        print(f"{name:<32}{before:>12.1f}{after:>9.1f}{max(map(of, looks)):>9.1f}")
        if limit is not None and after - before > limit:
            wrong.append(f"{name} grew by {after - before:.1f}")
    drops = sum(line.startswith("dropped") for line in said)
    connected = said.count("connected")
    print(f"{'drops, connections':<32}{drops:>12}{connected:>9}")
    longest = max(gaps, default=0)
    print(f"{'gaps in the sound, s':<32}{len(gaps):>12}{sum(gaps):>9.2f}{longest:>9.2f}")
    due = int(minutes * 60 / TITLE_SECONDS)
    twice = len(titles) - len(set(titles))
    missing = max(titles) - min(titles) + 1 - len(set(titles)) if titles else due
    print(f"{'titles heard, missing, twice':<32}{len(titles):>12}{missing:>9}{twice:>9}")
    if connected != drops + 1:
        wrong.append(f"{drops} drops and {connected} connections")
    if missing or twice or len(titles) < due - 2:
        wrong.append(f"{len(titles)} of {due} titles, {missing} missing, {twice} twice")
    if gaps:
        wrong.append(f"{len(gaps)} gaps in the sound")
    return wrong
