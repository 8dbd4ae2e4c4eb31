"""A station as a directory lists it, and the question that directories are asked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Awaitable
from typing import TYPE_CHECKING, Protocol

import msgspec

from radiotui.stations.model import ScheduleSource, Station, Stream
from radiotui.stations.station_edits import new_id
from radiotui.text import clean

if TYPE_CHECKING:
    from radiotui.net.client import Net

_FILTER = re.compile(r"(?i)(tag|country|language|codec):(\S*)")
_ZIP = re.compile(r"\d{5}(?:-\d{4})?")
_LONGEST_QUESTION = 200
_MARKS = re.compile(r"\W+")


class FoundStream(msgspec.Struct, frozen=True, gc=False):
    """A stream as a directory lists it."""

    name: str
    urls: tuple[str, ...]
    """Alternatives, the best first."""
    codec: str = ""
    bitrate: int = 0
    """kbit/s; 0: unknown."""
    schedule: tuple[ScheduleSource, ...] = ()
    listing: str = ""
    """The directory and the id that it is listed under, as :class:`Stream` has it."""


class FoundStation(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A station as a directory lists it. All text is clean, every address is one of the web."""

    name: str
    directory: str
    """The directory's name, as listeners read it."""
    streams: tuple[FoundStream, ...]
    calls: tuple[str, ...] = ()
    """Call signs: the station's own, then those of its relays."""
    frequency: str = ""
    """As "88.7 FM"."""
    city: str = ""
    country: str = ""
    """Two letters where the directory gives them, else the country's name."""
    timezone: str = ""
    group: str = ""
    homepage: str = ""
    picture: str = ""
    tags: tuple[str, ...] = ()
    votes: int = 0
    click: str = ""
    """Radio Browser's id, by which it counts that the station was started."""
    feeds: tuple[str, ...] = ()

    @property
    def urls(self) -> tuple[str, ...]:
        """The addresses of all its streams."""
        return tuple(url for stream in self.streams for url in stream.urls)

    @property
    def as_station(self) -> Station:
        """The station as one of a station list; its id is its call sign, or made from its name."""
        streams: dict[str, Stream] = {}
        for stream in self.streams:
            name = stream.name or "Live"
            stream_id = new_id(name, streams, "stream")
            streams[stream_id] = Stream(
                stream_id, name, stream.urls, schedule=stream.schedule, listing=stream.listing
            )
        return Station(
            new_id(self.calls[0] if self.calls else self.name, ()),
            self.name,
            tuple(streams.values()),
            city=self.city,
            homepage=self.homepage,
            timezone=self.timezone or "UTC",
            group=self.group,
            feeds=self.feeds,
            picture=self.picture,
        )


class StationQuery(msgspec.Struct, frozen=True):
    """A question to directories: words, and filters that are typed as "tag:jazz"."""

    words: str = ""
    tag: str = ""
    country: str = ""
    language: str = ""
    codec: str = ""

    @classmethod
    def read(cls, typed: str) -> StationQuery:
        """The question that was typed; an underscore in a filter is a space."""
        typed = clean(typed, _LONGEST_QUESTION)
        filters = {
            match[1].lower(): match[2].replace("_", " ").strip()
            for match in _FILTER.finditer(typed)
        }
        return cls(" ".join(_FILTER.sub(" ", typed).split()), **filters)

    @property
    def is_empty(self) -> bool:
        """True where nothing is asked for."""
        return self == StationQuery()

    @property
    def is_zip(self) -> bool:
        """True for a ZIP code of the United States."""
        return _ZIP.fullmatch(self.words) is not None

    def fits(self, station: FoundStation) -> bool:
        """True for a station that has every word in its name, tags and streams, and the filters.

        For directories that give their whole list. A language is known of none of those.
        """
        everything = (station.name, *station.tags, *(stream.name for stream in station.streams))
        text = folded(" ".join(everything))
        codecs = folded(" ".join(stream.codec for stream in station.streams))
        country = folded(self.country)
        return (
            not self.language
            and all(folded(word) in text for word in self.words.split())
            and folded(self.tag) in folded(" ".join(station.tags))
            and folded(self.codec) in codecs
            and (not country or country == folded(station.country))
        )


class Directory(Protocol):
    """A service that lists stations."""

    name: str
    """As listeners read it."""

    def find(self, net: Net, query: StationQuery) -> Awaitable[list[FoundStation]]:
        """The stations that ``query`` asks for, the best first. Raises Problem."""
        ...


def folded(text: str) -> str:
    """``text`` without case, accents and marks, to be compared."""
    if text.isascii():
        return " ".join(_MARKS.sub(" ", text.lower()).split())
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(_MARKS.sub(" ", letters).split())
