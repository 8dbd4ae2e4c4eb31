"""Marks over days and starts: a schedule on loopback, a store, and a time the test lets pass."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec.structs import replace

from radiotui.app.marks import Marks, MarksDeps
from radiotui.app.options import Options
from radiotui.guide.model import Day, Programme
from radiotui.marks.agenda import Agenda, AgendaDeps
from radiotui.marks.book import MarkBook
from radiotui.marks.model import MissedProgramme, ProgrammeMark
from radiotui.marks.timers import SystemTimers
from radiotui.player.state import PlayerState
from radiotui.problems import Problem
from radiotui.stations.model import Station, StationList, Stream
from tests.services.guide_lab import Service
from tests.services.test_guide_days import DAY, Lab, slot


@dataclass
class Ears:
    """What the agenda had done, a line each."""

    lab: MarkLab
    lines: list[str] = field(default_factory=list)
    seconds: float = 3600.0
    """Of sound that each recording has."""
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def _note(self, words: str, mark: ProgrammeMark) -> None:
        self.lines.append(f"{self.lab.guide.time.now:%d %H:%M:%S} {words} {mark.title}")
        self.news.set()

    def remind(self, mark: ProgrammeMark) -> None:
        self._note("remind", mark)

    def announce(self, mark: ProgrammeMark) -> None:
        self._note("announce", mark)

    def tune(self, mark: ProgrammeMark) -> None:
        self._note("tune", mark)

    def record(self, mark: ProgrammeMark) -> None:
        self._note(f"record from {mark.begins_at:%H:%M} to {mark.over_at:%H:%M}", mark)

    def end_recording(self, mark: ProgrammeMark) -> float:
        self._note("end", mark)
        return self.seconds

    def tell_missed(self, missed: list[MissedProgramme]) -> None:
        self.lines += [f"missed {miss.title}: {miss.reason}" for miss in missed]


class MarkLab:
    """The marks of a listener of one station."""

    def __init__(self, guide: Lab) -> None:
        self.guide = guide
        self.station = guide.station()
        self.stream = self.station.streams[0]
        self.ears = Ears(self)
        self.find_timers: Callable[[], SystemTimers | None] = lambda: None
        self.begin()

    def begin(self) -> None:
        """Start the program."""

        async def opened() -> Any:
            return SimpleNamespace(store=self.guide.store)

        def nothing(*_: object) -> Any:
            raise AssertionError("nobody is to be asked for it")

        async def day(station: Station, stream: Stream, date_there: date, *, anew: bool) -> Day:
            return await self.guide.days.day(station, stream, date_there, anew=anew)

        newest = SimpleNamespace(
            station_list=StationList((self.station,)),
            player_state=PlayerState(),
            day=day,
            options=Options(),
        )
        clock = self.guide.time.clock
        self.marks = Marks(
            MarksDeps(
                opened,
                clock,
                nothing,
                nothing,
                nothing,
                nothing,
                lambda: newest,
                self.find_timers,
            )
        )
        self.agenda = Agenda(
            AgendaDeps(
                MarkBook(self.guide.store),
                self.marks.refresh,
                clock,
                find=lambda *_: (self.station, self.stream),
                ask_day=partial(day, anew=True),
                finish=self.marks.put,
                actor=self.ears,
            )
        )

    async def restart(self) -> None:
        await self.guide.restart()
        self.begin()

    async def pass_to(self, words: str, day: date = DAY) -> None:
        """Let the time pass up to a time in Phoenix, with every look on the way."""
        hour, minute, second = (int(part) for part in words.split(":"))
        midnight = self.guide.time.now.replace(
            year=day.year, month=day.month, day=day.day, hour=7, minute=0, second=0
        )
        moment = midnight + timedelta(hours=hour, minutes=minute, seconds=second)
        while self.guide.time.now < moment:
            seconds = await self.agenda.look()
            self.guide.time.now = min(moment, self.guide.time.now + timedelta(seconds=seconds))
        await self.agenda.look()

    async def programme(self, title: str) -> Programme:
        return await self.marks.coming(self.station, self.stream, title)

    async def mark(self, action: Any, title: str, *, weekly: bool = False) -> Any:
        programme = await self.programme(title)
        return await self.marks.add(action, self.station, self.stream, programme, weekly=weekly)


@pytest.fixture
async def lab(service: Service, tmp_path: Path) -> AsyncIterator[MarkLab]:
    guide = Lab(service, tmp_path)
    guide.says(
        slot("Morning Edition", "05:00", "09:00"),
        slot("On Point", "09:00", "10:00"),
        slot("Fresh Air", "10:00", "11:00"),
        slot("Marketplace", "11:00", "12:00"),
    )
    yield MarkLab(guide)
    await guide.days.close()
    await guide.store.close()
    await guide.net.aclose()


async def test_each_mark_is_done_at_its_time_and_is_gone(lab: MarkLab):
    await lab.mark("remind", "On Point")
    await lab.mark("record", "Fresh Air")
    await lab.mark("tune", "Marketplace")
    with pytest.raises(Problem, match="has begun already"):
        begun = Programme("Morning Edition", lab.guide.time.now - timedelta(hours=1))
        await lab.marks.add("remind", lab.station, lab.stream, begun)
    await lab.pass_to("12:00:00")
    assert lab.ears.lines == [
        "06 16:00:00 remind On Point",
        "06 16:59:40 record from 17:00 to 18:00 Fresh Air",
        "06 17:59:00 announce Marketplace",
        "06 18:00:00 tune Marketplace",
        "06 18:00:10 end Fresh Air",
    ]
    assert await lab.marks.refresh() == ()
    assert await lab.marks.missed() == []


async def test_a_programme_that_moves_is_followed_until_minutes_before(lab: MarkLab):
    await lab.mark("record", "Fresh Air", weekly=True)
    await lab.pass_to("07:00:00")
    lab.guide.says(
        slot("Special Report", "09:00", "10:30"),
        slot("Fresh Air", "10:30", "11:30"),
        slot("Marketplace", "11:30", "12:00"),
    )
    await lab.pass_to("11:35:00")
    assert lab.ears.lines == [
        "06 17:29:40 record from 17:30 to 18:30 Fresh Air",
        "06 18:30:10 end Fresh Air",
    ]
    (mark,) = await lab.marks.refresh()
    assert f"{mark.begins_at:%d %H:%M}" == "13 17:00"
    # In the next week something else has its time.
    later = DAY + timedelta(days=7)
    lab.guide.says(slot("Pledge Drive", "09:00", "12:00", later), day=later)
    # A computer that sleeps for most of it: a look each minute is what a week takes.
    lab.guide.time.now += timedelta(days=6)
    await lab.pass_to("10:00:00", later)
    assert lab.ears.lines[2:] == ["missed Fresh Air: another programme has its time"]
    assert [f"{mark.begins_at:%d %H:%M}" for mark in lab.marks.current] == ["20 17:00"]


async def test_two_tune_ins_at_one_time_are_said(lab: MarkLab):
    first = await lab.mark("tune", "Fresh Air")
    assert first.notes == ()
    overlap = Programme("Extra", first.mark.begins_at + timedelta(minutes=30))
    outcome = await lab.marks.add("tune", lab.station, lab.stream, overlap)
    assert "At the same time Fresh Air (knau/s0, Fri 5:00 PM) is tuned in to" in outcome.notes
    # Marked otherwise it is the same mark.
    outcome = await lab.marks.add("record", lab.station, lab.stream, overlap)
    assert outcome.clashes == ()
    assert [mark.action for mark in lab.marks.current] == ["tune", "record"]


async def test_what_was_missed_is_said_once_at_the_next_start(lab: MarkLab):
    await lab.mark("record", "Fresh Air")
    await lab.mark("tune", "Marketplace", weekly=True)
    await lab.pass_to("08:00:00")
    await lab.restart()
    lab.guide.time.now += timedelta(hours=6)
    await lab.agenda.look()
    assert sorted(lab.ears.lines) == [
        "missed Fresh Air: radiotui did not run",
        "missed Marketplace: radiotui did not run when it began",
    ]
    await lab.restart()
    await lab.agenda.look()
    assert len(lab.ears.lines) == 2
    assert [(miss.title, miss.is_new) for miss in await lab.marks.missed()] == [
        ("Marketplace", False),
        ("Fresh Air", False),
    ]
    assert [f"{mark.begins_at:%d %H:%M}" for mark in await lab.marks.refresh()] == ["13 18:00"]


@pytest.mark.parametrize(
    ("seconds", "reason"),
    [(0.0, "nothing was heard"), (3200.0, "only 53:20 of 1:00:00 was heard")],
)
async def test_a_recording_without_all_of_its_sound_is_missed(
    lab: MarkLab, seconds: float, reason: str
):
    lab.ears.seconds = seconds
    await lab.mark("record", "Fresh Air")
    await lab.pass_to("11:01:00")
    assert lab.ears.lines[2:] == [f"missed Fresh Air: {reason}"]


async def test_a_broadcast_is_recorded_by_one_program_alone(lab: MarkLab):
    book, outcome = MarkBook(lab.guide.store), await lab.mark("record", "Fresh Air")
    assert await book.take(outcome.mark)
    (mark,) = await book.marks()
    await book.change(mark, mark)
    # A process that lives, and that is not this one.
    await lab.guide.store.ask(
        lambda db: db.execute("UPDATE programme_mark SET taken_by = 1").close()
    )
    await lab.pass_to("11:15:00")
    assert lab.ears.lines == ["missed Fresh Air: it ended too early"]


async def test_the_timer_records_a_week_after_one_that_was_missed(lab: MarkLab):
    await lab.mark("record", "Fresh Air", weekly=True)
    # The computer slept through the first broadcast, and no program was begun since.
    later = DAY + timedelta(days=7)
    lab.guide.says(slot("Fresh Air", "10:00", "11:00", later), day=later)
    lab.guide.time.now += timedelta(days=7)
    mark = await lab.marks.expected(1, "Fresh Air")
    assert mark is not None
    assert f"{mark.begins_at:%d %H:%M}" == "13 17:00"
    assert [miss.reason for miss in await lab.marks.missed()] == ["radiotui did not run"]
    # A timer that comes after that broadcast waits for no other week.
    await lab.marks.settle(mark)
    assert await lab.marks.expected(1, "Fresh Air") is None


async def test_what_is_marked_seconds_before_is_begun_at_once(lab: MarkLab):
    programme = await lab.programme("Fresh Air")
    assert programme.start is not None
    lab.guide.time.now = programme.start - timedelta(seconds=15)
    looks: list[float] = []
    rests = asyncio.Event()

    async def look() -> float:
        if not looks:
            # What nobody expects of one look costs none of the later ones.
            looks.append(0.0)
            lab.marks.lookout.wake()
            raise RuntimeError
        looks.append(await lab.agenda.look())
        rests.set()
        return looks[-1]

    keeping = asyncio.ensure_future(lab.marks.lookout.keep(look))
    async with asyncio.timeout(30):
        await rests.wait()
        assert looks == [0.0, 60.0]
        await lab.marks.add("record", lab.station, lab.stream, programme)
        await lab.ears.news.wait()
    keeping.cancel()
    assert lab.ears.lines == ["06 16:59:45 record from 17:00 to 18:00 Fresh Air"]


async def test_slow_schedules_are_waited_for_together(lab: MarkLab):
    await lab.mark("record", "Fresh Air")
    await lab.mark("record", "Marketplace")
    deps, asked = lab.agenda.deps, asyncio.Barrier(2)

    async def ask_day(station: Station, stream: Stream, day: date) -> Day:
        # Neither is answered before the other one is asked for.
        await asked.wait()
        return await deps.ask_day(station, stream, day)

    lab.agenda = Agenda(replace(deps, ask_day=ask_day))
    async with asyncio.timeout(10):
        await lab.agenda.look()
    assert not asked.broken


async def test_a_mark_that_is_changed_stays_with_who_records_it(lab: MarkLab):
    outcome = await lab.mark("record", "Fresh Air")
    programme = await lab.programme("Fresh Air")
    await lab.pass_to("09:59:45")
    await lab.marks.add("record", lab.station, lab.stream, programme)
    assert [mark.taken_by for mark in lab.marks.current] == [os.getpid()]
    # Also by a screen that has listed it before.
    await lab.marks.set_weekly(outcome.mark, weekly=True)
    assert [mark.taken_by for mark in lab.marks.current] == [os.getpid()]
    assert lab.marks.current[0].is_weekly


async def test_a_program_with_another_list_takes_no_weekly_mark_away(lab: MarkLab):
    await lab.mark("record", "Fresh Air", weekly=True)
    await lab.mark("record", "Marketplace")
    lab.agenda = Agenda(replace(lab.agenda.deps, find=lambda *_: None))
    await lab.pass_to("12:05:00")
    # Who records them may say a little later that they are done.
    assert len(lab.marks.current) == 2
    await lab.pass_to("12:15:00")
    assert [mark.title for mark in lab.marks.current] == ["Fresh Air"]
    assert lab.ears.lines == ["missed Marketplace: the station is not in the list any more"]
