"""Chapters of an episode: its list at an address, and several lists as one.

``podcast:chapters`` names JSON with ``chapters[]{startTime, endTime, title, img, url, toc}``
(https://github.com/Podcastindex-org/podcast-namespace/blob/main/chapters/jsonChapters.md, 1.2).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce

import msgspec
from msgspec.structs import replace

from radiotui.audio.chapters import LONGEST_SOUND, MOST_CHAPTERS, Chapter, in_order
from radiotui.feeds.parsing.values import play_time
from radiotui.guide.sources.loose import number, part, rows, words
from radiotui.net.loose_json import decode_json
from radiotui.net.urls import web_link
from radiotui.problems import Problem

__all__ = ["Chapter", "EpisodeChapters", "chapters_in", "merged"]

_LONGEST_TITLE = 300
_SAME_START_SECONDS = 1.0


class EpisodeChapters(msgspec.Struct, frozen=True):
    """The chapters of an episode, by their beginning."""

    chapters: tuple[Chapter, ...] = ()
    problem: Problem | None = None
    """Why the list at the address that the episode names is not among them."""


def chapters_in(body: bytes, address: str) -> tuple[Chapter, ...] | None:
    """Chapters of the JSON at ``address``, without hidden ones; None where it is none."""
    try:
        answer = decode_json(body, object)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    if not isinstance(part(answer, "chapters"), list):
        return None
    return in_order(_chapters(answer, address))


def merged(*lists: Sequence[Chapter]) -> tuple[Chapter, ...]:
    """Several lists of one episode's chapters as one: an earlier list wins where both are as good.

    Of two lists the longer one wins. Where they are equally long and begin at the same seconds,
    they complete each other; else the one of which more is told.
    """
    return reduce(_merged, map(in_order, lists), ())


def _merged(first: tuple[Chapter, ...], second: tuple[Chapter, ...]) -> tuple[Chapter, ...]:
    if len(first) != len(second):
        return max(first, second, key=len)
    pairs = list(zip(first, second, strict=True))
    if all(abs(one.start - other.start) <= _SAME_START_SECONDS for one, other in pairs):
        return tuple(_completed(one, other) for one, other in pairs)
    return first if _told(first) >= _told(second) else second


def _completed(chapter: Chapter, other: Chapter) -> Chapter:
    return replace(
        chapter,
        title=chapter.title or other.title,
        url=chapter.url or other.url,
        image=chapter.image or other.image,
        picture=chapter.picture or other.picture,
        end=other.end if chapter.end is None else chapter.end,
    )


def _told(chapters: Sequence[Chapter]) -> int:
    """Number of titles, links and pictures."""
    return sum(
        bool(fact)
        for chapter in chapters
        for fact in (chapter.title, chapter.url, chapter.image or chapter.picture)
    )


def _chapters(answer: object, address: str) -> Iterator[Chapter]:
    for row in rows(answer, "chapters")[:MOST_CHAPTERS]:
        start, end = _seconds(row, "startTime"), _seconds(row, "endTime")
        if start is not None and row.get("toc") is not False:
            yield Chapter(
                start,
                words(row, "title", limit=_LONGEST_TITLE),
                _link(row, "url", address),
                _link(row, "img", address),
                end if end is not None and end > start else None,
            )


def _seconds(row: object, name: str) -> float | None:
    """A time in seconds, also one that is written as "1:02:03"; None for none that can be."""
    value = part(row, name)
    seconds = number(value)
    if seconds is None and isinstance(value, str):
        seconds = play_time(value)
    return seconds if seconds is not None and 0 <= seconds <= LONGEST_SOUND else None


def _link(row: object, name: str, address: str) -> str | None:
    value = part(row, name)
    return web_link(value, address) if isinstance(value, str) else None
