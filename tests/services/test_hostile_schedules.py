"""Schedule answers that are made to be slow, of every source there is, with the loop watched."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pytest

from radiotui.guide.sources import azuracast
from radiotui.guide.sources.answer import ScheduleAnswer
from radiotui.guide.sources.registry import source_type
from radiotui.net.client import Net
from radiotui.problems import Problem
from radiotui.stations.model import ScheduleSource, Station
from radiotui.stations.schedule_sources import SCHEDULE_SOURCES
from tests.loop_watch import is_held, steps_of_loop, watched
from tests.services.guide_lab import Service, utc

AUSTIN = Station("kxyz", "KXYZ Austin", (), timezone="America/Chicago")
AT = utc("2026-03-06 11:30")
DAY = date(2026, 3, 6)
_BYTES = 1024 * 1024 - 200
LONG = "x" * 100_000
MARKUP = "<b>&amp;" * 12_000


def slot(minute: int = 0, **more: Any) -> dict[str, Any]:
    """A programme of one minute."""
    start = AT + timedelta(minutes=minute)
    wall = f"{start:%Y-%m-%d %H:%M}"
    return {"fullstart": wall, "fullend": wall, "program": {"name": f"News {minute}"}, **more}


def slots(**more: Any) -> list[dict[str, Any]]:
    """A megabyte of them, at most."""
    size = len(json.dumps(slot(10_000, **more)))
    return [slot(minute, **more) for minute in range(min(20_000, _BYTES // (size + 2)))]


def answer(programmes: list[dict[str, Any]], name: str = "News") -> bytes:
    """An answer in which each source finds what it looks for."""
    value = {
        "onNow": programmes[0],
        "nextUp": programmes,
        "onToday": programmes,
        "attributes": {"name": name},
    }
    body = json.dumps(value).encode()
    if len(body) > _BYTES:
        # The same programmes three times are too much.
        programmes = programmes[: len(programmes) * _BYTES // len(body) - 1]
        assert programmes
        return answer(programmes, name)
    return body


def named(**program: Any) -> dict[str, Any]:
    return slot(program={"name": "News", **program})


BAD_DATES = [
    "9999-99-99 99:99",
    "0001-01-01 00:00",
    "2026-03-08 02:30",
    "9" * 3000,
    "-1",
    "T" * 3000,
]
ANSWERS: dict[str, bytes] = {
    "lists within lists": b"[" * _BYTES,
    "lists within a host": b'{"onNow":{"program":{"name":"a","hosts":'
    + b"[" * 500_000
    + b"]" * 500_000
    + b'}},"onToday":[],"attributes":{"name":"a"}}',
    "tables within tables": b'{"a":' * (_BYTES // 5),
    "programmes of a minute": answer(slots()),
    "programmes without a date": answer(slots(fullstart=None, start_time="04:00")),
    "programmes in words": answer(
        slots(fullstart=None, start_utc="Fri Mar 06 2026 04:00:00 GMT-0600 (CST)")
    ),
    "empty programmes": b'{"onNow":{},"nextUp":[' + b"{}," * 300_000 + b"{}]}",
    "empty programmes of a day": b'{"onToday":[' + b"{}," * 300_000 + b"{}]}",
    "items": b'{"items":[' + b"{}," * 300_000 + b"{}]}",
    "items without a name": b'{"items":['
    + b'{"attributes":{"name":" "}},' * (_BYTES // 28 - 10)
    + b"{}]}",
    "long titles": answer([named(name=LONG), *[named(name=LONG)] * 8], LONG),
    "long titles of spaces": answer([named(name=" " * 100_000)] * 2, " " * 300_000),
    "long titles of escapes": answer([named(name="\x1b" * 20_000)] * 4, "\u202e" * 100_000),
    "long descriptions": answer([named(program_desc=MARKUP)] * 3),
    "a description of open tags": answer([named(program_desc="<" * 300_000)]),
    "many hosts": answer([named(hosts=[{"name": LONG}] * 3)]),
    "long links": answer([named(program_link="https://a.example/" + " é" * 900)] * 100),
    "bad dates": answer([slot(fullstart=text, fullend=text, date=text) for text in BAD_DATES] * 40),
    "dates in words that are none": answer(
        [slot(fullstart=None, start_utc="Fri Mar 06 2026 " + "9" * 1000)] * 200
    ),
    "a song of digits": answer([slot(song={"trackName": LONG, "_duration": "9" * 100_000})]),
    "numbers without end": b'{"onNow":{"song":{"_duration":' + b"9" * 900_000 + b"}}}",
    "no JSON": b"\xff" * _BYTES,
    "zeros": bytes(_BYTES),
}


async def question(source: str, question_name: str, net: Net, base: str) -> object:
    """One question of a source: the present, or a whole day."""
    kind = source_type(source)
    options = dict.fromkeys(kind.options.required, "1") | {"base": base}
    options |= {"url": base} if "url" in options else {}
    entry = ScheduleSource(source, tuple(options.items()))
    try:
        if question_name == "now":
            return await kind.now(net, AUSTIN, entry, AT, None)
        assert kind.day is not None
        return await kind.day(net, AUSTIN, entry, DAY)
    except Problem as problem:
        return problem


@pytest.fixture(scope="module")
def service():
    with Service() as running:
        yield running


OF_NPR = ("npr", "composer")
"""The sources whose shape most of the answers have."""
OF_ALL = ("lists within lists", "zeros")
MANY = 40_000
TIMES = b'"start":1772785800,"end":1772787600,"title":"a"'
SHAPED: dict[str, bytes] = {
    "abc": b'{"items":[{"title":"a","live":[' + b'{"start":"2026-03-06"},' * MANY + b"{}]}]}",
    "azuracast": b'[{"now_playing":{}},' + b'{"name":"a","start_timestamp":1},' * 25_000 + b"{}]",
    "bbc": b'{"data":[{"data":[' + b'{"titles":{"primary":"a"}},' * 35_000 + b"{}]}]}",
    "cbc": b"<html>" + b"<p data-start-time-epoch=1><dt>a" * 30_000,
    "icecast": b'{"icestats":{"source":[' + b'{"listenurl":"http://[/"},' * 35_000 + b"{}]}}",
    "ical": b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:" + b"a" * 900_000,
    "kexp": b'{"results":[' + b'{"airdate":"2026-03-06"},' * MANY + b"{}]}",
    "kqed": b"[" + b'{"programTitle":"a"},' * MANY + b"{}]",
    "nts": b'{"results":[' + b'{"channel_name":"1"},' * MANY + b"{}]}",
    "radio_france": b'{"steps":{'
    + b",".join(b'"%d":{%s}' % (number, TIMES) for number in range(15_000))
    + b"}}",
    "radio_paradise": b'{"title":"' + b"a" * 900_000 + b'"}',
    "rte": b'{"stations":[' + b'{"slug":"2"},' * MANY + b"{}]}",
    "shoutcast": b"1," * 450_000,
    "somafm": b'{"songs":[' + b'{"date":"1"},' * MANY + b"{}]}",
    "spinitron": b"<p class=show-title>" * 30_000 + b"<p data-spin='[[['>",
    "wfmu": b"<p class=nowplayingtext>" + b'"a by on with ' * 60_000,
    "wnyc": b'{"current_show":{},"future":[' + b'{"title":"a"},' * MANY + b"{}]}",
}
"""A megabyte of each other source's own shape."""
OF_PROCESS = ("ical",)
"""Those that are read in a process of their own: a start of one costs a second."""


