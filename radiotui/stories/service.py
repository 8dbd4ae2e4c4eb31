"""Story service: stories of each section, stored, refreshed, marked and searched."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace

from radiotui.documents.processes import WorkerPool
from radiotui.feeds.discover import FoundFeed, find_feeds
from radiotui.feeds.older_pages import OlderEpisodes, bring_older
from radiotui.feeds.opml import Subscriptions, opml_in_worker
from radiotui.feeds.parsing.pool import FeedParser
from radiotui.feeds.refresh import FeedAnswer, RefreshDeps, ask_feed, is_to_be_asked
from radiotui.net.politeness import HostLimiter
from radiotui.problems import Problem, ProblemKind
from radiotui.search.query import read_query
from radiotui.store import feeds, search, stories
from radiotui.store.feeds import Feed
from radiotui.stories.article_cache import ArticleCache, page_link
from radiotui.stories.list_lengths import ListLengths
from radiotui.stories.model import (
    FeedState,
    PodcastSection,
    SearchResult,
    Section,
    SectionKey,
    Story,
    StoryList,
)
from radiotui.stories.snapshots import feed_states, search_results, story_of, together
from radiotui.stories.stored_lists import StoredList, limit_reaching, story_list_of
from radiotui.stories.upkeep import index_stories, tidy_stories
from radiotui.text import shorten

if TYPE_CHECKING:
    from radiotui.net.client import Net
    from radiotui.store import Store
    from radiotui.store.stories import StoredStory, Whole

_MOST_UNDO = 20
_PAGES_AT_ONCE = 3
"""Of a podcast whose end was reached: the listener waits for them."""
_LONGEST_ID = 18
"""Digits of the largest number that SQLite counts to."""
_FOUND = 60
_SHOWN_AGAIN_SECONDS = 1.0
"""While many feeds are asked, the list follows that often."""
_PAGES_IDLE_SECONDS = 600.0
"""One reads a story for minutes before the next page is to be parsed."""
_TOLD_AGAIN_SECONDS = 0.2
"""And how far it is, so often: forty answers a second are more than anybody sees."""

FeedsOf = Callable[[str], tuple[str, ...]]


class StoryService:
    """Stories by section. ``on_change`` is told each new list, on the loop.

    The store and the network are the caller's, who closes them. ``spared``
    processors are not used for reading big feeds.
    """

    def __init__(
        self,
        net: Net,
        store: Store,
        *,
        clock: Callable[[], datetime],
        on_change: Callable[[StoryList], None],
        refresh_minutes: int = 30,
        keep_days: int = 0,
        spared: int = 0,
        turns: HostLimiter | None = None,
        jitter: Callable[[], float] = random.random,
        served_at: Callable[[str], str | None] = lambda _: None,
    ) -> None:
        self._net = net
        self._store = store
        self._clock = clock
        self._lengths = ListLengths()
        self._on_change = partial(self._lengths.pass_on, on_change)
        self._keep_days = keep_days
        self._turns = turns or HostLimiter()
        self._workers = WorkerPool(spared=spared)
        # Of its own: a story that is opened does not wait for a hundred feeds.
        self._page_workers = WorkerPool(spared=spared, idle=_PAGES_IDLE_SECONDS)
        least, parser = timedelta(minutes=refresh_minutes), FeedParser(self._workers)
        self._asking = RefreshDeps(net, store, clock, least, jitter, parser, served_at)
        self.listed_feeds: Collection[str] | None = None
        """Addresses of the feeds that count as a story's sources; None: all that are stored."""
        self._pages = ArticleCache(net, store, self._turns, self._page_workers, clock=clock)
        self._refreshes: dict[SectionKey, asyncio.Task[StoryList]] = {}
        self._progress: dict[SectionKey, tuple[int, int]] = {}
        self._undo: list[list[int]] = []
        # In the order in which they were asked for, the last one last.
        self._recent: dict[SectionKey, Section] = {}

    # What is shown

    async def story_list(self, section: Section) -> StoryList:
        """Stored stories of a section, newest first; none, and why, without a store.

        No list is narrowed any more.
        """
        self._lengths.widen(section.key)
        self._note_recent(section)
        return await self._story_list(section)

    async def show_older(self, section: Section) -> None:
        """Show older stories of a section, too; its new list is told. Raises Problem.

        Of a podcast whose stored ones are all shown the next pages are asked for.
        """
        shown = await self._story_list(section)
        if isinstance(section.key, PodcastSection) and len(shown.headlines) < self._lengths.limit(
            section.key
        ):
            answer = await self.bring_older(section.key.url, _PAGES_AT_ONCE)
            if answer.problem is not None:
                raise answer.problem
        self._lengths.lengthen(section.key)
        self._on_change(await self._story_list(section))

    async def narrow(self, section: Section, words: str) -> None:
        """Tell the list of a section as it is with those stories alone that have the words."""
        self._lengths.narrow(section.key, words)
        self._on_change(await self._story_list(section))
        if await index_stories(self._store):
            self._on_change(await self._story_list(section))

    async def widen(self, section: Section, headline_id: int | None = None) -> None:
        """Tell the whole list of a section again; with ``headline_id`` that story is in it."""
        limit = self._lengths.whole_limit(section.key)
        if headline_id is not None:
            reach = partial(limit_reaching, section=section, entry=headline_id, limit=limit)
            limit = await self._store.look(partial(reach, listed=self.listed_feeds))
        self._lengths.widen(section.key, limit)
        self._on_change(await self._story_list(section))

    async def story(self, headline_id: int) -> Story:
        """A story as it is kept, at once. Raises Problem when it is not kept any more."""
        whole = await self._whole(headline_id)
        link = page_link(whole)
        page = await self._pages.stored(link) if link else None
        return await asyncio.to_thread(story_of, whole, page)

    async def whole_story(self, headline_id: int, *, anew: bool = False) -> Story:
        """A story with its page's article, asked for where it is not kept or the feed changed.

        With ``anew`` in any case. What is kept, or the feed brought, where the page gives no
        article, with why. Raises Problem when the story is not kept any more.
        """
        whole = await self._whole(headline_id)
        link = page_link(whole)
        page = await self._pages.page(link, whole.entry.changed_at, anew=anew) if link else None
        return await asyncio.to_thread(story_of, whole, page)

    async def read(self, address: str) -> Story:
        """The story with that address or id, or the page behind an address nobody has named.

        Raises Problem when neither gives anything to read.
        """
        if address.isdecimal():
            if len(address) > _LONGEST_ID:
                title = f"there is no story {shorten(address, 40)}"
                raise Problem(title, kind=ProblemKind.NOT_FOUND)
            return await self.whole_story(int(address))
        entry_id = await self._store.look(lambda c: stories.entry_of_link(c, address))
        if entry_id is not None:
            return await self.whole_story(entry_id)
        page = await self._pages.page(address, None)
        return await asyncio.to_thread(story_of, None, page, address)

    async def account(self, address: str) -> list[str]:
        """Account of how a page is read. Raises Problem for one without text to read."""
        return await self._pages.account(address)

    async def search(
        self, typed: str, feeds_of: FeedsOf, limit: int = _FOUND
    ) -> list[SearchResult]:
        """The stories that match what was typed, the best first.

        Raises Problem for a filter that cannot be understood.
        """
        query = read_query(typed, feeds_of=feeds_of, now=self._clock())
        if query.heard or query.recorded:
            return []
        results_in = partial(search_results, query, limit, self.listed_feeds)
        await self.index()
        results = await self._store.look(results_in)
        # A store that proved damaged was replaced by one that is not indexed.
        if not await self._store.look(search.is_whole):
            await self.index()
            results = await self._store.look(results_in)
        return results

    async def find_feeds(self, address: str) -> list[FoundFeed]:
        """Feeds behind an address. Raises Problem where there are none."""
        return await find_feeds(self._net, self._workers, address)

    async def read_opml(self, data: bytes) -> Subscriptions:
        """Feeds that an OPML file lists. Raises Problem when it is none."""
        return await opml_in_worker(self._workers, data)

    async def feed_states(self, urls: Sequence[str] | None = None) -> list[FeedState]:
        """State of each feed; None: of every one that was ever asked for."""
        return await self._store.look(lambda c: feed_states(c, urls))

    async def newest(self, section: Section | None, limit: int = 50) -> list[StoredStory]:
        """The newest stories of a section; without one, of all feeds."""
        urls = None if section is None else section.feeds
        return await self._store.look(
            lambda c: stories.newest(c, urls, limit, listed=self.listed_feeds)
        )

    # What is asked

    async def refresh(
        self, section: Section, *, force: bool = False, in_background: bool = False
    ) -> StoryList:
        """Ask those of the section's feeds whose time has come, or with ``force`` all.

        A refresh that is under way is joined; it goes on when the caller is cancelled. With
        ``in_background`` the list that changes are told of stays another's.
        """
        if not in_background:
            self._note_recent(section)
        task = self._refreshes.get(section.key)
        if task is None:
            task = asyncio.create_task(self._refresh(section, force=force))
            self._refreshes[section.key] = task
            task.add_done_callback(lambda _: self._refreshes.pop(section.key, None))
        return await asyncio.shield(task)

    async def bring_older(self, url: str, most_pages: int) -> OlderEpisodes:
        """Ask for older pages of a feed. Raises Problem where the store takes nothing."""
        return await bring_older(self._asking, url, most_pages)

    async def stop_refreshing(self, section: Section) -> None:
        """End the refresh of a section that is under way; what has come is kept."""
        task = self._refreshes.get(section.key)
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            self._on_change(await self._story_list(section))

    async def ahead(self, section: Section, newest: int) -> None:
        """Fetch the articles of the newest stories of each feed of a section."""
        known_feeds = await self._store.look(lambda c: feeds.feeds(c, section.feeds))
        await self._pages.ahead([feed.id for feed in known_feeds], newest)
        await self.index()

    async def warm_up(self) -> None:
        """Get a process ready, soon, for the page of the story that is opened next."""
        await self._pages.warm_up_soon()

    async def index(self) -> None:
        """Make all that is kept findable; other questions come between."""
        await index_stories(self._store)

    async def tidy(self, podcasts: Collection[str] = ()) -> None:
        """Let go of what is older than the setting says, but for episodes of ``podcasts``."""
        if self._keep_days:
            await tidy_stories(self._store, self._clock, self._keep_days, podcasts)

    # What the listener does

    async def mark_read(
        self, headline_ids: Sequence[int], read: bool, *, can_undo: bool = False
    ) -> int:
        """Mark stories read or unread; how many were not so before."""
        changed = await self._store.ask(lambda c: stories.mark(c, headline_ids, read=read))
        # A story that is opened is marked, too: only what was asked for is undone.
        if changed and (can_undo or len(headline_ids) > 1):
            self._undo = [*self._undo[1 - _MOST_UNDO :], changed]
        await self.tell_again()
        return len(changed)

    async def undo(self) -> int:
        """Make the stories that were last marked read together unread again; how many."""
        if not self._undo:
            return 0
        changed = self._undo.pop()
        await self._store.ask(lambda c: stories.mark(c, changed, read=False))
        await self.tell_again()
        return len(changed)

    async def star(self, headline_id: int, starred: bool) -> None:
        """Star a story or take its star away."""
        await self._store.ask(lambda c: stories.mark(c, [headline_id], starred=starred))
        await self.tell_again()

    async def keep_place(self, headline_id: int, place: float) -> None:
        """Remember how far a story was read: 0 to 1."""
        await self._store.ask(lambda c: stories.mark(c, [headline_id], place=place))

    async def tell_again(self, *, of_episodes: bool = False) -> None:
        """Tell the new list of the section that was asked for last; or only if it has episodes."""
        for section in [*self._recent.values()][-1:]:
            if section.is_of_podcasts or section.is_personal or not of_episodes:
                self._on_change(await self._story_list(section))

    async def close(self) -> None:
        """End what is under way."""
        tasks = list(self._refreshes.values())
        for task in tasks:
            task.cancel()
        ending = (self._pages.close(), self._workers.close(), self._page_workers.close())
        await asyncio.gather(*ending, *tasks, return_exceptions=True)

    # Inside

    async def _refresh(self, section: Section, *, force: bool) -> StoryList:
        answers: list[FeedAnswer] = []
        try:
            answers = await self._ask_all(section, force=force)
        except Problem as problem:
            answers = [FeedAnswer(unkept=problem)]
        finally:
            self._progress.pop(section.key, None)
        story_list = await self._story_list(section)
        unkept = together([answer.unkept for answer in answers if answer.unkept])
        problems = [answer.problem for answer in answers if answer.problem]
        story_list = replace(
            story_list, problem=story_list.problem or unkept or together(problems), unkept=unkept
        )
        self._on_change(story_list)
        return story_list

    async def _ask_all(self, section: Section, *, force: bool) -> list[FeedAnswer]:
        """Outcome for each feed that is due: a bad one costs the others nothing."""
        if section.is_personal:
            return []
        now = self._clock()
        known_feeds = await self._store.ask(
            lambda c: (
                feeds.feeds(c, None) if section.feeds is None else feeds.subscribe(c, section.feeds)
            )
        )
        due = [feed for feed in known_feeds if force or is_to_be_asked(self._asking, feed, now)]
        if not due:
            return []
        self._progress[section.key] = (len(due), 0)
        beside = await self._asking.get_ready(due) if section.is_of_podcasts else []
        story_list = await self._story_list(section)
        self._on_change(story_list)
        beside.append(asyncio.create_task(self._follow(section, story_list)))
        try:
            return await asyncio.gather(*(self._ask(feed, section) for feed in due))
        finally:
            for task in beside:
                task.cancel()

    async def _ask(self, feed: Feed, section: Section) -> FeedAnswer:
        async with self._turns.of(feed.address):
            answer = await ask_feed(self._asking, feed)
        if section.key in self._progress:
            due, answered = self._progress[section.key]
            self._progress[section.key] = (due, answered + 1)
        return answer

    async def _follow(self, section: Section, story_list: StoryList) -> None:
        """Tell how far a refresh is: how many have answered, and now and then their stories."""
        loop = asyncio.get_running_loop()
        shown_at = loop.time()
        while True:
            await asyncio.sleep(_TOLD_AGAIN_SECONDS)
            due, answered = self._progress[section.key]
            if answered in {due, story_list.feeds_done}:
                continue
            is_other = story_list.words != self._lengths.words(section.key)
            if is_other or loop.time() - shown_at > _SHOWN_AGAIN_SECONDS:
                shown_at = loop.time()
                story_list = await self._story_list(section)
            else:
                story_list = replace(story_list, feeds_done=answered)
            self._on_change(story_list)

    async def _whole(self, headline_id: int) -> Whole:
        return await self._store.look(lambda c: stories.story(c, headline_id, self.listed_feeds))

    async def _story_list(self, section: Section) -> StoryList:
        problem: Problem | None = None
        words, limit = self._lengths.words(section.key), self._lengths.limit(section.key)
        stored = StoredList(words=words)
        try:
            stored = await self._store.look(self._lengths.reading(section, self.listed_feeds))
        except Problem as error:
            problem = error
        return story_list_of(section, stored, limit, problem, self._progress.get(section.key))

    def _note_recent(self, section: Section) -> None:
        self._recent.pop(section.key, None)
        self._recent[section.key] = section
