from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiotui.radio import playlists
from radiotui.radio.playlists import Kind, entries, foreign_schemes, kind_of

BASE = "https://radio.example/listen/live.pls?token=1"
PLS = b"[playlist]\nNumberOfEntries=1\nFile1=http://a.example/live.mp3\nLength1=-1\n"
HLS = b"#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-STREAM-INF:BANDWIDTH=64000\naudio.m3u8\n"
XSPF = b"""<?xml version="1.0" encoding="UTF-8"?>
<!-- by hand -->
<playlist version="1" xmlns="http://xspf.org/ns/0/">
  <info>http://no.example/</info><location>https://radio.example/self.xspf</location>
  <trackList>
    <track><location>http://a.example/one?x=1&amp;y=2</location></track>
    <track><location><![CDATA[two.ogg]]></location></track>
  </trackList>
</playlist>"""
ASX = b"""<?xml version="1.0"?><ASX Version = "3.0"><TITLE>Rock & Roll</title>
 <Entry><!-- <Ref href="http://old.example/"/> -->
 <REF HREF = "http://a.example/one?a=1&amp;b=2" /></ENTRY>
 <entry><ref href='two.mp3'></Entry><EntryRef href=http://a.example/three.asx/>
 <ref href="mms://a.example/four"/></asx>"""


