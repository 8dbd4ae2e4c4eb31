"""Sound of a story as an item of the queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiotui.player.queue import QueueItem, entry_key
from radiotui.problems import Problem
from radiotui.store.episodes import identity_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from radiotui.store import Store
    from radiotui.stories.service import StoryService


async def queue_item(
    service: StoryService,
    store: Store,
    podcasts: Collection[str],
    headline: int,
    at: float | None = None,
) -> QueueItem:
    """A story's sound, or an episode's where its feed is one of the podcasts.

    It begins at the second ``at`` where that is given. The page is asked for only where the feed
    names no sound. Raises Problem where neither has one.
    """
    story = await service.story(headline)
    if story.article.audio is None:
        story = await service.whole_story(headline)
    audio = story.article.audio
    if audio is None:
        raise Problem("This story has no sound of its own", story.headline.title)
    # Of an entry that was let go of meanwhile the address is all the identity there is.
    identity: tuple[str, str] | None = await store.look(lambda c: identity_of(c, headline))
    feed, guid = identity or ("", audio.url)
    key = entry_key(feed, guid)
    # A place that has not come yet can be sought in a kept file alone.
    is_kept = feed in podcasts or at is not None
    return QueueItem(
        url=audio.url,
        title=story.headline.title,
        from_=story.article.site or story.headline.feed_title,
        seconds=audio.seconds,
        key=key,
        kept=key if is_kept else "",
        feed=feed,
        guid=guid,
        entry=headline,
        begin=at,
    )
