"""Every server and format that is met on the air, all at once: each is told by its tones.

Each station has two tones of its own. They play together into one sink, and the spectrum of what
was heard tells who was silent. So a run takes ten seconds, however many there are.
"""

from __future__ import annotations

import asyncio
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from radiotui.audio.builtin import BuiltinEngine
from radiotui.audio.engine import Engine, OnEvent
from radiotui.audio.libvlc import vlc_problem
from radiotui.audio.vlc import VlcEngine
from radiotui.config import Settings
from radiotui.enclosures.open_enclosures import OpenEnclosures
from radiotui.net.client import Net
from radiotui.player.deps import PlayerDeps
from radiotui.player.intents import PlayStream
from radiotui.player.player import Player
from radiotui.stations.model import Station, Stream
from tests.lab.radio_lab import RATE, Ear, Icecast, PulseAudio, cannot, require, until
from tests.servers import Connection, Route, serving

SECONDS = 3.0
"""Length of each tone."""
MOST_SECONDS = 30.0
"""Time for a slow computer; all are heard in half of it elsewhere."""
LEAST = 1.5
"""Seconds for which a tone has to be heard."""
AMPLITUDE = 0.03
_FIRST_HZ, _STEP_HZ = 440, 40
_WINDOW = RATE // 4
_NEAR_HZ = 14
"""VLC plays up to half a per cent lower or higher while it catches up."""

MP3 = ("-c:a", "libmp3lame", "-b:a", "128k", "-f", "mp3")
ADTS = ("-c:a", "aac", "-b:a", "128k", "-f", "adts")
VORBIS = ("-c:a", "libvorbis", "-f", "ogg")
OPUS = ("-c:a", "libopus", "-b:a", "96k", "-page_duration", "200000", "-f", "ogg")
OGG_FLAC = ("-c:a", "flac", "-f", "ogg")
MONO, STEREO = ("-ac", "1"), ("-ac", "2")
RATE_32 = ("-ar", "32000")
ID3 = b"ID3\x04\0\0\0\0\x08\0" + b"TIT2" + bytes(1020)


@dataclass(frozen=True)
class Format:
    """A stream: its parts have a tone each, and follow each other in one connection."""

    name: str
    kind: str
    parts: tuple[tuple[str, ...], ...]
    is_icy: bool = False
    before: bytes = b""
    """Bytes before each part."""


FORMATS = (
    Format("mp3", "audio/mpeg", (MP3, MP3)),
    Format("icy-mp3", "audio/mpeg", (MP3, MP3), is_icy=True),
    Format("mp3-tags", "audio/mpeg", (MP3, MP3), before=ID3),
    Format("mp3-mono-32k", "audio/mpeg", (MP3, (*MONO, *RATE_32, *MP3))),
    Format("aac", "audio/aac", (ADTS, ADTS)),
    Format("icy-aac", "audio/aacp", (ADTS, ADTS), is_icy=True),
    Format("aac-mono-32k", "audio/aac", (ADTS, (*MONO, *RATE_32, *ADTS))),
    Format("mp3-aac", "audio/mpeg", (MP3, ADTS)),
    Format("aac-mp3", "audio/aac", (ADTS, MP3), is_icy=True),
    Format("latm", "audio/aac", (("-c:a", "aac", "-b:a", "128k", "-f", "latm"),) * 2),
    Format("vorbis-mono", "application/ogg", ((*STEREO, *VORBIS), (*MONO, *VORBIS))),
    Format("opus-mono", "application/ogg", ((*STEREO, *OPUS), (*MONO, *OPUS))),
    Format("ogg-flac-32k", "application/ogg", (OGG_FLAC, (*RATE_32, *OGG_FLAC))),
    Format("vorbis-opus", "application/ogg", (VORBIS, OPUS)),
    Format("flac", "audio/flac", (("-c:a", "flac", "-f", "flac"),)),
    Format("webm", "audio/webm", (("-c:a", "libopus", "-f", "webm"),)),
    Format("mpeg-ts", "video/mp2t", (("-c:a", "aac", "-f", "mpegts"),)),
    Format("mpeg-ts-mp3", "video/mp2t", (("-c:a", "libmp3lame", "-f", "mpegts"),)),
    Format("wav", "audio/wav", (("-c:a", "pcm_s16le", "-f", "wav"),)),
)  # fmt: skip
HLS = {
    "hls-ts": ("-hls_segment_type", "mpegts"),
    "hls-fmp4": ("-hls_segment_type", "fmp4"),
    "hls-aac": (),
}
ICECAST = {"icecast-mp3": "mp3", "icecast-aac": "aac", "icecast-vorbis": "vorbis"}
MPV_CANNOT = {"mp3-aac", "aac-mp3", "vorbis-opus"}
"""mpv 0.35 is silent where a connection goes on in another codec."""
NAMES = (*(format_.name for format_ in FORMATS), *HLS, *ICECAST)


