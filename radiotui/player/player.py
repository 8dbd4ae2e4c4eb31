"""The player: does what ``step()`` says, with a tuner, a tape and an engine.

It owns the one :class:`Playback` there is, and tells of every change.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from radiotui.audio.choose import make_engine
from radiotui.audio.engine import Engine, EngineEvent, OnEvent
from radiotui.config import EngineName, Settings
from radiotui.net import Net
from radiotui.player import state
from radiotui.player.state import Playback, PlayState, step
from radiotui.problems import Problem
from radiotui.radio import tuner
from radiotui.radio.segments import MIB
from radiotui.radio.tape import Reader, Tape, remove_leftovers
from radiotui.radio.tuner import Tuner
from radiotui.stations.model import Station, Stream

log = logging.getLogger(__name__)

_TICK = 1.0
_JUST_AFTER = 0.02
"""A mark is looked at this much after it is due, so that it is surely heard."""

MakeEngine = Callable[[EngineName, OnEvent], tuple[Engine, Problem | None]]


class Player:
    """Plays one stream at a time. Every intent returns at once; call it on the loop."""

    def __init__(
        self,
        net: Net,
        *,
        settings: Settings,
        engine: EngineName,
        tapes: Path,
        on_playback: Callable[[Playback], None],
        on_problem: Callable[[Problem], None],
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        make: MakeEngine = make_engine,
    ) -> None:
        self._net = net
        self._settings = settings
        self._engine_name = engine
        self._tapes = tapes
        self._on_playback = on_playback
        self._on_problem = on_problem
        self._clock = clock
        self._make = make
        self._loop = asyncio.get_running_loop()
        self._playback = Playback(volume=settings.volume)
        self._chosen: dict[tuple[str, str], tuple[Station, Stream] | Path] = {}
        self._file: Path | None = None
        self._engine: Engine | None = None
        self._engine_coming: asyncio.Task[None] | None = None
        self._wanted: state.Listen | None = None
        self._tape: Tape | None = None
        self._reader: Reader | None = None
        self._tuning: asyncio.Task[None] | None = None
        self._tick: asyncio.TimerHandle | None = None
        self._cleaning = self._loop.create_task(asyncio.to_thread(remove_leftovers, tapes))

    @property
    def playback(self) -> Playback:
        """What is being listened to."""
        return self._playback

    @property
    def tape(self) -> Tape | None:
        """The tape of the stream that is tuned to."""
        return self._tape

    def warm_up(self) -> None:
        """Load the engine before it is needed; the sound device stays closed."""
        if self._engine is None and self._engine_coming is None:
            self._engine_coming = self._loop.create_task(self._bring_engine())

    def play(self, station: Station, stream: Stream) -> None:
        """Tune to a stream."""
        self._chosen[station.id, stream.id] = (station, stream)
        self._handle(state.Play(station.id, stream.id, station.name, stream.name))

    def play_file(self, path: Path) -> None:
        """Play a file from its beginning to its end; the engine opens it by itself."""
        self._chosen["file", str(path)] = path
        self._handle(state.Play("file", str(path), path.name))

    def pause(self) -> None:
        """Silence now, the next word later."""
        # To the word: the last look may be a second old.
        self._look()
        self._handle(state.Pause())

    def resume(self) -> None:
        """Go on where it was paused."""
        self._handle(state.Resume())

    def stop(self) -> None:
        """Let go of the station."""
        self._handle(state.Stop())

    def set_loudness(self, volume: int, *, muted: bool) -> None:
        """Volume in per cent, bounded to 0 and 100."""
        self._handle(state.Loudness(volume, muted))

    async def close(self) -> None:
        """End connection, tape and engine."""
        self.stop()
        self._cleaning.cancel()
        if self._engine_coming is not None:
            self._engine_coming.cancel()
        engine, self._engine = self._engine, None
        if engine is not None:
            await asyncio.to_thread(engine.close)

    def _handle(self, event: state.Event) -> None:
        before = self._playback
        self._playback, commands = step(before, event)
        for command in commands:
            self._do(command)
        self._plan_tick()
        if self._playback != before:
            self._on_playback(self._playback)

    def _do(self, command: state.Command) -> None:
        match command:
            case state.Tune():
                self._tune(command)
            case state.Untune():
                self._untune()
            case state.Listen():
                self._listen(command)
            case state.Hush():
                self._wanted = self._reader = None
                if self._engine is not None:
                    self._engine.stop()
            case state.SetLoudness(volume, muted):
                if self._engine is not None:
                    self._engine.volume, self._engine.muted = volume, muted

    def _tune(self, command: state.Tune) -> None:
        key = (command.station, command.stream)
        chosen = self._chosen[key]
        self._chosen = {key: chosen}
        self._prepare_engine()
        if isinstance(chosen, Path):
            self._file = chosen
            self._loop.call_soon(self._handle, state.OnTape(command.load, "file", None))
        else:
            self._tune_in(command.load, *chosen)

    def _tune_in(self, load: int, station: Station, stream: Stream) -> None:
        tape = Tape(
            self._tapes,
            length=self._settings.tape_minutes * 60.0,
            size=self._settings.tape_mib * MIB,
            clock=self._clock,
            on_problem=self._tell_from_any_thread,
        )
        self._tape = tape
        tuned = Tuner(
            self._net,
            stream.urls,
            tape,
            name=station.name,
            encoding=stream.encoding,
            clock=self._clock,
            on_event=lambda event: self._air(load, event),
        )
        self._tuning = self._loop.create_task(tuned.run())
        self._tuning.add_done_callback(lambda task: self._tuned_out(load, task))

    def _untune(self) -> None:
        if self._tuning is not None:
            self._tuning.cancel()
        if self._tape is not None:
            self._tape.close()
        self._tuning = self._tape = self._file = None

    def _tuned_out(self, load: int, task: asyncio.Task[None]) -> None:
        if task.cancelled() or task.exception() is None:
            return
        log.error("the tuner failed", exc_info=task.exception())
        problem = Problem("Something unexpected went wrong", repr(task.exception())[:200])
        if load == self._playback.load:
            self._handle(state.EarsFailed(self._playback.take, problem))

    def _air(self, load: int, event: tuner.TunerEvent) -> None:
        match event:
            case tuner.Arrived(codec, bitrate):
                self._handle(state.OnTape(load, codec, bitrate))
            case tuner.Lost(problem, retry_at):
                self._handle(state.Lost(load, problem, retry_at))
            case tuner.Finished():
                self._handle(state.Finished(load))

    def _prepare_engine(self) -> None:
        """Open the sound device while the network connects."""
        if self._engine is not None:
            self._engine.prepare()
        else:
            self.warm_up()

    async def _bring_engine(self) -> None:
        # Loading libVLC or FFmpeg takes a tenth of a second and more.
        engine, problem = await asyncio.to_thread(
            self._make, self._engine_name, self._ear_from_any_thread
        )
        self._engine = engine
        self._engine_coming = None
        engine.volume, engine.muted = self._playback.volume, self._playback.muted
        self._playback = replace(self._playback, engine=engine.name)
        self._on_playback(self._playback)
        if problem is not None:
            self._on_problem(problem)
        if self._playback.state is not PlayState.STOPPED:
            engine.prepare()
        if self._wanted is not None:
            self._listen(self._wanted)

    def _listen(self, command: state.Listen) -> None:
        if self._engine is None:
            self._wanted = command
            return
        self._wanted = None
        if self._file is not None:
            self._engine.play(self._file, load=command.take)
            return
        assert self._tape is not None
        reader = self._tape.open_at(command.at)
        if command.at is not None and reader.start > command.at + 1.0:
            self._on_problem(
                Problem(
                    "The tape does not reach back that far",
                    "it goes on at the oldest sound there is",
                )
            )
        self._reader = reader
        self._engine.play(reader, load=command.take)

    def _ear_from_any_thread(self, event: EngineEvent) -> None:
        self._from_any_thread(self._ear, event)

    def _tell_from_any_thread(self, problem: Problem) -> None:
        self._from_any_thread(self._on_problem, problem)

    def _from_any_thread(self, told: Callable[[Any], None], what: object) -> None:
        try:
            self._loop.call_soon_threadsafe(told, what)
        except RuntimeError:
            log.debug("told after the loop was closed: %r", what)

    def _ear(self, event: EngineEvent) -> None:
        match event.kind:
            case "started":
                self._handle(state.EarsStarted(event.load))
                self._look()
            case "ended":
                more_at = self._reader.more_at if self._reader else None
                self._handle(state.EarsEnded(event.load, more_at))
            case "failed":
                problem = event.problem or Problem("The sound could not be played")
                self._handle(state.EarsFailed(event.load, problem))

    def _look(self) -> None:
        """See where the ear is, and tell."""
        tape = self._tape
        if tape is None:
            return
        position = self._position()
        if position is None:
            return
        mark = tape.title_at(position)
        no_device = self._engine.silent_because if self._engine else None
        if no_device is not None and self._playback.no_device is None:
            self._on_problem(no_device)
        self._handle(
            state.Heard(
                self._playback.load,
                position=position,
                tape_start=tape.start,
                tape_end=tape.end,
                title=(mark.text or None) if mark else None,
                ad=mark.ad if mark else False,
                heard_at=tape.wall_at(position),
                no_device=no_device,
            )
        )

    def _position(self) -> float | None:
        if self._playback.state is PlayState.PAUSED:
            return self._playback.position
        if self._playback.state is not PlayState.PLAYING:
            return None
        if self._reader is None or self._engine is None:
            return self._playback.position
        assert self._tape is not None
        return min(self._reader.start + self._engine.position, self._tape.end)

    def _plan_tick(self) -> None:
        """Look again in a second, or just after the next title is heard."""
        if self._tick is not None:
            self._tick.cancel()
            self._tick = None
        if self._tape is None or self._playback.state is PlayState.CONNECTING:
            return
        wait = _TICK
        position = self._playback.position
        if self._playback.state is PlayState.PLAYING and position is not None:
            mark = self._tape.next_mark(position)
            if mark is not None:
                wait = min(_TICK, max(0.0, mark.at - position) + _JUST_AFTER)
        self._tick = self._loop.call_later(wait, self._look)
