"""Textual's driver, made to let the program end in order where its terminal goes away."""

from __future__ import annotations

import asyncio
import contextlib
import select
from collections.abc import Callable
from threading import Event
from typing import IO, Any

from textual.drivers.linux_driver import LinuxDriver


class TerminalDriver(LinuxDriver):
    """Driver that ends the app once its terminal is gone.

    Textual's own thread for output dies at the first write that fails. Its queue then fills,
    and the loop waits in it for ever: no signal is handled any more, and the thread for input
    reads the end of a file as fast as it can.
    """

    def __init__(self, app: Any, **options: Any) -> None:
        super().__init__(app, **options)
        loop = asyncio.get_running_loop()

        def end() -> None:
            with contextlib.suppress(RuntimeError):  # the loop has ended already
                loop.call_soon_threadsafe(app.exit)

        self._end = end
        self._file: Any = EnduringFile(self._file, end)
        if self.input_tty:
            self.exit_event = EndOfInput(self.fileno, end)

    def run_input_thread(self) -> None:
        """Read until the end, which may come in the middle of a read."""
        try:
            super().run_input_thread()
        except OSError:
            self._end()


class EnduringFile:
    """A text file whose writes never fail: once one did, ``on_gone`` is called and all are lost."""

    def __init__(self, file: IO[str], on_gone: Callable[[], None]) -> None:
        self._file = file
        self._on_gone = on_gone
        self._is_gone = False

    def write(self, text: str) -> None:
        """Write as long as there is a terminal."""
        self._endure(lambda: self._file.write(text))

    def flush(self) -> None:
        """Flush as long as there is a terminal."""
        self._endure(self._file.flush)

    def fileno(self) -> int:
        """The descriptor of the file."""
        return self._file.fileno()

    def _endure(self, action: Callable[[], object]) -> None:
        if self._is_gone:
            return
        try:
            action()
        except (OSError, ValueError):
            self._is_gone = True
            self._on_gone()


class EndOfInput(Event):
    """The event that ends the thread for input: it is also set where the terminal is gone."""

    def __init__(self, descriptor: int, on_gone: Callable[[], None]) -> None:
        super().__init__()
        self._descriptor = descriptor
        self._on_gone = on_gone
        self._is_gone = False

    def is_set(self) -> bool:
        """Asked ten times a second, and after each key."""
        if not self._is_gone and self._has_hung_up():
            self._is_gone = True
            self._on_gone()
        return self._is_gone or super().is_set()

    def _has_hung_up(self) -> bool:
        # One of its own for each question: a poll object that the thread for input and the loop
        # ask at once raises a RuntimeError, and Textual would then leave that thread running.
        poll = select.poll()
        poll.register(self._descriptor, select.POLLIN)
        return any(event & (select.POLLHUP | select.POLLERR) for _, event in poll.poll(0))
