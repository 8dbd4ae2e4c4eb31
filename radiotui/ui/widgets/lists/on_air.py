"""The stations, beneath each its streams, and below them the lists of episodes and stories."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import ClassVar

from textual import events, on
from textual.actions import SkipAction
from textual.binding import Binding, BindingType
from textual.reactive import var
from textual.widgets import OptionList

from radiotui.app.intents import FollowInView
from radiotui.app.updates import Notice
from radiotui.player.state import PlayerState, PlayState
from radiotui.stations.model import Station, StationList, Stream
from radiotui.stories.model import Section, SectionKey, StationSection
from radiotui.ui.commands.keymap import Keymap
from radiotui.ui.kit.key_hints import whole_hints
from radiotui.ui.kit.messages import Intended, Noticed
from radiotui.ui.kit.rest_timer import RestTimer
from radiotui.ui.kit.row_list import RowList
from radiotui.ui.widgets.lists import station_rows
from radiotui.ui.widgets.lists.air_keys import AirKeys
from radiotui.ui.widgets.lists.air_messages import ListChosen, LookedAt, StreamChosen
from radiotui.ui.widgets.lists.folding import Folding


class StationPane(RowList):
    """Enter tunes, or goes to the stories; resting on a row asks for its stories."""

    BORDER_TITLE = "On air"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "fold(True)", show=False),
        Binding("right", "fold(False)", show=False),
    ]
    SETTLE_SECONDS = 0.3
    """Seconds of rest before the stories of a row, or what is on in the rows in view, are asked."""

    station_list: var[StationList] = var(StationList())
    sections: var[tuple[Section, ...]] = var(())
    """Sources of stories besides the stations."""
    airs: var[station_rows.Airs] = var({}, init=False)
    player_state: var[PlayerState] = var(PlayerState())
    unread: var[station_rows.Unread] = var({}, init=False)
    now: var[datetime] = var(datetime(1970, 1, 1, tzinfo=UTC), init=False)

    def __init__(
        self, station_list: StationList, sections: tuple[Section, ...], keymap: Keymap
    ) -> None:
        super().__init__("air", classes="pane")
        self._keys = AirKeys(keymap)
        self._awaited = ""
        self._rest_timer = RestTimer(self, self._settled)
        self._view_timer = RestTimer(self, self._tell_view)
        self._in_view: tuple[station_rows.Key, ...] = ()
        self._folding = Folding(station.id for station in station_list.stations[:1])
        self._tuned = station_rows.Tuned()
        self._shown: station_rows.AirRows | None = None
        self.placard = station_rows.no_stations(station_list)
        self.set_reactive(StationPane.station_list, station_list)
        self.set_reactive(StationPane.sections, sections)
        self._show()
        with self.prevent(OptionList.OptionHighlighted):
            self.action_first()
        self._show_keys()

    def choose(self, station: str, stream: str = "") -> None:
        """Put the highlight on a station or one of its streams."""
        listed = self.station_list.station(station)
        if listed is not None:
            self._folding.turn(station, False)
            self._show()
            self.highlight(
                station_rows.stream_row(listed, stream)
                if stream
                else station_rows.station_row(listed)
            )

    def choose_section(self, key: SectionKey) -> None:
        """Put the highlight on a list of stories, or on a station, as soon as there is a row."""
        self._awaited = station_rows.section_row(key)
        self._find_awaited()

    def _find_awaited(self) -> None:
        if self._awaited and self._index(self._awaited) is not None:
            self.highlight(self._awaited)
            self._awaited = ""

    @property
    def is_settling(self) -> bool:
        """True until what the listener looks at now is asked for."""
        return self._rest_timer.is_running or self._view_timer.is_running

    @property
    def chosen_section(self) -> Section | None:
        """The highlighted list of stories; None on a station."""
        return station_rows.section_at(self.sections, self.highlighted_id or "")

    @property
    def chosen(self) -> tuple[Station, Stream] | None:
        """The stream that Enter would tune to."""
        return station_rows.stream_at(self.station_list, self.highlighted_id or "")

    def watch_station_list(self, station_list: StationList) -> None:
        """The list was edited: the highlight stays on its station, in sight."""
        before = self.highlighted
        self.placard = station_rows.no_stations(station_list)
        self._show()
        if self.highlighted != before:
            self.call_after_refresh(self.scroll_to_highlight)

    def watch_sections(self) -> None:
        """A feed came or went."""
        self._show()
        self._find_awaited()

    def watch_player_state(self, player_state: PlayerState) -> None:
        """Mark what plays; the seconds that go by there change nothing here."""
        tuned = station_rows.tuned_by(player_state)
        if tuned != self._tuned:
            self._tuned = tuned
            self._unfold()
            self._show()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Other rows come into view."""
        super().watch_scroll_y(old_value, new_value)
        self.look_again()

    @on(events.Resize)
    @on(events.Hide)
    def look_again(self) -> None:
        """Tell soon which rows are in view."""
        if self.is_mounted:
            self._view_timer.restart(self.SETTLE_SECONDS)

    def action_fold(self, fold: bool) -> None:
        """Fold or unfold the highlighted station, unless the key moves on the tape."""
        is_stopped = self._tuned.state is PlayState.STOPPED
        station = self.chosen[0] if self.chosen and is_stopped else None
        if station is None or len(station.streams) == 1:
            raise SkipAction
        if not self._folding.turn(station.id, fold):
            raise SkipAction
        self.highlight(station_rows.station_row(station))
        self._show()

    def on_option_list_option_highlighted(self) -> None:
        """Wait until the listener rests there."""
        self._show_keys()
        self._rest_timer.restart(self.SETTLE_SECONDS)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Tune, or go to the stories."""
        event.stop()
        if self.chosen_section is not None:
            self.post_message(ListChosen(self.chosen_section.key))
        elif self.chosen is not None:
            station, stream = self.chosen
            self.post_message(StreamChosen(station.id, stream.id))
        for number, problem in enumerate(self.station_list.problems):
            if self.highlighted_id == station_rows.problem_row(number):
                self.post_message(Noticed(Notice(problem)))

    @on(events.Resize)
    def _show_keys(self) -> None:
        hints = self._keys.of(self.station_list, self.chosen_section, self.chosen)
        self.border_subtitle = whole_hints(hints, self)

    def _settled(self) -> None:
        if self._unfold():
            self._show()
        station = StationSection(self.chosen[0].id) if self.chosen else None
        key = self.chosen_section.key if self.chosen_section else station
        if key is not None:
            self.post_message(LookedAt(key))

    def _tell_view(self) -> None:
        before, self._in_view = self._in_view, self._rows.streams_of(self.ids_in_view)
        if self._in_view != before:
            self.post_message(Intended(FollowInView(self._in_view)))

    def _unfold(self) -> bool:
        """Unfold what is highlighted and tuned to, and fold what was left; True on a change."""
        return self._folding.follow(self.chosen[0].id if self.chosen else "", self._tuned.stations)

    @property
    def _rows(self) -> station_rows.AirRows:
        lists = (self.station_list, self.sections, self.airs, self._tuned)
        at = station_rows.time_shown(self.station_list, self.airs, self.now)
        return station_rows.AirRows(*lists, self._folding.unfolded, self.unread, at)

    def _show(self) -> None:
        before, self._shown = self._shown, self._rows  # the first screen sets each value twice
        if self._shown != before and self.show_rows(list(self._shown.entries())):
            self.look_again()

    watch_airs = watch_unread = watch_now = _show
