"""The built-in ears: FFmpeg decodes, miniaudio plays, both inside their wheels."""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from radiotui.audio import gain as loudness
from radiotui.audio.decoding import BYTES_PER_SECOND, SAMPLE_BYTES, pcm_of
from radiotui.audio.device import Device
from radiotui.audio.engine import EngineInput, OnEvent
from radiotui.audio.plays import EnginePlay, EnginePlays, close_source, unexpected
from radiotui.problems import Problem

log = logging.getLogger(__name__)

_AHEAD = BYTES_PER_SECOND
"""Decoded ahead of the device: a busy computer or a short gap is not heard."""
_LOW = _AHEAD // 2
"""Then more is decoded, in one go: waking for every frame costs more than decoding it."""
_FIRST = BYTES_PER_SECOND // 10
_AGAIN = BYTES_PER_SECOND * 3 // 10
"""After the sound ran out: less would stutter on a slow line."""
_DEAD_DEVICE = 2.0
_AT_ONCE = 0.01
_TURN = 0.0005
"""Seconds that one thread may have while others wait: with Python's own 0.005 a screen that is
drawn again holds up decoder and device, and a warm station was heard 5 to 10 ms later."""


@dataclass(slots=True, eq=False)
class _BuiltinPlay(EnginePlay):
    pcm: bytearray = field(default_factory=bytearray)
    """Decoded and not yet given to the device."""
    given: int = 0
    """Bytes that the device has had."""
    whole: bool = False
    """Nothing more will be decoded, because of ``problem`` or the source's end."""
    problem: Problem | None = None
    needs: int = _FIRST
    """Play when there is so much; 0 while playing."""
    gain_now: float | None = None
    """On its way to ``gain_db``; None before the first sound."""
    factor: float = 0.0
    """What the last samples were multiplied by."""
    fade: float | None = None
    """Seconds until it is silent, at first; ``fade_left`` is what of them is left."""
    fade_left: float = 0.0

    @property
    def is_ready(self) -> bool:
        return not self.over and (self.whole or len(self.pcm) >= self.needs)


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
        self._loads: EnginePlays[_BuiltinPlay] = EnginePlays(on_event)
        self._device = Device(self._fill, backend=backend, idle=idle)
        self._threads: set[threading.Thread] = set()
        self._tail = b""
        """Ends what was stopped or replaced without a click."""
        sys.setswitchinterval(_TURN)

    @property
    def volume(self) -> int:
        """Per cent."""
        return self._volume

    @volume.setter
    def volume(self, volume: int) -> None:
        with self._loads.changed:
            self._volume = volume
            for load in self._loads.both:
                load.fade = None

    @property
    def gain_db(self) -> float:
        """How much louder or softer than the volume the last play is."""
        return self._loads.gain_db

    @gain_db.setter
    def gain_db(self, gain_db: float) -> None:
        self._loads.gain_db = gain_db

    @property
    def position(self) -> float:
        """Seconds of the source's sound given to the device since the last ``play``."""
        load = self._loads.current
        return load.given / BYTES_PER_SECOND * load.rate if load else 0.0

    @property
    def silent_because(self) -> Problem | None:
        """Why nothing is heard, else None."""
        return self._device.silent_because

    def prepare(self) -> None:
        """Open the device and load FFmpeg while the network connects."""
        self._device.open()
        self._device.rest()
        self._run(_load_ffmpeg, "radiotui-prepare")

    def play(
        self, source: EngineInput, *, load: int, gain_db: float = 0.0, rate: float = 1.0
    ) -> None:
        """Play ``source`` when it has its first sound, instead of what is heard until then."""
        new = _BuiltinPlay(load, source, gain_db, rate)
        self._device.open()
        with self._loads.changed:
            old = self._loads.replace(new)
        close_source(old)
        self._run(lambda: self._decode(new), f"radiotui-decode-{load}")

    def fade(self, seconds: float) -> None:
        """Become silent in so many seconds of what is heard."""
        with self._loads.changed:
            for load in self._loads.both:
                load.fade = load.fade_left = max(seconds, _AT_ONCE)

    def stop(self) -> None:
        """Be silent within a few milliseconds of what the device holds."""
        with self._loads.changed:
            stopped = self._loads.stop()
            for load in stopped:
                self._cut(load)
        for load in stopped:
            close_source(load)
        self._device.rest()

    def close(self) -> None:
        """Stop, and let go of device and threads."""
        until = time.monotonic() + 0.4
        self.stop()
        self._device.close(until - time.monotonic())
        for thread in list(self._threads):
            thread.join(max(0.0, until - time.monotonic()))

    def _run(self, work: Callable[[], None], name: str) -> None:
        def run() -> None:
            try:
                work()
            finally:
                self._threads.discard(threading.current_thread())

        thread = threading.Thread(target=run, name=name, daemon=True)
        self._threads.add(thread)
        thread.start()

    # On a thread of each load

    def _decode(self, load: _BuiltinPlay) -> None:
        problem: Problem | None = None
        try:
            for pcm in pcm_of(load.source, rate=load.rate):
                if not self._put(load, pcm):
                    return
        except Problem as broken:
            problem = broken
        except Exception as error:
            log.exception("the built-in engine failed")
            problem = unexpected(error)
        finally:
            close_source(load)
        with self._loads.changed:
            load.whole, load.problem = True, problem
            if not load.pcm:
                self._end(load, problem)

    def _put(self, load: _BuiltinPlay, pcm: bytes) -> bool:
        """Hand ``pcm`` over when there is room; False when nobody wants it any more."""
        with self._loads.changed:
            if len(load.pcm) >= _AHEAD:
                while len(load.pcm) > _LOW and not load.left:
                    if not self._loads.changed.wait(_DEAD_DEVICE):
                        self._device.reopen()
            if load.left:
                return False
            load.pcm += pcm
            return True

    # On the device's thread

    def _fill(self, frames: int) -> bytes:
        size = frames * SAMPLE_BYTES
        with self._loads.changed:
            load = self._loads.current
            try:
                pcm = self._heard(size)
            except Exception as error:
                log.exception("the built-in engine failed in the device's callback")
                if load is not None:
                    self._end(load, unexpected(error))
                pcm = b""
            tail, self._tail = self._tail[:size], self._tail[size:]
            return loudness.mixed(pcm, tail)

    def _heard(self, size: int) -> bytes:
        new, old = self._loads.current, self._loads.outgoing
        if new is not None and new.is_ready:
            return self._next(new, size)
        if old is not None and (old.whole or len(old.pcm) >= old.needs):
            return self._next(old, size)
        return b""

    def _next(self, load: _BuiltinPlay, size: int) -> bytes:
        load.needs = 0
        pcm = bytes(load.pcm[:size])
        del load.pcm[:size]
        load.given += len(pcm)
        if len(load.pcm) <= _LOW:
            self._loads.changed.notify_all()
        before, after = load.factor, self._factor(load, size)
        if pcm:
            self._give_way(self._loads.started(load))
        if load.whole:
            load.factor = after
            if not load.pcm:
                self._end(load, load.problem)
            return loudness.scaled(pcm, before, after)
        if len(pcm) < size:
            load.needs = _AGAIN
            load.factor = 0.0
            return loudness.faded_out(pcm, before)
        load.factor = after
        return loudness.scaled(pcm, before, after)

    def _factor(self, load: _BuiltinPlay, size: int) -> float:
        """What the next samples of ``load`` are to be multiplied by."""
        seconds = size / BYTES_PER_SECOND
        now = load.gain_db if load.gain_now is None else load.gain_now
        load.gain_now = loudness.nearer(now, load.gain_db, seconds)
        load.fade_left = max(0.0, load.fade_left - seconds)
        part = 1.0 if load.fade is None else load.fade_left / load.fade
        return loudness.factor(self._volume * part, muted=self.muted, gain_db=load.gain_now)

    # With the lock held

    def _end(self, load: _BuiltinPlay, problem: Problem | None) -> None:
        if not load.over:
            self._give_way(self._loads.ended(load, problem))
            self._device.rest()

    def _give_way(self, old: _BuiltinPlay | None) -> None:
        if old is not None:
            self._cut(old)
            close_source(old)

    def _cut(self, load: _BuiltinPlay) -> None:
        """Let the last of ``load`` die away within 10 ms, over whatever follows."""
        if load.factor:
            last = loudness.scaled(bytes(load.pcm[: loudness.FADE_BYTES]), load.factor, 0.0)
            self._tail = loudness.mixed(last, self._tail)
        load.pcm.clear()
        load.factor = 0.0


def _load_ffmpeg() -> None:
    import av

    av.logging.set_level(None)
