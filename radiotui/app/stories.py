"""The news desk: all that a listener can do with stories, for the screen and the command line.

The Companion has one. Intents return at once; what they change comes as a new
Shelf or Playback. Questions are awaited and raise Problem.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from radiotui.config import Settings
from radiotui.problems import Problem
from radiotui.stations.model import OwnFeed, Station, StationList
from radiotui.stories.model import (
    AllStories,
    FeedSection,
    FeedSelection,
    FeedState,
    OwnFeeds,
    SearchResult,
    Section,
    SectionKey,
    Story,
    StoryList,
)

if TYPE_CHECKING:
    from radiotui.app.services import Services
    from radiotui.player.queue import QueueItem

_MOST_STORIES = 1000
_BIGGEST_LIST = 16_000_000
_LOOK_EVERY_SECONDS = 60.0
_TIDY_EVERY_SECONDS = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class StoriesDeps:
    """What the desk needs of the Companion."""

    opened: Callable[[], Awaitable[Services]]
    """The services, once they run."""
    station_list: Callable[[], StationList]
    listed: Callable[[], StationList]
    """The stations and feeds of the file alone, without the Test Signal."""
    settings: Callable[[], Settings]
    stations_path: Path | None
    """The file that feeds are written into; None where none is used."""
    clock: Callable[[], datetime]
    tell: Callable[[StoryList], None]
    notify: Callable[[Problem], None]
    spawn: Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]]


class Desk:
    """Stories of stations and of the listener's own feeds."""

    def __init__(self, house: StoriesDeps) -> None:
        self._house = house
        self._story_lists: dict[SectionKey, StoryList] = {}
        self._looked_at: SectionKey | None = None
        self._reading_ahead: asyncio.Task[None] | None = None
        self._progress: tuple[SectionKey | None, Callable[[int, int], None]] = (
            None,
            lambda _done, _asked: None,
        )

    # What is there

    @property
    def sections(self) -> tuple[Section, ...]:
        """What can be looked at besides the stations."""
        from radiotui.stories.sections import sections

        return sections(self._followed())

    def section(self, key: SectionKey) -> Section | None:
        """The section with that key, a station's too."""
        from radiotui.stories.sections import section

        return section(self._followed(), key) or section(self._house.station_list(), key)

    @property
    def looked_at(self) -> SectionKey | None:
        """The key of the section that is looked at."""
        return self._looked_at

    def story_list(self, key: SectionKey) -> StoryList | None:
        """The last that was heard of a section's stories."""
        return self._story_lists.get(key)

    def take(self, story_list: StoryList) -> None:
        """Remember a new Shelf, and tell it."""
        self._story_lists[story_list.section] = story_list
        section, on_progress = self._progress
        if story_list.section == section and story_list.asked:
            on_progress(story_list.answered, story_list.asked)
        self._house.tell(story_list)

    # What the listener does

    def look_at(self, key: SectionKey) -> None:
        """Show this section's stories from now on, kept up to date."""
        self._looked_at = key
        self._house.spawn(self._look_at(key))

    def more(self) -> None:
        """Show older stories of what is looked at, too."""
        self._house.spawn(self._more())

    def refresh(self) -> None:
        """Ask every feed of what is looked at, now; while they are asked: stop asking."""
        self._house.spawn(self._refresh_or_stop())

    def mark_read(self, headlines: Sequence[int], *, read: bool) -> None:
        """Mark stories read or unread. More than one together can be undone."""
        self._house.spawn(self._mark_read(headlines, read=read))

    def star(self, headline: int, *, starred: bool) -> None:
        """Keep a story for good, or no longer."""
        self._house.spawn(self._star(headline, starred=starred))

    def keep_place(self, headline: int, place: float) -> None:
        """Remember how far a story was read: 0 to 1."""
        self._house.spawn(self._keep_place(headline, place))

    def listen(self, headline: int) -> None:
        """Hear a story's own sound; live radio waits on its tape meanwhile."""
        self._house.spawn(self._listen(headline))

    def queue(self, headline: int) -> None:
        """Put a story's sound into the newscast."""
        self._house.spawn(self._queue(headline))

    def unqueue(self, key: str) -> None:
        """Take a story out of the newscast."""
        self._house.spawn(self._unqueue(key))

    def move(self, key: str, by: int) -> None:
        """Hear a story of the newscast so many places later, or earlier."""
        self._house.spawn(self._move(key, by))

    def play_newscast(self) -> None:
        """Hear the newscast from its beginning."""
        self._house.spawn(self._play_newscast())

    def skip(self) -> None:
        """The next of the newscast, or back to live radio."""
        self._house.spawn(self._skip())

    # What the listener asks

    async def story(self, headline: int) -> Story:
        """A story as it is kept, at once. Raises Problem when it is not kept any more."""
        return await (await self._services()).story_service.story(headline)

    async def whole_story(self, headline: int) -> Story:
        """A story with its page's article, which may have to be fetched."""
        return await (await self._services()).story_service.whole_story(headline)

    async def read(self, address: str) -> Story:
        """The story with that id or address, or the page behind any address."""
        return await (await self._services()).story_service.read(address)

    async def undo(self) -> int:
        """Take back what was last marked read together; how many stories it were."""
        return await (await self._services()).story_service.undo()

    async def search(self, typed: str) -> list[SearchResult]:
        """The stories that match. Raises Problem for a filter that cannot be understood."""
        return await (await self._services()).story_service.search(typed, self._feeds_of)

    async def picture(self, url: str) -> Path:
        """A file with the picture behind an address. Raises Problem when it cannot be had."""
        return await (await self._services()).pictures.picture(url)

    async def feed_states(self, *, everything: bool = False) -> list[FeedState]:
        """How each feed of the list does; with ``everything`` also those of earlier lists."""
        story_service = (await self._services()).story_service
        wanted = self._all_feeds()
        states = {state.url: state for state in await story_service.feed_states()}
        urls = [*wanted, *(url for url in states if everything and url not in wanted)]
        return [self._named(states.get(url) or FeedState(url, "")) for url in urls]

    # The listener's own feeds

    async def add_feed(self, address: str, *, folder: str = "") -> OwnFeed:
        """Add the feed at an address, or the first that the page there names, to the list.

        Raises Problem when there is none, or when it is in the list already.
        """
        from radiotui.feeds.discover import find_feeds
        from radiotui.stations.edit import add_feed

        services = await self._services()
        found = await find_feeds(services.net, address)
        url = found[0].url
        if url in self._all_feeds():
            raise Problem(f"{found[0].title or url} is in the list already", url)
        # It is asked at once, and called as it calls itself: pages name most feeds "RSS".
        await services.story_service.refresh(Section(FeedSection(url), "", (url,)))
        states = await services.story_service.feed_states([url])
        title = states[0].title if states and states[0].answered_at else found[0].title
        feed = OwnFeed(url, title, folder)
        await asyncio.to_thread(add_feed, self._file(), feed)
        return feed

    async def remove_feed(self, url: str) -> OwnFeed:
        """Take one of the listener's own feeds out of the list; its stories stay kept.

        Raises Problem when it is not there.
        """
        from radiotui.stations.edit import remove_feed

        return await asyncio.to_thread(remove_feed, self._file(), url)

    async def import_feeds(self, path: Path) -> tuple[tuple[OwnFeed, ...], int]:
        """Add the feeds of an OPML file; those that are new, and how many it names.

        Raises Problem when it cannot be read.
        """
        from radiotui.feeds.opml import read_opml
        from radiotui.stations.edit import add_feeds

        try:
            data = await asyncio.to_thread(_read, path)
        except OSError as error:
            raise Problem(f"{path} cannot be read", error.strerror or str(error)) from error
        named = await asyncio.to_thread(read_opml, data)
        known = set(self._all_feeds())
        wanted = [feed for feed in named.feeds if feed.url not in known]
        new = await asyncio.to_thread(add_feeds, self._file(), wanted) if wanted else ()
        return new, len(named.feeds) + named.refused

    async def export_feeds(self) -> bytes:
        """Every feed as OPML: the listener's own in their folders, the stations' by station."""
        from radiotui.feeds.opml import write_opml

        station_list = self._house.listed()
        titles = {state.url: state.title for state in await self.feed_states()}
        feeds = [
            OwnFeed(url, titles.get(url, ""), f"Stations/{station.name.replace('/', '∕')}")
            for station in station_list.stations
            for url in station.feeds
        ]
        own = [
            OwnFeed(f.url, f.title or titles.get(f.url, ""), f.folder) for f in station_list.feeds
        ]
        return write_opml([*own, *feeds], "radiotui", self._house.clock())

    # For the command line

    async def ask_stories(
        self, station: Station | None, *, unread: bool = False, limit: int = 50
    ) -> tuple[list[dict[str, object]], Problem | None]:
        """Refresh the feeds of a station, or all, and give the newest stories as plain values.

        Beside them stands why not every feed answered.
        """
        from radiotui.stories.sections import station_section

        story_service = (await self._services()).story_service
        stations = [station_section(one) for one in self._house.station_list().stations]
        asked = station_section(station) if station else self._everything()
        story_list = await story_service.refresh(asked)
        kept = await story_service.stories(
            asked if station else None, _MOST_STORIES, sections=stations
        )
        wanted = [story for story in kept if not (unread and story["read"])]
        return wanted[:limit], story_list.problem

    async def refresh_feeds(
        self, urls: Sequence[str] | None, on_progress: Callable[[int, int], None]
    ) -> list[FeedState]:
        """Ask these feeds, or all of the list, now; how each does then.

        Raises Problem when the store does not take what they bring.
        """
        story_service = (await self._services()).story_service
        asked = Section(FeedSelection(tuple(urls)), "", tuple(urls)) if urls else self._everything()
        self._progress = (asked.key, on_progress)
        story_list = await story_service.refresh(asked, force=True)
        chosen = set(asked.feeds or ())
        states = [state for state in await self.feed_states() if state.url in chosen]
        if story_list.unkept is not None:
            raise story_list.unkept
        return states

    # Inside

    async def keep_fresh(self) -> None:
        """Ask for what is due, now and then, as long as there is a screen."""
        services = await self._services()
        tidied_at = -_TIDY_EVERY_SECONDS
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(_LOOK_EVERY_SECONDS)
            own = self._own()
            for section in filter(None, (self._section_looked_at(), own)):
                await services.story_service.refresh(section)
                await self._ahead(services, section)
            if loop.time() - tidied_at > _TIDY_EVERY_SECONDS:
                tidied_at = loop.time()
                await services.story_service.tidy()

    async def _services(self) -> Services:
        return await self._house.opened()

    async def _look_at(self, key: SectionKey) -> None:
        services = await self._services()
        # Not before: the Test Signal has no feeds until it is served.
        section = self.section(key)
        if section is not None:
            self.take(await services.story_service.story_list(section))
            await services.story_service.refresh(section)
            self._read_ahead(services, section)

    def _section_looked_at(self) -> Section | None:
        return self.section(self._looked_at) if self._looked_at is not None else None

    def _read_ahead(self, services: Services, section: Section) -> None:
        """Fetch what is new of what is looked at; of what was looked at before no longer."""
        if self._looked_at != section.key:
            return
        if self._reading_ahead is not None:
            self._reading_ahead.cancel()
        self._reading_ahead = self._house.spawn(self._ahead(services, section))

    async def _ahead(self, services: Services, section: Section) -> None:
        newest = self._house.settings().articles_ahead
        if newest and not section.starred:
            await services.story_service.ahead(section, newest)

    async def _more(self) -> None:
        section = self._section_looked_at()
        if section is not None:
            await (await self._services()).story_service.more(section)

    async def _refresh_or_stop(self) -> None:
        section = self._section_looked_at()
        if section is None:
            return
        story_service = (await self._services()).story_service
        story_list = self._story_lists.get(section.key)
        if story_list is not None and story_list.refreshing:
            await story_service.stop_refreshing(section)
        else:
            await story_service.refresh(section, force=True)

    async def _mark_read(self, headlines: Sequence[int], *, read: bool) -> None:
        await (await self._services()).story_service.mark_read(headlines, read)

    async def _star(self, headline: int, *, starred: bool) -> None:
        await (await self._services()).story_service.star(headline, starred)

    async def _keep_place(self, headline: int, place: float) -> None:
        await (await self._services()).story_service.keep_place(headline, place)

    async def _listen(self, headline: int) -> None:
        from radiotui.player.intents import PlayItem

        (await self._services()).player.do(PlayItem(await self._spoken(headline)))

    async def _queue(self, headline: int) -> None:
        from radiotui.player.intents import Enqueue

        (await self._services()).player.do(Enqueue((await self._spoken(headline),)))

    async def _unqueue(self, key: str) -> None:
        from radiotui.player.intents import RemoveFromQueue

        (await self._services()).player.do(RemoveFromQueue(key))

    async def _move(self, key: str, by: int) -> None:
        from radiotui.player.intents import MoveInQueue

        (await self._services()).player.do(MoveInQueue(key, by))

    async def _play_newscast(self) -> None:
        from radiotui.player.intents import PlayQueue

        (await self._services()).player.do(PlayQueue())

    async def _skip(self) -> None:
        from radiotui.player.intents import SkipQueueItem

        (await self._services()).player.do(SkipQueueItem())

    async def _spoken(self, headline: int) -> QueueItem:
        """A story's sound. The page is asked for only where the feed names none."""
        from radiotui.player.queue import QueueItem

        story = await self.story(headline)
        if story.article.audio is None:
            story = await self.whole_story(headline)
        audio = story.article.audio
        if audio is None:
            raise Problem("This story has no sound of its own", story.headline.title)
        return QueueItem(
            url=audio.url,
            title=story.headline.title,
            from_=story.article.site or story.headline.feed_title,
            seconds=audio.seconds,
            key=str(headline),
        )

    def _file(self) -> Path:
        if self._house.stations_path is None:
            raise Problem("The Test Signal alone has no list of feeds", "start without --demo")
        return self._house.stations_path

    def _feeds_of(self, station: str) -> tuple[str, ...]:
        station_list = self._house.station_list()
        found = station_list.station(station)
        return (found or station_list.find(station)[0]).feeds

    def _followed(self) -> StationList:
        """The listener's list; the Test Signal's invented news only where there is no other."""
        listed = self._house.listed()
        has_feeds = bool(listed.feeds) or any(station.feeds for station in listed.stations)
        return listed if has_feeds else self._house.station_list()

    def _all_feeds(self) -> list[str]:
        station_list = self._followed()
        urls = [url for station in station_list.stations for url in station.feeds]
        return list(dict.fromkeys([*urls, *(feed.url for feed in station_list.feeds)]))

    def _everything(self) -> Section:
        return Section(AllStories(), "All stories", tuple(self._all_feeds()))

    def _own(self) -> Section | None:
        own = tuple(feed.url for feed in self._house.station_list().feeds)
        return Section(OwnFeeds(), "My feeds", own) if own else None

    def _named(self, state: FeedState) -> FeedState:
        from dataclasses import replace

        station_list = self._house.station_list()
        own = next((feed for feed in station_list.feeds if feed.url == state.url), None)
        stations = tuple(one.id for one in station_list.stations if state.url in one.feeds)
        return replace(
            state,
            title=(own.title if own else "") or state.title or state.url,
            stations=stations,
            folder=own.folder if own else "",
            own=own is not None,
        )


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_BIGGEST_LIST)
