"""NPR Composer: the schedule and the playlists of many NPR member stations.

``GET {base}/v1/widget/{ucs}/now?format=json`` gives ``onNow`` and ``nextUp``,
``…/day?date=YYYY-MM-DD&format=json`` gives ``onToday``; no key is needed. The
service is public and undocumented; the shapes are those its own widgets read:

- ``fullstart``, ``fullend``, ``start_time``, ``end_time``: the station's wall
  clock. An end of "00:00" is the midnight after the start.
- ``start_utc``, ``end_utc``: in spite of their names a JavaScript date in local
  time, with its offset.
- ``nextUp`` may be missing at the end of the day; ``program_link`` may be null.
- ``song._start_time``: MM-DD-YYYY or MM/DD/YYYY; ``song._duration``: milliseconds,
  0 when unknown. The last song stays there long after it has ended.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import islice
from typing import Any, TypeAlias

import msgspec
from msgspec import UNSET, UnsetType, field
from msgspec.structs import replace

from radiotui.guide.model import Programme, Song
from radiotui.guide.sources.answer import (
    ScheduleAnswer,
    address,
    iso_time,
    not_understood,
    plain,
    read_json,
    song_since,
)
from radiotui.guide.timeline import on_at, timeline
from radiotui.guide.wall_clock import to_utc
from radiotui.net.client import Net
from radiotui.net.urls import web_link
from radiotui.problems import Problem
from radiotui.stations.model import ScheduleSource, Station
from radiotui.text import clean

BASE = "https://api.composer.nprstations.org"

_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_JS_DATE = re.compile(
    r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d{1,2}) (\d{4}) (\d\d):(\d\d):(\d\d) GMT([+-])(\d\d)(\d\d)"
)
_SONG_TIME = re.compile(r"(\d{1,2})[-/](\d{1,2})[-/](\d{4}) (\d{1,2}):(\d\d):(\d\d)")
_WIDGET = re.compile(r"(?:\bucs=[\"']?|/v1/widget/)([0-9a-f]{24})(?![0-9a-f])", re.IGNORECASE)
_MOST_SLOTS = 2000
"""Of an answer that are read: more than a day has minutes."""
_LONGEST_SONG_SECONDS = 6 * 3600.0
_AGAIN_WITH_SONGS = 60.0
_AGAIN_WITHOUT = 600.0
_RECENTLY = timedelta(hours=1)
_EARLY = timedelta(minutes=15)

_Span: TypeAlias = tuple[datetime | None, datetime | None]


class _Program(msgspec.Struct):
    name: str | None = None
    program_desc: str | None = None
    program_link: str | None = None
    hosts: Any = None


class _Slot(msgspec.Struct):
    program: _Program | None = None
    date: str | None = None
    start_time: str | None = None
    end_time: str | None = None
    fullstart: str | None = None
    fullend: str | None = None
    start_utc: str | None = None
    end_utc: str | None = None


class _ComposerSong(msgspec.Struct):
    title: str | None = field(default=None, name="trackName")
    artist: str | None = field(default=None, name="artistName")
    composer: str | None = field(default=None, name="composerName")
    duration: float | str | None = field(default=None, name="_duration")
    start_time: str | None = field(default=None, name="_start_time")
    start_datetime: str | None = field(default=None, name="_start_datetime")


class _NowSlot(_Slot):
    # Without a playlist some stations send "" or [] here.
    song: _ComposerSong | str | list[Any] | bool | None = None


class _ComposerNow(msgspec.Struct):
    on_now: _NowSlot | UnsetType | None = field(default=UNSET, name="onNow")
    next_up: list[_Slot] | UnsetType | None = field(default=UNSET, name="nextUp")


class _ComposerDay(msgspec.Struct):
    on_today: list[_Slot] | None = field(name="onToday")


async def now(
    net: Net,
    station: Station,
    source: ScheduleSource,
    at: datetime,
    previous: ScheduleAnswer | None,
) -> ScheduleAnswer:
    """The programme that is on, the next, and the song. Options: ``ucs``, ``base``.

    A second question, for the day, is asked only when ``nextUp`` says nothing
    and ``previous`` does not know either.
    """
    url = address(source, BASE, "/v1/widget/{}/now?format=json", "ucs")
    who = f"NPR Composer ({station.name})"
    reply = await read_json(net, url, who, _ComposerNow)
    if reply.on_now is UNSET and reply.next_up is UNSET:
        raise not_understood(who, url, "neither onNow nor nextUp")
    answer = await asyncio.to_thread(_read_now, reply, station, at)
    if answer.song is not None and answer.song.start is None:
        answer = replace(answer, song=song_since(answer.song, previous, at))
    if answer.next is not None:
        return answer
    if previous is not None and previous.problem is None and _same_now(previous, answer, at):
        return replace(answer, next=previous.next)
    try:
        return await _with_days(net, station, source, answer, at)
    except Problem as problem:
        return replace(answer, problem=problem)


async def day(net: Net, station: Station, source: ScheduleSource, day: date) -> list[Programme]:
    """The programmes of a day, in the service's order."""
    path = f"/v1/widget/{{}}/day?date={day.isoformat()}&format=json"
    url = address(source, BASE, path, "ucs")
    reply = await read_json(net, url, f"NPR Composer ({station.name})", _ComposerDay)
    return await asyncio.to_thread(_read_day, reply.on_today or [], day, station)


