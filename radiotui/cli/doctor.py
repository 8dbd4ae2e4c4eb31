"""Command ``doctor``: checks of engines, sound device, terminal, files and network."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from radiotui import __version__, text
from radiotui.app.companion import Companion
from radiotui.app.shapes import Shape, finding_shape
from radiotui.cli.output import print_json, print_result
from radiotui.cli.stations import count_stations
from radiotui.net.urls import host_of
from radiotui.problems import Problem


@dataclass(frozen=True, slots=True)
class Finding:
    """Result of one check."""

    subject: str
    works: bool
    needed: bool
    """True where radiotui is of little use without it."""
    report: str
    remedy: str = ""
    """The way to mend it where it does not work."""

    @property
    def shape(self) -> Shape:
        """The finding for scripts."""
        return finding_shape(self.subject, self.works, self.needed, self.report, self.remedy)


async def doctor(companion: Companion, *, as_json: bool) -> int:
    """Check everything and print the findings; 1 when something needed does not work."""
    findings = [
        Finding("radiotui", True, True, f"{__version__}, Python {sys.version.split()[0]}"),
        *await asyncio.to_thread(lambda: list(_sound())),
        *_terminal(),
        *await asyncio.to_thread(lambda: list(_files(companion))),
        *await _network(companion),
    ]
    if as_json:
        print_json([finding.shape for finding in findings])
    else:
        for finding in findings:
            _print(finding)
    return 0 if all(finding.works for finding in findings if finding.needed) else 1


def _sound() -> Iterator[Finding]:
    from radiotui.audio.registry import engine_reports

    reports = engine_reports()
    any_works = any(report.works for report in reports if report.name != "silent")
    for report in reports:
        needed = report.name == "builtin" and not any_works
        remedy = report.mend if not report.works else ""
        yield Finding(f"engine {report.name}", report.works, needed, report.says, remedy)


def _terminal() -> Iterator[Finding]:
    size = shutil.get_terminal_size()
    term = os.environ.get("TERM", "")
    is_terminal = sys.stdout.isatty()
    size_report = (
        f"{term or 'no TERM'}, {size.columns}x{size.lines}" if is_terminal else "not a terminal"
    )
    big_enough = not is_terminal or (size.columns >= 60 and size.lines >= 16)
    yield Finding(
        "terminal", big_enough, False, size_report, "60 columns and 16 lines are the least"
    )
    depth = os.environ.get("COLORTERM", "")
    colours = "none (NO_COLOR)" if os.environ.get("NO_COLOR") else depth or "256 or fewer"
    yield Finding("colours", True, False, colours)
    encoding = (sys.stdout.encoding or "").lower()
    utf8 = encoding.replace("-", "") == "utf8"
    yield Finding("characters", utf8, False, encoding, "set LANG to a UTF-8 locale, as C.UTF-8")


def _files(companion: Companion) -> Iterator[Finding]:
    station_list = companion.station_list
    summary = f"{companion.options.stations_path}, {count_stations(companion)}"
    wrong = f"{len(station_list.problems)} wrong: 'radiotui stations check' says what"
    yield Finding("station list", not station_list.problems, False, summary, wrong)
    for name, folder in (
        ("settings folder", companion.options.settings_path.parent),
        ("stories folder", companion.options.store_path.parent),
        ("tape folder", companion.options.folders.cache),
    ):
        yield _folder(name, folder)


def _folder(name: str, folder: Path) -> Finding:
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    writable = os.access(existing, os.W_OK)
    free = shutil.disk_usage(existing).free
    room = f"{folder}, {free // 1024**2:,} MB free"
    return Finding(name, writable and free > 1024**2, False, room, "make it writable, or make room")


async def _network(companion: Companion) -> list[Finding]:
    """Check the network, the program's own server first: that tells a broken program apart."""
    await companion.open(screen=False)
    try:
        findings = []
        stations = companion.station_list.stations
        for station in dict.fromkeys((stations[-1], stations[0])):
            stream = station.streams[0]
            try:
                report = f"{station.name}: {await companion.try_stream(stream)}"
                findings.append(Finding(_network_subject(stream.urls[0]), True, False, report))
            except Problem as problem:
                remedy = problem.hint or "is this computer online?"
                findings.append(
                    Finding(_network_subject(stream.urls[0]), False, False, problem.title, remedy)
                )
        return findings
    finally:
        await companion.close()


def _network_subject(url: str) -> str:
    return f"network {host_of(url)}"


def _print(finding: Finding) -> None:
    sign = "ok" if finding.works else "!!" if finding.needed else "--"
    print_result(f"{sign}  {text.fit(finding.subject, 22)}  {finding.report}")
    if not finding.works and finding.remedy:
        print_result(f"    {' ' * 22}  {finding.remedy}")
