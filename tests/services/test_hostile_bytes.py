"""Bytes that are made to be slow: sound, headers and HLS playlists, with the loop watched.

Asserted is processor time between two beats of the loop, not time on the wall, which also
holds what else the computer does.
"""

from __future__ import annotations

import asyncio
import struct
from functools import cache

import pytest

from radiotui.radio.tuner.tuner import Arrived, Finished, Lost
from tests.loop_watch import watched
from tests.servers import Connection, serving
from tests.services.tuner_lab import Listening
from tests.sounds import encode

_BYTES = 256 * 1024


async def over(listening: Listening) -> Lost | Finished:
    """The end of a connection."""
    while True:
        async with asyncio.timeout(60):
            event = await listening.told.get()
        listening.events.append(event)
        if isinstance(event, Lost | Finished):
            return event


def plain_sound(connection: Connection) -> None:
    """A first connection, after which all is imported and open that connections share."""
    connection.answer(encode("mp3", 1), "audio/mpeg")


def plain_list(connection: Connection) -> None:
    """The same, with a list."""
    connection.answer(
        b"#EXTM3U\n#EXT-X-ENDLIST\n#EXTINF:2,\ngone.ts\n", "application/vnd.apple.mpegurl"
    )


async def once(listening: Listening) -> None:
    """One connection, and no other."""
    await over(listening)
    listening.task.cancel()


def page(*packets: bytes, flags: int = 0, open_end: bool = False) -> bytes:
    from radiotui.radio.framing.ogg_page import write_page

    return write_page(packets, flags=flags, granule=-1 if open_end else 0, is_complete=not open_end)


def comments(*fields: bytes, count: int | None = None) -> bytes:
    number = len(fields) if count is None else count
    parts = b"".join(struct.pack("<I", len(field)) + field for field in fields)
    return struct.pack("<II", 0, number) + parts


OPUS_HEAD = struct.pack("<8sBBHIhB", b"OpusHead", 1, 2, 312, 48_000, 0, 0)
LINK = page(OPUS_HEAD, flags=2) + page(b"OpusTags" + comments())


def flac_frame(number: int) -> bytes:
    """The header of a frame, with the checksum that makes it believable."""
    head = bytes([0xFF, 0xF8, 0xC9, 0x18, number % 128])
    value = 0
    for byte in head:
        value ^= byte
        for _ in range(8):
            value = (value << 1 ^ (0x07 if value >> 7 else 0)) & 0xFF
    return head + bytes([value])


@cache
def flac_head() -> bytes:
    return encode("flac-native", 1.0)[:42].replace(b"fLaC\0", b"fLaC\x80")


