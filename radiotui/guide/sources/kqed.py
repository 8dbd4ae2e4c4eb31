"""KQED: its day, with episodes and hosts.

``GET {base}/radio-schedules/`` gives rows with ``programTitle``, ``episodeTitle``,
``episodeHost``, ``startTime`` and ``endTime`` (seconds since 1970), in a list or in an object
under ``schedule``. The page ``kqed.org/radio/schedule`` holds the same in a script, behind
``"type": "radio-schedules"``; it is asked where the service is gone (404).
"""

from __future__ import annotations

import asyncio
import re
from datetime import date, datetime
from typing import Any

from radiotui.guide.model import Programme
from radiotui.guide.sources.answer import (
    ScheduleAnswer,
    answer_at,
    base_of,
    beginning_on,
    epoch_time,
    not_understood,
    plain,
    read_json,
    read_text,
)
from radiotui.guide.sources.loose import link, part, rows, words
from radiotui.net.client import Net
from radiotui.net.loose_json import parse_json_at
from radiotui.net.urls import host_of
from radiotui.problems import Problem
from radiotui.stations.model import ScheduleSource, Station

BASE = "https://media-api.kqed.org"
PAGE_BASE = "https://www.kqed.org"

_ROWS = re.compile(r""""schedule"\s{0,100}:\s{0,100}""")
_MOST_BETWEEN = 20_000
"""Characters of the page between the words that announce the rows and the rows."""


async def now(
    net: Net,
    station: Station,
    source: ScheduleSource,
    at: datetime,
    previous: ScheduleAnswer | None,  # noqa: ARG001
) -> ScheduleAnswer:
    """The programme that is on, and the next. Option: ``base``."""
    return answer_at(await _schedule(net, station, source), at)


async def day(net: Net, station: Station, source: ScheduleSource, day: date) -> list[Programme]:
    """The programmes of the service's one answer that begin on ``day``."""
    programmes = await _schedule(net, station, source)
    return await asyncio.to_thread(beginning_on, programmes, station, day)


def of_address(url: str) -> ScheduleSource | None:
    """KQED's own streams."""
    return ScheduleSource("kqed") if host_of(url) == "streams.kqed.org" else None


async def _schedule(net: Net, station: Station, source: ScheduleSource) -> list[Programme]:
    url = base_of(source, BASE) + "/radio-schedules/"
    who = f"KQED's schedule ({station.name})"
    try:
        reply = await read_json(net, url, who, object)
    except Problem as problem:
        if problem.status != 404:
            raise
        url = base_of(source, PAGE_BASE) + "/radio/schedule"
        reply = await asyncio.to_thread(_embedded, await read_text(net, url, who))
    slots = rows(reply) if isinstance(reply, list) else rows(reply, "schedule")
    if not slots and not isinstance(reply, list) and part(reply, "schedule") is None:
        raise not_understood(who, url, "no schedule")
    return await asyncio.to_thread(_programmes, slots)


def _embedded(markup: str) -> object:
    """The rows within the page's own script; None where there are none."""
    begin = markup.find('"radio-schedules"')
    place = _ROWS.search(markup, begin, begin + _MOST_BETWEEN) if begin >= 0 else None
    if place is None:
        return None
    try:
        return parse_json_at(markup, place.end())
    except (ValueError, RecursionError):
        return None


def _programmes(slots: list[dict[str, Any]]) -> list[Programme]:
    return [
        Programme(
            title,
            epoch_time(part(slot, "startTime")),
            epoch_time(part(slot, "endTime")),
            words(slot, "episodeHost") or None,
            plain(part(slot, "episodeDescription")),
            episode=words(slot, "episodeTitle"),
            picture=link(slot, "imageSrc"),
        )
        for slot in slots
        if (title := words(slot, "programTitle"))
    ]
