"""What the tests of the engines are given to play, and what they note down."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Protocol

from radiotui.audio.engine import Engine, EngineEvent, OnEvent

WAITS = 30.0
"""Seconds until a test gives up; what is waited for takes a fraction of one."""


class Clip:
    """A source in memory. ``live``: at its end it waits for more, as a tape does, until closed."""

    def __init__(
        self,
        data: bytes,
        format_: str,
        *,
        live: bool = False,
        error: Exception | None = None,
        piece: int = 4096,
    ) -> None:
        self.format = format_
        self._data = data
        self._at = 0
        self._live = live
        self._error = error
        self._piece = piece
        self._changed = threading.Condition()
        self.waiting = threading.Event()
        """Set when somebody waits in ``read`` for what does not come."""
        self.closed = threading.Event()

    def read(self, size: int) -> bytes:
        with self._changed:
            if self._at == len(self._data) and self._error is not None:
                raise self._error
            while self._live and self._at == len(self._data) and not self.closed.is_set():
                self.waiting.set()
                self._changed.wait()
            if self.closed.is_set():
                return b""
            piece = self._data[self._at : self._at + min(size, self._piece)]
            self._at += len(piece)
            return piece

    def more(self, data: bytes) -> None:
        """What was waited for."""
        with self._changed:
            self._data += data
            self.waiting.clear()
            self._changed.notify_all()

    def close(self) -> None:
        with self._changed:
            self.closed.set()
            self._changed.notify_all()


class Notes:
    """Notes what an engine reports, from any thread."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self.events: list[EngineEvent] = []

    def __call__(self, event: EngineEvent) -> None:
        with self._changed:
            self.events.append(event)
            self._changed.notify_all()

    @property
    def told(self) -> list[tuple[int, str]]:
        with self._changed:
            return [(event.play_id, event.kind) for event in self.events]

    def wait_for(self, load: int, kind: str) -> EngineEvent:
        with self._changed:
            assert self._changed.wait_for(lambda: self._find(load, kind), WAITS), (
                f"no {kind!r} of load {load}; told: {self.events}"
            )
            event = self._find(load, kind)
            assert event is not None
            return event

    def _find(self, load: int, kind: str) -> EngineEvent | None:
        return next((e for e in self.events if (e.play_id, e.kind) == (load, kind)), None)


class Make(Protocol):
    """Makes an engine that is closed when the test ends."""

    def __call__(self, on_event: OnEvent) -> Engine: ...


def no_threads_left() -> bool:
    """Whether every engine's thread has ended; waits for the last of them."""
    threads = [thread for thread in threading.enumerate() if thread.name.startswith("radiotui-")]
    for thread in threads:
        thread.join(WAITS)
    names = [thread.name for thread in threads if thread.is_alive()]
    assert not names
    return True


def write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path
