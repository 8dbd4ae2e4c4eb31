"""The protocol of engines: an engine plays a source of bytes from where the source stands.

Pausing, rewinding and reconnecting are other places on the tape, so an engine
knows none of them. Every method returns at once: an engine does its work on
threads of its own and reports by events.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal, Protocol, runtime_checkable

import msgspec

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
        """Wake whoever waits in :meth:`read`; from then on it gives b"". May be called twice.

        It must not wait for anything: a sound device's own thread may call it.
        """
        ...


@runtime_checkable
class Seekable(Protocol):
    """A blocking source of a container whose format is not known, which can be sought in."""

    def read(self, size: int) -> bytes:
        """As :meth:`Bytes.read`. Raises Problem where what is missing does not come."""
        ...

    def seek(self, offset: int, whence: int) -> int:
        """Go to another byte; the new place."""
        ...

    def tell(self) -> int:
        """The place of the next byte."""
        ...

    def close(self) -> None:
        """As :meth:`Bytes.close`."""
        ...


@runtime_checkable
class FromWithin(Bytes, Protocol):
    """A source that can only be cut at its packets, and is wanted from within one on."""

    skip: float
    """Seconds of its first sound that nobody is to hear."""


@runtime_checkable
class Tapped(Bytes, Protocol):
    """A source whose sound somebody measures."""

    on_pcm: Callable[[bytes], None] | None
    """Called with the PCM that FFmpeg decodes of it, on the thread that decodes; None: nobody."""


EngineInput = Bytes | Path
"""A reader, or a file which the engine opens by itself."""
SoundFile = Path | Seekable
"""A container with an end, from which any place can be decoded."""


class EngineEvent(msgspec.Struct, frozen=True):
    """A report of one ``play``; ``play_id`` is the number it was called with."""

    play_id: int
    kind: Literal["started", "ended", "failed", "unheard"]
    """started: the first sample has been given to the sound device. ended: so has the last.
    unheard: it lost its sound device for some seconds, and only another play looks for one."""
    problem: Problem | None = None


class DeviceReport(msgspec.Struct, frozen=True):
    """Pace of the sound device, as far as an engine can tell."""

    period_ms: int
    """Milliseconds of sound that it asks for at a time; 0 where the engine cannot tell."""
    next_period_ms: int
    """Period for the next run to begin with: the same, or a shorter one after a steady while."""
    underruns: int
    """Half seconds in which it ran dry because it was answered too late."""
    silence: float | None
    """Seconds of silence that were heard instead; None where the engine cannot tell."""


class Engine(Protocol):
    """Bytes to ears. Made with ``on_event``, which is called from any thread and must not block."""

    name: str
    volume: int
    """Per cent, 0 to 100, heard at once. Setting it, to whatever, ends a :meth:`fade`."""
    muted: bool
    gain_db: float
    """Gain of the last play over the volume. Set while it is heard, it is reached by 6 dB a
    second; the outgoing play keeps its own."""
    rate: float
    """Rate of the last play, at the same pitch. Set while it is heard, that is heard soon, without
    a click or a hole; the outgoing play keeps its own."""

    @property
    def position(self) -> float:
        """Seconds of the source's sound heard since the last ``play``, whatever its rate.

        0.0 until the first of it is heard, also while what was played before goes
        on. It stays after the end and after ``stop``.
        """
        ...

    @property
    def silent_because(self) -> Problem | None:
        """Reason why this engine makes no sound though it should (no sound device), else None.

        Known when a play has started, or some tenths of a second later; it may
        come and go while one plays.
        """
        ...

    @property
    def device_report(self) -> DeviceReport | None:
        """Pace of the sound device; None where the engine cannot tell it."""
        ...

    def begin_with_period(self, period_ms: int) -> None:
        """Open the sound device with the period of an earlier run, in milliseconds."""
        ...

    def prepare(self) -> None:
        """Something will be played soon: open the sound device meanwhile."""
        ...

    def play(
        self, source: EngineInput, *, play_id: int, gain_db: float = 0.0, rate: float = 1.0
    ) -> None:
        """Play ``source`` from where it stands.

        What is heard goes on until the first sound of ``source`` is there, and then
        gives way to it without a click or a hole. Until then a further ``play``
        replaces ``source``, which is then never heard. A source that fails or ends
        before its first sound ends what was heard before it, too.

        The engine owns ``source`` from now on and closes it: when it is over, when
        it is replaced before it was heard, or when something else is heard instead.
        Exactly one "started" follows (or none, when it is empty, fails, is stopped or
        replaced first), "unheard" perhaps, then at most one "ended" or "failed". From this
        call on nothing more is told of what was played before. ``gain_db`` makes it louder or
        softer than the volume; ``rate`` makes it faster or slower at the same pitch.
        A :meth:`fade` of what was played before is none of ``source``.
        """
        ...

    def fade(self, seconds: float) -> None:
        """Let what is played become silent in so many seconds, until the volume is set.

        It is played on meanwhile, and afterwards. What is played later is not silent.
        """
        ...

    def stop(self) -> None:
        """Silence everything at once.

        The sources are closed first, so that nobody waits in their ``read``.
        """
        ...

    def close(self) -> None:
        """Stop, and let go of device and threads; returns within half a second."""
        ...


OnEvent = Callable[[EngineEvent], None]


class EngineEntry(msgspec.Struct, frozen=True):
    """An engine as the registry knows it."""

    name: str
    """As the settings and the command line call it."""
    problem: Callable[[], Problem | None]
    """The reason why it cannot be used here, None where it can. May load libraries."""
    make: Callable[[OnEvent], Engine]
    describe: Callable[[], str]
    """One line for ``radiotui doctor``, such as the version of its library. May raise Problem."""
    substitute: str = ""
    """Words for the listener who asked for this engine and gets the next one."""
    is_automatic: bool = True
    """Tried in its turn where the listener asked for no certain engine."""
