"""The built-in ears: FFmpeg decodes, miniaudio plays, both inside their wheels."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from radiotui.audio import loudness
from radiotui.audio.decoding import BYTES_PER_SECOND, SAMPLE_BYTES, pcm_of
from radiotui.audio.device import Device
from radiotui.audio.engine import OnEvent, Source
from radiotui.audio.loads import Load, Loads, close_source, unexpected
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


@dataclass(slots=True, eq=False)
class _Load(Load):
    pcm: bytearray = field(default_factory=bytearray)
    """Decoded and not yet given to the device."""
    given: int = 0
    """Bytes that the device has had."""
    whole: bool = False
    """Nothing more will be decoded, because of ``problem`` or the source's end."""
    problem: Problem | None = None
    needs: int = _FIRST
    """Play when there is so much; 0 while playing."""


class BuiltinEngine:
    """PyAV and miniaudio. ``backend`` forces one of miniaudio's, such as "null".

    ``idle`` is how many seconds after the last sound the device is let go.
    """

    name = "builtin"

    def __init__(
        self, on_event: OnEvent, *, backend: str | None = None, idle: float = 10.0
    ) -> None:
        self.volume = 100
        self.muted = False
        self._loads: Loads[_Load] = Loads(on_event)
        self._device = Device(self._fill, backend=backend, idle=idle)
        self._threads: set[threading.Thread] = set()
        self._loudness = 0.0
        """What the last samples were multiplied by."""
        self._tail = b""
        """Ends what was stopped without a click."""

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

    def play(self, source: Source, *, load: int, gain_db: float = 0.0, rate: float = 1.0) -> None:
        """Play ``source`` instead of whatever played before."""
        new = _Load(load, source, gain_db, rate)
        self._device.open()
        with self._loads.changed:
            self._fade_out()
            old = self._loads.replace(new)
        close_source(old)
        self._run(lambda: self._decode(new), f"radiotui-decode-{load}")

    def stop(self) -> None:
        """Be silent within a few milliseconds of what the device holds."""
        with self._loads.changed:
            self._fade_out()
            old = self._loads.replace(None)
        close_source(old)
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

    def _decode(self, load: _Load) -> None:
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
                self._end(load)

    def _put(self, load: _Load, pcm: bytes) -> bool:
        """Hand ``pcm`` over when there is room; False when nobody wants it any more."""
        with self._loads.changed:
            if len(load.pcm) >= _AHEAD:
                while len(load.pcm) > _LOW and not load.over:
                    if not self._loads.changed.wait(_DEAD_DEVICE):
                        self._device.reopen()
            if load.over:
                return False
            load.pcm += pcm
            return True

    # On the device's thread

    def _fill(self, frames: int) -> bytes:
        with self._loads.changed:
            if self._tail:
                size = frames * SAMPLE_BYTES
                tail, self._tail = self._tail[:size], self._tail[size:]
                return tail
            load = self._loads.current
            if load is None or load.over:
                return b""
            try:
                return self._next(load, frames * SAMPLE_BYTES)
            except Exception as error:
                log.exception("the built-in engine failed in the device's callback")
                self._loads.ended(load, unexpected(error))
                return b""

    def _next(self, load: _Load, size: int) -> bytes:
        if len(load.pcm) < load.needs and not load.whole:
            return b""
        load.needs = 0
        pcm = bytes(load.pcm[:size])
        del load.pcm[:size]
        load.given += len(pcm)
        if len(load.pcm) <= _LOW:
            self._loads.changed.notify_all()
        after = loudness.factor(self.volume, muted=self.muted, gain_db=load.gain_db)
        before, self._loudness = self._loudness, after
        if pcm:
            self._loads.started(load)
        if load.whole:
            if not load.pcm:
                self._end(load)
            return loudness.scaled(pcm, before, after)
        if len(pcm) < size:
            load.needs = _AGAIN
            self._loudness = 0.0
            return loudness.faded_out(pcm, before)
        return loudness.scaled(pcm, before, after)

    # With the lock held

    def _end(self, load: _Load) -> None:
        if not load.over:
            self._loads.ended(load, load.problem)
            self._loudness = 0.0
            self._device.rest()

    def _fade_out(self) -> None:
        load = self._loads.current
        if load is not None and not load.over and not load.needs:
            self._tail = loudness.scaled(
                bytes(load.pcm[: loudness.FADE_BYTES]), self._loudness, 0.0
            )
            load.pcm.clear()
        self._loudness = 0.0


def _load_ffmpeg() -> None:
    import av

    av.logging.set_level(None)
