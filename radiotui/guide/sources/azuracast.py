"""AzuraCast: the song, who is live, and the schedule of a station that runs it.

``GET {base}/api/nowplaying_static/{station}.json`` (``/api/nowplaying/{station}`` where there is
none) gives ``now_playing``, ``live`` and ``playing_next``;
``/api/station/{station}/schedule?rows=…`` the shows to come (5 rows unless asked for more), with
``?start=…&end=…`` a range in the station's zone. Pushed events:
``/api/live/nowplaying/sse?cf_connect={"subs": {"station:…": {"recover": true}}}``; a server
without that answers 404. A duration of 0 is a live show; "Station Offline" is no title.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from datetime import date, datetime, timedelta
from urllib.parse import quote

from msgspec.structs import replace

from radiotui.guide.model import Programme, Song
from radiotui.guide.sources.answer import (
    ScheduleAnswer,
    answer_at,
    base_of,
    beginning_on,
    epoch_time,
    goes_on,
    not_understood,
    read_json,
    required,
)
from radiotui.guide.sources.loose import link, number, part, rows, words
from radiotui.net.client import Net
from radiotui.net.loose_json import parse_json
from radiotui.net.urls import parts_of
from radiotui.problems import Problem
from radiotui.stations.model import ScheduleSource, Station

_ROWS = 20
_AGAIN_SECONDS = 60.0
_LEAST_AGAIN = 15.0
_LONGEST_SONG_SECONDS = 12 * 3600.0
_OFFLINE = frozenset({"station offline", "offline"})
_MOST_EVENT = 1_000_000
_PLAYER = re.compile(
    r"""/public/([a-z0-9_-]{1,100})"""
    r"""(?:/(?:embed(?:-requests)?|history|schedule|ondemand|podcasts|playlist\.\w+))?(?=["'?])"""
)
"""The pages of a public player; other programs have their styles and pictures in "/public"."""
_ORIGIN = re.compile(r"""https?://[^\s"'<>]+\Z""")
_LONGEST_ORIGIN = 200
_AHEAD = timedelta(hours=1)
"""The schedule is asked again when less than that of it is known."""


async def now(
    net: Net,
    station: Station,
    source: ScheduleSource,
    at: datetime,
    previous: ScheduleAnswer | None,
) -> ScheduleAnswer:
    """The show that is on, the next, and the song. Options: ``station`` (short name), ``base``."""
    name = quote(required(source, "station"), safe="")
    base = base_of(source, "")
    who = f"AzuraCast ({station.name})"
    try:
        reply = await read_json(net, f"{base}/api/nowplaying_static/{name}.json", who, object)
    except Problem as problem:
        if problem.status != 404:
            raise
        reply = await read_json(net, f"{base}/api/nowplaying/{name}", who, object)
    answer = _read(reply, at)
    if answer is None:
        raise not_understood(who, base, "no now_playing")
    if previous is not None and _is_known(previous, at):
        shown = previous.now if previous.now and previous.now.end else answer.now
        return replace(answer, now=shown, next=previous.next)
    try:
        url = f"{base}/api/station/{name}/schedule?rows={_ROWS}"
        shows = _shows(await read_json(net, url, who, object))
    except Problem as problem:
        return answer if problem.status in {403, 404} else replace(answer, problem=problem)
    scheduled = answer_at(shows, at)
    return replace(answer, now=scheduled.now or answer.now, next=scheduled.next)


async def day(net: Net, station: Station, source: ScheduleSource, day: date) -> list[Programme]:
    """The shows of a day, as the station counts days."""
    name = quote(required(source, "station"), safe="")
    span = f"start={day.isoformat()}&end={(day + timedelta(days=1)).isoformat()}"
    url = f"{base_of(source, '')}/api/station/{name}/schedule?{span}"
    shows = _shows(await read_json(net, url, f"AzuraCast ({station.name})", object))
    return await asyncio.to_thread(beginning_on, shows, station, day)


async def push(
    net: Net, station: Station, source: ScheduleSource, clock: Callable[[], datetime]
) -> AsyncIterator[ScheduleAnswer]:
    """The answers that the server sends by itself, without the schedule. Raises Problem."""
    name = required(source, "station")
    query = json.dumps({"subs": {f"station:{name}": {"recover": True}}}, separators=(",", ":"))
    url = f"{base_of(source, '')}/api/live/nowplaying/sse?cf_connect={quote(query, safe='')}"
    headers = {"Accept": "text/event-stream"}
    async with net.stream(url, who=f"AzuraCast ({station.name})", headers=headers) as response:
        buffer = b""
        async for chunk in response.chunks():
            *lines, buffer = (buffer + chunk).split(b"\n")
            if len(buffer) > _MOST_EVENT:
                raise Problem(f"{station.name} sends an event without an end", "", url)
            for line in lines:
                if answer := _read_event(line, clock()):
                    yield answer


def of_page(url: str, markup: str) -> ScheduleSource | None:
    """The station whose AzuraCast player a homepage has."""
    match = _PLAYER.search(markup)
    if match is None:
        return None
    begin = match.start()
    origin = _ORIGIN.search(markup[max(0, begin - _LONGEST_ORIGIN) : begin])
    home = parts_of(url)
    base = origin[0] if origin else f"{home.scheme}://{home.netloc}"
    return ScheduleSource("azuracast", (("station", match[1]), ("base", base)))


def _read_event(line: bytes, at: datetime) -> ScheduleAnswer | None:
    """The answer of a line of the event stream; None for a keep-alive and all else."""
    if not line.startswith(b"data:"):
        return None
    try:
        event = parse_json(line.removeprefix(b"data:").strip() or b"null")
    except (ValueError, RecursionError):
        return None
    publications = [event.get("pub")] if isinstance(event, dict) else []
    subscriptions = part(event, "connect", "subs")
    for subscription in subscriptions.values() if isinstance(subscriptions, dict) else ():
        publications += rows(subscription, "publications")
    publications += rows(event, "connect", "data")
    answers = [_read(part(one, "data", "np") or part(one, "np"), at) for one in publications[-5:]]
    return next((answer for answer in reversed(answers) if answer), None)


def _is_known(previous: ScheduleAnswer, at: datetime) -> bool:
    """True while the schedule of an earlier answer reaches far enough."""
    now, following = previous.now, previous.next
    if following is None or following.start is None or following.start <= at + _AHEAD:
        return False
    # Without an end it was kept in a gap, and not for long; who is live has no times at all.
    return now is None or now.start is None or (now.end is not None and now.end > at)


def _read(reply: object, at: datetime) -> ScheduleAnswer | None:
    playing = part(reply, "now_playing")
    if not isinstance(playing, dict):
        return None
    song, again = _song(playing, at), _AGAIN_SECONDS
    if song is not None and song.start is not None and song.seconds is not None:
        left = song.seconds - (at - song.start).total_seconds()
        again = max(_LEAST_AGAIN, min(left, _LONGEST_SONG_SECONDS))
    song = goes_on(song, at) if song is not None else None
    live = part(reply, "live")
    presenter = words(live, "streamer_name") if part(live, "is_live") is True else ""
    return ScheduleAnswer(
        Programme(presenter) if presenter else None,
        song=None if song is None or song.over(at) else song,
        again_seconds=again,
    )


def _song(playing: object, at: datetime) -> Song | None:
    title = words(playing, "song", "title", limit=300) or words(playing, "song", "text", limit=300)
    if not title or title.casefold() in _OFFLINE:
        return None
    seconds = number(playing, "duration")
    length = seconds if seconds and 0 < seconds < _LONGEST_SONG_SECONDS else None
    start = epoch_time(part(playing, "played_at"))
    elapsed = number(playing, "elapsed")
    if start is None and elapsed is not None and 0 <= elapsed < _LONGEST_SONG_SECONDS:
        start = at - timedelta(seconds=elapsed)
    artist, album = words(playing, "song", "artist", limit=300), words(playing, "song", "album")
    return Song(title, artist, start, length, album, link(playing, "song", "art"))


def _shows(reply: object) -> list[Programme]:
    return [
        Programme(
            name, epoch_time(part(row, "start_timestamp")), epoch_time(part(row, "end_timestamp"))
        )
        for row in rows(reply)
        if (name := words(row, "name") or words(row, "title"))
    ]
