"""Timers of the system that record and ring where radiotui does not run.

On Linux they are units of the listener's systemd, on macOS agents of launchd. Everything blocks.
"""

from __future__ import annotations

import logging
import os
import plistlib
import shutil
import subprocess
import sys
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

import msgspec

from radiotui.files import write_atomically
from radiotui.problems import Problem
from radiotui.text import clean

log = logging.getLogger(__name__)

_PATIENCE = 10.0
"""Seconds for systemctl and launchctl."""
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_ENVIRONMENT = (
    *("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_MUSIC_DIR"),
    "PYTHONPATH",
)
"""Variables that lead to the same files as those of the radiotui that makes the timer."""
_AGENT = "RADIOTUI_AGENT"
"""Variable of a program that an agent of launchd has begun: the job's name."""


class WeeklyTimes(msgspec.Struct, frozen=True):
    """A time of day on some days of the week."""

    weekdays: tuple[int, ...]
    """Monday 0 to Sunday 6."""
    at: time
    zone: str = ""
    """The zone's name; empty: the computer's own."""


class TimerJob(msgspec.Struct, frozen=True):
    """A command, and the times at which the system runs it."""

    name: str
    """Of its files: "radiotui-mark-3"."""
    description: str
    command: tuple[str, ...]
    moments: tuple[datetime, ...] = ()
    weekly: WeeklyTimes | None = None
    environment: dict[str, str] = {}


class SystemTimers(Protocol):
    """Timers of one kind of system. Everything blocks."""

    def put(self, job: TimerJob) -> None:
        """Make a timer, or make it anew. Raises Problem where it will not run."""

    def remove(self, name: str) -> None:
        """Remove a timer and its files, where it is there."""


def own_command(arguments: tuple[str, ...]) -> tuple[str, ...]:
    """The command line that runs this radiotui, whatever the folder it is run in."""
    # -P: no folder of that name in the home folder is taken for the program.
    return (sys.executable, "-P", "-m", "radiotui", *arguments)


