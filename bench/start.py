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

RUNS = 11
_HERE = Path(__file__).parent


def rows() -> list[Row]:
    """First screen and quitting, each beside its peers."""
    with tempfile.TemporaryDirectory() as folder:
        env = _env(Path(folder))
        programs: dict[str, tuple[list[str], str, str]] = {
            "radiotui": ([sys.executable, "-m", "radiotui", "--demo"], "Test Signal", "q"),
            "bare Textual": ([sys.executable, str(_HERE / "bare.py")], "Station 29", "q"),
        }
        for name, marker in (("pyradio", "Station"), ("castero", "castero")):
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
    ours = median(shown.pop("radiotui"))
    table = [
        Row("first screen", ours * 1000, "ms", name, median(times) * 1000, limit=_limit(name))
        for name, times in shown.items()
    ]
    return [
        *table,
        Row("quit to prompt", median(ended) * 1000, "ms", "one second", 1000, limit=1.0),
    ]


def _limit(name: str) -> float | None:
    return 1.15 if name == "bare Textual" else None


def _env(folder: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "PYTHONPATH") if name in os.environ}
    places = {
        f"XDG_{kind}_HOME": str(folder / kind) for kind in ("CONFIG", "DATA", "CACHE", "STATE")
    }
    return {"LANG": "C.UTF-8", "TERM": "xterm-256color", "HOME": str(folder), **kept, **places}
