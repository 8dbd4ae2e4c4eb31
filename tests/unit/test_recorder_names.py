"""File names made of what stations say: never elsewhere, never refused, never too long."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiotui.recording.filenames import MOST_BYTES, safe
from radiotui.recording.part_file import PartFile, put_in_place

RESERVED = ["CON", "prn", "Aux.mp3", "NUL", "com1", "LPT9.txt", "COM¹", "conin$", "nul .x"]


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("AC/DC - Who Made Who?", "AC-DC - Who Made Who_"),
        ("../../etc/passwd", "etc-passwd"),
        ("News: 3:00 PM", "News. 3.00 PM"),
        ('The "Best" <of> it*', "The 'Best' _of_ it_"),
        ("...hidden", "hidden"),
        ("-rf", "rf"),
        ("What's next. . ", "What's next"),
        ("Bj\u006f\u0308rk", "Bj\u00f6rk"),
        ("a\x00b\x1b[31mc\u202ed", "a bcd"),
        ("", "_"),
        ("...", "_"),
        ("CON", "_CON"),
        ("Конец - Ночь", "Конец - Ночь"),
    ],
)
def test_unsafe_signs_are_replaced(said: str, name: str):
    assert safe(said) == name


@pytest.mark.parametrize("word", RESERVED)
def test_windows_devices_are_no_names(word: str):
    assert safe(word).startswith("_")


@given(st.text(max_size=600))
def test_any_words_make_one_safe_name(said: str):
    name = safe(said)
    assert name
    assert len(name.encode()) <= MOST_BYTES
    assert not set(name) & set('<>:"/\\|?*\x7f')
    assert all(ord(letter) >= 32 for letter in name)
    assert name[0] not in ".-~ "
    assert name[-1] not in ". "
    assert Path(name).name == name
    assert safe(name) == name


@given(st.text(max_size=400), st.integers(1, 300))
def test_any_words_fit_the_room_there_is(said: str, most: int):
    assert len(safe(said, most=most).encode()) <= max(1, most)


@pytest.mark.parametrize("said", ["ö" * 500, "a" * 500, "👩‍🚀" * 200])
def test_the_longest_name_can_be_made_and_numbered(tmp_path: Path, said: str):
    for _ in range(12):
        part = PartFile(tmp_path, said)
        part.append(b"sound")
        part.flush()
        part.place(".opus")
    names = [path.name for path in tmp_path.iterdir()]
    assert len(names) == 12
    assert all(len(name.encode()) <= 255 and name.endswith(".opus") for name in names)


def test_a_file_that_came_meanwhile_is_not_replaced(tmp_path: Path):
    (tmp_path / "Song.mp3").write_bytes(b"the listener's own")
    (tmp_path / "x").write_bytes(b"new")
    assert put_in_place(tmp_path / "x", "Song", ".mp3").name == "Song (2).mp3"
    assert (tmp_path / "Song.mp3").read_bytes() == b"the listener's own"
