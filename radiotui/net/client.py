"""The network: the one place that speaks HTTP.

Everything radiotui asks of the world goes through :class:`Net`: one identity,
one set of timeouts, redirects, TLS checks and caps, and every failure as a
:class:`Problem` in plain words. httpx honours ``HTTP_PROXY`` and friends.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import zlib
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any

import msgspec

from radiotui import __version__
from radiotui.net.content_coding import TooLargeError, decoded, is_encoded
from radiotui.net.failures import (
    MIB,
    bad_address,
    damaged,
    plain_words,
    status_problem,
    too_big,
    too_slow,
)
from radiotui.net.local_network import LocalHosts, is_loopback
from radiotui.net.urls import host_of, is_web
from radiotui.problems import Problem, ProblemKind
from radiotui.text import clean, without_password

if TYPE_CHECKING:
    import httpx

    from radiotui.net.logins import Logins

__all__ = ["IDENTITY", "MIB", "Fetched", "Net", "Response", "status_problem"]

log = logging.getLogger(__name__)

IDENTITY = f"radiotui/{__version__} (public radio in a terminal)"

_CONNECT_SECONDS = 10.0
_SILENCE_SECONDS = 10.0
_HEAD_SECONDS = 15.0
"""Time for a whole head, with the redirects before it: a line now and then is no answer."""
_MOST_REDIRECTS = 10
_PERMANENT = {301, 308}
_NO_MODULE: Any = None
"""Entry of the modules that makes an import of it fail."""


class Fetched(msgspec.Struct, frozen=True):
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
        secure = _stays_secure([*(str(step.url) for step in steps), self.url])
        if not secure:
            log.warning("%s: https leads to http", who or without_password(self.url))
        self.moved_to = self.url if permanent and secure else None
        """The new address, when every redirect on the way was a permanent one.

        None where one led from https to http: what is kept goes on to be asked securely.
        """

    async def chunks(self) -> AsyncIterator[bytes]:
        """The body as it arrives. Raises Problem when the line is silent or breaks."""
        with plain_words(self.url, self._who):
            async for chunk in self._response.aiter_raw():
                yield chunk


class Net:
    """The way out. Make one, share it, close it.

    ``silence``: after so many seconds without a byte the other side counts as gone;
    ``head_seconds``: after so many without a whole head. ``local_hosts`` may be on the local
    network, and no others; without it all may. ``logins`` are those of private feeds.
    """

    def __init__(
        self,
        *,
        silence: float = _SILENCE_SECONDS,
        head_seconds: float = _HEAD_SECONDS,
        local_hosts: LocalHosts | None = None,
        logins: Logins | None = None,
    ) -> None:
        self.logins = logins
        self._silence = silence
        self._head_seconds = head_seconds
        self._local_hosts = local_hosts
        self._client: httpx.AsyncClient | None = None
        self.is_offline = False
        """True where the network failed, or two hosts, and none outside was ever reached."""
        self._reached = False
        self._missing_hosts: set[str] = set()

    def prepare(self) -> None:
        """Load what is slow to load (a tenth of a second), on whatever thread this is called."""
        self._http()
        with suppress(ImportError):  # a private name, and no more than a head start
            # httpcore would load it within the first question: 25 ms on the loop.
            import_module("anyio._backends._asyncio")

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
            raise too_slow(url, seconds, who) from None
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
            raise bad_address(url)
        authorization = await self.logins.authorization(url) if self.logins else None
        own_headers = {"Authorization": authorization} if authorization else {}
        response = await self._send(url, who, {**(headers or {}), **own_headers})
        try:
            answers = {200, 206, 304} if headers and "Range" in headers else {200, 304}
            if response.status_code not in answers:
                status, reason = response.status_code, response.reason_phrase
                problem = status_problem(status, url, who, response.headers, reason=reason)
                answered_by = str(response.url)
                raise self.logins.refusal(url, answered_by, problem) if self.logins else problem
            yield Response(response, who)
        finally:
            with plain_words(url, who):
                await response.aclose()

    async def send(
        self,
        method: str,
        url: str,
        content: bytes,
        *,
        who: str = "",
        cap: int = 1 * MIB,
        headers: Mapping[str, str] | None = None,
        seconds: float = 30.0,
    ) -> Fetched:
        """The whole answer to a body of JSON that is sent, such as a POST.

        Statuses of success are answers; any other raises Problem with that ``status``, and so
        does a redirect: what is sent goes to no other address.
        """
        if not is_web(url):
            raise bad_address(url)
        of_content = {"Content-Type": "application/json", **(headers or {})}
        try:
            async with asyncio.timeout(seconds):
                response = await self._send(url, who, of_content, method, content)
                try:
                    status, reason = response.status_code, response.reason_phrase
                    if not response.is_success:
                        raise status_problem(status, url, who, response.headers, reason=reason)
                    answer = Response(response, who)
                    body = await _read(answer, cap, who)
                finally:
                    with plain_words(url, who):
                        await response.aclose()
        except TimeoutError:
            raise too_slow(url, seconds, who) from None
        return Fetched(answer.url, answer.status, answer.headers, body, None)

    async def aclose(self) -> None:
        """Let go of every connection."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    async def _send(
        self,
        url: str,
        who: str,
        headers: dict[str, str],
        method: str = "GET",
        content: bytes | None = None,
    ) -> httpx.Response:
        client = self._http()
        try:
            async with asyncio.timeout(self._head_seconds):
                with plain_words(url, who):
                    request = client.build_request(method, url, headers=headers, content=content)
                    follow = content is None
                    response = await client.send(request, stream=True, follow_redirects=follow)
        except TimeoutError:
            raise too_slow(url, self._head_seconds, who) from None
        except Problem as problem:
            self._note_failure(problem, host_of(url))
            raise
        if not is_loopback(host_of(url)):
            self.is_offline, self._reached = False, True
        return response

    def _note_failure(self, problem: Problem, host: str) -> None:
        """Judge by a failure whether there is a network: one wrong address says nothing of it."""
        if self._reached:
            return
        if problem.kind is ProblemKind.NO_HOST:
            self._missing_hosts.add(host)
        self.is_offline |= problem.kind is ProblemKind.OFFLINE or len(self._missing_hosts) > 1

    def _http(self) -> httpx.AsyncClient:
        if self._client is None:
            self._client = _client(self._local_hosts, self._silence)
        return self._client


