"""Tags and chapters of an episode's file, in the form of its container.

The sound is copied and never coded again. A tag of the file's own stays but for what the feed
knows better: its title and its podcast.

Sources: id3.org (ID3v2.4, "ID3v2 Chapter Frame Addendum" 1.0), wiki.xiph.org/Chapter_Extension, the
atoms of Apple's iTunes.
"""

from __future__ import annotations

import base64
import io
import os
import shutil
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from radiotui.audio.chapters import Chapter, chapters_in
from radiotui.audio.decoding import facts_of
from radiotui.problems import Problem
from radiotui.radio.framing.id3_tag import HEADER_BYTES, tag_bytes
from radiotui.recording.tags import MOST_TAG, picture_type

if TYPE_CHECKING:
    from mutagen.id3 import ID3

_FRONT_COVER = 3
_CONTENTS = "toc"
_TOP_LEVEL_IN_ORDER = 3
"""Flags of a table of contents: nothing is above it, and its parts are in their order."""
_WITH_ID3 = {".mp3", ".aac"}
_WITH_COMMENTS = {".opus", ".ogg", ".flac"}
_MP4 = {".m4a": "ipod", ".mp4": "mp4"}
"""FFmpeg's names for them."""
_MOST_COMMENTED_CHAPTERS = 1000
_SAME_LENGTH_SECONDS = 1.0


class EpisodeTags(msgspec.Struct, frozen=True):
    """Facts that the file of an episode states about it."""

    title: str
    podcast: str
    author: str = ""
    published: datetime | None = None
    link: str = ""
    """Its page."""
    number: int | None = None
    picture: bytes | None = None
    """JPEG or PNG of at most 512 KiB; anything else is left out."""
    chapters: tuple[Chapter, ...] = ()

    @property
    def day(self) -> str:
        """The day on which it came out, as its file says it."""
        return f"{self.published.astimezone():%Y-%m-%d}" if self.published else ""


def write_tagged(source: str, target: str, tags: EpisodeTags) -> bool:
    """Copy the sound of ``source`` into ``target``, whose ending tells its form, with tags.

    False where the form takes none, or the copy is not the same sound: nothing is there then.
    For a worker process: what foreign tags hold may be packed, and unpacks to any size.
    """
    copy = Path(target)
    try:
        is_written = _write(Path(source), copy, tags) and _is_same_length(Path(source), copy)
    except BaseException:
        copy.unlink(missing_ok=True)
        raise
    if not is_written:
        copy.unlink(missing_ok=True)
        return False
    with copy.open("rb") as file:
        os.fsync(file.fileno())
    return True


def write_plain(source: Path, target: Path) -> None:
    """Copy a file as it is. Raises OSError."""
    with source.open("rb") as sound, target.open("wb") as copy:
        shutil.copyfileobj(sound, copy, 1024 * 1024)
        copy.flush()
        os.fsync(copy.fileno())


def _write(source: Path, target: Path, tags: EpisodeTags) -> bool:
    form = target.suffix
    if form in _WITH_ID3:
        return _write_behind_id3(source, target, tags)
    if form in _MP4:
        _write_mp4(source, target, tags)
    elif form in _WITH_COMMENTS:
        shutil.copyfile(source, target)
        _comment(target, tags)
    else:
        return False
    return True


def _is_same_length(source: Path, copy: Path) -> bool:
    try:
        codec, seconds = facts_of(source)
        other_codec, other_seconds = facts_of(copy)
    except Problem:
        return False
    difference = abs((seconds or 0.0) - (other_seconds or 0.0))
    return codec == other_codec and difference < _SAME_LENGTH_SECONDS


def _new_chapters(path: Path, tags: EpisodeTags) -> tuple[Chapter, ...]:
    """The chapters that are to be written; none where the file has as many already."""
    is_more = len(tags.chapters) > len(chapters_in(path))
    return tags.chapters[:_MOST_COMMENTED_CHAPTERS] if is_more else ()


# ID3


