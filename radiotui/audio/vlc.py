"""The ears of VLC, where it is installed.

libVLC's calls may block for as long as a source does, so one thread makes them all.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from radiotui.audio import gain as loudness
from radiotui.audio.device import no_device
from radiotui.audio.engine import EngineInput, OnEvent
from radiotui.audio.libvlc import VlcMedia, new_instance, vlc_problem
from radiotui.audio.plays import (
    SEAM_BYTES,
    EnginePlay,
    EnginePlays,
    broken_off,
    close_source,
    no_sound,
    unexpected,
)
from radiotui.problems import Problem

log = logging.getLogger(__name__)

_STEP = 0.05
"""Seconds between two turns of the volume, while it is on its way."""
_MOST_AHEAD = 1.0
"""libVLC tells the time three times a second; after a second without, nothing was heard."""


@dataclass(slots=True, eq=False)
class _VlcPlay(EnginePlay):
    player: Any = None
    media: VlcMedia | None = None
    events: Any = None
    playing: bool = False
    seen: float = 0.0
    """Seconds heard when libVLC last told."""
    seen_at: float = 0.0
    is_heard: bool | None = None
    """Whether any of it reached a device; None until libVLC knows."""
    ask: bool = False
    """It may know by now."""
    frozen: float | None = None
    """Seconds heard at the end."""
    gain_now: float = 0.0
    """On its way to ``gain_db``, since ``gain_at``."""
    gain_at: float = 0.0
    fade: tuple[float, float] | None = None
    """When a fade began, and how many seconds it takes."""
    told_loudness: int | None = None

    def position(self, now: float) -> float:
        if self.frozen is not None:
            return self.frozen
        if not self.started:
            return 0.0
        return self.seen + max(0.0, min(now - self.seen_at, _MOST_AHEAD)) * self.rate


class VlcEngine:
    """libVLC by python-vlc. ``options`` are given to libVLC, such as "--aout=dummy".

    Gain is part of VLC's volume, which goes to 200 per cent: at most 18 dB more than its all.
    """

    name = "vlc"

    def __init__(
        self,
        on_event: OnEvent,
        *,
        options: Sequence[str] = (),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._loads: EnginePlays[_VlcPlay] = EnginePlays(on_event)
        self._options = tuple(options)
        self._monotonic = monotonic
        self._volume = 100
        self._muted = False
        self._silent_because: Problem | None = None
        self._closing = False
        self._thread: threading.Thread | None = None

    @property
    def volume(self) -> int:
        """Per cent."""
        return self._volume

    @volume.setter
    def volume(self, volume: int) -> None:
        with self._loads.changed:
            self._volume = max(0, min(100, volume))
            for load in self._loads.both:
                load.fade = None
            self._loads.changed.notify_all()

    @property
    def muted(self) -> bool:
        """Whether nothing is heard though it plays."""
        return self._muted

    @muted.setter
    def muted(self, muted: bool) -> None:
        with self._loads.changed:
            self._muted = muted
            self._loads.changed.notify_all()

    @property
    def gain_db(self) -> float:
        """How much louder or softer than the volume the last play is."""
        return self._loads.gain_db

    @gain_db.setter
    def gain_db(self, gain_db: float) -> None:
        self._loads.gain_db = gain_db

    @property
    def position(self) -> float:
        """Seconds of the source's sound heard since the last ``play``."""
        with self._loads.changed:
            load = self._loads.current
            return load.position(self._monotonic()) if load else 0.0

    @property
    def silent_because(self) -> Problem | None:
        """Why nothing is heard, else None; known some tenths of a second after the start."""
        return self._silent_because

    def prepare(self) -> None:
        """Start libVLC while the network connects."""
        self._start()

    def play(
        self, source: EngineInput, *, load: int, gain_db: float = 0.0, rate: float = 1.0
    ) -> None:
        """Play ``source`` when it has its first sound, instead of what is heard until then."""
        new = _VlcPlay(load, source, gain_db, rate, gain_now=gain_db)
        with self._loads.changed:
            self._freeze(self._loads.current)
            old = self._loads.replace(new)
        # Before libVLC's stop, which waits for whoever waits in its read.
        close_source(old)
        self._start()

    def fade(self, seconds: float) -> None:
        """Become silent in so many seconds."""
        with self._loads.changed:
            for load in self._loads.both:
                load.fade = (self._monotonic(), max(seconds, _STEP))
            self._loads.changed.notify_all()

    def stop(self) -> None:
        """Be silent."""
        with self._loads.changed:
            self._freeze(self._loads.current)
            stopped = self._loads.stop()
        for load in stopped:
            close_source(load)

    def close(self) -> None:
        """Stop, and let go of libVLC."""
        self.stop()
        with self._loads.changed:
            self._closing = True
            self._loads.changed.notify_all()
        if self._thread is not None:
            self._thread.join(0.45)

    def _start(self) -> None:
        with self._loads.changed:
            if self._thread is None and not self._closing:
                # A daemon: a libVLC that hangs must not keep the program from ending.
                self._thread = threading.Thread(target=self._obey, name="radiotui-vlc", daemon=True)
                self._thread.start()

    # On the engine's own thread

    def _obey(self) -> None:
        instance = new_instance(self._options)
        begun: list[_VlcPlay] = []
        while True:
            with self._loads.changed:
                while not self._closing and self._is_as_wanted(begun):
                    self._loads.changed.wait(_STEP if self._is_turning(begun) else None)
                wanted, closing = self._wanted(), self._closing
            for load in begun:
                if load not in wanted or closing:
                    _let_go(load)
            if closing:
                break
            begun = [load for load in wanted if load in begun or self._begin(instance, load)]
            for load in begun:
                self._tell_loudness(load)
                self._ask_whether_heard(load)
        if instance is not None:
            instance.release()

    def _wanted(self) -> list[_VlcPlay]:
        current, outgoing = self._loads.current, self._loads.outgoing
        wanted = [] if outgoing is None else [outgoing]
        return wanted if current is None or current.over else [*wanted, current]

    def _is_as_wanted(self, begun: list[_VlcPlay]) -> bool:
        return self._wanted() == begun and not any(
            load.ask or self._loudness(load) != load.told_loudness for load in begun
        )

    def _is_turning(self, begun: list[_VlcPlay]) -> bool:
        return any(
            (load.fade is not None and load.told_loudness) or load.gain_now != load.gain_db
            for load in begun
        )

    def _loudness(self, load: _VlcPlay) -> int:
        if self._muted:
            return 0
        now = self._monotonic()
        part = 1.0
        if load.fade is not None:
            begin, seconds = load.fade
            part = max(0.0, 1.0 - (now - begin) / seconds)
        passed = min(now - load.gain_at, 2 * _STEP)
        load.gain_now = loudness.nearer(load.gain_now, load.gain_db, passed)
        load.gain_at = now
        # VLC multiplies samples by the cube of its volume.
        return min(200, round(float(self._volume * part * 10 ** (load.gain_now / 60))))

    def _tell_loudness(self, load: _VlcPlay) -> None:
        with self._loads.changed:
            wanted = self._loudness(load)
        if wanted != load.told_loudness:
            load.told_loudness = wanted
            load.player.audio_set_volume(wanted)

    def _ask_whether_heard(self, load: _VlcPlay) -> None:
        if not load.ask or load.media is None:
            return
        load.ask = False
        played, lost = load.media.played()
        if played or lost:
            load.is_heard = played > 0
            self._silent_because = None if played else no_device("libVLC plays nothing")

    def _begin(self, instance: Any, load: _VlcPlay) -> bool:
        if instance is None:
            close_source(self._loads.ended(load, vlc_problem() or Problem("VLC does not start")))
            return False
        try:
            load.media = VlcMedia(instance, load.source)
            load.player = instance.media_player_new()
            load.player.set_media(load.media.media)
            load.player.set_rate(load.rate)
            self._listen(load)
            self._tell_loudness(load)
            load.player.play()
        except Problem as problem:
            close_source(self._loads.ended(load, problem))
        except Exception as error:
            log.exception("libVLC failed")
            close_source(self._loads.ended(load, unexpected(error)))
        return load.player is not None

    def _listen(self, load: _VlcPlay) -> None:
        import vlc

        told = {
            vlc.EventType.MediaPlayerPlaying: self._playing,
            vlc.EventType.MediaPlayerBuffering: self._buffering,
            vlc.EventType.MediaPlayerTimeChanged: self._time,
            vlc.EventType.MediaPlayerEndReached: self._end,
            vlc.EventType.MediaPlayerEncounteredError: self._fail,
        }
        load.events = load.player.event_manager()
        for kind, what in told.items():
            load.events.event_attach(kind, what, load)

    # On libVLC's threads, where none of its functions may be called

    def _playing(self, _event: Any, load: _VlcPlay) -> None:
        with self._loads.changed:
            load.playing = True

    def _buffering(self, event: Any, load: _VlcPlay) -> None:
        with self._loads.changed:
            # Once before it opens, and once when the first sound is due.
            if load.playing and event.u.new_cache >= 100.0 and not load.started:
                load.seen_at = self._monotonic()
                close_source(self._loads.started(load))

    def _time(self, event: Any, load: _VlcPlay) -> None:
        with self._loads.changed:
            load.seen, load.seen_at = event.u.new_time / 1000, self._monotonic()
            close_source(self._loads.started(load))
            if load.is_heard is None:
                load.ask = True
                self._loads.changed.notify_all()

    def _end(self, _event: Any, load: _VlcPlay) -> None:
        self._finish(load, None if load.started else _why_not(load))

    def _fail(self, _event: Any, load: _VlcPlay) -> None:
        self._finish(load, broken_off() if load.started else _why_not(load))

    def _finish(self, load: _VlcPlay, problem: Problem | None) -> None:
        if load.media is not None and load.media.problem is not None:
            problem = load.media.problem
        with self._loads.changed:
            self._freeze(load)
            close_source(self._loads.ended(load, problem))

    def _freeze(self, load: _VlcPlay | None) -> None:
        if load is not None and load.frozen is None:
            load.frozen = load.position(self._monotonic())


def _let_go(load: _VlcPlay) -> None:
    close_source(load)
    load.player.stop()
    load.player.release()
    if load.media is not None:
        load.media.media.release()
    load.player = load.media = load.events = None


def _why_not(load: _VlcPlay) -> Problem | None:
    """Nothing was heard: because there was nothing, or because it is no sound."""
    if isinstance(load.source, Path):
        return no_sound(load.source)
    is_seam = load.media is not None and load.media.taken <= SEAM_BYTES
    return None if is_seam else no_sound(load.source)
