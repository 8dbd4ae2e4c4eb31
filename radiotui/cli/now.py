"""Command ``now``: the programme on air and the next."""

from __future__ import annotations

import logging
import sys
from datetime import datetime
from typing import TYPE_CHECKING

from radiotui import text
from radiotui.app.shapes import now_shape
from radiotui.cli.notes import opened
from radiotui.cli.output import DONE, print_json, print_nothing, print_result
from radiotui.problems import Problem

if TYPE_CHECKING:
    from radiotui.app.companion import Companion
    from radiotui.guide.model import OnAir, Programme
    from radiotui.stations.model import Station, Stream


async def now(companion: Companion, name: str | None, *, as_json: bool, explain: bool) -> int:
    """Print the programme of a stream, and the next. Raises Problem where it is unknown.

    With ``explain`` the guide's log goes to stderr: the answer of each source, and the choice.
    """
    if explain:
        _print_guide_log()
    async with opened(companion, player=False):
        station, stream = companion.station_list.find(name or await _last_station(companion))
        on_air = await companion.ask_on_air(station, stream)
        is_empty = on_air.now is None and on_air.next is None and on_air.song is None
        if as_json:
            delay = {"delay_s": round(stream.delay)} if stream.delay else {}
            print_json(now_shape(on_air, companion.clock()) | delay)
        elif not is_empty:
            _print_on_air(station, stream, on_air, companion.clock())
        if on_air.now is None and on_air.problem is not None:
            raise on_air.problem
    if is_empty:
        return print_nothing(f"{_name(station, stream)}: nobody publishes what is on")
    return DONE


def _print_guide_log() -> None:
    printer = logging.StreamHandler(sys.stderr)
    guide_log = logging.getLogger("radiotui.guide")
    guide_log.addHandler(printer)
    guide_log.setLevel(logging.DEBUG)
    guide_log.propagate = False


async def _last_station(companion: Companion) -> str:
    try:
        last = await companion.recall("last")
    except Problem as problem:
        companion.notify(problem)
        last = None
    if last is not None:
        station_id, _, stream_id = last.partition("/")
        station = companion.station_list.station(station_id)
        if station is not None and station.stream(stream_id):
            return last
    return companion.station_list.stations[0].id


def _print_on_air(station: Station, stream: Stream, on_air: OnAir, at: datetime) -> None:
    delay = f", delayed by {text.duration_word(stream.delay)}" if stream.delay else ""
    print_result(_name(station, stream) + delay)
    for word, programme in (("now ", on_air.now), ("next", on_air.next)):
        if programme is not None:
            print_result(f"  {word}  {_line(programme)}")
    if on_air.song is not None:
        print_result("  song  " + text.song_words(on_air.song.artist, on_air.song.title))
    if on_air.asked_at is not None and (at - on_air.asked_at).total_seconds() > 60:
        print_result(f"  as of {text.ago(at - on_air.asked_at)}: {on_air.problem or ''}")


def _name(station: Station, stream: Stream) -> str:
    return " · ".join(filter(None, (station.name, stream.name)))


def _line(programme: Programme) -> str:
    times = " to ".join(
        text.time_of_day(time.astimezone()) for time in (programme.start, programme.end) if time
    )
    host = f" with {programme.host}" if programme.host else ""
    if times and programme.usual:
        times = f"usually {times}"
    return f"{times + '  ' if times else ''}{programme.title}{host}"
