"""Rules of queues over the podcasts of the list, and episodes by the name of their podcast.

Which episodes those are is said by :mod:`radiotui.podcasts.queue_rule`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from radiotui.app.deps import RoomDeps
from radiotui.app.story_sound import queue_item
from radiotui.podcasts.queue_rule import (
    QueueRule,
    RuleEpisode,
    RulePodcast,
    choose,
    read_rule,
)
from radiotui.problems import Problem, ProblemKind
from radiotui.stories.snapshots import together

if TYPE_CHECKING:
    from radiotui.app.followed_feeds import FollowedFeeds
    from radiotui.app.podcasts import Podcasts
    from radiotui.player.queue import Queue, QueueItem
    from radiotui.podcasts.model import Podcast, PodcastEpisode


class QueueRulesDeps(RoomDeps, frozen=True):
    """Dependencies of :class:`QueueRules`."""

    podcasts: Callable[[], Podcasts]
    feeds: Callable[[], FollowedFeeds]


class QueueRules:
    """Rules as they are typed, and the episodes that they find today."""

    def __init__(self, deps: QueueRulesDeps) -> None:
        self.deps = deps

    async def checked(self, typed: str) -> str:
        """A typed rule as it is stored. Raises Problem for one that cannot be used."""
        rule = read_rule(typed)
        for source in rule.sources:
            for name in source.names:
                await self.deps.podcasts().named(name)
        return str(rule)

    async def chosen(self, typed: str, queue: Queue) -> tuple[Queue, Problem | None]:
        """Items that a rule adds to a queue, and why not all. Its podcasts are asked first.

        Raises Problem where it is not understood, and where none of its podcasts is there.
        """
        rule = read_rule(typed)
        of_sources, problems = await self._podcasts_of(rule)
        if problems and not any(of_sources):
            raise problems[0]
        keys = {item.entry for item in queue}
        podcasts = [[_rule_podcast(*each, keys) for each in of_source] for of_source in of_sources]
        waiting = sum(item.seconds or 0.0 for item in queue)
        items = [await self.item(entry) for entry in choose(rule, podcasts, waiting)]
        return tuple(items), together(problems)

    async def item(self, entry: int, at: float | None = None) -> QueueItem:
        """The sound of a story or an episode, from a second on where one is given.

        Raises Problem where it has none.
        """
        services, podcasts = await self.deps.opened(), self.deps.feeds().podcasts
        return await queue_item(services.story_service, services.store, podcasts, entry, at)

    async def next_episode(self, typed: str) -> QueueItem:
        """The episode that "PODCAST" or "PODCAST/latest" means.

        Without "/latest": the one in progress, else of a serial the next unheard, else the newest.
        Raises Problem where there is no such podcast, or no episode.
        """
        name, _, word = typed.rpartition("/")
        is_latest = bool(name) and word.casefold() == "latest"
        podcast, episodes = await self.deps.podcasts().episodes(name if is_latest else typed)
        if not episodes:
            problem = podcast.state.problem
            title = f"{podcast.state.title} has no episodes yet"
            raise problem or Problem(title, kind=ProblemKind.NOT_FOUND)
        if is_latest:
            return await self.item(episodes[0].headline.id)
        return await self.item(await self._goes_on(podcast, episodes))

    async def _goes_on(self, podcast: Podcast, episodes: list[PodcastEpisode]) -> int:
        from radiotui.store.episodes import in_progress

        store, url = (await self.deps.opened()).store, podcast.state.url
        begun = await store.look(lambda c: in_progress(c, [url], 1))
        if begun:
            return begun[0].id
        unheard = [each for each in episodes if not each.headline.is_played]
        if podcast.channel.kind == "serial" and unheard:
            return unheard[-1].headline.id
        return episodes[0].headline.id

    async def _podcasts_of(
        self, rule: QueueRule
    ) -> tuple[list[list[tuple[Podcast, list[PodcastEpisode]]]], list[Problem]]:
        """The podcasts of each source with their episodes, each asked once; what went wrong."""
        names = [source.names or tuple(self.deps.feeds().podcasts) for source in rule.sources]
        every = list(dict.fromkeys(name for of_source in names for name in of_source))
        ask = self.deps.podcasts().episodes
        answers = await asyncio.gather(*map(ask, every), return_exceptions=True)
        found: dict[str, tuple[Podcast, list[PodcastEpisode]]] = {}
        problems: list[Problem] = []
        for name, answer in zip(every, answers, strict=True):
            if isinstance(answer, Problem):
                problems.append(answer)
            elif isinstance(answer, BaseException):
                raise answer
            else:
                found[name] = answer
                if answer[0].state.problem is not None:
                    problems.append(answer[0].state.problem)
        return [[found[name] for name in some if name in found] for some in names], problems


def _rule_podcast(
    podcast: Podcast, episodes: list[PodcastEpisode], queued: set[int]
) -> RulePodcast:
    return RulePodcast(
        tuple(
            RuleEpisode(
                each.headline.id,
                each.headline.published.timestamp() if each.headline.published else 0.0,
                _seconds_left(each),
                is_played=each.headline.is_played,
                is_queued=each.headline.id in queued,
            )
            for each in episodes
        ),
        is_serial=podcast.channel.kind == "serial",
    )


def _seconds_left(each: PodcastEpisode) -> float | None:
    """Seconds that are to be heard of an episode; None where its length is not told."""
    headline = each.headline
    seconds = each.episode.seconds or (headline.audio.seconds if headline.audio else None)
    return max(1.0, seconds - headline.heard) if seconds else None
