"""Sound of a story as an item of the newscast."""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiotui.app.episode_progress import kept_name
from radiotui.player.queue import QueueItem
from radiotui.problems import Problem
from radiotui.stories.intents import ListenFrom

if TYPE_CHECKING:
    from collections.abc import Collection

    from radiotui.app.services import Services
    from radiotui.stories.intents import SoundIntent


async def queue_item(
    services: Services, podcasts: Collection[str], intent: SoundIntent
) -> QueueItem:
    """A story's sound, or an episode's where its feed is one of the podcasts.

    The page is asked for only where the feed names none. Raises Problem where neither has one.
    """
    service, headline = services.story_service, intent.headline
    at = intent.at if isinstance(intent, ListenFrom) else None
    story = await service.story(headline)
    if story.article.audio is None:
        story = await service.whole_story(headline)
    audio = story.article.audio
    if audio is None:
        raise Problem("This story has no sound of its own", story.headline.title)
    # A place that has not come yet can be sought in a kept file alone.
    is_kept = story.headline.feed in podcasts or at is not None
    kept = await kept_name(services.store, headline) if is_kept else ""
    return QueueItem(
        url=audio.url,
        title=story.headline.title,
        from_=story.article.site or story.headline.feed_title,
        seconds=audio.seconds,
        key=str(headline),
        kept=kept,
        begin=at,
    )
