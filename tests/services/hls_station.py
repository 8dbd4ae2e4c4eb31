"""A live HLS station on loopback, with the clock station's sound: its list moves when it is asked.

``cut`` makes segments of every kind out of one run of frames; ``Station`` lists a window of them,
misbehaves as it is told to, and ``Listening`` is a tuner whose pauses pass at once.
"""

from __future__ import annotations

import asyncio
import io
import random
import struct
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import av

from radiotui.net.client import Net
from radiotui.radio.tape.tape import Tape
from radiotui.radio.tuner.tuner import Tuner, TunerEvent
from tests.servers import Connection, Server
from tests.services.tuner_lab import sound_on
from tests.sounds import encode

RATE = 44_100
EACH = 86
"""Frames of AAC in a segment."""
SECONDS = EACH * 1024 / RATE
"""Of a segment: as good as two."""
AT = datetime(2026, 5, 4, 12, tzinfo=UTC)
_open: list[Any] = []
ENDINGS = {"ts": "ts", "ts-mp3": "ts", "aac": "aac", "mp3": "mp3", "fmp4": "m4s"}


@dataclass(frozen=True)
class Cut:
    """One run of sound, cut into segments."""

    frames: tuple[bytes, ...]
    """With their headers, as the encoder made them."""
    segments: tuple[bytes, ...]
    init: bytes = b""
    ending: str = "ts"

    def sound(self, first: int = 0, end: int | None = None) -> bytes:
        """The frames of some of the segments."""
        each = len(self.frames) // len(self.segments)
        return b"".join(self.frames[first * each : None if end is None else end * each])


@cache
def cut(kind: str, seconds: float = 21.0, *, begin: float = 0.0, rate: int = RATE) -> Cut:
    """``kind`` is "ts", "ts-mp3", "aac", "mp3" or "fmp4"."""
    codec = "mp3" if "mp3" in kind else "aac"
    packets = packets_of(encode(codec, seconds, begin=begin, rate=rate), codec)
    packets = packets[: len(packets) // EACH * EACH]
    groups = [packets[at : at + EACH] for at in range(0, len(packets), EACH)]
    frames, ending = tuple(map(bytes, packets)), ENDINGS[kind]
    if kind == "fmp4":
        init, segments = _fragments(encode("m4a", seconds, begin=begin, rate=rate), len(groups))
        return Cut(frames, tuple(segments), init, ending)
    make = ts if kind.startswith("ts") else packed
    made = (make(group, number * EACH) for number, group in enumerate(groups))
    return Cut(frames, tuple(made), b"", ending)


def packets_of(sound: bytes, codec: str) -> list[Any]:
    """The frames of MP3 or ADTS."""
    source = av.open(io.BytesIO(sound), "r", format=codec)
    # A packet's stream lives as long as what it came from.
    _open.append(source)
    packets = [packet for packet in source.demux(audio=0) if packet.size]
    # LAME's first frame tells a length and holds no sound.
    return packets[1:] if codec == "mp3" else packets


def ts(packets: list[Any], first: int = 0, tags: dict[float, bytes] | None = None) -> bytes:
    """A segment of MPEG-TS, with ID3 tags at so many seconds after its beginning."""
    out = io.BytesIO()
    stream = packets[0].stream
    each = (1152 if "mp3" in stream.codec_context.name else 1024) / stream.codec_context.rate
    with av.open(out, "w", format="mpegts") as container:
        sound = container.add_stream_from_template(stream)
        timed = container.add_data_stream("timed_id3") if tags else None
        left = sorted((tags or {}).items())
        for number, packet in enumerate(packets):
            while left and left[0][0] <= number * each:
                container.mux(_copy(left.pop(0)[1], timed, (first + number) * each))
            container.mux(_copy(bytes(packet), sound, (first + number) * each))
    return out.getvalue()


def ts_of(stream: Any, data: bytes, number: int) -> bytes:
    """A segment of MPEG-TS with ``data`` as it is, wherever its frames begin."""
    out = io.BytesIO()
    with av.open(out, "w", format="mpegts") as container:
        sound = container.add_stream_from_template(stream)
        for at in range(0, len(data), 1000):
            container.mux(_copy(data[at : at + 1000], sound, number * 2 + at / 16_000))
    return out.getvalue()


def flac(seconds: float) -> Cut:
    """FLAC in fragments of MP4 of a second."""
    init, segments = _fragments(encode("flac-native", seconds), 1000, "flac", 0.99)
    return Cut((b"",) * len(segments), tuple(segments), init, "m4s")


def _copy(data: bytes, stream: Any, at: float) -> Any:
    copied = av.Packet(data)
    copied.stream, copied.time_base = stream, Fraction(1, 90_000)
    copied.pts = copied.dts = round(at * 90_000)
    return copied


def packed(packets: list[Any], first: int = 0, tags: bytes = b"") -> bytes:
    """A segment of bare frames behind the tag with their time."""
    at = struct.pack(">Q", first * 1024 * 90_000 // RATE)
    private = b"com.apple.streaming.transportStreamTimestamp\0" + at
    return tag(PRIV=private) + tags + b"".join(map(bytes, packets))


def tag(**frames: bytes) -> bytes:
    """An ID3 tag of these frames."""
    body = b"".join(
        name.encode() + bytes([0, 0, len(data) >> 7, len(data) & 127]) + b"\0\0" + data
        for name, data in frames.items()
    )
    return b"ID3\x04\0\0" + bytes([0, 0, len(body) >> 7, len(body) & 127]) + body


def titled(title: str, artist: str = "") -> bytes:
    """An ID3 tag that names what is played."""
    more = {"TPE1": b"\3" + artist.encode()} if artist else {}
    return tag(TIT2=b"\3" + title.encode(), **more)


def emsg(message: bytes, delta: float) -> bytes:
    """A box with an ID3 tag, so many seconds after its segment's beginning."""
    body = struct.pack(">IIII", 1000, round(delta * 1000), 0, 1)
    return box(b"emsg", bytes(4) + b"https://aomedia.org/emsg/ID3\0\0" + body + message)


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), kind) + content


