"""The built-in engine: FFmpeg decodes, miniaudio plays, both inside their wheels."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from radiotui.audio import gain as loudness
from radiotui.audio.decoding import ffmpeg_problem, pcm_of
from radiotui.audio.device import (
    PERIODS_MS,
    Device,
    load_miniaudio,
)
from radiotui.audio.engine import DeviceReport, EngineEntry, EngineInput, OnEvent
from radiotui.audio.frames import BYTES_PER_SECOND, SAMPLE_BYTES
from radiotui.audio.plays import EnginePlay, EnginePlays, close_source, not_loaded, unexpected
from radiotui.audio.tempo import FILTER_BYTES, PlayedPlaces, Tempo
from radiotui.problems import Problem

log = logging.getLogger(__name__)

_AHEAD = BYTES_PER_SECOND
"""Decoded ahead of the device: a busy computer or a short gap is not heard."""
_LOW = _AHEAD // 2
"""Then more is decoded, in one go: waking for every frame costs more than decoding it."""
_FIRST = BYTES_PER_SECOND // 10
"""The least that is decoded before it is heard, and what a device holds at its beginning."""
_AGAIN = BYTES_PER_SECOND * 3 // 10
"""After the sound ran out: less would stutter on a slow line."""
_MOST_HELD = BYTES_PER_SECOND
_DEAD_DEVICE = 2.0
_AT_ONCE = 0.01


@dataclass(slots=True, eq=False)
class _BuiltinPlay(EnginePlay):
    pcm: bytearray = field(default_factory=bytearray)
    """Decoded and not yet given to the device."""
    played: int = 0
    """Bytes that the device has had."""
    tempo: Tempo = field(default_factory=Tempo)
    places: PlayedPlaces = field(default_factory=PlayedPlaces)
    whole: bool = False
    """All is decoded, because of ``problem`` or the source's end."""
    problem: Problem | None = None
    needs: int = _FIRST
    """Play when there is so much; 0 while playing."""
    is_due: bool = False
    """Its turn on the device was ordered."""
    has_turn: bool = False
    """The device was flushed for it: what is heard before is dropped."""
    gain_now: float | None = None
    """On its way to ``gain_db``; None before the first sound."""
    factor: float = 0.0
    """Multiplier of the last samples."""
    fade: float | None = None
    """Seconds until it is silent, at first; ``fade_left`` is what of them is left."""
    fade_left: float = 0.0

    @property
    def is_ready(self) -> bool:
        return not self.over and (self.whole or len(self.pcm) >= self.source_bytes(self.needs))

    def source_bytes(self, heard: int) -> int:
        """Bytes of the source for so many that are heard."""
        if self.rate == 1.0:
            return heard
        return int(heard * max(1.0, self.rate)) + FILTER_BYTES


