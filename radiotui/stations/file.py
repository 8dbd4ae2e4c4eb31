"""The station list: ``stations.toml``, which belongs to the listener.

It is made once and from then on only read here, so no comment and no station of
it is ever lost. What is wrong in it is told by file, line, field and mend.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from importlib import import_module
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from radiotui.config import asset
from radiotui.files import parse_toml, read_beginning, write_atomically
from radiotui.problems import Problem
from radiotui.stations.model import StationList
from radiotui.stations.reader import StationReader
from radiotui.text import clean

LOOK_SECONDS = 2.0
"""Interval of looks at the file where no change is reported: a folder that is not
there yet, a file behind a link, a network disk."""
_STEP_MS = 250
"""The watch wakes so often to see whether changes go on; its own 50 are 20 wakes a second."""

_log = logging.getLogger(__name__)

LARGEST_BYTES = 4 * 1024 * 1024
BOM = "\ufeff"
"""The byte order mark that some editors put before the text."""

_PLACE = r" \(at (?:line (\d+), column \d+|end of document)\)$"
_REWORDED = {
    "Illegal character '\\n'": "this line ends within a text, is a quote missing?",
    "Cannot declare ('station'": "write it in two brackets, [[station]] or [[station.stream]]",
    "Cannot declare ('feed'": "write it in two brackets, [[feed]]",
    "Cannot declare ('podcast'": "write it in two brackets, [[podcast]]",
    "Cannot overwrite a value": "this key is written twice; "
    "a new station begins with [[station]], a feed with [[feed]]",
}
"""Words of tomllib about the usual slips, and the mend of each."""

_Sight = tuple[int, ...] | None


def read_station_list(path: Path, last: StationList | None = None) -> StationList:
    """The stations and feeds ``path`` lists, and what is wrong with it. Never raises.

    A station with anything wrong in what it is heard and found by is left out.
    A wrong line of a schedule is left out alone, and an unknown key is passed
    over: the station can be heard without them. A feed with anything wrong is
    left out. A file that cannot be read or is no TOML leaves the stations and
    feeds of ``last`` in use.
    """
    try:
        text = _not_empty(read_text(path).removeprefix(BOM), path.name)
        values = parse_text(text, path.name)
    except Problem as problem:
        last = last or StationList()
        subject = "stations" if last.stations else "feeds"
        is_kept = last.stations or last.feeds or last.podcasts
        hint = f"the {subject} read before it stay in use" if is_kept else ""
        problem = problem.reworded(hint=problem.hint or hint, detail=str(path))
        return replace(last, problems=(problem,), path=path)
    return StationReader(path, text).station_list(values)


def make_station_file(path: Path) -> Problem | None:
    """Put the built-in list at ``path`` if nothing is there yet.

    Returns why that failed; the caller then reads the built-in list itself.
    """
    try:
        if not os.path.lexists(path):
            write_atomically(path, asset("stations.toml").read_bytes(), private=True)
    except OSError as error:
        hint = f"{reason(error)}; the built-in list is used"
        return Problem(f"{path} cannot be written", hint, str(error))
    return None


async def watch_station_list(
    path: Path, first: StationList, on_change: Callable[[StationList], None]
) -> None:
    """Call ``on_change`` on the loop with each reading of ``path`` that differs.

    ``first`` is what is in use now. Runs until it is cancelled. The folder is
    watched rather than the file, because editors write beside and rename. A
    file with a syntax error, or one that is gone, keeps the stations it had.
    """
    current = first
    last_sight: _Sight = None
    looked = False
    async with aclosing(_looks(path)) as looks:
        async for touched in looks:
            sight = await asyncio.to_thread(_sight, path)
            # A file that is gone for a moment is being saved: the next quiet look decides.
            if touched and sight is None:
                continue
            # A list that came from elsewhere was taken because there is no file.
            unchanged = sight == last_sight if looked else sight is None and first.path != path
            looked = True
            if unchanged and not touched:
                continue
            last_sight = sight
            fresh = await asyncio.to_thread(read_station_list, path, current)
            if fresh != current:
                current = fresh
                on_change(fresh)


def read_text(path: Path) -> str:
    """The whole file, as it stands there. Raises Problem where that is no text."""
    try:
        data = read_beginning(path, LARGEST_BYTES + 1)
    except (OSError, ValueError) as error:
        raise Problem(f"{path.name} cannot be read: {reason(error)}") from error
    if len(data) > LARGEST_BYTES:
        raise Problem(f"{path.name} is larger than 4 MiB: that is no station list")
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Problem(f"{path.name}:{line}: this is not UTF-8, save the file as UTF-8") from error


def parse_text(text: str, name: str) -> dict[str, Any]:
    """The TOML of the file called ``name``. Raises Problem with the line of a mistake."""
    try:
        return parse_toml(text)
    except RecursionError as error:
        raise Problem(f"{name}: lists within lists, too deep to be read") from error
    except ValueError as error:
        place = re.search(_PLACE, str(error))
        line = int(place[1]) if place and place[1] else text.rstrip().count("\n") + 1
        words = clean(re.sub(_PLACE, "", str(error)), 200)
        words = next((ours for theirs, ours in _REWORDED.items() if theirs in words), words)
        raise Problem(f"{name}:{line}: {words[:1].lower()}{words[1:]}") from error


def _not_empty(text: str, name: str) -> str:
    if not text.strip():  # an editor may be about to write it
        raise Problem(f"{name} is empty")
    return text


def reason(error: Exception) -> str:
    """Reason why a file could not be read or written, in the system's words."""
    words = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return clean(words[:1].lower() + words[1:])


async def _looks(path: Path) -> AsyncGenerator[bool, None]:
    """A beat for each change of the file (True), and one for each quiet while (False)."""
    await asyncio.to_thread(import_module, "watchfiles")  # tens of milliseconds the loop has not
    from watchfiles import awatch

    while True:
        watch = awatch(
            path.parent,
            watch_filter=None,
            recursive=False,
            step=_STEP_MS,
            rust_timeout=round(LOOK_SECONDS * 1000),
            yield_on_timeout=True,
        )
        try:
            async with aclosing(watch):
                async for changes in watch:
                    changed = {Path(name) for _, name in changes}
                    yield any(name.name == path.name for name in changed)
                    if path.parent in changed:  # it is gone, and its watch with it
                        break
        except (OSError, RuntimeError) as error:
            # No folder, or the system has no watches left (a RuntimeError of watchfiles).
            _log.debug("%s is not watched, only looked at: %s", path.parent, error)
        await asyncio.sleep(LOOK_SECONDS)
        yield False


def _sight(path: Path) -> _Sight:
    """Facts that change with the file behind ``path``; None: there is no file."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return status.st_dev, status.st_ino, status.st_mtime_ns, status.st_size
