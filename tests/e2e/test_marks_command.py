"""``radiotui marks``: the command of a mark's timer, run by hand as systemd would run it."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import mutagen
import pytest

from radiotui.app.companion import Companion, Options
from radiotui.guide.model import Programme
from tests.kept import complaints
from tests.servers import Connection, paced, serving
from tests.sounds import encode
from tests.terminal import ROOT

SOUND = encode("mp3", 30) * 2
SECOND = 16_000
TITLE = 'Fresh Air: "$HOME" 100%'


def in_a_hurry(connection: Connection) -> None:
    """Two seconds as they are heard, then all that is to come at once."""
    connection.live(icy_br="128")
    paced(connection, [SOUND[:SECOND], SOUND[SECOND : 2 * SECOND]], 1.0)
    connection.send(SOUND[2 * SECOND :])
    connection.hang()


def unquoted(words: str) -> list[str]:
    """The words of a line of a unit, as systemd reads them."""
    quoted = re.findall(r'"((?:[^"\\]|\\.)*)"', words)
    plain = [re.sub(r"\\(.)", r"\1", word) for word in quoted]
    return [word.replace("%%", "%") for word in plain]


async def mark_record(stations: Path) -> None:
    """Mark a programme that begins in a second."""
    companion = Companion(Options(stations=stations, engine="silent"))
    companion.load()
    await companion.open(screen=False, radio=False)
    station, stream = companion.station_list.find("test")
    begins_at = datetime.now(UTC) + timedelta(seconds=1)
    programme = Programme(TITLE, begins_at, begins_at + timedelta(seconds=30))
    outcome = await companion.marks.add("record", station, stream, programme)
    assert outcome.mark.has_timer, outcome.notes
    await companion.close()


def test_the_command_in_the_unit_records_the_programme(
    home: dict[str, str], station_file, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    control = tmp_path / "bin" / "systemctl"
    control.parent.mkdir()
    control.write_text("#!/bin/sh\nexit 0\n")
    control.chmod(0o755)
    home = home | {
        "PATH": f"{control.parent}:{home['PATH']}",
        "XDG_CONFIG_HOME": str(tmp_path / "my config"),
        "XDG_MUSIC_DIR": str(tmp_path / "music"),
    }
    for name, value in home.items():
        monkeypatch.setenv(name, value)
    with serving(live=in_a_hurry) as server:
        stations = Path(station_file(server.url("/live")))
        asyncio.run(mark_record(stations))
        units = tmp_path / "my config" / "systemd" / "user"
        lines = (units / "radiotui-mark-1.service").read_text().splitlines()
        environment = {"HOME": home["HOME"], "PATH": home["PATH"]}
        for line in lines:
            if line.startswith("Environment="):
                name, _, value = unquoted(line)[0].partition("=")
                environment[name] = value
        (start,) = [line for line in lines if line.startswith("ExecStart=")]
        command = [word.replace("$$", "$") for word in unquoted(start)]
        assert f"--programme={TITLE}" in command
        done = subprocess.run(
            command, env=environment, cwd="/", text=True, capture_output=True, timeout=120
        )
    assert done.returncode == 0, done.stderr
    path = Path(done.stdout.strip())
    assert path.is_relative_to(tmp_path / "music" / "radiotui" / "Radio Test"), done
    assert complaints(path) == ""
    assert 0.0 < mutagen.File(path).info.length < 30.2
    assert list(units.glob("*.*")) == []
    listed = subprocess.run(
        [sys.executable, "-m", "radiotui", "marks", "--json", f"--stations={stations}"],
        env=home, cwd=ROOT, text=True, capture_output=True,
    )  # fmt: skip
    assert listed.returncode == 1
    assert json.loads(listed.stdout) == {"marks": [], "missed": []}
