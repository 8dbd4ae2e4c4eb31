"""The sheet of a stream's day."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec.structs import replace
from textual.widgets import OptionList

from radiotui.app.marks import Marks
from radiotui.guide.model import Day, Programme
from radiotui.problems import Problem
from radiotui.stations.model import Station
from radiotui.store.store import Store
from tests.ui.stage import KNAU, KUNM, NOW, STATIONS, Staged, at, on_air, playing
from tests.ui.test_hostile import NASTY, SHOWN, harmless

TODAY = date(2025, 11, 25)
PROGRAMMES = (
    Programme("Morning Edition", at(5), at(9), host="Steve Inskeep", description="The news."),
    Programme("Fresh Air", at(13), at(15), episode="A poet of the rim", host="Terry Gross"),
    Programme("All Things Considered", at(15), at(17), host="Ailsa Chang"),
    Programme("Marketplace", at(17), at(18), description="The economy, in half an hour."),
    Programme("Echoes", at(18), at(20), usual=True),
)
DAY = Day("knau", "news", TODAY, PROGRAMMES, "composer", NOW)


def staged(day: Day = DAY, stations: tuple[Station, ...] = STATIONS) -> Staged:
    companion = Staged(stations)
    companion.days[day.day] = day
    companion.tape_begins = at(12)
    return companion


def line(r, word: str) -> str:
    """The first line of the sheet with that word."""
    region = r.app.screen.query_one("#sheet").region
    rows = [row[region.x : region.right] for row in r.lines[region.y : region.bottom]]
    return next(row for row in rows if word in row)


def keep_marks(companion: Staged, folder: Path) -> Store:
    """The store that marks are kept in from now on; no timers are made."""
    store = Store(folder / "marks.sqlite", clock=companion.clock)

    async def opened() -> Any:
        return SimpleNamespace(store=store)

    companion.marks = Marks(replace(companion.marks.deps, opened=opened, find_timers=lambda: None))
    return store


def asked(r, kind: str) -> list[tuple[object, ...]]:
    return [ask for ask in r.companion.asked if ask[0] == kind]


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (60, 16)])
async def test_the_day_with_the_programme_that_is_on(radio, size):
    async with radio(*size, companion=staged()) as r:
        await r.press("d")
        assert "Today · KNAU" in r.text
        order = ["Fresh Air", "▶  3:00 PM  All Things", "╸", "Marketplace"]
        places = [r.text.index(word) for word in order]
        assert places == sorted(places)
        assert "1 h 53 min left" in r.text
        assert "with Ailsa Chang" in r.text
        assert {len(line) for line in r.lines} == {size[0]}
        highlighted = r.app.screen.query_one(OptionList).highlighted_option
        assert "All Things Considered" in str(highlighted.prompt)
        assert asked(r, "day") == [("day", "knau", "news", "2025-11-25")]


@pytest.mark.parametrize("size", [(120, 36), (60, 16)])
async def test_the_programme_that_is_on_is_in_view_on_a_long_day(radio, size):
    slots = [NOW + timedelta(minutes=10 * number) for number in range(-70, 40)]
    slots = [slot.replace(minute=slot.minute // 10 * 10, second=0, microsecond=0) for slot in slots]
    long_day = [Programme("Ten Minutes", slot, slot + timedelta(minutes=10)) for slot in slots]
    companion = staged(replace(DAY, programmes=tuple(long_day)))
    companion.day_comes.clear()
    async with radio(*size, companion=companion) as r:
        asyncio.get_running_loop().call_later(0.2, companion.day_comes.set)
        await r.press("d")
        # What comes is seen, more of it than of what was.
        now = next(number for number, row in enumerate(r.lines) if "▶" in row)
        rows = [number for number, row in enumerate(r.lines) if "Ten Minutes" in row]
        before, after = sum(row < now for row in rows), sum(row > now for row in rows)
        assert after > before


async def test_the_highlighted_programme_is_described(radio):
    async with radio(companion=staged()) as r:
        await r.press("d", "g")
        assert "Morning Edition  5:00 AM to 9:00 AM" in r.text
        assert "The news." in r.text
        await r.press("down")
        assert "A poet of the rim · with Terry Gross" in line(r, "A poet")
        await r.press("G")
        assert "usually Echoes" in r.text
        assert "Learnt from earlier weeks" in r.text


async def test_the_stations_clock_stands_in_brackets_where_it_is_another(radio):
    companion = staged(replace(DAY, station="kunm", stream="main"), stations=(KUNM,))
    async with radio(companion=companion) as r:
        await r.press("d")
        assert "Today (there: MST)" not in r.text
    companion = staged(
        replace(DAY, station="east", stream="news"),
        stations=(replace(KNAU, id="east", timezone="America/New_York"),),
    )
    async with radio(companion=companion) as r:
        await r.press("d")
        assert "Today (there: EST)" in r.text
        assert "5:00 PM ( 7:00 PM)" in line(r, "Marketplace")
        assert "3:00 PM (5:00 PM) to 5:00 PM (7:00 PM)" in r.text


async def test_a_heading_where_the_listeners_day_changes(radio):
    late = Programme("Night Music", at(22), at(22) + timedelta(hours=5))
    night = Programme("Very Late", at(22) + timedelta(hours=5), at(22) + timedelta(hours=7))
    async with radio(companion=staged(replace(DAY, programmes=(*PROGRAMMES, late, night)))) as r:
        await r.press("d", "G")
        text = r.text
        assert text.index("Night Music") < text.index("TOMORROW") < text.index("Very Late")


async def test_left_and_right_go_to_other_days(radio):
    companion = staged()
    tomorrow = TODAY + timedelta(days=1)
    moved = Programme("Tomorrow's News", at(5) + timedelta(days=1), at(9) + timedelta(days=1))
    companion.days[tomorrow] = replace(DAY, day=tomorrow, programmes=(moved,))
    async with radio(companion=companion) as r:
        await r.press("d", "right")
        assert "Tomorrow · KNAU" in r.text
        assert "Tomorrow's News" in r.text
        assert "Marketplace" not in r.text
        await r.press("left", "left")
        assert "Yesterday · KNAU" in r.text
        assert "Nothing is known of this day" in r.text
        await r.press(*["left"] * 8)
        assert "No schedule reaches further" in r.text
        assert "Tue 18 Nov" in r.text


async def test_enter_plays_from_its_beginning_what_is_on_the_tape(radio):
    async with radio(companion=staged()) as r:
        await r.tell(playing())
        await r.press("d", "up")
        assert "on tape" in line(r, "Fresh Air")
        assert "on tape" not in line(r, "Morning Edition")
        await r.press("enter")
        assert asked(r, "go_to_wall") == [("go_to_wall", "knau", "news", at(13))]
        assert r.app.screen is r.main


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        (("g",), "It is not on the tape"),
        (("G", "up"), "It begins at 5:00 PM"),
    ],
)
async def test_enter_says_why_there_is_nothing_to_hear(radio, keys, words):
    async with radio(companion=staged()) as r:
        await r.tell(playing())
        await r.press("d", *keys, "enter")
        assert words in r.text
        assert asked(r, "go_to_wall") == []
        assert r.app.screen is not r.main


async def test_enter_tunes_to_the_one_that_is_on_and_not_taped(radio):
    companion = staged()
    companion.tape_begins = None
    async with radio(companion=companion) as r:
        await r.press("d", "enter")
        assert asked(r, "play") == [("play", "knau", "news")]
        assert r.app.screen is r.main


async def test_an_old_day_says_so_and_why(radio):
    old = replace(DAY, asked_at=NOW - timedelta(hours=5), problem=Problem("no answer", "busy"))
    async with radio(companion=staged(old)) as r:
        await r.press("d")
        assert "As of 5h ago" in line(r, "no answer")


async def test_where_nobody_publishes_a_day_now_and_next_stand_there(radio):
    async with radio(companion=Staged()) as r:
        await r.tell(on_air())
        await r.press("d")
        assert "Nobody publishes this day" in r.text
        assert "All Things Considered" in line(r, "3:00 PM")
        assert "Marketplace" in line(r, "5:00 PM")
        await r.press("right")
        assert "Nothing is known of this day" in r.text
        assert "Marketplace" not in line(r, "known")


async def test_the_tuned_stream_where_one_is_not_among_the_stations(radio):
    async with radio(companion=staged()) as r:
        await r.tell(playing(stream="classical", stream_name="Classical"))
        await r.press("2", "d")
        assert asked(r, "day")[-1] == ("day", "knau", "classical", "2025-11-25")


async def test_foreign_words_are_harmless(radio):
    nasty = Programme(NASTY, at(15), at(17), NASTY, NASTY, episode=NASTY)
    async with radio(companion=staged(replace(DAY, programmes=(nasty,)))) as r:
        await r.press("d")
        assert SHOWN in r.text
        harmless(r)


async def test_a_coming_programme_is_marked_and_the_marks_are_listed(radio, tmp_path):
    companion = staged()
    store = keep_marks(companion, tmp_path)
    async with radio(80, 24, companion=companion) as r:
        await r.press("d", "down", "r")
        await r.until("record · m remind")
        assert "●  5:00 PM  Marketplace" in line(r, "Marketplace")
        assert line(r, "Marketplace").rstrip("│ ").endswith("record")
        assert "Marketplace is recorded on" in r.text
        assert "It is recorded only while radiotui runs" in r.text
        await r.press("w")
        await r.until("record, weekly · m")
        await r.press("escape", "q")
        assert "Skip Marketplace (Tue 25 Nov, 5:00 PM) and quit?" in r.text
        await r.press("n", "d", "down")
        await r.press("t")
        await r.until("tune in, weekly · m")
        await r.press("g", "m")
        assert "Only a programme that comes can be marked" in r.text
        await r.press("escape", "W")
        await r.until("tune in, weekly")
        await r.press("d")
        await r.until("Nothing is marked")
        await r.press("escape", "Z")
        await r.until("No alarm is set")
        await r.press(*"6", "colon", *"45", "space", *"fri", "enter")
        await r.until("Fri 28 Nov, 6:45 AM")
        assert "only while radiotui runs" in r.text
        await r.press(*"off", "enter")
        await r.until("No alarm is set")
    await store.close()
