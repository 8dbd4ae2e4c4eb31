"""The station list as it is written, of which the stations are changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from radiotui.problems import Problem, ProblemKind
from radiotui.stations.model import Station, Stream
from radiotui.stations.toml_sheet import TomlSheet, cut, is_empty, quoted
from radiotui.text import clean, nearest, shorten, without_password


class ListPlace(NamedTuple):
    """A place in the order of the stations."""

    is_after: bool
    anchor: str = ""
    """The id of the station before or after it; empty: the first or the last one."""


@dataclass(frozen=True)
class StationSheet(TomlSheet):
    """A station list as it is written, of which the stations are changed."""

    kind = "station"

    @property
    def ids(self) -> list[str]:
        """The id of each station, "" where none is written."""
        return [_text(table.get("id")) for table in self.tables]

    @property
    def addresses(self) -> dict[str, str]:
        """Every address of a stream without its password, and the stream: "knau/news"."""
        places: dict[str, str] = {}
        for table in self.tables:
            for stream in _tables(table.get("stream")):
                place = f"{_text(table.get('id'))}/{_text(stream.get('id'))}"
                for url in _texts(stream.get("url")):
                    places.setdefault(without_password(clean(url, 4096)), place)
        return places

    def find(self, station_id: str) -> int:
        """The place of the station with that id. Raises Problem with the nearest one."""
        ids = self.ids
        if station_id and station_id in ids:
            return ids.index(station_id)
        title = f"{self.name} has no station {shorten(clean(station_id), 80)!r}"
        meant = nearest(station_id[:64], [written for written in ids if written])
        listed = f"there are: {', '.join(ids[:30])}" if ids else "it has none"
        hint = f"did you mean {meant}?" if meant else listed
        raise Problem(title, hint, kind=ProblemKind.USAGE)

    def label(self, index: int) -> str:
        """The name of a station, or its id where it has none."""
        return _text(self.tables[index].get("name")) or self.ids[index]

    def with_stations(self, stations: Iterable[Station]) -> StationSheet:
        """With stations at the end."""
        return self.with_blocks(_block(station) for station in stations)

    def with_text(self, index: int, key: str, value: str) -> StationSheet:
        """With another text in a station's own table; an empty one takes its key away."""
        if self.tables[index].get(key, "") == value:
            return self
        expected = [dict(table) for table in self.tables]
        expected[index].pop(key, None)
        if value:
            expected[index][key] = value
        literal = quoted(value) if value else ""
        return self.with_value(("station", index), key, literal).holding(expected)

    def without_station(self, index: int) -> StationSheet:
        """Without a station, the remark directly above it, and one empty line."""
        expected = [table for at, table in enumerate(self.tables) if at != index]
        sheet = self.without(index)
        if not sheet.text.strip():
            return replace(sheet, text="# [[station]] begins a station, [[feed]] a feed\n")
        return sheet.holding(expected)

    def moved(self, index: int, place: ListPlace) -> StationSheet:
        """With a station at another place: its remarks and the empty lines above it go along."""
        count = len(self.tables)
        target = self.find(place.anchor) if place.anchor else (count - 1 if place.is_after else 0)
        if target == index:
            return self
        order = [at for at in range(count) if at != index]
        position = order.index(target)
        order.insert(position + place.is_after, index)
        expected = [self.tables[at] for at in order]
        sheet, block, gap = self._apart(index)
        lines = sheet.lines
        runs = sheet.runs(position)
        if place.is_after:
            at = sheet.below(runs[-1][1])
            if at == len(lines) and not lines[-1].endswith("\n"):
                lines[-1] += self.line_end
            lines[at:at] = [*gap, *block]
        else:
            at = sheet.remark_above(runs[0][0])
            lines[at:at] = [*block, *gap]
        return replace(self, text="".join(lines)).holding(expected)

    def below_group(self, index: int) -> StationSheet:
        """With a station below the last other one of its group; as it is where that cannot be."""
        group = _text(self.tables[index].get("group"))
        mates = [
            at
            for at, table in enumerate(self.tables)
            if at != index and _text(table.get("group")) == group and self.ids[at]
        ]
        if not group or not mates or index == mates[-1] + 1:
            return self
        try:
            return self.moved(index, ListPlace(is_after=True, anchor=self.ids[mates[-1]]))
        except Problem:  # it is in the group all the same
            return self

    def with_first_address(self, index: int, stream_id: str, url: str) -> StationSheet:
        """With an address before those of a stream."""
        streams = _tables(self.tables[index].get("stream"))
        number = next(
            (at for at, stream in enumerate(streams) if _text(stream.get("id")) == stream_id), None
        )
        where = ("station", index, "stream", number, "url")
        pair = next((line for line in self.statements if line.where == where), None)
        if number is None or pair is None or pair.value is None:
            raise self._not_here()
        lines, (begin, end) = self.lines, pair.value
        line = lines[pair.first - 1]
        if line[begin] == "[":
            lines[pair.first - 1] = f"{line[: begin + 1]}{quoted(url)}, {line[begin + 1 :]}"
        elif pair.first == pair.last:
            before, old, after = line[:begin], line[begin:end], line[end:]
            lines[pair.first - 1] = f"{before}[{quoted(url)}, {old}]{after}"
        else:
            raise self._not_here()
        expected = [dict(table) for table in self.tables]
        renewed = [dict(stream) for stream in streams]
        renewed[number]["url"] = [url, *_texts(renewed[number].get("url"))]
        expected[index]["stream"] = renewed
        return replace(self, text="".join(lines)).holding(expected)

    def holding(self, expected: list[dict[str, Any]]) -> StationSheet:
        """The sheet itself. Raises Problem where its stations are not those expected.

        A file may be written in ways that no rule for lines foresees: it stays then.
        """
        try:
            if self.tables == expected:
                return self
        except Problem:
            pass
        raise self._not_here()

    def _not_here(self) -> Problem:
        return Problem(
            f"{self.name} is written in a way that this cannot be changed here",
            "change it with an editor",
        )

    def _apart(self, index: int) -> tuple[StationSheet, list[str], list[str]]:
        """The sheet without a station, the station's lines, and the empty lines above it."""
        lines = self.lines
        block: list[str] = []
        gap: list[str] = []
        runs = self.runs(index)
        for number, (first, last) in reversed(list(enumerate(runs))):
            begin, end = self.remark_above(first), self.below(last)
            block[:0] = lines[begin:end]
            if number == 0:
                top = begin
                while top and is_empty(lines[top - 1]):
                    top -= 1
                gap = lines[top:begin]
                begin = top
            cut(lines, begin, end)
            while number == 0 and begin == 0 and lines and is_empty(lines[0]):
                gap.append(lines.pop(0))
        if block and not block[-1].endswith("\n"):
            block[-1] += self.line_end
        return replace(self, text="".join(lines)), block, gap or [self.line_end]

    def below(self, last: int) -> int:
        """The line behind the remark that stands directly below a block, alone."""
        lines, end = self.lines, last
        while end < len(lines) and lines[end].lstrip().startswith("#"):
            end += 1
        return end if end == len(lines) or is_empty(lines[end]) else last


