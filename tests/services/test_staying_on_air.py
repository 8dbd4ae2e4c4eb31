"""Everything that goes wrong on the air: what is said of it, and what is on the tape afterwards."""

from __future__ import annotations

import asyncio
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from radiotui.net.client import Net
from radiotui.radio.tuner.tuner import Arrived, Lost
from tests.servers import Connection, Server, serving
from tests.services.tuner_lab import AT, Listening
from tests.sounds import encode

RATE = 16_000
"""Bytes of a second of the broadcast."""
BURST = 4 * RATE
LONG = encode("mp3", 30)
BODY = LONG[LONG.index(b"\xff\xfb", RATE) :]
"""The broadcast, from a frame on."""
FRAME = 418

Fault = Callable[[Connection], None]


def block(title: str) -> bytes:
    text = f"StreamTitle='{title}';".encode()
    blocks = -(-len(text) // 16)
    return bytes([blocks]) + text.ljust(blocks * 16, b"\0")


class Broadcast:
    """A live station: each connection begins with the burst of what was sent before it.

    ``cut`` is where the first connection is lost, in bytes, and ``fault`` how.
    """

    def __init__(self, fault: Fault, *, cut: int = 10 * RATE, burst: int = BURST) -> None:
        self.fault = fault
        self.cut = cut
        self.burst = burst
        self.connections = 0
        self.is_heard = threading.Event()
        """All that was sent so far has come: a reset would throw away what has not."""

    def __call__(self, connection: Connection) -> None:
        self.connections += 1
        connection.live(icy_br="128")
        if self.connections == 1:
            connection.send(BODY[: self.cut])
            while not self.is_heard.wait(0.02) and not connection.server.closed.is_set():
                pass
            self.fault(connection)
        else:
            connection.send(BODY[self.cut - self.burst : 20 * RATE])
            connection.hang()


def close(_connection: Connection) -> None:
    """As a server that is started anew."""


def stall(connection: Connection) -> None:
    connection.hang()


async def back_on_air(listening: Listening, broadcast: Broadcast | None = None) -> Lost:
    """It was lost once and is back; what was told of it."""
    await listening.until(Arrived)
    if broadcast is not None:
        await listening.until_sound(broadcast.cut / RATE - 0.1)
        broadcast.is_heard.set()
    lost = await listening.until(Lost)
    assert isinstance(lost, Lost)
    await listening.until(Arrived)
    return lost


@pytest.mark.parametrize(
    ("fault", "cut", "words"),
    [
        (close, 10 * RATE, "KNAU ended the connection"),
        (close, 10 * RATE + 100, "KNAU ended the connection"),
        (Connection.reset, 10 * RATE, "KNAU: the connection broke"),
        (Connection.reset, 10 * RATE + 250, "KNAU: the connection broke"),
        (stall, 10 * RATE + 3, "KNAU is silent"),
    ],
    ids=["close", "close in a frame", "reset", "reset in a frame", "stall"],
)
async def test_nothing_is_missing_and_nothing_comes_twice_where_it_was_lost(
    tune, fault: Fault, cut: int, words: str
):
    broadcast = Broadcast(fault, cut=cut)
    with serving(live=broadcast) as server:
        listening = tune(server.url("/live"))
        lost = await back_on_air(listening, broadcast)
        assert (lost.problem.title, lost.retry_at) == (words, None)
        await listening.until_sound(19.9)
        assert listening.sound == BODY[: len(listening.sound)]
        ((at, _),) = listening.marks("reconnect")
        assert at == pytest.approx(10, abs=0.06)


async def test_without_a_burst_there_is_a_gap_with_one_mark(tune):
    broadcast = Broadcast(close, burst=-2 * RATE)
    with serving(live=broadcast) as server:
        listening = tune(server.url("/live"))
        await back_on_air(listening, broadcast)
        await listening.until_sound(17.9)
        assert [round(at) for at, _ in listening.marks("reconnect")] == [10]
        at = listening.sound.rindex(BODY[12 * RATE + FRAME : 12 * RATE + 5 * FRAME])
        assert listening.sound[: at - 2 * FRAME] in BODY
        assert listening.sound[at:] in BODY


async def test_a_burst_longer_than_what_was_heard_is_heard_from_where_it_is_new(tune):
    broadcast = Broadcast(close, cut=3 * RATE, burst=3 * RATE)
    with serving(live=broadcast) as server:
        listening = tune(server.url("/live"))
        await back_on_air(listening, broadcast)
        await listening.until_sound(19.9)
        assert listening.sound == BODY[: len(listening.sound)]


async def test_silence_proves_no_repeat(tune):
    frame = BODY[: BODY.index(b"\xff\xfb", 100)]

    def silent(c: Connection) -> None:
        c.live()
        c.send(frame * 100)
        if len(c.server.asked) > 1:
            c.hang()

    with serving(live=silent) as server:
        listening = tune(server.url("/live"))
        await back_on_air(listening)
        await listening.until_sound(5.21)
        assert listening.sound == frame * 200


async def test_a_repeat_in_ogg_is_left_out_with_its_headers(tune):
    pages = [b"OggS" + page for page in encode("opus", 20).split(b"OggS")[1:]]
    heads, pages = b"".join(pages[:2]), pages[2:]

    def live(c: Connection) -> None:
        c.live("application/ogg")
        if len(c.server.asked) == 1:
            c.send(heads + b"".join(pages[:50]))
        else:
            c.send(heads + b"".join(pages[30:90]))
            c.hang()

    with serving(live=live) as server:
        listening = tune(server.url("/live"))
        await back_on_air(listening)
        await listening.until_sound(17.9)
        assert listening.sound == heads + b"".join(pages[:90])
        # One decoder reads it through: what it has had of headers is enough.
        reader, heard = listening.tape.open_at(0), bytearray()
        while len(heard) < len(listening.sound):
            heard += reader.read(1 << 20)
        assert bytes(heard) == listening.sound
        assert [round(at) for at, _ in listening.marks("reconnect")] == [10]


async def test_a_title_that_was_cut_off_is_none(tune):
    """Lost in the middle of a metadata block."""

    def titled(c: Connection) -> None:
        c.live(icy_metaint=str(RATE))
        if len(c.server.asked) == 1:
            c.send(BODY[:RATE] + block("Nina Simone - Sinnerman") + BODY[RATE : 2 * RATE])
            c.send(block("Miriam Makeba - Pata Pata")[:20])
            return
        c.send(BODY[RATE : 2 * RATE] + block("Miriam Makeba - Pata Pata"))
        c.send(BODY[2 * RATE : 3 * RATE] + b"\0" + BODY[3 * RATE : 4 * RATE])
        c.hang()

    with serving(live=titled) as server:
        listening = tune(server.url("/live"))
        await back_on_air(listening)
        await listening.until_sound(3.9)
        assert listening.sound == BODY[: len(listening.sound)]
        assert [(round(at), text) for at, text in listening.marks("title")] == [
            (0, "Nina Simone - Sinnerman"),
            (2, "Miriam Makeba - Pata Pata"),
        ]


async def test_another_codec_after_the_gap_is_for_another_decoder(tune):
    aac = encode("aac", 5)

    def live(c: Connection) -> None:
        if len(c.server.asked) == 1:
            c.live()
            c.send(BODY[: 5 * RATE])
        else:
            c.live("audio/aac")
            c.send(aac)
            c.hang()

    with serving(live=live) as server:
        listening = tune(server.url("/live"))
        assert await listening.until(Arrived) == Arrived("MP3", None)
        assert await listening.until(Arrived) == Arrived("AAC", None)
        await listening.until_sound(9.5)
        reader = listening.tape.open_at(0)
        heard = bytearray()
        while data := reader.read(1 << 20):
            heard += data
        assert (reader.format, bytes(heard)) == ("mp3", BODY[: len(heard)])
        assert reader.more_at is not None
        other = listening.tape.open_at(reader.more_at)
        assert other.format == "aac"
        assert other.read(1 << 20) in aac
        assert [at for at, _ in listening.marks("reconnect")] == [reader.more_at]


async def test_a_fault_of_the_servers_own_passes(tune):
    def ails(c: Connection) -> None:
        if len(c.server.asked) <= 3:
            c.answer(b"", status="500 Internal Server Error")
        else:
            c.live()
            c.send(BODY[: 5 * RATE])
            c.hang()

    with serving(live=ails) as server:
        listening = tune(server.url("/live"))
        problem = await listening.lost()
        assert (problem.title, problem.hint) == (
            "KNAU has a fault of its own (500)",
            "try again later",
        )
        await listening.until(Arrived)
        assert [0.4 <= listening.pauses[0] <= 0.6, len(listening.pauses)] == [True, 3]
        assert listening.pauses == sorted(listening.pauses)
        assert listening.marks("reconnect") == []


async def test_too_little_sound_is_a_fault_too(tmp_path: Path):
    """Ten times less than is heard: without being told, one would hear a word now and then."""
    loop = asyncio.get_running_loop()
    began = loop.time()

    def trickle(c: Connection) -> None:
        c.live()
        if len(c.server.asked) > 1:
            c.send(BODY[5 * RATE : 15 * RATE])
            c.hang()
            return
        c.send(BODY[: 5 * RATE])
        for at in range(5 * RATE, 15 * RATE, 1000):
            if c.server.closed.wait(0.01):
                return
            c.send(BODY[at : at + 1000])

    net = Net()
    with serving(live=trickle) as server:
        listening = Listening(
            net,
            (server.url("/live"),),
            tmp_path,
            monotonic=lambda: (loop.time() - began) * 100,
        )
        await listening.until(Arrived)
        problem = await listening.lost()
        assert problem.title == "KNAU sends too little sound"
        await listening.until(Arrived)
        assert len(listening.marks("reconnect")) == 1
    await listening.close()
    await net.aclose()


async def test_a_computer_that_slept_connects_at_once(tune):
    def live(c: Connection) -> None:
        c.live()
        c.send(BODY[: 5 * RATE] if len(c.server.asked) == 1 else BODY[10 * RATE : 15 * RATE])
        c.hang()

    with serving(live=live) as server:
        listening = tune(server.url("/live"), look_seconds=0.01)
        await listening.until(Arrived)
        await listening.until_sound(4.9)
        listening.now = AT + timedelta(hours=1)
        lost = await listening.until(Lost)
        assert isinstance(lost, Lost)
        assert (lost.problem.title, lost.retry_at) == ("The computer was asleep", None)
        await listening.until(Arrived)
        await listening.until_sound(9.8)
        (mark,) = listening.tape.marks
        assert mark.kind == "reconnect"
        assert abs(listening.tape.wall_at(mark.at + 4) - listening.now) < timedelta(seconds=5)
        assert abs(listening.tape.wall_at(mark.at - 1) - AT) < timedelta(seconds=5)


async def test_nobody_is_let_in_with_a_certificate_that_has_expired(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    key, certificate = expired(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = await asyncio.start_server(lambda _r, w: w.close(), "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    net = Net()
    listening = Listening(net, (f"https://localhost:{port}/live",), tmp_path)
    problem = await listening.lost()
    assert problem.title == "KNAU could not prove who it is"
    assert problem.hint == "certificate has expired"
    await listening.close()
    await net.aclose()
    server.close()


def expired(folder: Path) -> tuple[Path, Path]:
    """A key and a certificate that was good in 2020."""
    key, request, certificate = folder / "key.pem", folder / "request", folder / "cert.pem"
    (folder / "index").touch()
    (folder / "serial").write_text("01\n")
    (folder / "ca").write_text(
        f"[ca]\ndefault_ca=own\n[own]\ndatabase={folder}/index\nserial={folder}/serial\n"
        f"new_certs_dir={folder}\ndefault_md=sha256\npolicy=any\n[any]\ncommonName=supplied\n"
        "[v3]\nbasicConstraints=critical,CA:true\nsubjectAltName=DNS:localhost\n"
    )
    commands: tuple[list[str | Path], ...] = (
        ["req", "-new", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost",
         "-keyout", key, "-out", request],
        ["ca", "-batch", "-selfsign", "-config", folder / "ca", "-extensions", "v3",
         "-startdate", "20200101000000Z", "-enddate", "20200201000000Z",
         "-keyfile", key, "-in", request, "-out", certificate, "-notext"],
    )  # fmt: skip
    for command in commands:
        subprocess.run(["openssl", *command], check=True, capture_output=True)
    return key, certificate


async def test_redirects_in_circles_are_told_and_left(tune):
    with serving(a=lambda c: c.answer(b"", status="302 Found", Location="/a")) as server:
        listening = tune(server.url("/a"))
        assert (await listening.lost()).title == "KNAU sends radiotui in circles"
        assert len(server.asked) <= 12


async def test_a_name_that_is_not_found_is_asked_for_again(tune, monkeypatch: pytest.MonkeyPatch):
    """As with a laptop that has no network yet."""
    known = asyncio.get_running_loop().getaddrinfo
    asked: list[str] = []

    async def names(host: str, *args: Any, **more: Any) -> object:
        asked.append(host)
        if len(asked) <= 2:
            raise socket.gaierror(-2, "Name or service not known")
        return await known("127.0.0.1", *args, **more)

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", names)
    with serving(live=Broadcast(stall)) as server:
        listening = tune(f"http://station.invalid:{server.port}/live")
        assert (await listening.lost()).title == "KNAU: there is no station.invalid"
        await listening.until(Arrived)
        assert asked == ["station.invalid"] * 3


async def test_marks_of_before_stay_where_they_are(tune):
    broadcast = Broadcast(close)
    with serving(live=broadcast) as server:
        listening = tune(server.url("/live"))
        await listening.until(Arrived)
        listening.tape.mark_title("Nina Simone - Sinnerman", at=2.0)
        broadcast.is_heard.set()
        await listening.until(Arrived)
        await listening.until_sound(19.9)
        assert listening.tape.start == 0.0
        title = listening.tape.title_at(9.0)
        assert title is not None
        assert (title.at, title.text) == (2.0, "Nina Simone - Sinnerman")


async def test_a_station_that_is_down_for_long_is_asked_twice_a_minute_at_most(tune):
    server = Server()
    port = server.port
    server.close()
    listening = tune(f"http://127.0.0.1:{port}/live")
    assert (await listening.lost()).title == "KNAU: nobody answers there"
    await listening.until(Lost, 11)
    assert all(24 <= pause <= 36 for pause in listening.pauses[7:])
    lost = listening.events[-1]
    assert isinstance(lost, Lost)
    assert lost.retry_at == AT + timedelta(seconds=listening.pauses[-1])
