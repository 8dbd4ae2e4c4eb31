"""Arguments of the screen, where they are plain: read without argparse.

Its import and the parsers of all commands are 50 ms that the first screen would wait for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from radiotui.cli.invocation import Arguments, run_screen
from radiotui.config import EngineName

_READERS: Mapping[str, Callable[[str], Any]] = {
    "--stations": Path,
    "--config": Path,
    "--engine": str,
    "--play": str,
}
"""Options that are followed by a value. Everything besides is left to argparse."""


def plain_arguments(words: Sequence[str]) -> Arguments | None:
    """The arguments of the screen; None where argparse is to read them, or to refuse them."""
    arguments = Arguments(run=run_screen, ends_by_interrupt=False, play=None)
    waiting = iter(words)
    for word in waiting:
        if word == "--demo":
            arguments.demo = True
            continue
        value = next(waiting, "-")
        if word not in _READERS or value.startswith("-"):
            return None
        setattr(arguments, word.removeprefix("--"), _READERS[word](value))
    if getattr(arguments, "engine", "auto") not in get_args(EngineName):
        return None
    return arguments
