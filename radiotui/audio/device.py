"""The sound device: opened early, kept between plays, let go some seconds after the last sound."""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Callable, Generator
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Literal

from radiotui.audio.engine import DeviceReport
from radiotui.audio.frames import RATE
from radiotui.audio.underruns import UnderrunMeter
from radiotui.problems import Problem

if TYPE_CHECKING:
    import miniaudio

log = logging.getLogger(__name__)

PERIODS_MS = (64, 120, 240)
"""Milliseconds that the device asks for at a time; it holds some three of them, so a turn of the
volume is heard that much later. 12 ms tore a steady tone on a busy computer. It begins with the
shortest, and takes the next longer one where sound came too late twice."""
_SERVER = "PulseAudio"
"""miniaudio's name for the way to a sound server, PipeWire's too."""
_SERVER_MS = 120
"""Of 64 ms a server asks for the next 16 at a time, of 120 ms for 40: 63 wakes a second are 1% of a
core, and 25 are 0.6%. It holds one period where a sound card holds three, so that a turn of the
volume is heard as soon there. With 128 ms it asks for 44, and as it then asks now earlier, now
later in a period, its pace looked like underruns."""
_HELD_PERIODS, _SERVER_PERIODS = 3.5, 2.5
"""Periods that a device asks for at its beginning, with something to spare."""

_MOST_UNDERRUNS = 2
"""Underruns of one device: the last of them makes it longer."""
_CALM = 30 * 60.0
"""Seconds of sound without an underrun after which the next run may try a shorter period."""
_NO_MODULE: Any = None
"""Entry of the modules that makes an import of it fail."""
_RETRY = 5.0
"""After a device was lost: headphones come back."""

_Order = Literal["open", "rest", "let go", "reopen", "lengthen", "close"]
OnFlushed = Callable[[float], None]
"""Given the seconds of sound that a device held and will not play."""
Fill = Callable[[int], bytes]
"""Given a number of samples, PCM of at most so many; what is missing is silence."""


