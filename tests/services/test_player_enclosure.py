"""Bringing a story's sound, from servers that behave well, badly, and not at all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from radiotui.net.client import Net
from radiotui.radio.tape.tape import Tape
from radiotui.radio.tuner.download import Download, DownloadEvent, DownloadFailed
from radiotui.radio.tuner.tuner import Arrived, Finished, Lost
from tests.servers import Connection, serving
from tests.sounds import encode

AT = datetime(2026, 5, 4, 12, tzinfo=UTC)
SOUND = encode("mp3", 4)


class Bringing:
    """An enclosure at work, its pauses written down instead of waited for."""

    def __init__(self, net: Net, folder: Path) -> None:
        self.net = net
        self.folder = folder
        self.tape = Tape(folder / "tape")
        self.told: list[DownloadEvent] = []
        self.pauses: list[float] = []

    async def bring(self, url: str, **more: object) -> Download:
        enclosure = Download(
            self.net,
            url,
            self.tape,
            name="The story",
            folder=self.folder / "1-story-1",
            on_event=self.told.append,
            clock=lambda: AT,
            sleep=self.pause,
            **more,  # type: ignore[arg-type]
        )
        async with asyncio.timeout(15):
            await enclosure.run()
        return enclosure

    async def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        await asyncio.sleep(0)

    @property
    def kinds(self) -> list[type]:
        return [type(event) for event in self.told]

    @property
    def words(self) -> str:
        last = self.told[-1]
        assert isinstance(last, DownloadFailed)
        return str(last.problem)


@pytest.fixture
async def bringing(tmp_path: Path) -> AsyncIterator[Bringing]:
    net = Net()
    bringing = Bringing(net, tmp_path)
    yield bringing
    bringing.tape.close()
    await net.aclose()


def sound(body: bytes, kind: str = "audio/mpeg", **more: str) -> Callable[[Connection], None]:
    return lambda connection: connection.answer(body, kind, **more)


def in_parts(body: bytes, *, part: int, honest: bool = True) -> Callable[[Connection], None]:
    """Breaks off after every ``part`` bytes; ``honest``: goes on where it is asked to."""

    def route(c: Connection) -> None:
        begin = int(c.headers.get("range", "bytes=0-")[6:-1])
        told = f"bytes {begin if honest else begin + 1}-{len(body) - 1}/{len(body)}"
        status = "206 Partial Content" if begin else "200 OK"
        head = f"Content-Range: {told}\r\n" if begin else ""
        length = f"Content-Length: {len(body) - begin}\r\n"
        c.send(f"HTTP/1.1 {status}\r\nContent-Type: audio/mpeg\r\n{head}{length}\r\n".encode())
        c.send(body[begin : begin + part])

    return route


@pytest.mark.parametrize(
    ("codec", "kind", "name"),
    [
        ("mp3", "audio/mpeg", "MP3"),
        ("aac", "application/octet-stream", "AAC"),
        ("opus", "text/plain", "Opus"),
        ("vorbis", "audio/mpeg", "Vorbis"),
        ("flac-native", "audio/x-m4a", "FLAC"),
    ],
)
async def test_the_bytes_say_what_it_is(bringing: Bringing, codec: str, kind: str, name: str):
    with serving(story=sound(encode(codec, 4), kind)) as server:
        enclosure = await bringing.bring(server.url("/story"))
    assert bringing.told == [Arrived(name, None), Finished()]
    assert bringing.tape.end == pytest.approx(4.0, abs=0.1)
    assert enclosure.file is None
    assert list(bringing.folder.iterdir()) == []


@pytest.mark.parametrize("part", [7_000, 20_000])
async def test_taken_up_again_and_again_not_a_byte_is_missing_or_twice(
    bringing: Bringing, part: int
):
    with serving(story=in_parts(SOUND, part=part)) as server:
        await bringing.bring(server.url("/story"))
    assert bringing.kinds[:3] == [Arrived, Lost, Arrived]
    assert bringing.kinds[-1] is Finished
    reader = bringing.tape.open_at(0.0)
    kept = b"".join(iter(lambda: reader.read(65_536), b""))
    # The encoder's first frame tells a length and is left out.
    assert SOUND.endswith(kept)
    assert len(SOUND) - len(kept) < 1200
    assert [mark.kind for mark in bringing.tape.marks] == []


async def test_a_file_is_taken_up_as_well(bringing: Bringing):
    body = encode("m4a", 6)
    with serving(story=in_parts(body, part=20_000)) as server:
        enclosure = await bringing.bring(server.url("/story"))
        assert enclosure.file is not None
        assert enclosure.file.read_bytes() == body
    enclosure.remove()
    assert list(bringing.folder.iterdir()) == []


async def test_who_goes_on_elsewhere_than_asked_is_not_believed(bringing: Bringing):
    with serving(story=in_parts(SOUND, part=20_000, honest=False)) as server:
        await bringing.bring(server.url("/story"))
    assert "does not go on as it was asked" in bringing.words


async def test_it_is_given_up_after_a_while_and_what_came_is_kept(bringing: Bringing):
    def once(c: Connection) -> None:
        if len(c.server.asked) > 1:
            c.answer(b"", status="503 Busy")
        in_parts(SOUND, part=30_000)(c)

    with serving(story=once) as server:
        await bringing.bring(server.url("/story"))
        assert len(server.asked) == 7
    assert "has a fault of its own (503)" in bringing.words
    assert bringing.pauses == sorted(bringing.pauses)
    assert max(bringing.pauses) <= 8
    assert 1.5 < bringing.tape.end < 2.0
    # The tape has an end: nobody waits there for more.
    reader = bringing.tape.open_at(1.5)
    assert b"".join(iter(lambda: reader.read(65_536), b""))


@pytest.mark.parametrize("codec", ["mp3", "m4a"])
async def test_what_is_too_long_is_cut_or_refused(bringing: Bringing, codec: str):
    with serving(story=sound(encode(codec, 8))) as server:
        enclosure = await bringing.bring(server.url("/story"), most_bytes=40_000)
    assert "is longer than" in bringing.words
    assert enclosure.file is None


async def test_it_comes_no_faster_than_it_is_heard_once_it_is_far_ahead(bringing: Bringing):
    with serving(story=sound(SOUND * 200)) as server:
        await bringing.bring(server.url("/story"), monotonic=lambda: 0.0)
    assert bringing.kinds[-1] is Finished
    assert bringing.pauses
    assert 0 < bringing.pauses[0] < 60
    assert max(bringing.pauses) == pytest.approx(bringing.tape.end - 600, abs=1)


async def test_a_large_picture_comes_before_the_sound(bringing: Bringing):
    size = 900_000
    tag = b"ID3\x04\0\0" + bytes((size >> shift) & 0x7F for shift in (21, 14, 7, 0)) + bytes(size)
    with serving(story=sound(tag + SOUND, "application/octet-stream")) as server:
        await bringing.bring(server.url("/story"))
    assert bringing.told == [Arrived("MP3", None), Finished()]


async def test_endless_noise_is_seen_to_be_none(bringing: Bringing):
    def noise(c: Connection) -> None:
        c.live("audio/mpeg")
        while not c.server.closed.is_set():
            c.send(b"\1\2\3" * 20_000)

    with serving(story=noise) as server:
        await bringing.bring(server.url("/story"))
    assert "is no sound (audio/mpeg)" in bringing.words


async def test_a_full_disk_is_told(bringing: Bringing):
    (bringing.folder / "1-story-1").write_bytes(b"in the way")
    with serving(story=sound(encode("m4a", 2))) as server:
        await bringing.bring(server.url("/story"))
    assert "cannot be kept while it is heard" in bringing.words


async def test_only_the_web_is_asked(bringing: Bringing):
    await bringing.bring("file:///etc/passwd")
    assert "is not a web address" in bringing.words
