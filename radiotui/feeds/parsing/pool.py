"""Parsing of feeds off the loop: in worker processes, small feeds in threads."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from radiotui.documents.processes import PoolClosedError, WorkerError, WorkerPool
from radiotui.feeds.parsing.model import ParsedFeed
from radiotui.feeds.parsing.parse import feed_name, parse_feed
from radiotui.problems import Problem

# Reading that much takes a twentieth of the time in which a process gets ready.
_SMALL_BYTES = 30_000


class FeedParser:
    """Feeds parsed in ``workers``.

    Feeds of together ``small`` bytes are parsed in threads as long as no process is at hand.
    """

    def __init__(self, workers: WorkerPool, *, small: int = _SMALL_BYTES) -> None:
        self._workers = workers
        self._small = small
        self._bytes_in_threads = 0

    async def parse(
        self, body: bytes, url: str, content_type: str = "", known: Mapping[str, str] | None = None
    ) -> ParsedFeed:
        """As :func:`parse_feed`. Raises Problem also for a feed that takes too long.

        Cancelling ends the parsing at once.
        """
        if not self._workers.has_idle and self._bytes_in_threads + len(body) <= self._small:
            return await self._parse_in_thread(body, url, content_type, known)
        name = feed_name(url)
        try:
            return await self._workers.run(
                ParsedFeed, parse_feed, body, url, content_type, dict(known or {})
            )
        except TimeoutError:
            raise Problem(f"{name} takes too long to read", "it may be damaged", url) from None
        except PoolClosedError:
            raise Problem(f"{name} was not read", "the program is ending") from None
        except WorkerError as error:
            raise Problem(
                f"{name} cannot be read as a feed", "it may be damaged", str(error)
            ) from error

    async def _parse_in_thread(
        self, body: bytes, url: str, content_type: str, known: Mapping[str, str] | None
    ) -> ParsedFeed:
        self._bytes_in_threads += len(body)
        try:
            return await asyncio.to_thread(parse_feed, body, url, content_type, known)
        finally:
            self._bytes_in_threads -= len(body)
