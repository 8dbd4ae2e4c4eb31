"""The newest stories of a station, or of all, for scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiotui.app.followed_feeds import station_of
from radiotui.app.shapes import Shape, story_shape
from radiotui.stories.sections import station_section

if TYPE_CHECKING:
    from radiotui.app.followed_feeds import FollowedFeeds
    from radiotui.problems import Problem
    from radiotui.stations.model import Station
    from radiotui.stories.service import StoryService

_MOST_STORIES = 1000


async def newest_stories(
    service: StoryService, feeds: FollowedFeeds, station: Station | None, *, unread: bool
) -> tuple[list[Shape], Problem | None]:
    """The newest stories, after a refresh, and why not every feed answered."""
    section = station_section(station) if station else None
    story_list = await service.refresh(section or feeds.all_stories)
    stories = await service.newest(section, _MOST_STORIES)
    stations = [station] if station else feeds.everything.stations
    # Podcasts are opened by themselves: their episodes are no news.
    podcasts = set(feeds.podcasts) - feeds.listed
    matching = [
        story for story in stories if not (unread and story.read) and story.feed not in podcasts
    ]
    shapes = [story_shape(story, station_of(story.feed, stations)) for story in matching]
    return shapes, story_list.problem
