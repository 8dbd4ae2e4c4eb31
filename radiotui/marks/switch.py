"""Switch of an alarm that rings in a process: another process turns it off through a pipe."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from radiotui.problems import Problem


class AlarmSwitch:
    """A named pipe in ``folder``; there while the alarm rings."""

    def __init__(self, folder: Path, alarm_id: int) -> None:
        self._path = folder / f"alarm-{alarm_id}.switch"
        self._reader: int | None = None

    def attend(self, turned: Callable[[], None]) -> None:
        """Call ``turned`` once another process turns it. Raises Problem where no pipe can be."""
        try:
            # One that a killed process has left.
            self._path.unlink(missing_ok=True)
            os.mkfifo(self._path, 0o600)
            # For writing, too: else it counts as read to its end before anybody has written.
            self._reader = os.open(self._path, os.O_RDWR | os.O_NONBLOCK)
        except OSError as error:
            title = "'radiotui alarm off' cannot end this alarm"
            raise Problem(title, error.strerror or str(error), str(self._path)) from error

        def read() -> None:
            self.close()
            turned()

        asyncio.get_running_loop().add_reader(self._reader, read)

    def turn(self) -> None:
        """Tell the process where it rings; nothing happens where it rings in none."""
        with suppress(OSError):
            writer = os.open(self._path, os.O_WRONLY | os.O_NONBLOCK)
            try:
                os.write(writer, b"\n")
            finally:
                os.close(writer)

    def close(self) -> None:
        """Attend to it no longer."""
        if self._reader is not None:
            asyncio.get_running_loop().remove_reader(self._reader)
            os.close(self._reader)
            self._reader = None
            self._path.unlink(missing_ok=True)
