"""The shape of a source's answer, and the safe reading of one."""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol, TypeVar
from urllib.parse import quote

import msgspec
from msgspec.structs import replace

from radiotui.guide.model import Programme, Song
from radiotui.guide.sources.loose import number
from radiotui.guide.timeline import next_after, on_at, timeline
from radiotui.guide.wall_clock import to_utc
from radiotui.net.client import MIB, Net
from radiotui.net.loose_json import decode_json
from radiotui.net.urls import is_web
from radiotui.problems import Problem
from radiotui.stations.model import ScheduleSource, Station
from radiotui.text import clean, without_password

T = TypeVar("T")

_TAG = re.compile(r"<[^<>]{0,1000}>")
_LONGEST_TITLE = timedelta(hours=12)
_STEP = timedelta(minutes=10)
"""A title that stays grows by so much at a time: each change is told to the screen."""
_PER_SECOND = (1, 1000)
_YEARS = range(2000, 2101)


class ScheduleAnswer(msgspec.Struct, frozen=True):
    """One source's answer. All times are UTC; nothing in it has ended when it comes."""

    now: Programme | None = None
    next: Programme | None = None
    song: Song | None = None
    again_seconds: float | None = None
    """Ask again no later than so many seconds from now, for the next song."""
    problem: Problem | None = None
    """The reason for a missing part although the rest is good."""

    def in_words(self) -> str:
        """One line for the log."""
        parts = [
            f"now {self.now.in_words()}" if self.now else "no programme now",
            f"next {self.next.in_words()}" if self.next else "nothing next",
        ]
        if self.song:
            parts.append(f"song {self.song.title!r}")
        if self.problem:
            parts.append(f"but {self.problem}")
        return ", ".join(parts)


def answer_at(
    programmes: Iterable[Programme],
    at: datetime,
    song: Song | None = None,
    again_seconds: float | None = None,
) -> ScheduleAnswer:
    """The answer at ``at`` of a service that tells times: what is on by them, and what follows."""
    line = timeline(programmes)
    heard = song if song is not None and not song.over(at) else None
    return ScheduleAnswer(on_at(line, at), next_after(line, at), heard, again_seconds)


class NowQuestion(Protocol):
    """The question for the present. Raises Problem when there is no answer that can be used."""

    def __call__(
        self,
        net: Net,
        station: Station,
        source: ScheduleSource,
        at: datetime,
        previous: ScheduleAnswer | None,
    ) -> Awaitable[ScheduleAnswer]:
        """Ask for the programme at ``at`` (the present). ``previous``: the last good answer."""
        ...


class DayQuestion(Protocol):
    """The question for a whole day. Raises Problem when there is no answer that can be used."""

    def __call__(
        self, net: Net, station: Station, source: ScheduleSource, day: date
    ) -> Awaitable[list[Programme]]:
        """Ask for the programmes that begin on ``day``, as the station counts days."""
        ...


class Push(Protocol):
    """The answers that a service sends by itself while it is listened to. Raises Problem."""

    def __call__(
        self, net: Net, station: Station, source: ScheduleSource, clock: Callable[[], datetime]
    ) -> AsyncIterator[ScheduleAnswer]:
        """Listen. An answer tells the song; the schedule is still asked for."""
        ...


async def answer_of_days(
    question: DayQuestion,
    net: Net,
    station: Station,
    source: ScheduleSource,
    at: datetime,
    song: Song | None = None,
    again_seconds: float | None = None,
) -> ScheduleAnswer:
    """The answer at ``at`` of a service that is asked for days, as the station counts them.

    Before the day's first programme the day before is asked too, after the last one the day
    after; one that is not published yet (404) is empty. Raises Problem for the day itself.
    """
    today = await asyncio.to_thread(lambda: at.astimezone(station.zone).date())
    programmes = await question(net, station, source, today)
    answer = answer_at(programmes, at)
    beside = [days for days, is_known in ((-1, answer.now), (1, answer.next)) if not is_known]
    problem: Problem | None = None
    for days in beside:
        try:
            programmes += await question(net, station, source, today + timedelta(days=days))
        except Problem as failure:
            problem = problem or (failure if failure.status != 404 else None)
    return replace(answer_at(programmes, at, song, again_seconds), problem=problem)


class AddressFinder(Protocol):
    """The recognition of a source by the address of a stream, for stations that name none."""

    def __call__(self, url: str) -> ScheduleSource | None:
        """The source with its options where ``url`` belongs to the service. Asks nobody."""
        ...


class PageFinder(Protocol):
    """The recognition of a source in a station's homepage."""

    def __call__(self, url: str, markup: str) -> ScheduleSource | None:
        """The source that the page's own widgets use. ``markup`` is foreign, at most 2 MB."""
        ...


