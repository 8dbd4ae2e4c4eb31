"""State and layout of the main screen: panes, their snapshots, messages to the listener."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.notifications import Notification, SeverityLevel
from textual.reactive import var
from textual.widget import Widget
from textual.widgets import Static

from radiotui.app.companion import Companion, Snapshot
from radiotui.app.intents import LookAt
from radiotui.app.updates import ClipBegin
from radiotui.guide.model import OnAir
from radiotui.player.state import PlayerState
from radiotui.problems import Problem
from radiotui.stations.model import Station, StationList, Stream
from radiotui.stories.model import (
    DownloadList,
    Headline,
    Section,
    SectionKey,
    StationSection,
    Story,
    StoryList,
)
from radiotui.text import clean
from radiotui.ui.commands.keymap import Keymap
from radiotui.ui.kit.content import short_path
from radiotui.ui.kit.fault_barrier import FaultBarrier
from radiotui.ui.kit.key_hints import shown_key
from radiotui.ui.kit.textual_private import CoveredScreen, notify_at_once, take_back
from radiotui.ui.screens import furnishing
from radiotui.ui.widgets.key_bar import KeyBar
from radiotui.ui.widgets.lists.on_air import StationPane
from radiotui.ui.widgets.lists.stories import StoryPane
from radiotui.ui.widgets.player.player_bar import PlayerBar
from radiotui.ui.widgets.player.player_view import PlayerKeys
from radiotui.ui.widgets.reader.invitation import Invitation

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from radiotui.podcasts.model import EpisodeContents
    from radiotui.ui.widgets.reader.picture import DrawnPicture
    from radiotui.ui.widgets.reader.reader import StoryReader
    from radiotui.ui.widgets.reader.transcript_view import TranscriptView

PANE_IDS = ("air", "stories", "story")


class MainView(FaultBarrier, CoveredScreen[None]):
    """Player, stations, stories and reader, and the snapshots they are bound to."""

    AUTO_FOCUS = "#air"

    station_list: var[StationList] = var(StationList())
    sections: var[tuple[Section, ...]] = var(())
    """Sources of stories besides the stations."""
    player_state: var[PlayerState] = var(PlayerState())
    airs: var[Mapping[tuple[str, str], OnAir]] = var({})
    unread: var[Mapping[str, int]] = var({})
    """The number of unread stories of each feed, by its address."""
    on_air: var[OnAir | None] = var(None)
    """Programme of the stream that is tuned to; while nothing was, of the highlighted one."""
    tuned_station: var[Station | None] = var(None)
    highlighted: var[tuple[Station, Stream] | None] = var(None)
    """The stream that Enter would tune to."""
    station: var[Station | None] = var(None)
    """The station that is looked at; None where it is another section."""
    section: var[Section | None] = var(None)
    """The section that is looked at."""
    story_list: var[StoryList | None] = var(None)
    headline: var[Headline | None] = var(None, toggle_class="-open")
    """The open story."""
    story: var[Story | Problem | None] = var(None)
    contents: var[EpisodeContents | None] = var(None)
    """Chapters and the like of the open story, where it is an episode."""
    fetching: var[bool] = var(False)
    """The page of the open story is asked for."""
    drawings: var[Mapping[str, DrawnPicture | Problem]] = var({})
    """Pictures of the open story as they were drawn, by address; a Problem for one that was not."""
    transcript: var[TranscriptView | None] = var(None)
    """The transcript that is open; the reader is not seen meanwhile."""
    place: var[tuple[int, int]] = var((0, 0))
    """Number of the open story in the list, and the length of the list."""
    now: var[datetime] = var(datetime(1970, 1, 1, tzinfo=UTC))
    minute: var[datetime] = var(datetime(1970, 1, 1, tzinfo=UTC))
    pane: var[str] = var("air", init=False)
    reading: var[bool] = var(False, toggle_class="-reading")
    """The reader has the room where there is none for every pane."""
    zoomed: var[bool] = var(False, toggle_class="-zoomed")
    unread_only: var[bool] = var(False)
    downloads: var[DownloadList] = var(DownloadList())
    clip_begin: var[ClipBegin] = var(ClipBegin())
    has_sound: var[bool] = var(False)
    """The story that commands are about can be heard."""
    offline: var[bool] = var(False)
    """Nothing outside of this computer was reached."""
    awake: var[bool] = var(True)
    """No sheet lies over the screen."""

    reader = cached_property(furnishing.reader)

    def __init__(self, companion: Companion, keymap: Keymap) -> None:
        super().__init__(classes="-pane-air")
        self.companion = companion
        self.keymap = keymap
        self.search_words = ""
        self.last_recording = ""
        """Path of the file that was highlighted when the recordings were closed."""
        """Words of the last search."""
        self.queueing: frozenset[tuple[int, str]] = frozenset()
        """Stories on their way into the queue, by number, and the words for their arrival."""
        self.turn_to_draw = asyncio.Lock()
        """One picture is drawn at a time."""
        self.zones: dict[str, ZoneInfo] = {}
        if companion.player_state.tuned is not None:
            keep_zones(self, companion.station_list)
        self._last_move: Notification | None = None
        now = companion.clock()
        self.set_reactive(MainView.station_list, companion.station_list)
        self.set_reactive(MainView.sections, companion.followed_feeds().sections)
        self.set_reactive(MainView.player_state, companion.player_state)
        self.set_reactive(MainView.now, now)
        self.set_reactive(MainView.minute, now.replace(second=0, microsecond=0))

    def compose(self) -> ComposeResult:
        """Bind each widget to its part of the state."""
        view = MainView
        # Where nothing is to move on the screen the player gets no level.
        still = self.app.animation_level == "none"
        keys = map(self.key, ("list.choose", "player.signal", "player.pause"))
        level = (lambda: None) if still else self.companion.level
        sound = (view.player_state, view.on_air, view.clip_begin)
        surroundings = (view.now, view.awake, view.offline, view.highlighted)
        player = PlayerBar(level, PlayerKeys(*keys))
        yield player.data_bind(*sound, *surroundings, station=view.tuned_station)
        with Horizontal(id="panes"):
            self.air = StationPane(self.station_list, self.sections, self.keymap)
            # It is styled once for the focus that it is given when all are there.
            self.air.set_reactive(Widget.has_focus, True)
            radio = (view.station_list, view.sections, view.airs, view.player_state)
            yield self.air.data_bind(*radio, view.unread, now=view.minute)
            self.stories = StoryPane(self.keymap)
            lists = (view.section, view.story_list, view.downloads)
            yield self.stories.data_bind(*lists, view.headline, view.unread_only, now=view.minute)
            yield Invitation(self.keymap)
        _watch_subject(self)
        yield KeyBar(self.keymap).data_bind(view.player_state, view.station_list, view.has_sound)
        yield Static("radiotui needs 60 columns and 16 lines", id="too-small", markup=False)

    def fit(self, columns: int, lines: int) -> None:
        """Set the breakpoints' classes before the first paint, which is then the only one."""
        for extent, points in (
            (columns, self.app.HORIZONTAL_BREAKPOINTS),
            (lines, self.app.VERTICAL_BREAKPOINTS),
        ):
            reached = [name for least, name in sorted(points or []) if extent >= least]
            self.set_class(True, *reached[-1:], update=False)
        self.set_class(_has_room(columns, lines), "-roomy", update=False)
        if not self.has_class("-wide", "-tall") or self.player_state.tuned is not None:
            furnishing.style_whole(self)

    def on_resize(self, event: events.Resize) -> None:
        """Give the player its six lines where there is room for them."""
        self.set_class(_has_room(*event.size), "-roomy")

    # Snapshots

    def show(self, snapshot: Snapshot) -> None:
        """Show a new snapshot of a service; those of schedules go through AfterRest."""
        match snapshot:
            case PlayerState() as player_state:
                self._show_player_state(player_state)
            case StoryList() as story_list if (
                self.section and story_list.section == self.section.key
            ):
                self.show_story_list(story_list)
            case DownloadList() as downloads:
                self.downloads = downloads
            case ClipBegin() as clip_begin:
                self.clip_begin = clip_begin
            case StationList() as station_list:
                self._show_stations(station_list)

    def _show_player_state(self, player_state: PlayerState) -> None:
        station = self.station_list.station(player_state.station) if player_state.station else None
        self.tuned_station = station
        self.on_air = self.airs.get(_key_shown(player_state, self.highlighted))
        self.player_state = player_state

    def _show_stations(self, station_list: StationList) -> None:
        keep_zones(self, station_list)
        self.station_list = station_list
        show_sections(self)
        if self.station is not None:
            self.station = station_list.station(self.station.id) or self.station
        self._show_player_state(self.player_state)

    def show_story_list(self, story_list: StoryList | None) -> None:
        """Show these stories, and the number that the open one has among them."""
        self.story_list = story_list
        headlines = story_list.headlines if story_list else ()
        for number, headline in enumerate(headlines, 1):
            if self.headline is not None and headline.id == self.headline.id:
                self.headline = headline
                self.place = (number, len(headlines))
                return
        self.place = (0, 0)

    def look_at(self, key: SectionKey) -> None:
        """Show a section's stories from now on."""
        if self.section is not None and self.section.key == key:
            return
        station_id = key.station if isinstance(key, StationSection) else ""
        self.station = self.station_list.station(station_id)
        self.section = self.companion.stories.section(key)
        self.show_story_list(self.companion.stories.story_list(key))
        self.companion.do(LookAt(key))

    def open_section(self, key: SectionKey) -> None:
        """Look at a list of stories, and go to it."""
        self.air.choose_section(key)
        self.look_at(key)
        self.go_to("stories")

    # Panes

    def watch_pane(self, pane: str) -> None:
        """Set the class that decides what a small screen shows."""
        self.update_classes({f"-pane-{name}": name == pane for name in PANE_IDS})
        if pane == "story":
            self.reading = True
        elif pane == "air":
            self.reading = False

    def go_to(self, pane: str) -> None:
        """Work in that pane; where there is no room it takes another's place."""
        self.pane = pane
        # At once: the next key may be here already, and is meant for that pane.
        self.set_focus(self.current)

    @property
    def current(self) -> StationPane | StoryPane | StoryReader | TranscriptView:
        """The pane that is worked in."""
        if self.pane == "air":
            return self.air
        return self.stories if self.pane == "stories" else self.transcript or self.reader

    @property
    def subject(self) -> Headline | None:
        """The story that commands are about."""
        return self.headline if self.pane == "story" else self.stories.chosen

    # Messages to the listener

    def key(self, command_id: str) -> str:
        """Key of a command as it stands on the keyboard."""
        return shown_key(command_id, self.keymap)

    def with_keys(self, words: str) -> str:
        """Words in which each "{command.id}" has become the key of that command."""
        return re.sub(r"\{([a-z_.]+)\}", lambda place: self.key(place[1]), words)

    def say(self, text: str) -> None:
        """Show words about what a key did."""
        self.notify(text, markup=False, timeout=3)

    def report(self, problem: Problem) -> None:
        """Show a problem for a while; its words are nobody's markup."""
        notify_at_once(self.app, _notification(problem, "warning", 8))

    def report_calmly(self, word: Problem, *, of_move: bool = False) -> None:
        """Show a word of the services; of a move on the tape only the last one counts."""
        notification = _notification(word, "information", 3 if of_move else 5)
        if of_move:
            if self._last_move is not None:
                take_back(self.app, self._last_move)
            self._last_move = notification
        notify_at_once(self.app, notification)


