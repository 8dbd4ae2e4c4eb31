"""When a lost station is tried again, at which address, and what counts as too slow or asleep."""

from __future__ import annotations

import random

from radiotui.net.backoff import Backoff, Pace, Wakefulness, growing_pause, stepped_pause
from radiotui.radio.tuner.read_pause import read_pause


def test_a_pause_doubles_until_it_is_the_longest():
    assert [growing_pause(n, 0.5, 8.0) for n in range(1, 8)] == [0.5, 1, 2, 4, 8, 8, 8]
    assert growing_pause(10**6, 0.5, 8.0) == 8.0


def test_the_last_step_of_a_pause_stays():
    assert [stepped_pause(n, (30, 60, 300)) for n in range(1, 6)] == [30, 60, 300, 300, 300]


def test_after_a_good_connection_the_next_comes_at_once_and_at_the_same_address():
    backoff = Backoff(2, random.Random(1))
    assert [backoff.lost(had_sound=True, was_good=True) for _ in range(3)] == [0.0] * 3
    assert backoff.address == 0


def test_pauses_double_to_half_a_minute_and_begin_anew():
    backoff = Backoff(1, random.Random(1))
    pauses = [backoff.lost(had_sound=False, was_good=False) for _ in range(10)]
    for pause, usual in zip(pauses, [0.5, 1, 2, 4, 8, 16, 30, 30, 30, 30], strict=True):
        assert 0.8 * usual <= pause <= 1.2 * usual
        assert pause <= 30
    assert len(set(pauses[:5])) == 5
    backoff.lost(had_sound=True, was_good=True)
    assert backoff.lost(had_sound=False, was_good=False) <= 0.6


def test_sound_that_does_not_hold_is_believed_once():
    backoff = Backoff(1, random.Random(1))
    assert backoff.lost(had_sound=True, was_good=False) == 0.0
    assert backoff.lost(had_sound=True, was_good=False) > 0.0


def test_two_failures_lead_to_the_next_address_and_round_again():
    backoff = Backoff(3, random.Random(1))
    tried = []
    for _ in range(8):
        tried.append(backoff.address)
        backoff.lost(had_sound=False, was_good=False)
    assert tried == [0, 0, 1, 1, 2, 2, 0, 0]


def test_a_third_of_what_is_heard_is_too_little_once_the_burst_is_over():
    pace = Pace(0.0, 0.0)
    # Ten seconds at once, then a tenth of real time: the burst counts for one look.
    told = [pace.is_too_slow(now, 10 + now / 10) for now in (10.0, 29.0, 31.0, 59.0, 62.0)]
    assert told == [False, False, False, False, True]


def test_a_long_burst_may_be_followed_by_a_pause():
    pace = Pace(0.0, 0.0)
    assert not pace.is_too_slow(31.0, 60.0)
    assert not pace.is_too_slow(62.0, 62.0)
    assert pace.is_too_slow(93.0, 63.0)


def test_only_a_wall_clock_that_runs_ahead_is_sleep():
    wakefulness = Wakefulness(1000.0, 5.0)
    assert not wakefulness.has_slept(1060.0, 65.0)
    assert wakefulness.has_slept(4661.0, 66.0)
    assert not wakefulness.has_slept(4662.0, 67.0)
    # Set back by hand, and a slow second.
    assert not wakefulness.has_slept(1000.0, 68.0)
    assert not wakefulness.has_slept(1005.0, 69.0)


def test_a_stream_that_is_ahead_is_read_less_often():
    assert read_pause(1.0, 0.1, is_live=True) == 0.0
    assert 0.0 < read_pause(4.0, 0.1, is_live=True) <= 0.5
    assert read_pause(4.0, 0.1, is_live=False) == 0.0
    assert read_pause(75.0, 0.1, is_live=True) == read_pause(75.0, 0.1, is_live=False) == 15.0


def test_a_burst_is_read_without_a_pause():
    assert read_pause(4.0, 2.0, is_live=True) == 0.0
    assert read_pause(75.0, 2.0, is_live=True) == 15.0
