"""Links of Ogg that follow each other with other parameters: each is decoded by a decoder of its
own, and what one decoder can read on is not cut."""

from __future__ import annotations

import struct
import threading
from pathlib import Path

import pytest

from radiotui.audio.decoding import pcm_of
from radiotui.audio.frames import BYTES_PER_SECOND
from radiotui.radio.framing.detect import framer_for
from radiotui.radio.framing.frames import Frame
from radiotui.radio.framing.mpeg import AdtsFramer
from radiotui.radio.framing.ogg import OggFramer
from radiotui.radio.framing.ogg_page import BEGINS, write_page
from radiotui.radio.tape.tape import Tape
from tests.sounds import encode


def tape_of(folder: Path, *bodies: bytes) -> Tape:
    tape = Tape(folder)
    framer = framer_for("", bodies[0])
    assert framer is not None
    tape.connect(framer.format, "Ogg")
    for body in bodies:
        tape.append(framer.feed(body))
    tape.append(framer.flush())
    tape.finish()
    return tape


def seconds_of_plays(tape: Tape) -> list[float]:
    """Seconds that are decoded in each play, one after another as a player begins them."""
    seconds: list[float] = []
    at: float | None = None
    while True:
        reader = tape.open_at(at)
        seconds.append(sum(map(len, pcm_of(reader))) / BYTES_PER_SECOND)
        at = reader.more_at
        if at is None:
            return seconds


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (encode("vorbis", 2.0), encode("vorbis", 2.0, rate=48000)),
        (encode("opus", 2.0), encode("opus", 2.0, channels=1)),
        (encode("opus", 2.0, channels=1), encode("vorbis", 2.0)),
        (encode("flac", 2.0), encode("flac", 2.0, rate=48000, channels=1)),
        (encode("aac", 2.0), encode("aac", 2.0, rate=22050, channels=1)),
    ],
)
def test_a_part_with_other_parameters_is_played_by_itself(
    tmp_path: Path, first: bytes, second: bytes
) -> None:
    tape = tape_of(tmp_path, first, second, first)

    assert seconds_of_plays(tape) == pytest.approx([2.0, 2.0, 2.0], abs=0.1)

    tape.close()


@pytest.mark.parametrize("codec", ["vorbis", "opus", "flac", "aac"])
def test_a_part_with_the_same_parameters_is_played_on(tmp_path: Path, codec: str) -> None:
    first = encode(codec, 2.0, title="One")
    second = encode(codec, 2.0, title="Two", begin=2.0)

    tape = tape_of(tmp_path, first, second)

    assert seconds_of_plays(tape) == pytest.approx([4.0], abs=0.1)
    tape.close()


IDENT = b"\x01vorbis" + bytes(4) + b"\x02" + (44100).to_bytes(4, "little") + bytes(12) + b"\xb8\x01"


@pytest.mark.parametrize("setup", [b"\x05vorbis another codebook", b""])
def test_the_setup_of_vorbis_is_one_of_its_parameters(setup: bytes) -> None:
    def frames(setup: bytes) -> list[Frame]:
        return OggFramer().feed(
            write_page([IDENT], flags=BEGINS)
            + write_page([b"\x03vorbis" + bytes(9), setup, b"\x05vorbis one codebook"])
        )

    one, other = frames(b"\x05vorbis one codebook"), frames(setup)

    assert one[0].parameters == b""
    assert one[-1].parameters
    assert other[-1].parameters not in {b"", one[-1].parameters}


@pytest.mark.parametrize(
    ("fields", "is_same"),
    [((312, 48000, 0), True), ((3840, 8000, 0), True), ((312, 48000, 256), False)],
)
def test_the_gain_of_opus_is_one_of_its_parameters(
    fields: tuple[int, int, int], is_same: bool
) -> None:
    def parameters(*fields: int) -> bytes:
        head = struct.pack("<8sBBHIhB", b"OpusHead", 1, 2, *fields, 0)
        pages = write_page([head], flags=BEGINS) + write_page([b"OpusTags" + bytes(8)])
        return OggFramer().feed(pages)[-1].parameters

    assert (parameters(*fields) == parameters(312, 48000, 0)) is is_same


def test_a_reader_waits_for_headers_that_are_not_whole(tmp_path: Path) -> None:
    first, second = encode("opus", 1.0), encode("opus", 1.0, channels=1)
    frames = OggFramer().feed(second)
    tape = Tape(tmp_path)
    tape.connect("ogg", "Opus")
    tape.append(OggFramer().feed(first))
    reader = tape.open_at(None)
    size = len(reader.read(1_000_000))
    while size < len(first):
        size += len(reader.read(1_000_000))

    tape.append(frames[:1])
    rest: list[bytes] = []
    reading = threading.Thread(target=lambda: rest.append(reader.read(100)))
    reading.start()
    tape.append(frames[1:2])
    reading.join(5)

    assert size == len(first)
    assert (rest, reader.more_at) == ([b""], pytest.approx(1.0, abs=0.05))
    tape.close()


def test_a_reader_ends_where_a_tape_ends_within_headers(tmp_path: Path) -> None:
    tape = Tape(tmp_path)
    tape.connect("ogg", "Opus")
    tape.append(OggFramer().feed(encode("opus", 1.0)))
    tape.append(OggFramer().feed(encode("opus", 1.0))[:1])
    tape.finish()

    assert seconds_of_plays(tape) == pytest.approx([1.0], abs=0.05)
    tape.close()


def test_headers_of_two_links_without_sound_between_them_are_not_one(tmp_path: Path) -> None:
    heads = [frame for frame in OggFramer().feed(encode("opus", 1.0, channels=1)) if frame.head]
    tape = Tape(tmp_path)
    tape.connect("ogg", "Opus")
    tape.append([*heads, *OggFramer().feed(encode("opus", 1.0))])
    tape.finish()

    assert sum(seconds_of_plays(tape)) == pytest.approx(1.0, abs=0.05)
    tape.close()


def test_frames_of_adts_of_another_kind_are_for_another_decoder() -> None:
    framer = AdtsFramer()
    first, second = encode("aac", 1.0), encode("aac", 1.0, channels=1)

    frames = framer.feed(first + second) + framer.flush()

    whole = AdtsFramer()
    count = len(whole.feed(first) + whole.flush())
    assert [index for index, frame in enumerate(frames) if frame.fresh] == [count]
