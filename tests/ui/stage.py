"""A Companion whose services are a script: what the screen sees of the real one, at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from radiotui.app.airings import Airing, Airings
from radiotui.app.alarms import Alarms
from radiotui.app.companion import Companion, Notice, Options
from radiotui.app.history import History, PlayedItem
from radiotui.app.intents import (
    FollowInView,
    ForgetPlayed,
    HistoryIntent,
    Intent,
    LookAt,
    PlayRecording,
    StarPlayed,
    Tune,
)
from radiotui.app.marks import Marks
from radiotui.app.station_pictures import StationPicture, StationPictures
from radiotui.app.stories import Stories
from radiotui.audio.engine import DeviceReport
from radiotui.config import Folders, Settings
from radiotui.documents.model import Article, Figure
from radiotui.guide.model import Day, OnAir, Programme, Song
from radiotui.marks.alarms import Alarm
from radiotui.marks.model import MissedProgramme, ProgrammeMark
from radiotui.player.intents import (
    CancelSleep,
    ChangeVolume,
    GoLive,
    GoToBeginning,
    GoToMark,
    GoToPlace,
    GoToPlayed,
    KeepMinutes,
    KeepPlayed,
    KeepProgramme,
    KeepSong,
    MoveInQueue,
    PlayQueue,
    RemoveFromQueue,
    Shift,
    SkipQueueItem,
    SleepAfter,
    SleepIn,
    Stop,
    ToggleLevelLoudness,
    ToggleMute,
    ToggleMuteAds,
    TogglePause,
    ToggleRecording,
)
from radiotui.player.state import Cost, PlayerState, PlayState, Sleep
from radiotui.problems import Problem
from radiotui.stations.model import OwnFeed, ScheduleSource, Station, StationList, Stream
from radiotui.stories.intents import (
    KeepPlace,
    ListenToStory,
    MarkRead,
    QueueStory,
    QueueStoryNext,
    ShowOlder,
    Star,
    ToggleRefresh,
)
from radiotui.stories.model import (
    FeedState,
    Headline,
    SearchResult,
    SectionKey,
    StationSection,
    Story,
    StoryList,
)
from tests.documents import blocks
from tests.snapshots import changed, snapshot
from tests.ui.staged_clips import StagedClips
from tests.ui.staged_podcasts import StagedPodcasts
from tests.ui.staged_queues import StagedQueues
from tests.ui.staged_recordings import StagedShelf

NOW = datetime(2025, 11, 25, 22, 7, 30, tzinfo=UTC)
"""3:07 in the afternoon in Flagstaff."""

_NPR = (ScheduleSource("npr"),)
KNAU = Station(
    id="knau",
    name="KNAU Arizona Public Radio",
    city="Flagstaff, AZ",
    timezone="America/Phoenix",
    homepage="https://www.knau.org",
    group="Public radio",
    feeds=("https://www.knau.org/news.rss",),
    streams=(
        Stream("news", "News & Talk", ("https://example.org/news",), schedule=_NPR),
        Stream("classical", "Classical", ("https://example.org/classical",), schedule=_NPR),
    ),
)
KJZZ = Station(
    id="kjzz",
    name="KJZZ Phoenix",
    city="Phoenix, AZ",
    timezone="America/Phoenix",
    homepage="https://kjzz.org",
    group="Public radio",
    feeds=("https://kjzz.org/rss",),
    streams=(
        Stream("news", "KJZZ News", ("https://example.org/kjzz",)),
        Stream("jazz", "Jazz", ("https://example.org/jazz",)),
    ),
)
KUNM = Station(
    id="kunm",
    name="KUNM Albuquerque",
    group="Public radio",
    timezone="America/Denver",
    streams=(Stream("main", "KUNM", ("https://example.org/kunm",)),),
)
FIP = Station(
    id="fip",
    name="FIP",
    city="Paris",
    timezone="Europe/Paris",
    group="Music",
    streams=(Stream("main", "FIP", ("https://example.org/fip",)),),
)
SIGNAL = Station(
    id="signal",
    name="Test Signal",
    group="This computer",
    streams=(Stream("main", "Test Signal", ("http://127.0.0.1:1/",)),),
)
STATIONS = (KNAU, KJZZ, KUNM, FIP, SIGNAL)

_TITLES = (
    "Blinken: Russia unwilling to end the war, and Ukraine must be helped to hold on",
    "Canyon trail reopens after the winter's rockslides",
    "Flagstaff's council votes on the dark-sky rules tonight",
    "A raven's year above the rim",
    "Why the San Francisco Peaks keep their snow a little shorter every year, and who counts it",
    "Lowell Observatory opens its new hall",
    "Ponderosa seedlings are planted where the Museum Fire burned",
    "Poetry Friday: the train at two in the morning",
)

BODY = """
Hikers can walk the whole of the **North Rim trail** again, the park said on Tuesday, after crews
cleared *eleven rockslides* that had closed it since February. Read
[the park's notice](https://example.org/notice?a=1&b=%2Fx%20y) before you go.

> We moved about four hundred tonnes of rock, most of it by hand.

## What is open

- the trail from the lodge to the first spring
- the lower camp, with water from May on
- the bridge, one person at a time

The rangers ask everyone to carry more water than they think they need.
"""


def headlines(count: int = len(_TITLES), now: datetime = NOW) -> tuple[Headline, ...]:
    """Stories, newest first; the third is starred, every third is read."""
    return tuple(
        Headline(
            id=number,
            title=_TITLES[(number - 1) % len(_TITLES)],
            published=now - timedelta(hours=2 * number - 1),
            read=number % 3 == 2,
            starred=number == 3,
            feed="https://www.knau.org/news.rss",
            feed_title="KNAU and Arizona News",
            link=f"https://www.knau.org/story/{number}",
        )
        for number in range(1, count + 1)
    )


def told(headline: Headline, *parts: str | Figure, note: str = "", **more: Any) -> Article:
    """An article under that headline; its texts are Markdown."""
    return Article(
        headline.link or headline.feed,
        headline.title,
        blocks(*parts),
        note=blocks(note),
        **{"byline": "Melissa Sevigny", "published": headline.published, **more},
    )


def at(hour: int, minute: int = 0) -> datetime:
    """A time of that day in Flagstaff."""
    return datetime(2025, 11, 25, hour, minute, tzinfo=KNAU.zone)


def on_air(stream: str = "news") -> OnAir:
    """What KNAU has on."""
    if stream == "classical":
        now = Programme("Performance Today", at(14), at(16), host="Fred Child")
        song = Song("Clarinet Quintet in A", "Mozart")
        return OnAir(
            "knau", "classical", now, Programme("Exploring Music", at(16)), song, "npr", NOW
        )
    now = Programme("All Things Considered", at(15), at(17))
    return OnAir("knau", "news", now, Programme("Marketplace", at(17)), None, "npr", NOW)


def playing(**changes: Any) -> PlayerState:
    """KNAU News & Talk, live."""
    player_state = snapshot(
        state=PlayState.PLAYING,
        tuning_id=1,
        play_id=1,
        station="knau",
        stream="news",
        station_name="KNAU Arizona Public Radio",
        stream_name="News & Talk",
        title="Nina Simone - Sinnerman",
        position=100.0,
        tape_start=0.0,
        tape_end=104.0,
        behind=4.0,
        burst=4.0,
        live=True,
        codec="AAC",
        bitrate_kbps=64,
        volume=72,
        engine="vlc",
    )
    return changed(player_state, **changes)


_NAMES: dict[type, str] = {
    Tune: "play",
    LookAt: "look_at",
    TogglePause: "toggle",
    Stop: "stop",
    ChangeVolume: "louder",
    ToggleMute: "mute",
    Shift: "move",
    GoToPlace: "go_to",
    GoLive: "live",
    GoToBeginning: "beginning",
    GoToMark: "mark",
    KeepSong: "keep_song",
    KeepMinutes: "keep_minutes",
    KeepProgramme: "keep_programme",
    KeepPlayed: "keep_heard",
    GoToPlayed: "go_to_wall",
    ToggleRecording: "record",
    SleepIn: "sleep_in",
    SleepAfter: "sleep_after",
    CancelSleep: "stay_awake",
    PlayQueue: "play_newscast",
    SkipQueueItem: "skip",
    RemoveFromQueue: "unqueue",
    MoveInQueue: "move",
    ShowOlder: "more",
    ToggleRefresh: "refresh",
    Star: "star",
    ListenToStory: "listen",
    QueueStory: "queue",
    QueueStoryNext: "queue_next",
    StarPlayed: "star_heard",
    ForgetPlayed: "forget",
    PlayRecording: "play_recording",
}


def _noted(intent: Intent) -> tuple[Any, ...]:
    """An intent as the tests compare it."""
    match intent:
        case Tune(station, stream):
            return ("play", station, stream)
        case MarkRead(headlines, read):
            return ("mark_read", *headlines, read)
        case KeepPlace(headline, place):
            return ("keep_place", headline, round(place, 2))
    name = _NAMES.get(type(intent), type(intent).__name__)
    return (name, *msgspec.structs.astuple(intent))


class StagedStories(Stories):
    """The stories of a :class:`Staged`."""

    def __init__(self, staged: Staged, real: Stories) -> None:
        super().__init__(real.deps)
        self.staged = staged
        self.story_lists: dict[SectionKey, StoryList] = {
            StationSection("knau"): StoryList(
                StationSection("knau"), headlines(), refreshed_at=NOW
            ),
            StationSection("kjzz"): StoryList(StationSection("kjzz"), refreshing=True),
            StationSection("kunm"): StoryList(StationSection("kunm"), has_feeds=False),
        }
        self.stories: dict[int, Story] = {}
        """What is kept of a story, where it is more than its text."""
        self.wholes: dict[int, Story | Problem] = {}
        """What its page brings."""
        self.results: list[SearchResult] | Problem = []
        self.pictures: dict[str, Path] = {}
        self.states: list[FeedState] = []
        self.marked: list[list[int]] = []

    @property
    def asked(self) -> list[tuple[Any, ...]]:
        return self.staged.asked

    def story_list(self, key: SectionKey) -> StoryList | None:
        """What there is."""
        return self.story_lists.get(key)

    def mark(self, headlines: Sequence[int], read: bool) -> None:
        """Mark them, and tell the list."""
        if len(headlines) > 1:
            self.marked.append(list(headlines))
        for headline in headlines:
            self.change(headline, read=read)

    async def undo(self) -> int:
        """Unread again."""
        marked = self.marked.pop() if self.marked else []
        for headline in marked:
            self.change(headline, read=False)
        return len(marked)

    async def story(self, headline: int) -> Story:
        """The text that was laid ready."""
        self.asked.append(("story", headline))
        if headline in self.stories:
            return self.stories[headline]
        for story_list in self.story_lists.values():
            for found in story_list.headlines:
                if found.id == headline:
                    body = self.staged.bodies.get(headline, BODY)
                    return Story(found, told(found, *([body] if body else [])))
        raise Problem("The story is not kept any more", "ctrl+r asks the feed again")

    async def whole_story(self, headline: int, *, anew: bool = False) -> Story:
        """What was laid ready, or what is kept."""
        self.asked.append(("whole_story_anew" if anew else "whole_story", headline))
        whole = self.wholes.get(headline)
        if isinstance(whole, Problem):
            raise whole
        return whole or await self.story(headline)

    async def search(self, typed: str) -> list[SearchResult]:
        """The results that were laid ready."""
        self.asked.append(("search", typed))
        if isinstance(self.results, Problem):
            raise self.results
        return self.results

    async def picture(self, url: str) -> Path:
        """A file that was laid ready."""
        if url not in self.pictures:
            raise Problem("There is no such picture", url)
        return self.pictures[url]

    async def feed_states(self, *, everything: bool = False) -> list[FeedState]:
        """As laid ready."""
        return self.states

    async def count_unread(self) -> dict[str, int]:
        """As the states that were laid ready say."""
        return {state.url: state.unread for state in await self.feed_states()}

    async def add_feed(self, address: str, *, folder: str = "") -> OwnFeed:
        """Add it to the roster."""
        self.asked.append(("add_feed", address, folder))
        feed = OwnFeed(address, "", folder)
        station_list = self.staged.station_list
        self.staged.tell(replace(station_list, feeds=(*station_list.feeds, feed)))
        return feed

    async def remove_feed(self, url: str) -> OwnFeed:
        """Take it out of the roster."""
        self.asked.append(("remove_feed", url))
        station_list = self.staged.station_list
        (gone,) = [feed for feed in station_list.feeds if feed.url == url]
        left = tuple(feed for feed in station_list.feeds if feed.url != url)
        self.staged.tell(replace(station_list, feeds=left))
        return gone

    def change(self, headline: int, **changes: Any) -> None:
        for story_list in list(self.story_lists.values()):
            if any(found.id == headline for found in story_list.headlines):
                changed = tuple(
                    replace(found, **changes) if found.id == headline else found
                    for found in story_list.headlines
                )
                self.staged.tell(replace(story_list, headlines=changed))


class StagedLogbook(History):
    """What was heard, of a :class:`Staged`: a list, newest first."""

    def __init__(self, staged: Staged, real: History) -> None:
        super().__init__(real.deps)
        self.staged = staged
        self.entries: list[PlayedItem] | Problem = []
        self.forgotten: list[PlayedItem] = []
        self.results: list[PlayedItem] = []
        """What the search finds."""

    async def heard(
        self,
        words: str = "",
        station: str = "",
        *,
        since: datetime | None = None,
        before: datetime | None = None,
        starred: bool = False,
        limit: int = 200,
    ) -> tuple[PlayedItem, ...]:
        """Those of the list that have every word."""
        self.staged.asked.append(("heard", words, starred, limit))
        if isinstance(self.entries, Problem):
            raise self.entries
        found = [
            one
            for one in self.entries
            if all(word in one.text.lower() for word in words.lower().split())
            and (one.starred or not starred)
            and (before is None or one.began_at < before)
        ]
        return tuple(found[:limit])

    async def search(self, typed: str) -> tuple[PlayedItem, ...]:
        """What was laid ready."""
        return tuple(self.results)

    async def star(self, played: int, starred: bool) -> None:
        """Star it."""
        self.staged.do(StarPlayed(played, starred))

    async def forget(self, played: int) -> None:
        """Take it out."""
        self.staged.do(ForgetPlayed(played))

    def do(self, intent: HistoryIntent) -> None:
        """Star it or take it out, at once."""
        assert not isinstance(self.entries, Problem)
        if isinstance(intent, StarPlayed):
            self.entries = [
                replace(entry, starred=intent.starred) if entry.id == intent.played else entry
                for entry in self.entries
            ]
        else:
            self.forgotten += [entry for entry in self.entries if entry.id == intent.played]
            self.entries = [entry for entry in self.entries if entry.id != intent.played]

    async def undo(self) -> PlayedItem | None:
        """Put it back."""
        assert not isinstance(self.entries, Problem)
        if not self.forgotten:
            return None
        back = self.forgotten.pop()
        self.entries = sorted([*self.entries, back], key=lambda one: one.began_at, reverse=True)
        return back


class StagedAirings(Airings):
    """The broadcasts of a :class:`Staged`."""

    results: tuple[Airing, ...] = ()

    def ask_days(self) -> None:
        """Nobody is asked."""

    async def search(self, typed: str) -> list[Airing]:
        """What was laid ready."""
        return list(self.results)


class StagedPictures(StationPictures):
    """The pictures of stations of a :class:`Staged`."""

    def __init__(self, real: StationPictures) -> None:
        super().__init__(real.deps)
        self.laid: dict[str, StationPicture] = {}

    def look(self, station: Station) -> StationPicture | None:
        """What was laid ready."""
        return self.laid.get(station.id)


class StagedAlarms(Alarms):
    """The alarms of a :class:`Staged`: none."""

    async def alarms(self) -> list[Alarm]:
        """None is set."""
        return []


class StagedMarks(Marks):
    """The marks of a :class:`Staged`, which has no store: none."""

    def __init__(self, real: Marks) -> None:
        super().__init__(real.deps)
        self.alarms: StagedAlarms = StagedAlarms(real.deps)

    async def refresh(self) -> tuple[ProgrammeMark, ...]:
        """What was laid ready."""
        return self.current

    async def missed(self) -> list[MissedProgramme]:
        """Nothing was missed."""
        return []


class Staged(Companion):
    """Obeys at once, remembers what it was asked, and tells whatever the test tells it to."""

    def __init__(
        self,
        stations: tuple[Station, ...] = STATIONS,
        *,
        settings: Settings | None = None,
        clock: Callable[[], datetime] = lambda: NOW,
        folders: Folders | None = None,
    ) -> None:
        super().__init__(Options(folders=folders or Folders()), clock=clock)
        self.settings = settings or Settings()
        self.station_list = StationList(stations)
        self.player_state = PlayerState(volume=72, engine="vlc")
        self.asked: list[tuple[Any, ...]] = []
        self.in_view: tuple[tuple[str, str], ...] = ()
        """The streams whose rows the screen says it shows."""
        self.stories: StagedStories = StagedStories(self, self.stories)
        self.story_lists = self.stories.story_lists
        self.airings: StagedAirings = StagedAirings(self.airings.deps)
        self.station_pictures: StagedPictures = StagedPictures(self.station_pictures)
        self.marks: Marks = StagedMarks(self.marks)
        self.queues: StagedQueues = StagedQueues(self.queues, self.asked.append)
        self.podcasts: StagedPodcasts = StagedPodcasts(
            self.podcasts, self.asked.append, lambda: self.station_list, self.tell
        )
        self.loudness: float | None = None
        self.tapes: tuple[Cost, ...] = ()
        self.device: DeviceReport | None = None
        self.tape_begins: datetime | None = None
        self.words: list[str] = []
        """What is said to the next moves."""
        self.offline = False
        self.looks = 0
        """How often the level was asked for."""
        self.history: StagedLogbook = StagedLogbook(self, self.history)
        self.recordings: StagedShelf = StagedShelf(self.asked.append, self.recordings)
        self.clips: StagedClips = StagedClips(self.clips, self.asked.append)
        self.bodies: dict[int, str] = {}
        self.kept: dict[str, str] = {}
        self.opened = self.closed = False
        self.days: dict[date, Day] = {}
        """Schedules of whole days, of whatever stream."""
        self.on_air_now: dict[tuple[str, str], OnAir] = {}
        self.day_comes = asyncio.Event()
        self.day_comes.set()

    async def day(self, station: Station, stream: Stream, day: date, *, anew: bool = False) -> Day:
        """The day that was laid ready, or none."""
        self.asked.append(("day", station.id, stream.id, day.isoformat()))
        await self.day_comes.wait()
        return self.days.get(day) or Day(station.id, stream.id, day)

    def load(self) -> None:
        """The roster is there already."""

    async def open(self, *, screen: bool = True, radio: bool = True, player: bool = True) -> None:
        """Every service runs."""
        self.opened = True

    async def close(self) -> None:
        """Nothing is left."""
        self.closed = True

    def tell(self, told: Any) -> None:
        """As a service would."""
        if isinstance(told, PlayerState):
            self.player_state = told
        elif isinstance(told, OnAir):
            self.on_air_now[told.station, told.stream] = told
        elif isinstance(told, StoryList):
            self.story_lists[told.section] = told
        elif isinstance(told, StationList):
            self.station_list = told
        elif isinstance(told, Problem):
            told = Notice(told)
        self.publish(told)

    def say(self, text: str, hint: str = "") -> None:
        """A word about what was done."""
        self.confirm(text, hint)

    def on_air(self, station: str, stream: str) -> OnAir | None:
        """What a test told."""
        return self.on_air_now.get((station, stream))

    @property
    def is_offline(self) -> bool:
        """As laid ready."""
        return self.offline

    def level(self) -> float | None:
        """As laid ready."""
        self.looks += 1
        return self.loudness

    def costs(self) -> tuple[Cost, ...]:
        """As laid ready."""
        return self.tapes

    def device_report(self) -> DeviceReport | None:
        """As laid ready."""
        return self.device

    def is_on_tape(self, station: str, stream: str, began: datetime) -> bool:
        """As far back as laid ready."""
        return self.tape_begins is not None and began >= self.tape_begins

    def do(self, intent: Intent) -> None:
        """Note it, and tell what comes of it."""
        if isinstance(intent, FollowInView):
            self.in_view = intent.streams
            return
        self.asked.append(_noted(intent))
        match intent:
            case Tune(station, stream):
                self.tell(self._tuned(station, stream))
            case LookAt(section):
                self._look_at(section)
            case MarkRead(headlines, read):
                self.stories.mark(headlines, read)
            case Star(headline, starred):
                self.stories.change(headline, starred=starred)
            case StarPlayed() | ForgetPlayed():
                self.history.do(intent)
            case SleepIn(minutes):
                at = self.clock() + timedelta(minutes=minutes)
                self.tell(changed(self.player_state, sleep=Sleep("minutes", at)))
            case SleepAfter(end):
                self.tell(changed(self.player_state, sleep=Sleep(end)))
            case CancelSleep():
                self.tell(changed(self.player_state, sleep=None))
            case _:
                self._do_sound(intent)

    def _do_sound(self, intent: Intent) -> None:
        player_state = self.player_state
        match intent:
            case TogglePause():
                paused = player_state.state is PlayState.PAUSED
                state = PlayState.PLAYING if paused else PlayState.PAUSED
                self.tell(changed(player_state, state=state, live=paused))
            case Stop():
                self.tell(changed(player_state, state=PlayState.STOPPED, live=False, position=None))
            case ChangeVolume(by):
                self.tell(replace(player_state, volume=player_state.volume + by, muted=False))
            case ToggleMute():
                self.tell(replace(player_state, muted=not player_state.muted))
            case ToggleLevelLoudness():
                self.tell(replace(player_state, level_loudness=not player_state.level_loudness))
            case ToggleMuteAds():
                self.tell(replace(player_state, mute_ads=not player_state.mute_ads))
            case Shift() | GoToPlace() | GoLive() | GoToBeginning() | GoToMark():
                if self.words:
                    self.say(self.words.pop(0))

    def _tuned(self, station: str, stream: str) -> PlayerState:
        found, channel = self.station_list.find(f"{station}/{stream}")
        return playing(
            station=found.id,
            stream=channel.id,
            station_name=found.name,
            stream_name=channel.name,
            volume=self.player_state.volume,
            muted=self.player_state.muted,
        )

    def _look_at(self, key: SectionKey) -> None:
        if key == StationSection("knau"):
            self.tell(on_air("news"))
            self.tell(on_air("classical"))
        if key in self.story_lists:
            self.tell(self.story_lists[key])

    async def remember(self, key: str, value: str) -> None:
        """Keep it in memory."""
        self.kept[key] = value

    async def recall(self, key: str) -> str | None:
        """What a test laid there."""
        return self.kept.get(key)
