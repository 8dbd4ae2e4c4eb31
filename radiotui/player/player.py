"""Performs the commands of ``step()`` with tuners, tapes and an engine.

The player owns the one :class:`PlayerState` there is, and publishes every change.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from msgspec.structs import replace

from radiotui.audio.engine import Engine, EngineEvent
from radiotui.player import events, observation, sleep
from radiotui.player.deps import PlayerDeps
from radiotui.player.engine_host import EngineHost, call_on
from radiotui.player.intents import (
    GoToPlace,
    GoToPlayed,
    KeepIntent,
    PlayerIntent,
    PlayPath,
    PlayStream,
    SleepIn,
)
from radiotui.player.keep_requests import KeepRequests
from radiotui.player.sources import Source, SourceFactory
from radiotui.player.state import (
    Cost,
    Listening,
    LocalFile,
    PlayerState,
    PlayState,
    Sleep,
    StreamSource,
)
from radiotui.player.step import step
from radiotui.player.stream_memory import StreamMemory
from radiotui.player.tape_pool import TapePool, TuneTarget
from radiotui.problems import Problem
from radiotui.radio.tape.leftovers import remove_leftovers
from radiotui.radio.tape.tape import Tape
from radiotui.recording.model import Recording
from radiotui.stations.model import Station, Stream

log = logging.getLogger(__name__)

_OVER = 0.02
"""Seconds before the end of the sleep timer at which it is over."""
_LEVEL_DB = 60.0
"""Range from the lowest level to full scale."""


class Player:
    """One thing heard at a time, on the loop.

    ``do`` is the way in for every wish of the listener, ``on_state`` the way out.
    """

    def __init__(self, deps: PlayerDeps) -> None:
        self._deps = deps
        self._loop = asyncio.get_running_loop()
        self._state = deps.first_state
        self.engine_host = EngineHost(
            deps.engine,
            on_event=self._on_engine_event,
            on_loaded=self._on_engine,
            make=deps.make_engine,
        )
        """The engine that is heard, and its sound device."""
        self.stream_memory = StreamMemory()
        """Facts about streams, learnt by listening."""
        asked = (deps.net, deps.settings, deps.tapes, deps.clock)
        told = (self._handle, self._tell_from_any_thread, self.stream_memory)
        self._sources = SourceFactory(*asked, *told, deps.of_episodes)
        self._tapes = TapePool(self._sources, self._is_recorded)
        self._keep_requests = KeepRequests(
            deps.recordings,
            self._tapes,
            ear=self._on_tape,
            on_recordings=self._on_recordings,
            on_notice=deps.on_notice,
            on_problem=deps.on_problem,
        )
        self._targets: dict[tuple[str, str], TuneTarget] = {}
        """Streams and files that were chosen in this run, by station and stream."""
        self._story: Source | None = None
        self._published = self._state
        self._fading: Sleep | None = None
        """Sleep timer that makes it softer now."""
        self._tick: asyncio.TimerHandle | None = None
        self._looked_at = self._loop.time()
        self._cleaning = self._loop.create_task(asyncio.to_thread(remove_leftovers, deps.tapes))

    @property
    def state(self) -> PlayerState:
        """The snapshot of now."""
        return self._state

    @property
    def tape(self) -> Tape | None:
        """The tape of the stream that is tuned to, also while it waits."""
        source = self._radio_source
        return source.tape if source else None

    @property
    def pictures(self) -> dict[str, bytes]:
        """Pictures of stations by their address, for the files that are kept."""
        return self._keep_requests.pictures

    def recover(self) -> None:
        """Finish the recordings that an earlier run left behind."""
        self._keep_requests.recover()

    def warm_up(self) -> None:
        """Load the engine before it is needed; the sound device stays closed."""
        self.engine_host.warm_up()

    def do(self, intent: PlayerIntent) -> None:
        """Obey a listener's intent; returns at once."""
        if isinstance(intent, KeepIntent):
            self._keep_requests.do(intent)
            return
        # To the word: the last observation may be a second old.
        self._observe()
        match intent:
            case PlayStream(station, stream):
                self._tune(station, stream)
            case PlayPath(path):
                source = LocalFile(str(path), path.name)
                self._targets[source.key] = path
                self._advance(events.TuneIn(source))
            case SleepIn(minutes):
                until = self._deps.clock() + timedelta(minutes=minutes)
                self._advance(events.SetSleep(Sleep("minutes", until)))
            case GoToPlayed(station_id, stream_id, began):
                self._go_to_played(station_id, stream_id, began)
            case _:
                self._advance(intent)
        self._look()

    def refresh_targets(self, stations: Iterable[Station]) -> None:
        """Addresses of an edited station list, for the next tuning to a known stream."""
        for station in stations:
            for stream in station.streams:
                if (station.id, stream.id) in self._targets:
                    self._targets[station.id, stream.id] = (station, stream)

    def programme(
        self, station: str, stream: str, text: str, began: datetime, until: datetime | None
    ) -> None:
        """Mark the programme that is on, on the stream's tape, if there is one."""
        self._tapes.programme(station, stream, text, began, until)

    def place_on_tape(self, station: str, stream: str, wall: datetime) -> float | None:
        """Place on a stream's tape of a time, in seconds; None: it is not on a tape."""
        return self._tapes.place_of(station, stream, wall)

    def end_programme(self, key: str) -> float:
        """End the recording of a ``RecordProgramme``; the seconds of it."""
        return self._keep_requests.timed.end(key)

    def level(self) -> float | None:
        """Level at the ear, from 0.0 (-60 dBFS) to 1.0, whatever the volume.

        None where nothing is heard or the level is not known.
        """
        source, place = self.source_at_ear, self.engine_host.place
        if not self._state.current.is_playing or source is None or place is None:
            return None
        level = source.level_meter.level_at(place) if source.level_meter else None
        return (
            min(1.0, max(0.0, level + self._state.current.gain_db / _LEVEL_DB)) if level else level
        )

    def learn(self) -> StreamMemory:
        """Facts about streams, brought up to date from their sources."""
        for source in self._tapes:
            source.take_down()
        return self.stream_memory

    def costs(self) -> tuple[Cost, ...]:
        """Memory, disk and network use of each tape."""
        return self._tapes.costs()

    async def close(self) -> None:
        """End connections, tapes and engine."""
        self._handle(events.Close())
        await self._keep_requests.close()
        self._tapes.close()
        self._cleaning.cancel()
        await self.engine_host.close()

    def _tune(self, station: Station, stream: Stream) -> None:
        source = StreamSource(station.id, stream.id, station.name, stream.name, stream.delay)
        self._targets[source.key] = (station, stream)
        self._advance(events.TuneIn(source))

    def _go_to_played(self, station: str, stream: str, began: datetime) -> None:
        at = self._tapes.place_of(station, stream, began)
        source = self._tapes.of(station, stream)
        if at is None or source is None or source.station is None or source.stream is None:
            self._deps.on_problem(Problem("That is not on a tape any more"))
            return
        self._tune(source.station, source.stream)
        self._observe()
        self._advance(GoToPlace(at))

    def _handle(self, event: events.Event) -> None:
        self._advance(event)
        self._publish()

    def _advance(self, event: events.Event) -> None:
        if isinstance(event, events.SoundArrived):
            self._tapes.note(event)
            self._keep_requests.timed.plan()
        self._state, commands = step(self._state, event)
        for command in commands:
            self._perform(command)
        radio = self._state.radio
        place = radio.position if radio else None
        self._keep_requests.hear(self.tape if place is not None else None, place or 0.0)
        self._plan_tick()

    def _publish(self) -> None:
        if self._state != self._published:
            self._published = self._state
            self._deps.on_state(self._state)

    def _perform(self, command: events.Command) -> None:
        match command:
            case events.StartPlay(play_id, at):
                source = self.source_at_ear
                assert source is not None
                gain_db = self._shape(source)
                begin = self.engine_host.play(source, at, play_id, gain_db, self._state.play_rate)
                if begin is not None and at is not None and begin > at + 1.0:
                    words = "The tape does not reach back that far"
                    hint = "it goes on at the oldest sound there is"
                    self._deps.on_problem(Problem(words, hint))
            case events.Silence():
                self.engine_host.silence()
            case events.ApplyVolume(volume, muted):
                self.engine_host.set_volume(volume, muted=muted)
            case events.ApplySound():
                self.engine_host.set_rate(self._state.play_rate)
                if (source := self.source_at_ear) is not None:
                    self.engine_host.set_gain(self._shape(source))
            case events.ReportProblem(problem):
                self._deps.on_problem(problem)
            case events.Notify(text, hint):
                self._deps.on_notice(text, hint)
            case _:
                self._open_or_close(command)

    def _open_or_close(self, command: events.SourceCommand) -> None:
        match command:
            case events.OpenStream(tuning_id, station, stream):
                self.engine_host.prepare()
                self._tapes.tune(tuning_id, self._targets[station, stream])
            case events.CloseUnused():
                used = {listening.tuning_id for listening in self._state.listenings}
                self._tapes.keep_only(used)
            case events.OpenStory(tuning_id, item):
                self.engine_host.prepare()
                self._story = self._sources.of_story(tuning_id, item)
            case events.CloseStory():
                story, self._story = self._story, None
                if story is not None:
                    story.close()
            case events.MoveStory(path) if self._story is not None:
                self._story.move_file(path)

    def _on_engine(self, engine: Engine, problem: Problem | None) -> None:
        self._state = replace(self._state, engine=engine.name)
        self.engine_host.set_volume(self._state.volume, muted=self._state.silenced)
        self._publish()
        if problem is not None:
            self._deps.on_problem(problem)
        if self._state.state is not PlayState.STOPPED:
            engine.prepare()

    @property
    def _radio_source(self) -> Source | None:
        """Source of the station that is tuned to, also while it waits."""
        radio = self._state.radio
        return self._tapes.get(radio.tuning_id if radio else None)

    @property
    def source_at_ear(self) -> Source | None:
        """Source of the sound that is heard."""
        return self._story if self._state.story else self._radio_source

    def _tell_from_any_thread(self, problem: Problem) -> None:
        call_on(self._loop, self._deps.on_problem, problem)

    def _on_engine_event(self, event: EngineEvent) -> None:
        match event.kind:
            case "started":
                self._handle(events.PlayStarted(event.play_id))
                self._look()
            case "ended" | "unheard" | "failed":
                self._handle(self.engine_host.end_of(event))

    def _look(self) -> None:
        """Observe and publish, and mind the sleep timer."""
        self._observe()
        self._publish()
        if observation.is_in_outro(self._state, self.source_at_ear, self.engine_host.begin):
            self._handle(events.PlayEnded(self._state.play_id, None))
        self._mind_sleep()

    def _observe(self) -> None:
        """Update of the place of the ear, and of the tapes beside it."""
        self._looked_at = self._loop.time()
        state = self._state
        for aside in (state.waiting, *state.ready):
            if aside is not None:
                self._observe_source(self._tapes.get(aside.tuning_id), aside, aside.position)
        no_device = self.engine_host.silent_because
        source = self.source_at_ear
        position = observation.place_of(state.current, source, self.engine_host.place)
        if position is not None and no_device is not None and state.no_device is None:
            self._deps.on_problem(no_device)
        self._observe_source(source, self._state.current, position, no_device)
        if source is not None:
            self.engine_host.set_gain(self._shape(source))

    def _observe_source(
        self,
        source: Source | None,
        listening: Listening,
        position: float | None,
        no_device: Problem | None = None,
    ) -> None:
        if source is not None and source.own is None and position is not None:
            gain_db = observation.gain_of(self._state, source, listening)
            tuning_id = listening.tuning_id
            self._advance(observation.observe(source, tuning_id, position, gain_db, no_device))
            if source.episode is not None:
                source.take_down()

    def _shape(self, source: Source) -> float:
        """Tell the source at the ear how it is heard; the gain that is left to the engine."""
        gain_db = observation.gain_of(self._state, source, self._state.current)
        return source.apply(gain_db, skips_silence=self._state.skips_silence)

    def _on_tape(self) -> tuple[Source, float] | None:
        """Source and place of the stream that is tuned to, also while it waits for a story."""
        self._look()
        radio, source = self._state.radio, self._radio_source
        if radio is None or radio.position is None or source is None:
            return None
        return source, radio.position

    def _is_recorded(self, tape: Tape) -> bool:
        return self._keep_requests.in_use(tape)

    def _on_recordings(self, recordings: tuple[Recording, ...]) -> None:
        self._handle(events.RecordingsChanged(recordings))
        self._tapes.let_go()

    def _mind_sleep(self) -> None:
        """Fade towards the end of the sleep timer, and silence at it."""
        timer = self._state.sleep
        if self._fading is not None and self._fading != timer:
            self._fading = None
            self._perform(events.ApplyVolume(self._state.volume, self._state.silenced))
        if timer is None:
            return
        rest = sleep.seconds_left(timer, self._state, self._deps.clock())
        if rest is None:
            return
        if rest < _OVER:
            self._fading = None
            self._handle(events.FallAsleep())
            self._deps.on_notice("Good night", "the sleep timer is over")
        elif rest <= sleep.FADE_SECONDS and self._fading is None and self.engine_host.fade(rest):
            self._fading = timer

    def _plan_tick(self) -> None:
        """Timer for the next observation: in a second, or just after the next title is heard."""
        if self._tick is not None:
            self._tick.cancel()
            self._tick = None
        state, rest = self._state, None
        if state.sleep is not None:
            rest = sleep.seconds_left(state.sleep, state, self._deps.clock())
        wait = observation.wait(state, self.source_at_ear, rest)
        if wait is not None:
            # Since the last look: whatever else is told meanwhile must not put this one off.
            due = max(self._loop.time(), self._looked_at + wait)
            self._tick = self._loop.call_at(due, self._look)
