"""Command ``marks``: coming programmes that are reminded of, tuned in to or recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiotui import text
from radiotui.app.shapes import mark_shape, missed_shape
from radiotui.cli.notes import opened
from radiotui.cli.output import DONE, print_json, print_note, print_nothing, print_result

if TYPE_CHECKING:
    from datetime import datetime

    from radiotui.app.companion import Companion
    from radiotui.marks.model import MarkAction, MissedProgramme, ProgrammeMark

_WORDS: dict[MarkAction, str] = {"remind": "remind", "tune": "tune in", "record": "record"}


async def list_marks(companion: Companion, *, as_json: bool) -> int:
    """Print the marks, the next one first, and what was missed; 1 where there is neither."""
    async with opened(companion, radio=False, faults=False):
        marks = await companion.marks.refresh()
        missed = await companion.marks.missed()
    if as_json:
        shapes = [mark_shape(mark) for mark in marks]
        print_json({"marks": shapes, "missed": [missed_shape(miss) for miss in missed]})
    else:
        for mark in marks:
            print_result(_line(companion, mark))
        for miss in missed:
            print_result(_missed_line(companion, miss))
    return DONE if marks or missed else print_nothing("nothing is marked, and nothing was missed")


async def add_mark(
    companion: Companion, name: str, title: str, action: MarkAction, *, weekly: bool, as_json: bool
) -> int:
    """Mark the next broadcast of a programme. Raises Problem where the schedule has none."""
    async with opened(companion):
        station, stream = companion.station_list.find(name)
        programme = await companion.marks.coming(station, stream, title)
        outcome = await companion.marks.add(action, station, stream, programme, weekly=weekly)
    if as_json:
        print_json(mark_shape(outcome.mark))
    else:
        print_result(_line(companion, outcome.mark))
    for note in outcome.notes:
        print_note(note)
    return DONE


async def remove_mark(companion: Companion, mark_id: int) -> int:
    """Remove a mark. Raises Problem where there is none of that id."""
    async with opened(companion, radio=False, faults=False):
        mark = await companion.marks.remove(mark_id)
    print_note(f"“{mark.title}” is marked no longer")
    return DONE


def _line(companion: Companion, mark: ProgrammeMark) -> str:
    weekly = "  every week" if mark.is_weekly else ""
    timer = "  timer" if mark.has_timer else ""
    when = _moment(mark.begins_at)
    name = text.fit(_station(companion, mark.station), 24)
    return f"{mark.id:>3}  {_WORDS[mark.action]:<7}  {when}  {name}  {mark.title}{weekly}{timer}"


def _missed_line(companion: Companion, miss: MissedProgramme) -> str:
    when = _moment(miss.begins_at)
    name = text.fit(_station(companion, miss.station), 24)
    return f"  -  missed   {when}  {name}  {miss.title}: {miss.reason}"


def _moment(moment: datetime) -> str:
    moment = moment.astimezone()
    return f"{moment:%a %d %b} {text.time_of_day(moment, align=True)}"


def _station(companion: Companion, station_id: str) -> str:
    station = companion.station_list.station(station_id)
    return station.name if station else station_id
