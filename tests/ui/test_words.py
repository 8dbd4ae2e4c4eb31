"""Lines that fit, whatever stands in them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.content import Content

from radiotui.guide.model import OnAir, Programme
from radiotui.player.state import PlayState
from radiotui.problems import Problem
from radiotui.ui.commands.key_words import keys_words
from radiotui.ui.kit.content import count_lines, cut, short_path, spread, trusted, untrusted
from radiotui.ui.kit.row import Row
from radiotui.ui.kit.time_words import date, hour, old
from radiotui.ui.widgets.player.player_lines import PlayerView, lines
from tests.ui.stage import KNAU, NOW, at, playing

WORDS = st.text(max_size=60) | st.text("a漢é👩\u200d🚀 \u0301[/]", max_size=60)
COLUMNS = st.integers(1, 200)


@given(WORDS, WORDS, COLUMNS)
def test_a_spread_line_fits(left, right, columns):
    line = spread(untrusted(left), untrusted(right), columns)
    assert line.cell_length <= columns


@given(WORDS, COLUMNS)
def test_what_is_cut_says_so(text, columns):
    whole = untrusted(text)
    short = cut(whole, columns)
    assert short.cell_length <= columns
    assert short.plain == whole.plain or short.plain.rstrip().endswith("…")


def test_a_path_in_a_message_keeps_where_it_begins_and_its_own_name(monkeypatch):
    monkeypatch.setenv("HOME", "/home/ann")
    assert short_path("/home/ann/Music/Sinnerman.mp3") == "~/Music/Sinnerman.mp3"
    assert short_path(f"/home/ann/Music{'/folder' * 40}/Sinnerman.mp3") == "~/Music/…/Sinnerman.mp3"
    assert short_path(f"/srv{'/folder' * 40}/Sinnerman.mp3") == "/srv/…/Sinnerman.mp3"
    name = short_path(f"/home/ann/{'Nina Simone ' * 20}end.mp3")
    assert name.startswith("…/Nina")
    assert name.endswith("end.mp3")
    assert len(name) <= 100


ROW_FORMS = st.sampled_from([(1, 0, False), (2, 0, False), (4, 0, True), (1, 26, False)])
"""Most lines, columns before what stands beside, and whether it may stand at the end."""


@given(WORDS, WORDS, WORDS, st.integers(12, 120), ROW_FORMS)
def test_a_row_fits_and_is_as_high_as_it_says(text, aside, under, columns, form):
    most, beside, at_end = form
    row = Row(
        trusted("● "),
        untrusted(text),
        cut(untrusted(aside), 6),
        under=untrusted(under),
        beside=beside,
        at_end=at_end,
        most_lines=most,
    )
    drawn = row.lines(columns)
    assert len(drawn) == row.get_height({}, columns)
    assert all(line.cell_length <= columns for line in drawn)


@given(
    WORDS, WORDS, COLUMNS, st.sampled_from([0, 2, 3, 6]), st.sampled_from(PlayState), st.booleans()
)
def test_the_players_lines_fit(name, title, columns, count, state, broken):
    player_state = playing(
        state=state,
        station_name=name,
        stream_name=title,
        title=title,
        problem=Problem(title, name) if broken else None,
        retry_at=NOW + timedelta(seconds=3),
        live=not broken,
        behind=100.0,
    )
    on_air = OnAir("knau", "news", Programme(title, at(15), at(17), host=name), Programme(name))
    drawn = lines(PlayerView(player_state, on_air, KNAU, NOW), columns, count).lines
    assert len(drawn) == count
    assert all(line.cell_length <= columns for line in drawn)


def test_learnt_times_are_called_usual():
    now = Programme("Fresh Air", at(15), at(17), usual=True)
    following = Programme("Marketplace", at(17), usual=True)
    view = PlayerView(playing(), OnAir("knau", "news", now, following), KNAU, NOW)
    programme = lines(view, 120, 3).lines[1].plain
    assert "usually until 5:00" in programme
    assert "next usually 5:00" in programme
    assert "━" not in programme
    assert "usually until 5:00" in lines(view, 80, 2).lines[1].plain
    _, second, _, _, fifth, _ = (line.plain for line in lines(view, 120, 6).lines)
    assert second.endswith("NEXT usually 5:00 PM Marketplace")
    assert fifth.strip() == "usually until 5:00 PM"


def test_a_second_line_begins_under_the_first_and_may_use_the_whole_width():
    row = Row(trusted("● "), trusted("one two three four"), trusted("2h"), most_lines=2)
    assert [line.plain for line in row.lines(14)] == ["● one two   2h", "  three four"]


@pytest.mark.parametrize(
    ("moment", "words"),
    [((0, 5), "12:05 AM"), ((12, 0), "12:00 PM"), ((15, 7), "3:07 PM"), ((9, 30), "9:30 AM")],
)
def test_hours(moment, words):
    assert hour(datetime(2025, 11, 25, moment[0], moment[1], tzinfo=UTC)) == words


def test_dates_name_the_year_only_when_it_is_another():
    assert date(NOW, NOW) == "Tue 25 Nov, 3:07 PM"
    assert date(NOW.replace(year=2023), NOW) == "Sat 25 Nov 2023, 3:07 PM"


def test_keys_as_they_stand_on_the_keyboard():
    assert keys_words("plus,question_mark,ctrl+r,escape,G") == "+, ?, ctrl+r, esc, G"


def test_an_answer_is_old_only_after_a_while():
    assert old(NOW - timedelta(minutes=5), NOW, timedelta(minutes=15)) == ""
    assert old(NOW - timedelta(minutes=40), NOW, timedelta(minutes=15)) == "40m old"
    assert old(None, NOW, timedelta(0)) == ""


def test_a_click_runs_only_what_the_program_gave_it():
    assert "@click" not in str(untrusted("[@click=app.quit]x[/]").spans)
    assert Content("x").is_same(trusted("x"))
    assert "app.quit" in str(trusted("quit", action="app.quit").spans)


async def test_the_keys_of_a_sheet_are_whole_and_do_something(radio):
    async with radio(60, 16) as r:
        for key, hints in (
            ("t", " esc "),
            ("R", " esc "),
            ("W", " esc closes "),
            ("E", " r rule · U undo · n queues · esc closes "),
        ):
            await r.press(key)
            border = next(line for line in reversed(r.lines[:-1]) if hints in line)
            assert border.strip("─╮╯│╰ ") == hints.strip()
            await r.press("escape")


@given(
    st.lists(st.text("ab-é", min_size=1, max_size=14), min_size=1, max_size=20),
    st.integers(1, 40),
)
def test_lines_are_counted_as_the_text_is_wrapped(words: list[str], columns: int) -> None:
    count = count_lines(" ".join(words), columns)
    assert (count is not None) == (max(map(len, words)) <= columns)
    if count is not None:
        assert count == len(Content(" ".join(words)).wrap(columns))


@given(st.text("ab \n\t\u00a0", max_size=60), st.integers(1, 20))
def test_white_space_of_other_kinds_is_not_counted_wrong(text: str, columns: int) -> None:
    count = count_lines(text, columns)
    assert count is None or count == len(Content(text).wrap(columns))
