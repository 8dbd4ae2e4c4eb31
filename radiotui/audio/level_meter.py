"""Levels and loudness of a tape, for the level meter and for even loudness.

A meter reads the tape for itself, ahead of the ear. Once it has caught up with the newest sound,
it takes the PCM that FFmpeg decodes for the engine, and decodes nothing a second time. VLC
decodes some formats by itself: of those the meter goes on to read the tape.
"""

from __future__ import annotations

import logging
import math
import threading
import warnings
from collections.abc import Callable
from typing import Protocol

from radiotui.audio.decoding import pcm_of
from radiotui.audio.frames import BYTES_PER_SECOND
from radiotui.audio.loudness_norm import Loudness, LoudnessMeter
from radiotui.problems import Problem

with warnings.catch_warnings():
    # Python 3.13 took it out; audioop-lts brings it back under the same name.
    warnings.simplefilter("ignore", DeprecationWarning)
    import audioop

log = logging.getLogger(__name__)

_PER_SECOND = 10
_PIECE = BYTES_PER_SECOND // _PER_SECOND
_LOWEST_DB = -60.0
_FULL = 32_768
_LATER = 0.5
"""Seconds to begin after: a station that is tuned to is heard first."""
_TURN = 0.2
_TURN_BYTES = 32 * 1024
"""So much in a turn is 16 times the pace of 128 kbit/s. Left to itself a meter would run through
half an hour of what HLS gives, and the first sound would wait for the processor."""
_PCM_TURN_BYTES = 512 * 1024
"""The same of sound that is not compressed."""
_BACK = 60.0
_CAUGHT_UP = 1.0
"""Seconds before the newest sound at which a meter has caught up: sound comes in chunks."""
_FIRST_PCM = 2.0
"""Seconds in which a play gives its first PCM, if it gives any."""
_ENOUGH = 30 * 60.0
"""Seconds after which more sound says nothing new of a stream's loudness."""

Wait = Callable[[threading.Event, float], bool]
"""Wait until the event is set, for at most so many seconds; whether it is."""


class MeteredPart(Protocol):
    """A run of a tape, as :class:`radiotui.radio.tape.reader.TapeReader` is."""

    start: float

    @property
    def format(self) -> str:
        """FFmpeg's name of the container."""
        ...

    @property
    def more_at(self) -> float | None:
        """After the end: where the tape goes on, None: nowhere."""
        ...

    def read(self, size: int) -> bytes:
        """At least one byte, waiting for it; b"" is the end."""
        ...

    def close(self) -> None:
        """Wake whoever reads."""
        ...


class MeteredTape(Protocol):
    """A tape, or a file, as the meter reads it."""

    @property
    def end(self) -> float:
        """The newest place, in seconds."""
        ...

    def open_at(self, at: float | None = None) -> MeteredPart:
        """A reader from a place on."""
        ...


