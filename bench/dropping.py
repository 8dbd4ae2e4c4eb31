"""``python -m bench.dropping EVERY``: a station that loses its listeners every so many seconds.

Prints the address, then a line for each thing it does. It ends when its input does.
"""

from __future__ import annotations

import contextlib
import itertools
import socket
import struct
import sys
import threading
import time

from tests.sounds import encode

RATE = 16_000
"""Bytes a second."""
METAINT = 8192
TITLE_SECONDS = 5
_BURST_SECONDS = 4.0
_STEP = 0.1
_PAUSE = 2.5
"""Seconds of silence on the line, half way between two drops: less than the burst."""
_FAULTS = ("close", "reset", "block")


class Station:
    """One broadcast, the same for everybody: what is sent is told by the clock."""

    def __init__(self, every: float) -> None:
        whole = encode("mp3", 60)
        self._body = whole[whole.index(b"\xff\xfb", 2000) :]
        self._every = every
        self._began = time.monotonic()
        self._server = socket.create_server(("127.0.0.1", 0))
        self._faults = itertools.cycle(_FAULTS)
        self.url = f"http://127.0.0.1:{self._server.getsockname()[1]}/live"

    def serve(self) -> None:
        """Take who comes, for ever."""
        while True:
            listener, _ = self._server.accept()
            threading.Thread(target=self._serve, args=(listener,), daemon=True).start()

    def _serve(self, listener: socket.socket) -> None:
        with listener, contextlib.suppress(OSError):
            listener.recv(4096)
            say("connected")
            head = f"HTTP/1.0 200 OK\r\nContent-Type: audio/mpeg\r\nicy-metaint: {METAINT}\r\n"
            listener.sendall(f"{head}icy-br: 128\r\nicy-name: Soak\r\n\r\n".encode())
            self._send(listener)

    def _send(self, listener: socket.socket) -> None:
        now = self._now()
        at = int(now * RATE)
        to_block, told = METAINT, ""
        lost = (now // self._every + 1) * self._every
        paused = lost - self._every / 2
        if paused < now:
            paused = lost + 1
        while True:
            now = self._now()
            if now >= paused:
                say("paused")
                time.sleep(_PAUSE)
                paused = lost + 1
            until = int((now + _BURST_SECONDS) * RATE)
            while at < until:
                size = min(to_block, until - at)
                listener.sendall(self._sound(at, size))
                at, to_block = at + size, to_block - size
                if to_block:
                    continue
                to_block, title = METAINT, title_at(at / RATE)
                block = _block(title) if title != told else b"\0"
                told = title
                if self._now() >= lost:
                    self._lose(listener)
                    return
                listener.sendall(block)
            time.sleep(_STEP)

    def _lose(self, listener: socket.socket) -> None:
        fault = next(self._faults)
        say(f"dropped {fault}")
        if fault == "block":
            listener.sendall(_block("Never heard - whole")[:9])
        if fault == "reset":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def _now(self) -> float:
        return time.monotonic() - self._began

    def _sound(self, at: int, size: int) -> bytes:
        begin = at % len(self._body)
        part = self._body[begin : begin + size]
        return part + self._body[: size - len(part)]


def title_at(seconds: float) -> str:
    """What the station says it plays."""
    number = int(seconds // TITLE_SECONDS)
    return f"Artist {number} - Song {number}"


def say(what: str) -> None:
    """A line for who started it."""
    print(what, flush=True)


def _block(title: str) -> bytes:
    text = f"StreamTitle='{title}';".encode()
    blocks = -(-len(text) // 16)
    return bytes([blocks]) + text.ljust(16 * blocks, b"\0")


def main() -> None:
    """Serve until nobody wants it any more."""
    station = Station(float(sys.argv[1]))
    threading.Thread(target=station.serve, daemon=True).start()
    say(station.url)
    sys.stdin.read()


if __name__ == "__main__":
    main()
