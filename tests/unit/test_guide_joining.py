from datetime import UTC, datetime, timedelta

import pytest

from radiotui.guide.merge import SourceAnswer, join, present, same_title
from radiotui.guide.model import Programme, Song
from radiotui.guide.sources.answer import ScheduleAnswer

NOON = datetime(2026, 3, 6, 12, tzinfo=UTC)
ONE = NOON + timedelta(hours=1)
TWO = NOON + timedelta(hours=2)
SONG = Song("Sinnerman", "Nina Simone", NOON, 600)
HOURS = Programme("Fresh Air", NOON, ONE, host="Terry Gross")
NEXT = Programme("Marketplace", ONE, TWO)


def joined(*answers: ScheduleAnswer):
    return join(
        "knau",
        "news",
        [
            SourceAnswer(f"source {n}", NOON + timedelta(seconds=n), a)
            for n, a in enumerate(answers)
        ],
    )


def test_nobody_says_anything():
    shown = joined()
    assert (shown.now, shown.next, shown.source, shown.asked_at) == (None, None, "", None)
    shown = joined(ScheduleAnswer())
    assert (shown.now, shown.source, shown.asked_at) == (None, "", NOON)


def test_a_name_gets_its_times_and_what_is_next_from_a_later_source():
    shown = joined(ScheduleAnswer(Programme("FRESH AIR")), ScheduleAnswer(HOURS, NEXT, SONG))
    assert shown.now == Programme("FRESH AIR", NOON, ONE, host="Terry Gross")
    assert (shown.next, shown.song) == (NEXT, SONG)
    assert (shown.source, shown.asked_at) == ("source 0", NOON)


def test_what_disagrees_on_the_title_is_not_used():
    shown = joined(ScheduleAnswer(Programme("Special Coverage")), ScheduleAnswer(HOURS, NEXT, SONG))
    assert shown.now == Programme("Special Coverage")
    assert (shown.next, shown.song) == (None, None)


def test_the_first_that_has_a_programme_wins_the_title():
    shown = joined(
        ScheduleAnswer(next=NEXT),
        ScheduleAnswer(HOURS),
        ScheduleAnswer(Programme("Other", NOON, TWO)),
    )
    assert shown.now == HOURS
    assert shown.next == NEXT
    assert (shown.source, shown.asked_at) == ("source 1", NOON + timedelta(seconds=1))


def test_a_source_without_a_programme_may_still_say_what_is_next():
    shown = joined(ScheduleAnswer(Programme("Special Coverage")), ScheduleAnswer(next=NEXT))
    assert shown.now == Programme("Special Coverage")
    assert shown.next == NEXT


def test_only_what_is_next_is_known():
    shown = joined(ScheduleAnswer(), ScheduleAnswer(next=NEXT))
    assert (shown.now, shown.next, shown.source) == (None, NEXT, "source 1")


def test_what_is_known_is_not_overwritten():
    first = Programme("Fresh Air", NOON, ONE, "A", "about", "https://a.example/")
    second = Programme(
        "Fresh Air", NOON - timedelta(hours=1), TWO, "B", "other", "https://b.example/"
    )
    assert joined(ScheduleAnswer(first), ScheduleAnswer(second)).now == first


def test_times_that_contradict_each_other_are_not_mixed():
    begins = Programme("Fresh Air", ONE)
    ended = Programme("Fresh Air", NOON, ONE)
    assert joined(ScheduleAnswer(begins), ScheduleAnswer(ended)).now == begins


def test_the_time_of_what_is_next_may_come_from_a_later_source():
    shown = joined(ScheduleAnswer(HOURS, Programme("Marketplace")), ScheduleAnswer(HOURS, NEXT))
    assert shown.next == NEXT
    other = joined(ScheduleAnswer(HOURS, Programme("BBC Newshour")), ScheduleAnswer(HOURS, NEXT))
    assert other.next == Programme("BBC Newshour")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Morning Edition", "MORNING  EDITION!", True),
        ("Here & Now", "Here and Now", True),
        ("Wait Wait… Don't Tell Me!", "Wait Wait...Don’t Tell Me", True),
        ("Café Society", "Cafe Society", True),
        ("Morning Edition", "Weekend Edition", False),
        ("???", "!!!", False),
        ("???", "???", True),
    ],
)
def test_titles_are_the_same_but_for_case_and_punctuation(one, other, same):
    assert same_title(Programme(one), Programme(other)) is same


def test_an_answer_that_was_given_before():
    answer = ScheduleAnswer(HOURS, NEXT, SONG)
    assert present(answer, None, NOON) == answer
    # The song is over before the programme is.
    assert present(answer, None, NOON + timedelta(minutes=30)) == ScheduleAnswer(HOURS, NEXT)
    # What was next is on when its time has come, and over when it is over.
    assert present(answer, None, ONE) == ScheduleAnswer(NEXT)
    assert present(answer, None, TWO) == ScheduleAnswer()


def test_a_name_without_an_end_is_over_when_another_source_knew_its_end():
    answer = ScheduleAnswer(Programme("Fresh Air"))
    assert present(answer, ONE, ONE - timedelta(seconds=1)) == answer
    assert present(answer, ONE, ONE) == ScheduleAnswer()
    assert present(answer, None, TWO) == answer


def test_songs():
    minute = timedelta(minutes=1)
    assert not SONG.over(NOON + 11 * minute - timedelta(seconds=1))
    assert SONG.over(NOON + 11 * minute)
    assert SONG.over(NOON - 6 * minute)
    unknown = Song("Sinnerman", start=NOON)
    assert not unknown.over(NOON + 15 * minute)
    assert unknown.over(NOON + 16 * minute)
    assert not Song("Sinnerman").over(NOON + timedelta(days=9))
