"""What is kept of a tape: cut at its marks, packets as they were sent, read without complaint."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import mutagen
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from radiotui.radio.framing.frames import Frame
from radiotui.radio.tape.excerpt import ExcerptRun
from radiotui.radio.tape.segments import SEGMENT_BYTES
from radiotui.radio.tape.tape import Tape
from radiotui.recording.recorder import KeptFile, Recorder, finish_left_behind, station_folder
from radiotui.recording.tags import RecordingTags
from tests.kept import (
    CODECS,
    body_of,
    clock_at,
    complaints,
    packets,
    pcm,
    put_on,
    seconds_of,
    start_of,
)

AT = datetime(2026, 11, 23, 15, 4, tzinfo=UTC)


def picture() -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(written, "PNG")
    return written.getvalue()


SONG = RecordingTags(
    "KNAU",
    AT,
    title="Sinnerman",
    artist="Nina Simone",
    programme="All Things Considered",
    url="http://someone:secret@radio.test:8000/live",
    picture=picture(),
)


@pytest.fixture
def tape(tmp_path: Path) -> Iterator[Tape]:
    tape = Tape(tmp_path / "tape")
    yield tape
    tape.close()


def keep(
    tape: Tape, folder: Path, begin: float, end: float | None, about: RecordingTags = SONG
) -> Any:
    span = tape.excerpt(begin, end)
    recorder = Recorder(span, folder / "KNAU", about)
    while recorder.write():
        pass
    assert recorder.problem is None
    kept = recorder.finish()
    span.close()
    return kept


def one(kept: list[KeptFile]) -> KeptFile:
    assert len(kept) == 1
    return kept[0]


def is_run_of(few: list[bytes], many: list[bytes]) -> bool:
    return any(many[at : at + len(few)] == few for at in range(len(many) - len(few) + 1)) and bool(
        few
    )


@pytest.mark.parametrize("codec", CODECS)
def test_a_song_between_two_marks_begins_and_ends_there(tape: Tape, tmp_path: Path, codec: str):
    body = body_of(codec)
    put_on(tape, body)
    kept = one(keep(tape, tmp_path, 3.37, 9.81))
    heard, whole = pcm(kept.path), pcm(body)
    # On the clock station every place tells its second.
    assert abs(clock_at(heard, 0.0) - clock_at(whole, 3.37)) < 0.1
    end = seconds_of(heard)
    assert abs(clock_at(heard, end - 1.35) + 1.35 - clock_at(whole, 9.81 - 1.35) - 1.35) < 0.1
    assert abs(end - 6.44) < 0.1
    assert abs(kept.seconds - 6.44) < 0.1
    assert not kept.incomplete


@pytest.mark.parametrize("codec", CODECS)
def test_its_packets_are_those_of_the_stream(tape: Tape, tmp_path: Path, codec: str):
    body = body_of(codec)
    put_on(tape, body)
    kept = one(keep(tape, tmp_path, 3.37, 9.81))
    assert is_run_of(packets(kept.path), packets(body))


@pytest.mark.parametrize("codec", CODECS)
def test_nobody_complains_of_it_and_it_begins_at_zero(tape: Tape, tmp_path: Path, codec: str):
    put_on(tape, body_of(codec))
    kept = one(keep(tape, tmp_path, 3.37, 9.81))
    assert complaints(kept.path) == ""
    if codec != "flac-native":  # there the frames are numbered, and no packet is changed
        assert start_of(kept.path) < 0.03
    assert abs(mutagen.File(kept.path).info.length - 6.44) < 0.1


@pytest.mark.parametrize("codec", CODECS)
def test_it_says_what_it_is(tape: Tape, tmp_path: Path, codec: str):
    put_on(tape, body_of(codec))
    kept = one(keep(tape, tmp_path, 3.37, 9.81))
    local = AT.astimezone()
    assert kept.path.stem == f"{local:%Y-%m-%d %H.%M} Nina Simone - Sinnerman"
    tags = mutagen.File(kept.path, easy=True)
    assert tags["title"] == ["Sinnerman"]
    assert tags["artist"] == ["Nina Simone"]
    assert tags["album"] == ["All Things Considered"]
    assert tags["albumartist"] == ["KNAU"]
    assert tags["date"][0].replace(" ", "T").startswith(f"{local:%Y-%m-%dT%H:%M}")
    everything = kept.path.read_bytes()
    assert b"http://radio.test:8000/live" in everything
    assert b"secret" not in everything
    assert "genre" not in tags


@pytest.mark.parametrize(
    ("codec", "suffix"),
    [("mp3", ".mp3"), ("aac", ".m4a"), ("opus", ".opus"), ("vorbis", ".ogg"), ("flac", ".ogg"),
     ("flac-native", ".flac")],
)  # fmt: skip
def test_each_codec_has_its_file_and_the_stations_picture(
    tape: Tape, tmp_path: Path, codec: str, suffix: str
):
    put_on(tape, body_of(codec))
    kept = one(keep(tape, tmp_path, 3.37, 9.81))
    assert kept.path.suffix == suffix
    file = mutagen.File(kept.path)
    match suffix:
        case ".mp3":
            found = file.tags.getall("APIC")[0].data
        case ".m4a":
            found = bytes(file["covr"][0])
        case ".flac":
            found = file.pictures[0].data
        case _:
            import base64

            from mutagen.flac import Picture

            found = Picture(base64.b64decode(file["metadata_block_picture"][0])).data
    assert found == SONG.picture


@pytest.mark.parametrize(
    "bad", [b"GIF89a" + bytes(50), b"\x89PNG\r\n\x1a\n" + bytes(50), b"<html>"]
)
def test_what_is_no_picture_stays_out(tape: Tape, tmp_path: Path, bad: bytes):
    put_on(tape, body_of("mp3"))
    about = RecordingTags("KNAU", AT, title="Sinnerman", picture=bad)
    kept = one(keep(tape, tmp_path, 3.0, 5.0, about))
    assert complaints(kept.path) == ""
    assert mutagen.File(kept.path).tags.getall("APIC") == []


@pytest.mark.parametrize("codec", ["opus", "vorbis", "flac"])
def test_links_of_one_encoder_are_one_file(tape: Tape, tmp_path: Path, codec: str):
    first, second = body_of(codec, 5.0, title="One"), body_of(codec, 5.0, title="Two", begin=5.0)
    put_on(tape, first + second)
    kept = one(keep(tape, tmp_path, 1.5, 8.5))
    assert complaints(kept.path) == ""
    assert abs(mutagen.File(kept.path).info.length - 7.0) < 0.15
    mine, first_sent, then_sent = packets(kept.path), packets(first), packets(second)
    seam = next(at for at in range(len(mine)) if mine[at] == then_sent[0] and at > 10)
    assert first_sent[-seam:] == mine[:seam]
    assert mine[seam:] == then_sent[: len(mine) - seam]


def test_from_a_page_that_begins_within_a_packet(tape: Tape, tmp_path: Path):
    body = body_of("opus-across-pages")
    put_on(tape, body)
    for begin in tape.places[:-1]:
        kept = one(keep(tape, tmp_path, begin, begin + 1.0))
        assert is_run_of(packets(kept.path), packets(body))
        assert complaints(kept.path) == ""


def test_a_song_that_is_a_link_is_cut_at_its_headers(tape: Tape, tmp_path: Path):
    for name in ("One", "Two", "Three"):
        put_on(tape, body_of("opus", 4.0, title=name))
    titles = [mark for mark in tape.marks if mark.kind == "title"]
    kept = one(keep(tape, tmp_path, titles[1].at, titles[2].at))
    assert packets(kept.path) == packets(body_of("opus", 4.0, title="Two"))


def test_the_same_codec_after_a_drop_goes_on_in_the_same_file(tape: Tape, tmp_path: Path):
    put_on(tape, body_of("mp3", 4.0))
    put_on(tape, body_of("mp3", 4.0))
    kept = one(keep(tape, tmp_path, 0.0, None))
    assert complaints(kept.path) == ""
    assert packets(kept.path) == 2 * packets(body_of("mp3", 4.0))


@pytest.mark.parametrize(
    ("then", "suffix"), [(("aac", {}), ".m4a"), (("mp3", {"rate": 22050}), ".mp3")]
)
def test_another_codec_or_rate_begins_a_second_file(
    tape: Tape, tmp_path: Path, then: tuple[str, dict[str, Any]], suffix: str
):
    put_on(tape, body_of("mp3", 4.0))
    put_on(tape, body_of(then[0], 4.0, **then[1]))
    kept = keep(tape, tmp_path, 1.0, 7.0)
    assert [file.path.suffix for file in kept] == [".mp3", suffix]
    assert kept[1].path.stem == kept[0].path.stem + " (2)"
    assert [round(file.seconds) for file in kept] == [3, 3]
    assert all(complaints(file.path) == "" for file in kept)


def test_a_name_that_is_taken_gets_a_number(tape: Tape, tmp_path: Path):
    put_on(tape, body_of("mp3", 4.0))
    names = [one(keep(tape, tmp_path, 1.0, 3.0)).path.name for _ in range(3)]
    first = names[0].removesuffix(".mp3")
    assert names == [f"{first}.mp3", f"{first} (2).mp3", f"{first} (3).mp3"]
    assert sorted(path.name for path in (tmp_path / "KNAU").iterdir()) == sorted(names)


def test_what_varies_is_as_long_as_it_is(tape: Tape, tmp_path: Path):
    """Players take the bitrate of the first frame for that of all, unless they are told."""
    loud = body_of("mp3", 4.0, kbps=320)
    put_on(tape, body_of("mp3", 4.0, kbps=32) + loud)
    kept = one(keep(tape, tmp_path, 0.0, None))
    assert abs(mutagen.File(kept.path).info.length - tape.end) < 0.1


def test_what_is_not_on_the_tape_any_more_is_left_out_and_said(tmp_path: Path):
    tape = Tape(tmp_path / "tape", length=20.0)
    body = body_of("mp3", 50.0, kbps=320)
    span = tape.excerpt(0.0, None)
    put_on(tape, body)
    recorder = Recorder(span, tmp_path / "KNAU", SONG)
    while recorder.write():
        pass
    assert tape.start > 0
    assert span.lost == pytest.approx(tape.start, abs=0.2)
    kept = one(recorder.finish())
    assert kept.incomplete
    assert kept.seconds == pytest.approx(tape.end - tape.start, abs=0.2)
    span.close()
    tape.close()


def test_it_is_dropped_while_it_is_read(tmp_path: Path):
    tape = Tape(tmp_path / "tape", length=10.0)
    tape.connect("mp3", "MP3")
    size = SEGMENT_BYTES // 4
    pieces = [Frame(f"{n:08d}".encode().ljust(size, b"."), 1.0) for n in range(60)]
    tape.append(pieces[:8])
    span = tape.excerpt(0.0, None)
    first = span.read()
    assert first is not None
    assert first[0].begin == 0.0
    tape.append(pieces[8:])
    second = span.read()
    assert second is not None
    assert (second[0].begin, second[1][:8]) == (tape.start, f"{tape.start:08.0f}".encode())
    assert span.lost == pytest.approx(tape.start - 2.0, abs=1.0)
    span.close()
    tape.close()


def test_a_tape_that_is_left_is_there_until_it_is_kept(tmp_path: Path):
    tape = Tape(tmp_path / "tape")
    put_on(tape, body_of("mp3", 50.0, kbps=320))
    span = tape.excerpt(1.0, 13.0)
    assert tape.flushed()
    tape.close()
    recorder = Recorder(span, tmp_path / "KNAU", SONG)
    while recorder.write():
        pass
    assert one(recorder.finish()).seconds == pytest.approx(12.0, abs=0.1)
    assert tape.flushed()
    assert list((tmp_path / "tape").iterdir()) != []
    span.close()
    assert tape.flushed()
    assert list((tmp_path / "tape").iterdir()) == []


@settings(max_examples=25)
@given(
    codec=st.sampled_from(["mp3", "opus", "vorbis"]),
    begin=st.floats(0, 13),
    length=st.floats(0.2, 13),
    most=st.integers(1, 70_000),
)
def test_any_cut_in_any_portions_is_right_to_a_packet(
    tmp_path_factory: pytest.TempPathFactory, codec: str, begin: float, length: float, most: int
):
    tape = Tape(tmp_path_factory.mktemp("tape"))
    put_on(tape, body_of(codec))
    span = tape.excerpt(begin, begin + length)
    read = span.read

    def in_portions(_: int = 0) -> tuple[ExcerptRun, bytes] | None:
        return read(most)

    span.read = in_portions  # type: ignore[assignment]
    recorder = Recorder(span, tmp_path_factory.mktemp("kept"), SONG)
    while recorder.write():
        pass
    kept = one(recorder.finish())
    expected = min(begin + length, tape.end) - begin
    assert kept.seconds == pytest.approx(expected, abs=0.06)
    span.close()
    tape.close()


@pytest.mark.parametrize("codec", CODECS)
def test_what_a_killed_program_left_is_finished(tape: Tape, tmp_path: Path, codec: str):
    body = body_of(codec)
    put_on(tape, body)
    recorder = Recorder(tape.excerpt(3.37, None), tmp_path / "KNAU", SONG)
    while recorder.write():
        pass
    part = recorder.path
    assert part is not None
    assert part.name.startswith(".")
    assert list(finish_left_behind(tmp_path)) == []
    recorder.leave()
    # Cut off in the middle of a packet, as a lost write is.
    os.truncate(part, part.stat().st_size - 100)
    kept = one([told for told in finish_left_behind(tmp_path) if isinstance(told, KeptFile)])
    assert kept.incomplete
    assert kept.path.stem.endswith("Nina Simone - Sinnerman (interrupted)")
    assert complaints(kept.path) == ""
    assert is_run_of(packets(kept.path), packets(body))
    assert kept.seconds == pytest.approx(tape.end - 3.37, abs=2.3)
    tags = mutagen.File(kept.path, easy=True)
    assert (tags["title"], tags["artist"]) == (["Sinnerman"], ["Nina Simone"])
    assert [path.name for path in (tmp_path / "KNAU").iterdir()] == [kept.path.name]


def test_killed_while_finishing_it_is_finished_once(tape: Tape, tmp_path: Path):
    put_on(tape, body_of("mp3"))
    for stem in ("15.04 [x] Sinnerman", "15.04 [x] Sinnerman (interrupted)"):
        recorder = Recorder(tape.excerpt(1.0, 9.0), tmp_path / "KNAU", SONG, stem=stem)
        while recorder.write():
            pass
        recorder.leave()
    kept = one([told for told in finish_left_behind(tmp_path) if isinstance(told, KeptFile)])
    assert kept.path.name == "15.04 [x] Sinnerman (interrupted).mp3"
    assert list((tmp_path / "KNAU").iterdir()) == [kept.path]


def test_what_is_empty_is_removed(tmp_path: Path):
    folder = station_folder(tmp_path, SONG)
    folder.mkdir()
    (folder / ".2026-11-23 15.04 KNAU.999999-1.part").write_bytes(b"")
    (folder / ".2026-11-23 15.04 KNAU.999999-2.part").write_bytes(b"no sound at all" * 100)
    (folder / ".hidden").write_bytes(b"somebody else's")
    assert list(finish_left_behind(tmp_path)) == []
    assert [path.name for path in folder.iterdir()] == [".hidden"]


def test_a_stations_own_words_do_not_reach_other_places(tape: Tape, tmp_path: Path):
    put_on(tape, body_of("mp3", 4.0))
    about = RecordingTags(
        "../../etc", AT, title="../x\x1b]0;hi\x07", artist="/", url="file:///etc/passwd"
    )
    folder = station_folder(tmp_path, about)
    span = tape.excerpt(1.0, 3.0)
    recorder = Recorder(span, folder, about)
    while recorder.write():
        pass
    kept = one(recorder.finish())
    span.close()
    assert kept.path.parent.parent == tmp_path
    data = kept.path.read_bytes()
    assert b"\x1b" not in data[:100]
    assert b"passwd" not in data
