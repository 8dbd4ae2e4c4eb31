"""HLS playlists: what they say, and that no text makes them do anything else."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radiotui.problems import Problem
from radiotui.radio.hls.playlist import ByteRange, Key, MasterPlaylist, MediaPlaylist, read

BASE = "https://a.example/live/list.m3u8?session=1"
HEAD = "#EXTM3U\n#EXT-X-TARGETDURATION:10\n"


def media(text: str) -> MediaPlaylist:
    found = read(text.encode(), BASE, "KNAU")
    assert isinstance(found, MediaPlaylist)
    return found


def master(text: str) -> MasterPlaylist:
    found = read(text.encode(), BASE, "KNAU")
    assert isinstance(found, MasterPlaylist)
    return found


def test_segments_have_numbers_places_and_lengths():
    found = media(
        HEAD + "#EXT-X-MEDIA-SEQUENCE:7\n#EXTINF:9.9,A - B, C\none.ts\n"
        "#EXT-X-DISCONTINUITY\n#EXTINF:10\nhttps://b.example/two.ts?x=1\n#EXT-X-ENDLIST\n"
    )
    assert (found.target, found.ended) == (10.0, True)
    assert [each.number for each in found.segments] == [7, 8]
    assert [each.place for each in found.segments] == [
        ByteRange("https://a.example/live/one.ts"),
        ByteRange("https://b.example/two.ts?x=1"),
    ]
    assert [each.seconds for each in found.segments] == [9.9, 10.0]
    assert [each.title for each in found.segments] == ["A - B, C", ""]
    assert [each.discontinuity for each in found.segments] == [False, True]


def test_the_stations_time_goes_on_from_segment_to_segment():
    found = media(
        HEAD + "#EXT-X-PROGRAM-DATE-TIME:2026-05-04T12:00:00.5Z\n#EXTINF:10,\na\n#EXTINF:10,\nb\n"
    )
    assert found.segments[1].wall == datetime(2026, 5, 4, 12, 0, 10, 500_000, tzinfo=UTC)
    bare = media(HEAD + "#EXT-X-PROGRAM-DATE-TIME:2026-05-04T12:00:00\n#EXTINF:10,\na\n")
    assert bare.segments[0].wall == datetime(2026, 5, 4, 12, tzinfo=UTC)


def test_keys_hold_until_the_next():
    found = media(
        HEAD + '#EXT-X-KEY:METHOD=AES-128,URI="k1",IV=0x0F\n#EXTINF:1,\na\n#EXTINF:1,\nb\n'
        "#EXT-X-KEY:METHOD=NONE\n#EXTINF:1,\nc\n"
    )
    key = Key("AES-128", "https://a.example/live/k1", bytes(15) + b"\x0f", "identity")
    assert [each.key for each in found.segments] == [key, key, None]


def test_what_is_not_on_the_web_cannot_be_had():
    found = media(HEAD + "#EXTINF:1,\nfile:///etc/passwd\n#EXTINF:1,\ndata:,x\n#EXTINF:1,\nc\n")
    assert [each.place is None for each in found.segments] == [True, True, False]
    assert [each.number for each in found.segments] == [0, 1, 2]
    mapped = media(HEAD + '#EXT-X-MAP:URI="file:///etc/passwd"\n#EXTINF:1,\na\n')
    assert mapped.segments[0].place is None


def test_a_listed_gap_cannot_be_had():
    assert media(HEAD + "#EXT-X-GAP\n#EXTINF:1,\na\n").segments[0].place is None


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("#EXT-X-TARGETDURATION:10.5\n#EXTINF:1,\na\n", 10.5),
        ("#EXT-X-TARGETDURATION:0\n#EXTINF:1,\na\n", 0.5),
        ("#EXT-X-TARGETDURATION:99999\n#EXTINF:1,\na\n", 60.0),
        ("#EXT-X-TARGETDURATION:\n#EXTINF:4,\na\n", 4.0),
        ("#EXTINF:nan,\na\n#EXTINF:inf,\na\n", 0.5),
    ],
)
def test_the_pace_is_one_that_can_be_kept(text: str, target: float):
    assert media("#EXTM3U\n" + text).target == target


def test_a_line_ends_where_servers_end_it():
    found = media(HEAD + "#EXTINF:1,one\u2028two\x85three\x0bfour\r\na.ts\r\n")
    assert [each.title for each in found.segments] == ["one two three four"]
    assert found.segments[0].place == ByteRange("https://a.example/live/a.ts")


def test_an_endless_address_is_none():
    found = media(HEAD + f"#EXTINF:1,\n{'x' * 10_000}\n#EXTINF:1,\nb\n")
    assert [each.place is None for each in found.segments] == [True, False]


def test_variants_and_their_sound():
    found = master(
        '#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="x",DEFAULT=YES,URI="a.m3u8"\n'
        '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="a",NAME="x",URI="s.m3u8"\n'
        '#EXT-X-STREAM-INF:BANDWIDTH=900000,AVERAGE-BANDWIDTH=800000,CODECS="avc1.4d,mp4a.40.2",'
        'RESOLUTION=640x360,AUDIO="a"\nv.m3u8\n#EXT-X-STREAM-INF:BANDWIDTH=64000\nplain.m3u8\n'
    )
    video, plain = found.variants
    assert (video.kbps, video.has_picture, video.group) == (800.0, True, "a")
    assert video.codecs == ("avc1.4d", "mp4a.40.2")
    assert (plain.kbps, plain.has_picture, plain.codecs) == (64.0, False, ())
    assert [each.url for each in found.renditions] == ["https://a.example/live/a.m3u8"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "#EXTM3U\n",
        "<html>",
        HEAD + "#EXT-X-BYTERANGE:5@0\na\n",
    ],
)
def test_what_makes_no_sense_is_a_problem(text: str):
    with pytest.raises(Problem, match="KNAU"):
        read(text.encode(), BASE, "KNAU")


def test_numbers_stay_numbers():
    text = HEAD + "#EXT-X-MEDIA-SEQUENCE:99999999999999999999\n#EXTINF:1e400,\na\n"
    assert media(text).segments[0].number == 2**63
    assert media(text).segments[0].seconds == 0.0


_LINES = st.lists(
    st.one_of(
        st.text(max_size=30),
        st.builds(
            "{}{}".format,
            st.sampled_from(
                [
                    "#EXTM3U", "#EXTINF:", "#EXT-X-BYTERANGE:", "#EXT-X-MEDIA-SEQUENCE:",
                    "#EXT-X-TARGETDURATION:", "#EXT-X-PROGRAM-DATE-TIME:", "#EXT-X-DISCONTINUITY",
                    "#EXT-X-KEY:METHOD=AES-128,IV=", "#EXT-X-KEY:", "#EXT-X-MAP:URI=",
                    "#EXT-X-STREAM-INF:", "#EXT-X-STREAM-INF:BANDWIDTH=", "#EXT-X-MEDIA:TYPE=AUDIO",
                    "#EXT-X-GAP", "#EXT-X-ENDLIST", "a.ts", "https://[", "file://",
                ]
            ),
            st.one_of(
                st.text(max_size=20),
                st.floats().map(str),
                st.integers().map(str),
                st.sampled_from(["10,\na.ts", "5@7", '"a"', "=,=", "0xff", "2026-05-04T12:00:00"]),
            ),
        ),
    ),
    max_size=25,
)  # fmt: skip


@given(_LINES)
@settings(max_examples=300)
def test_no_text_does_more_than_be_a_problem(lines: list[str]):
    try:
        found = read("\n".join(lines).encode("utf-8", "surrogatepass"), BASE, "KNAU")
    except Problem:
        return
    places = (
        [each.place.url for each in found.segments if each.place]
        if isinstance(found, MediaPlaylist)
        else [each.url for each in found.variants]
    )
    assert all(url.startswith(("http://", "https://")) for url in places)


@given(st.binary(max_size=400))
@settings(max_examples=100)
def test_no_bytes_do_more_than_be_a_problem(body: bytes):
    try:
        read(body, BASE, "KNAU")
    except Problem:
        return
