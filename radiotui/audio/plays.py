"""The plays of an engine: the current one, the outgoing one, and the events they may send.

The engines differ in how they make sound; the rules on events and the words of
their problems are the same for all, and stand here.
"""

from __future__ import annotations

import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from radiotui.audio.engine import Bytes, EngineEvent, EngineInput, OnEvent, SoundFile
from radiotui.problems import Problem

SEAM_BYTES = 2048
"""Bytes. The end of a stream that is shorter and holds no whole frame is no failure."""
_TURN = 0.0005
"""Seconds that one thread may have while others wait: with Python's own 0.005 a screen that is
drawn again holds up decoder and device, and a warm station was heard 5 to 10 ms later."""


@dataclass(slots=True, eq=False)
class EnginePlay:
    """One ``play``. Guarded by :attr:`EnginePlays.changed`."""

    number: int
    source: EngineInput
    gain_db: float
    rate: float
    started: bool = False
    over: bool = False
    """Ended, failed, stopped or replaced: nothing more is told of it."""
    is_released: bool = False
    """Stopped, or another is heard instead: its source is read no further."""


L = TypeVar("L", bound=EnginePlay)


class EnginePlays(Generic[L]):
    """The plays of one engine, of which one counts. May be used from any thread."""

    def __init__(self, on_event: OnEvent) -> None:
        self._on_event = on_event
        self.changed = threading.Condition()
        """Guards the plays; the thread that holds its lock may take it again."""
        self.current: L | None = None
        """The last play; it stays after its end, for its position."""
        self.outgoing: L | None = None
        """The play that is heard until :attr:`current` has its first sound."""
        sys.setswitchinterval(_TURN)

    @property
    def gain_db(self) -> float:
        """Gain of the current play, in dB."""
        play = self.current
        return play.gain_db if play else 0.0

    @gain_db.setter
    def gain_db(self, gain_db: float) -> None:
        with self.changed:
            if self.current is not None:
                self.current.gain_db = gain_db
                self.changed.notify_all()

    @property
    def rate(self) -> float:
        """Rate of the current play."""
        play = self.current
        return play.rate if play else 1.0

    @rate.setter
    def rate(self, rate: float) -> None:
        with self.changed:
            if self.current is not None:
                self.current.rate = rate
                self.changed.notify_all()

    @property
    def running(self) -> list[L]:
        """The outgoing play and the current one, as far as there are any."""
        return [play for play in (self.outgoing, self.current) if play is not None]

    def replace(self, play: L) -> L | None:
        """Let ``play`` count from now on. What is heard is heard until ``play`` is.

        Gives the one that waited for its own first sound, if any: close its source.
        """
        with self.changed:
            old, self.current = self.current, play
            self.changed.notify_all()
            if old is None or old.over:
                return None
            old.over = True
            if old.started:
                self.outgoing, old = old, None
            else:
                old.is_released = True
            return old

    def stop(self) -> list[L]:
        """Let none count. Gives those that did: close their sources."""
        with self.changed:
            stopped, self.outgoing = self.running, None
            for play in stopped:
                play.over = play.is_released = True
            self.changed.notify_all()
            return stopped

    def started(self, play: L) -> L | None:
        """Tell once that ``play`` is heard. Gives what it is heard instead of: close its source."""
        with self.changed:
            if play.over or play.started:
                return None
            play.started = True
            self._on_event(EngineEvent(play.number, "started"))
            return self._leave()

    def ended(self, play: L, problem: Problem | None = None) -> L | None:
        """Tell once that ``play`` was heard to its end, or failed.

        Gives what was still heard instead of it: close its source.
        """
        with self.changed:
            if play.over:
                return None
            play.over = True
            self._on_event(EngineEvent(play.number, "failed" if problem else "ended", problem))
            return self._leave()

    def unheard(self, play: L) -> None:
        """Tell that ``play`` goes on without a device."""
        with self.changed:
            if not play.over:
                self._on_event(EngineEvent(play.number, "unheard"))

    def _leave(self) -> L | None:
        old, self.outgoing = self.outgoing, None
        if old is not None:
            old.is_released = True
        self.changed.notify_all()
        return old


def close_source(play: EnginePlay | None) -> None:
    """Wake whoever reads the source of ``play``; nobody waits for a file."""
    if play is not None and not isinstance(play.source, Path):
        play.source.close()


def no_sound(source: EngineInput | SoundFile, detail: str = "") -> Problem:
    """The Problem of a source of which nothing can be decoded."""
    kind = f"{source.format} " if isinstance(source, Bytes) else ""
    title = f"This is no {kind}sound"
    return Problem(title, "it may be broken, or something else than its name says", detail)


def broken_off(detail: str = "") -> Problem:
    """The Problem of a source that was heard up to here, and cannot be decoded further."""
    return Problem("The sound breaks off here", "what follows cannot be decoded", detail)


def unreadable(error: OSError) -> Problem:
    """The Problem of a file or a tape that cannot be read."""
    return Problem("The sound cannot be read", error.strerror or str(error), str(error))


def not_loaded(library: str, error: Exception) -> Problem:
    """The Problem of a library of the program's own that cannot be imported."""
    hint = "install radiotui again: a library of its own is missing or broken"
    return Problem(f"{library} cannot be loaded", hint, str(error))


def unexpected(error: Exception) -> Problem:
    """A fault of the program's own; the log has the rest."""
    return Problem("Something unexpected went wrong", repr(error)[:200])
