"""A station that sends a new title with every frame of its sound."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from itertools import count

from tests.servers import Connection, Route
from tests.sounds import encode
from tests.titles import TITLES

STORMS = {
    "UTF-8": ("Russian", "utf-8"),
    "Windows-1251": ("Russian", "cp1251"),
    "KOI8-R": ("Russian", "koi8-r"),
    "CP932": ("Japanese", "cp932"),
    "Big5": ("Taiwanese", "big5"),
}
"""Language and codec of the titles, by the name of the encoding."""

_FRAME = 384
"""Bytes of a frame of 128 kbit/s at 48 kHz, of which there are 41.7 a second."""
_SECONDS = 1152 / 48_000
_LONGEST = 220


def titles(language: str, encoding: str) -> Iterator[bytes]:
    """Titles without end, each a new one of about the longest that a block's byte can count."""
    chance = random.Random(language)
    for number in count():
        words = [title.encode(encoding, "ignore") for title in chance.sample(TITLES[language], 6)]
        yield f"{number} ".encode() + b" ".join(words)[:_LONGEST]


def _block(title: bytes) -> bytes:
    text = b"StreamTitle='" + title + b"';"
    blocks = -(-len(text) // 16)
    return bytes([blocks]) + text.ljust(blocks * 16, b"\0")


def storm(language: str, encoding: str, *, each: int = 1) -> Route:
    """A live stream of MP3 with ``each`` new titles for every frame, at the sound's own pace."""
    sound = encode("mp3", 30, rate=48_000, kbps=128)
    interval = _FRAME // each

    def live(connection: Connection) -> None:
        connection.live(icy_metaint=str(interval))
        begin, names = time.monotonic(), titles(language, encoding)
        for number in count():
            at = number * _FRAME % (len(sound) - _FRAME)
            frame = sound[at : at + _FRAME]
            parts = (frame[n : n + interval] for n in range(0, _FRAME, interval))
            connection.send(b"".join(part + _block(next(names)) for part in parts))
            ahead = number * _SECONDS - 4.0 - (time.monotonic() - begin)
            if ahead > 0 and connection.server.closed.wait(ahead):
                return

    return live
