from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiotui.radio.titles.titles import TitleEncoding, real_title, split_title


@pytest.mark.parametrize(
    ("encoding", "raw", "text"),
    [
        (None, "Björk – Jóga".encode(), "Björk – Jóga"),
        (None, "Beyoncé".encode("cp1252"), "Beyoncé"),
        (None, b"Don\x92t Stop", "Don’t Stop"),
        (None, b"x\x81 y", "x\ufffd y"),
        (None, "Beyoncé".encode().decode("cp1252").encode(), "Beyoncé"),
        (None, "Пётр".encode().decode("latin-1").encode(), "Пётр"),
        (None, "Å".encode().decode("latin-1").encode().decode("latin-1").encode(), "Å"),
        (None, "Édith Piaf – É".encode()[:-1], "Édith Piaf – "),
        (None, b"Caf\xe9", "Café"),
        ("cp1251", "Кино".encode("cp1251"), "Кино"),
        ("cp1251", "Кино".encode(), "Кино"),
        ("iso-8859-7", "Χάρις".encode("iso-8859-7"), "Χάρις"),
        ("cp949", "아이유".encode("cp949"), "아이유"),
        ("cp949", b"Beyonc\xe9!", "Beyoncé!"),
        ("no such thing", b"Caf\xe9", "Café"),
        ("hex", b"Caf\xe9", "Café"),
        ("a\0b", b"Caf\xe9", "Café"),
    ],
)
def test_titles_are_read_in_the_letters_they_were_written_in(
    encoding: str | None, raw: bytes, text: str
) -> None:
    assert TitleEncoding(encoding).decode(raw) == text


@given(st.sampled_from([None, "cp1251", "cp949", "utf-16", "cp874"]), st.binary())
def test_any_bytes_are_some_text(encoding: str | None, raw: bytes) -> None:
    assert isinstance(TitleEncoding(encoding).decode(raw), str)


@given(st.text(st.characters(codec="utf-8", min_codepoint=0x100)))
def test_utf_8_is_never_mistaken(text: str) -> None:
    assert TitleEncoding("cp1251").decode(text.encode()) == text


@pytest.mark.parametrize(
    "title",
    [
        "",
        "   ",
        "-",
        " - ",
        "--",
        "–",
        "...",
        "? - ?",
        "Unknown",
        "unknown - UNKNOWN",
        "Unknown Artist - Unknown Title",
        "Airtime!",
        "Airtime! - offline",
        "No Title",
        "n/a",
        "null",
        "undefined - undefined",
        "KNAU Arizona Public Radio",
        "knau  arizona public radio!",
        "KNAU Arizona Public Radio - KNAU Arizona Public Radio",
        " - KNAU Arizona Public Radio",
        "http://www.knau.org/",
        "https://knau.org/listen?x=1",
        "www.knau.org",
        "KNAU.org",
    ],
)
def test_what_is_no_title(title: str) -> None:
    assert real_title(title, "KNAU Arizona Public Radio") is None


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Nina Simone - Sinnerman", "Nina Simone - Sinnerman"),
        (" - Sinnerman", "Sinnerman"),
        ("Nina Simone - ", "Nina Simone"),
        ("Unknown - Sinnerman", "Sinnerman"),
        ("Orff - Unknown - Sinnerman", "Orff - Unknown - Sinnerman"),
        ("D'Angelo - Untitled", "D'Angelo - Untitled"),
        ("Ed Sheeran - ÷", "Ed Sheeran - ÷"),
        ("M.I.A. - www", "M.I.A. - www"),
        ("AT&T", "AT&T"),
        ("Simon &amp; Garfunkel &#8211; America", "Simon & Garfunkel – America"),
        (
            "KNAU Arizona Public Radio - Morning Edition",
            "KNAU Arizona Public Radio - Morning Edition",
        ),
        ("[/] [@click=app.quit]x[/]", "[/] [@click=app.quit]x[/]"),
        ("a\x1b]0;owned\x07b\x1b[31mc\u202ed", "abcd"),
        ("&#27;[31mred&#8238;", "[31mred"),
        ("a\nb\tc", "a b c"),
    ],
)
def test_what_is_a_title_is_shown_clean(title: str, shown: str) -> None:
    assert real_title(title, "KNAU Arizona Public Radio") == shown


def test_a_station_without_a_name_hides_no_title() -> None:
    assert real_title("Sinnerman", "") == "Sinnerman"


def test_a_title_is_bounded() -> None:
    assert len(real_title("x" * 100_000, "") or "") <= 500


@pytest.mark.parametrize(
    ("title", "parts"),
    [
        ("Nina Simone - Sinnerman", ("Nina Simone", "Sinnerman")),
        ("Orff - Carmina Burana - O Fortuna", ("Orff", "Carmina Burana - O Fortuna")),
        ("Jean-Michel Jarre", (None, "Jean-Michel Jarre")),
        ("- Sinnerman", (None, "- Sinnerman")),
        (" - Sinnerman", (None, " - Sinnerman")),
        ("", (None, "")),
    ],
)
def test_artist_and_title_part_at_the_first_dash(title: str, parts: tuple[str | None, str]) -> None:
    assert split_title(title) == parts


@given(st.text(), st.text())
def test_no_title_raises(title: str, station: str) -> None:
    shown = real_title(title, station)
    assert shown is None or shown.strip()
