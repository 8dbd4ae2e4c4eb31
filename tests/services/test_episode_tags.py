"""Tags and chapters of downloaded files, and that the sound in them is the same to the packet."""

from __future__ import annotations

import io
import zlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import av
import mutagen
import pytest
from mutagen import id3
from mutagen.mp4 import MP4
from PIL import Image

from radiotui.audio.chapters import Chapter, chapters_in
from radiotui.documents.processes import WorkerError, WorkerPool
from radiotui.podcasts.download_file import form_of
from radiotui.podcasts.episode_tags import EpisodeTags, write_tagged
from tests.sounds import encode

CHAPTERS = (
    Chapter(0.0, "Hello"),
    Chapter(2.5, "The canyon", url="https://pods.example/canyon"),
    Chapter(5.25, "Good night"),
)


def picture() -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(data, "JPEG")
    return data.getvalue()


TAGS = EpisodeTags(
    "Part 8: A walk",
    "Coconino Now",
    "Ann",
    datetime(2026, 11, 28, 20, tzinfo=UTC),
    "https://pods.example/8",
    8,
    picture(),
    CHAPTERS,
)


def packets(path: Path) -> list[bytes]:
    with av.open(str(path)) as file:
        return [bytes(packet) for packet in file.demux(file.streams.audio[0]) if packet.size]


def tags_of(path: Path) -> dict[str, str]:
    with av.open(str(path)) as file:
        tags = {**file.streams.audio[0].metadata, **file.metadata}
    return {name.lower(): value for name, value in tags.items()}


@pytest.mark.parametrize(
    ("codec", "suffix"),
    [
        ("mp3", ".mp3"),
        ("m4a", ".m4a"),
        ("opus", ".opus"),
        ("vorbis", ".ogg"),
        ("flac-native", ".flac"),
        ("aac", ".aac"),
    ],
)
def test_a_file_says_what_it_is_and_its_sound_is_the_same(
    tmp_path: Path, codec: str, suffix: str
) -> None:
    source = tmp_path / "one.sound"
    source.write_bytes(encode(codec, 8))
    assert form_of(source, "It").suffix == suffix
    target = tmp_path / f"copy{suffix}"
    assert write_tagged(str(source), str(target), TAGS)
    assert packets(target) == packets(source)
    tags = tags_of(target)
    wanted = {"title": "Part 8: A walk", "album": "Coconino Now", "artist": "Ann"}
    assert {name: tags.get(name) for name in wanted} == wanted
    assert tags["date"].startswith("2026-11-28")
    if codec != "aac":  # FFmpeg looks for no chapters in bare frames
        written = [(round(chapter.start, 2), chapter.title) for chapter in chapters_in(target)]
        assert written == [(chapter.start, chapter.title) for chapter in CHAPTERS]
    file: Any = mutagen.File(target) if codec != "aac" else None
    if codec in {"mp3", "aac"}:
        assert id3.ID3(target).getall("APIC")[0].data == TAGS.picture
    elif codec == "m4a":
        assert bytes(file.tags["covr"][0]) == TAGS.picture
    elif codec == "flac-native":
        assert file.pictures[0].data == TAGS.picture
    else:
        assert "metadata_block_picture" in file.tags


def test_links_of_chapters_are_in_an_mp3(tmp_path: Path) -> None:
    source, target = tmp_path / "one.sound", tmp_path / "copy.mp3"
    source.write_bytes(encode("mp3", 8))
    assert write_tagged(str(source), str(target), TAGS)
    links = [chapter.url for chapter in chapters_in(target)]
    assert links == [None, "https://pods.example/canyon", None]


def test_what_the_file_says_of_itself_stays(tmp_path: Path) -> None:
    source, target = tmp_path / "one.sound", tmp_path / "copy.mp3"
    source.write_bytes(encode("mp3", 8))
    own = id3.ID3()
    own.add(id3.TIT2(encoding=3, text=["EP8_final_mix2"]))
    own.add(id3.TPE1(encoding=3, text=["The Canyon Crew"]))
    own.add(id3.COMM(encoding=3, lang="eng", desc="", text=["Made in Flagstaff"]))
    for number in range(3):
        parts = [id3.TIT2(encoding=3, text=[f"Own {number}"])]
        own.add(
            id3.CHAP(
                element_id=f"c{number}",
                start_time=number * 1000,
                end_time=2000,
                start_offset=0xFFFFFFFF,
                end_offset=0xFFFFFFFF,
                sub_frames=parts,
            )
        )
    own.save(source)
    assert write_tagged(str(source), str(target), TAGS)
    tag = id3.ID3(target)
    assert str(tag["TIT2"]) == "Part 8: A walk"
    assert str(tag["TPE1"]) == "The Canyon Crew"
    assert [str(comment) for comment in tag.getall("COMM")] == ["Made in Flagstaff"]
    # Its own chapters are as many: those have the right times.
    assert [chapter.title for chapter in chapters_in(target)] == ["Own 0", "Own 1", "Own 2"]
    assert packets(target) == packets(source)


def test_the_atoms_of_an_m4a_stay_where_chapters_come_in(tmp_path: Path) -> None:
    source, target = tmp_path / "one.m4a", tmp_path / "copy.m4a"
    source.write_bytes(encode("m4a", 8, title="old"))
    file: Any = MP4(source)
    file.tags["cprt"] = ["Canyon"]
    file.save()
    assert write_tagged(str(source), str(target), TAGS)
    copy: Any = MP4(target)
    assert copy.tags["cprt"] == ["Canyon"]
    assert copy.tags["\xa9nam"] == ["Part 8: A walk"]
    assert copy.tags["pcst"] is True
    assert packets(target) == packets(source)


@pytest.mark.parametrize("codec", ["webm", "wav"])
def test_a_form_without_tags_is_left_as_it_is(tmp_path: Path, codec: str) -> None:
    source = tmp_path / "one.sound"
    source.write_bytes(encode(codec, 3))
    target = tmp_path / f"copy{form_of(source, 'It').suffix}"
    assert not write_tagged(str(source), str(target), TAGS)
    assert not target.exists()


async def test_a_tag_that_unpacks_to_gigabytes_ends_its_worker_alone(tmp_path: Path) -> None:
    source, target = tmp_path / "one.sound", tmp_path / "copy.mp3"
    length = 36 * 64 * 1024**2
    packer = zlib.compressobj(1)
    packed = b"".join(packer.compress(bytes(64 * 1024 * 1024)) for _ in range(36)) + packer.flush()
    # Packed, and with the length of it unpacked (ID3v2.4 §4.1.2).
    safe = lambda n: bytes((n >> s) & 0x7F for s in (21, 14, 7, 0))  # noqa: E731
    frame = b"TIT3" + safe(len(packed) + 4) + b"\x00\x09" + safe(length & 0xFFFFFFF) + packed
    source.write_bytes(b"ID3\x04\x00\x00" + safe(len(frame)) + frame + encode("mp3", 3))
    workers = WorkerPool()
    try:
        with pytest.raises((WorkerError, TimeoutError)):
            await workers.run(bool, write_tagged, str(source), str(target), TAGS)
    finally:
        await workers.close()
    assert not target.exists()
