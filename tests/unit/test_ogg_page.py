"""Ogg pages as we write and read them, beside those of mutagen."""

from __future__ import annotations

from io import BytesIO

from hypothesis import given
from hypothesis import strategies as st
from mutagen.ogg import OggPage as MutagenPage

from radiotui.radio.framing.id3_tag import tag_bytes
from radiotui.radio.framing.ogg_page import (
    BEGINS,
    CONTINUED,
    ENDS,
    MOST_PART,
    page_bytes,
    read_page,
    restamp,
    whole_pages,
    write_page,
)

packets = st.lists(st.binary(max_size=800), max_size=8)
flags = st.sampled_from([0, BEGINS, CONTINUED, ENDS, CONTINUED | ENDS])
numbers = st.integers(0, 2**32 - 1)
granules = st.integers(-1, 2**62)


@given(packets, flags, numbers, numbers, granules)
def test_mutagen_reads_the_pages_we_write(
    parts: list[bytes], flags: int, serial: int, sequence: int, granule: int
) -> None:
    data = write_page(parts, serial=serial, sequence=sequence, granule=granule, flags=flags)
    theirs = MutagenPage(BytesIO(data))
    assert theirs.packets == parts
    assert (theirs.serial, theirs.sequence, theirs.position) == (serial, sequence, granule)
    assert (theirs.first, theirs.continued, theirs.last) == tuple(
        bool(flags & flag) for flag in (BEGINS, CONTINUED, ENDS)
    )
    assert theirs.write() == data


@given(packets, flags, numbers, numbers, granules)
def test_we_read_the_pages_we_write(
    parts: list[bytes], flags: int, serial: int, sequence: int, granule: int
) -> None:
    data = restamp(
        write_page(parts), serial=serial, sequence=sequence, granule=granule, flags=flags
    )
    page = read_page(data)
    assert page is not None
    assert (page.flags, page.granule, page.serial, page.sequence) == (
        flags,
        granule,
        serial,
        sequence,
    )
    assert list(page.parts()) == [(part, True) for part in parts]
    assert page_bytes(data) == len(data)
    assert list(whole_pages(data + data + data[:-1])) == [data, data]


def test_a_packet_may_go_on_in_the_next_page() -> None:
    page = read_page(write_page([b"a", bytes(510)], is_complete=False))
    assert page is not None
    assert list(page.parts()) == [(b"a", True), (bytes(510), False)]
    full = read_page(write_page([bytes(MOST_PART)], is_complete=False))
    assert full is not None
    assert list(full.parts()) == [(bytes(MOST_PART), False)]


@given(st.data())
def test_a_page_with_one_wrong_byte_is_none(data: st.DataObject) -> None:
    page = bytearray(write_page([b"sound" * 20]))
    at = data.draw(st.integers(0, len(page) - 1))
    page[at] ^= data.draw(st.integers(1, 255))
    # The number of segments tells where the body ends; the mark is looked for before.
    if at not in range(5):
        assert read_page(bytes(page)) is None


def test_the_length_of_an_id3_tag() -> None:
    header = b"ID3\x04\0\0" + bytes([0, 0, 2, 1])
    assert tag_bytes(header) == 10 + 257
    assert tag_bytes(b"xx" + header, 2) == 10 + 257
    assert tag_bytes(b"ID3\x04\0\x10" + bytes([0, 0, 2, 1])) == 10 + 257 + 10
    assert tag_bytes(b"ID3\x04\0\0" + bytes([0, 0, 0x82, 1])) == 0
    assert tag_bytes(b"ID3\xff\0\0" + bytes(4)) == 0
    assert tag_bytes(header[:9]) == 0