async def _with_days(
    net: Net, station: Station, source: ScheduleSource, answer: ScheduleAnswer, at: datetime
) -> ScheduleAnswer:
    """The answer with what the days ahead know: what is next, and on if an old answer does not."""
    now = answer.now
    for date_ahead in await asyncio.to_thread(_days_ahead, station, now, at):
        programmes = await day(net, station, source, date_ahead)
        if now is None or (now.start and now.end is None):
            now = on_at(timeline([*([now] if now else []), *programmes]), at)
        following = _first_after(programmes, None, at)
        if following is not None:
            return replace(answer, now=now, next=following)
    return replace(answer, now=now)


def _days_ahead(station: Station, now: Programme | None, at: datetime) -> tuple[date, date]:
    """The day on which ``now`` ends, and the day after, as the station counts days."""
    end = now.end if now and now.end else at
    day = end.astimezone(station.zone).date()
    return day, day + timedelta(days=1)


def _same_now(previous: ScheduleAnswer, answer: ScheduleAnswer, at: datetime) -> bool:
    if previous.now != answer.now:
        return False
    return previous.next is None or previous.next.start is None or previous.next.start > at


def _read_now(reply: _ComposerNow, station: Station, at: datetime) -> ScheduleAnswer:
    zone = station.zone
    slot = reply.on_now or None
    wall_first = slot is None or (
        _holds(_wall_span(slot, zone, at), at) or not _holds(_offset_span(slot), at)
    )
    now = _programme(slot, zone, at, wall_first=wall_first) if slot else None
    following = _programmes(reply.next_up or [], zone, at, wall_first=wall_first)
    if now and now.start and now.start > at + _EARLY:
        now = replace(now, start=None, end=None)  # the name is right, so the times are not
    if now is None or (now.start and now.start <= at and not _holds((now.start, now.end), at)):
        # What comes next is often told without an end: it ends where the one after it begins.
        line = timeline([*([now] if now else []), *following])
        now = on_at(line, at) or (now if now and now.end is None else None)
    played = _read_song(slot.song, zone) if slot and isinstance(slot.song, _ComposerSong) else None
    recent = played is not None and (played.start is None or at - played.start < _RECENTLY)
    return ScheduleAnswer(
        now,
        _first_after(following, now, at),
        None if played is None or played.over(at) else played,
        _AGAIN_WITH_SONGS if recent else _AGAIN_WITHOUT,
    )


def _read_day(slots: Sequence[_Slot], day: date, station: Station) -> list[Programme]:
    for slot in slots:
        slot.date = slot.date or day.isoformat()
    eve = to_utc(datetime.combine(day, time()), station.zone) - timedelta(seconds=1)
    return _programmes(slots, station.zone, eve, wall_first=True)


def _first_after(
    programmes: Iterable[Programme], now: Programme | None, at: datetime
) -> Programme | None:
    """The programme that begins first after ``at``; without any times the first that is named."""
    untimed: Programme | None = None
    first: Programme | None = None
    for programme in programmes:
        if programme.start is None:
            untimed = untimed or replace(programme, start=now.end if now else None)
        elif programme.start > at and (
            # Of two that begin together the earlier one lies in the lost hour of spring.
            first is None or first.start is None or programme.start <= first.start
        ):
            first = programme
    return first or untimed


def _programmes(
    slots: Iterable[_Slot], zone: tzinfo, at: datetime, *, wall_first: bool
) -> list[Programme]:
    slots = islice(slots, _MOST_SLOTS)
    read = (_programme(slot, zone, at, wall_first=wall_first, ahead=True) for slot in slots)
    return [programme for programme in read if programme is not None]


