"""The line of the tape: places become columns, columns become places, whatever is marked."""

import math
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiotui.radio.tape.marks import Mark
from radiotui.ui.widgets.player.level_row import MOST_CELLS, LevelRow
from radiotui.ui.widgets.player.tape_lines import (
    AD,
    EAR,
    GAP,
    PROGRAMME,
    TITLE,
    TITLES,
    Scale,
    Stretch,
    mark_before,
    programme_stretch,
    tape_line,
    tape_scale,
    ticks,
    wall_of,
)
from tests.ui.stage import NOW, playing

PLACES = st.floats(0, 90_000, allow_nan=False)
SCALES = st.builds(
    lambda start, length, columns: Scale(start, start + length, columns),
    PLACES,
    st.floats(1, 90_000),
    st.integers(1, 200),
)
MARKS = st.lists(
    st.builds(
        Mark,
        PLACES,
        st.just(NOW),
        st.sampled_from(["title", "programme", "reconnect"]),
        st.text(max_size=5),
        st.booleans(),
    ),
    max_size=40,
)


@given(SCALES, PLACES, MARKS)
def test_a_line_is_as_wide_as_asked_and_has_one_ear(scale, position, marks):
    line = tape_line(scale, position, marks, Stretch(scale.start, scale.end))
    assert line.cell_length == scale.columns
    assert line.plain.count(EAR) == 1
    assert line.plain.index(EAR) == scale.column(position)


@given(SCALES, st.lists(PLACES, min_size=2))
def test_who_is_further_on_the_tape_is_never_further_left(scale, places):
    columns = [scale.column(at) for at in sorted(places)]
    assert columns == sorted(columns)
    assert all(0 <= column < scale.columns for column in columns)


@given(SCALES, st.data())
def test_a_click_on_a_cell_goes_to_a_place_in_that_cell(scale, data):
    column = data.draw(st.integers(0, scale.columns - 1))
    at = scale.at(column)
    assert scale.start <= at <= scale.end
    assert scale.column(at) == column or scale.columns == 1


@given(SCALES)
def test_the_ends_of_the_line_are_the_ends_of_the_tape(scale):
    assert scale.at(scale.columns - 1) == scale.end
    assert scale.columns == 1 or scale.at(0) == scale.start


def mark(at: float, kind: Any = "title", text: str = "x", **more: Any) -> Mark:
    return Mark(at, NOW + timedelta(seconds=at), kind, text, **more)


@pytest.mark.parametrize(
    ("marks", "glyph"),
    [
        ([mark(50)], TITLE),
        ([mark(50, text="")], TITLE),
        ([mark(50, ad=True)], AD),
        ([mark(50, "programme")], PROGRAMME),
        ([mark(50, "reconnect")], GAP),
        ([mark(50), mark(50.2)], TITLES),
        ([mark(50), mark(50.1), mark(50.2)], TITLES),
        ([mark(50, ad=True), mark(50.2)], TITLE),
        ([mark(50), mark(50.1, "programme"), mark(50.2)], PROGRAMME),
        ([mark(50, "reconnect"), mark(50.1, "programme"), mark(50.2)], GAP),
    ],
)
def test_what_happened_has_a_glyph_of_its_own_and_is_folded(marks, glyph):
    line = tape_line(Scale(0, 100, 21), 100, marks, Stretch(0, 100)).plain
    assert line == "─" * 10 + glyph + "─" * 9 + EAR


def test_what_is_no_longer_on_the_tape_is_not_marked():
    marks = [mark(10), mark(10, "programme"), mark(250)]
    line = tape_line(Scale(100, 200, 11), 150, marks, Stretch(100, 200))
    assert line.plain == "─────●▒▒▒▒▒"


@given(st.floats(0, 1e5), st.floats(1.01, 9e4), st.integers(0, 86_400), st.integers(1, 200))
def test_the_scale_has_the_whole_tape_and_begins_at_five_minutes_of_the_clock(
    start, length, second, columns
):
    wall = NOW.replace(hour=0, minute=0, second=0) + timedelta(seconds=second)
    end = start + length
    taped = playing(
        tape_start=start, tape_end=end, burst=0.0, position=end, heard_at=wall, live=True
    )
    scale = tape_scale(taped.current, columns)
    assert scale is not None
    assert scale.start <= start + 0.01
    assert scale.end >= end - 0.01
    assert round(scale.end - scale.start, 6) in {600, 1800, 3600} or length > 3300
    begin = wall - timedelta(seconds=end - scale.start)
    off = (begin.minute * 60 + begin.second + begin.microsecond / 1e6) % 300
    assert min(off, 300 - off) < 0.01
    for tick in ticks(taped.current, scale):
        off = (tick - scale.start) % 300
        assert min(off, 300 - off) < 0.01


def test_beyond_a_gap_the_ruler_has_the_clock_of_then():
    gap = Mark(60, NOW.replace(minute=9, second=30), "reconnect")
    first = Mark(0, NOW.replace(minute=4, second=0), "title", "x")
    taped = playing(marks=(first, gap), position=90.0, tape_end=94.0)
    assert list(ticks(taped.current, Scale(-240, 360, 60))) == [-240, 90]


def test_the_programme_at_the_ear_reaches_to_the_next():
    marks = (mark(10, "programme"), mark(20), mark(60, "programme"))
    assert programme_stretch(playing(marks=marks, position=30.0).current) == Stretch(10, 60)
    assert programme_stretch(playing(marks=marks, position=70.0).current) == Stretch(60, math.inf)
    assert programme_stretch(playing(marks=marks, position=5.0).current) is None


@pytest.mark.parametrize("changes", [{"position": None}, {"tape_end": 0.5}, {"tape_end": 4.5}])
def test_no_tape_no_scale(changes):
    assert tape_scale(playing(**changes).current, 20) is None


def test_the_time_of_a_place_counts_from_the_last_thing_before_it():
    # The station was away for five minutes: what was sent after the gap was sent later.
    gap = Mark(60, NOW + timedelta(minutes=6), "reconnect")
    player_state = playing(marks=(mark(0), gap), position=90, heard_at=NOW + timedelta(seconds=390))
    assert wall_of(player_state.current, 30) == NOW + timedelta(seconds=30)
    assert wall_of(player_state.current, 70) == NOW + timedelta(seconds=370)
    assert wall_of(player_state.current, 100) == NOW + timedelta(seconds=400)
    assert wall_of(playing(position=90.0, heard_at=NOW).current, 60) == NOW - timedelta(seconds=30)
    assert wall_of(playing().current, 60) is None


def test_the_mark_before_a_place_is_of_its_kind():
    marks = (mark(0, text="a"), mark(10, "programme"), mark(20, text="b"), mark(30, text="c"))
    assert mark_before(marks, 25, "title") == marks[2]
    assert mark_before(marks, 25, "programme") == marks[1]
    assert mark_before(marks, 5, "programme") is None


@given(st.lists(st.floats(-1, 2), max_size=20), st.integers(0, MOST_CELLS))
def test_the_meter_is_as_wide_as_asked(levels, columns):
    meter = LevelRow()
    for level in levels:
        meter.take(level)
    assert len(meter.row(columns)) == columns


def test_the_meter_shows_the_newest_at_the_right_and_says_when_it_changes():
    meter = LevelRow()
    assert not meter.take(0.0)
    assert meter.take(0.5)
    assert meter.take(1.0)
    assert meter.row(3) == "▁▅█"
