"""Chapters of a file of sound, as its container and its tags name them.

FFmpeg reads the chapters of MP3 (ID3v2 CHAP), MP4, Matroska and Ogg, in the file's own order and
without their links and pictures.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from radiotui.audio.chapter_extras import (
    ByteSpan,
    ChapterExtra,
    in_force,
    links_in_comments,
    links_in_mp4,
    places_in_mp4,
    with_extras,
)
from radiotui.audio.id3_chapters import id3_chapters
from radiotui.problems import Problem
from radiotui.text import clean

if TYPE_CHECKING:
    from av.container import InputContainer

    from radiotui.audio.engine import SoundFile

log = logging.getLogger(__name__)

MOST_CHAPTERS = 1000
LONGEST_SOUND = 7 * 24 * 3600
"""Seconds; no chapter begins later."""
_LONGEST_TITLE = 300


class Chapter(msgspec.Struct, frozen=True, omit_defaults=True):
    """A named part of an episode."""

    start: float
    """Seconds from the episode's beginning."""
    title: str
    url: str | None = None
    image: str | None = None
    end: float | None = None
    """Seconds from the episode's beginning, where its end is stated."""
    picture: ByteSpan | None = None
    """Place of its picture in the episode's own file."""


def chapters_of(container: InputContainer) -> tuple[Chapter, ...]:
    """Chapters of an open container, by their beginning; a damaged one costs itself alone."""
    chapters = (_chapter(entry) for entry in container.chapters()[:MOST_CHAPTERS])
    return in_order(chapter for chapter in chapters if chapter is not None)


def chapters_in(source: SoundFile) -> tuple[Chapter, ...]:
    """Chapters of a file, with their links and pictures; none where it cannot be read.

    It reads the file's beginning and end: not for the loop.
    """
    import av

    from radiotui.audio.decoding import open_file

    av.logging.set_level(None)
    try:
        with open_file(source) as container:
            return _completed(chapters_of(container), container, source)
    except (OSError, ValueError, Problem, av.error.FFmpegError) as error:
        log.info("%s has no chapters that can be read: %s", source, error)
        return ()


def in_order(chapters: Iterable[Chapter]) -> tuple[Chapter, ...]:
    """Chapters by their beginning, those with the same one in the order in which they came."""
    return tuple(sorted(chapters, key=lambda chapter: chapter.start))


def _chapter(entry: Any) -> Chapter | None:
    base = entry["time_base"]
    if not base or entry["start"] is None:
        return None
    start = float(entry["start"] * base)
    end = None if entry["end"] is None else float(entry["end"] * base)
    if not 0 <= start <= LONGEST_SOUND:
        return None
    # FFmpeg gives a chapter whose end is unknown one that is no time, or its beginning again.
    is_end = end is not None and start < end <= LONGEST_SOUND
    return Chapter(start, _title(entry["metadata"]), end=end if is_end else None)


def _title(metadata: Mapping[str, str]) -> str:
    names = {name.lower(): value for name, value in metadata.items()}
    return clean(names.get("title", ""), _LONGEST_TITLE)


def _chapters_of_tag(extras: Sequence[ChapterExtra]) -> tuple[Chapter, ...]:
    """Chapters as a tag has them of which FFmpeg knows fewer."""
    return in_order(
        Chapter(
            extra.start,
            clean(extra.title, _LONGEST_TITLE),
            extra.url,
            extra.image,
            extra.end if extra.start < extra.end <= LONGEST_SOUND else None,
            extra.picture,
        )
        for extra in extras[:MOST_CHAPTERS]
        if extra.start <= LONGEST_SOUND
    )


def _completed(
    chapters: tuple[Chapter, ...], container: InputContainer, source: SoundFile
) -> tuple[Chapter, ...]:
    """Chapters with their links and pictures; those that cannot be read cost nothing else."""
    form = container.format.name
    try:
        if "mp4" in form:
            pictures, texts = places_in_mp4(container)
            extras = [*in_force(pictures, chapters), *links_in_mp4(source, texts)]
        elif form in {"ogg", "flac"}:
            extras = links_in_comments(container)
        else:
            extras = id3_chapters(source)
            if len(extras) > len(chapters):
                return _chapters_of_tag(extras)
    except (OSError, Problem) as error:
        log.info("what belongs to the chapters of %s cannot be read: %s", source, error)
        return chapters
    return with_extras(chapters, extras)