class LevelMeter:
    """Follows a tape that has sound on it, until the tape ends or the meter is closed.

    It begins ``back`` seconds before the newest sound, and keeps the levels of the
    last ``length`` seconds, 36 kB an hour. ``earlier`` is the loudness that was measured
    another time; :attr:`loudness` goes on from it. :meth:`tap` may be used from any thread.
    Without a tape there is only the PCM of plays.
    """

    def __init__(
        self,
        tape: MeteredTape | None,
        *,
        earlier: Loudness | None = None,
        back: float = _BACK,
        length: float = 3600.0,
        wait: Wait = threading.Event.wait,
    ) -> None:
        self._levels = Levels(length)
        self._earlier = earlier.faded if earlier else None
        self._measured: Loudness | None = None
        self._meter: LoudnessMeter | None = None
        self._heard = 0
        """Pieces that were no silence."""
        self._measured_to = 0
        """The place before which the loudness is measured."""
        self._is_following = tape is not None
        """The meter's own thread reads the tape; else loudness is measured of the tap's PCM."""
        self._tap: _Tap | None = None
        self._tapped = threading.Event()
        """There is another tap, or the meter is closed."""
        self._measuring = threading.Lock()
        self._back = back
        self._wait = wait
        self._closed = threading.Event()
        self._changed = threading.Lock()
        self._part: MeteredPart | None = None
        # A lower priority of the thread would be worse: it would hold the interpreter's lock for
        # as long as others have the processor, and the sound device would wait for both.
        self._thread: threading.Thread | None = None
        self._is_new = tape is None
        """Nothing was measured yet, and no thread will begin to."""
        if tape is not None:
            self._thread = threading.Thread(
                target=self._run, args=(tape,), name="radiotui-meter", daemon=True
            )
            self._thread.start()

    @property
    def is_running(self) -> bool:
        """True while the thread is there; it ends by itself where the tape that it reads ends."""
        return self._thread is not None and self._thread.is_alive()

    @property
    def is_following(self) -> bool:
        """True while the meter reads and decodes the tape for itself."""
        return self._is_following

    @property
    def loudness(self) -> Loudness | None:
        """Loudness of the stream so far; None before the first seconds."""
        earlier, measured = self._earlier, self._measured
        return earlier + measured if earlier and measured else measured or earlier

    def level_at(self, at: float) -> float | None:
        """Level of a tenth of a second, from 0.0 (-60 dBFS) to 1.0 (0 dBFS).

        None where it is not known: too new, too old, or not listened to. It
        takes no lock.
        """
        return self._levels.level_at(at)

    def tap(self, start: float) -> Callable[[bytes], None]:
        """Receiver of the PCM that a play decodes from ``start`` seconds on."""
        self._tap = tap = _Tap(start, self._measure_tapped)
        self._tapped.set()
        return tap.push

    def close(self) -> None:
        """Follow no more; what was found stays."""
        with self._changed:
            self._closed.set()
            part = self._part
        self._tapped.set()
        if part is not None:
            part.close()

    # On the engine's threads

    def _measure_tapped(self, place: int, pcm: bytes) -> None:
        with self._measuring:
            level = _level(pcm)
            self._levels.put(place, level)
            if self._is_following:
                return
            try:
                if self._is_new:
                    self._is_new, self._meter = False, LoudnessMeter()
                self._add(place, pcm, level)
            except Exception:
                # The play goes on: it is heard, whatever becomes of its loudness.
                log.exception("the loudness of a tape is measured no more")
                self._meter = None

    # On its own thread

    def _run(self, tape: MeteredTape) -> None:
        try:
            self._wait(self._closed, _LATER)
            self._meter = LoudnessMeter()
            self._follow(tape)
        except Exception:
            log.exception("the level of a tape is followed no more")
        finally:
            self._meter = None

    def _follow(self, tape: MeteredTape) -> None:
        at: float | None = max(0.0, tape.end - self._back)
        while at is not None:
            part = tape.open_at(at)
            with self._changed:
                if self._closed.is_set():
                    part.close()
                    return
                self._part = part
            try:
                self._listen(tape, part)
            except Problem as problem:
                log.debug("a meter cannot decode the tape here: %s", problem)
                # The newest sound may be better.
                at = math.inf
            else:
                at = part.more_at
            finally:
                part.close()
                self._part = None
            if not self._is_following:
                at = self._wait_for_play(tape)

    def _listen(self, tape: MeteredTape, part: MeteredPart) -> None:
        """Measure to the end of the part, or until the PCM of a play does."""
        pieces = _Pieces(part.start, self._measure)
        for pcm in pcm_of(_InTurns(part, lambda: self._wait(self._closed, _TURN))):
            pieces.push(pcm)
            if self._is_tapped and tape.end - pieces.end < _CAUGHT_UP:
                with self._measuring:
                    self._is_following = False
                return

    def _wait_for_play(self, tape: MeteredTape) -> float | None:
        """Wait for a play that gives no PCM, as VLC's of MP3.

        Gives the place to follow the tape from; None: the meter was closed.
        """
        while not self._closed.is_set():
            self._tapped.wait()
            self._tapped.clear()
            if not self._wait(self._closed, _FIRST_PCM) and not self._is_tapped:
                self._is_following = True
                return max(0.0, tape.end - self._back)
        return None

    @property
    def _is_tapped(self) -> bool:
        """The newest play gives its PCM."""
        return self._tap is not None and self._tap.has_pcm

    def _measure(self, place: int, pcm: bytes) -> None:
        with self._measuring:
            level = _level(pcm)
            self._levels.put(place, level)
            self._add(place, pcm, level)

    def _add(self, place: int, pcm: bytes, level: float) -> None:
        """Measure the loudness of what was not measured before. With the lock held."""
        if self._meter is None or place < self._measured_to:
            return
        self._measured_to = place + 1
        self._meter.push(pcm)
        self._heard += level > 0.0
        if self._heard % _PER_SECOND == 0:
            seconds = self._heard / _PER_SECOND
            self._measured = self._meter.loudness(seconds)
            earlier = self._earlier.seconds if self._earlier else 0.0
            if seconds + earlier >= _ENOUGH:
                self._meter = None


