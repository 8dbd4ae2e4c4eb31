"""Files of sound whose chapters have links and pictures of their own."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import av
from mutagen import id3
from PIL import Image

from tests.sounds import encode

_MILLISECOND = Fraction(1, 1000)


class FileChapter(NamedTuple):
    """A chapter as a file is to have it."""

    start: float
    title: str
    url: str = ""
    picture: bytes = b""


def picture(colour: str, form: str = "PNG", size: int = 96) -> bytes:
    """A picture of one colour."""
    body = io.BytesIO()
    Image.new("RGB", (size, size), colour).save(body, form)
    return body.getvalue()


def mp3_with(chapters: Sequence[FileChapter], seconds: float = 8, version: int = 4) -> bytes:
    """An MP3 with a tag of frames CHAP, in each a WXXX and an APIC."""
    tag = id3.ID3()
    for number, chapter in enumerate(chapters):
        frames: list[id3.Frame] = [id3.TIT2(encoding=1, text=[chapter.title])]
        if chapter.url:
            frames.append(id3.WXXX(encoding=1, desc="link", url=chapter.url))
        if chapter.picture:
            shown = {"mime": "image/png", "type": 0, "desc": "of it", "data": chapter.picture}
            frames.append(id3.APIC(encoding=number % 2, **shown))
        at = int(chapter.start * 1000)
        tag.add(
            id3.CHAP(element_id=f"c{number}", start_time=at, end_time=at + 900, sub_frames=frames)
        )
    body = io.BytesIO()
    tag.save(body, v2_version=version, padding=lambda _: 0)
    return body.getvalue() + encode("mp3", seconds)


def mp4_with(chapters: Sequence[FileChapter], seconds: float = 8) -> bytes:
    """An MP4 with a track of names, with boxes "href" in it, and a track of JPEGs."""
    body = io.BytesIO()
    sound = io.BytesIO(encode("m4a", seconds))
    with av.open(sound) as source, av.open(body, "w", format="mp4") as output:
        stream = output.add_stream_from_template(source.streams.audio[0])
        shown = output.add_stream("mjpeg", rate=1)
        shown.width = shown.height = 96
        shown.pix_fmt, shown.time_base = "yuvj420p", _MILLISECOND
        output.set_chapters(
            [
                {
                    "id": number,
                    "start": int(chapter.start * 1000),
                    "end": int(chapter.start * 1000) + 1000,
                    "time_base": _MILLISECOND,
                    # What is to be behind the name is held free by so many letters.
                    "metadata": {"title": chapter.title + "#" * len(_href(chapter.url))},
                }
                for number, chapter in enumerate(chapters)
            ]
        )
        for chapter in chapters:
            if chapter.picture:
                packet = av.Packet(chapter.picture)
                packet.stream, packet.time_base = shown, _MILLISECOND
                packet.pts = packet.dts = int(chapter.start * 1000)
                packet.is_keyframe = True
                output.mux(packet)
        for sounding in source.demux(audio=0):
            if sounding.dts is not None:
                sounding.stream = stream
                output.mux(sounding)
    data = body.getvalue()
    for chapter in chapters:
        name, box = chapter.title.encode(), _href(chapter.url)
        before = struct.pack(">H", len(name) + len(box)) + name + b"#" * len(box)
        # The first is that of the track.
        data = data.replace(before, struct.pack(">H", len(name)) + name + box, 1)
    return _with_pictures_named(data)


def _href(url: str) -> bytes:
    if not url:
        return b""
    inside = struct.pack(">HHB", 0, 4, len(url)) + url.encode() + b"\x00"
    return struct.pack(">I", 8 + len(inside)) + b"href" + inside


def _with_pictures_named(data: bytes) -> bytes:
    """The file whose first track refers to its second one as one of chapters, too.

    FFmpeg refers to that of the names alone. The tables come last: no place is moved.
    """
    places: list[tuple[int, int]] = []
    begin, end = 0, len(data)
    for name in (b"moov", b"trak", b"tref", b"chap"):
        begin, end = next(
            (at, last)
            for kind, at, last in _boxes(data, begin + 8 if places else 0, end)
            if kind == name
        )
        places.append((begin, end))
    written = bytearray(data)
    second = next(at for kind, at, _ in _boxes(data, places[1][1], len(data)) if kind == b"trak")
    # FFmpeg obeys the last one that it reads.
    unread = data.index(b"tref", second)
    written[unread : unread + 4] = b"free"
    for at, last in places:
        written[at : at + 4] = struct.pack(">I", last - at + 4)
    written[end:end] = struct.pack(">I", 2)
    return bytes(written)


def _boxes(data: bytes, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    while at + 8 <= end:
        size = int.from_bytes(data[at : at + 4])
        yield data[at + 4 : at + 8], at, at + size
        at += size


def bytes_at(path: Path, offset: int, length: int) -> bytes:
    """A part of a file."""
    return path.read_bytes()[offset : offset + length]