def of_page(url: str, markup: str) -> ScheduleSource | None:  # noqa: ARG001
    """The schedule that a homepage's widgets show; none where they show those of several."""
    ids = {widget[1].lower() for widget in _WIDGET.finditer(markup)}
    return ScheduleSource("composer", (("ucs", ids.pop()),)) if len(ids) == 1 else None


def _programme(
    slot: _Slot, zone: tzinfo, at: datetime, *, wall_first: bool, ahead: bool = False
) -> Programme | None:
    program = slot.program
    name = clean(program.name or "", 200) if program else ""
    if program is None or not name:
        return None
    spans = [_wall_span(slot, zone, at, ahead=ahead), _offset_span(slot)]
    start, end = next(
        (span for span in (spans if wall_first else reversed(spans)) if span[0]), (None, None)
    )
    return Programme(
        name,
        start,
        end,
        _hosts(program.hosts),
        plain(program.program_desc),
        web_link(program.program_link),
    )


def _hosts(value: Any) -> str | None:
    hosts = value if isinstance(value, list) else [value]
    names = (host.get("name") if isinstance(host, dict) else host for host in hosts[:10])
    return clean(", ".join(name for name in names if isinstance(name, str)), 200) or None


def _holds(span: _Span, at: datetime) -> bool:
    start, end = span
    return start is not None and end is not None and start <= at < end


def _wall_span(slot: _Slot, zone: tzinfo, at: datetime, *, ahead: bool = False) -> _Span:
    """Begin and end of the slot by the station's clock, in UTC.

    A slot that gives a time of day and no date is the last such time before
    ``at``, or the first one after it if the slot lies ``ahead``.
    """
    here = at.astimezone(zone).replace(tzinfo=None)
    start = _wall(slot.fullstart) or _wall_of_day(slot.date, slot.start_time, here)
    if start is None:
        return None, None
    if _wall(slot.fullstart) is None and _wall(slot.date) is None:
        start += timedelta(days=int(ahead and start <= here) - int(not ahead and start > here))
    end = _wall(slot.fullend) or _wall_of_day(slot.date, slot.end_time, here)
    if end is not None and end <= start:
        end = datetime.combine(start.date(), end.time())
        end += timedelta(days=int(end <= start))
    return to_utc(start, zone), to_utc(end, zone) if end else None


def _wall(text: str | None) -> datetime | None:
    read = iso_time(text) if text else None
    return read if read and read.tzinfo is None else None


def _wall_of_day(day: str | None, clock: str | None, here: datetime) -> datetime | None:
    try:
        hour = time.fromisoformat((clock or "").strip().rjust(len("00:00"), "0"))
    except ValueError:
        return None
    return datetime.combine(_wall(day) or here, hour.replace(tzinfo=None))


def _offset_span(slot: _Slot) -> _Span:
    return _js_date(slot.start_utc), _js_date(slot.end_utc)


def _js_date(text: str | None) -> datetime | None:
    """ "Fri Mar 06 2026 04:00:00 GMT-0600 (CST)", or ISO 8601 with an offset, in UTC."""
    iso = iso_time(text) if text else None
    if iso is not None:
        return iso if iso.tzinfo else None
    match = _JS_DATE.match(text or "")
    if not match or match[1] not in _MONTHS:
        return None
    month = _MONTHS.index(match[1]) + 1
    zone = f"{match[7]}{match[8]}:{match[9]}"
    return iso_time(
        f"{match[3]}-{month:02}-{int(match[2]):02}T{match[4]}:{match[5]}:{match[6]}{zone}"
    )


def _read_song(reply: _ComposerSong, zone: tzinfo) -> Song | None:
    """The song that was played last, which may be over."""
    title = clean(reply.title or "", 300)
    artist = clean(reply.artist or "", 300) or clean(reply.composer or "", 300)
    start = _song_start(reply.start_time, zone) or _song_start(reply.start_datetime, zone)
    return Song(title, artist, start, _song_seconds(reply.duration)) if title else None


def _song_start(text: str | None, zone: tzinfo) -> datetime | None:
    match = _SONG_TIME.fullmatch((text or "").strip())
    if match:
        month, day, year, hour = (int(match[n]) for n in range(1, 5))
        text = f"{year}-{month:02}-{day:02} {hour:02}:{match[5]}:{match[6]}"
    read = iso_time(text) if text else None
    return to_utc(read, zone) if read and read.tzinfo is None else read


def _song_seconds(milliseconds: float | str | None) -> float | None:
    try:
        seconds = float(milliseconds or 0) / 1000
    except ValueError:
        return None
    return seconds if 0 < seconds <= _LONGEST_SONG_SECONDS else None
