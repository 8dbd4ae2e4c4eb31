"""The Test Signal's bytes: joined at any moment they decode, titles stand where they belong."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import av
import av.logging
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from radiotui.demo.broadcast import BURST, METAINT, Mp3Broadcast, OpusBroadcast, icy_block, on_air
from radiotui.demo.rundown import TICK, TURN_TICKS, Rundown, tick_at
from radiotui.radio.framing.ogg_page import BEGINS, ENDS, whole_pages, write_page

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
FIRST = tick_at(NOON)
RUNDOWN = Rundown()
joining = st.integers(FIRST, FIRST + 7 * 20 * TURN_TICKS)


class Time:
    """A clock that goes on while somebody waits."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now
        self.waited = 0.0

    def __call__(self) -> datetime:
        return self.now

    def wait(self, seconds: float) -> bool:
        self.waited += seconds
        self.now += timedelta(seconds=seconds)
        return False


class Pipe:
    """Bytes as a radio reads them: from the beginning on, with no end in sight."""

    def __init__(self, data: bytes) -> None:
        self.read = io.BytesIO(data).read


def decoded(data: bytes, container: str) -> int:
    """How many samples ``data`` gives; fails on the mildest complaint of the decoder."""
    av.logging.set_level(av.logging.WARNING)
    av.logging.set_skip_repeated(False)
    try:
        with av.logging.Capture() as complaints, av.open(Pipe(data), "r", format=container) as file:
            samples = sum(frame.samples for frame in file.decode(audio=0))
    finally:
        av.logging.set_skip_repeated(True)
        av.logging.set_level(None)
    assert [complaint for complaint in complaints if "Estimating" not in complaint[2]] == []
    return samples


def titles_and_sound(stream: bytes) -> tuple[list[tuple[int, str]], bytes]:
    """An ICY stream taken apart: titles with their place in the sound, and the sound."""
    titles: list[tuple[int, str]] = []
    sound = bytearray()
    while len(stream) > METAINT:
        sound += stream[:METAINT]
        size = stream[METAINT] * 16
        block = stream[METAINT + 1 : METAINT + 1 + size].rstrip(b"\0").decode()
        if block:
            assert block.startswith("StreamTitle='")
            assert block.endswith("';")
            titles.append((len(sound), block[13:-2]))
        stream = stream[METAINT + 1 + size :]
    return titles, bytes(sound + stream)


@settings(max_examples=15)
@given(joining)
def test_mp3_joined_at_any_moment_decodes_without_a_gap(number: int) -> None:
    carrier = Mp3Broadcast(RUNDOWN)
    heard = b"".join(carrier.tick(number + ticks) for ticks in range(40))
    assert decoded(heard, "mp3") == 40 * 11_520


@settings(max_examples=15)
@given(joining)
def test_opus_joined_at_any_moment_decodes_without_a_gap(number: int) -> None:
    carrier = OpusBroadcast(RUNDOWN)
    heard = b"".join(carrier.tick(number + tick) for tick in range(140))
    assert decoded(heard, "ogg") == 140 * 11_520


def test_mp3_has_only_frames_that_need_no_other() -> None:
    carrier = Mp3Broadcast(RUNDOWN)
    heard = b"".join(carrier.tick(FIRST + tick) for tick in range(2 * TURN_TICKS))
    for at in range(0, len(heard), 192):
        header = int.from_bytes(heard[at : at + 4], "big")
        assert header >> 19 == 0b1111111111111, "MPEG-1"
        assert header >> 12 & 0xF == 5, "64 kbit/s"
        assert header >> 10 & 3 == 1, "48 kHz"
        main_data_begin = heard[at + 4] << 1 | heard[at + 5] >> 7
        assert main_data_begin == 0


