"""What happened at which place of a tape: titles, programmes, and where the connection was lost."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

Kind = Literal["title", "programme", "reconnect"]


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened at a place on the tape."""

    at: float
    """Seconds of sound since the tape began."""
    wall: datetime
    kind: Kind
    text: str = ""
    """A title or a programme; empty when the station stopped naming what it plays."""
    ad: bool = False
    until: datetime | None = None
    """When a programme is to end, where that is known."""


class Marks:
    """A tape's marks in the order of their places, whenever they came."""

    def __init__(self) -> None:
        self._marks: list[Mark] = []

    def __iter__(self) -> Iterator[Mark]:
        return iter(self._marks)

    def add(self, mark: Mark) -> None:
        """Something happened."""
        insort(self._marks, mark, key=lambda other: other.at)

    def title(self, new: Mark) -> None:
        """From there on this is heard; the same title twice is one mark."""
        before = self.last("title", new.at)
        if before is not None and (before.text, before.ad) == (new.text, new.ad):
            return
        after = next((one for one in self._marks if one.kind == "title" and one.at > new.at), None)
        if after is not None and (after.text, after.ad) == (new.text, new.ad):
            self._marks.remove(after)
        self.add(new)

    def mend_titles(self, texts: Mapping[str, str]) -> None:
        """Titles that were read wrong: what they are, by what they were taken for."""
        for place, mark in enumerate(self._marks):
            if mark.kind == "title" and mark.text in texts:
                self._marks[place] = replace(mark, text=texts[mark.text])

    def programme(self, new: Mark) -> None:
        """It began then; said again, or said better (a new end), it stays one mark."""
        same = [one for one in self._marks if one.kind == "programme" and one.wall == new.wall]
        if same and (same[0].text, same[0].until) == (new.text, new.until):
            return
        for mark in same:
            self._marks.remove(mark)
        self.add(new)

    def last(self, kind: Kind, at: float) -> Mark | None:
        """The last of a kind that is not after a place."""
        return next(
            (mark for mark in reversed(self._marks) if mark.kind == kind and mark.at <= at), None
        )

    def after(self, at: float) -> Mark | None:
        """The first mark after a place."""
        return next((mark for mark in self._marks if mark.at > at), None)

    def forget_before(self, at: float) -> None:
        """What is before ``at`` is gone, but for the title and the programme that go on there."""
        going_on = [self.last("title", at), self.last("programme", at)]
        self._marks = [mark for mark in self._marks if mark.at > at or mark in going_on]
