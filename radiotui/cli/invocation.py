"""Arguments of the command line as they were typed, and the program that they run: the screen."""

from __future__ import annotations

import sys
from collections.abc import Coroutine
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, TypeVar

from radiotui.config import Folders
from radiotui.problems import Problem

_T = TypeVar("_T")

if TYPE_CHECKING:
    from radiotui.app.companion import Companion


class Arguments(SimpleNamespace):
    """Arguments of a command, as they were typed."""


def run_screen(arguments: Arguments) -> int:
    """The screen."""
    import gc

    # What is made on the way to the first screen stays; the app turns this on again behind it.
    gc.disable()
    from radiotui.ui.app import run

    if not sys.stdout.isatty():
        raise Problem("radiotui needs a terminal", "'radiotui --help' lists what works without one")
    companion = companion_of(arguments)
    play = getattr(arguments, "play", None)
    if play is not None:
        companion.station_list.find(play)
    return run(companion, play=play)


def is_as_json(arguments: Arguments) -> bool:
    """True where the results are to be JSON."""
    return bool(getattr(arguments, "json", False))


def companion_of(arguments: Arguments) -> Companion:
    """The companion that the options choose, with its files read. Raises Problem."""
    from radiotui.app.companion import Companion, Options

    stations = _named_file(arguments, "stations", "names a station list")
    config = _named_file(arguments, "config", "names a settings file")
    folders = Folders()
    folders.keep_private()
    companion = Companion(
        Options(
            stations=stations,
            config=config,
            engine=getattr(arguments, "engine", None),
            demo=getattr(arguments, "demo", False),
            folders=folders,
        )
    )
    companion.load()
    return companion


def opml_file(arguments: Arguments) -> Path:
    """The OPML file that is named; "-" is standard input."""
    path: Path = arguments.file
    return Path("/dev/stdin") if str(path) == "-" else path


def run_to_end(work: Coroutine[Any, Any, _T]) -> _T:
    """Run a command's work; what it gives."""
    import asyncio

    from radiotui.cli.log import log_to_file

    log_to_file()
    return asyncio.run(work)


def _named_file(arguments: Arguments, option: str, purpose: str) -> Path | None:
    """The file that an option names. Raises Problem where there is none."""
    path: Path | None = getattr(arguments, option, None)
    if path is not None and not path.exists():
        raise Problem(f"there is no file {path}", f"--{option} {purpose}")
    if path is not None and path.is_dir():
        raise Problem(f"{path} is a folder", f"--{option} {purpose}")
    return path
