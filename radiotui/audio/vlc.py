"""The engine of VLC, where it is installed.

libVLC's calls may block for as long as a source does, so one thread makes them all.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from radiotui.audio import gain as loudness
from radiotui.audio.decoding import ffmpeg_problem
from radiotui.audio.device import no_device
from radiotui.audio.engine import DeviceReport, EngineEntry, EngineInput, OnEvent
from radiotui.audio.libvlc import VlcMedia, new_instance, vlc_problem, vlc_version
from radiotui.audio.output_log import OutputLog
from radiotui.audio.plays import (
    EnginePlays,
    broken_off,
    close_source,
    no_sound,
    unexpected,
)
from radiotui.audio.vlc_play import VlcPlay
from radiotui.problems import Problem

log = logging.getLogger(__name__)

_STEP = 0.05
"""Seconds between two turns of the volume, while it is on its way."""
_MOST_ERRORS = 20
"""Complaints of an audio output that lost its sound server come with every buffer of sound."""
_RETRY = 5.0
"""Seconds without a device before it is looked for again: headphones come back."""


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
        self._plays: EnginePlays[VlcPlay] = EnginePlays(on_event)
        self._options = tuple(options)
        self._monotonic = monotonic
        self._volume = 100
        self._muted = False
        self._silent_because: Problem | None = None
        self._log: OutputLog | None = None
        self._closing = False
        self._thread: threading.Thread | None = None

    @property
    def volume(self) -> int:
        """Per cent."""
        return self._volume

    @volume.setter
    def volume(self, volume: int) -> None:
        with self._plays.changed:
            self._volume = max(0, min(100, volume))
            for play in self._plays.running:
                play.fade = None
            self._plays.changed.notify_all()

    @property
    def muted(self) -> bool:
        """True while nothing is heard though it plays."""
        return self._muted

    @muted.setter
    def muted(self, muted: bool) -> None:
        with self._plays.changed:
            self._muted = muted
            self._plays.changed.notify_all()

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
        self._plays.rate = rate

    @property
    def position(self) -> float:
        """Seconds of the source's sound heard since the last ``play``."""
        with self._plays.changed:
            play = self._plays.current
            return play.position(self._monotonic()) if play else 0.0

    @property
    def silent_because(self) -> Problem | None:
        """Reason why nothing is heard, else None; known some tenths of a second after the start."""
        return self._silent_because

    @property
    def device_report(self) -> DeviceReport:
        """Underruns by libVLC's log. It paces the device by itself, and tells nothing else."""
        return DeviceReport(0, 0, self._log.breaks if self._log else 0, None)

    def begin_with_period(self, period_ms: int) -> None:
        """Do nothing: libVLC paces the device by itself."""

    def prepare(self) -> None:
        """Start libVLC while the network connects."""
        self._start()

    def play(
        self, source: EngineInput, *, play_id: int, gain_db: float = 0.0, rate: float = 1.0
    ) -> None:
        """Play ``source`` when it has its first sound, instead of what is heard until then."""
        new = VlcPlay(play_id, source, gain_db, rate, gain_now=gain_db)
        with self._plays.changed:
            self._freeze(self._plays.current)
            old = self._plays.replace(new)
        # Before libVLC's stop, which waits for whoever waits in its read.
        close_source(old)
        self._start()

    def fade(self, seconds: float) -> None:
        """Become silent in so many seconds."""
        with self._plays.changed:
            for play in self._plays.running:
                play.fade = (self._monotonic(), max(seconds, _STEP))
            self._plays.changed.notify_all()

    def stop(self) -> None:
        """Be silent."""
        with self._plays.changed:
            self._freeze(self._plays.current)
            stopped = self._plays.stop()
        for play in stopped:
            close_source(play)

    def close(self) -> None:
        """Stop, and let go of libVLC."""
        self.stop()
        with self._plays.changed:
            self._closing = True
            self._plays.changed.notify_all()
        if self._thread is not None:
            self._thread.join(0.45)

    def _start(self) -> None:
        with self._plays.changed:
            if self._thread is None and not self._closing:
                # A daemon: a libVLC that hangs must not keep the program from ending.
                self._thread = threading.Thread(target=self._obey, name="radiotui-vlc", daemon=True)
                self._thread.start()

    # On the engine's own thread

    def _obey(self) -> None:
        instance = new_instance(self._options)
        self._log = instance and OutputLog(instance, self._note_device_error, self._is_fed)
        begun: list[VlcPlay] = []
        while True:
            with self._plays.changed:
                while not self._closing and self._is_settled(begun):
                    self._plays.changed.wait(_STEP if self._is_turning(begun) else None)
                due, closing = self._due(), self._closing
            for play in begun:
                if play not in due or closing:
                    _release(play)
            if closing:
                break
            begun = [play for play in due if play in begun or self._begin(instance, play)]
            for play in begun:
                self._tell_loudness(play)
                self._ask_whether_heard(play)
        if instance is not None:
            instance.release()

    def _due(self) -> list[VlcPlay]:
        current, outgoing = self._plays.current, self._plays.outgoing
        plays = [] if outgoing is None else [outgoing]
        return plays if current is None or current.over else [*plays, current]

    def _is_settled(self, begun: list[VlcPlay]) -> bool:
        return self._due() == begun and not any(
            play.ask or self._loudness(play) != play.vlc_volume for play in begun
        )

    def _is_turning(self, begun: list[VlcPlay]) -> bool:
        return any(
            (play.fade is not None and play.vlc_volume) or play.gain_now != play.gain_db
            for play in begun
        )

    def _loudness(self, play: VlcPlay) -> int:
        if self._muted:
            return 0
        now = self._monotonic()
        part = 1.0
        if play.fade is not None:
            begin, seconds = play.fade
            part = max(0.0, 1.0 - (now - begin) / seconds)
        passed = min(now - play.gain_at, 2 * _STEP)
        play.gain_now = loudness.nearer(play.gain_now, play.gain_db, passed)
        play.gain_at = now
        # VLC multiplies samples by the cube of its volume.
        return min(200, round(float(self._volume * part * 10 ** (play.gain_now / 60))))

    def _tell_loudness(self, play: VlcPlay) -> None:
        with self._plays.changed:
            volume = self._loudness(play)
        if volume != play.vlc_volume:
            play.vlc_volume = volume
            play.player.audio_set_volume(volume)

    def _ask_whether_heard(self, play: VlcPlay) -> None:
        if not play.ask or play.media is None:
            return
        play.ask = False
        played, lost = play.media.played()
        if played and self._log is not None:
            # What was lost until now was late: there is a device.
            play.is_heard, play.lost_at, self._silent_because = True, None, None
            self._log.listen()
        elif lost:
            self._lose_device(play, "libVLC plays nothing")

    def _lose_device(self, play: VlcPlay, detail: str) -> None:
        with self._plays.changed:
            if play.lost_at is None:
                play.lost_at = self._monotonic()
                self._silent_because = no_device(detail)

    def _begin(self, instance: Any, play: VlcPlay) -> bool:
        if instance is None:
            close_source(self._plays.ended(play, vlc_problem() or Problem("VLC does not start")))
            return False
        if self._log is not None:
            self._log.rest()
        try:
            play.media = VlcMedia(instance, play.source, lambda: play.rate)
            play.player = instance.media_player_new()
            play.player.set_media(play.media.media)
            self._listen(play)
            self._tell_loudness(play)
            play.player.play()
        except Exception as error:
            log.exception("libVLC failed")
            close_source(self._plays.ended(play, unexpected(error)))
        return play.player is not None

    def _listen(self, play: VlcPlay) -> None:
        import vlc

        callbacks = {
            vlc.EventType.MediaPlayerPlaying: self._playing,
            vlc.EventType.MediaPlayerBuffering: self._buffering,
            vlc.EventType.MediaPlayerTimeChanged: self._time,
            vlc.EventType.MediaPlayerEndReached: self._end,
            vlc.EventType.MediaPlayerEncounteredError: self._fail,
        }
        play.events = play.player.event_manager()
        for kind, callback in callbacks.items():
            play.events.event_attach(kind, callback, play)

    # On libVLC's threads, where none of its functions may be called

    def _playing(self, _event: Any, play: VlcPlay) -> None:
        with self._plays.changed:
            play.playing = True

    def _buffering(self, event: Any, play: VlcPlay) -> None:
        with self._plays.changed:
            # Once before it opens, and once when the first sound is due.
            if play.playing and event.u.new_cache >= 100.0 and not play.started:
                play.vlc_time_at = self._monotonic()
                close_source(self._plays.started(play))

    def _time(self, event: Any, play: VlcPlay) -> None:
        with self._plays.changed:
            play.vlc_time, play.vlc_time_at = event.u.new_time / 1000, self._monotonic()
            close_source(self._plays.started(play))
            if self._log is not None:
                self._log.note_sound()
            if not play.is_heard:
                play.ask = True
                self._plays.changed.notify_all()
            if play.lost_at is not None and play.vlc_time_at - play.lost_at > _RETRY:
                play.lost_at = math.inf
                self._plays.unheard(play)

    def _note_device_error(self) -> None:
        # Whether it plays or has lost its device, libVLC counts its buffers as played.
        with self._plays.changed:
            play = self._plays.current
            if play is not None and play.started:
                play.device_errors += 1
                if play.device_errors > _MOST_ERRORS:
                    self._lose_device(play, "libVLC's audio output failed")

    def _is_fed(self) -> bool:
        play = self._plays.current
        return play is not None and play.media is not None and not (play.over or play.media.is_dry)

    def _end(self, _event: Any, play: VlcPlay) -> None:
        self._finish(play, None if play.started else _why_not(play))

    def _fail(self, _event: Any, play: VlcPlay) -> None:
        self._finish(play, broken_off() if play.started else _why_not(play))

    def _finish(self, play: VlcPlay, problem: Problem | None) -> None:
        if play.media is not None and play.media.problem is not None:
            problem = play.media.problem
        with self._plays.changed:
            if problem is None and play.media is not None and play.frozen is None:
                # libVLC told the time a third of a second before.
                play.frozen = play.media.seconds_read
            self._freeze(play)
            close_source(self._plays.ended(play, problem))

    def _freeze(self, play: VlcPlay | None) -> None:
        if play is not None and play.frozen is None:
            play.frozen = play.position(self._monotonic())


def _release(play: VlcPlay) -> None:
    close_source(play)
    if play.media is not None:
        play.media.release()
    play.player.stop()
    play.player.release()
    play.player = play.media = play.events = None


def _why_not(play: VlcPlay) -> Problem | None:
    """The Problem of a source that was not heard; None where it was empty."""
    was_read = play.media is not None and play.media.was_read
    return no_sound(play.source) if was_read else None


def _problem() -> Problem | None:
    return vlc_problem() or ffmpeg_problem()


ENTRY = EngineEntry(
    name=VlcEngine.name,
    problem=_problem,
    make=VlcEngine,
    describe=lambda: f"VLC {vlc_version()}",
    substitute="the built-in engine plays instead",
)
