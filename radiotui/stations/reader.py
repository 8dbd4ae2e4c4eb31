"""The checks of a station list whose TOML is sound: from tables to stations."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import msgspec
from msgspec.structs import replace

from radiotui.problems import Problem, ProblemKind
from radiotui.stations import fields
from radiotui.stations.model import (
    FeedKind,
    OwnFeed,
    ScheduleSource,
    Station,
    StationList,
    Stream,
    WeeklyProgramme,
)
from radiotui.stations.schedule_sources import SCHEDULE_SOURCES, SourceOptions
from radiotui.text import clean, nearest

if TYPE_CHECKING:
    from radiotui.net.logins import Login
    from radiotui.stations.toml_positions import TomlPositions, Where


class TableShape(msgspec.Struct, frozen=True):
    """Checks of a kind of table: keys it may hold, and keys it must, with an example of each."""

    name: str
    checks: Mapping[str, fields.Check]
    needs: Mapping[str, str] = msgspec.field(default_factory=dict)


LIST_TABLE = TableShape(
    "", {kind: fields.tables(f"[[{kind}]]") for kind in ("station", "feed", "podcast")}
)
STATION_TABLE = TableShape(
    "station",
    {
        "id": fields.station_id,
        "name": fields.name,
        "city": fields.line,
        "timezone": fields.timezone,
        "homepage": fields.homepage,
        "picture": fields.homepage,
        "group": fields.line,
        "feeds": fields.addresses,
        "podcasts": fields.addresses,
        "stream": fields.tables("[[station.stream]]"),
    },
    {
        "id": 'id = "my-radio"',
        "name": 'name = "My Radio"',
        "stream": "[[station.stream]] below the station, with an id and a url",
    },
)
STREAM_TABLE = TableShape(
    "stream",
    {
        "id": fields.identity,
        "name": fields.name,
        "url": fields.urls,
        "encoding": fields.encoding,
        "headers": fields.headers,
        "delay": fields.delay,
        "schedule": fields.tables('[{ source = "npr", stream = "…" }]'),
        "programme": fields.tables("[[station.stream.programme]]"),
        "listing": fields.line,
    },
    {"id": 'id = "live"', "url": 'url = "https://…"'},
)
PROGRAMME_TABLE = TableShape(
    "programme",
    {
        "name": fields.name,
        "days": fields.days,
        "start": fields.clock,
        "end": fields.clock,
        "host": fields.line,
    },
    {
        "name": 'name = "Morning Edition"',
        "days": 'days = "mon-fri"',
        "start": 'start = "04:00"',
        "end": 'end = "09:00"',
    },
)
FEED_TABLES: dict[FeedKind, TableShape] = {
    kind: TableShape(
        kind,
        {
            "url": fields.address,
            "title": fields.line,
            "folder": fields.folder,
            "password_command": fields.line,
        },
        {"url": 'url = "https://…"'},
    )
    for kind in get_args(FeedKind)
}


def source_table(options: SourceOptions) -> TableShape:
    """The keys of a schedule source with these options."""
    names = (*options.required, *options.optional)
    return TableShape(
        "schedule",
        {"source": fields.name, **dict.fromkeys(names, fields.name)}
        | {name: fields.address for name in ("base", "url") if name in {"base", *names}},
        {option: f'{option} = "…"' for option in options.required},
    )


class StationReader:
    """One reading of one file."""

    def __init__(self, path: Path, text: str) -> None:
        self._path = path
        self._text = text
        self._lines: TomlPositions | None = None
        self._problems: list[tuple[int, Problem]] = []
        self._logins: dict[str, Login] = {}

    def station_list(self, values: dict[str, Any]) -> StationList:
        """The stations of ``values``, which is what :mod:`tomllib` made of the text."""
        self._table(values, (), LIST_TABLE, "none of them can be read")
        stations = []
        taken: dict[str, Where] = {}
        for index, table in enumerate(_tables(values, "station")):
            where = ("station", index)
            loss = f"{_label(table, 'station')} is left out until this is mended"
            station = self._station(table, where, loss)
            if self._is_free(table, where, "station", taken, loss) and station:
                stations.append(station)
        feeds, podcasts = (self._feeds(values, kind) for kind in ("feed", "podcast"))
        if not values:
            self._report((), "there is no station in it", "[[station]] begins one")
        self._problems.sort(key=lambda item: item[0])
        problems = tuple(problem for _, problem in self._problems)
        logins = tuple(self._logins.values())
        return StationList(tuple(stations), problems, self._path, feeds, podcasts, logins)

    def _feeds(self, values: dict[str, Any], kind: FeedKind) -> tuple[OwnFeed, ...]:
        feeds: dict[str, OwnFeed] = {}
        lines: dict[str, Where] = {}
        for index, table in enumerate(_tables(values, kind)):
            where = (kind, index)
            loss = f"{_label(table, kind)} is left out until this is mended"
            right = self._table(table, where, FEED_TABLES[kind], loss)
            if right is None:
                continue
            right["url"] = self._without_login(right["url"], right.get("password_command", ""))
            feed = OwnFeed(**right)
            if feed.password_command and feed.url not in self._logins:
                title = f"{kind}.password_command: the address names no user"
                self._report((*where, "password_command"), title, "write https://NAME@ before it")
            if feed.url in feeds:
                first = self._line(lines[feed.url])
                title = f"{kind}.url: {fields.got(feed.url)} stands in line {first} already"
                self._report((*where, "url"), title, "the first one is used")
                continue
            feeds[feed.url] = feed
            lines[feed.url] = (*where, "url")
        return tuple(feeds.values())

    def _without_login(self, url: str, command: str = "") -> str:
        """The address without the user that stands in it, who is noted with the command."""
        if "@" not in url:
            return url
        from radiotui.net.logins import login_in

        login = login_in(url)
        if login is None:
            return url
        self._logins.setdefault(login.url, replace(login, command=command))
        return login.url

    def _station(self, table: dict[str, Any], where: Where, loss: str) -> Station | None:
        right = self._table(table, where, STATION_TABLE, loss)
        written = _tables(table, "stream")
        streams: list[Stream] = []
        taken: dict[str, Where] = {}
        for index, inner in enumerate(written):
            below = (*where, "stream", index)
            stream = self._stream(inner, below, loss)
            if self._is_free(inner, below, "stream", taken, loss) and stream:
                streams.append(stream)
        if table.get("stream") == []:
            self._report((*where, "stream"), _missing(STATION_TABLE, "stream"), loss)
        if right is None or not streams or len(streams) < len(written):
            return None
        del right["stream"]
        for key in ("feeds", "podcasts"):
            right[key] = tuple(map(self._without_login, right.get(key, ())))
        return Station(**right, streams=tuple(streams))

    def _stream(self, table: dict[str, Any], where: Where, loss: str) -> Stream | None:
        right = self._table(table, where, STREAM_TABLE, loss)
        sources = [
            self._source(inner, (*where, "schedule", index))
            for index, inner in enumerate(_tables(table, "schedule"))
        ]
        programmes = [
            self._programme(inner, (*where, "programme", index))
            for index, inner in enumerate(_tables(table, "programme"))
        ]
        if right is None:
            return None
        return Stream(
            id=right["id"],
            name=right.get("name", "Live"),
            urls=right["url"],
            encoding=right.get("encoding"),
            listing=right.get("listing", ""),
            headers=right.get("headers", ()),
            delay=right.get("delay", 0.0),
            schedule=tuple(source for source in sources if source),
            programmes=tuple(programme for programme in programmes if programme),
        )

    def _source(self, table: dict[str, Any], where: Where) -> ScheduleSource | None:
        loss = "the stream is used without this schedule"
        source = table.get("source")
        if not isinstance(source, str) or source not in SCHEDULE_SOURCES:
            self._report((*where, "source"), f"schedule.source: {_no_source(source)}", loss)
            return None
        right = self._table(table, where, source_table(SCHEDULE_SOURCES[source]), loss)
        if right is None:
            return None
        return ScheduleSource(right.pop("source"), tuple(right.items()))

    def _programme(self, table: dict[str, Any], where: Where) -> WeeklyProgramme | None:
        right = self._table(table, where, PROGRAMME_TABLE, "the schedule is used without it")
        if right is None:
            return None
        return WeeklyProgramme(**{**right, "host": right.get("host") or None})

    def _table(
        self, table: dict[str, Any], where: Where, shape: TableShape, loss: str
    ) -> dict[str, Any] | None:
        """The checked values of one table; None when one is wrong or missing."""
        right: dict[str, Any] = {}
        whole = True
        for key, value in table.items():
            if key not in shape.checks:
                self._report((*where, key), _unknown(shape, key), "it is passed over")
                continue
            try:
                right[key] = shape.checks[key](value)
            except fields.FieldError as wrong:
                self._report((*where, key), f"{_field(shape, key)}: {wrong}", loss)
                whole = False
        for key in shape.needs:
            if key not in table:
                self._report(where, _missing(shape, key), loss)
                whole = False
        return right if whole else None

    def _is_free(
        self, table: dict[str, Any], where: Where, kind: str, taken: dict[str, Where], loss: str
    ) -> bool:
        written = table.get("id")
        if not isinstance(written, str):
            return False
        name = clean(written)
        first = taken.setdefault(name, (*where, "id"))
        if first == (*where, "id"):
            return True
        mend = f"{fields.got(name)} is taken by line {self._line(first)}, choose another id"
        self._report((*where, "id"), f"{kind}.id: {mend}", loss)
        return False

    def _report(self, where: Where, title: str, hint: str) -> None:
        line = self._line(where)
        words = f"{self._path.name}:{line}: {title}"
        kind = ProblemKind.USAGE
        self._problems.append((line, Problem(words, hint, str(self._path), kind=kind)))

    def _line(self, where: Where) -> int:
        if self._lines is None:
            # With the first mistake: a right file costs nothing.
            from radiotui.stations.toml_positions import TomlPositions

            self._lines = TomlPositions(self._text)
        return self._lines.line(where)


def _tables(table: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """The tables of a list, or none where :data:`STREAM_TABLE` and its like find the list wrong."""
    written = table.get(key)
    right = isinstance(written, list) and all(isinstance(entry, dict) for entry in written)
    return written if right and written else []


def _label(table: dict[str, Any], kind: str) -> str:
    """A name for a station or a feed that may have anything wrong with it."""
    for key in ("name", "id") if kind == "station" else ("title", "url"):
        if isinstance(table.get(key), str) and (label := clean(table[key], 60)):
            return label
    return f"this {kind}"


def _field(shape: TableShape, key: str) -> str:
    return f"{shape.name}.{key}" if shape.name else key


def _missing(shape: TableShape, key: str) -> str:
    return f"{_field(shape, key)}: is missing, write {shape.needs[key]}"


def _unknown(shape: TableShape, key: str) -> str:
    names = list(shape.checks)
    meant = nearest(key[:64].lower(), names)
    mend = f"did you mean {meant}?" if meant else f"there are {', '.join(names)}"
    return f"{_field(shape, clean(key, 60))}: there is no such key, {mend}"


def _no_source(source: object) -> str:
    if source is None:
        return 'is missing, write source = "npr"'
    if not isinstance(source, str):
        return f"expected text, got {fields.got(source)}"
    if source == "weekly":
        return "a weekly table is written as [[station.stream.programme]]"
    meant = nearest(source[:64].lower(), list(SCHEDULE_SOURCES))
    mend = f"did you mean {meant}?" if meant else f"there are {', '.join(SCHEDULE_SOURCES)}"
    return f"there is no source {fields.got(source)}, {mend}"
