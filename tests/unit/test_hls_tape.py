"""What is older can be put before the oldest sound of a tape, and a station's own clock is kept."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from radiotui.radio.framing.frames import Frame
from radiotui.radio.tape.tape import Tape

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.fixture
def tape(tmp_path: Path):
    made = Tape(tmp_path, clock=lambda: NOON, length=100.0)
    yield made
    made.close()
    assert made.flushed()


def frames(begin: int, end: int) -> list[Frame]:
    return [Frame(f"{number:04d}".encode(), 1.0) for number in range(begin, end)]


def numbers(tape: Tape, at: float | None) -> list[int]:
    reader = tape.open_at(at)
    data = b""
    while len(data) < tape.kept_bytes and (part := reader.read(4)):
        data += part
        if int(data[-4:]) == 59:
            break
    return [int(data[place : place + 4]) for place in range(0, len(data), 4)]


def begun(tape: Tape, room: float = 50.0) -> None:
    tape.leave_room(room)
    tape.connect("mp3", "MP3")
    tape.append(frames(50, 60))


def test_history_is_heard_in_its_order(tape):
    begun(tape)
    assert (tape.start, tape.end) == (50.0, 60.0)
    assert tape.put_before(frames(45, 50))
    assert tape.put_before(frames(40, 45))
    assert (tape.start, tape.end) == (40.0, 60.0)
    assert numbers(tape, None) == list(range(40, 60))
    assert numbers(tape, 47.5) == list(range(47, 60))
    assert tape.open_at(None).format == "mp3"


def test_who_listens_meanwhile_is_not_disturbed(tape):
    begun(tape)
    reader = tape.open_at(52.0)
    assert reader.read(4) == b"0052"
    assert tape.put_before(frames(40, 50))
    assert reader.read(4) == b"0053"


def test_history_is_no_longer_than_the_tape(tape):
    begun(tape, room=95.0)
    assert tape.end == 105.0
    assert tape.put_before([Frame(b"x" * 10, 1.0)] * 90)
    assert not tape.put_before(frames(0, 1))
    assert tape.start == 5.0


def test_there_is_no_history_without_room(tape):
    begun(tape, room=3.0)
    assert not tape.put_before(frames(40, 44))
    assert tape.put_before(frames(47, 50))
    assert tape.start == 0.0


def test_history_is_no_larger_than_the_tape(tmp_path: Path):
    small = Tape(tmp_path, size=60)
    begun(small)
    assert small.put_before(frames(45, 50))
    assert not small.put_before(frames(44, 45))
    small.close()


def test_history_has_its_time_of_day(tape):
    begun(tape)
    tape.put_before(frames(40, 50))
    assert tape.wall_at(60.0) == NOON
    assert tape.wall_at(41.0) == NOON - timedelta(seconds=19)
    assert tape.at_wall(NOON - timedelta(seconds=19)) == 41.0


def test_titles_of_history_stand_where_they_began(tape):
    begun(tape)
    tape.mark_title("Waltz", at=50.0)
    tape.put_before(frames(45, 50))
    tape.mark_title("Waltz", at=45.0)
    tape.put_before(frames(40, 45))
    tape.mark_title("Bells", at=40.0)
    tape.mark_title("Bells", at=42.0)
    assert [(mark.at, mark.text) for mark in tape.marks] == [(40.0, "Bells"), (45.0, "Waltz")]


def test_a_station_that_tells_its_time_is_believed(tape):
    begun(tape)
    told = NOON - timedelta(seconds=30)
    tape.set_wall(50.0, told)
    tape.append(frames(60, 70))
    assert tape.wall_at(50.0) == told
    assert tape.wall_at(65.0) == told + timedelta(seconds=15)
    # A little off is the same clock; far off is another one, from there on.
    tape.set_wall(60.0, told + timedelta(seconds=10.5))
    tape.set_wall(70.0, told + timedelta(seconds=60))
    assert tape.wall_at(65.0) == told + timedelta(seconds=15)
    assert tape.wall_at(71.0) == told + timedelta(seconds=61)
    assert [mark.kind for mark in tape.marks] == []


def test_another_rate_needs_another_decoder(tape):
    begun(tape)
    reader = tape.open_at(None)
    tape.connect("mp3", "MP3", fresh=True)
    tape.append(frames(60, 62))
    assert [reader.read(400), reader.read(400)][1] == b""
    assert reader.more_at == 60.0