def show_sections(view: MainView) -> None:
    """Show the lists of stories and episodes there are now, as they are called now."""
    stories = view.companion.stories
    view.sections = stories.sections
    if view.section is not None:
        view.section = stories.section(view.section.key) or view.section


def keep_zones(view: MainView, station_list: StationList) -> None:
    """Keep the time zones of a list: they are read from files, and else let go of again."""
    view.zones |= {station.timezone: station.zone for station in station_list.stations}


def is_on_station(view: MainView) -> bool:
    """True in the list of stations, but on its rows of stories."""
    return view.pane == "air" and view.is_mounted and view.air.chosen_section is None


def _key_shown(
    player_state: PlayerState, highlighted: tuple[Station, Stream] | None
) -> tuple[str, str]:
    """Ids of the stream that the player is about: the highlighted one while nothing was tuned."""
    if player_state.tuned is not None or highlighted is None:
        return player_state.key
    station, stream = highlighted
    return station.id, stream.id


def _watch_subject(view: MainView) -> None:
    """Note whether the story that is highlighted or open can be heard."""

    def note() -> None:
        subject = None if view.pane == "air" else view.subject
        view.has_sound = subject is not None and subject.audio is not None

    view.watch(view.stories, "highlighted", note, init=False)
    for name in ("pane", "headline", "story_list"):
        view.watch(view, name, note, init=False)


def _has_room(columns: int, lines: int) -> bool:
    return columns >= 100 and lines >= 30


def _notification(problem: Problem, severity: SeverityLevel, seconds: float) -> Notification:
    title, hint = clean(problem.title), clean(problem.hint)
    # Where something was written to: seven lines of folders hide what is beneath them.
    hint = short_path(hint) if hint.startswith("/") else hint
    title, text = (title, hint) if hint else ("", title)
    return Notification(text, title, severity, timeout=seconds, markup=False)
