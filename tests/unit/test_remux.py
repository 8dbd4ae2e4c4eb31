"""A part of a file of sound as a file: its own packets, from the right second to the right one."""

from __future__ import annotations

from pathlib import Path

import av
import pytest

from radiotui.problems import Problem
from radiotui.recording.remux import cut_file
from tests import kept
from tests.sounds import encode

ENDINGS = {
    "mp3": ".mp3",
    "m4a": ".m4a",
    "aac": ".m4a",
    "opus": ".opus",
    "vorbis": ".ogg",
    "flac-native": ".flac",
    "wav": ".mka",
    "webm": ".opus",
}


@pytest.mark.parametrize("codec", ENDINGS)
def test_it_is_the_sound_between_two_places_and_no_other(tmp_path: Path, codec: str) -> None:
    whole = tmp_path / f"whole.{codec}"
    whole.write_bytes(encode(codec, 50.0))
    path = cut_file(whole, 20.0, 32.0, tmp_path / "clips", "A: title / of it", "Rim Stories")
    assert path.parent == tmp_path / "clips"
    assert path.name == f"A. title - of it{ENDINGS[codec]}"
    sound = kept.pcm(path)
    assert kept.seconds_of(sound) == pytest.approx(12.0, abs=0.25)
    assert kept.clock_at(sound, 1.0) == pytest.approx(21.0, abs=0.3)
    assert kept.clock_at(sound, 9.0) == pytest.approx(29.0, abs=0.3)
    assert kept.complaints(path) == ""
    if codec not in {"wav", "aac"}:
        assert set(kept.packets(path)) <= set(kept.packets(whole)), "nothing was coded again"
    with av.open(str(path)) as container:
        tags = {**container.metadata, **container.streams.audio[0].metadata}
    assert {name.lower(): value for name, value in tags.items()}["title"] == "A: title / of it"
    assert [each.name for each in (tmp_path / "clips").iterdir()] == [path.name]


def test_another_of_that_name_stands_beside_it(tmp_path: Path) -> None:
    whole = tmp_path / "whole.mp3"
    whole.write_bytes(encode("mp3", 12.0))
    paths = [cut_file(whole, 2.0, 8.0, tmp_path, "One", "") for _ in range(2)]
    assert [path.name for path in paths] == ["One.mp3", "One (2).mp3"]


def test_what_is_not_all_there_or_no_sound_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    whole = tmp_path / "whole.mp3"
    whole.write_bytes(encode("mp3", 12.0))
    with pytest.raises(Problem, match="not there from its beginning to its end"):
        cut_file(whole, 8.0, 20.0, tmp_path / "clips", "One", "")
    words = tmp_path / "words.mp3"
    words.write_bytes(b"no sound at all" * 100)
    with pytest.raises(Problem, match="cannot be written"):
        cut_file(words, 1.0, 2.0, tmp_path / "clips", "One", "")
    assert list((tmp_path / "clips").iterdir()) == []
