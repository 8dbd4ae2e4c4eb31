"""Upkeep of the stored stories: made findable, and let go of once they are old."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from radiotui.articles.serialise import plain_body
from radiotui.store import retention, search
from radiotui.stories.transcript_lines import spoken_words

if TYPE_CHECKING:
    from radiotui.store import Store

_INDEXED_AT_ONCE = 100
_TIDIED_AT_ONCE = 200


async def index_stories(store: Store) -> bool:
    """Make all that is kept findable; other questions come between. False where it was so."""
    if await store.look(search.is_whole):
        return False
    texts = plain_body, spoken_words
    while await store.ask(lambda c: search.index_some(c, _INDEXED_AT_ONCE, *texts)):
        pass
    return True


async def tidy_stories(
    store: Store, clock: Callable[[], datetime], keep_days: int, podcasts: Collection[str]
) -> None:
    """Let go of what is older than so many days, but for episodes of ``podcasts``."""
    now = await store.look(lambda c: retention.trusted_now(c, clock()))
    old = now - timedelta(days=keep_days), now, _TIDIED_AT_ONCE, podcasts
    while await store.ask(lambda c: retention.tidy(c, *old)):
        pass
