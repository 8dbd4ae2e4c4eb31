"""Elements of the podcast namespaces: an episode, its chapters and persons.

Apple's tags, those of the podcast namespace
(https://github.com/Podcastindex-org/podcast-namespace) and Podlove's simple
chapters (https://podlove.org/simple-chapters).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from radiotui.audio.chapters import Chapter
from radiotui.feeds.parsing.model import (
    AlternateEnclosure,
    Episode,
    Person,
    Soundbite,
    Transcript,
)
from radiotui.feeds.parsing.values import line, play_time, whole_number
from radiotui.feeds.parsing.xml import children, text_of
from radiotui.net.urls import web_link

if TYPE_CHECKING:
    from radiotui.feeds.parsing.xml import Element, Elements

_MOST = 50
_MOST_CHAPTERS = 500
_LARGEST_NUMBER = 100_000


def episode(parts: Elements, base: str) -> Episode:
    """Episode in the children of an item."""
    images = (web_link(_image(element), base) for element in _images(parts))
    chapters_url = next((e.get("url") for e in parts.get("podcast:chapters", ())), None)
    return Episode(
        season=_number(parts, "season"),
        number=_number(parts, "episode"),
        kind=line(text_of(parts, "itunes:episodetype"), 20).lower(),
        image=next(filter(None, images), None),
        transcripts=tuple(_transcripts(parts, base)),
        persons=tuple(persons(parts, base)),
        chapters=tuple(_chapters(parts, base)),
        chapters_url=web_link(chapters_url, base),
        soundbites=tuple(_soundbites(parts)),
        alternates=tuple(_alternates(parts, base)),
    )


def _images(parts: Elements) -> Iterator[Element]:
    """The episode's pictures: Apple's, and those of RSS, which has them for feeds only."""
    for name in ("itunes:image", "image"):
        yield from parts.get(name, ())[:_MOST]


def _image(element: Element) -> str:
    """The address of a picture, in whatever way the feed writes it."""
    address = element.get("href") or element.get("url") or text_of(children(element), "url")
    return (address or element.text or "").strip()


def _number(parts: Elements, name: str) -> int | None:
    for prefix in ("itunes", "podcast"):
        # Podcasting 2.0 allows "3.5" for an episode between two.
        number = whole_number(text_of(parts, f"{prefix}:{name}").partition(".")[0])
        if number is not None and number <= _LARGEST_NUMBER:
            return number
    return None


def _transcripts(parts: Elements, base: str) -> Iterator[Transcript]:
    for element in parts.get("podcast:transcript", ())[:_MOST]:
        url = web_link(element.get("url"), base)
        if url is not None:
            yield Transcript(url, _attribute(element, "type"), _attribute(element, "language"))


def persons(parts: Elements, base: str) -> Iterator[Person]:
    """Those who are heard, of an episode or of a whole podcast."""
    for element in parts.get("podcast:person", ())[:_MOST]:
        name = line("".join(element.itertext()), 100)
        if name:
            yield Person(
                name,
                # Where none is said the namespace means a host.
                _attribute(element, "role").lower() or "host",
                web_link(element.get("href"), base),
                web_link(element.get("img"), base),
            )


def _chapters(parts: Elements, base: str) -> Iterator[Chapter]:
    for listed in parts.get("psc:chapters", ())[:1]:
        for element in children(listed).get("psc:chapter", ())[:_MOST_CHAPTERS]:
            start = play_time(element.get("start"))
            if start is not None:
                yield Chapter(
                    start,
                    line(element.get("title") or "", 300),
                    web_link(element.get("href"), base),
                    web_link(element.get("image"), base),
                )


def _soundbites(parts: Elements) -> Iterator[Soundbite]:
    for element in parts.get("podcast:soundbite", ())[:_MOST]:
        start, seconds = play_time(element.get("startTime")), play_time(element.get("duration"))
        if start is not None and seconds:
            yield Soundbite(start, seconds, line("".join(element.itertext()), 300))


def _alternates(parts: Elements, base: str) -> Iterator[AlternateEnclosure]:
    for element in parts.get("podcast:alternateenclosure", ())[:_MOST]:
        sources = children(element).get("podcast:source", ())[:_MOST]
        urls = (web_link(source.get("uri"), base) for source in sources)
        addresses = tuple(dict.fromkeys(url for url in urls if url))
        if addresses:
            yield AlternateEnclosure(
                addresses,
                _attribute(element, "type"),
                _attribute(element, "title"),
                whole_number(element.get("length") or ""),
                whole_number((element.get("bitrate") or "").partition(".")[0]),
            )


def _attribute(element: Element, name: str) -> str:
    return line(element.get(name) or "", 100)
