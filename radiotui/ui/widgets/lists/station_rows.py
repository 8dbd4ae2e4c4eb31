"""The rows of stations, of their streams, and of the lists of stories below them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from typing import NamedTuple

from textual.content import Content

from radiotui.guide.model import OnAir
from radiotui.player.state import PlayerState, PlayState
from radiotui.problems import Problem
from radiotui.stations.model import Station, StationList, Stream
from radiotui.stories.model import FeedSection, Folder, Section, SectionKey, StationSection
from radiotui.ui.kit.content import BLANK, row, trusted, untrusted
from radiotui.ui.kit.row import Row
from radiotui.ui.kit.row_list import ListEntry

Airs = Mapping[tuple[str, str], OnAir]
Key = tuple[str, str]
"""Station and stream."""


class Tuned(NamedTuple):
    """Streams that are tuned to, pending and kept ready."""

    key: Key = ("", "")
    state: PlayState = PlayState.STOPPED
    """State of the player."""
    pending: Key | None = None
    ready: frozenset[Key] = frozenset()


def tuned_by(player_state: PlayerState) -> Tuned:
    """As the player says."""
    pending = player_state.pending.key if player_state.pending else None
    ready = frozenset(listening.key for listening in player_state.ready)
    return Tuned(player_state.key, player_state.station_state, pending, ready)


_PENDING, _READY = trusted("→ ", "$warning"), trusted("○ ", "dim")
_MARKS = {
    PlayState.PLAYING: ("●", "$error"),
    PlayState.PAUSED: ("‖", "$warning"),
    PlayState.CONNECTING: ("◌", "$warning"),
}


def station_row(station: Station) -> str:
    """The id of a station's row."""
    return station.id


def stream_row(station: Station, stream: str) -> str:
    """The id of a stream's row."""
    return f"{station.id}/{stream}" if len(station.streams) > 1 else station.id


def section_row(key: SectionKey) -> str:
    """The id of a section's row. Only that of a station has no colon."""
    match key:
        case StationSection(station=station):
            return station
        case Folder(path=path):
            return f"folder:{path}"
        case FeedSection(url=url):
            return f"feed:{url}"
    return f"{type(key).__name__}:"


def problem_row(number: int) -> str:
    """The id of the row of a mistake in the station list."""
    return f"problem:{number}"


def no_stations(station_list: StationList) -> Content:
    """Text in place of the stations where there are none."""
    path = f"\n{station_list.path}" if station_list.path else ""
    return trusted("No stations", "bold") + trusted(f"\nadd some to the station list{path}", "dim")


class AirRows(NamedTuple):
    """All that the rows say."""

    station_list: StationList
    sections: tuple[Section, ...]
    airs: Airs
    tuned: Tuned
    unfolded: Set[str]

    def entries(self) -> Iterator[ListEntry]:
        """Every row."""
        group = ""
        for number, station in enumerate(self.station_list.stations):
            if station.group != group:
                group = station.group
                if number:
                    yield ListEntry(None, BLANK)
                yield ListEntry(None, untrusted(group.upper(), "dim"))
            yield from self._of_station(station)
        if self.station_list.problems:
            yield ListEntry(None, BLANK)
            yield ListEntry(None, trusted("WRONG IN THE FILE", "dim"))
            for number, problem in enumerate(self.station_list.problems):
                yield ListEntry(problem_row(number), _problem(problem))
        if self.sections:
            yield ListEntry(
                None, BLANK if self.station_list.stations else no_stations(self.station_list)
            )
            yield ListEntry(None, trusted("STORIES", "dim"))
            folders = {feed.url: feed.folder for feed in self.station_list.feeds}
            for section in self.sections:
                yield ListEntry(section_row(section.key), _section(section, folders))

    def _of_station(self, station: Station) -> Iterator[ListEntry]:
        if len(station.streams) == 1:
            yield ListEntry(station_row(station), self._single(station))
            return
        unfolded = station.id in self.unfolded
        yield ListEntry(station_row(station), self._station(station, unfolded=unfolded))
        if unfolded:
            for stream in station.streams:
                yield ListEntry(stream_row(station, stream.id), self._stream(station, stream))

    def _single(self, station: Station) -> Row:
        stream = station.streams[0]
        name = untrusted(station.name, self._weight(station, stream))
        words = row(name, self._on(station, stream))
        return Row(self._mark(station, stream), words, self._word(station, stream))

    def _station(self, station: Station, *, unfolded: bool) -> Row:
        mark = trusted("▾ " if unfolded else "▸ ", "dim")
        if unfolded:
            return Row(mark, untrusted(station.name))
        marks = [self._mark(station, stream) for stream in station.streams]
        glyphs = [glyph for glyph in (*marks, mark) if glyph.plain.strip()]
        return Row(glyphs[0], untrusted(station.name), trusted(str(len(station.streams)), "dim"))

    def _stream(self, station: Station, stream: Stream) -> Row:
        # Its line for what is on is kept free from the start, so that nothing moves when it comes.
        scheduled = bool(stream.schedule or stream.programmes)
        return Row(
            trusted("  ") + self._mark(station, stream),
            untrusted(stream.name, self._weight(station, stream)),
            self._word(station, stream),
            under=self._on(station, stream) if scheduled else None,
        )

    def _weight(self, station: Station, stream: Stream) -> str:
        return "bold" if self._is_tuned(station, stream) else ""

    def _is_tuned(self, station: Station, stream: Stream) -> bool:
        return self.tuned.key == (station.id, stream.id) and self.tuned.state in _MARKS

    def _mark(self, station: Station, stream: Stream) -> Content:
        if self._is_tuned(station, stream):
            return _glyph(self.tuned.state)
        if self.tuned.pending == (station.id, stream.id):
            return _PENDING
        return _READY if (station.id, stream.id) in self.tuned.ready else trusted("  ")

    def _word(self, station: Station, stream: Stream) -> Content:
        if self.tuned.pending == (station.id, stream.id):
            return trusted("tuning", "$warning")
        return trusted("warm", "dim") if (station.id, stream.id) in self.tuned.ready else BLANK

    def _on(self, station: Station, stream: Stream) -> Content:
        on_air = self.airs.get((station.id, stream.id))
        return untrusted(on_air.now.title, "dim") if on_air and on_air.now else BLANK


def _problem(problem: Problem) -> Row:
    return Row(
        trusted("⚠ ", "$warning"),
        untrusted(problem.title),
        under=untrusted(problem.hint, "dim"),
        most_lines=2,
    )


def _section(section: Section, folders: Mapping[str, str]) -> Row:
    match section.key:
        case Folder(path=path):
            within = section.name.rpartition("/")[2]
            return Row(trusted("  " * path.count("/") + "▾ ", "dim"), untrusted(within))
        case FeedSection(url=url):
            folder = folders.get(url, "")
            depth = folder.count("/") + 1 if folder else 0
            return Row(trusted("  " * depth + "· ", "dim"), untrusted(section.name))
    return Row(trusted("★ " if section.starred else "  ", "dim"), trusted(section.name))


def _glyph(state: PlayState) -> Content:
    glyph, style = _MARKS[state]
    return trusted(f"{glyph} ", style)