def _fragments(
    sound: bytes, count: int, container_: str = "mp4", seconds: float = 1.99
) -> tuple[bytes, list[bytes]]:
    out = io.BytesIO()
    flags = "empty_moov+default_base_moof+delay_moov"
    options = {"movflags": flags, "frag_duration": str(round(seconds * 1_000_000))}
    with (
        av.open(io.BytesIO(sound), "r", format=container_) as source,
        av.open(out, "w", format="mp4", options=options) as container,
    ):
        stream = container.add_stream_from_template(source.streams.audio[0])
        for packet in source.demux(audio=0):
            if packet.size:
                packet.stream = stream
                container.mux(packet)
    boxes = list(_boxes(out.getvalue()))
    init = b"".join(data for kind, data in boxes if kind in {b"ftyp", b"moov"})
    moofs = [number for number, (kind, _) in enumerate(boxes) if kind == b"moof"]
    return init, [boxes[number][1] + boxes[number + 1][1] for number in moofs[:count]]


def _boxes(data: bytes) -> Any:
    at = 0
    while at < len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        yield kind, data[at : at + size]
        at += size


class Station:
    """Lists ``listed`` of its segments, and one more each time the list is asked for again."""

    def __init__(self, sound: Cut, *, listed: int = 5, newest: int | None = None) -> None:
        self.server = Server()
        self.segments = list(sound.segments)
        self.init = sound.init
        self.ending = sound.ending
        self.listed = listed
        self.newest = listed - 1 if newest is None else newest
        """The number of the newest listed segment."""
        self.last = len(self.segments) - 1
        """After this one nothing more comes."""
        self.ends = True
        """The list says so when nothing more comes."""
        self.numbered_from = 0
        self.before: dict[int, str] = {}
        """Lines before a segment."""
        self.titles: dict[int, str] = {}
        self.name = "seg"
        self.gone: set[int] = set()
        self.asks = 0
        self.more: dict[str, bytes] = {}
        """What else it has, by path."""
        self.on_ask: Callable[[int], None] = lambda asks: None
        self.server.routes["/live.m3u8"] = self._list
        self.url = self.server.url("/live.m3u8")

    def __enter__(self) -> Station:
        for number in range(len(self.segments)):
            self.server.routes[self._path(number)] = self.segment
        self.server.routes["/init.mp4"] = lambda c: c.answer(self.init, "video/mp4")
        for path, body in self.more.items():
            self.server.routes[path] = _with(body)
        return self

    def __exit__(self, *_exception: object) -> None:
        self.server.close()

    def asked(self, number: int) -> int:
        """How often a segment was asked for."""
        return self.server.paths().count(self._path(number))

    def _path(self, number: int) -> str:
        return f"/{self.name}{number}.{self.ending}"

    def text(self) -> str:
        """The list as it is now."""
        first = max(0, self.newest - self.listed + 1)
        lines = [
            "#EXTM3U",
            "#EXT-X-VERSION:6",
            "#EXT-X-TARGETDURATION:2",
            f"#EXT-X-MEDIA-SEQUENCE:{first + self.numbered_from}",
        ]
        if self.init:
            lines.append('#EXT-X-MAP:URI="init.mp4"')
        lines += [before for number, before in self.before.items() if number < first]
        for number in range(first, self.newest + 1):
            if number in self.before:
                lines.append(self.before[number])
            lines += [f"#EXTINF:{SECONDS:.5f},{self.titles.get(number, '')}", self._path(number)]
        if self.ends and self.newest >= self.last:
            lines.append("#EXT-X-ENDLIST")
        return "\n".join([*lines, ""])

    def _list(self, c: Connection) -> None:
        self.on_ask(self.asks)
        self.newest = min(self.newest + (self.asks > 0), self.last)
        self.asks += 1
        c.answer(self.text().encode(), "application/vnd.apple.mpegurl")

    def segment(self, c: Connection) -> None:
        number = int(c.path.rpartition(self.name)[2].partition(".")[0])
        if number in self.gone:
            c.answer(b"", status="404 Not Found")
        else:
            c.answer(self.segments[number], "video/mp2t")


