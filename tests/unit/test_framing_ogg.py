from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiotui.radio.framing import vorbis_comments as comments
from radiotui.radio.framing.frames import MOST_BUFFERED, MOST_HEADS, Frame
from radiotui.radio.framing.ogg import OggFramer
from tests.sounds import encode, heard

OPUS_HEAD = struct.pack("<8sBBHIhB", b"OpusHead", 1, 2, 312, 48000, 0, 0)
VORBIS_HEAD = b"\x01vorbis" + struct.pack("<IBIiiiBB", 0, 2, 44100, 0, 0, 0, 0xB8, 1)
TWENTY_MS = b"\x08" + bytes(30)  # SILK at 20 ms, one frame


def cut(data: bytes) -> list[Frame]:
    framer = OggFramer()
    return framer.feed(data) + framer.flush()


def joined(pieces: list[Frame]) -> bytes:
    return b"".join(piece.data for piece in pieces)


def seconds(pieces: list[Frame]) -> list[float]:
    return [round(piece.seconds, 6) for piece in pieces if not piece.head]


def crc(data: bytes) -> int:
    value = 0
    for byte in data:
        value ^= byte << 24
        for _ in range(8):
            value = (value << 1 ^ (0x04C11DB7 if value >> 31 else 0)) & 0xFFFFFFFF
    return value