def flac_comments(size: int) -> bytes:
    """FLAC's headers with a comment block of ``size`` bytes, all of it empty fields."""
    block = comments(*[b""] * ((size - 8) // 4))
    return b"fLaC\0" + flac_head()[5:] + b"\x84" + len(block).to_bytes(3, "big") + block


SOUNDS = {
    "MP3 headers that lead nowhere": ("audio/mpeg", "mp3", b"\xff\xfb\x90\x64"),
    "the smallest frames of MP3": ("audio/mpeg", "mp3", b"\xff\xf3\x14\x64" + bytes(20)),
    "ADTS headers that lead nowhere": ("audio/aac", "aac", b"\xff\xf1\x50"),
    "the smallest frames of ADTS": ("audio/aac", "aac", b"\xff\xf1\x50\x80\x01\x1f\xfc\0"),
    "pages without packets": ("audio/ogg", "opus", page()),
    "pages of empty packets": ("audio/ogg", "opus", LINK + page(*[b""] * 255)),
    "pages with wrong checksums": ("audio/ogg", "opus", b"OggS\0" + b"\xff" * 23),
    "links of 200 titles": (
        "audio/ogg",
        "opus",
        page(OPUS_HEAD, flags=2) + page(b"OpusTags" + comments(*[b"TITLE=Bells"] * 200)),
    ),
    "links of empty comments": (
        "audio/ogg",
        "opus",
        page(OPUS_HEAD, flags=2) + page(b"OpusTags" + comments(*[b""] * 12_000)),
    ),
    "a comment header in tiny pages": (
        "audio/ogg",
        "",
        page(OPUS_HEAD, flags=2) + page(bytes(255), flags=1, open_end=True) * 1800,
    ),
    "frames of FLAC in order": (
        "audio/flac",
        "flac-native",
        b"".join(flac_frame(number) for number in range(128)),
    ),
    "frames of FLAC that do not follow": (
        "audio/flac",
        "flac-native",
        b"".join(flac_frame(-number) for number in range(128)),
    ),
    "heads of FLAC with large comments": ("audio/flac", "flac-native", flac_comments(60_000)),
    "heads of FLAC after long frames": (
        "audio/flac",
        "flac-native",
        flac_head() + flac_frame(0) + bytes(400_000),
    ),
    "no sound at all": ("audio/mpeg", "", b"\xff\xfb\x90\x64"),
}


@pytest.mark.parametrize("name", SOUNDS)
async def test_no_sound_holds_the_loop(tune, name: str):
    kind, codec, filler = SOUNDS[name]
    sound = encode(codec, 3) if codec else b""
    body = sound + filler * (-(-_BYTES // len(filler)))
    with serving(live=lambda c: c.answer(body, kind), plain=plain_sound) as server:
        await once(tune(server.url("/plain")))
        listening = tune(server.url("/live"))
        with watched():
            await over(listening)
    assert bool(codec) == any(isinstance(event, Arrived) for event in listening.events)


HEAD = "#EXTM3U\n#EXT-X-ENDLIST\n"
"""Nothing is added: it is not waited for."""
ONE = "#EXTINF:2,\ngone.ts\n"
LONG = "x" * 8000
LISTS = {
    "empty lines": HEAD + ONE + "\n" * _BYTES,
    "spaces": HEAD + ONE + " \n" * (_BYTES // 2),
    "line ends of other kinds": HEAD + ONE + "\u2028\x0b\x85" * (_BYTES // 6),
    "100,000 lines": HEAD + ONE * 50_000,
    "100,000 addresses": HEAD + "a.ts\n" * 100_000,
    "the most segments there may be": HEAD + "#EXTINF:2,\ngone.ts?a=1234567890\n" * 20_000,
    "segments with long addresses": HEAD + f"#EXTINF:2,\n{LONG[:4000]}.ts\n" * 250,
    "30,000 keys": HEAD
    + "".join(f'#EXT-X-KEY:METHOD=AES-128,URI="k{number}"\n' for number in range(30_000))
    + ONE,
    "one key again and again": HEAD + '#EXT-X-KEY:METHOD=AES-128,URI="k"\n' * 30_000 + ONE,
    "30,000 init sections": HEAD
    + "".join(f'#EXT-X-MAP:URI="i{number}"\n{ONE}' for number in range(30_000)),
    "attributes of quotes": HEAD + f"#EXT-X-STREAM-INF:{LONG[:1]}={chr(34)}{chr(39)}" * 120_000,
    "attributes of open quotes": "#EXTM3U\n"
    + ("#EXT-X-STREAM-INF:" + "\"'" * 4000 + "\na.m3u8\n") * 100,
    "attributes of commas": "#EXTM3U\n" + ("#EXT-X-MEDIA:" + "," * 8000 + "\n") * 100,
    "attributes of equals signs": "#EXTM3U\n" + ("#EXT-X-MEDIA:" + "=" * 8000 + "\n") * 100,
    "variants and groups": "#EXTM3U\n"
    + '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="g",NAME="n",URI="g.m3u8"\n' * 900
    + '#EXT-X-STREAM-INF:BANDWIDTH=9,AUDIO="g"\nv.m3u8\n' * 900,
    "one line": HEAD + "a" * _BYTES,
    "an endless target": HEAD + "#EXT-X-TARGETDURATION:" + " " * _BYTES + "\n" + ONE,
    "dates": HEAD + f"#EXT-X-PROGRAM-DATE-TIME:{'2026-01-01T' * 700}\n{ONE}" * 60,
    "byte ranges": HEAD + f"#EXT-X-BYTERANGE:{'9' * 8000}\n{ONE}" * 60,
}


@pytest.mark.parametrize("name", LISTS)
async def test_no_playlist_holds_the_loop(tune, name: str):
    body = LISTS[name].encode()
    kind = "application/vnd.apple.mpegurl"
    with serving(list=lambda c: c.answer(body, kind), plain=plain_list) as server:
        await once(tune(server.url("/plain")))
        listening = tune(server.url("/list"))
        with watched(threads=True):
            await over(listening)
    assert not any(isinstance(event, Arrived) for event in listening.events)
