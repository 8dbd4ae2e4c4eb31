"""Programs in a real pty, and when what stands on their screen."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time

_SEQUENCES = re.compile(
    rb"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[ -/]*[0-~]"
)


class Program:
    """A program in a terminal of its own; ``began`` is when it was started, monotonic seconds."""

    def __init__(self, command: list[str], env: dict[str, str], size: tuple[int, int] = (36, 120)):
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave, env=env, start_new_session=True
        )
        os.close(slave)
        self._seen = bytearray()
        self.frames: list[tuple[float, bytes]] = []
        """What :meth:`drain` has read, and when."""

    def type(self, keys: str) -> float:
        """Press keys; when that was, monotonic seconds."""
        now = time.monotonic()
        os.write(self._master, keys.encode())
        return now

    def wait_for(self, text: str, seconds: float = 20.0) -> float:
        """Seconds from the start until ``text`` was written."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            ready, _, _ = select.select([self._master], [], [], 0.05)
            if ready:
                try:
                    self._seen += os.read(self._master, 65536)
                except OSError:
                    break
                if text.encode() in _SEQUENCES.sub(b"", bytes(self._seen)):
                    return time.monotonic() - self.began
        raise TimeoutError(f"{text!r} was not shown: {bytes(self._seen[-300:])!r}")

    def forget(self) -> None:
        """What was shown so far no longer counts for :meth:`wait_for`."""
        self._seen.clear()

    def drain(self, seconds: float) -> None:
        """Read along, as a terminal does."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            ready, _, _ = select.select([self._master], [], [], left)
            if ready:
                try:
                    data = os.read(self._master, 65536)
                except OSError:
                    return
                self.frames.append((time.monotonic(), data))

    def wait_end(self, seconds: float = 10.0) -> float:
        """Seconds until the program has ended by itself."""
        begin = time.monotonic()
        while self.process.poll() is None and time.monotonic() - begin < seconds:
            self.drain(0.005)
        if self.process.poll() is None:
            raise TimeoutError("it did not end")
        return time.monotonic() - begin

    def close(self) -> None:
        """End it, whatever it does."""
        if self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        os.close(self._master)

    def __enter__(self) -> Program:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()
