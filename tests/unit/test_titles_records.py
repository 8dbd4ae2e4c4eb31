"""What stations write where a title should stand, and what is shown of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiotui.radio.titles import icy
from radiotui.radio.titles.icy import IcyBlock
from radiotui.radio.titles.records import read_record
from radiotui.radio.titles.title_reader import TitleReader
from radiotui.radio.titles.titles import TitleEncoding

DALET = (
    '<?xml version="1.0" encoding="utf-8"?><RadioInfo xmlns="http://r.example/"><Table>'
    "<DB_LEAD_ARTIST_NAME>Somebody</DB_LEAD_ARTIST_NAME>"
    "<DB_DALET_ARTIST_NAME>Amália, Carlos &amp; Co.</DB_DALET_ARTIST_NAME>"
    "<DB_DALET_TITLE_NAME>Barco Negro</DB_DALET_TITLE_NAME></Table>"
    "<Table><DB_DALET_TITLE_NAME>Next</DB_DALET_TITLE_NAME></Table></RadioInfo>"
)


def block_of(title: str, station_name: str = "Radio Five") -> IcyBlock:
    reader = TitleReader(
        station_name, TitleEncoding(None), mend_titles=lambda _: None, on_learnt=lambda _: None
    )
    return reader.read(b"StreamTitle='" + title.encode() + b"';StreamUrl='';")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("Advertisement_Start_Length=00:00:31.250", 31.25),
        ("ADVERTISEMENT_START", None),
        ("START_AD_BREAK_9000", 9.0),
        ("START ADBREAK 1", None),
        ("Ad Break Start", None),
        ("ADWTAG_91000 - PLEASE STAY", 91.0),
        ("5.fm - 5.FM - THIS STATION WILL CONTINUE AFTER THIS BREAK", None),
        ("We'll be right back after these messages", None),
        ("Live365 - Live365 - Advertisement", None),
        ("Advert: - Live365 - Advertisement", None),
        ("Ad-Trigger - Ad-Trigger", None),
        ("Advert - Advert", None),
        ("Radio Five - Advertisement", None),
        ("Radio Five: Werbung", None),
        ("Commercial Break", None),
        ("TIBREAK", None),
        ("Reklama", None),
        ("PUBLICITÉ", None),
    ],
)
def test_a_mark_of_an_advertisement_is_no_song(text: str, seconds: float | None) -> None:
    block = block_of(text)

    assert (block.title, block.ad, block.ad_seconds) == ("", True, seconds)


@pytest.mark.parametrize(
    "text", ["Advertisement_Stop", "STOP_AD_BREAK", "STOP ADBREAK 2", "END OF AD BREAK", "ad end"]
)
def test_the_end_of_an_advertisement_is_nothing(text: str) -> None:
    block = block_of(text)

    assert (block.title, block.ad) == ("", False)


@pytest.mark.parametrize(
    "text",
    [
        "Les Baxter - Funk Ad",
        "Bobby Helms - Jingle Bell Rock",
        "The Ad Libs - The Boy from New York City",
        "Commercial - Suicide",
        "Manic Street Preachers - Advert",
        "E = MC2 - Big Audio",
        "Prince - Sign “O” the Times",
        "<3 - Hearts",
        "<i>Slowly</i> - Anna",
        "Duran Duran - Duran Duran",
        "a~b",
        "No~No~No",
        "{Brackets} - Song",
        "Text Me - Title",
    ],
)
def test_a_song_that_only_looks_like_a_record_stays(text: str) -> None:
    block = block_of(text)

    assert (block.title, block.ad) == (text, False)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (DALET, "Amália, Carlos & Co. - Barco Negro"),
        ("<?xml version='1.0'?><RadioInfo></RadioInfo>", ""),
        (
            "<nowplaying><artist><![CDATA[Nina]]></artist><title>Me</title></nowplaying>",
            "Nina - Me",
        ),
        ("Il Cielo~Renato Zero~~1977~ITB007700001~~~241~2026-05-04", "Renato Zero - Il Cielo"),
        ("MINA~Città vuota~~~~~2026-05-04", "MINA - Città vuota"),
        ('title="A - B",artist="A - B",url="https://now.example/"', "A - B"),
        ('artist="The Kinks",title="Lola"', "The Kinks - Lola"),
        ('title="Lola"', "Lola"),
        ("title=,artist=", ""),
        ('text="SPOT BLOCK START" amgTrackId="-1"', ""),
        ('text="Spot Block End" amgTrackId="-1"', ""),
        ("TrackId=123,length=180,text=Crosby, Stills - Carry On", "Crosby, Stills - Carry On"),
        ("TrackId=123,text=The Kinks - Lola,length=240", "The Kinks - Lola"),
        ('{"artist": "The Kinks", "title": "Lola"}', "The Kinks - Lola"),
        ('{"now": {"song": "Lola", "artist": "The Kinks"}, "id": 1}', "The Kinks - Lola"),
        ('{"id": 1}', ""),
        ("A - B - A - B", "A - B"),
        ("odcie&#324 zimy", "odcień zimy"),
        ("Simon &amp;amp; Garfunkel - &quot;A&quot;", 'Simon & Garfunkel - "A"'),
        ("The Kinks - Lola https://now.example/x", "The Kinks - Lola"),
        ("The Kinks - Lola (http://now.example/x)", "The Kinks - Lola"),
        ("https://now.example/x - The Kinks", "The Kinks"),
    ],
)
def test_a_record_is_unpacked(text: str, title: str) -> None:
    block = block_of(text)

    assert (block.title, block.ad) == (title, False)


@pytest.mark.parametrize(
    ("raw", "title"),
    [
        (b"StreamTitle=The Kinks - Lola;", "The Kinks - Lola"),
        (b"StreamTitle=The Kinks - Lola", "The Kinks - Lola"),
        (b"StreamTitle=The Kinks - Lola;StreamUrl=http://x.example/;", "The Kinks - Lola"),
        (b'StreamTitle="The Kinks - Lola";', "The Kinks - Lola"),
        (b'StreamTitle="She said "no"";StreamUrl="";', 'She said "no"'),
        (b"StreamTitle=;", ""),
    ],
)
def test_a_title_may_stand_without_quotes_or_in_others(raw: bytes, title: str) -> None:
    assert icy.parse(raw, TitleEncoding(None).decode).title == title


@given(
    st.text(max_size=1000)
    | st.text('<>&;#{}[]"=,~ artitle_DBNAM-:/\\', max_size=1000)
    | st.text('{["', max_size=4000)
)
def test_no_title_raises(text: str) -> None:
    assert isinstance(read_record(text, "Radio Five").title, str)


def test_letters_that_somebody_misread_are_read_again() -> None:
    encoding = TitleEncoding(None)
    sent = [
        text.encode("cp1251").decode("latin-1").encode()
        for text in ("Алла Пугачёва - Позови меня", "Земляне - Трава у дома", "Кино - Звезда")
    ]

    for title in sent:
        encoding.decode(title)
    encoding.settle(encoding.evidence, encoding.evidence.judge())

    assert encoding.decode(sent[1]) == "Земляне - Трава у дома"


@pytest.mark.parametrize("text", ["Été", "Ísland – Þú", "Beyoncé - Déjà Vu", "Õnne", "ŠŠŠŠŠŠ"])
def test_letters_in_utf_8_are_not_taken_for_misread_ones(text: str) -> None:
    assert TitleEncoding("cp1251").decode(text.encode()) == text


def test_lithuanian_and_latvian_letters_are_known() -> None:
    encoding = TitleEncoding(None)
    texts = [
        "Andrius Mamontovas - Geltona žalia raudona širdis",
        "Foje - Vandenyje įelektrinti ūkai",
        "Žemaitukai - Ąžuolas ir šėtonas",
        "Eurika Masytė - Laisvė čia",
    ]

    for text in texts:
        encoding.decode(text.encode("cp1257"))
    encoding.settle(encoding.evidence, encoding.evidence.judge())

    assert [encoding.decode(text.encode("cp1257")) for text in texts] == texts
