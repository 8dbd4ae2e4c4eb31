"""What every framer promises, over real encoded sound."""

from __future__ import annotations

import random
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radiotui.radio.framing.detect import HEAD_BYTES, MOST_BUFFERED, Frame, Framer, framer_for
from radiotui.radio.framing.flac import FlacFramer
from radiotui.radio.framing.mpeg import AdtsFramer, MpegFramer
from radiotui.radio.framing.ogg import OggFramer
from tests.sounds import encode, heard

CODECS = ["mp3", "mp2", "aac", "opus", "vorbis", "flac", "flac-native"]
NAMES = {
    "mp3": ("mp3", "MP3"),
    "mp2": ("mp3", "MP2"),
    "aac": ("aac", "AAC"),
    "opus": ("ogg", "Opus"),
    "vorbis": ("ogg", "Vorbis"),
    "flac": ("ogg", "FLAC"),
    "flac-native": ("flac", "FLAC"),
}
# Encoders begin with a delay and fill up their last frame.
LONGER = {"mp3": 0.08, "mp2": 0.03, "aac": 0.05, "vorbis": 0.03}
FRAMERS = [MpegFramer, AdtsFramer, OggFramer, FlacFramer]
SECONDS = 3.0


def framer_of(data: bytes) -> Framer:
    framer = framer_for("", data[:HEAD_BYTES])
    assert framer is not None
    return framer


def cut(framer: Framer, data: bytes, edges: list[int] | None = None) -> list[Frame]:
    edges = [0, *sorted(min(edge, len(data)) for edge in edges or []), len(data)]
    pieces = [piece for begin, end in pairwise(edges) for piece in framer.feed(data[begin:end])]
    return pieces + framer.flush()


def joined(pieces: list[Frame]) -> bytes:
    return b"".join(piece.data for piece in pieces)


@pytest.mark.parametrize("codec", CODECS)
def test_pieces_are_the_stream_and_last_as_long_as_the_sound(codec: str) -> None:
    data = encode(codec, SECONDS)
    framer = framer_of(data)

    pieces = cut(framer, data)

    assert (framer.format, framer.codec) == NAMES[codec]
    assert joined(pieces) == data[framer.dropped :]
    assert framer.dropped < 500  # of MP3: the tag and the frame that tell a file's length
    total = sum(piece.seconds for piece in pieces)
    assert SECONDS - 0.001 <= total <= SECONDS + LONGER.get(codec, 0.001)
    assert total == pytest.approx(heard(joined(pieces), framer.format)[0], abs=0.001)


