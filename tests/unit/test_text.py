"""What foreign text looks like when it reaches a terminal."""

import unicodedata
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiotui.text import (
    CLOCK_FORM,
    age,
    cells,
    clean,
    clean_block,
    clock_duration,
    fit,
    nearest,
    time_of_day,
    without_password,
)


@pytest.mark.parametrize(
    ("foreign", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("a\x1b]0;your window is mine\x07b", "ab"),
        ("a\x1b]8;;http://evil\x1b\\link\x1b]8;;\x1b\\b", "alinkb"),
        ("\x9b31mred", "red"),
        ("\x1bPq#0sixel\x1b\\picture", "picture"),
        ("\x1b]0;never ended", ""),
        ("bell\x07 back\x08space nul\x00", "bell back space nul"),
        ("two\nlines\tand a tab", "two lines and a tab"),
        ("\u202eevil\u202c \u2066x\u2069", "evil x"),
        ("[/] [@click=app.quit]x[/]", "[/] [@click=app.quit]x[/]"),
        ("Žofie \U0001f469\u200d\U0001f52c", "Žofie \U0001f469\u200d\U0001f52c"),
        ("lone \ud800 surrogate", "lone surrogate"),
        ("line\u2028separator", "line separator"),
        ("z" + "\u0301" * 50, "z" + "\u0301" * 4),
    ],
)
def test_foreign_text_is_shown_and_does_nothing(foreign: str, shown: str):
    assert clean(foreign) == shown


@given(st.text(), st.integers(1, 50))
def test_whatever_comes_is_one_bounded_printable_line(text: str, limit: int):
    line = clean(text, limit)
    assert len(line) <= limit
    assert not any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or 0x202A <= ord(c) <= 0x202E for c in line)
    line.encode()


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str):
    assert clean(clean(text)) == clean(text)


def test_no_character_that_moves_or_hides_text_is_let_through():
    joiners = "\u200c\u200d"
    hidden = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    for character in map(chr, range(0x110000)):
        category = unicodedata.category(character)
        if category in hidden and character not in joiners:
            assert character not in clean(f"a{character}b"), hex(ord(character))
        elif category in {"Me", "Mn"}:
            assert clean(f"a{character * 9}b").count(character) <= 4, hex(ord(character))


def test_paragraphs_stay_paragraphs():
    assert clean_block("one\r\n\r\n\r\n\r\ntwo\x1b[2J\tend") == "one\n\ntwo\tend"


def test_text_is_measured_in_columns():
    assert cells("北京") == 4
    assert fit("北京广播", 5) == "北京…"
    assert fit("ab", 4) == "ab  "


@pytest.mark.parametrize(
    ("seconds", "shown"), [(7, "0:07"), (252.9, "4:12"), (3723, "1:02:03"), (-1, "0:00")]
)
def test_lengths_of_sound(seconds: float, shown: str):
    assert clock_duration(seconds) == shown


@pytest.mark.parametrize(
    ("ago", "shown"),
    [
        (timedelta(seconds=40), "now"),
        (timedelta(minutes=5), "5m"),
        (timedelta(hours=2, minutes=59), "2h"),
        (timedelta(hours=23, minutes=59), "23h"),
        (timedelta(hours=47), "1d"),
        (timedelta(days=3), "3d"),
        (timedelta(days=20), "2w"),
    ],
)
def test_ages(ago: timedelta, shown: str):
    assert age(ago) == shown


def test_a_typo_finds_what_was_meant():
    assert nearest("knua", ["npr", "knau"]) == "knau"
    assert nearest("zzz", ["npr", "knau"]) is None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://ann:hunter2@knau.org/rss", "https://knau.org/rss"),
        ("at http://hunter2@10.0.0.1:80/a: reset", "at http://10.0.0.1:80/a: reset"),
        ("http://a:b@c@knau.org/?q=a@b", "http://knau.org/?q=a@b"),
        ("SOCKS5://ann:hunter2@proxy", "SOCKS5://proxy"),
        ("https://knau.org/@home", "https://knau.org/@home"),
        ("mail ann@knau.org", "mail ann@knau.org"),
        ("http://a:1@b/ http://c:2@d/", "http://b/ http://d/"),
    ],
)
def test_passwords_of_addresses_are_not_shown(text: str, shown: str):
    assert without_password(text) == shown


@pytest.mark.parametrize(
    ("locale", "shown"),
    [
        ({"LANG": "en_US.UTF-8"}, "3:07 PM"),
        ({"LANG": "de_DE.UTF-8"}, "15:07"),
        ({"LANG": "en_US.UTF-8", "LC_TIME": "en_GB.UTF-8"}, "15:07"),
        ({"LANG": "de_DE", "LC_ALL": "en_AU"}, "3:07 PM"),
        ({"LANG": "fr_CA@x"}, "15:07"),
        ({"LANG": "de"}, "15:07"),
        ({"LANG": "C.UTF-8"}, "3:07 PM"),
        ({"LC_ALL": ""}, "3:07 PM"),
    ],
)
def test_times_of_day_are_as_the_locale_has_them(monkeypatch, locale: dict[str, str], shown: str):
    for name in ("LANG", "LC_TIME", "LC_ALL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in locale.items():
        monkeypatch.setenv(name, value)
    CLOCK_FORM.choose("auto")
    try:
        assert time_of_day(datetime(2026, 3, 6, 15, 7, tzinfo=UTC)) == shown
    finally:
        monkeypatch.undo()
        CLOCK_FORM.choose("auto")


def test_times_of_day_are_as_the_settings_have_them():
    morning = datetime(2026, 3, 6, 4, 7, 9, tzinfo=UTC)
    try:
        CLOCK_FORM.choose("24")
        assert time_of_day(morning, seconds=True, align=True) == "04:07:09"
        CLOCK_FORM.choose("12")
        assert time_of_day(morning, seconds=True, align=True) == " 4:07:09 AM"
        assert time_of_day(morning.replace(hour=0)) == "12:07 AM"
    finally:
        CLOCK_FORM.choose("auto")
