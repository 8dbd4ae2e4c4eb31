"""Stories as front ends use them: sections, headlines, articles and the listener's own feeds.

Intents return at once; what they change comes as a new StoryList. Questions are
awaited and raise Problem.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from radiotui.app.deps import RoomDeps
from radiotui.app.followed_feeds import FollowedFeeds
from radiotui.player.intents import Enqueue, EnqueueNext, PlayItem
from radiotui.problems import Problem, ProblemKind
from radiotui.stations.model import OwnFeed, Station
from radiotui.stories.intents import (
    KeepPlace,
    ListenFrom,
    ListenToStory,
    MarkRead,
    NarrowList,
    QueueStory,
    QueueStoryNext,
    ShowOlder,
    SoundIntent,
    Star,
    StoryIntent,
    ToggleRefresh,
    WidenList,
)
from radiotui.stories.list_changes import change_list
from radiotui.stories.model import (
    FeedSection,
    FeedSelection,
    FeedState,
    SearchResult,
    Section,
    SectionKey,
    Story,
    StoryList,
)

if TYPE_CHECKING:
    from radiotui.app.services import Services
    from radiotui.app.shapes import Shape
    from radiotui.player.queue import QueueItem

log = logging.getLogger(__name__)

_REFRESH_EVERY_SECONDS = 60.0
_TIDY_EVERY_SECONDS = 24 * 3600.0


class StoriesDeps(RoomDeps, frozen=True):
    """Dependencies of :class:`Stories`."""

    feeds: Callable[[], FollowedFeeds]
    """The feeds of the station list of now."""
    articles_ahead: Callable[[], int]
    """The number of new articles that are fetched before they are opened."""
    stations_path: Path | None
    """The file that feeds are written into; None where none is used."""
    publish: Callable[[StoryList], None]
    """Sends a snapshot to every front end."""
    do: Callable[[Enqueue | EnqueueNext], None]
    """Obeys an intent towards the queue."""
    sound_of: Callable[[SoundIntent], Awaitable[QueueItem]]
    """Gives the sound of a story. Raises Problem where it has none."""
    on_asked: Callable[[], None] = lambda: None
    """Is told that feeds and podcasts were asked."""


class Stories:
    """Stories of stations and of the listener's own feeds."""

    def __init__(
        self, deps: StoriesDeps, *, wait: Callable[[float], Awaitable[object]] = asyncio.sleep
    ) -> None:
        self.deps = deps
        self._wait = wait
        self._story_lists: dict[SectionKey, StoryList] = {}
        self._current: SectionKey | None = None
        self.feed_titles: Mapping[str, str] = {}
        """The names of podcasts that have answered once, by address."""
        self._last_failure: Problem | None = None
        self._reading_ahead: asyncio.Task[None] | None = None
        self._progress: tuple[SectionKey | None, Callable[[int, int], None]] = (
            None,
            lambda _answered, _asked: None,
        )

    # Snapshots

    @property
    def sections(self) -> tuple[Section, ...]:
        """The sections besides those of the stations."""
        return self.deps.feeds().sections

    def section(self, key: SectionKey) -> Section | None:
        """The section with that key, a station's too."""
        return self.deps.feeds().section(key)

    @property
    def current(self) -> SectionKey | None:
        """The key of the section that is followed."""
        return self._current

    def story_list(self, key: SectionKey) -> StoryList | None:
        """The newest snapshot of a section's stories; a narrowed one while it is followed."""
        story_list = self._story_lists.get(key)
        is_left = story_list is not None and story_list.words and key != self._current
        return None if is_left else story_list

    def receive(self, story_list: StoryList) -> None:
        """Replace a section's snapshot, and publish it."""
        self._story_lists[story_list.section] = story_list
        section, on_progress = self._progress
        if story_list.section == section and story_list.feeds_due:
            on_progress(story_list.feeds_done, story_list.feeds_due)
        self.deps.publish(story_list)

    # Intents

    def do(self, intent: StoryIntent) -> None:
        """Obey an intent; returns at once."""
        self.deps.spawn(self._obey(intent))

    def look_at(self, key: SectionKey) -> None:
        """Follow a section: show its stories, and keep them up to date."""
        self._current = key
        self.deps.spawn(self._look_at(key))

    async def _obey(self, intent: StoryIntent) -> None:
        services = await self._services()
        service, current = services.story_service, self._current_section()
        match intent:
            case ShowOlder() | NarrowList() | WidenList():
                if current is not None:
                    await change_list(service, current, intent)
            case ToggleRefresh():
                if current is not None:
                    await self._toggle_refresh(current)
            case MarkRead(headlines, read, can_undo):
                await service.mark_read(headlines, read, can_undo=can_undo)
            case Star(headline, starred):
                await service.star(headline, starred)
            case KeepPlace(headline, place):
                await service.keep_place(headline, place)
            case ListenToStory() | ListenFrom():
                services.player.do(PlayItem(await self.deps.sound_of(intent)))
            case QueueStory() | QueueStoryNext():
                enqueue = EnqueueNext if isinstance(intent, QueueStoryNext) else Enqueue
                self.deps.do(enqueue((await self.deps.sound_of(intent),)))

    async def _look_at(self, key: SectionKey) -> None:
        services = await self._services()
        # Not before: the Test Signal has no feeds until it is served.
        section = self.section(key)
        if section is not None:
            self.receive(await services.story_service.story_list(section))
            await services.story_service.refresh(section)
            self._read_ahead(services, section)
            if self._story_lists[key].headlines:
                await services.story_service.warm_up()

    async def _toggle_refresh(self, section: Section) -> None:
        service = (await self._services()).story_service
        story_list = self._story_lists.get(section.key)
        if story_list is not None and story_list.refreshing:
            await service.stop_refreshing(section)
        else:
            await service.refresh(section, force=True)

    # Questions

    async def story(self, headline: int) -> Story:
        """A story as it is kept, at once. Raises Problem when it is not kept any more."""
        return await (await self._services()).story_service.story(headline)

    async def whole_story(self, headline: int, *, anew: bool = False) -> Story:
        """A story with its page's article, fetched where it is not kept, and with ``anew``."""
        return await (await self._services()).story_service.whole_story(headline, anew=anew)

    async def read(self, address: str) -> Story:
        """The story with that id or address, or the page behind any address."""
        services = await self._services()
        services.local_hosts.add_typed(address)
        return await services.story_service.read(address)

    async def account(self, address: str) -> list[str]:
        """Account of how a page is read: the words of each layer, and what was left out."""
        return await (await self._services()).story_service.account(address)

    async def undo(self) -> int:
        """Take back what was last marked read together; the number of its stories."""
        return await (await self._services()).story_service.undo()

    async def search(self, typed: str) -> list[SearchResult]:
        """The stories that match. Raises Problem for a filter that cannot be understood."""
        service = (await self._services()).story_service
        return await service.search(typed, lambda name: self.deps.feeds().of_station(name))

    async def picture(self, url: str) -> Path:
        """A file with the picture behind an address. Raises Problem when it cannot be had."""
        return await (await self._services()).pictures.picture(url)

    async def newest(
        self, station: Station | None, *, unread: bool = False, limit: int = 50
    ) -> tuple[list[Shape], Problem | None]:
        """The newest stories of a station, or of all, for scripts, after a refresh.

        Beside them stands why not every feed answered.
        """
        from radiotui.app.newest_stories import newest_stories

        service = (await self._services()).story_service
        shapes, problem = await newest_stories(service, self.deps.feeds(), station, unread=unread)
        return shapes[:limit], problem

    # Feeds

    async def feed_states(self, *, everything: bool = False) -> list[FeedState]:
        """The state of each feed of the list; with ``everything`` also those of earlier lists."""
        from radiotui.demo.signal import SIGNAL_FEEDS

        feeds = self.deps.feeds()
        service = (await self._services()).story_service
        states = {state.url: state for state in await service.feed_states()}
        listed = feeds.urls
        others = (*listed, *feeds.podcasts, *SIGNAL_FEEDS)
        earlier = [url for url in states if everything and url not in others]
        return [
            feeds.state_in_list(states.get(url) or FeedState(url, ""))
            for url in (*listed, *earlier)
        ]

    async def count_unread(self) -> dict[str, int]:
        """Number of unread stories of each feed and podcast, by address.

        What podcasts call themselves is noted for the names of their sections.
        """
        service = (await self._services()).story_service
        podcasts = await service.feed_states(self.deps.feeds().podcasts)
        self.feed_titles = {state.url: state.title for state in podcasts if state.answered_at}
        return {state.url: state.unread for state in (*podcasts, *await self.feed_states())}

    async def refresh_feeds(
        self, urls: Sequence[str] | None, on_progress: Callable[[int, int], None]
    ) -> list[FeedState]:
        """Ask these feeds, or all of the list, now; the state of each after it.

        Raises Problem for one that is not in the list, and when the store does not take what
        they bring.
        """
        for url in urls or ():
            if url not in self.deps.feeds().listed:
                raise Problem(
                    f"{url} is not in the list",
                    "'radiotui feeds' lists what is, 'radiotui feeds add' adds it",
                    kind=ProblemKind.USAGE,
                )
        service = (await self._services()).story_service
        section = (
            Section(FeedSelection(tuple(urls)), "", tuple(urls))
            if (urls := [self.deps.feeds().address(url) for url in urls or ()])
            else self.deps.feeds().all_stories
        )
        self._progress = (section.key, on_progress)
        story_list = await service.refresh(section, force=True)
        refreshed = set(section.feeds or ())
        states = [state for state in await self.feed_states() if state.url in refreshed]
        if story_list.unkept is not None:
            raise story_list.unkept
        return states

    async def add_feed(self, address: str, *, folder: str = "") -> OwnFeed:
        """Add the feed at an address, or the first that the page there names, to the list.

        Raises Problem when there is none, or when it is in the list already.
        """
        from radiotui.app.feed_logins import add_own_feed, take_login

        services = await self._services()
        address, login = take_login(services.logins, address)
        services.local_hosts.add_typed(address)
        offer = (await services.story_service.find_feeds(address))[0]
        if offer.url in self.deps.feeds().urls:
            hint = offer.url if offer.title else ""
            raise Problem(f"{offer.title or offer.url} is in the list already", hint)
        # It is asked at once, and called as it calls itself: pages name most feeds "RSS".
        await services.story_service.refresh(Section(FeedSection(offer.url), "", (offer.url,)))
        states = await services.story_service.feed_states([offer.url])
        title = states[0].title if states and states[0].answered_at else offer.title
        feed, path = OwnFeed(offer.url, title, folder), self._stations_path()
        if unkept := await add_own_feed(services.logins, path, feed, login, "feed"):
            self.deps.notify(unkept)
        return feed

    async def remove_feed(self, url: str) -> OwnFeed:
        """Take one of the listener's own feeds out of the list; its stories stay kept.

        Raises Problem when it is not there.
        """
        from radiotui.stations.edit import remove_feed

        return await asyncio.to_thread(remove_feed, self._stations_path(), url)

    async def import_feeds(self, path: Path) -> tuple[tuple[OwnFeed, ...], int]:
        """Add the feeds of an OPML file; the new ones, and the number of all that it names.

        Raises Problem when it cannot be read.
        """
        from radiotui.app.opml_import import import_opml

        services, listed = await self._services(), self.deps.feeds().urls
        result = await import_opml(services, path, listed, self._stations_path(), "feed")
        if result.unkept is not None:
            self.deps.notify(result.unkept)
        return result.new, result.total

    async def export_feeds(self) -> bytes:
        """Every feed as OPML: the listener's own in their folders, the stations' by station."""
        titles = {state.url: state.title for state in await self.feed_states()}
        return self.deps.feeds().as_opml(titles, self.deps.clock())

    # Inside

    async def keep_fresh(self) -> None:
        """Refresh the followed sections now and then, as long as there is a screen."""
        services = await self._services()
        tidied_at = -_TIDY_EVERY_SECONDS
        loop = asyncio.get_running_loop()
        while True:
            await self._wait(_REFRESH_EVERY_SECONDS)
            services, feeds = await self._services(), self.deps.feeds()
            service, current = services.story_service, self._current_section()
            for section in filter(None, (current, feeds.own_feeds, feeds.latest_episodes)):
                refreshing = service.refresh(section, in_background=section is not current)
                await self._go_on_after(refreshing)
                await self._go_on_after(self._fetch_ahead(services, section))
            self.deps.on_asked()
            if loop.time() - tidied_at > _TIDY_EVERY_SECONDS:
                tidied_at = loop.time()
                # Before anything is let go of: what is damaged seems to be less than it is.
                await self._go_on_after(services.store.check())
                await self._go_on_after(service.tidy(feeds.podcasts))

    async def _go_on_after(self, work: Awaitable[object]) -> None:
        """Do a part of what is done for ever: its failure is reported and ends that part alone."""
        try:
            await work
        except Problem as problem:
            failure = problem.reworded()
        except Exception as error:
            log.exception("unexpected")
            failure = Problem("Something unexpected went wrong", repr(error)[:200])
        else:
            return
        # Each minute again it would cover the screen.
        if failure != self._last_failure:
            self._last_failure = failure
            self.deps.notify(failure)

    async def _services(self) -> Services:
        services = await self.deps.opened()
        services.story_service.listed_feeds = self.deps.feeds().listed
        return services

    def _current_section(self) -> Section | None:
        return self.section(self._current) if self._current is not None else None

    def _read_ahead(self, services: Services, section: Section) -> None:
        """Fetch the new articles of the current section, and no longer those of the one before."""
        if self._current != section.key:
            return
        if self._reading_ahead is not None:
            self._reading_ahead.cancel()
        self._reading_ahead = self.deps.spawn(self._fetch_ahead(services, section))

    async def _fetch_ahead(self, services: Services, section: Section) -> None:
        newest = self.deps.articles_ahead()
        # What is to be read of an episode came with its feed.
        if newest and not section.starred and not section.is_of_podcasts:
            await services.story_service.ahead(section, newest)

    def _stations_path(self) -> Path:
        if self.deps.stations_path is None:
            raise Problem("The Test Signal alone has no list of feeds", "start without --demo")
        return self.deps.stations_path
