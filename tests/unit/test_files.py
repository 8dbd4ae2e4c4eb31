"""Atomic writes, free names, living processes."""

import os
import stat
import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest

from radiotui.files import free_path, numbered_paths, process_is_alive, write_atomically


def test_writing_leaves_the_new_file_and_nothing_beside_it(tmp_path: Path):
    path = tmp_path / "deep" / "file"
    write_atomically(path, b"one")
    write_atomically(path, b"two")
    assert [(p.name, p.read_bytes()) for p in path.parent.iterdir()] == [("file", b"two")]


def test_permissions_of_the_old_file_stay(tmp_path: Path):
    path = tmp_path / "file"
    path.write_bytes(b"one")
    path.chmod(0o640)
    write_atomically(path, b"two")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_failed_write_leaves_the_old_file(tmp_path: Path):
    path = tmp_path / "file"
    write_atomically(path, b"one")
    with pytest.raises(TypeError):
        write_atomically(path, "text")  # type: ignore[arg-type]
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("file", b"one")]


def test_the_first_free_number_is_used(tmp_path: Path):
    path = tmp_path / "heard 15.00.txt"
    assert free_path(path) == path
    path.touch()
    (tmp_path / "heard 15.00-2.txt").touch()
    assert free_path(path) == tmp_path / "heard 15.00-3.txt"


def test_numbers_are_written_in_any_form():
    names = [path.name for path in islice(numbered_paths(Path("a.mp3"), " ({})", start=2), 2)]
    assert names == ["a (2).mp3", "a (3).mp3"]


def test_processes_live_until_they_end():
    assert process_is_alive(os.getpid())
    assert process_is_alive(1)
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    assert not process_is_alive(child.pid)


@pytest.mark.parametrize("pid", [0, -1, 10**30])
def test_no_process_has_such_a_number(pid: int):
    assert not process_is_alive(pid)
