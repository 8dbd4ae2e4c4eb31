"""Lists of stations that other players write, and the one that is written for them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from radiotui.problems import Problem
from radiotui.radio.station_lists import ListedStation, read_list, write_m3u

JAZZ = ListedStation("Jazz, all night", ("http://a.example/1",), "Music & more")


def problem_of(data: bytes) -> Problem:
    with pytest.raises(Problem) as raised:
        read_list(data)
    return raised.value


def test_m3u_has_names_groups_and_pictures() -> None:
    text = (
        "#EXTM3U\r\n"
        '#EXTINF:-1 tvg-logo="https://a.example/l.png" group-title="News, talk",A, B & Cé\r\n'
        "http://a.example/1\r\n"
        "#EXTINF:-1,Two\n#EXTGRP:Jazz\nhttp://b.example/2|User-Agent=x\n"
        '#EXTINF:0 tvg-name="Three",\nhttp://c.example/3\n'
        "song.mp3\nfile:///etc/passwd\nhttp://d.example/jazz.mp3\n"
    )
    assert read_list(text.encode()) == (
        (
            ListedStation(
                "A, B & Cé", ("http://a.example/1",), "News, talk", "https://a.example/l.png"
            ),
            ListedStation("Two", ("http://b.example/2",), "Jazz"),
            ListedStation("Three", ("http://c.example/3",)),
            ListedStation("d.example/jazz.mp3", ("http://d.example/jazz.mp3",)),
        ),
        2,
    )


def test_entries_of_one_name_are_alternatives() -> None:
    text = (
        "[playlist]\nnumberofentries=9\n"
        "File1=http://a.example/1\nTitle1=(#1 - 3/99) Soma\n"
        "File2=http://a.example/2\nTitle2=(#2 - 8/99) Soma\nLength2=-1\n"
        "file3=http://b.example/\ntitle3=Other\n"
    )
    assert read_list(text.encode("latin-1")).stations == (
        ListedStation("Soma", ("http://a.example/1", "http://a.example/2")),
        ListedStation("Other", ("http://b.example/",)),
    )


@pytest.mark.parametrize("name", ["list.m3u", "stations.csv"])
def test_odd_bytes_cost_their_own_line(name: str) -> None:
    text = "#EXTM3U\n#EXTINF:-1,A\nhttp://a.example/é\n"
    text += "" if name.endswith("csv") else "#EXTINF:-1,B\x01\nhttp://b.example/\x00\n"
    listed = read_list(text.encode("latin-1"), url=name)
    assert [(one.name, one.urls) for one in listed.stations] == [("A", ("http://a.example/%E9",))]


def test_names_come_back_as_they_were() -> None:
    names = ('tvg="x" on air', 'Jazz, tvg-id="z", all night', "Jazz", "Jazz")
    listed = [
        (f"{number}/live", ListedStation(name, (f"http://a.example/{number}",)))
        for number, name in enumerate(names)
    ]
    stations = read_list(write_m3u(listed).encode()).stations
    assert stations == tuple(station for _, station in listed)


def test_xspf_has_titles_and_broken_xml_gives_what_can_be_read() -> None:
    text = (
        '<?xml version="1.0"?><playlist xmlns="http://xspf.org/ns/0/"><trackList><track>'
        "<location>http://a.example/?x=1&amp;y=2</location><title>A &amp; B</title>"
        "<image>http://a.example/l.png</image></track>"
        "<track><location>http://b.example/live</location><title>C & D</title></track><track>"
    )
    first, second = read_list(text.encode()).stations
    assert first == ListedStation(
        "A & B", ("http://a.example/?x=1&y=2",), picture="http://a.example/l.png"
    )
    assert (second.urls, second.name[:1]) == (("http://b.example/live",), "C")


def test_opml_has_sound_in_groups_and_no_feeds() -> None:
    text = (
        '<opml version="1"><body><outline text="Local">'
        '<outline type="audio" text="KNAU" URL="http://a.example/1" image="http://a.example/i"/>'
        '<outline type="rss" text="F" xmlUrl="http://f.example/"/></outline>'
        '<outline type="link" text="More" URL="http://m.example/"/>'
        '<outline type="audio" title="B" xmlUrl="http://b.example/"/></body></opml>'
    )
    assert read_list(text.encode()).stations == (
        ListedStation("KNAU", ("http://a.example/1",), "Local", "http://a.example/i"),
        ListedStation("B", ("http://b.example/",)),
    )


def test_pyradios_csv_has_remarks_groups_encodings_and_icons() -> None:
    text = (
        "# my stations\nNews,-\n"
        '"A, b",http://a.example/,cp1251,http://a.example/i\n'
        'B,http://b.example/,,"{""image"": ""http://b.example/i""}"\n'
        "no address\nC,nonsense\n"
    )
    assert read_list(text.encode(), url="stations.csv").stations == (
        ListedStation("A, b", ("http://a.example/",), "News", "http://a.example/i", "cp1251"),
        ListedStation("B", ("http://b.example/",), "News", "http://b.example/i"),
    )


def test_entities_are_not_resolved() -> None:
    text = (
        '<!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/passwd">]><playlist><trackList><track>'
        "<location>http://a.example/</location><title>a&x;b</title></track></trackList></playlist>"
    )
    assert "root" not in read_list(text.encode()).stations[0].name


def test_a_stream_and_a_page_are_no_lists() -> None:
    hls = b"#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\na.ts\n"
    assert problem_of(hls).title == "this is the stream of one station, and no list of stations"
    for data in (b"", b"\0\1\xff", b"<html><body>Log in</body></html>", b"a,b\nc,d\n"):
        assert problem_of(data).title == "there is no station in this list"


def test_more_than_is_read_is_refused() -> None:
    assert "more than 5000" in problem_of(b"http://a.example/\n" * 5001).title
    assert "5 MB" in problem_of(b"#" * (5 * 1024 * 1024 + 1)).title


def test_what_is_written_is_read_again() -> None:
    quoted = ListedStation('The "Best"', ("http://b.example/",), 'Say "x"', "http://b.example/l")
    text = write_m3u([("a/live", JAZZ), ("b/live", quoted)])
    assert text.startswith('#EXTM3U\n#EXTINF:-1 tvg-id="a/live" group-title="Music & more",Jazz, ')
    assert read_list(text.encode()).stations == (JAZZ, replace(quoted, group="Say 'x'"))


PIECES = [
    *("#EXTM3U\n", "#EXTINF:-1", ' tvg-logo="', '"', ",", "N\x1b]0;x\x07\u202e\n", "[playlist]\n"),
    *("File1=", "Title1=", "http://a.example/", "\n", "<track>", "<location>", "</location>"),
    *("<playlist>", "<title>", '<opml><outline type="audio" text="', '" URL="', "A,", "-", "\0"),
    *("{", "&#27;", "<!DOCTYPE x [", "]]>", "é", "\ufeff"),
]


@settings(max_examples=80)
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join), st.sampled_from("abx"))
def test_no_list_raises_or_harms(text: str, kind: str) -> None:
    url = {"a": "x.csv", "b": "x.opml", "x": "http://l.example/x"}[kind]
    try:
        listed = read_list(text.encode(), url=url)
    except Problem:
        return
    for station in listed.stations:
        words = "".join((station.name, station.group, station.picture, *station.urls))
        assert words.isprintable()
