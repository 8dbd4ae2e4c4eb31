"""Titles that are not in UTF-8, in the letters of many countries, read without a setting."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator

import pytest

from radiotui.radio.titles.titles import TitleEncoding
from tests.titles import LETTERS, TITLES

SENT = [(language, encoding) for language, letters in LETTERS.items() for encoding in letters]
ROUNDS = 10

HARD = {"Turkish": (0.5, 0.75)}
"""Its six own letters stand where Icelandic has others that words are as full of."""


def is_utf_8(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def raws(language: str, encoding: str) -> list[bytes]:
    written = (title.encode(encoding, "ignore") for title in TITLES[language])
    return [raw for raw in written if not is_utf_8(raw)]


def picks(language: str, encoding: str, count: int) -> Iterator[list[bytes]]:
    pool = raws(language, encoding)
    if count == 1:
        yield from ([raw] for raw in pool)
        return
    chance = random.Random(f"{language} {encoding} {count}")
    for _ in range(ROUNDS):
        yield chance.sample(pool, min(count, len(pool)))


def hear(encoding: TitleEncoding, titles: Iterable[bytes]) -> None:
    """Read titles and judge them together, as is done every now and then."""
    for raw in titles:
        encoding.decode(raw)
    evidence = encoding.evidence
    encoding.settle(evidence, evidence.judge())


def share_read(language: str, encoding: str, count: int) -> float:
    """How often all of so many titles are right once the last of them has come."""
    right, rounds = 0, 0
    for picked in picks(language, encoding, count):
        alphabet = TitleEncoding(None)
        hear(alphabet, picked)
        right += all(alphabet.decode(raw) == raw.decode(encoding) for raw in picked)
        rounds += 1
    return right / rounds


@pytest.mark.parametrize(("language", "encoding"), SENT)
def test_ten_titles_are_read_right(language: str, encoding: str) -> None:
    assert share_read(language, encoding, 10) == 1.0


@pytest.mark.parametrize(("language", "encoding"), SENT)
def test_one_title_mostly_and_three_nearly_always(language: str, encoding: str) -> None:
    one, three = HARD.get(language, (0.85, 0.95))
    assert share_read(language, encoding, 1) >= one
    assert share_read(language, encoding, 3) >= three


@pytest.mark.parametrize(("language", "encoding"), SENT)
def test_what_was_learnt_reads_the_first_title_next_time(language: str, encoding: str) -> None:
    titles = raws(language, encoding)
    alphabet = TitleEncoding(None)
    assert alphabet.learnt is None
    hear(alphabet, titles)
    learnt = alphabet.learnt
    assert learnt is not None
    right = sum(TitleEncoding(None, learnt).decode(raw) == raw.decode(encoding) for raw in titles)
    assert right == len(titles)


@pytest.mark.parametrize("learnt", ["cp1251", "cp1252", "shift_jis"])
def test_what_was_learnt_gives_way_when_the_titles_say_otherwise(learnt: str) -> None:
    titles = raws("Greek", "iso-8859-7")
    alphabet = TitleEncoding(None, learnt)
    hear(alphabet, titles)
    assert all(alphabet.decode(raw) == raw.decode("iso-8859-7") for raw in titles)


def test_what_was_learnt_is_kept_until_there_is_more() -> None:
    assert TitleEncoding(None, "cp1251").learnt == "cp1251"
    assert TitleEncoding(None, "no such thing").learnt is None


def test_the_stations_own_setting_comes_first() -> None:
    alphabet = TitleEncoding("cp1251", "cp1253")
    assert alphabet.decode("НОВОСТИ".encode("cp1251")) == "НОВОСТИ"
    assert alphabet.learnt == "cp1253"


@pytest.mark.parametrize(
    ("language", "encoding"),
    [("Korean", "cp949"), ("Japanese", "cp932"), ("Chinese", "gb18030"), ("Taiwanese", "big5")],
)
def test_titles_that_are_cut_within_a_letter_are_read_up_to_it(language: str, encoding: str):
    alphabet = TitleEncoding(None)
    cut = (raw[:-1] if raw[-1] >= 0x80 else raw for raw in raws(language, encoding))
    hear(alphabet, cut)
    title = raws(language, encoding)[0]
    assert alphabet.decode(title[:-1]) == title.decode(encoding)[:-1]


def test_titles_in_utf_8_teach_nothing() -> None:
    alphabet = TitleEncoding(None)
    for title in TITLES["Russian"]:
        assert alphabet.decode(title.encode()) == title
    assert alphabet.learnt is None
    assert not alphabet.is_in_doubt


def test_an_encoding_that_many_titles_agree_on_is_settled() -> None:
    titles = [f"{artist} - Песня {n}".encode("cp1251") for n, artist in enumerate(["ДДТ"] * 30)]
    encoding = TitleEncoding(None)
    hear(encoding, titles[:10])
    hear(encoding, titles[10:20])
    assert not encoding.is_in_doubt
    for raw in titles[20:]:
        assert encoding.decode(raw) == raw.decode("cp1251")
    assert not encoding.is_in_doubt


def test_titles_that_do_not_suit_a_settled_encoding_are_judged_again() -> None:
    encoding = TitleEncoding(None)
    titles = [f"Аквариум - Песня {n}".encode("cp1251") for n in range(20)]
    hear(encoding, titles[:10])
    hear(encoding, titles)
    assert not encoding.is_in_doubt
    other = raws("Greek", "iso-8859-7")
    for raw in other:
        encoding.decode(raw)
    assert encoding.is_in_doubt
    hear(encoding, other)
    assert all(encoding.decode(raw) == raw.decode("iso-8859-7") for raw in other)


def test_what_is_remembered_of_titles_is_bounded() -> None:
    alphabet = TitleEncoding(None)
    for number in range(500):
        alphabet.decode(b"\xe9" * 5000 + str(number).encode().rjust(5) + b"\xe9" * (number % 190))
        alphabet.decode(str(number).encode() + b"\xe9" * 5000)
    assert len(alphabet.evidence.titles) <= 40
    assert max(map(len, alphabet.evidence.titles)) <= 200