def _names(source: str) -> Iterable[str]:
    if source in OF_PROCESS:
        return ("its own shape",)
    return ANSWERS if source in OF_NPR else (*OF_ALL, "its own shape")


_TRIES = 3
QUESTIONS = [
    (source, question_name, name)
    for source in SCHEDULE_SOURCES
    for question_name in (("day",) if source in OF_PROCESS else ("now", "day"))
    if question_name == "now" or source_type(source).day
    for name in _names(source)
]


@pytest.mark.parametrize(("source", "question_name", "name"), QUESTIONS)
async def test_no_schedule_holds_the_loop(
    service, source: str, question_name: str, name: str
) -> None:
    net = Net()
    service.default = b"{}"
    await question(source, question_name, net, service.base)
    service.default = ANSWERS.get(name) or SHAPED[source]
    # What holds the loop holds it each time; a computer that is slow for a moment does not.
    for _ in range(_TRIES):
        with steps_of_loop() as steps:
            reply = await question(source, question_name, net, service.base)
            await asyncio.sleep(0.02)
        if not is_held(steps):
            break
    await net.aclose()
    assert not is_held(steps)
    assert isinstance(reply, ScheduleAnswer | list | Problem)
    if isinstance(reply, ScheduleAnswer):
        programmes = [reply.now, reply.next]
    else:
        programmes = reply if isinstance(reply, list) else []
    assert len(programmes) <= 2000
    assert all(len(programme.title) <= 200 for programme in programmes if programme)


async def test_a_homepage_of_addresses_does_not_hold_the_interpreter():
    page = "http://" * 280_000
    with watched(threads=True):
        assert await asyncio.to_thread(azuracast.of_page, "https://a.example/", page) is None
        await asyncio.sleep(0.05)  # some beats of the watch
