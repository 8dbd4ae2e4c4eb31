"""The rows of stations, of their streams, and of the lists of stories below them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from datetime import UTC, datetime

import msgspec
from textual.content import Content

from radiotui.guide.model import OnAir
from radiotui.player.state import PlayerState, PlayState
from radiotui.problems import Problem
from radiotui.stations.model import Station, StationList, Stream
from radiotui.stories.model import (
    FeedSection,
    Folder,
    PodcastSection,
    Section,
    SectionKey,
    StationSection,
)
from radiotui.ui.kit.content import BLANK, row, trusted, untrusted
from radiotui.ui.kit.row import Row
from radiotui.ui.kit.row_list import ListEntry
from radiotui.ui.kit.time_words import minutes_until

Airs = Mapping[tuple[str, str], OnAir]
Key = tuple[str, str]
"""Station and stream."""
Unread = Mapping[str, int]
"""The number of unread stories of each feed, by its address."""

_NAME_COLUMNS = 28
"""Columns of a name that has what is on beside it."""


class Tuned(msgspec.Struct, frozen=True):
    """Streams that are tuned to, pending and kept ready."""

    key: Key = ("", "")
    state: PlayState = PlayState.STOPPED
    """State of the player."""
    pending: Key | None = None
    ready: frozenset[Key] = frozenset()

    @property
    def stations(self) -> list[str]:
        """The stations that are tuned to and being tuned to, by id."""
        keys = [self.key if self.state is not PlayState.STOPPED else None, self.pending]
        return [key[0] for key in keys if key is not None]


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
        case PodcastSection(url=url):
            return f"podcast:{url}"
    return f"{type(key).__name__}:"


def section_at(sections: Iterable[Section], row_id: str) -> Section | None:
    """The section of a row; None where it has another row's id."""
    return next((section for section in sections if section_row(section.key) == row_id), None)


def stream_at(station_list: StationList, row_id: str) -> tuple[Station, Stream] | None:
    """Station and stream of a row; of a station's it is the first stream."""
    station_id, _, stream_id = row_id.partition("/")
    station = station_list.station(station_id)
    if station is None or not station.streams:
        return None
    return station, station.stream(stream_id) or station.streams[0]


def time_shown(station_list: StationList, airs: Airs, now: datetime) -> datetime:
    """The time that the rows depend on; the same one for ever where they depend on none."""
    depends = airs or any(station.begins for station in station_list.stations)
    return now if depends else datetime.min.replace(tzinfo=UTC)


def problem_row(number: int) -> str:
    """The id of the row of a mistake in the station list."""
    return f"problem:{number}"


def no_stations(station_list: StationList) -> Content:
    """Text in place of the stations where there are none."""
    path = f"\n{station_list.path}" if station_list.path else ""
    return trusted("No stations", "bold") + trusted(f"\nadd some to the station list{path}", "dim")


