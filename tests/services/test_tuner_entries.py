"""Playlists that begin with an announcement, packed answers, large covers, and sound that is not
played: told at once."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import Callable

import pytest

from radiotui.radio.framing.ogg_page import BEGINS, write_page
from radiotui.radio.tuner.tuner import Arrived, Finished
from tests.servers import Connection, serving
from tests.sounds import encode

AD = encode("mp3", 2.0, begin=30.0)
SOUND = encode("mp3", 4.0)


def live(connection: Connection) -> None:
    connection.live()
    connection.send(SOUND)
    connection.hang()


def whole(connection: Connection) -> None:
    connection.answer(AD, "audio/mpeg")


def without_length(connection: Connection) -> None:
    connection.live()
    connection.send(AD)


def listing(text: str, kind: str = "audio/x-mpegurl") -> Callable[[Connection], None]:
    return lambda connection: connection.answer(text.encode(), kind)


@pytest.mark.parametrize("ad", [whole, without_length])
@pytest.mark.parametrize(
    "text",
    [
        "#EXTM3U\n#EXTINF:2,ad\n/ad\n/live\n",
        "[playlist]\nFile1=/ad\nFile2=/live\n",
        '<asx version="3"><entry><ref href="/ad"/></entry><entry><ref href="/live"/></entry></asx>',
    ],
)
async def test_after_an_announcement_comes_the_stream(tune, ad, text: str):
    kind = "audio/x-scpls" if "File1" in text else "audio/x-mpegurl"
    with serving(list=listing(text, kind), ad=ad, live=live) as server:
        listening = tune(server.url("/list"))
        await listening.until(Arrived, 2)
        await listening.until_sound(5.8)
        assert server.paths() == ["/list", "/ad", "/live"]


@pytest.mark.parametrize("ad", [whole, without_length])
async def test_an_announcement_is_not_heard_again_when_the_stream_breaks(tune, ad):
    # Encoded before: on a busy computer that takes longer than a station may be silent.
    sounds = [encode("mp3", 4.0, begin=5.0 * count) for count in range(1, 4)]

    def breaking(c: Connection) -> None:
        live_count = c.server.paths().count("/live")
        c.live()
        c.send(sounds[min(live_count, 3) - 1])
        if live_count > 2:
            c.hang()
        c.reset()

    with serving(list=listing("#EXTM3U\n/ad\n/live\n"), ad=ad, live=breaking) as server:
        listening = tune(server.url("/list"))
        await listening.until(Arrived, 4)
        assert server.paths() == ["/list", "/ad", "/live", "/list", "/live", "/list", "/live"]


async def test_files_in_a_list_are_heard_one_after_another(tune):
    def other(c: Connection) -> None:
        c.answer(encode("mp3", 2.0), "audio/mpeg")

    with serving(list=listing("#EXTM3U\n/a\n/gone\n/b\n"), a=whole, b=other) as server:
        listening = tune(server.url("/list"))
        await listening.until(Finished)
        assert server.paths() == ["/list", "/a", "/gone", "/b"]
        assert 3.9 < listening.tape.end < 4.3


async def test_mirrors_that_close_soon_are_all_tried_again(tune):
    with serving(list=listing("#EXTM3U\n/a\n/b\n"), a=without_length, b=without_length) as server:
        tune(server.url("/list"))
        async with asyncio.timeout(10):
            while server.paths().count("/b") < 3:
                await asyncio.sleep(0.01)
        assert server.paths().count("/a") >= 1


async def test_a_list_of_other_schemes_says_so(tune):
    text = '<asx version="3"><entry><ref href="mms://a.example/x"/></entry></asx>'
    with serving(list=listing(text, "video/x-ms-asf")) as server:
        problem = await tune(server.url("/list")).lost()
        assert "mms" in problem.hint
        assert "cannot use" in problem.title


async def test_a_stations_headers_are_sent_with_every_request(tune):
    segment = encode("mp3", 4.0)
    text = "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n/part\n#EXT-X-ENDLIST\n"
    master = "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n/media\n"
    with serving(
        list=listing("#EXTM3U\n/master\n"),
        master=listing(master),
        media=listing(text),
        part=lambda c: c.answer(segment),
    ) as server:
        listening = tune(server.url("/list"), headers={"Referer": "https://a.example/"})
        await listening.until(Finished)
        assert server.paths() == ["/list", "/master", "/media", "/part"]
        assert [c.headers.get("referer") for c in server.asked] == ["https://a.example/"] * 4


def raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


@pytest.mark.parametrize(
    ("pack", "coding"),
    [
        (gzip.compress, "gzip"),
        (gzip.compress, "x-gzip"),
        (gzip.compress, ""),
        (zlib.compress, "deflate"),
        (raw_deflate, "deflate"),
        (bytes, "gzip"),
        (bytes, "identity"),
    ],
)
@pytest.mark.parametrize("path", ["/list", "/file"])
async def test_a_packed_answer_is_unpacked(tune, pack, coding: str, path: str):
    more = {"Content_Encoding": coding} if coding else {}

    def answer(c: Connection) -> None:
        body, kind = (SOUND, "audio/mpeg") if c.path == "/file" else (b"#EXTM3U\n/file\n", "x/y")
        c.answer(pack(body), kind, **more)

    with serving(list=answer, file=answer) as server:
        listening = tune(server.url(path))
        await listening.until(Finished)
        assert listening.tape.end > 3.9


async def test_a_packed_answer_that_is_damaged_is_told(tune):
    body = gzip.compress(b"#EXTM3U\n" + b"/file\n" * 1000)
    damaged = body[:20] + b"\xff\xff\xff\xff" + body[24:]
    with serving(list=lambda c: c.answer(damaged, "x/y", Content_Encoding="gzip")) as server:
        assert "damaged" in (await tune(server.url("/list")).lost()).title


async def test_a_packed_playlist_without_end_is_bounded(tune):
    packed = gzip.compress(b"#EXTM3U\n" + b"#" * 200_000_000)
    with serving(list=lambda c: c.answer(packed, "x/y", Content_Encoding="gzip")) as server:
        assert "empty" in (await tune(server.url("/list")).lost()).title


def cover(size: int) -> bytes:
    """An ID3v2 tag with a picture of so many bytes."""
    length = bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x03\0\0" + length + b"\xff\xfb\x90\x64" * (size // 4) + bytes(size % 4)


@pytest.mark.parametrize("is_live", [True, False])
@pytest.mark.parametrize(
    ("tags", "sound", "kind"),
    [
        (cover(3_000_000), SOUND, "audio/mpeg"),
        (cover(700_000) + cover(900_000), SOUND, ""),
        (cover(2_000_001), encode("flac-native", 4.0), "audio/flac"),
        (cover(2_000_000), encode("aac", 4.0), "audio/mpeg"),
    ],
)
async def test_a_large_cover_is_passed_over(tune, tags, sound, kind: str, is_live: bool):
    def answer(c: Connection) -> None:
        if not is_live:
            c.answer(tags + sound, kind)
            return
        c.live(kind)
        c.send(tags + sound)
        c.hang()

    with serving(file=answer) as server:
        listening = tune(server.url("/file"))
        await listening.until(Arrived)
        await listening.until_sound(3.7)


async def test_tags_without_end_are_no_sound(tune):
    def tags(c: Connection) -> None:
        c.live()
        for _ in range(70):
            c.send(cover(1_000_000))
        c.send(bytes(200_000))
        c.hang()

    with serving(file=tags) as server:
        assert "cannot play" in (await tune(server.url("/file")).lost()).title


def in_ogg(packet: bytes) -> bytes:
    return write_page([packet], flags=BEGINS, serial=5) + write_page([b"more"], serial=5)


LAYER_1 = (b"\xff\xff\xc4\x00" + bytes(4 * 12 * 8 - 4)) * 10


@pytest.mark.parametrize(
    ("sound", "kind", "name"),
    [
        (in_ogg(b"Speex   1.2" + bytes(60)), "audio/ogg", "Speex"),
        (in_ogg(b"\x80theora" + bytes(60)), "audio/ogg", "Theora"),
        (LAYER_1, "audio/mpeg", "MP1"),
        (encode("m4a", 1.0), "audio/mp4", "MP4"),
    ],
)
async def test_what_is_not_played_is_told_by_its_first_bytes(tune, sound, kind: str, name: str):
    def answer(c: Connection) -> None:
        c.live(kind)
        c.send(sound[:6000])
        c.hang()

    with serving(live=answer) as server:
        problem = await tune(server.url("/live")).lost()
        assert f"cannot play ({name})" in problem.title


@pytest.mark.parametrize(("codec", "name"), [("wav", "PCM"), ("webm", "Opus")])
async def test_a_container_is_heard_live(tune, codec: str, name: str):
    def answer(c: Connection) -> None:
        c.live("application/octet-stream")
        c.send(encode(codec, 4.0))
        c.hang()

    with serving(live=answer) as server:
        listening = tune(server.url("/live"))
        assert await listening.until(Arrived) == Arrived(name, None)
        await listening.until_sound(3.8)