class BuiltinEngine:
    """PyAV and miniaudio. ``backend`` forces one of miniaudio's, such as "null".

    ``idle`` is how many seconds after the last sound the device is let go.
    """

    name = "builtin"

    def __init__(
        self, on_event: OnEvent, *, backend: str | None = None, idle: float = 10.0
    ) -> None:
        self._volume = 100
        self.muted = False
        self._plays: EnginePlays[_BuiltinPlay] = EnginePlays(on_event)
        self._device = Device(self._fill, self._refill, backend=backend, idle=idle)
        self._threads: set[threading.Thread] = set()
        self._past = bytearray()
        """The last sound that the device was given, as long as it may hold any."""
        self._end_heard_at = 0.0
        """Time at which the end of the last play leaves the device, monotonic."""
        self._rest = b""
        """Sound that the device before was given and did not play."""
        self._tail = b""
        """Ends what was stopped or replaced without a click."""

    @property
    def volume(self) -> int:
        """Per cent."""
        return self._volume

    @volume.setter
    def volume(self, volume: int) -> None:
        with self._plays.changed:
            self._volume = volume
            for play in self._plays.running:
                play.fade = None

    @property
    def gain_db(self) -> float:
        """Gain of the last play over the volume, in dB."""
        return self._plays.gain_db

    @gain_db.setter
    def gain_db(self, gain_db: float) -> None:
        self._plays.gain_db = gain_db

    @property
    def rate(self) -> float:
        """Rate of the last play."""
        return self._plays.rate

    @rate.setter
    def rate(self, rate: float) -> None:
        play = self._plays.current
        if play is not None and play.started and rate != play.rate:
            # Not in the device's own time.
            play.tempo.open()
        self._plays.rate = rate

    @property
    def position(self) -> float:
        """Seconds of the source's sound given to the device since the last ``play``."""
        with self._plays.changed:
            play = self._plays.current
            if play is None:
                return 0.0
            held = 0.0 if play.over or not play.has_turn else self._held
            return play.places.at(play.played - int(held * BYTES_PER_SECOND))

    @property
    def silent_because(self) -> Problem | None:
        """Reason why nothing is heard, else None."""
        return self._device.silent_because

    @property
    def device_report(self) -> DeviceReport:
        """Pace of the sound device."""
        return self._device.report

    def begin_with_period(self, period_ms: int) -> None:
        """Open the device with the period of an earlier run, in milliseconds."""
        self._device.period_ms = min(PERIODS_MS, key=lambda period: abs(period - period_ms))

    def prepare(self) -> None:
        """Open the device and load FFmpeg while the network connects."""
        self._device.open()
        self._device.rest()
        self._run(ffmpeg_problem, "radiotui-prepare")

    def play(
        self, source: EngineInput, *, play_id: int, gain_db: float = 0.0, rate: float = 1.0
    ) -> None:
        """Play ``source`` when it has its first sound, instead of what is heard until then."""
        new = _BuiltinPlay(play_id, source, gain_db, rate, needs=self._first)
        self._device.open()
        with self._plays.changed:
            old = self._plays.replace(new)
        close_source(old)
        self._run(lambda: self._decode(new), f"radiotui-decode-{play_id}")

    def fade(self, seconds: float) -> None:
        """Become silent in so many seconds of what is heard."""
        with self._plays.changed:
            for play in self._plays.running:
                play.fade = play.fade_left = max(seconds, _AT_ONCE)

    def stop(self) -> None:
        """Be silent within a few milliseconds of what the device holds."""
        with self._plays.changed:
            current = self._plays.current
            if current is not None and current.has_turn and not current.over:
                current.played -= min(current.played, int(self._held * BYTES_PER_SECOND))
            stopped = self._plays.stop()
        if any(play.factor for play in stopped):
            self._device.flush(self._drop)
        for play in stopped:
            close_source(play)
        self._device.rest()

    def close(self) -> None:
        """Stop, close the device, and end the threads."""
        until = time.monotonic() + 0.4
        self.stop()
        self._device.close(until - time.monotonic())
        for thread in list(self._threads):
            thread.join(max(0.0, until - time.monotonic()))

    def _run(self, work: Callable[[], object], name: str) -> None:
        def run() -> None:
            try:
                work()
            finally:
                self._threads.discard(threading.current_thread())

        thread = threading.Thread(target=run, name=name, daemon=True)
        self._threads.add(thread)
        thread.start()

    # On a thread of each play

    def _decode(self, play: _BuiltinPlay) -> None:
        problem: Problem | None = None
        try:
            for pcm in pcm_of(play.source):
                if not self._put(play, pcm):
                    return
        except Problem as broken:
            problem = broken
        except Exception as error:
            log.exception("the built-in engine failed")
            problem = unexpected(error)
        finally:
            close_source(play)
        with self._plays.changed:
            play.whole, play.problem = True, problem
            if not play.pcm and not play.tempo.holds_sound:
                self._end(play, problem)
            self._take_turn(play)

    def _put(self, play: _BuiltinPlay, pcm: bytes) -> bool:
        """Queue ``pcm`` when there is room; False when the play was released."""
        with self._plays.changed:
            if play.rate != 1.0:
                play.tempo.open()
            if len(play.pcm) >= play.source_bytes(_AHEAD):
                while len(play.pcm) > play.source_bytes(_LOW) and not play.is_released:
                    if not self._plays.changed.wait(_DEAD_DEVICE):
                        self._device.reopen()
            if play.is_released:
                return False
            play.pcm += pcm
            self._take_turn(play)
            return True

    def _take_turn(self, play: _BuiltinPlay) -> None:
        """Have the device flushed for the first sound of ``play``, unless it follows an end."""
        if not play.is_ready or play.is_due:
            return
        play.is_due = True
        if time.monotonic() < self._end_heard_at:
            play.has_turn = True
        else:
            self._device.flush(lambda held: self._begin(play, held))

    def _begin(self, play: _BuiltinPlay, held: float) -> None:
        with self._plays.changed:
            self._drop(held)
            # The first device of a run is made by now: it may hold more than was expected.
            play.needs = max(play.needs, self._first)
            play.has_turn = True

    def _drop(self, held: float) -> None:
        """Let what is heard die away within 10 ms, ``held`` seconds before what was given last."""
        with self._plays.changed:
            self._tail = loudness.scaled(self._unplayed(held)[: loudness.FADE_BYTES], 1.0, 0.0)

    def _refill(self, held: float) -> None:
        """Give another device first what the last one did not play."""
        with self._plays.changed:
            self._rest = self._unplayed(held)

    @property
    def _first(self) -> int:
        """Bytes that are decoded before a play is heard: what a device asks for at once."""
        return max(_FIRST, int(BYTES_PER_SECOND * self._device.first_seconds))

    @property
    def _held(self) -> float:
        """Seconds of sound that were given to a device and have not been heard yet."""
        return self._device.held + len(self._rest) / BYTES_PER_SECOND

    def _unplayed(self, held: float) -> bytes:
        """The last ``held`` seconds that a device was given; it is forgotten, and all before."""
        size = int(held * BYTES_PER_SECOND) // SAMPLE_BYTES * SAMPLE_BYTES
        unplayed = bytes(self._past[max(0, len(self._past) - size) :]) if size else b""
        self._past.clear()
        self._rest = b""
        return unplayed

    # On the device's thread

    def _fill(self, frames: int) -> bytes:
        size = frames * SAMPLE_BYTES
        with self._plays.changed:
            rest, self._rest = self._rest[:size], self._rest[size:]
            play = self._plays.current
            try:
                pcm = rest + self._heard(size - len(rest)) if len(rest) < size else rest
            except Exception as error:
                log.exception("the built-in engine failed in the device's callback")
                if play is not None:
                    self._end(play, unexpected(error))
                pcm = b""
            tail, self._tail = self._tail[:size], self._tail[size:]
            mix = loudness.mixed(pcm, tail)
            self._past += mix.ljust(size, b"\0")
            del self._past[:-_MOST_HELD]
            return mix

    def _heard(self, size: int) -> bytes:
        new, old = self._plays.current, self._plays.outgoing
        if new is not None and new.is_ready and new.has_turn:
            return self._next(new, size)
        if old is not None and (old.whole or len(old.pcm) >= old.source_bytes(old.needs)):
            return self._next(old, size)
        return b""

    def _next(self, play: _BuiltinPlay, size: int) -> bytes:
        play.needs = 0
        pcm = play.tempo.take(play.pcm, size, play.rate, is_last=play.whole)
        play.played += len(pcm)
        play.places.add(play.played, play.tempo.seconds)
        if len(play.pcm) <= play.source_bytes(_LOW):
            self._plays.changed.notify_all()
        before, after = play.factor, self._factor(play, size)
        if pcm:
            self._give_way(self._plays.started(play))
        if play.whole:
            play.factor = after
            if play.tempo.is_over:
                self._end(play, play.problem)
            return loudness.scaled(pcm, before, after)
        if len(pcm) < size:
            play.needs = _AGAIN
            play.factor = 0.0
            return loudness.faded_out(pcm, before)
        play.factor = after
        return loudness.scaled(pcm, before, after)

    def _factor(self, play: _BuiltinPlay, size: int) -> float:
        """Multiplier for the next samples of ``play``."""
        seconds = size / BYTES_PER_SECOND
        now = play.gain_db if play.gain_now is None else play.gain_now
        play.gain_now = loudness.nearer(now, play.gain_db, seconds)
        play.fade_left = max(0.0, play.fade_left - seconds)
        part = 1.0 if play.fade is None else play.fade_left / play.fade
        return loudness.factor(self._volume * part, muted=self.muted, gain_db=play.gain_now)

    # With the lock held

    def _end(self, play: _BuiltinPlay, problem: Problem | None) -> None:
        if not play.over:
            self._end_heard_at = time.monotonic() + self._device.held
            self._give_way(self._plays.ended(play, problem))
            self._device.rest()

    def _give_way(self, old: _BuiltinPlay | None) -> None:
        if old is not None:
            old.pcm.clear()
            close_source(old)


def _problem() -> Problem | None:
    if problem := ffmpeg_problem():
        return problem
    try:
        load_miniaudio()
    except (ImportError, OSError) as error:
        return not_loaded("miniaudio", error)
    return None


def _describe() -> str:
    import av
    import miniaudio

    return f"FFmpeg {av.ffmpeg_version_info}, miniaudio {miniaudio.__version__}"


ENTRY = EngineEntry(
    name=BuiltinEngine.name,
    problem=_problem,
    make=BuiltinEngine,
    describe=_describe,
    substitute="nothing is heard",
)
