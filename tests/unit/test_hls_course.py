"""Which segments come next."""

import pytest

from radiotui.radio.hls.playlist import ByteRange, MediaPlaylist, Segment
from radiotui.radio.hls.segment_order import SegmentOrder


def listed(first: int, end: int, name: str = "seg", *, ended: bool = False) -> MediaPlaylist:
    def segment(number: int) -> Segment:
        place = ByteRange(f"http://a/{name}{number}.ts?session=1")
        return Segment(number, place, 10.0, b"", None, None, False, None)

    return MediaPlaylist(10.0, tuple(map(segment, range(first, end))), ended)


def numbers(segments: object) -> list[int]:
    return [segment.number for segment in segments]  # type: ignore[attr-defined]


def begun(media: MediaPlaylist) -> SegmentOrder:
    course = SegmentOrder()
    _, near = course.begin(media)
    course.pass_by(near[-1])
    return course


@pytest.mark.parametrize(
    ("media", "older", "near"),
    [
        (listed(0, 10), range(7), range(7, 10)),
        (listed(5, 7), (), (5, 6)),
        (listed(0, 10, ended=True), (), range(10)),
    ],
)
def test_a_listener_begins_three_target_durations_before_the_end(media, older, near):
    found_older, found_near = SegmentOrder().begin(media)
    assert (numbers(found_older), numbers(found_near)) == (list(older), list(near))


def test_what_is_new_follows():
    course = begun(listed(0, 10))
    assert numbers(course.next(listed(1, 11), 10.0)[0]) == [10]
    assert course.next(listed(0, 10), 10.0) == ((), True)
    assert course.next(listed(10, 12), 10.0)[1]


def test_after_a_long_time_away_all_that_was_missed_and_is_listed():
    course = begun(listed(0, 10))
    segments, is_whole = course.next(listed(20, 40), 300.0)
    assert (numbers(segments), is_whole) == (list(range(20, 40)), False)


def test_a_new_numbering_begins_near_its_end():
    course = begun(listed(1000, 1010))
    segments, is_whole = course.next(listed(0, 90, "new"), 10.0)
    assert (numbers(segments), is_whole) == ([86, 87, 88, 89], False)


def test_far_ahead_begins_near_its_end():
    course = begun(listed(0, 10))
    segments, is_whole = course.next(listed(10**12, 10**12 + 90), 10.0)
    assert (len(segments), is_whole) == (4, False)


def test_what_was_listed_before_is_old():
    course = begun(listed(0, 10))
    assert course.next(listed(0, 8), 10.0) == ((), True)
