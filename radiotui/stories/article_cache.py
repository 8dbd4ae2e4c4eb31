"""The pages behind the stories: fetched when they are opened or ahead of time, and kept."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from msgspec.structs import replace

from radiotui.articles.portals import is_of_the_story
from radiotui.articles.serialise import (
    article_texts,
    load_article_parsers,
    page_account,
    read_article,
)
from radiotui.documents.processes import WorkerError
from radiotui.net.client import MIB
from radiotui.net.urls import host_of, site_of
from radiotui.problems import Problem, ProblemKind
from radiotui.store import articles
from radiotui.store.articles import StoredPage
from radiotui.store.duplicates import link_key

if TYPE_CHECKING:
    import sqlite3

    from radiotui.documents.processes import WorkerPool
    from radiotui.net.client import Fetched, Net
    from radiotui.net.politeness import HostLimiter
    from radiotui.store import Store
    from radiotui.store.stories import Whole

T = TypeVar("T")

log = logging.getLogger(__name__)

_BIGGEST = 10 * MIB
_ACCEPT = "text/html, application/xhtml+xml;q=0.9"
_LIST_SECONDS = 1.0
"""A list of stories is on the screen before, also on a slow computer."""
_TRY_AGAIN = timedelta(minutes=10)
"""A page that gave no article is asked again after that, when it is opened."""


class ArticleCache:
    """Articles of pages, each fetched once. A second call for a page on its way joins the first."""

    def __init__(
        self,
        net: Net,
        store: Store,
        turns: HostLimiter,
        workers: WorkerPool,
        *,
        clock: Callable[[], datetime],
    ) -> None:
        self._net = net
        self._store = store
        self._turns = turns
        self._workers = workers
        self._clock = clock
        self._fetching: dict[str, asyncio.Task[StoredPage]] = {}
        self._warming: set[asyncio.Task[None]] = set()

    async def stored(self, link: str) -> StoredPage | None:
        """Stored article of a page, without the network."""
        return await self._store.look(lambda connection: articles.page(connection, link))

    async def warm_up(self) -> None:
        """Get a process ready for the next page."""
        await self._workers.warm_up(load_article_parsers)

    async def warm_up_soon(self) -> None:
        """Get a process ready once the list of stories is drawn: both want the processor."""
        await asyncio.sleep(_LIST_SECONDS)
        await self.warm_up()

    async def page(
        self, link: str, changed_at: datetime | None, *, anew: bool = False
    ) -> StoredPage:
        """Article of a page: as it is stored, or fetched again, with ``anew`` in any case.

        ``changed_at`` is when a feed last said something new of it. What is stored stays where
        the page cannot be fetched; its problem is why.
        """
        stored = await self.stored(link)
        # A version that did not compare may have kept a login page.
        is_earlier = stored is not None and await self._is_of_the_story(
            link, _url_of(stored), stored
        )
        is_fresh = stored is not None and not anew and not self._is_old(stored, changed_at)
        if stored is not None and is_fresh and (is_earlier or stored.problem is not None):
            return stored
        task = self._fetching.get(link)
        if task is None:
            task = asyncio.create_task(self._fetch(link, stored, is_earlier=is_earlier))
            self._fetching[link] = task
            task.add_done_callback(lambda _: self._fetching.pop(link, None))
        return await asyncio.shield(task)

    async def ahead(self, feed_ids: Iterable[int], newest: int) -> None:
        """Fetch the pages of each feed's newest entries that were never asked for."""
        for feed in feed_ids:
            fresh = await self._store.look(partial(_without_page, feed, newest))
            # One after the other: nobody is waiting for them.
            for _, link in fresh:
                await self.page(link, None)

    async def account(self, link: str) -> list[str]:
        """Account of how a page is read, which is fetched for it. Raises Problem for none."""
        return await self._in_worker(await self._fetched(link), list[str], page_account)

    async def close(self) -> None:
        """End what is under way."""
        tasks = [*self._fetching.values(), *self._warming]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _read(self, fetched: Fetched, before: StoredPage | None, now: datetime) -> StoredPage:
        """The article of an answer. Raises Problem for none, and for one that takes too long."""
        content, plain, changes = await self._in_worker(
            fetched,
            tuple[str, str, str | None],
            article_texts,
            *(before and before.content, now),
        )
        return StoredPage(now, content, plain, changes or (before.changes if before else None))

    async def _in_worker(
        self, fetched: Fetched, kind: type[T], function: Callable[..., T], *args: object
    ) -> T:
        """The result of a function of an answer's body, address and type."""
        name, content_type = site_of(fetched.url), fetched.headers.get("content-type", "")
        try:
            return await self._workers.run(
                kind, function, fetched.body, fetched.url, content_type, *args
            )
        except (TimeoutError, WorkerError) as error:
            raise Problem(
                f"{name} sent a page that cannot be read",
                "open it in the browser",
                f"{fetched.url}: {error!r}",
                kind=ProblemKind.DAMAGED,
            ) from None

    async def _fetched(self, link: str) -> Fetched:
        async with self._turns.of(link):
            return await self._net.fetch(
                link, who=site_of(link), cap=_BIGGEST, headers={"Accept": _ACCEPT}
            )

    async def _is_of_the_story(self, link: str, answer_url: str, page: StoredPage) -> bool:
        if not answer_url or host_of(link) == host_of(answer_url):
            return True
        titles = await self._store.look(lambda connection: articles.titles(connection, link))
        article = read_article(page.content)
        title = article.title if article else ""
        return is_of_the_story(titles, link, answer_url, title, page.plain)

    def _is_old(self, page: StoredPage, changed_at: datetime | None) -> bool:
        assert page.fetched_at is not None
        if page.problem is not None:
            return self._clock() >= page.fetched_at + _TRY_AGAIN
        return page.content is None or (changed_at is not None and changed_at > page.fetched_at)

    async def _fetch(self, link: str, before: StoredPage | None, *, is_earlier: bool) -> StoredPage:
        """The page as it is now; ``is_earlier``: ``before`` is an earlier state of the story."""
        now = self._clock()
        earlier = before if is_earlier else None
        # The process starts while the server answers.
        warming = asyncio.create_task(self.warm_up())
        self._warming.add(warming)
        warming.add_done_callback(self._warming.discard)
        try:
            fetched = await self._fetched(link)
            page = await self._read(fetched, earlier, now)
            if not await self._is_of_the_story(link, fetched.url, page):
                # Not kept: behind the login the story is there, at once.
                return replace(earlier or StoredPage(now), problem=_another_page(fetched.url))
        except Problem as problem:
            # A new one: a raised one holds on to all that its traceback saw.
            trouble = problem.reworded()
            page = replace(before or StoredPage(now), fetched_at=now, problem=trouble)
        except Exception as error:
            log.exception("unexpected, from %s", link)
            trouble = Problem(
                f"{site_of(link)} sent something that radiotui cannot take in",
                "open it in the browser",
                repr(error)[:200],
                kind=ProblemKind.DAMAGED,
            )
            page = replace(before or StoredPage(now), fetched_at=now, problem=trouble)
        await self._store.ask(lambda connection: articles.keep_page(connection, link, page))
        return page


def _url_of(page: StoredPage) -> str:
    """Address that a stored article says it is from; empty without one."""
    article = read_article(page.content)
    return article.url if article else ""


def _another_page(url: str) -> Problem:
    return Problem(
        f"{site_of(url)} answered with another page than the story's",
        "the network may want you to log in first: then open the story again",
        url,
    )


def page_link(whole: Whole) -> str | None:
    """Address of a story's page; a site's front page is none."""
    return whole.entry.link if link_key(whole.entry.link) else None


def _without_page(feed: int, newest: int, connection: sqlite3.Connection) -> list[tuple[int, str]]:
    return articles.without_page(connection, feed, newest)
