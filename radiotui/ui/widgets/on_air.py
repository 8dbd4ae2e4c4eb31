"""The stations, beneath each the streams it has on air, and below them the lists of stories."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from textual.content import Content
from textual.message import Message
from textual.reactive import var
from textual.timer import Timer
from textual.widgets import OptionList

from radiotui.feeds.model import Section
from radiotui.guide.model import OnAir
from radiotui.player.state import Playback, PlayState
from radiotui.stations.model import Roster, Station, Stream
from radiotui.ui.commands import Keymap
from radiotui.ui.hints import key_hints
from radiotui.ui.row_list import Entry, RowList
from radiotui.ui.rows import Row
from radiotui.ui.words import BLANK, foreign, own, row

Airs = Mapping[tuple[str, str], OnAir]

_MARKS = {
    PlayState.PLAYING: ("●", "$error"),
    PlayState.PAUSED: ("‖", "$warning"),
    PlayState.CONNECTING: ("◌", "$warning"),
}


_FOLDER, _FEED = "folder:", "feed:"


class OnAirList(RowList):
    """Enter tunes, or goes to the stories; resting on a row asks for its stories."""

    BORDER_TITLE = "On air"
    SETTLE_SECONDS = 0.3
    """How long the highlight rests on a station before its stories are asked for."""

    roster: var[Roster] = var(Roster())
    sections: var[tuple[Section, ...]] = var(())
    """What has stories besides the stations."""
    airs: var[Airs] = var({})
    playback: var[Playback] = var(Playback())

    class Tune(Message):
        """The listener chose a stream."""

        def __init__(self, station: str, stream: str) -> None:
            super().__init__()
            self.station = station
            self.stream = stream

    class LookedAt(Message):
        """The listener rests on a station, or on a list of stories."""

        def __init__(self, section: str) -> None:
            super().__init__()
            self.section = section

    class Read(Message):
        """The listener wants to go to these stories."""

        def __init__(self, section: str) -> None:
            super().__init__()
            self.section = section

    def __init__(self, roster: Roster, sections: tuple[Section, ...], keymap: Keymap) -> None:
        super().__init__("air")
        choose = "list.choose"
        self._station_keys = key_hints(keymap, (choose, "tune"), ("story.page", "website"))
        self._section_keys = key_hints(keymap, (choose, "stories"), ("feed.add", "add a feed"))
        self._feed_keys = key_hints(keymap, (choose, "stories"), ("feed.remove", "remove"))
        self.border_subtitle = self._station_keys
        self._awaited = ""
        self._settling: Timer | None = None
        self._unfolded: set[str] = set()
        self._tuned: tuple[str, str, PlayState] = ("", "", PlayState.STOPPED)
        self.placard = _no_stations(roster)
        self.set_reactive(OnAirList.roster, roster)
        self.set_reactive(OnAirList.sections, sections)
        if roster.stations:
            self._unfolded.add(roster.stations[0].id)
        self._show()
        with self.prevent(OptionList.OptionHighlighted):
            self.action_first()

    def choose(self, station: str, stream: str = "") -> None:
        """Put the highlight on a station or one of its streams."""
        found = self.roster.station(station)
        if found is not None:
            self._unfolded.add(station)
            self._show()
            self.highlight(_stream_row(found, stream) if stream else _station_row(found))

    def choose_section(self, section_id: str) -> None:
        """Put the highlight on a list of stories, or on a station, as soon as there is a row."""
        self._awaited = section_id
        self._find_awaited()

    def _find_awaited(self) -> None:
        if self._awaited and self._index(self._awaited) is not None:
            self.highlight(self._awaited)
            self._awaited = ""

    @property
    def chosen_section(self) -> Section | None:
        """The highlighted list of stories; None on a station."""
        wanted = self.highlighted_id
        return next((section for section in self.sections if section.id == wanted), None)

    @property
    def chosen(self) -> tuple[Station, Stream] | None:
        """The stream that Enter would tune to."""
        station_id, _, stream_id = (self.highlighted_id or "").partition("/")
        station = self.roster.station(station_id)
        if station is None or not station.streams:
            return None
        return station, station.stream(stream_id) or station.streams[0]

    def watch_roster(self, roster: Roster) -> None:
        """The list was edited."""
        self.placard = _no_stations(roster)
        self._show()

    def watch_sections(self) -> None:
        """A feed came or went."""
        self._show()
        self._find_awaited()

    def watch_airs(self) -> None:
        """Something else is on."""
        self._show()

    def watch_playback(self, playback: Playback) -> None:
        """Mark what plays; the seconds that go by there change nothing here."""
        tuned = (playback.station, playback.stream, playback.state)
        if tuned != self._tuned:
            self._tuned = tuned
            if playback.state is not PlayState.STOPPED:
                self._unfolded.add(playback.station)
            self._show()

    def on_option_list_option_highlighted(self) -> None:
        """Wait until the listener rests there."""
        section = self.chosen_section
        self.border_subtitle = self._keys_for(section) if section else self._station_keys
        if self._settling is not None:
            self._settling.stop()
        self._settling = self.set_timer(self.SETTLE_SECONDS, self._settled)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Tune, or go to the stories."""
        event.stop()
        if self.chosen_section is not None:
            self.post_message(self.Read(self.chosen_section.id))
        elif self.chosen is not None:
            station, stream = self.chosen
            self.post_message(self.Tune(station.id, stream.id))

    def _keys_for(self, section: Section) -> Content:
        return self._feed_keys if section.id.startswith(_FEED) else self._section_keys

    def _settled(self) -> None:
        if self.chosen_section is not None:
            self.post_message(self.LookedAt(self.chosen_section.id))
            return
        if self.chosen is None:
            return
        station, _ = self.chosen
        if station.id not in self._unfolded:
            self._unfolded.add(station.id)
            self._show()
        self.post_message(self.LookedAt(station.id))

    def _show(self) -> None:
        self.show_rows(list(self._entries_of(self.roster)))

    def _entries_of(self, roster: Roster) -> Iterator[Entry]:
        group = ""
        for number, station in enumerate(roster.stations):
            if station.group != group:
                group = station.group
                if number:
                    yield Entry(None, BLANK)
                yield Entry(None, foreign(group.upper(), "dim"))
            if len(station.streams) == 1:
                yield Entry(_station_row(station), self._single(station))
                continue
            unfolded = station.id in self._unfolded
            yield Entry(_station_row(station), self._folder(station, unfolded=unfolded))
            if unfolded:
                for stream in station.streams:
                    yield Entry(_stream_row(station, stream.id), self._stream(station, stream))
        if self.sections:
            yield Entry(None, BLANK if roster.stations else _no_stations(roster))
            yield Entry(None, own("STORIES", "dim"))
            for section in self.sections:
                yield Entry(section.id, self._section(section))

    def _section(self, section: Section) -> Row:
        kind, _, name = section.id.partition(":")
        if f"{kind}:" == _FOLDER:
            within = section.name.rpartition("/")[2]
            return Row(own("  " * name.count("/") + "▾ ", "dim"), foreign(within))
        if f"{kind}:" == _FEED:
            folder = next((feed.folder for feed in self.roster.feeds if feed.url == name), "")
            return Row(own("  " * _depth(folder) + "· ", "dim"), foreign(section.name))
        return Row(own("★ " if section.starred else "  ", "dim"), own(section.name))

    def _single(self, station: Station) -> Row:
        stream = station.streams[0]
        name = foreign(station.name, self._weight(station, stream))
        return Row(self._mark(station, stream), row(name, self._on(station, stream)))

    def _folder(self, station: Station, *, unfolded: bool) -> Row:
        tuned = self._tuned[0] == station.id and self._tuned[2] in _MARKS and not unfolded
        mark = _glyph(self._tuned[2]) if tuned else own("▾ " if unfolded else "▸ ", "dim")
        aside = BLANK if unfolded else own(str(len(station.streams)), "dim")
        return Row(mark, foreign(station.name), aside)

    def _stream(self, station: Station, stream: Stream) -> Row:
        # Its line for what is on is kept free from the start, so that nothing moves when it comes.
        scheduled = bool(stream.schedule or stream.programmes)
        return Row(
            own("  ") + self._mark(station, stream),
            foreign(stream.name, self._weight(station, stream)),
            under=self._on(station, stream) if scheduled else None,
        )

    def _weight(self, station: Station, stream: Stream) -> str:
        return "bold" if self._is_tuned(station, stream) else ""

    def _is_tuned(self, station: Station, stream: Stream) -> bool:
        return self._tuned[:2] == (station.id, stream.id) and self._tuned[2] in _MARKS

    def _mark(self, station: Station, stream: Stream) -> Content:
        return _glyph(self._tuned[2]) if self._is_tuned(station, stream) else own("  ")

    def _on(self, station: Station, stream: Stream) -> Content:
        on_air = self.airs.get((station.id, stream.id))
        return foreign(on_air.now.title, "dim") if on_air and on_air.now else BLANK


def _depth(folder: str) -> int:
    """How many folders a feed is in."""
    return folder.count("/") + 1 if folder else 0


def _glyph(state: PlayState) -> Content:
    glyph, style = _MARKS[state]
    return own(f"{glyph} ", style)


def _station_row(station: Station) -> str:
    return station.id


def _stream_row(station: Station, stream: str) -> str:
    return f"{station.id}/{stream}" if len(station.streams) > 1 else station.id


def _no_stations(roster: Roster) -> Content:
    path = f"\n{roster.path}" if roster.path else ""
    return own("No stations", "bold") + own(f"\nadd some to the station list{path}", "dim")
