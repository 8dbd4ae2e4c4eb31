"""Parsing of feeds off the loop: in worker processes, small feeds in threads."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from radiotui.documents.processes import PoolClosedError, WorkerError, WorkerPool
from radiotui.feeds.parsing.model import FeedPart, ParsedFeed
from radiotui.feeds.parsing.parse import (
    GZIP,
    feed_name,
    load_feed_parsers,
    parse_feed,
    parse_part,
)
from radiotui.feeds.parsing.parts import together
from radiotui.problems import Problem, ProblemKind

T = TypeVar("T")

# Reading that much takes a twentieth of the time in which a process gets ready.
_SMALL_BYTES = 30_000
# Half of that takes longer to read than a second process to get ready.
_LARGE_BYTES = 1_500_000
# feedparser looks for a mail address in what an author is called. Its expression takes time with
# the square of a run of such letters, and holds the interpreter's lock: 29 KB take 7 seconds.
_MAIL_LETTERS = re.compile(rb"[\w.+-]+")
_LONGEST_RUN = 1000


class FeedParser:
    """Feeds parsed in ``workers``.

    Feeds of together ``small`` bytes are parsed in threads as long as no process is at hand.
    One of ``large`` bytes that was never parsed is divided among the processes that are free.
    """

    def __init__(
        self, workers: WorkerPool, *, small: int = _SMALL_BYTES, large: int = _LARGE_BYTES
    ) -> None:
        self._workers = workers
        self._small = small
        self._large = large
        self._bytes_in_threads = 0

    async def warm_up(self) -> None:
        """Get the processes that are free ready for a large feed, while it is being fetched."""
        places = range(self._workers.free_places)
        await asyncio.gather(*(self._workers.warm_up(load_feed_parsers) for _ in places))

    async def parse(
        self,
        body: bytes,
        url: str,
        content_type: str = "",
        digests: Mapping[str, str] | None = None,
        item_hashes: Mapping[str, str] | None = None,
    ) -> ParsedFeed:
        """As :func:`parse_feed`. Raises Problem also for a feed that takes too long.

        Cancelling ends the parsing at once.
        """
        if not self._workers.has_idle and self._is_small(body):
            return await self._parse_in_thread(body, url, content_type, digests, item_hashes)
        if item_hashes is not None and not item_hashes and len(body) >= self._large:
            parsed = await self._parse_in_parts(body, url, content_type, dict(digests or {}))
            if parsed is not None:
                return parsed
        more = (
            content_type,
            dict(digests or {}),
            None if item_hashes is None else dict(item_hashes),
        )
        return await parsed_in_worker(self._workers, ParsedFeed, parse_feed, body, url, *more)

    async def _parse_in_parts(
        self, body: bytes, url: str, content_type: str, digests: dict[str, str]
    ) -> ParsedFeed | None:
        """The feed, each part of it by another process; None where it has to be read as one."""
        count = self._workers.free_places
        if count < 2:
            return None
        arguments = (self._workers, FeedPart, parse_part, body, url, content_type, digests)
        parts = [
            asyncio.ensure_future(parsed_in_worker(*arguments, number, count))
            for number in range(count)
        ]
        try:
            return together(await asyncio.gather(*parts))
        finally:
            # What is wrong with one part is wrong with the feed.
            for part in parts:
                part.cancel()
            await asyncio.gather(*parts, return_exceptions=True)

    def _is_small(self, body: bytes) -> bool:
        """True where a thread that parses ``body`` lets the loop run meanwhile."""
        if self._bytes_in_threads + len(body) > self._small or body.startswith(GZIP):
            return False
        return max(map(len, _MAIL_LETTERS.findall(body)), default=0) <= _LONGEST_RUN

    async def _parse_in_thread(self, body: bytes, *arguments: Any) -> ParsedFeed:
        self._bytes_in_threads += len(body)
        try:
            return await asyncio.to_thread(parse_feed, body, *arguments)
        finally:
            self._bytes_in_threads -= len(body)


async def parsed_in_worker(
    workers: WorkerPool,
    returns: type[T],
    function: Callable[..., T],
    body: bytes,
    url: str,
    *args: object,
) -> T:
    """Result of ``function(body, url, *args)``. Raises Problem for all that goes wrong."""
    name = feed_name(url)
    try:
        return await workers.run(returns, function, body, url, *args)
    except TimeoutError:
        raise Problem(
            f"{name} takes too long to read", "it may be damaged", url, kind=ProblemKind.DAMAGED
        ) from None
    except PoolClosedError:
        raise Problem(f"{name} was not read", "the program is ending") from None
    except WorkerError as error:
        raise Problem(
            f"{name} cannot be read as a feed",
            "it may be damaged",
            str(error),
            kind=ProblemKind.DAMAGED,
        ) from error
