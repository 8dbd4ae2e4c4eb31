"""The merge of several sources' answers into one snapshot of a stream."""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Sequence
from datetime import datetime

import msgspec
from msgspec.structs import replace

from radiotui.guide.model import OnAir, Programme
from radiotui.guide.sources.answer import ScheduleAnswer

log = logging.getLogger(__name__)


class SourceAnswer(msgspec.Struct, frozen=True):
    """An answer with its source and its time."""

    source: str
    answered_at: datetime
    answer: ScheduleAnswer


def join(station: str, stream: str, answers: Sequence[SourceAnswer]) -> OnAir:
    """One snapshot from ``answers``, field by field, in their order.

    The rule: the first source that has a ``now`` wins the title, and with it
    ``source`` and ``asked_at``. A later source may add what is still missing
    (start, end, host, description, link, what is next, the song) when its
    programme has the same title, letter case and punctuation aside, or when
    one of the two has no programme now. What a source says that disagrees on
    the title is not used at all: its times belong to another programme.
    """
    winner: SourceAnswer | None = None
    joined = ScheduleAnswer()
    name = f"{station}/{stream}"
    for source_answer in answers:
        source, answer = source_answer.source, source_answer.answer
        if joined.now and answer.now and not same_title(joined.now, answer.now):
            log.debug("%s: %s is not used: another title: %r", name, source, answer.now.title)
            continue
        has_content = answer.now or answer.next or answer.song
        if (winner is None and has_content) or (joined.now is None and answer.now):
            log.debug("%s: %s leads", name, source)
            winner = source_answer
        elif has_content:
            log.debug("%s: %s fills what is missing", name, source)
        joined = _joined(joined, answer)
    log.debug("%s: shown: %s", name, joined.in_words())
    answered_at = max((answer.answered_at for answer in answers), default=None)
    return OnAir(
        station,
        stream,
        joined.now,
        joined.next,
        joined.song,
        winner.source if winner else "",
        winner.answered_at if winner else answered_at,
    )


def _joined(first: ScheduleAnswer, second: ScheduleAnswer) -> ScheduleAnswer:
    now, following = _filled(first.now, second.now), second.next
    if following and following.usual and following.start and first.now and first.now.end:
        # Published times leave no room for what is usual before them.
        following = following if following.start >= first.now.end else None
    return ScheduleAnswer(now, _next(first.next, following), first.song or second.song)


def same_title(first: Programme, second: Programme) -> bool:
    """Equality of titles but for case and signs: "Here & Now", "HERE AND NOW"."""
    return title_key(first.title) == title_key(second.title)


def present(answer: ScheduleAnswer, over_at: datetime | None, at: datetime) -> ScheduleAnswer:
    """The part of an earlier answer that still holds at ``at``.

    A programme that has ended by its own time, or by ``over_at`` which another
    source knew, is not on any more; the next one is on once its time has come.
    """
    song = answer.song if answer.song and not answer.song.over(at) else None
    now, following = answer.now, answer.next
    if following and following.start and following.start <= at:
        now, following = following, None
    elif over_at and over_at <= at:
        now = None
    if now and now.end and now.end <= at:
        now = None
    return ScheduleAnswer(now, following, song)


def _filled(first: Programme | None, second: Programme | None) -> Programme | None:
    """``first`` with what only ``second`` knows, unless their times contradict each other."""
    if first is None or second is None:
        return first or second
    start, end = first.start or second.start, first.end or second.end
    if start and end and end <= start:
        start, end = first.start, first.end
    has_usual_times = second.usual and (start, end) != (first.start, first.end)
    return replace(
        first,
        start=start,
        end=end,
        usual=first.usual or has_usual_times,
        host=first.host or second.host,
        description=first.description or second.description,
        link=first.link or second.link,
    )


def _next(first: Programme | None, second: Programme | None) -> Programme | None:
    if first and second and not same_title(first, second):
        return first
    return _filled(first, second)


def title_key(title: str) -> str:
    """A title without case and signs, to compare it with another."""
    plain = unicodedata.normalize("NFKD", title.casefold()).replace("&", " and ")
    return "".join(letter for letter in plain if letter.isalnum()) or title