class _Pieces:
    """PCM from a place on, in tenths of a second."""

    def __init__(self, start: float, measure: Callable[[int, bytes], None]) -> None:
        self._place = round(start * _PER_SECOND)
        self._measure = measure
        self._rest = bytearray()

    @property
    def end(self) -> float:
        """The place up to which all is measured, in seconds."""
        return self._place / _PER_SECOND

    def push(self, pcm: bytes) -> None:
        """Measure the pieces that this completes."""
        self._rest += pcm
        while len(self._rest) >= _PIECE:
            self._measure(self._place, bytes(self._rest[:_PIECE]))
            del self._rest[:_PIECE]
            self._place += 1


class _Tap(_Pieces):
    """PCM of a play."""

    has_pcm = False

    def push(self, pcm: bytes) -> None:
        """Measure the pieces that this completes."""
        self.has_pcm = True
        super().push(pcm)


class Levels:
    """A level for every tenth of a second, a byte each; the oldest go first.

    One thread puts, any may ask.
    """

    def __init__(self, length: float) -> None:
        self._ring = bytearray(max(1, math.ceil(length * _PER_SECOND)))
        self._first = self._next = 0
        """The places that are known: from the one to before the other."""

    def put(self, place: int, level: float) -> None:
        """Store the level of a tenth of a second, from 0.0 to 1.0; places skipped were silent."""
        size = len(self._ring)
        if place < self._first or place - self._next >= size or self._first == self._next:
            self._first = self._next = place
        for skipped in range(self._next, place):
            self._ring[skipped % size] = 0
        self._ring[place % size] = round(level * 255)
        self._next = max(self._next, place + 1)
        self._first = max(self._first, self._next - size)

    def level_at(self, at: float) -> float | None:
        """Level at a place in seconds, None where it was not measured."""
        place = math.floor(at * _PER_SECOND)
        if not self._first <= place < self._next:
            return None
        return self._ring[place % len(self._ring)] / 255


class _InTurns:
    """A source that is read a bit at a time, with rests in between."""

    def __init__(self, part: MeteredPart, rest: Callable[[], bool]) -> None:
        self.format = part.format
        self._turn_bytes = _PCM_TURN_BYTES if part.format == "wav" else _TURN_BYTES
        self._part = part
        self._wait = rest
        self._had = b""

    def read(self, size: int) -> bytes:
        """At least one byte; b"" is the end."""
        if not self._had and not self._wait():
            self._had = self._part.read(self._turn_bytes)
        data, self._had = self._had[:size], self._had[size:]
        return data

    def close(self) -> None:
        """Wake whoever reads."""
        self._part.close()


def _level(pcm: bytes) -> float:
    rms = audioop.rms(pcm, 2)
    if not rms:
        return 0.0
    return max(0.0, 1.0 - 20 * math.log10(rms / _FULL) / _LOWEST_DB)
