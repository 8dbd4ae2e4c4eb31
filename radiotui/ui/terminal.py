"""The terminal belongs to the screen alone while it is up."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from radiotui.files import make_private_folder
from radiotui.text import without_password

_MOST_BYTES = 1024 * 1024


@contextlib.contextmanager
def screen_alone(log: Path) -> Iterator[None]:
    """Send what libraries write on file descriptor 2, and every log record, to the file ``log``.

    Sound and decoder libraries write there whatever Python's ``sys.stderr`` is, in the middle
    of the screen. Textual draws on ``sys.__stderr__``, which therefore gets a descriptor of its
    own. Where the file cannot be made, what would be in it is lost and nothing else.
    """
    terminal = os.dup(2)
    screen = open(terminal, "w", encoding="utf-8", errors="replace", closefd=False)  # noqa: SIM115
    stderr, sys.__stderr__ = sys.__stderr__, screen  # type: ignore[misc]
    sink = _open_log(log)
    sys.stderr.flush()
    os.dup2(sink, 2)
    os.close(sink)
    handler = _log_to_stderr()
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)
        # The terminal may be gone by now: its window was closed.
        with contextlib.suppress(OSError):
            screen.close()
        with contextlib.suppress(OSError):
            sys.stderr.flush()
        os.dup2(terminal, 2)
        sys.__stderr__ = stderr  # type: ignore[misc]
        os.close(terminal)


class LogFormatter(logging.Formatter):
    """Format of the log: no password of an address is in it, not even in a traceback."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """The lines of a record."""
        return without_password(super().format(record))


def trim_log() -> None:
    """Begin the log anew once it is too long; what writes to it goes on at its end."""
    if os.isatty(2):
        return
    with contextlib.suppress(OSError):
        if os.fstat(2).st_size > _MOST_BYTES:
            os.ftruncate(2, 0)


def _open_log(log: Path) -> int:
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
    try:
        make_private_folder(log.parent)
        if log.exists() and log.stat().st_size > _MOST_BYTES:
            log.replace(log.with_suffix(".log.old"))
        return os.open(log, flags, 0o600)
    except OSError:
        return os.open(os.devnull, os.O_WRONLY)


def _log_to_stderr() -> logging.Handler:
    """Records go where libraries' own words go, so that they stand in order."""
    handler = logging.StreamHandler(open(2, "w", encoding="utf-8", closefd=False))  # noqa: SIM115
    handler.setFormatter(LogFormatter())
    logging.getLogger().addHandler(handler)
    logging.getLogger("radiotui").setLevel(logging.INFO)
    return handler
