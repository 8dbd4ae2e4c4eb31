"""Servers that attack: whatever they send is a Problem, in bounded time and memory."""

from __future__ import annotations

import asyncio
import ssl
import subprocess
import tracemalloc
import zlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from radiotui.net.client import MIB, Net
from radiotui.problems import Problem, ProblemKind
from tests.servers import Connection, serving


@pytest.fixture
async def net() -> AsyncIterator[Net]:
    net = Net()
    yield net
    await net.aclose()


async def problem_of(net: Net, url: str, **more: object) -> Problem:
    with pytest.raises(Problem) as caught:
        await net.fetch(url, **more)  # type: ignore[arg-type]
    return caught.value


@pytest.mark.parametrize(
    "location",
    ["http://xn--/", "http://xn--a0/", "http://127.0.0.1:99999/", "http://127.0.0.1:-1/",
     "http://127.0.0.1:por/", "http://[::1/", "http://[v1.a]/", "http://%zz/", "//", "http:///a",
     "http://a..b/", "http://" + "a" * 300 + "/", "\xff\xfe", "http://a\x9bb.example/"],
)  # fmt: skip
async def test_a_redirect_to_nowhere_is_a_problem(net: Net, location: str):
    def away(c: Connection) -> None:
        head = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: "
        c.send(head + location.encode("latin-1") + b"\r\n\r\n")

    with serving(away=away) as server:
        assert (await problem_of(net, server.url("/away"))).kind is not ProblemKind.OTHER


@pytest.mark.parametrize("host", ["127.0.0.1:0", "127.0.0.1:99999"])
async def test_a_redirect_to_what_no_socket_has_is_not_tried(net: Net, host: str):
    location = f"http://{host}/"
    with serving(away=lambda c: c.answer(b"", status="302 Found", Location=location)) as server:
        problem = await problem_of(net, server.url("/away"), who="KNAU")
    assert problem.kind is ProblemKind.REDIRECTS
    assert problem.title == "KNAU points to what is not a web address"


