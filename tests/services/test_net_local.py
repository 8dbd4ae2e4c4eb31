"""The local network: what strangers name is asked there only where the listener named it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator

import pytest

from radiotui.net.client import Net
from radiotui.net.local_network import LocalHosts
from radiotui.problems import Problem, ProblemKind
from tests.servers import Connection, Server, serving

THIS_COMPUTER = [
    "127.0.0.1", "127.0.0.2", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "localhost",
    "LOCALHOST", "localhost.", "a.localhost", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
    "0.0.0.0", "0",
]  # fmt: skip

REFUSED = {ProblemKind.BAD_ADDRESS, ProblemKind.REDIRECTS}
"""Kinds of an address that is no way out: one of the local network, or none at all."""


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(page=lambda c: c.answer(b"hello")) as server:
        yield server


@pytest.fixture
def hosts() -> LocalHosts:
    return LocalHosts()


@pytest.fixture
async def net(hosts: LocalHosts) -> AsyncIterator[Net]:
    net = Net(local_hosts=hosts)
    yield net
    await net.aclose()


async def problem_of(net: Net, url: str) -> Problem:
    with pytest.raises(Problem) as caught:
        await net.fetch(url)
    return caught.value


@pytest.mark.parametrize("host", THIS_COMPUTER)
async def test_nothing_here_is_asked(net: Net, server: Server, host: str):
    problem = await problem_of(net, f"http://{host}:{server.port}/page")
    assert (problem.kind in REFUSED, server.asked) == (True, [])


@pytest.mark.parametrize("host", [host for host in THIS_COMPUTER if host != "127.0.0.1"])
async def test_no_redirect_leads_here(net: Net, hosts: LocalHosts, server: Server, host: str):
    hosts.set_list([server.url("/away")])
    there = f"http://{host}:{server.port}/page"
    server.routes["/away"] = lambda c: c.answer(b"", status="302 Found", Location=there)
    assert (await problem_of(net, server.url("/away"))).kind in REFUSED
    assert server.paths() == ["/away"]


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "fe80::1"])
async def test_no_name_leads_here(
    net: Net, server: Server, address: str, monkeypatch: pytest.MonkeyPatch
):
    async def resolve(_host: str, port: int, **_: object) -> list[object]:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [(family, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", resolve)
    problem = await problem_of(net, f"http://rebound.example:{server.port}/page")
    assert (problem.kind, server.asked) == (ProblemKind.BAD_ADDRESS, [])


async def test_the_words_name_the_host_and_the_way_out(net: Net, server: Server):
    problem = await problem_of(net, f"http://localhost:{server.port}/page")
    assert problem.title == "localhost leads into the local network"
    assert problem.hint == "localhost is asked only where your station list names it"


async def test_what_the_listener_wrote_is_asked(net: Net, hosts: LocalHosts, server: Server):
    hosts.set_list([server.url("/live")])
    assert (await net.fetch(server.url("/page"))).body == b"hello"


async def test_the_first_address_that_answers_is_taken(
    server: Server, monkeypatch: pytest.MonkeyPatch
):
    async def resolve(_host: str, port: int, **_: object) -> list[object]:
        return [
            (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("::1", port, 0, 0)),
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port)),
        ]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", resolve)
    net = Net()
    # Nobody listens at ::1 there.
    assert (await net.fetch(f"http://twofold.example:{server.port}/page")).body == b"hello"
    await net.aclose()


async def test_a_proxy_is_not_asked_for_it_either(
    net: Net, server: Server, monkeypatch: pytest.MonkeyPatch
):
    def proxy(connection: Connection) -> None:
        connection.answer(b"hello")

    for host in ("10.0.0.1", "printer", "nas.local", "[fd00::1]"):
        server.routes[f"http://{host}/page"] = proxy
        monkeypatch.setenv("HTTP_PROXY", server.url())
        assert (await problem_of(net, f"http://{host}/page")).kind is ProblemKind.BAD_ADDRESS
    assert server.asked == []
