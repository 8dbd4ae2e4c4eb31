"""A station as the line delivers it, in whatever parts: the tape is always the same."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radiotui.problems import Problem
from radiotui.radio.tape.tape import Tape
from radiotui.radio.titles.title_reader import TitleReader
from radiotui.radio.titles.titles import TitleEncoding
from radiotui.radio.tuner.connection import Connection
from radiotui.radio.tuner.splice import Splice
from tests.services.tuner_lab import sound_on
from tests.sounds import encode

METAINT = 4096
TITLES = ["Nina Simone - Sinnerman", "KNAU", "", "Björk - Jóga", "Ads", "Кино - Группа крови"]
KINDS = ["audio/mpeg", "audio/aac", "application/ogg", "audio/flac", "text/html"]
HEADS = [b"", b"OggS\0\2", b"fLaC\0\0\0\x22", b"\xff\xfb\x90\x64", b"\xff\xf1\x50"]
PARTS = settings(max_examples=60, derandomize=True)

edges = st.lists(st.integers(0, 2**16), max_size=40)


def with_titles(sound: bytes) -> bytes:
    """``sound`` as a server sends it that was asked for metadata."""
    body = bytearray()
    for number, at in enumerate(range(0, len(sound), METAINT)):
        body += sound[at : at + METAINT]
        title = TITLES[number % len(TITLES)].encode("cp1251" if number % 2 else "utf-8", "replace")
        text = b"StreamTitle='" + title + b"';"
        blocks = -(-len(text) // 16)
        body += bytes([blocks]) + text.ljust(blocks * 16, b"\0")
    return bytes(body)


def connections(codec: str) -> list[tuple[dict[str, str], bytes]]:
    """A station that is lost after some seconds and begins with a repeat when it is back."""
    sound = encode(codec, 6, title="Bells" if codec == "opus" else None)
    cut, back = len(sound) * 2 // 3, len(sound) // 3
    if codec in {"opus", "flac-native"}:
        return [({}, sound[:cut]), ({}, sound)]
    headers = {"icy-metaint": str(METAINT)}
    return [(headers, with_titles(sound[:cut])), (headers, with_titles(sound[back:]))]


def cut_up(body: bytes, places: Sequence[int]) -> Iterable[bytes]:
    ends = sorted({0, len(body), *(place % (len(body) + 1) for place in places)})
    return (body[begin:end] for begin, end in pairwise(ends))


class Receiver:
    """All that is between the line and the tape."""

    def __init__(self, folder: str) -> None:
        self.tape = Tape(Path(folder))
        self._splice = Splice(self.tape, lambda: 0.0)
        self._title_reader = TitleReader(
            "KNAU",
            TitleEncoding(None),
            mend_titles=self.tape.mend_titles,
            on_learnt=lambda _encoding: None,
        )

    def connect(self, headers: dict[str, str]) -> Connection:
        answer: Any = SimpleNamespace(url="http://knau/live", headers=headers)
        return Connection(self._splice, self._title_reader, "KNAU", answer, lambda: 0.0)

    def tape_as_told(self) -> tuple[bytes, float, list[tuple[float, str, str]]]:
        marks: list[tuple[float, str, str]] = [
            (round(mark.at, 6), mark.kind, mark.text) for mark in self.tape.marks
        ]
        return sound_on(self.tape), round(self.tape.end, 6), marks


def received(codec: str, places: Sequence[int]) -> tuple[bytes, float, list[Any]]:
    with tempfile.TemporaryDirectory() as folder:
        receiver = Receiver(folder)
        for headers, body in connections(codec):
            reception = receiver.connect(headers)
            for chunk in cut_up(body, places):
                reception.receive(chunk)
            reception.finish()
        told = receiver.tape_as_told()
        receiver.tape.close()
        return told


@pytest.mark.parametrize("codec", ["mp3", "aac", "opus", "flac-native"])
@PARTS
@given(places=edges)
def test_any_chunking_gives_the_same_tape(codec: str, places: list[int]):
    assert received(codec, places) == received(codec, ())


@pytest.mark.parametrize("codec", ["mp3", "aac", "opus"])
def test_that_tape_is_the_station_without_the_repeat(codec: str):
    sound, end, marks = received(codec, ())
    whole = encode(codec, 6, title="Bells" if codec == "opus" else None)
    assert end == pytest.approx(6, abs=0.1)
    assert sound in whole
    assert [kind for _, kind, _ in marks].count("reconnect") == 1


@PARTS
@given(
    data=st.binary(max_size=8192),
    times=st.integers(1, 40),
    metaint=st.sampled_from(["", "1", "16", "8192", "-5", "x", "99999999999"]),
    kind=st.sampled_from(["audio/mpeg", "audio/aac", "application/ogg", "audio/flac", "text/html"]),
    head=st.sampled_from(
        [b"", b"OggS\0\2", b"fLaC\0\0\0\x22", b"\xff\xfb\x90\x64", b"\xff\xf1\x50"]
    ),
    places=edges,
)
def test_random_bytes_are_told_or_passed_over(
    data: bytes, times: int, metaint: str, kind: str, head: bytes, places: list[int]
):
    body = (head + data) * times
    with tempfile.TemporaryDirectory() as folder:
        receiver = Receiver(folder)
        for _ in range(2):
            reception = receiver.connect({"icy-metaint": metaint, "content-type": kind})
            with contextlib.suppress(Problem):
                for chunk in cut_up(body, places):
                    reception.receive(chunk)
                reception.finish()
        assert receiver.tape.kept_bytes <= 2 * len(body)
        assert len(receiver.tape.marks) <= 2 + 2 * len(body)
        receiver.tape.close()


def test_what_is_held_of_a_station_that_sends_no_sound_is_bounded(tmp_path: Path):
    receiver = Receiver(str(tmp_path))
    reception = receiver.connect({"content-type": "audio/mpeg"})
    taken = 0
    with pytest.raises(Problem, match="cannot play"):
        while taken < 64 << 20:
            reception.receive(bytes(range(256)) * 64)
            taken += 1 << 14
    assert taken < 2 << 20
    receiver.tape.close()
