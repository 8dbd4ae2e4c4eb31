"""The command line's clips: what it prints, writes and removes."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from radiotui.app.clip import Clip, written
from radiotui.store import clips
from radiotui.store.schema import migrate
from tests.e2e.test_podcast_commands import call, run

__all__ = ["call", "run"]

NOON = datetime(2026, 3, 6, 12, tzinfo=UTC)
Run = Callable[..., CompletedProcess[str]]


@pytest.fixture
def sound(home: dict[str, str], tmp_path: Path) -> Path:
    """Two clips in the store; the file of the second one's sound."""
    sound = tmp_path / "Clips" / "The River.mp3"
    sound.parent.mkdir()
    sound.write_bytes(b"its packets")
    data = Path(home["XDG_DATA_HOME"]) / "radiotui"
    data.mkdir(parents=True)
    connection = sqlite3.connect(data / "radiotui.db", isolation_level=None)
    migrate(connection, "radiotui.db")
    radio = Clip("News", "KNAU", 10.0, 70.0, NOON, began_at=NOON - timedelta(minutes=2))
    lines = ("[12:34] Ann: The river is high.",)
    podcast = Clip(
        *("The River", "Rim Stories", 754.0, 790.0, NOON + timedelta(hours=1)),
        link="https://own.example/2", note="Play this to Ann", lines=lines, path=str(sound),
    )  # fmt: skip
    for clip in (radio, podcast):
        clips.add_clip(connection, int(clip.made_at.timestamp()), written(clip))
    connection.close()
    return sound


def test_they_are_listed_and_found(run: Run, call: Run, sound: Path) -> None:
    listed = run("clips")
    assert listed.returncode == 0, listed
    first, note, line, second = listed.stdout.splitlines()
    assert "0:36  The River  (Rim Stories)  12:34-13:10" in first
    assert (note.strip(), line.strip()) == ("Play this to Ann", "[12:34] Ann: The river is high.")
    assert "1:00  News  (KNAU)  2026-03-0" in second
    (shape,) = json.loads(run("clips", "list", "river", "high", "--json").stdout)
    assert (shape["id"], shape["start"], shape["end"]) == (2, 754.0, 790.0)
    assert (shape["note"], shape["path"]) == ("Play this to Ann", str(sound))
    assert shape["sent"] is None
    found = call("search", "river")
    assert found.stdout == "✂ clip 2  The River, Rim Stories 12:34-13:10\n"
    nothing = run("clips", "list", "zebra", "--json")
    assert (nothing.returncode, json.loads(nothing.stdout)) == (1, [])


def test_one_is_exported_and_removed_with_its_file(run: Run, sound: Path, tmp_path: Path) -> None:
    exported = run("clips", "export", "2", "-o", str(tmp_path / "out"))
    assert exported.returncode == 0, exported
    copy, words = map(Path, exported.stdout.splitlines())
    assert copy.read_bytes() == b"its packets"
    assert words.read_text().startswith("[12:34] Ann: The river is high.\n\nPlay this to Ann\n\n")
    removed = run("clips", "remove", "2")
    assert (removed.returncode, removed.stderr) == (0, "")
    assert "The River (12:34-13:10)" in removed.stdout
    assert not sound.exists()
    assert [clip["id"] for clip in json.loads(run("clips", "--json").stdout)] == [1]
    gone = run("clips", "export", "2")
    assert (gone.returncode, gone.stdout) == (1, "")
    assert "there is no clip 2" in gone.stderr
