"""Plain values of a parsed feed: clean text, aware UTC times, links http(s) only."""

from __future__ import annotations

from datetime import datetime

import msgspec

from radiotui.audio.chapters import Chapter
from radiotui.documents.model import Figure
from radiotui.net.typed import json_decoder
from radiotui.store.stories import Enclosure


class Transcript(msgspec.Struct, frozen=True, omit_defaults=True):
    """Address of an episode's words: ``podcast:transcript``."""

    url: str
    type: str = ""
    """"text/vtt", "application/x-subrip", "application/json", "text/html"."""
    language: str = ""


class Person(msgspec.Struct, frozen=True, omit_defaults=True):
    """Somebody who is heard: ``podcast:person``."""

    name: str
    role: str = ""
    """In small letters: "host", "guest"."""
    url: str | None = None
    image: str | None = None


class Soundbite(msgspec.Struct, frozen=True, omit_defaults=True):
    """The moment that tells what an episode is about: ``podcast:soundbite``."""

    start: float
    """Seconds from the episode's beginning."""
    seconds: float
    title: str = ""


class AlternateEnclosure(msgspec.Struct, frozen=True, omit_defaults=True):
    """The same episode in another form: ``podcast:alternateEnclosure``."""

    urls: tuple[str, ...]
    """In the order in which they are to be tried."""
    type: str = ""
    title: str = ""
    length: int | None = None
    """Bytes."""
    bitrate: int | None = None
    """Bits a second."""


class Episode(msgspec.Struct, frozen=True, omit_defaults=True):
    """Values that only entries of podcasts have."""

    season: int | None = None
    number: int | None = None
    kind: str = ""
    """"full", "trailer", "bonus"."""
    image: str | None = None
    seconds: float | None = None
    """How long it sounds, where no file of it is named, too."""
    transcripts: tuple[Transcript, ...] = ()
    persons: tuple[Person, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    chapters_url: str | None = None
    """Where chapters are as JSON: ``podcast:chapters``."""
    soundbites: tuple[Soundbite, ...] = ()
    alternates: tuple[AlternateEnclosure, ...] = ()


NO_EPISODE = Episode()


class Funding(msgspec.Struct, frozen=True, omit_defaults=True):
    """A page on which a podcast is paid for: ``podcast:funding``."""

    url: str
    title: str = ""


class Trailer(msgspec.Struct, frozen=True, omit_defaults=True):
    """A sound that tells what a podcast, or one of its seasons, is about: ``podcast:trailer``."""

    url: str
    title: str = ""
    season: int | None = None
    type: str = ""
    """Of the file: "audio/mpeg"."""
    length: int | None = None
    """Bytes."""
    published: datetime | None = None


class LiveItem(msgspec.Struct, frozen=True, omit_defaults=True):
    """A broadcast that a podcast announces: ``podcast:liveItem``. It is no entry."""

    guid: str
    title: str
    status: str = ""
    """"pending", "live", "ended"."""
    start: datetime | None = None
    end: datetime | None = None
    link: str | None = None
    url: str | None = None
    """Where it is heard."""


class Channel(msgspec.Struct, frozen=True, omit_defaults=True):
    """Facts that a feed states about itself, beside its title and picture."""

    author: str = ""
    description: str = ""
    """Plain paragraphs."""
    link: str | None = None
    """Its page."""
    language: str = ""
    """As the feed writes it: "en-us"."""
    categories: tuple[str, ...] = ()
    """"News", "Society & Culture/Documentary"."""
    kind: str = ""
    """"episodic", or "serial": to be heard from its oldest episode on."""
    is_explicit: bool = False
    is_complete: bool = False
    """There will be no further episodes."""
    guid: str = ""
    """``podcast:guid``: the same wherever the feed is."""
    moved_to: str | None = None
    """The feed's new address: ``itunes:new-feed-url``."""
    funding: tuple[Funding, ...] = ()
    persons: tuple[Person, ...] = ()
    trailers: tuple[Trailer, ...] = ()
    live: tuple[LiveItem, ...] = ()
    """Broadcasts that it announces; none of them is an entry."""
    older: str | None = None
    """The page with what is older than this one (RFC 5005)."""


NO_CHANNEL = Channel()


def write_facts(facts: Channel | Episode) -> str:
    """A feed's or an entry's facts as JSON for the store; empty where there are none."""
    return "" if facts in (NO_CHANNEL, NO_EPISODE) else msgspec.json.encode(facts).decode()


def read_channel(stored: str) -> Channel:
    """A feed's facts from the store. Raises ValueError for what is none."""
    return json_decoder(Channel).decode(stored) if stored else NO_CHANNEL


def read_episode(stored: str) -> Episode:
    """An entry's facts from the store. Raises ValueError for what is none."""
    return json_decoder(Episode).decode(stored) if stored else NO_EPISODE


class ParsedEntry(msgspec.Struct, frozen=True):
    """One entry."""

    guid: str
    """The entry's name within its feed: its guid or what stands in for one."""
    title: str
    link: str | None
    byline: str
    """Everybody who wrote it: "Ann Example, Bo Example"."""
    published: datetime | None
    updated: datetime | None
    body: str
    """Its blocks, without the words of the first figure, as the store keeps them."""
    digest: str
    """The same for entries that say the same."""
    enclosures: tuple[Enclosure, ...] = ()
    figures: tuple[Figure, ...] = ()
    """The one to be shown above the text first. The others' captions are in the body, too, where
    they stand in the text."""
    episode: Episode = NO_EPISODE


class ParsedFeed(msgspec.Struct, frozen=True):
    """A parsed feed, in its own order."""

    title: str
    entries: tuple[ParsedEntry, ...]
    """Without those that are known to say the same."""
    guids: tuple[str, ...] = ()
    """The names of all entries, known ones too."""
    picture: str = ""
    """The address of the feed's own picture; empty where it names none."""
    channel: Channel = NO_CHANNEL
    item_hashes: dict[str, str] = msgspec.field(default_factory=dict)
    """Hashes of the items that entries were read from, by the entries' names; only of those that
    need not be parsed while they stay as they are."""


class FeedPart(msgspec.Struct, frozen=True):
    """A part of a feed, as the process that read it has it."""

    parsed: ParsedFeed | None
    """Its entries alone, with all that the feed says of itself; None where only the whole feed
    tells what they are."""
    is_whole: bool = False
    """True where it is all of a feed that cannot be divided."""