def _write_behind_id3(source: Path, target: Path, tags: EpisodeTags) -> bool:
    """The tag is made first and the sound copied behind it: no byte of it is moved twice."""
    with source.open("rb") as sound:
        before = tag_bytes(sound.read(HEADER_BYTES))
    if before > MOST_TAG:
        return False
    tag = _id3_of(source, before, tags)
    written = io.BytesIO()
    tag.save(written, padding=lambda _info: 0)
    with source.open("rb") as sound, target.open("wb") as copy:
        sound.seek(before)
        copy.write(written.getvalue())
        shutil.copyfileobj(sound, copy, 1024 * 1024)
    return True


def _id3_of(source: Path, before: int, tags: EpisodeTags) -> ID3:
    from mutagen import id3 as frames

    tag = frames.ID3()
    if before:
        tag = frames.ID3(source)
    for frame, text, is_better in (
        (frames.TIT2, tags.title, True),
        (frames.TALB, tags.podcast, True),
        (frames.TPE1, tags.author or tags.podcast, False),
        (frames.TDRC, tags.day, False),
        (frames.TRCK, str(tags.number or ""), False),
        (frames.TCON, "Podcast", False),
    ):
        if text and (is_better or frame.__name__ not in tag):
            tag.setall(frame.__name__, [frame(encoding=3, text=[text])])
    if tags.link and not tag.getall("WOAF"):
        tag.add(frames.WOAF(url=tags.link))
    mime = picture_type(tags.picture)
    if mime and not tag.getall("APIC"):
        picture = {"mime": mime, "type": _FRONT_COVER, "desc": "", "data": tags.picture}
        tag.add(frames.APIC(encoding=3, **picture))
    if chapters := _new_chapters(source, tags):
        _add_chapters(tag, chapters, facts_of(source)[1])
    return tag


def _add_chapters(tag: ID3, chapters: tuple[Chapter, ...], seconds: float | None) -> None:
    from mutagen import id3 as frames

    tag.delall("CHAP")
    tag.delall("CTOC")
    names = [f"chp{number}" for number in range(len(chapters))]
    for name, (chapter, end) in zip(names, _with_ends(chapters, seconds), strict=True):
        parts: list[Any] = [frames.TIT2(encoding=3, text=[chapter.title])]
        if chapter.url:
            parts.append(frames.WXXX(encoding=3, desc="chapter url", url=chapter.url))
        times = {"start_time": round(chapter.start * 1000), "end_time": round(end * 1000)}
        nowhere = {"start_offset": 0xFFFFFFFF, "end_offset": 0xFFFFFFFF}
        tag.add(frames.CHAP(element_id=name, sub_frames=parts, **times, **nowhere))
    for at in range(0, len(names), 255):
        # A table counts its parts with one byte.
        part = names[at : at + 255]
        tag.add(
            frames.CTOC(
                element_id=f"{_CONTENTS}{at or ''}",
                flags=_TOP_LEVEL_IN_ORDER if not at else 1,
                child_element_ids=part,
                sub_frames=[],
            )
        )


def _with_ends(chapters: tuple[Chapter, ...], seconds: float | None) -> list[tuple[Chapter, float]]:
    """Chapters with their ends: the next one's beginning where they say none."""
    last = max(seconds or 0.0, chapters[-1].start)
    starts = [chapter.start for chapter in chapters[1:]] + [last]
    return [
        (chapter, chapter.end if chapter.end is not None else start)
        for chapter, start in zip(chapters, starts, strict=True)
    ]


# MP4


