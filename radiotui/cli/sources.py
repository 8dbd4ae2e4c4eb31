"""Sources that a command is given: a file, an address, or a station of the list."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from radiotui.problems import Problem, ProblemKind
from radiotui.text import clean

if TYPE_CHECKING:
    from radiotui.stations.model import Station, StationList, Stream

_LONGEST_NAME = 200
_ADDRESS_HINT = "an address begins with http:// or https://"


def file_of(source: str) -> Path | None:
    """The file that a path or a ``file:`` address names; None where it names none.

    Raises Problem for a ``file:`` address without a file behind it, and for a file that may
    not be read.
    """
    path = _path(source)
    if stat.S_ISREG(_mode(path)):
        if not os.access(path, os.R_OK):
            raise _not_readable(path)
        return Path(path)
    if _is_file_address(source):
        raise _no_file(path)
    return None


def find_station(station_list: StationList, source: str) -> tuple[Station, Stream]:
    """The station and stream of that name, which have an address.

    Raises Problem, for a source that looks like a path or an address in words about that.
    """
    try:
        station, stream = station_list.find(source)
    except Problem as problem:
        raise _unclear(source) or problem from None
    if not stream.urls:
        raise Problem(f"{station.name} has no address just now", "it is not served here")
    return station, stream


def _unclear(source: str) -> Problem | None:
    """The words for a source that was hardly meant as a station's name."""
    path = _path(source)
    if "://" in source and not _is_file_address(source):
        return _usage(f"{_shown(source)} is no address of the web", _ADDRESS_HINT)
    looks_like_path = path.startswith((".", "~", os.sep)) or path.count(os.sep) > 1 or "." in path
    return _no_file(path) if looks_like_path or _mode(path) else None


def _no_file(path: str) -> Problem:
    """The words for a path at which there is no file to read."""
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116 - Path cannot hold every text
    except PermissionError:
        return _not_readable(path)
    except (OSError, ValueError):
        return _usage(f"there is no file {_shown(path)}", "" if os.sep in path else _ADDRESS_HINT)
    if stat.S_ISDIR(mode):
        return _usage(f"{_shown(path)} is a folder, and no sound")
    return _usage(f"{_shown(path)} is no file with sound", "it is a device or a pipe")


def _not_readable(path: str) -> Problem:
    return Problem(f"{_shown(path)} may not be read", "its rights do not let you")


def _mode(path: str) -> int:
    try:
        return os.stat(path).st_mode  # noqa: PTH116 - Path cannot hold every text
    except (OSError, ValueError):
        return 0


def _is_file_address(source: str) -> bool:
    return source[:5].lower() == "file:"


def _path(source: str) -> str:
    if not _is_file_address(source):
        # Path would raise for a user who is not there.
        return os.path.expanduser(source)  # noqa: PTH111
    try:
        parts = urlsplit(source)
    except ValueError:
        return source
    if parts.netloc not in {"", "localhost"}:
        return source
    # "?" and "#" are letters of a path: nobody asks a file a question.
    return unquote(source[5:].removeprefix(f"//{parts.netloc}"), errors="surrogateescape")


def _shown(name: str) -> str:
    """A name for people: also one with escape sequences in it, or without an end."""
    return clean(name, _LONGEST_NAME)


def _usage(title: str, hint: str = "") -> Problem:
    return Problem(title, hint, kind=ProblemKind.USAGE)
