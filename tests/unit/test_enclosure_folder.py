"""The folder of episodes that were begun: what was not heard for longest gives way."""

from __future__ import annotations

import os
from pathlib import Path

from radiotui.enclosures.folder import make_room


def kept(folder: Path, name: str, size: int, heard_at: int) -> Path:
    path = folder / f"{name}.sound"
    path.write_bytes(os.urandom(size))
    path.with_suffix(".map").write_text("{}")
    os.utime(path, (heard_at, heard_at))
    return path


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_the_oldest_give_way_until_the_rest_fits(tmp_path: Path) -> None:
    for number in range(4):
        kept(tmp_path, str(number), 100_000, 1000 + number)
    make_room(tmp_path, 250_000, spared=["new"])
    assert names(tmp_path) == {"2.sound", "2.map", "3.sound", "3.map"}


def test_the_one_that_is_heard_stays_though_it_is_the_oldest(tmp_path: Path) -> None:
    kept(tmp_path, "heard", 100_000, 1000)
    kept(tmp_path, "other", 100_000, 2000)
    make_room(tmp_path, 150_000, spared=["heard"])
    assert names(tmp_path) == {"heard.sound", "heard.map"}


def test_holes_take_no_room(tmp_path: Path) -> None:
    path = kept(tmp_path, "sparse", 1000, 1000)
    os.truncate(path, 500_000_000)
    make_room(tmp_path, 150_000, spared=["new"])
    assert path.exists()


def test_other_files_and_a_missing_folder_are_left_alone(tmp_path: Path) -> None:
    make_room(tmp_path / "none", 0, spared=[""])
    (tmp_path / "notes.txt").write_text("mine")
    kept(tmp_path, "old", 100_000, 1000)
    make_room(tmp_path, 0, spared=[""])
    assert names(tmp_path) == {"notes.txt"}
