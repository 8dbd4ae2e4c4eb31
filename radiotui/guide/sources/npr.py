"""NPR's station service: the name of the programme that is on a stream.

``GET {base}/v3/streams/{guid}/programs/now``, without a key. Two shapes are
met, ``{"attributes": {"name": …}}`` and ``{"items": [{"attributes": …}]}``; with
nothing on it is ``{"attributes": null, "items": []}``. Only the name is certain.
"""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec import UNSET, UnsetType

from radiotui.guide.model import Programme
from radiotui.guide.sources.answer import ScheduleAnswer, address, not_understood, read_json
from radiotui.net.client import Net
from radiotui.stations.model import ScheduleSource, Station
from radiotui.text import clean

BASE = "https://organization.api.npr.org"

_MOST_ITEMS = 50
"""A stream has one; a megabyte of empty ones takes the loop 50 ms."""


class _Attributes(msgspec.Struct):
    name: str | None = None


class _Item(msgspec.Struct):
    attributes: _Attributes | None = None


class _NprNow(msgspec.Struct):
    attributes: _Attributes | UnsetType | None = UNSET
    items: list[_Item] | UnsetType | None = UNSET


async def now(
    net: Net,
    station: Station,
    source: ScheduleSource,
    at: datetime,  # noqa: ARG001
    previous: ScheduleAnswer | None,  # noqa: ARG001
) -> ScheduleAnswer:
    """The programme that is on. Options: ``stream`` (the stream's guid), ``base``."""
    url = address(source, BASE, "/v3/streams/{}/programs/now", "stream")
    who = f"NPR's schedule ({station.name})"
    reply = await read_json(net, url, who, _NprNow)
    if reply.attributes is UNSET and reply.items is UNSET:
        raise not_understood(who, url, "neither attributes nor items")
    items = (reply.items or [])[:_MOST_ITEMS]
    for attributes in (reply.attributes, *(item.attributes for item in items)):
        if attributes and (name := clean(attributes.name or "", 200)):
            return ScheduleAnswer(now=Programme(name))
    return ScheduleAnswer()
