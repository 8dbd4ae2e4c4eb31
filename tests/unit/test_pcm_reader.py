"""PCM that is decoded ahead of whoever reads it, from real encoded sound."""

from __future__ import annotations

import threading

import pytest

from radiotui.audio.frames import BYTES_PER_SECOND
from radiotui.audio.pcm_reader import PcmReader
from radiotui.problems import Problem
from tests.ears import WAITS, Clip, no_threads_left
from tests.sounds import encode

MUCH = 10 * BYTES_PER_SECOND


def waits_for_more(source: Clip) -> bool:
    """Whether all that is there of a source was decoded; waits for it."""
    return source.waiting.wait(WAITS)


def test_what_is_decoded_is_given_at_once_and_not_frame_by_frame() -> None:
    source = Clip(encode("vorbis", 0.4), "ogg", live=True)
    reader = PcmReader(source)
    size = len(reader.read(4))
    assert size == 4
    assert waits_for_more(source)
    # Some twenty frames.
    assert len(reader.read(MUCH)) > BYTES_PER_SECOND // 4
    source.close()
    reader.close()
    assert no_threads_left()


def test_the_first_read_waits_for_no_more_than_the_first_frame() -> None:
    source = Clip(encode("vorbis", 0.4), "ogg", live=True)
    reader = PcmReader(source)
    # The source has no end: a read that waits for what fits would wait for ever.
    first: list[bytes] = []
    thread = threading.Thread(target=lambda: first.append(reader.read(MUCH)), daemon=True)
    thread.start()
    thread.join(WAITS)
    assert first
    assert first[0]
    source.close()
    reader.close()
    assert no_threads_left()


def test_no_more_than_a_second_is_decoded_ahead_and_all_is_given() -> None:
    source = Clip(encode("vorbis", 3.0), "ogg", live=True)
    reader = PcmReader(source)
    size = len(reader.read(4))
    # Without a limit it would soon wait for more of the source.
    assert not source.waiting.wait(0.3)
    while size < 2.8 * BYTES_PER_SECOND:
        data = reader.read(MUCH)
        assert 0 < len(data) < BYTES_PER_SECOND * 11 // 10
        size += len(data)
    source.close()
    while data := reader.read(MUCH):
        size += len(data)
    assert size == pytest.approx(3 * BYTES_PER_SECOND, abs=BYTES_PER_SECOND // 10)
    assert no_threads_left()


def test_sound_goes_on_at_another_rate_from_the_next_read() -> None:
    rates = [1.0]
    reader = PcmReader(Clip(encode("vorbis", 4.0), "ogg"), lambda: rates[-1])
    heard, lengths = 0, []
    # Two seconds as they are, the next at double the rate, the last at half.
    for rate, until in ((1.0, 2.0), (2.0, 3.0), (0.5, 9.0)):
        rates.append(rate)
        while reader.seconds_read < until and (data := reader.read(BYTES_PER_SECOND // 50)):
            heard += len(data)
        lengths.append(heard / BYTES_PER_SECOND)
        # At each change and half a second before, as an ear that is behind has it.
        now = reader.seconds_read
        assert reader.place_of(lengths[-1]) == pytest.approx(now, abs=0.001)
        before = {1.0: 0.5, 2.0: 1.0, 0.5: 0.25}[rate]
        assert reader.place_of(lengths[-1] - 0.5) == pytest.approx(now - before, abs=0.1)
    assert now == pytest.approx(4.0, abs=0.05)
    assert lengths == pytest.approx([2.0, 2.5, 4.5], abs=0.2)
    assert no_threads_left()


def test_sound_before_a_failure_is_given_before_it() -> None:
    source = Clip(encode("vorbis", 0.4), "ogg", error=OSError("the disk is gone"))
    reader = PcmReader(source)
    size = 0
    with pytest.raises(Problem, match="cannot be read"):
        while True:
            size += len(reader.read(MUCH))
    assert size > BYTES_PER_SECOND // 4
    assert no_threads_left()


def test_closing_wakes_the_reader_and_ends_the_thread_that_waits_for_room() -> None:
    waiting = Clip(b"", "ogg", live=True)
    reader = PcmReader(waiting)
    last: list[bytes] = []
    thread = threading.Thread(target=lambda: last.append(reader.read(MUCH)), daemon=True)
    thread.start()
    assert waits_for_more(waiting)
    reader.close()
    thread.join(WAITS)
    assert last == [b""]
    waiting.close()

    full = PcmReader(Clip(encode("vorbis", 3.0), "ogg"))
    assert full.read(4)
    full.close()
    assert full.read(4) == b""
    assert no_threads_left()
