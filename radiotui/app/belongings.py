"""Feeds and stories of a programme: its podcast, and the stories of its name and its presenters.

Nothing is shown where that is not sure; then it is said why.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from radiotui.app.deps import RoomDeps
from radiotui.app.followed_feeds import FollowedFeeds
from radiotui.problems import Problem
from radiotui.stories.model import FeedSelection, FeedState, Headline, Section
from radiotui.text import clean

if TYPE_CHECKING:
    import sqlite3

    from radiotui.app.services import Services
    from radiotui.stories.programme_names import ProgrammeName

_MOST_EPISODES = 5
"""Of each feed."""
_MOST_STORIES = 30
_MOST_ASKED = 40
"""Podcasts without a name that are asked at once."""
_LEAST_IN_A_TITLE = 3
"""Words of a name that is sure in a headline, where each word may have a capital."""


class ProgrammeFeed(msgspec.Struct, frozen=True):
    """A feed that is the programme's own, and its newest entries."""

    state: FeedState
    is_podcast: bool
    headlines: tuple[Headline, ...] = ()


class ProgrammeStories(msgspec.Struct, frozen=True):
    """Feeds and stories of a programme, as far as they are sure."""

    title: str
    hosts: tuple[str, ...] = ()
    feeds: tuple[ProgrammeFeed, ...] = ()
    headlines: tuple[Headline, ...] = ()
    """Stories of other feeds that speak of it or are by its presenters, newest first."""
    doubt: str = ""
    """Why there is nothing, in the listener's words; empty where there is something."""
    problem: Problem | None = None
    """Why not every feed answered."""


class BelongingsDeps(RoomDeps, frozen=True):
    """Dependencies of :class:`Belongings`."""

    feeds: Callable[[], FollowedFeeds]
    """The feeds of the station list of now."""


@dataclass
class Belongings:
    """Programmes and what is theirs among the feeds of the list and the stories that are kept."""

    deps: BelongingsDeps
    titles: Mapping[str, str] = field(default_factory=dict)
    """The names of feeds of the list that have answered once, by address."""

    async def of_programme(self, title: str, host: str | None) -> ProgrammeStories:
        """Feeds and stories of a programme, of what is kept; nobody is asked."""
        from radiotui.stories.programme_names import read_programme

        services, title = await self.deps.opened(), clean(title, 200)
        name = read_programme(title, host)
        await services.story_service.index()
        own = await self._feeds_of(services, name)
        urls = {feed.state.url for feed in own}
        others = [url for url in self._urls() if url not in urls]
        stories = await services.store.look(partial(_stories, name, others, self._listed()))
        doubt = "" if own or stories else _doubt(title, name)
        return ProgrammeStories(title, name.hosts, tuple(own), tuple(stories), doubt)

    async def refresh(self, title: str, host: str | None) -> ProgrammeStories:
        """The same, once the podcasts that have no name yet and the programme's feeds answered."""
        services = await self.deps.opened()
        self._note_titles(await services.story_service.feed_states(self._podcasts()))
        unnamed = [url for url in self._podcasts() if url not in self.titles]
        problem = await self._ask(services, unnamed[:_MOST_ASKED])
        before = await self.of_programme(title, host)
        problem = await self._ask(services, [feed.state.url for feed in before.feeds]) or problem
        return replace(await self.of_programme(title, host), problem=problem)

    async def _ask(self, services: Services, urls: list[str]) -> Problem | None:
        """Ask those of the feeds whose time has come."""
        if not urls:
            return None
        section = Section(FeedSelection(tuple(urls)), "", tuple(urls))
        return (await services.story_service.refresh(section, in_background=True)).problem

    async def _feeds_of(self, services: Services, name: ProgrammeName) -> list[ProgrammeFeed]:
        podcasts = self._podcasts()
        states = await services.story_service.feed_states(self._urls())
        self._note_titles(states)
        own = [self.deps.feeds().state_in_list(state) for state in states]
        own = [state for state in own if name.names_feed(state.title)]
        urls = [state.url for state in own]
        episodes = await services.store.look(partial(_episodes, urls, self._listed()))
        return [
            ProgrammeFeed(state, state.url in podcasts, tuple(headlines))
            for state, headlines in zip(own, episodes, strict=True)
        ]

    def _note_titles(self, states: list[FeedState]) -> None:
        answered = {state.url: state.title for state in states if state.answered_at is not None}
        self.titles = {**self.titles, **answered}

    def _podcasts(self) -> list[str]:
        """The addresses of all podcasts of the station list."""
        return self.deps.feeds().podcasts

    def _urls(self) -> list[str]:
        feeds = self.deps.feeds()
        return list(dict.fromkeys([*feeds.urls, *feeds.podcasts]))

    def _listed(self) -> frozenset[str]:
        return self.deps.feeds().listed


def _episodes(
    urls: list[str], listed: frozenset[str], connection: sqlite3.Connection
) -> list[list[Headline]]:
    from radiotui.store.stories import newest
    from radiotui.stories.snapshots import headline

    return [
        [headline(story) for story in newest(connection, [url], _MOST_EPISODES, listed=listed)]
        for url in urls
    ]


def _stories(
    name: ProgrammeName, feeds: list[str], listed: frozenset[str], connection: sqlite3.Connection
) -> list[Headline]:
    """Stories that speak of the programme, then those that are by a presenter alone."""
    from radiotui.store.programme_stories import TextMatch, stories_with
    from radiotui.stories.programme_names import phrase_of
    from radiotui.stories.snapshots import headline

    hosts = " OR ".join(map(phrase_of, name.hosts))
    matches: list[TextMatch] = []
    if len(name.words) >= _LEAST_IN_A_TITLE:
        matches.append(TextMatch(name.phrase, ("title", "byline", "plain"), name.spellings))
    elif len(name.words) > 1:
        matches.append(TextMatch(name.phrase, ("byline", "plain"), name.spellings))
    elif name.words and hosts:
        # One word is a name only beside the person who presents it.
        phrases = f"{name.phrase} AND ({hosts})"
        matches.append(TextMatch(phrases, ("byline", "plain"), name.spellings))
    if hosts:
        matches.append(TextMatch(hosts, ("byline",)))
    by_story: dict[int, Headline] = {}
    for match in matches:
        for story in stories_with(connection, match, feeds, _MOST_STORIES, listed):
            by_story.setdefault(story.story, headline(story))
    return list(by_story.values())[:_MOST_STORIES]


def _doubt(title: str, name: ProgrammeName) -> str:
    if not name.words and not name.hosts:
        return f"“{title}” is a name that many programmes have, so nothing is sure to be its own"
    if not name.hosts and len(name.words) == 1:
        return f"No feed is called “{title}”, and one word alone is too little to find stories by"
    return f"No feed is called “{title}”, and no story that is kept speaks of it"
