"""NTS: both of its channels, now and what follows.

``GET {base}/api/v2/live`` gives ``results[]`` with ``channel_name`` "1" or "2" and the slots
``now``, ``next``, ``next2`` … The answer may be a quarter of an hour old: the slot that holds the
present is on, whatever it is called. Where all of them have ended a cache is asked past, once.
"""

from __future__ import annotations

import asyncio
import re
from datetime import datetime

from radiotui.guide.model import Programme
from radiotui.guide.sources.answer import (
    ScheduleAnswer,
    answer_at,
    base_of,
    not_understood,
    plain,
    read_json,
    required,
    utc_time,
)
from radiotui.guide.sources.loose import link, part, rows, words
from radiotui.net.client import Net
from radiotui.stations.model import ScheduleSource, Station

BASE = "https://www.nts.live"

_STREAM = re.compile(r"//stream-(?:relay-geo|mixtape-geo)?\.?ntslive\.(?:net|co\.uk)/stream(2?)\b")
_MOST_SLOTS = 40


async def now(
    net: Net,
    station: Station,
    source: ScheduleSource,
    at: datetime,
    previous: ScheduleAnswer | None,  # noqa: ARG001
) -> ScheduleAnswer:
    """The programme that is on, and the next. Options: ``channel`` ("1" or "2"), ``base``."""
    channel = required(source, "channel")
    url = base_of(source, BASE) + "/api/v2/live"
    programmes = await _slots(net, station, url, channel)
    if programmes and all(one.end is not None and one.end <= at for one in programmes):
        past_the_cache = f"{url}?_={int(at.timestamp()) // 60}"
        programmes = await _slots(net, station, past_the_cache, channel)
    return answer_at(programmes, at)


def of_address(url: str) -> ScheduleSource | None:
    """The channel whose stream this is."""
    stream = _STREAM.search(url)
    return ScheduleSource("nts", (("channel", stream[1] or "1"),)) if stream else None


async def _slots(net: Net, station: Station, url: str, channel: str) -> list[Programme]:
    who = f"NTS ({station.name})"
    reply = await read_json(net, url, who, object)
    if not isinstance(part(reply, "results"), list):
        raise not_understood(who, url, "no results")
    return await asyncio.to_thread(_programmes, reply, channel)


def _programmes(reply: object, channel: str) -> list[Programme]:
    of_channel = [row for row in rows(reply, "results") if words(row, "channel_name") == channel]
    slots = [
        slot
        for row in of_channel
        for name, slot in list(row.items())[:_MOST_SLOTS]
        if re.fullmatch(r"now|next\d*", name)
    ]
    return [
        Programme(
            title,
            utc_time(words(slot, "start_timestamp")),
            utc_time(words(slot, "end_timestamp")),
            description=plain(part(slot, "embeds", "details", "description")),
            picture=link(slot, "embeds", "details", "media", "picture_large"),
        )
        for slot in slots
        if (title := words(slot, "broadcast_title"))
    ]
