"""The whole program in a real pty, with a terminal emulator looking at it."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import pyte

ROOT = Path(__file__).parents[1]
_SEQUENCES = re.compile(rb"\x1b\[[0-?]*[ -/]*[@-~]")


class Terminal:
    """A program in a pty: what it wrote, and what a terminal shows of it."""

    def __init__(
        self,
        arguments: list[str],
        env: dict[str, str],
        columns: int,
        lines: int,
        module: str = "radiotui",
    ) -> None:
        self._master, self._slave = pty.openpty()
        fcntl.ioctl(self._slave, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self.attributes_before = termios.tcgetattr(self._slave)
        self.raw = bytearray()
        self._typed_at = 0
        self._text, self._text_of = "", -1
        self._screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self._screen)
        self.process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            stdin=self._slave,
            stdout=self._slave,
            stderr=self._slave,
            env=env,
            cwd=ROOT,
            start_new_session=True,
        )

    @property
    def text(self) -> str:
        # It is asked for twenty times a second, and takes as long as drawing some lines does.
        if self._text_of != len(self.raw):
            self._text = "\n".join(line.rstrip() for line in self._screen.display)
            self._text_of = len(self.raw)
        return self._text

    @property
    def attributes(self) -> list[object]:
        return termios.tcgetattr(self._slave)

    def type(self, keys: str) -> None:
        self.look(0)
        self._typed_at = len(self.raw)
        os.write(self._master, keys.encode())

    def wheel(self, glyph: str, *, up: bool) -> None:
        """Turn the wheel over the first such glyph, as a terminal tells of it."""
        line, row = next((n, row) for n, row in enumerate(self._screen.display) if glyph in row)
        self.type(f"\x1b[<{64 if up else 65};{row.index(glyph) + 1};{line + 1}M")

    def look(self, seconds: float = 0.05) -> None:
        """Read what has come."""
        while select.select([self._master], [], [], seconds)[0]:
            data = os.read(self._master, 65536)
            self.raw += data
            # pyte knows no private mode requests with an intermediate character.
            self._stream.feed(data.replace(b"\x1b[?2026$p", b"").replace(b"\x1b[?2048$p", b""))
            seconds = 0

    def rest(self, seconds: float) -> None:
        """Read what comes for so long: what follows the first screen is there by then."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.look(left)

    def until(
        self, *texts: str | re.Pattern[str], seconds: float = 60.0, gone: bool = False
    ) -> str:
        """Wait until all of ``texts`` are on the screen at once (or gone from it).

        Parts of the screen are drawn one after another: what another part says in answer is
        waited for, too, instead of being looked for in the screen that this gives.
        """
        patterns = [t if isinstance(t, re.Pattern) else re.compile(re.escape(t)) for t in texts]
        deadline = time.monotonic() + seconds
        while any(bool(pattern.search(self.text)) == gone for pattern in patterns):
            if time.monotonic() > deadline or self.process.poll() is not None:
                self.look(0.1)
                raise AssertionError(f"{texts!r} {'stayed' if gone else 'missing'}:\n{self.text}")
            self.look()
        return self.text

    def until_sent(self, data: bytes, seconds: float = 60.0) -> None:
        """Wait until ``data`` was written to the terminal, as the colours are."""
        deadline = time.monotonic() + seconds
        while data not in self.raw:
            assert time.monotonic() < deadline, f"{data!r} was not sent:\n{self.text}"
            self.look()

    def answered(self, text: str, seconds: float = 60.0) -> None:
        """Wait until the last keys were answered by ``text``, which may be gone again by now."""
        deadline = time.monotonic() + seconds
        while text.encode() not in _SEQUENCES.sub(b"", bytes(self.raw[self._typed_at :])):
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise AssertionError(f"{text!r} was not said:\n{self.text}")
            self.look()

    def ended(self, seconds: float = 30.0) -> int:
        """Its exit code, once it has ended by itself."""
        deadline = time.monotonic() + seconds
        while self.process.poll() is None:
            assert time.monotonic() < deadline, f"it did not end:\n{self.text}"
            self.look()
        self.look()
        return self.process.returncode

    def go_away(self) -> None:
        """What happens to the program when its emulator is killed."""
        os.close(self._master)
        self._master = -1

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        if self._master >= 0:
            os.close(self._master)
        os.close(self._slave)
