"""The queue of what is to be heard: stories, episodes, recordings and files, as pure values."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

MOST_QUEUED = 500
"""Items that a queue takes."""


class QueueItem(msgspec.Struct, frozen=True, kw_only=True):
    """A sound with an end. All that is needed to hear it stands here, whatever a feed lists."""

    key: str
    """Identity for the caller: :func:`entry_key` of an entry, :func:`file_key` of a file."""
    url: str
    """http(s), of a file of sound with an end; empty for a recording or a file."""
    title: str
    """Clean text."""
    from_: str = ""
    """Its maker, as a listener knows them: "KNAU", "NPR"."""
    seconds: float | None = None
    """Length it says it has."""
    path: str = ""
    """File of a recording, or of the listener's."""
    kept: str = ""
    """Name of the file that an episode is kept in; empty for all else."""
    feed: str = ""
    """Address of an entry's feed, as the station list names it."""
    guid: str = ""
    """Name of an entry within its feed."""
    entry: int = 0
    """The store's number of the entry while it is kept there; 0: it is not."""
    begin: float | None = None
    """Second at which it is to begin; None: where it was left."""

    @property
    def noun(self) -> str:
        """The word for it in a sentence."""
        if self.kept:
            return "episode"
        return "recording" if self.path else "story"


Queue = tuple[QueueItem, ...]
"""Items to be heard, in order, every key once."""


def count_word(queue: Queue) -> str:
    """Number of items with its noun: "1 story", "3 episodes"; "4 items" of several kinds."""
    nouns = {item.noun for item in queue}
    noun = nouns.pop() if len(nouns) == 1 else "item"
    if len(queue) == 1:
        return f"1 {noun}"
    return f"{len(queue)} {noun[:-1]}ies" if noun.endswith("y") else f"{len(queue)} {noun}s"


def entry_key(feed: str, guid: str) -> str:
    """The key of an entry, by the address of its feed and its name within it."""
    import hashlib

    return hashlib.sha256(f"{feed}\n{guid}".encode()).hexdigest()[:32]


def file_key(path: str) -> str:
    """The key of a recording or a file of the listener's."""
    return f"file {path}"


def added(queue: Queue, items: Iterable[QueueItem]) -> Queue:
    """The queue with ``items`` at its end; an item that is in it keeps its place."""
    by_key = {item.key: item for item in queue}
    for item in items:
        by_key.setdefault(item.key, item)
    return tuple(by_key.values())[:MOST_QUEUED]


def added_next(queue: Queue, items: Iterable[QueueItem], after: str = "") -> Queue:
    """The queue with ``items`` behind the one with key ``after``, or else before all others.

    An item that is in it already moves there.
    """
    new = {item.key: item for item in items if item.key != after}
    rest = [item for item in queue if item.key not in new]
    at = next((place for place, item in enumerate(rest, 1) if item.key == after), 0)
    return (*rest[:at], *new.values(), *rest[at:])[:MOST_QUEUED]


def without(queue: Queue, key: str) -> Queue:
    """The queue without an item."""
    return tuple(item for item in queue if item.key != key)


def moved(queue: Queue, key: str, by: int, *, first: int = 0) -> Queue:
    """One item so many places later (or earlier), at most to the end or to place ``first``."""
    at = next((place for place, item in enumerate(queue) if item.key == key), None)
    if at is None or at < first:
        return queue
    reordered = list(without(queue, key))
    reordered.insert(max(first, at + by), queue[at])
    return tuple(reordered)


def merged(stored: Queue, before: Queue, after: Queue) -> Queue:
    """The stored queue with what changed from ``before`` to ``after`` done to it.

    What another program did to the stored one meanwhile stays done.
    """
    if before == after:
        return stored
    keys_after = {item.key for item in after}
    gone = {item.key for item in before} - keys_after
    result = [item for item in stored if item.key not in gone]
    known = {item.key for item in before}
    out_of_order = _out_of_order([item.key for item in before if item.key in keys_after], after)
    for place, item in enumerate(after):
        if item.key not in known or item.key in out_of_order:
            was_there = any(other.key == item.key for other in result)
            # One that another program has taken out does not come back by being moved.
            if item.key in known and not was_there:
                continue
            result = [other for other in result if other.key != item.key]
            keys = [other.key for other in result]
            previous = after[place - 1].key if place else ""
            result.insert(keys.index(previous) + 1 if previous in keys else 0, item)
    return tuple(result)[:MOST_QUEUED]


def _out_of_order(before: list[str], after: Queue) -> set[str]:
    """The keys that stand elsewhere, where one or a few items were moved."""
    from radiotui.store.queue_ranks import rising

    rank = {key: place for place, key in enumerate(before)}
    order = [item.key for item in after if item.key in rank]
    staying = rising([rank[key] for key in order])
    return {key for place, key in enumerate(order) if place not in staying}
