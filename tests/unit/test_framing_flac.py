from __future__ import annotations

import pytest

from radiotui.radio.framing.flac import FlacFramer, frame_header
from radiotui.radio.framing.frames import MOST_BUFFERED, MOST_HEADS, Frame
from tests.sounds import encode


def cut(data: bytes) -> list[Frame]:
    framer = FlacFramer()
    return framer.feed(data) + framer.flush()


def joined(pieces: list[Frame]) -> bytes:
    return b"".join(piece.data for piece in pieces)


def test_the_metadata_blocks_are_heads_and_name_the_title() -> None:
    pieces = cut(encode("flac-native", 1.0, artist="Nina Simone", title="Sinnerman"))
    heads = [piece for piece in pieces if piece.head]

    assert heads == pieces[: len(heads)]
    assert heads[0].data.startswith(b"fLaC")
    assert [piece.title for piece in heads if piece.title] == ["Nina Simone - Sinnerman"]
    assert all(not piece.start and piece.seconds == 0 for piece in heads)


def test_one_stream_after_another() -> None:
    first = encode("flac-native", 1.0, title="One")
    second = encode("flac-native", 1.0, title="Two", rate=48000)
    framer = FlacFramer()

    pieces = framer.feed(first + second) + framer.flush()

    assert pieces == cut(first) + cut(second)
    assert framer.dropped == 0
    assert [piece.title for piece in pieces if piece.title] == ["One", "Two"]


def test_frames_that_were_lost_do_not_hold_up_the_others() -> None:
    clean = cut(encode("flac-native", 4.0))
    middle = len(clean) // 2

    pieces = cut(joined(clean[:middle] + clean[middle + 3 :]))

    assert pieces == clean[: middle - 1] + clean[middle + 3 :]


def test_the_last_frame_is_given_only_when_it_is_whole() -> None:
    data = encode("flac-native", 1.0)

    assert joined(cut(data)) == data
    assert cut(data[:-1]) == cut(data)[:-1]


def test_a_header_within_a_frame_is_not_believed() -> None:
    clean = cut(encode("flac-native", 2.0))
    head = [piece for piece in clean if piece.head]
    sound = clean[len(head) :]
    # A frame's own header, again in its midst: its checksum is right, its number is not.
    odd = Frame(sound[3].data + sound[3].data[:16] + bytes(50), sound[3].seconds)

    assert cut(joined([*head, *sound[:3], odd, *sound[4:]]))[len(head) + 4 :] == sound[4:]


def header(second: int, codes: int, number: bytes, more: bytes = b"") -> bytes:
    head = bytes([0xFF, second, codes, 0x18]) + number + more
    crc = 0
    for bit in (byte >> shift & 1 for byte in head for shift in range(7, -1, -1)):
        crc = (crc << 1 ^ (0x07 if (crc >> 7) ^ bit else 0)) & 0xFF
    return head + bytes([crc])


@pytest.mark.parametrize(
    ("head", "told"),
    [
        (header(0xF8, 0xC9, b"\x05"), (4096, 44100, 5, 6)),
        (header(0xF8, 0x1A, b"\xc2\x80"), (192, 48000, 128, 129)),
        (header(0xF8, 0x20, b"\xe0\xa0\x80"), (576, 0, 2048, 2049)),
        (header(0xF9, 0x6C, b"\x00", b"\x63\x60"), (100, 96000, 0, 100)),
        (header(0xF9, 0x7D, b"\xf0\x90\x80\x80", b"\x0f\xff\xac\x44"), (4096, 44100, 65536, 69632)),
        (
            header(0xF9, 0x5E, b"\xfe" + b"\xbf" * 6, b"\x11\x3a"),
            (4608, 44100, 2**36 - 1, 2**36 + 4607),
        ),
        (header(0xF8, 0x09, b"\x05"), None),
        (header(0xF8, 0xCF, b"\x05"), None),
        (header(0xF8, 0xC9, b"\x85"), None),
        (header(0xF8, 0xC9, b"\xff"), None),
        (header(0xF8, 0xC9, b"\xc2\x05"), None),
        (header(0xF8, 0xC9, b"\x05")[:-1] + b"\0", None),
        (header(0xF8, 0xC9, b"\x05")[:-1], None),
        (b"", None),
    ],
)
def test_frame_headers(head: bytes, told: tuple[int, int, int, int] | None) -> None:
    assert frame_header(head) == told
    assert frame_header(b"xyz" + head, 3) == told


def test_the_block_size_may_vary() -> None:
    begins = encode("flac-native", 1.0)[:42].replace(b"fLaC\0", b"fLaC\x80")
    frames = [
        header(0xF9, 0x69, b"\x00", b"\x63") + bytes(30),
        header(0xF9, 0x19, b"\x64") + bytes(30),
        header(0xF9, 0x69, b"\xc4\xa4", b"\x63") + bytes(30),
    ]

    pieces = cut(begins + b"".join(frames))

    assert [piece.seconds for piece in pieces[1:]] == [100 / 44100, 192 / 44100]
    assert [piece.data for piece in pieces[1:]] == frames[:2]


def test_a_frame_without_end_is_let_go() -> None:
    framer = FlacFramer()
    data = encode("flac-native", 1.0)
    framer.feed(data)
    for _ in range(40):
        assert framer.feed(bytes(50_000)) == []
        assert framer.buffered < MOST_BUFFERED

    assert framer.feed(data) + framer.flush() == cut(data)


def test_headers_that_never_follow_each_other_are_let_go() -> None:
    framer = FlacFramer()
    framer.feed(encode("flac-native", 1.0)[:42].replace(b"fLaC\0", b"fLaC\x80"))
    for number in range(0, 128, 2):
        for more in range(0, 64, 2):
            coded = bytes([0xC4 + number // 8, 0x80 + more])
            assert framer.feed(header(0xF8, 0xC9, coded) + b"\0") == []
    assert framer.candidates < 100


def test_heads_without_end_are_no_stream() -> None:
    framer = FlacFramer()
    begins = b"fLaC\0\0\0\x22" + encode("flac-native", 1.0)[8:42]
    padding = b"\1\1\0\0" + bytes(65536)
    given = len(joined(framer.feed(begins)))
    for _ in range(100):
        given += len(joined(framer.feed(padding)))

    assert given <= MOST_HEADS
    assert cut(begins)[0].head
    assert joined(framer.feed(encode("flac-native", 1.0))).startswith(b"fLaC")


def test_without_its_first_block_there_is_nothing_to_play() -> None:
    data = encode("flac-native", 1.0)

    assert cut(data[42:]) == []
