"""Promised JSON of the queues; see :mod:`radiotui.app.shapes`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiotui.app.shapes import Shape
from radiotui.text import without_password

if TYPE_CHECKING:
    from radiotui.app.queue_table import QueueContent
    from radiotui.player.queue import QueueItem
    from radiotui.store.queues import StoredQueue


def queue_shape(content: QueueContent) -> Shape:
    """Queue of ``podcasts queue --json``."""
    items = [queue_item_shape(item, at) for at, item in enumerate(content.items, 1)]
    lengths = [item.seconds for item in content.items]
    return {
        "name": content.queue.name,
        "rule": content.queue.rule or None,
        "seconds": sum(length for length in lengths if length is not None),
        "items": items,
    }


def queue_item_shape(item: QueueItem, place: int) -> Shape:
    """Item of a queue. ``id`` is that of its story or episode, while it is kept."""
    return {
        "place": place,
        "kind": item.noun,
        "id": item.entry or None,
        "title": item.title,
        "from": item.from_ or None,
        "feed": without_password(item.feed) or None,
        "guid": item.guid or None,
        "audio": without_password(item.url) or None,
        "path": item.path or None,
        "seconds": item.seconds,
    }


def queue_name_shape(queue: StoredQueue, in_use: str) -> Shape:
    """Queue of ``podcasts queue names --json``."""
    return {
        "name": queue.name,
        "used": queue.name == in_use,
        "rule": queue.rule or None,
        "items": queue.items,
        "seconds": queue.seconds,
    }
