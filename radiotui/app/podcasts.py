"""Podcasts of the station list: what they say of themselves, their episodes, adding and finding."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from radiotui.app.deps import RoomDeps
from radiotui.feeds.parsing.model import NO_CHANNEL, NO_EPISODE, read_episode
from radiotui.podcasts.model import FoundPodcast, Podcast, PodcastEpisode
from radiotui.problems import Problem, ProblemKind
from radiotui.stations.model import OwnFeed
from radiotui.stories.model import FeedSelection, FeedState, Section
from radiotui.stories.snapshots import headline, together
from radiotui.stories.stored_lists import set_order, stored_channel
from radiotui.text import clean, nearest, shorten, without_password

if TYPE_CHECKING:
    import sqlite3

    from radiotui.app.followed_feeds import FollowedFeeds
    from radiotui.app.services import Services
    from radiotui.podcasts.apple import AppleDirectory
    from radiotui.podcasts.chapters import Chapter, EpisodeChapters
    from radiotui.podcasts.directory import PodcastDirectory
    from radiotui.podcasts.episode_files import EpisodeFiles
    from radiotui.podcasts.transcripts import EpisodeTranscript
    from radiotui.store.episodes import EpisodeCount, StoredEpisode
    from radiotui.store.feeds import Feed

log = logging.getLogger(__name__)

_MOST_EPISODES = 3_000
_MOST_NAMED = 5
_LONGEST_ID = 18
"""Digits of the largest number that SQLite counts to."""
_LIST_HINT = "'radiotui podcasts' lists what there is"


class PodcastsDeps(RoomDeps, frozen=True):
    """Dependencies of :class:`Podcasts`."""

    feeds: Callable[[], FollowedFeeds]
    """The feeds and podcasts of the station list of now."""
    stations_path: Path | None
    """The file that podcasts are written into; None where none is used."""
    apple: AppleDirectory
    """The directory that is asked for the feed behind a page of Apple's, too."""
    directories: tuple[PodcastDirectory, ...]
    """Every directory, the best first."""


class FoundPodcasts(msgspec.Struct, frozen=True):
    """Answers of the directories together."""

    podcasts: tuple[FoundPodcast, ...]
    problem: Problem | None = None
    """Why not every directory answered."""


