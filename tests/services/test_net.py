"""What the network brings, and how it fails, against servers on loopback."""

import asyncio
import errno
import gzip
import socket
import ssl
import subprocess
import zlib
from functools import partial
from pathlib import Path

import pytest

from radiotui.net.client import MIB, Net
from radiotui.problems import Problem, ProblemKind
from tests.servers import Connection, serving


@pytest.fixture
async def net():
    net = Net()
    yield net
    await net.aclose()


async def problem_of(net: Net, url: str, **more: object) -> Problem:
    with pytest.raises(Problem) as caught:
        await net.fetch(url, **more)  # type: ignore[arg-type]
    return caught.value


async def test_a_page_comes_whole_and_we_say_who_we_are(net: Net):
    with serving(page=lambda c: c.answer(b"hello", ETag='"1"')) as server:
        fetched = await net.fetch(server.url("/page"))
        assert (fetched.status, fetched.body, fetched.headers["etag"]) == (200, b"hello", '"1"')
        assert server.asked[0].headers["user-agent"].startswith("radiotui/")


async def test_not_modified_is_an_answer(net: Net):
    def page(c: Connection) -> None:
        assert c.headers["if-none-match"] == '"1"'
        c.send(b"HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n")

    with serving(page=page) as server:
        fetched = await net.fetch(server.url("/page"), headers={"If-None-Match": '"1"'})
    assert (fetched.status, fetched.body) == (304, b"")


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("403 Forbidden", "KNAU refused the connection (403): it may be blocked in your country"),
        ("404 Not Found", "KNAU is not there any more (404)"),
        ("503 Busy", "KNAU has a fault of its own (503)"),
        ("418 Teapot", "KNAU answered 418"),
    ],
)
async def test_statuses_are_told_in_words(net: Net, status: str, words: str):
    with serving(page=lambda c: c.answer(b"no", status=status)) as server:
        problem = await problem_of(net, server.url("/page"), who="KNAU")
    assert str(problem).startswith(words)


async def test_nobody_listening_is_told(net: Net):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    problem = await problem_of(net, f"http://127.0.0.1:{port}/", who="KNAU")
    assert problem.title == "KNAU: nobody answers there"