@pytest.mark.parametrize(
    "error",
    [OverflowError("port"), ExceptionGroup("all", [OverflowError("port")]), RuntimeError("no"),
     UnicodeEncodeError("idna", "a", 0, 1, "label"), ssl.SSLError("broken"), AssertionError()],
    ids=lambda error: type(error).__name__,
)  # fmt: skip
async def test_whatever_is_raised_below_is_a_problem(
    net: Net, error: Exception, monkeypatch: pytest.MonkeyPatch
):
    async def resolve(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", resolve)
    problem = await problem_of(net, "http://ann:hunter2@station.example/live", who="KNAU")
    assert problem.title.startswith("KNAU")
    assert "hunter2" not in problem.detail


async def test_a_station_that_hangs_up_after_two_letters_of_icy_has_ended(net: Net):
    with serving(live=lambda c: c.send(b"IC")) as server:
        problem = await problem_of(net, server.url("/live"), seconds=5.0)
    assert problem.kind is ProblemKind.NOT_HTTP


async def test_icy_in_pieces_is_understood(net: Net):
    def live(c: Connection) -> None:
        for letter in b"ICY 200 OK\r\n\r\nsound":
            c.send(bytes([letter]))
            c.server.closed.wait(0.001)

    with serving(live=live) as server:
        assert (await net.fetch(server.url("/live"))).body == b"sound"


async def test_a_head_that_never_ends_is_left():
    def drip(c: Connection) -> None:
        c.send(b"HTTP/1.1 200 OK\r\n")
        while not c.server.closed.wait(0.02):
            c.send(b"X-Line: and one more\r\n")

    net = Net(head_seconds=0.3)
    with serving(live=drip) as server:
        problem = await problem_of(net, server.url("/live"), who="KNAU")
    # By the head's own limit, and not by that of the whole answer.
    assert problem.title == "KNAU did not finish answering in 0 s"
    assert problem.kind is ProblemKind.TIMEOUT
    await net.aclose()


def bomb(layers: int) -> bytes:
    """A GiB of zeros, packed so many times. Its checksum is missing, which nobody comes to see."""
    packer = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    block = packer.compress(bytes(MIB)) + packer.flush(zlib.Z_FULL_FLUSH)
    packed = b"\x1f\x8b\x08\0\0\0\0\0\2\xff" + block * 1024
    for _ in range(layers - 1):
        gzip = zlib.compressobj(9, wbits=zlib.MAX_WBITS | 16)
        packed = gzip.compress(packed) + gzip.flush()
    return packed


@pytest.mark.parametrize("layers", [1, 2, 3])
async def test_a_bomb_takes_no_more_memory_than_the_cap(net: Net, layers: int):
    body, coding = bomb(layers), ", ".join(["gzip"] * layers)
    with serving(page=lambda c: c.answer(body, Content_Encoding=coding)) as server:
        tracemalloc.start()
        try:
            problem = await problem_of(net, server.url("/page"))
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert problem.kind is ProblemKind.TOO_BIG
    assert peak < 300 * MIB


async def test_the_body_of_a_redirect_is_not_read(net: Net):
    body = bomb(2)

    def away(c: Connection) -> None:
        c.answer(body, status="302 Found", Content_Encoding="gzip, gzip", Location="/flood")

    def flood(c: Connection) -> None:
        c.send(b"HTTP/1.1 302 Found\r\nLocation: /page\r\n\r\n")
        while not c.server.closed.is_set():
            c.send(bytes(MIB))

    with serving(away=away, flood=flood, page=lambda c: c.answer(b"hello")) as server:
        tracemalloc.start()
        try:
            assert (await net.fetch(server.url("/away"))).body == b"hello"
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert peak < 50 * MIB


async def test_cookies_do_not_pile_up(net: Net):
    def page(c: Connection) -> None:
        number = len(c.server.asked)
        lines = "".join(f"Set-Cookie: c{number}-{i}={'x' * 40}\r\n" for i in range(500))
        c.send(f"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n{lines}\r\n".encode())

    with serving(page=page) as server:
        for _ in range(4):
            await net.fetch(server.url("/page"))
        sizes = [len(c.headers.get("cookie", "")) for c in server.asked]
    assert 1000 < sizes[1] < 10_000
    assert sizes[1:] == [sizes[1]] * 3


@pytest.mark.parametrize("cookie", [b"a=\xc3\xa9", b"\xc3\xa9=1", b"a=\xe9"])
async def test_a_cookie_that_no_question_can_carry_is_not_kept(net: Net, cookie: bytes):
    def page(c: Connection) -> None:
        lines = b"Set-Cookie: good=1\r\nSet-Cookie: " + cookie
        head = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n"
        c.send(head + lines + b"\r\n\r\nhello")

    with serving(page=page) as server:
        for _ in range(2):
            assert (await net.fetch(server.url("/page"))).body == b"hello"
        assert server.asked[1].headers["cookie"] == "good=1"


async def test_a_redirect_from_https_to_http_moves_no_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
         "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    async def move(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        target = plain.url("/live") if b"/down" in request else "/down"
        answer = "HTTP/1.1 301 Moved\r\nContent-Length: 0\r\nConnection: close\r\n"
        writer.write(f"{answer}Location: {target}\r\n\r\n".encode())
        await writer.drain()
        writer.close()

    net = Net()
    with serving(live=lambda c: c.answer(b"sound")) as plain:
        secure = await asyncio.start_server(move, "127.0.0.1", 0, ssl=context)
        port = secure.sockets[0].getsockname()[1]
        fetched = await net.fetch(f"https://localhost:{port}/live", who="KNAU")
        secure.close()
    await net.aclose()
    assert (fetched.body, fetched.moved_to) == (b"sound", None)
    assert "KNAU: https leads to http" in caplog.text