class Podcasts:
    """The listener's own podcasts, and those of the stations."""

    def __init__(self, deps: PodcastsDeps) -> None:
        self.deps = deps

    async def podcasts(self) -> list[Podcast]:
        """Every podcast of the list, the listener's own first; nobody is asked."""
        feeds = self.deps.feeds()
        return await self._stored(await self.deps.opened(), feeds.podcasts)

    async def episodes(self, name: str) -> tuple[Podcast, list[PodcastEpisode]]:
        """A podcast by its title or address, and its episodes, the newest first or as it is set.

        It is asked where its time has come. Raises Problem where the name is not clear.
        """
        services = await self.deps.opened()
        named = _of_name(name, await self.podcasts())
        await self._ask(services, [named.state.url], force=False)
        (podcast,) = await self._stored(services, [named.state.url])
        stored = await services.store.look(lambda c: _episodes(c, podcast.state.url))
        return podcast, list(map(_episode, stored))

    async def named(self, name: str) -> Podcast:
        """The podcast of that title or address. Raises Problem where the name is not clear."""
        return _of_name(name, await self.podcasts())

    async def refresh(self, name: str | None = None) -> list[Podcast]:
        """Ask this podcast, or all of them, now; each as it is after that.

        Raises Problem where the name is not clear, and where the store takes nothing.
        """
        services = await self.deps.opened()
        podcasts = await self.podcasts()
        urls = [_of_name(name, podcasts).state.url] if name else self.deps.feeds().podcasts
        await self._ask(services, urls, force=True)
        return await self._stored(services, urls)

    async def find(self, typed: str) -> FoundPodcasts:
        """Podcasts with those words, of all directories at once, each feed once.

        Raises Problem where no directory answered.
        """
        services = await self.deps.opened()
        typed = clean(typed, 200)
        if not typed:
            raise Problem("there is nothing to look for", kind=ProblemKind.USAGE)
        answers = await asyncio.gather(
            *(directory.find(services.net, typed) for directory in self.deps.directories),
            return_exceptions=True,
        )
        problems = [answer for answer in answers if isinstance(answer, Problem)]
        for answer in answers:
            if isinstance(answer, BaseException) and not isinstance(answer, Problem):
                raise answer
        problem = together(problems)
        lists = [answer for answer in answers if isinstance(answer, list)]
        if problem is not None and not lists:
            raise problem
        return FoundPodcasts(tuple(_each_once(lists)), problem)

    async def add(self, address: str, password: str = "") -> OwnFeed:
        """Add the podcast at an address: of its feed, of a page, or of its page at Apple.

        A user in the address is kept with it; the password goes to the keyring, and a problem is
        told where there is none. Raises Problem where there is no podcast, where it has no sound,
        or where it is in the list.
        """
        from radiotui.app.feed_logins import add_own_feed, take_login

        services = await self.deps.opened()
        bare, login = take_login(services.logins, address, password)
        try:
            feed = await self._new(services, bare)
        except Problem:
            if login is not None:
                services.logins.drop_typed(login.url)
            raise
        path = self._stations_path()
        if unkept := await add_own_feed(services.logins, path, feed, login, "podcast"):
            self.deps.notify(unkept)
        return feed

    async def _new(self, services: Services, address: str) -> OwnFeed:
        """The podcast at an address, asked and not in the list yet."""
        from radiotui.podcasts.apple import apple_id

        if (podcast_id := apple_id(address)) is not None:
            address = (await self.deps.apple.feed_of(services.net, podcast_id)).url
        else:
            services.local_hosts.add_typed(address)
        url = without_password((await services.story_service.find_feeds(address))[0].url)
        if url in self.deps.feeds().podcasts:
            raise Problem(f"{without_password(url)} is in the list already", "among the podcasts")
        is_new = not await services.story_service.feed_states([url])
        await self._ask(services, [url], force=False)
        (podcast,) = await self._stored(services, [url])
        problem = podcast.state.problem
        if problem is None and not podcast.episodes:
            hint = "it may be a feed of stories, which is added as a feed"
            problem = Problem(f"{podcast.state.title} has no episode with a sound", hint)
        if problem is not None:
            if is_new:
                await services.store.ask(lambda c: _forget(c, url))
            raise problem.reworded()
        return OwnFeed(url, podcast.state.title)

    async def remove(self, name: str) -> OwnFeed:
        """Take one of the listener's own podcasts out of the list; what was heard stays known.

        Raises Problem where the name is not clear, and for a station's.
        """
        from radiotui.stations.edit import remove_feed

        url = _of_name(name, await self.podcasts()).state.url
        return await asyncio.to_thread(remove_feed, self._stations_path(), url, "podcast")

    async def import_opml(self, path: Path) -> tuple[tuple[OwnFeed, ...], int]:
        """Add the podcasts of an OPML file; the new ones, and the number of all that it names.

        Raises Problem where it cannot be read.
        """
        from radiotui.app.opml_import import import_opml

        services, listed = await self.deps.opened(), self.deps.feeds().podcasts
        new, total, unkept = await import_opml(
            services, path, listed, self._stations_path(), "podcast"
        )
        if unkept is not None:
            self.deps.notify(unkept)
        return new, total

    async def export_opml(self) -> bytes:
        """Every podcast as OPML, without passwords: the listener's own, then by station."""
        titles = {podcast.state.url: podcast.state.title for podcast in await self.podcasts()}
        return self.deps.feeds().as_opml(titles, self.deps.clock(), "podcast")

    async def address_of(self, name: str) -> str:
        """Address of the podcast with that title or address. Raises Problem where none is clear."""
        return _of_name(name, await self.podcasts()).state.url

    async def chapters_of(self, typed: str) -> EpisodeChapters:
        """Chapters of an episode by its id or page, or of a file of the listener's by its path.

        Raises Problem where there is neither.
        """
        if (file := await asyncio.to_thread(_local_file, typed)) is None:
            return await self.chapters(await self.named_episode(typed))
        from radiotui.audio.chapters import chapters_in
        from radiotui.podcasts.chapters import EpisodeChapters

        return EpisodeChapters(await asyncio.to_thread(chapters_in, file))

    async def transcript_of(self, typed: str, language: str | None = None) -> EpisodeTranscript:
        """Words of an episode by its id or page, or those beside a file of the listener's.

        Raises Problem where there are none.
        """
        if (file := await asyncio.to_thread(_local_file, typed)) is None:
            return await self.transcript(await self.named_episode(typed), language)
        from radiotui.podcasts.transcripts import transcript_beside

        transcript = await asyncio.to_thread(transcript_beside, file)
        if transcript is None:
            title = f"there is no transcript beside {shorten(clean(file.name), 80)}"
            hint = f"it would be {clean(file.stem, 80)}.vtt or .srt in the same folder"
            raise Problem(title, hint, kind=ProblemKind.NOT_FOUND)
        return transcript

    async def named_episode(self, typed: str) -> int:
        """The id of the episode with that id, or with that page. Raises Problem where none has."""
        from radiotui.store import stories

        store = (await self.deps.opened()).store
        if typed.isdecimal():
            entry_id = int(typed) if len(typed) <= _LONGEST_ID else None
        else:
            entry_id = await store.look(lambda c: stories.entry_of_link(c, typed))
        if entry_id is None:
            hint = "'radiotui podcasts list PODCAST' lists the episodes, each with its number"
            title = f"there is no episode {shorten(clean(typed), 80)!r}"
            raise Problem(title, hint, kind=ProblemKind.NOT_FOUND)
        return entry_id

    async def chapters(
        self, headline_id: int, of_file: Sequence[Chapter] = (), *, anew: bool = False
    ) -> EpisodeChapters:
        """Chapters of an episode, with those of its sound's own file where they are given.

        The list that it names is asked for where it is not kept, with ``anew`` in any case.
        Raises Problem where the episode is not kept any more.
        """
        return await (await self._episode_files()).chapters(headline_id, of_file, anew=anew)

    async def transcript(
        self, headline_id: int, language: str | None = None, *, anew: bool = False
    ) -> EpisodeTranscript:
        """Words of an episode: in that language, else in the podcast's own, else the first ones.

        Raises Problem where there are none, and where they cannot be read.
        """
        return await (await self._episode_files()).transcript(headline_id, language, anew=anew)

    async def _episode_files(self) -> EpisodeFiles:
        from radiotui.podcasts.episode_files import EpisodeFiles

        services = await self.deps.opened()
        workers = services.page_workers
        return EpisodeFiles(services.net, services.store, workers, self.deps.clock)

    async def _ask(self, services: Services, urls: Sequence[str], *, force: bool) -> None:
        if urls:
            section = Section(FeedSelection(tuple(urls)), "", tuple(urls))
            story_list = await services.story_service.refresh(
                section, force=force, in_background=True
            )
            if story_list.unkept is not None:
                raise story_list.unkept

    async def _stored(self, services: Services, urls: Sequence[str]) -> list[Podcast]:
        feeds = self.deps.feeds()
        states = {state.url: state for state in await services.story_service.feed_states(urls)}
        stored, counts = await services.store.look(lambda c: _counted(c, urls))
        return [
            _podcast(
                feeds.state_in_list(states.get(url) or FeedState(url, "")),
                stored.get(url),
                counts[url],
            )
            for url in urls
        ]

    def _stations_path(self) -> Path:
        if self.deps.stations_path is None:
            raise Problem("The Test Signal alone has no list of podcasts", "start without --demo")
        return self.deps.stations_path


