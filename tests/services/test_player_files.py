"""A story's file from any place on, in every engine, and what is known of it."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterator
from pathlib import Path

import pytest

from radiotui.audio.builtin import BuiltinEngine
from radiotui.audio.decoding import facts_of, pcm_of
from radiotui.audio.engine import Bytes, Engine, OnEvent
from radiotui.audio.file_source import FileSource
from radiotui.audio.frames import BYTES_PER_SECOND, RATE
from radiotui.audio.libvlc import vlc_problem
from radiotui.audio.silent import SilentEngine
from radiotui.audio.vlc import VlcEngine
from radiotui.problems import Problem
from tests.ears import Make, Notes, no_threads_left, write
from tests.lab.radio_lab import cannot
from tests.sounds import encode, tone_at

CODECS = ["m4a", "wav", "mp3", "flac-native", "webm"]


@pytest.fixture(params=["silent", "builtin", "vlc"])
def make(request: pytest.FixtureRequest) -> Iterator[Make]:
    if request.param == "vlc" and (problem := vlc_problem()):
        cannot(f"VLC's engine is left out: {problem}")
    made: list[Engine] = []

    def make(on_event: OnEvent) -> Engine:
        match request.param:
            case "silent":
                made.append(SilentEngine(on_event))
            case "builtin":
                made.append(BuiltinEngine(on_event, backend="null"))
            case _:
                made.append(VlcEngine(on_event, options=["--aout=dummy"]))
        return made[-1]

    yield make
    for engine in made:
        engine.close()
    assert no_threads_left()


def hz(pcm: bytes) -> float:
    """The pitch of a tone, by counting its waves."""
    left = array("h", pcm)[::2]
    rises = [at for at in range(1, len(left)) if left[at - 1] < 0 <= left[at]]
    return (len(rises) - 1) * RATE / (rises[-1] - rises[0])


@pytest.mark.parametrize("codec", CODECS)
def test_a_file_is_heard_from_a_place_on(tmp_path: Path, codec: str) -> None:
    path = write(tmp_path / "sound", encode(codec, 6, begin=10))
    pcm = b"".join(pcm_of(path, start=3.0))
    assert math.isclose(len(pcm) / BYTES_PER_SECOND, 3.0, abs_tol=0.1)
    for second in range(3):
        middle = (second * RATE + RATE // 4) * 4
        assert abs(hz(pcm[middle : middle + RATE * 2]) - tone_at(13 + second)) < 3


@pytest.mark.parametrize("codec", ["m4a", "wav"])
def test_every_engine_plays_it_from_there_to_its_end(
    make: Make, tmp_path: Path, codec: str
) -> None:
    path = write(tmp_path / "sound", encode(codec, 3))
    source = FileSource(path, 2.0)
    assert isinstance(source, Bytes)
    notes = Notes()
    engine = make(notes)
    engine.play(source, play_id=3)
    notes.wait_for(3, "ended")
    assert notes.told == [(3, "started"), (3, "ended")]
    assert 0.0 < engine.position < 1.5


def test_after_closing_there_is_nothing_more(tmp_path: Path) -> None:
    source = FileSource(write(tmp_path / "sound", encode("wav", 1)), 0.0)
    assert source.read(10)
    source.close()
    source.close()
    assert source.read(100) == b""


@pytest.mark.parametrize(("codec", "name"), [("m4a", "AAC"), ("wav", "PCM"), ("mp3", "MP3")])
def test_codec_and_length_are_known(tmp_path: Path, codec: str, name: str) -> None:
    found, seconds = facts_of(write(tmp_path / "sound", encode(codec, 3)))
    assert found.startswith(name)
    assert seconds == pytest.approx(3.0, abs=0.1)


@pytest.mark.parametrize("body", [b"", b"RIFF" + bytes(200), b"#EXTM3U\nhttp://127.0.0.1:1/\n"])
def test_what_is_no_sound_is_told(tmp_path: Path, body: bytes) -> None:
    path = write(tmp_path / "sound", body)
    with pytest.raises(Problem):
        facts_of(path)
    with pytest.raises(Problem):
        list(pcm_of(path, start=1.0))
