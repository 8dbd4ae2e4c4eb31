"""Titles on their way to the tape: read again when more of them tell the letters."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Collection
from pathlib import Path
from typing import Any

import pytest

from radiotui.radio.framing.detect import framer_for
from radiotui.radio.tape.tape import Tape
from radiotui.radio.titles import encodings
from radiotui.radio.titles.title_reader import TitleReader
from radiotui.radio.titles.titles import TitleEncoding
from radiotui.radio.tuner.splice import Name, Splice
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


def reader_for(
    tape: Tape, learnt: str | None = None, told: list[str] | None = None, **more: Any
) -> TitleReader:
    return TitleReader(
        "KNAU",
        TitleEncoding(None, learnt),
        mend_titles=tape.mend_titles,
        on_learnt=(told if told is not None else []).append,
        **more,
    )


async def test_letters_are_learnt_told_once_and_titles_mended(tape: Tape):
    told: list[str] = []
    titles = reader_for(tape, told=told)
    tape.connect("mp3", "MP3")
    for _ in range(4):
        for song in SONGS:
            tape.append(pieces(1))
            tape.mark_title(titles.read(block(song, "cp1251")).title)
        await titles.judge()
        # One short title may be anything.
        assert {mark.text for mark in tape.marks} == set(SONGS)
    assert told == ["cp1251"]


async def test_letters_are_judged_in_another_thread(tape: Tape, monkeypatch: pytest.MonkeyPatch):
    threads: list[int] = []
    judge = encodings.judge

    def noted(titles: Collection[bytes], prior: str | None = None) -> str | None:
        threads.append(threading.get_ident())
        return judge(titles, prior)

    monkeypatch.setattr(encodings, "judge", noted)
    titles = reader_for(tape)
    for song in SONGS:
        titles.read(block(song, "cp1251"))
    assert threads == [], "nothing is judged where a title is read"
    await titles.judge()
    assert threads
    assert threading.get_ident() not in threads


async def test_letters_are_learnt_of_titles_in_hls_too(tape: Tape):
    told: list[str] = []
    titles = reader_for(tape, told=told)
    tape.connect("mp3", "MP3")
    for song in SONGS:
        tape.append(pieces(1))
        tape.mark_title(titles.read_tag(b"", song.encode("cp1251")))
    await titles.judge()
    assert told == ["cp1251"]
    assert [mark.text for mark in tape.marks] == SONGS


async def test_titles_are_judged_beside_and_seldom(tape: Tape):
    pauses: list[float] = []
    may_go_on = asyncio.Event()

    async def pause(seconds: float) -> None:
        pauses.append(seconds)
        await may_go_on.wait()

    titles = reader_for(tape, sleep=pause)
    judging = asyncio.create_task(titles.keep_judging())
    tape.connect("mp3", "MP3")
    tape.append(pieces(1))
    tape.mark_title(titles.read(block(SONGS[2], "cp1251")).title)
    assert titles.is_guessing
    assert tape.marks[0].text != SONGS[2]
    while not pauses:
        await asyncio.sleep(0)
    assert not titles.is_guessing
    assert tape.marks[0].text == SONGS[2]
    for number in range(1000):
        titles.read(block(f"{SONGS[1]} {number}", "koi8-r"))
        await asyncio.sleep(0)
    assert len(pauses) == 1
    may_go_on.set()
    while len(pauses) < 2:
        await asyncio.sleep(0)
    assert min(pauses) >= 5.0
    judging.cancel()


async def test_titles_that_come_while_others_are_judged_are_mended_with_them(tape: Tape):
    titles = reader_for(tape)
    tape.connect("mp3", "MP3")
    for song in SONGS[:4]:
        tape.append(pieces(1))
        tape.mark_title(titles.read(block(song, "cp1251")).title)
    judging = asyncio.create_task(titles.judge())
    await asyncio.sleep(0)
    tape.append(pieces(1))
    tape.mark_title(titles.read(block(SONGS[4], "cp1251")).title)
    await judging
    assert [mark.text for mark in tape.marks] == SONGS


def test_what_was_learnt_before_counts_for_the_first_title(tape: Tape):
    assert reader_for(tape, "cp1251").read(block(SONGS[0], "cp1251")).title == SONGS[0]


def test_a_title_that_only_names_the_station_is_none(tape: Tape):
    assert reader_for(tape).read(block("KNAU")).title == ""


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