def _local_file(typed: str) -> Path | None:
    """The file at a path; None for what is none, such as an episode's number."""
    path = Path(typed).expanduser()
    try:
        return path if not typed.isdecimal() and path.is_file() else None
    except (OSError, ValueError):
        return None


def is_address(typed: str) -> bool:
    """True for the address of a feed or page, also one for podcast players: "pcast://"."""
    from radiotui.directories.homepage import address_in
    from radiotui.feeds.parsing.feed_links import without_readers_scheme

    return bool(address_in(without_readers_scheme(clean(typed, 2000), guess="http")))


def _counted(
    connection: sqlite3.Connection, urls: Sequence[str]
) -> tuple[dict[str, Feed], dict[str, EpisodeCount]]:
    from radiotui.store import episodes, feeds

    stored = {feed.url: feed for feed in feeds.feeds(connection, urls)}
    return stored, episodes.episode_counts(connection, urls)


def _episodes(connection: sqlite3.Connection, url: str) -> list[StoredEpisode]:
    from radiotui.store import episodes

    newest_first = episodes.episodes(connection, url, _MOST_EPISODES)
    return newest_first[::-1] if set_order(connection, url) == "oldest" else newest_first


def _forget(connection: sqlite3.Connection, url: str) -> None:
    from radiotui.store import feeds

    feeds.forget_feed(connection, url)


