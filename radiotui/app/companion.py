"""Companion: the one door to every service, for the screen, the command line and others.

Intents go in through :meth:`Companion.do`, which returns at once; frozen snapshots
and notices come out through :meth:`Companion.subscribe`. Questions that have an answer
are awaited on :attr:`Companion.stories` and its like, and here.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from radiotui.app import rooms
from radiotui.app.followed_feeds import FollowedFeeds
from radiotui.app.guide import Schedules, taped_streams, with_sources
from radiotui.app.intents import (
    ClipIntent,
    CompanionIntent,
    DownloadIntent,
    HistoryIntent,
    Intent,
    LookAt,
    PlayAddress,
    PlayFile,
    RecordingIntent,
    Tune,
)
from radiotui.app.options import Options, chosen_folder
from radiotui.app.station_list import complete_list, read_stations, stream_at
from radiotui.app.tasks import BackgroundTasks
from radiotui.app.updates import Notice, Outlet, Snapshot, Update
from radiotui.config import Settings, read_settings
from radiotui.guide.model import Day, OnAir
from radiotui.player.intents import PlayPath, PlayStream, QueueIntent
from radiotui.player.state import Cost, PlayerState
from radiotui.problems import Problem
from radiotui.stations.model import Station, StationList, Stream
from radiotui.stories.intents import StoryIntent
from radiotui.text import CLOCK_FORM

if TYPE_CHECKING:
    from radiotui.app.search_hits import SearchHit
    from radiotui.app.services import Services
    from radiotui.app.session import SavedSession
    from radiotui.audio.engine import DeviceReport
    from radiotui.player.player import Player

log = logging.getLogger(__name__)

__all__ = ["Companion", "Notice", "Options", "Snapshot", "Update"]


class Companion:
    """Every service of one running radiotui.

    ``load`` reads the two files a first screen needs; ``open`` starts the rest
    on the running loop; ``close`` ends everything within a second.

    ``settings``, ``station_list`` and ``player_state`` are the newest snapshots; read
    them only, they are replaced whole.
    """

    _has_player = True
    """False where nothing is to be heard."""

    stories = cached_property(rooms.stories)
    belongings = cached_property(rooms.belongings)
    station_pictures = cached_property(rooms.station_pictures)
    airings = cached_property(rooms.airings)
    own_stations = cached_property(rooms.own_stations)
    finder = cached_property(rooms.finder)
    podcasts = cached_property(rooms.podcasts)
    feed_logins = cached_property(rooms.feed_logins)
    queues = cached_property(rooms.queues)
    queue_rules = cached_property(rooms.queue_rules)
    podcast_settings = cached_property(rooms.podcast_settings)
    new_episodes = cached_property(rooms.new_episodes)
    marks = cached_property(rooms.marks)
    history = cached_property(rooms.history)
    progress = cached_property(rooms.progress)
    recordings = cached_property(rooms.recordings)
    synchronisation = cached_property(rooms.synchronisation)
    live_items = cached_property(rooms.live_items)
    downloads = cached_property(rooms.downloads)
    clips = cached_property(rooms.clips)

    def __init__(
        self,
        options: Options | None = None,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.options, self.clock = options or Options(), clock
        self.settings = Settings()
        self.station_list = StationList()
        self.player_state = PlayerState()
        self._file_station_list = StationList()
        self._broadcasts: tuple[Station, ...] = ()
        self._outlet = Outlet()
        self._tasks = BackgroundTasks(self.notify)
        self._schedules = Schedules(clock)
        self._ready = asyncio.Event()
        self._services: Services | None = None
        self._session: SavedSession | None = None
        self.room_deps = (self.services, clock, self.notify, self._tasks.spawn)
        """What every room is given."""

    @property
    def recordings_path(self) -> Path:
        """The folder for recordings and exports."""
        return chosen_folder(self.settings.recordings, self.options.folders.recordings)

    def load(self) -> None:
        """Read settings and station list: two small files, before there is a screen."""
        self.settings, problems = read_settings(self.options.settings_path)
        CLOCK_FORM.choose(str(self.settings.clock))
        if not self.options.demo:
            self._file_station_list, problem = read_stations(
                self.options.stations_path, make=self.options.stations is None
            )
            problems = [*problems, *([problem] if problem else [])]
            problems += self._file_station_list.problems
        for problem in problems:
            self._outlet.notify(problem)
        self.station_list = self._complete(self._file_station_list)

    def subscribe(self, listener: Callable[[Update], None]) -> None:
        """Send every snapshot and notice to ``listener``, on the loop; early notices at once."""
        self._outlet.subscribe(listener)

    async def open(self, *, screen: bool = True, radio: bool = True, player: bool = True) -> None:
        """Start every service.

        For a ``screen`` the station file's edits are followed, and the engine is
        loaded before it is needed. Without ``radio`` there is only what is read:
        the Test Signal is not served, unless it is all there is. Without a ``player``
        it is served, and nothing can be heard.
        """
        from radiotui.app.services import open_services

        self._has_player = radio and player
        self._services = services = await open_services(
            rooms.services_deps(self, screen=screen),
            signal=radio or self.options.demo,
            player=self._has_player,
        )
        self.receive_station_list(self._file_station_list)
        if self._has_player:
            from radiotui.app.session import SavedSession

            self._session = SavedSession(services.store, services.player)
            await self._session.restore_sound(self.settings.volume, self.notify)
        if screen and self._session is not None:
            await self.queues.open(services.player, services.store)
        self._ready.set()
        if screen:
            services.player.warm_up()
            services.player.recover()
            self.subscribe(self.new_episodes.receive)
            self._tasks.spawn(self.progress.offer_again(services.player))
            self._tasks.spawn(self.stories.keep_fresh())
            self._tasks.spawn(self.marks.keep())
            self._tasks.spawn(self.feed_logins.move_out())
            self._tasks.spawn(self.downloads.keep())
        if screen and not self.options.demo:
            self._tasks.spawn(self._watch_stations())
            self._tasks.spawn(self.live_items.keep())
            if self.settings.sync != "off":
                self._tasks.spawn(self.synchronisation.keep())

    async def close(self) -> None:
        """End everything within a second."""
        names = {"history", "progress", "queues", "recordings", "downloads"} & vars(self).keys()
        closing = [getattr(self, name).close() for name in names]
        if self._session is not None:
            closing.append(self._session.close())
        await asyncio.gather(*closing)
        self._tasks.cancel()
        if self._services is not None:
            await self._services.close()

    # Intents

    def do(self, intent: Intent) -> None:
        """Obey an intent of a front end, on the loop; returns at once.

        What comes of it is in the next snapshot, or in a notice.
        """
        if isinstance(intent, StoryIntent):
            self.stories.do(intent)
        elif isinstance(intent, HistoryIntent):
            self.history.do(intent)
        elif isinstance(intent, DownloadIntent):
            self.downloads.do(intent)
        elif isinstance(intent, RecordingIntent):
            self.recordings.do(intent)
        elif isinstance(intent, ClipIntent):
            self.clips.do(intent)
        elif isinstance(intent, CompanionIntent):
            self._obey(intent)
        elif self._player is not None and isinstance(intent, QueueIntent):
            self.queues.do(self._player, intent)
        elif self._player is not None:
            self.progress.obey(self._player, intent)

    def _obey(self, intent: CompanionIntent) -> None:
        match intent:
            case Tune():
                self._tasks.spawn(self._tune(intent))
            case PlayAddress(url):
                if self._services is not None:
                    self._services.local_hosts.add_typed(url)
                    self._services.player.do(PlayStream(*stream_at(url)))
            case PlayFile(path):
                if self._player is not None:
                    self._player.do(PlayPath(Path(path)))
            case LookAt(section):
                self.stories.look_at(section)
                self._follow_schedules()
            case _:
                self._schedules.obey(intent)
                self._follow_schedules()

    # Questions

    async def search(self, typed: str) -> list[SearchHit]:
        """The airings that match, then stories, the best first, the history, recordings and clips.

        Raises Problem for a filter that cannot be understood.
        """
        airings = await self.airings.search(typed)
        if "is:on" in typed.split():
            return [*airings]
        stories = await self.stories.search(typed)
        played = await self.history.search(typed)
        recorded, clips = await self.recordings.search(typed), await self.clips.search(typed)
        return [*airings, *stories, *played, *recorded, *clips]

    async def remember(self, key: str, value: str) -> None:
        """Save a small word for the next start."""
        await (await self.services()).store.remember(key, value)

    async def recall(self, key: str) -> str | None:
        """A word that an earlier run saved."""
        return await (await self.services()).store.recall(key)

    def on_air(self, station: str, stream: str) -> OnAir | None:
        """The newest snapshot of a stream's schedule."""
        return self._schedules.on_air(station, stream)

    def level(self) -> float | None:
        """The level at the ear just now, from 0 to 1; None where it is unknown."""
        player = self._player
        return player.level() if player else None

    @property
    def is_offline(self) -> bool:
        """True where nothing outside of this computer was reached, and it was tried."""
        return self._services is not None and self._services.net.is_offline

    def costs(self) -> tuple[Cost, ...]:
        """The costs of each tape in memory, disk and line; the one that is tuned to first."""
        player = self._player
        return player.costs() if player else ()

    def device_report(self) -> DeviceReport | None:
        """Pace of the sound device; None where nothing was played or the engine cannot tell."""
        return self._player.engine_host.device_report if self._player else None

    def is_on_tape(self, station: str, stream: str, began: datetime) -> bool:
        """True while the sound that a stream sent at a time is still on a tape."""
        player = self._player
        return player is not None and player.place_on_tape(station, stream, began) is not None

    async def ask_on_air(self, station: Station, stream: Stream) -> OnAir:
        """Ask a stream's schedule once: of now, or of then where it is to be heard later."""
        return await self._schedules.ask(await self.services(), station, stream)

    async def day(self, station: Station, stream: Stream, day: date, *, anew: bool = False) -> Day:
        """A stream's programmes of a day, as the station counts days; failures are in it.

        It is asked ``anew`` where the last answer is older than some minutes.
        """
        services = await self.services()
        complete_stream = await services.homepages.complete(station, with_sources(stream))
        return await services.days.day(station, complete_stream, day, anew=anew)

    async def try_stream(self, stream: Stream, seconds: float = 15.0) -> str:
        """Connect until the first sound; its codec and rate. Raises Problem when none comes."""
        return await (await self.services()).try_stream(stream, seconds)

    async def services(self) -> Services:
        """The services, once they run."""
        await self._ready.wait()
        assert self._services is not None
        return self._services

    # Updates

    def receive_player_state(self, player_state: PlayerState) -> None:
        """Replace the player's snapshot, and publish it."""
        tuned = taped_streams(player_state) != taped_streams(self.player_state)
        self.player_state = player_state
        for room in (self.history, self.progress, self.queues, self.finder, self.marks.alarms):
            room.receive(player_state)
        if tuned:
            self._follow_schedules()
            if self._session is not None:
                self._tasks.spawn(self._session.save_stream_facts())
            self._tasks.spawn(self.recordings.fetch_picture(player_state.station))
        self.publish(player_state)

    def receive_on_air(self, on_air: OnAir) -> None:
        """Pass the snapshot of a schedule on to the player, and publish it."""
        self._schedules.receive(on_air, self._player)
        self.publish(on_air)

    def receive_station_list(self, station_list: StationList) -> None:
        """Use another station list from now on."""
        self._file_station_list = station_list
        self.station_list = self._complete(station_list)
        if self._services is not None:
            self._services.receive_list(station_list, self.station_list, player=self._has_player)
        self._follow_schedules()
        self.publish(self.station_list)

    def receive_broadcasts(self, broadcasts: tuple[Station, ...]) -> None:
        """List what podcasts announce among the stations from now on."""
        self._broadcasts = broadcasts
        self.receive_station_list(self._file_station_list)

    def followed_feeds(self) -> FollowedFeeds:
        """The feeds of the station list of now, with the titles that are known."""
        titles = self.belongings.titles if "belongings" in vars(self) else {}
        titles = {**titles, **(self.stories.feed_titles if "stories" in vars(self) else {})}
        return FollowedFeeds(self._file_station_list, self.station_list, titles)

    def publish(self, update: Update) -> None:
        """Send an update to every front end."""
        self._outlet.publish(update)

    def notify(self, problem: Problem) -> None:
        """Report a problem; it is held until there is a front end."""
        log.warning("%s (%s)", problem, problem.detail)
        self._outlet.notify(problem)

    def confirm(self, text: str, hint: str) -> None:
        """Confirm an action: a notice of something that is no problem."""
        self.publish(Notice(Problem(text, hint), calm=True))

    # Inside

    @property
    def _player(self) -> Player | None:
        # A command that plays nothing has nobody to be told of programmes and moves.
        return self._services.player if self._services and self._has_player else None

    async def _tune(self, intent: Tune) -> None:
        services = await self.services()
        station, stream = self.station_list.find(f"{intent.station}/{intent.stream}")
        if not stream.urls:
            raise Problem(f"{station.name} has no address just now", "it is not served here")
        services.player.do(PlayStream(station, stream))
        # What a podcast announces is gone by the next start.
        if intent.remember and not station.announced:
            await self.remember("last", f"{intent.station}/{intent.stream}")

    def _follow_schedules(self) -> None:
        """Keep the schedules of the tuned streams and of the current station up to date."""
        if self._services is not None and self._has_player:
            taped = taped_streams(self.player_state)
            section, schedules = self.stories.current, self._schedules
            streams = schedules.followed(self.station_list, section, taped)
            visited = schedules.visited(section, taped)
            complete = self._services.homepages.completed(streams, visited, self._follow_schedules)
            self._services.guide.follow(complete)

    async def _watch_stations(self) -> None:
        from radiotui.stations.file import watch_station_list

        def changed(station_list: StationList) -> None:
            self.receive_station_list(station_list)
            for problem in station_list.problems:
                self.notify(problem)
            if self.stories.current is not None:
                self.do(LookAt(self.stories.current))

        await watch_station_list(self.options.stations_path, self._file_station_list, changed)

    def _complete(self, station_list: StationList) -> StationList:
        from radiotui.demo.signal import station_at

        # The zone of this computer is read with the services, off the loop.
        station = self._services.signal.station if self._services else station_at("", "UTC")
        return complete_list(station_list, self._broadcasts, station)