@pytest.mark.parametrize(
    ("content_type", "head", "url", "kind"),
    [
        ("audio/x-scpls; charset=utf-8", b"", "http://a.example/", "pls"),
        ("audio/x-mpegurl", b"#EXTM3U\nhttp://a.example/x\n", "http://a.example/", "m3u"),
        ("application/vnd.apple.mpegurl", HLS, "http://a.example/", "hls"),
        ("application/vnd.apple.mpegurl", b"#EXTM3U\nhttp://a.example/x\n", "", "m3u"),
        ("", b"#EXTM3U\nhttp://a.example/x\n", "http://a.example/x.m3u8", "m3u"),
        ("audio/mpeg", HLS, "http://a.example/x.m3u8", "hls"),
        ("video/x-ms-asf", b"<asx version='3.0'>", "", "asx"),
        ("application/xspf+xml", b"<playlist>", "", "xspf"),
        ("text/xml", XSPF, "", "xspf"),
        ("text/plain", ASX, "", "asx"),
        ("text/plain", b"[Reference]\nRef1=http://a.example/x\n", "", "asx"),
        ("text/plain", b"\xef\xbb\xbf\r\n[Playlist]\r\nfile1=http://a.example/x", "", "pls"),
        ("text/html", PLS, "", "pls"),
        ("text/plain", b"# a list\nhttp://a.example/x\n", "", "m3u"),
        ("text/plain", "#EXTM3U\nhttp://a.example/".encode("utf-16"), "", "m3u"),
        ("application/octet-stream", b"live.mp3\n", "http://a.example/live.M3U?x=1", "m3u"),
        ("", b"", "http://a.example/live.pls", "pls"),
        ("text/html", b"<p>sorry", "http://a.example/live.m3u", None),
        ("audio/x-mpegurl", b"<!-- x --><!DOCTYPE HTML><html>", "http://a.example/x.m3u", None),
        ("audio/x-mpegurl", b"OggS\0\2", "http://a.example/x.m3u", None),
        ("audio/x-mpegurl", b"\xff\xfb\x90\x64", "http://a.example/x.m3u", None),
        ("audio/x-scpls", b"\x8a\0\1\2\3", "http://a.example/x.pls", None),
        ("audio/mpeg", b"", "http://a.example/x.m3u", None),
        ("audio/aacp", b"", "http://a.example/x.pls", None),
        ("video/x-ms-asf", b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\0\xaa", "", None),
        ("text/plain", b"Server full", "http://a.example/live", None),
        ("", b"", "http://[broken/live.pls", None),
    ],
)
def test_kind_is_told_by_content_then_type_then_name(
    content_type: str, head: bytes, url: str, kind: Kind | None
) -> None:
    assert kind_of(content_type, head, url) == kind


def test_pls_with_odd_case_wrong_count_and_numbers_out_of_order() -> None:
    body = (
        b"[Playlist]\r\nnumberofentries=7\r\nfile10 = third.mp3\r\nFILE2= http://a.example/2 \r\n"
        b'Title2=Two\r\nfile1="HTTP://a.example/1"\r\nFile11=http://a.example/2\r\nLength1=-1\r\n'
    )

    assert entries("pls", body, BASE) == [
        "http://a.example/1",
        "http://a.example/2",
        "https://radio.example/listen/third.mp3",
    ]


def test_m3u_with_comments_relative_lines_and_latin_1() -> None:
    body = (
        b"#EXTM3U\r\n#EXTINF:-1,Caf\xe9 Radio\r\n//b.example/x\r\n\r\ncaf\xe9 live.mp3\r\n"
        b"C:\\Music\\song.mp3\r\nfile:///etc/passwd\r\nhttp://a.example/x\r\nhttp://a.example/x\r\n"
    )

    assert entries("m3u", body, BASE) == [
        "https://b.example/x",
        "https://radio.example/listen/caf%E9%20live.mp3",
        "http://a.example/x",
    ]


def test_m3u_in_utf_8_with_old_line_ends() -> None:
    assert entries("m3u", "\ufeff#EXTM3U\rhttp://a.example/é\r".encode(), BASE) == [
        "http://a.example/%C3%A9"
    ]


def test_asx_with_odd_case_and_broken_xml() -> None:
    assert entries("asx", ASX, BASE) == [
        "http://a.example/one?a=1&b=2",
        "https://radio.example/listen/two.mp3",
        "http://a.example/three.asx/",
    ]


def test_the_older_asx() -> None:
    body = b"[Reference]\r\nRef1=http://a.example/x?MSWMExt=.asf\r\nRef2=http://a.example/y\r\n"

    assert entries("asx", body, BASE) == ["http://a.example/x?MSWMExt=.asf", "http://a.example/y"]


def test_xspf_names_its_tracks_and_not_itself() -> None:
    assert entries("xspf", XSPF, BASE) == [
        "http://a.example/one?x=1&y=2",
        "https://radio.example/listen/two.ogg",
    ]


@pytest.mark.parametrize(
    ("body", "urls"),
    [
        (
            b"<playlist><trackList><track><location>http://[::1]:8000/a</location></track>"
            b"<track><location><![CDATA[http://a.example/b?c&d]]></location></track></trackList>"
            b"<location>http://self.example/pl.xspf</location></playlist>",
            ["http://[::1]:8000/a", "http://a.example/b?c&d"],
        ),
        (
            b"<x:playlist><x:attribution><x:location>http://by.example/</x:location>"
            b"</x:attribution><x:trackList/></x:playlist>",
            [],
        ),
        (
            b"<playlist xml:base='sub/'><trackList xml:base=\"http://b.example/c/\">"
            b"<track xml:base='d/'><location>e</location></track>"
            b"<track><location xml:base='../'>f</location></track>"
            b"</trackList><trackList><track><location>g</location></track></trackList></playlist>",
            ["http://b.example/c/d/e", "http://b.example/f", "https://radio.example/listen/sub/g"],
        ),
        (
            b"<track><location>http://a.example/1</location></playlist></track>"
            b"<location>http://self.example/</location>",
            ["http://a.example/1"],
        ),
    ],
)
def test_xspf_has_locations_of_its_own_and_bases(body: bytes, urls: list[str]) -> None:
    assert entries("xspf", body, BASE) == urls


def test_parameters_behind_an_address_are_no_part_of_it() -> None:
    body = b"[playlist]\rFile1=http://a.example:8002 sid=8\rFile2=http://a.example/x y=1 z=2\r"

    assert entries("pls", body, BASE) == ["http://a.example:8002", "http://a.example/x"]
    assert entries("m3u", b"http://a.example/my song.mp3\n", BASE) == [
        "http://a.example/my%20song.mp3"
    ]


@pytest.mark.parametrize(
    ("kind", "body", "schemes"),
    [
        ("asx", b'<asx><ref href="MMS://a.example/x"/><ref href="mms://b.example/"/>', ["mms"]),
        ("m3u", b"rtsp://a.example/x\nmmsh://a.example/x\nsong.mp3\n", ["rtsp", "mmsh"]),
        ("pls", b"[playlist]\nFile1=\n", []),
    ],
)  # fmt: skip
def test_addresses_that_cannot_be_used_are_told(
    kind: Kind, body: bytes, schemes: list[str]
) -> None:
    assert foreign_schemes(kind, body) == schemes


def test_the_parts_of_hls_are_no_alternatives() -> None:
    assert entries("hls", HLS, BASE) == []


def test_only_the_first_twenty_addresses_are_tried() -> None:
    body = b"".join(b"http://a.example/%d\n" % number for number in range(1000))

    assert entries("m3u", body, BASE) == [f"http://a.example/{number}" for number in range(20)]


def test_only_so_much_is_read() -> None:
    body = b"#" * playlists.MOST_BYTES + b"\nhttp://a.example/\n"

    assert entries("m3u", body, BASE) == []


@pytest.mark.parametrize(
    "entry",
    [
        b"mms://a.example/x",
        b"javascript:alert(1)",
        b"http://",
        b"http://[::1",
        b"http://a.example:99999/",
        b"http://a b.example/",
        b"http://a.example/\x1b[2J",
        b"http://a.example/\x07",
        b"http://a\x9b31m.example/",
        b"http://a\xc2\x9b31m.example/",
        b"http://a\xe2\x80\xae.example/",
        b"http://a.example/" + b"x" * 5000,
    ],
)
def test_what_is_no_web_address_is_left_out(entry: bytes) -> None:
    assert entries("m3u", entry + b"\nhttp://good.example/\n", BASE) == ["http://good.example/"]


@pytest.mark.parametrize(
    "body",
    [
        b"\n" * playlists.MOST_BYTES,
        b"<ref " * 50_000,
        b"<!--" * 60_000,
        b"<!---->" * 30_000,
        b"<ref href=" * 20_000,
        b"<location>" * 20_000,
        b"file1=" * 40_000,
        b"a=b\n" * 60_000,
        b"#\n" * 100_000,
        b"<?>" * 80_000,
        b"<" + b" " * 200_000,
    ],
)
def test_what_is_made_to_take_long_does_not(body: bytes) -> None:
    kind_of("", body, "")
    for kind in ("pls", "m3u", "asx", "xspf"):
        assert len(entries(kind, body, BASE)) <= 20


@given(
    st.sampled_from(["", "text/html", "audio/x-mpegurl", "video/x-ms-asf"]),
    st.binary() | st.text("<>!-=&;#\"'/:[] \r\nrefhttpasxEXTM3U12.").map(str.encode),
    st.text() | st.just(BASE),
)
def test_nothing_raises(content_type: str, body: bytes, url: str) -> None:
    kind_of(content_type, body, url)
    for kind in ("pls", "m3u", "asx", "xspf", "hls"):
        for entry in entries(kind, body, url):
            assert entry.startswith(("http://", "https://"))
            assert entry.isprintable()
