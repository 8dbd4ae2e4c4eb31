"""Streams of real kinds with their right values: playlists by what they name, links by what is
decoded of them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from radiotui.audio.decoding import pcm_of
from radiotui.audio.frames import BYTES_PER_SECOND
from radiotui.radio import playlists
from radiotui.radio.framing.detect import framer_for
from radiotui.radio.hls.playlist import MasterPlaylist, read
from radiotui.radio.tape.tape import Tape

BASE = "http://host.example/x/list"


def entries_of(path: Path) -> object:
    """The addresses that a playlist names."""
    body = path.read_bytes()
    kind = playlists.kind_of("", body, path.name)
    return playlists.entries(kind, body, BASE) if kind else None


def parts_of(path: Path) -> object:
    """The variants of an HLS playlist, or number, seconds, title and time of its segments."""
    playlist = read(path.read_bytes(), BASE, path.name)
    if isinstance(playlist, MasterPlaylist):
        return [variant.url for variant in playlist.variants]
    return [
        (segment.number, segment.seconds, segment.title, segment.wall is not None)
        for segment in playlist.segments
    ]


def seconds_of(path: Path) -> object:
    """Whole seconds that are decoded in each play of two links, served twice."""
    body = path.read_bytes()
    framer = framer_for("", body)
    assert framer is not None
    seconds: list[int] = []
    with tempfile.TemporaryDirectory() as folder:
        tape = Tape(Path(folder))
        tape.connect(framer.format, "Ogg")
        tape.append(framer.feed(body + body))
        tape.finish()
        at: float | None = None
        while True:
            reader = tape.open_at(at)
            seconds.append(round(sum(map(len, pcm_of(reader))) / BYTES_PER_SECOND))
            at = reader.more_at
            if at is None:
                break
        tape.close()
        tape.flushed()
    return seconds


RIGHT: dict[str, tuple[Callable[[Path], object], object]] = {
    "announcement-first.m3u": (entries_of, ["http://HOST/ad.mp3", "http://HOST/live"]),
    "ipv6.xspf": (entries_of, ["http://[::1]:8000/a"]),
    "location-after-tracklist.xspf": (entries_of, ["http://a.example/1"]),
    "sid.pls": (entries_of, ["http://stream-05.shoutcast.com:8002"]),
    "xml-base.xspf": (entries_of, ["http://host.example/x/three/four"]),
    "define.m3u8": (parts_of, ["http://cdn.example/a.m3u8"]),
    "extinf-attributes.m3u8": (parts_of, [(0, 4.0, "Nina Simone - Sinnerman", False)]),
    "framerate.m3u8": (parts_of, ["http://host.example/x/a.m3u8"]),
    "pdt-exoplayer-2838.m3u8": (parts_of, [(0, 4.0, "", True)]),
    "sequence-comma.m3u8": (parts_of, [(5, 5.0, "", False)]),
    "sc3.ogg": (seconds_of, [5, 5, 5, 5]),
    "sc4.ogg": (seconds_of, [5, 5, 5, 5]),
    "sc5.ogg": (seconds_of, [5, 5, 5, 5]),
    "pc3.opus": (seconds_of, [5, 5, 5, 5]),
}