class Device:
    """Plays what ``fill`` gives. Every method returns at once; the work is done on its own thread.

    Where there is no device, a silent one keeps the pace and :attr:`silent_because` says why.
    ``refill`` is called with the seconds of sound that a device held and did not play, where
    another one is to play them. ``backend`` forces one of miniaudio's, such as "null", which
    needs no hardware.
    """

    def __init__(
        self, fill: Fill, refill: OnFlushed, *, backend: str | None = None, idle: float = 10.0
    ) -> None:
        self._fill = fill
        self._refill = refill
        self._backend = backend
        self._idle = idle
        self._orders: SimpleQueue[_Order | OnFlushed] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._device: miniaudio.PlaybackDevice | None = None
        self.silent_because: Problem | None = None
        self._least_ms = self.period_ms = PERIODS_MS[0]
        """Milliseconds of sound that the device asks for at a time, one of :data:`PERIODS_MS`."""
        self._underruns = UnderrunMeter()

    @property
    def report(self) -> DeviceReport:
        """Pace of the device, in this run."""
        shorter = [period for period in PERIODS_MS if self._least_ms <= period < self.period_ms]
        is_calm = self._underruns.steady > _CALM and shorter
        return DeviceReport(
            self.period_ms,
            shorter[-1] if is_calm else self.period_ms,
            self._underruns.count,
            self._underruns.silence,
        )

    def open(self) -> None:
        """Be ready to play, and stay so."""
        self._order("open")

    @property
    def held(self) -> float:
        """Seconds of sound that the device was given and has not played yet."""
        return self._underruns.held(time.monotonic())

    @property
    def first_seconds(self) -> float:
        """Seconds of sound that a device asks for at its beginning, or less."""
        periods = _HELD_PERIODS if self._least_ms < _SERVER_MS else _SERVER_PERIODS
        return self.period_ms / 1000 * periods

    def flush(self, then: OnFlushed) -> None:
        """Drop what the device holds, call ``then``, and only then ask for sound again.

        Another device takes its place within some milliseconds: so what follows is heard at
        once, however much a device has to hold on a busy computer.
        """
        self._order(then)

    def rest(self) -> None:
        """Close the device in a while, unless something is played."""
        self._order("rest")

    def reopen(self) -> None:
        """The device takes nothing any more: it was unplugged, or its server went away."""
        self._order("reopen")

    def close(self, timeout: float) -> None:
        """Let the device go; wait for that for at most ``timeout`` seconds."""
        if self._thread is None:
            return
        self._orders.put("close")
        self._thread.join(timeout)

    def _order(self, order: _Order | OnFlushed) -> None:
        if self._thread is None:
            if order == "rest":
                return
            # A daemon: a sound server that hangs must not keep the program from ending.
            self._thread = threading.Thread(target=self._obey, name="radiotui-device", daemon=True)
            self._thread.start()
        self._orders.put(order)

    def _obey(self) -> None:
        until: float | None = None
        resting = False
        while True:
            try:
                order = self._orders.get(
                    timeout=None if until is None else max(0.0, until - time.monotonic())
                )
            except Empty:
                order = "let go" if resting else "reopen"
            if callable(order):
                self._flush(order)
                continue
            if order == "lengthen":
                self._lengthen()
                continue
            until = None
            if order in {"close", "let go", "reopen"}:
                self._let_go()
            if order == "close":
                return
            if order in {"open", "reopen"}:
                resting = False
                self._open()
            if order == "rest":
                resting = True
                until = time.monotonic() + self._idle
            if order == "reopen" and self.silent_because is not None:
                until = time.monotonic() + _RETRY

    def _open(self) -> None:
        if self._device is not None and self.silent_because is None:
            return
        import miniaudio

        try:
            device = self._started(self._backends())
        except miniaudio.MiniaudioError as error:
            if self._device is None:
                if self.silent_because is None:
                    log.warning("no sound device: %s", error)
                self.silent_because = no_device(str(error))
                self._device = self._started([miniaudio.Backend.NULL])
            return
        self._let_go()
        self._device, self.silent_because = device, None

    def _backends(self) -> list[miniaudio.Backend]:
        import miniaudio

        if self._backend is not None:
            return [miniaudio.Backend[self._backend.upper()]]
        return real_backends()

    def _flush(self, then: OnFlushed) -> None:
        import miniaudio

        fresh: miniaudio.PlaybackDevice | None = None
        if self._device is not None and self.silent_because is None:
            try:
                fresh = self._made(self._backends())
            except miniaudio.MiniaudioError as error:
                log.warning("the sound device cannot be flushed: %s", error)
        if fresh is None:
            then(0.0)
            return
        held = self.held
        self._let_go()
        then(held)
        try:
            self._device = self._start(fresh)
        except miniaudio.MiniaudioError:
            self._open()

    def _made(self, backends: list[miniaudio.Backend]) -> miniaudio.PlaybackDevice:
        """A device that is ready and asks for nothing yet."""
        device = self._with_period(backends)
        if device.backend != _SERVER or self._least_ms == _SERVER_MS:
            return device
        self._least_ms = _SERVER_MS
        if self.period_ms >= _SERVER_MS:
            return device
        _close(device)
        self.period_ms = _SERVER_MS
        return self._with_period(backends)

    def _with_period(self, backends: list[miniaudio.Backend]) -> miniaudio.PlaybackDevice:
        import miniaudio

        return miniaudio.PlaybackDevice(
            sample_rate=RATE, buffersize_msec=self.period_ms, backends=backends, app_name="radiotui"
        )

    def _started(self, backends: list[miniaudio.Backend]) -> miniaudio.PlaybackDevice:
        return self._start(self._made(backends))

    def _start(self, device: miniaudio.PlaybackDevice) -> miniaudio.PlaybackDevice:
        import miniaudio

        feed = self._feed()
        next(feed)
        try:
            device.start(feed)
        except miniaudio.MiniaudioError:
            _close(device)
            raise
        return device

    def _feed(self) -> Generator[bytes, int, None]:
        """Answers to the device, which runs dry where they come too late."""
        underruns = 0
        self._underruns.reset()
        frames = yield b""
        while True:
            pcm = self._fill(frames)
            if not pcm:
                self._underruns.reset()
            elif self._underruns.answer(time.monotonic(), frames / RATE):
                underruns += 1
                if underruns == _MOST_UNDERRUNS:
                    self._order("lengthen")
            frames = yield pcm

    def _lengthen(self) -> None:
        """Open the device anew with the next longer period, where it is a real one."""
        longer = [period for period in PERIODS_MS if period > self.period_ms]
        if self._device is None or self.silent_because is not None or not longer:
            return
        self.period_ms = longer[0]
        log.info("sound came too late: the device asks for %d ms at a time", self.period_ms)
        held = self.held
        self._let_go()
        self._refill(held)
        self._open()

    def _let_go(self) -> None:
        device, self._device = self._device, None
        if device is not None:
            _close(device)


def _close(device: miniaudio.PlaybackDevice) -> None:
    import miniaudio

    device.close()
    # close() leaves the context, and with it a connection to the sound server, open for good.
    miniaudio.lib.ma_context_uninit(device._context)


def load_miniaudio() -> None:
    """Load miniaudio without numpy, of which it would know arrays: 16 MB that nobody needs."""
    is_absent = sys.modules.setdefault("numpy", _NO_MODULE) is None
    try:
        import miniaudio  # noqa: F401
    finally:
        if is_absent:
            del sys.modules["numpy"]


def real_backends() -> list[miniaudio.Backend]:
    """miniaudio's ways to make a sound here, best first. Left to itself it may choose "null"."""
    import miniaudio

    none = {miniaudio.Backend.NULL, miniaudio.Backend.CUSTOM}
    backends = miniaudio.get_enabled_backends() - none
    return sorted(backends, key=lambda backend: int(backend.value))


def playback_devices() -> tuple[str, list[str]]:
    """miniaudio's way to make a sound here, and its devices. Raises Problem where there is none."""
    import miniaudio

    try:
        # Opened and not started: a list of devices may name some that cannot be opened.
        device = miniaudio.PlaybackDevice(backends=real_backends())
        device.close()
        devices = miniaudio.Devices([miniaudio.Backend(device._context.backend)])
        return device.backend, [str(entry["name"]) for entry in devices.get_playbacks()]
    except miniaudio.MiniaudioError as error:
        raise no_device(str(error)) from error


def no_device(detail: str) -> Problem:
    """The Problem of a machine without a sound device, with the remedy."""
    if sys.platform == "linux":
        mend = "is PipeWire, PulseAudio or ALSA there, and may you use it?"
    else:
        mend = "is a loudspeaker or headphone there and switched on?"
    hint = f"{mend} It goes on without sound; play again to try again"
    return Problem("No sound device was found", hint, detail)
