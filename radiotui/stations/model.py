"""The model of a station: names, addresses, schedule sources and feeds.

Beside the stations stand the feeds that belong to none.
"""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from radiotui.problems import Problem
from radiotui.text import nearest, shorten

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from radiotui.net.logins import Login


class WeeklyProgramme(msgspec.Struct, frozen=True):
    """One line of a weekly table written by hand, in the station's own time."""

    name: str
    days: frozenset[int]
    """The days it *begins* on, Monday 0 to Sunday 6."""
    start: time
    end: time
    """At or before ``start``: on the next day ("00:00" is midnight after)."""
    host: str | None = None


class ScheduleSource(msgspec.Struct, frozen=True):
    """A schedule source of a stream: the source's name and its options."""

    source: str
    """"npr", "composer", …: a file of guide/sources/."""
    options: tuple[tuple[str, str], ...] = ()
    """As written in the file: ("stream", "4fcf…"), ("ucs", "50ef…"), ("base", "https://…")."""

    def option(self, name: str, default: str = "") -> str:
        """One option's value."""
        return dict(self.options).get(name, default)


class Stream(msgspec.Struct, frozen=True):
    """One thing that can be tuned to: a line of the page's *Available On Air Stations*."""

    id: str
    name: str
    urls: tuple[str, ...]
    """Alternatives, tried in order."""
    encoding: str | None = None
    """The encoding of the titles where it is not UTF-8."""
    headers: tuple[tuple[str, str], ...] = ()
    """Headers that its server wants, as ("Referer", "https://…")."""
    schedule: tuple[ScheduleSource, ...] = ()
    programmes: tuple[WeeklyProgramme, ...] = ()
    delay: float = 0.0
    """Seconds that it is to be heard later than it is sent: another hour's programme."""
    listing: str = ""
    """The directory and the id that it is listed under: "radio-browser:9617…", "npr:4fcf…"."""


class Station(msgspec.Struct, frozen=True):
    """A station: one or more streams, and what belongs to all of them."""

    id: str
    name: str
    streams: tuple[Stream, ...]
    city: str = ""
    homepage: str = ""
    timezone: str = "UTC"
    group: str = ""
    feeds: tuple[str, ...] = ()
    podcasts: tuple[str, ...] = ()
    picture: str = ""
    """The address of the station's picture, which goes into recordings."""
    announced: Literal["", "pending", "live"] = ""
    """State of a broadcast that a podcast announces; it is in no file. Empty for a station."""
    begins: datetime | None = None
    """Start of a broadcast that is pending."""

    @property
    def zone(self) -> ZoneInfo:
        """The station's time zone; the file's reader has checked that it exists."""
        from zoneinfo import ZoneInfo

        return ZoneInfo(self.timezone)

    def stream(self, stream_id: str) -> Stream | None:
        """The stream of that id."""
        return next((stream for stream in self.streams if stream.id == stream_id), None)


FeedKind = Literal["feed", "podcast"]
"""Tables of the listener's own feeds: of news, to be read, and of episodes, to be heard."""


class OwnFeed(msgspec.Struct, frozen=True):
    """A feed or podcast of the listener's own, which belongs to no station."""

    url: str
    title: str = ""
    """As the listener calls it; empty: as it calls itself."""
    folder: str = ""
    """"News", or "News/Arizona" for a folder within a folder; empty: in none."""
    password_command: str = ""
    """The command that prints its password; empty: none, or it needs no password."""


class StationList(msgspec.Struct, frozen=True):
    """Every station that can be tuned to now, in order, and what was wrong with the file."""

    stations: tuple[Station, ...] = ()
    problems: tuple[Problem, ...] = ()
    path: Path | None = msgspec.field(default=None)
    feeds: tuple[OwnFeed, ...] = ()
    """The listener's own, in the order of the file; no two of one address."""
    podcasts: tuple[OwnFeed, ...] = ()
    """The listener's own, likewise."""
    logins: tuple[Login, ...] = ()
    """Users of feeds and podcasts. Their names and passwords are in no address of the others."""

    @property
    def addresses(self) -> tuple[str, ...]:
        """Every address that is named here: of streams, feeds, pages and schedules."""
        addresses = [feed.url for feed in (*self.feeds, *self.podcasts)]
        for station in self.stations:
            addresses += [station.homepage, station.picture, *station.feeds, *station.podcasts]
            for stream in station.streams:
                addresses += stream.urls
                for source in stream.schedule:
                    addresses += [source.option("base"), source.option("url")]
        return tuple(address for address in addresses if address)

    def station(self, station_id: str) -> Station | None:
        """The station of that id."""
        return next((station for station in self.stations if station.id == station_id), None)

    def find(self, name: str) -> tuple[Station, Stream]:
        """The station and stream that "knau" or "knau/classical" names.

        Without a stream the station's first one is meant. Raises Problem with
        the nearest name when there is none.
        """
        station_id, _, stream_id = name.partition("/")
        station = self.station(station_id)
        if station is None:
            ids = [station.id for station in self.stations]
            title = f"there is no station {shorten(station_id or name, 80)!r}"
            raise _unknown(title, station_id, ids)
        stream = station.stream(stream_id) if stream_id else station.streams[0]
        if stream is None:
            ids = [stream.id for stream in station.streams]
            raise _unknown(f"{station.name} has no stream {stream_id!r}", stream_id, ids)
        return station, stream


def _unknown(title: str, word: str, ids: list[str]) -> Problem:
    match = nearest(word, ids)
    if match:
        return Problem(title, f"did you mean {match}?")
    return Problem(title, f"there are: {', '.join(ids[:30])}" if ids else "the list is empty")
