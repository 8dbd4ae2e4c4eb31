"""What every engine is: it plays a source of bytes from where it stands, and nothing more.

Pausing, rewinding and reconnecting are other places on the tape, so an engine
knows none of them. Every method returns at once: an engine does its work on
threads of its own and reports by events.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol, runtime_checkable

from radiotui.problems import Problem


@runtime_checkable
class Bytes(Protocol):
    """A blocking source of sound, such as a reader of the tape."""

    @property
    def format(self) -> str:
        """FFmpeg's name of the container: "mp3", "aac", "ogg", "flac"."""
        ...

    def read(self, size: int) -> bytes:
        """At least one byte and at most ``size``; waits for it. b"" is the end."""
        ...

    def close(self) -> None:
        """Wake whoever waits in :meth:`read`; from then on it gives b"". May be called twice."""
        ...


Source = Bytes | Path
"""A reader, or a file which the engine opens by itself."""


@dataclass(frozen=True, slots=True)
class EngineEvent:
    """What an engine reports of one ``play``; ``load`` is the number that was given there."""

    load: int
    kind: Literal["started", "ended", "failed"]
    """started: the first sample has been given to the sound device. ended: so has the last."""
    problem: Problem | None = None


class Engine(Protocol):
    """Bytes to ears. Made with ``on_event``, which is called from any thread and must not block."""

    name: str
    volume: int
    """Per cent, 0 to 100, heard at once."""
    muted: bool

    @property
    def position(self) -> float:
        """Seconds of the source's sound heard since the last ``play``, whatever its rate.

        It stays after the end and after ``stop``.
        """
        ...

    @property
    def silent_because(self) -> Problem | None:
        """Why this engine makes no sound though it should (no sound device), else None.

        Known when a load has started, or some tenths of a second later; it may
        come and go while one plays.
        """
        ...

    def prepare(self) -> None:
        """Something will be played soon: open the sound device meanwhile."""
        ...

    def play(self, source: Source, *, load: int, gain_db: float = 0.0, rate: float = 1.0) -> None:
        """Play ``source`` from where it stands, instead of whatever played before.

        The engine owns ``source`` from now on and closes it. Exactly one "started"
        follows (or none, when it is empty, fails or is stopped first), then at most
        one "ended" or "failed"; nothing more comes of a load that was stopped or
        replaced. ``gain_db`` makes it louder or softer than the volume; ``rate``
        makes it faster or slower at the same pitch.
        """
        ...

    def stop(self) -> None:
        """Be silent. The source is closed first, so that nobody waits in its ``read``."""
        ...

    def close(self) -> None:
        """Stop, and let go of device and threads; returns within half a second."""
        ...


OnEvent = Callable[[EngineEvent], None]
