"""From the command to the first screen, and from the quit key to the prompt."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from statistics import median

from bench.pty import Program
from bench.table import Row

RUNS = 25
_HERE = Path(__file__).parent


def rows() -> list[Row]:
    """First screen and quitting, each beside its peers."""
    with tempfile.TemporaryDirectory() as folder:
        env = home(Path(folder))
        ours = [sys.executable, "-m", "radiotui"]
        programs: dict[str, tuple[list[str], str, str]] = {
            "radiotui": ([*ours, "--stations", str(_stations(Path(folder)))], "Station 19", "q"),
            "bare Textual": ([sys.executable, str(_HERE / "bare.py")], "Station 29", "q"),
        }
        for name, marker in (("pyradio", "Afterhours"), ("castero", "Metadata")):
            path = shutil.which(name, path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
            if path:
                programs[name] = ([path], marker, "q")
        shown: dict[str, list[float]] = {name: [] for name in programs}
        ended: list[float] = []
        for _ in range(RUNS):
            for name, (command, marker, key) in programs.items():
                with Program(command, env) as program:
                    shown[name].append(program.wait_for(marker))
                    if name == "radiotui":
                        program.drain(0.5)
                        program.type(key)
                        ended.append(program.wait_end())
    seconds = median(shown.pop("radiotui"))
    table = [
        Row("first screen", seconds * 1000, "ms", name, median(times) * 1000, limit=_limit(name))
        for name, times in shown.items()
    ]
    return [
        *table,
        Row("quit to prompt", median(ended) * 1000, "ms", "one second", 1000, limit=1.0),
    ]


def _limit(name: str) -> float | None:
    return 1.1 if name == "bare Textual" else None


def _stations(folder: Path) -> Path:
    """As many stations as the list that comes with radiotui, nobody of them there."""
    path = folder / "stations.toml"
    stream = '[[station.stream]]\nid = "live"\nname = "Live"\nurl = "http://127.0.0.1:9/live"\n'
    path.write_text(
        "".join(
            f'[[station]]\nid = "s{number}"\nname = "Station {number}"\n{stream}'
            for number in range(20)
        )
    )
    return path


def home(folder: Path) -> dict[str, str]:
    """The environment of a listener with folders of their own."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "PYTHONPATH") if name in os.environ}
    places = {
        f"XDG_{kind}_HOME": str(folder / kind) for kind in ("CONFIG", "DATA", "CACHE", "STATE")
    }
    return {"LANG": "C.UTF-8", "TERM": "xterm-256color", "HOME": str(folder), **kept, **places}
