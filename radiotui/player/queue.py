"""The newscast: a queue of stories with sound. Recordings are heard as stories are."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

_MOST = 500


class QueueItem(msgspec.Struct, frozen=True, kw_only=True):
    """A story that can be heard."""

    key: str
    """Identity of the story for the caller, such as a headline's id."""
    url: str
    """http(s), of a file of sound with an end; empty for a recording."""
    title: str
    """Clean text."""
    from_: str = ""
    """Its maker, as a listener knows them: "KNAU", "NPR"."""
    seconds: float | None = None
    """Length it says it has."""
    path: str = ""
    """File of a recording."""
    kept: str = ""
    """Name of the file that an episode is kept in; empty for all else."""
    begin: float | None = None
    """Second at which it is to begin; None: where it was left."""

    @property
    def noun(self) -> str:
        """The word for it in a sentence."""
        if self.kept:
            return "episode"
        return "recording" if self.path else "story"


Queue = tuple[QueueItem, ...]
"""Stories to be heard, in order, every key once."""


def added(queue: Queue, items: Iterable[QueueItem]) -> Queue:
    """The queue with ``items`` at its end; an item that is in it keeps its place."""
    by_key = {item.key: item for item in queue}
    for item in items:
        by_key.setdefault(item.key, item)
    return tuple(by_key.values())[:_MOST]


def without(queue: Queue, key: str) -> Queue:
    """The queue without an item."""
    return tuple(item for item in queue if item.key != key)


def moved(queue: Queue, key: str, by: int, *, first: int = 0) -> Queue:
    """One story so many places later (or earlier), at most to the end or to place ``first``."""
    at = next((place for place, item in enumerate(queue) if item.key == key), None)
    if at is None or at < first:
        return queue
    reordered = list(without(queue, key))
    reordered.insert(max(first, at + by), queue[at])
    return tuple(reordered)