def _podcast(state: FeedState, feed: Feed | None, count: EpisodeCount) -> Podcast:
    channel = stored_channel(feed) if feed else NO_CHANNEL
    picture = feed.picture if feed else ""
    return Podcast(state, channel, picture, count.episodes, count.newest_at)


def _episode(stored: StoredEpisode) -> PodcastEpisode:
    episode = NO_EPISODE
    try:
        episode = read_episode(stored.episode)
    except ValueError as error:
        log.warning("what is stored of episode %d is damaged: %s", stored.story.id, error)
    return PodcastEpisode(headline(stored.story), episode)


def _of_name(name: str, podcasts: Iterable[Podcast]) -> Podcast:
    """The podcast of that address or title, or the only one with those words in its title."""
    podcasts = list(podcasts)
    name = clean(name, 2000)
    by_title: dict[str, Podcast] = {}
    for podcast in podcasts:
        by_title.setdefault(podcast.state.title.casefold(), podcast)
        if name in {podcast.state.url, without_password(podcast.state.url)}:
            return podcast
    words = name.casefold().split()
    if name.casefold() in by_title:
        return by_title[name.casefold()]
    matches = [title for title in by_title if words and all(word in title for word in words)]
    if len(matches) == 1:
        return by_title[matches[0]]
    shown = shorten(name, 80)
    if matches:
        titles = [by_title[title].state.title for title in matches[:_MOST_NAMED]]
        raise Problem(f"several podcasts are called {shown!r}", f"there are: {', '.join(titles)}")
    meant = nearest(name.casefold(), list(by_title))
    hint = f"did you mean {by_title[meant].state.title}?" if meant else _LIST_HINT
    raise Problem(f"there is no podcast {shown!r}", hint, kind=ProblemKind.USAGE)


def _each_once(lists: Iterable[list[FoundPodcast]]) -> Iterable[FoundPodcast]:
    """The answers in turn: the first of each directory, then the second ones; each feed once."""
    from itertools import chain, zip_longest

    by_feed: dict[str, FoundPodcast] = {}
    for podcast in filter(None, chain.from_iterable(zip_longest(*lists))):
        key = podcast.url.partition("://")[2].casefold().rstrip("/")
        before = by_feed.setdefault(key, podcast)
        if before.episodes is None and podcast.episodes is not None:
            by_feed[key] = replace(before, episodes=podcast.episodes)
    return by_feed.values()
