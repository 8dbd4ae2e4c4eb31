"""RTÉ: what is on each of its stations, in one answer.

``GET {base}/radio/live_stations/json`` gives ``stations[]`` by ``slug``, each with
``liveListing{showTitle, showDate, showEndDate, duration (ms), showDescription}``. The dates are
Dublin's wall clock, whatever offset they are dressed with. What comes next is not told.
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from radiotui.guide.model import Programme
from radiotui.guide.sources.answer import (
    ScheduleAnswer,
    address,
    answer_at,
    iso_time,
    not_understood,
    plain,
    read_json,
)
from radiotui.guide.sources.loose import number, part, rows, words
from radiotui.guide.wall_clock import to_utc
from radiotui.net.client import Net
from radiotui.stations.model import ScheduleSource, Station

BASE = "https://www.rte.ie"

_ZONE = "Europe/Dublin"


async def now(
    net: Net,
    station: Station,
    source: ScheduleSource,
    at: datetime,
    previous: ScheduleAnswer | None,  # noqa: ARG001
) -> ScheduleAnswer:
    """The programme that is on. Options: ``station`` (its slug, "radio1"), ``base``."""
    url = address(source, BASE, "/radio/live_stations/json", "station")
    who = f"RTÉ's schedule ({station.name})"
    reply = await read_json(net, url, who, object)
    if not isinstance(part(reply, "stations"), list):
        raise not_understood(who, url, "no stations")
    slug = source.option("station")
    for entry in rows(reply, "stations"):
        if words(entry, "slug") == slug:
            return await asyncio.to_thread(_read, part(entry, "liveListing"), at)
    return ScheduleAnswer()


def _read(listing: object, at: datetime) -> ScheduleAnswer:
    title = words(listing, "showTitle")
    if not title:
        return ScheduleAnswer()
    start, end = _dublin(words(listing, "showDate")), _dublin(words(listing, "showEndDate"))
    milliseconds = number(listing, "duration")
    if start and end is None and milliseconds and 0 < milliseconds < 86_400_000:
        end = start + timedelta(milliseconds=milliseconds)
    description = plain(part(listing, "showDescription"))
    return answer_at([Programme(title, start, end, description=description)], at)


def _dublin(text: str) -> datetime | None:
    moment = iso_time(text[:19])
    return to_utc(moment.replace(tzinfo=None), ZoneInfo(_ZONE)) if moment else None
