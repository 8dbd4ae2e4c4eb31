"""The way of each question: directly, or through the proxy that the environment names."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable
from typing import Any

import httpcore
import httpx

from radiotui.net.local_network import LocalAddressError, is_local_by_name
from radiotui.net.proxies import Proxy, proxy_for
from radiotui.net.sockets import GuardedSockets

_MOST_IDLE = 4
"""Connections kept for the next question; the pool looks at each of them whenever it is asked."""
_IDLE_SECONDS = 5.0
_REDIRECTS = {301, 302, 303, 307, 308}
_DEFAULT_PORTS = {"http": 80, "https": 443}


class ProxyFailureError(Exception):
    """A proxy that cannot be reached, or that refuses."""

    def __init__(self, proxy: Proxy, reason: str) -> None:
        super().__init__(reason)
        self.proxy = proxy


class GuardedTransport(httpx.AsyncBaseTransport):
    """An httpx transport whose every connection is judged before it is made.

    ``may_be_local(host, port)`` tells which servers may be on the local network.
    """

    def __init__(self, may_be_local: Callable[[str, int], bool]) -> None:
        self._may_be_local = may_be_local
        self._ssl_context = httpx.create_ssl_context()
        self._pools: dict[Proxy | None, httpcore.AsyncConnectionPool] = {None: self._pool(None)}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send ``request``; httpcore's exceptions pass through."""
        host = request.url.raw_host.decode("ascii")
        port = request.url.port or _DEFAULT_PORTS[request.url.scheme]
        proxy = proxy_for(request.url.scheme, host)
        # Only the proxy can tell where another name leads: to resolve it here would betray it.
        if proxy and is_local_by_name(host) and not self._may_be_local(host, port):
            raise LocalAddressError(host)
        pool = self._pools.get(proxy)
        if pool is None:
            pool = self._pools[proxy] = self._pool(proxy)
        try:
            response = await pool.handle_async_request(_question(request))
        except httpcore.ProxyError as error:
            assert proxy is not None
            raise ProxyFailureError(proxy, str(error)) from error
        if response.status in _REDIRECTS:
            # httpx would read the body of a redirect to its end, and unpack it without a bound.
            await response.aclose()
            locations = [
                pair for pair in response.headers if pair[0].lower() != b"content-encoding"
            ]
            return httpx.Response(response.status, headers=locations, content=b"")
        return httpx.Response(
            response.status,
            headers=response.headers,
            stream=_Body(response),
            extensions=response.extensions,
        )

    async def aclose(self) -> None:
        """Close every connection."""
        for pool in self._pools.values():
            await pool.aclose()

    def _pool(self, proxy: Proxy | None) -> httpcore.AsyncConnectionPool:
        options: dict[str, Any] = {
            "ssl_context": self._ssl_context,
            "max_connections": None,
            "max_keepalive_connections": _MOST_IDLE,
            "keepalive_expiry": _IDLE_SECONDS,
        }
        if proxy is None:
            return httpcore.AsyncConnectionPool(
                network_backend=GuardedSockets(self._may_be_local), **options
            )
        options |= {"proxy_auth": proxy.auth, "network_backend": _ProxySockets(proxy)}
        address = httpcore.URL(scheme=proxy.scheme, host=proxy.host, port=proxy.port, target="/")
        if proxy.scheme == "socks5":
            return httpcore.AsyncSOCKSProxy(address, **options)
        return httpcore.AsyncHTTPProxy(address, **options)


def _question(request: httpx.Request) -> httpcore.Request:
    assert isinstance(request.stream, httpx.AsyncByteStream)
    return httpcore.Request(
        method=request.method,
        url=httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        ),
        headers=request.headers.raw,
        content=request.stream,
        extensions=request.extensions,
    )


class _ProxySockets(GuardedSockets):
    """Sockets to a proxy, which may be anywhere."""

    def __init__(self, proxy: Proxy) -> None:
        super().__init__(lambda _host, _port: True)
        self._proxy = proxy

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        try:
            return await super().connect_tcp(host, port, timeout, local_address, socket_options)
        except (httpcore.NetworkError, httpcore.TimeoutException) as error:
            raise ProxyFailureError(self._proxy, str(error)) from error


class _Body(httpx.AsyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._response.aiter_stream():
            yield chunk

    async def aclose(self) -> None:
        await self._response.aclose()
