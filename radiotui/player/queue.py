"""The newscast: stories with sound that the listener wants to hear one after the other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

_MOST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueItem:
    """A story that can be heard."""

    key: str
    """Whoever asked knows by it which story this is, such as a headline's id."""
    url: str
    """http(s), of a file of sound with an end."""
    title: str
    """Clean text."""
    from_: str = ""
    """Who made it, as a listener knows them: "KNAU", "NPR"."""
    seconds: float | None = None
    """How long it says it is."""


Queue = tuple[QueueItem, ...]
"""What is to be heard, in order, every key once."""


def added(queue: Queue, more: Iterable[QueueItem]) -> Queue:
    """``more`` at the end; what is there already stays where it is."""
    kept = {spoken.key: spoken for spoken in queue}
    for spoken in more:
        kept.setdefault(spoken.key, spoken)
    return tuple(kept.values())[:_MOST]


def without(queue: Queue, key: str) -> Queue:
    """The others."""
    return tuple(spoken for spoken in queue if spoken.key != key)


def moved(queue: Queue, key: str, by: int, *, first: int = 0) -> Queue:
    """One story so many places later (or earlier), at most to the end or to place ``first``."""
    at = next((place for place, spoken in enumerate(queue) if spoken.key == key), None)
    if at is None or at < first:
        return queue
    others = list(without(queue, key))
    others.insert(max(first, at + by), queue[at])
    return tuple(others)
