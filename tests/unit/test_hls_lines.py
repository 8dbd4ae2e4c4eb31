"""Values of an HLS playlist that cannot be used: each costs itself, and the station plays on."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from radiotui.radio.hls.playlist import ByteRange, Key, MasterPlaylist, MediaPlaylist, read

URL = "https://a.example/live/list.m3u8?token=a%2Fb&x=1"
HEAD = "#EXTM3U\n#EXT-X-TARGETDURATION:8\n"
END = "#EXTINF:8,\na.ts\n"


def media(text: str, **variables: str) -> MediaPlaylist:
    playlist = read(text.encode(), URL, "KNAU", variables)
    assert isinstance(playlist, MediaPlaylist)
    return playlist


def master(text: str) -> MasterPlaylist:
    playlist = read(text.encode(), URL, "KNAU")
    assert isinstance(playlist, MasterPlaylist)
    return playlist


@pytest.mark.parametrize(
    ("written", "seconds", "title"),
    [
        ("4.000 offset=0.0,Nina - Sinnerman", 4.0, "Nina - Sinnerman"),
        ('-1 tvg-id="a,b" group="x",Nina, live', 8.0, "Nina, live"),
        ("5s,Nina", 5.0, "Nina"),
        ("5", 5.0, ""),
        (".5,", 0.5, ""),
        (",", 8.0, ""),
        ("", 8.0, ""),
        (";long;,Nina", 8.0, "Nina"),
        ("ten,Nina", 8.0, "Nina"),
        ('6,12" Mix, long', 6.0, '12" Mix, long'),
        ('6,title="Lola",artist="The Kinks"', 6.0, 'title="Lola",artist="The Kinks"'),
    ],
)
def test_a_length_that_cannot_be_read_is_as_long_as_they_all_are(
    written: str, seconds: float, title: str
) -> None:
    segments = media(HEAD + f"#EXTINF:{written}\nb.ts\n" + END).segments

    assert [(segment.seconds, segment.title) for segment in segments] == [
        (seconds, title),
        (8.0, ""),
    ]


@pytest.mark.parametrize(
    ("written", "number"),
    [("5,", 5), ("", 0), ("none", 0), ("-4", 0), ('"7"', 7), ("9" * 5000, 2**63)],
)
def test_a_number_that_cannot_be_read_is_none(written: str, number: int) -> None:
    playlist = media(HEAD + f"#EXT-X-MEDIA-SEQUENCE:{written}\n" + END)

    assert playlist.segments[0].number == number


MAY = datetime(2026, 5, 4, 12, 0, 1, 500_000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "wall"),
    [
        ("2026-05-04T06:00:01.5-6:00", MAY),
        ("2026-05-04T06:00:01.500-0600", MAY),
        ("2026-05-04T14:00:01.500 +0200", MAY),
        ("2026-05-04T14:00:01,5+02", MAY),
        ("2026-05-04 12:00:01.500000123z", MAY),
        ("2026-05-04T12:00:60Z", None),
        ("2026-05-04T24:00:01Z", None),
        ("2026-13-04T12:00:01Z", None),
        ("2026-05-04T12:00:01+99:00", None),
        ("9999-12-31T23:59:59Z", None),
        ("0001-01-01T00:00:00+10:00", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_a_time_that_cannot_be_read_is_none(written: str, wall: datetime | None) -> None:
    playlist = media(HEAD + f"#EXT-X-PROGRAM-DATE-TIME:{written}\n" + END)

    assert playlist.segments[0].wall == wall


@pytest.mark.parametrize(
    ("attributes", "kbps"),
    [
        ("BANDWIDTH=64000,FRAME-RATE=abc", 64.0),
        ('BANDWIDTH="64000"', 64.0),
        ("BANDWIDTH=64000,AVERAGE-BANDWIDTH=", 64.0),
        ("BANDWIDTH=lots,AVERAGE-BANDWIDTH=48000", 48.0),
        ("BANDWIDTH=64000.5,PROGRAM-ID=x,HDCP-LEVEL", 64.0),
        ("bandwidth = 64000", 64.0),
        ("BANDWIDTH=1e999", 0.001),
        ("nothing", 0.0),
    ],
)
def test_what_cannot_be_read_of_a_variant_is_left_out(attributes: str, kbps: float) -> None:
    playlist = master(f"#EXTM3U\n#EXT-X-STREAM-INF:{attributes}\nb.m3u8\n")

    assert [(variant.url, variant.kbps) for variant in playlist.variants] == [
        ("https://a.example/live/b.m3u8", kbps)
    ]


@pytest.mark.parametrize("vector", ["0xZZ", "0x" + "f" * 40, "5", ""])
def test_a_vector_that_cannot_be_read_is_none(vector: str) -> None:
    playlist = media(HEAD + f'#EXT-X-KEY:METHOD=AES-128,URI="k",IV={vector}\n' + END)

    assert playlist.segments[0].key == Key("AES-128", "https://a.example/live/k", None, "identity")


@pytest.mark.parametrize("line", ["#EXT-X-KEY:METHOD", "#EXT-X-KEY:", '#EXT-X-KEY:URI="k"'])
def test_a_key_without_a_method_is_none(line: str) -> None:
    assert media(HEAD + line + "\n" + END).segments[0].key is None


OPEN = '#EXT-X-KEY:METHOD=AES-128,URI="k"\n'
FAIRPLAY = '#EXT-X-KEY:METHOD=SAMPLE-AES,URI="skd://x",KEYFORMAT="com.apple.streamingkeydelivery"\n'


@pytest.mark.parametrize("lines", [OPEN + FAIRPLAY, FAIRPLAY + OPEN, FAIRPLAY + OPEN + FAIRPLAY])
def test_of_two_keys_the_one_that_can_be_had_is_taken(lines: str) -> None:
    keys = [segment.key for segment in media(HEAD + lines + END + FAIRPLAY + END).segments]

    assert [key.method if key else None for key in keys] == ["AES-128", "AES-128"]


def test_an_open_end_takes_the_lock_off() -> None:
    text = HEAD + OPEN + END + "#EXT-X-KEY:METHOD=NONE\n" + END + FAIRPLAY + END
    keys = [segment.key for segment in media(text).segments]

    assert [key.method if key else None for key in keys] == ["AES-128", None, "SAMPLE-AES"]


@pytest.mark.parametrize(
    ("address", "literal"),
    [
        ("data:;base64,MDEyMzQ1Njc4OWFiY2RlZg==", b"0123456789abcdef"),
        ("data:text/plain,0123456789abcde%66", b"0123456789abcdef"),
        ("data:;base64,MDEy", b""),
        ("data:;base64,=", b""),
    ],
)
def test_a_key_may_stand_in_the_playlist(address: str, literal: bytes) -> None:
    key = media(HEAD + f'#EXT-X-KEY:METHOD=AES-128,URI="{address}"\n' + END).segments[0].key

    assert key is not None
    assert (key.literal, key.url) == (literal, "")


def test_variables_are_filled_in() -> None:
    playlist = media(
        HEAD + '#EXT-X-DEFINE:NAME="host",VALUE="https://b.example"\n'
        '#EXT-X-DEFINE:QUERYPARAM="token"\n#EXT-X-DEFINE:IMPORT="day"\n'
        '#EXT-X-MAP:URI="{$host}/init.mp4"\n'
        "#EXTINF:8,{$host}\n{$host}/{$day}/a.ts?t={$token}\n#EXTINF:8,\n{$nobody}.ts\n",
        day="monday",
    )
    first, second = playlist.segments

    assert first.place == ByteRange("https://b.example/monday/a.ts?t=a/b")
    assert first.init == ByteRange("https://b.example/init.mp4")
    assert first.title == "{$host}"
    assert second.place == ByteRange("https://a.example/live/{$nobody}.ts")


def test_a_variable_of_the_address_does_not_end_an_attribute() -> None:
    body = HEAD + '#EXT-X-DEFINE:QUERYPARAM="q"\n#EXT-X-MAP:URI="{$q}.mp4"\n' + END
    url = "https://a.example/live/list.m3u8?q=a%22,BYTERANGE=%221@1"
    playlist = read(body.encode(), url, "KNAU")
    assert isinstance(playlist, MediaPlaylist)
    assert playlist.segments[0].init == ByteRange("https://a.example/live/{$q}.mp4")


def test_variables_of_a_master_are_told_on() -> None:
    playlist = master(
        '#EXTM3U\n#EXT-X-DEFINE:NAME="h",VALUE="https://b.example/"\n'
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="x",URI="{$h}s.m3u8"\n'
        '#EXT-X-STREAM-INF:BANDWIDTH=1,AUDIO="a"\n{$h}v.m3u8\n'
    )

    assert playlist.variables == {"h": "https://b.example/"}
    assert playlist.variants[0].url == "https://b.example/v.m3u8"
    assert playlist.renditions[0].url == "https://b.example/s.m3u8"


def test_variables_do_not_grow_without_end() -> None:
    lines = "".join(f'#EXT-X-DEFINE:NAME="n{n}",VALUE="{"x" * 5000}"\n' for n in range(300))
    playlist = media(HEAD + lines + "#EXTINF:8,\n" + "{$n1}" * 50 + "\n" + END)

    assert len(playlist.segments) == 2


def test_titles_keep_their_bytes_and_addresses_too() -> None:
    text = HEAD.encode() + b"#EXTINF:8,Beyonc\xe9 - D\xe9j\xe0 Vu\ncaf\xe9.ts\n"
    playlist = read(text, URL, "KNAU")

    assert isinstance(playlist, MediaPlaylist)
    segment = playlist.segments[0]
    assert segment.raw_title == b"Beyonc\xe9 - D\xe9j\xe0 Vu"
    assert segment.place is not None
    assert segment.place.url == "https://a.example/live/caf%E9.ts"


@pytest.mark.parametrize(
    ("target", "lengths", "pace"),
    [(1, (4, 4, 4), 4.0), (10, (4, 4, 4), 10.0), (2, (90, 2, 2, 2), 2.0), (2, (2, 90), 60.0)],
)
def test_the_pace_is_that_of_the_newest_segments(
    target: int, lengths: tuple[int, ...], pace: float
) -> None:
    listed = "".join(f"#EXTINF:{length},\n{length}.ts\n" for length in lengths)

    assert media(f"#EXTM3U\n#EXT-X-TARGETDURATION:{target}\n" + listed).pace == pace
