"""Textual's driver, made to let the program end in order where its terminal goes away."""

from __future__ import annotations

import asyncio
import codecs
import contextlib
import os
import select
import socket
import time
from collections.abc import Callable
from threading import Event
from typing import IO, Any

from textual import constants
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from radiotui.ui.kit.textual_private import key_parser


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
        if not isinstance(self.exit_event, EndOfInput):
            super().run_input_thread()
            return
        with contextlib.suppress(OSError):
            read_keys(self.exit_event, self.process_message)
        if not self.exit_event.is_set():
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
    """The event that ends the thread for input: it is also set where the terminal is gone."""

    def __init__(self, descriptor: int, on_gone: Callable[[], None]) -> None:
        super().__init__()
        self._descriptor = descriptor
        self._on_gone = on_gone
        self._is_gone = False
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
        with contextlib.suppress(OSError):
            self._woken.recv(64)

    def close(self) -> None:
        """Close what wakes a thread; none waits for it any more."""
        self._woken.close()
        self._waker.close()

    def is_set(self) -> bool:
        """True once the thread is to end."""
        if not self._is_gone and self._has_hung_up():
            self._is_gone = True
            self._on_gone()
        return self._is_gone or super().is_set()

    def read(self, seconds: float | None) -> bytes | None:
        """Bytes from the terminal, empty at its end; None where none came in time. Blocks.

        ``seconds`` None waits until something comes, or the end is set. Raises OSError.
        """
        # Polls of a terminal fail on some systems.
        waiting = [self._descriptor, self._woken.fileno()]
        ready = select.select(waiting, [], [], seconds)[0]
        return os.read(self._descriptor, 4096) if self._descriptor in ready else None

    def _has_hung_up(self) -> bool:
        # One of its own for each question: a poll object that the thread for input and the loop
        # ask at once raises a RuntimeError, and Textual would then leave that thread running.
        poll = select.poll()
        poll.register(self._descriptor, select.POLLIN)
        return any(event & (select.POLLHUP | select.POLLERR) for _, event in poll.poll(0))


def read_keys(end: EndOfInput, on_message: Callable[[Message], None]) -> None:
    """Read keys until the end, and sleep while none comes: a screen at rest wakes nobody.

    Textual's own loop looks ten times a second. Raises OSError where the terminal goes away.
    """
    parser, decoder = key_parser(), codecs.getincrementaldecoder("utf-8")("replace")
    over_at = time.monotonic()
    while not end.is_set():
        # What has begun with an escape is the key of that name, when nothing follows in time.
        left = over_at - time.monotonic()
        data = end.read(left if left > 0 else None)
        if data == b"":
            return
        text = decoder.decode(data or b"")
        # No text would end the parser: of a letter only the first bytes may be there.
        for message in parser.feed(text) if text else parser.tick():
            on_message(message)
        if text:
            over_at = time.monotonic() + constants.ESCAPE_DELAY
