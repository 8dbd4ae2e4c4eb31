"""Textual's driver, made to let the program end in order where its terminal goes away."""

from __future__ import annotations

import asyncio
import contextlib
import select
import socket
from collections.abc import Callable
from threading import Event, get_ident
from typing import IO, Any

from textual import constants
from textual.drivers.linux_driver import LinuxDriver

QUIET_ROUNDS = 10 + round(10 * constants.ESCAPE_DELAY)
"""Rounds of a tenth of a second after a key, in which a key that was begun may be over."""


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
        if isinstance(self.exit_event, EndOfInput):
            self.exit_event.input_thread = get_ident()
        try:
            super().run_input_thread()
        except OSError:
            self._end()

    def close(self) -> None:
        """End what the driver has open, after its threads."""
        super().close()
        if isinstance(self.exit_event, EndOfInput):
            self.exit_event.close()


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
    """The event that ends the thread for input: it is also set where the terminal is gone.

    Textual's thread asks for it in each of its rounds, ten a second. Where no key was pressed of
    late, the question itself waits for the next one: a screen at rest wakes nobody.
    """

    def __init__(self, descriptor: int, on_gone: Callable[[], None]) -> None:
        super().__init__()
        self._descriptor = descriptor
        self._on_gone = on_gone
        self._is_gone = False
        self.input_thread = 0
        """Identity of the thread that may be made to wait."""
        self._quiet_rounds = 0
        self._woken, self._waker = socket.socketpair()
        self._woken.setblocking(False)

    def set(self) -> None:
        """End the thread, also where it waits."""
        super().set()
        with contextlib.suppress(OSError):  # nobody waits any more
            self._waker.send(b".")

    def clear(self) -> None:
        """Let another thread begin."""
        super().clear()
        self._quiet_rounds = 0
        with contextlib.suppress(OSError):
            self._woken.recv(64)

    def close(self) -> None:
        """Close what wakes a thread; none waits for it any more."""
        self._woken.close()
        self._waker.close()

    def is_set(self) -> bool:
        """Asked in each round, and after each key."""
        if get_ident() == self.input_thread and not super().is_set():
            self._wait_for_input()
        if not self._is_gone and self._has_hung_up():
            self._is_gone = True
            self._on_gone()
        return self._is_gone or super().is_set()

    def _wait_for_input(self) -> None:
        # As Textual's own thread does it: polls of a terminal fail on some systems.
        seconds = None if self._quiet_rounds >= QUIET_ROUNDS else 0.0
        is_quiet = not select.select([self._descriptor, self._woken.fileno()], [], [], seconds)[0]
        self._quiet_rounds = self._quiet_rounds + 1 if is_quiet else 0

    def _has_hung_up(self) -> bool:
        # One of its own for each question: a poll object that the thread for input and the loop
        # ask at once raises a RuntimeError, and Textual would then leave that thread running.
        poll = select.poll()
        poll.register(self._descriptor, select.POLLIN)
        return any(event & (select.POLLHUP | select.POLLERR) for _, event in poll.poll(0))
