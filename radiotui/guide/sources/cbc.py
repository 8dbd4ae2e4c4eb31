"""CBC: the programme guide of a day, as a page.

``GET {base}/programguide/daily/YYYY/MM/DD/{service}`` gives rows with
``data-start-time-epoch`` and ``data-end-time-epoch`` (milliseconds since 1970), the title in
``dt`` and what it is about in ``dd``.
"""

from __future__ import annotations

import asyncio
from datetime import date, datetime
from typing import TYPE_CHECKING

from radiotui.guide.model import Programme
from radiotui.guide.sources.answer import (
    ScheduleAnswer,
    address,
    answer_of_days,
    epoch_time,
    not_understood,
    read_text,
)
from radiotui.guide.sources.loose import MOST_ROWS
from radiotui.net.client import Net
from radiotui.stations.model import ScheduleSource, Station
from radiotui.text import clean

if TYPE_CHECKING:
    from radiotui.documents.html_tree import Element

BASE = "https://www.cbc.ca"


async def now(
    net: Net,
    station: Station,
    source: ScheduleSource,
    at: datetime,
    previous: ScheduleAnswer | None,  # noqa: ARG001
) -> ScheduleAnswer:
    """The programme that is on, and the next. Options: ``service``, ``base``."""
    return await answer_of_days(day, net, station, source, at)


async def day(net: Net, station: Station, source: ScheduleSource, day: date) -> list[Programme]:
    """The programmes of a day, as the service counts days."""
    path = f"/programguide/daily/{day:%Y/%m/%d}/{{}}"
    url = address(source, BASE, path, "service")
    who = f"CBC's schedule ({station.name})"
    markup = await read_text(net, url, who)
    if "data-start-time-epoch" not in markup:
        raise not_understood(who, url, "no programmes in the page")
    return await asyncio.to_thread(_programmes, markup)


def _programmes(markup: str) -> list[Programme]:
    from radiotui.documents.html_tree import parse

    page = parse(markup)
    if page is None:
        return []
    rows = page.xpath("//*[@data-start-time-epoch]")[:MOST_ROWS]
    return [
        Programme(
            title,
            epoch_time(row.get("data-start-time-epoch"), 1000),
            epoch_time(row.get("data-end-time-epoch"), 1000),
            description=_text(row, "dd", 2000),
        )
        for row in rows
        if (title := _text(row, "dt", 200))
    ]


def _text(row: Element, tag: str, limit: int) -> str:
    from radiotui.documents.html_tree import words

    element = next(row.iter(tag), None)
    return "" if element is None else clean(words(element), limit)
