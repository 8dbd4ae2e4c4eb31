"""Command ``day``: the programmes of a stream on one day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from radiotui import text
from radiotui.app.shapes import day_shape
from radiotui.cli.notes import opened
from radiotui.cli.output import DONE, print_json, print_note, print_nothing, print_result

if TYPE_CHECKING:
    from radiotui.app.companion import Companion
    from radiotui.guide.model import Day, Programme
    from radiotui.stations.model import Station, Stream


async def day(companion: Companion, name: str, when: date | int, *, as_json: bool) -> int:
    """Print the day of a stream, as its station counts days; ``when`` may be days from today.

    Raises Problem where the station is unknown, and where nothing is known but a failure.
    """
    async with opened(companion, player=False):
        station, stream = companion.station_list.find(name)
        at = companion.clock()
        today = at.astimezone(station.zone).date()
        date_there = when if isinstance(when, date) else today + timedelta(days=when)
        programmes = await companion.day(station, stream, date_there)
    if as_json:
        print_json(day_shape(programmes, at))
    elif programmes.programmes:
        _print_day(station, stream, programmes, at)
    if programmes.programmes:
        return DONE
    if programmes.problem is not None:
        raise programmes.problem
    return print_nothing(f"{_name(station, stream)}: nothing is known of {date_there}")


def _print_day(station: Station, stream: Stream, programmes: Day, at: datetime) -> None:
    there = at.astimezone(station.zone)
    is_elsewhere = there.utcoffset() != at.astimezone().utcoffset()
    zone = f", in brackets {station.timezone}" if is_elsewhere else ""
    print_result(f"{_name(station, stream)}, {programmes.day:%A} {programmes.day}{zone}")
    for programme in programmes.programmes:
        print_result(_line(programme, station, at, is_elsewhere=is_elsewhere))
    if programmes.problem is not None and programmes.asked_at is not None:
        print_note(f"as of {text.ago(at - programmes.asked_at)}: {programmes.problem}")


def _line(programme: Programme, station: Station, at: datetime, *, is_elsewhere: bool) -> str:
    start, end = programme.start, programme.end
    mark = ">" if start and start <= at and end and at < end else " "
    times = text.time_of_day(start.astimezone(), align=True) if start else "?"
    if start and is_elsewhere:
        times += f" ({text.time_of_day(start.astimezone(station.zone), align=True)})"
    usually = "usually " if programme.usual else ""
    episode = f": {programme.episode}" if programme.episode else ""
    host = f" with {programme.host}" if programme.host else ""
    return f"{mark} {times}  {usually}{programme.title}{episode}{host}"


def _name(station: Station, stream: Stream) -> str:
    return " · ".join(filter(None, (station.name, stream.name)))
