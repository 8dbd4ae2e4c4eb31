"""Units of systemd for marks, with a systemctl that writes down what it is told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from radiotui.marks.timers import (
    LaunchdTimers,
    SystemdTimers,
    TimerJob,
    WeeklyTimes,
    calendar_words,
)
from tests.services.guide_lab import Service
from tests.services.test_guide_days import DAY, Lab, slot
from tests.services.test_marks import MarkLab


def systemctl(folder: Path, monkeypatch: pytest.MonkeyPatch, ends: str = "exit 0") -> Path:
    """Put a systemctl on the path; the file with its calls."""
    calls = folder / "calls"
    script = folder / "bin" / "systemctl"
    script.parent.mkdir()
    script.write_text(f"#!/bin/sh\necho \"$*\" >> '{calls}'\n{ends}\n")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{script.parent}:/usr/bin:/bin")
    return calls


@pytest.fixture
async def lab(service: Service, tmp_path: Path) -> AsyncIterator[MarkLab]:
    guide = Lab(service, tmp_path)
    guide.says(slot("Fresh Air", "10:00", "11:00"), slot("Marketplace", "11:00", "12:00"))
    lab = MarkLab(guide)
    lab.find_timers = lambda: SystemdTimers(tmp_path / "my config" / "systemd" / "user")
    lab.begin()
    yield lab
    await guide.days.close()
    await guide.store.close()
    await guide.net.aclose()


def units(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in (folder / "my config").rglob("*.*")}


async def test_a_mark_has_a_timer_until_it_is_done(
    lab: MarkLab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    calls = systemctl(tmp_path, monkeypatch)
    monkeypatch.setattr("sys.executable", "/home/me/my $venv 100%/bin/python")
    outcome = await lab.mark("record", "Fresh Air", weekly=True)
    assert outcome.notes == ()
    assert outcome.mark.has_timer
    assert lab.marks.unguarded() == []
    files = units(tmp_path)
    assert sorted(files) == ["radiotui-mark-1.service", "radiotui-mark-1.timer"]
    command = (
        'ExecStart="/home/me/my $$venv 100%%/bin/python" "-P" "-m" "radiotui" "record" "knau/s0"'
        ' "--programme=Fresh Air" "--mark=1"\n'
    )
    assert command in files["radiotui-mark-1.service"]
    assert "OnCalendar=2026-03-06 16:50:00 UTC\n" in files["radiotui-mark-1.timer"]
    assert "OnCalendar=Fri *-*-* 09:50:00 America/Phoenix\n" in files["radiotui-mark-1.timer"]
    timer = "radiotui-mark-1.timer"
    assert calls.read_text().splitlines() == [
        "--user daemon-reload", f"--user enable {timer}", f"--user restart {timer}",
    ]  # fmt: skip

    # It moves with its programme, and goes on to the next week.
    lab.guide.says(slot("Fresh Air", "10:30", "11:30"))
    await lab.pass_to("09:55:00")
    assert "OnCalendar=2026-03-06 17:20:00 UTC\n" in units(tmp_path)[timer]
    await lab.pass_to("11:31:00")
    assert "OnCalendar=2026-03-13 16:50:00 UTC\n" in units(tmp_path)[timer]
    # A tune-in needs none, and nothing is left of a mark that is removed.
    (mark,) = lab.marks.current
    await lab.marks.remove(mark.id)
    assert units(tmp_path) == {}
    assert f"--user disable --now {timer}" in calls.read_text()


async def test_where_no_timer_runs_it_is_said(
    lab: MarkLab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    systemctl(tmp_path, monkeypatch, "echo 'Failed to connect to bus' >&2; exit 1")
    outcome = await lab.mark("record", "Fresh Air")
    assert [note.partition(" · ")[2] for note in outcome.notes] == [
        "No timer can be made: Failed to connect to bus"
    ]
    assert [mark.title for mark in lab.marks.unguarded()] == ["Fresh Air"]
    monkeypatch.setenv("PATH", str(tmp_path))
    outcome = await lab.mark("record", "Marketplace")
    assert "there is no systemctl" in outcome.notes[0]
    # Tuning in needs no timer, and what was written for the recording goes.
    outcome = await lab.mark("tune", "Marketplace")
    assert outcome.notes == ()
    assert sorted(units(tmp_path)) == ["radiotui-mark-1.service", "radiotui-mark-1.timer"]


async def test_launchd_has_an_agent(lab: MarkLab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    import plistlib

    calls = systemctl(tmp_path, monkeypatch)
    calls.parent.joinpath("bin", "systemctl").rename(tmp_path / "bin" / "launchctl")
    lab.find_timers = lambda: LaunchdTimers(tmp_path / "my config")
    lab.begin()
    outcome = await lab.mark("record", "Fresh Air", weekly=True)
    assert outcome.mark.has_timer
    path = tmp_path / "my config" / "org.radiotui.radiotui-mark-1.plist"
    agent = plistlib.loads(path.read_bytes())
    assert agent["ProgramArguments"][-2:] == ["--programme=Fresh Air", "--mark=1"]
    at = outcome.mark.begins_at.astimezone()
    early = at.replace(hour=at.hour - 1, minute=50)
    assert agent["StartCalendarInterval"] == [
        {"Weekday": early.isoweekday() % 7, "Hour": early.hour, "Minute": 50}
    ]
    # The program that it begins goes on where the programme has moved: to load it ends the program.
    loads = calls.read_text()
    assert "bootstrap" in loads
    assert agent["EnvironmentVariables"]["RADIOTUI_AGENT"] == "radiotui-mark-1"
    monkeypatch.setenv("RADIOTUI_AGENT", "radiotui-mark-1")
    lab.guide.says(slot("Fresh Air", "10:30", "11:30"))
    lab.guide.time.now = outcome.mark.begins_at - timedelta(minutes=10)
    mark = await lab.marks.expected(1, "Fresh Air")
    assert mark is not None
    assert mark.begins_at == outcome.mark.begins_at + timedelta(minutes=30)
    assert calls.read_text() == loads
    # It comes at the time of this week, and at that of the weeks after it.
    moved = early + timedelta(minutes=30)
    assert plistlib.loads(path.read_bytes())["StartCalendarInterval"] == [
        {"Weekday": at.isoweekday() % 7, "Hour": at.hour, "Minute": at.minute}
        for at in (moved, early)
    ]
    await lab.marks.remove(1)
    assert not path.exists()
    assert "bootout" in calls.read_text()


def test_days_of_the_week_in_words_of_systemd():
    from datetime import time

    job = TimerJob("a", "b", ("c",), weekly=WeeklyTimes((0, 6), time(6, 45)))
    assert calendar_words(job) == ["Mon,Sun *-*-* 06:45:00"]
    assert date.weekday(DAY) == 4


async def test_a_title_breaks_no_unit(
    lab: MarkLab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    systemctl(tmp_path, monkeypatch)
    timers = SystemdTimers(tmp_path / "my config")
    words = 'Air"\n[Service]\r\nExecStart=/bin/evil %h $HOME \\'
    timers.put(TimerJob("a", words, ("radiotui", words)))
    for unit in units(tmp_path).values():
        assert not any(line.startswith("ExecStart=/bin") for line in unit.splitlines())
        assert unit.count("[Service]\n") <= 1
    # A mark has the title that its timer's program asks for, whatever a source lets through.
    fresh_air = await lab.programme("Fresh Air")
    outcome = await lab.marks.add(
        "record", lab.station, lab.stream, replace(fresh_air, title="Fresh\n Air\x1b")
    )
    assert outcome.mark.title == "Fresh Air"
    assert '"--programme=Fresh Air"' in units(tmp_path)["radiotui-mark-1.service"]
    # Units that cannot be deleted are no fault of whoever removes the mark.
    (tmp_path / "my config" / "a.timer").unlink()
    (tmp_path / "my config" / "a.timer").mkdir()
    timers.remove("a")