def own_environment() -> dict[str, str]:
    """The variables that another process needs to be this radiotui, with its files."""
    environment = {name: os.environ[name] for name in _ENVIRONMENT if os.environ.get(name)}
    root = Path(__file__).resolve().parents[2]
    if "site-packages" not in root.parts:
        # It runs from its source.
        paths = [str(root), *filter(None, environment.get("PYTHONPATH", "").split(os.pathsep))]
        environment["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(paths))
    return environment


def system_timers() -> SystemTimers | None:
    """The timers of this computer; None where none are known."""
    platform: str = sys.platform
    if platform == "darwin":
        return LaunchdTimers(Path.home() / "Library" / "LaunchAgents")
    if platform == "linux":
        config = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
        return SystemdTimers(Path(config) / "systemd" / "user")
    return None


class SystemdTimers(msgspec.Struct, frozen=True):
    """Units of the listener's own systemd, in ``folder``.

    The units are written also where no systemd runs: there :meth:`put` raises.
    """

    folder: Path

    def put(self, job: TimerJob) -> None:
        """Write service and timer, and start the timer."""
        try:
            write_atomically(self.folder / f"{job.name}.service", _service(job).encode())
            write_atomically(self.folder / f"{job.name}.timer", _timer(job).encode())
        except OSError as error:
            raise Problem("No timer can be made", error.strerror or str(error)) from error
        self._control("daemon-reload")
        self._control("enable", f"{job.name}.timer")
        # Also where it runs already, with the times of before.
        self._control("restart", f"{job.name}.timer")

    def remove(self, name: str) -> None:
        """Stop the timer, and delete its units."""
        units = [self.folder / f"{name}.timer", self.folder / f"{name}.service"]
        if not any(unit.exists() for unit in units):
            return
        try:
            self._control("disable", "--now", f"{name}.timer")
        except Problem as problem:
            log.info("the timer %s is not stopped: %s", name, problem)
        try:
            for unit in (*units, self.folder / "timers.target.wants" / f"{name}.timer"):
                unit.unlink(missing_ok=True)
            self._control("daemon-reload")
        except OSError as error:
            # It comes for nothing: the program that it begins sees that nothing is set.
            log.warning("the timer %s cannot be removed: %s", name, error)
        except Problem as problem:
            log.info("systemd does not look at its units again: %s", problem)

    def _control(self, *arguments: str) -> None:
        _run("systemctl", "--user", *arguments)


class LaunchdTimers(msgspec.Struct, frozen=True):
    """Agents of launchd, in ``folder``."""

    folder: Path

    def put(self, job: TimerJob) -> None:
        """Write the agent, and load it."""
        path = self._path(job.name)
        agent = {
            "Label": _label(job.name),
            "ProgramArguments": list(job.command),
            "EnvironmentVariables": {**job.environment, _AGENT: job.name},
            "StartCalendarInterval": _intervals(job),
        }
        try:
            write_atomically(path, plistlib.dumps(agent))
        except OSError as error:
            raise Problem("No timer can be made", error.strerror or str(error)) from error
        if os.environ.get(_AGENT) == job.name:
            # To unload it would end this program, and what it records: it is loaded at the next
            # login, and comes at the times of before until then.
            return
        self._unload(job.name)
        _run("launchctl", "bootstrap", _domain(), str(path))

    def remove(self, name: str) -> None:
        """Unload the agent, and delete it."""
        path = self._path(name)
        if path.exists():
            # First the file: an agent that is unloaded from within ends the program at once.
            path.unlink()
            self._unload(name)

    def _unload(self, name: str) -> None:
        try:
            _run("launchctl", "bootout", f"{_domain()}/{_label(name)}")
        except Problem as problem:
            log.debug("the agent %s was not loaded: %s", name, problem)

    def _path(self, name: str) -> Path:
        return self.folder / f"{_label(name)}.plist"


def _service(job: TimerJob) -> str:
    command = " ".join(_quoted(word).replace("$", "$$") for word in job.command)
    lines = [
        "[Unit]",
        f"Description={_plain(job.description)}",
        "",
        "[Service]",
        "Type=oneshot",
        *(f"Environment={_quoted(f'{name}={value}')}" for name, value in job.environment.items()),
        f"ExecStart={command}",
    ]
    return "\n".join(lines) + "\n"


def _timer(job: TimerJob) -> str:
    lines = [
        "[Unit]",
        f"Description={_plain(job.description)}",
        "",
        "[Timer]",
        *(f"OnCalendar={times}" for times in calendar_words(job)),
        "AccuracySec=1s",
        "",
        "[Install]",
        "WantedBy=timers.target",
    ]
    return "\n".join(lines) + "\n"


def calendar_words(job: TimerJob) -> list[str]:
    """The times of a job as systemd writes them."""
    words = [f"{moment:%Y-%m-%d %H:%M:%S} UTC" for moment in job.moments]
    if job.weekly is not None:
        days = ",".join(_DAYS[day] for day in job.weekly.weekdays)
        words.append(f"{days} *-*-* {job.weekly.at:%H:%M}:00 {job.weekly.zone}".rstrip())
    return words


def _intervals(job: TimerJob) -> list[dict[str, int]]:
    """The times of a job as launchd has them, on the computer's clock."""
    weekly = job.weekly
    if weekly is None:
        local = [moment.astimezone() for moment in job.moments]
        return [
            {"Month": at.month, "Day": at.day, "Hour": at.hour, "Minute": at.minute} for at in local
        ]
    if weekly.zone:
        # launchd knows no zones: the next time tells the day and hour here, and also those of the
        # slot, for the weeks after one in which the programme has moved.
        local = [
            moment.astimezone()
            for next_time in job.moments
            for moment in (next_time, *_slot_moments(weekly, next_time))
        ]
        intervals = [
            {"Weekday": at.isoweekday() % 7, "Hour": at.hour, "Minute": at.minute} for at in local
        ]
        return [times for at, times in enumerate(intervals) if times not in intervals[:at]]
    hour, minute = weekly.at.hour, weekly.at.minute
    return [{"Weekday": (day + 1) % 7, "Hour": hour, "Minute": minute} for day in weekly.weekdays]


def _slot_moments(weekly: WeeklyTimes, near: datetime) -> list[datetime]:
    """The weekly times around a moment."""
    zone = ZoneInfo(weekly.zone)
    day = near.astimezone(zone).date() - timedelta(days=3)
    dates = (day + timedelta(days=ahead) for ahead in range(7))
    return [
        datetime.combine(date, weekly.at, zone)
        for date in dates
        if date.weekday() in weekly.weekdays
    ]


def _quoted(word: str) -> str:
    """A word in systemd's quotes, with nothing in it that systemd replaces but ``$``."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    escaped = escaped.replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"'


def _plain(words: str) -> str:
    return clean(words).replace("\\", "").replace("%", "%%")


def _label(name: str) -> str:
    return f"org.radiotui.{name}"


def _domain() -> str:
    return f"gui/{os.getuid()}"


def _run(program: str, *arguments: str) -> None:
    """Run a program of the system. Raises Problem where it is not there, or fails."""
    path = shutil.which(program)
    if path is None:
        raise Problem("This computer has no timers for it", f"there is no {program}")
    try:
        done = subprocess.run(
            [path, *arguments],
            capture_output=True,
            check=False,
            text=True,
            errors="replace",
            stdin=subprocess.DEVNULL,
            timeout=_PATIENCE,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Problem("No timer can be made", f"{program} fails", str(error)) from error
    if done.returncode:
        words = done.stderr.strip().splitlines()
        reason = words[0] if words else f"{program} ended with {done.returncode}"
        raise Problem("No timer can be made", reason, done.stderr)
