"""Links and pictures of the chapters of a file, which FFmpeg's chapters are without.

Those of MP3 stand in its tag (``audio/id3_chapters.py``). Of MP4 a chapter's picture is a sample
of a track of pictures that the sound's track refers to ("chap" in "tref", QuickTime File Format,
"Base Media Header Atoms"), and its link is a box "href" behind the chapter's name (3GPP TS 26.245,
5.17.1.4). Vorbis comments have CHAPTER001URL (https://wiki.xiph.org/Chapter_Extension). Matroska
knows neither.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.structs import replace

from radiotui.net.urls import web_link

if TYPE_CHECKING:
    from av.container import InputContainer

    from radiotui.audio.chapters import Chapter
    from radiotui.audio.engine import SoundFile

LARGEST_PICTURE = 8 * 1024 * 1024
_MOST_SAMPLES = 1000
_LARGEST_TEXT = 8 * 1024
_NEAR_SECONDS = 0.05
_TIMED_PICTURES = 0x800
"""FFmpeg's AV_DISPOSITION_TIMED_THUMBNAILS."""
_SET_ASIDE = 48
"""FFmpeg's AVDISCARD_ALL: it has read such a track of texts as chapters."""
_BOX_HEADER = 8


class ByteSpan(msgspec.Struct, frozen=True):
    """Place of bytes within a file: of a picture, of a text."""

    offset: int
    length: int


class ChapterExtra(msgspec.Struct, frozen=True):
    """Link and picture from a second of the sound on, and the rest of what a tag says there."""

    start: float
    url: str | None = None
    image: str | None = None
    picture: ByteSpan | None = None
    title: str = ""
    end: float = 0.0


def with_extras(chapters: Sequence[Chapter], extras: Sequence[ChapterExtra]) -> tuple[Chapter, ...]:
    """Chapters with the links and pictures that begin with them."""
    if not extras:
        return tuple(chapters)
    return tuple(_with_extras(chapter, extras) for chapter in chapters)


def _with_extras(chapter: Chapter, extras: Sequence[ChapterExtra]) -> Chapter:
    for extra in extras:
        if abs(extra.start - chapter.start) < _NEAR_SECONDS:
            chapter = replace(
                chapter,
                url=chapter.url or extra.url,
                image=chapter.image or extra.image,
                picture=chapter.picture or extra.picture,
            )
    return chapter


def places_in_mp4(
    container: InputContainer,
) -> tuple[list[ChapterExtra], list[tuple[float, ByteSpan]]]:
    """Pictures of an open MP4, and the places of its chapters' texts, each from its second on."""
    pictures: list[ChapterExtra] = []
    texts: list[tuple[float, ByteSpan]] = []
    for stream in container.streams:
        if not hasattr(stream, "index_entries"):
            # PyAV before 18 does not tell where samples are.
            break
        if stream.disposition & _TIMED_PICTURES:
            pictures += [
                ChapterExtra(at, picture=place)
                for at, place in _samples(stream)
                if place.offset >= 0 and 0 < place.length <= LARGEST_PICTURE
            ]
        elif stream.discard == _SET_ASIDE and stream.type in {"data", "subtitle"}:
            texts += _samples(stream)
    return pictures, texts


def in_force(
    pictures: Sequence[ChapterExtra], chapters: Sequence[Chapter]
) -> Iterator[ChapterExtra]:
    """The picture of each chapter: the last one that has begun with it or before it."""
    for chapter in chapters:
        begun = [each for each in pictures if each.start < chapter.start + _NEAR_SECONDS]
        if begun:
            last = max(begun, key=lambda each: each.start)
            yield ChapterExtra(chapter.start, picture=last.picture)


def _samples(stream: Any) -> Iterator[tuple[float, ByteSpan]]:
    """Second and place of each sample of a track, as its tables name them."""
    base = stream.time_base
    for number in range(min(len(stream.index_entries), _MOST_SAMPLES) if base else 0):
        sample = stream.index_entries[number]
        yield float(sample.timestamp * base), ByteSpan(sample.pos, sample.size)


def links_in_mp4(
    source: SoundFile, texts: Sequence[tuple[float, ByteSpan]]
) -> Iterator[ChapterExtra]:
    """Links behind the names of chapters. Raises OSError, and Problem where bytes do not come."""
    for at, place in texts:
        text = bytes_of(source, place.offset, min(place.length, _LARGEST_TEXT))
        boxes = text[2 + int.from_bytes(text[:2]) :]
        if (url := web_link(_address(boxes))) is not None:
            yield ChapterExtra(at, url)


def _address(boxes: bytes) -> str:
    """The address in the first box "href"; "" without one."""
    while len(boxes) > _BOX_HEADER:
        size = int.from_bytes(boxes[:4])
        if boxes[4:8] == b"href":
            # Behind the letters that are linked, by the first and the last.
            inside = boxes[12:size]
            return inside[1 : 1 + inside[0]].decode("utf-8", "replace") if inside else ""
        if size < _BOX_HEADER:
            break
        boxes = boxes[size:]
    return ""


def links_in_comments(container: InputContainer) -> list[ChapterExtra]:
    """Links in the Vorbis comments of an open container."""
    comments: dict[str, str] = {}
    for metadata in (container.metadata, *(stream.metadata for stream in container.streams)):
        comments.update((name.upper(), value) for name, value in metadata.items())
    extras: list[ChapterExtra] = []
    for chapter in container.chapters()[:_MOST_SAMPLES]:
        url = web_link(comments.get(f"CHAPTER{chapter['id']:03}URL", ""))
        if url is not None and chapter["time_base"]:
            extras.append(ChapterExtra(float(chapter["start"] * chapter["time_base"]), url))
    return extras


def bytes_of(source: SoundFile, at: int, most: int) -> bytes:
    """At most so many bytes of a file from a place on.

    Raises OSError, and Problem where they do not come.
    """
    data = bytearray()
    if isinstance(source, Path):
        number = os.open(source, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        try:
            if stat.S_ISREG(os.fstat(number).st_mode):
                while len(data) < most and (part := os.pread(number, most - len(data), at)):
                    data += part
                    at += len(part)
        finally:
            os.close(number)
        return bytes(data)
    source.seek(at, os.SEEK_SET)
    while len(data) < most and (part := source.read(most - len(data))):
        data += part
    return bytes(data[:most])
