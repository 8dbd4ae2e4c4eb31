"""What tests of the whole program share: a home, a terminal, a station list."""

from __future__ import annotations

import gc
import os
from pathlib import Path

import pytest
from hypothesis import settings

from tests.terminal import Terminal

# A property holds or it does not: how long an example takes on a busy computer says nothing of it.
settings.register_profile("radiotui", deadline=None)
# The same examples for the same commit: a change is judged by itself. Elsewhere they are new ones.
settings.register_profile("ci", deadline=None, print_blob=True, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "radiotui")

# The keyring of who runs the tests is left alone; a test that wants one has one of its own.
NO_KEYRING = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
os.environ.update(NO_KEYRING)


def pytest_collection_finish() -> None:
    """Keep the collector from going through six thousand tests again and again.

    A screen's tests make so many objects that it took a sixth of their time.
    """
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """The environment of a listener with folders of their own."""
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    folders = {
        f"XDG_{kind}_HOME": str(tmp_path / kind.lower())
        for kind in ("CONFIG", "DATA", "CACHE", "STATE")
    }
    terminal = {"TERM": "xterm-256color", "LANG": "C.UTF-8", "COLORTERM": "truecolor"}
    return {"HOME": str(tmp_path), **terminal, **folders, **kept, **NO_KEYRING}


@pytest.fixture
def start(home: dict[str, str]):
    """Start radiotui in a terminal of a size."""
    open_: list[Terminal] = []

    def start(*arguments: str, columns: int = 120, lines: int = 36, **env: str) -> Terminal:
        silent = () if "--engine" in arguments else ("--engine", "silent")
        open_.append(Terminal([*arguments, *silent], {**home, **env}, columns, lines))
        return open_[-1]

    yield start
    for terminal in open_:
        terminal.close()


@pytest.fixture
def station_file(tmp_path: Path):
    """Write a station list with one station."""

    def station_file(url: str, feed: str = "", name: str = "Radio Test", more: str = "") -> str:
        path = tmp_path / "my-stations.toml"
        feeds = f'feeds = ["{feed}"]' if feed else ""
        path.write_text(
            f'[[station]]\nid = "test"\nname = "{name}"\ntimezone = "UTC"\n{feeds}\n'
            f'[[station.stream]]\nid = "live"\nname = "Live"\nurl = "{url}"\n{more}'
        )
        return str(path)

    return station_file
