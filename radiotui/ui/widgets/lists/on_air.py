"""The stations, beneath each the streams it has on air, and below them the lists of stories."""

from __future__ import annotations

from textual.content import Content
from textual.message import Message
from textual.reactive import var
from textual.widgets import OptionList

from radiotui.app.updates import Notice
from radiotui.player.state import PlayerState, PlayState
from radiotui.stations.model import Station, StationList, Stream
from radiotui.stories.model import FeedSection, Section, SectionKey, StationSection
from radiotui.ui.commands.keymap import Keymap
from radiotui.ui.kit.key_hints import key_hints
from radiotui.ui.kit.messages import Noticed
from radiotui.ui.kit.rest_timer import RestTimer
from radiotui.ui.kit.row_list import RowList
from radiotui.ui.widgets.lists.station_rows import (
    AirRows,
    Airs,
    Tuned,
    no_stations,
    problem_row,
    section_row,
    station_row,
    stream_row,
    tuned_by,
)


class StationPane(RowList):
    """Enter tunes, or goes to the stories; resting on a row asks for its stories."""

    BORDER_TITLE = "On air"
    SETTLE_SECONDS = 0.3
    """Seconds of rest on a station before its stories are asked for."""

    station_list: var[StationList] = var(StationList())
    sections: var[tuple[Section, ...]] = var(())
    """Sources of stories besides the stations."""
    airs: var[Airs] = var({})
    player_state: var[PlayerState] = var(PlayerState())

    class StreamChosen(Message):
        """The listener chose a stream."""

        def __init__(self, station: str, stream: str) -> None:
            super().__init__()
            self.station = station
            self.stream = stream

    class LookedAt(Message):
        """The listener rests on a station, or on a list of stories."""

        def __init__(self, section: SectionKey) -> None:
            super().__init__()
            self.section = section

    class Read(Message):
        """The listener wants to go to these stories."""

        def __init__(self, section: SectionKey) -> None:
            super().__init__()
            self.section = section

    def __init__(
        self, station_list: StationList, sections: tuple[Section, ...], keymap: Keymap
    ) -> None:
        super().__init__("air")
        choose = "list.choose"
        self._station_keys = key_hints(keymap, (choose, "tune"), ("stations.find", "find"))
        self._website_keys = key_hints(keymap, (choose, "tune"), ("story.page", "website"))
        self._problem_keys = key_hints(keymap, (choose, "read"))
        self._section_keys = key_hints(keymap, (choose, "read"), ("feed.add", "add a feed"))
        self._feed_keys = key_hints(keymap, (choose, "read"), ("feed.remove", "remove"))
        self._awaited = ""
        self._rest_timer = RestTimer(self, self._settled)
        self._unfolded = {station.id for station in station_list.stations[:1]}
        self._tuned = Tuned()
        self.placard = no_stations(station_list)
        self.set_reactive(StationPane.station_list, station_list)
        self.set_reactive(StationPane.sections, sections)
        self._show()
        with self.prevent(OptionList.OptionHighlighted):
            self.action_first()
        self.border_subtitle = self._keys_for(self.chosen_section)

    def choose(self, station: str, stream: str = "") -> None:
        """Put the highlight on a station or one of its streams."""
        listed = self.station_list.station(station)
        if listed is not None:
            self._unfolded.add(station)
            self._show()
            self.highlight(stream_row(listed, stream) if stream else station_row(listed))

    def choose_section(self, key: SectionKey) -> None:
        """Put the highlight on a list of stories, or on a station, as soon as there is a row."""
        self._awaited = section_row(key)
        self._find_awaited()

    def _find_awaited(self) -> None:
        if self._awaited and self._index(self._awaited) is not None:
            self.highlight(self._awaited)
            self._awaited = ""

    @property
    def is_settling(self) -> bool:
        """True until the stories of the row that the highlight moved to are asked for."""
        return self._rest_timer.is_running

    @property
    def chosen_section(self) -> Section | None:
        """The highlighted list of stories; None on a station."""
        row_id = self.highlighted_id
        return next(
            (section for section in self.sections if section_row(section.key) == row_id), None
        )

    @property
    def chosen(self) -> tuple[Station, Stream] | None:
        """The stream that Enter would tune to."""
        station_id, _, stream_id = (self.highlighted_id or "").partition("/")
        station = self.station_list.station(station_id)
        if station is None or not station.streams:
            return None
        return station, station.stream(stream_id) or station.streams[0]

    def watch_station_list(self, station_list: StationList) -> None:
        """The list was edited: the highlight stays on its station, in sight."""
        before = self.highlighted
        self.placard = no_stations(station_list)
        self._show()
        if self.highlighted != before:
            self.call_after_refresh(self.scroll_to_highlight)

    def watch_sections(self) -> None:
        """A feed came or went."""
        self._show()
        self._find_awaited()

    def watch_airs(self) -> None:
        """Something else is on."""
        self._show()

    def watch_player_state(self, player_state: PlayerState) -> None:
        """Mark what plays; the seconds that go by there change nothing here."""
        tuned = tuned_by(player_state)
        if tuned != self._tuned:
            self._tuned = tuned
            self._unfold()
            self._show()

    def on_option_list_option_highlighted(self) -> None:
        """Wait until the listener rests there."""
        section = self.chosen_section
        self.border_subtitle = self._keys_for(section)
        self._rest_timer.restart(self.SETTLE_SECONDS)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Tune, or go to the stories."""
        event.stop()
        if self.chosen_section is not None:
            self.post_message(self.Read(self.chosen_section.key))
        elif self.chosen is not None:
            station, stream = self.chosen
            self.post_message(self.StreamChosen(station.id, stream.id))
        for number, problem in enumerate(self.station_list.problems):
            if self.highlighted_id == problem_row(number):
                self.post_message(Noticed(Notice(problem)))

    def _keys_for(self, section: Section | None) -> Content:
        if section is not None:
            return self._feed_keys if isinstance(section.key, FeedSection) else self._section_keys
        if self.chosen is None:
            return self._problem_keys
        return self._website_keys if self.chosen[0].homepage else self._station_keys

    def _settled(self) -> None:
        if self._unfold():
            self._show()
        if self.chosen_section is not None:
            self.post_message(self.LookedAt(self.chosen_section.key))
        elif self.chosen is not None:
            self.post_message(self.LookedAt(StationSection(self.chosen[0].id)))

    def _unfold(self) -> bool:
        """Unfold what is highlighted and tuned to, and fold what was left; True on a change."""
        before, tuned = self._unfolded, self._tuned
        keys = [tuned.key if tuned.state is not PlayState.STOPPED else None, tuned.pending]
        self._unfolded = {key[0] for key in keys if key is not None}
        if self.chosen is not None:
            self._unfolded.add(self.chosen[0].id)
        return self._unfolded != before

    def _show(self) -> None:
        rows = AirRows(self.station_list, self.sections, self.airs, self._tuned, self._unfolded)
        self.show_rows(list(rows.entries()))