def hz_of(name: str, part: int = 0) -> int:
    """The tone of a part of a station's sound."""
    return _FIRST_HZ + _STEP_HZ * (2 * NAMES.index(name) + part)


def tones_of(name: str) -> list[int]:
    """Every tone that is to be heard of a station."""
    parts = next((len(format_.parts) for format_ in FORMATS if format_.name == name), 1)
    return [hz_of(name, part) for part in range(parts)]


def tone(hz: int) -> str:
    """lavfi's name of a tone."""
    return f"aevalsrc='{AMPLITUDE}*sin(2*PI*{hz}*t)|{AMPLITUDE}*sin(2*PI*{hz}*t)':s={RATE}"


def encoded(hz: int, encoding: tuple[str, ...], seconds: float) -> bytes:
    """A tone as FFmpeg writes it."""
    source = ["-f", "lavfi", "-i", tone(hz), "-t", str(seconds)]
    command = ["ffmpeg", "-v", "error", "-nostdin", *source, *encoding, "-"]
    return subprocess.run(command, check=True, capture_output=True).stdout


def body_of(format_: Format) -> bytes:
    """All that a station sends."""
    seconds = SECONDS if len(format_.parts) > 1 else 2 * SECONDS
    parts = [
        format_.before + encoded(hz_of(format_.name, number), part, seconds)
        for number, part in enumerate(format_.parts)
    ]
    return b"".join(parts)


def route_of(format_: Format, body: bytes) -> Route:
    """A server that sends a body and goes on as a station does."""

    def live(connection: Connection) -> None:
        if format_.is_icy:
            head = f"ICY 200 OK\r\nicy-name:Lab\r\ncontent-type:{format_.kind}\r\n\r\n"
            connection.send(head.encode())
        else:
            connection.live(format_.kind)
        connection.send(body)
        connection.hang()

    return live


def hls_routes(name: str, folder: Path) -> dict[str, Route]:
    """A list of segments of a second each, and the segments."""
    folder.mkdir()
    source = ["-f", "lavfi", "-i", tone(hz_of(name)), "-t", "8", "-c:a", "aac"]
    listing = folder / f"{name}.m3u8"
    if HLS[name]:
        output = ["-f", "hls", "-hls_time", "1", "-hls_list_size", "0", *HLS[name], str(listing)]
    else:
        output = ["-f", "segment", "-segment_time", "1", "-segment_format", "adts",
                  "-segment_list", str(listing), f"{folder}/{name}-%d.aac"]  # fmt: skip
    command = ["ffmpeg", "-v", "error", "-nostdin", *source, *output]
    subprocess.run(command, check=True, cwd=folder)
    listing.write_text(listing.read_text().replace("#EXT-X-ENDLIST\n", ""))
    kinds = {".m3u8": "application/vnd.apple.mpegurl"}
    return {
        f"{name}.m3u8" if path == listing else path.name: _answer(
            path.read_bytes(), kinds.get(path.suffix, "application/octet-stream")
        )
        for path in folder.iterdir()
    }


def _answer(body: bytes, kind: str) -> Route:
    return lambda connection: connection.answer(body, kind)


