"""Atomic writes, free names, living processes."""

import os
import stat
import subprocess
import sys
import threading
from itertools import islice
from pathlib import Path

import pytest

from radiotui.files import (
    folder_lock,
    free_path,
    keep_private,
    numbered_paths,
    open_private,
    parse_toml,
    process_is_alive,
    write_atomically,
)


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


def test_a_link_stays_a_link(tmp_path: Path):
    target, link = tmp_path / "dotfiles" / "list", tmp_path / "list"
    write_atomically(target, b"one")
    link.symlink_to(target)
    write_atomically(link, b"two")
    assert link.is_symlink()
    assert target.read_bytes() == b"two"


def test_a_pipe_is_written_into(tmp_path: Path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    received: list[bytes] = []
    reader = threading.Thread(target=lambda: received.append(pipe.read_bytes()))
    reader.start()
    write_atomically(pipe, b"data")
    reader.join(10)
    assert received == [b"data"]
    assert pipe.is_fifo()


def test_a_full_device_is_told_and_stays():
    with pytest.raises(OSError, match="space"):
        write_atomically(Path("/dev/full"), b"data")
    assert Path("/dev/full").is_char_device()


def test_no_link_beside_the_file_is_followed(tmp_path: Path):
    victim = tmp_path / "victim"
    victim.write_bytes(b"mine")
    for number in range(2000):
        (tmp_path / f".list.{os.getpid()}-{number}.new").symlink_to(victim)
    (tmp_path / f".list.{os.getpid()}.new").symlink_to(victim)
    write_atomically(tmp_path / "list", b"new")
    assert victim.read_bytes() == b"mine"
    assert (tmp_path / "list").read_bytes() == b"new"
    assert not (tmp_path / "list").is_symlink()


def test_what_killed_writers_left_goes_and_what_others_write_stays(tmp_path: Path):
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    dead = [tmp_path / f".list.{child.pid}{end}.new" for end in ("", "-7")]
    alive = [tmp_path / ".list.1.new", tmp_path / f".other.{child.pid}.new", tmp_path / ".list.new"]
    for path in dead + alive:
        path.touch()
    write_atomically(tmp_path / "list", b"new")
    assert not any(path.exists() for path in dead)
    assert all(path.exists() for path in alive)


def test_what_is_private_is_read_by_nobody_else(tmp_path: Path):
    path = tmp_path / "state" / "radiotui" / "file"
    write_atomically(path, b"one", private=True)
    modes = [stat.S_IMODE(p.stat().st_mode) for p in (path, path.parent, path.parent.parent)]
    assert modes == [0o600, 0o700, 0o700]
    path.parent.chmod(0o755)
    keep_private(path.parent)
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    with open_private(tmp_path / "tape", "wb"):
        pass
    assert stat.S_IMODE((tmp_path / "tape").stat().st_mode) == 0o600


def test_a_lock_that_is_held_is_told_and_ends_with_its_holder(tmp_path: Path):
    script = (
        "import sys, time; from pathlib import Path; from radiotui.files import folder_lock\n"
        "with folder_lock(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(TimeoutError), folder_lock(tmp_path, 0.05):
            pass
        holder.kill()
    with folder_lock(tmp_path, 5.0):
        pass
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "text",
    ["[" + "a." * 400_000 + "a]", "a." * 400_000 + "a = 1", "x = {" + "a." * 400_000 + "a = 1}",
     "[" + "'a' . " * 100_000 + "a]", '[["a".' + '"a".' * 100_000 + "a]]",
     "a" * 4_000_000, '"' * 1_000_000, "a " * 1_000_000, "# " + "." * 1_000_000 + "\n= 1"],
    ids=lambda text: text[:6],
)  # fmt: skip
def test_no_toml_takes_long(text: str):
    # Minutes, and hours, without a limit.
    with pytest.raises(ValueError, match=r"\w"):
        parse_toml(text)


def test_keys_of_some_parts_are_read():
    assert parse_toml("# " + "…" * 99 + "a.b.c\na.b.c = 1.5 # a.b. c.d.") == {
        "a": {"b": {"c": 1.5}}
    }
    sentence = "Mr. and Mrs. " * 200
    assert parse_toml(f'name = "{sentence}"') == {"name": sentence}
