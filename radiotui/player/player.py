"""The player: does what ``step()`` says, with tuners, tapes and an engine.

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
from radiotui.audio.engine import Engine, EngineEvent, OnEvent, Source
from radiotui.config import EngineName, Settings
from radiotui.net import Net
from radiotui.player import events
from radiotui.player.newscast import Queue, Spoken
from radiotui.player.playback import Playback, PlayState
from radiotui.player.reels import Reel, Reels, place_of
from radiotui.player.state import step
from radiotui.problems import Problem
from radiotui.radio.tape import Reader, Tape, remove_leftovers
from radiotui.stations.model import Station, Stream

log = logging.getLogger(__name__)

_TICK = 1.0
_JUST_AFTER = 0.02
"""A mark is looked at this much after it is due, so that it is surely heard."""

MakeEngine = Callable[[EngineName, OnEvent], tuple[Engine, Problem | None]]


class Player:
    """Plays one thing at a time. Every intent returns at once; call it on the loop."""

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
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        make: MakeEngine = make_engine,
    ) -> None:
        self._engine_name = engine
        self._on_playback = on_playback
        self._on_problem = on_problem
        self._on_word = on_word
        self._clock = clock
        self._make = make
        self._loop = asyncio.get_running_loop()
        self._playback = Playback(
            volume=settings.volume,
            never_silent=settings.never_silent,
            most_warm=settings.warm,
            even=settings.even_loudness,
            mute_ads=settings.mute_ads,
        )
        self._reels = Reels(net, settings, tapes, clock, self._handle, self._tell_from_any_thread)
        self._chosen: dict[tuple[str, str], tuple[Station, Stream] | Path] = {}
        self._engine: Engine | None = None
        self._engine_coming: asyncio.Task[None] | None = None
        self._wanted: events.Listen | None = None
        self._stations: dict[int, Reel] = {}
        """What is taped, by load: what is tuned to, what comes, what is kept warm."""
        self._story: Reel | None = None
        self._programmes: dict[tuple[str, str], tuple[str, datetime, datetime | None]] = {}
        self._source: Source | None = None
        self._from = 0.0
        """Where the first sound of ``_source`` stands, in seconds."""
        self._tick: asyncio.TimerHandle | None = None
        self._cleaning = self._loop.create_task(asyncio.to_thread(remove_leftovers, tapes))

    @property
    def playback(self) -> Playback:
        """What is being listened to."""
        return self._playback

    @property
    def tape(self) -> Tape | None:
        """The tape of the stream that is tuned to, also while it waits."""
        reel = self._station
        return reel.tape if reel else None

    @property
    def newscast(self) -> Queue:
        """What is queued; the first of it may be heard just now."""
        return self._playback.queue

    def warm_up(self) -> None:
        """Load the engine before it is needed; the sound device stays closed."""
        if self._engine is None and self._engine_coming is None:
            self._engine_coming = self._loop.create_task(self._bring_engine())

    def play(self, station: Station, stream: Stream) -> None:
        """Tune to a stream; a story ends. The stream that waits for a story goes on."""
        self._chosen[station.id, stream.id] = (station, stream)
        self._handle(events.Play(station.id, stream.id, station.name, stream.name))

    def play_file(self, path: Path) -> None:
        """Play a file from its beginning to its end; the engine opens it by itself."""
        self._chosen["file", str(path)] = path
        self._handle(events.Play("file", str(path), path.name))

    def play_story(self, what: Spoken) -> None:
        """Hear a story now; live radio waits on its tape and goes on afterwards."""
        self._look()
        self._handle(events.PlayStory(what))

    def play_newscast(self) -> None:
        """Hear what is queued, one after the other, then live radio again."""
        self._look()
        self._handle(events.PlayNewscast())

    def skip(self) -> None:
        """Enough of this story: the next of the queue, or back to live radio."""
        self._handle(events.Skip())

    def queue(self, what: Spoken) -> None:
        """Hear it later, after all that is queued; what is queued already stays where it is."""
        self._handle(events.Enqueue((what,)))

    def unqueue(self, key: str) -> None:
        """Take a story out of the queue; if the newscast has come to it, the next is heard."""
        self._handle(events.Unqueue(key))

    def move(self, key: str, by: int) -> None:
        """Hear a queued story so many places later (below 0: earlier)."""
        self._handle(events.Move(key, by))

    def restore(self, queue: Queue) -> None:
        """Queue what an earlier run kept of :attr:`Playback.queue`."""
        self._handle(events.Enqueue(queue))

    def pause(self) -> None:
        """Silence now, the next word later."""
        # To the word: the last look may be a second old.
        self._look()
        self._handle(events.Pause())

    def resume(self) -> None:
        """Go on where it was paused."""
        self._handle(events.Resume())

    def stop(self) -> None:
        """Let go of the story, and live radio goes on as it was left; else of the station."""
        self._handle(events.Stop())

    def shift(self, seconds: float) -> None:
        """Hear what is so many seconds further on the tape (below 0: back)."""
        self._move(events.Shift(seconds))

    def go_to(self, at: float) -> None:
        """Hear a place on the tape, in seconds."""
        self._move(events.GoTo(at))

    def go_live(self) -> None:
        """Hear the station as it comes; a story ends."""
        self._move(events.GoLive())

    def go_to_beginning(self) -> None:
        """Hear the programme from its beginning, or from the tape's."""
        self._move(events.GoToBeginning())

    def go_to_mark(self, by: int) -> None:
        """Hear the next mark (1), or the one before (-1)."""
        self._move(events.GoToMark(by))

    def wish(self, wish: events.Wish) -> None:
        """Sleep, loudness, advertisements: what the listener wants from now on."""
        self._handle(wish)

    def programme(
        self, station: str, stream: str, text: str, began: datetime, until: datetime | None
    ) -> None:
        """What is on: it is marked on the stream's tape, if there is one."""
        self._programmes[station, stream] = (text, began, until)
        for reel in self._stations.values():
            if reel.key == (station, stream) and reel.on_tape is not None:
                self._mark_programme(reel)

    def tape_of(self, station: str, stream: str) -> Tape | None:
        """The tape of a stream that is tuned to or kept warm."""
        for reel in self._stations.values():
            if reel.key == (station, stream):
                return reel.tape
        return None

    def set_loudness(self, volume: int, *, muted: bool) -> None:
        """Volume in per cent, bounded to 0 and 100."""
        self._handle(events.Loudness(volume, muted))

    async def close(self) -> None:
        """End connections, tapes and engine."""
        self._handle(events.Close())
        self._cleaning.cancel()
        if self._engine_coming is not None:
            self._engine_coming.cancel()
        engine, self._engine = self._engine, None
        if engine is not None:
            await asyncio.to_thread(engine.close)

    def _move(self, event: events.Moving) -> None:
        # From where the ear is now, and to where the tape ends now.
        self._look()
        self._handle(event)
        self._look()

    def _handle(self, event: events.Event) -> None:
        if isinstance(event, events.OnTape):
            self._note_on_tape(event)
        before = self._playback
        self._playback, commands = step(before, event)
        for command in commands:
            self._do(command)
        self._plan_tick()
        if self._playback != before:
            self._on_playback(self._playback)

    def _do(self, command: events.Command) -> None:
        match command:
            case events.Tune():
                self._tune(command)
            case events.Untune():
                self._untune()
            case events.Fetch(load, what):
                self._prepare_engine()
                self._story = self._reels.of_story(load, what)
            case events.LetGo():
                reel, self._story = self._story, None
                _close(reel)
            case events.Listen():
                self._listen(command)
            case events.Hush():
                self._hush()
            case events.SetLoudness():
                self._set_loudness(command)
            case events.Tell(problem):
                self._on_problem(problem)
            case events.Say(text, hint):
                self._on_word(text, hint)

    def _hush(self) -> None:
        self._wanted = self._source = None
        if self._engine is not None:
            self._engine.stop()

    def _set_loudness(self, command: events.SetLoudness) -> None:
        if self._engine is not None:
            self._engine.volume, self._engine.muted = command.volume, command.muted

    def _tune(self, command: events.Tune) -> None:
        key = (command.station, command.stream)
        chosen = self._chosen[key]
        self._chosen = {key: chosen}
        self._prepare_engine()
        if isinstance(chosen, Path):
            self._stations[command.load] = self._reels.of_file(command.load, chosen)
        else:
            self._stations[command.load] = self._reels.of_station(command.load, *chosen)

    def _untune(self) -> None:
        """Let go of every tape that nobody listens to, waits for or comes back to."""
        playback = self._playback
        named = (playback, playback.waiting, playback.coming, *playback.warm)
        wanted = {one.load for one in named if one is not None}
        for load in [load for load in self._stations if load not in wanted]:
            _close(self._stations.pop(load))

    def _note_on_tape(self, event: events.OnTape) -> None:
        reel = self._stations.get(event.load)
        if reel is not None:
            reel.on_tape = event
            self._mark_programme(reel)

    def _mark_programme(self, reel: Reel) -> None:
        known = self._programmes.get(reel.key)
        if reel.tape is not None and known is not None:
            reel.tape.mark_programme(*known)

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

    def _listen(self, command: events.Listen) -> None:
        if self._engine is None:
            self._wanted = command
            return
        self._wanted = None
        reel = self._heard
        assert reel is not None
        self._source = reel.open_at(command.at)
        self._from = place_of(self._source, command.at)
        if command.at is not None and self._from > command.at + 1.0:
            self._on_problem(
                Problem(
                    "The tape does not reach back that far",
                    "it goes on at the oldest sound there is",
                )
            )
        self._engine.play(self._source, load=command.take)

    @property
    def _station(self) -> Reel | None:
        """The reel of what is tuned to, also while it waits."""
        tuned = self._playback.waiting if self._playback.spoken else self._playback
        return self._stations.get(tuned.load) if tuned else None

    @property
    def _heard(self) -> Reel | None:
        """The reel that the ear belongs to."""
        return self._story if self._playback.spoken else self._station

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
                self._handle(events.EarsStarted(event.load))
                self._look()
            case "ended":
                more_at = self._source.more_at if isinstance(self._source, Reader) else None
                self._handle(events.EarsEnded(event.load, more_at))
            case "failed":
                problem = event.problem or Problem("The sound could not be played")
                self._handle(events.EarsFailed(event.load, problem))

    def _look(self) -> None:
        """See where the ear is, and how far what waits has come, and tell."""
        waiting = self._playback.waiting
        if waiting is not None:
            self._tell_place(self._station, waiting.load, waiting.position, None)
        for warm in self._playback.warm:
            self._tell_place(self._stations.get(warm.load), warm.load, warm.position, None)
        no_device = self._engine.silent_because if self._engine else None
        position = self._position()
        if position is not None and no_device is not None and self._playback.no_device is None:
            self._on_problem(no_device)
        self._tell_place(self._heard, self._playback.load, position, no_device)

    def _tell_place(
        self, reel: Reel | None, load: int, position: float | None, no_device: Problem | None
    ) -> None:
        if reel is None or reel.own is not None or position is None:
            return
        tape = reel.tape if reel is not self._story else None
        mark = tape.title_at(position) if tape else None
        programme = tape.programme_at(position) if tape else None
        self._handle(
            events.Heard(
                load,
                position=position,
                tape_start=reel.start,
                tape_end=reel.end,
                title=(mark.text or None) if mark else None,
                ad=mark.ad if mark else False,
                heard_at=tape.wall_at(position) if tape else None,
                no_device=no_device,
                title_at=mark.wall if mark and mark.text else None,
                programme=programme.text if programme else "",
                programme_at=programme.wall if programme else None,
                programme_until=programme.until if programme else None,
                marks=tape.marks if tape else (),
                gain_db=reel.gain_db,
            )
        )

    def _position(self) -> float | None:
        playback, reel = self._playback, self._heard
        if playback.state is PlayState.PAUSED:
            return playback.position
        if playback.state is not PlayState.PLAYING:
            return None
        if self._source is None or self._engine is None or reel is None:
            return playback.position
        place = self._from + self._engine.position
        return min(place, reel.end) if reel.end else place

    def _plan_tick(self) -> None:
        """Look again in a second, or just after the next title is heard."""
        if self._tick is not None:
            self._tick.cancel()
            self._tick = None
        playback, reel = self._playback, self._heard
        if playback.state is PlayState.CONNECTING and playback.waiting is None:
            return
        if reel is None or reel.own is not None:
            return
        wait = _TICK
        if reel.tape is not None and playback.state is PlayState.PLAYING:
            mark = reel.tape.next_mark(playback.position or 0.0)
            if mark is not None and playback.position is not None:
                wait = min(_TICK, max(0.0, mark.at - playback.position) + _JUST_AFTER)
        self._tick = self._loop.call_later(wait, self._look)


def _close(reel: Reel | None) -> None:
    if reel is not None:
        reel.close()
