"""Parts of a large feed, put together as if one process had read it.

feedparser takes a second for some thousands of items, and can use one processor only.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from radiotui.feeds.parsing.model import FeedPart, ParsedFeed


def together(parts: Sequence[FeedPart]) -> ParsedFeed | None:
    """The feed of which these are all parts, in its order; None where it has to be read as one.

    That is so where two parts have an entry of one name: their order and links decide then.
    """
    first = parts[0]
    if first.is_whole:
        return first.parsed
    feeds = [part.parsed for part in parts if part.parsed is not None]
    guids = tuple(guid for feed in feeds for guid in feed.guids)
    if len(feeds) < len(parts) or len(set(guids)) < len(guids):
        return None
    return replace(
        feeds[0],
        entries=tuple(entry for feed in feeds for entry in feed.entries),
        guids=guids,
        item_hashes={
            guid: item_hash for feed in feeds for guid, item_hash in feed.item_hashes.items()
        },
    )
