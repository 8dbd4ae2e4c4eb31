"""Podcasts of the station list: what they say of themselves, their episodes, adding and finding."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from radiotui.app.deps import RoomDeps
from radiotui.app.podcast_names import each_feed_once, podcast_of_name
from radiotui.app.stored_podcasts import counted_feeds, episode_of, podcast_of, stored_episodes
from radiotui.podcasts.model import FoundPodcast, Podcast, PodcastEpisode
from radiotui.problems import Problem, ProblemKind
from radiotui.stations.model import OwnFeed
from radiotui.stories.model import FeedState, PodcastSelection, Section
from radiotui.stories.snapshots import together
from radiotui.text import clean, shorten, without_password

if TYPE_CHECKING:
    from radiotui.app.followed_feeds import FollowedFeeds
    from radiotui.app.opml_import import OpmlImport
    from radiotui.app.services import Services
    from radiotui.feeds.older_pages import OlderEpisodes
    from radiotui.podcasts.apple import AppleDirectory
    from radiotui.podcasts.chapters import Chapter, EpisodeChapters
    from radiotui.podcasts.directory import PodcastDirectory
    from radiotui.podcasts.episode_files import EpisodeFiles
    from radiotui.podcasts.transcripts import EpisodeTranscript

log = logging.getLogger(__name__)

_LONGEST_ID = 18
"""Digits of the largest number that SQLite counts to."""


async def no_file(_entry: int) -> Path | None:
    """None: no episode is kept."""
    return None


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
    file_of: Callable[[int], Awaitable[Path | None]] = no_file
    """The file that an episode is kept in; None where there is none."""


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
        named = podcast_of_name(name, await self.podcasts())
        await self._ask(services, [named.state.url], force=False)
        (podcast,) = await self._stored(services, [named.state.url])
        stored = await services.store.look(lambda c: stored_episodes(c, podcast.state.url))
        return podcast, list(map(episode_of, stored))

    async def named(self, name: str) -> Podcast:
        """A podcast by its title or address. Raises Problem where the name is not clear."""
        return podcast_of_name(name, await self.podcasts())

    async def refresh(self, name: str | None = None) -> list[Podcast]:
        """Ask this podcast, or all of them, now; each as it is after that.

        Raises Problem where the name is not clear, and where the store takes nothing.
        """
        services = await self.deps.opened()
        podcasts = await self.podcasts()
        urls = [podcast_of_name(name, podcasts).state.url] if name else self.deps.feeds().podcasts
        await self._ask(services, urls, force=True)
        return await self._stored(services, urls)

    async def refresh_at(self, url: str) -> Podcast:
        """Ask the podcast of an address now; as it is after that. The list may not have it yet."""
        services = await self.deps.opened()
        await self._ask(services, [url], force=True)
        (podcast,) = await self._stored(services, [url])
        return podcast

    async def older(self, name: str) -> OlderEpisodes:
        """Ask for older pages of a podcast. Raises Problem where the name is not clear."""
        from radiotui.feeds.older_pages import MOST_PAGES

        url = await self.address_of(name)
        return await (await self.deps.opened()).story_service.bring_older(url, MOST_PAGES)

    async def move(self, name: str, address: str) -> Podcast:
        """Give a podcast another address; it keeps all that was done to it. Raises Problem."""
        from radiotui.app.podcast_moves import move_podcast

        return await move_podcast(self, name, address, self._stations_path())

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
        return FoundPodcasts(tuple(each_feed_once(lists)), problem)

    async def chart(self, country: str = "", genre: str = "") -> FoundPodcasts:
        """Apple's chart of a country and a genre; without them of the locale's, and of all.

        Raises Problem where Apple does not answer, and for what is no country or genre.
        """
        from radiotui.podcasts.apple_chart import apple_chart

        services = await self.deps.opened()
        return FoundPodcasts(
            tuple(await apple_chart(self.deps.apple, services.net, country, genre))
        )

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
        from radiotui.app.podcast_moves import current_address
        from radiotui.podcasts.apple import apple_id

        if (podcast_id := apple_id(address)) is not None:
            address = (await self.deps.apple.feed_of(services.net, podcast_id)).url
        else:
            services.local_hosts.add_typed(address)
        url = without_password((await services.story_service.find_feeds(address))[0].url)
        typed, url = url, await current_address(services, url)
        if url in self.deps.feeds().podcasts:
            hint = "among the podcasts" if typed == url else f"its address there is {url}"
            raise Problem(f"{without_password(typed)} is in the list already", hint)
        is_new = not await services.story_service.feed_states([url])
        await self._ask(services, [url], force=False)
        (podcast,) = await self._stored(services, [url])
        problem = podcast.state.problem
        if problem is None and not podcast.episodes:
            hint = "it may be a feed of stories, which is added as a feed"
            problem = Problem(f"{podcast.state.title} has no episode with a sound", hint)
        if problem is not None:
            if is_new:
                from radiotui.store.feeds import forget_feed

                await services.store.ask(lambda c: forget_feed(c, url))
            raise problem.reworded()
        return OwnFeed(url, podcast.state.title)

    async def remove(self, name: str) -> OwnFeed:
        """Take one of the listener's own podcasts out of the list; what was heard stays known.

        Raises Problem where the name is not clear, and for a station's.
        """
        from radiotui.stations.edit import remove_feed

        url = podcast_of_name(name, await self.podcasts()).state.url
        return await asyncio.to_thread(remove_feed, self._stations_path(), url, "podcast")

    async def import_opml(self, path: Path) -> OpmlImport:
        """Add the podcasts of an OPML file, and how far it says that episodes were heard.

        Those podcasts are asked at once. Raises Problem where it cannot be read.
        """
        from radiotui.app.opml_import import apply_states, import_opml

        services, listed = await self.deps.opened(), self.deps.feeds().podcasts
        result = await import_opml(services, path, listed, self._stations_path(), "podcast")
        if result.unkept is not None:
            self.deps.notify(result.unkept)
        listed = [*listed, *(feed.url for feed in result.new)]
        return await apply_states(services, result, listed, self._ask, self.deps.clock())

    async def export_opml(self, *, played: bool = False) -> bytes:
        """Every podcast as OPML, without passwords: the listener's own, then by station.

        With ``played`` it tells how far episodes were heard.
        """
        from radiotui.store.played_states import played_states

        titles = {podcast.state.url: podcast.state.title for podcast in await self.podcasts()}
        store = (await self.deps.opened()).store
        states = await store.look(lambda c: played_states(c, [*titles])) if played else []
        return self.deps.feeds().as_opml(titles, self.deps.clock(), "podcast", states)

    async def address_of(self, name: str) -> str:
        """Address of the podcast with that title or address. Raises Problem where none is clear."""
        return podcast_of_name(name, await self.podcasts()).state.url

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

    async def known_chapters(self, headline_id: int) -> EpisodeChapters:
        """Chapters of an episode, with those of the file that it is kept in, if it is.

        Raises Problem where the episode is not kept any more.
        """
        from radiotui.audio.chapters import chapters_in

        of_file: Sequence[Chapter] = ()
        path = await self.deps.file_of(headline_id)
        if path is not None:
            of_file = await asyncio.to_thread(chapters_in, path)
        return await self.chapters(headline_id, of_file)

    async def transcript_languages(self, headline_id: int) -> tuple[str, ...]:
        """Languages of an episode's transcripts; "" for one that names none, none without any.

        Raises Problem where the episode is not kept any more.
        """
        return await (await self._episode_files()).transcript_languages(headline_id)

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
            section = Section(PodcastSelection(tuple(urls)), "", tuple(urls))
            story_list = await services.story_service.refresh(
                section, force=force, in_background=True
            )
            if story_list.unkept is not None:
                raise story_list.unkept

    async def _stored(self, services: Services, urls: Sequence[str]) -> list[Podcast]:
        feeds = self.deps.feeds()
        states = {state.url: state for state in await services.story_service.feed_states(urls)}
        stored, counts = await services.store.look(lambda c: counted_feeds(c, urls))
        return [
            podcast_of(
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