def song_since(song: Song, previous: ScheduleAnswer | None, at: datetime) -> Song:
    """A song of a service that tells no time: it began when it was told first."""
    last = previous.song if previous else None
    is_same = last is not None and (last.title, last.artist) == (song.title, song.artist)
    return replace(song, start=last.start if last is not None and is_same else at)


def goes_on(song: Song, at: datetime) -> Song:
    """A song that the service itself calls the present one: of unknown length, it goes on."""
    if song.start is None or song.seconds is not None or at - song.start > _LONGEST_TITLE:
        return song
    steps = (at - song.start) // _STEP
    return replace(song, seconds=(steps + 2) * _STEP.total_seconds()) if steps > 0 else song


def required(source: ScheduleSource, key: str) -> str:
    """An option that the station list has to give. Raises Problem."""
    value = source.option(key)
    if not value:
        raise Problem(
            f"the schedule source {source.source!r} needs {key!r}",
            f'write {{ source = "{source.source}", {key} = "…" }} in the station list',
        )
    return value


def address(source: ScheduleSource, base: str, path: str, key: str) -> str:
    """``base`` (or the source's own ``base``) and ``path``, with ``{}`` replaced by option ``key``.

    Raises Problem when the station list does not give the option, or a base
    that is no web address.
    """
    value = required(source, key)
    return base_of(source, base) + path.replace("{}", quote(value, safe=""))


def base_of(source: ScheduleSource, base: str) -> str:
    """The service's address without the last "/": that of the station list, else ``base``."""
    base = source.option("base", base)
    if not is_web(base):
        raise Problem(
            f"{without_password(base)!r} is not a web address",
            "base should begin with http:// or https://",
        )
    return base.rstrip("/")


def beginning_on(programmes: Iterable[Programme], station: Station, day: date) -> list[Programme]:
    """Those that begin on ``day``, as the station counts days; may read the zone's file."""
    midnight, end = (
        to_utc(datetime.combine(day + timedelta(days=days), time()), station.zone)
        for days in (0, 1)
    )
    return [
        programme
        for programme in programmes
        if programme.start is not None and midnight <= programme.start < end
    ]


async def read_text(net: Net, url: str, who: str) -> str:
    """The text behind ``url``, at most 1 MB, as UTF-8 whatever is wrong in it. Raises Problem."""
    fetched = await net.fetch(url, who=who, cap=MIB)
    return await asyncio.to_thread(fetched.body.decode, "utf-8-sig", "replace")


async def read_json(
    net: Net,
    url: str,
    who: str,
    shape: type[T],
    mend: Callable[[bytes], bytes] = lambda body: body,
) -> T:
    """The JSON behind ``url``, at most 1 MB, decoded as ``shape`` by :func:`decode_json`.

    ``mend`` makes JSON of what a service writes instead; it runs in a thread.
    Raises Problem, also for an answer of any other shape.
    """
    fetched = await net.fetch(url, who=who, cap=MIB, headers={"Accept": "application/json"})
    try:
        return await asyncio.to_thread(lambda: decode_json(mend(fetched.body), shape))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise not_understood(who, url, str(error)) from None


def not_understood(who: str, url: str, why: str) -> Problem:
    """The Problem of an answer that came but says nothing radiotui can read."""
    return Problem(
        f"{who} gave an answer radiotui does not understand",
        "the service may have changed, or something in between answered for it",
        f"{url}: {why}",
    )


def plain(markup: object) -> str:
    """A description as one clean line: its tags dropped, its entities read; "" for no text."""
    text = markup[:20_000] if isinstance(markup, str) else ""
    return clean(html.unescape(_TAG.sub(" ", text)), 2000)


def epoch_time(value: object, per_second: int = 1) -> datetime | None:
    """A number since 1970, or text of one, in UTC; None for anything else or far away.

    Seconds where milliseconds are usual count as such, and the other way round.
    """
    count = number(value)
    scales = () if count is None else (per_second, *_PER_SECOND)
    for scale in scales:
        try:
            moment = datetime.fromtimestamp((count or 0.0) / scale, UTC)
        except (ValueError, OverflowError, OSError):
            continue
        if moment.year in _YEARS:
            return moment
    return None


def utc_time(text: str) -> datetime | None:
    """An ISO 8601 time with an offset, in UTC; None for one without: nobody knows whose it is."""
    moment = iso_time(text)
    return moment if moment and moment.tzinfo else None


def iso_time(text: str) -> datetime | None:
    """An ISO 8601 time, naive or aware as written; None for anything else or far away."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    if time.year not in _YEARS:
        return None
    return time if time.tzinfo is None else time.astimezone(UTC)