async def test_a_name_that_does_not_exist_is_told(net: Net, monkeypatch: pytest.MonkeyPatch):
    async def unknown(*args: object, **more: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", unknown)
    problem = await problem_of(net, "http://station.invalid/live", who="KNAU")
    assert problem.title == "KNAU: there is no station.invalid"


async def test_one_wrong_address_does_not_mean_that_there_is_no_network(
    net: Net, monkeypatch: pytest.MonkeyPatch
):
    async def unknown(*args: object, **more: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", unknown)
    monkeypatch.setattr(socket.socket, "connect", lambda *_: None)
    for path in ("live", "news.rss"):
        problem = await problem_of(net, f"http://station.invalid/{path}", who="KNAU")
        assert problem.kind is ProblemKind.NO_HOST
        assert not net.is_offline
    await problem_of(net, "http://other.invalid/live", who="KJZZ")
    assert net.is_offline


async def test_without_a_network_one_name_is_enough(net: Net, monkeypatch: pytest.MonkeyPatch):
    async def unknown(*args: object, **more: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", unknown)

    def fail(*_: object) -> None:
        raise OSError(errno.ENETUNREACH, "Network is unreachable")

    monkeypatch.setattr(socket.socket, "connect", fail)
    problem = await problem_of(net, "http://station.invalid/live", who="KNAU")
    assert problem.kind is ProblemKind.OFFLINE
    assert net.is_offline


@pytest.mark.parametrize(
    ("who", "title"),
    [
        ("", "there is no station.invalid"),
        ("station.invalid/live", "there is no station.invalid"),
        ("www.station.invalid", "there is no station.invalid"),
        ("KNAU", "KNAU: there is no station.invalid"),
    ],
)
async def test_a_name_is_said_once(net: Net, monkeypatch: pytest.MonkeyPatch, who: str, title: str):
    async def unknown(*args: object, **more: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", unknown)
    assert (await problem_of(net, "http://station.invalid/live", who=who)).title == title


@pytest.mark.parametrize(
    "error",
    [
        socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution"),
        OSError(errno.ENETUNREACH, "Network is unreachable"),
        OSError(errno.EHOSTUNREACH, "No route to host"),
    ],
)
async def test_a_network_that_is_not_there_is_told(
    net: Net, monkeypatch: pytest.MonkeyPatch, error: OSError
):
    async def lost(*args: object, **more: object) -> None:
        raise error

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", lost)
    problem = await problem_of(net, "http://station.invalid/live", who="KNAU")
    await problem_of(net, "http://other.invalid/live", who="KJZZ")
    assert net.is_offline
    assert problem.kind in {ProblemKind.OFFLINE, ProblemKind.NO_HOST}
    assert problem.title.startswith("KNAU: ")
    assert "network" in str(problem)
    assert "there is no station" not in str(problem)


@pytest.mark.parametrize(
    "url", ["htps://x.org/", "file:///etc/passwd", "http://", "http://[", "x", "http:/a"]
)
async def test_only_web_addresses_are_asked(net: Net, url: str):
    assert "not a web address" in (await problem_of(net, url)).title


async def test_a_redirect_to_a_file_is_refused(net: Net):
    def away(c: Connection) -> None:
        c.answer(b"", status="302 Found", Location="file:///etc/passwd")

    with serving(away=away) as server:
        assert "not a web address" in (await problem_of(net, server.url("/away"))).title


async def test_redirects_in_circles_end(net: Net):
    with serving(a=lambda c: c.answer(b"", status="302 Found", Location="/a")) as server:
        assert "in circles" in (await problem_of(net, server.url("/a"))).title
        assert len(server.asked) <= 12


@pytest.mark.parametrize(
    "location",
    ["file:///etc/passwd", "ftp://127.0.0.1/a", "javascript:alert(1)", "data:,a", "mailto:a@b"],
)
async def test_no_redirect_leads_off_the_web(net: Net, location: str):
    with serving(away=lambda c: c.answer(b"", status="302 Found", Location=location)) as server:
        problem = await problem_of(net, server.url("/away"))
        assert problem.kind is ProblemKind.REDIRECTS
        assert "not a web address" in problem.title


@pytest.mark.parametrize("location", ["http://[bad/", "http://127.0.0.1:99999/", "http://a b/"])
async def test_a_redirect_to_an_address_that_is_none_is_a_problem(net: Net, location: str):
    with serving(away=lambda c: c.answer(b"", status="302 Found", Location=location)) as server:
        problem = await problem_of(net, server.url("/away"))
        assert problem.kind.is_unreached
        assert len(server.asked) <= 2


async def test_ten_redirects_are_followed_and_no_more(net: Net):
    def further(c: Connection) -> None:
        hops = int(c.path.strip("/"))
        if hops:
            c.answer(b"", status="302 Found", Location=f"/{hops - 1}")
        else:
            c.answer(b"sound")

    with serving(**{f"{hops}": further for hops in range(12)}) as server:
        assert (await net.fetch(server.url("/10"))).body == b"sound"
        assert (await problem_of(net, server.url("/11"))).kind is ProblemKind.REDIRECTS


async def test_a_password_is_told_to_its_own_server_alone(net: Net):
    with serving(live=lambda c: c.answer(b"sound")) as other, serving() as server:
        server.routes["/live"] = lambda c: c.answer(b"sound")
        for path, target in (
            ("/here", "/live"),
            ("/there", other.url("/live")),
            ("/with", other.url("/live").replace("//", "//eve:secret@")),
        ):
            route = partial(Connection.answer, body=b"", status="302 Found", Location=target)
            server.routes[path] = route
            await net.fetch(server.url(path).replace("//", "//ann:secret@"))
        assert ["authorization" in c.headers for c in server.asked] == [True, True, True, True]
        assert ["authorization" in c.headers for c in other.asked] == [False, False]


@pytest.mark.parametrize(("status", "moved"), [("301 Moved", True), ("302 Found", False)])
async def test_only_permanent_redirects_move_an_address(net: Net, status: str, moved: bool):
    with serving(
        old=lambda c: c.answer(b"", status=status, Location="/new"), new=lambda c: c.answer(b"hi")
    ) as server:
        fetched = await net.fetch(server.url("/old"))
        assert fetched.moved_to == (server.url("/new") if moved else None)


async def test_fifty_megabytes_are_not_swallowed(net: Net):
    def flood(c: Connection) -> None:
        c.live("application/rss+xml")
        for _ in range(50):
            c.send(bytes(MIB))

    with serving(flood=flood, told=lambda c: c.answer(bytes(2 * MIB))) as server:
        assert "more than 1 MB" in (await problem_of(net, server.url("/flood"), cap=MIB)).title
        assert "more than 1 MB" in (await problem_of(net, server.url("/told"), cap=MIB)).title


def raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", gzip.compress(b"hello", mtime=0)),
        ("X-GZIP", gzip.compress(b"hello", mtime=0)),
        ("deflate", zlib.compress(b"hello")),
        ("deflate", raw_deflate(b"hello")),
        ("deflate", gzip.compress(b"hello", mtime=0)),
        ("gzip", gzip.compress(b"hel", mtime=0) + gzip.compress(b"lo", mtime=0)),
        ("gzip", gzip.compress(b"hello", mtime=0) + bytes(64)),
        ("deflate, gzip", gzip.compress(zlib.compress(b"hello"), mtime=0)),
        ("identity", b"hello"),
        ("br", b"hello"),
        ("", b"hello"),
    ],
)
async def test_packed_bodies_are_unpacked(net: Net, coding: str, packed: bytes):
    with serving(page=lambda c: c.answer(packed, Content_Encoding=coding)) as server:
        assert (await net.fetch(server.url("/page"))).body == b"hello"


@pytest.mark.parametrize("coding", ["gzip", "deflate", "gzip, gzip"])
@pytest.mark.parametrize("body", [b"<rss version='2.0'/>", b'\xef\xbb\xbf\n{"version": 1}', b"{}"])
async def test_text_that_is_only_called_packed_is_read(net: Net, coding: str, body: bytes):
    with serving(page=lambda c: c.answer(body, Content_Encoding=coding)) as server:
        assert (await net.fetch(server.url("/page"))).body == body


async def test_members_of_a_packed_body_share_its_cap(net: Net):
    bomb = gzip.compress(bytes(MIB)) * 3
    with serving(page=lambda c: c.answer(bomb, Content_Encoding="gzip")) as server:
        problem = await problem_of(net, server.url("/page"), cap=2 * MIB)
    assert problem.kind is ProblemKind.TOO_BIG


async def test_a_body_that_unfolds_without_end_is_not_swallowed(net: Net):
    bomb = gzip.compress(bytes(50 * MIB))
    with serving(page=lambda c: c.answer(bomb, Content_Encoding="gzip")) as server:
        problem = await problem_of(net, server.url("/page"), cap=MIB)
    assert (problem.kind, problem.title) == (
        ProblemKind.TOO_BIG,
        "127.0.0.1 sent more than 1 MB",
    )


async def test_a_damaged_body_is_told(net: Net):
    with serving(page=lambda c: c.answer(b"hello", Content_Encoding="gzip")) as server:
        problem = await problem_of(net, server.url("/page"), who="KNAU")
    assert (problem.kind, problem.title) == (ProblemKind.DAMAGED, "KNAU sent a damaged answer")


async def test_an_answer_that_never_ends_is_left(net: Net):
    def slow(connection: Connection) -> None:
        connection.live()
        connection.hang()

    with serving(slow=slow) as server:
        problem = await problem_of(net, server.url("/slow"), seconds=0.2)
    assert "did not finish" in problem.title


async def test_shoutcast_one_is_understood(net: Net):
    def icy(c: Connection) -> None:
        c.send(b"ICY 200 OK\r\nicy-name: R\xe9dio\r\nicy-metaint: 8192\r\n\r\nsound")

    with serving(live=icy) as server:
        for _ in range(2):
            async with net.stream(server.url("/live")) as answer:
                assert answer.headers["icy-metaint"] == "8192"
                assert b"".join([chunk async for chunk in answer.chunks()]) == b"sound"
        assert len(server.asked) == 2


async def test_rubbish_instead_of_http_is_told(net: Net):
    with serving(live=lambda c: c.send(b"SSH-2.0-OpenSSH\r\n\r\n")) as server:
        problem = await problem_of(net, server.url("/live"), who="KNAU")
    assert problem.title == "KNAU does not answer as a web server should"


async def test_a_reset_in_the_middle_is_told(net: Net):
    def broken(c: Connection) -> None:
        c.live()
        c.send(b"sound")
        c.reset()

    with serving(live=broken) as server, pytest.raises(Problem) as caught:
        async with net.stream(server.url("/live"), who="KNAU") as answer:
            async for _ in answer.chunks():
                pass
    assert caught.value.title == "KNAU: the connection broke"


async def test_a_certificate_nobody_vouches_for_is_told(net: Net, tmp_path: Path):
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1",
         "-subj", "/CN=localhost", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = await asyncio.start_server(lambda r, w: w.close(), "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    problem = await problem_of(net, f"https://localhost:{port}/", who="KNAU")
    assert problem.title == "KNAU could not prove who it is"
    server.close()
