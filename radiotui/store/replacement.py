"""Replacement of a damaged store by a new one, which holds all that could be read of it."""

from __future__ import annotations

import logging
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from radiotui.files import FileIdentity, folder_lock, free_path, identity, open_private
from radiotui.problems import Problem, ProblemKind
from radiotui.store.rescue import Rescue, rescue
from radiotui.store.schema import migrate

if TYPE_CHECKING:
    import sqlite3

log = logging.getLogger(__name__)

_PARTS = ("", "-wal", "-shm")
_TURN_SECONDS = 60.0


def replace_damaged(
    path: Path, damaged: FileIdentity, now: datetime, detail: str
) -> Problem | None:
    """Keep the damaged file under another name, and a new store in its place; what to tell.

    None where another radiotui has done so. Raises Problem where the file cannot be replaced: it
    stays as it is, and so it does where the new one cannot be written, with SQLite's error.
    """
    try:
        with folder_lock(path.parent, _TURN_SECONDS):
            if identity(path) != damaged:
                return None
            new_path = path.with_name(f"{path.stem}.rescue{path.suffix}")
            try:
                result = _write_new(path, new_path, now)
                kept_path = _set_aside(path, now)
                new_path.rename(path)
            finally:
                _remove(new_path)
    except OSError as error:
        raise Problem(
            f"{path} is damaged",
            f"and cannot be replaced: {error.strerror or 'another radiotui is at it'}",
            detail,
            kind=ProblemKind.DAMAGED,
        ) from error
    log.error("%s is damaged (%s), kept as %s", path, detail, kept_path.name)
    return Problem(
        f"{path.name} was damaged: {result.words if result else 'nothing'} could be read",
        f"the damaged file is kept as {kept_path}, and a new one was begun",
        detail,
        kind=ProblemKind.DAMAGED,
    )


def _write_new(damaged: Path, new_path: Path, now: datetime) -> Rescue | None:
    """Write what can be read into a new store; None where nobody knows how to read it."""
    try:
        return _rescue(damaged, new_path, now)
    except (ValueError, LookupError, TypeError, ArithmeticError):
        log.exception("%s could not be read", damaged)
    _begin(new_path).close()
    return None


def _rescue(damaged: Path, new_path: Path, now: datetime) -> Rescue:
    connection = _begin(new_path)
    try:
        return rescue(damaged, connection, now)
    finally:
        connection.close()


def _begin(path: Path) -> sqlite3.Connection:
    import sqlite3

    _remove(path)
    open_private(path, "xb").close()
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        # It is no store before it is whole, and has its place then.
        connection.execute("PRAGMA synchronous = OFF")
        migrate(connection, path.name)
    except BaseException:
        connection.close()
        raise
    return connection


def _set_aside(path: Path, now: datetime) -> Path:
    name = f"{path.stem}.damaged-{now:%Y%m%d-%H%M%S}{path.suffix}"
    kept_path = free_path(path.with_name(name))
    for ending in _PARTS:
        part = path.with_name(path.name + ending)
        if part.exists():
            part.rename(kept_path.with_name(kept_path.name + ending))
    return kept_path


def _remove(path: Path) -> None:
    for ending in (*_PARTS, "-journal"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
