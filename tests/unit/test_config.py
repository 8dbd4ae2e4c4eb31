"""Settings: what is right is used, what is wrong is said."""

from pathlib import Path

import pytest

from radiotui.config import Folders, Settings, asset, read_settings


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
