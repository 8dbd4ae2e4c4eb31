"""Log of the commands: a file that is made when there is something to write into it."""

from __future__ import annotations

import io
import logging
import os
from pathlib import Path

from radiotui.config import Folders
from radiotui.files import make_private_folder
from radiotui.ui.terminal import LogFormatter


class CommandLog(logging.FileHandler):
    """Log file of a command; where it cannot be written, its records are lost and nothing else."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, encoding="utf-8", delay=True)
        self.setFormatter(LogFormatter())

    def _open(self) -> io.TextIOWrapper:
        path = Path(self.baseFilename)
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
        try:
            make_private_folder(path.parent)
            number = os.open(path, flags, 0o600)
        except OSError:
            number = os.open(os.devnull, os.O_WRONLY)
        return os.fdopen(number, "a", encoding="utf-8")

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's own name
        """Say nothing: standard error is for the listener."""


def log_to_file() -> None:
    """Send the records of what nobody expected to the log file, unless they go somewhere already.

    Without a place of their own Python writes them to standard error, with their tracebacks.
    """
    if not logging.getLogger().handlers:
        logging.getLogger().addHandler(CommandLog(Folders().log / "radiotui.log"))
