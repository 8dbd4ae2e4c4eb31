"""Settings: what is right is used, what is wrong is said."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from radiotui.config import Folders, Settings, asset, place_of, read_settings


def settings(tmp_path: Path, text: str):
    path = tmp_path / "settings.toml"
    path.write_text(text)
    return read_settings(path)


def test_no_file_is_no_problem(tmp_path: Path):
    assert read_settings(tmp_path / "none.toml") == (Settings(), [])


def test_what_is_set_is_used(tmp_path: Path):
    found, problems = settings(tmp_path, 'engine = "builtin"\ntape-minutes = 90\nvolume = 35\n')
    assert (found.engine, found.tape_minutes, found.volume, problems) == ("builtin", 90, 35, [])


def test_a_wrong_value_keeps_its_default_and_is_said(tmp_path: Path):
    found, problems = settings(tmp_path, 'volume = 400\nengine = "builtin"\n')
    assert (found.volume, found.engine) == (80, "builtin")
    assert "volume" in problems[0].title
    assert "100" in problems[0].title


def test_an_unknown_setting_names_the_nearest(tmp_path: Path):
    _, problems = settings(tmp_path, "volme = 3\n")
    assert str(problems[0]) == "settings.toml: there is no setting 'volme': did you mean volume?"


def test_a_fault_knows_its_line(tmp_path: Path):
    text = (
        '# volume\nengine = "auto"\nvolume = 400\n  "volme" = 3\n\n[ keys ]\n"player.pause" = 3\n'
    )
    _, problems = settings(tmp_path, text)
    path = tmp_path / "settings.toml"
    assert [problem.detail for problem in problems] == [f"{path}:{line}" for line in (3, 4, 6)]
    assert place_of(path, "player.pause") == f"{path}:7"
    assert place_of(path, "theme") == str(path)


def test_broken_toml_says_where(tmp_path: Path):
    found, problems = settings(tmp_path, "volume = = 3\n")
    assert found == Settings()
    assert "line 1" in problems[0].hint


def test_folders_are_the_systems_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "c"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "d"))
    folders = Folders()
    assert folders.config == tmp_path / "c" / "radiotui"
    assert folders.data == tmp_path / "d" / "radiotui"
    assert not (tmp_path / "c").exists()


def test_the_default_station_list_is_at_hand():
    assert asset("stations.toml").is_file()


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("volume = " + "[" * 5000, "lists within lists, too deep"),
        ("volume = " + "9" * 5000, "a number has too many digits"),
        ("[" + "a." * 400_000 + "a]", "a key has too many parts (at line 1, column 1)"),
    ],
)
def test_a_file_that_takes_too_much_is_a_problem(tmp_path: Path, text: str, hint: str):
    found, problems = settings(tmp_path, text)
    assert found == Settings()
    assert str(problems[0]) == f"settings.toml cannot be read: {hint}"


@pytest.mark.parametrize("number", ["0x" + "f" * 9000, "9" * 4000])
def test_a_huge_number_is_a_wrong_value(tmp_path: Path, number: str):
    found, problems = settings(tmp_path, f"volume = {number}\ntheme = {number}\n")
    assert found == Settings()
    assert len(problems) == 2
    assert max(len(str(problem)) for problem in problems) < 300


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path):
    (tmp_path / "settings.toml").write_bytes(b"\xef\xbb\xbfvolume = 35\n")
    found, problems = read_settings(tmp_path / "settings.toml")
    assert (found.volume, problems) == (35, [])


@pytest.mark.parametrize(
    ("spoil", "hint"),
    [
        (Path.mkdir, "is a directory"),
        (os.mkfifo, "nobody writes into that pipe"),
        (
            lambda path: path.write_bytes(b"volume = \xff"),
            "this is not UTF-8, save the file as UTF-8",
        ),
        (lambda path: path.symlink_to(path), "too many levels of symbolic links"),
    ],
    ids=["folder", "pipe", "letters", "loop"],
)
def test_a_damaged_file_costs_the_settings_alone(
    tmp_path: Path, spoil: Callable[[Path], object], hint: str
):
    path = tmp_path / "settings.toml"
    spoil(path)
    found, problems = read_settings(path)
    assert found == Settings()
    assert [str(problem) for problem in problems] == [f"settings.toml cannot be read: {hint}"]


def test_folders_of_earlier_versions_become_private(tmp_path: Path):
    folders = Folders(tmp_path)
    folders.config.mkdir(mode=0o755)
    folders.keep_private()
    assert folders.config.stat().st_mode & 0o777 == 0o700
    assert not folders.data.exists()
