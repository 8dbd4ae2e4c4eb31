"""The player: does what ``step()`` says, with tuners, tapes and an engine.

It owns the one :class:`Playback` there is, and tells of every change.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from radiotui.audio.engine import Engine, EngineEvent
from radiotui.audio.registry import make_engine
from radiotui.config import EngineName, Settings
from radiotui.net.client import Net
from radiotui.player import events, sleep
from radiotui.player import observation as looking
from radiotui.player.engine_host import EngineHost, MakeEngine, call_on
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
from radiotui.player.playback import Cost, Playback, PlayState, Sleep
from radiotui.player.sources import Source, SourceFactory
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
"""So close to its end the sleep timer is over."""
_LEVEL_DB = 60.0
"""From the lowest level to full scale."""


class Player:
    """Playback of one thing at a time, on the loop.

    ``do`` is the way in for every wish of the listener, ``on_playback`` the way out.
    """

    def __init__(
        self,
        net: Net,
        *,
        settings: Settings,
        engine: EngineName,
        tapes: Path,
        on_playback: Callable[[Playback], None],
        on_problem: Callable[[Problem], None],
        on_word: Callable[[str, str], None] = lambda _text, _hint: None,
        recordings: Path | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        make: MakeEngine = make_engine,
    ) -> None:
        self._on_playback = on_playback
        self._on_problem = on_problem
        self._on_word = on_word
        self._clock = clock
        self._loop = asyncio.get_running_loop()
        self._playback = Playback(
            volume=settings.volume,
            never_silent=settings.never_silent,
            most_warm=settings.warm,
            even=settings.even_loudness,
            mute_ads=settings.mute_ads,
        )
        self._engine_host = EngineHost(
            engine, on_event=self._ear, on_loaded=self._on_engine, make=make
        )
        self.stream_memory = StreamMemory()
        """What listening teaches of the streams."""
        self._sources = SourceFactory(
            net,
            settings,
            tapes,
            clock,
            self._handle,
            self._tell_from_any_thread,
            self.stream_memory,
        )
        self._tapes = TapePool(self._sources, self._is_recorded)
        self._keep_requests = KeepRequests(
            recordings or tapes / "recordings",
            self._tapes,
            ear=self._at_the_ear,
            on_recordings=self._on_recordings,
            on_word=on_word,
            on_problem=on_problem,
        )
        self._targets: dict[tuple[str, str], TuneTarget] = {}
        """Streams and files that were chosen in this run, by station and stream."""
        self._story: Source | None = None
        self._told = self._playback
        self._fading = False
        """Whether the sleep timer makes it softer already."""
        self._tick: asyncio.TimerHandle | None = None
        self._looked_at = self._loop.time()
        self._cleaning = self._loop.create_task(asyncio.to_thread(remove_leftovers, tapes))

    @property
    def playback(self) -> Playback:
        """What is being listened to."""
        return self._playback

    @property
    def tape(self) -> Tape | None:
        """The tape of the stream that is tuned to, also while it waits."""
        source = self._station
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
        self._engine_host.warm_up()

    def do(self, intent: PlayerIntent) -> None:
        """Obey a listener's intent; returns at once."""
        timer = self._playback.sleep
        if isinstance(intent, KeepIntent):
            self._keep_requests.do(intent)
            return
        # To the word: the last observation may be a second old.
        self._observe()
        match intent:
            case PlayStream(station, stream):
                self._tune(station, stream)
            case PlayPath(path):
                self._targets["file", str(path)] = path
                self._advance(events.Play("file", str(path), path.name))
            case SleepIn(minutes):
                until = self._clock() + timedelta(minutes=minutes)
                self._advance(events.SetSleep(Sleep("minutes", until)))
            case GoToPlayed(station_id, stream_id, began):
                self._go_to_played(station_id, stream_id, began)
            case _:
                self._advance(intent)
        if self._fading and self._playback.sleep != timer:
            self._fading = False
            self._perform(events.ApplyVolume(self._playback.volume, self._playback.silenced))
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
        """What is on: it is marked on the stream's tape, if there is one."""
        self._tapes.programme(station, stream, text, began, until)

    def place_on_tape(self, station: str, stream: str, wall: datetime) -> float | None:
        """Where on a stream's tape is what was sent at a time, in seconds; None: nowhere."""
        return self._tapes.place_of(station, stream, wall)

    def level(self) -> float | None:
        """How loud it is at the ear, from 0.0 (-60 dBFS) to 1.0, whatever the volume.

        None where nothing is heard or nobody knows.
        """
        playback, source, place = self._playback, self._heard, self._engine_host.place
        if playback.state is not PlayState.PLAYING or source is None or place is None:
            return None
        level = source.level_meter.level_at(place) if source.level_meter else None
        return min(1.0, max(0.0, level + playback.gain_db / _LEVEL_DB)) if level else level

    def learn(self) -> StreamMemory:
        """Take down what was found of every stream so far."""
        for source in self._tapes:
            source.take_down()
        return self.stream_memory

    def costs(self) -> tuple[Cost, ...]:
        """What each tape takes of this computer and its line."""
        return self._tapes.costs()

    async def close(self) -> None:
        """End connections, tapes and engine."""
        self._handle(events.Close())
        await self._keep_requests.close()
        self._tapes.close()
        self._cleaning.cancel()
        await self._engine_host.close()

    def _tune(self, station: Station, stream: Stream) -> None:
        self._targets[station.id, stream.id] = (station, stream)
        self._advance(events.Play(station.id, stream.id, station.name, stream.name))

    def _go_to_played(self, station: str, stream: str, began: datetime) -> None:
        at = self._tapes.place_of(station, stream, began)
        source = self._tapes.of(station, stream)
        if at is None or source is None or source.station is None or source.stream is None:
            self._on_problem(Problem("That is not on a tape any more"))
            return
        self._tune(source.station, source.stream)
        self._observe()
        self._advance(GoToPlace(at))

    def _handle(self, event: events.Event) -> None:
        self._advance(event)
        self._tell()

    def _advance(self, event: events.Event) -> None:
        if isinstance(event, events.SoundArrived):
            self._tapes.note(event)
        self._playback, commands = step(self._playback, event)
        for command in commands:
            self._perform(command)
        tuned = self._playback.waiting if self._playback.spoken else self._playback
        place = tuned.position if tuned else None
        self._keep_requests.hear(self.tape if place is not None else None, place or 0.0)
        self._plan_tick()

    def _tell(self) -> None:
        if self._playback != self._told:
            self._told = self._playback
            self._on_playback(self._playback)

    def _perform(self, command: events.Command) -> None:
        match command:
            case events.StartPlay(play_id, at):
                source = self._heard
                assert source is not None
                gain_db = source.gain_db() if self._playback.even else 0.0
                begin = self._engine_host.play(source, at, play_id, gain_db)
                if begin is not None and at is not None and begin > at + 1.0:
                    self._on_problem(
                        Problem(
                            "The tape does not reach back that far",
                            "it goes on at the oldest sound there is",
                        )
                    )
            case events.Silence():
                self._engine_host.silence()
            case events.ApplyVolume(volume, muted):
                self._engine_host.set_volume(volume, muted=muted)
            case events.ReportProblem(problem):
                self._on_problem(problem)
            case events.Notify(text, hint):
                self._on_word(text, hint)
            case _:
                self._open_or_close(command)

    def _open_or_close(self, command: events.SourceCommand) -> None:
        match command:
            case events.OpenStream(tuning_id, station, stream):
                self._engine_host.prepare()
                self._tapes.tune(tuning_id, self._targets[station, stream])
            case events.CloseUnused():
                playback = self._playback
                named = (playback, playback.waiting, playback.coming, *playback.warm)
                self._tapes.keep_only({one.load for one in named if one is not None})
            case events.OpenStory(tuning_id, item):
                self._engine_host.prepare()
                self._story = self._sources.of_story(tuning_id, item)
            case events.CloseStory():
                story, self._story = self._story, None
                if story is not None:
                    story.close()

    def _on_engine(self, engine: Engine, problem: Problem | None) -> None:
        self._playback = replace(self._playback, engine=engine.name)
        self._engine_host.set_volume(self._playback.volume, muted=self._playback.silenced)
        self._tell()
        if problem is not None:
            self._on_problem(problem)
        if self._playback.state is not PlayState.STOPPED:
            engine.prepare()

    @property
    def _station(self) -> Source | None:
        """The reel of what is tuned to, also while it waits."""
        tuned = self._playback.waiting if self._playback.spoken else self._playback
        return self._tapes.get(tuned.load if tuned else None)

    @property
    def _heard(self) -> Source | None:
        """The reel that the ear belongs to."""
        return self._story if self._playback.spoken else self._station

    def _tell_from_any_thread(self, problem: Problem) -> None:
        call_on(self._loop, self._on_problem, problem)

    def _ear(self, event: EngineEvent) -> None:
        match event.kind:
            case "started":
                self._handle(events.PlayStarted(event.play_id))
                self._look()
            case "ended":
                self._handle(events.PlayEnded(event.play_id, self._engine_host.more_at))
            case "failed":
                problem = event.problem or Problem("The sound could not be played")
                self._handle(events.PlayFailed(event.play_id, problem))

    def _look(self) -> None:
        """See where the ear is, and tell."""
        self._observe()
        self._tell()
        self._mind_sleep()

    def _observe(self) -> None:
        """Where the ear is, and how far what waits has come."""
        self._looked_at = self._loop.time()
        playback = self._playback
        aside = (playback.waiting, *playback.warm)
        for one in aside:
            if one is not None:
                self._tell_place(self._tapes.get(one.load), one.load, one.position, None)
        no_device = self._engine_host.silent_because
        position = self._position()
        if position is not None and no_device is not None and self._playback.no_device is None:
            self._on_problem(no_device)
        self._tell_place(self._heard, self._playback.load, position, no_device)
        self._engine_host.set_gain(self._playback.gain_db)

    def _tell_place(
        self, source: Source | None, load: int, position: float | None, no_device: Problem | None
    ) -> None:
        if source is not None and source.own is None and position is not None:
            gain_db = source.gain_db() if self._playback.even else 0.0
            self._advance(looking.seen(source, load, position, gain_db, no_device))

    def _position(self) -> float | None:
        playback, source = self._playback, self._heard
        if playback.state is PlayState.PAUSED:
            return playback.position
        if playback.state is not PlayState.PLAYING:
            return None
        place = self._engine_host.place
        if place is None or source is None:
            return playback.position
        return min(place, source.end) if source.end else place

    def _at_the_ear(self) -> tuple[Source, float] | None:
        """The station's tape that is heard, and where; None while it is none."""
        self._look()
        playback, source = self._playback, self._heard
        if playback.spoken is not None or playback.position is None:
            return None
        return (source, playback.position) if source is not None else None

    def _is_recorded(self, tape: Tape) -> bool:
        return self._keep_requests.in_use(tape)

    def _on_recordings(self, recordings: tuple[Recording, ...]) -> None:
        self._handle(events.RecordingsChanged(recordings))
        self._tapes.let_go()

    def _mind_sleep(self) -> None:
        """Become softer towards the end, and silent at it."""
        playback = self._playback
        if playback.sleep is None:
            self._fading = False
            return
        left = sleep.seconds_left(playback.sleep, playback, self._clock())
        if left is None:
            return
        if left < _OVER:
            self._handle(events.FallAsleep())
            self._on_word("Good night", "the sleep timer is over")
        elif left <= sleep.FADE_SECONDS and not self._fading:
            self._fading = self._engine_host.fade(left)

    def _plan_tick(self) -> None:
        """Look again in a second, or just after the next title is heard."""
        if self._tick is not None:
            self._tick.cancel()
            self._tick = None
        playback, left = self._playback, None
        if playback.sleep is not None:
            left = sleep.seconds_left(playback.sleep, playback, self._clock())
        wait = looking.wait(playback, self._heard, left)
        if wait is not None:
            # Since the last look: whatever else is told meanwhile must not put this one off.
            due = max(self._loop.time(), self._looked_at + wait)
            self._tick = self._loop.call_at(due, self._look)
