"""The network: the one place that speaks HTTP.

Everything radiotui asks of the world goes through :class:`Net`: one identity,
one set of timeouts, redirects, TLS checks and caps, and every failure as a
:class:`Problem` in plain words. httpx honours ``HTTP_PROXY`` and friends.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import zlib
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from radiotui import __version__
from radiotui.net.content_coding import TooLargeError, decoded, is_encoded
from radiotui.net.http_date import retry_after
from radiotui.net.urls import host_of, is_web, server_of
from radiotui.problems import Problem, ProblemKind
from radiotui.text import clean

if TYPE_CHECKING:
    import httpx

IDENTITY = f"radiotui/{__version__} (public radio in a terminal)"
MIB = 1024 * 1024

_CONNECT_SECONDS = 10.0
_SILENCE_SECONDS = 10.0
_MOST_REDIRECTS = 10
_MOST_IDLE = 4
"""Connections kept for the next question; httpx looks at each of them whenever it is asked one."""
_PERMANENT = {301, 308}
_STATUSES = {
    401: (
        ProblemKind.AUTH,
        "wants a name and a password (401)",
        "radiotui has none to give",
    ),
    403: (
        ProblemKind.FORBIDDEN,
        "refused the connection (403)",
        "it may be blocked in your country",
    ),
    404: (
        ProblemKind.NOT_FOUND,
        "is not there any more (404)",
        "the station may have moved it: check the address",
    ),
    410: (
        ProblemKind.GONE,
        "is gone for good (410)",
        "the station has taken it away: remove or change the address",
    ),
    429: (
        ProblemKind.TOO_MANY_REQUESTS,
        "asks for fewer questions (429)",
        "radiotui waits before it asks again",
    ),
}


@dataclass(frozen=True, slots=True)
class Fetched:
    """A whole answer. ``body`` is empty when ``status`` is 304."""

    url: str
    """The address it came from, after redirects."""
    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes
    moved_to: str | None
    """The new address, when every redirect on the way was a permanent one."""


class Response:
    """An answer whose body is still coming: a live stream."""

    def __init__(self, response: httpx.Response, who: str) -> None:
        self._response = response
        self._who = who
        self.url = str(response.url)
        self.status = response.status_code
        self.headers: Mapping[str, str] = {
            name.lower(): value for name, value in response.headers.items()
        }
        steps = response.history
        permanent = steps and all(step.status_code in _PERMANENT for step in steps)
        self.moved_to = self.url if permanent else None
        """The new address, when every redirect on the way was a permanent one."""

    async def chunks(self) -> AsyncIterator[bytes]:
        """The body as it arrives. Raises Problem when the line is silent or breaks."""
        with _plain_words(self.url, self._who):
            async for chunk in self._response.aiter_raw():
                yield chunk


class Net:
    """The way out. Make one, share it, close it.

    ``silence``: after so many seconds without a byte the other side counts as gone.
    """

    def __init__(self, *, silence: float = _SILENCE_SECONDS) -> None:
        self._silence = silence
        self._client: httpx.AsyncClient | None = None
        self._icy_client: httpx.AsyncClient | None = None
        self._icy_servers: set[str] = set()

    def prepare(self) -> None:
        """Load what is slow to load (a tenth of a second), on whatever thread this is called."""
        self._http()

    async def fetch(
        self,
        url: str,
        *,
        who: str = "",
        cap: int = 20 * MIB,
        headers: Mapping[str, str] | None = None,
        seconds: float = 30.0,
    ) -> Fetched:
        """The whole body behind ``url``, at most ``cap`` bytes, within ``seconds``.

        ``who`` names the other side in problems ("KNAU"); without it the host does.
        Statuses 200 and 304 are answers; any other raises Problem with that ``status``.
        """
        try:
            async with (
                asyncio.timeout(seconds),
                self.stream(url, who=who, headers=headers) as answer,
            ):
                body = await _read(answer, cap, who)
        except TimeoutError:
            raise Problem(
                f"{_name(url, who)} did not finish answering in {seconds:.0f} s",
                "the network or the server may be slow",
                url,
                kind=ProblemKind.TIMEOUT,
            ) from None
        return Fetched(answer.url, answer.status, answer.headers, body, answer.moved_to)

    @asynccontextmanager
    async def stream(
        self, url: str, *, who: str = "", headers: Mapping[str, str] | None = None
    ) -> AsyncIterator[Response]:
        """Open ``url`` and hand over the answer before its body.

        Raises Problem for what is not http(s), what cannot be reached, and for
        any status but 200, 304 and, where ``headers`` ask for a ``Range``, 206.
        """
        if not is_web(url):
            raise Problem(
                f"{url!r} is not a web address",
                "it should begin with http:// or https://",
                kind=ProblemKind.BAD_ADDRESS,
            )
        response = await self._send(url, who, dict(headers or {}))
        try:
            answers = {200, 206, 304} if headers and "Range" in headers else {200, 304}
            if response.status_code not in answers:
                raise status_problem(response.status_code, url, who, response.headers)
            yield Response(response, who)
        finally:
            await response.aclose()

    async def aclose(self) -> None:
        """Let go of every connection."""
        for client in (self._client, self._icy_client):
            if client is not None:
                await client.aclose()
        self._client = self._icy_client = None

    async def _send(self, url: str, who: str, headers: dict[str, str]) -> httpx.Response:
        server = server_of(url)
        if server not in self._icy_servers:
            try:
                return await self._send_by(self._http(), url, who, headers)
            except Problem as problem:
                if problem.kind is not ProblemKind.NOT_HTTP:
                    raise
        # Shoutcast 1 answers "ICY 200 OK", which no HTTP client accepts: ask once more, leniently.
        response = await self._send_by(self._icy(), url, who, headers)
        self._icy_servers.add(server)
        return response

    async def _send_by(
        self, client: httpx.AsyncClient, url: str, who: str, headers: dict[str, str]
    ) -> httpx.Response:
        with _plain_words(url, who):
            request = client.build_request("GET", url, headers=headers)
            return await client.send(request, stream=True)

    def _http(self) -> httpx.AsyncClient:
        if self._client is None:
            self._client = _client(None, self._silence)
        return self._client

    def _icy(self) -> httpx.AsyncClient:
        if self._icy_client is None:
            from radiotui.net.icy_transport import IcyTransport

            self._icy_client = _client(IcyTransport(), self._silence)
        return self._icy_client


def status_problem(
    status: int, url: str, who: str = "", headers: Mapping[str, str] | None = None
) -> Problem:
    """The Problem of an HTTP status that is no answer."""
    if status in _STATUSES:
        kind, title, hint = _STATUSES[status]
    elif status >= 500:
        kind = ProblemKind.SERVER
        title, hint = f"has a fault of its own ({status})", "try again later"
    else:
        kind = ProblemKind.BAD_STATUS
        title, hint = f"answered {status}", "that is not what radiotui asked for"
    wait = (headers or {}).get("retry-after", "")
    return Problem(
        f"{_name(url, who)} {title}",
        hint,
        f"{status} {url}",
        kind=kind,
        status=status,
        retry_after=retry_after(wait),
    )


def _client(transport: httpx.AsyncBaseTransport | None, silence: float) -> httpx.AsyncClient:
    import httpx

    async def judge(request: httpx.Request) -> None:
        # Called for each redirect as well; httpx takes a port that no socket has.
        if not is_web(str(request.url)):
            raise httpx.UnsupportedProtocol(f"it names {clean(str(request.url), 80)}")

    return httpx.AsyncClient(
        event_hooks={"request": [judge]},
        limits=httpx.Limits(max_keepalive_connections=_MOST_IDLE),
        headers={"User-Agent": IDENTITY, "Accept": "*/*", "Accept-Encoding": "gzip, deflate"},
        timeout=httpx.Timeout(silence, connect=_CONNECT_SECONDS, pool=None),
        follow_redirects=True,
        max_redirects=_MOST_REDIRECTS,
        transport=transport,
    )


async def _read(answer: Response, cap: int, who: str) -> bytes:
    length = answer.headers.get("content-length", "")
    if length.isdecimal() and int(length) > cap:
        raise _too_big(answer.url, cap, who)
    body = bytearray()
    async for chunk in answer.chunks():
        body += chunk
        if len(body) > cap:
            raise _too_big(answer.url, cap, who)
    coding = answer.headers.get("content-encoding", "")
    if not is_encoded(coding):
        return bytes(body)
    try:
        return await asyncio.to_thread(decoded, bytes(body), coding, cap)
    except TooLargeError:
        raise _too_big(answer.url, cap, who) from None
    except zlib.error as error:
        raise Problem(
            f"{_name(answer.url, who)} sent a damaged answer",
            "what it packed cannot be unpacked",
            f"{answer.url}: {error}",
            kind=ProblemKind.DAMAGED,
        ) from error


def _too_big(url: str, cap: int, who: str) -> Problem:
    return Problem(
        f"{_name(url, who)} sent more than {cap // MIB} MB",
        "that is too much for what it should be, and was not read",
        url,
        kind=ProblemKind.TOO_BIG,
    )


@contextlib.contextmanager
def _plain_words(url: str, who: str) -> Iterator[None]:
    import httpcore
    import httpx

    try:
        yield
    except (
        httpx.HTTPError,
        httpx.InvalidURL,
        httpcore.ProtocolError,
        httpcore.NetworkError,
        httpcore.TimeoutException,
        UnicodeError,  # idna's, for a host that cannot be encoded
    ) as error:
        raise _problem(error, url, who) from error


def _problem(error: Exception, url: str, who: str) -> Problem:
    import httpx

    name = _name(url, who)
    detail = f"{url}: {type(error).__name__}: {error}"
    cause = _root_cause(error)
    kind, title, hint = ProblemKind.BROKEN, f"{name}: the connection broke", ""
    if isinstance(cause, socket.gaierror):
        kind, title = ProblemKind.OFFLINE, f"{name}: there is no {host_of(url)}"
        hint = "check the address, and the network"
    elif isinstance(cause, ssl.SSLCertVerificationError):
        kind, title = ProblemKind.CERTIFICATE, f"{name} could not prove who it is"
        hint = cause.verify_message
    elif isinstance(cause, ssl.SSLError):
        kind, title = ProblemKind.CERTIFICATE, f"{name}: no secure connection"
        hint = "its TLS is broken or too old"
    elif isinstance(cause, ConnectionRefusedError):
        kind, title = ProblemKind.REFUSED, f"{name}: nobody answers there"
        hint = "the server is down, or the port is wrong"
    elif isinstance(error, httpx.TooManyRedirects):
        kind, title = ProblemKind.REDIRECTS, f"{name} sends radiotui in circles"
        hint = "its redirects never end"
    elif isinstance(error, httpx.UnsupportedProtocol | httpx.InvalidURL | UnicodeError):
        kind, title = ProblemKind.REDIRECTS, f"{name} points to what is not a web address"
        hint = str(error)
    elif "Timeout" in type(error).__name__:
        kind, title = ProblemKind.SILENT, f"{name} is silent"
        hint = "nothing came for too long"
    elif "ProtocolError" in type(error).__name__:
        kind = ProblemKind.NOT_HTTP
        title = f"{name} does not answer as a web server should"
    return Problem(title, hint, detail, kind=kind)


def _root_cause(error: BaseException) -> BaseException:
    """The OSError behind httpx's and anyio's wrappings, or ``error`` itself."""
    cause = error
    queue: list[BaseException | None] = [error]
    while queue:
        current = queue.pop(0)
        if current is None:
            continue
        if isinstance(current, OSError):
            cause = current
            if type(current) is not OSError:
                return current
        queue += [current.__cause__, current.__context__]
        if isinstance(current, BaseExceptionGroup):
            queue += current.exceptions
    return cause


def _name(url: str, who: str) -> str:
    return who or host_of(url) or url
