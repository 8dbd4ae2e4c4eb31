"""Chapters of a file of sound, as its container and its tags name them.

FFmpeg reads the chapters of MP3 (ID3v2 CHAP), MP4, Matroska and Ogg, in the file's own order and
without their links.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.structs import replace

from radiotui.audio.chapter_links import chapter_links
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
_NEAR_SECONDS = 0.05
_TAGGED_ENDINGS = {".mp3", ".sound"}
"""Endings of files that may begin with an ID3 tag; the second is that of a kept episode."""


class Chapter(msgspec.Struct, frozen=True, omit_defaults=True):
    """A named part of an episode."""

    start: float
    """Seconds from the episode's beginning."""
    title: str
    url: str | None = None
    image: str | None = None
    end: float | None = None
    """Seconds from the episode's beginning, where its end is stated."""


def chapters_of(container: InputContainer) -> tuple[Chapter, ...]:
    """Chapters of an open container, by their beginning; a damaged one costs itself alone."""
    chapters = (_chapter(entry) for entry in container.chapters()[:MOST_CHAPTERS])
    return in_order(chapter for chapter in chapters if chapter is not None)


def chapters_in(source: SoundFile) -> tuple[Chapter, ...]:
    """Chapters of a file; none where it cannot be read. Those of an MP3 on disk have their links.

    It reads the file's beginning and end: not for the loop.
    """
    import av

    from radiotui.audio.decoding import open_file

    av.logging.set_level(None)
    try:
        with open_file(source) as container:
            chapters = chapters_of(container)
    except (OSError, ValueError, Problem, av.error.FFmpegError) as error:
        log.info("%s has no chapters that can be read: %s", source, error)
        return ()
    if chapters and isinstance(source, Path) and source.suffix.lower() in _TAGGED_ENDINGS:
        return _with_links(source, chapters)
    return chapters


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


def _with_links(path: Path, chapters: tuple[Chapter, ...]) -> tuple[Chapter, ...]:
    """The chapters of an MP3 with the links that its CHAP frames hold."""
    try:
        links = chapter_links(path)
    except OSError as error:
        log.info("the chapters' links of %s cannot be read: %s", path.name, error)
        return chapters
    return tuple(
        replace(chapter, url=_nearest_link(links, chapter.start)) if links else chapter
        for chapter in chapters
    )


def _nearest_link(links: list[tuple[float, str]], start: float) -> str | None:
    near = (url for at, url in links if abs(at - start) < _NEAR_SECONDS)
    return next(near, None)
