from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from radiotui.radio.framing.detect import framer_for
from radiotui.radio.framing.frames import Frame
from radiotui.radio.framing.mpeg import AdtsFramer, MpegFramer
from tests.sounds import encode, heard


def cut(framer: MpegFramer | AdtsFramer, data: bytes) -> list[Frame]:
    return framer.feed(data) + framer.flush()


def joined(pieces: list[Frame]) -> bytes:
    return b"".join(piece.data for piece in pieces)


@pytest.mark.parametrize(
    ("codec", "rate", "channels", "kbps", "samples"),
    [
        ("mp3", 48000, 2, 320, 1152),
        ("mp3", 44100, 1, 64, 1152),
        ("mp3", 32000, 2, 128, 1152),
        ("mp3", 22050, 2, 64, 576),
        ("mp3", 24000, 1, 32, 576),
        ("mp3", 11025, 1, 16, 576),
        ("mp3", 8000, 1, 8, 576),
        ("mp2", 48000, 2, 256, 1152),
        ("mp2", 24000, 1, 64, 1152),
        ("aac", 48000, 2, 128, 1024),
        ("aac", 24000, 2, 48, 1024),
        ("aac", 8000, 1, 16, 1024),
    ],
)
def test_every_rate_is_measured(
    codec: str, rate: int, channels: int, kbps: int, samples: int
) -> None:
    data = encode(codec, 2.0, rate=rate, channels=channels, kbps=kbps)
    framer = framer_for("", data[:4096])
    assert isinstance(framer, MpegFramer | AdtsFramer)

    pieces = cut(framer, data)

    assert {piece.seconds for piece in pieces} == {samples / rate}
    assert framer.dropped < 1500
    assert sum(piece.seconds for piece in pieces) == pytest.approx(
        heard(joined(pieces), framer.format)[0], abs=0.001
    )


def test_he_aac_is_measured_at_the_rate_of_its_core() -> None:
    # What a header of 48 kHz HE-AAC says: AAC LC at 24 kHz.
    frame = b"\xff\xf1\x58\x80\x02\x1f\xfc" + bytes(9)

    assert cut(AdtsFramer(), frame * 3) == [Frame(frame, 1024 / 24000)] * 3


def test_several_blocks_in_one_adts_frame_last_longer() -> None:
    frame = b"\xff\xf0\x50\x80\x02\x1f\xfd" + bytes(9)

    assert cut(AdtsFramer(), frame * 3) == [Frame(frame, 2 * 1024 / 44100)] * 3


def test_the_frame_that_tells_a_length_is_no_sound() -> None:
    data = encode("mp3", 1.0)
    at = data.index(b"Info") - 36
    framer = MpegFramer()

    pieces = cut(framer, data)

    assert joined(pieces) == data[framer.dropped :]
    assert framer.dropped > at
    assert b"Info" not in joined(pieces)


def test_tags_before_and_between_frames_are_left_out() -> None:
    sound = cut(MpegFramer(), encode("mp3", 1.0))
    # A picture in a tag can hold what looks like frames.
    tag = b"ID3\4\0\0\0\0\7\x68" + joined(sound)[:1000]
    framer = MpegFramer()

    pieces = cut(framer, tag + joined(sound[:10]) + tag + joined(sound[10:]))

    assert pieces == sound
    assert framer.dropped == 2 * len(tag)


def test_a_tag_that_lies_about_its_size_does_not_silence_the_station() -> None:
    sound = cut(MpegFramer(), encode("mp3", 1.0))

    pieces = cut(MpegFramer(), b"ID3\4\0\0\x7f\x7f\x7f\x7f" + joined(sound))

    assert pieces == sound


@pytest.mark.parametrize("change", [{"rate": 48000}, {"channels": 1}])
def test_a_change_of_rate_or_channels_loses_nothing_and_needs_another_decoder(
    change: dict[str, Any],
) -> None:
    before = cut(MpegFramer(), encode("mp3", 1.0))
    after = cut(MpegFramer(), encode("mp3", 1.0, **change))
    framer = MpegFramer()

    expected = [*before, replace(after[0], fresh=True), *after[1:]]
    assert cut(framer, joined(before) + joined(after)) == expected
    assert framer.dropped == 0


def test_a_single_frame_is_sound_where_the_body_ends_with_it() -> None:
    sound = cut(MpegFramer(), encode("mp3", 1.0))[0]
    framer = MpegFramer()

    assert framer.feed(sound.data) == []
    assert framer.flush() == [sound]


def test_a_frame_that_is_cut_off_is_left_out() -> None:
    sound = cut(MpegFramer(), encode("mp3", 1.0))
    framer = MpegFramer()

    assert cut(framer, joined(sound)[:-10]) == sound[:-1]
    assert framer.dropped == len(sound[-1].data) - 10


def test_headers_that_disagree_are_no_sound() -> None:
    one = b"\xff\xfb\x90\x64" + bytes(413)  # 128 kbit/s at 44.1 kHz
    other = b"\xff\xfb\x94\x64" + bytes(380)  # 128 kbit/s at 48 kHz

    assert cut(MpegFramer(), (one + other) * 5 + b"more") == []


def test_free_format_is_not_taken() -> None:
    frame = b"\xff\xfb\x00\x64" + bytes(413)

    assert cut(MpegFramer(), frame * 10) == []
    assert framer_for("", frame * 10) is None


def test_sound_is_given_as_soon_as_it_is_whole() -> None:
    sound = cut(MpegFramer(), encode("mp3", 1.0))
    framer = MpegFramer()

    assert framer.feed(joined(sound[:5])) == sound[:5]
    assert framer.feed(sound[5].data[:-1]) == []
    assert framer.feed(sound[5].data[-1:]) == [sound[5]]
