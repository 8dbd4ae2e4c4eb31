"""The sound in a segment, whatever the segment is."""

import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radiotui.problems import Problem
from radiotui.radio.framing.flac import FlacFramer
from radiotui.radio.hls import id3 as hls_id3
from radiotui.radio.hls.demux import SegmentSound, decoder_shape, framer_of, unpack
from radiotui.radio.hls.keys import Unplayable
from radiotui.radio.hls.playlist import Segment
from radiotui.radio.hls.writer import HlsWriter
from radiotui.radio.tape.tape import Tape
from radiotui.radio.titles.title_reader import TitleReader
from tests.services.hls_station import box, cut, emsg, flac, tag, titled

LC_22050 = bytes.fromhex("139056e500")
HE_22050 = bytes.fromhex("2b92080000")
"""What an MP4 says of HE-AAC on a core of 22,050 Hz (ISO/IEC 14496-3 §1.6.5), as long."""


@pytest.mark.parametrize("kind", ["ts", "ts-mp3", "aac", "mp3", "fmp4"])
def test_frames_come_out_as_they_went_in(kind: str):
    made = cut(kind)
    sounds = [unpack(body, made.init, "KNAU") for body in made.segments]
    assert b"".join(sound.data for sound in sounds) == made.sound()
    assert {decoder_shape(sound) for sound in sounds} == {decoder_shape(sounds[0])}
    assert decoder_shape(sounds[0]) is not None


def test_he_aac_in_mp4_is_aac_of_its_core():
    made = cut("fmp4", seconds=42.0, rate=22_050)
    assert LC_22050 in made.init
    init = made.init.replace(LC_22050, HE_22050)
    sound = unpack(made.segments[0], init, "KNAU")
    assert len(sound.data) > 10_000
    assert made.sound().startswith(sound.data)


def test_flac_in_mp4_is_flac():
    made = flac(4.0)
    sounds = [unpack(body, made.init, "KNAU") for body in made.segments]
    framer = FlacFramer()
    pieces = framer.feed(sounds[0].head + b"".join(sound.data for sound in sounds))
    pieces += framer.flush()
    assert sum(piece.seconds for piece in pieces) == pytest.approx(4.0, abs=0.1)
    assert framer.dropped == 0


def test_another_rate_is_another_shape():
    one, other = cut("ts"), cut("ts", seconds=42.0, rate=22_050)
    assert decoder_shape(unpack(one.segments[0], b"", "K")) != decoder_shape(
        unpack(other.segments[0], b"", "K")
    )
    assert decoder_shape(SegmentSound("aac", b"")) is None


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"WEBVTT\n", b"\x01" * 500, box(b"moof", b""), box(b"ftyp", b"isom")],
)
def test_what_is_no_sound_is_a_problem(body: bytes):
    with pytest.raises(Problem, match="KNAU"):
        unpack(body, b"", "KNAU")


def test_a_segment_without_its_beginning_is_a_problem():
    with pytest.raises(Problem):
        unpack(cut("fmp4").segments[0], b"", "KNAU")


_MADE = {kind: cut(kind, seconds=4.2) for kind in ("ts", "aac", "fmp4")}


@given(
    st.sampled_from(sorted(_MADE)),
    st.integers(0, 2**32),
    st.binary(min_size=1, max_size=40),
    st.integers(0, 40_000),
)
@settings(max_examples=80)
def test_no_bytes_do_more_than_be_a_problem(kind: str, at: int, noise: bytes, length: int):
    body = bytearray(_MADE[kind].segments[0])
    at %= len(body)
    body[at : at + len(noise)] = noise
    try:
        sound = unpack(bytes(body[: max(length, 200)]), _MADE[kind].init, "KNAU")
    except Problem:
        return
    framer = framer_of(sound.format)
    framer.feed(sound.head + sound.data)
    framer.flush()


def test_unplayable_is_a_problem_of_its_own():
    assert issubclass(Unplayable, Problem)


def test_leading_tags_are_taken_off():
    tags = titled("One"), titled("Two", "Singer")
    found, end = hls_id3.leading(b"".join(tags) + b"\xff\xf1")
    assert (found, end) == (list(tags), sum(map(len, tags)))
    said = hls_id3.read_tag(found[1], 1.5)
    assert said == hls_id3.TimedTag(1.5, "Singer", "Two")


def test_a_tag_that_says_nothing_of_a_title_is_none():
    assert hls_id3.read_tag(tag(PRIV=b"x\0y"), 0.0) is None
    assert hls_id3.read_tag(tag(TIT2=b"\3" + b"x" * 16_000) * 5, 0.0) is None


def test_boxes_say_where_they_are():
    kind, content = next(iter(hls_id3.boxes(emsg(b"ID3", 1.25))))
    assert kind == b"emsg"
    assert hls_id3.from_box(content, 30.0) == (b"ID3", 1.25)


@given(st.binary(max_size=200))
def test_no_tag_and_no_box_raises(data: bytes):
    hls_id3.read_tag(b"ID3\x04\0\0" + data + b"TIT2", 0.0)
    hls_id3.from_box(data, 0.0)
    hls_id3.leading(b"ID3" + data)
    assert isinstance(hls_id3.boxes(data), Iterator)
    assert all(len(kind) == 4 for kind, _ in hls_id3.boxes(data))


def compressed(frame: bytes, flags: int, text: bytes, *, unsynchronised: bool = False) -> bytes:
    """An ID3 tag with one compressed text frame."""
    data = len(text).to_bytes(4, "big") + zlib.compress(text)
    body = frame + len(data).to_bytes(4, "big") + bytes([0, flags]) + data
    major, header_flags = (3, 0x80) if unsynchronised else (4, 0)
    if unsynchronised:
        body = frame + len(data).to_bytes(4, "big") + bytes([0xFF, 0, flags]) + data
    size = bytes(len(body) >> shift & 127 for shift in (21, 14, 7, 0))
    return b"ID3" + bytes([major, 0, header_flags]) + size + body


def test_a_text_that_unpacks_to_megabytes_is_no_title():
    text = b"\3" + bytes(8_000_000)
    assert hls_id3.read_tag(tag(TIT2=b"\3Bells"), 0.0) is not None
    assert hls_id3.read_tag(compressed(b"TIT2", 0x09, text), 0.0) is None
    assert hls_id3.read_tag(compressed(b"TIT2", 0x80, text, unsynchronised=True), 0.0) is None
    assert hls_id3.read_tag(compressed(b"TPE1", 0x09, text) + b"TIT2", 0.0) is None


async def test_a_segment_of_countless_frames_is_no_sound(tmp_path: Path):
    frame = b"\xff\xf1\x50\x80\x01\x1f\xfc\0"
    tape = Tape(tmp_path)
    writer = HlsWriter(tape, cast(TitleReader, None), lambda: datetime.now(UTC))
    segment = Segment(1, None, 2.0, b"", None, None, discontinuity=False, wall=None)
    sound = SegmentSound("aac", frame * 40_000)
    assert await writer.put(segment, sound, 2.0) is None
    assert tape.end == 0.0
    tape.close()
