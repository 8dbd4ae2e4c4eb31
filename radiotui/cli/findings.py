"""Findings of ``doctor``: engines, sound device, terminal, files, store and network."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from radiotui.app.shapes import Shape, finding_shape
from radiotui.cli.stations import count_stations
from radiotui.config import place_of, read_settings
from radiotui.net.urls import host_of
from radiotui.problems import Problem

if TYPE_CHECKING:
    from radiotui.app.companion import Companion

_LEAST_FREE = 1024**2
_MOST_FAULTS = 20


class Finding(msgspec.Struct, frozen=True):
    """Result of one check."""

    subject: str
    works: bool
    needed: bool
    """True where radiotui is of little use without it, or does not do what its files say."""
    report: str
    remedy: str = ""
    """The way to mend it where it does not work."""

    @property
    def is_broken(self) -> bool:
        """True where something has to be mended."""
        return self.needed and not self.works

    @property
    def shape(self) -> Shape:
        """The finding for scripts."""
        return finding_shape(self.subject, self.works, self.needed, self.report, self.remedy)


def look_at_sound(companion: Companion) -> Iterator[Finding]:
    """Every engine, the one that will be used and why, and whether it can be heard. Blocks."""
    from radiotui.audio.registry import choose_engine, device_report, engine_reports

    for report in engine_reports():
        yield Finding(f"engine {report.name}", report.works, False, report.says, report.mend)
    option, setting = companion.options.engine, companion.settings.engine
    name = option or setting
    source = "--engine says so" if option else "settings.toml says so"
    reason = "the first that works here" if name == "auto" else source
    entry, problem = choose_engine(name)
    if problem is None:
        yield Finding("engine in use", True, True, f"{entry.name}: {reason}")
    else:
        report_words = f"{entry.name}, in place of {name}: {problem.title}"
        yield Finding("engine in use", False, True, report_words, problem.hint)
    if entry.name == "silent":
        is_wish = name == entry.name
        words = "nothing is heard: the silent engine makes no sound"
        yield Finding("sound device", is_wish, True, words, "choose another engine")
        return
    device = device_report()
    yield Finding("sound device", device.works, True, device.says, device.mend)


def look_at_terminal(companion: Companion) -> Iterator[Finding]:
    """Size, colours, pictures and letters of the terminal."""
    from radiotui.ui.widgets.reader.picture_protocols import way_of

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
    yield Finding("colours", True, False, _colours(term))
    setting = companion.settings.pictures
    way = way_of(setting, os.environ)
    chosen = "the terminal is known to draw them so" if setting == "auto" else "settings.toml"
    off = "none: settings.toml says so" if setting == "off" else "none: their words are shown"
    yield Finding("pictures", True, False, f"{way}: {chosen}" if way else off)
    encoding = (sys.stdout.encoding or "").lower()
    utf8 = encoding.replace("-", "") == "utf8"
    yield Finding("characters", utf8, False, encoding, "set LANG to a UTF-8 locale, as C.UTF-8")


def _colours(term: str) -> str:
    if os.environ.get("NO_COLOR"):
        return "none: NO_COLOR is set"
    if os.environ.get("COLORTERM", "").lower() in {"truecolor", "24bit"}:
        return "16 million"
    return "256" if "256color" in term else "16: the themes look best with 256 or more"


def look_at_files(companion: Companion) -> Iterator[Finding]:
    """Settings, station list, and the folders. Blocks."""
    from radiotui.ui.commands.keymap import read_keymap

    path = companion.options.settings_path
    settings, faults = read_settings(path)
    for fault in read_keymap(settings.keys)[1]:
        name = next((name for name in settings.keys if repr(name) in str(fault)), "keys")
        faults.append(fault.reworded(detail=place_of(path, name)))
    for fault in faults[:_MOST_FAULTS]:
        yield Finding("settings", False, True, str(fault), f"in {fault.detail}")
    if not faults:
        words = f"{path}, nothing wrong" if path.exists() else "none are set"
        yield Finding("settings", True, True, words)
    station_list = companion.station_list
    summary = f"{companion.options.stations_path}, {count_stations(companion)}"
    wrong = f"{len(station_list.problems)} wrong: 'radiotui stations check' says what"
    yield Finding("station list", not station_list.problems, True, summary, wrong)
    for name, folder in (
        ("settings folder", path.parent),
        ("stories folder", companion.options.store_path.parent),
        ("tape folder", companion.options.folders.cache),
        ("recordings folder", companion.recordings_path),
    ):
        yield _folder(name, folder)


def _folder(name: str, folder: Path) -> Finding:
    existing = next(path for path in (folder, *folder.parents) if path.is_dir())
    # os.access says yes to root also where the file system is read-only.
    system = os.statvfs(existing)
    is_blocked = any(path.exists() and not path.is_dir() for path in (folder, *folder.parents))
    writable = os.access(existing, os.W_OK) and not system.f_flag & os.ST_RDONLY and not is_blocked
    free = shutil.disk_usage(existing).free
    room = f"{folder}, {free // 1024**2:,} MB free"
    remedy = "make room there" if writable else "it cannot be written: change its rights"
    return Finding(name, writable and free > _LEAST_FREE, True, room, remedy)


async def look_at_store(companion: Companion) -> list[Finding]:
    """The store, and the pace of the sound device that the last run left in it."""
    from radiotui.app.session import last_pace
    from radiotui.store.census import take_census

    path = companion.options.store_path
    store = (await companion.services()).store
    try:
        census = await store.look(take_census)
        pace = await last_pace(store)
    except Problem as problem:
        return [Finding("stories", False, True, problem.title, problem.hint)]
    words = f"{census.stories:,} stories, {census.starred:,} with a star, {census.played:,} heard"
    remedy = f"{path} is damaged ({census.damage}): move it away, and a new one is begun"
    findings = [Finding("stories", not census.damage, True, words, remedy)]
    older = sorted(path.parent.glob(f"{path.stem}.damaged-*{path.suffix}"))
    if older:
        words = f"an earlier store was damaged: {older[-1]}"
        findings.append(Finding("stories before", False, False, words, "delete it, or keep it"))
    if pace is not None:
        silence = "" if pace.silence is None else f", {pace.silence:.1f} s of silence"
        words = f"{pace.underruns} underruns{silence} in the last run"
        remedy = "other programs keep this computer busy"
        if pace.period_ms:
            words += f"; a period of {pace.period_ms} ms"
            remedy = f"the next run begins with {pace.next_period_ms} ms"
        findings.append(Finding("sound pace", not pace.underruns, False, words, remedy))
    return findings


async def look_at_network(companion: Companion) -> list[Finding]:
    """The Test Signal and the first station: that tells a broken program from a broken network."""
    findings = []
    stations = companion.station_list.stations
    for station in dict.fromkeys((stations[-1], stations[0])):
        stream = station.streams[0]
        is_own = station == stations[-1]
        if not stream.urls:
            words = f"{station.name} is not served here"
            findings.append(Finding("network", False, is_own, words, "is loopback there?"))
            continue
        subject = f"network {host_of(stream.urls[0])}"
        try:
            report = f"{station.name}: {await companion.try_stream(stream)}"
            findings.append(Finding(subject, True, is_own, report))
        except Problem as problem:
            remedy = problem.hint or "is this computer online?"
            findings.append(Finding(subject, False, is_own, problem.title, remedy))
    return findings


async def look_at_logins(companion: Companion) -> list[Finding]:
    """Each private feed of the list, and where its password comes from."""
    return [
        Finding(f"login {report.service}", report.origin is not None, True, report.words)
        for report in await companion.feed_logins.reports()
    ]


async def examine(companion: Companion) -> list[Finding]:
    """Every finding, in the order in which they are printed."""
    findings = [
        *await asyncio.to_thread(lambda: list(look_at_sound(companion))),
        *look_at_terminal(companion),
        *await asyncio.to_thread(lambda: list(look_at_files(companion))),
    ]
    await companion.open(screen=False)
    try:
        findings += await look_at_store(companion)
        findings += await look_at_logins(companion)
        findings += await look_at_network(companion)
    finally:
        await companion.close()
    return findings
