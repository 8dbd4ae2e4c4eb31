"""Host of the engine: loads it when it is needed, and holds the play that waits for it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from radiotui.audio.engine import DeviceReport, Engine, EngineEvent, EngineInput, OnEvent
from radiotui.audio.file_source import FileSource
from radiotui.audio.plays import broken_off
from radiotui.audio.registry import make_engine
from radiotui.config import EngineName
from radiotui.player.events import PlayEnded, PlayFailed
from radiotui.player.sources import Source, place_of
from radiotui.problems import Problem
from radiotui.radio.tape.reader import TapeReader

log = logging.getLogger(__name__)

MakeEngine = Callable[[EngineName, OnEvent], tuple[Engine, Problem | None]]


class EngineHost:
    """Plays sources. ``on_event`` and ``on_loaded`` are called on the loop, never from within."""

    def __init__(
        self,
        name: EngineName,
        *,
        on_event: Callable[[EngineEvent], None],
        on_loaded: Callable[[Engine, Problem | None], None],
        make: MakeEngine = make_engine,
    ) -> None:
        self._name = name
        self._on_event = on_event
        self._on_loaded = on_loaded
        self._make = make
        self._loop = asyncio.get_running_loop()
        self._engine: Engine | None = None
        self._loading: asyncio.Task[None] | None = None
        self._pending: tuple[Source, float | None, int, float, float] | None = None
        self._source: EngineInput | None = None
        self._period_ms: int | None = None
        self._from = 0.0
        """Place of the first sound of ``_source``, in seconds."""

    @property
    def place(self) -> float | None:
        """Place of the ear on its source, in seconds; None while nothing is played."""
        if self._source is None or self._engine is None:
            return None
        if isinstance(self._source, FileSource):
            return self._source.place_of(self._engine.position)
        return self._from + self._engine.position

    @property
    def begin(self) -> float:
        """Place of the first sound of the last play, in seconds."""
        return self._from

    def end_of(self, event: EngineEvent) -> PlayEnded | PlayFailed:
        """End of a play, with the place at which its tape goes on.

        A play that lost its device goes on at the ear. One that ended before its tape did has
        failed, whatever the engine calls it: the rest can be heard in another play.
        """
        if event.kind == "unheard":
            return PlayEnded(event.play_id, self.place)
        reader = self._source if isinstance(self._source, TapeReader) else None
        more_at = reader.more_at if reader else None
        unread_at = reader.unread_at if reader and more_at is None else more_at
        if event.kind == "ended" and unread_at == more_at:
            return PlayEnded(event.play_id, more_at)
        problem = event.problem or broken_off()
        # The first one in a row is not told: what comes next is heard at once.
        log.warning("play from %.3f s failed: %r", self._from, problem)
        return PlayFailed(event.play_id, problem, unread_at)

    @property
    def silent_because(self) -> Problem | None:
        """Reason why the sound does not reach anybody."""
        return self._engine.silent_because if self._engine else None

    @property
    def device_report(self) -> DeviceReport | None:
        """Pace of the sound device, where there is one and the engine can tell."""
        return self._engine.device_report if self._engine else None

    def begin_with_period(self, period_ms: int) -> None:
        """Period of the sound device that an earlier run ended with, in milliseconds."""
        self._period_ms = period_ms
        if self._engine is not None:
            self._engine.begin_with_period(period_ms)

    def warm_up(self) -> None:
        """Load the engine; the sound device stays closed."""
        if self._engine is None and self._loading is None:
            self._loading = self._loop.create_task(self._load())

    def prepare(self) -> None:
        """Open the sound device while the network connects."""
        if self._engine is not None:
            self._engine.prepare()
        else:
            self.warm_up()

    def play(
        self, source: Source, at: float | None, play_id: int, gain_db: float, rate: float
    ) -> float | None:
        """Play a source from a place on (None: its beginning), now or when there is an engine.

        Gives the place where it really begins, in seconds, if there is an engine.
        """
        if self._engine is None:
            self._pending = (source, at, play_id, gain_db, rate)
            return None
        self._pending = None
        self._source = source.open_at(at)
        self._from = place_of(self._source, at)
        self._engine.play(self._source, play_id=play_id, gain_db=gain_db, rate=rate)
        return self._from

    def silence(self) -> None:
        """Be silent at once."""
        self._pending = self._source = None
        if self._engine is not None:
            self._engine.stop()

    def set_volume(self, volume: int, *, muted: bool) -> None:
        """Volume in per cent; a fade ends."""
        if self._engine is not None:
            self._engine.volume, self._engine.muted = volume, muted

    def set_rate(self, rate: float) -> None:
        """Rate of what is played, or waits for the engine."""
        if self._pending is not None:
            self._pending = (*self._pending[:-1], rate)
        if self._engine is not None and self._source is not None and self._engine.rate != rate:
            self._engine.rate = rate

    def set_gain(self, gain_db: float) -> None:
        """Gain beside the volume, in dB."""
        if self._engine is not None and self._engine.gain_db != gain_db:
            self._engine.gain_db = gain_db

    def fade(self, seconds: float) -> bool:
        """Become silent in so many seconds; False where there is nothing that could."""
        if self._engine is None:
            return False
        self._engine.fade(seconds)
        return True

    async def close(self) -> None:
        """Let go of the engine."""
        if self._loading is not None:
            self._loading.cancel()
        engine, self._engine = self._engine, None
        if engine is not None:
            await asyncio.to_thread(engine.close)

    async def _load(self) -> None:
        # Loading libVLC or FFmpeg takes a tenth of a second and more.
        engine, problem = await asyncio.to_thread(self._make, self._name, self._from_any_thread)
        if self._period_ms is not None:
            engine.begin_with_period(self._period_ms)
        self._engine = engine
        self._loading = None
        self._on_loaded(engine, problem)
        if self._pending is not None:
            self.play(*self._pending)

    def _from_any_thread(self, event: EngineEvent) -> None:
        call_on(self._loop, self._on_event, event)


def call_on(
    loop: asyncio.AbstractEventLoop, callback: Callable[[Any], None], argument: object
) -> None:
    """Call back on the loop, from any thread; after the loop's end the call is dropped."""
    try:
        loop.call_soon_threadsafe(callback, argument)
    except RuntimeError:
        log.debug("a call after the loop was closed: %r", argument)
