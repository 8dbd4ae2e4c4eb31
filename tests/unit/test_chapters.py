"""Chapters: of files, of JSON, and several lists as one."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

import av
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mutagen import id3
from mutagen.oggopus import OggOpus

from radiotui.audio.chapter_extras import LARGEST_PICTURE
from radiotui.audio.chapters import Chapter, chapters_in
from radiotui.audio.id3_chapters import id3_chapters
from radiotui.podcasts.chapters import chapters_in as chapters_in_json
from radiotui.podcasts.chapters import merged
from tests.chapter_files import FileChapter, bytes_at, mp3_with, mp4_with, picture
from tests.sounds import encode

URL = "https://pods.example/1/chapters.json"


def with_chapters(sound: bytes, container: str, *chapters: tuple[float, float, str]) -> bytes:
    """The sound again, in a container that names chapters."""
    body = io.BytesIO()
    with av.open(io.BytesIO(sound)) as source, av.open(body, "w", format=container) as output:
        stream = output.add_stream_from_template(source.streams.audio[0])
        output.set_chapters(
            [
                {
                    "id": number,
                    "start": int(begin * 1000),
                    "end": int(end * 1000),
                    "time_base": Fraction(1, 1000),
                    "metadata": {"title": title},
                }
                for number, (begin, end, title) in enumerate(chapters)
            ]
        )
        for packet in source.demux(audio=0):
            if packet.dts is not None:
                packet.stream = stream
                output.mux(packet)
    return body.getvalue()


@pytest.mark.parametrize(
    ("codec", "container", "name"),
    [("mp3", "mp3", "a.mp3"), ("m4a", "ipod", "a.m4a"), ("webm", "matroska", "a.mka")],
)
def test_chapters_of_a_file(codec: str, container: str, name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    titles = ((0, 2, "Hello"), (2, 4, "River \x1b[31m\u202e& canyon"))
    path.write_bytes(with_chapters(encode(codec, 4), container, *titles))
    first, second = chapters_in(path)
    assert (first.title, second.title) == ("Hello", "River & canyon")
    assert (first.start, second.start) == (pytest.approx(0, abs=0.5), pytest.approx(2, abs=0.5))
    assert second.end == pytest.approx(4, abs=0.5)
    with path.open("rb") as file:
        assert chapters_in(file) == (first, second)


def test_a_file_without_chapters_and_what_is_no_file_have_none(tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    path.write_bytes(encode("mp3", 1))
    assert chapters_in(path) == ()
    path.write_bytes(b"ID3\x04\0\0\x7f\x7f\x7f\x7f" + b"CHAP" * 100)
    assert chapters_in(path) == ()
    assert chapters_in(tmp_path / "gone.mp3") == ()
    path.write_text("#EXTM3U\n/etc/passwd\n")
    assert chapters_in(path) == ()


def tagged(path: Path, version: int, *links: tuple[float, str]) -> None:
    tag = id3.ID3()
    tag.add(id3.APIC(encoding=0, mime="image/png", type=3, data=b"CHAP" * 500))
    for number, (begin, url) in enumerate(links):
        at = int(begin * 1000)
        frames: list[id3.Frame] = [id3.TIT2(encoding=1, text=[f"Part {number}"])]
        if url:
            frames.append(id3.WXXX(encoding=number % 2, desc="link", url=url))
        tag.add(
            id3.CHAP(element_id=f"c{number}", start_time=at, end_time=at + 900, sub_frames=frames)
        )
    # It names a chapter that is not there.
    tag.add(id3.CTOC(element_id="toc", flags=3, child_element_ids=["c0", "c9"], sub_frames=[]))
    path.write_bytes(encode("mp3", 4))
    tag.save(path, v2_version=version)


@pytest.mark.parametrize("version", [3, 4])
def test_links_of_an_mp3(version: int, tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    tagged(
        path, version, (2, "https://a.example/2"), (0, "javascript:x"), (1, "https://a.example/1")
    )
    assert [(chapter.start, chapter.title, chapter.url) for chapter in chapters_in(path)] == [
        (0, "Part 1", None),
        (1, "Part 2", "https://a.example/1"),
        (2, "Part 0", "https://a.example/2"),
    ]


THREE = (
    FileChapter(0, "Hello", "https://a.example/1", picture("red", "JPEG")),
    FileChapter(2, "River & canyon", "javascript:alert(1)"),
    FileChapter(4, "Goodbye", "", picture("blue", "JPEG")),
)


@pytest.mark.parametrize(
    ("name", "write", "pictures"),
    [
        ("a.mp3", lambda chapters: mp3_with(chapters, version=3), [0, None, 2]),
        ("a.mp3", lambda chapters: mp3_with(chapters, version=4), [0, None, 2]),
        # Of MP4 a picture is seen until the next one.
        ("a.m4a", mp4_with, [0, 0, 2]),
    ],
    ids=["id3v2.3", "id3v2.4", "mp4"],
)
def test_chapters_of_a_file_have_their_links_and_pictures(
    name: str,
    write: Callable[[Sequence[FileChapter]], bytes],
    pictures: list[int | None],
    tmp_path: Path,
) -> None:
    path = tmp_path / name
    path.write_bytes(write(THREE))
    chapters = chapters_in(path)
    assert [(each.start, each.title, each.url) for each in chapters] == [
        (0, "Hello", "https://a.example/1"),
        (2, "River & canyon", None),
        (4, "Goodbye", None),
    ]
    places = [each.picture for each in chapters]
    read = [place and bytes_at(path, place.offset, place.length) for place in places]
    assert read == [None if at is None else THREE[at].picture for at in pictures]
    with path.open("rb") as file:
        assert chapters_in(file) == chapters


def test_links_of_ogg(tmp_path: Path) -> None:
    path = tmp_path / "a.opus"
    path.write_bytes(encode("opus", 6))
    file = OggOpus(path)
    for number, (at, url) in enumerate((("0", "https://a.example/1"), ("3", "javascript:x")), 1):
        file[f"CHAPTER{number:03}"] = [f"00:00:0{at}.000"]
        file[f"CHAPTER{number:03}NAME"] = [f"Part {number}"]
        file[f"CHAPTER{number:03}URL"] = [url]
    file.save()
    assert [(each.title, each.url) for each in chapters_in(path)] == [
        ("Part 1", "https://a.example/1"),
        ("Part 2", None),
    ]


def test_a_picture_that_is_an_address_is_one(tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    address = {"mime": "-->", "type": 3, "desc": "", "data": b"https://a.example/a.png"}
    frames = [id3.APIC(encoding=0, **address), id3.WXXX(encoding=3, desc="", url="\x1b[2J")]
    tag = id3.ID3()
    tag.add(id3.CHAP(element_id="a", start_time=0, end_time=900, sub_frames=frames))
    path.write_bytes(encode("mp3", 2))
    tag.save(path)
    (chapter,) = chapters_in(path)
    assert (chapter.image, chapter.picture) == ("https://a.example/a.png", None)
    assert "\x1b" not in str(chapter.url)


def test_a_picture_that_is_too_big_or_cut_off_is_none(tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    path.write_bytes(mp3_with((FileChapter(0, "Huge", "", bytes(LARGEST_PICTURE + 1)), THREE[2])))
    assert [each.picture is None for each in chapters_in(path)] == [True, False]
    body = bytearray(mp3_with(THREE))
    # The last frame says that it goes on behind its chapter.
    at = body.rindex(b"APIC") + 4
    body[at : at + 4] = b"\x7f\x7f\x7f\x7f"
    path.write_bytes(body)
    assert all(each.picture is None or each.picture.length < 5000 for each in chapters_in(path))


_TAGGED, _BOXED = mp3_with(THREE, 1), mp4_with(THREE, 6)


@given(st.binary(max_size=300), st.integers(0, 3000))
def test_no_bytes_within_a_tag_or_its_tables_raise(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, at: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "hostile"
    for whole, table in ((_TAGGED, 0), (_BOXED, _BOXED.rindex(b"moov"))):
        begin = table + at
        path.write_bytes(whole[:begin] + data + whole[begin + len(data) :])
        for chapter in chapters_in(path):
            assert chapter.picture is None or chapter.picture.length <= LARGEST_PICTURE


def test_a_chapter_weeks_later_is_none(tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    tagged(path, 4, (1, ""), (4_294_000, "https://a.example"))
    assert [chapter.start for chapter in chapters_in(path)] == [1]


@given(st.binary(max_size=200))
def test_no_tag_raises(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "tag.mp3"
    for version in (b"\x03", b"\x04"):
        path.write_bytes(b"ID3" + version + b"\0\0\0\0\x02\0CHAP\0\0\0\x40\0\0" + data)
        id3_chapters(path)


def read(*rows: object) -> tuple[Chapter, ...] | None:
    body = json.dumps({"version": "1.2.0", "chapters": rows}).encode()
    return chapters_in_json(body, URL)


def test_chapters_of_json() -> None:
    assert read(
        {"startTime": 94.5, "title": "Snow &amp; \x1b[2Jice\u202e", "url": "/snow", "img": "s.png"},
        {"startTime": 0, "endTime": 60, "title": "Hello", "url": "javascript:alert(1)"},
        {"startTime": 30, "title": "A picture alone", "toc": False},
        {"startTime": "1:02:03", "endTime": 5, "title": 7, "toc": True},
    ) == (
        Chapter(0, "Hello", end=60),
        Chapter(94.5, "Snow & ice", "https://pods.example/snow", "https://pods.example/1/s.png"),
        Chapter(3723, "7"),
    )


def test_what_is_wrong_in_json_costs_itself_alone() -> None:
    body = (
        b'\xef\xbb\xbf{"chapters": [{"startTime": NaN}, {"startTime": 1e308}, {"startTime": -1},'
        b' {"startTime": 1e999}, 7, null, [], {"title": "x"}, {"startTime": 3, "title": [1]},'
        b' {"startTime": true}]}'
    )
    assert chapters_in_json(body, URL) == (Chapter(3, ""),)
    chapters = read(*({"startTime": at} for at in range(5000)))
    assert chapters is not None
    assert len(chapters) == 1000


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"chapters": 3}',
        b"<html>",
        b"\xff\xfe",
        b"[" * 900_000,
        b'{"a":' * 9999,
    ],
    ids=lambda body: repr(body[:8]),
)
def test_what_is_no_list_of_chapters_is_none(body: bytes) -> None:
    assert chapters_in_json(body, URL) is None


class TestMerged:
    def test_the_longer_list_wins(self) -> None:
        short, long = [Chapter(0, "a", "u", "i")], [Chapter(0, "b"), Chapter(9, "c")]
        assert merged(short, long) == merged(long, short) == tuple(long)
        assert merged() == merged((), ()) == ()

    def test_lists_of_the_same_beginnings_complete_each_other(self) -> None:
        own = [Chapter(0.4, "Hello"), Chapter(60, "", end=90)]
        other = [
            Chapter(0, "Hi", "https://a.example"),
            Chapter(61, "River", None, "https://i.example"),
        ]
        assert merged(own, other) == (
            Chapter(0.4, "Hello", "https://a.example"),
            Chapter(60, "River", None, "https://i.example", end=90),
        )

    def test_else_the_one_of_which_more_is_told_and_of_equal_ones_the_first(self) -> None:
        bare, told = [Chapter(0, "a"), Chapter(60, "")], [Chapter(0, "b"), Chapter(65, "c")]
        assert merged(bare, told) == merged(told, bare) == tuple(told)
        same = [Chapter(0, "d"), Chapter(70, "e")]
        assert merged(same, told) == tuple(same)
        assert merged(told, same) == tuple(told)

    def test_their_order_is_that_of_time(self) -> None:
        assert merged([Chapter(9, "b"), Chapter(0, "a")]) == (Chapter(0, "a"), Chapter(9, "b"))