def test_opus_titles_begin_links() -> None:
    carrier = OpusBroadcast(RUNDOWN)
    begin = FIRST + 100
    stream = list(whole_pages(b"".join(carrier.tick(begin + tick) for tick in range(200))))
    heads = [at for at, page in enumerate(stream) if page[5] & BEGINS]
    ends = [at for at, page in enumerate(stream) if page[5] & ENDS]
    assert heads == [0, 27, 154]
    assert ends == [26, 153]
    assert len({stream[at][14:18] for at in heads}) == 3
    for head, moment in zip(heads, (begin, FIRST + 125, FIRST + 250), strict=True):
        turn = RUNDOWN.turn_number(moment // TURN_TICKS)
        tags = stream[head + 1]
        assert f"ARTIST={turn.artist}".encode() in tags
        assert f"TITLE={turn.title}".encode() in tags
        assert int.from_bytes(stream[head + 2][6:14], "little") == 11_520


@settings(max_examples=20)
@given(joining)
@example(FIRST + 61)  # a title is due exactly where the turn changes
def test_icy_titles_stand_before_the_sound_they_name(number: int) -> None:
    titled, plain = Mp3Broadcast(RUNDOWN, titled=True), Mp3Broadcast(RUNDOWN)
    count = 3 * TURN_TICKS
    titles, sound = titles_and_sound(b"".join(titled.tick(number + tick) for tick in range(count)))
    assert sound == b"".join(plain.tick(number + tick) for tick in range(count))
    assert len(titles) in {3, 4}
    for place, title in titles:
        turn = RUNDOWN.turn_number((number + place // 1920) // TURN_TICKS)
        assert title == f"{turn.artist} - {turn.title}"
    changes = [at for at in range(1, count) if (number + at) % TURN_TICKS == 0]
    # No later than the first chance after the sound has changed.
    for change in changes:
        if (change + 5) * 1920 < len(sound):
            assert any(0 <= place - change * 1920 < METAINT for place, _ in titles)


def test_an_icy_title_that_is_too_long_is_cut_to_what_a_block_can_hold() -> None:
    block = icy_block("x" * 9000)
    assert block[0] == 255
    assert len(block) == 1 + 255 * 16


def test_pages_hold_packets_of_any_size() -> None:
    packets = [b"", b"a" * 254, b"b" * 255, b"c" * 700]
    page = write_page(packets)
    assert page[26] == 1 + 1 + 2 + 3
    assert page.endswith(b"".join(packets))
    assert list(whole_pages(page + page)) == [page, page]


def test_the_broadcast_keeps_a_listener_a_few_seconds_ahead() -> None:
    time = Time()
    ticks = on_air(time, time.wait)
    sent = [next(ticks) for _ in range(1000)]
    assert sent == list(range(FIRST, FIRST + 1000))
    ahead = (sent[-1] + 1) * TICK - time().timestamp()
    assert ahead == pytest.approx(BURST, abs=2 * TICK)
    assert time.waited == pytest.approx(1000 * TICK - BURST, abs=2 * TICK)


@pytest.mark.parametrize("slept", [timedelta(hours=9), timedelta(seconds=-3600)])
def test_after_a_sleep_the_broadcast_goes_on_at_what_is_on_now(slept: timedelta) -> None:
    time = Time()
    ticks = on_air(time, time.wait)
    for _ in range(100):
        next(ticks)
    time.now += slept
    assert next(ticks) == tick_at(time()) or next(ticks) == tick_at(time())


def test_a_short_stall_loses_nothing() -> None:
    time = Time()
    ticks = on_air(time, time.wait)
    before = [next(ticks) for _ in range(100)]
    time.now += timedelta(seconds=8)
    after = [next(ticks) for _ in range(100)]
    assert before + after == list(range(FIRST, FIRST + 200))


def test_opus_begins_a_new_link_after_a_jump() -> None:
    carrier = OpusBroadcast(RUNDOWN)
    carrier.tick(FIRST + 3)
    jumped = list(whole_pages(carrier.tick(FIRST + 60)))
    assert [page[5] for page in jumped] == [BEGINS, 0, 0]
    assert decoded(b"".join(jumped), "ogg") == 11_520


def test_waiting_may_end_the_broadcast() -> None:
    assert len(list(on_air(Time(), lambda _seconds: True))) == int(BURST / TICK) + 1
