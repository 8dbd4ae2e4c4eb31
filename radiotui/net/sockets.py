"""Sockets of the network: whom they may connect to, and the first bytes that come back."""

from __future__ import annotations

import asyncio
import socket
import ssl
from asyncio.staggered import staggered_race
from collections.abc import Callable, Iterable
from functools import partial
from itertools import chain, zip_longest
from typing import Any

import httpcore

from radiotui.net.local_network import (
    LocalAddressError,
    is_loopback,
    is_public,
    is_public_answer,
    literal_address,
)
from radiotui.net.response_head import ResponseHead

_HEAD_START_SECONDS = 0.25
"""Time that one address of a host has before the next is tried beside it (RFC 8305)."""


class GuardedSockets(httpcore.AsyncNetworkBackend):
    """Sockets that reach the local network only where ``may_be_local(host, port)`` allows it.

    The addresses that are judged are those that are connected to: a name cannot mean another
    one a moment later.
    """

    def __init__(self, may_be_local: Callable[[str, int], bool]) -> None:
        self._may_be_local = may_be_local
        self._sockets = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first of the host's addresses that may be asked and answers."""
        options = {"local_address": local_address, "socket_options": socket_options}
        try:
            async with asyncio.timeout(timeout):
                addresses = await self._addresses(host, port)
                return MendedStream(await self._connect(addresses, port, options))
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(str(error)) from error
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await self._sockets.sleep(seconds)

    async def _addresses(self, host: str, port: int) -> list[str]:
        """The addresses of ``host`` that may be asked. Raises LocalAddressError without any."""
        may_be_local = self._may_be_local(host, port)
        if is_loopback(host) and not may_be_local:
            raise LocalAddressError(host)
        literal = literal_address(host)
        if literal is not None:
            addresses, judge = [literal], is_public
        else:
            addresses, judge = await _resolved(host, port), is_public_answer
        if not may_be_local:
            addresses = [address for address in addresses if judge(address)]
            if not addresses:
                raise LocalAddressError(host)
        return addresses

    async def _connect(
        self, addresses: list[str], port: int, options: dict[str, Any]
    ) -> httpcore.AsyncNetworkStream:
        connect = self._sockets.connect_tcp
        ways = [partial(connect, address, port, **options) for address in addresses]
        if len(ways) == 1:
            return await ways[0]()
        stream: httpcore.AsyncNetworkStream | None
        stream, _, failures = await staggered_race(ways, _HEAD_START_SECONDS)
        if stream is None:
            raise next(failure for failure in failures if failure is not None)
        return stream


class MendedStream(httpcore.AsyncNetworkStream):
    """A connection whose answers have a head that HTTP libraries can read."""

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream
        self._is_fresh = True

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Some bytes, a whole head among the first; none at the end."""
        if not self._is_fresh:
            return await self._stream.read(max_bytes, timeout)
        self._is_fresh = False
        head = ResponseHead()
        while not head.is_whole:
            head.feed(await self._stream.read(max_bytes, timeout))
        return head.mended

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send bytes: a request, or a part of the handshake before it."""
        self._is_fresh = True
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        """Close the connection."""
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """The same connection with TLS."""
        return MendedStream(await self._stream.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        """A fact about the connection, by httpcore's names."""
        return self._stream.get_extra_info(info)


async def _resolved(host: str, port: int) -> list[str]:
    """The addresses of a name as the resolver orders them, IPv6 and IPv4 in turns."""
    loop = asyncio.get_running_loop()
    answers = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    by_family: dict[int, list[str]] = {}
    for family, _, _, _, address in answers:
        by_family.setdefault(family, []).append(str(address[0]))
    in_turns = chain.from_iterable(zip_longest(*by_family.values()))
    return list(dict.fromkeys(address for address in in_turns if address is not None))
