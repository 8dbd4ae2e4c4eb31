"""Marks of a tape: titles, programmes and reconnects by their place."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterator, Mapping
from datetime import datetime
from operator import attrgetter
from typing import Literal

import msgspec
from msgspec.structs import replace

Kind = Literal["title", "programme", "reconnect", "chapter"]

SHORTEST_TITLE = 0.5
"""Seconds of sound; a title that is followed by another sooner is replaced by it."""
MOST_TITLES = 2000
"""Titles of one tape: one every two seconds of an hour, where a song lasts minutes."""

_place = attrgetter("at")


class Mark(msgspec.Struct, frozen=True):
    """A title, programme or reconnect at a place on the tape, or a chapter of an episode."""

    at: float
    """Seconds of sound since the tape, or the episode, began."""
    wall: datetime
    """When its station sent it; of a chapter the beginning of 1970, as nobody sends it."""
    kind: Kind
    text: str = ""
    """A title or a programme; empty when the station stopped naming what it plays."""
    ad: bool = False
    until: datetime | None = None
    """End of a programme, where that is known."""


class Marks:
    """A tape's marks in the order of their places, whenever they came."""

    def __init__(self) -> None:
        self._marks: list[Mark] = []

    def __iter__(self) -> Iterator[Mark]:
        return iter(self._marks)

    def add(self, mark: Mark) -> None:
        """Insert a mark at its place."""
        insort(self._marks, mark, key=_place)

    def title(self, new: Mark) -> None:
        """Set the title from a place on; the same title twice is one mark.

        A title shorter than half a second is replaced by the next, and the oldest
        of very many give way, so that no station fills the tape with marks.
        """
        before = self.last("title", new.at)
        if before is not None and _is_same_title(before, new):
            return
        if before is not None and new.at - before.at < SHORTEST_TITLE:
            self._marks.remove(before)
            self.title(replace(new, at=before.at, wall=before.wall))
            return
        after = next((mark for mark in self._from(new.at) if mark.kind == "title"), None)
        if after is not None and _is_same_title(after, new):
            self._marks.remove(after)
        self.add(new)
        titles = [mark for mark in self._marks if mark.kind == "title"]
        if len(titles) > MOST_TITLES:
            self._marks.remove(titles[0])

    def mend_titles(self, texts: Mapping[str, str]) -> None:
        """Replace titles that were read wrong; ``texts`` are the right ones by the wrong ones."""
        for index, mark in enumerate(self._marks):
            if mark.kind == "title" and mark.text in texts:
                self._marks[index] = replace(mark, text=texts[mark.text])

    def programme(self, new: Mark) -> None:
        """Set a programme; with the same beginning and another end or name it stays one mark."""
        same = [mark for mark in self._marks if mark.kind == "programme" and mark.wall == new.wall]
        if same and (same[0].text, same[0].until) == (new.text, new.until):
            return
        for mark in same:
            self._marks.remove(mark)
        self.add(new)

    def last(self, kind: Kind, at: float) -> Mark | None:
        """The last mark of a kind that is not after a place."""
        index = bisect_right(self._marks, at, key=_place)
        while index:
            index -= 1
            if self._marks[index].kind == kind:
                return self._marks[index]
        return None

    def after(self, at: float) -> Mark | None:
        """The first mark after a place."""
        return next(self._from(at), None)

    def forget_before(self, at: float) -> None:
        """Drop the marks before a place, but for the title and the programme that go on there."""
        going_on = [self.last("title", at), self.last("programme", at)]
        self._marks = [mark for mark in self._marks if mark.at > at or mark in going_on]

    def _from(self, at: float) -> Iterator[Mark]:
        """Marks after a place, in order."""
        for index in range(bisect_right(self._marks, at, key=_place), len(self._marks)):
            yield self._marks[index]


def _is_same_title(first: Mark, second: Mark) -> bool:
    return (first.text, first.ad) == (second.text, second.ad)
