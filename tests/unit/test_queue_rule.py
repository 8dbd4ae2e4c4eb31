"""Rules of queues: how they are written, and what they choose."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from radiotui.podcasts.queue_rule import (
    QueueRule,
    RuleEpisode,
    RulePodcast,
    RuleSource,
    choose,
    read_rule,
)
from radiotui.problems import Problem

NEWS, NOTES = 100, 200


def podcast(
    first: int, minutes: list[float | None], *, played: Collection[int] = (), **facts: bool
) -> RulePodcast:  # fmt: skip
    """Episodes numbered from ``first`` on, the newest first; a day lies between two of them."""
    return RulePodcast(
        tuple(
            RuleEpisode(
                first + at,
                placed=float(-at * 86_400 - first),
                seconds=length and length * 60,
                is_played=first + at in played,
            )
            for at, length in enumerate(minutes)
        ),
        **facts,
    )


@pytest.mark.parametrize(
    ("typed", "rule"),
    [
        (
            "newest of News Now; unheard of Field Notes, Radiolab; at most 30 minutes; when empty",
            QueueRule(
                (
                    RuleSource("newest", ("News Now",)),
                    RuleSource("unheard", ("Field Notes", "Radiolab")),
                ),
                30,
                is_automatic=True,
            ),
        ),
        (
            "  UNHEARD of all,  oldest first ;up to 1 h 30 min ",
            QueueRule((RuleSource("unheard", order="oldest first"),), 90),
        ),
        (
            'newest 3 of "News, Now; Really", https://a.example/rss',
            QueueRule((RuleSource("newest", ("News, Now; Really", "https://a.example/rss"), 3),)),
        ),
    ],
)
def test_a_rule_is_read_and_written(typed: str, rule: QueueRule) -> None:
    assert read_rule(typed) == rule
    assert read_rule(str(rule)) == rule


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "names no podcast"),
        ("at most 30 minutes", "names no podcast"),
        ("the best of News Now", "“the best of News Now” is no part of a rule"),
        ("newest of ,", "is no part of a rule"),
        ("newest of News Now; at most thirty", "“at most thirty” is no part"),
    ],
)
def test_what_is_not_understood_is_said(typed: str, words: str) -> None:
    with pytest.raises(Problem, match=words) as raised:
        read_rule(typed)
    assert "newest of News Now" in raised.value.hint


def test_the_newest_and_then_what_is_unheard_in_half_an_hour() -> None:
    rule = read_rule("newest of News; unheard of Notes; at most 30 minutes")
    news, notes = podcast(NEWS, [5, 5]), podcast(NOTES, [12, 20, 10, 4], played={NOTES})
    # The one of 20 minutes goes in, the one of 10 would be too much, that of 4 fits.
    assert choose(rule, [[news], [notes]]) == [NEWS, NOTES + 1, NOTES + 3]
    assert choose(rule, [[news], [notes]], waiting_seconds=60.0 * 24) == [NEWS]


def test_the_newest_that_was_heard_is_not_heard_again() -> None:
    rule = read_rule("newest of News")
    assert choose(rule, [[podcast(NEWS, [5, 5], played={NEWS})]]) == []
    assert choose(read_rule("newest 2 of News"), [[podcast(NEWS, [5, 5], played={NEWS})]]) == [101]


def test_a_serial_is_heard_from_its_beginning() -> None:
    serial = podcast(NOTES, [10, 10, 10], played={NOTES + 2}, is_serial=True)
    assert choose(read_rule("unheard of Notes"), [[serial]]) == [NOTES + 1, NOTES]
    assert choose(read_rule("unheard 1 of Notes"), [[serial]]) == [NOTES + 1]
    assert choose(read_rule("unheard of Notes, newest first"), [[serial]]) == [NOTES, NOTES + 1]


def test_several_podcasts_are_heard_by_their_dates() -> None:
    both = [podcast(NEWS, [1, 1]), podcast(NOTES, [1, 1])]
    assert choose(read_rule("unheard of all"), [both]) == [NEWS, NOTES, NEWS + 1, NOTES + 1]
    assert choose(read_rule("newest of Notes, News"), [both[::-1]]) == [NOTES, NEWS]


def test_what_is_in_it_is_not_added_and_no_episode_twice() -> None:
    one, two = podcast(NEWS, [1, 1]).episodes
    queued = RulePodcast((RuleEpisode(one.entry, one.placed, 60.0, is_queued=True), two))
    rule = read_rule("newest of News; unheard of News")
    assert choose(rule, [[queued], [queued]]) == [NEWS + 1]
    fresh = podcast(NEWS, [1, 1])
    assert choose(rule, [[fresh], [fresh]]) == [NEWS, NEWS + 1]


def test_a_length_that_is_not_told_counts_as_the_others_of_its_podcast() -> None:
    rule = read_rule("unheard of Notes; at most 30 minutes")
    assert choose(rule, [[podcast(NOTES, [None, 20, 20])]]) == [NOTES]
    assert choose(rule, [[podcast(NOTES, [None] * 5)]]) == [NOTES, NOTES + 1, NOTES + 2]
