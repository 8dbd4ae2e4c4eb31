"""The tape: written at one end, read from anywhere, bounded at the other end."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radiotui.problems import Problem
from radiotui.radio.framing.frames import Frame
from radiotui.radio.tape.leftovers import remove_leftovers
from radiotui.radio.tape.segments import SEGMENT_BYTES
from radiotui.radio.tape.tape import Tape

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def go(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


made: list[Tape] = []


def new(folder: Path, **more: Any) -> Tape:
    made.append(Tape(folder, **more))
    return made[-1]


@pytest.fixture(autouse=True)
def _closed():
    yield
    while made:
        tape = made.pop()
        tape.close()
        assert tape.flushed()


def frame(number: int, size: int = 100, seconds: float = 1.0) -> Frame:
    return Frame(f"{number:08d}".encode().ljust(size, b"."), seconds)


def head(text: bytes) -> Frame:
    return Frame(text, 0.0, start=False, head=True)


def make(tmp_path: Path, **settings_: object) -> Tape:
    tape = new(tmp_path, clock=Clock(), **settings_)  # type: ignore[arg-type]
    tape.connect("mp3", "MP3")
    return tape


def read(tape: Tape, at: float | None, size: int) -> bytes:
    reader = tape.open_at(at)
    data = b""
    while len(data) < size:
        part = reader.read(size - len(data))
        if not part:
            break
        data += part
    return data


def first_number(tape: Tape, at: float | None) -> int:
    return int(read(tape, at, 8))


def test_it_opens_at_the_frame_that_sounds_at_that_second(tmp_path: Path):
    tape = make(tmp_path)
    tape.append([frame(n) for n in range(100)])
    assert first_number(tape, 42.7) == 42
    reader = tape.open_at(42.7)
    assert (reader.start, round(reader.skip, 3)) == (42.7, 0.7)
    assert first_number(tape, None) == 0


def test_a_place_out_of_the_tape_means_its_nearest_end(tmp_path: Path):
    tape = make(tmp_path)
    tape.append([frame(n) for n in range(10)])
    assert tape.open_at(-5).start == 0.0
    assert tape.open_at(99).start == 10.0


def test_a_reader_at_the_newest_sound_waits_for_more(tmp_path: Path):
    tape = make(tmp_path)
    tape.append([frame(0)])
    reader = tape.open_at(1.0)
    came: list[bytes] = []
    thread = threading.Thread(target=lambda: came.append(reader.read(8)))
    thread.start()
    tape.append([frame(1)])
    thread.join(5)
    assert came == [b"00000001"]


@pytest.mark.parametrize("end", ["reader", "tape"])
def test_closing_wakes_whoever_waits(tmp_path: Path, end: str):
    tape = make(tmp_path)
    reader = tape.open_at(None)
    came: list[bytes] = []
    thread = threading.Thread(target=lambda: came.append(reader.read(8)))
    thread.start()
    (reader if end == "reader" else tape).close()
    thread.join(5)
    assert came == [b""]


def test_the_end_of_a_finished_tape_is_an_end(tmp_path: Path):
    tape = make(tmp_path)
    tape.append([frame(0)])
    tape.finish()
    reader = tape.open_at(None)
    assert len(reader.read(1000)) == 100
    assert (reader.read(1000), reader.more_at) == (b"", None)


def test_the_oldest_goes_when_the_tape_is_long_enough(tmp_path: Path):
    tape = make(tmp_path, length=20.0)
    size = SEGMENT_BYTES // 4
    tape.append([frame(n, size) for n in range(60)])
    # Whole segments of four seconds go, so that one more may still be there.
    assert 20.0 <= tape.end - tape.start <= 24.0
    assert first_number(tape, None) == int(tape.start)
    assert first_number(tape, tape.start + 3.5) == int(tape.start) + 3


def test_the_oldest_goes_when_the_tape_is_big_enough(tmp_path: Path):
    tape = make(tmp_path, size=4 * SEGMENT_BYTES)
    tape.append([frame(n, SEGMENT_BYTES // 4) for n in range(100)])
    assert tape.kept_bytes <= 4 * SEGMENT_BYTES


def test_files_hold_what_memory_let_go_and_go_with_the_tape(tmp_path: Path):
    tape = make(tmp_path)
    tape.append([frame(n, SEGMENT_BYTES // 4) for n in range(17)])
    assert tape.flushed()
    assert tape.disk_bytes == 4 * SEGMENT_BYTES
    assert len(list(tmp_path.rglob("0*"))) == 4
    whole = read(tape, None, 17 * (SEGMENT_BYTES // 4))
    assert whole == b"".join(frame(n, SEGMENT_BYTES // 4).data for n in range(17))
    tape.close()
    assert tape.flushed()
    assert list(tmp_path.iterdir()) == []


def test_a_reader_that_is_overtaken_says_where_to_go_on(tmp_path: Path):
    tape = make(tmp_path, length=10.0)
    size = SEGMENT_BYTES // 4
    tape.append([frame(n, size) for n in range(4)])
    reader = tape.open_at(None)
    tape.append([frame(n, size) for n in range(4, 60)])
    assert reader.read(100) == b""
    assert reader.more_at == tape.start


def test_a_full_disk_is_told_once_and_the_newest_goes_on_in_memory(tmp_path: Path):
    told: list[Problem] = []
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where a folder is wanted")
    tape = new(blocked, clock=Clock(), on_problem=told.append)
    tape.connect("mp3", "MP3")
    size = SEGMENT_BYTES // 4
    for n in range(0, 400, 4):
        tape.append([frame(n + k, size) for k in range(4)])
    assert tape.flushed()
    tape.append([frame(400, size)])
    assert "cannot be written" in told[0].title
    assert len(told) == 1
    assert tape.kept_bytes <= 17 * 1024 * 1024
    assert first_number(tape, 399.0) == 399


def spoil_removed(path: Path) -> None:
    path.unlink()


def spoil_cut(path: Path) -> None:
    path.write_bytes(b"")


def spoil_replaced(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("spoil", [spoil_removed, spoil_cut, spoil_replaced])
def test_a_file_that_is_lost_costs_its_part_alone_and_is_told_once(
    tmp_path: Path, spoil: Callable[[Path], None]
):
    told: list[Problem] = []
    tape = make(tmp_path, on_problem=told.append)
    size = SEGMENT_BYTES // 4
    tape.append([frame(n, size) for n in range(17)])
    assert tape.flushed()
    files = sorted(tmp_path.rglob("0*"))
    for file in files[1:3]:
        spoil(file)
    # The reader ends at each file, and another goes on behind it.
    assert read(tape, None, 4 * size + 1) == b"".join(frame(n, size).data for n in range(4))
    reader = tape.open_at(4.0)
    assert reader.read(100) == b""
    assert reader.more_at == 8.0
    assert tape.open_at(8.0).read(100) == b""
    assert first_number(tape, 12.0) == 12
    excerpt = tape.excerpt(0.0, 16.0)
    assert b"".join(data for _, data in iter(excerpt.read, None)) == b"".join(
        frame(n, size).data for n in (*range(4), *range(12, 16))
    )
    excerpt.close()
    assert [problem.title for problem in told] == ["A part of the tape is lost"]


def test_headers_come_before_sound_that_is_read_from_the_middle(tmp_path: Path):
    tape = new(tmp_path, clock=Clock())
    tape.connect("ogg", "Opus")
    tape.append([head(b"HEAD1"), head(b"TAGS1"), *(frame(n) for n in range(5))])
    tape.append([head(b"HEAD2"), head(b"TAGS2"), *(frame(n) for n in range(5, 10))])
    assert read(tape, 3.0, 18) == b"HEAD1TAGS1" + b"00000003"
    assert read(tape, 7.0, 18) == b"HEAD2TAGS2" + b"00000007"
    assert read(tape, 0.0, 10) == b"HEAD1TAGS1"


def test_a_link_of_the_same_codec_is_read_through_with_its_headers(tmp_path: Path):
    tape = new(tmp_path, clock=Clock())
    tape.connect("ogg", "Opus")
    tape.append([head(b"HEAD1"), frame(0), head(b"HEAD2"), frame(1)])
    tape.finish()
    expected = b"HEAD1" + frame(0).data + b"HEAD2" + frame(1).data
    assert read(tape, None, 10_000) == expected


def test_another_codec_ends_the_reader_and_says_where_to_go_on(tmp_path: Path):
    tape = make(tmp_path)
    tape.append([frame(n) for n in range(5)])
    tape.connect("aac", "AAC")
    tape.append([frame(n) for n in range(5, 9)])
    reader = tape.open_at(None)
    assert len(reader.read(10_000)) == 500
    assert (reader.read(10_000), reader.more_at) == (b"", 5.0)
    further = tape.open_at(5.0)
    assert (further.format, further.read(8)) == ("aac", b"00000005")


def test_a_link_with_every_second_is_bounded_and_read_through(tmp_path: Path):
    tape = new(tmp_path, clock=Clock())
    tape.connect("ogg", "Opus")
    reader = tape.open_at(None)
    for n in range(20_000):
        tape.append([head(b"HEAD%05d" % n), frame(n, 300)])
    assert tape.end - tape.start < 10_000
    assert reader.read(100) == b""
    reader = tape.open_at(None)
    tape.finish()
    size = 0
    while part := reader.read(65_536):
        size += len(part)
    assert size == tape.kept_bytes


def test_the_same_codec_after_a_drop_is_read_through(tmp_path: Path):
    tape = make(tmp_path)
    tape.append([frame(0)])
    reader = tape.open_at(None)
    assert reader.read(100)
    tape.connect("mp3", "MP3")
    tape.append([frame(1)])
    assert reader.read(8) == b"00000001"
    assert [mark.kind for mark in tape.marks] == ["reconnect"]


def test_a_title_is_heard_where_it_was_set(tmp_path: Path):
    tape = make(tmp_path)
    tape.mark_title("One")
    tape.append([frame(n) for n in range(30)])
    tape.mark_title("Two")
    tape.mark_title("Two")
    tape.append([frame(n) for n in range(30, 40)])
    titles = [(mark.at, mark.text) for mark in tape.marks]
    assert titles == [(0.0, "One"), (30.0, "Two")]
    at_29, at_30 = tape.title_at(29.9), tape.title_at(30.0)
    assert at_29 is not None
    assert at_30 is not None
    assert (at_29.text, at_30.text) == ("One", "Two")
    following = tape.next_mark(5.0)
    assert following is not None
    assert following.at == 30.0


def test_titles_of_an_instant_are_one_and_very_many_are_not_held(tmp_path: Path):
    tape = make(tmp_path)
    for n in range(4000):
        tape.mark_title(f"Title {n}")
        tape.append([frame(n, 8, seconds=0.026)])
    marks = tape.marks
    assert len(marks) <= 4000 * 0.026 / 0.5 + 1
    assert all(after.at - before.at >= 0.5 for before, after in pairwise(marks))
    assert marks[-1].text.startswith("Title 39")
    for n in range(5000):
        tape.mark_title(f"Second {n}")
        tape.append([frame(n, 8)])
    assert len(tape.marks) == 2000
    assert tape.marks[-1].text == "Second 4999"


def test_a_title_that_returns_after_an_instant_goes_on(tmp_path: Path):
    tape = make(tmp_path)
    for title, seconds in (("Waltz", 10.0), ("KNAU!", 0.2), ("Waltz", 10.0)):
        tape.mark_title(title)
        tape.append([frame(0, seconds=seconds)])
    assert [(mark.at, mark.text) for mark in tape.marks] == [(0.0, "Waltz")]


def test_the_title_from_before_the_tape_begins_is_still_known(tmp_path: Path):
    tape = make(tmp_path, length=10.0)
    size = SEGMENT_BYTES // 4
    tape.mark_title("Long")
    tape.append([frame(n, size) for n in range(60)])
    mark = tape.title_at(tape.start)
    assert mark is not None
    assert mark.text == "Long"


def test_the_burst_at_connect_was_sent_before_now(tmp_path: Path):
    clock = Clock()
    tape = new(tmp_path, clock=clock)
    tape.connect("mp3", "MP3")
    tape.append([frame(n) for n in range(4)])
    assert tape.wall_at(4.0) == NOON
    assert tape.wall_at(0.0) == NOON - timedelta(seconds=4)
    clock.go(6)
    tape.append([frame(n) for n in range(4, 10)])
    assert tape.wall_at(10.0) == NOON + timedelta(seconds=6)


def test_a_gap_in_the_connection_is_a_gap_in_the_wall_clock_only(tmp_path: Path):
    clock = Clock()
    tape = new(tmp_path, clock=clock)
    tape.connect("mp3", "MP3")
    tape.append([frame(n) for n in range(10)])
    clock.go(100)
    tape.connect("mp3", "MP3")
    tape.append([frame(10)])
    assert tape.wall_at(9.0) == NOON - timedelta(seconds=1)
    assert tape.wall_at(11.0) == NOON + timedelta(seconds=100)


def test_tapes_of_processes_that_are_gone_are_removed(tmp_path: Path):
    gone = tmp_path / "999999999-1"
    gone.mkdir()
    (gone / "000").write_bytes(b"sound")
    other = tmp_path / "notes"
    other.mkdir()
    remove_leftovers(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes"]


@settings(max_examples=50)
@given(st.data())
def test_any_chunking_and_any_place_give_the_same_sound(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
):
    tape = new(tmp_path_factory.mktemp("tape"), clock=Clock())
    tape.connect("mp3", "MP3")
    pieces = [
        frame(n, data.draw(st.integers(8, SEGMENT_BYTES // 2)))
        for n in range(data.draw(st.integers(1, 12)))
    ]
    while pieces:
        count = data.draw(st.integers(1, len(pieces)))
        tape.append(pieces[:count])
        pieces = pieces[count:]
    at = data.draw(st.floats(0, tape.end - 0.01))
    assert first_number(tape, at) == int(at)
    tape.close()