def page(
    *packets: bytes, granule: int = 0, flags: int = 0, serial: int = 7, open_end: bool = False
) -> bytes:
    lacing = b""
    for packet in packets:
        lacing += b"\xff" * (len(packet) // 255) + bytes([len(packet) % 255])
    if open_end:  # the last packet is a multiple of 255 bytes long and goes on
        lacing = lacing[:-1]
    blank = struct.pack("<4sBBqIIIB", b"OggS", 0, flags, granule, serial, 0, 0, len(lacing))
    blank += lacing + b"".join(packets)
    return blank[:22] + struct.pack("<I", crc(blank)) + blank[26:]


def said(*fields: bytes) -> bytes:
    parts = [struct.pack("<I", len(field)) + field for field in fields]
    return struct.pack("<I", 4) + b"test" + struct.pack("<I", len(fields)) + b"".join(parts)


def opus(*pages: bytes, fields: tuple[bytes, ...] = ()) -> bytes:
    return page(OPUS_HEAD, flags=2) + page(b"OpusTags" + said(*fields)) + b"".join(pages)


def test_each_link_of_a_chain_brings_its_title() -> None:
    first = encode("opus", 2.0, artist="Nina Simone", title="Sinnerman")
    second = encode("vorbis", 2.0, title="Morning Edition")
    third = encode("flac", 2.0)
    framer = OggFramer()
    codecs: list[str] = []

    pieces: list[Frame] = []
    for link in (first, second, third):
        pieces += framer.feed(link)
        codecs.append(framer.codec)

    assert joined(pieces) == first + second + third
    assert framer.dropped == 0
    assert codecs == ["Opus", "Vorbis", "FLAC"]
    titles = [piece.title for piece in pieces if piece.title is not None]
    assert titles == ["Nina Simone - Sinnerman", "Morning Edition", ""]
    assert sum(piece.seconds for piece in pieces) == pytest.approx(6.0, abs=0.04)


def test_a_new_link_may_keep_the_serial_of_the_last() -> None:
    one = opus(page(TWENTY_MS, granule=960), fields=(b"TITLE=One",))
    two = opus(page(TWENTY_MS, granule=960), fields=(b"TITLE=Two",))

    pieces = cut(one + two)

    assert joined(pieces) == one + two
    assert [piece.title for piece in pieces if piece.title] == ["One", "Two"]


@pytest.mark.parametrize("codec", ["opus", "vorbis", "flac"])
def test_a_broadcast_joined_in_its_midst(codec: str) -> None:
    pieces = cut(encode(codec, 3.0))
    head = [piece for piece in pieces if piece.head]
    sound = [piece for piece in pieces if not piece.head]

    later = cut(joined(head) + joined(sound[6:]))

    # Of Vorbis the first page is only estimated: short blocks count as long ones.
    assert later[len(head) + 1 :] == sound[7:]
    assert later[len(head)].seconds == pytest.approx(sound[6].seconds, abs=0.03)
    assert later[len(head)].start


@pytest.mark.parametrize(
    ("packet", "milliseconds"),
    [
        (b"\x00", 10),
        (b"\x19", 120),
        (b"\x18", 60),
        (b"\x6a", 40),
        (b"\x60", 10),
        (b"\x80", 2.5),
        (b"\xfc", 20),
        (b"\xfb\x03", 60),
        (b"\xfb", 0),
        (b"\xfb\x3f", 120),
        (b"", 0),
    ],
)
def test_the_first_page_of_opus_is_measured_by_its_packets(
    packet: bytes, milliseconds: float
) -> None:
    data = opus(page(packet, granule=10_000_000))

    assert seconds(cut(data)) == [milliseconds / 1000]


def test_what_is_to_be_skipped_at_the_beginning_is_no_sound() -> None:
    data = opus(page(TWENTY_MS, granule=960), page(TWENTY_MS, granule=1920))

    assert seconds(cut(data)) == [round((960 - 312) / 48000, 6), 0.02]


def test_a_page_in_which_no_packet_ends_has_no_length() -> None:
    long = TWENTY_MS[:1] + bytes(509)
    data = opus(
        page(TWENTY_MS, granule=96_000),
        page(long, granule=-1, open_end=True),
        page(bytes(20), TWENTY_MS, granule=97_920, flags=1),
    )

    pieces = [piece for piece in cut(data) if not piece.head]

    assert seconds(pieces) == [0.02, 0.0, 0.04]
    assert [piece.start for piece in pieces] == [True, True, True]


def test_sound_on_a_page_that_does_not_count_is_counted_with_the_next() -> None:
    data = opus(
        page(TWENTY_MS, granule=96_000),
        page(TWENTY_MS, granule=-1),
        page(TWENTY_MS, granule=97_920),
    )

    assert seconds(cut(data)) == [0.02, 0.0, 0.04]


def test_a_page_that_only_ends_a_packet_is_no_place_to_begin() -> None:
    data = opus(
        page(TWENTY_MS[:1] + bytes(254), granule=-1, open_end=True),
        page(bytes(20), granule=96_000, flags=1),
        page(TWENTY_MS, granule=96_960),
    )

    pieces = [piece for piece in cut(data) if not piece.head]

    assert [piece.start for piece in pieces] == [True, False, True]
    assert seconds(pieces) == [0.0, 0.02, 0.02]


def test_the_end_of_a_packet_that_was_never_begun_is_no_sound() -> None:
    data = opus(page(bytes(20), TWENTY_MS, granule=96_000, flags=1))

    assert seconds(cut(data)) == [0.02]


def test_pages_that_were_lost_are_not_counted() -> None:
    data = opus(page(TWENTY_MS, granule=96_000), page(TWENTY_MS, granule=9_600_000))

    assert seconds(cut(data)) == [0.02, 0.02]


def test_a_count_that_goes_back_is_not_believed() -> None:
    data = opus(
        *(page(TWENTY_MS, granule=granule) for granule in (96_000, 5_000, 1_000, -(2**62), 2**62))
    )

    assert seconds(cut(data))[:3] == [0.02, 0.02, 0.02]
    assert all(0 <= length <= 0.04 for length in seconds(cut(data)))


def test_streams_beside_the_sound_are_left_out() -> None:
    sound = [
        page(OPUS_HEAD, flags=2),
        page(b"OpusTags" + said()),
        page(TWENTY_MS, granule=96_000),
    ]
    picture = [
        page(b"\x80theora", flags=2, serial=1),
        page(b"\x81theora", serial=1),
        page(b"picture", serial=1, granule=3),
    ]
    other = page(VORBIS_HEAD, flags=2, serial=2)
    framer = OggFramer()

    pieces = framer.feed(
        picture[0]
        + sound[0]
        + other
        + b"".join(beside + heard_ for beside, heard_ in zip(picture[1:], sound[1:], strict=True))
    )

    assert joined(pieces) == b"".join(sound)
    assert framer.dropped == len(b"".join(picture)) + len(other)


def test_pages_before_any_header_are_left_out() -> None:
    data = page(TWENTY_MS, granule=96_000)
    framer = OggFramer()

    assert framer.feed(data) == []
    assert framer.dropped == len(data)


def test_a_page_that_was_changed_on_the_way_is_left_out() -> None:
    good = opus(page(TWENTY_MS, granule=96_000), page(TWENTY_MS, granule=96_960))
    clean = cut(good)
    at = len(joined(clean[:2])) + 40
    framer = OggFramer()

    pieces = framer.feed(good[:at] + b"\x55" + good[at + 1 :])

    assert pieces == [*clean[:2], Frame(clean[3].data, 0.02)]
    assert framer.dropped == len(clean[2].data)


def test_comments_may_take_many_pages() -> None:
    packet = b"OpusTags" + said(
        b"METADATA_BLOCK_PICTURE=" + b"A" * 200_000, b"title=After the picture"
    )
    at = 255 * 255
    parts = [packet[begin : begin + at] for begin in range(0, len(packet), at)]
    pages = [page(OPUS_HEAD, flags=2), page(parts[0], granule=-1, open_end=True)]
    pages += [page(part, granule=-1, flags=1, open_end=True) for part in parts[1:-1]]
    pages += [page(parts[-1], flags=1), page(TWENTY_MS, granule=96_000)]

    pieces = cut(b"".join(pages))

    assert [piece.head for piece in pieces] == [True] * (len(pages) - 1) + [False]
    assert [piece.title for piece in pieces[:-1]] == [None] * (len(pages) - 2) + [
        "After the picture"
    ]


def test_headers_without_end_are_no_stream() -> None:
    framer = OggFramer()
    filler = page(b"x" * 255 * 255, flags=1, granule=-1, open_end=True)
    given = len(joined(framer.feed(page(OPUS_HEAD, flags=2))))
    for _ in range(2 * MOST_HEADS // len(filler)):
        given += len(joined(framer.feed(filler)))

    assert given <= MOST_HEADS
    assert framer.buffered < MOST_BUFFERED
    link = opus(page(TWENTY_MS, granule=96_000))
    assert joined(framer.feed(link)) == link


@pytest.mark.parametrize(
    ("fields", "title"),
    [
        ((b"TITLE=Sinnerman", b"ARTIST=Nina Simone"), "Nina Simone - Sinnerman"),
        ((b"title=Sinnerman",), "Sinnerman"),
        ((b"Artist=Nina Simone",), "Nina Simone"),
        ((b"ARTIST=A", b"artist=B", b"TITLE=x=y - z"), "A, B - x=y - z"),
        (("TITLE=Jóga".encode(), b"ENCODER=x"), "Jóga"),
        ((b"TITLE=\xff\xfe",), "\ufffd\ufffd"),
        ((b"TITLE= ", b"ARTIST"), ""),
        ((), ""),
    ],
)
def test_comments_name_artist_and_title(fields: tuple[bytes, ...], title: str) -> None:
    assert comments.title(said(*fields)) == title
    assert [piece.title for piece in cut(opus(fields=fields))] == [None, title]


@given(st.binary() | st.binary().map(lambda data: b"\0\0\0\0\xff\0\0\0\5\0\0\0TITLE" + data))
def test_comments_that_lie_harm_nobody(body: bytes) -> None:
    assert isinstance(comments.title(body), str)


@pytest.mark.parametrize(
    "packet",
    [
        b"\x01vorbis",
        VORBIS_HEAD[:12] + bytes(4) + VORBIS_HEAD[16:],
        VORBIS_HEAD[:28] + b"\x11\x01",
        b"OpusHead",
        b"\x7fFLAC\x01\x00",
        b"\x7fFLAC\x01\x00\0\1fLaC\0\0\0\x22" + bytes(34),
        b"Speex   1.2",
        b"",
    ],
)
def test_a_beginning_that_is_none(packet: bytes) -> None:
    assert cut(page(packet, flags=2) + page(TWENTY_MS, granule=5)) == []


def test_pages_of_a_second_are_decoded_from_each_of_them() -> None:
    pieces = cut(encode("vorbis", 4.0, page_ms=1000))
    head = joined([piece for piece in pieces if piece.head])
    sound = [piece for piece in pieces if not piece.head]

    for index, piece in enumerate(sound[:-1]):
        assert piece.start
        length, broken = heard(head + joined(sound[index:]), "ogg")
        assert broken == 0
        assert length == pytest.approx(sum(later.seconds for later in sound[index:]), abs=0.05)
