"""Titles on their way to the tape: read again when more of them tell the letters."""

from __future__ import annotations

from pathlib import Path

import pytest

from radiotui.radio.framing.detect import framer_for
from radiotui.radio.tape.tape import Tape
from radiotui.radio.titles.titles import TitleEncoding
from radiotui.radio.tuner.splice import Name, Splice
from radiotui.radio.tuner.title_reader import TitleReader
from tests.sounds import encode

SONGS = [
    "ДДТ - Я",
    "Кино - Группа крови",
    "Аквариум - Город золотой",
    "ДДТ - Что такое осень",
    "Чайф - Поплачь",
]


@pytest.fixture
def tape(tmp_path: Path):
    tape = Tape(tmp_path)
    yield tape
    tape.close()


def pieces(seconds: float):
    body = encode("mp3", seconds)
    framer = framer_for("", body[:8192])
    assert framer is not None
    return [*framer.feed(body), *framer.flush()]


def block(title: str, letters: str = "utf-8", more: str = "") -> bytes:
    return f"StreamTitle='{title}';{more}".encode(letters)


def test_letters_are_learnt_told_once_and_titles_mended(tape: Tape):
    told: list[str] = []
    alphabet = TitleEncoding(None)
    naming = TitleReader(tape, "KNAU", alphabet, told.append)
    tape.connect("mp3", "MP3")
    for _ in range(4):
        for song in SONGS:
            tape.append(pieces(1))
            tape.mark_title(naming.read(block(song, "cp1251")).title)
        # One short title may be anything.
        assert {mark.text for mark in tape.marks} == set(SONGS)
    assert told == ["cp1251"]


def test_letters_are_learnt_of_titles_in_hls_too(tape: Tape):
    told: list[str] = []
    naming = TitleReader(tape, "KNAU", TitleEncoding(None), told.append)
    for _ in range(4):
        for song in SONGS:
            naming.decode(song.encode("cp1251"))
    assert told == ["cp1251"]


def test_what_was_learnt_before_counts_for_the_first_title(tape: Tape):
    naming = TitleReader(tape, "KNAU", TitleEncoding(None, "cp1251"), lambda _letters: None)
    assert naming.read(block(SONGS[0], "cp1251")).title == SONGS[0]


def test_a_title_that_only_names_the_station_is_none(tape: Tape):
    naming = TitleReader(tape, "KNAU", TitleEncoding(None), lambda _letters: None)
    assert naming.read(block("KNAU")).title == ""


def test_an_advertisement_ends_when_it_said_it_would(tape: Tape):
    splice = Splice(tape, lambda: 0.0)
    splice.put("mp3", "MP3", pieces(2))
    splice.name(Name("Nina Simone - Sinnerman"))
    splice.put("mp3", "MP3", pieces(2))
    splice.name(Name("Buy this", ad=True, seconds=3.0, block=b"1"))
    for _ in range(5):
        splice.put("mp3", "MP3", pieces(1))
    told = [(round(mark.at), mark.text, mark.ad) for mark in tape.marks if mark.kind == "title"]
    assert told == [(0, "Nina Simone - Sinnerman", False), (4, "Buy this", True), (7, "", False)]
