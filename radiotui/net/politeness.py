"""Taking turns: nobody's server is asked by more than two of us at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from radiotui.net.urls import server_of

_PER_HOST = 2
_IN_ALL = 16


class HostLimiter:
    """Two questions at a time per host, sixteen in all; who waits for a host holds up no other."""

    def __init__(self) -> None:
        self._in_all = asyncio.Semaphore(_IN_ALL)
        self._hosts: dict[str, asyncio.Semaphore] = {}

    @asynccontextmanager
    async def of(self, url: str) -> AsyncIterator[None]:
        """Hold a turn at the host of ``url``."""
        host = server_of(url)
        async with self._hosts.setdefault(host, asyncio.Semaphore(_PER_HOST)), self._in_all:
            yield
