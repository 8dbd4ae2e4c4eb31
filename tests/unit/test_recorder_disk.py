"""A disk that takes no more: a real one, which ends at a size that the kernel is told."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from radiotui.radio.tape.tape import Tape
from radiotui.recording.recorder import Recorder
from radiotui.recording.tags import RecordingTags
from tests.kept import CODECS, body_of, complaints, packets, put_on

ABOUT = RecordingTags("KNAU", datetime(2026, 11, 23, 15, 4, tzinfo=UTC), title="Sinnerman")


@contextmanager
def no_file_longer_than(size: int) -> Iterator[None]:
    """As on a full disk, writing fails in the middle of what is written."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("codec", CODECS)
def test_a_full_disk_ends_a_recording_and_what_there_is_can_be_heard(tmp_path: Path, codec: str):
    tape = Tape(tmp_path / "tape")
    body = body_of(codec, 30.0)
    put_on(tape, body)
    recorder = Recorder(tape.excerpt(1.0), tmp_path / "KNAU", ABOUT)
    with no_file_longer_than(len(body) // 2):
        while recorder.write():
            pass
        kept = recorder.finish()
    assert recorder.problem is not None
    assert "The disk is full" in recorder.problem.title
    assert recorder.problem.hint == "what there was of it is kept"
    assert len(kept) == 1
    assert kept[0].incomplete
    assert complaints(kept[0].path) == ""
    mine, sent = packets(kept[0].path), packets(body)
    first = sent.index(mine[0])
    assert sent[first : first + len(mine)] == mine
    assert len(mine) > len(sent) // 4
    assert [path.name for path in (tmp_path / "KNAU").iterdir()] == [kept[0].path.name]
    tape.close()


def test_a_disk_that_takes_nothing_leaves_nothing(tmp_path: Path):
    tape = Tape(tmp_path / "tape")
    put_on(tape, body_of("mp3"))
    recorder = Recorder(tape.excerpt(1.0), tmp_path / "KNAU", ABOUT)
    with no_file_longer_than(100):
        while recorder.write():
            pass
        assert recorder.finish() == []
    assert recorder.problem is not None
    assert recorder.problem.hint == "nothing of it could be kept"
    assert list((tmp_path / "KNAU").iterdir()) == []
    tape.close()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path):
    tape = Tape(tmp_path / "tape")
    put_on(tape, body_of("mp3"))
    (tmp_path / "KNAU").write_text("a file where a folder is wanted")
    recorder = Recorder(tape.excerpt(1.0), tmp_path / "KNAU", ABOUT)
    while recorder.write():
        pass
    assert recorder.finish() == []
    assert recorder.problem is not None
    assert "“Sinnerman” cannot be recorded" in recorder.problem.title
    tape.close()
