"""A line of programmes in time: order, gaps, and the one that is on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiotui.guide.model import Programme
from radiotui.guide.timeline import next_after, on_at, timeline

NOON = datetime(2026, 3, 6, 12, tzinfo=UTC)


def time_of(minute: float | None) -> datetime | None:
    """A time, from minutes after noon."""
    return None if minute is None else NOON + timedelta(minutes=minute)


def minute_of(moment: datetime | None) -> float | None:
    """Minutes after noon."""
    return None if moment is None else (moment - NOON).total_seconds() / 60


def programme(title: str, start: float | None, end: float | None = None) -> Programme:
    """A programme, its times in minutes after noon."""
    return Programme(title, time_of(start), time_of(end))


def minutes(line: tuple[Programme, ...]) -> list[tuple[str, float | None, float | None]]:
    """The line in minutes after noon."""
    return [(one.title, minute_of(one.start), minute_of(one.end)) for one in line]


def test_programmes_stand_in_order_and_those_without_a_start_are_left_out() -> None:
    line = timeline([programme("b", 30, 60), programme("a", 0, 30), programme("when?", None, 90)])
    assert minutes(line) == [("a", 0, 30), ("b", 30, 60)]


@pytest.mark.parametrize(
    ("end", "mended"),
    [(29, 30), (31, 30), (55, 30), (None, 30), (28, 28), (23.5, 23.5), (0, 30), (-5, 30)],
)
def test_small_gaps_close_overlaps_end_and_the_news_at_the_hour_stays(
    end: float | None, mended: float
) -> None:
    line = timeline([programme("a", 0, end), programme("b", 30, 60)])
    assert minutes(line)[0] == ("a", 0, mended)


@pytest.mark.parametrize(
    ("further", "shown"),
    [
        (("b", 10, 15), [("a", 0, 10), ("b", 10, 15), ("a", 15, 60)]),
        (("b", 0, 15), [("b", 0, 15), ("a", 15, 60)]),
        (("b", 50, 60), [("a", 0, 50), ("b", 50, 60)]),
        (("b", 50, 59), [("a", 0, 50), ("b", 50, 59)]),
        (("b", 50, None), [("a", 0, 50), ("b", 50, None)]),
        (("a", 0, 70), [("a", 0, 70)]),
    ],
)
def test_a_longer_one_comes_back_when_what_lies_within_it_has_ended(
    further: tuple[str, float, float | None], shown: list[tuple[str, float, float | None]]
) -> None:
    assert minutes(timeline([programme("a", 0, 60), programme(*further)])) == shown
    within = [programme("a", 0, 60), programme("b", 10, 50), programme("c", 20, 30)]
    assert minutes(timeline(within))[2:] == [("c", 20, 30), ("b", 30, 50), ("a", 50, 60)]


def test_the_one_that_is_on_is_found_by_its_times() -> None:
    line = timeline([programme("a", 0, 30), programme("b", 35, 60), programme("c", 90)])
    titles = {at: on_at(line, NOON + timedelta(minutes=at)) for at in (-1, 0, 29, 34, 35, 74, 76)}
    assert {at: one and one.title for at, one in titles.items()} == {
        -1: None, 0: "a", 29: "a", 34: "a", 35: "b", 74: "b", 76: None,
    }  # fmt: skip
    endless = [on_at(line, NOON + timedelta(hours=hours)) for hours in (7, 7.4, 7.5, 24)]
    assert [one and one.title for one in endless] == ["c", "c", None, None]


def test_what_is_kept_in_a_gap_has_no_end_that_was_missed() -> None:
    line = timeline([programme("a", 0, 30), programme("b", 50, 60)])
    kept = on_at(line, NOON + timedelta(minutes=40))
    assert kept is not None
    assert (kept.title, kept.end) == ("a", None)
    following = next_after(line, NOON + timedelta(minutes=40))
    assert following is not None
    assert following.title == "b"
    assert next_after(line, NOON + timedelta(hours=2)) is None


@given(st.lists(st.tuples(st.integers(-500, 500), st.none() | st.integers(-500, 500)), max_size=30))
def test_no_line_overlaps_or_runs_backwards(spans: list[tuple[int, int | None]]) -> None:
    line = timeline(programme(str(number), *span) for number, span in enumerate(spans))
    for one, following in pairwise(line):
        assert one.start is not None
        assert following.start is not None
        assert one.start < following.start
        assert one.end is None or one.start < one.end <= following.start
