"""The silent engine: for tests, machines without a sound device, and reading.

It decodes sound as fast as it would be heard, so that everything around it
behaves as with a real engine.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from radiotui.audio.decoding import pcm_of
from radiotui.audio.engine import EngineEntry, EngineInput, OnEvent
from radiotui.audio.frames import BYTES_PER_SECOND
from radiotui.audio.plays import EnginePlay, EnginePlays, close_source, unexpected
from radiotui.problems import Problem

log = logging.getLogger(__name__)

_STEP = 0.1
_STALL = 0.3
"""Later than this is no jitter of the clock: there was nothing to hear meanwhile."""

Wait = Callable[[threading.Event, float], object]
"""Wait until the event is set, for at most so many seconds."""


@dataclass(slots=True, eq=False)
class _SilentPlay(EnginePlay):
    heard: float = 0.0
    stopped: threading.Event = field(default_factory=threading.Event)


class SilentEngine:
    """Decodes, keeps the pace, and makes no sound. ``monotonic`` and ``wait`` are its time."""

    name = "silent"

    def __init__(
        self,
        on_event: OnEvent,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        wait: Wait = threading.Event.wait,
    ) -> None:
        self.volume = 100
        self.muted = False
        self._plays: EnginePlays[_SilentPlay] = EnginePlays(on_event)
        self._monotonic = monotonic
        self._wait = wait
        self._threads: set[threading.Thread] = set()

    @property
    def gain_db(self) -> float:
        """Gain that the last play would have, in dB."""
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
        """Seconds of the source's sound that would have been heard, to a tenth."""
        play = self._plays.current
        return play.heard if play else 0.0

    @property
    def silent_because(self) -> Problem | None:
        """None: it is silent because it should be."""
        return None

    @property
    def device_report(self) -> None:
        """None: there is no device."""

    def begin_with_period(self, period_ms: int) -> None:
        """Do nothing: there is no device."""

    def prepare(self) -> None:
        """Do nothing: there is no device to open."""

    def play(
        self, source: EngineInput, *, play_id: int, gain_db: float = 0.0, rate: float = 1.0
    ) -> None:
        """Decode ``source`` when it has sound, instead of what is decoded until then."""
        new = _SilentPlay(play_id, source, gain_db, rate)
        self._release(self._plays.replace(new))
        thread = threading.Thread(
            target=self._run, args=(new,), name=f"radiotui-silent-{play_id}", daemon=True
        )
        self._threads.add(thread)
        thread.start()

    def fade(self, seconds: float) -> None:
        """It is silent already; the pace goes on."""

    def stop(self) -> None:
        """Decode no further."""
        for play in self._plays.stop():
            self._release(play)

    def close(self) -> None:
        """Stop, and let go of the threads."""
        until = time.monotonic() + 0.4
        self.stop()
        for thread in list(self._threads):
            thread.join(max(0.0, until - time.monotonic()))

    def _release(self, old: _SilentPlay | None) -> None:
        if old is not None:
            old.stopped.set()
        close_source(old)

    def _run(self, play: _SilentPlay) -> None:
        problem: Problem | None = None
        try:
            self._pace(play)
        except Problem as broken:
            problem = broken
        except Exception as error:
            log.exception("the silent engine failed")
            problem = unexpected(error)
        finally:
            close_source(play)
            self._release(self._plays.ended(play, problem))
            self._threads.discard(threading.current_thread())

    def _pace(self, play: _SilentPlay) -> None:
        """Read no faster than it would be heard; after a stall the time lost is not made up for."""
        heard_at = self._monotonic()
        waiting = 0.0
        for pcm in pcm_of(play.source):
            if play.is_released:
                return
            self._release(self._plays.started(play))
            waiting += len(pcm) / BYTES_PER_SECOND
            if waiting >= _STEP:
                heard_at = self._hear(play, waiting, heard_at)
                waiting = 0.0
        if waiting and not play.is_released:
            self._hear(play, waiting, heard_at)

    def _hear(self, play: _SilentPlay, seconds: float, since: float) -> float:
        now = self._monotonic()
        if now - since > _STALL:
            since = now
        until = since + seconds / play.rate
        if until > now:
            self._wait(play.stopped, until - now)
        if not play.is_released:
            play.heard += seconds
        return until


ENTRY = EngineEntry(
    name=SilentEngine.name,
    problem=lambda: None,
    make=SilentEngine,
    describe=lambda: "keeps the pace and makes no sound",
    is_automatic=False,
)