def _block(station: Station) -> list[str]:
    own = [
        ("id", quoted(station.id)),
        ("name", quoted(station.name)),
        ("city", quoted(station.city) if station.city else ""),
        ("timezone", quoted(station.timezone) if station.timezone != "UTC" else ""),
        ("homepage", quoted(station.homepage) if station.homepage else ""),
        ("picture", quoted(station.picture) if station.picture else ""),
        ("group", quoted(station.group) if station.group else ""),
        ("feeds", _list(station.feeds)),
        ("podcasts", _list(station.podcasts)),
    ]
    lines = ["[[station]]", *_pairs(own)]
    for stream in station.streams:
        lines += ["", *(f"  {line}" for line in _stream_block(stream))]
    return lines


def _stream_block(stream: Stream) -> list[str]:
    headers = ", ".join(f"{quoted(key)} = {quoted(value)}" for key, value in stream.headers)
    sources = ", ".join(
        "{ " + ", ".join(f"{key} = {quoted(value)}" for key, value in options) + " }"
        for options in ((("source", s.source), *s.options) for s in stream.schedule)
    )
    pairs = [
        ("id", quoted(stream.id)),
        ("name", quoted(stream.name)),
        ("url", quoted(stream.urls[0]) if len(stream.urls) == 1 else _list(stream.urls)),
        ("headers", f"{{ {headers} }}" if headers else ""),
        ("encoding", quoted(stream.encoding) if stream.encoding else ""),
        ("delay", quoted(f"{stream.delay // 60:.0f}m") if stream.delay else ""),
        ("listing", quoted(stream.listing) if stream.listing else ""),
        ("schedule", f"[{sources}]" if sources else ""),
    ]
    return ["[[station.stream]]", *_pairs(pairs)]


def _pairs(pairs: Iterable[tuple[str, str]]) -> list[str]:
    return [f"{key} = {literal}" for key, literal in pairs if literal]


def _list(values: Iterable[str]) -> str:
    literals = ", ".join(map(quoted, values))
    return f"[{literals}]" if literals else ""


def _text(value: object) -> str:
    return clean(value) if isinstance(value, str) else ""


def _texts(value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [text for text in values if isinstance(text, str)]


def _tables(value: object) -> list[dict[str, Any]]:
    values = value if isinstance(value, list) else []
    return [table for table in values if isinstance(table, dict)]