@pytest.fixture(scope="module")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The address of each station, by its name."""
    require("ffmpeg", "icecast2")
    folder = tmp_path_factory.mktemp("hls")
    with ThreadPoolExecutor(2) as pool:
        bodies = pool.map(body_of, FORMATS)
        segments = pool.map(lambda name: hls_routes(name, folder / name), HLS)
    routes = {
        format_.name: route_of(format_, body) for format_, body in zip(FORMATS, bodies, strict=True)
    }
    for further in segments:
        routes |= further
    with ExitStack() as stack:
        server = stack.enter_context(serving(**routes))
        icecast = stack.enter_context(Icecast())
        urls = {format_.name: server.url(f"/{format_.name}") for format_ in FORMATS}
        urls |= {name: server.url(f"/{name}.m3u8") for name in HLS}
        for name, codec in ICECAST.items():
            sound = tone(hz_of(name))
            source = icecast.source(f"/{name}", codec, sound=sound)
            urls[name] = stack.enter_context(source).url
        yield urls


class Hearing:
    """For how long each tone has been heard since it was made."""

    def __init__(self, ear: Ear, names: Iterable[str]) -> None:
        self._ear = ear
        self._names = tuple(names)
        self._at = time.monotonic()
        self._deadline = self._at + MOST_SECONDS
        self.seconds = {hz: 0.0 for name in self._names for hz in tones_of(name)}

    @property
    def silent(self) -> list[str]:
        """The stations of which a tone is missing."""
        return [
            name for name in self._names if any(self.seconds[hz] < LEAST for hz in tones_of(name))
        ]

    def is_over(self) -> bool:
        """Look at what was heard lately; every station was heard, or will not be."""
        while self._ear.now > self._at + 2 * _WINDOW / RATE:
            self._look(self._ear.heard(self._at, self._at + _WINDOW / RATE))
            self._at += _WINDOW / RATE
        return not self.silent or time.monotonic() > self._deadline

    def _look(self, pcm: bytes) -> None:
        samples = np.frombuffer(pcm[: len(pcm) // 2 * 2], np.int16).astype(np.float64)
        window = np.hanning(len(samples))
        spectrum = np.abs(np.fft.rfft(samples * window))
        # A sine of amplitude A gives A * sum(window) / 2 at its peak.
        least = 0.4 * AMPLITUDE * 32767 * window.sum() / 2
        for hz in self.seconds:
            low, high = ((hz + by) * len(samples) // RATE for by in (-_NEAR_HZ, _NEAR_HZ))
            if spectrum[low : high + 1].max() > least:
                self.seconds[hz] += _WINDOW / RATE


Listen = Callable[[dict[str, str], Path, Hearing], None]


def with_engine(make: Callable[[OnEvent], Engine]) -> Listen:
    """A way to listen: a player for each station."""

    async def listen(addresses: dict[str, str], folder: Path, hearing: Hearing) -> None:
        net = Net()
        players = [_player(net, make, folder / name) for name in addresses]
        for player, (name, url) in zip(players, addresses.items(), strict=True):
            stream = Stream("live", "Live", (url,))
            player.do(PlayStream(Station(name, name, (stream,)), stream))
        while not await asyncio.to_thread(hearing.is_over):
            await asyncio.sleep(0.2)
        await asyncio.gather(*(player.close() for player in players))
        await net.aclose()

    return lambda addresses, folder, hearing: asyncio.run(listen(addresses, folder, hearing))


def _player(net: Net, make: Callable[[OnEvent], Engine], folder: Path) -> Player:
    return Player(
        PlayerDeps(
            net=net,
            settings=Settings(volume=100, even_loudness=False),
            engine="builtin",
            tapes=folder / "tapes",
            enclosures=OpenEnclosures(net, folder / "episodes"),
            recordings=folder / "recordings",
            on_state=lambda _state: None,
            on_problem=lambda problem: print(f"{folder.name}: {problem}"),
            on_notice=lambda _text, _hint: None,
            make_engine=lambda _name, on_event: (make(on_event), None),
        )
    )


def with_mpv(addresses: dict[str, str], _folder: Path, hearing: Hearing) -> None:
    """Listen with mpv, to compare with."""
    command = ["mpv", "--no-config", "--no-video", "--really-quiet", "--ao=pulse"]
    players = [
        subprocess.Popen([*command, url], stdin=subprocess.DEVNULL) for url in addresses.values()
    ]
    while not hearing.is_over():
        time.sleep(0.2)
    for player in players:
        player.send_signal(signal.SIGTERM)
        player.wait(10)


WAYS: dict[str, Listen] = {
    "builtin": with_engine(BuiltinEngine),
    "vlc": with_engine(VlcEngine),
}
# mpv is compared with where it is installed; docs/streams.md has the table.
if shutil.which("mpv"):
    WAYS["mpv"] = with_mpv


@pytest.mark.parametrize("way", WAYS)
def test_every_server_and_format_is_heard(
    way: str, addresses: dict[str, str], pulse: PulseAudio, ear: Ear, tmp_path: Path
) -> None:
    is_mpv = way == "mpv"
    if way == "vlc" and (problem := vlc_problem()):
        cannot(f"VLC's engine is left out: {problem}")
    hearing = Hearing(ear, (name for name in NAMES if not (is_mpv and name in MPV_CANNOT)))
    WAYS[way](addresses, tmp_path / "crowd", hearing)
    until(lambda: not pulse.players, what="nobody holds the sound device")
    missing = {}
    for name in hearing.silent:
        # A busy computer may not keep up with two dozen players: what is played late, is dropped.
        alone = Hearing(ear, [name])
        WAYS[way]({name: addresses[name]}, tmp_path / name, alone)
        until(lambda: not pulse.players, what="nobody holds the sound device")
        if alone.silent:
            missing[name] = [alone.seconds[hz] for hz in tones_of(name)]
    assert missing == {}
