"""Several sources' answers, joined into what a stream's listener is shown."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from radiotui.guide.model import OnAir, Programme
from radiotui.guide.sources.answer import ScheduleAnswer


@dataclass(frozen=True, slots=True)
class SourceAnswer:
    """An answer, who gave it, and when."""

    source: str
    given_at: datetime
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
    for given in answers:
        more = given.answer
        if joined.now and more.now and not same_title(joined.now, more.now):
            continue
        says_something = more.now or more.next or more.song
        if (winner is None and says_something) or (joined.now is None and more.now):
            winner = given
        joined = ScheduleAnswer(
            _filled(joined.now, more.now), _next(joined.next, more.next), joined.song or more.song
        )
    answered_at = max((given.given_at for given in answers), default=None)
    return OnAir(
        station,
        stream,
        joined.now,
        joined.next,
        joined.song,
        winner.source if winner else "",
        winner.given_at if winner else answered_at,
    )


def same_title(one: Programme, other: Programme) -> bool:
    """Whether two programmes are called the same: "Here & Now", "HERE AND NOW"."""
    return _folded(one.title) == _folded(other.title)


def present(answer: ScheduleAnswer, over_at: datetime | None, at: datetime) -> ScheduleAnswer:
    """What an answer that was given before still says at ``at``.

    A programme that has ended by its own time, or by ``over_at`` which another
    source knew, is not on any more; what it said comes next is on once its time has come.
    """
    song = answer.song if answer.song and not answer.song.over(at) else None
    now, coming = answer.now, answer.next
    if coming and coming.start and coming.start <= at:
        now, coming = coming, None
    elif over_at and over_at <= at:
        now = None
    if now and now.end and now.end <= at:
        now = None
    return ScheduleAnswer(now, coming, song)


def _filled(known: Programme | None, more: Programme | None) -> Programme | None:
    """``known`` with what only ``more`` knows, unless their times contradict each other."""
    if known is None or more is None:
        return known or more
    start, end = known.start or more.start, known.end or more.end
    if start and end and end <= start:
        start, end = known.start, known.end
    return replace(
        known,
        start=start,
        end=end,
        host=known.host or more.host,
        description=known.description or more.description,
        link=known.link or more.link,
    )


def _next(known: Programme | None, more: Programme | None) -> Programme | None:
    if known and more and not same_title(known, more):
        return known
    return _filled(known, more)


def _folded(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title.casefold()).replace("&", " and ")
    return "".join(letter for letter in plain if letter.isalnum()) or title