class Listening:
    """A tuner on a clock of its own that only its pauses move."""

    def __init__(self, net: Net, url: str, folder: Path, **more: Any) -> None:
        self.now = 0.0
        self.tape = Tape(folder, clock=self.clock)
        self.events: list[TunerEvent] = []
        self._changed = asyncio.Event()
        tuner = Tuner(
            net, (url,), self.tape, name="KNAU", on_event=self._told, clock=self.clock,
            monotonic=lambda: self.now, sleep=self._sleep, rng=random.Random(1), **more,
        )  # fmt: skip
        self.task = asyncio.create_task(tuner.run())

    def clock(self) -> datetime:
        return AT + timedelta(seconds=self.now)

    async def _sleep(self, seconds: float) -> None:
        self.now += seconds
        await asyncio.sleep(0.005)

    def _told(self, event: TunerEvent) -> None:
        self.events.append(event)
        self._changed.set()

    async def until(self, kind: type, count: int = 1) -> Any:
        """The count-th event of a kind since it began."""
        async with asyncio.timeout(15):
            while True:
                found = [event for event in self.events if isinstance(event, kind)]
                if len(found) >= count:
                    return found[count - 1]
                self._changed.clear()
                await self._changed.wait()

    async def until_true(self, wanted: Callable[[], Any]) -> None:
        async with asyncio.timeout(15):
            while not wanted():
                await asyncio.sleep(0.005)

    def sound(self) -> bytes:
        """All that is on the tape."""
        return sound_on(self.tape)

    def marks(self, kind: str) -> list[tuple[float, str]]:
        """Where the marks of a kind stand, in segments after the tape's beginning."""
        start = self.tape.start
        return [
            (round((mark.at - start) / SECONDS, 2), mark.text)
            for mark in self.tape.marks
            if mark.kind == kind
        ]

    async def close(self) -> None:
        self.task.cancel()
        await asyncio.wait([self.task])
        self.tape.close()


def _with(body: bytes) -> Callable[[Connection], None]:
    return lambda connection: connection.answer(body)