class AirRows(msgspec.Struct, frozen=True):
    """All that the rows say."""

    station_list: StationList
    sections: tuple[Section, ...]
    airs: Airs
    tuned: Tuned
    unfolded: Set[str]
    unread: Unread
    at: datetime
    """What has ended by then is not on any more."""

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
        yield from self._of_sections()

    def _of_sections(self) -> Iterator[ListEntry]:
        above = BLANK if self.station_list.stations else no_stations(self.station_list)
        folders = {feed.url: feed.folder for feed in self.station_list.feeds}
        of_podcasts = [section for section in self.sections if section.is_of_podcasts]
        of_stories = [section for section in self.sections if not section.is_of_podcasts]
        for heading, sections in (("PODCASTS", of_podcasts), ("STORIES", of_stories)):
            if sections:
                yield ListEntry(None, above)
                yield ListEntry(None, trusted(heading, "dim"))
                above = BLANK
            for section in sections:
                yield ListEntry(section_row(section.key), self._section(section, folders))

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
        aside = row(self._word(station, stream), self._count(station.feeds), gap=1)
        return self._row(self._mark(station, stream), name, aside, self._on(station, stream))

    def _station(self, station: Station, *, unfolded: bool) -> Row:
        name, count = untrusted(station.name), self._count(station.feeds)
        if unfolded:
            return Row(trusted("▾ ", "dim"), name, count)
        marks = [self._mark(station, stream) for stream in station.streams]
        glyphs = [glyph for glyph in (*marks, trusted("▸ ", "dim")) if glyph.plain.strip()]
        return self._row(glyphs[0], name, count, self._on(station, self.foremost(station)))

    def _stream(self, station: Station, stream: Stream) -> Row:
        mark = trusted("  ") + self._mark(station, stream)
        name = untrusted(stream.name, self._weight(station, stream))
        aside, programme = self._word(station, stream), self._on(station, stream)
        return self._row(mark, name, aside, programme)

    def _row(self, mark: Content, name: Content, aside: Content, programme: Content) -> Row:
        beside = _NAME_COLUMNS - mark.cell_length
        return Row(mark, name, aside, under=programme, beside=beside)

    def foremost(self, station: Station) -> Stream:
        """The stream that stands for a folded station: the one that is tuned to, or the first."""
        tuned = station.stream(self.tuned.key[1]) if self.tuned.key[0] == station.id else None
        return tuned or station.streams[0]

    def streams_of(self, row_ids: Iterable[str]) -> tuple[Key, ...]:
        """The streams of which these rows say what is on."""
        keys: list[Key] = []
        for row_id in row_ids:
            station_id, _, stream_id = row_id.partition("/")
            station = self.station_list.station(station_id)
            if station is None or not station.streams:
                continue
            stream = station.stream(stream_id) if stream_id else self.foremost(station)
            if stream is not None and (stream_id or station.id not in self.unfolded):
                keys.append((station.id, stream.id))
        return tuple(keys)

    def _count(self, feeds: Iterable[str] | None) -> Content:
        """The number of unread stories of feeds; None: of all. Blank for none."""
        counts = self.unread.values() if feeds is None else map(self.unread.get, feeds)
        count = sum(filter(None, counts))
        return trusted(str(count), "dim") if count else BLANK

    def _section(self, section: Section, folders: Mapping[str, str]) -> Row:
        count = BLANK if section.is_personal else self._count(section.feeds)
        match section.key:
            case Folder(path=path):
                within = section.name.rpartition("/")[2]
                mark = trusted("  " * path.count("/") + "▾ ", "dim")
                return Row(mark, untrusted(within), count)
            case FeedSection(url=url):
                folder = folders.get(url, "")
                depth = folder.count("/") + 1 if folder else 0
                return Row(trusted("  " * depth + "· ", "dim"), untrusted(section.name), count)
            case PodcastSection():
                return Row(trusted("· ", "dim"), untrusted(section.name), count)
        mark = trusted("★ " if section.starred else "  ", "dim")
        return Row(mark, trusted(section.name), count)

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
        if station.announced == "live":
            return trusted("live", "$error")
        if station.begins is not None:
            return trusted(minutes_until(station.begins, self.at), "dim")
        return trusted("warm", "dim") if (station.id, stream.id) in self.tuned.ready else BLANK

    def _on(self, station: Station, stream: Stream) -> Content:
        on_air = self.airs.get((station.id, stream.id))
        programme = on_air.now_at(self.at) if on_air else None
        if programme is None:
            return BLANK
        usually = "usually " if programme.usual else ""
        return trusted(usually, "dim") + untrusted(programme.title, "dim")


def _problem(problem: Problem) -> Row:
    return Row(
        trusted("⚠ ", "$warning"),
        untrusted(problem.title),
        under=untrusted(problem.hint, "dim"),
        most_lines=2,
    )


def _glyph(state: PlayState) -> Content:
    glyph, style = _MARKS[state]
    return trusted(f"{glyph} ", style)