def _load_httpx() -> None:
    """Load httpx without its command line, which would load click, pygments and rich's console."""
    is_absent = sys.modules.setdefault("click", _NO_MODULE) is None
    try:
        import httpx  # noqa: F401
    finally:
        if is_absent:
            del sys.modules["click"]


def _client(local_hosts: LocalHosts | None, silence: float) -> httpx.AsyncClient:
    _load_httpx()
    import httpx

    from radiotui.net.cookies import BoundedCookies
    from radiotui.net.transport import GuardedTransport

    async def judge(request: httpx.Request) -> None:
        # Called for each redirect as well; httpx takes a port that no socket has.
        if not is_web(str(request.url)):
            raise httpx.UnsupportedProtocol(f"it names {clean(str(request.url), 80)}")

    return httpx.AsyncClient(
        event_hooks={"request": [judge]},
        headers={"User-Agent": IDENTITY, "Accept": "*/*", "Accept-Encoding": "gzip, deflate"},
        cookies=BoundedCookies(),
        timeout=httpx.Timeout(silence, connect=_CONNECT_SECONDS, pool=None),
        follow_redirects=True,
        max_redirects=_MOST_REDIRECTS,
        transport=GuardedTransport(local_hosts.allow if local_hosts else _allow_all),
    )


def _allow_all(_host: str, _port: int) -> bool:
    return True


def _stays_secure(urls: Iterable[str]) -> bool:
    """False where an address of a chain of redirects is http and one before it was https."""
    schemes = [url.partition(":")[0] for url in urls]
    return "https" not in schemes or "http" not in schemes[schemes.index("https") :]


async def _read(answer: Response, cap: int, who: str) -> bytes:
    length = answer.headers.get("content-length", "")
    if length.isdecimal() and int(length) > cap:
        raise too_big(answer.url, cap, who)
    body = bytearray()
    async for chunk in answer.chunks():
        body += chunk
        if len(body) > cap:
            raise too_big(answer.url, cap, who)
    coding = answer.headers.get("content-encoding", "")
    if not is_encoded(coding):
        return bytes(body)
    try:
        return await asyncio.to_thread(decoded, bytes(body), coding, cap)
    except TooLargeError:
        raise too_big(answer.url, cap, who) from None
    except zlib.error as error:
        raise damaged(answer.url, error, who) from error