@pytest.mark.parametrize("codec", CODECS)
def test_a_decoder_can_begin_at_any_start(codec: str) -> None:
    data = encode(codec, SECONDS)
    framer = framer_of(data)
    pieces = cut(framer, data)
    head = joined([piece for piece in pieces if piece.head])
    sound = [piece for piece in pieces if not piece.head]
    starts = [index for index, piece in enumerate(sound) if piece.start]

    assert len(starts) == len(sound)
    for begin in {0, 1, len(sound) // 3, len(sound) // 2, len(sound) - 5}:
        seconds, broken = heard(head + joined(sound[begin:]), framer.format)

        lasts = sum(piece.seconds for piece in sound[begin:])
        # A decoder is silent until its overlap is filled: a frame or two.
        assert lasts - 0.06 <= seconds <= lasts + 0.03
        assert broken <= 1


@pytest.mark.parametrize("codec", CODECS)
@settings(max_examples=25)
@given(edges=st.lists(st.integers(0, 90_000), max_size=40), begin=st.integers(0, 2000))
def test_any_chunking_gives_the_same_pieces(codec: str, edges: list[int], begin: int) -> None:
    data = encode(codec, 1.0)
    middle = len(data) // 2
    data = (
        data[begin:middle] + b"ID3 garbage \xff\xfb\x90\x64 OggS\0 fLaC\0\0\0\x22" + data[middle:]
    )
    whole, parts = type(framer_of(encode(codec, 1.0)))(), type(framer_of(encode(codec, 1.0)))()

    assert cut(parts, data, edges) == cut(whole, data)
    assert parts.dropped == whole.dropped


@pytest.mark.parametrize("codec", CODECS)
def test_byte_by_byte(codec: str) -> None:
    data = encode(codec, 0.5)

    assert cut(framer_of(data), data, list(range(len(data)))) == cut(framer_of(data), data)


@pytest.mark.parametrize("codec", CODECS)
def test_garbage_in_between_is_dropped_and_counted(codec: str) -> None:
    data = encode(codec, SECONDS)
    clean = cut(framer_of(data), data)
    noise = random.Random(1).randbytes(20_000)
    begin = sum(len(piece.data) for piece in clean[: len(clean) // 2])
    begin += len(data) - len(joined(clean))
    framer = framer_of(data)

    pieces = cut(framer, data[:begin] + noise + data[begin:])

    assert len(joined(pieces)) + framer.dropped == len(data) + len(noise)
    # The frames on both sides of it may be lost.
    assert len(clean) - 2 <= len(pieces) <= len(clean)
    strange = [piece for piece in pieces if piece not in clean]
    if codec == "flac-native":
        # Where a frame ends is told by the next one alone: the noise goes along with it.
        assert [piece.data for piece in strange] == [clean[len(clean) // 2 - 1].data + noise]
    else:
        assert strange == []


@pytest.mark.parametrize("framer", FRAMERS)
@pytest.mark.parametrize(
    "salt",
    [
        b"\0",
        b"\xff",
        b"\xff\xfb\x90\x64",
        b"\xff\xf1\x50\x80\x02\x1f\xfc",
        b"OggS\0" + b"\xff" * 22,
        b"OggS\0\2" + bytes(20) + b"\1\x1e\x01vorbis",
        b"fLaC\0\0\0\x22" + b"\x10" * 34,
        b"fLaC\0\0\0\x22" + b"\x10" * 34 + b"\4\0\0\4abcd" * 9,
        b"fLaC\0\0\0\x22" + b"\x10" * 34 + b"\6\xff\xff\xff",
        b"ID3\4\0\0\0\x3f\x7f\x7f",
    ],
)
def test_nothing_makes_it_raise_hang_or_grow(framer: type[Framer], salt: bytes) -> None:
    chance = random.Random(2)
    cutter = framer()
    fed = given_back = 0
    for _ in range(60):
        chunk = chance.randbytes(chance.randrange(50)) + salt * chance.randrange(1, 2000)
        pieces = cutter.feed(chunk)
        fed += len(chunk)
        given_back += len(joined(pieces))
        assert cutter.buffered <= MOST_BUFFERED + len(chunk)
    given_back += len(joined(cutter.flush()))

    assert given_back + cutter.dropped == fed


@pytest.mark.parametrize("framer", FRAMERS)
@given(st.binary(max_size=3000), st.lists(st.integers(0, 3000), max_size=5))
def test_random_bytes_are_no_sound(framer: type[Framer], data: bytes, edges: list[int]) -> None:
    whole, parts = framer(), framer()

    assert cut(parts, data, edges) == cut(whole, data)
    assert whole.dropped + len(joined(cut(framer(), data))) == len(data)


def test_zeros_without_end_are_let_go() -> None:
    for framer in FRAMERS:
        cutter: Any = framer()
        for _ in range(100):
            assert cutter.feed(bytes(50_000)) == []
        assert cutter.buffered < 100


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize(
    "content_type", ["", "audio/mpeg", "audio/aac", "application/ogg", "text/html"]
)
def test_the_bytes_decide_not_the_type(codec: str, content_type: str) -> None:
    framer = framer_for(content_type, encode(codec, 1.0)[:HEAD_BYTES])

    assert framer is not None
    assert framer.format == NAMES[codec][0]


@pytest.mark.parametrize("codec", ["mp3", "mp2", "aac"])
def test_a_broadcast_joined_in_the_middle_of_a_frame_is_known(codec: str) -> None:
    data = encode(codec, 1.0)

    for begin in range(1000, 1500, 37):
        framer = framer_for("application/octet-stream", data[begin : begin + HEAD_BYTES])
        assert framer is not None
        assert framer.format == NAMES[codec][0]


def test_a_few_bytes_are_enough_where_they_are_certain() -> None:
    assert framer_for("", encode("opus", 1.0)[:10]) is not None
    assert framer_for("", encode("flac-native", 1.0)[:10]) is not None
    adts = encode("aac", 1.0)
    assert framer_for("audio/aac", adts[:200]) is None
    assert framer_for("audio/aac", adts[:1500]) is not None


@pytest.mark.parametrize(
    ("content_type", "kind"),
    [
        ("audio/mpeg", "mp3"),
        ("Audio/AACP; charset=x", "aac"),
        ("application/ogg", "ogg"),
        ("audio/flac", None),
        ("application/octet-stream", None),
        ("", None),
    ],
)
def test_the_type_decides_only_where_the_bytes_show_nothing(
    content_type: str, kind: str | None
) -> None:
    noise = random.Random(3).randbytes(HEAD_BYTES)

    framer = framer_for(content_type, noise)

    assert (framer.format if framer else None) == kind
    assert framer_for(content_type, noise[:-1]) is None


def test_a_large_tag_before_the_sound_hides_it_from_the_type_alone() -> None:
    tag = b"ID3\4\0\0\0\1\0\0" + random.Random(4).randbytes(1 << 14)

    framer = framer_for("application/octet-stream", tag[:HEAD_BYTES])

    assert framer is not None
    assert len(cut(framer, tag + encode("mp3", 1.0))) == len(cut(MpegFramer(), encode("mp3", 1.0)))


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"<!DOCTYPE html><html><body>" + b"We moved. " * 1000,
        b"[playlist]\nFile1=http://a.example/x\n" * 200,
        b"RIFF\0\0\0\0WAVEfmt " + encode("mp3", 1.0)[:5000],
        b"\0\0\0\x20ftypM4A " + bytes(5000),
        b"\x1a\x45\xdf\xa3" + encode("mp3", 1.0)[:5000],
        (b"G\x40\x11\x10" + bytes(184)) * 30,
        b"\xff\xfe" + "Sorry, the server is full. ".encode("utf-16-le") * 200,
        b"\x89PNG\r\n\x1a\n" + bytes(5000),
    ],
)
def test_what_is_no_sound(head: bytes) -> None:
    assert framer_for("", head) is None
    assert framer_for("text/html", head) is None


@pytest.mark.parametrize("text", ["<html>Sorry, ", "Server full. ", "\x1b[31mnot playing\r\n"])
def test_a_page_in_words_is_no_sound_whatever_its_type_says(text: str) -> None:
    assert framer_for("audio/mpeg", text.encode() * 1000) is None
