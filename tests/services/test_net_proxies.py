"""Proxies of the environment: nothing goes round them, and nothing of this computer through."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Iterator

import pytest

from radiotui.net.client import Net
from radiotui.problems import Problem, ProblemKind
from tests.servers import Server, serving

LIVE = "http://station.example/live"
NAMES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture(autouse=True)
def resolved(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names that were resolved here. No proxy is set."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    hosts: list[str] = []

    async def resolve(_loop: object, host: str, *_: object, **__: object) -> None:
        hosts.append(host)
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", resolve)
    return hosts


@pytest.fixture
def proxy() -> Iterator[Server]:
    with serving() as server:
        yield server


@pytest.fixture
async def net() -> AsyncIterator[Net]:
    net = Net()
    yield net
    await net.aclose()


class Socks:
    """A SOCKS5 proxy that answers every question itself."""

    def __init__(self, answer: bytes) -> None:
        self.targets: list[bytes] = []
        self._answer = answer
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)

    def _serve(self) -> None:
        while True:
            try:
                sock, _ = self._socket.accept()
            except OSError:
                return
            with sock:
                sock.recv(64)
                sock.sendall(b"\x05\x00")
                request = sock.recv(512)
                assert request[:4] == b"\x05\x01\x00\x03", "a name, to be resolved there"
                self.targets.append(request[5:-2])
                sock.sendall(b"\x05\x00\x00\x01\0\0\0\0\0\0")
                sock.recv(4096)
                sock.sendall(self._answer)


async def problem_of(net: Net, url: str) -> Problem:
    with pytest.raises(Problem) as caught:
        await net.fetch(url)
    return caught.value


async def test_a_station_that_answers_garbage_never_sees_this_computer(
    net: Net, proxy: Server, resolved: list[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("HTTP_PROXY", proxy.url())
    proxy.routes[LIVE] = lambda c: c.send(b"garbage\r\n\r\n")
    assert (await problem_of(net, LIVE)).kind is ProblemKind.NOT_HTTP
    assert (proxy.paths(), resolved) == ([LIVE], [])


async def test_shoutcast_one_is_understood_behind_a_proxy(
    net: Net, proxy: Server, resolved: list[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("HTTP_PROXY", proxy.url())
    proxy.routes[LIVE] = lambda c: c.send(b"ICY 200 OK\r\n\r\nsound")
    assert (await net.fetch(LIVE)).body == b"sound"
    assert (proxy.paths(), resolved) == ([LIVE], [])


@pytest.mark.parametrize("name", ["HTTP_PROXY", "ALL_PROXY"])
async def test_this_computer_is_asked_without_it(
    net: Net, proxy: Server, name: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv(name, proxy.url())
    with serving(page=lambda c: c.answer(b"here")) as server:
        assert (await net.fetch(server.url("/page"))).body == b"here"
    assert proxy.asked == []


async def test_hosts_of_no_proxy_are_asked_directly(
    net: Net, proxy: Server, resolved: list[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("HTTP_PROXY", proxy.url())
    monkeypatch.setenv("NO_PROXY", "other.example, station.example")
    # A computer without a network, and one whose resolver does not know the name.
    kinds = {ProblemKind.OFFLINE, ProblemKind.NO_HOST}
    assert (await problem_of(net, LIVE)).kind in kinds
    assert (proxy.asked, resolved) == ([], ["station.example"])


async def test_a_dead_proxy_is_named_without_its_password(
    net: Net, monkeypatch: pytest.MonkeyPatch
):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    monkeypatch.setenv("HTTP_PROXY", f"http://ann:hunter2@127.0.0.1:{port}")
    problem = await problem_of(net, LIVE)
    assert problem.kind is ProblemKind.OFFLINE
    assert f"http://127.0.0.1:{port}" in problem.title
    assert "HTTP_PROXY" in problem.hint
    assert "hunter2" not in f"{problem} {problem.detail}"


async def test_a_proxy_that_refuses_is_named(
    net: Net, proxy: Server, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("HTTPS_PROXY", proxy.url())
    proxy.routes["station.example:443"] = lambda c: c.answer(b"", status="407 Who are you")
    problem = await problem_of(net, LIVE.replace("http:", "https:"))
    assert proxy.url().rstrip("/") in problem.title
    assert "407" in problem.hint


@pytest.mark.parametrize("scheme", ["socks5", "socks5h", "socks"])
async def test_names_are_resolved_behind_socks(
    net: Net, scheme: str, resolved: list[str], monkeypatch: pytest.MonkeyPatch
):
    socks = Socks(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nsound")
    monkeypatch.setenv("ALL_PROXY", f"{scheme}://127.0.0.1:{socks.port}/")
    try:
        assert (await net.fetch(LIVE)).body == b"sound"
    finally:
        socks.close()
    assert (socks.targets, resolved) == ([b"station.example"], [])


@pytest.mark.parametrize("address", ["socks4://127.0.0.1:1080", "ftp://a:hunter2@b/", "http://["])
async def test_a_proxy_of_another_kind_is_a_problem_of_the_far_alone(
    net: Net, address: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("ALL_PROXY", address)
    problem = await problem_of(net, LIVE)
    assert problem.kind is ProblemKind.USAGE
    assert "hunter2" not in f"{problem} {problem.detail}"
    with serving(page=lambda c: c.answer(b"here")) as server:
        assert (await net.fetch(server.url("/page"))).body == b"here"


async def test_a_proxy_that_speaks_no_socks_is_a_problem(
    net: Net, proxy: Server, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("ALL_PROXY", f"socks5://127.0.0.1:{proxy.port}")
    closing = threading.Thread(target=proxy.close)
    asking = asyncio.ensure_future(problem_of(net, LIVE))
    closing.start()
    assert (await asking).kind.is_unreached
    await asyncio.to_thread(closing.join)
