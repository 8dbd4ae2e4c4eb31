"""Heads of answers as servers of radio write them: sound, or the right words."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from radiotui.net.client import Net
from radiotui.net.response_head import ResponseHead
from radiotui.problems import Problem, ProblemKind
from radiotui.radio.tuner.tuner import Arrived
from tests.servers import Connection, serving
from tests.sounds import encode

BODY = b"\xff\xfbsound"


@pytest.fixture
async def net() -> AsyncIterator[Net]:
    net = Net()
    yield net
    await net.aclose()


async def answer_to(net: Net, head: bytes) -> tuple[dict[str, str], bytes]:
    with serving(live=lambda c: c.send(head + BODY)) as server:
        async with net.stream(server.url("/live"), who="KNAU") as answer:
            body = b"".join([chunk async for chunk in answer.chunks()])
    return dict(answer.headers), body


@pytest.mark.parametrize(
    "head",
    [
        b"ICY 200 OK\r\nicy-metaint:8192\r\n\r\n",
        b"ICY 200\r\nicy-metaint:8192\r\n\r\n",
        b"ICY200 OK\r\nicy-metaint:8192\r\n\r\n",
        b"icy 200 ok\nicy-metaint:8192\n\n",
        b"HTTP/1.0 200\nicy-metaint:8192\n\n",
        b"HTTP/2 200 OK\r\nicy-metaint: 8192\r\n\r\n",
        b"\r\nICY 200 OK\r\nicy-metaint: 8192\r\n\r\n",
        b"HTTP/1.0 ICY 200 OK\r\nicy-metaint: 8192\r\n\r\n",
        b"ICY 200 OK\r\nHTTP/1.0 200 OK\r\nicy-metaint: 8192\r\n\r\n",
        b"HTTP/1.0 200 OK\r\nICY 200 OK\r\nicy-metaint: 8192\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\nICY 200 OK\r\nicy-metaint: 8192\r\n\r\n",
        b"ICY 200 OK\r\n\r\nicy-metaint: 8192\r\n\r\n",
        b"ICY 200 OK\r\nicy-metaint : 8192\r\n\r\n",
        b"ICY 200 OK\r\nthis line says nothing\r\n: nor this\r\nicy-metaint: 8192\r\n\r\n",
        b"ICY 200 OK\r\nicy-name: a\0b\x0b\r\nicy-metaint: 8192\r\n\r\n",
        b"ICY 200 OK\r\nicy name: two words\r\nicy-metaint:\r\n 8192\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\nicy-metaint: 8192\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\ncontent-length: 7\r\nicy-metaint: 8192\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\nicy-metaint: 8192\r\n\r\n",
    ],
)
async def test_a_head_written_by_hand_is_read(net: Net, head: bytes):
    headers, body = await answer_to(net, head)
    assert (headers["icy-metaint"], body) == ("8192", BODY)


@pytest.mark.parametrize("head", [b"", b"ICY 200 OK\r\n\r\n"])
async def test_sound_without_headers_is_sound(net: Net, head: bytes):
    assert (await answer_to(net, head))[1] == BODY


async def test_a_doubled_coding_of_the_transfer_is_one(net: Net):
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\ntransfer-encoding: Chunked\r\n\r\n"
    with serving(live=lambda c: c.send(head + b"5\r\nsound\r\n0\r\n\r\n")) as server:
        assert (await net.fetch(server.url("/live"))).body == b"sound"


@pytest.mark.parametrize(
    ("line", "words", "kind"),
    [
        ("ICY 401 Service Unavailable", "KNAU is off the air just now (401)", ProblemKind.SERVER),
        ("ICY 404 No source connected", "KNAU is off the air just now (404)", ProblemKind.SERVER),
        ("ICY 400 Server Full", "KNAU is full just now (400)", ProblemKind.SERVER),
        ("HTTP/1.0 403 Too many listeners", "KNAU is full just now (403)", ProblemKind.SERVER),
        ("HTTP/1.1 503 Server is full", "KNAU is full just now (503)", ProblemKind.SERVER),
        ("ICY 401 Unauthorized", "KNAU wants a name and a password (401)", ProblemKind.AUTH),
        ("ICY 404 Resource Not Found", "KNAU is not there any more (404)", ProblemKind.NOT_FOUND),
        ("ICY 404", "KNAU is not there any more (404)", ProblemKind.NOT_FOUND),
        ("HTTP/1.1 503 Service Unavailable", "KNAU has a fault of its own (503)",
         ProblemKind.SERVER),
        ("HTTP/1.1 400 Bad Request", "KNAU answered 400", ProblemKind.BAD_STATUS),
    ],
)  # fmt: skip
async def test_a_refusal_of_a_radio_server_is_told_in_words(
    net: Net, line: str, words: str, kind: ProblemKind
):
    with serving(live=lambda c: c.send(f"{line}\r\n\r\n".encode())) as server:
        url = server.url("/live")
        with pytest.raises(Problem) as caught:
            await net.fetch(url, who="KNAU")
    assert (caught.value.title, caught.value.kind) == (words, kind)


async def test_a_head_by_hand_leads_to_sound_and_titles(tune):
    sound = encode("mp3", 2.0)

    def live(c: Connection) -> None:
        block = b"StreamTitle='Ann - Bells';".ljust(32, b"\0")
        c.send(b"ICY 200 OK\nicy-notice1:<BR>\nno header\nicy-metaint:4096\n\n")
        c.send(sound[:4096] + b"\x02" + block + sound[4096:8192] + b"\0" + sound[8192:12288])
        c.hang()

    with serving(live=live) as server:
        listening = tune(server.url("/live"))
        await listening.until(Arrived)
        await listening.until_sound(0.7)
        assert [text for _, text in listening.marks("title")] == ["Ann - Bells"]


def test_a_head_without_end_is_given_up():
    head, count = ResponseHead(), 0
    while not head.is_whole:
        head.feed(b"ICY 200 OK\r\n" if not count else b"icy-name: x\r\n")
        count += 1
    assert count < 10_000
    assert head.mended.startswith(b"ICY 200")
