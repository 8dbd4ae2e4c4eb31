from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiotui.radio.titles.icy import Demux, IcyBlock, Meta, header_info, parse
from radiotui.radio.titles.titles import TitleEncoding


def block(text: bytes) -> bytes:
    return bytes([-(-len(text) // 16)]) + text.ljust(-(-len(text) // 16) * 16, b"\0")


def read(raw: bytes) -> IcyBlock:
    return parse(raw, TitleEncoding(None).decode)


def joined(parts: list[bytes | Meta]) -> list[bytes | Meta]:
    """Parts of sound that lie beside each other as one."""
    whole: list[bytes | Meta] = []
    for part in parts:
        last = whole[-1] if whole else None
        if isinstance(part, bytes) and isinstance(last, bytes):
            whole[-1] = last + part
        else:
            whole.append(part)
    return whole


def test_titles_come_out_of_the_sound_in_their_place() -> None:
    stream = (
        b"a" * 10 + block(b"StreamTitle='x';") + b"b" * 10 + block(b"") + b"c" * 10 + block(b"y")
    )

    assert joined(Demux(10).feed(stream + b"d")) == [
        b"a" * 10,
        Meta(b"StreamTitle='x';"),
        b"b" * 10 + b"c" * 10,
        Meta(b"y"),
        b"d",
    ]


@given(
    st.integers(1, 40),
    st.lists(st.binary(max_size=60), max_size=6),
    st.lists(st.integers(0, 500)),
    st.data(),
)
def test_however_it_was_chunked(
    metaint: int, texts: list[bytes], cuts: list[int], data: st.DataObject
) -> None:
    sounds = [data.draw(st.binary(min_size=metaint, max_size=metaint)) for _ in texts]
    stream = b"".join(
        sound + block(text) for sound, text in zip(sounds, texts, strict=True)
    ) + data.draw(st.binary(max_size=metaint))
    edges = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    demux = Demux(metaint)

    parts = [part for begin, end in pairwise(edges) for part in demux.feed(stream[begin:end])]

    assert joined(parts) == joined(Demux(metaint).feed(stream))
    assert b"".join(p for p in parts if isinstance(p, bytes)).startswith(b"".join(sounds))
    said = [text.rstrip(b"\0") for text in texts]
    assert [p.raw for p in parts if isinstance(p, Meta)] == [text for text in said if text]


def test_without_an_interval_all_is_sound() -> None:
    assert Demux(0).feed(b"StreamTitle='x';") == [b"StreamTitle='x';"]
    assert Demux(-5).feed(b"") == []


@pytest.mark.parametrize(
    ("raw", "title"),
    [
        (b"StreamTitle='Nina Simone - Sinnerman';", "Nina Simone - Sinnerman"),
        (
            b"StreamTitle='Nina Simone - Sinnerman';StreamUrl='http://x.example/';",
            "Nina Simone - Sinnerman",
        ),
        (b"StreamTitle='It's a 'Man's'; Man's World';StreamUrl='';", "It's a 'Man's'; Man's World"),
        (b"StreamTitle='Rock 'n' Roll';", "Rock 'n' Roll"),
        (b"StreamTitle='a';b';\x12\x34", "a';b"),
        (b"StreamTitle='abc';garbage", "abc"),
        (b"StreamTitle='abc'garbage;StreamUrl='';", "abc"),
        (b"StreamTitle='It's abc' \x07", "It's abc"),
        (b"StreamTitle='It's cut of", "It's cut of"),
        ("StreamTitle='L'été".encode(), "L'été"),
        (b"StreamTitle='';StreamUrl='';", ""),
        (b"StreamTitle='';", ""),
        (b"StreamTitle='", ""),
        (b"StreamUrl='http://x.example/';", ""),
        (b"streamtitle='x';", "x"),
        (b"StreamUrl='';StreamTitle='x';", "x"),
        (b"StreamTitle='Caf\xe9';", "Café"),
        (b"StreamTitle='\x1b]0;owned\x07[/]\x1b[2J';", "[/]"),
        (b"\xff\xfe\x00garbage", ""),
        (b"", ""),
    ],
)
def test_a_title_is_read_whatever_it_holds(raw: bytes, title: str) -> None:
    assert read(raw).title == title


@pytest.mark.parametrize(
    ("raw", "url"),
    [
        (
            b"StreamTitle='x';StreamUrl='https://knau.org/now?a=1&b=2';",
            "https://knau.org/now?a=1&b=2",
        ),
        (b"StreamTitle='x';StreamUrl='www.knau.org';", "http://www.knau.org"),
        (b"StreamTitle='x';StreamUrl='javascript:alert(1)';", ""),
        (b"StreamTitle='x';StreamUrl='&artist=A&title=B';", ""),
        (b"StreamTitle='x';StreamUrl='http://x.example/\x1b[2J y';", ""),
        (b"StreamTitle='x';", ""),
    ],
)
def test_only_web_addresses_are_links(raw: bytes, url: str) -> None:
    assert read(raw).url == url


@pytest.mark.parametrize(
    ("raw", "ad", "seconds", "title"),
    [
        (
            b"StreamTitle='';StreamUrl='';adw_ad='true';durationMilliseconds='30014';adId='1';",
            True,
            30.014,
            "",
        ),
        (
            b"StreamTitle='Our sponsor';adw_ad='true';durationMilliseconds='15000';",
            True,
            15.0,
            "Our sponsor",
        ),
        (b"adw_ad='true';durationMilliseconds='999999999';", True, None, ""),
        (b"adw_ad='true';", True, None, ""),
        (b"StreamTitle='x';adw_ad='false';durationMilliseconds='100';", False, None, "x"),
    ],
)
def test_advertisements_are_marked(raw: bytes, ad: bool, seconds: float | None, title: str) -> None:
    said = read(raw)

    assert (said.ad, said.ad_seconds, said.title) == (ad, seconds, title)


@pytest.mark.parametrize(
    ("title", "shown", "ad", "seconds"),
    [
        (
            r'title="Sinnerman",artist="Nina Simone",url="song_spot=\"M\" length=\"00:04:08\""',
            "Nina Simone - Sinnerman",
            False,
            None,
        ),
        (
            r'title="Say "Hi"",artist="A, B",url="song_spot=\"F\" length=\"00:04:08\""',
            'A, B - Say "Hi"',
            False,
            None,
        ),
        (
            'Queen - text="We Will Rock You" song_spot="M" MediaBaseId="1046" length="00:02:01"',
            "Queen - We Will Rock You",
            False,
            None,
        ),
        (' - text="Spot Block End" amgTrackId="9876543" length="00:00:00"', "", False, None),
        ('text="text="Spot Block End" amgTrackId="9"" length="00:00:00"', "", False, None),
        (
            r'title="Grocer",artist="Agency",url="song_spot=\"T\" length=\"00:00:29\""',
            "",
            True,
            29.0,
        ),
        ('A - title="B",artist="A",song_spot="M" TAID="0"', "A - B", False, None),
        ('She said "title" - and left', 'She said "title" - and left', False, None),
    ],
)
def test_cart_records_are_unpacked(title: str, shown: str, ad: bool, seconds: float | None) -> None:
    said = read(b"StreamTitle='" + title.encode() + b"';StreamUrl='';")

    assert (said.title, said.ad, said.ad_seconds) == (shown, ad, seconds)


@given(
    st.binary(max_size=4080)
    | st.text("StreamTitle='Url;adw_\" \\song_spot=textM").map(
        lambda text: b"StreamTitle='" + text.encode()
    )
)
def test_no_block_raises(raw: bytes) -> None:
    said = read(raw)
    assert len(said.title) <= 500


def test_headers_describe_the_station() -> None:
    info = header_info(
        {
            "Content-Type": "Audio/MPEG; charset=utf-8",
            "icy-name": "KNAU \x1b[31mNews",
            "icy-br": "128",
            "icy-genre": "Public Radio",
            "icy-url": "https://www.knau.org",
            "icy-metaint": "16000",
        }
    )

    assert info.name == "KNAU News"
    assert info.bitrate_kbps == 128
    assert info.genre == "Public Radio"
    assert info.url == "https://www.knau.org"
    assert info.content_type == "audio/mpeg"
    assert info.metaint == 16000


def test_headers_that_say_nothing() -> None:
    info = header_info({})

    assert (info.name, info.bitrate_kbps, info.genre, info.url) == ("", None, "", "")
    assert (info.content_type, info.metaint) == ("", 0)


@pytest.mark.parametrize(
    ("value", "metaint"),
    [
        ("8192", 8192),
        (" 8192 , 8192", 8192),
        ("0", 0),
        ("-1", 0),
        ("99999999", 0),
        ("9" * 5000, 0),
        ("many", 0),
        ("٣", 0),
        ("", 0),
    ],
)
def test_an_interval_that_makes_no_sense_is_none(value: str, metaint: int) -> None:
    assert header_info({"icy-metaint": value}).metaint == metaint


@pytest.mark.parametrize(
    ("headers", "kbps"),
    [
        ({"icy-br": "128,128"}, 128),
        ({"icy-br": "320000"}, 320),
        ({"icy-br": "Quality 4", "ice-audio-info": "ice-samplerate=44100;ice-bitrate=192"}, 192),
        ({"ice-audio-info": "bitrate=96"}, 96),
        ({"icy-br": "0"}, None),
        ({"icy-br": "-64"}, None),
        ({"icy-br": "999999999"}, None),
    ],
)
def test_bitrates_as_servers_write_them(headers: dict[str, str], kbps: int | None) -> None:
    assert header_info(headers).bitrate_kbps == kbps


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ("Rádio Comercial".encode().decode("latin-1"), "Rádio Comercial"),
        ("Rádio Comercial", "Rádio Comercial"),
        ("no name", ""),
        ("This is my server name", ""),
        ("x" * 10_000, "x" * 199 + "…"),
    ],
)
def test_names_are_mended(sent: str, name: str) -> None:
    assert header_info({"icy-name": sent}).name == name


def test_a_home_page_without_its_scheme_is_a_link_and_a_script_is_not() -> None:
    assert header_info({"icy-url": "www.knau.org"}).url == "http://www.knau.org"
    assert header_info({"icy-url": "javascript:alert(1)"}).url == ""
