"""The Companion: builds, starts and closes every service.

It is all that the screen and the command line talk to. Intents go in by
methods that return at once; frozen snapshots come out through ``subscribe``.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from radiotui.app.deck import Deck, Machine
from radiotui.app.history import History, HistoryDeps, PlayedItem
from radiotui.app.session import SavedSession
from radiotui.app.stories import Desk, StoriesDeps
from radiotui.config import EngineName, Folders, Settings, asset, read_settings
from radiotui.guide.model import OnAir
from radiotui.player.intents import (
    ChangeVolume,
    PlayPath,
    PlayStream,
    Stop,
    ToggleMute,
    TogglePause,
)
from radiotui.player.playback import Playback
from radiotui.problems import Problem
from radiotui.stations.model import Station, StationList, Stream
from radiotui.stories.model import SearchResult, SectionKey, StationSection, StoryList

if TYPE_CHECKING:
    from radiotui.app.services import Services
    from radiotui.player.taping import TapedStream
    from radiotui.radio.events import TunerEvent

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asked for."""

    stations: Path | None = None
    config: Path | None = None
    engine: EngineName | None = None
    demo: bool = False
    folders: Folders = field(default_factory=Folders)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the listener should be told once. Not a snapshot: none may be dropped."""

    problem: Problem
    calm: bool = False
    """Whether nothing is wrong: it is only a word about what was done."""


Snapshot = Playback | OnAir | StoryList | StationList
"""Each replaces the one before it (of its stream or station) whole; old ones may be dropped."""
Told = Snapshot | Notice


class Companion:
    """Every service of one running radiotui.

    ``load`` reads the two files a first screen needs; ``open`` starts the rest
    on the running loop; ``close`` ends everything within a second.
    """

    def __init__(
        self,
        options: Options | None = None,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.options = options or Options()
        self.clock = clock
        self.settings = Settings()
        self.station_list = StationList()
        self.playback = Playback()
        self._file_station_list = StationList()
        self._listeners: list[Callable[[Told], None]] = []
        self._kept_notices: list[Notice] = []
        self._tasks: set[asyncio.Task[Any]] = set()
        self._on_air: dict[tuple[str, str], OnAir] = {}
        self._first_seen: dict[tuple[str, str], tuple[str, datetime]] = {}
        """The programme of each stream, and when it was first said to be on."""
        self._ready = asyncio.Event()
        self._services: Services | None = None
        self._remembering: SavedSession | None = None
        self._radio = True
        self.deck = Deck(
            Machine(
                player=lambda: self._services.player if self._services else None,
            )
        )
        self.desk = Desk(
            StoriesDeps(
                opened=self._opened,
                station_list=lambda: self.station_list,
                listed=lambda: self._file_station_list,
                settings=lambda: self.settings,
                stations_path=None if self.options.demo else self.stations_path,
                clock=clock,
                tell=self._tell,
                notify=self._notify,
                spawn=self._spawn,
            )
        )
        self.history = History(
            HistoryDeps(
                opened=self._opened,
                clock=clock,
                folder=lambda: self.recordings_path,
                notify=self._notify,
                spawn=self._spawn,
            )
        )

    @property
    def stations_path(self) -> Path:
        """The station list in use."""
        return self.options.stations or self.options.folders.config / "stations.toml"

    @property
    def settings_path(self) -> Path:
        """The settings in use."""
        return self.options.config or self.options.folders.config / "settings.toml"

    @property
    def store_path(self) -> Path:
        """Where stories and what was read are kept."""
        return self.options.folders.data / "radiotui.db"

    @property
    def recordings_path(self) -> Path:
        """The folder for what a listener keeps of the radio."""
        wanted = self.settings.recordings
        return Path(wanted).expanduser() if wanted else self.options.folders.recordings

    def load(self) -> None:
        """Read settings and station list: two small files, before there is a screen."""
        self.settings, problems = read_settings(self.settings_path)
        self._kept_notices += [Notice(problem) for problem in problems]
        if not self.options.demo:
            self._file_station_list = self._read_stations()
            self._kept_notices += [Notice(problem) for problem in self._file_station_list.problems]
        self.station_list = self._with_signal(self._file_station_list)

    def subscribe(self, listener: Callable[[Told], None]) -> None:
        """Be told of every snapshot and notice, on the loop; kept notices come at once."""
        self._listeners.append(listener)
        notices, self._kept_notices = self._kept_notices, []
        for notice in notices:
            listener(notice)

    async def open(self, *, screen: bool = True, radio: bool = True) -> None:
        """Start every service.

        For a ``screen`` the station file's edits are followed, and the engine is
        loaded before it is needed. Without ``radio`` there is only what is read:
        the Test Signal is not served, unless it is all there is.
        """
        from radiotui.app.services import Listeners, Wishes, open_services

        tell = Listeners(
            self._on_playback, self._on_on_air, self.desk.take, self._notify, self._say
        )
        wishes = Wishes(
            self.settings,
            engine=self.options.engine or self.settings.engine,
            store=self.store_path,
            cache=self.options.folders.cache,
            recordings=self.recordings_path,
            clock=self.clock,
            tell=tell,
            screen=screen,
        )
        self._radio = radio
        self._services = await open_services(wishes, radio=radio or self.options.demo)
        self._on_station_list(self._file_station_list)
        if radio:
            self._remembering = SavedSession(self._services.store, self._services.player)
            await self._recall_sound(self._remembering)
        if screen and self._remembering is not None:
            await self._remembering.recall_newscast()
        self._ready.set()
        if screen:
            self._services.player.warm_up()
            self._services.player.recover()
            self._spawn(self.desk.keep_fresh())
        if screen and not self.options.demo:
            self._spawn(self._watch_stations())

    async def close(self) -> None:
        """End everything within a second."""
        last_words = [self.history.close()]
        if self._remembering is not None:
            last_words.append(self._remembering.last_words())
        await asyncio.gather(*last_words)
        for task in self._tasks:
            task.cancel()
        if self._services is not None:
            await self._services.close()

    # What the listener does

    def play(self, station: str, stream: str) -> None:
        """Tune to a stream; the one that played before ends."""
        self._spawn(self._play(station, stream))

    def play_stream(self, station: Station, stream: Stream) -> None:
        """Tune to a stream that need not be in the list."""
        if self._services is not None:
            self._services.player.do(PlayStream(station, stream))

    def play_file(self, path: Path) -> None:
        """Play a file of the listener's from its beginning to its end."""
        if self._services is not None:
            self._services.player.do(PlayPath(path))

    def toggle(self) -> None:
        """Pause what plays, resume what is paused, tune again to what was stopped."""
        if self._services is not None:
            self._services.player.do(TogglePause())

    def stop(self) -> None:
        """Be silent and let go of the station."""
        if self._services is not None:
            self._services.player.do(Stop())

    def louder(self, by: int) -> None:
        """Change the volume by that many per cent; unmutes."""
        if self._services is not None:
            self._services.player.do(ChangeVolume(by))

    def mute(self) -> None:
        """Mute or unmute."""
        if self._services is not None:
            self._services.player.do(ToggleMute())

    def look_at(self, section: SectionKey) -> None:
        """Show this station's stories and schedules, or this section's stories, from now on."""
        self.desk.look_at(section)
        self._follow()

    async def search(self, typed: str) -> list[SearchResult | PlayedItem]:
        """The stories that match, the best first, and behind them what was heard.

        Raises Problem for a filter that cannot be understood.
        """
        stories = await self.desk.search(typed)
        return [*stories, *await self.history.search(typed)]

    async def remember(self, key: str, value: str) -> None:
        """Keep a small word for the next start."""
        await (await self._opened()).store.remember(key, value)

    async def recall(self, key: str) -> str | None:
        """A word that was kept by an earlier run."""
        return await (await self._opened()).store.recall(key)

    # What the screen may ask for at once

    def on_air(self, station: str, stream: str) -> OnAir | None:
        """The last that was heard of a stream's schedule."""
        return self._on_air.get((station, stream))

    # For the command line

    async def ask_on_air(self, station: Station, stream: Stream) -> OnAir:
        """One question to a stream's schedule, now."""
        return await (await self._opened()).guide.ask(station, stream)

    async def try_stream(self, stream: Stream, seconds: float = 15.0) -> str:
        """Connect until the first sound; its codec and rate. Raises Problem when none comes."""
        from radiotui.radio.tuner.tuner import try_urls

        return await try_urls((await self._opened()).net, stream.urls, seconds=seconds)

    async def tape_stream(
        self,
        station: Station,
        stream: Stream,
        on_event: Callable[[TunerEvent], None],
        on_tape_problem: Callable[[Problem], None],
        *,
        length: float,
    ) -> TapedStream:
        """Tape and tuner of a stream, for a recording; ``length`` of the tape is in seconds.

        ``on_tape_problem`` is called from any thread.
        """
        taper = (await self._opened()).stream_taper(on_tape_problem)
        return taper.tape(station, stream, on_event, length=length)

    async def station_picture(self, station: Station) -> bytes | None:
        """The station's picture, to go into recordings; None where there is none."""
        if not station.picture:
            return None
        try:
            path = await (await self._opened()).pictures.picture(station.picture)
            return await asyncio.to_thread(path.read_bytes)
        except (Problem, OSError) as error:
            log.info("the picture of %s is not there: %s", station.id, error)
            return None

    async def _opened(self) -> Services:
        await self._ready.wait()
        assert self._services is not None
        return self._services

    # Inside

    def _tell(self, told: Told) -> None:
        for listener in self._listeners:
            listener(told)

    def _notify(self, problem: Problem) -> None:
        log.warning("%s (%s)", problem, problem.detail)
        notice = Notice(problem)
        if self._listeners:
            self._tell(notice)
        else:
            self._kept_notices.append(notice)

    def _say(self, text: str, hint: str) -> None:
        self._tell(Notice(Problem(text, hint), calm=True))

    def _on_playback(self, playback: Playback) -> None:
        tuned = _taped(playback) != _taped(self.playback)
        queued = playback.queue != self.playback.queue
        self.playback = playback
        self.history.take(playback)
        if queued and self._remembering is not None:
            self._spawn(self._remembering.keep_newscast(playback.queue))
        if tuned:
            self._follow()
            if self._remembering is not None:
                self._spawn(self._remembering.keep_learnt())
            self._spawn(self._bring_picture(playback.station))
        self._tell(playback)

    async def _bring_picture(self, station: str) -> None:
        """The station's picture goes into what is kept of it."""
        found = self.station_list.station(station)
        if found is None or not found.picture or self._services is None:
            return
        pictures = self._services.player.pictures
        if found.picture in pictures:
            return
        picture = await self.station_picture(found)
        if picture is not None:
            pictures[found.picture] = picture

    def _on_on_air(self, on_air: OnAir) -> None:
        self._on_air[on_air.station, on_air.stream] = on_air
        self._mark_programme(on_air)
        self._tell(on_air)

    def _mark_programme(self, on_air: OnAir) -> None:
        """What is on becomes a mark on the stream's tape."""
        now, asked_at = on_air.now, on_air.asked_at or self.clock()
        if now is None or self._services is None:
            return
        key = (on_air.station, on_air.stream)
        # Some sources know only the name: it began when it was first said.
        name, seen = self._first_seen.get(key, ("", asked_at))
        if name != now.title:
            seen = asked_at
            self._first_seen[key] = (now.title, seen)
        self._services.player.programme(*key, now.title, now.start or seen, now.end)

    def _follow(self) -> None:
        """Keep the schedules of what plays and of what is looked at up to date."""
        if self._services is None or not self._radio:
            return
        followed: dict[tuple[str, str], tuple[Station, Stream]] = {}
        looked_at = self._station_looked_at()
        for stream in looked_at.streams if looked_at else ():
            assert looked_at is not None
            followed[looked_at.id, stream.id] = (looked_at, stream)
        for key in _taped(self.playback):
            taped = self.station_list.station(key[0])
            stream_taped = taped.stream(key[1]) if taped else None
            if taped and stream_taped:
                followed[key] = (taped, stream_taped)
        self._services.guide.follow(followed.values())

    def _station_looked_at(self) -> Station | None:
        key = self.desk.looked_at
        return self.station_list.station(key.station) if isinstance(key, StationSection) else None

    async def _play(self, station: str, stream: str) -> None:
        services = await self._opened()
        found, wanted = self.station_list.find(f"{station}/{stream}")
        if not wanted.urls:
            raise Problem(f"{found.name} has no address just now", "it is not served here")
        services.player.do(PlayStream(found, wanted))
        await self.remember("last", f"{station}/{stream}")

    async def _recall_sound(self, remembering: SavedSession) -> None:
        try:
            await remembering.recall_sound(self.settings.volume)
        except Problem as problem:
            self._notify(problem)

    def _read_stations(self) -> StationList:
        from radiotui.stations.file import make_station_file, read_station_list

        path = self.stations_path
        if self.options.stations is None:
            problem = make_station_file(path)
            if problem is not None:
                self._kept_notices.append(Notice(problem))
                path = asset("stations.toml")
        station_list = read_station_list(path)
        if station_list.stations:
            return station_list
        # A list that cannot be read at all: the built-in one is better than silence.
        return read_station_list(path, read_station_list(asset("stations.toml")))

    async def _watch_stations(self) -> None:
        from radiotui.stations.file import watch_station_list

        def changed(station_list: StationList) -> None:
            self._file_station_list = station_list
            self._on_station_list(station_list)
            for problem in station_list.problems:
                self._notify(problem)
            if self.desk.looked_at is not None:
                self.look_at(self.desk.looked_at)

        await watch_station_list(self.stations_path, self._file_station_list, changed)

    def _on_station_list(self, station_list: StationList) -> None:
        self.station_list = self._with_signal(station_list)
        if self._services is not None and self._radio:
            self._services.player.refresh_targets(self.station_list.stations)
        self._follow()
        self._tell(self.station_list)

    def _with_signal(self, station_list: StationList) -> StationList:
        """The list with the Test Signal last."""
        from radiotui.demo.signal import TestSignal

        signal = self._services.signal if self._services else TestSignal(clock=self.clock)
        return replace(station_list, stations=(*station_list.stations, signal.station))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if task.cancelled():
            return
        error = task.exception()
        if isinstance(error, Problem):
            self._notify(error)
        elif error is not None:
            log.error("unexpected", exc_info=error)
            self._notify(Problem("Something unexpected went wrong", repr(error)[:200]))


def _taped(playback: Playback) -> tuple[tuple[str, str], ...]:
    """The streams that are tuned to, come, or are kept warm."""
    coming = (playback.coming,) if playback.coming else ()
    return tuple(one.key for one in (playback, *coming, *playback.warm))
