"""The queue as a pure value: adding, moving, and what two programs do to it at once."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from radiotui.player.queue import (
    MOST_QUEUED,
    Queue,
    QueueItem,
    added,
    added_next,
    count_word,
    entry_key,
    merged,
    moved,
    without,
)
from radiotui.store.queue_ranks import ranks, rising


def items(letters: str) -> Queue:
    return tuple(QueueItem(key=letter, url=f"https://a.example/{letter}", title=letter)
                 for letter in letters)  # fmt: skip


def letters(queue: Queue) -> str:
    return "".join(item.key for item in queue)


def test_what_is_in_it_keeps_its_place_when_it_is_added_again() -> None:
    assert letters(added(items("abc"), items("bd"))) == "abcd"


def test_what_is_to_be_next_stands_behind_the_one_at_the_ear() -> None:
    assert letters(added_next(items("abc"), items("d"))) == "dabc"
    assert letters(added_next(items("abc"), items("de"), "a")) == "adebc"
    assert letters(added_next(items("abc"), items("c"), "a")) == "acb"
    assert letters(added_next(items("abc"), items("a"), "a")) == "abc"


def test_no_queue_grows_for_ever() -> None:
    many = tuple(QueueItem(key=str(number), url="u", title="t") for number in range(MOST_QUEUED))
    assert added(many, items("a")) == many
    assert len(added_next(many, items("a"))) == MOST_QUEUED


def test_an_entry_has_the_same_name_in_every_run() -> None:
    assert entry_key("https://a.example/rss", "1") == entry_key("https://a.example/rss", "1")
    assert entry_key("https://a.example/rss", "1") != entry_key("https://b.example/rss", "1")


def test_the_number_has_the_word_of_what_it_is() -> None:
    story, episode = items("a"), (QueueItem(key="e", url="u", title="t", kept="e"),)
    assert count_word(story) == "1 story"
    assert count_word(items("ab")) == "2 stories"
    assert count_word(episode * 3) == "3 episodes"
    assert count_word((*story, *episode)) == "2 items"


def test_what_one_program_did_is_done_to_what_another_has_stored() -> None:
    before = items("abcd")
    # Heard to its end here, added and taken out there.
    assert letters(merged(items("abcdx"), before, items("bcd"))) == "bcdx"
    assert letters(merged(items("acdx"), before, items("bcda"))) == "cdax"
    assert letters(merged(items("abd"), before, items("abcd"))) == "abd"
    # One that could not be heard went to the end here, and was taken out there.
    assert letters(merged(items("bcd"), before, items("bcda"))) == "bcd"
    assert letters(merged(items("xabcd"), before, items("abcde"))) == "xabcde"


_QUEUES = st.lists(st.sampled_from("abcdefgh"), unique=True).map(lambda some: items("".join(some)))


@given(_QUEUES, _QUEUES, _QUEUES)
def test_merging_loses_nothing_that_nobody_took_out(stored: Queue, one: Queue, two: Queue) -> None:
    after = set(letters(merged(stored, one, two)))
    gone = set(letters(one)) - set(letters(two))
    assert after >= set(letters(stored)) - gone
    assert not after & gone
    assert after >= set(letters(two)) - set(letters(one))
    assert merged(one, one, two) == two


@given(_QUEUES, st.sampled_from("abcdefgh"), st.integers(-9, 9), st.integers(0, 2))
def test_moving_keeps_every_item(queue: Queue, key: str, by: int, first: int) -> None:
    after = moved(queue, key, by, first=first)
    assert sorted(letters(after)) == sorted(letters(queue))
    assert letters(without(after, key)) == letters(without(queue, key))
    assert letters(after[:first]) == letters(queue[:first]) or key in letters(queue[:first])


_RANKS = st.lists(st.none() | st.floats(0.001, 1e9), max_size=30)


@given(_RANKS)
def test_ranks_rise_and_most_stay(before: list[float | None]) -> None:
    after = ranks(before)
    assert all(a < b for a, b in pairwise(after))
    assert all(0 < rank < 2**53 for rank in after)


def test_a_move_changes_one_rank() -> None:
    before: list[float | None] = [1024.0 * number for number in range(1, 101)]
    order = [before[70], *before[:70], *before[71:]]
    after = ranks(order)
    assert sum(old != new for old, new in zip(order, after, strict=True)) == 1
    assert after == sorted(after)


def test_there_is_room_for_any_number_of_items_at_the_front() -> None:
    order: list[float | None] = []
    renumbered = 0
    for _ in range(400):
        after = ranks([None, *order])
        renumbered += after[1:] != order
        order = [*after]
        assert after == sorted(set(after))
    assert renumbered < 20


@given(st.lists(st.integers(0, 20), max_size=12))
def test_what_rises_is_the_longest_part(numbers: list[int]) -> None:
    part = [numbers[place] for place in sorted(rising(numbers))]
    assert part == sorted(set(part))
    longest = [0] * len(numbers)
    for at, number in enumerate(numbers):
        before = (longest[n] for n in range(at) if numbers[n] < number)
        longest[at] = 1 + max(before, default=0)
    assert len(part) == max(longest, default=0)