def _write_mp4(source: Path, target: Path, tags: EpisodeTags) -> None:
    from mutagen.mp4 import MP4, AtomDataType, MP4Cover

    if chapters := _new_chapters(source, tags):
        _copy_with_chapters(source, target, chapters)
    else:
        shutil.copyfile(source, target)
    file: Any = MP4(target)
    before = MP4(source).tags
    if file.tags is None:
        file.add_tags()
    file.tags.update(before or {})
    for name, text, is_better in (
        ("\xa9nam", tags.title, True),
        ("\xa9alb", tags.podcast, True),
        ("\xa9ART", tags.author or tags.podcast, False),
        ("\xa9day", tags.day, False),
        ("\xa9gen", "Podcast", False),
        ("\xa9cmt", tags.link, False),
    ):
        _put(file.tags, name, text, is_better=is_better)
    file.tags["pcst"] = True
    mime = picture_type(tags.picture)
    if mime and "covr" not in file.tags:
        kind = AtomDataType.PNG if mime == "image/png" else AtomDataType.JPEG
        file.tags["covr"] = [MP4Cover(tags.picture, kind)]
    file.save()


def _copy_with_chapters(source: Path, target: Path, chapters: tuple[Chapter, ...]) -> None:
    """Copy sound and moving pictures into a new container: mutagen writes no chapters there."""
    import av
    from av.stream import Disposition

    from radiotui.audio.decoding import open_file

    with open_file(source) as file, av.open(str(target), "w", format=_MP4[target.suffix]) as copy:
        streams = {
            stream.index: copy.add_stream_from_template(stream)
            for stream in (*file.streams.audio, *file.streams.video)
            # A cover is a tag, and comes with the tags.
            if not stream.disposition & Disposition.attached_pic
        }
        seconds = file.duration / av.time_base if file.duration else None
        copy.set_chapters(
            [
                {
                    "id": number,
                    "start": round(chapter.start * 1000),
                    "end": round(end * 1000),
                    "time_base": Fraction(1, 1000),
                    "metadata": {"title": chapter.title},
                }
                for number, (chapter, end) in enumerate(_with_ends(chapters, seconds))
            ]
        )
        for packet in file.demux(*(file.streams[index] for index in streams)):
            if packet.size:
                packet.stream = streams[packet.stream.index]
                copy.mux(packet)


def _put(tags: Any, name: str, text: str, *, is_better: bool) -> None:
    """Put a text where there is none, or where it is better than what the file says itself."""
    if text and (is_better or name not in tags):
        tags[name] = [text]


# Vorbis comments


def _comment(path: Path, tags: EpisodeTags) -> None:
    import mutagen

    chapters = _new_chapters(path, tags)
    file: Any = mutagen.File(path)
    if file is None:
        raise mutagen.MutagenError(f"{path.suffix} is none")
    if file.tags is None:
        file.add_tags()
    for name, text, is_better in (
        ("TITLE", tags.title, True),
        ("ALBUM", tags.podcast, True),
        ("ARTIST", tags.author or tags.podcast, False),
        ("DATE", tags.day, False),
        ("GENRE", "Podcast", False),
        ("URL", tags.link, False),
    ):
        _put(file.tags, name, text, is_better=is_better)
    if chapters:
        for name in {name for name, _ in file.tags if name.upper().startswith("CHAPTER")}:
            del file.tags[name]
    for number, chapter in enumerate(chapters):
        file.tags[f"CHAPTER{number:03}"] = [_clock(chapter.start)]
        file.tags[f"CHAPTER{number:03}NAME"] = [chapter.title]
        if chapter.url:
            file.tags[f"CHAPTER{number:03}URL"] = [chapter.url]
    _add_picture(file, tags.picture)
    file.save()


def _add_picture(file: Any, data: bytes | None) -> None:
    from mutagen.flac import FLAC, Picture

    mime = picture_type(data)
    if not mime:
        return
    picture = Picture()
    picture.type, picture.mime, picture.data = _FRONT_COVER, mime, data
    if isinstance(file, FLAC):
        if not file.pictures:
            file.add_picture(picture)
    elif "METADATA_BLOCK_PICTURE" not in file.tags:
        file.tags["METADATA_BLOCK_PICTURE"] = [base64.b64encode(picture.write()).decode()]


def _clock(seconds: float) -> str:
    """ "01:02:03.500"."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(int(minutes), 60)
    return f"{hours:02}:{minutes:02}:{rest:06.3f}"
