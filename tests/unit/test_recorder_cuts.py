"""What "keep that song" means, wherever one is on the tape."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from radiotui.problems import Problem
from radiotui.radio.tape.marks import Mark
from radiotui.recording.selection import LONGEST_SONG, TapeWindow, last_minutes, programme, song

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def title(at: float, text: str, *, ad: bool = False) -> Mark:
    return Mark(at, NOON, "title", text, ad)


def show(at: float, text: str) -> Mark:
    return Mark(at, NOON, "programme", text)


SONGS = (
    title(100, "Nina Simone - Sinnerman"),
    title(400, "Miles Davis - So What"),
    title(700, "Bill Evans - Peace Piece"),
)


def test_the_song_that_is_heard():
    cut = song(TapeWindow(0, 1000, SONGS), 500)
    assert (cut.begin, cut.end, cut.artist, cut.title) == (400, 700, "Miles Davis", "So What")
    assert cut.note == ""


@pytest.mark.parametrize(("position", "begin"), [(419.9, 100), (420.0, 400), (400.0, 100)])
def test_within_twenty_seconds_the_song_before_is_meant(position: float, begin: float):
    assert song(TapeWindow(0, 1000, SONGS), position).begin == begin


def test_the_first_song_is_meant_at_once():
    assert song(TapeWindow(0, 1000, SONGS), 105).begin == 100


@pytest.mark.parametrize("after", [title(700, ""), title(700, "Buy this", ad=True)])
def test_after_its_end_a_song_is_still_meant(after: Mark):
    cut = song(TapeWindow(0, 1000, (*SONGS[:2], after)), 900)
    assert (cut.begin, cut.end) == (400, 700)


def test_a_song_that_is_not_over_ends_with_the_next_title():
    cut = song(TapeWindow(0, 1000, SONGS), 900)
    assert (cut.begin, cut.end, cut.note) == (700, None, "kept when it ends")


def test_what_never_ends_is_no_longer_than_a_song():
    cut = song(TapeWindow(0, 5000, SONGS), 4900)
    assert cut.end == 700 + LONGEST_SONG


def test_a_title_without_an_artist():
    cut = song(TapeWindow(0, 1000, (title(0, "Sinnerman"),)), 100)
    assert (cut.artist, cut.title) == ("", "Sinnerman")


def test_a_song_whose_beginning_is_gone_says_how_much_there_is():
    cut = song(TapeWindow(510, 1000, (*SONGS[:2], title(700, "Three"))), 600)
    assert cut.note == "only the last 3:10 are on the tape"


def test_where_no_title_is_known_something_else_can_be_done():
    with pytest.raises(Problem, match="last minutes"):
        song(TapeWindow(0, 1000, (show(0, "Fresh Air"), title(10, ""))), 500)


def test_a_song_that_is_gone_whole_is_not_taken_for_the_one_before():
    cut = song(TapeWindow(405, 1000, SONGS), 410)
    assert cut.begin == 400
    with pytest.raises(Problem, match="not on the tape"):
        song(TapeWindow(500, 1000, (*SONGS[:1], title(400, ""))), 600)


def test_the_last_minutes_end_where_the_ear_is():
    window = TapeWindow(0, 1000, (show(100, "Fresh Air"),))
    cut = last_minutes(window, 900, 5)
    assert (cut.begin, cut.end, cut.programme, cut.note) == (600, 900, "Fresh Air", "")


def test_more_minutes_than_there_are():
    cut = last_minutes(TapeWindow(710, 1000), 900, 10)
    assert (cut.begin, cut.end, cut.note) == (710, 900, "only the last 3:10 are on the tape")


def test_the_programme_from_its_beginning_until_now():
    window = TapeWindow(0, 1000, (show(100, "Fresh Air"), show(400, "All Things Considered")))
    cut = programme(window, 900)
    assert (cut.begin, cut.end, cut.programme) == (400, 900, "All Things Considered")
    whole = programme(window, 300)
    assert (whole.begin, whole.end, whole.programme) == (100, 400, "Fresh Air")


def test_a_programme_that_began_before_the_tape():
    cut = programme(TapeWindow(0, 1000, (show(-600, "Fresh Air"),)), 190)
    assert (cut.begin, cut.end, cut.note) == (0, 190, "only the last 3:10 are on the tape")


def test_without_a_programme_it_is_all_there_is_and_says_so():
    cut = programme(TapeWindow(50, 1000), 900)
    assert (cut.begin, cut.end) == (50, 900)
    assert "no programme is known" in cut.note
